"""Grades one submission: repaired cells run in the student's process, tests run here, on the answers.

`grade_one` is a plain function of plain data, so that it runs in this process, in a pool, or on another machine.
"""

import hashlib
import os
import shutil
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat

from labs.classroom import artefact
from labs.classroom.assignment import Assignment, BadAssignment
from labs.classroom.prisoners import SandboxedRuntimes
from labs.classroom.repair import Unreadable, repair
from labs.classroom.sandbox import Limits
from labs.classroom.session import Dead, Session, StudentError
from labs.classroom.words import say
from labs.classroom.zygote import Zygote

VERSION = 2  # of the results: a new one grades everything again
_LONGEST_COMMENT = 600


@dataclass(frozen=True)
class Submission:
    """What one student handed in: `notebook` (None when there is none) and the `files` beside it, as bytes."""

    student: str
    notebook: bytes | None
    files: dict = field(default_factory=dict)
    notes: tuple = ()  # ((key of words, details ...), ...)

    def key(self, teacher, language):
        """The hash of everything that a result depends on."""
        digest = hashlib.sha256(repr((VERSION, self.student, language)).encode())
        for name, content in [("teacher", teacher), ("", self.notebook or b""), *sorted(self.files.items())]:
            digest.update(repr((name, len(content))).encode() + content)
        return digest.hexdigest()


_lock = threading.Lock()  # one submission at a time in a process: a Dask worker may have several threads
_zygote = Zygote()
_given = {}  # the teacher's names by the hash of the teacher's copy


def grade_one(submission, teacher, language="en", limits=None):
    """Grade a submission against the teacher's notebook (bytes); returns a dictionary for JSON.

    student, assignment, points, max, questions (question, points, max, comment), notes, output, seconds,
    sandbox (the level). Nothing that a student does raises; BadAssignment is the teacher's.

    Example: `grade_one(Submission("2026001", notebook), teacher)["points"]`
    """
    with _lock:
        assignment, space = _prepared(teacher)
        _zygote.need(assignment.modules())
        os.environ["LABS_LANGUAGE"] = language  # what expect's hints go by; a given cell may have set it
        return _Examination(submission, assignment, space, language, limits or Limits()).result()


def close():
    """End this process' zygote."""
    _zygote.close()


class _Examination:
    """One submission's way through its cells and tests."""

    def __init__(self, submission, assignment, space, language, limits):
        self.submission, self.assignment, self.space = submission, assignment, space
        self.language, self.limits = language, limits
        self.start = time.monotonic()
        self.deadline = self.start + limits.total_seconds
        self.notes, self.comments, self.points = list(submission.notes), {}, {}
        self.output, self.session, self.broken = b"", None, {}

    def result(self):
        """The dictionary of grade_one."""
        try:
            if self.submission.notebook is None:
                self._fail_all(("no_notebook",))
            else:
                self._examine()
        except Unreadable as error:
            self._fail_all(("unreadable", str(error)))
        finally:
            if self.session is not None:
                self.session.__exit__()
        return {
            "student": self.submission.student,
            "assignment": self.assignment.name,
            "points": sum(self.points.values()),
            "max": self.assignment.points,
            "questions": [
                {
                    "question": test.question,
                    "points": self.points[test.question],
                    "max": test.points,
                    "comment": self.comments[test.question],
                }
                for test in self.assignment.tests
            ],
            "notes": [say(key, self.language, *details) for key, *details in self.notes],
            "output": self.output.decode("utf-8", "replace"),
            "seconds": round(time.monotonic() - self.start, 2),
            "sandbox": _zygote.level,
            "limits": asdict(self.limits),
        }

    def _examine(self):
        program = repair(self.submission.notebook, self.assignment)
        self.notes += [(key, *([detail] if detail else [])) for key, detail in program.notes]
        tests = {test.grade_id: test for test in self.assignment.tests}
        for place, (kind, grade_id, source) in enumerate(program.steps):
            if kind == "test":
                self._judge(tests[grade_id], program.steps[:place])
            else:
                self._run(place, grade_id, source, program.steps[:place])

    def _run(self, place, grade_id, source, before):
        """Run a cell; one that kills the process is left out from then on."""
        try:
            self._alive(before).run(source)
        except StudentError as error:
            if grade_id:
                self.broken.setdefault(grade_id, _fault(error, str(error)))
        except Dead as death:
            self.broken[place] = self.broken[grade_id] = _why(death)
            self._lose()

    def _judge(self, test, before):
        """Run a test here, with the student's functions there; points for no exception at all."""
        self.points[test.question] = 0
        try:
            space = dict(self.space)
            remote = self.assignment.remote_names(test)
            if remote:
                session = self._alive(before)
                space |= {name: session.name(name) for name in remote}
            with _Artefacts(self.submission.files, self.limits, self.deadline):
                exec(compile(test.source, f"test {test.question}", "exec"), space)
        except Dead as death:
            self._comment(test, *self.broken.get(test.question, _why(death)))
            self._lose()
        except StudentError as error:
            self._comment(test, *self.broken.get(test.question, _fault(error, _where(error))))
        except AssertionError as error:
            self._comment(test, "wrong", str(error))
        except Exception as error:  # the test choked on the answer
            self._comment(test, "wrong", f"{type(error).__name__}: {error}")
        else:
            self.points[test.question] = test.points
            self.comments[test.question] = say("right", self.language)

    def _alive(self, before):
        """The student's process; a new one runs again what came before, but for what killed the last."""
        if time.monotonic() > self.deadline:
            raise Dead("slow_in_all", self.limits.total_seconds)
        if self.session is None:
            self.session = Session(_zygote, self.limits, self.submission.files, self.deadline)
            for place, (kind, _, source) in enumerate(before):
                if kind == "run" and place not in self.broken:
                    try:
                        self.session.run(source)
                    except StudentError:
                        continue
        return self.session

    def _lose(self):
        if self.session is not None:
            self.output = self.output or self.session.output
            self.session.__exit__()
            self.session = None

    def _comment(self, test, key, *details):
        details = [part[:_LONGEST_COMMENT] if isinstance(part, str) else part for part in details]
        self.comments[test.question] = say(key, self.language, *details)

    def _fail_all(self, reason):
        for test in self.assignment.tests:
            self.points[test.question] = 0
            self._comment(test, *reason)


