"""The corpus of submissions: every honest one gets exactly its points, no hostile one gains or harms anything."""

import functools
import hashlib
import sys

import pytest
from classroom_corpus import CASES, SECRET, Corpus, write_all
from classroom_tools import load_builder, needs_sandbox, saved_model

pytest.importorskip("nbgrader")

import classroom_honest  # noqa: F401
import classroom_hostile  # noqa: F401
import classroom_mangled  # noqa: F401

from labs.classroom import collect, examiner, landlock
from labs.classroom.assignment import Assignment
from labs.classroom.sandbox import Limits
from labs.classroom.zygote import Zygote
from labs.errors import LabsError

pytestmark = needs_sandbox

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
    points = {row["question"]: row["points"] for row in result["questions"]}
    said = " ".join([row["comment"] for row in result["questions"]] + result["notes"])
    assert points == case.points, said
    assert case.says in said or result["sandbox"] != "namespaces"  # another level stops it with other words
    assert "FOUND" not in said
    for row in result["questions"]:
        assert row["comment"], "points are never lost without a reason"
    if case.hostile:
        assert digest(course, submissions) == before


def test_a_helper_process_that_dies_is_replaced(graded):
    graded(CASES["untouched"].number)
    examiner._zygote._process.kill()
    assert graded(CASES["perfect"].number)["points"] == 14


LANDLOCKED = [
    "perfect_with_a_model",
    "plots_and_magics",
    "removes_everything",
    "reads_the_answer_key",
    "opens_a_socket",
    "fork_bomb",
    "kills_everybody",
    "traces_other_processes",
    "fills_the_disk",
    "loads_the_grader",
]


@pytest.mark.parametrize("name", LANDLOCKED)
def test_points_with_landlock(name, graded, course, submissions, monkeypatch):
    """The second level of the sandbox, for machines and containers without namespaces."""
    if sys.platform != "linux" or landlock.version() < landlock.NEEDED:
        pytest.skip("this kernel has no Landlock of version 6 (Linux 6.12)")
    monkeypatch.setattr(examiner, "_zygote", landlocked())
    test_points(name, graded, course, submissions)


@functools.cache
def landlocked():
    return Zygote("landlock")


def test_nothing_is_graded_without_protection_unasked(graded, monkeypatch):
    unprotected = Zygote("limits")
    monkeypatch.setattr(examiner, "_zygote", unprotected)
    with pytest.raises(LabsError, match="--unprotected"):
        graded(CASES["perfect"].number)
    unprotected.close()
    landlocked().close()
