"""A little English, a little Korean and 2,400 word vectors: they are bundled (texts.zip), data/README.md tells of each."""

import io
import zipfile

import numpy as np

from labs.errors import LabsError
from labs.files import bundled

LANGUAGES = ("english", "korean")


def read(language):
    """The text of a language: a list of lines, each a list of words.

    "english": what WordNet says of 25,230 things, their names first; "korean": sentences of LibreOffice's help.

    Example: `texts.read("korean")[0]`.
    """
    if language not in LANGUAGES:
        raise LabsError(f"There is no text in {language!r}: ask for {' or '.join(LANGUAGES)}.")
    return [line.split() for line in _member(f"{language}.txt").decode("utf-8").splitlines()]


def glove():
    """GloVe vectors of 2,400 English words: {word: float32 (100,) of length 1}, rounded to 8 bits (Pennington et al., 2014).

    Example: `texts.glove()["dog"]`.
    """
    with np.load(io.BytesIO(_member("glove.npz")), allow_pickle=False) as packed:
        table = packed["vectors"].astype("float32")
        return dict(
            zip(packed["words"].tolist(), table / np.linalg.norm(table, axis=1, keepdims=True), strict=True)
        )


def _member(name):
    with zipfile.ZipFile(bundled("texts.zip")) as archive:
        return archive.read(name)
