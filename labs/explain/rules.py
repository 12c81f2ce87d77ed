"""Which pixels matter: gradients of the score to the picture, with three rules for the way back through a ReLU."""

import contextlib
import functools

import keras
import numpy as np
import tensorflow as tf

from labs.errors import LabsError
from labs.explain.network import in_batches, infer, numbers, of_label, scores_and_maps, traced

# What comes back through y = max(x, 0) when `dy` comes from above.
RULES = {
    "backprop": lambda x, dy, most: tf.where((x > 0) & (x < most), dy, 0),
    "deconvnet": lambda x, dy, most: tf.maximum(dy, 0),
    "guided": lambda x, dy, most: tf.where((x > 0) & (x < most), tf.maximum(dy, 0), 0),
}


def backprop(model, pictures, label, rule="backprop", batch=32):
    """The gradient of the label's score to every pixel: float32 (n, height, width, channels).

    pictures: (n, height, width, channels), 0..255; label: a number, or one a picture.
    rule: "backprop", the true gradient (Simonyan et al., 2014, section 3); "deconvnet" (Zeiler & Fergus,
    2014) lets only what is positive come back; "guided" (Springenberg et al., 2015, section 3.4) does both.
    They differ in ReLU alone. LabsError for another rule, label or shape.

    Example: `labs.explain.backprop(model, pictures, 281, "guided")`.
    """
    if rule not in RULES:
        raise LabsError(f"There is no rule {rule!r}: choose from {', '.join(RULES)}.")
    function = _gradient(model, rule)
    return in_batches(model, function, pictures, numbers(model, label, len(pictures)), batch=batch)


def saliency(model, pictures, label, batch=32):
    """How much each pixel matters: the largest absolute gradient of its channels, float32 (n, height, width).

    Simonyan et al., "Deep Inside Convolutional Networks", 2014, section 3.1.

    Example: `labs.explain.saliency(model, pictures, 281)[0].argmax()`.
    """
    return np.abs(backprop(model, pictures, label, batch=batch)).max(axis=-1)


@functools.lru_cache(maxsize=16)
def _gradient(model, rule):
    step = infer if rule == "backprop" else functools.partial(_with_rule, rule)

    @traced(model, tf.TensorSpec((None,), "int32"))
    def gradient(pictures, label):
        with tf.GradientTape() as tape:
            tape.watch(pictures)
            said = of_label(scores_and_maps(model, pictures, step=step)[0], label)
        return tape.gradient(said, pictures)

    return gradient


def _with_rule(rule, op, *args, **kwargs):
    """Take one step, its ReLU replaced by one with another way back."""
    if isinstance(op, keras.layers.ReLU) and not op.negative_slope and not op.threshold:
        return _relu(rule, op.max_value or np.inf)(args[0])
    if type(op).__name__ in ("Relu", "Relu6"):  # keras.ops.relu(x) in a functional network
        return _relu(rule, 6.0 if type(op).__name__ == "Relu6" else np.inf)(args[0])
    with contextlib.ExitStack() as undo:
        largest = {keras.activations.relu: np.inf, keras.activations.relu6: 6.0}.get(
            getattr(op, "activation", None)
        )
        if largest is not None:
            undo.callback(setattr, op, "activation", op.activation)
            op.activation = _relu(rule, largest)
        return infer(op, *args, **kwargs)


def _relu(rule, most):
    @tf.custom_gradient
    def relu(x):
        return tf.clip_by_value(x, 0, tf.cast(most, x.dtype)), lambda dy: RULES[rule](x, dy, most)

    return relu
