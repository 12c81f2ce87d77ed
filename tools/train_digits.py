"""Trains and exports saved_models/digits: what is written on a photographed sheet, a CenterNet on MobileNet.

    LABS_DATA=... python tools/train_digits.py train first.weights.h5 --minutes 22      # processor minutes, no GPU
    LABS_DATA=... python tools/train_digits.py train digits.weights.h5 --minutes 3.3 --start first.weights.h5
    LABS_DATA=... python tools/train_digits.py export digits.weights.h5                 # measures, writes the formats, labs.check

Sheets are composed while it learns, no one is seen twice; of those with fewer than a dozen characters one in eight is taken, for a full sheet costs the
same time and teaches more. The second training begins with the weights of the first, at a smaller rate, and weighs the boxes' sides more. Like tools/train_sheet.py it keeps the mean of the last weights, with the statistics of batch normalisation measured anew.
"""

import argparse
import functools
import math
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras
import numpy as np
from keras import layers, ops
from train_sheet import COLUMNS, HEIGHT, KEPT, ROOT, ROWS, STRIDE, WIDTH, Mean, separable

import labs
from labs.data import sheets

SEEN = (
    "conv_pw_3_relu",
    "conv_pw_5_relu",
    "conv_pw_9_relu",
)  # MobileNet at a quarter, an eighth, a sixteenth
FROZEN = "conv_pw_1_relu"  # to here its weights stay: the maps are the largest, the edges serve any picture
CLASSES = len(sheets.LABELS)
THRESHOLD = 0.25
FEW, BATCH, RATE = 12, 8, 2e-3
MIDDLES = np.stack(np.meshgrid(np.arange(COLUMNS), np.arange(ROWS)), axis=-1)[None].astype("float32") + 0.5


def digit_network(width=64, weights="imagenet"):
    """For each cell: is a character's middle there, which of the classes, and how far are its sides: (n, ROWS, COLUMNS, 1 + classes + 4)."""
    inputs = keras.Input((HEIGHT, WIDTH, 3), name="input")
    shape = {"input_shape": (HEIGHT, WIDTH, 3), "include_top": False, "alpha": 0.75}
    base = labs.backbone.load("MobileNet", weights=weights, **shape)
    base = keras.Model(base.input, [base.get_layer(name).output for name in SEEN], name="mobilenet")
    for layer in base.layers[: [layer.name for layer in base.layers].index(FROZEN) + 1]:
        layer.trainable = False
    fine, middle, coarse = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    x = layers.Conv2D(width, 1, use_bias=False)(coarse)
    x = layers.Add()([layers.UpSampling2D(2)(x), layers.Conv2D(width, 1, use_bias=False)(middle)])
    x = separable(x, width)
    x = layers.Add()([x, separable(x, width)])
    x = layers.Add()([layers.UpSampling2D(2)(x), layers.Conv2D(width, 1, use_bias=False)(fine)])
    x = convolved(x, width)
    rare = keras.initializers.Constant(-math.log(19))  # the untrained heat is 0.05: focal loss begins small
    heat = layers.Conv2D(1, 1, bias_initializer=rare)(x)
    classes = layers.Conv2D(CLASSES, 1)(convolved(x, width))
    sides = [layers.Conv2D(2, 1, bias_initializer="ones")(x) for _ in range(2)]
    return keras.Model(inputs, layers.Concatenate(dtype="float32")([heat, classes, *sides]))


