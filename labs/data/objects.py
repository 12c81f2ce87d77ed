"""What a detector learns from: the boxes of a picture's objects and their classes."""

from typing import NamedTuple

import numpy as np


class Objects(NamedTuple):
    """The objects of one picture; of a data set with boxes, `y_train[i]` are those of `x_train[i]`.

    boxes: float32 (objects, 4), x0, y0, x1, y1 in pixels of the picture, the edges of the box: a box around
    the whole picture is 0, 0, width, height. classes: int64 (objects,), numbers into `labels`. A
    picture without objects has boxes of shape (0, 4).

    Example: `objects.boxes[objects.classes == 2]` are the boxes of class 2.
    """

    boxes: np.ndarray
    classes: np.ndarray

    def scaled(self, factor):
        """The same objects in a picture that is `factor` times as large: one number, or one each for x and y."""
        across, down = np.broadcast_to(factor, 2)
        return Objects(self.boxes * np.array([across, down, across, down], "float32"), self.classes)


def objects(boxes, classes):
    """Objects of lists or arrays, in their right types and shapes."""
    return Objects(np.asarray(boxes, "float32").reshape(-1, 4), np.asarray(classes, "int64").reshape(-1))


def overlap(first, second):
    """IoU of every box of `first` (n, 4) with every box of `second` (m, 4): float64 (n, m), 0..1.

    Intersection over union, the measure of every detector (Everingham et al., 2010, section 4.2). An
    empty box overlaps nothing.

    Example: `overlap([[0, 0, 2, 2]], [[1, 0, 3, 2]])` is `[[1 / 3]]`.
    """
    first, second = (np.asarray(boxes, "float64").reshape(-1, 4) for boxes in (first, second))
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=-1)
    areas = [np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=-1) for boxes in (first, second)]
    return common / np.maximum(areas[0][:, None] + areas[1][None] - common, 1e-12)
