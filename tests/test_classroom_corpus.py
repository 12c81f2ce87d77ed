"""The corpus of submissions: every honest one gets exactly its points, no hostile one gains or harms anything."""

import hashlib
import os

import pytest
from classroom_corpus import CASES, SECRET, Corpus, write_all
from classroom_tools import load_builder, saved_model

pytest.importorskip("nbgrader")
if os.name == "nt":
    pytest.skip("grading needs Linux or macOS", allow_module_level=True)

import classroom_honest  # noqa: F401
import classroom_hostile

from labs.classroom import collect, examiner
from labs.classroom.assignment import Assignment
from labs.classroom.sandbox import Limits

LIMITS = Limits(seconds=5, total_seconds=60, megabytes=1500)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course of all assignments, with a secret in the answer key, next to the submissions."""
    builder = load_builder()
    place = tmp_path_factory.mktemp("course")
    builder.main(["05", "--to", str(place)])
    (place / "source" / "lab05" / "key.json").write_text(SECRET, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def submissions(course, tmp_path_factory):
    teacher = (course / "source/lab05/lab05.ipynb").read_text(encoding="utf-8")
    release = (course / "student/lab05/lab05.ipynb").read_text(encoding="utf-8")
    place = tmp_path_factory.mktemp("submissions")
    write_all(Corpus(teacher, release, saved_model()), place)
    return place


@pytest.fixture(scope="session")
def graded(course, submissions):
    """A function that grades a case."""
    teacher = (course / "source/lab05/lab05.ipynb").read_bytes()
    assignment = Assignment.read(course / "source/lab05/lab05.ipynb")
    found = collect.find(submissions, assignment)
    yield lambda number: examiner.grade_one(
        collect.read(number, found[number], assignment), teacher, "en", LIMITS
    )
    examiner.close()


def digest(*places):
    """The hash of everything below some folders."""
    whole = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")):
            whole.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return whole.hexdigest()


def test_the_corpus_is_large():
    assert len(CASES) >= 60
    assert sum(case.hostile for case in CASES.values()) >= 30


@pytest.mark.parametrize("name", CASES)
def test_points(name, graded, course, submissions):
    case = CASES[name]
    before = digest(course, submissions) if case.hostile else None
    result = graded(case.number)
    if result["sandbox"] != "namespaces" and name in classroom_hostile.NEEDS_NAMESPACES:
        pytest.skip("this machine has no namespaces, and labs grade says that it does not protect")
    points = {row["question"]: row["points"] for row in result["questions"]}
    said = " ".join([row["comment"] for row in result["questions"]] + result["notes"])
    assert points == case.points, said
    assert case.says in said
    assert "FOUND" not in said
    for row in result["questions"]:
        assert row["comment"], "points are never lost without a reason"
    if case.hostile:
        assert digest(course, submissions) == before
