"""What a network of centres learns from: a heat map a class, and which box each cell belongs to."""

import numpy as np


def center_targets(objects, height, width, classes, stride=4, spread=0.54):
    """What a network of centres shall answer for one picture: float32 (height, width, classes + 5).

    objects: in pixels of the picture; height, width: of the map, a cell of which is stride x stride pixels.
    The first `classes` channels are heat maps: 1 at the cell of each centre, falling off as a Gaussian whose
    sigma is spread / 6 of the box, its own in x and y. Then x0, y0, x1, y1 in cells of the box that owns a cell, the smaller one
    where two do, and its weight, which sums to the logarithm of its area (Liu et al., 2020, TTFNet, sections 4.1, 4.2).

    Example: `center_targets(dataset.y_train[0], 60, 80, 3)`.
    """
    target = np.zeros((height, width, classes + 5), "float32")
    boxes = objects.boxes / stride
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    for number in np.argsort(-areas, kind="stable"):
        x0, y0, x1, y1 = boxes[number]
        column, row = min(int((x0 + x1) / 2), width - 1), min(int((y0 + y1) / 2), height - 1)
        across, down = (
            np.exp(-0.5 * ((np.arange(length) - place) / (max(size, 1) * spread / 6)) ** 2)
            for length, place, size in ((width, column, x1 - x0), (height, row, y1 - y0))
        )
        bump = down[:, None] * across
        heat = target[..., objects.classes[number]]
        np.maximum(heat, bump, out=heat)
        own = bump > 0.01
        target[own, classes : classes + 4] = boxes[number]
        target[own, classes + 4] = bump[own] / bump[own].sum() * max(np.log(areas[number]), 1)
    return target
