"""One trace of a network, small enough for every converter.

The weights of a network are megabytes, its graph is kilobytes. So the network is traced once with
its weights as inputs; the small ones are put in as constants and folded, the large ones stay
placeholders. Each format then takes this small graph and splices the large weights in by itself.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from labs.errors import ExportError
from labs.export.inference import inference_form
from labs.export.optimise import fold_weights, optimise
from labs.export.plain import make_placeholder, set_constant

SMALL = 1024  # numbers; a weight up to this size, or a bias, is a constant and takes part in folding


@dataclass(frozen=True)
class Tensor:
    """An input or output of the graph: its name, its shape (None: any size), its NumPy type."""

    name: str
    shape: tuple
    dtype: str


@dataclass(frozen=True)
class Graph:
    """The traced network.

    definition: a GraphDef whose large weights are placeholders.
    weights: name of the placeholder -> array.
    call: the traced function, from ([inputs], [variables]) to {name: output}.
    """

    definition: object
    weights: dict
    inputs: list
    outputs: list
    call: object


def variables_of(model):
    """The network's variables in the order in which a Graph's `call` takes them."""
    return [*model.trainable_variables, *model.non_trainable_variables]


def trace(model, example=None):
    """Trace `model(inputs, training=False)`: augmentation and dropout are off.

    `example` (a batch, or a list of batches) is needed only for a network that does not know the
    shape of its input. Raises ExportError.
    """
    specs = _input_specs(model, example)
    variables = variables_of(model)
    trainable = len(model.trainable_variables)
    weight_specs = [
        tf.TensorSpec(v.shape, v.dtype, f"weight{i}_{plain_name(v.path)}") for i, v in enumerate(variables)
    ]
    names = []

    @tf.function(autograph=False)
    def infer(inputs, weights):
        taken = as_the_model_takes(model, inputs)
        value, _ = model.stateless_call(weights[:trainable], weights[trainable:], taken, training=False)
        outputs = name_outputs(model, value)
        names[:] = outputs
        return {name: tf.identity(output) for name, output in outputs.items()}

    with inference_form(model):
        call = infer.get_concrete_function(specs, weight_specs)
        if any(tensor.dtype in (tf.resource, tf.variant) for tensor in call.captured_inputs):
            return frozen_graph(lambda inputs: infer(inputs, [v.value for v in variables]), specs)
    values = [v.value for v in variables] + call.captured_inputs
    definition, weights = _small_weights_in(call, values, first=len(specs))
    outputs = {name: call.structured_outputs[name] for name in names}
    definition = optimise(
        definition, [*(s.name for s in specs), *weights], {n: _holder(call, n) for n in names}
    )
    return Graph(
        definition=definition,
        weights=fold_weights(definition, weights),
        inputs=[Tensor(s.name, tuple(s.shape), s.dtype.name) for s in specs],
        outputs=[Tensor(n, tuple(t.shape), t.dtype.name) for n, t in outputs.items()],
        call=call,
    )


def frozen_graph(function, specs):
    """The Graph of a function with variables that Keras does not know (a SavedModel's): TensorFlow freezes
    them into constants, of which the large ones are taken out again as weights.

    function: from [inputs] to {name: output}.
    """
    call = tf.function(function, autograph=False).get_concrete_function(specs)
    outputs = call.structured_outputs
    frozen = convert_variables_to_constants_v2(call, lower_control_flow=False)
    holders = {name: t.op.name for name, t in zip(sorted(outputs), frozen.outputs, strict=True)}
    definition, weights = frozen.graph.as_graph_def(), {}
    for node in definition.node:
        array = tf.make_ndarray(node.attr["value"].tensor) if node.op == "Const" else np.empty(0)
        if array.ndim > 1 and array.size > SMALL and array.dtype.kind == "f":
            weights[node.name] = array
            make_placeholder(node, array)
    definition = optimise(definition, [*(s.name for s in specs), *weights], holders)
    return Graph(
        definition=definition,
        weights=fold_weights(definition, weights),
        inputs=[Tensor(s.name, tuple(s.shape), s.dtype.name) for s in specs],
        outputs=[Tensor(n, tuple(t.shape), t.dtype.name) for n, t in outputs.items()],
        call=lambda inputs, weights: call(inputs),
    )


def _input_specs(model, example):
    """A TensorSpec an input: named "input", or by the network's own names when there are several."""
    try:
        known = model.inputs or None
    except (AttributeError, ValueError):  # a subclassed network
        known = None
    if known is None:
        if example is None:
            raise ExportError("This network does not know the shape of its input: pass x=, a few pictures.")
        batches = example if isinstance(example, (list, tuple)) else [example]
        known = [tf.TensorSpec((None, *np.shape(batch)[1:]), "float32") for batch in batches]
    keys = input_names(model) or [getattr(k, "name", None) or f"input_{i}" for i, k in enumerate(known)]
    names = ["input"] if len(known) == 1 else [plain_name(key) for key in keys]
    return [
        tf.TensorSpec((None, *k.shape[1:]), _pixel_type(k.dtype), name)
        for name, k in zip(names, known, strict=True)
    ]


def input_names(model):
    """The names by which a network takes a dictionary, in the order of its inputs; None when it takes none."""
    structure = getattr(model, "_inputs_struct", None)
    return sorted(structure) if isinstance(structure, dict) else None


def as_list(model, x):
    """`x` (a batch, a list or a dictionary of batches) as a list in the order of the network's inputs."""
    if not isinstance(x, dict):
        return list(x) if isinstance(x, (list, tuple)) else [x]
    names = input_names(model) or [tensor.name for tensor in getattr(model, "inputs", None) or []]
    if set(names) != set(x):
        raise ExportError(
            f"x has {', '.join(sorted(map(str, x)))}; the network takes {', '.join(names) or 'a list'}: use its names."
        )
    return [x[name] for name in names]


def _pixel_type(dtype):
    """Token numbers stay whole numbers; pixels are float32 in every runtime."""
    name = tf.as_dtype(dtype).name
    if name in ("bool", "string"):
        raise ExportError(f"An input is of type {name}: let the network take numbers.")
    return name if name in ("int32", "int64") else "float32"


def as_the_model_takes(model, inputs):
    """Arrange a list of tensors as the network was built: one tensor, a list or a dictionary."""
    structure = getattr(model, "_inputs_struct", None)
    if structure is not None:
        return tf.nest.pack_sequence_as(structure, inputs)
    return inputs[0] if len(inputs) == 1 else inputs


def name_outputs(model, value):
    """Name the outputs: "output" for one; a dictionary's keys; else the network's own names."""
    if isinstance(value, dict):
        return {plain_name(name): output for name, output in value.items()}
    if not isinstance(value, (list, tuple)):
        return {"output": value}
    own = getattr(model, "output_names", None) or [f"output_{i}" for i in range(len(value))]
    return {plain_name(name): output for name, output in zip(own, value, strict=True)}


def plain_name(name):
    """A name every format allows: letters, digits and underscores."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name)


def _holder(call, output):
    index = sorted(call.structured_outputs).index(output)  # TensorFlow flattens dictionaries by key
    return call.outputs[index].op.name


def _small_weights_in(call, values, first):
    """Turn the placeholders of small weights into constants; return the rest by name."""
    names = [tensor.op.name for tensor in call.inputs[first:]]
    weights, small = {}, {}
    for name, value in zip(names, values, strict=True):
        (small if value.shape.rank < 2 or tf.size(value) <= SMALL else weights)[name] = value
    definition = call.graph.as_graph_def()
    for node in definition.node:
        if node.name in small:
            set_constant(node, small[node.name].numpy())
    return definition, {name: value.numpy() for name, value in weights.items()}
