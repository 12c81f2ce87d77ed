"""Augmentation, pictures a second: labs.augment beside Keras' old ImageDataGenerator and Keras' layers.

    python benchmarks/augment.py

The same operations (turn, shift, zoom, shear, light, mirror) on the same 128x128 colour pictures in
batches of 32, all sides in one run on the same cores, in turns, the median of several rounds. Nothing is trained.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "results" / "augment.json"
BATCHES, ROUNDS, SIZE = 24, 5, 32
GOAL = 3


def streams(x, y):
    """{name: a function that begins an endless stream}, each with the same operations of the same strength."""
    import tensorflow as tf
    from keras import layers

    from labs.augment import Affine, batches

    generator = tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=15,
        width_shift_range=0.1,
        height_shift_range=0.1,
        zoom_range=0.15,
        shear_range=10,
        brightness_range=(0.7, 1.3),
        horizontal_flip=True,
    )
    affine = Affine(rotation=15, shift=0.1, zoom=0.15, shear=10, brightness=0.3, flip=True)
    stack = [
        layers.RandomFlip("horizontal"),
        layers.RandomRotation(15 / 360, fill_mode="nearest"),
        layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
        layers.RandomZoom(0.15, 0.15, fill_mode="nearest"),
        layers.RandomShear(0.18, fill_mode="nearest"),
        layers.RandomBrightness(0.3, value_range=(0, 255)),
    ]
    keras_layers, one_warp = (batches(x, y, change, SIZE).repeat() for change in (stack, affine))
    return {
        "ImageDataGenerator": lambda: generator.flow(x, y, batch_size=SIZE),
        "labs.augment, Keras layers": lambda: iter(keras_layers),
        "labs.augment, Affine": lambda: iter(one_warp),
    }


def main():
    from cifar10 import machine

    import labs

    data = labs.load("cats_vs_dogs", "sample")
    rates = {}
    sides = streams(data.x_train, data.y_train)
    for _ in range(ROUNDS + 1):  # the first round traces and warms up
        for name, begin in sides.items():
            wall, processor = time.perf_counter(), time.process_time()
            # A stream of its own in each round: what tf.data made ahead must not count for free.
            stream = begin()
            for _ in range(BATCHES):
                next(stream)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            del stream
            rates.setdefault(name, []).append((BATCHES * SIZE / wall, BATCHES * SIZE / processor))
    table = {
        name: {
            "pictures_per_second": round(statistics.median(rate for rate, _ in rounds[1:])),
            "pictures_per_processor_second": round(statistics.median(rate for _, rate in rounds[1:])),
        }
        for name, rounds in rates.items()
    }
    base = table["ImageDataGenerator"]
    print(f"{'':27} {'pictures/s':>10} {'ratio':>6} {'pictures/cpu s':>15} {'ratio':>6}")
    for name, row in table.items():
        wall, processor = row.values()
        ratios = [value / base[key] for key, value in row.items()]
        print(f"{name:27} {wall:10,} {ratios[0]:6.1f} {processor:15,} {ratios[1]:6.1f}")
        row["ratio"] = round(ratios[0], 2)
    best = table["labs.augment, Affine"]["ratio"]
    print(f"goal {GOAL}x: {'met' if best >= GOAL else 'NOT met'} ({best:.1f}x)")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "table": table}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
