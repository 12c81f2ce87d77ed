"""Labs 10 and 10b beside keras.io's examples of the same ideas: the same networks, data and processor seconds, one run.

    LABS_DATA=... python benchmarks/few_labels_keras_io.py            # both parts, about ten processor minutes
    LABS_DATA=... python benchmarks/few_labels_keras_io.py distill    # one of them: distill, consistency

distill       lab 10's pupil of a twelfth of the teacher, taught by lab 10's cells; and by the recipe of keras.io's "Knowledge
              Distillation": the teacher answers inside each step, temperature 10, a tenth for the label, batches of 32, Adam, no augmentation.
consistency   100 labels a class, 25,000 pictures without: lab 10b's labels-alone network that goes on with FixMatch; and the recipe of
              keras.io's "Consistency training with supervision": half the time a teacher (flips, crops, averaged weights), half the
              time a student that answers to pictures under RandAugment (2 operations of strength 0.9, Keras' layer) as the teacher to clean
              ones. Once with the labelled pictures only, as the example has it, and once with the unlabelled ones in the second term.

Ours runs first; what it spends in processor seconds is the others' clock. Their networks are larger in the examples (ResNet50V2 at
72x72 pixels); here every side has lab 01's quick network, and crops are scaled down alike. benchmarks/results/few_labels_keras_io.json keeps the run.
"""

import argparse
import datetime
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import jupytext  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

import labs  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "few_labels_keras_io.json"


class Lesson:
    """The variables of a lesson, of whose cells those that contain a text are executed when asked for."""

    def __init__(self, name):
        self.cells = [
            cell.source
            for cell in jupytext.read(ROOT / "notebooks" / "src" / f"{name}.py").cells
            if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", [])
        ]
        self.variables = {}

    def run(self, *texts):
        for text in texts:
            (cell,) = (cell for cell in self.cells if text in cell)
            exec(compile(cell, text, "exec"), self.variables)

    def __getitem__(self, name):
        return self.variables[name]


def scores(model, pictures, training=False):
    """Logarithms of the probabilities: what a softmax turns into the same probabilities."""
    return tf.math.log(model(tf.cast(pictures, "float32"), training=training) + 1e-7)


def apart(taught, answers, temperature=10):
    """How far the student is from the teacher, both softened: the second loss of both examples."""
    return keras.losses.KLDivergence()(
        tf.nn.softmax(taught / temperature), tf.nn.softmax(answers / temperature)
    )


def until(seconds, batches, step):
    """Take steps on batches until the processor's clock is at its end; the first, which builds the graph, is not counted."""
    batches = iter(batches)
    step(*next(batches))
    began, steps = time.process_time(), 0
    while time.process_time() - began < seconds:
        step(*next(batches))
        steps += 1
    return steps, time.process_time() - began


def said(name, accuracy, steps, batch, seconds):
    row = {
        "accuracy": round(float(accuracy), 4),
        "steps a second": round(steps / seconds, 2),
        "pictures a second": round(steps * batch / seconds),
        "processor seconds": round(seconds, 1),
    }
    print(f"{name:40}", row, flush=True)
    return row


def distiller_step(teacher, student, optimizer, alpha=0.1):
    """keras.io, "Knowledge Distillation": alpha for the label, the rest for the teacher at a temperature."""
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(x, y):
        taught = scores(teacher, x)
        with tf.GradientTape() as tape:
            answers = scores(student, x, training=True)
            soft = apart(taught, answers)
            loss = alpha * hard(y, answers) + (1 - alpha) * soft
        weights = student.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    return step


def distillation_part():
    lesson = Lesson("10_few_labels")
    lesson.run("import keras", "dataset = labs.load", "def few(", "def accuracy(")
    lesson.variables |= {"shifts": lesson["Affine"](shift=0.1, flip=True), "results": {}}
    lesson.run("def distillation(")
    rows = {}
    began = time.process_time()
    lesson.run("teacher = keras.saving")  # its answers for the whole pool are computed here, once
    steps = 2 * lesson["steps"]
    pool, dataset = lesson["pool"], lesson["dataset"]
    both = np.column_stack([dataset.y_train[pool], lesson["taught"]]).astype("float32")
    pupil = lesson["learn"](
        dataset.x_train[pool], both, lesson["shifts"], 12, lesson["distillation"](0.7), steps
    )
    seconds = time.process_time() - began
    rows["lab 10"] = said("lab 10", lesson["accuracy"](pupil), steps, 64, seconds)

    keras.utils.set_random_seed(10)
    student = labs.nets.cifar10_fast(dataset.x_train, 12)
    data = tf.data.Dataset.from_tensor_slices((dataset.x_train[pool], dataset.y_train[pool]))
    batches = data.shuffle(len(pool), seed=10).repeat().batch(32).prefetch(2)
    step = distiller_step(lesson["teacher"], student, keras.optimizers.Adam())
    done, spent = until(seconds, batches, step)
    rows["keras.io, knowledge distillation"] = said(
        "keras.io, knowledge distillation", lesson["accuracy"](student), done, 32, spent
    )
    rows["teacher"] = {"accuracy": round(float(lesson["results"]["teacher"]), 4)}
    return rows


