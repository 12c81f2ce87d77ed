"""Puts a student's answers back into the teacher's copy, whatever happened to the notebook on the way.

The teacher's copy gives the order, the given cells and the tests; from the student's come the answers and the
cells of their own. An answer is known by what it defines (`def fold`), then by nbgrader's metadata, which
Colab, a copied cell or a careless hand may have taken away, doubled or exchanged.
"""

import ast
import difflib
import functools
import json
import re
from dataclasses import dataclass

from labs.classroom.assignment import defined_names, plain_python

_HIDDEN = re.compile(r"[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL)
_ALIKE = 0.9  # share of equal letters of an edited copy


class Unreadable(Exception):
    """A file that is no notebook; the message says why in a few words."""


@dataclass
class Cell:
    """A cell of the student's notebook.

    `names` are what it defines, `grade_id` is nbgrader's or "". `role` becomes "answer", "copy" (of the
    teacher's cell `anchor`), "changed" (such a copy, edited), "old" (an answer that another one replaces),
    "prose", or stays "extra": the student's own, to be run behind the teacher's cell `anchor`.
    """

    source: str
    kind: str
    grade_id: str
    names: set
    role: str = "extra"
    anchor: str = ""


@dataclass
class Program:
    """What will be run: `steps` are (kind, grade_id, source) in order; `notes` are (key of words, detail)."""

    steps: list
    notes: list


def repair(content, assignment):
    """The program of a notebook's bytes against the teacher's copy; raises Unreadable."""
    cells, notes = read_cells(content)
    for cell in cells:
        _recognise(cell, assignment)
    answers = {step.grade_id: _answer(cells, step, assignment, notes) for step in assignment.solutions}
    _place_the_rest(cells, answers, assignment)
    seen = {cell.anchor for cell in cells if cell.role == "copy"}
    ours = [step.grade_id for step in assignment.steps if step.kind != "solution"]
    notes += [("note_changed", name) for name in ours if name not in seen]
    return Program(_steps(cells, answers, assignment), notes)


def _steps(cells, answers, assignment):
    """Everything to run, in the teacher's order."""

    def behind(grade_id):
        return [("run", "", c.source) for c in cells if c.role == "extra" and c.anchor == grade_id]

    steps, ran = behind(""), set()
    for step in assignment.steps:
        cell = answers.get(step.grade_id)
        if step.kind == "test":
            steps.append(("test", step.grade_id, step.source))
        elif step.kind == "given":  # what the student added to it, then ours
            steps += [
                ("run", "", c.source) for c in cells if c.role == "changed" and c.anchor == step.grade_id
            ]
            steps.append(("run", step.grade_id, step.source))
        elif cell is not None and id(cell) not in ran and assignment.key_names(step):
            steps.append(("run", step.grade_id, cell.source))
            ran.add(id(cell))  # one cell may hold two answers
        steps += behind(step.grade_id)
    return steps


def read_cells(content):
    """The cells of a notebook of any format from 3 on, and notes on what was out of shape."""
    notes = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, notes = content.decode("cp949", "replace"), [("note_format", "")]
    try:
        document = json.loads(text, strict=False)
        raw = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
        if "cells" not in document:
            notes = [("note_format", "")]
        cells = [_cell(one) for one in raw if isinstance(one, dict)]
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable(f"it is damaged ({type(error).__name__}: {str(error)[:80]})") from None
    return [cell for cell in cells if cell.source.strip()], notes


def _cell(raw):
    source = raw.get("source", raw.get("input", ""))
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    source = source.replace("\r\n", "\n").replace("\u00a0", " ").replace("\ufeff", "")
    about = (raw.get("metadata") or {}).get("nbgrader") or {}
    kind = str(raw.get("cell_type", "code"))
    return Cell(source, kind, str(about.get("grade_id", "")), names_of(source, guess=kind == "code"))


def names_of(source, guess=True):
    """What a cell defines; where it does not even parse, what it looks like defining if we may `guess`."""
    try:
        return defined_names(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (
            set(re.findall(r"^(?:def +|class +)?(\w+)(?= *[(=])", source, re.MULTILINE)) if guess else set()
        )


def _recognise(cell, assignment):
    """Whether a cell is a copy of one of the teacher's own, perhaps an edited one."""
    if cell.kind != "code":
        return
    plain = _plain(cell.source)
    ours = {
        step: _plain(_HIDDEN.sub("", step.source)) for step in assignment.steps if step.kind != "solution"
    }
    for step, visible in ours.items():
        if plain in (visible, _plain(step.source)):
            cell.role, cell.anchor = "copy", step.grade_id
            return
    if cell.names & assignment.asked:
        return  # an answer, whatever its metadata says
    for step, visible in ours.items():
        if cell.grade_id == step.grade_id or _alike(plain, visible):
            cell.role, cell.anchor = ("changed" if step.kind == "given" else "old"), step.grade_id
            return


def _alike(one, other):
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return all(
        measure() > _ALIKE for measure in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    )


def _answer(cells, step, assignment, notes):
    """The cell that answers a solution step, or None: the last that defines its names and is no stub."""
    names = assignment.key_names(step)
    free = [cell for cell in cells if cell.role in ("extra", "answer")]
    able = [cell for cell in free if names and names <= cell.names]
    tagged = [
        c for c in free if c.grade_id == step.grade_id and not c.names & (assignment.asked - step.names)
    ]
    candidates = [cell for cell in able if not _is_stub(cell.source)] or able or tagged
    if not candidates:
        return None
    cell = candidates[-1]
    notes += [("note_twice", step.grade_id)] if len(candidates) > 1 and not _is_stub(cell.source) else []
    notes += [("note_tag", step.grade_id)] if cell.grade_id != step.grade_id else []
    notes += [("note_kind", step.grade_id)] if cell.kind != "code" else []
    for other in [*able, *tagged]:
        if other is not cell and other.role == "extra" and not other.names - names:
            other.role = "old"
    cell.role = "answer"
    return cell


def _place_the_rest(cells, answers, assignment):
    """Each cell of the student's own follows the teacher's cell that it stood behind."""
    question = {id(cell): name for name, cell in answers.items() if cell}
    last = ""
    for cell in cells:
        if cell.role == "answer":
            last = question[id(cell)]
        elif cell.role in ("copy", "changed") or (cell.role == "old" and cell.anchor):
            last = cell.anchor
        elif cell.role == "extra":
            cell.role = "extra" if cell.kind == "code" else "prose"
            cell.anchor = last


def _is_stub(source):
    return "raise NotImplementedError" in source


@functools.lru_cache(maxsize=1000)
def _plain(source):
    """A cell's source without blank space and comments, to compare copies."""
    try:
        return ast.dump(ast.parse(plain_python(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return re.sub(r"\s+", " ", source).strip()
