"""Finds what the students handed in: folders, files and zips, as an LMS, nbgrader or a friend delivers them.

    submitted/20260001/lab05/lab05.ipynb      nbgrader's own layout
    20260001_홍길동_lab05.ipynb                a folder of files
    홍길동_20260001_assignsubmission_file_/    an LMS' download, zipped or not
    lab05-gildong/                            GitHub Classroom's clones

The student is the first number of 5 to 12 digits in the path, else the name of the folder or file.
"""

import io
import os
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labs.classroom.examiner import Submission
from labs.classroom.repair import Unreadable, read_cells
from labs.errors import LabsError

LARGEST_FILE, LARGEST_ALL, MOST_FILES, DEEPEST_ZIP = 100_000_000, 300_000_000, 3000, 2
_NUMBER = re.compile(r"(?<!\d)\d{5,12}(?!\d)")
_LAB = re.compile(r"lab\d+", re.IGNORECASE)
_NEVER = {"__MACOSX", ".ipynb_checkpoints", ".git", "__pycache__", ".venv", "node_modules", "venv"}


@dataclass(frozen=True)
class Item:
    """A file that was handed in: its place (parts of a path) and a function that reads it."""

    parts: tuple
    size: int
    read: object


def find(place, assignment):
    """What was handed in, unread: {student: [Item, ...]}, in the order of the students' numbers.

    place: a folder or a zip. Raises LabsError.
    """
    place = Path(place)
    if not place.exists():
        raise LabsError(f"There are no submissions at {place}: name the folder or the zip that holds them.")
    items = _without_wrapper([item for item in _items(place) if not _other_lab(item, assignment.name)])
    students = {}
    for item in items:
        students.setdefault(student_of(item.parts), []).append(item)
    if not students:
        raise LabsError(f"{place} holds no files: name the folder or the zip with the submissions.")
    return dict(sorted(students.items()))


def student_of(parts):
    """The student of a path's parts: a number in it, else the first part without "lab05-" and its ending."""
    for part in parts:
        if number := _NUMBER.search(part):
            return number.group()
    name = parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem
    return re.sub(r"^lab\d+[-_ ]+|[-_ ]+lab\d+$", "", name, flags=re.IGNORECASE) or name


def read(student, items, assignment):
    """The Submission of a student's items: the notebook that answers most, and the files beside it."""
    notes, contents, total = [], {}, 0
    for item in items[:MOST_FILES]:
        name = "/".join(item.parts)
        total += item.size
        if item.size > LARGEST_FILE or total > LARGEST_ALL:
            notes.append(("note_dropped", item.parts[-1], f"{item.size / 1e6:.0f} MB"))
            continue
        try:
            contents[name] = item.read()
        except (
            OSError,
            RuntimeError,
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,
            ValueError,
        ) as error:
            notes.append(("note_dropped", item.parts[-1], str(error)[:100]))
    notebooks = {name: content for name, content in contents.items() if _is_notebook(name, content)}
    scores = {name: _score(content, assignment) for name, content in notebooks.items()}
    fitting = {name: score for name, score in scores.items() if score != (0, 0)}
    if not fitting:
        return Submission(student, None, {}, tuple(notes))
    best = max(sorted(fitting), key=lambda name: fitting[name])
    if len(fitting) > 1:
        notes.append(("note_choice", PurePosixPath(best).name))
    others = {name: content for name, content in contents.items() if name not in notebooks}
    return Submission(student, notebooks[best], _beside(best, others), tuple(notes))


def _beside(notebook, contents):
    """Files by their path from the notebook's folder; a saved model is found wherever it lies."""
    home = PurePosixPath(notebook).parent
    files = {}
    for name, content in contents.items():
        path = PurePosixPath(name)
        if path.is_relative_to(home):
            files[str(path.relative_to(home))] = content
    for name in contents:
        folder = PurePosixPath(name).parent
        if PurePosixPath(name).name == "card.json" and f"{folder.name}/card.json" not in files:
            inside = [other for other in contents if PurePosixPath(other).is_relative_to(folder)]
            files |= {f"{folder.name}/{PurePosixPath(o).relative_to(folder)}": contents[o] for o in inside}
    return files


