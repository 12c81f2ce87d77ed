"""What a layer's position sees, computed from the layers before it; and which patches excite a channel most."""

import functools
from dataclasses import dataclass

import numpy as np
from keras import tree

from labs.errors import LabsError
from labs.explain.network import chosen_layer, in_batches, layer_names, run, scores_and_maps, spec, traced


@dataclass(frozen=True)
class Field:
    """The pixels that a layer's position sees along one axis.

    size: how many; stride: how far the next position is; start: the first pixel of position 0, negative
    when it lies in the padding; count: how many positions there are.
    """

    size: int
    stride: int
    start: int
    count: int

    def window(self, kernel, stride, padding):
        """The field of a layer that looks through a window of `kernel` positions."""
        before, count = 0, (self.count - kernel) // stride + 1
        if padding == "same":
            count = -(-self.count // stride)
            before = max((count - 1) * stride + kernel - self.count, 0) // 2
        start = self.start - before * self.stride
        return Field(self.size + (kernel - 1) * self.stride, self.stride * stride, start, count)

    def span(self, position):
        """The first pixel that a position sees, and the first beyond; they may lie outside the picture."""
        first = self.start + position * self.stride
        return first, first + self.size


def receptive_field(model, layer=None):
    """The Fields (rows, columns) of a layer: the last with positions when None.

    Computed layer by layer (Dumoulin & Visin, "A guide to convolution arithmetic", 2016; Araujo et al.,
    "Computing Receptive Fields", Distill 2019). Branches that meet see what the widest one sees.

    Example: `labs.explain.receptive_field(model, "conv_pw_6_relu")[0].size` is 59 in MobileNet.
    """
    path = chosen_layer(model, layer)
    shape = spec(model).shape[1:3]
    if None in shape:
        raise LabsError("This network takes pictures of any size: build it with an input_shape first.")
    return tuple(_field(model, path, axis, side) for axis, side in enumerate(shape))


def strongest_patches(model, pictures, layer, channels, count=9, batch=32):
    """The patches that excite each of some channels of a layer most, one a picture, strongest first.

    Returns a list a channel of [(patch, number of its picture, (x0, y0, x1, y1), activation)]: the patch is
    what the strongest position sees, cut at the picture's border. pictures: (n, height, width, channels).

    Source: Girshick et al., "Rich feature hierarchies", CVPR 2014, section 3.1.

    Example: `labs.explain.strongest_patches(model, pictures, "conv_pw_6_relu", [17, 30])[0][0][0].shape`.
    """
    rows, columns = receptive_field(model, layer)
    most = layer_names(model)[chosen_layer(model, layer)][2]
    wrong = [channel for channel in channels if not 0 <= channel < most]
    if wrong:
        raise LabsError(f"Layer {layer!r} has no channel {wrong[0]}: its channels are 0 to {most - 1}.")
    maps = activations(model, pictures, layer, batch)
    return [_strongest(pictures, maps[..., channel], rows, columns, count) for channel in channels]


def _strongest(pictures, maps, rows, columns, count):
    height, width = np.shape(pictures)[1:3]
    patches = []
    for number in maps.max(axis=(1, 2)).argsort()[::-1][:count]:
        row, column = np.unravel_index(maps[number].argmax(), maps[number].shape)
        y0, y1 = np.clip(rows.span(int(row)), 0, height).tolist()
        x0, x1 = np.clip(columns.span(int(column)), 0, width).tolist()
        strength = float(maps[number, row, column])
        patches.append((pictures[number][y0:y1, x0:x1], int(number), (x0, y0, x1, y1), strength))
    return patches


def activations(model, pictures, layer=None, batch=32):
    """A layer's feature maps: float32 (n, height, width, channels); the last with positions when None.

    Example: `labs.explain.activations(model, pictures, "conv1_relu")`.
    """
    return in_batches(model, _activations(model, chosen_layer(model, layer)), pictures, batch=batch)


@functools.lru_cache(maxsize=16)
def _activations(model, path):
    @traced(model)
    def function(pictures):
        return scores_and_maps(model, pictures, path)[1]

    return function


def _field(model, path, axis, side):
    found = {}

    def step(op, here, *args, **kwargs):
        fields = [one for one in tree.flatten((args, kwargs)) if isinstance(one, Field)]
        found[here] = _through(op, axis, fields) if fields else None
        return found[here]

    run(model, Field(1, 1, 0, side), step)
    if found.get(path) is None:
        raise LabsError(f"The receptive field of {path!r} is not known: a layer before it moves the picture.")
    return found[path]


def _through(op, axis, fields):
    """The field behind one layer; None where positions end, or where it is not known."""
    field = max(fields, key=lambda one: one.size)
    kernel = getattr(op, "kernel_size", None) or getattr(op, "pool_size", None)
    if kernel and not type(op).__name__.endswith("Transpose"):
        dilation = getattr(op, "dilation_rate", (1, 1))
        dilation = dilation if isinstance(dilation, int) else dilation[axis]
        return field.window((kernel[axis] - 1) * dilation + 1, op.strides[axis], op.padding)
    name = type(op).__name__
    if name == "ZeroPadding2D":
        before, after = op.padding[axis]
        return Field(
            field.size, field.stride, field.start - before * field.stride, field.count + before + after
        )
    ends = ("Flatten", "Dense", "Global", "Resizing", "UpSampling", "Cropping", "Transpose", "Reshape")
    return None if any(word in name for word in ends) else field
