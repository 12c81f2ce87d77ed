"""The preprocessing that stood in the program around a network, as part of the network: every format takes raw pixels."""

from dataclasses import dataclass

import numpy as np

from labs.errors import ExportError


@dataclass(frozen=True)
class Scaling:
    """(pixel - mean) * scale + offset, each one number or one a channel; `bgr` turns the colours round first.

    Example: `Scaling(1 / 127.5, offset=-1)` for MobileNet; `Scaling(mean=(103.9, 116.8, 123.7), bgr=True)`
    for the ResNet of keras.applications.
    """

    scale: float | tuple = 1.0
    offset: float | tuple = 0.0
    mean: float | tuple = 0.0
    bgr: bool = False

    @classmethod
    def from_text(cls, scale="1", offset="0", mean="0", bgr=False):
        """From the words of a command line: "1/127.5", or "0.5,0.5,0.5" for three channels."""
        return cls(_numbers("scale", scale), _numbers("offset", offset), _numbers("mean", mean), bgr)

    def factors(self):
        """The same as pixel * scale + offset: two arrays, float32."""
        scale, offset, mean = (np.asarray(v, np.float64) for v in (self.scale, self.offset, self.mean))
        return np.float32(scale), np.float32(offset - mean * scale)

    def tensor(self, inputs):
        """The list with one batch of pictures, scaled."""
        import tensorflow as tf

        self._check([tuple(batch.shape) for batch in inputs])
        scale, offset = self.factors()
        (pictures,) = inputs
        if self.bgr:
            pictures = tf.nn.conv2d(pictures, np.eye(3, dtype="float32")[None, None, ::-1], 1, "VALID")
        return [pictures * scale + offset]

    def before(self, model):
        """A network of raw pixels: this, then `model`."""
        import keras

        self._check([tuple(tensor.shape) for tensor in model.inputs])
        scale, offset = self.factors()
        inputs = x = keras.Input(model.inputs[0].shape[1:], name="input")
        if self.bgr:  # a layer that every format knows, and that Keras can save
            turn = keras.layers.Conv2D(3, 1, use_bias=False, trainable=False, name="bgr")
            x = turn(x)
            turn.set_weights([np.eye(3, dtype="float32")[None, None, ::-1]])
        x = keras.layers.Rescaling(scale.tolist(), offset.tolist(), name="raw_pixels")(x)
        answer = model(x)
        if isinstance(answer, (list, tuple)):
            answer = dict(zip(model.output_names, answer, strict=True))
        return keras.Model(inputs, answer, name=model.name)

    def _check(self, shapes):
        channels = shapes[0][-1] if len(shapes) == 1 and len(shapes[0]) == 4 else None
        if channels not in (1, 3):
            raise ExportError(f"scale, offset, mean and bgr are for one picture; the network takes {shapes}.")
        counts = {np.size(v) for v in (self.scale, self.offset, self.mean)} | ({3} if self.bgr else set())
        if counts - {1, channels}:
            raise ExportError(f"The network has {channels} channels: give one number, or one for each.")


def _numbers(name, text):
    """The numbers of a text such as "1/127.5" or "103.9,116.8,123.7"."""
    try:
        found = [
            float(part.partition("/")[0]) / float(part.partition("/")[2] or 1) for part in text.split(",")
        ]
    except (ValueError, ZeroDivisionError):
        found = [np.nan]
    if not np.isfinite(found).all():
        raise ExportError(f"--{name} {text!r} is no number: write 0.5, 1/255 or 103.9,116.8,123.7.")
    return found[0] if len(found) == 1 else tuple(found)
