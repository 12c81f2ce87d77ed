"""The reference networks of the lessons: uncompiled Keras models that take raw pixels 0..255."""

import keras
import numpy as np
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


def cifar10_textbook():
    """The network of many a textbook for 32x32 colour pictures: (n, 32, 32, 3) pixels 0..255 -> (n, 10) probabilities.

    Lab 01 writes the same network out step by step. Input `input`, output `output`.

    Example: `labs.nets.cifar10_textbook().count_params()` is 453,786.
    """
    return keras.Sequential(
        [
            keras.Input((32, 32, 3), name="input"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(80, activation="relu"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="cifar10_textbook",
    )


def cifar10_fast(pictures, width=32, depth=1):
    """A network that learns CIFAR-10 quickly: (n, 32, 32, 3) pixels 0..255 -> (n, 10) probabilities.

    A first layer that is computed from `pictures` (uint8 NHWC) and never trained whitens 4x4 patches and
    halves the size; then one convolution of `width` filters at 16x16, and `depth` of twice as many at
    8x8 and at 4x4, each followed by normalisation and ReLU. Where the size is halved, pooling comes
    first, so that the rest has a quarter of the work. `labs.train.plain` turns it into Keras's own layers.

    Example: `labs.nets.cifar10_fast(dataset.x_train).count_params()` is 74,080.
    """
    from labs.train import Convolution, Normalization, Pooling, whitening_filters

    filters = whitening_filters(pictures, size=4, filters=width // 2 - 4)
    whitening = layers.Conv2D(
        2 * filters.shape[-1], 4, strides=2, padding="same", use_bias=False, trainable=False, name="whitening"
    )
    stack = [
        keras.Input((32, 32, 3), name="input"),
        layers.Rescaling(1 / 255, -pictures.mean() / 255),
        whitening,
    ]
    stack.append(layers.ReLU())
    for filters_here, pool in [(width, True), *[(2 * width, False)] * (depth - 1), (2 * width, True)]:
        stack += [Convolution(filters_here), *([Pooling()] if pool else []), Normalization(), layers.ReLU()]
    for _ in range(depth):
        stack += [Convolution(2 * width), Normalization(), layers.ReLU()]
    stack += [layers.Flatten(), layers.Dense(10, activation="softmax", name="output")]
    model = keras.Sequential(stack, name="cifar10_fast")
    whitening.set_weights(
        [np.concatenate([filters, -filters], axis=-1)]
    )  # ReLU keeps one sign, so ask for both
    return model


def cats_vs_dogs_textbook():
    """A textbook's network for cats and dogs: (n, 128, 128, 3) pixels 0..255 -> (n, 1), the probability of a dog.

    Lab 02 writes the same network out step by step. Input `input`, output `output`.

    Example: `labs.nets.cats_vs_dogs_textbook().count_params()` is 29,511,617.
    """
    return keras.Sequential(
        [
            keras.Input((128, 128, 3), name="input"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(1, activation="sigmoid", name="output"),
        ],
        name="cats_vs_dogs_textbook",
    )


def cats_vs_dogs_small():
    """A network without a large dense layer: (n, 128, 128, 3) pixels 0..255 -> (n, 1), the probability of a dog.

    Four convolutions with batch normalization, each of half the size; global average pooling asks of
    each of the 256 last feature maps only how much of it there is, not where. Lab 02 builds it.

    Example: `labs.nets.cats_vs_dogs_small().count_params()` is 390,113.
    """
    stack = [keras.Input((128, 128, 3), name="input"), layers.Rescaling(1 / 255)]
    for filters, strides in ((32, 2), (64, 1), (128, 1), (256, 1)):
        stack += [
            layers.Conv2D(filters, 3, strides, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    stack += [layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid", name="output")]
    return keras.Sequential(stack, name="cats_vs_dogs_small")
