"""Lab 09's architectures under one clock: the same parameters, then the same processor seconds.

    LABS_DATA=... nice python benchmarks/architectures.py                   # what is missing
    LABS_DATA=... nice python benchmarks/architectures.py --only parameters # one part, ten processor minutes
    python benchmarks/architectures.py --table                              # the table of what has been measured

The networks are those of the notebooks: the cells tagged `network` of notebooks/src/09*.py are executed here.

parameters   every network with about 60,000 parameters learns for so many processor seconds.
seconds      every network made so wide that the same seconds suffice for about the same number of pictures.
scaling      the EfficientNet-like network with more width, depth, resolution, or some of each; the same pictures.
latency      one picture in Keras, ONNX Runtime, OpenCV and TF.js (wasm), by labs.check, for the widths of `parameters`.

All learn from CIFAR-10's 50,000 pictures, mirrored ones among them, batches of 128, Adam; the learning rate rises in the
first tenth of the clock and falls to zero at its end: 4e-3 where there is batch normalisation, 1e-3 where there is none. The clock is that of the
process (all threads; TensorFlow computes with one), begun after the first step, in which TensorFlow builds its graph. Tested on the first
5,000 test pictures. benchmarks/results/architectures.json keeps each run, data/architectures.json the table that the notebook shows.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import jupytext  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402

import labs  # noqa: E402
from labs.runtimes.children import Children  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "architectures.json"
TABLE = ROOT / "data" / "architectures.json"
PARAMETERS, SECONDS, SEEDS, BATCH, TESTED = 60_000, 15, 3, 128, 5_000
# name: (function of the notebooks, peak of the learning rate)
NETWORKS = {
    "LeNet-5": ("lenet", 1e-3),
    "AlexNet": ("alexnet", 1e-3),
    "VGG": ("vgg", 4e-3),
    "GoogLeNet": ("googlenet", 4e-3),
    "ResNet": ("resnet", 4e-3),
    "DenseNet": ("densenet", 4e-3),
    "SENet": ("senet", 4e-3),
    "EfficientNet": ("efficientnet", 4e-3),
    "Deformable": ("deformable_network", 4e-3),
    "ViT": ("transformer", 1e-3),
}
# curve: (width, depth, side) of the EfficientNet-like network; compound: 1.1, 1.2 and 1.15 to the power of 1 and 2, rounded
BASE = (1.0, 2, 16)
SCALED = {
    "width": [(1.4, 2, 16), (2.0, 2, 16)],
    "depth": [(1.0, 4, 16), (1.0, 8, 16)],
    "resolution": [(1.0, 2, 22), (1.0, 2, 32)],
    "compound": [(1.1, 2, 18), (1.21, 3, 21)],
}
SCALED_STEPS = 120


def definitions():
    """The functions of the lessons' cells tagged `network`, by name."""
    space = {"keras": keras, "layers": layers, "ops": ops, "np": np, "tf": tf}
    for path in sorted((ROOT / "notebooks" / "src").glob("09*.py")):
        for cell in jupytext.read(path).cells:
            if "network" in cell.metadata.get("tags", []):
                exec(compile(cell.source, path.name, "exec"), space)
    return space


def kept_numbers(model):
    """Numbers that one picture leaves in memory for the way back: the outputs of all layers that compute something."""
    passing = (layers.InputLayer, layers.Reshape, layers.Flatten)
    shapes = [layer.output.shape[1:] for layer in model.layers if not isinstance(layer, passing)]
    return int(sum(np.prod(shape) for shape in shapes))


def width_for(network, wanted):
    """The width whose number of parameters is nearest to `wanted`, by halving."""
    low, high, tried = 0.1, 8.0, {}
    for _ in range(11):
        middle = (low + high) / 2
        tried[middle] = network(width=middle).count_params()
        low, high = (middle, high) if tried[middle] < wanted else (low, middle)
    return round(min(tried, key=lambda width: abs(tried[width] - wanted)), 4)


