"""Grades all submissions: in parallel on this machine or on a Dask cluster, and goes on where it was stopped."""

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from labs.classroom import collect
from labs.classroom.assignment import Assignment, find_assignments
from labs.classroom.examiner import grade_one
from labs.classroom.report import Results, write_csv, write_feedback
from labs.classroom.sandbox import Limits
from labs.errors import LabsError

_ATTEMPTS = 3  # of a submission whose grading process dies
_STOPPED = "run the same command again, and it goes on where it stopped"


def grade(
    submissions, course, lab=None, out="grades.csv", language=None, jobs=None, scheduler=None, limits=None
):
    """Grade a folder or zip of submissions; returns their results in the order of the students' numbers.

    course: the folder that `make course` built. lab: "05" or "lab05"; may be left out where the course has one.
    out: the CSV. Beside it appear grades_results/ (a JSON a submission: remove it to grade anew) and
    grades_feedback/ (a page a student). language: "en" or "ko", by default the teacher's copy's.
    jobs: submissions at a time, by default a core each. scheduler: the address of a Dask cluster in their place.
    limits: labs.classroom.sandbox.Limits of each submission. Raises LabsError.

    Example: `grade("submitted", "course", "05", "grades.csv", "ko")`
    """
    if os.name == "nt" and not scheduler:
        raise LabsError("Grading needs Linux or macOS: on Windows run it in WSL (wsl --install).")
    path = find_lab(course, lab)
    assignment, teacher = Assignment.read(path), path.read_bytes()
    language, out, limits = language or assignment.language, Path(out), limits or Limits()
    store = Results(out.with_name(f"{out.stem}_results"))
    pages = out.with_name(f"{out.stem}_feedback")
    students, graded = collect.find(submissions, assignment), {}

    def waiting():
        """The submissions that no earlier run has graded."""
        for student, items in students.items():
            submission = collect.read(student, items, assignment)
            key = submission.key(teacher, language)
            result = store.read(submission.student, key)
            if result is None:
                yield key, submission
            else:
                keep(key, submission.student, result)

    def keep(key, student, result):
        graded[student] = result
        write_feedback(result, language, pages)
        progress()

    with _Progress(len(students)) as progress:
        pool = _cluster(scheduler) if scheduler else _cores(jobs or os.cpu_count() or 1)
        with pool as submit_all:
            for key, submission, result in submit_all(waiting(), teacher, language, limits):
                store.write(submission.student, key, result)
                keep(key, submission.student, result)
    results = [graded[student] for student in sorted(graded)]
    write_csv(results, out)
    return results


def find_lab(course, lab):
    """The teacher's copy of a lab ("05", "lab05", or None for the only one)."""
    found = find_assignments(course)
    if lab is None and len(found) == 1:
        return next(iter(found.values()))
    for name in (lab, f"lab{lab}", f"lab{str(lab).zfill(2)}"):
        if name in found:
            return found[name]
    raise LabsError(f"Which lab? Choose with --lab from {', '.join(found)}.")


@contextlib.contextmanager
def _cores(jobs):
    """Grade in processes of this machine; gives a function over an iterable of (key, submission)."""

    def submit_all(waiting, teacher, language, limits):
        rest, attempts = iter(waiting), {}
        again = []
        while True:
            context = multiprocessing.get_context("spawn")  # a fork would copy our memory and threads
            with ProcessPoolExecutor(jobs, context, _quiet) as pool:
                running = {}
                try:
                    while True:
                        while len(running) < jobs + 1:
                            one = again.pop() if again else next(rest, None)
                            if one is None:
                                break
                            running[pool.submit(grade_one, one[1], teacher, language, limits)] = one
                        if not running:
                            return
                        for done in wait(running, return_when=FIRST_COMPLETED).done:
                            result = done.result()
                            yield (*running.pop(done), result)
                except BrokenProcessPool:
                    again = list(running.values())  # the pool is lost, what it had in hand is not
                    for key, submission in again:
                        attempts[key] = attempts.get(key, 0) + 1
                        if attempts[key] == _ATTEMPTS:
                            raise LabsError(
                                f"The grader's process died {_ATTEMPTS} times with {submission.student}: is there enough "
                                f"memory? Grade with --jobs 1; {_STOPPED}."
                            ) from None
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise

    yield submit_all


def _quiet():
    """A worker keeps TensorFlow's remarks to itself, leaves Ctrl-C to its parent, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with open(os.devnull, "w", encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), 2)


def _end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


@contextlib.contextmanager
def _cluster(scheduler):
    """Grade on a Dask cluster; a worker that dies loses nothing, its submissions go to another."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise LabsError("--scheduler needs Dask: pip install 'vision-labs[cluster]'.") from None
    try:
        client = Client(scheduler, timeout=10)
    except OSError as error:
        raise LabsError(
            f"No Dask scheduler answers at {scheduler} ({error}): start `dask scheduler`."
        ) from None

    def submit_all(waiting, teacher, language, limits):
        copy = client.scatter(teacher, broadcast=True)
        rest, running = iter(waiting), {}
        finished = as_completed()

        def more(count):
            for _ in range(count):
                one = next(rest, None)
                if one is not None:
                    future = client.submit(grade_one, one[1], copy, language, limits, key=one[0], retries=2)
                    running[future.key] = one
                    finished.add(future)

        more(2 * max(1, sum(client.nthreads().values())))
        for future in finished:
            result = future.result()
            yield (*running.pop(future.key), result)
            future.release()
            more(1)

    with client:
        yield submit_all


class _Progress:
    """A bar on stderr; calling it is one submission more."""

    def __init__(self, total):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = ("grading", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._task = self._bar.add_task("grading", total=total)

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()

    def __call__(self):
        self._bar.advance(self._task)
