"""A network run layer by layer, so that what happens inside can be watched, or done by another rule.

Keras calls a whole network; explaining needs its inside: the feature maps of a layer, the scores before
the softmax, a ReLU with another way back. `run` goes through a functional network step by step, into
nested ones too, and lets a function of ours take every step.
"""

import functools
import inspect

import keras
import numpy as np
import tensorflow as tf

from labs.errors import LabsError

_PROBABILITIES = (keras.activations.softmax, keras.activations.sigmoid)


def run(network, x, step, path=""):
    """Send `x` through `network`; `step(operation, path, *inputs)` takes each step and returns its output.

    A nested network is not a step, its layers are: their path is "backbone/conv1". `x` may be a tensor, a
    KerasTensor, or anything else that `step` understands.
    """

    def operation(op):
        def call(*args, **kwargs):
            if _graph(op) is not None:
                return run(op, args[0], step, f"{path}{op.name}/")
            return step(op, path + op.name, *args, **kwargs)

        return call

    return _graph(network)._run_through_graph(x, operation)


def infer(op, *args, **kwargs):
    """The operation's output as in `predict`: dropout and augmentation are off."""
    if "training" in inspect.signature(op.call).parameters:
        kwargs["training"] = False
    return op(*args, **kwargs)


def scores_and_maps(model, x, layer=None, watch=lambda maps: None, step=infer):
    """The scores (n, labels) before softmax or sigmoid, and the output of `layer`, which `watch` sees first."""
    final, found = _final(model), {}

    def watched(op, path, *args, **kwargs):
        y = _score(step, op, *args, **kwargs) if op is final else step(op, *args, **kwargs)
        if path == layer:
            watch(y)
            found["maps"] = y
        if op is final:
            found["scores"] = y
        return y

    run(model, x, watched)
    scores = found["scores"]
    if len(scores.shape) != 2:
        raise LabsError(f"A classifier answers (n, labels); this network answers {tuple(scores.shape)}.")
    return keras.ops.cast(scores, "float32"), found.get("maps")


def activations(model, pictures, layer=None, batch=32):
    """A layer's feature maps: float32 (n, height, width, channels); the last with positions when None.

    Example: `labs.explain.activations(model, pictures, "conv1_relu")`.
    """
    return in_batches(model, _activations(model, chosen_layer(model, layer)), pictures, batch=batch)


@functools.lru_cache(maxsize=16)
def _activations(model, path):
    return traced(model)(lambda pictures: scores_and_maps(model, pictures, path)[1])


def score(model, pictures, label):
    """How strongly the network says `label`, before softmax or sigmoid: a tensor (n,) with a gradient.

    For a single sigmoid, label 1 is what it says and label 0 the opposite. Pictures: a tensor or an array,
    (n, height, width, channels). The probability is no measure here: near 100 % its gradient vanishes.

    Example: `with tf.GradientTape() as tape: tape.watch(x); y = score(model, x, 281)`.
    """
    x = tf.cast(pictures, tf.float32)
    if not tf.is_tensor(label):
        label = numbers(model, label, x.shape[0] or 1)
    return of_label(scores_and_maps(model, x)[0], tf.broadcast_to(label, tf.shape(x)[:1]))


def of_label(scores, label):
    """One score a picture: `scores` (n, labels), `label` (n,) int32; one sigmoid speaks for two labels."""
    if scores.shape[1] == 1:
        return tf.where(label == 1, scores[:, 0], -scores[:, 0])
    return tf.gather(scores, label, axis=1, batch_dims=1)


def numbers(model, label, count):
    """`label` (one number, or one a picture) as int32 (count,); LabsError when the network has no such label."""
    labels, most = np.asarray(label), max(_answer(model).shape[-1], 2)  # a single sigmoid tells two
    if labels.dtype.kind not in "iu" or labels.shape not in ((), (count,)):
        raise LabsError(f"label must be one whole number, or one for each of the {count} pictures.")
    if labels.min(initial=0) < 0 or labels.max(initial=0) >= most:
        wrong = labels.max() if labels.max() >= most else labels.min()
        raise LabsError(f"There is no label {wrong}: this network's labels are 0 to {most - 1}.")
    return np.broadcast_to(labels, count).astype("int32")


