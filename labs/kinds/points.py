"""Places with names: output `points` (N, P, 2 or 3), x, y and perhaps a score, in pixels of the input; labels name the points.

Where the card's `decode` says `"refine": "page"`, the four points are a page's corners, and labs.predict looks for its edges in the full picture.
"""

import numpy as np

from labs.kinds import Comparison, count_agreeing, output

JUDGED = ("points",)
CLOSE, CLOSE_HALF = 0.1, 1.0  # pixels


def trouble(card, labels):
    entry = output(card, "points")
    if entry is None or len(entry["shape"]) != 3 or entry["shape"][2] not in (2, 3):
        return "it has no output `points` (N, points, 2 or 3)"
    if len(labels) != entry["shape"][1]:
        return f"there are {len(labels)} labels for {entry['shape'][1]} points"
    if card.get("decode", {}).get("refine") not in (None, "page") or (_is_page(card) and len(labels) != 4):
        return 'its `decode` may only say `refine`: "page", of four points'
    return None


def answers(outputs, card, labels):
    """[(name, x, y)] of each picture."""
    return [
        [(name, float(row[0]), float(row[1])) for name, row in zip(labels, rows, strict=True)]
        for rows in outputs["points"]
    ]


def in_picture(answer, network_size, picture_size):
    y_scale, x_scale = picture_size[0] / network_size[0], picture_size[1] / network_size[1]
    return [(name, x * x_scale, y * y_scale) for name, x, y in answer]


def refined(answer, picture, card):
    """The answer made more exact by the picture that was given: uint8 (height, width, channels)."""
    if not _is_page(card):
        return answer
    from labs.kinds import page

    corners = page.refine(picture, [(x, y) for _, x, y in answer])
    return [(name, float(x), float(y)) for (name, *_), (x, y) in zip(answer, corners, strict=True)]


def _is_page(card):
    return card.get("decode", {}).get("refine") == "page"


def plain(answer):
    return [{"label": name, "x": x, "y": y} for name, x, y in answer]


def compare(expected, answer, card, labels, half):
    """Every point within a tenth of a pixel."""
    moved = np.abs(expected["points"] - answer["points"])[..., :2].max(axis=2)
    agree, first = count_agreeing((moved <= (CLOSE_HALF if half else CLOSE)).all(axis=1))
    note = (
        ""
        if first is None
        else f"picture {first}: {labels[moved[first].argmax()]} is {moved[first].max():.2f} pixels away"
    )
    return Comparison(agree, float(moved.max()), note)
