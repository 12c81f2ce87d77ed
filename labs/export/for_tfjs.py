"""What TensorFlow.js 4.22 does not have, or its WebAssembly kernels get wrong without a word, written as what they get right.

Found by running every kernel on the same small tensors in plain JavaScript and in WebAssembly.
"""

import numpy as np
import tensorflow as tf


def each_group(node):
    """There are no grouped convolutions: one convolution a group."""
    kernel = node.value(1) if node.op == "Conv2D" else None
    if kernel is None or node.shape(0)[-1] in (None, kernel.shape[2]):
        return None
    groups = node.shape(0)[-1] // kernel.shape[2]
    kernels = np.split(kernel, groups, axis=3)
    strides, gaps = list(node.attribute("strides")), list(node.attribute("dilations")) or 1
    padding = node.attribute("padding").decode()

    def convolve(x):
        parts = zip(tf.split(x, groups, axis=3), kernels, strict=True)
        return tf.concat([tf.nn.conv2d(x, k, strides, padding, dilations=gaps) for x, k in parts], 3)

    return node.inputs[:1], convolve


def picked_in_each(node):
    """Picking from each picture by its own numbers reads the wrong rows: number the rows of all pictures through."""
    batch = node.attribute("batch_dims") if node.op == "GatherV2" else 0
    if not batch or node.value(2) is None or int(node.value(2)) % len(node.shape(0)) != batch:
        return None
    rows, rest = node.shape(0)[batch], node.shape(0)[batch + 1 :]
    result = [-1 if n is None else n for n in node.shape()]
    if None in (rows, *rest, *node.shape(1)[batch:]) or result.count(-1) > 1:
        return None
    picks = int(np.prod(node.shape(1)[batch:], dtype=int))

    def pick(x, index):
        together = tf.reshape(x, (-1, *rest))
        index = tf.reshape(index, (-1, picks))
        first = tf.range(tf.shape(index)[0]) * rows
        return tf.reshape(tf.gather(together, index + tf.expand_dims(first, 1)), result)

    return node.inputs[:2], lambda x, index: pick(x, tf.cast(index, tf.int32))


def whole_numbers(node):
    """Clipping whole numbers does not clip; cutting them with a step gives them out as float32."""
    if node.attribute("T") != tf.int32 if node.op in ("ClipByValue", "StridedSlice") else True:
        return None
    if node.op == "ClipByValue":
        return node.inputs, lambda x, least, most: tf.minimum(tf.maximum(x, least), most)
    if node.value(3) is None or set(node.value(3).tolist()) == {1}:
        return None
    masks = {name: node.attribute(name) for name in MASKS}

    def cut(x, begin, end, step):
        picked = tf.raw_ops.StridedSlice(
            input=tf.cast(x, tf.float32), begin=begin, end=end, strides=step, **masks
        )
        return tf.cast(picked, tf.int32)

    return node.inputs, cut


def one_hot(node):
    """OneHot compares wrongly."""
    values = [node.value(i) for i in (1, 2, 3)] if node.op == "OneHot" else [None]
    if values[0] is None or values[1:] != [1, 0] or node.attribute("axis") != -1:
        return None
    numbers = np.arange(int(values[0]))

    def compared(index):
        same = tf.equal(tf.cast(tf.expand_dims(index, -1), tf.int32), numbers.astype("int32"))
        return tf.cast(same, node.attribute("T"))

    return node.inputs[:1], compared


MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
RULES = (each_group, picked_in_each, whole_numbers, one_hot)
