"""Submissions a minute: `labs grade` beside `nbgrader autograde`, both on the same well-formed notebooks.

    python benchmarks/grading.py                  # labs 02 (no TensorFlow) and 05 (TensorFlow), 20 students each
    python benchmarks/grading.py 05 --students 40

nbgrader has no sandbox and grades one after the other; `labs grade` uses every core, which is part of what is compared.
`--jobs 1` shows what remains on one. Both are timed as a teacher types them: imports, kernels and all.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent  # not resolved: the environment's own commands


def prepare(course, lab, students):
    """A course of one lab with right submissions, one question left out by every second student."""
    subprocess.run(
        [sys.executable, ROOT / "tools/build_course.py", lab, "--to", course],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    teacher = nbformat.read(course / f"source/lab{lab}/lab{lab}.ipynb", as_version=4)
    release = nbformat.read(course / f"student/lab{lab}/lab{lab}.ipynb", as_version=4)
    for number in range(students):
        for cell, full in zip(release.cells, teacher.cells, strict=True):
            about = cell.metadata.get("nbgrader", {})
            if (
                about.get("solution") and about["grade_id"] != "artefact"
            ):  # the model folder is not compared here
                left_out = number % 2 and about["grade_id"] in ("fold", "cutmix")
                cell.source = cell.source if left_out else full.source + f"\n# student {number}"
        path = course / f"submitted/2026{number:04}/lab{lab}/lab{lab}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(release, path)
        release = nbformat.read(course / f"student/lab{lab}/lab{lab}.ipynb", as_version=4)


def timed(command, course):
    """Seconds of a command, run in the course's folder."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    environment["PYTHONPATH"] = str(ROOT)
    start = time.perf_counter()
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def nbgrader_points(course):
    """Points of each student as nbgrader has them."""
    timed([BIN / "nbgrader", "export", "--to", "nbgrader.csv"], course)
    with open(course / "nbgrader.csv", encoding="utf-8") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def our_points(path):
    """Points of each student in the CSV of `labs grade`."""
    points = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            points[row["학번"]] = points.get(row["학번"], 0) + float(row["points"])
    return points


def compare(lab, students, jobs):
    """One lab: seconds of both, and whether they agree."""
    course = Path(tempfile.mkdtemp(prefix="labs-grading-"))
    try:
        prepare(course, lab, students)
        timed([BIN / "nbgrader", "generate_assignment", f"lab{lab}", "--create"], course)
        theirs = timed([BIN / "nbgrader", "autograde", f"lab{lab}", "--create"], course)
        command = [
            sys.executable,
            "-m",
            "labs.cli",
            "grade",
            "submitted",
            "--course",
            ".",
            "--lab",
            lab,
            "--jobs",
            jobs,
        ]
        ours = timed([str(part) for part in command], course)
        agree = nbgrader_points(course) == our_points(course / "grades.csv")
    finally:
        shutil.rmtree(course, ignore_errors=True)
    row = {
        "lab": lab,
        "students": students,
        "jobs": jobs,
        "nbgrader_s": round(theirs, 1),
        "labs_grade_s": round(ours, 1),
    }
    row |= {
        "nbgrader_per_minute": round(60 * students / theirs, 1),
        "labs_grade_per_minute": round(60 * students / ours, 1),
    }
    return row | {"ratio": round(theirs / ours, 2), "same_points": agree}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labs", nargs="*", default=["02", "05"])
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    for lab in options.labs:
        print(json.dumps(compare(lab, options.students, options.jobs)), flush=True)


if __name__ == "__main__":
    main()
