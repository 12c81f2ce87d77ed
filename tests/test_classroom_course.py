"""The three builds: the stub equals the solution outside the blanks, only NotImplementedError fails, the teacher scores full."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

pytest.importorskip("nbgrader")

from classroom_tools import ROOT, load_builder, needs_sandbox, saved_model
from nbgrader.api import Gradebook

from labs.classroom import examiner, expect, gradebook
from labs.classroom.assignment import Assignment, BadAssignment
from labs.errors import LabsError

builder = load_builder()
SOURCES = sorted(builder.SOURCES.glob("*.py"))
LABS = [(path, language) for path in SOURCES for language in ("en", "ko")]
LAB = pytest.mark.parametrize(("path", "language"), LABS, ids=lambda part: getattr(part, "stem", part))
STUB = re.compile(r"^([ ]*)# YOUR CODE HERE\n\1raise NotImplementedError\(\)$", re.MULTILINE)
SOLUTION = re.compile(r"^[ ]*### BEGIN SOLUTION\n(.*?)^[ ]*### END SOLUTION$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def zygote():
    yield
    examiner.close()


def teacher(path, language):
    return builder.teacher(builder.read_source(path), language)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def test_the_labs_have_an_assignment():
    assert {"01", "02", "03", "04", "05", "07", "08"} <= {path.stem[:2] for path in SOURCES}


@LAB
def test_stub_equals_solution_outside_the_blanks(path, language):
    full = teacher(path, language)
    student = builder.student(full)
    assert len(full.cells) == len(student.cells)
    for one, other in zip(full.cells, student.cells, strict=True):
        blanked = SOLUTION.sub("BLANK", one.source)
        assert HIDDEN.sub("", blanked).strip() == STUB.sub("BLANK", other.source).strip()
        assert "HIDDEN" not in other.source and "SOLUTION" not in other.source


@needs_sandbox
@LAB
def test_teacher_scores_full_marks_and_the_stub_none(path, language):
    full = teacher(path, language)
    assignment = Assignment(full)
    assert 4 <= len(assignment.tests) <= 6
    copy = nbformat.writes(full).encode()
    files = (
        {f"digits/{name}": content for name, content in saved_model().items()}
        if path.stem[:2] == "05"
        else {}
    )
    right = examiner.grade_one(examiner.Submission("teacher", copy, files), copy, language)
    assert right["points"] == assignment.points, right
    stub = nbformat.writes(builder.student(full)).encode()
    empty = examiner.grade_one(examiner.Submission("stub", stub), copy, language)
    assert empty["points"] == 0
    words = {"en": "not answered", "ko": "답을 작성하지 않았습니다"}[language]
    said = [row["comment"] for row in empty["questions"] if row["question"] != "artefact"]
    assert set(said) == {words}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_student_build_fails_only_with_not_implemented(path, monkeypatch, tmp_path):
    """Every cell but the tests runs; a test fails only since its answer is not written (or its folder not there)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABS_LANGUAGE", "en")
    space = {"__name__": "__main__"}
    for cell in builder.student(teacher(path, "en")).cells:
        if cell.cell_type != "code" or grade_id(cell) == "setup":
            continue
        try:
            exec(compile(cell.source, str(grade_id(cell)), "exec"), space)
        except NotImplementedError:
            assert grade_id(cell).startswith("test_") or "raise NotImplementedError" in cell.source
        except AssertionError as error:
            assert grade_id(cell) == "test_artefact" and "no folder digits" in str(error)
        else:
            assert not grade_id(cell).startswith("test_"), "a test passes without an answer"


@LAB
def test_visible_tests_pass_with_the_solutions(path, language):
    """What a student who answers rightly sees in the notebook: no error, nothing on stderr (nbgrader's 0 points)."""
    source, space = teacher(path, language), {"__name__": "__main__"}
    visible = [HIDDEN.sub("", cell.source) for cell in source.cells if cell.cell_type == "code"]
    for cell in visible[1:]:
        if "artefact.examine" not in cell and "labs.export(" not in cell:
            exec(compile(cell, path.stem, "exec"), space)


@LAB
def test_clean_build_has_code_and_headings_only(path, language):
    clean = builder.clean(teacher(path, language))
    for cell in clean.cells:
        if cell.cell_type == "markdown":
            assert all(line.startswith("#") for line in cell.source.splitlines())
        else:
            assert "###" not in cell.source and "expect." not in cell.source
    assert len([cell for cell in clean.cells if cell.cell_type == "code"]) >= 6


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_both_languages_have_the_same_questions(path):
    english, korean = (teacher(path, language) for language in ("en", "ko"))
    code = [[cell.source for cell in nb.cells if cell.cell_type == "code"][1:] for nb in (english, korean)]
    assert code[0] == code[1]
    for cell in korean.cells:
        if cell.cell_type == "markdown":
            assert re.search("[가-힣]", cell.source)


