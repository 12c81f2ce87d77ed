"""ONNX: tf2onnx translates the small graph, then the large weights are put in as initializers."""

import logging
from itertools import count

import numpy as np
import onnx
import tensorflow as tf
from onnx.reference import ReferenceEvaluator

from labs.errors import ExportError
from labs.export import wire
from labs.export.for_onnx import RULES
from labs.export.rewrite import rewrite

OPSET = 17  # what OpenCV 4.11 and ONNX Runtime 1.17 read, with LayerNormalization
LIMIT = 2**31 - 1  # bytes; past it the weights go into a file of their own
# What can stand between a weight and its use; computed once here instead of at each run.
FOLDABLE = {
    "Transpose",
    "Reshape",
    "Squeeze",
    "Unsqueeze",
    "Cast",
    "Identity",
    "Split",
    "Slice",
    "Concat",
    "Gather",
}


# What tf2onnx translates into something else, or into what nobody reads.
LOOP = "loop (a recurrent layer over an open number of steps: fix it in keras.Input)"
UNKNOWN = {"ResizeArea": "area resize (but by whole factors)"}
UNKNOWN |= dict.fromkeys(("StatelessWhile", "TensorListFromTensor", "While"), LOOP)


def write_onnx(graph, path, precision="float32"):
    """Write `graph` to `path`; weights past 2 GB go beside it, into `path`.data.

    precision "float16" stores the weights in 16 bits and computes in 32.
    """
    model = _translate(graph)
    weights = _fold(model, graph.weights)
    if precision == "float16":
        weights = _halve(model, weights)
    _write(model, weights, path)


def _translate(graph):
    from tf2onnx import optimizer
    from tf2onnx.tfonnx import process_tf_graph

    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)  # what it has no words for is said below
    definition = rewrite(graph.definition, RULES, graph.weights)
    with tf.Graph().as_default() as plain:
        tf.import_graph_def(definition, name="")
        names = [f"{t.name}:0" for t in graph.inputs] + [f"{name}:0" for name in graph.weights]
        outputs = [f"{t.name}:0" for t in graph.outputs]
        translated = process_tf_graph(plain, opset=OPSET, input_names=names, output_names=outputs)
    model = optimizer.optimize_graph(translated, catch_errors=False).make_model("labs")
    unknown = {UNKNOWN[op] for op in UNKNOWN.keys() & {node.op for node in definition.node}}
    unknown |= {
        node.op_type for node in model.graph.node if not node.domain and not onnx.defs.has(node.op_type)
    }
    if unknown:
        raise ExportError(
            f"ONNX has no operation for TensorFlow's {' and '.join(sorted(unknown))}: use another format."
        )
    _rename(model, {name: name.removesuffix(":0") for name in names + outputs})
    _free_batch(model)
    return model


def _rename(model, names):
    """Give inputs and outputs their own names, without TensorFlow's ":0"."""
    for value in [*model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer]:
        value.name = names.get(value.name, value.name)
    for node in model.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]


def _free_batch(model):
    """Call the first dimension "batch" where it is free."""
    for value in [*model.graph.input, *model.graph.output]:
        dimensions = value.type.tensor_type.shape.dim
        if dimensions and not dimensions[0].HasField("dim_value"):
            dimensions[0].dim_param = "batch"


def _fold(model, weights):
    """Compute what depends on weights alone, and return the weights the graph then asks for."""
    known = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    small = set(known)
    known.update(weights)
    kept = []
    for node in model.graph.node:
        large = any(name in known and name not in small for name in node.input)
        if large and node.op_type in FOLDABLE and all(not name or name in known for name in node.input):
            values = _run(node, known, model.opset_import)
            known.update(zip(node.output, values, strict=True))
        else:
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    used = {name for node in kept for name in node.input} | {value.name for value in model.graph.output}
    initializers = [t for t in model.graph.initializer if t.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(initializers)
    return {name: value for name, value in known.items() if name in used and name not in small}


def _run(node, known, opsets):
    if node.op_type == "Transpose":  # by far the most common; NumPy does it without a copy
        order = next((tuple(a.ints) for a in node.attribute if a.name == "perm"), None)
        return [np.transpose(known[node.input[0]], order)]
    feeds = {name: known[name] for name in node.input if name}
    typed = [
        onnx.helper.make_tensor_value_info(n, onnx.helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
        for n, v in feeds.items()
    ]
    results = [onnx.ValueInfoProto(name=name) for name in node.output]
    alone = onnx.helper.make_model(
        onnx.helper.make_graph([node], "one", typed, results), opset_imports=opsets
    )
    return ReferenceEvaluator(alone).run(None, feeds)


def _halve(model, weights):
    """Store float32 weights in 16 bits, each with a Cast back to 32 before its use."""
    halves, casts, number = {}, [], count()
    for name, value in weights.items():
        if value.dtype != np.float32:
            halves[name] = value
            continue
        stored = f"half{next(number)}"
        halves[stored] = value.astype("float16")
        casts.append(onnx.helper.make_node("Cast", [stored], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return halves


def _write(model, weights, path):
    """Write ModelProto{..., graph{..., initializer...}}, the weights straight from NumPy."""
    total = sum(value.nbytes for value in weights.values())
    outside = total + model.ByteSize() > LIMIT - (1 << 20)
    inner, offset = [model.graph.SerializeToString()], 0
    for name, value in weights.items():
        tensor = onnx.TensorProto(
            name=name, dims=value.shape, data_type=onnx.helper.np_dtype_to_tensor_dtype(value.dtype)
        )
        if outside:
            tensor.data_location = onnx.TensorProto.EXTERNAL
            where = {"location": f"{path.name}.data", "offset": offset, "length": value.nbytes}
            for key, text in where.items():
                tensor.external_data.add(key=key, value=str(text))
            offset += value.nbytes
        raw = [] if outside else wire.field(9, np.ascontiguousarray(value))  # TensorProto.raw_data
        inner += wire.field(5, tensor.SerializeToString(), *raw)  # GraphProto.initializer
    outer = type(model)()
    outer.CopyFrom(model)
    outer.ClearField("graph")
    wire.write(path, [outer.SerializeToString(), *wire.field(7, *inner)])  # ModelProto.graph
    if outside:
        wire.write(path.with_name(f"{path.name}.data"), [np.ascontiguousarray(v) for v in weights.values()])
