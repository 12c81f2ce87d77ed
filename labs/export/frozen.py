"""The frozen graph: one .pb file with the weights as constants, for `cv2.dnn.readNet`."""

import numpy as np
import tensorflow as tf

from labs.errors import ExportError
from labs.export import wire
from labs.export.for_opencv import RULES, channels_first, last_bias
from labs.export.optimise import drop_idle
from labs.export.plain import simplify
from labs.export.rewrite import nodes_of, rewrite, used_weights

THREE_D = {"AvgPool3D", "Conv3D", "Conv3DBackpropInputV2", "MaxPool3D"}
LIMIT = 2**31 - 1  # bytes; a protobuf message, and so a .pb, cannot be larger


def write_frozen(definition, weights, path):
    """Write a graph and its large weights to `path`. Raises ExportError when it would pass protobuf's 2 GB."""
    plain = [node for node in definition.node if node.name not in weights]
    pieces = []
    for name, array in weights.items():
        pieces += wire.field(1, *_constant(name, array))  # GraphDef.node
    small = type(definition)(node=plain, versions=definition.versions, library=definition.library)
    pieces.append(small.SerializeToString())
    if wire.size(pieces) > LIMIT:
        raise ExportError("The weights pass 2 GB, more than a .pb can hold: leave out this format.")
    wire.write(path, pieces)


def for_opencv(graph):
    """The graph in operations that OpenCV reads, as far as there are any, and the weights that it asks for."""
    outputs = {tensor.name for tensor in graph.outputs}
    if any(node.op in THREE_D or _is_volume(node) for node in nodes_of(graph.definition, graph.weights)):
        raise ExportError("OpenCV reads some 3-D layers of a .pb wrongly: use model.onnx in ONNX Runtime.")
    definition = rewrite(
        graph.definition, (*RULES, last_bias(outputs), channels_first(outputs)), graph.weights
    )
    simplify(definition)
    drop_idle(definition, outputs)
    return definition, used_weights(definition, graph.weights)


def _is_volume(node):
    return node.op in ("Max", "Mean") and len(node.shape(0)) == 5 and np.size(node.value(1)) == 3


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
