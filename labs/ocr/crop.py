"""A cut-out word as the reader wants it: grey, dark on light, tight, 40 pixels high.

Where a detector or a hand cuts is chance; a network that sees every word at one size needs less of everything.
"""

import numpy as np

from labs.hangul.lines import HEIGHT, STEP

MARGIN = 0.07  # of the ink's height, on every side
NARROWEST, LONGEST_LINE = 8 * STEP, 4096  # pixels


def line_picture(crop, height=HEIGHT, width=None):
    """The word of a crop as the reader's input: uint8 (1, height, width, 1).

    crop: grey (H, W) or (H, W, 1) or RGB (H, W, 3), 0..255, either polarity, with any margins. width: of the result; None
    for what the word needs, a multiple of 4. A word that is too wide is squeezed, a narrow one gets paper to its right.
    """
    import cv2

    grey = dark_on_light(as_grey(crop))
    top, bottom, left, right = ink_box(grey)
    pad = max(1, round(MARGIN * (bottom - top)))
    paper = cv2.copyMakeBorder(grey, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    word = paper[top : bottom + 2 * pad, left : right + 2 * pad]
    needed = max(NARROWEST, round(word.shape[1] * height / word.shape[0]))
    inside = min(needed, width or LONGEST_LINE)
    how = cv2.INTER_AREA if word.shape[0] > height else cv2.INTER_LINEAR
    word = cv2.resize(word, (inside, height), interpolation=how)
    whole = width or -(-inside // STEP) * STEP
    edge = int(np.median(word[:, -2:]))
    word = cv2.copyMakeBorder(word, 0, 0, 0, whole - inside, cv2.BORDER_CONSTANT, value=edge)
    return word[None, :, :, None]


def as_grey(pixels, highest=400):
    """uint8 (H, W) of grey or RGB pixels, made smaller when it is higher than `highest`: more says nothing new of a line."""
    import cv2

    pixels = np.asarray(pixels).astype(np.uint8)
    grey = (
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        if pixels.shape[2:] == (3,)
        else pixels.reshape(pixels.shape[:2])
    )
    scale = min(1, (highest or grey.shape[0]) / grey.shape[0])
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey


def dark_on_light(grey):
    """The picture with even light and full contrast, the ink dark: what fills the border is the paper."""
    import cv2

    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    border = np.concatenate([smooth[0], smooth[-1], smooth[:, 0], smooth[:, -1]])
    if np.mean(border <= level) > 0.5:
        grey = 255 - grey
    low, high = np.percentile(grey, (1, 95))
    if high - low < 12:  # nothing but paper
        return np.full_like(grey, 255)
    return np.clip((grey.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)


def ink_box(grey):
    """Top, bottom, left and right of the line's ink; the whole picture when there is none.

    What a neighbouring line has left at the upper or lower edge does not count.
    """
    import cv2

    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    paper = cv2.GaussianBlur(smooth, (0, 0), max(3.0, grey.shape[0] / 2))
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = (smooth <= level) & (smooth.astype(np.int16) < paper.astype(np.int16) - 8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    boxes = boxes[1:]
    least = max(2, (0.03 * grey.shape[0]) ** 2)
    boxes = boxes[boxes[:, 4] >= least]
    if not len(boxes):
        return 0, grey.shape[0], 0, grey.shape[1]
    boxes = boxes[_of_this_line(boxes, grey.shape[0])]
    ends = boxes[:, :2] + boxes[:, 2:4]
    return int(boxes[:, 1].min()), int(ends[:, 1].max()), int(boxes[:, 0].min()), int(ends[:, 0].max())


def _of_this_line(boxes, height):
    """Which components (rows x, y, width, height, area) belong to the line in the middle."""
    profile = np.zeros(height, int)
    for _, y, _, tall, area in boxes:
        profile[y : y + tall] += max(1, area // tall)
    filled = np.flatnonzero(profile)
    runs = np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)
    main = max(runs, key=lambda run: profile[run].sum())
    top, bottom = main[0], main[-1] + 1
    for run in runs:
        gap = max(top - run[-1] - 1, run[0] - bottom)
        at_edge = run[0] == 0 or run[-1] == height - 1
        if gap < (0.1 if at_edge else 0.6) * (main[-1] + 1 - main[0]):
            top, bottom = min(top, run[0]), max(bottom, run[-1] + 1)
    middle = boxes[:, 1] + boxes[:, 3] / 2
    return (middle >= top) & (middle <= bottom)
