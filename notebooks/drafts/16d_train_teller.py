"""Trains saved_models/teller and saved_models/teller_step: a sentence about a scene, in English or Korean (lab 16d).

    python tools/train_teller.py train FILE [--scenes 16000 --epochs 9]     (ten processor minutes)
    python tools/train_teller.py export FILE

teller looks: a picture becomes a grid of features and a first state. teller_step tells: from grid, state and the
last word it says the next word, the next state and where it looked. MNIST's training digits are in the scenes it
learns from, its test digits in those it is judged by.
"""

import argparse
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

import labs
from labs.data import scenes
from labs.export.card import FORMATS, read_card, save_card

ROOT = Path(__file__).resolve().parent.parent
WORDS, STEPS, STATE, PLACES = len(scenes.WORDS), scenes.LONGEST, 128, 12
KEPT = ("model.onnx", "tfjs")
BATCH = 64


def looking():
    """The network from pixels to {"grid": (PLACES, PLACES, 64), "state": (STATE,)}."""
    inputs = keras.Input((scenes.SIDE, scenes.SIDE, 3), name="input")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for filters, strides in ((24, 2), (48, 1), (64, 2), (64, 1)):
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    whole = layers.Conv2D(16, 3, 2, padding="same", activation="relu")(x)
    state = layers.Dense(STATE, activation="tanh")(layers.Flatten()(whole))
    return keras.Model(inputs, {"grid": x, "state": state})


def telling():
    """One step: where to look, a GRU of dense layers, the next word. Only what OpenCV reads."""
    grid = keras.Input((PLACES, PLACES, 64), name="grid")
    state, word = keras.Input((STATE,), name="state"), keras.Input((WORDS,), name="word")
    asked = layers.Reshape((1, 1, 64))(layers.Dense(64)(state))
    scores = layers.Conv2D(1, 1, use_bias=False)(layers.Multiply()([grid, asked]))
    attention = layers.Softmax(name="attention")(layers.Flatten()(scores))
    there = layers.Multiply()([grid, layers.Reshape((PLACES, PLACES, 1))(attention)])
    seen = layers.Rescaling(PLACES * PLACES)(layers.GlobalAveragePooling2D()(there))
    given = [layers.Dense(32, use_bias=False)(word), seen]
    x = layers.Concatenate()([*given, state])
    keep, reset = layers.Dense(STATE, activation="sigmoid")(x), layers.Dense(STATE, activation="sigmoid")(x)
    new = layers.Concatenate()([*given, layers.Multiply()([reset, state])])
    new = layers.Dense(STATE, activation="tanh")(new)
    after = layers.Add()([new, layers.Multiply()([keep, layers.Subtract()([state, new])])])
    said = layers.Dense(WORDS, activation="softmax")(layers.Concatenate()([after, seen]))
    return keras.Model([grid, state, word], {"said": said, "state": after, "where": attention})


def both():
    """(eyes, step, the two together for training: pictures and given words -> probabilities of the next ones)."""
    eyes, step = looking(), telling()
    pictures, given = keras.Input((scenes.SIDE, scenes.SIDE, 3)), keras.Input((STEPS,), dtype="int32")
    looked, words, said = eyes(pictures), ops.one_hot(given, WORDS), []
    state = looked["state"]
    for number in range(STEPS):
        answer = step([looked["grid"], state, words[:, number]])
        state = answer["state"]
        said.append(answer["said"])
    return eyes, step, keras.Model([pictures, given], ops.stack(said, axis=1))


def tell(eyes, step, pictures, language):
    """Greedy sentences for pictures, rows of numbers as scenes.encode has them."""
    looked = eyes.predict(pictures, batch_size=100, verbose=0)
    state, said = looked["state"], np.full((len(pictures), 1), scenes.WORDS.index(f"<{language}>"))
    for _ in range(STEPS):
        given = [looked["grid"], state, np.eye(WORDS, dtype="float32")[said[:, -1]]]
        answer = step.predict(given, batch_size=100, verbose=0)
        state, said = answer["state"], np.column_stack([said, answer["said"].argmax(axis=1)])
    return said


def right(eyes, step, pictures, facts):
    """The share of sentences in which all facts are right, by language."""
    return {
        language: float(scenes.right(tell(eyes, step, pictures, language), facts).all(axis=1).mean())
        for language in scenes.LANGUAGES
    }


def train(file, count, epochs):
    keras.utils.set_random_seed(16)
    digits, draw = labs.load("mnist"), np.random.default_rng(16)
    test = scenes.compose(digits.x_test, digits.y_test, 500, seed=2)
    eyes, step, network = both()
    total = count // BATCH * epochs
    rate = keras.optimizers.schedules.CosineDecay(1e-4, total, warmup_target=3e-3, warmup_steps=total // 10)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), "sparse_categorical_crossentropy")
    began = time.process_time()
    for epoch in range(epochs):
        pictures, facts = scenes.compose(digits.x_train, digits.y_train, count, seed=100 + epoch)
        words = scenes.encode(facts, draw.choice(scenes.LANGUAGES, count))
        for start in range(0, count - BATCH + 1, BATCH):
            part = slice(start, start + BATCH)
            network.train_on_batch([pictures[part].astype("float32"), words[part, :-1]], words[part, 1:])
        network.save_weights(file)
        print(
            epoch,
            right(eyes, step, *test),
            f"{time.process_time() - began:.0f} processor seconds",
            flush=True,
        )


def export(file):
    eyes, step, network = both()
    network.load_weights(file)
    digits = labs.load("mnist")
    pictures, facts = scenes.compose(digits.x_test, digits.y_test, 2000, seed=3)
    metrics = {
        f"all_facts_right_{language}": share for language, share in right(eyes, step, pictures, facts).items()
    }
    print(metrics)
    source = "scenes of drawn shapes and MNIST digits (CC BY-SA 3.0), by tools/train_teller.py on one core"
    looked = eyes.predict(pictures[:8], verbose=0)
    words = np.eye(WORDS, dtype="float32")[np.arange(8) % 2 + 1]
    save("teller", eyes, (), pictures[:8], metrics, source)
    save("teller_step", step, scenes.WORDS, [looked["grid"], looked["state"], words], metrics, source)


def save(name, model, labels, x, metrics, source):
    folder = ROOT / "saved_models" / name
    labs.export(model, folder, labels, x, metrics, source, "float16", KEPT)
    card = read_card(folder)
    reason = "left out to keep the clone small: tools/train_teller.py writes it when KEPT names it"
    notes = {form: reason for form in FORMATS if form not in KEPT}
    save_card(folder, card | {"notes": card["notes"] | notes})
    print(labs.check(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["train", "export"])
    parser.add_argument("file", help="the weights, NAME.weights.h5")
    parser.add_argument("--scenes", type=int, default=16_000, help="drawn anew for each epoch")
    parser.add_argument("--epochs", type=int, default=9)
    asked = parser.parse_args()
    train(asked.file, asked.scenes, asked.epochs) if asked.what == "train" else export(asked.file)
