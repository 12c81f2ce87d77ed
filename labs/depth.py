"""Disparity maps: judged against the truth, painted, and the two pictures they come from put side by side."""

from typing import NamedTuple

import numpy as np

from labs.errors import LabsError


class Errors(NamedTuple):
    """How far a disparity map is off. end_point: mean difference in pixels; bad2: share of pixels more than 2 pixels off."""

    end_point: float
    bad2: float

    def __str__(self):
        return f"{self.bad2:.1%} of the pixels are more than 2 off, {self.end_point:.2f} pixels on average"


def judge(truth, guess, where=None):
    """The Errors of a disparity map, over the pixels whose truth is known.

    truth, guess: (height, width), or several (n, height, width), in pixels; truth is NaN where nobody knows. where: bool of the same
    shape, the pixels to judge (default all). A matcher that leaves pixels out must fill them first. Measures of Middlebury's
    benchmark (Scharstein and Szeliski, 2002, section 5). Raises LabsError.

    Example: `labs.depth.judge(pair.disparity, guess, ~pair.hidden).bad2`.
    """
    truth, guess = np.asarray(truth), np.asarray(guess)
    if truth.shape != guess.shape:
        raise LabsError(
            f"The disparity is {guess.shape}, the truth {truth.shape}: resize it to the truth's size, and "
            "multiply it by the same factor."
        )
    known = np.isfinite(truth) if where is None else np.isfinite(truth) & where
    if not known.any():
        raise LabsError("No pixel has a known disparity: there is nothing to judge.")
    if wrong := int((~np.isfinite(guess[known])).sum()):
        raise LabsError(
            f"{wrong:,} of the disparities are NaN or infinite: fill them first, from their neighbours or with 0."
        )
    apart = np.abs(guess[known] - truth[known])
    return Errors(float(apart.mean()), float((apart > 2).mean()))


def side_by_side(left, right):
    """Both pictures in one, as a stereo network takes them: (height, 2 * width, 3). Raises LabsError.

    Example: `labs.predict("saved_models/stereo", labs.depth.side_by_side(left, right))`.
    """
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape:
        raise LabsError(
            f"The left picture is {left.shape}, the right one {right.shape}: a stereo pair has one size, cut or resize both alike."
        )
    return np.hstack([left, right])


def paint(disparity, largest=None):
    """A disparity map in colours, near red, far blue, unknown black: uint8 (height, width, 3).

    largest: the disparity that is the reddest (default: the map's own).
    """
    import cv2

    known = np.isfinite(disparity) & (disparity > 0)
    largest = largest or float(np.max(disparity, where=known, initial=1))
    levels = np.where(known, np.clip(255 * np.nan_to_num(disparity) / largest, 0, 255), 0).astype(np.uint8)
    return cv2.applyColorMap(levels, cv2.COLORMAP_TURBO)[..., ::-1] * known[..., None]
