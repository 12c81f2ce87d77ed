"""A small network and its exported folder, for the tests of check, runtimes and predict."""

import hashlib
import json

import numpy as np

from labs.export.card import read_card, save_card

# Every runtime, but of TF.js' three backends only the quickest.
QUICK = ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime", "tfjs_wasm"]
LABELS = [f"숫자 {digit}" for digit in range(10)]


def pictures(count=6):
    """Random uint8 pictures (count, 12, 12, 1)."""
    return np.random.default_rng(0).integers(0, 256, (count, 12, 12, 1), dtype=np.uint8)


def assert_right_or_announced(model, folder, x, children):
    """Export and check in QUICK's runtimes: each agrees, or the card says why it cannot; three must agree."""
    import labs

    labs.export(model, folder, x=x)
    report = labs.check(folder, QUICK, children)
    assert report.ok, report
    notes = read_card(folder)["notes"]
    answers = [row.runtime for row in report.rows if row.status == "ok"]
    assert {"saved_model", "onnxruntime", "tfjs_wasm"} <= set(answers), report
    assert all(row.status == "ok" or row.runtime in notes for row in report.rows), report


def exported(folder):
    """Export an untrained network with augmentation, normalization and dropout inside."""
    import keras

    import labs

    keras.utils.set_random_seed(3)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.RandomRotation(0.2),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu", bias_initializer="normal"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return labs.export(model, folder, labels=LABELS, x=pictures())


def sign_again(folder, name):
    """Put a changed file's size and hash into the card, as someone who wants to fool us would."""
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    data = (folder / name).read_bytes()
    card["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    save_card(folder, card)
