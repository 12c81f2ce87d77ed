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
        middle = (np.array([width, height]) - 1) / 2
        moved = middle - linear @ middle + random.uniform(-1, 1, 2) * self.shift * np.array([width, height])
        return np.column_stack([linear, moved])


def batches(x, y, change=None, batch_size=32, seed=0):
    """Return a tf.data.Dataset of shuffled batches for `model.fit`, each picture changed anew in every epoch.

    x: uint8 (pictures, height, width, channels); y: (pictures,) or (pictures, classes). change: an
    Affine or another function of (pictures, random), or a list of Keras layers, which are called with
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
