"""Glyphs as distance fields: what makes a stroke thicker, thinner or a single line in one table look-up.

For each glyph two pictures of SIZE x SIZE bytes are kept. Where the value is v, the distance is
(v - 128) / UNIT pixels to the outline (inside positive), or (v - 255) / UNIT pixels to the stroke's
middle line. A threshold then draws the glyph with any stroke thickness; see render.py.
"""

import numpy as np

from labs.errors import LabsError
from labs.hangul.fonts import open_face

SIZE = 64  # pixels: width and height of every picture
UNIT = 16  # values a pixel of distance: the fields reach 8 (outline) and 16 pixels (middle line)
INK = 46  # pixels: height or width of a face's typical syllable, as the notes' 48-point letters


def fields(face, syllables):
    """The distance fields of the syllables in one face.

    Returns uint8 (len(syllables), 2, SIZE, SIZE): [:, 0] to the outline, [:, 1] to the middle line.
    Raises LabsError when the face draws nothing for one of them.
    """
    letter = open_face(face, _points(face, syllables))
    return np.stack([_both(_mask(letter, syllable, face)) for syllable in syllables])


def _points(face, syllables):
    """The font size at which the face's median syllable measures 2 * INK pixels."""
    letter = open_face(face, 100)
    boxes = [letter.getmask(syllable).getbbox() for syllable in syllables[:: max(1, len(syllables) // 32)]]
    extents = [max(box[2] - box[0], box[3] - box[1]) for box in boxes if box]
    if not extents:
        raise LabsError(f"{face.family} ({face.path.name}) draws none of the syllables: choose another face.")
    return max(8, round(100 * 2 * INK / float(np.median(extents))))


def _mask(letter, syllable, face):
    """The glyph at twice the size, its ink centred, True where there is ink."""
    mask = letter.getmask(syllable, mode="L")
    box = mask.getbbox()
    if box is None:
        raise LabsError(
            f"{face.family} ({face.path.name}) draws nothing for {syllable}: choose another face."
        )
    ink = np.asarray(mask, dtype=np.uint8).reshape(mask.size[::-1])[box[1] : box[3], box[0] : box[2]]
    ink = ink[: 2 * SIZE, : 2 * SIZE]
    canvas = np.zeros((2 * SIZE, 2 * SIZE), np.uint8)
    top, left = (2 * SIZE - ink.shape[0]) // 2, (2 * SIZE - ink.shape[1]) // 2
    canvas[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return (canvas > 127).astype(np.uint8)


def _both(mask):
    import cv2

    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
    outline = 128 + UNIT / 2 * (inside - outside)  # the mask has twice the resolution
    line = 255 - UNIT / 2 * cv2.distanceTransform(1 - middle_line(mask), cv2.DIST_L2, 5)
    pair = [cv2.resize(field, (SIZE, SIZE), interpolation=cv2.INTER_AREA) for field in (outline, line)]
    return np.clip(pair, 0, 255).astype(np.uint8)


def middle_line(mask):
    """The one-pixel skeleton of a 0/1 uint8 picture (Zhang and Suen, CACM 27:3, 1984)."""
    import cv2

    # Each pixel's eight neighbours make one byte, and a table says which bytes may be peeled off.
    weights = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)
    line = mask.copy()
    changed = True
    while changed:
        changed = False
        for table in _peel_tables():
            byte = cv2.filter2D(line, cv2.CV_8U, weights, borderType=cv2.BORDER_CONSTANT)
            peeled = cv2.LUT(byte, table) & line
            if peeled.any():
                line ^= peeled
                changed = True
    return line


def _peel_tables(cache=[]):  # noqa: B006 - made once
    if not cache:
        byte = np.arange(256)
        p = [(byte >> bit) & 1 for bit in range(8)]  # p[0] north, then clockwise
        neighbours = sum(p)
        rises = sum((p[i] == 0) & (p[(i + 1) % 8] == 1) for i in range(8))
        common = (neighbours >= 2) & (neighbours <= 6) & (rises == 1)
        north, east, south, west = p[0], p[2], p[4], p[6]
        first = common & (north * east * south == 0) & (east * south * west == 0)
        second = common & (north * east * west == 0) & (north * south * west == 0)
        cache += [first.astype(np.uint8), second.astype(np.uint8)]
    return cache