class Clock(keras.callbacks.Callback):
    """Leads the learning rate by the processor's clock, and stops at its end; `steps` counts the batches."""

    def __init__(self, peak, seconds=None, steps=None):
        super().__init__()
        self.peak, self.seconds, self.most, self.steps = peak, seconds, steps, 0

    def on_train_batch_begin(self, batch, logs=None):
        if self.steps == 1:
            self.began = time.process_time()
        done = self._done() if self.steps else 0.0
        self.model.optimizer.learning_rate = self.peak * max(min(done / 0.1, (1 - done) / 0.9), 0.001)

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if self.steps > 1 and self._done() >= 1:
            self.spent = time.process_time() - self.began
            self.model.stop_training = True

    def _done(self):
        return self.steps / self.most if self.most else (time.process_time() - self.began) / self.seconds


class Learner:
    """Networks that are compiled once: each run begins with fresh weights and a fresh optimizer."""

    def __init__(self, space, dataset):
        self.space, self.dataset, self.compiled = space, dataset, {}

    def run(self, make, seed, clock, side=32):
        """Train the network that make (a partial) builds under the clock, and test it: what it is, its accuracy."""
        keras.utils.set_random_seed(seed)
        model, known = make(), (make.func.__name__, make.args, side)
        if known not in self.compiled:
            network = labs.train.quick(model)
            network.compile(keras.optimizers.Adam(1e-3), "categorical_crossentropy")
            self.compiled[known] = network
        network = self.compiled[known]
        network.set_weights(model.get_weights())
        for variable in network.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        x_train, x_test = (
            labs.train.shrink(x, side) for x in (self.dataset.x_train, self.dataset.x_test[:TESTED])
        )
        batches = labs.train.batches(x_train, self.dataset.y_train, BATCH, shift=0, seed=seed)
        network.fit(batches, epochs=1000, callbacks=[clock], verbose=0, shuffle=False)
        answers = network.predict(x_test, batch_size=500, verbose=0).argmax(axis=1)
        return {
            "parameters": model.count_params(),
            "operations": self.space["operations"](model),
            "kept_numbers": kept_numbers(model),
            "accuracy": round(float(np.mean(answers == self.dataset.y_test[:TESTED])), 4),
            "pictures": clock.steps * BATCH,
            "seconds": round(clock.spent, 1),
        }


class Results:
    """The runs in their file, each under a key; written after every one."""

    def __init__(self, note):
        self.runs = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        self.note = note

    def add(self, key, run):
        self.runs[key] = run | {"date": datetime.date.today().isoformat(), "machine": machine()} | self.note
        RESULTS.write_text(json.dumps(self.runs, indent=1) + "\n", encoding="utf-8")
        print(key, {name: value for name, value in run.items() if name != "machine"}, flush=True)


def same_parameters(results, learner):
    """Regime `parameters`: the width by counting, the pictures as many as the clock allows."""
    for seed in range(SEEDS):
        for name, (function, peak) in NETWORKS.items():
            key, known = f"parameters/{name}/{seed}", results.runs.get(f"parameters/{name}/0")
            if key not in results.runs:
                network = learner.space[function]
                width = known["width"] if known else width_for(network, PARAMETERS)
                run = learner.run(partial(network, width), seed, Clock(peak, SECONDS))
                results.add(key, {"width": width, **run})


def same_seconds(results, learner):
    """Regime `seconds`: the width at which the clock lets every network see about as many pictures."""
    first = {name: results.runs[f"parameters/{name}/0"] for name in NETWORKS}
    wanted = statistics.median(run["pictures"] for run in first.values())
    for seed in range(SEEDS):
        for name, (function, peak) in NETWORKS.items():
            key = f"seconds/{name}/{seed}"
            if key not in results.runs:
                # A wider network costs about its width to the power of 1.5: between overhead (0) and multiplications (2).
                width = round(first[name]["width"] * (first[name]["pictures"] / wanted) ** (1 / 1.5), 4)
                run = learner.run(partial(learner.space[function], width), seed, Clock(peak, SECONDS))
                results.add(key, {"width": width, **run})


def scaling(results, learner):
    """Regime `scaling`: the same number of pictures for each."""
    for seed in range(SEEDS):
        for curve, sizes in {"base": [BASE], **SCALED}.items():
            for number, (width, depth, side) in enumerate(sizes):
                key = f"scaling/{curve}/{number}/{seed}"
                if key not in results.runs:
                    network = partial(learner.space["efficientnet"], width, depth, side)
                    run = learner.run(network, seed, Clock(4e-3, steps=SCALED_STEPS), side)
                    results.add(key, {"width": width, "depth": depth, "side": side, **run})


