"""A picture: output `picture` (N, height, width, 1 or 3), values 0..255."""

import numpy as np

from labs.kinds import Comparison, count_agreeing, output

JUDGED = ()
LEVELS = 1  # of 256: what rounding a pixel may decide


def trouble(card, labels):
    entry = output(card, "picture")
    if entry is None or len(entry["shape"]) != 4 or entry["shape"][3] not in (1, 3):
        return "it has no output `picture` (N, height, width, 1 or 3)"
    return None


def answers(outputs, card, labels):
    """Each picture as uint8."""
    return list(_levels(outputs["picture"]))


def in_picture(answer, network_size, picture_size):
    return answer  # as large as the network makes it: a super-resolution network's is larger than what it was given


def plain(answer):
    return answer.tolist()


def compare(expected, answer, card, labels, half):
    """No pixel more than one level of 256 away (five with weights in float16)."""
    apart = np.abs(_levels(expected["picture"]).astype(int) - _levels(answer["picture"]))
    largest = apart.reshape(len(apart), -1).max(axis=1)
    agree, first = count_agreeing(largest <= (5 * LEVELS if half else LEVELS))
    note = f"pixels differ by at most {largest.max()} of 255, by {apart.mean():.1e} on average"
    return Comparison(agree, note=note if largest.any() or first is not None else "")


def _levels(picture):
    return np.rint(np.clip(np.nan_to_num(picture), 0, 255)).astype(np.uint8)
