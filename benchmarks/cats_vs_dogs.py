"""Labs 02 and 03 measured: accuracy with and without augmentation, and the head on MobileNet's features.

    LABS_DATA=... python benchmarks/cats_vs_dogs.py                      # what is missing of 3 seeds of everything
    LABS_DATA=... python benchmarks/cats_vs_dogs.py --only head --seeds 5
    python benchmarks/cats_vs_dogs.py --seeds 0                          # only the table

Each run is a process of its own; benchmarks/results/cats_vs_dogs.json keeps its figures, so that a second
call goes on where the first one stopped. Tested on 1,000 photos (lab 02 itself shows 200, as the textbook).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "results" / "cats_vs_dogs.json"
# name: (network of labs.nets, augmented, epochs); lab 03's head has its own function
LAB02 = {
    "textbook": ("cats_vs_dogs_textbook", False, 6),
    "textbook augmented": ("cats_vs_dogs_textbook", True, 6),
    "small": ("cats_vs_dogs_small", False, 15),
    "small augmented": ("cats_vs_dogs_small", True, 15),
}
RECIPES = ("head", *LAB02)


def lab02(recipe, seed):
    """Train one of lab 02's networks as the lab does; the last epoch counts, nothing is picked by the test."""
    import keras

    import labs

    network, augmented, epochs = LAB02[recipe]
    data = labs.load("cats_vs_dogs", side=128, train=2000, test=1000)
    keras.utils.set_random_seed(seed)
    model = getattr(labs.nets, network)()
    change = labs.augment.Affine(rotation=15, shift=0.1, zoom=0.15, shear=10, brightness=0.3, flip=True)
    batches = labs.augment.batches(data.x_train, data.y_train, change if augmented else None, seed=seed)
    rate = 0.0005
    if network.endswith("small"):
        rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * len(batches))
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    clock = time.perf_counter(), time.process_time()
    history = model.fit(batches, epochs=epochs, verbose=0).history
    seconds = time.perf_counter() - clock[0], time.process_time() - clock[1]
    accuracy = model.evaluate(data.x_test, data.y_test, verbose=0)[1]
    return accuracy, history["accuracy"][-1], model.count_params(), seconds, data


def head(_, seed):
    """Train lab 03's head on the features of MobileNet alpha=0.75 at 224x224; the seconds are those of the head."""
    import keras
    from keras import layers

    import labs

    data = labs.load("cats_vs_dogs", side=224, train=2000, test=1000)
    backbone = labs.backbone.load("MobileNet", alpha=0.75, include_top=False)
    inputs = keras.Input((224, 224, 3))
    maps = backbone(labs.backbone.preprocessing("MobileNet")(inputs))
    extractor = keras.Model(inputs, layers.GlobalAveragePooling2D()(maps))
    x_train, x_test = (labs.backbone.features(extractor, x) for x in (data.x_train, data.x_test))
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input(x_train.shape[1:]), layers.Dropout(0.3), layers.Dense(2, activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    clock = time.perf_counter(), time.process_time()
    history = model.fit(x_train, data.y_train, 64, 20, verbose=0).history
    seconds = time.perf_counter() - clock[0], time.process_time() - clock[1]
    accuracy = model.evaluate(x_test, data.y_test, verbose=0)[1]
    return accuracy, history["accuracy"][-1], model.count_params(), seconds, data


def measure(recipe, seed):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    accuracy, training, parameters, seconds, data = (head if recipe == "head" else lab02)(recipe, seed)
    return {
        "recipe": recipe,
        "seed": seed,
        "accuracy": round(accuracy, 4),
        "training_accuracy": round(training, 4),
        "parameters": parameters,
        "seconds": round(seconds[0], 1),
        "processor_seconds": round(seconds[1], 1),
        "data": f"{data.source}, {len(data.x_train):,} to train on, {len(data.x_test):,} to test on",
    }


def table(runs):
    print(
        f"{'recipe':19} {'seeds':>5} {'test accuracy (range)':>28} {'training':>9} {'parameters':>11} {'cpu s':>6}"
    )
    for recipe in RECIPES:
        here = [run for run in runs if run["recipe"] == recipe]
        if not here:
            continue
        accuracies = [run["accuracy"] for run in here]
        spread = f"{statistics.mean(accuracies):.1%} ({min(accuracies):.1%} to {max(accuracies):.1%})"
        training = statistics.mean(run["training_accuracy"] for run in here)
        seconds = statistics.mean(run["processor_seconds"] for run in here)
        print(
            f"{recipe:19} {len(here):5} {spread:>28} {training:9.1%} {here[0]['parameters']:11,} {seconds:6.0f}"
        )


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--only", action="append", choices=RECIPES)
    arguments.add_argument("--run", nargs=2, help=argparse.SUPPRESS)  # what the child processes are asked
    given = arguments.parse_args()
    if given.run:
        print(json.dumps(measure(given.run[0], int(given.run[1]))))
        return
    from cifar10 import machine

    runs = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    done = {(run["recipe"], run["seed"]) for run in runs}
    for seed in range(given.seeds):
        for recipe in given.only or RECIPES:
            if (recipe, seed) in done:
                continue
            command = [sys.executable, __file__, "--run", recipe, str(seed)]
            child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            runs.append(json.loads(child.stdout.splitlines()[-1]) | {"machine": machine()})
            print(runs[-1], flush=True)
            RESULTS.parent.mkdir(parents=True, exist_ok=True)
            RESULTS.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    table(runs)


if __name__ == "__main__":
    main()
