"""Make a traced graph plain: only the operations that do something, under readable names."""

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.grappler import tf_optimizer

# function: inline calls; constfold: compute what is constant; pruning, dependency: drop what is idle.
PASSES = ("function", "constfold", "pruning", "dependency")


def optimise(definition, keep, outputs):
    """Fold, inline and prune a GraphDef.

    keep: names of the placeholders that stay, used or not. outputs: name -> the node that has it;
    afterwards each output is a node of its own name.
    """
    placeholders = [node for node in definition.node if node.name in keep]
    definition = _grappler(definition, [*keep, *outputs.values()])
    present = {node.name for node in definition.node}
    definition.node.extend(node for node in placeholders if node.name not in present)
    for node in definition.node:
        for attribute in [name for name in node.attr if name.startswith("_")]:
            del node.attr[attribute]
        if node.op == "Const":
            set_constant(node, tf.make_ndarray(node.attr["value"].tensor))
    _free_batch(definition)
    _erf_for_erfc(definition)
    _name_outputs(definition, outputs)
    return definition


def _grappler(definition, keep):
    config = config_pb2.ConfigProto()
    options = config.graph_options.rewrite_options
    options.optimizers[:] = PASSES
    options.min_graph_nodes = -1  # small graphs too
    meta_graph = meta_graph_pb2.MetaGraphDef(graph_def=definition)
    meta_graph.collection_def["train_op"].node_list.value.extend(keep)
    return tf_optimizer.OptimizeGraph(config, meta_graph)


def set_constant(node, array):
    """Make `node` a constant, written out in full.

    TensorFlow shortens a constant of equal numbers to one number, on which OpenCV stops
    (`getTensorContentRef`); a whole number on its own must stay in `int_val`, or OpenCV crashes.
    """
    array = np.asarray(array)
    tensor = tf.make_tensor_proto(array)
    if array.dtype.kind in "fiub" and array.dtype.kind != "b" and array.ndim > 0:
        tensor = tf.make_tensor_proto(np.empty(0, array.dtype), shape=(0,))
        tensor.tensor_shape.CopyFrom(tf.TensorShape(array.shape).as_proto())
        tensor.tensor_content = array.tobytes()
    elif array.dtype == np.float32:
        tensor.ClearField("float_val")
        tensor.tensor_content = array.tobytes()
    node.op = "Const"
    del node.input[:]
    node.attr.clear()
    node.attr["dtype"].type = tensor.dtype
    node.attr["value"].tensor.CopyFrom(tensor)


def _name_outputs(definition, outputs):
    """Let the operation that computes an output bear its name, instead of an Identity after it."""
    nodes = {node.name: node for node in definition.node}
    for name, holder in outputs.items():
        producer = nodes[holder]
        while producer.op == "Identity" and _renameable(nodes.get(producer.input[0]), outputs):
            producer = nodes[producer.input[0]]
        if name in nodes and nodes[name] is not producer:
            _rename(definition, nodes, name, f"{name}_inside")
        _rename(definition, nodes, producer.name, name)
    _drop_idle(definition, set(outputs))


def _renameable(node, outputs):
    return node is not None and node.op not in ("Placeholder", "Const") and node.name not in outputs


def _rename(definition, nodes, old, new):
    if old == new:
        return
    for node in definition.node:
        for i, source in enumerate(node.input):
            operation, colon, index = source.removeprefix("^").partition(":")
            if operation == old:
                node.input[i] = ("^" if source.startswith("^") else "") + new + colon + index
    nodes[new] = nodes.pop(old)
    nodes[new].name = new


def _drop_idle(definition, outputs):
    """Remove the nodes no output needs; placeholders stay."""
    nodes = {node.name: node for node in definition.node}
    needed, waiting = set(), [*outputs]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [source.removeprefix("^").partition(":")[0] for source in nodes[name].input]
    kept = [node for node in definition.node if node.name in needed or node.op == "Placeholder"]
    del definition.node[:]
    definition.node.extend(kept)


def _free_batch(definition):
    """Write a Reshape to (batch size, ...) as (-1, ...), which needs no look at the input's shape."""
    nodes = {node.name: node for node in definition.node}
    for node in list(definition.node):
        if node.op != "Reshape":
            continue
        shape = nodes.get(node.input[1].partition(":")[0])
        if shape is None or shape.op != "Pack":
            continue
        parts = [nodes[source.partition(":")[0]] for source in shape.input if not source.startswith("^")]
        known = [int(tf.make_ndarray(p.attr["value"].tensor)) if p.op == "Const" else -1 for p in parts]
        if known.count(-1) == 1:
            fixed = definition.node.add(name=f"{node.name}_shape")
            set_constant(fixed, np.array(known, "int32"))
            node.input[1] = fixed.name


def _erf_for_erfc(definition):
    """Write erfc(x), which Keras' exact GELU asks for and no converter knows, as 1 - erf(x)."""
    for node in [node for node in definition.node if node.op == "Erfc"]:
        error, one = definition.node.add(name=f"{node.name}_erf", op="Erf"), definition.node.add(name=f"{node.name}_one")
        error.input.extend(node.input)
        error.attr["T"].CopyFrom(node.attr["T"])
        set_constant(one, np.float32(1))
        node.op = "Sub"
        node.input[:] = [one.name, error.name]
