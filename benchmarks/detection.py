"""Detection: mAP50 against processor seconds, ours beside the network of keras.io's RetinaNet example, on the same data in one run.

    LABS_DATA=... python benchmarks/detection.py --seconds 60 120

Both stand on the same MobileNet (alpha 0.75, ImageNet; ResNet50's weights are not to be had everywhere), take BCCD's training and val parts at
320x240 with the same warps, batches of 8 and AdamW, and are judged on the test part when their processor seconds are spent:

- "centres": lab 12c's CenterNet, heads of one convolution of 64 channels, its first layers frozen; no NMS.
- "keras.io RetinaNet": the example's pyramid (P3 to P7, 256 channels), two towers of four convolutions, nine anchors a place, focal loss
  (alpha 0.25, gamma 2), smooth L1, matched at 0.5 / 0.4; NMS at 0.5.
"""

import argparse
import functools
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import keras
import numpy as np
from keras import layers, ops

import labs
from labs import detect

RESULTS = ROOT / "benchmarks" / "results" / "detection.json"
SIDES = {8: 32, 16: 64, 32: 128, 64: 256, 128: 512}  # pixels of an anchor on each level, as in the example
RATIOS, SCALES = (0.5, 1.0, 2.0), (1.0, 2 ** (1 / 3), 2 ** (2 / 3))


