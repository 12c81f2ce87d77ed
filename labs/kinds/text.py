"""A line of text: output `text` (N, steps, classes), connectionist temporal classification with class 0 as the blank.

labels are the characters of the classes 1, 2, ... in their order. When the card's `decode` says `"crop": "tight"`, the
network wants its words as labs.ocr.line_picture makes them: tight, dark on light, of its height, of any width or its own.
"""

from itertools import pairwise

import numpy as np

from labs.kinds import Comparison, count_agreeing, output


def trouble(card, labels):
    entry = output(card, "text")
    if entry is None or len(entry["shape"]) != 3:
        return "it has no output `text` (N, steps, classes)"
    if len(labels) != entry["shape"][2] - 1:
        return f"there are {len(labels)} labels for {entry['shape'][2] - 1} characters and the blank"
    return None


def prepare(pixels, card):
    """The network's input of a picture: float32 (1, height, width, channels)."""
    from labs import preprocess

    if card.get("decode", {}).get("crop") != "tight":
        return preprocess.prepare(pixels, card)
    from labs.ocr.crop import line_picture

    _, height, width, _ = card["inputs"][0]["shape"]
    return line_picture(pixels, height, width).astype(np.float32)


def answers(outputs, card, labels):
    """The text of each picture."""
    return [scored(steps, labels)[0] for steps in outputs["text"]]


SHARED = 0.05  # of the probability: so much of a letter among the steps of its neighbour, and both mean the same ink


def scored(steps, labels):
    """The text of one picture and how sure the network is of it, 0 to 1: steps (steps, classes), probabilities or logits.

    The best class of each step, repetitions and blanks left out (Graves et al., ICML 2006, section 3.2); of two letters without a
    blank between them that claim each other's steps, as an s and an S do, the one with more probability stays. The score is
    the mean over the letters of the highest probability that each reaches.
    """
    steps = _probabilities(np.asarray(steps, np.float32))
    path, letters = steps.argmax(axis=1), []
    edges = np.flatnonzero(np.diff(path, prepend=-1, append=-1))
    for first, end in pairwise(edges.tolist()):
        number = path[first]
        if number and letters and letters[-1][2] == first:
            before, start, _ = letters[-1]
            if max(steps[start:first, number].mean(), steps[first:end, before].mean()) > SHARED:
                more = steps[start:end, [before, number]].sum(axis=0).argmax()
                letters[-1] = ((before, number)[more], start, end)
                continue
        if number:
            letters.append((number, first, end))
    text = "".join(labels[number - 1] for number, _, _ in letters)
    peaks = [steps[first:end, number].max() for number, first, end in letters]
    return text, float(np.mean(peaks)) if peaks else 0.0


def _probabilities(steps):
    if np.allclose(steps.sum(axis=1), 1, atol=0.02) and steps.min() >= 0:
        return steps
    chances = np.exp(steps - steps.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def in_picture(answer, network_size, picture_size):
    return answer


def plain(answer):
    return answer


JUDGED = ()


def compare(expected, answer, card, labels, half):
    """The same text."""
    keras, ours = answers(expected, card, labels), answers(answer, card, labels)
    agree, first = count_agreeing(k == o for k, o in zip(keras, ours, strict=True))
    return Comparison(
        agree, note="" if first is None else f"reads {ours[first]!r} where Keras reads {keras[first]!r}"
    )