@functools.lru_cache(maxsize=32)  # running a network symbolically takes as long as some pictures
def layers(model):
    """{path: shape} of every layer's output in the order of running, without the batch; and what has a kernel."""
    shapes, kernels = {}, []

    def step(op, path, *args, **kwargs):
        y = infer(op, *args, **kwargs)
        shapes[path] = tuple(getattr(y, "shape", ()))[1:]
        if hasattr(op, "kernel_size"):
            kernels.append(path)
        return y

    walk(model, step)
    return shapes, kernels


def layer_names(model):
    """The layers that have positions, from the first convolution on: {name: (height, width, channels)}.

    Example: `list(labs.explain.layer_names(model))[-1]` is the layer that `grad_cam` takes.
    """
    shapes, kernels = layers(model)
    if not kernels:
        raise LabsError(
            "This network has no convolution, so no layer knows where it looks: take saliency or occlusion."
        )
    paths = list(shapes)
    after = paths[paths.index(kernels[0]) :]
    return {path: shapes[path] for path in after if len(shapes[path]) == 3 and shapes[path][:2] != (1, 1)}


def chosen_layer(model, layer=None):
    """The path of `layer` (its name will do when it is the only one of it), or of the last with positions."""
    known = layer_names(model)
    if layer is None:
        return list(known)[-1]
    fitting = [path for path in known if path == layer or path.endswith(f"/{layer}")]
    if len(fitting) == 1:
        return fitting[0]
    some = ", ".join(list(known)[-6:])
    if any(path == layer or path.endswith(f"/{layer}") for path in layers(model)[0]):
        raise LabsError(f"{layer!r} has no positions, or comes before any convolution: take one of {some}.")
    raise LabsError(f"The network has no layer {layer!r}: take one of {some}.")


def spec(model):
    """What the network takes: any number of pictures of its size."""
    if len(model.inputs) != 1 or len(model.inputs[0].shape) != 4:
        raise LabsError("Only a network that takes one batch of pictures (n, h, w, c) can be explained.")
    return tf.TensorSpec((None, *model.inputs[0].shape[1:]), "float32")


def traced(model, *others):
    """Decorates a function of pictures (and of tensors like `others`): it becomes a graph, traced here and now."""
    return lambda function: tf.function(function, autograph=False).get_concrete_function(spec(model), *others)


def walk(model, step):
    """Take every step of the network once, without numbers: to see its layers and their shapes."""
    traced(model)(lambda pictures: run(model, pictures, step))


def in_batches(model, function, pictures, *others, batch=32):
    """Call `function` with float32 batches of `pictures` and of the `others`; returns one float32 array."""
    pictures, shape = np.asarray(pictures), spec(model).shape
    if not len(pictures) or not shape.is_compatible_with(pictures.shape):
        raise LabsError(f"pictures has shape {pictures.shape}; the network takes {tuple(shape)}.")
    done = []
    for part in (slice(i, i + batch) for i in range(0, len(pictures), batch)):
        arrays = (pictures[part].astype("float32"), *(one[part] for one in others))
        done.append(np.asarray(function(*map(tf.constant, arrays)), "float32"))
    return np.concatenate(done)


def _graph(op):
    """The functional network that `op` is; None for a layer."""
    op = getattr(op, "_functional", op)  # a Sequential keeps its own
    return op if hasattr(op, "_run_through_graph") else None


def _answer(model):
    """The tensor of the scores or probabilities: the output called "output", or the first one."""
    graph = _graph(model)
    if graph is None:
        raise LabsError("Only networks of the functional and the Sequential kind can be looked into.")
    return main_output(graph._outputs_struct)


def main_output(outputs):
    """Of several outputs the one called "output", or the first."""
    if isinstance(outputs, dict):
        return outputs.get("output", next(iter(outputs.values())))
    return outputs[0] if isinstance(outputs, (list, tuple)) else outputs


def _final(model):
    """The operation that gives the answer, inside nested networks if need be."""
    op = _answer(model)._keras_history.operation
    return _final(op) if _graph(op) is not None else op


def _score(step, op, *args, **kwargs):
    """The output of the last operation without its softmax or sigmoid."""
    if getattr(op, "activation", None) not in _PROBABILITIES:
        return args[0] if type(op).__name__ in ("Softmax", "Sigmoid") else step(op, *args, **kwargs)
    if isinstance(op, keras.layers.Activation):
        return args[0]
    kept, op.activation = op.activation, keras.activations.linear
    try:
        return step(op, *args, **kwargs)
    finally:
        op.activation = kept
