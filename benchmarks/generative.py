"""Lab 15b's print to hand beside the network and the loop of TensorFlow's pix2pix tutorial, on the same pairs in one run.

    python benchmarks/generative.py                    # both for 60 processor seconds each: a look
    python benchmarks/generative.py --seconds 180      # the figures of docs/measured.md

Pairs: each syllable of KS X 1001 in a printed and in a written face at 64x64, every fifth held out. Every quarter of
the time the held-out syllables are written and saved_models/hangul_2350 reads them; judging is not counted. A copy of the print stands beside.

- "lesson" is the forger with L1, examiner and teacher as the lesson's cells tagged `network` define it: batches of 16, Adam 1e-3.
- "tutorial" is tensorflow.org's pix2pix, written from its description: U-Net of convolutions 4x4 without bias, BatchNormalization,
  dropout 0.5; PatchGAN; L1 x 100; Adam 2e-4 and 0.5; batches of 1; pixels -1 to 1; writing with training=True. Changed for
  these pairs: one channel in place of three, two of the 512-wide levels left out (64 pixels in place of 256), one of the three dropouts
  with them, and neither mirrored nor cropped at random: mirrored letters are no letters.
- "tutorial, batches of 16" is the same network and loop with the lesson's batches.

Results go to benchmarks/results/generative.json.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)  # the lesson's cells name saved_models/ from here

import jupytext  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

from labs.hangul import CLEAN, Renderer, bundled_faces, common  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "generative.json"
READ = (0.44, 0.75)  # shares of read syllables whose time is told


def lesson():
    """The names that lab 15b's cells of networks define."""
    names = {"keras": keras, "layers": layers, "np": np, "tf": tf}
    for cell in jupytext.read(ROOT / "notebooks" / "src" / "15b_print_to_hand.py").cells:
        if "network" in cell.metadata.get("tags", []):
            exec(cell.source, names)
    return names


def ours():
    """The lesson's network: pairs a step, the step, and how it writes."""
    names = lesson()
    model = names["Pix2Pix"](l1=10.0, gan=0.1, teach=names["perceptual"])
    model.compile(1e-3)
    step = tf.function(model.train_step)
    return 16, lambda x, y: step((x, y)), lambda x: model.forger(x, training=False)["picture"]


def tutorial(size=1):
    """tensorflow.org's pix2pix at 64x64: pairs a step, the step, and how it writes."""
    normal = keras.initializers.RandomNormal(0, 0.02)

    def down(x, filters, normalise=True):
        x = layers.Conv2D(filters, 4, 2, "same", use_bias=False, kernel_initializer=normal)(x)
        return layers.LeakyReLU(0.3)(layers.BatchNormalization()(x) if normalise else x)

    def up(x, filters, dropout=False):
        x = layers.Conv2DTranspose(filters, 4, 2, "same", use_bias=False, kernel_initializer=normal)(x)
        x = layers.BatchNormalization()(x)
        return layers.ReLU()(layers.Dropout(0.5)(x) if dropout else x)

    inputs = x = keras.Input((64, 64, 1))
    skips = []
    for number, filters in enumerate((64, 128, 256, 512, 512, 512)):
        skips.append(x := down(x, filters, number > 0))
    for number, skip in enumerate(skips[-2::-1]):
        x = layers.Concatenate()([up(x, (512, 512, 256, 128, 64)[number], number < 2), skip])
    last = layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh", kernel_initializer=normal)
    generator = keras.Model(inputs, last(x))
    pair = [keras.Input((64, 64, 1)), keras.Input((64, 64, 1))]
    x = layers.Concatenate()(pair)
    for number, filters in enumerate((64, 128, 256)):
        x = down(x, filters, number > 0)
    x = layers.Conv2D(512, 4, use_bias=False, kernel_initializer=normal)(layers.ZeroPadding2D()(x))
    x = layers.ZeroPadding2D()(layers.LeakyReLU(0.3)(layers.BatchNormalization()(x)))
    judge = keras.Model(pair, layers.Conv2D(1, 4, kernel_initializer=normal)(x))
    forge, examine = keras.optimizers.Adam(2e-4, 0.5), keras.optimizers.Adam(2e-4, 0.5)
    says = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(x, y):
        x, y = x / 127.5 - 1, y / 127.5 - 1
        with tf.GradientTape() as forging, tf.GradientTape() as examining:
            written = generator(x, training=True)
            true, false = judge([x, y], training=True), judge([x, written], training=True)
            fooled = says(tf.ones_like(false), false) + 100 * tf.reduce_mean(tf.abs(y - written))
            examined = says(tf.ones_like(true), true) + says(tf.zeros_like(false), false)
        weights = generator.trainable_variables
        forge.apply(forging.gradient(fooled, weights), weights)
        weights = judge.trainable_variables
        examine.apply(examining.gradient(examined, weights), weights)

    return (
        size,
        step,
        tf.function(lambda x: 127.5 * (generator(x / 127.5 - 1, training=True) + 1)),
    )  # as there