def anchors(height, width):
    """The example's anchors; its maps are rounded up where a stride does not divide the picture."""
    grids = []
    for stride, side in SIDES.items():
        areas = [(side * scale) ** 2 for ratio in RATIOS for scale in SCALES]
        ratios = [ratio for ratio in RATIOS for _ in SCALES]
        sizes = [
            ((area / ratio) ** 0.5, (area * ratio) ** 0.5) for area, ratio in zip(areas, ratios, strict=True)
        ]
        rounded = (-(-height // stride) * stride, -(-width // stride) * stride)
        grids.append(detect.anchor_grid({stride: sizes}, *rounded))
    return np.concatenate(grids)


def retinanet(height, width, classes):
    """The pyramid and the towers of keras.io's "Object Detection with RetinaNet", on MobileNet."""
    options = {"alpha": 0.75, "include_top": False, "input_shape": (None, None, 3)}
    mobilenet = labs.backbone.load("MobileNet", **options)
    names = ("conv_pw_5_relu", "conv_pw_11_relu", "conv_pw_13_relu")
    trunk = keras.Model(mobilenet.input, [mobilenet.get_layer(name).output for name in names])
    inputs = keras.Input((height, width, 3))
    c3, c4, c5 = trunk(
        layers.ZeroPadding2D(((0, -height % 32), (0, -width % 32)))(
            layers.Rescaling(1 / 127.5, offset=-1)(inputs)
        )
    )
    p3, p4, p5 = (layers.Conv2D(256, 1)(c) for c in (c3, c4, c5))
    p4 = layers.Add()([p4, layers.UpSampling2D(2)(p5)])
    p3 = layers.Add()([p3, layers.UpSampling2D(2)(p4)])
    p3, p4, p5 = (layers.Conv2D(256, 3, padding="same")(p) for p in (p3, p4, p5))
    p6 = layers.Conv2D(256, 3, 2, padding="same")(c5)
    p7 = layers.Conv2D(256, 3, 2, padding="same")(layers.ReLU()(p6))
    rare = keras.initializers.Constant(-np.log((1 - 0.01) / 0.01))
    towers = [tower(9 * classes, rare), tower(9 * 4, "zeros")]
    outputs = []
    for level in (p3, p4, p5, p6, p7):
        label, code = (head(level) for head in towers)
        parts = [layers.Reshape((-1, 4))(code), layers.Reshape((-1, classes))(label)]
        outputs.append(layers.Concatenate()(parts))
    return keras.Model(inputs, layers.Concatenate(axis=1)(outputs))


def tower(filters, bias):
    normal = keras.initializers.RandomNormal(0, 0.01)
    same = [
        layers.Conv2D(256, 3, padding="same", kernel_initializer=normal, activation="relu") for _ in range(4)
    ]
    last = layers.Conv2D(filters, 3, padding="same", kernel_initializer=normal, bias_initializer=bias)
    return lambda level: functools.reduce(
        lambda x, layer: layer(x), [*same, last], level
    )  # shared by all levels


def retinanet_target(objects, grid, classes):
    owner = detect.match(grid, objects.boxes, high=0.5, low=0.4)
    if not len(objects.boxes):
        return np.column_stack([owner, np.zeros((len(grid), 4 + classes))]).astype("float32")
    boxes, numbers = objects.boxes[np.maximum(owner, 0)], objects.classes[np.maximum(owner, 0)]
    label = np.eye(classes)[numbers] * (owner >= 0)[:, None]
    return np.column_stack([owner, detect.encode(boxes, grid) / VARIANCE, label]).astype("float32")


VARIANCE = np.array([0.1, 0.1, 0.2, 0.2], "float32")


def retinanet_loss(target, answer):
    owner, code, label = ops.split(target, (1, 5), axis=-1)
    mine, asked = (ops.cast(owner > least, "float32") for least in (-0.5, -1.5))
    right = ops.clip(ops.abs(ops.sigmoid(answer[..., 4:]) - 1 + label), 1e-6, 1.0)
    alpha = 0.25 * label + 0.75 * (1 - label)
    names = -alpha * (1 - right) ** 2 * ops.log(right) * asked
    far = ops.abs(code - answer[..., :4])
    boxes = ops.where(far < 1, 0.5 * far**2, far - 0.5) * mine
    return (ops.sum(names) + ops.sum(boxes)) / ops.maximum(ops.sum(mine), 1)


def retinanet_rows(answer, grid):
    corners = np.asarray(detect.decode(answer[..., :4] * VARIANCE, grid))
    scores = 1 / (1 + np.exp(-answer[..., 4:]))
    return np.concatenate([scores.argmax(-1)[..., None], scores.max(-1, keepdims=True), corners], axis=-1)


def sides(data):
    """{name: (network, loss, target, rows of its answers, overlap of NMS)}."""
    import train_cells

    height, width = data.x_train.shape[1:3]
    grid = anchors(height + -height % 32, width + -width % 32)  # of the padded picture
    classes = len(data.labels)

    def boxes(answer):
        heat, far = ops.sigmoid(answer[..., :classes]), ops.exp(answer[..., classes:])
        return np.asarray(detect.center_boxes(ops.convert_to_tensor(heat), ops.convert_to_tensor(far)))

    ours = (
        train_cells.network(height, width, frozen=24),
        train_cells.center_loss,
        train_cells.target,
        boxes,
        None,
    )
    theirs = (
        retinanet(height, width, classes),
        retinanet_loss,
        functools.partial(retinanet_target, grid=grid, classes=classes),
        lambda answer: retinanet_rows(answer, grid),
        0.5,
    )
    return {"centres": ours, "keras.io RetinaNet": theirs}


class Spend(keras.callbacks.Callback):
    """Ends training when its processor seconds are spent; the rate falls along a cosine of what is left."""

    def __init__(self, seconds, peak):
        super().__init__()
        self.seconds, self.peak, self.spent, self.steps = seconds, peak, 0.0, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.process_time()
        part = min(self.spent / self.seconds, 1)
        self.model.optimizer.learning_rate = (
            self.peak * min(1, part * 20 + 0.05) * (1 + np.cos(np.pi * part)) / 2
        )

    def on_train_batch_end(self, batch, logs=None):
        if self.steps:  # the first builds the graph
            self.spent += time.process_time() - self.began
        self.steps += 1
        self.model.stop_training = self.spent >= self.seconds


def run(name, data, seconds):
    model, loss, target, rows, nms = sides(data)[name]
    keras.utils.set_random_seed(1)
    spend = Spend(seconds, 2e-3 if name == "centres" else 1e-3)
    model.compile(keras.optimizers.AdamW(1e-3, weight_decay=1e-4, clipnorm=10), loss)
    batches = detect.Batches(data.x_train, data.y_train, target, seed=1)
    while spend.spent < seconds:
        model.fit(batches, epochs=1, verbose=0, shuffle=False, callbacks=[spend])
    model.predict(data.x_test[:4].astype("float32"), verbose=0)
    began = time.process_time()
    answer = model.predict(data.x_test.astype("float32"), batch_size=4, verbose=0)
    predicted = (time.process_time() - began) / len(data.x_test)
    figures = detect.judge(data.y_test, rows(answer), data.labels, nms)
    return {
        **figures,
        "parameters": model.count_params(),
        "steps": spend.steps,
        "seconds_a_step": round(spend.spent / max(spend.steps - 1, 1), 3),
        "seconds": round(spend.spent),
        "predict_cpu_ms": round(1000 * predicted),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[60, 120], help="processor seconds of training"
    )
    parser.add_argument("--size", choices=["full", "sample"], default="full")
    options = parser.parse_args()
    data = labs.load("bccd", options.size, train="train+val")
    results = {"source": data.source, "runs": []}
    for seconds in options.seconds:
        pair = [{"network": name, **run(name, data, seconds)} for name in ("centres", "keras.io RetinaNet")]
        results["runs"] += pair
        ratios = {
            what: round(pair[0][what] / max(pair[1][what], 1e-4), 2)
            for what in ("mAP50", "mAP", "seconds_a_step", "predict_cpu_ms", "parameters")
        }
        print(*pair, {"ours to theirs": ratios}, sep="\n", flush=True)
    if options.size == "full":
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
