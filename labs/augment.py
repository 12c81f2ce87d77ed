"""Data augmentation as a stage of the input pipeline: pictures change on their way to the network, never inside it."""

from dataclasses import dataclass

import cv2
import numpy as np
import tensorflow as tf


@dataclass(frozen=True)
class Affine:
    """Random turns, shifts, zooms, shears, mirrors and light, in one warp a picture.

    rotation, shear: up to so many degrees to either side; shift: up to this part of the side; zoom:
    by a factor of 1 - zoom to 1 + zoom; flip: half of the pictures are mirrored; brightness: times
    1 - brightness to 1 + brightness. What comes in at the border repeats the border's pixels. The words
    are those of Keras' old ImageDataGenerator, which warps for each picture and channel in SciPy.

    Called with uint8 pictures (n, height, width, channels) and a NumPy generator; returns new ones.

    Example: `Affine(rotation=15, flip=True)(pictures, np.random.default_rng(0))`.
    """

    rotation: float = 0
    shift: float = 0
    zoom: float = 0
    shear: float = 0
    flip: bool = False
    brightness: float = 0

    def __call__(self, pictures, random):
        height, width = pictures.shape[1:3]
        changed = np.empty_like(pictures)
        for target, picture in zip(changed, pictures, strict=True):
            warped = cv2.warpAffine(
                picture, self.matrix(height, width, random), (width, height), borderMode=cv2.BORDER_REPLICATE
            )
            if self.brightness:
                warped = cv2.convertScaleAbs(
                    warped, alpha=1 + random.uniform(-self.brightness, self.brightness)
                )
            target[:] = warped.reshape(picture.shape)
        return changed

    def matrix(self, height, width, random):
        """A random 2x3 matrix as cv2.warpAffine takes it: about the middle, then shifted."""
        angle, slant = np.radians(random.uniform(-1, 1, 2) * (self.rotation, self.shear))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shear = np.array([[1, -np.sin(slant)], [0, np.cos(slant)]])
        mirror = -1 if self.flip and random.random() < 0.5 else 1
        zoom = 1 + self.zoom * random.uniform(-1, 1, 2)
        linear = turn @ shear @ np.diag([mirror * zoom[0], zoom[1]])
        return _about_middle(linear, random.uniform(-1, 1, 2) * self.shift, height, width)


def _about_middle(linear, shift, height, width):
    """The 2x3 matrix for cv2.warpAffine: `linear` about the picture's middle, then moved by these parts of its sides."""
    middle = (np.array([width, height]) - 1) / 2
    moved = middle - linear @ middle + shift * np.array([width, height])
    return np.column_stack([linear, moved])


@dataclass(frozen=True)
class RandAugment:
    """Half of the pictures mirrored, then `number` operations from OPERATIONS, each with a random part of `strength`.

    strength: 0 (nothing) to 1 (as far as an operation goes), of either sign. Two numbers, nothing to search for.
    Called like Affine. keras.layers.RandAugment does the same in a network's pipeline; for pictures of 32x32 this one
    takes an eighth of its time on a CPU.

    Source: Cubuk, Zoph, Shlens and Le, "RandAugment", arXiv 1909.13719.

    Example: `RandAugment(number=2, strength=0.6)(pictures, np.random.default_rng(0))`.
    """

    number: int = 2
    strength: float = 0.6

    def __call__(self, pictures, random):
        every, changed = list(OPERATIONS.values()), np.empty_like(pictures)
        for target, picture in zip(changed, pictures, strict=True):
            picture = np.ascontiguousarray(picture[:, :: random.choice((1, -1))])
            for chosen in random.integers(len(every), size=self.number):
                picture = every[chosen](picture, self.strength * random.uniform(-1, 1))
            target[:] = picture
        return changed


def _warp(picture, a, b, right, c, d, down):
    """x' = a x + b y, y' = c x + d y about the middle, then moved by these parts of the size."""
    height, width = picture.shape[:2]
    matrix = _about_middle(np.array([[a, b], [c, d]]), np.array([right, down]), height, width)
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)


def _turn(picture, angle):
    return _warp(picture, np.cos(angle), -np.sin(angle), 0, np.sin(angle), np.cos(angle), 0)


def _away(picture, other, strength):
    """Further from `other` with a strength above 0, nearer to it below."""
    return cv2.addWeighted(picture, 1 + 0.9 * strength, other, -0.9 * strength, 0)


def _grey(picture):
    return cv2.merge([cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)] * 3)


# What RandAugment chooses from: functions of a picture, uint8 (height, width, 3), and a strength of -1 to 1.
OPERATIONS = {
    "shear x": lambda picture, s: _warp(picture, 1, s / 3, 0, 0, 1, 0),
    "shear y": lambda picture, s: _warp(picture, 1, 0, 0, s / 3, 1, 0),
    "move x": lambda picture, s: _warp(picture, 1, 0, s / 3, 0, 1, 0),
    "move y": lambda picture, s: _warp(picture, 1, 0, 0, 0, 1, s / 3),
    "turn": lambda picture, s: _turn(picture, s / 2),
    "light": lambda picture, s: cv2.convertScaleAbs(picture, alpha=1 + 0.9 * s),
    "contrast": lambda picture, s: _away(picture, np.full_like(picture, picture.mean()), s),
    "colour": lambda picture, s: _away(picture, _grey(picture), s),
    "sharpness": lambda picture, s: _away(picture, cv2.blur(picture, (3, 3)), s),
    "posterise": lambda picture, s: picture & np.uint8(256 - 2 ** int(5 * abs(s))),
    "solarise": lambda picture, s: np.where(picture >= 256 - 255 * abs(s), 255 - picture, picture),
    "equalise": lambda picture, s: cv2.merge([cv2.equalizeHist(channel) for channel in cv2.split(picture)]),
}


def batches(x, y, change=None, batch_size=32, seed=0):
    """Return a tf.data.Dataset of shuffled batches for `model.fit`, each picture changed anew in every epoch.

    x: uint8 (pictures, height, width, channels); y: (pictures,) or (pictures, classes). change: an
    Affine, a RandAugment or another function of (pictures, random), or a list of Keras layers, which are called with
    training=True on float32 pixels. The last batch may be smaller.
    The same seed gives the same batches with a function, whatever the number of cores.

    Example: `model.fit(batches(x_train, y_train, Affine(flip=True)), epochs=8)`.
    """
    layers = change if isinstance(change, (list, tuple)) else []
    function = None if layers else change

    def gather(indices, number):
        pictures = x[indices]
        return function(pictures, np.random.default_rng(number)) if function else pictures

    def batch(indices, number):
        pictures = tf.numpy_function(gather, [indices, number], x.dtype)
        pictures = tf.cast(tf.ensure_shape(pictures, (None, *x.shape[1:])), tf.float32)
        for layer in layers:
            pictures = layer(pictures, training=True)
        return pictures, tf.gather(y, indices)

    order = tf.data.Dataset.range(len(x)).shuffle(len(x), seed=seed).batch(batch_size)
    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)  # one for each batch
    pairs = tf.data.Dataset.zip((order, numbers))
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread may sleep between two epochs, and training with it
    dataset = pairs.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
    return dataset.with_options(options)