def convolved(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def digit_target(sheet):
    """Heat, class, weight and the box (x0, y0, x1, y1, in cells) that owns each cell: float32 (ROWS, COLUMNS, 7)."""
    target = np.zeros((ROWS, COLUMNS, 7), np.float32)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    for box, number in zip(sheet.boxes / STRIDE, sheet.classes, strict=True):
        column, row = np.clip(((box[:2] + box[2:]) / 2).astype(int), 0, (COLUMNS - 1, ROWS - 1))
        near = np.s_[max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4]
        sigma = np.maximum(0.13 * (box[2:] - box[:2]), 0.45)
        bump = np.exp(-0.5 * (((x[near] - column) / sigma[0]) ** 2 + ((y[near] - row) / sigma[1]) ** 2))
        own = bump > np.maximum(target[near][..., 0], 0.05)
        target[near][own] = np.concatenate([[0, number, 0], box])
        target[near][own, 0] = target[near][own, 2] = bump[own]
    return target


def digit_loss(target, answer, share=0.3):
    """Focal loss of the middles (CornerNet, equation 1), cross-entropy of the class, `share` of the distance of the sides' logarithms."""
    truth, number, weight = target[..., 0], ops.cast(target[..., 1], "int32"), target[..., 2]
    score = ops.clip(ops.sigmoid(answer[..., 0]), 1e-4, 1 - 1e-4)
    hit = ops.cast(truth > 0.999, "float32")
    focal = hit * (1 - score) ** 2 * ops.log(score)
    focal += (1 - hit) * (1 - truth) ** 4 * score**2 * ops.log(1 - score)
    chosen = ops.one_hot(number, CLASSES) * ops.log_softmax(answer[..., 1 : 1 + CLASSES], axis=-1)
    sides = ops.concatenate([MIDDLES - target[..., 3:5], target[..., 5:7] - MIDDLES], axis=-1)
    off = ops.sum(ops.abs(ops.log(ops.maximum(sides, 0.05)) - answer[..., 1 + CLASSES :]), axis=-1)
    total = ops.maximum(ops.sum(weight), 1)
    loss = -ops.sum(focal) / ops.maximum(ops.sum(hit), 1)
    return loss + (share * ops.sum(weight * off) - ops.sum(weight[..., None] * chosen)) / total


class Sheets:
    """Batches of composed sheets, each seen once, in another light."""

    def __init__(self, first):
        self.composer, self.number, self.random = sheets.Composer("train"), first, np.random.default_rng(7)

    def next(self):
        pictures, targets = [], []
        while len(pictures) < BATCH:
            self.number += 1
            photo = self.composer.photo(self.number)
            if len(photo.sheet.classes) < FEW and self.random.random() > 0.12:
                continue
            random = np.random.default_rng((5, self.number))
            gain = np.exp(random.normal(0, 0.15) + random.normal(0, 0.06, 3))
            lit = photo.picture * gain + 3 * random.standard_normal((HEIGHT, WIDTH, 1))
            pictures.append(np.clip(lit, 0, 255).astype(np.float32))
            targets.append(digit_target(photo.sheet))
        return np.stack(pictures), np.stack(targets)


def train(file, minutes, start=None):
    """The rate falls as a cosine over the processor time; the mean is of the last quarter's weights. start: weights to go on from."""
    keras.utils.set_random_seed(1)
    rate, share, first = (6e-4, 1.0, 6_000_000) if start else (RATE, 0.3, 4_000_000)
    network, batches, mean = digit_network(), Sheets(first), Mean(0.99)
    if start:
        network.load_weights(start)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3, global_clipnorm=5.0)
    network.compile(optimizer, functools.partial(digit_loss, share=share))
    mean.set_model(network)
    begin, steps, losses = time.process_time(), 0, []
    with ThreadPoolExecutor(1) as beside:
        batch = beside.submit(batches.next)
        while (spent := (time.process_time() - begin) / (60 * minutes)) < 1:
            (pictures, targets), batch, steps = batch.result(), beside.submit(batches.next), steps + 1
            fallen = 0.5 * (1 + math.cos(math.pi * spent)) + 0.005
            optimizer.learning_rate = rate * min(1, (steps + 1) / 60) * fallen
            losses.append(float(network.train_on_batch(pictures, targets)))
            if spent > 0.75:
                mean.on_train_batch_end(steps)
            if steps % 20 == 0:
                print(f"step {steps}, {spent:.0%}, loss {np.mean(losses[-40:]):.3f}", flush=True)
    mean.take()
    normalising = [x for x in network._flatten_layers() if isinstance(x, layers.BatchNormalization)]
    for number in range(16):
        for layer in normalising:
            layer.momentum = number / (number + 1)
        network(batches.next()[0], training=True)
    network.save_weights(file)


def decoded(network):
    """The network that answers with `boxes` (n, ROWS * COLUMNS, 6); a cell that is no peak of the heat scores 0."""
    answer = network.output
    heat = ops.sigmoid(answer[..., :1])
    peak = heat * ops.cast(ops.equal(heat, ops.max_pool(heat, 3, 1, "same")), "float32")
    scores = peak * ops.softmax(answer[..., 1 : 1 + CLASSES], axis=-1)
    boxes = labs.detect.center_boxes(scores, ops.exp(answer[..., 1 + CLASSES :]))
    return keras.Model(network.input, {"boxes": boxes})


def export(file, test=300):
    from left_out import explain

    network = digit_network(weights=None)
    network.load_weights(file)
    model = decoded(network)
    data = labs.load("sheets", train=1, test=test)
    rows = model.predict(data.x_test, batch_size=8, verbose=0)["boxes"]
    verdict = labs.detect.judge(data.y_test, rows, data.labels)
    metrics = {"digits_map50": float(np.mean([verdict[name] for name in data.labels[:10]]))}
    metrics |= {"test_map50": verdict["mAP50"], "test_map": verdict["mAP"]}
    print(verdict, metrics)
    folder = ROOT / "saved_models" / "digits"
    source = f"{data.source}; MobileNet 0.75 of ImageNet, by tools/train_digits.py on two cores"
    meaning = {"kind": "boxes", "decode": {"threshold": THRESHOLD, "nms": None}}
    labs.export(model, folder, data.labels, data.x_test[1:2], metrics, source, "float16", KEPT, **meaning)
    explain(folder, "left out to keep the clone small: tools/train_digits.py writes it when KEPT names it")
    print(labs.check(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["train", "export"])
    parser.add_argument("file", help="the weights, NAME.weights.h5")
    parser.add_argument("--minutes", type=float, default=25, help="of processor time")
    parser.add_argument("--start", help="weights to go on from")
    asked = parser.parse_args()
    train(asked.file, asked.minutes, asked.start) if asked.what == "train" else export(asked.file)