class _Artefacts:
    """What was handed in beside the notebook, where artefact.examine looks, and runtimes in the sandbox."""

    def __init__(self, files, limits, deadline):
        self.files, self.limits, self.deadline = files, limits, deadline

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="labs-artefact-"))
        for name, content in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        artefact.folder_of_submission = self.folder
        artefact.make_children = lambda: SandboxedRuntimes(_zygote, self.limits, self.files, self.deadline)

    def __exit__(self, *_):
        artefact.folder_of_submission, artefact.make_children = Path(), None
        shutil.rmtree(self.folder, ignore_errors=True)


def _why(death):
    return (death.reason, *([] if death.detail == "" else [death.detail]))


def _fault(error, text):
    """What to say of an exception in the student's code: a stub's is no mistake."""
    if error.kind == "NotImplementedError" and not error.text:
        return ("unanswered",)
    what, refused, _ = error.text.partition(" is no answer: ")  # labs.classroom.values
    if error.kind == "TypeError" and refused:
        return ("no_answer", what)
    return ("missing", error.text) if error.kind == "Undefined" else ("error", text)


def _where(error):
    return f"{error} ({error.lines[-1]})" if error.lines else str(error)


def _prepared(teacher):
    """The assignment of a teacher's copy, and the names that its given cells define, worked out once."""
    key = hashlib.sha256(teacher).hexdigest()
    if key not in _given:
        assignment = Assignment(nbformat.reads(teacher.decode("utf-8"), as_version=4))
        _given[key] = assignment, _given_names(assignment)
    return _given[key]


def _given_names(assignment):
    """Run the teacher's given cells here, but for those that need a student's answer, and idle imports."""
    space = {"__name__": "__main__", "get_ipython": _NoIPython}
    for step in assignment.steps:
        if step.kind == "given" and not assignment.remote_names(step):
            try:
                exec(compile(assignment.without_idle_imports(step), step.grade_id, "exec"), space)
            except Exception as error:
                raise BadAssignment(
                    f"{assignment.name}: the given cell {step.grade_id} fails ({error}): repair the teacher's copy."
                ) from error
    return space


class _NoIPython:
    """Stands for get_ipython() where the teacher's cells use a magic: it does nothing here."""

    def __getattr__(self, name):
        return lambda *arguments, **named: None
