"""Disparity maps: judged against the truth, filled, painted, and the two pictures they come from put side by side."""

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
    shape, the pixels to judge (default all). What a matcher leaves out is to be filled first (`filled`). Measures of Middlebury's
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
            f"{wrong:,} of the disparities are NaN or infinite: fill them first (labs.depth.filled)."
        )
    apart = np.abs(guess[known] - truth[known])
    return Errors(float(apart.mean()), float((apart > 2).mean()))


def filled(disparity):
    """The disparity map (height, width) without holes: float32.

    A pixel that is negative (so OpenCV's matchers mark what they do not know) takes the farther of the nearest known ones at
    its left and right, since what one camera does not see lies behind; 0 where a whole row is unknown.

    Example: `labs.depth.filled(cv2.StereoSGBM_create(0, 64).compute(left, right) / 16)`.
    """
    disparity = np.asarray(disparity, np.float32)
    columns, known = np.arange(disparity.shape[1]), disparity >= 0
    before = np.maximum.accumulate(np.where(known, columns, 0), axis=1)
    after = np.minimum.accumulate(np.where(known, columns, columns[-1])[:, ::-1], axis=1)[:, ::-1]
    sides = [np.take_along_axis(disparity, place, axis=1) for place in (before, after)]
    farther = np.min([np.where(side < 0, np.inf, side) for side in sides], axis=0)
    return np.where(np.isfinite(farther), farther, 0).astype(np.float32)


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
