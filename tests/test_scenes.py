"""The scenes of lab 16d: what is drawn is what is said, and a sentence can be read back."""

import numpy as np
import pytest

import labs
from labs.data import scenes


@pytest.fixture(scope="module")
def composed():
    digits = labs.load("mnist", "sample")
    return scenes.compose(digits.x_test, digits.y_test, 60, seed=5)


def test_scenes_are_pictures_with_five_facts(composed):
    pictures, facts = composed
    assert pictures.shape == (60, 48, 48, 3) and pictures.dtype == np.uint8
    assert facts.shape == (60, 5) and all(
        facts.max(axis=0) < [len(listed) for listed in scenes.FACTS.values()]
    )


def test_the_shape_has_its_colour_and_lies_where_it_is_said(composed):
    for picture, (_, colour, _, place, _) in zip(*composed, strict=True):
        picture = picture.astype(int)
        apart = np.ptp(picture, axis=2) > 90  # the digit is grey, the ground dull
        y, x = (np.flatnonzero(apart.any(axis=axis)).mean() for axis in (1, 0))
        mean = picture[apart].mean(axis=0)
        assert {0: 0, 1: 1, 2: 2}.get(colour, 0) == np.argmax(mean) and (colour != 3 or mean[1] > 150)
        bright = picture.min(axis=2) > 150
        its_y, its_x = (np.flatnonzero(bright.any(axis=axis)).mean() for axis in (1, 0))
        assert (x < its_x, x > its_x, y < its_y, y > its_y)[place]


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_every_sentence_is_read_back(composed, language):
    _, facts = composed
    rows = scenes.encode(facts, [language] * len(facts))
    assert rows.shape == (60, scenes.LONGEST + 1) and rows.max() < len(scenes.WORDS)
    assert scenes.right(rows, facts).all()
    assert scenes.words_of(rows[0]) == scenes.sentence(facts[0], language)


def test_sentences_in_both_languages():
    facts = (0, 0, 2, 0, 9)
    assert scenes.text(scenes.sentence(facts, "en")) == "a small red triangle is left of the digit 9"
    assert scenes.text(scenes.sentence(facts, "ko")) == "숫자 9가 작은 빨간 삼각형의 오른쪽에 있습니다"
    assert scenes.said(["a", "red", "herring"]) is None
    assert not scenes.right(np.zeros((1, scenes.LONGEST + 1), int), [facts]).any()
