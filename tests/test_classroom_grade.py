"""Grading a class: CSV and pages, going on after a crash, many workers, and files as they really arrive."""

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time

import nbformat
import pytest

pytest.importorskip("nbgrader")

from classroom_corpus import as_bytes, as_zip
from classroom_tools import ROOT, load_builder, needs_sandbox

from labs.classroom import collect, examiner, report
from labs.classroom import grade as grading
from labs.classroom.assignment import Assignment
from labs.classroom.sandbox import Limits
from labs.errors import LabsError

pytestmark = needs_sandbox

LIMITS = Limits(seconds=20, total_seconds=120)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    place = tmp_path_factory.mktemp("course")
    load_builder().main(["02", "--to", str(place), "--language", "ko"])
    return place


@pytest.fixture(scope="module")
def notebook(course):
    """A function that makes the notebook of a student who answers the first `count` of five questions."""

    def make(count):
        teacher = nbformat.read(course / "source/lab02/lab02.ipynb", as_version=4)
        student = nbformat.read(course / "student/lab02/lab02.ipynb", as_version=4)
        for cell, full in list(zip(student.cells, teacher.cells, strict=True)):
            if cell.metadata.get("nbgrader", {}).get("solution") and count > 0:
                cell.source, count = full.source, count - 1
        return as_bytes(student)

    return make


def hand_in(place, notebook, counts):
    for number, count in enumerate(counts):
        path = place / f"2026{number:04}" / "lab02" / "lab02.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook(count))
    return place


POINTS = [0, 3, 7, 10, 13, 16]  # after so many right answers


