"""From what a network of centres says to boxes, inside the graph, in operations that every runtime has."""

import numpy as np
from keras import ops


def center_boxes(heat, sides, stride=4):
    """Boxes of all cells: (n, height * width, 6), rows of class, score, x0, y0, x1, y1 in pixels of the input.

    heat: after its sigmoid (n, height, width, classes). sides: distances in cells from a cell's middle to the left,
    upper, right and lower side (n, height, width, 4). A cell that is not the largest of its 3x3 neighbours in a heat map has
    score 0: this takes the place of non-maximum suppression (Zhou et al., 2019, section 4). Every cell has its row, in the order of the
    cells, so that no runtime has to sort: whoever reads the boxes does. Works on tensors of a model and on arrays.

    Example: `keras.Model(network.input, {"boxes": center_boxes(ops.sigmoid(heat), ops.exp(sides))})`.
    """
    _, height, width, classes = heat.shape
    peaks = heat * ops.cast(ops.equal(heat, ops.max_pool(heat, 3, 1, "same")), "float32")
    score = ops.max(peaks, axis=-1, keepdims=True)
    numbers = np.arange(classes, dtype="float32").reshape(1, 1, 1, classes)
    best = ops.relu(
        1e4 * (peaks - score) + 1.0
    )  # 1 for the best class, 0 for others; `equal` OpenCV cannot broadcast
    label = classes * ops.mean(best * numbers, axis=-1, keepdims=True)
    row, column = np.divmod(np.arange(height * width, dtype="float32"), width)
    middles = stride * (np.stack([column, row], axis=1).reshape(1, height, width, 2) + 0.5)
    corners = [-stride * sides[..., :2] + middles, stride * sides[..., 2:] + middles]
    return ops.reshape(ops.concatenate([label, score, *corners], axis=-1), (-1, height * width, 6))
