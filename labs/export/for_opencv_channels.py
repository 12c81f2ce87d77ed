"""Arithmetic and sums along the channels of a picture, as OpenCV's TensorFlow importer reads them.

All are exact, but for logarithm and exponential in the place of a power.
"""

import numpy as np
import tensorflow as tf

LARGE = 1e30  # times a difference of two unlike numbers is above 1
FARTHEST = np.float32(3e38)  # nearly the largest float32


def power(node):
    """No Rsqrt and no Pow: the first needs positive numbers anyway; whole powers are products."""
    if node.op == "Rsqrt":
        return node.inputs, lambda x: tf.exp(-0.5 * tf.math.log(x))
    exponent = node.value(1) if node.op == "Pow" else None
    if exponent is None or exponent.size != 1:
        return None
    plain = {0.5: tf.sqrt, 2.0: lambda x: x * x, 3.0: lambda x: x * x * x}.get(float(exponent))
    return plain and (node.inputs[:1], plain)


def larger(node):
    """Maximum and Minimum read as leaky ReLU, or not at all; a true leaky ReLU has an operation of its own."""
    if node.op not in ("Maximum", "Minimum") or node.attribute("T") != tf.float32:
        return None
    tensor, other = (1, 0) if node.value(0) is not None else (0, 1)
    value = node.value(other)
    if value is None and node.shape(0) == node.shape(1):
        sign = 1.0 if node.op == "Maximum" else -1.0
        return node.inputs, lambda x, y: sign * tf.nn.relu(sign * (x - y)) + y
    if value is None or value.size != 1:
        return None
    floor, ceiling = (value, FARTHEST) if node.op == "Maximum" else (-FARTHEST, value)
    clip = tf.raw_ops.ClipByValue
    return [node.inputs[tensor]], lambda x: clip(t=x, clip_value_min=floor, clip_value_max=ceiling)


def summed(node):
    """A sum or mean along a vector, or along the channels of a picture: a product with ones."""
    if node.op not in ("Sum", "Mean") or not node.attribute("keep_dims"):
        return None
    shape, axes = node.shape(0), node.value(1)
    if axes is None or np.size(axes) != 1 or len(shape) not in (2, 4) or shape[-1] is None:
        return None
    if int(axes.ravel()[0]) % len(shape) != len(shape) - 1:
        return None
    ones = np.full((shape[-1], 1), 1 if node.op == "Sum" else 1 / shape[-1], "float32")
    return node.inputs[:1], lambda x: _channels(x, ones)


def _channels(x, matrix):
    """Each pixel's channels, or each vector, times a matrix."""
    return tf.matmul(x, matrix) if len(x.shape) == 2 else tf.nn.conv2d(x, matrix[None, None], 1, "VALID")


ARITHMETIC = {"Mul": tf.multiply, "AddV2": tf.add, "Sub": tf.subtract, "RealDiv": tf.divide}


def spread(node):
    """Arithmetic of a tensor with one of a single channel: that is copied to every channel first."""
    if node.op not in ARITHMETIC or len(node.shape()) not in (2, 4):
        return None
    one, other = node.shape(0), node.shape(1)
    values = [node.value(0), node.value(1)]
    if not one or not other or None in (one[-1], other[-1]) or one[-1] == other[-1]:
        return None
    if 1 not in (one[-1], other[-1]) or (one[1:-1] != other[1:-1] and not any(v is not None for v in values)):
        return None
    thin = 0 if one[-1] == 1 else 1
    if values[thin] is not None or (
        values[1 - thin] is not None and values[1 - thin].size != node.shape()[-1]
    ):
        return None
    copies, operation = np.ones((1, node.shape()[-1]), "float32"), ARITHMETIC[node.op]

    def spread_out(x, y):
        return operation(_channels(x, copies), y) if thin == 0 else operation(x, _channels(y, copies))

    return node.inputs, spread_out


def equal(node):
    """Equal, as 1 and 0: what is left of 1 when any difference is taken very many times."""
    if node.op != "Cast" or node.source(0).op != "Equal" or node.attribute("DstT") != tf.float32:
        return None
    both = node.source(0)
    if both.shape(0) != both.shape(1) or both.attribute("T") != tf.float32:
        return None
    return both.inputs, lambda x, y: tf.nn.relu(1 - LARGE * tf.abs(x - y))


def best_channel(node):
    """ArgMax over the channels of a picture: the first of those that equal the largest, as float32."""
    picked = node.source(0) if node.op == "Cast" else node
    if picked.op != "ArgMax" or len(picked.shape(0)) != 4 or None in picked.shape(0)[1:]:
        return None
    if int(picked.value(1)) % 4 != 3 or (node.op == "Cast" and node.attribute("DstT") != tf.float32):
        return None
    if node.op == "ArgMax" and any(user.op != "Identity" for user in node.users()):
        return None
    height, width, channels = picked.shape(0)[1:]
    from_the_end = np.arange(channels, 0, -1).astype("float32")
    copies = np.ones((1, channels), "float32")

    def first_of_the_largest(x):
        largest = _channels(tf.reduce_max(x, 3, keepdims=True), copies)
        found = tf.nn.relu(1 - LARGE * tf.abs(x - largest)) * from_the_end
        return tf.reshape(
            -1.0 * tf.reduce_max(found, 3, keepdims=True) + float(channels), (-1, height, width)
        )

    return picked.inputs[:1], first_of_the_largest


def softmax(node):
    """Softmax over the channels of a picture, which it takes along the width."""
    if node.op != "Softmax" or len(node.shape()) != 4 or node.shape()[-1] is None:
        return None
    copies = np.ones((1, node.shape()[-1]), "float32")

    def written_out(x):
        above = tf.exp(x - _channels(tf.reduce_max(x, 3, keepdims=True), copies))
        return above / _channels(above, copies.T @ copies)

    return node.inputs, written_out


def lone_scale(node):
    """A product with weights swallows the sum after it, whatever is added: a product with 1 between."""
    values = [node.value(0), node.value(1)] if node.op in ("Mul", "MatMul") else []
    if not any(value is not None and value.size > 1 for value in values):
        return None
    sums = [user for user in node.users() if user.op in ("Add", "AddV2")]
    if not any(user.value(0) is None and user.value(1) is None for user in sums):
        return None
    if node.op == "Mul":
        return node.inputs, lambda x, y: x * y * 1.0
    turned = {name: node.attribute(name) for name in ("transpose_a", "transpose_b")}
    return node.inputs, lambda x, y: tf.matmul(x, y, **turned) * 1.0
