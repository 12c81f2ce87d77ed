"""Filters for a first layer that need no training: they take neighbouring pixels' likeness away."""

import numpy as np


def whitening_filters(pictures, size=4, filters=24, seed=0):
    """Return convolution filters (size, size, channels, filters), float32, that whiten patches of `pictures`.

    Neighbouring pixels are nearly equal, so a network spends its first epochs on finding differences.
    The main components of the patches, each divided by its spread, do that at once: the answers of
    the filters are uncorrelated and of like strength. pictures: uint8 NHWC; the filters expect them
    scaled to 0..1 (Rescaling(1/255)) less their mean. The components come strongest first.

    Source: page 6 of Jordan, arXiv 2404.00498, after Page, "How to train your ResNet", 2018.

    Example: `whitening_filters(x_train, size=4, filters=24).shape` is (4, 4, 3, 24).
    """
    random = np.random.default_rng(seed)
    some = pictures[random.choice(len(pictures), min(len(pictures), 5_000), replace=False)] / np.float32(255)
    windows = np.lib.stride_tricks.sliding_window_view(some - some.mean((0, 1, 2)), (size, size), axis=(1, 2))
    rows = random.integers(windows.shape[1], size=(20, len(some)))
    columns = random.integers(windows.shape[2], size=(20, len(some)))
    patches = windows[np.arange(len(some)), rows, columns]  # (20, pictures, channels, size, size)
    patches = patches.transpose(0, 1, 3, 4, 2).reshape(-1, size * size * pictures.shape[-1])
    strengths, components = np.linalg.eigh(patches.T @ patches / len(patches))
    whitened = components / np.sqrt(strengths + 1e-4)  # 1e-4: noise should not be made as strong as shape
    strongest_first = whitened[:, ::-1][:, :filters]
    return strongest_first.reshape(size, size, pictures.shape[-1], -1).astype("float32")
