"""Trains saved_models/spoken: which digit does somebody say? A convolutional network from the waveform, spectrogram inside.

    LABS_DATA=... python tools/train_spoken.py folds                     # each speaker heard by a network that never met them
    LABS_DATA=... python tools/train_spoken.py train spoken.weights.h5   # all speakers, recordings 5 to 49
    LABS_DATA=... python tools/train_spoken.py export spoken.weights.h5  # measures, writes the formats, labs.check

Lab 16c builds the same network and the same augmentation step by step. One and a half processor minutes each, on one core.
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

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402

import labs  # noqa: E402
from labs import sound  # noqa: E402
from labs.data.spoken_digits import LENGTH, RATE, SPEAKERS  # noqa: E402

WINDOW, HOP, FFT, MELS = (
    200,
    80,
    256,
    40,
)  # samples: 25 ms every 10 ms; frequencies up to 4,000 Hz in 40 bands
FRAMES = 1 + (LENGTH - WINDOW) // HOP
EPOCHS, BATCH, ANGLE = 14, 64, 0.1
KEPT = ("model.onnx", "tfjs")
RESULTS = ROOT / "benchmarks" / "results" / "spoken.json"


def front():
    """Waveform (n, 1, 8000, 1), 16-bit numbers, to the logarithm of the mel spectrogram (n, 98, 40, 1); nothing in it learns."""
    inputs = keras.Input((1, LENGTH, 1), name="input")
    x = layers.Rescaling(1 / 32768)(inputs)
    x = layers.Conv2D(FFT + 2, (1, WINDOW), strides=(1, HOP), use_bias=False, trainable=False, name="stft")(x)
    x = ops.square(x)
    x = layers.Conv2D(MELS, 1, use_bias=False, trainable=False, name="mel")(x)
    x = layers.Reshape((FRAMES, MELS, 1))(ops.log(x + 1e-6))
    model = keras.Model(inputs, x, name="front")
    angle = 2 * np.pi / FFT * np.arange(WINDOW)[:, None] * np.arange(FFT // 2 + 1)
    waves = np.hamming(WINDOW)[:, None] * np.hstack([np.cos(angle), np.sin(angle)])
    bands = tf.signal.linear_to_mel_weight_matrix(MELS, FFT // 2 + 1, RATE, 60, 3900).numpy()
    model.get_layer("stft").set_weights([waves[None, :, None]])
    model.get_layer("mel").set_weights([np.vstack([bands, bands])[None, None]])
    return model


def network():
    """Log-mel spectrogram (n, 98, 40, 1) to logits (n, 10)."""
    inputs = keras.Input((FRAMES, MELS, 1))
    x = (inputs - ops.mean(inputs, axis=(1, 2), keepdims=True)) / 4  # loud or soft: the same
    x = convolved(x, 16, strides=2)
    x = layers.MaxPooling2D(2)(convolved(x, 32))
    x = layers.MaxPooling2D(2)(convolved(x, 64))
    x = convolved(x, 64)
    x = convolved(x, 96, size=(1, 5), padding="valid")  # all frequencies of a moment
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(inputs, layers.Dense(10)(layers.Dropout(0.2)(x)), name="spoken")


def convolved(x, filters, size=3, strides=1, padding="same"):
    x = layers.Conv2D(filters, size, strides, padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def spectrograms(sounds, listen=None):
    """What the front makes of int16 or float (n, 8000): float32 (n, 98, 40, 1)."""
    listen = listen or front()
    batches = [sounds[i : i + 128, None, :, None].astype("float32") for i in range(0, len(sounds), 128)]
    return np.concatenate([listen(batch).numpy() for batch in batches])


def train(sounds, digits, seed=1, epochs=EPOCHS):
    """A network that has learnt these recordings."""
    keras.utils.set_random_seed(seed)
    random, listen, model = np.random.default_rng(seed), tf.function(front()), network()
    steps = len(sounds) // BATCH
    optimizer = labs.train.Turn(labs.train.UpThenDown(ANGLE, epochs * steps))
    model.compile(
        optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    for epoch in range(epochs):
        order = random.permutation(len(sounds))[: steps * BATCH]
        parts = np.split(order, range(128, len(order), 128))
        maps = [
            sound.masked(listen(sound.said_otherwise(sounds[part], random)[:, None, :, None]).numpy(), random)
            for part in parts
        ]
        seen = model.fit(
            np.concatenate(maps), digits[order], batch_size=BATCH, shuffle=False, verbose=0
        ).history
        print(f"epoch {epoch + 1}: loss {seen['loss'][0]:.3f}, right {seen['accuracy'][0]:.1%}", flush=True)
    return model


def right(model, sounds, digits):
    return float((model.predict(spectrograms(sounds), verbose=0).argmax(axis=1) == digits).mean())


def folds():
    """Six networks, each without one speaker; of the others the official test part is kept apart as well."""
    official, found = labs.load("spoken_digits"), {}
    for number, speaker in enumerate(SPEAKERS):
        begin = time.process_time()
        met, met_test = official.speakers_train != number, official.speakers_test != number
        model = train(official.x_train[met], official.y_train[met])
        seconds = time.process_time() - begin
        others = labs.load("spoken_digits", unseen=speaker)
        unseen = right(model, others.x_test, others.y_test)
        known = right(model, official.x_test[met_test], official.y_test[met_test])
        found[speaker] = {"unseen": unseen, "known": known, "processor_seconds": round(seconds)}
        print(speaker, found[speaker], flush=True)
        found["mean"] = {
            key: float(np.mean([found[name][key] for name in found if name != "mean"]))
            for key in ("unseen", "known")
        }
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(found["mean"])


def export(file):
    from left_out import explain

    data = labs.load("spoken_digits")
    model = network()
    model.load_weights(file)
    listen = front()
    kept = keras.Model(listen.input, layers.Softmax(name="output")(model(listen.output)), name="spoken")
    metrics = {"test_accuracy": right(model, data.x_test, data.y_test)}
    if RESULTS.is_file():
        metrics["unseen_speakers"] = json.loads(RESULTS.read_text(encoding="utf-8"))["mean"]["unseen"]
    print(metrics)
    folder = ROOT / "saved_models" / "spoken"
    golden = np.stack([data.x_test[data.y_test == digit][digit % 6 * 3] for digit in range(10)])
    source = f"{data.source} (CC BY-SA 4.0), by tools/train_spoken.py on one core"
    labs.export(
        kept, folder, data.labels, golden[:, None, :, None], metrics, source, "float16", KEPT,
        kind="probabilities", rate=RATE,
    )  # fmt: skip
    explain(folder, "left out to keep the clone small: tools/train_spoken.py writes it when KEPT names it")
    print(labs.check(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["folds", "train", "export"])
    parser.add_argument("file", nargs="?", help="the weights, NAME.weights.h5")
    asked = parser.parse_args()
    if asked.what == "folds":
        folds()
    elif asked.what == "train":
        data = labs.load("spoken_digits")
        train(data.x_train, data.y_train).save_weights(asked.file)
    else:
        export(asked.file)
