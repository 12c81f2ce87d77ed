"""What OpenCV's TensorFlow importer (4.11 to 5.0) cannot read, or reads wrongly, written as what it reads.

Found by giving it each operation alone. It keeps pictures channels first, and loses its way where a
tensor is no picture; so the rules below prefer 1x1 convolutions to sums, products and picking along
the channels. for_opencv_channels.py and for_opencv_cuts.py have more of them.
"""

import numpy as np
import tensorflow as tf

from labs.errors import ExportError
from labs.export.for_opencv_channels import (
    best_channel,
    equal,
    larger,
    lone_scale,
    power,
    softmax,
    spread,
    summed,
)
from labs.export.for_opencv_cuts import cut

LONGEST_TURN = 2048  # numbers; a matrix of ones on the diagonal has the square of it
FARTHEST = np.float32(3e38)  # nearly the largest float32


def dilated(node):
    """It overlooks the dilations of a convolution, but knows the detour over the batch."""
    if node.op != "Conv2D" or max(node.attribute("dilations"), default=1) == 1:
        return None
    rate, padding = list(node.attribute("dilations"))[1:3], node.attribute("padding").decode()
    if padding not in ("SAME", "VALID") or max(node.attribute("strides")) > 1:
        return None
    return node.inputs, lambda x, kernel: tf.nn.convolution(x, kernel, padding=padding, dilations=rate)


def constant_picture(node):
    """A constant of a picture's shape (a grid of places) is joined to the picture and cut off again.

    So it is computed, not constant, and turned to channels first like the rest. One picture at a time.
    """
    if node.op not in ("Mul", "AddV2") or len(node.shape()) != 4 or None in node.shape()[1:]:
        return None
    tensor, other = (1, 0) if node.value(0) is not None else (0, 1)
    value, shape = node.value(other), node.shape(tensor)
    if value is None or (value.size in (1, shape[-1]) and value.shape[-1:] in ((), (1,), shape[-1:])):
        return None
    if shape != node.shape() or value.ndim > 4 or (value.ndim == 4 and value.shape[0] != 1):
        return None
    grid = np.broadcast_to(value, (1, *shape[1:])).astype("float32")
    channels = shape[-1]
    operation = tf.multiply if node.op == "Mul" else tf.add

    def joined(x):
        both = tf.concat([x, grid], 3)
        return operation(x, tf.slice(both, [0, 0, 0, channels], [-1, -1, -1, channels]))

    return node.inputs[tensor : tensor + 1], joined


def bigger_picture(node):
    """DepthToSpace: a transposed convolution that puts each channel in its place."""
    if node.op != "DepthToSpace" or None in node.shape()[1:]:
        return None
    block, (height, width, channels) = node.attribute("block_size"), node.shape()[1:]
    places = np.eye(block * block * channels, dtype="float32")
    kernel = places.reshape(block, block, channels, block * block * channels)
    size = (1, height, width, channels)
    return node.inputs, lambda x: tf.nn.conv2d_transpose(x, kernel, size, block, "VALID")


def symmetric(node):
    """Padding that mirrors the last row, too (SYMMETRIC), is read as the other kind, or crashes: rows one by one."""
    if node.op != "MirrorPad" or node.attribute("mode") != b"SYMMETRIC" or node.value(1) is None:
        return None
    paddings, sizes = node.value(1).tolist(), node.shape(0)
    if any(max(p) and n is None for p, n in zip(paddings, sizes, strict=True)):
        return None

    def pad(x):
        for axis, (before, after) in enumerate(paddings):
            first = [_row(x, axis, i) for i in range(before - 1, -1, -1)]
            last = [_row(x, axis, sizes[axis] - 1 - i) for i in range(after)]
            if first or last:
                x = tf.concat([*first, x, *last], axis)
        return x

    return node.inputs[:1], pad


