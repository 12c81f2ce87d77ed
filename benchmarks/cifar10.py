"""CIFAR-10 on a CPU: the textbook recipe and the fast one, accuracy against processor seconds.

    python benchmarks/cifar10.py                       # what is missing of 3 seeds of each recipe
    python benchmarks/cifar10.py --only fast-70 --seeds 5
    python benchmarks/cifar10.py --draw                # table and plot of what has been measured

Each run is a process of its own; benchmarks/results/cifar10.json keeps its figures, so that a second call
goes on where the first one stopped. Seconds are those of `fit` with everything it sets off (tracing, the
input pipeline), without imports, reading the data, and the measurements of accuracy in between. A fast
network answers with the mean of six looks at a picture: as it is, mirrored, and moved by a pixel
(labs.train.look_around, look_twice); "once" is without.
Process-CPU seconds count all threads and hardly mind what else the machine does; wall seconds do, and the
textbook's hold the sleep of tf.data's tuner between two epochs as well (`fit` on arrays; see lab 01).
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "results" / "cifar10.json"
PLOT = ROOT / "docs" / "images" / "cifar10.png"
TEXTBOOK = "textbook"
# width and depth are labs.nets.cifar10_fast's, shift and size labs.train.batches', peak the learning rate's;
# sides: (height and width of the pictures, epochs of them), one after another.
# fmt: off
FAST = {
    "fast-70": {"width": 26, "depth": 1, "sides": [(32, 1)], "shift": 0, "size": 128, "peak": 0.10},
    "fast-80": {"width": 32, "depth": 2, "sides": [(16, 2), (24, 1), (32, 2)], "shift": 1, "size": 256, "peak": 0.14},
    "fast-85": {"width": 56, "depth": 2, "sides": [(16, 3), (24, 3), (32, 3)], "shift": 1, "size": 256, "peak": 0.14},
    "fast-90": {"width": 76, "depth": 2, "sides": [(16, 4), (24, 4), (32, 4)], "shift": 1, "size": 256, "peak": 0.14},
}
# fmt: on
TARGETS = {
    "fast-70": (0.70, 0.1),
    "fast-80": (0.80, 0.5),
    "fast-85": (0.85, 2),
    "fast-90": (0.90, 5),
}  # x textbook
TICKS = (20, 30, 50, 100, 200, 300, 500, 1000, 2000)  # of the plot, seconds
TEXTBOOK_EPOCHS = 7  # its best comes after five or six; then it overfits


def measure(recipe, seed):
    """Train once; "curve" is [[cpu seconds, wall seconds, test accuracy], ...], one point an epoch."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy as np

    import labs

    keras.utils.set_random_seed(seed)
    dataset, nets, train = labs.load("cifar10"), labs.nets, labs.train
    stopwatch = _stopwatch(keras.callbacks.Callback)
    looks = {}
    if recipe == TEXTBOOK:
        stopwatch.start()
        model = nets.cifar10_textbook()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        test = {"validation_data": (dataset.x_test, dataset.y_test), "validation_batch_size": 500}
        data = dataset.x_train, dataset.y_train, 32, TEXTBOOK_EPOCHS
        model.fit(*data, **test, callbacks=[stopwatch], verbose=0)
    else:
        chosen = FAST[recipe]
        small_tests = {side: train.shrink(dataset.x_test, side) for side, _ in chosen["sides"]}
        stopwatch.start()
        train.keep_memory()
        model = nets.cifar10_fast(dataset.x_train, chosen["width"], chosen["depth"])
        steps = sum(epochs for _, epochs in chosen["sides"]) * (len(dataset.x_train) // chosen["size"])
        optimizer = train.Turn(train.UpThenDown(chosen["peak"], steps))
        truth = np.eye(10, dtype="float32")[dataset.y_test]
        for number, (side, epochs) in enumerate(chosen["sides"]):
            network = model if side == dataset.x_train.shape[1] else train.smaller(model, side)
            pictures = train.shrink(dataset.x_train, side)
            batches = train.batches(
                pictures, dataset.y_train, chosen["size"], shift=chosen["shift"], seed=10 * seed + number
            )
            network.compile(optimizer, train.smoothed_loss(), metrics=["accuracy"])
            test = {"validation_data": (small_tests[side], truth), "validation_batch_size": 500}
            network.fit(batches, epochs=epochs, **test, callbacks=[stopwatch], verbose=0, shuffle=False)
        six = train.look_around(train.look_twice(model))
        answers = six.predict(dataset.x_test, batch_size=500, verbose=0).argmax(axis=1)
        looks["six_looks"] = round(float(np.mean(answers == dataset.y_test)), 4)
    return {
        "recipe": recipe,
        "seed": seed,
        "curve": [[round(value, 4) for value in point] for point in stopwatch.curve],
        "parameters": model.count_params(),
        "data": dataset.source,
        **looks,
    }


def _stopwatch(callback):
    class Stopwatch(callback):
        """Adds up the seconds of training alone, and notes them with the accuracy after each epoch."""

        def __init__(self):
            super().__init__()
            self.cpu = self.wall = 0.0
            self.curve = []

        def start(self):
            self.began = time.process_time(), time.perf_counter()

        def on_test_begin(self, logs=None):
            self.cpu += time.process_time() - self.began[0]
            self.wall += time.perf_counter() - self.began[1]

        def on_epoch_end(self, epoch, logs):
            self.curve.append([self.cpu, self.wall, float(logs["val_accuracy"])])
            print(f"    epoch {epoch + 1}: {logs['val_accuracy']:.2%} after {self.cpu:.0f} cpu s", flush=True)
            self.start()

    return Stopwatch()


def best(run):
    """(accuracy, cpu seconds, wall seconds, accuracy of one look) of a run.

    The textbook's best epoch; the end of a planned schedule, where the network looks six times.
    """
    if run["recipe"] == TEXTBOOK:
        cpu, wall, accuracy = max(run["curve"], key=lambda point: point[2])
        return accuracy, cpu, wall, accuracy
    cpu, wall, once = run["curve"][-1]
    return run["six_looks"], cpu, wall, once


def table(runs):
    """Print accuracy and seconds of each recipe, and how they compare with the textbook's."""
    by_recipe = {name: [best(run) for run in runs if run["recipe"] == name] for name in (TEXTBOOK, *FAST)}
    by_recipe = {name: points for name, points in by_recipe.items() if points}
    base = statistics.mean(run[1] for run in by_recipe.get(TEXTBOOK, [(0, float("nan"))]))
    print(
        f"\n{'recipe':10} {'seeds':>5} {'accuracy (range)':>24} {'once':>7} {'cpu s':>7} {'wall s':>7} {'x textbook':>10}  target"
    )
    for name, points in by_recipe.items():
        accuracy, cpu, wall, once = (statistics.mean(column) for column in zip(*points, strict=True))
        spread = f"{accuracy:.2%} ({min(points)[0]:.2%} to {max(points)[0]:.2%})"
        target = ""
        if name in FAST:
            wanted, limit = TARGETS[name]
            met = "met" if accuracy >= wanted and cpu <= limit * base else "NOT met"
            target = f"{wanted:.0%} in {limit:g}x: {met}"
        print(
            f"{name:10} {len(points):5} {spread:>24} {once:7.2%} {cpu:7.0f} {wall:7.0f} {cpu / base:10.2f}  {target}"
        )


def draw(runs, path):
    """Accuracy against processor seconds, logarithmic: a curve a run of the textbook, a point a fast run."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    named = set()
    for run in runs:
        textbook = run["recipe"] == TEXTBOOK
        label = "textbook recipe, each epoch" if textbook else "fast recipe, planned for this time"
        colour = "tab:gray" if textbook else "tab:red"
        seconds, _, accuracies = zip(*run["curve"], strict=True)
        if not textbook:
            axes.plot(seconds, accuracies, color=colour, alpha=0.2)
            seconds, accuracies = seconds[-1:], [run["six_looks"]]
        axes.plot(
            seconds, accuracies, "o-", color=colour, markersize=5, label=None if label in named else label
        )
        named.add(label)
    axes.set(
        xscale="log", xlabel="process-CPU seconds (logarithmic)", ylabel="test accuracy", ylim=(0.4, 0.95)
    )
    axes.set_title(f"{runs[0]['data']}, {runs[0]['machine']}", fontsize=9)
    axes.set_xticks(TICKS, [str(seconds) for seconds in TICKS])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def machine():
    """This machine in words, for beside a figure."""
    from labs import cpu

    return f"{cpu.describe().name}, {cpu.usable_cores()} cores, Python {platform.python_version()}"


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--only", action="append", choices=[TEXTBOOK, *FAST])
    arguments.add_argument(
        "--note", default="", help="said beside the figures, e.g. that the data is a JPEG copy"
    )
    arguments.add_argument("--draw", action="store_true", help="measure nothing")
    arguments.add_argument("--run", nargs=2, help=argparse.SUPPRESS)  # what the child processes are asked
    given = arguments.parse_args()
    if given.run:
        print(json.dumps(measure(given.run[0], int(given.run[1]))))
        return
    runs = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    done = {(run["recipe"], run["seed"]) for run in runs}
    wanted = [(name, seed) for seed in range(given.seeds) for name in given.only or (TEXTBOOK, *FAST)]
    for name, seed in [] if given.draw else [pair for pair in wanted if pair not in done]:
        print(f"{name}, seed {seed}", flush=True)
        child = subprocess.run(
            [sys.executable, __file__, "--run", name, str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        run = json.loads(child.stdout.splitlines()[-1])
        run["data"] += f" ({given.note})" if given.note else ""
        runs.append(run | {"machine": machine()})
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
        print("\n".join(child.stdout.splitlines()[:-1]))
    table(runs)
    draw(runs, PLOT)


if __name__ == "__main__":
    main()
