"""Trains saved_models/street: a class for each pixel of a street, on CamVid, in plain Keras (any backend, any machine).

    LABS_DATA=... KERAS_BACKEND=jax python tools/train_street.py --epochs 216 --weights street.npz    # on a GPU: 6 minutes
    LABS_DATA=... python tools/train_street.py --epochs 0 --weights street.npz                        # export, with TensorFlow

MobileNet (alpha 0.75, ImageNet) cut at a sixteenth of the picture, atrous convolutions of several rates beside each
other, then back to half the picture by three skips: DeepLab v3+ with a finer decoder. Lab 11 builds the same
network step by step, one skip shorter. The kept network has learnt from train and val together; its recipe was tried on val before.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402

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
    inputs = keras.Input(shape, name="input")
    deep, *skips = maps_of(layers.Rescaling(1 / 127.5, -1)(inputs))
    x = context(deep, width, rates, dropout)
    for number, skip in enumerate(skips):
        if skip.shape[1] != x.shape[1]:
            x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        narrow = unit(skip, (48, 32, 24)[number], 1)
        x = separable(layers.Concatenate()([x, narrow]), (width, 64, 48)[number])
    x = layers.Conv2D(classes, 1, name="classes")(x)
    if stride > out:
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


def compile_for(model, masks, peak=2e-3, decay=1e-2, power=0.5, dice=1.0, smoothing=0.0):
    """Give the network its optimizer and its loss, weighed by how rare each class is in `masks`."""
    optimizer = keras.optimizers.AdamW(peak, weight_decay=decay, clipnorm=1.0)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer, Loss(share(masks), power, dice, smoothing))


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
        drawn.x_test[:1],
        metrics,
        source,
        "float16",
        ("model.onnx", "tfjs"),
        kind="mask",
        decode={"colors": drawn.colours[:11].tolist()},
    )


def main():
    import labs
    from labs.masks import Batches, confusion, iou, pixel_accuracy

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=216, help="0: only export what --weights holds")
    parser.add_argument("--weights", type=Path, default=Path("street.npz"), help="where the weights are kept")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    data, val = labs.load("camvid"), labs.load("camvid", part="val")
    model = network(labs.backbone.load("MobileNet", **MOBILENET), stride=2, dropout=0.2)
    if options.epochs:
        x, y = np.concatenate([data.x_train, val.x_test]), np.concatenate([data.y_train, val.y_test])
        compile_for(model, y, decay=0.05, smoothing=0.02)
        batches = Batches(x, y, VOID, zoom=(0.6, 2), light=0.4, rare=0.3, workers=4)
        cycle = OneCycle(2e-3, lambda epoch: epoch / options.epochs)
        model.fit(batches, epochs=options.epochs, callbacks=[cycle], verbose=2)
        np.savez(options.weights, *model.get_weights())
    else:
        with np.load(options.weights) as file:
            model.set_weights([file[name] for name in file.files])
    table = confusion(data.y_test, masks_of(model, data.x_test), len(data.labels), VOID)
    metrics = {"test_miou": np.nanmean(iou(table)), "test_pixels": pixel_accuracy(table)}
    print({name: round(float(value), 4) for name, value in metrics.items()})
    if keras.backend.backend() == "tensorflow":
        source = "CamVid 320x240, 468 pictures (train and val), by tools/train_street.py on one GPU"
        save(model, ROOT / "saved_models" / "street", metrics, source)
        print(labs.check(ROOT / "saved_models" / "street"))


if __name__ == "__main__":
    main()
