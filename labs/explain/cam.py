"""Where the network looks: maps from the last layers that still know where (CAM and Grad-CAM)."""

import functools

import numpy as np
import tensorflow as tf

from labs.errors import LabsError
from labs.explain.head import read_head
from labs.explain.network import chosen_layer, in_batches, numbers, of_label, scores_and_maps, traced


def grad_cam(model, pictures, label, layer=None, against=None, enlarge=True, batch=32):
    """Where the feature maps of a layer speak for a label: float32 (n, height, width), never negative.

    Each feature map is weighed by the mean of the score's gradient to it; the sum's positive part is enlarged
    to the picture's size (bilinearly), unless enlarge=False. Not scaled: divide by its maximum to show it.
    pictures: (n, height, width, channels), 0..255; label: a number, or one a picture.
    layer: a name of `layer_names`, the last when None.
    against: another label; the map then says what speaks for `label` *rather than* for that one.

    Source: Selvaraju et al., "Grad-CAM", ICCV 2017, section 3; Prabhushankar et al., "Contrastive
    Explanations in Neural Networks", ICIP 2020. LabsError for a layer without positions, a network
    without convolution, a label that does not exist.

    Example: `labs.explain.grad_cam(model, pictures, 281)`.
    """
    chosen = numbers(model, label, len(pictures))
    other = chosen if against is None else numbers(model, against, len(pictures))
    function = _grad_cam(model, chosen_layer(model, layer), against is not None, enlarge)
    return in_batches(model, function, pictures, chosen, other, batch=batch)


def cam(model, pictures, label, enlarge=True, batch=32):
    """The class activation map: what each place adds to the label's score, float32 (n, height, width).

    Exact, and negative where a place speaks against; its mean (plus the bias) is the score. It needs a
    network that ends in global average pooling and one dense layer: LabsError for any other.

    Source: Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016, section 2.

    Example: `labs.explain.cam(model, pictures, 281).mean(axis=(1, 2))`.
    """
    path = chosen_layer(model)
    flattens, dense = read_head(model, path)
    if flattens or len(dense) != 1:
        raise LabsError("CAM needs global average pooling and one dense layer after it: take grad_cam.")
    chosen = dense[0][1][:, numbers(model, label, len(pictures))].T
    return in_batches(model, _cam(model, path, enlarge), pictures, chosen, batch=batch)


def overlay(pictures, heat, strength=0.5, colours="jet"):
    """The pictures under their maps, for the eye: uint8 (n, height, width, 3).

    pictures: (n, height, width, 1 or 3), 0..255; heat: (n, height, width), each scaled by its own maximum;
    what is negative is shown as nothing. colours: a colour map of matplotlib.

    Example: `labs.show.grid(labs.explain.overlay(pictures, maps))`.
    """
    from matplotlib import colormaps

    heat = np.maximum(heat, 0)
    scaled = heat / np.maximum(heat.max(axis=(1, 2), keepdims=True), 1e-12)
    below = np.broadcast_to(np.asarray(pictures, "float32"), (*heat.shape, 3))
    return np.uint8((1 - strength) * below + strength * 255 * colormaps[colours](scaled)[..., :3])


@functools.lru_cache(maxsize=32)
def _grad_cam(model, path, contrastive, enlarge):
    label = tf.TensorSpec((None,), "int32")

    @traced(model, label, label)
    def function(pictures, label, against):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            scores, maps = scores_and_maps(model, pictures, path, tape.watch)
            said = of_label(scores, label)
            if contrastive:
                said -= of_label(scores, against)
        gradient = tape.gradient(said, maps, unconnected_gradients="zero")
        weights = tf.reduce_mean(gradient, axis=(1, 2))
        heat = tf.nn.relu(tf.einsum("nhwc,nc->nhw", maps, weights))
        return _enlarged(heat, pictures) if enlarge else heat

    return function


@functools.lru_cache(maxsize=16)
def _cam(model, path, enlarge):
    @traced(model, tf.TensorSpec((None, None), "float32"))
    def function(pictures, weights):
        maps = scores_and_maps(model, pictures, path)[1]
        heat = tf.einsum("nhwc,nc->nhw", tf.cast(maps, tf.float32), weights)
        return _enlarged(heat, pictures) if enlarge else heat

    return function


def _enlarged(heat, pictures):
    return tf.image.resize(heat[..., None], tf.shape(pictures)[1:3])[..., 0]
