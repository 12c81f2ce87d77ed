"""Trains saved_models/teller and saved_models/teller_step: a sentence about a scene, in English or Korean (lab 16d).

    python tools/train_teller.py train FILE [--scenes 57600]     (five processor minutes on one core)
    python tools/train_teller.py export FILE

teller looks: a picture becomes a grid of features and a first state. teller_step tells: from grid, state and the
last word it gives the next word, the next state and where it looked. Both are lab 16d's networks; every scene is seen
once. MNIST's training digits are in the scenes they learn from, its test digits in those they are judged by.
"""

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402

import labs  # noqa: E402
from labs.data import scenes  # noqa: E402

WORDS, STEPS, STATE, PLACES = len(scenes.WORDS), scenes.LONGEST, 128, 12
KEPT = ("model.onnx", "tfjs")
BATCH, PART = 32, 9_600  # scenes a step, and scenes composed at a time


def looking():
    """The network from pixels to {"grid": (PLACES, PLACES, 64), "state": (STATE,)}."""
    inputs = keras.Input((scenes.SIDE, scenes.SIDE, 3), name="input")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for filters, strides in ((24, 2), (48, 1), (64, 2), (64, 1), (64, 1)):
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    few = layers.BatchNormalization(momentum=0.95)(layers.Conv2D(8, 1, use_bias=False)(x))
    where, what = layers.Flatten()(layers.ReLU()(few)), layers.Flatten()(layers.MaxPooling2D(PLACES)(x))
    state = layers.Dense(STATE, activation="tanh")(layers.Concatenate()([where, what]))
    return keras.Model(inputs, {"grid": x, "state": state})


def telling():
    """One step: where to look, a GRU of dense layers, the next word. Only what every runtime reads."""
    grid = keras.Input((PLACES, PLACES, 64), name="grid")
    state, word = keras.Input((STATE,), name="state"), keras.Input((WORDS,), name="word")
    last = layers.Dense(32, use_bias=False)(word)
    asked = layers.Reshape((1, 1, 64))(layers.Dense(64)(layers.Concatenate()([last, state])))
    scores = layers.Conv2D(1, 1, use_bias=False)(layers.Multiply()([grid, asked]))
    where = layers.Softmax()(layers.Flatten()(scores))
    there = layers.Multiply()([grid, layers.Reshape((PLACES, PLACES, 1))(where)])
    seen = layers.Rescaling(PLACES * PLACES)(layers.GlobalAveragePooling2D()(there))
    x = layers.Concatenate()([last, seen, state])
    keep, reset = layers.Dense(STATE, activation="sigmoid")(x), layers.Dense(STATE, activation="sigmoid")(x)
    new = layers.Concatenate()([last, seen, layers.Multiply()([reset, state])])
    new = layers.Dense(STATE, activation="tanh")(new)
    after = layers.Add()([new, layers.Multiply()([keep, layers.Subtract()([state, new])])])
    said = layers.Dense(WORDS, activation="softmax")(layers.Concatenate()([after, seen]))
    return keras.Model([grid, state, word], {"said": said, "after": after, "where": where})


def both():
    """(eyes, step, the two together for training: pictures and given words -> probabilities of the next ones)."""
    eyes, step = looking(), telling()
    pictures, given = keras.Input((scenes.SIDE, scenes.SIDE, 3)), keras.Input((STEPS,), dtype="int32")
    looked, said = eyes(pictures), []
    state = looked["state"]
    for number in range(STEPS):
        answer = step([looked["grid"], state, ops.one_hot(given[:, number], WORDS)])
        state = answer["after"]
        said.append(answer["said"])
    return eyes, step, keras.Model([pictures, given], ops.stack(said, axis=1))


def tell(eyes, step, pictures, language):
    """Greedy sentences for pictures, rows of numbers as scenes.encode has them."""
    looked = eyes.predict(pictures, batch_size=250, verbose=0)
    state, said = looked["state"], np.full((len(pictures), 1), scenes.WORDS.index(f"<{language}>"))
    for _ in range(STEPS):
        given = [looked["grid"], state, np.eye(WORDS, dtype="float32")[said[:, -1]]]
        answer = step.predict(given, batch_size=250, verbose=0)
        state, said = answer["after"], np.column_stack([said, answer["said"].argmax(axis=1)])
    return said


def measure(eyes, step, count, seed):
    """The share of sentences about unseen scenes in which all five facts are right, by language."""
    digits = labs.load("mnist")
    pictures, facts = scenes.compose(digits.x_test, digits.y_test, count, seed)
    shares = {
        f"all_facts_{language}": float(
            scenes.right(tell(eyes, step, pictures, language), facts).all(axis=1).mean()
        )
        for language in scenes.LANGUAGES
    }
    return shares, pictures


def train(file, count):
    """Learn from `count` scenes, composed a part at a time, and keep the weights after each part."""
    keras.utils.set_random_seed(16)
    digits, draw = labs.load("mnist"), np.random.default_rng(16)
    eyes, step, network = both()
    parts = max(1, count // PART)
    total = parts * PART // BATCH
    rate = keras.optimizers.schedules.CosineDecay(1e-4, total, warmup_target=2e-3, warmup_steps=total // 10)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), "sparse_categorical_crossentropy")
    began = time.process_time()
    for part in range(parts):
        pictures, facts = scenes.compose(digits.x_train, digits.y_train, PART, seed=100 + part)
        words = scenes.encode(facts, draw.choice(scenes.LANGUAGES, PART))
        network.fit([pictures, words[:, :-1]], words[:, 1:], batch_size=BATCH, verbose=0)
        network.save_weights(file)
        print(f"part {part + 1} of {parts}, {time.process_time() - began:.0f} processor seconds", flush=True)
    print(measure(eyes, step, 1000, seed=2)[0])


def export(file):
    """Measure on 2,000 other scenes, and write both folders with the formats that the clone holds."""
    eyes, step, network = both()
    network.load_weights(file)
    metrics, pictures = measure(eyes, step, 2000, seed=3)
    print(metrics)
    looked = eyes.predict(pictures[:4], verbose=0)
    words = np.eye(WORDS, dtype="float32")[np.arange(4) % 2 + 1]
    save("teller", eyes, (), pictures[:4], metrics)
    save("teller_step", step, scenes.WORDS, [looked["grid"], looked["state"], words], metrics)


def save(name, model, labels, x, metrics):
    from left_out import explain

    folder = ROOT / "saved_models" / name
    source = "scenes of a drawn shape and an MNIST digit (CC BY-SA 3.0), by tools/train_teller.py on one core"
    labs.export(model, folder, labels, x, metrics, source, "float16", KEPT)
    explain(folder, "left out to keep the clone small: tools/train_teller.py writes it when KEPT names it")
    print(labs.check(folder))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["train", "export"])
    parser.add_argument("file", help="the weights, NAME.weights.h5")
    parser.add_argument("--scenes", type=int, default=57_600, help="each is seen once")
    asked = parser.parse_args()
    if asked.what == "train":
        train(asked.file, asked.scenes)
    else:
        export(asked.file)
