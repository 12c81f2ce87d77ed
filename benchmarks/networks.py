"""The networks on which the exporter is proven: every trap we met has its network here.

`build(name)` gives an untrained network whose weights, biases and statistics are all random and
none zero, so that a bias lost or a channel swapped shows; `SMALL` ones are quick enough for tests.
"""

import keras
import numpy as np
from keras import layers

from benchmarks.task_networks import TASKS, VOCABULARY
from labs.nets import cats_vs_dogs_textbook as cats_vs_dogs
from labs.nets import cifar10_textbook as cifar10


def mnist():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def hangul():
    """Lab 04's first plain network, for 256 syllables."""
    block = [keras.Input((64, 64, 1)), layers.Rescaling(1 / 255)]
    for filters, size, strides in ((64, 5, 2), (64, 3, 1), (128, 3, 2), (128, 3, 1), (192, 3, 2)):
        block += [
            layers.Conv2D(filters, size, strides, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]
    return keras.Sequential(
        [*block, layers.GlobalAveragePooling2D(), layers.Dense(256, activation="softmax")]
    )


def transfer(side=128, alpha=0.25, weights=None):
    """Lab 03: a frozen MobileNet with a new head."""
    backbone = keras.applications.MobileNet(
        input_shape=(side, side, 3), alpha=alpha, include_top=False, weights=weights
    )
    inputs = keras.Input((side, side, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = layers.GlobalAveragePooling2D()(backbone(x))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(layers.Dropout(0.2)(x)))


def augmented(network, size):
    """The same network with augmentation inside, which export must leave out."""
    inputs = keras.Input(size)
    x = layers.RandomFlip()(inputs)
    x = layers.RandomRotation(0.1)(x)
    x = layers.RandomZoom(0.1)(x)
    x = layers.RandomTranslation(0.1, 0.1)(x)
    x = layers.RandomContrast(0.2)(x)
    x = layers.RandomBrightness(0.2)(x)
    x = layers.GaussianNoise(0.2)(x)
    return keras.Model(inputs, network()(x))


def application(name, size, **options):
    """A Keras Applications network with its preprocessing inside."""

    def make():
        network = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), **options)
        inputs = keras.Input((size, size, 3))
        scaled = inputs if name.startswith("Efficient") else layers.Rescaling(1 / 127.5, offset=-1)(inputs)
        return keras.Model(inputs, network(scaled))

    return make


def unet(upsampling):
    def block(x, filters):
        return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)

    def larger(x, filters):
        if upsampling == "transposed":
            return layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)
        return layers.UpSampling2D(interpolation=upsampling)(x)

    inputs = keras.Input((32, 32, 3))
    first = block(layers.Rescaling(1 / 255)(inputs), 8)
    second = block(layers.MaxPooling2D()(first), 16)
    deepest = block(layers.MaxPooling2D()(second), 24)
    x = block(layers.Concatenate()([larger(deepest, 16), second]), 16)
    x = block(layers.Concatenate()([larger(x, 8), first]), 8)
    return keras.Model(inputs, layers.Conv2D(3, 1, activation="softmax")(x))


def two_outputs():
    """Probabilities and the feature maps behind them, for heat maps in the browser."""
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, strides=2, activation="relu")(layers.Rescaling(1 / 255)(inputs))
    features = layers.Conv2D(24, 3, activation="relu", name="features")(x)
    pooled = layers.GlobalAveragePooling2D()(features)
    return keras.Model(
        inputs, {"output": layers.Dense(10, activation="softmax")(pooled), "features": features}
    )


def two_inputs():
    left, right = keras.Input((16, 16, 3), name="left"), keras.Input((8, 8, 1), name="right")
    a = layers.GlobalAveragePooling2D()(
        layers.Conv2D(8, 3, activation="relu")(layers.Rescaling(1 / 255)(left))
    )
    b = layers.GlobalAveragePooling2D()(
        layers.Conv2D(8, 3, activation="relu")(layers.Rescaling(1 / 255)(right))
    )
    return keras.Model([left, right], layers.Dense(5, activation="softmax")(layers.Concatenate()([a, b])))