def test_csv_and_pages(course, notebook, tmp_path):
    submitted = hand_in(tmp_path / "submitted", notebook, [5, 0, 2])
    out = tmp_path / "out" / "성적.csv"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "labs.cli",
            "grade",
            submitted,
            "--course",
            course,
            "--out",
            out,
            "--jobs",
            "1",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    assert "20260000     16 / 16" in done.stdout and "3 submissions" in done.stdout
    assert "3/3" in done.stderr, "a progress bar"
    assert ("WARNING" in done.stderr) == (
        json.loads(next((tmp_path / "out/성적_results").glob("*.json")).read_text("utf-8"))["result"][
            "sandbox"
        ]
        == "limits"
    )
    assert out.read_bytes().startswith(b"\xef\xbb\xbf"), "or Excel garbles the Korean"
    with open(out, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["학번", "question", "points", "comment"]
    points = {
        n: sum(float(row["points"]) for row in rows if row["학번"] == n)
        for n in ("20260000", "20260001", "20260002")
    }
    assert points == {"20260000": 16, "20260001": 0, "20260002": 7}
    assert {row["comment"] for row in rows} == {"정답입니다", "답을 작성하지 않았습니다"}
    page = (tmp_path / "out/성적_feedback/20260002.html").read_text(encoding="utf-8")
    assert "7 / 16" in page and "random_flip" in page and 'lang="ko"' in page


@contextlib.contextmanager
def in_this_process(jobs):
    """In place of a pool: saves the seconds in which its processes import TensorFlow."""

    def submit_all(waiting, teacher, language, limits):
        for key, submission in waiting:
            yield key, submission, examiner.grade_one(submission, teacher, language, limits)

    yield submit_all


def test_goes_on_after_a_kill_and_grades_nothing_twice(course, notebook, tmp_path, monkeypatch):
    submitted = hand_in(tmp_path / "submitted", notebook, [5, 4, 3, 2, 1, 0, 5, 4])
    out, results = tmp_path / "grades.csv", tmp_path / "grades_results"
    first = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "labs.cli",
            "grade",
            submitted,
            "--course",
            course,
            "--out",
            out,
            "--jobs",
            "1",
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while len(list(results.glob("*.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert kept and not out.exists(), "a CSV of half a class would be taken for the whole"
    monkeypatch.setattr(grading, "_cores", in_this_process)
    graded = grading.grade(submitted, course, "02", out, limits=LIMITS)
    assert [one["points"] for one in graded] == [POINTS[n] for n in (5, 4, 3, 2, 1, 0, 5, 4)]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert len(list(results.glob("*.json"))) == 8

    changed = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
    (submitted / "20260001/lab02/lab02.ipynb").write_bytes(notebook(5))
    again = grading.grade(submitted, course, "02", out, limits=LIMITS)
    examiner.close()
    assert again[1]["points"] == 16, "a new submission is graded"
    assert {path: path.stat().st_mtime_ns for path in changed} == changed, "and the others are not"


def test_a_cluster_loses_a_worker_and_no_submission(course, notebook, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    counts = [5, 4, 3, 2, 1, 0] * 3
    submitted = hand_in(tmp_path / "submitted", notebook, counts)
    written = []
    keep = report.Results.write
    monkeypatch.setattr(
        report.Results,
        "write",
        lambda self, student, key, result: written.append(student) or keep(self, student, key, result),
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        killed = []

        def kill_a_worker():
            while not written:
                time.sleep(0.02)
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)

        threading.Thread(target=kill_a_worker, daemon=True).start()
        address = cluster.scheduler_address
        results = grading.grade(
            submitted, course, "lab02", tmp_path / "grades.csv", scheduler=address, limits=LIMITS
        )
    assert killed
    assert sorted(written) == [f"2026{n:04}" for n in range(len(counts))], "each is kept once"
    assert [one["points"] for one in results] == [POINTS[count] for count in counts]


def test_what_cannot_be_graded_is_one_sentence(course, tmp_path):
    with pytest.raises(LabsError, match="Which lab"):
        grading.grade(tmp_path, course, "99")
    with pytest.raises(LabsError, match="build the course"):
        grading.grade(tmp_path, tmp_path)
    with pytest.raises(LabsError, match="no submissions at"):
        grading.grade(tmp_path / "nowhere", course)
    with pytest.raises(LabsError, match="holds no files"):
        grading.grade(tmp_path, course)
    with pytest.raises(LabsError, match="No Dask scheduler"):
        (tmp_path / "a.ipynb").write_text("{}")
        grading.grade(tmp_path, course, scheduler="tcp://127.0.0.1:9", out=tmp_path / "grades.csv")


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("20260001/lab05/lab05.ipynb", "20260001"),
        ("20260001_홍길동_lab05.ipynb", "20260001"),
        ("홍길동_20260001_assignsubmission_file_/lab05.ipynb", "20260001"),
        ("lab05-gildong/lab05.ipynb", "gildong"),
        ("홍길동/20260001.ipynb", "20260001"),
        ("홍길동.ipynb", "홍길동"),
    ],
)
def test_students_are_found_in_paths(path, student):
    assert collect.student_of(tuple(path.split("/"))) == student


def test_an_lms_zip_of_zips(course, notebook, tmp_path):
    inner = as_zip({"과제/lab02.ipynb": notebook(5)}, "cp949")
    archive = tmp_path / "과제2.zip"
    archive.write_bytes(
        as_zip({"과제2/홍길동_20260001/제출.zip": inner, "과제2/김철수_20260002/a.ipynb": notebook(1)})
    )
    assignment = Assignment.read(course / "source/lab02/lab02.ipynb")
    found = collect.find(archive, assignment)
    assert list(found) == ["20260001", "20260002"]
    assert all(collect.read(student, items, assignment).notebook for student, items in found.items())


def test_links_lead_nowhere(course, notebook, tmp_path):
    assignment = Assignment.read(course / "source/lab02/lab02.ipynb")
    hand_in(tmp_path, notebook, [1])
    (tmp_path / "20260000/lab02/key.ipynb").symlink_to(course / "source/lab02/lab02.ipynb")
    (tmp_path / "20260000/all").symlink_to(course)
    found = collect.find(tmp_path, assignment)
    assert [item.parts for item in found["20260000"]] == [("20260000", "lab02", "lab02.ipynb")]


def test_tables_and_pages_are_harmless(tmp_path):
    rows = [{"question": "q", "points": 0, "max": 1, "comment": "=HYPERLINK(1)\x1b[2J<script>"}]
    result = {"student": "../+82 <b>", "assignment": "lab", "points": 0, "max": 1, "questions": rows}
    result |= {"notes": ["<img>"], "output": "<script>"}
    report.write_csv([result], tmp_path / "g.csv")
    text = (tmp_path / "g.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "\x1b" not in text
    report.write_feedback(result, "en", tmp_path / "pages")
    (page,) = (tmp_path / "pages").iterdir()
    assert page.parent == tmp_path / "pages"
    assert "<script>" not in page.read_text(encoding="utf-8") and "<img>" not in page.read_text(
        encoding="utf-8"
    )
