"""Search by histogram says exactly what the notes' loop over cv2.compareHist says, ties included."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labs import LabsError
from labs.data import cifar10
from labs.search import METHODS, HistogramIndex, describe
from labs.search.histograms import LARGER_IS_BETTER


def loop(rows, query, k, method):
    """The notes: a dictionary, compareHist for each, sorted (stable, so that equal scores keep their order)."""
    code = getattr(cv2, f"HISTCMP_{method}")
    scores = {number: cv2.compareHist(query, row, code) for number, row in enumerate(rows)}
    return sorted(scores.items(), key=lambda pair: pair[1], reverse=method in LARGER_IS_BETTER)[:k]


def notes_histogram(picture):
    channels = [cv2.calcHist([picture], [channel], None, [4], [0, 256]) for channel in range(3)]
    return cv2.normalize(np.concatenate(channels), None).ravel()


@pytest.fixture(scope="module")
def pictures():
    return cifar10.sample()[0][0]


@pytest.fixture(scope="module")
def rows(pictures):
    """1,500 histograms, every third of them a second time, some of them of one colour only, one of one value."""
    rows = describe(pictures)
    one_colour = describe(np.full((40, 8, 8, 3), 30, "uint8"))
    flat = np.full((5, 12), np.sqrt(1 / 12), "float32")
    return np.concatenate([rows, rows[::3], one_colour, flat])


@pytest.mark.parametrize("size", [(32, 32), (5, 7), (16, 12), (1, 1)])
def test_histograms_have_the_bits_of_opencv(size):
    pictures = np.random.default_rng(1).integers(0, 256, (300, *size, 3)).astype("uint8")
    pictures[0], pictures[1] = 0, 255
    expected = np.array([notes_histogram(picture) for picture in pictures])
    assert np.array_equal(describe(pictures, block=64), expected)


@pytest.mark.parametrize("method", METHODS)
def test_the_answers_are_those_of_the_loop(rows, method):
    index = HistogramIndex(rows)
    queries = [*range(0, 1500, 97), 1500, 2000, 2038, len(rows) - 1]  # the last two: one colour, flat
    for number in queries:
        for k in (1, 10, 60, len(rows)):
            assert index.search(rows[number], k, method) == loop(rows, rows[number], k, method)


@pytest.mark.parametrize("method", METHODS)
def test_a_query_from_elsewhere(rows, method):
    random = np.random.default_rng(2)
    index = HistogramIndex(rows)
    for _ in range(10):
        query = (random.random(12) * (random.random(12) < 0.6)).astype("float32")
        assert index.search(query, 20, method) == loop(rows, query, 20, method)
    nothing = np.zeros(12, "float32")
    assert index.search(nothing, 20, method) == loop(rows, nothing, 20, method)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    bins=st.integers(1, 130),
    count=st.integers(1, 700),
    scale=st.sampled_from([1e-9, 1e-4, 1, 1000, 1e6]),
    empty=st.floats(0, 0.9),
    levels=st.sampled_from([1, 2, 5, 0]),
    k=st.integers(1, 50),
    method=st.sampled_from(METHODS),
)
def test_any_histograms(seed, bins, count, scale, empty, levels, k, method):
    random = np.random.default_rng(seed)
    values = (
        random.random((count, bins)) if not levels else random.integers(0, levels + 1, (count, bins)) / levels
    )
    rows = (values * (random.random((count, bins)) >= empty) * scale).astype("float32")
    query = rows[random.integers(count)]
    assert HistogramIndex(rows).search(query, k, method) == loop(rows, query, k, method)


def test_what_is_no_histogram_is_refused(rows):
    with pytest.raises(LabsError, match="none negative"):
        HistogramIndex(-rows)
    with pytest.raises(LabsError, match="finite"):
        HistogramIndex(np.full((3, 4), np.nan))
    with pytest.raises(LabsError, match="12 finite numbers"):
        HistogramIndex(rows).search(rows[0][:5])
    with pytest.raises(LabsError, match="CORREL"):
        HistogramIndex(rows).search(rows[0], method="EUCLID")
    with pytest.raises(LabsError, match="uint8"):
        describe(rows)
