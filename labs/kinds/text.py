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


NATURAL = {"한": "한", "a": "a한", "A": "Aa한", "1": "1A한"}  # which scripts follow one within a word
PRICE = 3.0  # nats that another script within a word, or a letter with no blank before it, must bring in
LEAST = 1e-3  # a letter that is nowhere this probable is in no text


def script(letter):
    """The script of a letter: "한", "a", "A" or "1"; "" for marks and spaces, which go with all."""
    for name, first, last in (("한", "가", "힣"), ("a", "a", "z"), ("A", "A", "Z"), ("1", "0", "9")):
        if first <= letter <= last:
            return name
    return ""


def best_path(steps, labels):
    """The class at each step of the best path: steps (steps, classes), probabilities; class 0 is the blank.

    The path with the highest probability (Graves et al., ICML 2006, section 3.2), where two things cost PRICE: a script that does not
    follow within a word (o7 after 종 is rather 이, an S in the middle rather an s), and a letter right after another one, with no blank
    between (rather one letter than two that claim the same ink). By dynamic programming (Viterbi, 1967); web/public/js/ocr.js does the same.
    """
    used = 1 + np.flatnonzero(steps[:, 1:].max(axis=0) > LEAST)
    count, scripts = len(used), [script(labels[number - 1]) for number in used]
    change = np.array(
        [[0.0 if not a or not b or b in NATURAL[a] else PRICE for b in scripts] for a in scripts]
    )
    # places: in a letter; in the blank after it; in the blank before all of them
    cost = np.full((2 * count + 1, 2 * count + 1), np.inf)
    cost[:count, :count] = PRICE + change.reshape(count, count)
    cost[count:-1, :count] = change.reshape(count, count)
    cost[range(count), range(count, 2 * count)] = 0
    cost[-1, :count] = 0
    np.fill_diagonal(cost, 0)
    rows = np.log(steps[:, [*used, *[0] * (count + 1)]].astype(np.float64) + 1e-6)
    best, came = np.append(np.full(2 * count, -np.inf), 0.0), []
    for row in rows:
        ways = best[:, None] - cost
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path, place = [], best.argmax()
    for before in reversed(came):
        path.append(used[place] if place < count else 0)
        place = before[place]
    return np.array(path[::-1], int)


def scored(steps, labels):
    """The text of one picture and how sure the network is of it, 0 to 1: steps (steps, classes), probabilities or logits.

    The best path, repetitions and blanks left out; the score is the mean over the letters of the highest probability that each reaches.
    """
    steps = _probabilities(np.asarray(steps, np.float32))
    path = best_path(steps, labels)
    edges = np.flatnonzero(np.diff(path, prepend=-1, append=-1))
    letters = [(path[first], first, end) for first, end in pairwise(edges.tolist()) if path[first]]
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