def latency(results, learner):
    """Milliseconds of one picture in each runtime, and whether all say the same; weights untrained."""
    runtimes = ["keras", "onnxruntime", "opencv_pb", "opencv_onnx", "tfjs_wasm"]
    with Children() as children, tempfile.TemporaryDirectory() as folder:
        for name, (function, _) in NETWORKS.items():
            keras.utils.set_random_seed(9)
            model = learner.space[function](results.runs[f"parameters/{name}/0"]["width"])
            place = labs.export(model, Path(folder) / "model", x=learner.dataset.x_test[:20])
            report = labs.check(place, runtimes, children)
            rows = {row.runtime: {"ms": row.milliseconds, "status": row.status} for row in report.rows}
            results.add(f"latency/{name}", {"runtimes": rows})


def spread(runs):
    """Mean and range of the accuracy over the seeds."""
    accuracies = [run["accuracy"] for run in runs]
    return {
        "accuracy": round(statistics.mean(accuracies), 4),
        "range": [min(accuracies), max(accuracies)],
    }


def table(results):
    """Write what the notebook shows: means and ranges over the seeds."""
    rows = []
    for regime in ("parameters", "seconds"):
        for name in NETWORKS:
            runs = [run for key, run in results.runs.items() if key.startswith(f"{regime}/{name}/")]
            if not runs:
                continue
            kept = ("width", "parameters", "operations", "kept_numbers", "date")
            row = {"regime": regime, "name": name, "seeds": len(runs)} | {key: runs[0][key] for key in kept}
            row |= spread(runs)
            row["pictures"] = round(statistics.mean(run["pictures"] for run in runs))
            timed = (
                results.runs.get(f"latency/{name}", {}).get("runtimes", {}) if regime == "parameters" else {}
            )
            rows.append(row | {"ms": {runtime: one["ms"] for runtime, one in timed.items()}})
    curves = []
    for first in [key for key in results.runs if key.startswith("scaling/") and key.endswith("/0")]:
        runs = [run for key, run in results.runs.items() if key.startswith(first[:-1])]
        shown = {name: runs[0][name] for name in ("width", "depth", "side", "parameters", "operations")}
        curves.append({"curve": first.split("/")[1], **shown, **spread(runs)})
    last = max(results.runs.values(), key=lambda run: run["date"])
    about = {key: last[key] for key in ("date", "machine", "data")}
    about |= {"seconds": SECONDS, "scaling_steps": SCALED_STEPS}
    TABLE.write_text(
        json.dumps({**about, "rows": rows, "scaling": curves}, indent=1) + "\n", encoding="utf-8"
    )
    for row in rows:
        print(
            f"{row['regime']:10} {row['name']:13} {row['parameters']:8,} parameters {row['operations'] / 1e6:6.1f} M operations "
            f"{row['pictures']:7,} pictures  {row['accuracy']:.1%} ({row['range'][0]:.1%} to {row['range'][1]:.1%})"
        )


def machine():
    from labs import cpu

    return f"{cpu.describe().name}, {cpu.usable_cores()} cores, Python {platform.python_version()}"


def main():
    parts = {"parameters": same_parameters, "scaling": scaling, "seconds": same_seconds, "latency": latency}
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--only", action="append", choices=[*parts])
    arguments.add_argument("--note", default="", help="said of the data, e.g. that it is a JPEG copy")
    arguments.add_argument("--table", action="store_true", help="measure nothing, write the table")
    given = arguments.parse_args()
    if given.table:
        table(Results({}))
        return
    tf.get_logger().setLevel("ERROR")  # AutoGraph finds no source of a cell that was executed here
    tf.config.threading.set_intra_op_parallelism_threads(1)
    learner = Learner(definitions(), labs.load("cifar10"))
    source = learner.dataset.source + (f" ({given.note})" if given.note else "")
    results = Results({"data": source})
    for name in given.only or parts:
        parts[name](results, learner)
        table(results)


if __name__ == "__main__":
    main()