def _is_notebook(name, content):
    if name.lower().endswith(".ipynb"):
        return True
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    return start.startswith(b"{") and b'"cell_type"' in content  # lab05.ipynb.txt, lab05.json


def _score(content, assignment):
    """How many questions a notebook answers, and how many of its cells are known; -1 for a damaged file."""
    try:
        cells = read_cells(content)[0]
    except Unreadable:
        return -1, 0
    names = set().union(*(cell.names for cell in cells if "raise NotImplementedError" not in cell.source))
    ids = {cell.grade_id for cell in cells} | set().union(*(cell.names for cell in cells))
    asked = [assignment.key_names(step) or {step.grade_id} for step in assignment.solutions]
    return sum(one <= names for one in asked), sum(bool(one & ids) for one in asked)


def _other_lab(item, name):
    """Whether nbgrader's layout says that a file belongs to another lab."""
    return len(item.parts) > 2 and _LAB.fullmatch(item.parts[1]) and item.parts[1].lower() != name.lower()


def _without_wrapper(items):
    """Take off a folder that holds all the others, as a zip of a folder has."""
    while items and all(len(item.parts) > 2 for item in items):
        tops = {item.parts[0] for item in items}
        if len(tops) > 1 or _NUMBER.search(next(iter(tops))) or len({item.parts[1] for item in items}) < 2:
            break
        items = [Item(item.parts[1:], item.size, item.read) for item in items]
    return items


def _items(place):
    if place.is_file():
        yield from _zip_items(place, (), 0) if zipfile.is_zipfile(place) else [_file(place, (place.name,))]
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name not in _NEVER)
        for name in sorted(names):
            path = Path(folder, name)
            parts = tuple(unicodedata.normalize("NFC", part) for part in path.relative_to(place).parts)
            if path.is_symlink() or not path.is_file() or name.startswith("._") or name == ".DS_Store":
                continue  # a link could lead to the answer key
            if zipfile.is_zipfile(path) and name.lower().endswith(".zip"):
                yield from _zip_items(path, (*parts[:-1], parts[-1][:-4]), 0)
            else:
                yield _file(path, parts)


def _file(path, parts):
    return Item(parts, path.stat().st_size, path.read_bytes)


def _zip_items(source, prefix, depth):
    """The files of a zip (a path or a file object), of zips inside it too; names are made harmless."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    for info in archive.infolist()[: 20 * MOST_FILES]:
        parts = _safe_parts(info)
        is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
        if info.is_dir() or not parts or is_link or _NEVER & set(parts) or parts[-1].startswith("._"):
            continue
        if parts[-1].lower().endswith(".zip") and depth < DEEPEST_ZIP and info.file_size <= LARGEST_FILE:
            inner = io.BytesIO(_read_member(archive, info))
            yield from _zip_items(inner, (*prefix, *parts[:-1], parts[-1][:-4]), depth + 1)
        else:
            yield Item((*prefix, *parts), info.file_size, lambda a=archive, i=info: _read_member(a, i))


def _read_member(archive, info):
    with archive.open(info) as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError("larger than its zip says")
    return content


def _safe_parts(info):
    """The parts of a member's name, Windows' Korean letters put right; none for one that leaves the folder."""
    name = info.filename
    if not info.flag_bits & 0x800:  # no UTF-8: zipfile has read it as cp437, Korean Windows wrote cp949
        try:
            name = name.encode("cp437").decode("cp949")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    parts = tuple(p for p in re.split(r"[/\\]", unicodedata.normalize("NFC", name)) if p not in ("", "."))
    return () if ".." in parts or any(":" in part or "\0" in part for part in parts) else parts
