"""Objects with their places: output `boxes` (N, K, 6), rows of label number, score, x0, y0, x1, y1 in pixels of the input.

K is fixed; rows without an object have the score 0. The card's `decode` holds `threshold`, below which no row counts, and
`nms`: the IoU from which the better of two boxes of one label drives out the other (null where the network needs none).
"""

from typing import NamedTuple

import numpy as np

from labs.kinds import Comparison, count_agreeing, output

JUDGED = ("boxes",)
CORNERS, CORNERS_HALF = 0.1, 1.0  # pixels
NEAR, NEAR_HALF = 1e-3, 2e-2  # so near the threshold, or another score, a rounding may decide


class Box(NamedTuple):
    """An object: label, score 0..1, left, top, right and bottom edge in pixels."""

    label: str
    score: float
    x0: float
    y0: float
    x1: float
    y1: float


def trouble(card, labels):
    entry, decode = output(card, "boxes"), card.get("decode", {})
    if entry is None or len(entry["shape"]) != 3 or entry["shape"][2] != 6:
        return "it has no output `boxes` (N, K, 6)"
    if not _share(decode.get("threshold")) or not (decode.get("nms") is None or _share(decode["nms"])):
        return "its `decode` has no `threshold` and `nms` from 0 to 1"
    return None if labels else "there are no labels"


def answers(outputs, card, labels):
    """The Boxes of each picture, best first."""
    return [
        [Box(labels[int(row[0])], *map(float, row[1:])) for row in decoded(rows, card, len(labels))]
        for rows in outputs["boxes"]
    ]


def decoded(rows, card, classes):
    """The rows (n, 6) that count: known label, score from the threshold on, not driven out by a better one; best first."""
    import cv2

    rows = np.asarray(rows, np.float64)
    known = np.isfinite(rows).all(1) & (rows[:, 0] > -0.5) & (rows[:, 0] < classes - 0.5)
    rows = rows[known & (rows[:, 1] >= card["decode"]["threshold"])]
    rows = rows[np.argsort(-rows[:, 1], kind="stable")]
    rows[:, 0] = np.rint(rows[:, 0])
    overlap = card["decode"].get("nms")
    if overlap is None or not len(rows):
        return rows
    corner, size = rows[:, 2:4], rows[:, 4:6] - rows[:, 2:4]
    kept = cv2.dnn.NMSBoxesBatched(
        np.hstack([corner, size]), rows[:, 1], rows[:, 0].astype(int), 0.0, overlap
    )
    return rows[np.sort(np.asarray(kept, int).ravel())]


def in_picture(answer, network_size, picture_size):
    y, x = picture_size[0] / network_size[0], picture_size[1] / network_size[1]
    return [Box(b.label, b.score, b.x0 * x, b.y0 * y, b.x1 * x, b.y1 * y) for b in answer]


def plain(answer):
    return [box._asdict() for box in answer]


def compare(expected, answer, card, labels, half):
    """The same set of boxes; one whose score is at the threshold may be missing on either side."""
    sets = [[decoded(rows, card, len(labels)) for rows in outputs["boxes"]] for outputs in (expected, answer)]
    apart = [
        _apart(ours, keras, card["decode"]["threshold"], half) for keras, ours in zip(*sets, strict=True)
    ]
    agree, first = count_agreeing(not note for _, note in apart)
    note = "" if first is None else f"picture {first}: {apart[first][1]}"
    return Comparison(agree, max(difference for difference, _ in apart), note)


def _apart(ours, keras, threshold, half):
    """Largest distance of two corners (pixels) of boxes that belong together, and what has no partner."""
    corners, near = (CORNERS_HALF, NEAR_HALF) if half else (CORNERS, NEAR)
    free, farthest, note = list(range(len(ours))), 0.0, ""
    for box in keras:
        distance = {n: np.abs(ours[n, 2:] - box[2:]).max() for n in free if ours[n, 0] == box[0]}
        partner = min(distance, key=distance.get, default=None)
        if partner is not None and distance[partner] <= corners and abs(ours[partner, 1] - box[1]) <= near:
            free.remove(partner)
            farthest = max(farthest, float(distance[partner]))
        elif box[1] >= threshold + near:
            note = (
                note
                or f"a box at {box[2:].round(1).tolist()} with score {box[1]:.3f} is missing or elsewhere"
            )
    extra = [n for n in free if ours[n, 1] >= threshold + near]
    if extra and not note:
        note = f"a box at {ours[extra[0], 2:].round(1).tolist()} is not Keras'"
    return farthest, note


def _share(value):
    return isinstance(value, int | float) and 0 <= value <= 1
