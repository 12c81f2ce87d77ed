"""Trains saved_models/street: a class for each pixel of a street, on CamVid, in plain Keras (any backend, any machine).

    LABS_DATA=... python tools/train_street.py --epochs 300

MobileNet (alpha 0.75, ImageNet) cut at a sixteenth of the picture, atrous convolutions of several rates beside each
other, then back to half the picture by three skips: DeepLab v3+ with a finer decoder. Lab 11 builds the same
network step by step.
"""

import cv2
import keras
import numpy as np
from keras import layers, ops

from labs.masks import Batches

MOBILENET = {"input_shape": (240, 320, 3), "alpha": 0.75, "include_top": False}
SKIPS = {2: "conv_pw_1_relu", 4: "conv_pw_3_relu", 8: "conv_pw_5_relu"}  # stride: the last map of that size
VOID = 11


def network(
    backbone,
    classes=11,
    width=96,
    stride=4,
    rates=(2, 4, 6),
    cut="conv_pw_11_relu",
    dropout=0.1,
    enlarge=1,
    out=2,
):
    """A network from raw pixels (n, height, width, 3) to a score for each class, (n, height/out, width/out, classes).

    backbone: a MobileNet without its top; stride: the decoder goes back to this part of the picture.
    """
    shape = backbone.input_shape[1:]
    names = [cut, *(SKIPS[at] for at in (8, 4, 2) if at >= stride)]
    maps_of = keras.Model(
        backbone.input, [backbone.get_layer(name).output for name in names], name="mobilenet"
    )
    inputs = keras.Input((int(shape[0] / enlarge), int(shape[1] / enlarge), 3), name="input")
    pixels = inputs if enlarge == 1 else layers.Resizing(*shape[:2])(inputs)
    deep, *skips = maps_of(layers.Rescaling(1 / 127.5, -1)(pixels))
    x = context(deep, width, rates, dropout)
    for number, skip in enumerate(skips):
        if skip.shape[1] != x.shape[1]:
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        narrow = unit(skip, (48, 32, 24)[number], 1)
        x = separable(layers.Concatenate()([x, narrow]), (width, 64, 48)[number])
    x = layers.Conv2D(classes, 1, name="classes")(x)
    if enlarge != 1:
        x = layers.Resizing(inputs.shape[1] // out, inputs.shape[2] // out, name="scores")(x)
    elif stride > out:
        x = layers.UpSampling2D(stride // out, interpolation="bilinear", name="scores")(x)
    return keras.Model(inputs, x, name="street")


def context(x, width, rates, dropout):
    """DeepLab's atrous spatial pyramid: the same map looked at from near, from far, and as a whole."""
    whole = layers.GlobalAveragePooling2D(keepdims=True)(x)
    whole = layers.Conv2D(width, 1, activation="relu")(whole)
    looks = [unit(x, width, 1), *(separable(x, width, rate) for rate in rates)]
    looks.append(layers.UpSampling2D(x.shape[1:3])(whole))
    return layers.Dropout(dropout)(unit(layers.Concatenate()(looks), width, 1))


def unit(x, filters, size):
    x = layers.Conv2D(filters, size, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def separable(x, filters, rate=1):
    x = layers.DepthwiseConv2D(3, padding="same", dilation_rate=rate, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    return unit(x, filters, 1)


def finer(backbone, stride):
    """The same network, the same weights, whose last maps have this stride: strides become gaps (atrous convolution)."""
    at, gap = 2, 1

    def remade(layer):
        nonlocal at, gap
        config = layer.get_config()
        number = int(layer.name.rpartition("_")[2]) if layer.name.startswith(("conv_pad_", "conv_dw_")) else 0
        if layer.name.startswith("conv_pad_"):
            if at * 2 > stride:
                config["padding"] = (0, 0)
        elif number and not layer.name.endswith(("bn", "relu")):
            if config["strides"][0] == 2 and at * 2 > stride:
                config |= {"strides": (1, 1), "padding": "same", "dilation_rate": (gap, gap)}
                gap *= 2
            elif config["strides"][0] == 2:
                at *= 2
            else:
                config |= {"padding": "same", "dilation_rate": (gap, gap)}
        return layer.__class__.from_config(config)

    copy = keras.models.clone_model(backbone, clone_function=remade)
    copy.set_weights(backbone.get_weights())
    return copy


class Loss(keras.losses.Loss):
    """Cross-entropy in which rare classes weigh more and void nothing, and Dice's overlap beside it.

    share: the part of the pixels that each class has; power 0: all pixels weigh the same, 0.5: a class
    weighs as one over the root of its share.
    """

    def __init__(self, share, power=0.5, dice=0.0, smoothing=0.0):
        super().__init__(name="loss")
        weights = np.asarray(share, "float64") ** -power
        self.weights = np.append(weights / (weights * share).sum(), 0).astype("float32")
        self.dice, self.smoothing, self.classes = dice, smoothing, len(share)

    def call(self, masks, scores):
        masks, scores = ops.cast(masks, "int32"), ops.cast(scores, "float32")
        step = masks.shape[1] // scores.shape[1]
        masks = masks[:, ::step, ::step]
        weight = ops.take(ops.convert_to_tensor(self.weights), masks)
        sharp = ops.one_hot(masks, self.classes, dtype="float32")  # void: a row of zeros
        target = sharp * (1 - self.smoothing) + self.smoothing / self.classes
        entropy = -ops.sum(target * ops.log_softmax(scores), -1)
        loss = ops.sum(entropy * weight) / (ops.sum(weight) + 1e-6)
        if self.dice:
            guess = ops.softmax(scores) * ops.sum(sharp, -1, keepdims=True)
            both, either = ops.sum(guess * sharp, (0, 1, 2)), ops.sum(guess + sharp, (0, 1, 2))
            loss += self.dice * ops.mean(1 - (2 * both + 1) / (either + 1))
        return loss


def share(masks, classes=11):
    """The part of the pixels that each class has, void left out."""
    counts = np.bincount(masks.ravel(), minlength=classes)[:classes]
    return np.maximum(counts, 1) / counts.sum()


class OneCycle(keras.callbacks.Callback):
    """The learning rate: up in the first tenth, then down a half cosine to nothing; done(epoch) tells how far we are, 0..1."""

    def __init__(self, peak, done, warm_up=0.1):
        super().__init__()
        self.peak, self.done, self.warm_up = peak, done, warm_up

    def on_epoch_begin(self, epoch, logs=None):
        done = self.done(epoch)
        if done >= 1:
            self.model.stop_training = True
        rising = min((done + 0.02) / self.warm_up, 1)
        falling = 0.5 + 0.5 * np.cos(np.pi * min(max(done - self.warm_up, 0) / (1 - self.warm_up), 1))
        self.model.optimizer.learning_rate = self.peak * rising * falling + 1e-6


def train(
    model,
    x,
    y,
    epochs,
    peak=2e-3,
    decay=1e-2,
    power=0.5,
    dice=0.0,
    smoothing=0.0,
    done=None,
    average=0.0,
    callbacks=(),
    **batches,
):
    """Train `model` (network) on pictures and masks; returns the epochs that were done.

    done(epoch): how far the training is, 0..1, when it shall end by the clock and not after `epochs`.
    """
    ema = {"use_ema": True, "ema_momentum": average} if average else {}
    optimizer = keras.optimizers.AdamW(peak, weight_decay=decay, clipnorm=1.0, **ema)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer, Loss(share(y), power, dice, smoothing))
    cycle = OneCycle(peak, done or (lambda epoch: epoch / epochs))
    history = model.fit(
        Batches(x, y, VOID, **batches), epochs=epochs, callbacks=[cycle, *callbacks], verbose=0
    )
    return len(history.epoch)


def masks_of(model, x, batch_size=16):
    """The class of each pixel: uint8 (pictures, height, width), from scores stretched to the pictures' size."""
    masks = np.empty(x.shape[:3], "uint8")
    for first in range(0, len(x), batch_size):
        some = np.resize(x[first : first + batch_size], (batch_size, *x.shape[1:]))  # one compilation
        for number, scores in enumerate(model.predict_on_batch(some.astype("float32"))[: len(x) - first]):
            masks[first + number] = cv2.resize(scores, x.shape[2:0:-1]).argmax(-1)
    return masks


def with_mask(model):
    """The network with two outputs, named as labs.kinds.mask reads them: `scores` and `mask`, their argmax."""
    scores = layers.Activation("linear", name="scores")(model.output)
    mask = ops.cast(ops.argmax(scores, -1), "float32")
    mask = layers.Activation("linear", name="mask")(mask)
    return keras.Model(model.input, {"scores": scores, "mask": mask}, name="street")


def save(model, folder, metrics, source):
    """Export, with composed streets as golden pictures: CamVid's own may not be passed on."""
    import labs

    drawn = labs.load("camvid", "sample")
    labs.export(
        with_mask(model),
        folder,
        drawn.labels,
        drawn.x_test[:2],
        metrics,
        source,
        "float16",
        ("model.onnx", "tfjs"),
        kind="mask",
        decode={"colors": drawn.colours[:11].tolist()},
    )
