"""Reads a data set's .npz file and checks that it holds what the lessons expect."""

import zipfile
import zlib

import numpy as np

from labs.errors import LabsError

# What NumPy raises for a file that is no .npz, or a torn one, or one of objects.
DAMAGED = (OSError, ValueError, EOFError, AttributeError, TypeError, KeyError, MemoryError)
DAMAGED += (zipfile.BadZipFile, zlib.error)
_KEYS = ("x_train", "y_train", "x_test", "y_test")


def read_arrays(path, picture, classes):
    """Return x_train, y_train, x_test, y_test of the .npz file `path`.

    picture: (height, width, channels); files of grey pictures may leave the channel out.
    Pictures come back as uint8 NHWC, classes as int64. LabsError says what is wrong with a file.

    Example: `read_arrays("mnist.npz", picture=(28, 28, 1), classes=10)`.
    """
    try:
        with np.load(path, allow_pickle=False) as file:  # a pickle could run a stranger's code
            missing = [key for key in _KEYS if key not in file]
            if missing:
                raise _broken(path, f"it has no {', '.join(missing)}")
            x_train, y_train, x_test, y_test = (file[key] for key in _KEYS)
    except DAMAGED as error:
        raise _broken(path, "it is truncated, or no .npz file of plain arrays") from error
    return (
        *_checked(path, "train", x_train, y_train, picture, classes),
        *_checked(path, "test", x_test, y_test, picture, classes),
    )


def _checked(path, part, x, y, picture, classes):
    grey = picture[:2] if picture[2] == 1 else None
    if x.dtype != np.uint8 or x.shape[1:] not in (picture, grey):
        raise _broken(
            path, f"x_{part} is {x.dtype} {x.shape}, not uint8 (pictures, {', '.join(map(str, picture))})"
        )
    if y.dtype.kind not in "iu" or y.shape not in ((len(x),), (len(x), 1)) or not len(y):
        raise _broken(path, f"y_{part} is {y.dtype} {y.shape}, not one whole number a picture")
    if y.min() < 0 or y.max() >= classes:
        raise _broken(path, f"y_{part} has classes {y.min()}..{y.max()}, not 0..{classes - 1}")
    return x.reshape(-1, *picture), y.reshape(-1).astype(np.int64)


def _broken(path, reason):
    return LabsError(f"{path} cannot be used ({reason}): remove it or put a good copy in its place.")
