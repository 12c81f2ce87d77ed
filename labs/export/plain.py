"""Operations written as simpler ones that every runtime knows."""

import math

import numpy as np
import tensorflow as tf


def constant(definition, name, value):
    """Add a constant to a GraphDef and return its name."""
    set_constant(definition.node.add(name=name), value)
    return name


def set_constant(node, array):
    """Make `node` a constant, written out in full.

    TensorFlow shortens a constant of equal numbers to one number, on which OpenCV stops
    (`getTensorContentRef`); a whole number on its own must stay in `int_val`, or OpenCV crashes.
    """
    array = np.asarray(array)
    tensor = tf.make_tensor_proto(array)
    if array.dtype.kind == "f" or (array.dtype.kind in "iu" and array.ndim):
        tensor = tf.make_tensor_proto(np.empty(0, array.dtype), shape=(0,))
        tensor.tensor_shape.CopyFrom(tf.TensorShape(array.shape).as_proto())
        tensor.tensor_content = array.tobytes()
    node.op = "Const"
    del node.input[:]
    node.attr.clear()
    node.attr["dtype"].type = tensor.dtype
    node.attr["value"].tensor.CopyFrom(tensor)


def make_placeholder(node, array):
    """Make `node` a placeholder for `array`, which is kept beside the graph."""
    del node.input[:]
    node.attr.clear()
    node.op = "Placeholder"
    node.attr["dtype"].type = tf.as_dtype(array.dtype).as_datatype_enum
    node.attr["shape"].shape.CopyFrom(tf.TensorShape(array.shape).as_proto())


def simplify(definition):
    """Rewrite, in place, what some runtime does not know or gets wrong."""
    for node in list(definition.node):
        if node.op == "Erfc":  # of Keras' exact GELU: erfc(x) = 1 - erf(x)
            error = _insert(definition, f"{node.name}_erf", "Erf", node.input, node)
            _become(node, "Sub", [constant(definition, f"{node.name}_one", np.float32(1)), error])
        elif node.op == "SquaredDifference":  # of LayerNormalization
            difference = _insert(definition, f"{node.name}_difference", "Sub", node.input, node)
            _become(node, "Mul", [difference, difference])
    nodes = {node.name: node for node in definition.node}
    for node in [node for node in definition.node if node.attr["T"].type == tf.float32.as_datatype_enum]:
        if node.op == "Neg":
            _become(node, "Mul", [node.input[0], constant(definition, f"{node.name}_minus", np.float32(-1))])
        elif node.op == "Sub" and nodes[node.input[0].partition(":")[0]].op == "Const":
            # OpenCV reads "constant minus tensor" as "tensor minus constant": make it -tensor + constant.
            minus = constant(definition, f"{node.name}_minus", np.float32(-1))
            negative = _insert(definition, f"{node.name}_negative", "Mul", [node.input[1], minus], node)
            _become(node, "AddV2", [negative, node.input[0]])


def _insert(definition, name, operation, inputs, like):
    node = definition.node.add(name=name, op=operation, input=inputs)
    node.attr["T"].CopyFrom(like.attr["T"])
    return name


def _become(node, operation, inputs):
    node.op = operation
    node.input[:] = inputs


def einsum(subscripts, *operands, **options):
    """Einstein's sum of two tensors as transpose, reshape and one matrix product.

    Takes the place of TensorFlow's during the trace: neither TF.js' wasm backend nor OpenCV knows
    Einsum.
    """
    inputs, _, result = subscripts.replace(" ", "").partition("->")
    if len(operands) != 2 or "." in subscripts or not result:
        return _tensorflow_einsum(subscripts, *operands, **options)
    left, right = inputs.split(",")
    a, b = (tf.convert_to_tensor(operand) for operand in operands)
    size = {**dict(zip(left, a.shape, strict=True)), **dict(zip(right, b.shape, strict=True))}
    shared = [c for c in left if c in right and c in result]
    summed = [c for c in left if c in right and c not in result]
    rows, columns = [c for c in left if c not in right], [c for c in right if c not in left]

    open_sizes = {
        c: tf.shape(tensor)[letters.index(c)]
        for tensor, letters in ((a, left), (b, right))
        for c in letters
        if size[c] is None
    }

    def sizes(groups):
        """The size of each group of letters; -1 for one that is unknown, computed where there are more."""
        known = [_product(size, group) for group in groups]
        if known.count(-1) <= 1:
            return known
        return tf.stack([math.prod(size[c] or open_sizes[c] for c in group) for group in groups])

    def matrices(tensor, letters, first, second):
        turned = _turn(tensor, [letters.index(c) for c in shared + first + second])
        return tf.reshape(turned, sizes([*shared, first, second]))

    product = tf.matmul(matrices(a, left, rows, summed), matrices(b, right, summed, columns))
    order = shared + rows + columns
    product = tf.reshape(product, sizes(order))
    return _turn(product, [order.index(c) for c in result])


def tensordot(a, b, axes, **options):
    """A Dense layer on sequences, as one matrix product of fixed shape (TensorFlow's asks at run time)."""
    if axes not in (1, [[-1], [0]]) and axes != [[a.shape.rank - 1], [0]]:
        return _tensorflow_tensordot(a, b, axes, **options)
    if a.shape.rank in (3, 4) and a.shape.as_list().count(None) > 1 and a.shape[-1]:
        return _each_pixel(a, b)
    letters = "abcdefghijkl"
    left = letters[: a.shape.rank]
    right = left[-1] + letters[a.shape.rank :][: b.shape.rank - 1]
    return einsum(f"{left},{right}->{left[:-1]}{right[1:]}", a, b)


def _each_pixel(a, b):
    """A Dense layer on pictures or sequences of any size, as a convolution of one pixel."""
    if a.shape.rank == 4:
        return tf.nn.conv2d(a, b[None, None], 1, "VALID")
    return tf.squeeze(tf.nn.conv2d(tf.expand_dims(a, 1), b[None, None], 1, "VALID"), [1])


def reverse(tensor, axis, name=None):
    """Turn a known number of time steps, or of a picture's rows or columns, round without ReverseV2.

    OpenCV knows no such operation, and picking (Gather) only in ONNX: a picture is cut up and put together.
    """
    (dimension,) = axis if isinstance(axis, (list, tuple)) and len(axis) == 1 else (None,)
    steps = None if dimension is None else tensor.shape[dimension]
    if steps is None:
        return _tensorflow_reverse(tensor, axis, name)
    if tensor.shape.rank == 4:
        return tf.concat(tf.split(tensor, steps, axis=dimension)[::-1], axis=dimension)
    return tf.gather(tensor, np.arange(steps)[::-1].astype("int32"), axis=dimension)


_tensorflow_einsum, _tensorflow_tensordot, _tensorflow_reverse = tf.einsum, tf.tensordot, tf.reverse


def _turn(tensor, order):
    return tensor if order == sorted(order) else tf.transpose(tensor, order)


def _product(size, letters):
    """The number of elements along some letters; -1 where one of them is unknown."""
    sizes = [size[c] for c in letters]
    return -1 if None in sizes else int(np.prod(sizes, dtype=int))
