"""Stereo pairs: rooms of boxes, spheres and poles before two cameras, rendered so that every pixel's depth is exact.

Photographs of open_photos are the textures; those of the parts "train" and "test" differ. The left camera stands at the
origin and looks along z; x is to the right, y is down, the unit is a metre. The right camera stands BASELINE further right.
"""

from typing import NamedTuple

import cv2
import numpy as np

from labs.data import open_photos
from labs.data.rooms import BASELINE, FOCAL, Room
from labs.errors import DataUnavailable, LabsError

TITLE = "Rendered stereo pairs"
LABELS = ("disparity",)
_COUNTS = {"full": (400, 40), "sample": (24, 6)}  # pairs to train on and to test on
_TEXTURES = {
    "train": ("brick", "grass", "clock", "coins", "hubble", "rocket", "retina", "text"),
    "test": ("gravel", "coffee", "chelsea", "astronaut", "tissue"),
}


class Pair(NamedTuple):
    """What two cameras see. left, right: uint8 (height, width, 3). disparity: float32 (height, width), how many pixels
    further left a point of the left picture stands in the right one; NaN where nobody knows. hidden: bool (height, width),
    pixels of the left picture whose point the right camera does not see. source: a sentence for figures."""

    left: np.ndarray
    right: np.ndarray
    disparity: np.ndarray
    hidden: np.ndarray
    source: str


def draw(size, train=None, test=None, height=192, width=320):
    """The arrays of a Dataset, the same at each call. x: uint8 (n, height, 2 * width, 3), the left picture and the right
    one side by side. y: float32 (n, height, width), the disparity of the left picture in pixels.

    train, test: how many pairs. Example: `labs.load("stereo", train=100).y_train[0].max()`.
    """
    arrays = []
    for part, wanted, usual in zip(("train", "test"), (train, test), _COUNTS[size], strict=True):
        pairs = [scene(number, part, height, width) for number in range(usual if wanted is None else wanted)]
        arrays.append(
            np.array([np.hstack(pair[:2]) for pair in pairs], np.uint8).reshape(-1, height, 2 * width, 3)
        )
        arrays.append(np.array([pair.disparity for pair in pairs], np.float32).reshape(-1, height, width))
    return arrays, TITLE


def scene(number, part="test", height=192, width=320):
    """The Pair of a number, 0 or more. part: "train" or "test".

    Example: `labs.data.stereo.scene(3).disparity.max()`.
    """
    if part not in _TEXTURES:
        raise LabsError(f'There is no part {part!r} of the stereo pairs: ask for "train" or "test".')
    if not 48 <= height <= 2048 or not 48 <= width <= 2048:
        raise LabsError(
            f"A scene of {width} x {height} pixels cannot be rendered: ask for 48 to 2,048 a side."
        )
    random = np.random.default_rng(({"train": 1, "test": 2}[part], number))
    room = Room(random, [open_photos.read(name) for name in _TEXTURES[part]], height / width)
    left, right = (_exposed(room.colours(eye, height, width), random) for eye in (0.0, BASELINE))
    disparities = [FOCAL * width * BASELINE / room.depth(eye, height, width) for eye in (0.0, BASELINE)]
    return Pair(left, right, disparities[0], hidden(*disparities), TITLE)


def real(size="full"):
    """The Pair "motorcycle" of Middlebury 2014 at a quarter of its size (500 x 741): a photograph with measured disparity.

    size="full" looks into LABS_DATA's scikit_image/, then asks scikit-image, which downloads it (2.5 MB, its hash checked);
    DataUnavailable when neither has it. "sample" renders a room in its place. The photograph carries no
    licence: measure with it, publish it not.
    """
    if size == "sample":
        return scene(1, "test")
    left, right, truth = _motorcycle()
    known = np.isfinite(truth)
    return Pair(
        left,
        right,
        np.where(known, truth, np.nan),
        np.zeros(truth.shape, bool),
        "Middlebury 2014, motorcycle",
    )


def hidden(left, right):
    """Which pixels of the left picture the right camera does not see: bool (height, width).

    left, right: the two pictures' disparities. A point is hidden when it would stand outside the right picture or
    behind what stands there.
    """
    width = left.shape[1]
    where = np.rint(np.arange(width) - left).astype(int)
    there = np.take_along_axis(right, where.clip(0, width - 1), axis=1)
    return (where < 0) | (there > left + 1)


def _motorcycle():
    from labs.data import classroom_folder

    folder = classroom_folder()
    folder = folder and folder / "scikit_image"
    if folder and (folder / "motorcycle_disp.npz").is_file():
        left, right = (
            open_photos.decode((folder / f"motorcycle_{side}.png").read_bytes()) for side in ("left", "right")
        )
        with np.load(folder / "motorcycle_disp.npz", allow_pickle=False) as file:
            return left, right, file["arr_0"].astype(np.float32)
    try:
        from skimage.data import stereo_motorcycle

        return stereo_motorcycle()
    except (ImportError, OSError, ValueError) as error:
        raise DataUnavailable(
            "The photograph with known disparity is not on this machine and scikit-image cannot fetch it: set LABS_DATA to "
            'a folder whose scikit_image/ has motorcycle_left.png, _right.png and _disp.npz, or ask for size="sample".'
        ) from error


def _exposed(colours, random):
    """What a camera makes of light: a gain of its own, a soft lens, noise; uint8."""
    soft = cv2.GaussianBlur(colours, (0, 0), random.uniform(0.3, 0.7)) * random.uniform(0.9, 1.1)
    return np.clip(soft + random.normal(0, random.uniform(0.5, 4), soft.shape), 0, 255).astype(np.uint8)