def _row(x, axis, index):
    begin = [index if i == axis else 0 for i in range(len(x.shape))]
    return tf.slice(x, begin, [1 if i == axis else -1 for i in range(len(x.shape))])


def transposed(node):
    """The output size of a transposed convolution as a constant, for one picture: it takes any batch all the same."""
    if node.op != "Conv2DBackpropInput" or node.value(0) is not None:
        return None
    if None in node.shape()[1:]:
        raise ExportError(
            "OpenCV needs to know the size of transposed convolutions: fix the picture's, or use model.onnx."
        )
    size = [1, *node.shape()[1:]]
    strides, padding = list(node.attribute("strides")), node.attribute("padding").decode()
    return node.inputs[1:], lambda kernel, x: tf.nn.conv2d_transpose(x, kernel, size, strides, padding)


def stacked(node):
    """Pack along a new dimension: each part gets that dimension, then they are joined."""
    if node.op != "Pack" or node.attribute("T") != tf.float32 or None in node.shape()[1:]:
        return None
    axis = node.attribute("axis") % len(node.shape())
    part = [-1 if n is None else n for n in node.shape()]
    part[axis] = 1
    return axis and (node.inputs, lambda *parts: tf.concat([tf.reshape(p, part) for p in parts], axis))


def picture_of_vector(node):
    """A vector becomes a picture by way of a single pixel, which a convolution marks as a picture: one at a time."""
    if node.op != "Reshape" or len(node.shape(0)) != 2 or len(node.shape()) != 4:
        return None
    count, size = node.shape(0)[1], node.shape()[1:]
    if None in (count, *size) or size[:2] == (1, 1) or count != np.prod(size):
        return None
    before = node.source(0)
    while before.op in ("Relu", "LeakyRelu", "Tanh", "Sigmoid", "Elu", "Selu", "BiasAdd"):
        before = before.source(0)
    if before.op != "MatMul" and count > LONGEST_TURN:
        return None

    def picture(x):
        if before.op != "MatMul":  # after anything else it does not know any more that this is a vector
            x = tf.matmul(x, np.eye(count, dtype="float32"))
        return _marked(tf.reshape(_marked(tf.reshape(x, (1, 1, 1, count))), (-1, *size)))

    return node.inputs[:1], picture


def picture_of_picture(node):
    """After a change of a picture's sizes, too, it needs a convolution to know where the channels are."""
    if node.op != "Reshape" or len(node.shape(0)) != 4 or len(node.shape()) != 4 or None in node.shape()[1:]:
        return None
    size = node.shape()[1:]
    return node.inputs[:1], lambda x: _marked(tf.reshape(x, (-1, *size)))


def _marked(picture):
    """The same picture, by a convolution that changes nothing."""
    ones = np.ones((1, 1, picture.shape[3], 1), "float32")
    return tf.nn.depthwise_conv2d(picture, ones, [1, 1, 1, 1], "VALID")


def channels_first(outputs):
    """An output turned to channels first cannot be told from one that OpenCV has turned itself."""

    def rule(node):
        if node.op == "Transpose" and node.name in outputs and len(node.shape()) == 4:
            raise ExportError(
                "OpenCV turns pictures itself: leave out the last transpose, or use model.onnx."
            )

    return rule


def last_bias(outputs):
    """A bias merges into the layer before it, name and all; a product does not, so that an output keeps its name."""

    def rule(node):
        operation = {"BiasAdd": tf.nn.bias_add, "AddV2": tf.add}.get(node.op)
        if operation is None or node.name not in outputs or node.attribute("T") != tf.float32:
            return None
        return node.inputs, lambda x, bias: operation(x, bias) * 1.0

    return rule


RULES = (
    dilated,
    power,
    larger,
    cut,
    summed,
    spread,
    constant_picture,
    lone_scale,
    equal,
    best_channel,
    softmax,
    bigger_picture,
    symmetric,
    transposed,
    picture_of_vector,
    picture_of_picture,
    stacked,
)
