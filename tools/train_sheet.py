"""Trains and exports saved_models/sheet: the four corners of a photographed page, on MobileNet with a heat map a corner.

    LABS_DATA=... python tools/train_sheet.py train sheet.weights.h5     # any backend; hours on two cores, minutes on a GPU
    LABS_DATA=... python tools/train_sheet.py export sheet.weights.h5    # TensorFlow: measures, writes the formats, labs.check

Photographs of sheets are composed while it learns. What is kept is the mean of the weights on the way (Polyak and Juditsky, 1992), with the statistics of
batch normalisation measured anew. The kept weights: 461 steps of 32 on one GPU beside other work, 15,328 photographs in all, each drawn from the latest
12,000 as often as chance would have it. That is few: the card says how far it got.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras
import numpy as np
from keras import layers, ops

import labs
from labs.data import sheets

HEIGHT, WIDTH, STRIDE = 240, 320, 4
ROWS, COLUMNS = HEIGHT // STRIDE, WIDTH // STRIDE
SIGMA = 1.2  # cells: of the heat map around a corner
SHARPEN = 2.0  # of the map before its mean is taken
CORNERS = ("top left", "top right", "bottom right", "bottom left")
SEEN = (
    "conv_pw_3_relu",
    "conv_pw_5_relu",
    "conv_pw_11_relu",
)  # MobileNet at a quarter, an eighth, a sixteenth
KEPT = ("model.onnx", "tfjs")


def corner_network(width=64, weights="imagenet"):
    """MobileNet to a sixteenth and up again to a quarter: a heat map (before its softmax) for each corner, (n, ROWS, COLUMNS, 4)."""
    inputs = keras.Input((HEIGHT, WIDTH, 3), name="input")
    shape = {"input_shape": (HEIGHT, WIDTH, 3), "include_top": False, "alpha": 0.75}
    base = labs.backbone.load("MobileNet", weights=weights, **shape)
    base = keras.Model(base.input, [base.get_layer(name).output for name in SEEN], name="mobilenet")
    fine, middle, coarse = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    x = layers.Conv2D(width, 1, use_bias=False)(coarse)
    for skip in (middle, fine):
        x = layers.Add()([layers.UpSampling2D(2)(x), layers.Conv2D(width, 1, use_bias=False)(skip)])
        x = separable(x, width)
    x = layers.Add()([x, separable(x, width)])
    return keras.Model(inputs, layers.Conv2D(4, 1, dtype="float32")(x))


def separable(x, filters):
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.Conv2D(filters, 1, use_bias=False)(layers.BatchNormalization()(x))
    return layers.ReLU()(layers.BatchNormalization()(x))


def places():
    """x, y of the middle of each cell, in cells: float32 (ROWS * COLUMNS, 2)."""
    y, x = np.divmod(np.arange(ROWS * COLUMNS, dtype=np.float32), COLUMNS)
    return np.stack([x, y], axis=1) + 0.5


def corner_loss(target, answer):
    """Cross-entropy of the heat maps with Gaussians, and how far their mean place is off; without a page the map shall be flat.

    target: (n, 4, 3), corners in cells and whether there are any: 1, or -1.
    """
    page = ops.cast(target[..., 2] > 0, "float32")
    square = ops.sum((target[:, None, :, :2] - places()[None, :, None]) ** 2, axis=-1)
    heat = ops.softmax(-square / (2 * SIGMA**2), axis=1)
    heat = ops.where(page[:, None] > 0, heat, 1 / (ROWS * COLUMNS))
    logits = ops.reshape(answer, (-1, ROWS * COLUMNS, 4))
    entropy = -ops.sum(heat * ops.log_softmax(logits, axis=1), axis=1)
    mean = ops.matmul(ops.transpose(ops.softmax(logits, axis=1), (0, 2, 1)), places())
    return ops.mean(entropy + page * ops.sum(ops.abs(mean - target[..., :2]), axis=2))


def decoded(network):
    """The network that answers with `points` (n, 4, 3): x, y in pixels, and a score that falls as the heat map spreads."""
    moments = places() - np.float32([COLUMNS / 2, ROWS / 2])  # of a cell, seen from the middle of the picture
    moments = np.column_stack([moments, (moments**2).sum(axis=1)])
    logits = layers.Reshape((4, ROWS * COLUMNS))(layers.Permute((3, 1, 2))(network.output))
    mean = ops.matmul(ops.softmax(SHARPEN * logits, axis=-1), moments)
    x, y, square = mean[..., 0:1], mean[..., 1:2], mean[..., 2:3]
    score = ops.exp(-0.05 * ops.relu(square - x * x - y * y - 2 * SIGMA**2 / SHARPEN))
    answer = [STRIDE * x + WIDTH / 2, STRIDE * y + HEIGHT / 2, score]
    return keras.Model(network.input, {"points": layers.Concatenate(axis=2, name="points")(answer)})


class Photographs(keras.utils.PyDataset):
    """Batches of composed photographs, another one at each number; of 24 one is a table without a page."""

    def __init__(self, first, batches, batch, **options):
        super().__init__(**options)
        self.first, self.batches, self.batch, self.composer = first, batches, batch, None

    def __len__(self):
        return self.batches

    def __getitem__(self, number):
        self.composer = self.composer or sheets.Composer("train")
        start = self.first + number * self.batch
        pictures, targets = zip(*map(self.one, range(start, start + self.batch)), strict=True)
        return np.stack(pictures), np.stack(targets)

    def one(self, number):
        if number % 24 == 0:
            picture, target = self.composer.table(number), np.full((4, 3), -1)
        else:
            photo = self.composer.photo(number)
            picture, target = photo.picture, np.column_stack([photo.sheet.corners / STRIDE, np.ones(4)])
        random = np.random.default_rng((5, number))
        gain = np.exp(random.normal(0, 0.15) + random.normal(0, 0.06, 3))
        lit = picture * gain + 3 * random.standard_normal((HEIGHT, WIDTH, 1))
        return np.clip(lit, 0, 255).astype(np.float32), target.astype(np.float32)


class Mean(keras.callbacks.Callback):
    """The mean of the trained weights, recent steps counting more; what the first step saw is not in it."""

    def __init__(self, share=0.998):
        super().__init__()
        self.share, self.steps, self.sum = share, 0, None

    def on_train_batch_end(self, batch, logs=None):
        weights = [np.asarray(variable) for variable in self.model.trainable_variables]
        self.sum = self.sum or [np.zeros_like(array) for array in weights]
        self.sum = [self.share * a + (1 - self.share) * b for a, b in zip(self.sum, weights, strict=True)]
        self.steps += 1

    def take(self):
        for variable, array in zip(self.model.trainable_variables, self.sum, strict=True):
            variable.assign(array / (1 - self.share**self.steps))


def measure_statistics(network, photographs):
    """Batch normalisation's mean and variance, averaged over the batches, for weights that no batch has seen."""
    normalising = [
        layer for layer in network._flatten_layers() if isinstance(layer, layers.BatchNormalization)
    ]
    for number in range(len(photographs)):
        for layer in normalising:
            layer.momentum = number / (number + 1)
        network(photographs[number][0], training=True)


