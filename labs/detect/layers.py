"""The layer that turns what a network of centres says into boxes, inside the graph."""

import keras
import numpy as np
from keras import layers, ops


@keras.saving.register_keras_serializable("labs")
class CenterBoxes(layers.Layer):
    """Heat maps and distances in, boxes out: (n, height * width, 6), rows of class, score, x0, y0, x1, y1.

    Takes the heat after its sigmoid (n, height, width, classes), and the distances in cells to the left, upper,
    right and lower side (n, height, width, 4). A cell that is not the largest of its 3x3 neighbours
    in a heat map has score 0: this takes the place of non-maximum suppression (Zhou et al., 2019, section 4). Every cell
    has its row, in the order of the cells, so that no runtime has to sort: whoever reads the boxes does.

    Example: `boxes = CenterBoxes(stride=4, name="boxes")([heat, distances])`.
    """

    def __init__(self, stride=4, **options):
        super().__init__(**options)
        self.stride = stride

    def call(self, inputs):
        heat, distances = inputs
        _, height, width, _ = heat.shape
        peaks = heat * ops.cast(ops.equal(heat, ops.max_pool(heat, 3, 1, "same")), heat.dtype)
        row, column = np.divmod(np.arange(height * width, dtype="float32"), width)
        cells = np.stack([column, row], axis=1).reshape(1, height, width, 2) + 0.5
        corners = [cells - distances[..., :2], cells + distances[..., 2:]]
        label = ops.cast(ops.argmax(peaks, axis=-1), heat.dtype)
        rows = [ops.expand_dims(label, -1), ops.max(peaks, axis=-1, keepdims=True)]
        rows += [self.stride * corner for corner in corners]
        return ops.reshape(ops.concatenate(rows, axis=-1), (-1, height * width, 6))

    def get_config(self):
        return {**super().get_config(), "stride": self.stride}
