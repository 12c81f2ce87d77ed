"""What tf2onnx, or those who read its files, get wrong, written as what they get right."""

import numpy as np
import tensorflow as tf

from labs.export.for_opencv import symmetric
from labs.export.for_opencv_channels import spread

LOWEST = np.float32(-3e38)  # what a maximum never takes


def padded(node):
    """A strided convolution or maximum over a picture of open size: its padding, then itself without any.

    How much TensorFlow pads on which side ("SAME") then depends on the picture. ONNX says auto_pad =
    SAME_UPPER for that, and OpenCV pads evenly all the same. So the padding is computed in the graph.
    """
    if node.op not in ("Conv2D", "DepthwiseConv2dNative", "MaxPool") or node.attribute("padding") != b"SAME":
        return None
    strides = list(node.attribute("strides"))
    if None not in node.shape(0)[1:3] or max(strides) == 1 or max(_gaps(node), default=1) > 1:
        return None
    if node.op == "MaxPool":
        window = list(node.attribute("ksize"))
        return node.inputs, lambda x: tf.nn.max_pool2d(
            _pad(x, window, strides, LOWEST), window, strides, "VALID"
        )
    window = [1, *node.shape(1)[:2], 1]
    convolve = tf.nn.conv2d if node.op == "Conv2D" else tf.nn.depthwise_conv2d
    return node.inputs, lambda x, kernel: convolve(_pad(x, window, strides, 0), kernel, strides, "VALID")


def _gaps(node):
    return [1] if node.op == "MaxPool" else list(node.attribute("dilations"))


def _pad(x, window, strides, value):
    """The same numbers of rows and columns as TensorFlow adds: more below and on the right."""
    sizes = tf.shape(x)[1:3]
    reach = (sizes + (np.array(strides[1:3], "int32") - 1)) // strides[1:3] - 1
    missing = tf.maximum(reach * strides[1:3] + window[1:3] - sizes, 0)
    before = missing // 2
    inner = tf.stack([before, missing - before], 1)
    nothing = np.zeros((1, 2), "int32")
    return tf.pad(x, tf.concat([nothing, inner, nothing], 0), constant_values=value)


def added_number(node):
    """A convolution plus one number, at which tf2onnx 1.17 stops: it expects a number a channel."""
    if node.op not in ("Add", "AddV2") or None in node.shape()[-1:] or len(node.shape()) != 4:
        return None
    i = 0 if node.value(0) is not None else 1
    value = node.value(i)
    if value is None or value.ndim or not node.source(1 - i).op.startswith("Conv2D"):
        return None
    numbers = np.full(node.shape()[-1], value)
    return [node.inputs[1 - i]], lambda x: tf.raw_ops.AddV2(x=x, y=numbers)


def spread_map(node):
    """A map of one channel times (or plus) a picture of many, as attention has it: OpenCV trips over it."""
    return spread(node) if len(node.shape()) == 4 else None


def squared(node):
    """A map times itself: tf2onnx 1.17 moves a transposition past it and forgets the new shape, so that a map of height 1 is mangled."""
    itself = node.op == "Square" or (node.op == "Mul" and node.inputs[0] == node.inputs[1])
    if not itself or len(node.shape()) != 4:
        return None
    return node.inputs[:1], lambda x: tf.raw_ops.Pow(x=x, y=np.float32(2))


RULES = (padded, added_number, symmetric, spread_map, squared)
