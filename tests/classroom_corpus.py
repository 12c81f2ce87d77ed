"""Submissions made for the tests of the grader: honest ones, mangled ones, hostile ones.

CASES maps a name to Case(points by question, words of a comment). `write_all` puts them into a folder, each under
a student's number of its own, as an LMS would. All answer lab 05, whose questions are worth 2, 3, 3, 3, 3 and 6 (artefact).
"""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from labs.export.card import read_card, write_card
from labs.files import sha256

FULL = {"block_parameters": 2, "fold": 3, "blob": 3, "channels_first": 3, "difference": 3, "artefact": 0}
NONE = dict.fromkeys(FULL, 0)
QUESTIONS = tuple(FULL)
CASES = {}
SECRET = "the-answer-key-of-the-test"


@dataclass
class Case:
    """`make(corpus)` gives {file name: bytes}, a folder's content; `points` by question; `says` in some comment or note."""

    make: object
    points: dict
    says: str = ""
    hostile: bool = False
    number: str = ""
    wraps: str = field(default="folder")


def case(points, says="", hostile=False, wraps="folder"):
    """Register a function of the corpus as a case; what it returns (a notebook or files) is handed in."""

    def register(make):
        name = make.__name__
        CASES[name] = Case(make, points, says, hostile, f"2026{len(CASES):04}", wraps)
        return make

    return register


def without(*questions):
    """The full points but for some questions."""
    return {name: 0 if name in questions else points for name, points in FULL.items()}


class Corpus:
    """The notebooks that the cases start from."""

    def __init__(self, teacher, release, models):
        self._teacher, self._release, self.models = teacher, release, models
        cells = nbformat.reads(teacher, as_version=4).cells
        self.solutions = {
            c.metadata.nbgrader.grade_id: "\n".join(x for x in c.source.splitlines() if "### " not in x)
            for c in cells
            if c.metadata.get("nbgrader", {}).get("solution")
        }

    def stub(self):
        """What students get."""
        return nbformat.reads(self._release, as_version=4)

    def perfect(self, **answers):
        """Every question answered rightly but for `answers`; an answer None leaves the stub."""
        notebook = self.stub()
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in self.solutions and answers.get(name, "") is not None:
                cell.source = answers.get(name, self.solutions[name])
        return notebook

    def model(self, name="digits"):
        """The files of a good saved model."""
        return {f"{name}/{path}": content for path, content in self.models.items()}

    def model_with_code(self):
        """A saved model whose hashes are right and whose model.keras runs code when it is loaded unsafely."""
        import keras

        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "digits")
            for name, content in self.model().items():
                path = Path(place, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            layers = [
                keras.Input((28, 28, 1)),
                keras.layers.Lambda(lambda x: Path("/tmp/was-here").touch() or x),
            ]
            keras.Sequential(layers).save(folder / "model.keras")
            card = read_card(folder)
            changed = folder / "model.keras"
            card["files"]["model.keras"] = {"sha256": sha256(changed), "bytes": changed.stat().st_size}
            write_card(folder, card)
            return {
                f"digits/{p.relative_to(folder).as_posix()}": p.read_bytes()
                for p in folder.rglob("*")
                if p.is_file()
            }


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def find(notebook, name):
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def code(source):
    cell = nbformat.v4.new_code_cell(source)
    return cell


def before(notebook, name, source):
    """Put a cell of the student's own before the cell `name`."""
    notebook.cells.insert(notebook.cells.index(find(notebook, name)), code(source))
    return notebook


def as_bytes(notebook):
    """A notebook as it lies on disk, even one that nbformat would refuse."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8")


def as_zip(files, encoding="utf-8"):
    """Files in a zip; with cp949 as an old Korean Windows packs them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if encoding == "cp949":
                info = _Raw(name.encode("cp949").decode("cp437"))
                info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


class _Raw(zipfile.ZipInfo):
    """A member whose name is written byte for byte, without the mark of UTF-8."""

    __slots__ = ()

    def _encodeFilenameFlags(self):
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def write_all(corpus, place):
    """Write every case below the folder `place`."""
    for name, one in CASES.items():
        made = one.make(corpus)
        files = {"lab05.ipynb": as_bytes(made)} if "cells" in made else made
        folder = place / f"{one.number}_{name}"
        if one.wraps == "flat":
            for file, content in files.items():
                (place / f"{one.number}_{file}").write_bytes(content)
            continue
        if one.wraps != "folder":
            place.joinpath(f"{one.number}_{name}.zip").write_bytes(as_zip(files, one.wraps))
            continue
        for file, content in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
