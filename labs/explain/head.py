"""What stands between the last feature maps and the scores, and Grad-CAM without a gradient.

When only pooling (or flattening) and dense layers follow the feature maps, the derivative of a score is a
product of their weights, with a gate at each ReLU: operations like any others. Written out they make a
network that any runtime can run, though none but TensorFlow has a gradient.
"""

import keras
import numpy as np
from keras import layers, ops

from labs.errors import LabsError
from labs.explain.network import chosen_layer, infer, main_output, run, walk

_STRAIGHT = (keras.activations.linear, keras.activations.relu)
_ENDS = (keras.activations.softmax, keras.activations.sigmoid)
_QUIET = (layers.Dropout, layers.SpatialDropout2D, layers.Reshape, layers.Softmax, layers.Identity)


def read_head(model, path):
    """What follows the layer `path`: (whether it is flattened, [[path, kernel, whether a ReLU follows] of each dense layer]).

    A kernel is (numbers in, numbers out), the last one's columns are the labels. LabsError that names the layer
    which is no pooling, flattening or dense one.
    """
    after, started = [], False

    def step(op, here, *args, **kwargs):
        nonlocal started
        y = infer(op, *args, **kwargs)
        if started:
            after.append((here, op, args[0]))
        started = started or here == path
        return y

    walk(model, step)
    flattens, dense, ended = None, [], False
    for here, op, taken in after:
        activation = getattr(op, "activation", keras.activations.linear)
        known = activation in (*_STRAIGHT, *_ENDS) and not ended
        if flattens is None and isinstance(op, (layers.GlobalAveragePooling2D, layers.Flatten)):
            flattens = isinstance(op, layers.Flatten)
        elif known and flattens is not None and (isinstance(op, layers.Dense) or _is_dense(op, taken)):
            dense.append([here, _kernel(op), activation is keras.activations.relu])
        elif known and dense and _is_relu(op):
            dense[-1][2] = True
        elif not (known and isinstance(op, (*_QUIET, layers.Activation))):
            raise LabsError(
                f"Between the maps and the scores stands {here!r}, a {type(op).__name__}: take grad_cam."
            )
        ended = ended or activation in _ENDS or isinstance(op, layers.Softmax)
    if not dense:
        raise LabsError(
            "No pooling or flattening followed by a dense layer comes after the maps: take grad_cam."
        )
    if dense[-1][1].shape[1] == 1:  # a single sigmoid speaks for the second label, against the first
        dense[-1][1] = dense[-1][1] * np.float32([-1, 1])
    return flattens, dense


def grad_cam_network(model):
    """A network with two outputs, the answer and its Grad-CAM for every label, which needs no gradient.

    "output": what the network says; "maps": float32 (n, height, width, labels), `grad_cam(..., enlarge=False)` of
    each label at the last layer with positions. `labs.export` writes it for every runtime.
    LabsError when anything but pooling or flattening, dense layers, ReLU and dropout follows that layer.

    The derivative: d score / d features = W1 g1 W2 g2 ... w, where W are the weights and g is 1 where a ReLU
    let something through, else 0; a pooled feature passes 1/places of it to each place, a flattened one keeps
    its own. Grad-CAM takes the mean over the places, and so may the first W.

    Example: `labs.export(labs.explain.grad_cam_network(model), "saved_models/why", labels=labels, x=pictures)`.
    """
    path = chosen_layer(model)
    flattens, dense = read_head(model, path)
    seen = {}

    def step(op, here, *args, **kwargs):
        seen[here] = infer(op, *args, **kwargs)
        return seen[here]

    inputs = keras.Input(model.inputs[0].shape[1:], name="input")
    answer = main_output(run(model, inputs, step))
    maps = seen[path]
    height, width, channels = maps.shape[1:]
    places = height * width
    kernels = [kernel for _, kernel, _ in dense]
    by_place = kernels[0].reshape(places, channels, -1).mean(axis=0) if flattens else kernels[0] / places
    kernels = [by_place, *kernels[1:]]
    if len(kernels) == 1:  # no gate: the same weights for every picture, a 1x1 convolution
        heat = ops.conv(maps, by_place.reshape(1, 1, channels, -1))
        return keras.Model(inputs, {"output": answer, "maps": ops.relu(heat)})
    gates = [ops.sign(ops.relu(seen[here])) if gated else None for here, _, gated in dense[:-1]]
    heats = []
    for column in kernels[
        -1
    ].T:  # label by label, since OpenCV's .pb knows no product of two batches of matrices
        back = column[None]
        for gate, kernel in zip(gates[::-1], kernels[-2::-1], strict=True):
            back = back if gate is None else ops.multiply(gate, back)
            back = ops.matmul(back, kernel.T)
        weighed = maps * ops.reshape(back, (-1, 1, 1, channels))
        heats.append(ops.conv(weighed, np.ones((1, 1, channels, 1), "float32")))
    return keras.Model(inputs, {"output": answer, "maps": ops.relu(ops.concatenate(heats, axis=-1))})


def _kernel(op):
    return keras.ops.convert_to_numpy(op.kernel).reshape(-1, op.kernel.shape[-1])  # a 1x1 convolution's, too


def _is_dense(op, taken):
    return isinstance(op, layers.Conv2D) and op.kernel_size == (1, 1) and tuple(taken.shape[1:3]) == (1, 1)


def _is_relu(op):
    plain = (
        isinstance(op, layers.ReLU) and op.max_value is None and not op.negative_slope and not op.threshold
    )
    return plain or (isinstance(op, layers.Activation) and op.activation is keras.activations.relu)
