"""The reference networks of the lessons: uncompiled Keras models that take raw pixels 0..255."""

import keras
from keras import layers


def mnist():
    """A small convolutional network for 28x28 grey digits: (n, 28, 28, 1) pixels 0..255 -> (n, 10) probabilities.

    Lab 05 writes the same network out step by step. Input `input`, output `output`.

    Example: `labs.nets.mnist().count_params()` is 56,906.
    """
    # momentum 0.9: BatchNormalization's averages settle within the few hundred steps of a small data set.
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="input"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="mnist",
    )
