"""Time to accuracy: the classic Hangul recipe and lab 04's, on the same labels and as many pictures.

    python benchmarks/hangul_recipes.py [--pictures 19000] [--epochs 4]

Classic, as published for TensorFlow 1 and written here anew from its description: Pillow and SciPy draw a fixed
set (hangul.py), two 5x5 and one 3x3 convolution with pooling and 1,024 dense units learn from it with Adam at
1e-4. Ours: labs.hangul draws as many pictures, its network learns from them with quick layers, AdamW and one cycle.
Both learn from the bundled training faces and are measured, apart from the clock, on faces that neither has seen.
The clock counts processor seconds of drawing and training; starting up and the distance fields are ours to pay, too.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from hangul import classic
from keras import layers

import labs
from labs.hangul import CAREFUL, HAND, Renderer, bundled_faces, common, one_cycle, recogniser


class Clock(keras.callbacks.Callback):
    """Processor seconds of training since `begin`, and the accuracy on unseen faces after each epoch."""

    def __init__(self, begin, x, y):
        super().__init__()
        self.begin, self.x, self.y = begin, x, y
        self.curve = []

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.process_time() - self.begin
        answers = self.model.predict(self.x, batch_size=256, verbose=0).argmax(axis=1)
        self.curve.append((seconds, float(np.mean(answers == self.y))))
        print(
            f"  epoch {epoch + 1}: {self.curve[-1][1]:.2%} after {seconds:.0f} processor seconds", flush=True
        )
        self.begin = time.process_time() - seconds  # measuring does not count


def classic_network(classes):
    stack = [keras.Input((64, 64, 1)), layers.Rescaling(1 / 255)]
    for filters, size in ((32, 5), (64, 5), (128, 3)):
        stack += [layers.Conv2D(filters, size, padding="same", activation="relu"), layers.MaxPooling2D()]
    stack += [layers.Flatten(), layers.Dense(1024, activation="relu"), layers.Dropout(0.5)]
    return keras.Sequential([*stack, layers.Dense(classes, activation="softmax")])


def classic_recipe(faces, syllables, pictures, epochs, x, y):
    """Draw to TFRecords, read them back, train."""
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        count = classic(Path(folder), faces, syllables, pictures)

        def read(example):
            features = {"image/encoded": tf.io.FixedLenFeature([], tf.string)}
            features["image/class/label"] = tf.io.FixedLenFeature([], tf.int64)
            parsed = tf.io.parse_single_example(example, features)
            return tf.io.decode_jpeg(parsed["image/encoded"], 1), parsed["image/class/label"]

        records = tf.data.TFRecordDataset(str(Path(folder) / "classic.tfrecord"))
        data = records.shuffle(count, seed=0).map(read).batch(100).prefetch(2)
        model = classic_network(len(syllables))
        model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy")
        clock = Clock(begin, x, y)
        model.fit(data, epochs=epochs, callbacks=[clock], verbose=0)
    return clock.curve


def our_recipe(faces, syllables, pictures, epochs, x, y):
    """Draw as many pictures once, and train on them."""
    begin = time.process_time()
    labs.train.keep_memory()
    images, truth = Renderer(faces, syllables, HAND).batch(pictures)
    model = labs.train.quick(recogniser(len(syllables)))
    schedule = one_cycle(4e-3, epochs * -(-pictures // 128))
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=0.01), "sparse_categorical_crossentropy")
    clock = Clock(begin, x, y)
    model.fit(images, truth, batch_size=128, epochs=epochs, callbacks=[clock], verbose=0)
    return clock.curve


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=19_000)
    parser.add_argument("--epochs", type=int, default=4, help="of the classic recipe")
    parser.add_argument("--our-epochs", type=int, default=3)
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    faces, syllables = bundled_faces("train"), common(256)
    x, y, _ = Renderer(bundled_faces("test"), syllables, CAREFUL, seed=1).every()
    curves = {}
    for name, recipe, epochs in (
        ("classic", classic_recipe, options.epochs),
        ("labs", our_recipe, options.our_epochs),
    ):
        print(name, flush=True)
        curves[name] = recipe(faces, syllables, options.pictures, epochs, x.astype("float32"), y)
    seconds, best = max(curves["classic"], key=lambda point: point[1])
    reached = [at for at, accuracy in curves["labs"] if accuracy >= best]
    print(f"classic: {best:.2%} on unseen faces after {seconds:.0f} processor seconds")
    if reached:
        print(f"labs: as good after {reached[0]:.0f}, {reached[0] / seconds:.2f} of the time")
    else:
        print(f"labs: not as good within {curves['labs'][-1][0]:.0f} processor seconds")


if __name__ == "__main__":
    main()