def measure(name, build, seconds, pairs, secret, read):
    """Train for so many processor seconds; {"seconds a step", "read", "L1", "seconds to 44 % read", ...}."""
    keras.utils.set_random_seed(0)
    size, step, write = build()
    printed, truth = (x[~secret].astype("float32") for x in pairs)
    random, used, steps, reached = np.random.default_rng(0), 0.0, 0, {}
    step(*(x[random.integers(len(x), size=size)] for x in (printed, truth)))  # the compilation is not counted
    for quarter in range(1, 5):
        while used < quarter * seconds / 4:
            chosen = random.integers(len(printed), size=size)
            start = time.process_time()
            step(printed[chosen], truth[chosen])
            used, steps = used + time.process_time() - start, steps + 1
        x = pairs[0][secret].astype("float32")
        part = 1 if size == 1 else 94  # in training, batch normalisation is of the batch that is written
        written = np.concatenate([write(x[i : i + part]) for i in range(0, len(x), part)])
        share, l1 = read(written), np.abs(written - pairs[1][secret]).mean() / 255
        for wanted in READ:
            if share >= wanted:
                reached.setdefault(f"seconds to {wanted:.0%} read", round(used))
        print(f"{name:12} {used:6.0f} s, {steps:6} steps: read {share:.3f}, L1 {l1:.3f}", flush=True)
    figures = {"seconds a step": round(used / steps, 3), "pairs a second": round(steps * size / used, 1)}
    return figures | {"read": round(float(share), 3), "L1": round(float(l1), 3)} | reached


def main():
    """Both in one run, and the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="processor seconds for each")
    options = parser.parse_args()
    syllables = common(2350)
    secret = np.arange(2350) % 5 == 2
    faces = {face.family: face for face in bundled_faces("train")}
    wanted = ("Labs Gothic", "Labs Hand Pen")
    pairs = [Renderer([faces[family]], syllables, CLEAN).every()[0] for family in wanted]
    reader = keras.models.load_model(ROOT / "saved_models" / "hangul_2350" / "model.keras", compile=False)

    def read(pictures):
        return np.mean(reader(tf.cast(pictures, tf.float32)).numpy().argmax(1) == np.flatnonzero(secret))

    rows = {}
    for name, build in (("lesson", ours), ("tutorial", tutorial), ("tutorial, 16", lambda: tutorial(16))):
        rows[name] = measure(name, build, options.seconds, pairs, secret, read)
    rows["a copy of the print"] = {
        "read": round(float(read(pairs[0][secret])), 3),
        "L1": round(float(np.abs(pairs[0][secret] / 255 - pairs[1][secret] / 255).mean()), 3),
    }
    for name, row in rows.items():
        print(f"{name:20}", ", ".join(f"{figure}: {value}" for figure, value in row.items()))
    faster = rows["lesson"]["pairs a second"] / rows["tutorial"]["pairs a second"]
    print(f"the lesson learns {faster:.1f} times as many pairs a processor second as the tutorial")
    RESULTS.write_text(
        json.dumps({"seconds": options.seconds, "rows": rows}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
