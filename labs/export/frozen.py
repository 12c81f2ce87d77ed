"""The frozen graph: one .pb file with the weights as constants, for `cv2.dnn.readNet`."""

import numpy as np
import tensorflow as tf

from labs.errors import ExportError
from labs.export import wire
from labs.export.optimise import drop_idle
from labs.export.plain import constant, static_value

LIMIT = 2**31 - 1  # bytes; a protobuf message, and so a .pb, cannot be larger


def write_frozen(graph, path):
    """Write `graph` to `path`. Raises ExportError when it would pass protobuf's 2 GB."""
    definition = _for_opencv(graph)
    plain = [node for node in definition.node if node.name not in graph.weights]
    pieces = []
    for name, array in graph.weights.items():
        pieces += wire.field(1, *_constant(name, array))  # GraphDef.node
    small = type(graph.definition)(
        node=plain, versions=graph.definition.versions, library=graph.definition.library
    )
    pieces.append(small.SerializeToString())
    if wire.size(pieces) > LIMIT:
        raise ExportError("The weights pass 2 GB, more than a .pb can hold: leave out this format.")
    wire.write(path, pieces)


def _for_opencv(graph):
    """The graph with two things as OpenCV's importer wants them.

    - The output size of a transposed convolution is a constant, for one picture: OpenCV takes any
      batch all the same.
    - Softmax over the channels of a picture is written out, since OpenCV's runs along the width.
    """
    changed = type(graph.definition)()
    changed.CopyFrom(graph.definition)
    nodes = {node.name: node for node in changed.node}
    for node in [node for node in changed.node if node.op == "Conv2DBackpropInput"]:
        size = nodes[node.input[0]]
        if size.op == "Pack":
            fixed = [static_value(nodes, source) or 1 for source in size.input]
            node.input[0] = constant(changed, f"{node.name}_size", np.array(fixed, "int32"))
    for tensor in graph.outputs:
        if nodes[tensor.name].op == "Softmax" and len(tensor.shape) == 4 and tensor.shape[3]:
            _write_out_softmax(changed, nodes[tensor.name], channels=tensor.shape[3])
    drop_idle(changed, {tensor.name for tensor in graph.outputs})
    return changed


def _write_out_softmax(definition, node, channels):
    """exp(x - max) / sum(exp(x - max)); 1x1 convolutions with ones spread the maximum and add up."""

    def add(operation, name, *inputs, **attributes):
        new = definition.node.add(name=f"{node.name}_{name}", op=operation, input=inputs)
        new.attr["T"].type = tf.float32.as_datatype_enum
        for key, value in attributes.items():
            new.attr[key].CopyFrom(value)
        return new.name

    def ones(rows):
        name = f"{node.name}_ones{rows}"
        return constant(definition, name, np.ones((1, 1, rows, channels), "float32"))

    convolution = {
        "strides": _attribute(list={"i": [1, 1, 1, 1]}),
        "padding": _attribute(s=b"VALID"),
        "data_format": _attribute(s=b"NHWC"),
    }
    (x,) = node.input
    axis = constant(definition, f"{node.name}_axis", np.array([3], "int32"))
    largest = add(
        "Max", "max", x, axis, keep_dims=_attribute(b=True), Tidx=_attribute(type=tf.int32.as_datatype_enum)
    )
    spread = add("Conv2D", "spread", largest, ones(1), **convolution)
    exponential = add("Exp", "exp", add("Sub", "shifted", x, spread))
    total = add("Conv2D", "sum", exponential, ones(channels), **convolution)
    node.op = "RealDiv"
    node.input[:] = [exponential, total]


def _attribute(**value):
    return tf.compat.v1.AttrValue(**value)


def _constant(name, array):
    """The pieces of NodeDef{name, op: "Const", attr{dtype, value{tensor}}}."""
    array = np.ascontiguousarray(array)
    head = tf.compat.v1.NodeDef(name=name, op="Const")
    head.attr["dtype"].type = tf.as_dtype(array.dtype).as_datatype_enum
    tensor = tf.make_tensor_proto(np.empty(0, array.dtype), shape=(0,))
    tensor.tensor_shape.CopyFrom(tf.TensorShape(array.shape).as_proto())
    content = wire.field(4, array)  # TensorProto.tensor_content
    value = wire.field(8, tensor.SerializeToString(), *content)  # AttrValue.tensor
    entry = [*wire.field(1, b"value"), *wire.field(2, *value)]  # an entry of the map NodeDef.attr
    return [head.SerializeToString(), *wire.field(5, *entry)]
