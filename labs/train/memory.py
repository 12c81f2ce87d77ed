"""Keeps the memory of one training step for the next."""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
_GIGABYTE = 1 << 30


def keep_memory():
    """Stop the C library from giving each step's memory back to the system; True where that worked.

    A training step takes and frees hundreds of megabytes. Linux's C library returns blocks above
    32 MB at once, and the system clears each page before it hands it out again: a ReLU of
    256x32x32x32 numbers took 90 microseconds a picture, and 16 with the pages kept. The process holds
    its largest step's memory until it ends. Elsewhere than on Linux with glibc nothing is done.

    Example: `labs.train.keep_memory()`, once, before training.
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library than glibc
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _GIGABYTE) and mallopt(_TRIM_THRESHOLD, 2 * _GIGABYTE - 1))
