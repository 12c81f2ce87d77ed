"""What if the network could not see this? It needs nothing but the answers, so it works on any of them."""

import functools

import numpy as np

from labs.explain.network import in_batches, main_output, numbers, traced


def probabilities(model, pictures, label, batch=32):
    """The probability of `label` (a number, or one a picture): float32 (n,)."""
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
    stride = stride or max(1, size // 2)
    tops, lefts = ({*range(0, side - size, stride), max(0, side - size)} for side in (height, width))
    squares = [np.s_[top : top + size, left : left + size] for top in sorted(tops) for left in sorted(lefts)]
    labels = numbers(model, label, len(pictures))
    maps = np.zeros(pictures.shape[:3], "float32")
    for picture, number, said, heat in zip(pictures, labels, before, maps, strict=True):
        covered, times = np.repeat(picture[None], len(squares), axis=0), np.zeros(heat.shape, "float32")
        for one, square in zip(covered, squares, strict=True):
            one[square] = picture.mean(axis=(0, 1)) if fill is None else fill
        falls = said - probabilities(model, covered, int(number), batch)
        for fall, square in zip(falls, squares, strict=True):
            heat[square] += fall
            times[square] += 1
        heat /= np.maximum(times, 1)
    return maps


@functools.lru_cache(maxsize=16)
def _answers(model):
    return traced(model)(lambda pictures: main_output(model(pictures, training=False)))