def train(file, batch=32, batches=461, rate=1e-3):
    keras.utils.set_random_seed(1)
    network, mean = corner_network(), Mean()
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 100, batches - 150, warmup_target=rate, warmup_steps=150
    )
    network.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-3, global_clipnorm=5.0), corner_loss)
    options = {"workers": os.cpu_count() or 1, "max_queue_size": 16}
    network.fit(Photographs(0, batches, batch, **options), epochs=1, callbacks=[mean])
    mean.take()
    measure_statistics(network, Photographs(1_000_000, 8, batch))
    network.save_weights(file)


def export(file):
    from left_out import explain

    network = corner_network(weights=None)
    network.load_weights(file)
    model = decoded(network)
    data = labs.load("sheets", train=1, test=400)
    found = model.predict(data.x_test, batch_size=16, verbose=0)["points"][..., :2]
    metrics = measure(found, np.stack([sheet.corners for sheet in data.y_test]))
    print(metrics)
    folder = ROOT / "saved_models" / "sheet"
    source = f"{data.source}; MobileNet 0.75 of ImageNet, by tools/train_sheet.py, 461 steps of 32 on one GPU"
    labs.export(model, folder, CORNERS, data.x_test[:6], metrics, source, "float16", KEPT, kind="points")
    explain(folder, "left out to keep the clone small: tools/train_sheet.py writes it when KEPT names it")
    print(labs.check(folder))


def measure(found, truth):
    """How far the worst corner of each page is off, as a share of the page's diagonal."""
    diagonal = np.linalg.norm(truth[:, [0, 1]] - truth[:, [2, 3]], axis=2).mean(axis=1)
    worst = np.linalg.norm(found - truth, axis=2).max(axis=1) / diagonal
    within = {f"pages_within_{share}_percent": float(np.mean(worst < share / 100)) for share in (1, 2, 3)}
    return {"median_error_percent_of_diagonal": float(100 * np.median(worst)), **within}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["train", "export"])
    parser.add_argument("file", help="the weights, NAME.weights.h5")
    asked = parser.parse_args()
    {"train": train, "export": export}[asked.what](asked.file)
