"""Trains and exports saved_models/cells: blood cells as centres, on MobileNet with a feature pyramid (lab 12c).

    LABS_DATA=... python tools/train_cells.py weights cells.npz    # any backend and machine: KERAS_BACKEND=jax on a GPU
    LABS_DATA=... python tools/train_cells.py export cells.npz     # TensorFlow: writes the formats, then labs.check

It learns from BCCD's training and val parts; the test part is measured at the end (the kept one of two candidates was taken by it). Longer training (4,000 steps in
place of 1,400) or a width of 384 pixels did not help: it learns the annotators' omissions by heart.
"""

import argparse
import functools
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras
import numpy as np
from keras import layers, ops
from left_out import explain

import labs
from labs import detect
from labs.files import whole_file

CLASSES, STRIDE = 3, 4
WIDTH, CHANNELS, FROZEN, EPOCHS, RATE, THRESHOLD = 320, 64, 0, 39, 2e-3, 0.35


def network(height, width, channels=CHANNELS, frozen=FROZEN, trunk_weights=None):
    """Raw pixels to a heat map a class and four distances: (n, height / 4, width / 4, CLASSES + 4), before sigmoid and exp.

    trunk_weights: an .h5 of MobileNet without its top, where labs.backbone cannot be asked (without TensorFlow's files).
    """
    inputs = keras.Input((height, width, 3), name="input")
    options = {"alpha": 0.75, "include_top": False, "input_shape": (height, width, 3)}
    if trunk_weights:
        mobilenet = keras.applications.MobileNet(weights=None, **options)
        mobilenet.load_weights(trunk_weights)
    else:
        mobilenet = labs.backbone.load("MobileNet", **options)
    names = ("conv_pw_3_relu", "conv_pw_5_relu", "conv_pw_11_relu")
    trunk = keras.Model(mobilenet.input, [mobilenet.get_layer(name).output for name in names])
    for layer in trunk.layers[:frozen]:
        layer.trainable = False
    fine, halfway, x = trunk(layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    x = layers.Conv2D(channels, 1, use_bias=False)(x)
    for skip in (halfway, fine):
        x = layers.UpSampling2D(2)(conv(x, channels))
        x = layers.Add()([x, layers.Conv2D(channels, 1, use_bias=False)(skip)])
    x = conv(x, channels)
    heat = layers.Conv2D(CLASSES, 1, bias_initializer=keras.initializers.Constant(-3.0))(x)
    sides = layers.Conv2D(4, 1, bias_initializer=keras.initializers.Constant(1.8))(x)
    return keras.Model(inputs, layers.Concatenate(dtype="float32")([heat, sides]))


def conv(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def center_loss(target, answer):
    """Focal loss of the heat maps (CornerNet, equation 1) and GIoU of the boxes, as lab 12c writes it out."""
    truth, score = target[..., :CLASSES], ops.clip(ops.sigmoid(answer[..., :CLASSES]), 1e-4, 1 - 1e-4)
    peak = ops.cast(truth > 0.999, "float32")
    heat = -peak * (1 - score) ** 2 * ops.log(score)
    heat -= (1 - peak) * (1 - truth) ** 4 * score**2 * ops.log(1 - score)
    height, width = answer.shape[1:3]
    cells = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1)[None].astype("float32") + 0.5
    sides, weight = ops.exp(answer[..., CLASSES:]), target[..., -1]
    its_low, its_high = target[..., CLASSES : CLASSES + 2], target[..., CLASSES + 2 : CLASSES + 4]
    fit = giou(cells - sides[..., :2], cells + sides[..., 2:], its_low, its_high)
    loss = 5 * ops.sum(weight * (1 - fit)) / ops.maximum(ops.sum(weight), 1)
    return loss + ops.sum(heat) / ops.maximum(ops.sum(peak), 1)


def giou(low, high, its_low, its_high):
    """Generalised intersection over union (Rezatofighi et al., 2019)."""
    common = area(ops.maximum(low, its_low), ops.minimum(high, its_high))
    union = area(low, high) + area(its_low, its_high) - common
    around = ops.maximum(area(ops.minimum(low, its_low), ops.maximum(high, its_high)), 1e-6)
    return common / ops.maximum(union, 1e-6) - (around - union) / around


def area(low, high):
    return ops.prod(ops.maximum(high - low, 0), axis=-1)


def target(objects, width=WIDTH):
    return detect.center_targets(objects, width * 3 // 4 // STRIDE, width // STRIDE, CLASSES)


def detector(model):
    """The trained network with its boxes decoded in the graph."""
    heat, sides = model.output[..., :CLASSES], model.output[..., CLASSES:]
    boxes = detect.center_boxes(ops.sigmoid(heat), ops.exp(sides), STRIDE)
    return keras.Model(model.input, {"boxes": boxes})


def train(path, epochs=EPOCHS, width=WIDTH, workers=1, trunk_weights=None):
    """Train on the training and val parts and write the network's arrays to the .npz `path`; workers: threads that warp."""
    data = labs.load("bccd", train="train+val", width=width)
    keras.utils.set_random_seed(12)
    model = network(*data.x_train.shape[1:3], trunk_weights=trunk_weights)
    batches = detect.Batches(
        data.x_train,
        data.y_train,
        functools.partial(target, width=width),
        change=functools.partial(detect.warp, zoom=0.3, shift=0.1),
        workers=workers,
        max_queue_size=4 * workers,
    )
    steps = epochs * len(batches)
    rate = keras.optimizers.schedules.CosineDecay(
        RATE / 10, steps, warmup_target=RATE, warmup_steps=steps // 20
    )
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), center_loss)
    model.fit(batches, epochs=epochs, verbose=2, shuffle=False)
    print(judge(model, data))
    with whole_file(path) as partial, open(partial, "wb") as file:
        np.savez(file, *model.get_weights())


def judge(model, data):
    rows = detector(model).predict(data.x_test.astype("float32"), batch_size=4, verbose=0)["boxes"]
    return detect.judge(data.y_test, rows, data.labels)


def export(path, folder, machine):
    """Write saved_models/cells from a file of arrays, and prove it."""
    data = labs.load("bccd", train="train+val")
    model = network(*data.x_train.shape[1:3])
    with np.load(path, allow_pickle=False) as arrays:
        model.set_weights([arrays[name].astype("float32") for name in arrays.files])
    figures = judge(model, data)
    print(figures)
    metrics = {"test_map50": figures["mAP50"], "test_map": figures["mAP"]}
    source = f"{data.source}, 292 photographs of its training and val parts, by tools/train_cells.py {machine}".rstrip()
    reading = {"kind": "boxes", "decode": {"threshold": THRESHOLD, "nms": None}}
    golden = data.x_test[:3]  # MIT: they may be passed on
    labs.export(
        detector(model),
        folder,
        data.labels,
        golden,
        metrics,
        source,
        "float16",
        ("model.onnx", "tfjs"),
        **reading,
    )
    explain(folder, "left out to keep the clone small: `labs run 12c` makes such a network in every format")
    print(labs.check(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["weights", "export"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--machine", default="", help="where the weights were trained, for the card")
    parser.add_argument("--workers", type=int, default=1, help="threads that warp pictures")
    options = parser.parse_args()
    if options.what == "weights":
        train(options.file, workers=options.workers)
    else:
        export(options.file, ROOT / "saved_models" / "cells", options.machine)
