"""Rules for the graph that every format starts from: sizes that are known are written down, detours are cut short."""

import numpy as np
import tensorflow as tf


def known_size(node):
    """A size picked from a tensor's shape before the graph runs, where it is known by then."""
    if node.op != "StridedSlice" or node.source(0).op != "Shape":
        return None
    begin, end, step = (node.value(i) for i in (1, 2, 3))
    sizes = node.source(0).shape(0)
    if begin is None or end is None or step is None or len(begin) != 1 or not sizes:
        return None
    stop = None if node.attribute("end_mask") else int(end[0])
    start = None if node.attribute("begin_mask") else int(begin[0])
    if node.attribute("shrink_axis_mask"):
        start, stop = int(begin[0]), int(begin[0]) + 1 or None
    picked = sizes[slice(start, stop, int(step[0]))]
    if None in picked or node.attribute("new_axis_mask") or node.attribute("ellipsis_mask"):
        return None
    value = np.array(picked, "int32")
    return [], lambda: tf.constant(value[0] if node.attribute("shrink_axis_mask") else value)


def known_shape(node):
    """A Reshape to sizes computed on the way, of which all but one are known: -1 stands for that one."""
    if node.op != "Reshape" or node.value(1) is not None or not node.shape():
        return None
    sizes = [-1 if n is None else n for n in node.shape()]
    return (node.inputs[:1], lambda x: tf.reshape(x, sizes)) if sizes.count(-1) <= 1 else None


def all_true(node):
    """What is "and true" stays as it is: an attention's mask before its causal part is added."""
    chooses = node.op == "LogicalAnd" and all(user.op == "SelectV2" for user in node.users())
    for i in (0, 1) if node.op == "LogicalAnd" else ():
        other = node.source(1 - i)
        if not chooses and node.shape(i) != node.shape():
            continue  # who takes it counts on the larger shape
        if other.op == "Fill" and other.value(1) is not None and bool(other.value(1)):
            return node.inputs[i : i + 1], tf.identity
    return None


def plain_argmax(node):
    """Keras puts -0.0 below 0.0 before it looks for the largest, by bits that no other runtime has."""
    if node.op not in ("ArgMax", "ArgMin") or node.source(0).op != "SelectV2":
        return None
    select = node.source(0)
    if select.source(0).op != "LogicalAnd" or node.value(1) is None:
        return None
    both = select.source(0)
    if not any(both.source(i).op == "Less" and both.source(i).source(0).op == "BitwiseAnd" for i in (0, 1)):
        return None
    find = tf.argmax if node.op == "ArgMax" else tf.argmin
    axis, dtype = int(node.value(1)), node.attribute("output_type")
    return select.inputs[2:3], lambda x: find(x, axis, output_type=dtype)


def pixel_shuffle(node):
    """Channels laid out as small squares by reshape, transpose, reshape: DepthToSpace says it in one word."""
    turn = node.source(0) if node.op == "Reshape" else None
    if turn is None or turn.op != "Transpose" or turn.source(0).op != "Reshape":
        return None
    apart, result = turn.source(0), node.shape()
    if turn.value(1) is None or turn.value(1).tolist() != [0, 1, 3, 2, 4, 5] or len(apart.shape(0)) != 4:
        return None
    height, width, channels = apart.shape(0)[1:]
    block = apart.shape()[3]
    if None in (height, width, channels, block) or apart.shape()[1:5] != (height, width, block, block):
        return None
    if result[1:] != (height * block, width * block, channels // block**2):
        return None
    return apart.inputs[:1], lambda x: tf.nn.depth_to_space(x, block)


def dilated_sequence(node):
    """A 1-D convolution with gaps, sent through the batch by TensorFlow: a 2-D one of height 1 needs no detour."""
    if node.op != "BatchToSpaceND" or node.source(0).op != "Squeeze":
        return None
    convolution = node.source(0).source(0)
    if convolution.op != "Conv2D" or convolution.source(0).op != "ExpandDims":
        return None
    begin = convolution.source(0).source(0)
    if begin.op != "SpaceToBatchND" or len(begin.shape(0)) != 3 or len(node.value(1)) != 1:
        return None
    gap, padding = int(node.value(1)[0]), "SAME" if begin.value(2)[0, 0] else "VALID"
    kernel = convolution.inputs[1]

    def convolve(x, kernel):
        return tf.squeeze(tf.nn.conv2d(tf.expand_dims(x, 1), kernel, 1, padding, dilations=(1, gap)), [1])

    return [begin.inputs[0], kernel], convolve


def spectrum(node):
    """The real Fourier transform of frames of known length is a product with cosines and sines: no complex numbers."""
    if node.op not in ("ComplexAbs", "Real", "Imag") or node.source(0).op != "RFFT":
        return None
    transform = node.source(0)
    length, given = transform.value(1), transform.shape(0)[-1:]
    if length is None or given != (int(length[0]),):
        return None
    n = int(length[0])
    angles = 2 * np.pi * np.outer(np.arange(n), np.arange(n // 2 + 1)) / n
    cosines, sines = np.cos(angles).astype("float32"), -np.sin(angles).astype("float32")

    def part(x):
        real, imaginary = (tf.tensordot(x, waves, 1) for waves in (cosines, sines))
        return {"Real": real, "Imag": imaginary}.get(node.op, tf.sqrt(real * real + imaginary * imaginary))

    return transform.inputs[:1], part


def plain_functions(node):
    """Functions that some runtime has not, or only roughly, in common words; an area resize that is a mean of squares."""
    if node.op == "Expm1":
        return node.inputs, lambda x: tf.exp(x) - 1.0
    if node.op == "Softsign":
        return node.inputs, lambda x: x / (tf.abs(x) + 1.0)
    if node.op == "Log1p":
        return node.inputs, lambda x: tf.math.log(x + 1.0)
    if node.op != "ResizeArea" or None in node.shape(0)[1:3] + node.shape()[1:3]:
        return None
    (height, width), (rows, columns) = node.shape(0)[1:3], node.shape()[1:3]
    if height % rows or width % columns:
        return None
    square = (height // rows, width // columns)
    return node.inputs[:1], lambda x: tf.nn.avg_pool2d(x, square, square, "VALID")


RULES = (
    spectrum,
    plain_functions,
    known_size,
    pixel_shuffle,  # before its reshapes are taken for themselves
    known_shape,
    all_true,
    plain_argmax,
    dilated_sequence,
)
