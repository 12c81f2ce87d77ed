"""What OpenCV's TensorFlow importer (4.11 to 5.0) cannot read, or reads wrongly, written as what it reads.

Found by giving it each operation alone. It keeps pictures channels first, and loses its way where a
tensor is no picture; so the rules below prefer 1x1 convolutions to sums, products and picking along
the channels. All are exact, but for logarithm and exponential in the place of a power.
"""

import numpy as np
import tensorflow as tf

LARGE = 1e30  # times a difference of two unlike numbers is above 1
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


def cut(node):
    """A StridedSlice of a known shape: a Slice, picking of channels, or a cut along a vector."""
    if node.op != "StridedSlice" or None in node.shape(0)[1:] or len(node.shape(0)) < 2:
        return None
    picked = _picked(node)
    if picked is None or picked[0] != (0, None, 1):
        return None
    if any(step != 1 for _, _, step in picked[:-1]):
        return None
    shape, result = node.shape(0), [-1 if n is None else n for n in node.shape()]
    channels = np.arange(shape[-1])[slice(*picked[-1])]
    begin = [0, *(b for b, _, _ in picked[1:-1]), int(channels[0])]
    size = [-1, *(e - b for b, e, _ in picked[1:-1]), len(channels)]
    if picked[-1][2] != 1:  # every second channel, or the channels turned round
        if len(shape) != 4 or any(n != m for n, m in zip(size[1:3], shape[1:3], strict=True)):
            return None
        chosen = np.eye(shape[-1], dtype="float32")[:, channels]
        return node.inputs[:1], lambda x: tf.nn.conv2d(x, chosen[None, None], 1, "VALID")
    if len(result) == len(shape):
        return node.inputs[:1], lambda x: tf.slice(x, begin, size)
    return node.inputs[:1], lambda x: tf.reshape(tf.slice(x, begin, size), result)


def _picked(node):
    """What a StridedSlice takes along each dimension: [(begin, end, step)]; None where it is not known."""
    begin, end, step = (node.value(i) for i in (1, 2, 3))
    if begin is None or end is None or step is None:
        return None
    bits = {m: node.attribute(f"{m}_mask") for m in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")}
    rank, taken, picked = len(node.shape(0)), len(begin), []
    if bits["new_axis"]:
        return None
    for i in range(taken):
        if bits["ellipsis"] >> i & 1:
            picked += [slice(None)] * (rank - taken + 1)
        elif bits["shrink_axis"] >> i & 1:
            picked.append(slice(int(begin[i]), int(begin[i]) + 1 or None))
        else:
            ends = [None if bits[m] >> i & 1 else int(v[i]) for m, v in (("begin", begin), ("end", end))]
            picked.append(slice(*ends, int(step[i])))
    picked += [slice(None)] * (rank - len(picked))
    first, *others = picked
    whole = first.start in (None, 0) and first.stop is None and first.step in (None, 1)
    sizes = node.shape(0)[1:]
    rest = [_plain(s, n) for s, n in zip(others, sizes, strict=True)]
    return [(0, None, 1) if whole else (1, None, 1), *rest]


def _plain(part, size):
    begin, end, step = part.indices(size)
    return (begin, None if end < 0 else end, step) if step < 0 else (begin, end, step)


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


def bigger_picture(node):
    """DepthToSpace: a transposed convolution that puts each channel in its place."""
    if node.op != "DepthToSpace" or None in node.shape()[1:]:
        return None
    block, (height, width, channels) = node.attribute("block_size"), node.shape()[1:]
    places = np.eye(block * block * channels, dtype="float32")
    kernel = places.reshape(block, block, channels, block * block * channels)
    size = (1, height, width, channels)
    return node.inputs, lambda x: tf.nn.conv2d_transpose(x, kernel, size, block, "VALID")


def transposed(node):
    """The output size of a transposed convolution as a constant, for one picture: it takes any batch all the same."""
    if node.op != "Conv2DBackpropInput" or node.value(0) is not None:
        return None
    size = [1, *(n or 1 for n in node.shape()[1:])]
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
    if None in (count, *size) or size[:2] == (1, 1):
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


def last_bias(outputs):
    """A bias merges into the layer before it, name and all; a product does not, so that an output keeps its name."""

    def rule(node):
        if node.op != "BiasAdd" or node.name not in outputs:
            return None
        return node.inputs, lambda x, bias: tf.nn.bias_add(x, bias) * 1.0

    return rule


RULES = (
    dilated,
    power,
    larger,
    cut,
    summed,
    spread,
    constant_picture,
    equal,
    best_channel,
    softmax,
    bigger_picture,
    transposed,
    picture_of_vector,
    picture_of_picture,
    stacked,
)
