"""What if the network could not see this? It needs nothing but the answers, so it works on any of them."""

import functools

import numpy as np

from labs.explain.network import in_batches, main_output, numbers, traced


def probabilities(model, pictures, label, batch=32):
    """The probability of `label` (a number, or one a picture): float32 (n,).

    Example: `labs.explain.probabilities(model, pictures, 281)`.
    """
    answers = in_batches(model, _answers(model), pictures, batch=batch)
    if answers.shape[1] == 1:
        answers = np.hstack([1 - answers, answers])
    return answers[np.arange(len(answers)), numbers(model, label, len(answers))]


def occlusion(model, pictures, label, size=None, stride=None, fill=None, batch=32):
    """How much the label's probability falls when a square is covered: float32 (n, height, width).

    Each pixel has the mean fall over the squares that cover it; negative where covering helps.
    size: pixels a side of the square, an eighth of the picture when None; stride: from square to square,
    half of that. fill: its colour, the picture's mean when None.

    Source: Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2.

    Example: `labs.explain.occlusion(model, pictures, 281, size=32)`.
    """
    pictures = np.asarray(pictures, "float32")
    before = probabilities(model, pictures, label, batch)
    height, width = pictures.shape[1:3]
    size = size or max(1, min(height, width) // 8)
    squares = _squares(height, width, size, stride or max(1, size // 2))
    labels = numbers(model, label, len(pictures))
    maps = np.zeros(pictures.shape[:3], "float32")
    for picture, number, said, heat in zip(pictures, labels, before, maps, strict=True):
        colour = picture.mean(axis=(0, 1)) if fill is None else fill
        covered = np.repeat(picture[None], len(squares), axis=0)
        for one, (top, left) in zip(covered, squares, strict=True):
            one[top : top + size, left : left + size] = colour
        falls = said - probabilities(model, covered, int(number), batch)
        times = np.zeros(heat.shape, "float32")
        for fall, (top, left) in zip(falls, squares, strict=True):
            heat[top : top + size, left : left + size] += fall
            times[top : top + size, left : left + size] += 1
        heat /= times
    return maps


def _squares(height, width, size, stride):
    """Corners (top, left) such that every pixel is covered; the last row and column touch the border."""
    tops, lefts = (
        sorted({*range(0, max(1, side - size), stride), max(0, side - size)}) for side in (height, width)
    )
    return [(top, left) for top in tops for left in lefts]


@functools.lru_cache(maxsize=16)
def _answers(model):
    @traced(model)
    def answers(pictures):
        return main_output(model(pictures, training=False))

    return answers