def test_nbgrader_itself_makes_the_same_release_and_grades_it(tmp_path):
    """nbgrader's own commands on our course; its autograde runs in the benchmark, it takes half a minute."""
    builder.build(SOURCES[1], tmp_path, "en")
    scripts = os.path.dirname(sys.executable)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "lab02", "--create"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    release = nbformat.read(tmp_path / "release/lab02/lab02.ipynb", as_version=4)
    ours = nbformat.read(tmp_path / "student/lab02/lab02.ipynb", as_version=4)
    assert [(c.source, c.metadata) for c in release.cells] == [(c.source, c.metadata) for c in ours.cells]

    book = tmp_path / "gradebook.db"
    points = {"random_flip": 3, "cutmix": 0, "shift": 3, "early_stopping": 0, "split_by_animal": 3}
    rows = [{"question": name, "points": n} for name, n in points.items()]
    for _ in range(2):  # the second grading replaces the first
        gradebook.write([{"student": "20260001", "questions": rows}], "lab02", book)
    with Gradebook(f"sqlite:///{book}") as opened:
        assert opened.find_submission("lab02", "20260001").score == 9
    with pytest.raises(LabsError, match="does not know lab07"):
        gradebook.write([], "lab07", book)
    with pytest.raises(LabsError, match="no gradebook"):
        gradebook.write([], "lab02", tmp_path / "nowhere.db")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda cells: cells[3].metadata.nbgrader.update(grade_id="setup"), "two cells are called"),
        (lambda cells: cells.pop(6), "needs a test"),
    ],
)
def test_bad_teachers_copies_are_refused(change, says):
    notebook = teacher(SOURCES[1], "en")
    change(notebook.cells)
    with pytest.raises(BadAssignment, match=says):
        Assignment(notebook)


def test_tags_that_say_nothing_are_refused():
    with pytest.raises(builder.Refused, match="points"):
        builder._points(["test", "fold"])
    with pytest.raises(builder.Refused, match="one question"):
        builder._question(["exercise"])


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (451_226, 453_786, "you have 451,226, expected 453,786. look at the padding"),
        ((1, 2), (1, 3), r"you have \(1, 2\), expected \(1, 3\)"),
        ("cat", "dog", "'cat'"),
        (None, 1, "None"),
        ([1, 2, 3], [1, 2], r"shape \(3,\)"),
        ({"a": 1}, {"b": 1}, "expected"),
        ([[1], [1, 2]], [1, 2], "expected"),
        (1, True, "expected True"),
        (float("nan"), 1.0, "nan"),
    ],
)
def test_expectations_show_both_sides(answer, expected, says, monkeypatch):
    monkeypatch.delenv("LABS_LANGUAGE", raising=False)
    with pytest.raises(AssertionError, match=says):
        expect.equal(answer, expected, en="look at the padding", ko="패딩을 살펴보세요")
    monkeypatch.setenv("LABS_LANGUAGE", "ko")
    with pytest.raises(AssertionError, match=r"기댓값.*패딩을 살펴보세요"):
        expect.equal(answer, expected, en="look at the padding", ko="패딩을 살펴보세요")


def test_expectations_speak_korean_to_the_end(monkeypatch):
    import numpy as np

    monkeypatch.setenv("LABS_LANGUAGE", "ko")
    cases = [
        (lambda: expect.equal(np.float64("nan"), 1.0), "답: nan, 기댓값: 1.0"),
        (lambda: expect.equal([np.float64(0.5), 2], [1, 2]), r"답: \[0.5, 2\]"),
        (lambda: expect.equal(np.arange(9), np.zeros(9)), r"\[1\] 자리에 1, 기댓값: \[1\] 자리에 0"),
        (lambda: expect.shape(np.zeros(3), (2,)), r"모양 \(3,\), 기댓값: 모양 \(2,\)"),
        (lambda: expect.shape(None, (2,)), r"모양이 \(2,\)인 배열"),
    ]
    for ask, says in cases:
        with pytest.raises(AssertionError, match=says):
            ask()


def test_expectations_take_what_is_equal():
    import numpy as np

    expect.equal(3.0, 3)
    expect.equal([1, 2], (1, 2))
    expect.equal(np.arange(3), [0, 1, 2])
    expect.equal(([0, 1], [2]), (np.array([0, 1]), np.array([2])))
    expect.equal(np.inf, float("inf"))
    expect.close(1.000001, 1)
    with pytest.raises(AssertionError):
        expect.close(1.1, 1)
