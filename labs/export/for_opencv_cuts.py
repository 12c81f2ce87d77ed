"""Cutting pieces out of a tensor, as OpenCV's TensorFlow importer reads it."""

import numpy as np
import tensorflow as tf


def cut(node):
    """A StridedSlice of a known shape: a Slice, picking of channels, or a cut along a vector."""
    if node.op != "StridedSlice" or None in node.shape(0)[1:] or len(node.shape(0)) < 2:
        return None
    picked = _picked(node)
    if picked is None or picked[0] != (0, None, 1):
        return None
    steps = [step for _, _, step in picked]
    if any(step != 1 for step in steps[:-1]):
        return (
            _every_few_pixels(node, picked) if len(steps) == 4 and steps[3] == 1 and min(steps) > 0 else None
        )
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


def _every_few_pixels(node, picked):
    """Every second row and column, say: the maximum over one pixel, with a stride."""
    (rows, down, columns, right) = (picked[1][0], picked[1][2], picked[2][0], picked[2][2])
    (height, width), channels = (picked[1][1] - rows, picked[2][1] - columns), picked[3]
    if len(node.shape()) != 4:
        return None
    begin, size = [0, rows, columns, channels[0]], [-1, height, width, channels[1] - channels[0]]
    stride = [1, down, right, 1]
    return node.inputs[:1], lambda x: tf.nn.max_pool2d(tf.slice(x, begin, size), 1, stride, "VALID")


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
