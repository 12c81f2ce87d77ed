"""What stands between the last feature maps and the scores, and Grad-CAM without a gradient.

When only pooling (or flattening) and dense layers follow the feature maps, the derivative of a score is a
product of their weights, with a gate at each ReLU: operations like any others. Written out they make a
network that any runtime can run, though none but TensorFlow has a gradient.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from labs.errors import LabsError
from labs.explain.network import chosen_layer, infer, main_output, run, walk

_STRAIGHT = (keras.activations.linear, keras.activations.relu)
_ENDS = (keras.activations.softmax, keras.activations.sigmoid)
_QUIET = (layers.Dropout, layers.SpatialDropout2D, layers.Reshape, layers.Softmax, layers.Identity)


@dataclass(frozen=True)
class Head:
    """flattens: whether places are told apart; dense: [(path, layer, whether a ReLU follows)], the last gives scores."""

    flattens: bool
    dense: list

    def kernels(self):
        """The weights of each, (numbers in, numbers out); a 1x1 convolution of one place is the same."""
        return [
            keras.ops.convert_to_numpy(layer.kernel).reshape(-1, layer.kernel.shape[-1])
            for _, layer, _ in self.dense
        ]


def read_head(model, path):
    """The Head after the layer `path`; LabsError that names the layer which is no pooling, flattening or dense one."""
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
            dense.append([here, op, activation is keras.activations.relu])
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
    return Head(flattens, dense)


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
    head = read_head(model, path)
    seen = {}

    def step(op, here, *args, **kwargs):
        seen[here] = infer(op, *args, **kwargs)
        return seen[here]

    inputs = keras.Input(model.inputs[0].shape[1:], name="input")
    answer = main_output(run(model, inputs, step))
    maps = seen[path]
    height, width, channels = maps.shape[1:]
    places = height * width
    kernels = head.kernels()
    first = kernels[0].reshape(places, channels, -1).mean(axis=0) if head.flattens else kernels[0] / places
    kernels = [first, *kernels[1:]]
    last = np.concatenate([-kernels[-1], kernels[-1]], axis=1) if kernels[-1].shape[1] == 1 else kernels[-1]
    if len(kernels) == 1:  # no gate: the same weights for every picture, a 1x1 convolution
        heat = ops.conv(maps, last.reshape(1, 1, channels, -1).astype("float32"))
        return keras.Model(inputs, {"output": answer, "maps": ops.relu(heat)})
    gates = [ops.sign(ops.relu(seen[here])) if gated else None for here, _, gated in head.dense[:-1]]
    heats = []
    for column in last.T:  # label by label, since OpenCV's .pb knows no product of two batches of matrices
        back = column[None]
        for gate, kernel in zip(gates[::-1], kernels[-2::-1], strict=True):
            back = back if gate is None else ops.multiply(gate, back)
            back = ops.matmul(back, kernel.T)
        weighed = maps * ops.reshape(back, (-1, 1, 1, channels))
        heats.append(ops.conv(weighed, np.ones((1, 1, channels, 1), "float32")))
    return keras.Model(inputs, {"output": answer, "maps": ops.relu(ops.concatenate(heats, axis=-1))})


def _is_dense(op, taken):
    return isinstance(op, layers.Conv2D) and op.kernel_size == (1, 1) and tuple(taken.shape[1:3]) == (1, 1)


def _is_relu(op):
    plain = (
        isinstance(op, layers.ReLU) and op.max_value is None and not op.negative_slope and not op.threshold
    )
    return plain or (isinstance(op, layers.Activation) and op.activation is keras.activations.relu)
