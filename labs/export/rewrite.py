"""Replacing an operation by others that a runtime reads, each replacement written in plain TensorFlow.

A rule is a function of a Node: it returns None where it does not apply, or (inputs, function): the
names of the tensors that go in, and the TensorFlow function that takes the operation's place.

Example:
    def rsqrt(node):
        return (node.inputs, lambda x: tf.exp(-0.5 * tf.math.log(x))) if node.op == "Rsqrt" else None
"""

from itertools import chain, count
from types import MappingProxyType

import numpy as np
import tensorflow as tf

from labs.export.plain import set_constant


class Node:
    """One operation of a graph, with what is known of its inputs before the graph has run."""

    def __init__(self, operation, weights):
        self._operation = operation
        self._weights = weights
        self.name, self.op = operation.name, operation.type
        self.inputs = [tensor.name for tensor in operation.inputs]

    def attribute(self, name):
        return self._operation.get_attr(name)

    def shape(self, index=None):
        """The sizes of input `index`, or of the output; None for a size that is open, () when all are."""
        tensors = self._operation.outputs if index is None else self._operation.inputs[index : index + 1]
        if not tensors:  # an operation that only waits for others
            return ()
        (tensor, *_) = tensors
        return () if tensor.shape.rank is None else tuple(tensor.shape)

    def value(self, index):
        """The array that input `index` always has, or None."""
        source = self._operation.inputs[index].op
        if source.name in self._weights:
            return self._weights[source.name]
        return tf.make_ndarray(source.get_attr("value")) if source.type == "Const" else None

    def source(self, index):
        """The Node that computes input `index`."""
        return Node(self._operation.inputs[index].op, self._weights)

    def users(self):
        """The Nodes that take this one's output."""
        return [Node(user, self._weights) for user in self._operation.outputs[0].consumers()]


def rewrite(definition, rules, weights=MappingProxyType({})):
    """A copy of a GraphDef in which every operation to which a rule applies is replaced; the first rule counts.

    weights: name -> array of the placeholders that hold weights.
    """
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
    changed = type(definition)()
    changed.CopyFrom(definition)
    del changed.node[:]
    taken = {node.name for node in definition.node}
    for node in definition.node:
        operation = graph.get_operation_by_name(node.name)
        found = next(filter(None, (rule(Node(operation, weights)) for rule in rules)), None)
        if found is None:
            changed.node.add().CopyFrom(node)
        else:
            tensors = [graph.get_tensor_by_name(name) for name in found[0]]
            changed.node.extend(_replacement(node.name, tensors, found[1], taken))
    return changed


def nodes_of(definition, weights):
    """The operations of a GraphDef as Nodes."""
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
    return [Node(operation, weights) for operation in graph.get_operations() if operation.outputs]


def used_weights(definition, weights):
    """Those of the weights that the graph still asks for; the placeholders of the others are removed from it."""
    used = {source.partition(":")[0] for node in definition.node for source in node.input}
    kept = [node for node in definition.node if node.name not in weights or node.name in used]
    del definition.node[:]
    definition.node.extend(kept)
    return {name: value for name, value in weights.items() if name in used}


def _replacement(name, tensors, function, taken):
    """The nodes of `function`, of which the last bears the replaced operation's name."""
    with tf.Graph().as_default() as graph:
        inside = [tf.compat.v1.placeholder(t.dtype, t.shape, f"taken{i}") for i, t in enumerate(tensors)]
        result = function(*inside).op
    names = {t.op.name: outer.name.removesuffix(":0") for t, outer in zip(inside, tensors, strict=True)}
    nodes = [node for node in graph.as_graph_def().node if node.name not in names]
    for node in nodes:
        names[node.name] = name if node.name == result.name else _free(f"{name}_{node.name}", taken)
    for node in nodes:
        node.name = names[node.name]
        node.input[:] = [_renamed(source, names) for source in node.input]
        if node.op == "Const":
            set_constant(node, np.asarray(tf.make_ndarray(node.attr["value"].tensor)))
    return nodes


def _free(name, taken):
    """`name`, or with a number after it when there is one already."""
    free = next(n for n in chain([name], (f"{name}_{i}" for i in count(1))) if n not in taken)
    taken.add(free)
    return free


def _renamed(source, names):
    operation, colon, index = source.partition(":")
    return names[operation] + colon + index
