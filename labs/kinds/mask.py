"""A class for each pixel: outputs `scores` (N, height, width, classes) and `mask` (N, height, width), their argmax."""

import numpy as np

from labs.kinds import Comparison, count_agreeing, output

JUDGED = ("mask",)
EQUAL, EQUAL_HALF = 0.999, 0.99  # share of equal pixels that two runtimes must reach
TIE, TIE_HALF = (
    1e-4,
    1e-2,
)  # other pixels may differ only where two classes are that close (of the scores' spread)


def trouble(card, labels):
    scores, mask = output(card, "scores"), output(card, "mask")
    if scores is None or mask is None or len(scores["shape"]) != 4 or len(mask["shape"]) != 3:
        return "it has no outputs `scores` (N, height, width, classes) and `mask` (N, height, width)"
    if len(labels) != scores["shape"][3] or len(labels) > 256:
        return f"there are {len(labels)} labels for {scores['shape'][3]} classes"
    return None


def answers(outputs, card, labels):
    """(scores, mask) of each picture; the mask is uint8, (height, width)."""
    return list(zip(outputs["scores"], outputs["mask"].astype(np.uint8), strict=True))


def in_picture(answer, network_size, picture_size):
    """The class of each pixel of the picture, uint8 (height, width): scores stretched (bilinear), then the largest."""
    import cv2

    scores, mask = answer
    if mask.shape == tuple(picture_size):
        return mask
    best = np.full(picture_size, -np.inf, np.float32)
    stretched = np.zeros(picture_size, np.uint8)
    for number in range(scores.shape[2]):  # one class after the other: a photo of 12 megapixels has to fit
        score = cv2.resize(np.ascontiguousarray(scores[..., number]), picture_size[::-1])
        wins = score > best
        stretched[wins], best[wins] = number, score[wins]
    return stretched


def plain(answer):
    return answer.tolist()


def compare(expected, answer, card, labels, half):
    """Masks agree when nearly all pixels are equal and the others are ties of two classes."""
    share, tie = (EQUAL_HALF, TIE_HALF) if half else (EQUAL, TIE)
    scores, keras, ours = expected["scores"], expected["mask"].astype(int), answer["mask"].astype(int)
    if ours.min() < 0 or ours.max() >= scores.shape[3]:
        return Comparison(0, note="its mask has numbers that are no class")
    equal = keras == ours
    gaps = _score_of(scores, keras) - _score_of(scores, ours)  # how much less Keras thinks of our class
    gaps = np.where(equal, 0, gaps).max(axis=(1, 2)) / (np.ptp(scores) or 1.0)
    shares = equal.mean(axis=(1, 2))
    agree, first = count_agreeing((shares >= share) & (gaps <= tie))
    note = f"{shares.mean():.4%} of the pixels have the same class"
    if first is not None:
        note += f"; picture {first}: {shares[first]:.2%}, classes differ that are {gaps[first]:.1e} apart"
    return Comparison(agree, note="" if equal.all() else note)


def _score_of(scores, classes):
    return np.take_along_axis(scores, classes[..., None], axis=3)[..., 0]