def crnn():
    """Reads a line of text: a convolution, then a bidirectional LSTM along the width."""
    inputs = keras.Input((16, 32, 1))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.Rescaling(1 / 255)(inputs))
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Reshape((16, 64))(layers.Permute((2, 1, 3))(x))
    x = layers.Bidirectional(layers.LSTM(12, return_sequences=True))(x)
    return keras.Model(inputs, layers.Dense(11, activation="softmax")(x))


def gru():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.GRU(16),
            layers.Dense(10, activation="softmax"),
        ]
    )


def gelu():
    """Exact GELU, the one with the error function: what Keras calls "gelu"."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3),
            layers.Activation("gelu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(16),
            layers.Activation("gelu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def separable():
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.SeparableConv2D(24, 3, strides=2, padding="same", activation="relu"),
            layers.DepthwiseConv2D(5, padding="same"),
            layers.LeakyReLU(),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def layer_normalization():
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 4, strides=4),
            layers.LayerNormalization(),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.LayerNormalization(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def normalization():
    """A Normalization layer, whose mean and variance are no Keras weights once adapted."""
    adapted = layers.Normalization()
    adapted.adapt(np.random.default_rng(0).uniform(0, 255, (64, 32, 32, 3)).astype("float32"))
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            adapted,
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def vision_transformer():
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(32, 8, strides=8)(layers.Rescaling(1 / 255)(inputs))
    x = layers.Reshape((16, 32))(x)
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        x = layers.Add()([x, layers.MultiHeadAttention(4, 8)(y, y)])
        y = layers.Dense(64, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dense(32)(y)])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@keras.saving.register_keras_serializable("labs_benchmarks")
class Subclassed(keras.Model):
    """A network written as a class, which knows no input shape until it is called."""

    def __init__(self, **options):
        super().__init__(**options)
        self.scale = layers.Rescaling(1 / 255)
        self.flip = layers.RandomFlip()
        self.convolution = layers.Conv2D(16, 3, activation="relu")
        self.normalise = layers.BatchNormalization()
        self.head = layers.Dense(10, activation="softmax")

    def call(self, x, training=False):
        x = self.flip(self.scale(x), training=training)
        x = self.normalise(self.convolution(x), training=training)
        return self.head(keras.ops.mean(x, axis=(1, 2)))


def subclassed():
    network = Subclassed()
    network(np.zeros((1, 32, 32, 3), "float32"))
    return network


SMALL = {
    "mnist": mnist,
    "cifar10": cifar10,
    "hangul": hangul,
    "transfer": transfer,
    "mnist_augmented": lambda: augmented(mnist, (28, 28, 1)),
    "cifar10_augmented": lambda: augmented(cifar10, (32, 32, 3)),
    "hangul_augmented": lambda: augmented(hangul, (64, 64, 1)),
    "transfer_augmented": lambda: augmented(transfer, (128, 128, 3)),
    "unet_nearest": lambda: unet("nearest"),
    "unet_bilinear": lambda: unet("bilinear"),
    "unet_transposed": lambda: unet("transposed"),
    "two_outputs": two_outputs,
    "two_inputs": two_inputs,
    "crnn": crnn,
    "gru": gru,
    "gelu": gelu,
    "separable": separable,
    "layer_normalization": layer_normalization,
    "normalization": normalization,
    "vision_transformer": vision_transformer,
    "subclassed": subclassed,
}
LARGE = {
    "cats_vs_dogs": cats_vs_dogs,
    "cats_vs_dogs_augmented": lambda: augmented(cats_vs_dogs, (128, 128, 3)),
    "transfer_imagenet": lambda: transfer(
        224, 0.75, "imagenet"
    ),  # trained weights: a download, or KERAS_HOME
}
DEEP = ("MobileNet", "MobileNetV2", "EfficientNetV2B0", "ResNet50", "ResNet50V2", "VGG16")
LARGE |= {name: application(name, 224) for name in DEEP}


def build(name, seed=0):
    """The network called `name` with random weights, and 4 random pictures (waves, words) for each input."""
    keras.utils.set_random_seed(seed)
    network = (SMALL | TASKS | LARGE)[name]()
    random = np.random.default_rng(seed)
    trained = name.endswith("imagenet")
    for variable in network.weights:
        if trained and "/" in variable.path and "dense" not in variable.path:
            continue
        randomise(variable, random)
        kind = variable.path.rsplit("/", 1)[-1]
        if name in DEEP and kind == "kernel":  # or the picture is lost among the biases on its way through
            variable.assign(keras.initializers.HeNormal(int(random.integers(2**31)))(variable.shape))
        elif name in DEEP and kind == "bias":
            variable.assign(random.normal(0, 0.05, variable.shape))
    if name in TASKS:
        pictures = inputs_for(network, random)
    else:
        known = getattr(network, "inputs", None)
        pictures = [_pictures(random, tensor.shape[1:]) for tensor in known or [np.empty((1, 32, 32, 3))]]
        pictures = pictures if len(pictures) > 1 else pictures[0]
    batch = keras.tree.map_structure(lambda p: p.astype("float32") if p.dtype == "uint8" else p, pictures)
    if not trained:
        measure_statistics(network, batch)
    if name not in TASKS:
        _spread(network, batch)
    return network, pictures


def randomise(variable, random):
    """Give what Keras starts with zeros or ones (biases, scales) random values, none of them zero."""
    kind = variable.path.rsplit("/", 1)[-1]
    if kind == "gamma":
        variable.assign(random.uniform(0.5, 1.0, variable.shape))
    elif kind in ("bias", "beta"):
        variable.assign(random.normal(0, 0.2, variable.shape))


def inputs_for(network, random):
    """Four of each input, arranged as the network takes them: pictures, whole numbers or noise."""
    known = getattr(network, "_inputs_struct", network.inputs[0])  # a Sequential has one input
    return keras.tree.map_structure(lambda tensor: _batch(random, tensor.shape[1:], tensor.dtype), known)


def _batch(random, shape, dtype):
    if dtype.startswith("int"):
        return random.integers(0, VOCABULARY, (4, *shape)).astype(dtype)
    if len(shape) == 3 and shape[2] in (1, 3):
        return _pictures(random, (shape[0] or 24, shape[1] or 40, shape[2]))
    return random.normal(0, 1, (4, *shape)).astype("float32")


def _pictures(random, shape):
    """Four large patches of colour with a little noise: plain noise looks the same to every network."""
    halves = [-(-size // 2) for size in shape[:2]]
    patches = (
        random.integers(0, 256, (4, 2, 2, *shape[2:])).repeat(halves[0], axis=1).repeat(halves[1], axis=2)
    )
    noisy = patches[:, : shape[0], : shape[1]] + random.integers(-20, 21, (4, *shape))
    return noisy.clip(0, 255).astype("uint8")


def measure_statistics(network, batch):
    """Give each BatchNormalization the mean and variance of what it sees, as training would."""
    normalisations = [n for n in network._flatten_layers() if isinstance(n, layers.BatchNormalization)]
    momenta = [layer.momentum for layer in normalisations]
    for layer in normalisations:
        layer.momentum = 0.0
    network(batch, training=True)
    for layer, momentum in zip(normalisations, momenta, strict=True):
        layer.momentum = momentum


def _spread(network, batch):
    """Set the last weights so that the answers to different pictures differ, and none is certain."""
    *_, last = _in_order(network)
    *_, weighted = (layer for layer in _in_order(network) if hasattr(layer, "kernel"))
    activation, last.activation = last.activation, keras.activations.linear
    scores = network(batch, training=False)
    last.activation = activation
    scores = np.asarray(scores["output"] if isinstance(scores, dict) else scores)
    mean = scores.mean(axis=tuple(range(scores.ndim - 1)))
    scale = 1.5 / (scores - mean).std()
    weighted.kernel.assign(np.asarray(weighted.kernel) * scale)
    weighted.bias.assign((np.asarray(weighted.bias) - mean) * scale)


def _in_order(network):
    """Its layers from first to last, those of networks inside it too."""
    for layer in network.layers:
        yield from _in_order(layer) if isinstance(layer, keras.Model) else [layer]
