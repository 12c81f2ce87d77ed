"""The browser's graph model: model.json with the graph, and the weights in shards of 4 MB.

Source: the TensorFlow.js "graph-model" format, as its converter writes it.
"""

import json

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict

from labs.errors import ExportError
from labs.export import wire
from labs.export.for_tfjs import RULES
from labs.export.optimise import drop_idle
from labs.export.rewrite import rewrite, used_weights

SHARD = 4 << 20  # bytes; a size browsers cache
UNKNOWN = {  # operations of Keras layers that TF.js 4.22 does not have
    "Conv3DBackpropInputV2",
    "ImageProjectiveTransformV3",
    "ResizeArea",
    "ResizeBicubic",
    "ScaleAndTranslate",
}
STORED = {"int64": "int32"}  # JavaScript has no 64-bit whole numbers in typed arrays


def write_tfjs(graph, folder, precision="float32"):
    """Write `graph` into `folder`: model.json and group1-shardNofM.bin.

    precision "float16" halves the files; TF.js computes in float32 all the same.
    """
    definition = for_browsers(graph)
    unknown = sorted(UNKNOWN & {node.op for node in definition.node})
    if unknown:
        raise ExportError(f"TensorFlow.js has no {' and no '.join(unknown)}: use another format.")
    folder.mkdir()
    weights = used_weights(definition, graph.weights)
    topology, constants = _topology(definition, weights)
    arrays = {**constants, **weights}
    entries, pieces = [], []
    for name, array in arrays.items():
        entry, stored = _stored(name, array, precision)
        entries.append(entry)
        pieces.append(stored)
    paths = _write_shards(pieces, folder)
    model = {
        "format": "graph-model",
        "generatedBy": tf.__version__,
        "convertedBy": "labs",
        "signature": {
            "inputs": {t.name: _signature(t, t.name) for t in graph.inputs},
            "outputs": {t.name: _signature(t, t.name) for t in graph.outputs},
        },
        "modelTopology": topology,
        "weightsManifest": [{"paths": paths, "weights": entries}],
    }
    (folder / "model.json").write_text(json.dumps(model), encoding="utf-8")


def for_browsers(graph):
    """The graph of `graph` in operations that TensorFlow.js gets right; its constants may be large."""
    definition = rewrite(graph.definition, RULES, graph.weights)
    drop_idle(definition, {tensor.name for tensor in graph.outputs})
    return definition


def _topology(definition, weights):
    """The graph as JSON, its constants without their values, and those values by name."""
    constants, nodes = {}, []
    for node in definition.node:
        bare = type(node)()
        bare.CopyFrom(node)
        if node.op == "Const":
            constants[node.name] = tf.make_ndarray(node.attr["value"].tensor)
        if node.name in weights:
            array = weights[node.name]
            bare = type(node)(name=node.name, op="Const")
            bare.attr["dtype"].type = tf.as_dtype(array.dtype).as_datatype_enum
            bare.attr["value"].tensor.tensor_shape.CopyFrom(tf.TensorShape(array.shape).as_proto())
            bare.attr["value"].tensor.dtype = tf.as_dtype(array.dtype).as_datatype_enum
        elif node.op == "Const":
            for values in ("tensor_content", "float_val", "int_val", "int64_val", "bool_val", "string_val"):
                bare.attr["value"].tensor.ClearField(values)
        nodes.append(MessageToDict(bare))
    library = MessageToDict(definition.library)
    return {
        "node": nodes,
        "library": library,
        "versions": MessageToDict(definition.versions),
    }, constants


def _stored(name, array, precision):
    dtype = array.dtype.name
    entry = {"name": name, "shape": list(array.shape), "dtype": STORED.get(dtype, dtype)}
    if dtype == "float32" and precision == "float16" and array.size > 1:
        entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        return entry, array.astype("float16")
    return entry, np.ascontiguousarray(array, dtype=entry["dtype"])


def _signature(tensor, name):
    size = [{"size": str(-1 if n is None else n)} for n in tensor.shape]
    dtype = {"float32": "DT_FLOAT", "int32": "DT_INT32", "int64": "DT_INT64"}[tensor.dtype]
    return {"name": f"{name}:0", "dtype": dtype, "tensorShape": {"dim": size}}


def _write_shards(pieces, folder):
    """Cut the weights, one after the other, into files of SHARD bytes; return their names."""
    shards, room = [], 0
    for piece in pieces:
        data = piece.reshape(-1).view("uint8")
        while data.nbytes:
            if not room:
                shards.append([])
                room = SHARD
            shards[-1].append(data[:room])
            data, room = data[room:], room - min(room, data.nbytes)
    names = [f"group1-shard{i + 1}of{len(shards)}.bin" for i in range(len(shards))]
    for name, parts in zip(names, shards, strict=True):
        wire.write(folder / name, parts)
    return names
