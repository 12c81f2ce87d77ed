"""Make a traced graph plain: only the operations that do something, under readable names."""

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.grappler import tf_optimizer

from labs.export.everywhere import RULES
from labs.export.plain import make_placeholder, set_constant, simplify
from labs.export.rewrite import rewrite, used_weights

# function: inline calls; constfold: compute what is constant; pruning, dependency: drop what is idle.
PASSES = ("function", "constfold", "pruning", "dependency")
# What Keras does to a weight before its use, in NumPy.
WEIGHT_ONLY = {"Reshape": np.reshape, "Transpose": np.transpose, "Identity": np.asarray}


def optimise(definition, keep, outputs):
    """Fold, inline and prune a GraphDef.

    keep: names of the placeholders that stay, used or not. outputs: name -> the node that has it;
    afterwards each output is a node of its own name.
    """
    placeholders = [node for node in definition.node if node.name in keep]
    _as_plain_functions(definition)
    definition = _grappler(definition, [*keep, *outputs.values()])
    definition = _grappler(rewrite(definition, RULES), [*keep, *outputs.values()])
    present = {node.name for node in definition.node}
    definition.node.extend(node for node in placeholders if node.name not in present)
    for node in definition.node:
        node.input[:] = [source for source in node.input if not source.startswith("^")]  # nothing to wait for
        for attribute in [name for name in node.attr if name.startswith("_")]:
            del node.attr[attribute]
        if node.op == "Const":
            set_constant(node, tf.make_ndarray(node.attr["value"].tensor))
    simplify(definition)
    _name_outputs(definition, outputs)
    return definition


def _as_plain_functions(definition):
    """Let the functions inside be inlined, also those that Keras wants compiled (grouped convolutions)."""
    nodes = [*definition.node, *(node for f in definition.library.function for node in f.node_def)]
    for marked in [*nodes, *definition.library.function]:
        for mark in ("_XlaMustCompile", "_noinline"):
            marked.attr.pop(mark, None)


def _grappler(definition, keep):
    config = config_pb2.ConfigProto()
    options = config.graph_options.rewrite_options
    options.optimizers[:] = PASSES
    options.min_graph_nodes = -1  # small graphs too
    meta_graph = meta_graph_pb2.MetaGraphDef(graph_def=definition)
    meta_graph.collection_def["train_op"].node_list.value.extend(keep)
    return tf_optimizer.OptimizeGraph(config, meta_graph)


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
    drop_idle(definition, set(outputs))


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


def drop_idle(definition, outputs):
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


def fold_weights(definition, weights):
    """Compute what depends on weights alone (an attention kernel turned and reshaped), once for all.

    Returns the weights that the graph then asks for, by name.
    """
    nodes = {node.name: node for node in definition.node}
    known = dict(weights)
    for node in definition.node:  # in the order of computation, as Grappler leaves it
        if node.op in WEIGHT_ONLY and node.input[0] in known:
            others = [
                tf.make_ndarray(nodes[i].attr["value"].tensor)
                for i in node.input[1:]
                if nodes[i].op == "Const"
            ]
            if len(others) == len(node.input) - 1:
                known[node.name] = WEIGHT_ONLY[node.op](known[node.input[0]], *others)
                make_placeholder(node, known[node.name])
    return used_weights(definition, known)
