"""Engines that read text behind one form: ours, Tesseract, RapidOCR, Google Vision. One that is not there says so."""

import csv
import importlib.util
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from labs.errors import LabsError


class Word(NamedTuple):
    """A word (or, of RapidOCR, a line): its text, a score 0..1, and corners (x, y), clockwise from the top left."""

    text: str
    score: float
    corners: tuple


class Engine:
    """What every engine can do; pictures are uint8 (H, W, 3) in RGB."""

    title = ""

    def words(self, picture):
        """The Words of a picture, in the engine's own order."""
        raise NotImplementedError

    def texts(self, crops):
        """The text of each cut-out word."""
        raise NotImplementedError

    def close(self):
        """End what the engine has started."""


class Tesseract(Engine):
    """The command tesseract (Debian: tesseract-ocr, tesseract-ocr-kor), one process for a list of pictures.

    oem: 1 is its LSTM, 0 the older recogniser. psm: how it divides a page; 7 means "one line" and serves for words too.
    """

    title = "Tesseract"

    def __init__(self, languages="kor+eng", oem=1, psm=3, seconds=600):
        if shutil.which("tesseract") is None:
            raise LabsError("Tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-kor.")
        self.languages, self.oem, self.psm, self.seconds = languages, oem, psm, seconds

    def words(self, picture):
        table = self._run([picture], self.psm, "tsv")
        rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_word(row) for row in rows if row["level"] == "5" and row["text"].strip()]

    def texts(self, crops):
        if not len(crops):
            return []
        pages = self._run(crops, 7).split("\f")
        if len(pages) < len(crops):
            raise LabsError(f"Tesseract answered {len(pages)} of {len(crops)} pictures: try them one by one.")
        return [" ".join(page.split()) for page in pages[: len(crops)]]

    def _run(self, pictures, psm, *form):
        import cv2

        with tempfile.TemporaryDirectory(prefix="labs-read-") as folder:
            paths = [Path(folder) / f"{number}.png" for number in range(len(pictures))]
            for path, picture in zip(paths, pictures, strict=True):
                bgr = np.ascontiguousarray(picture[..., ::-1] if picture.ndim == 3 else picture)
                path.write_bytes(cv2.imencode(".png", bgr)[1].tobytes())
            listed = Path(folder) / "list.txt"
            listed.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
            command = ["tesseract", str(listed), "stdout", "-l", self.languages]
            command += ["--oem", str(self.oem), "--psm", str(psm), *form]
            try:
                done = subprocess.run(
                    command, capture_output=True, timeout=self.seconds, encoding="utf-8", errors="replace"
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise LabsError(f"Tesseract gave no answer ({error}): try a smaller picture.") from error
        if done.returncode:
            raise LabsError(
                f"Tesseract failed ({_last_line(done.stderr)}): is the language data for {self.languages} there?"
            )
        return done.stdout


def _word(row):
    left, top, wide, tall = (int(row[name]) for name in ("left", "top", "width", "height"))
    ends = ((left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall))
    return Word(row["text"], max(0.0, float(row["conf"])) / 100, ends)


def _last_line(text):
    return (text.strip().splitlines() or ["no message"])[-1][:160]


class RapidOCR(Engine):
    """The wheel rapidocr-onnxruntime, PaddleOCR's networks for Chinese and English; it knows no Korean."""

    title = "RapidOCR"

    def __init__(self):
        if importlib.util.find_spec("rapidocr_onnxruntime") is None:
            raise LabsError("RapidOCR is not installed: pip install rapidocr-onnxruntime.")
        from rapidocr_onnxruntime import RapidOCR as Engine

        self._engine = Engine()

    def words(self, picture):
        found, _ = self._engine(np.ascontiguousarray(picture[..., ::-1]))
        return [Word(text, float(score), tuple(map(tuple, box))) for box, text, score in found or []]

    def texts(self, crops):
        answers = [
            self._engine(np.ascontiguousarray(crop[..., ::-1]), use_det=False, use_cls=False, use_rec=True)[0]
            for crop in crops
        ]
        return [answer[0][0] if answer else "" for answer in answers]


ENGINES = {
    "ours": "labs.ocr.ours:Ours",
    "tesseract": "labs.ocr.engines:Tesseract",
    "rapidocr": "labs.ocr.engines:RapidOCR",
    "vision": "labs.ocr.vision:Vision",
}


def open_engine(name, **options):
    """The engine called `name`. Raises LabsError when it is unknown, not installed, or has no key.

    Example: `open_engine("tesseract", psm=6).words(picture)`.
    """
    if name not in ENGINES:
        raise LabsError(f"There is no engine {name!r}: choose from {', '.join(ENGINES)}.")
    module, engine = ENGINES[name].split(":")
    return getattr(importlib.import_module(module), engine)(**options)
