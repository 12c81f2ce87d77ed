"""Anchors: boxes that stand on a grid, which of them answers for which object, and how an object differs from its anchor."""

import numpy as np

from labs.data.objects import overlap


def anchor_grid(sizes, height, width):
    """Anchors around the middle of every cell: float32 (anchors, 4), x0, y0, x1, y1 in pixels.

    sizes: {stride: [(width, height), ...]}; a map of that stride has height / stride x width / stride cells. The order is
    that of a network's answers: map by map, row by row, cell by cell, size by size.

    Example: `anchor_grid({16: [(50, 50), (104, 94)]}, 240, 320).shape` is `(600, 4)`.
    """
    grids = []
    for stride, wanted in sizes.items():
        rows, columns = np.mgrid[: height // stride, : width // stride] + 0.5
        middles = stride * np.stack([columns, rows], axis=-1).reshape(-1, 1, 2)
        halves = np.array(wanted, "float32") / 2
        grids.append(np.concatenate([middles - halves, middles + halves], axis=-1).reshape(-1, 4))
    return np.concatenate(grids).astype("float32")


def match(anchors, boxes, high=0.7, low=0.3):
    """For each anchor the number of its box, -1 for background, -2 for one that is not asked: int64 (anchors,).

    An anchor belongs to the box that it overlaps most if that is `high` (IoU) or more, is background below `low`; and each
    box gets the anchor that fits it best in any case (Ren et al., 2015, section 3.1.2).

    Example: `owner = match(anchors, objects.boxes)`.
    """
    overlaps = overlap(anchors, boxes)
    most = overlaps.max(axis=1, initial=0)
    if not len(boxes):
        return np.full(len(anchors), -1)
    owner = np.where(most >= high, overlaps.argmax(axis=1), np.where(most < low, -1, -2))
    owner[overlaps.argmax(axis=0)] = np.arange(len(boxes))
    return owner


def encode(boxes, anchors):
    """How boxes differ from their anchors, (n, 4): shift in x and y in units of the anchor, logarithms of the sizes' ratios."""
    boxes, anchors = np.asarray(boxes), np.asarray(anchors)
    size, wide = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    return np.concatenate([shift / wide, np.log(size / wide)], axis=1).astype("float32")


def decode(code, anchors):
    """The way back from `encode`, in NumPy or in a graph: (..., n, 4)."""
    from keras import ops

    wide = anchors[:, 2:] - anchors[:, :2]
    middle = (
        code[..., :2] * wide + (anchors[:, :2] + anchors[:, 2:]) / 2
    )  # a graph's tensor has to stand first
    half = ops.exp(code[..., 2:]) * wide / 2
    return ops.concatenate([middle - half, middle + half], axis=-1)
