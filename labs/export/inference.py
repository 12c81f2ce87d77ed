"""The form of a network that other runtimes understand, for the time of one trace."""

import contextlib

import keras
import numpy as np
import tensorflow as tf

from labs.export.plain import einsum, reverse, tensordot

LONGEST_UNROLL = 256  # time steps; each becomes its own few operations in the graph


@contextlib.contextmanager
def inference_form(model):
    """Put a network into a form that converts well, and back again on leaving.

    - Layers that compute in bfloat16 or float16 compute in float32: OpenCV knows nothing else.
    - Recurrent layers are unrolled: loops do not survive the converters, plain operations do.
    - Nearest upsampling is one resize instead of Keras' repeat, whose Tile OpenCV refuses.
    - Groups are normalised without the five dimensions that OpenCV gets wrong.
    - Sums over named axes (attention, Dense on sequences) are matrix products of fixed shape.
    """
    with contextlib.ExitStack() as undo:
        for layer in _all_layers(model):
            if layer.dtype_policy.compute_dtype in ("bfloat16", "float16"):
                _change(undo, layer, "dtype_policy", keras.DTypePolicy("float32"))
            for recurrent in _to_unroll(layer):
                _change(undo, recurrent, "unroll", True)
        _change(undo, keras.layers.UpSampling2D, "_resize_images", _resize)
        _change(undo, tf, "einsum", einsum)
        _change(undo, tf, "tensordot", tensordot)
        _change(undo, tf, "reverse", reverse)
        _change(undo, keras.layers.RNN, "get_initial_state", _one_state)
        _change(undo, keras.layers.GroupNormalization, "call", _normalise_groups)
        yield


def _change(undo, thing, name, value):
    undo.callback(setattr, thing, name, getattr(thing, name))
    setattr(thing, name, value)


def _all_layers(model):
    layers = [model, *model._flatten_layers(include_self=False)]
    return list({id(layer): layer for layer in layers}.values())


def _to_unroll(layer):
    """The recurrent layers in `layer` that see a known, small number of time steps."""
    if isinstance(layer, keras.layers.Bidirectional):
        recurrent = [layer.forward_layer, layer.backward_layer]
    elif isinstance(layer, keras.layers.RNN):
        recurrent = [layer]
    else:
        return []
    try:
        taken = layer.input  # with its first states: a list
        steps = (taken[0] if isinstance(taken, list) else taken).shape[1]
    except (AttributeError, ValueError):  # part of a layer that knows its input, or called in a class
        return []
    return recurrent if steps and steps <= LONGEST_UNROLL else []


_keras_state = keras.layers.RNN.get_initial_state


def _one_state(self, batch_size):
    """Zeros for one sequence do for all (they are broadcast), and need no look at the batch."""
    return _keras_state(self, 1 if self.unroll else batch_size)


_keras_resize = keras.layers.UpSampling2D._resize_images


def _resize(self, x, height_factor, width_factor, data_format, interpolation="nearest"):
    height, width = x.shape[1:3]
    known = height and width
    if data_format == "channels_last" and interpolation == "bilinear" and not known:
        return tf.image.resize(x, tf.shape(x)[1:3] * np.array([height_factor, width_factor], "int32"))
    if data_format != "channels_last" or interpolation != "nearest":
        return _keras_resize(self, x, height_factor, width_factor, data_format, interpolation)
    size = (height, width) if known else tf.shape(x)[1:3]
    return tf.raw_ops.ResizeNearestNeighbor(
        images=x, size=size * np.array([height_factor, width_factor], "int32")
    )


_keras_group_normalization = keras.layers.GroupNormalization.call


def _normalise_groups(self, inputs):
    """GroupNormalization (Wu and He, 2018, section 3) of pictures: a group's mean is a mix of its channels' means."""
    channels = inputs.shape[-1]
    if len(inputs.shape) != 4 or self.axis not in (-1, 3) or channels is None:
        return _keras_group_normalization(self, inputs)
    size = channels // self.groups
    mix = np.kron(np.eye(self.groups), np.full((size, size), 1 / size)).astype("float32")[None, None]

    def mean_of_groups(x):
        mean = tf.reduce_mean(x, [1, 2], keepdims=True)
        return mean if size == 1 else tf.nn.conv2d(mean, mix, 1, "VALID")

    centred = inputs - mean_of_groups(inputs)
    scale = tf.math.rsqrt(mean_of_groups(centred * centred) + self.epsilon)
    if self.scale:
        scale = scale * self.gamma
    return centred * scale + (self.beta if self.center else 0.0)