def clean(x):
    """Flips and crops: 32 of 43 pixels, as the example's 72 of 96."""
    x = tf.image.resize(tf.image.random_flip_left_right(x), (43, 43))
    return tf.image.random_crop(x, (32, 32, 3))


def teacher_step(model, optimizer):
    loss = keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            wrong = loss(y, model(x, training=True))
        weights = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(wrong, weights), weights, strict=True))

    return step


def self_trainer_step(teacher, student, optimizer, labelled):
    """keras.io, "Consistency training": the mean of both losses; `labelled` of a batch come with labels."""
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(tidy, noisy, y):
        taught = scores(teacher, tidy)
        with tf.GradientTape() as tape:
            answers = scores(student, noisy, training=True)
            soft = apart(taught, answers)
            loss = (hard(y[:labelled], answers[:labelled]) + soft) / 2
        weights = student.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    return step


def pairs(x, y, unknown=None):
    """Batches (clean, noisy, labels) of 128 with labels; or of 64 with and 192 without them."""
    noise = layers.RandAugment(value_range=(0, 255), num_ops=2, factor=0.9, seed=10)

    def both(x, y):
        tidy = tf.map_fn(clean, tf.cast(x, "float32"))
        return tidy, noise(tidy, training=True), y

    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=10).repeat()
    if unknown is None:
        return data.batch(128).map(both).prefetch(2)
    more = tf.data.Dataset.from_tensor_slices(unknown).shuffle(len(unknown), seed=10).repeat().batch(192)
    joined = tf.data.Dataset.zip(data.batch(64), more)
    return joined.map(lambda one, other: both(tf.concat([one[0], other], 0), one[1])).prefetch(2)


def consistency_part():
    lesson, rows = Lesson("10b_unlabelled"), {}
    lesson.run("import keras", "dataset = labs.load", "few = labs.profile", "def network(", "def learn(")
    lesson.run("def accuracy(")
    began = time.process_time()
    lesson.run("alone = learn(")
    lesson.variables["student"] = lesson["alone"]
    lesson.run("averaged, rounds =", "def step(", "trace = []")
    seconds = time.process_time() - began
    steps = lesson["steps"] + lesson["rounds"]
    seen = (lesson["steps"] * 64 + lesson["rounds"] * 256) / steps
    rows["lab 10b, labels alone, then FixMatch"] = said(
        "lab 10b, labels alone, then FixMatch", lesson["results"]["FixMatch"], steps, seen, seconds
    )
    rows["lab 10b, labels alone"] = {"accuracy": round(float(lesson["results"]["labels alone"]), 4)}

    x, y, network, accuracy = (lesson[name] for name in ("x", "y", "network", "accuracy"))
    keras.utils.set_random_seed(10)
    teacher = network()
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=10).repeat()
    batches = data.map(lambda x, y: (clean(tf.cast(x, "float32")), y)).batch(128).prefetch(2)
    step, optimizer_steps, kept = teacher_step(teacher, keras.optimizers.Adam()), 0, []

    def averaged_step(x, y):
        nonlocal optimizer_steps
        step(x, y)
        optimizer_steps += 1
        if optimizer_steps % 10 == 0:  # tfa.optimizers.SWA's period; of these the later half is averaged
            kept.append(teacher.get_weights())
            del kept[:-40]

    done, spent = until(seconds / 2, batches, averaged_step)
    teacher.set_weights([np.mean(weights, axis=0) for weights in zip(*kept, strict=True)])
    rows["keras.io, its teacher"] = said("keras.io, its teacher", accuracy(teacher), done, 128, spent)
    ways = {
        "keras.io, consistency, labelled pictures": (128, 128, pairs(x, y)),
        "keras.io, consistency, unlabelled too": (64, 256, pairs(x, y, lesson["unknown"])),
    }
    for name, (labelled, batch, batches) in ways.items():
        keras.utils.set_random_seed(10)
        student = network()
        step = self_trainer_step(teacher, student, keras.optimizers.Adam(), labelled)
        done, spent = until(seconds / 2, batches, step)
        rows[name] = said(name, accuracy(student), done, batch, spent)
    return rows


def main():
    parts = {"distill": distillation_part, "consistency": consistency_part}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="distill, consistency; both when none is given"
    )
    options = parser.parse_args()
    if not set(options.parts) <= set(parts):
        parser.error(f"parts are {' and '.join(parts)}")
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for part in options.parts or parts:
        print(part, flush=True)
        kept[part] = {"date": datetime.date.today().isoformat(), "rows": parts[part]()}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
