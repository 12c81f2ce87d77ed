"""Data-parallel training on several machines, with TensorFlow's own collectives.

Every worker runs the same program, with TF_CONFIG naming the machines and its own place among them:

    TF_CONFIG='{"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, "task": {"type": "worker", "index": 0}}'

Keras 3's `fit` fails under MultiWorkerMirroredStrategy, so the loop is written out: each worker takes its
share of the batch, the gradients are averaged over the workers, and all make the same step.
"""

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from labs.errors import LabsError
from labs.files import whole_file


def fit_together(model, batches, epochs, checkpoint=None, timeout=60):
    """Train a compiled `model` with the workers that TF_CONFIG names; alone when it names none.

    batches: a dataset of (x, y) that is the same on every worker, such as `labs.train.batches` with one seed;
    each worker takes its equal share of every batch, so the result is that of one machine with that batch.
    epochs: in total; with checkpoint (a .npz path) the first worker saves after each, and a program that
    is started again goes on from there. timeout: seconds that a step may take before the others count as lost.

    Returns the mean loss of each epoch trained now. LabsError when another worker stops, within `timeout`.

    Example: `fit_together(model, batches, epochs=10, checkpoint="lab01.npz")`.
    """
    workers = _Workers(timeout)
    model.optimizer.build(model.trainable_variables)
    try:
        done = _resume(model, checkpoint, workers)
        _step = _make_step(model, workers)
        for _ in range(done):
            next(iter(batches))  # its flips and order count the epochs: skip those trained before
        losses = []
        for epoch in range(done, epochs):
            losses.append(float(np.mean([_step(*workers.share(x, y)).numpy() for x, y in batches])))
            _average_statistics(model, workers)
            if checkpoint and workers.index == 0:
                _save(model, checkpoint, epoch + 1)
        return losses
    except (
        tf.errors.UnavailableError,
        tf.errors.DeadlineExceededError,
        tf.errors.AbortedError,
        tf.errors.InternalError,
        tf.errors.CancelledError,
        tf.errors.FailedPreconditionError,
    ) as error:
        raise LabsError(_lost(checkpoint, workers)) from error


def _lost(checkpoint, workers):
    again = (
        f"it goes on from {checkpoint}"
        if checkpoint
        else "give fit_together a checkpoint, and it will go on from there"
    )
    return f"A worker of {', '.join(workers.addresses)} has stopped or cannot be reached: start all of them again, {again}."


class _Workers:
    """Who takes part, and how their tensors are summed."""

    def __init__(self, timeout):
        config = os.environ.get("TF_CONFIG")
        self.strategy, self.count, self.index, self.addresses = None, 1, 0, ["this machine"]
        if not config:
            return
        try:
            config = json.loads(config)
            self.addresses, self.index = list(config["cluster"]["worker"]), int(config["task"]["index"])
        except (ValueError, KeyError, TypeError) as error:
            raise LabsError(
                "TF_CONFIG is not what TensorFlow expects: see labs/train/distributed.py for one."
            ) from error
        self.count = len(self.addresses)
        if self.count > 1:
            options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=float(timeout))
            self.strategy = _strategy(options)
            self.options = options

    def sum(self, tensors):
        """The sum of each tensor over the workers (inside a tf.function)."""
        if self.strategy is None:
            return tensors

        def reduce(*values):
            context = tf.distribute.get_replica_context()
            with tf.device("CPU:0"):  # all_reduce asks each tensor for its device
                values = [tf.identity(value) for value in values]
            return context.all_reduce(tf.distribute.ReduceOp.SUM, values, options=self.options)

        return self.strategy.run(reduce, args=tuple(tensors))

    def share(self, x, y):
        """This worker's part of a batch."""
        part, rest = divmod(len(x), self.count)
        if rest:
            raise LabsError(f"A batch of {len(x)} cannot be shared by {self.count} workers: take a multiple.")
        here = slice(self.index * part, (self.index + 1) * part)
        return x[here], y[here]


_made = {}


def _strategy(options):
    """TensorFlow's strategy; it can be made only once in a process, before anything is computed."""
    if "strategy" not in _made:
        try:
            _made["strategy"] = tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
        except RuntimeError as error:
            raise LabsError(
                "Call labs.train.join_workers() first in the program, before TensorFlow has computed anything."
            ) from error
    return _made["strategy"]


def join_workers(timeout=60):
    """Connect to the other workers of TF_CONFIG: the first thing a program does. Returns (index, count).

    Example: `index, count = labs.train.join_workers()`.
    """
    workers = _Workers(timeout)
    return workers.index, workers.count


def _make_step(model, workers):
    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x, y, model(x, training=True), training=True)
        variables = [variable.value for variable in model.trainable_variables]
        *gradients, total = workers.sum([*tape.gradient(loss, variables), loss])
        model.optimizer.apply([g / workers.count for g in gradients], model.trainable_variables)
        return total / workers.count

    return step


def _average_statistics(model, workers):
    """Normalisation's running averages come from each worker's own pictures: make them the mean of all."""
    statistics = [v for v in model.non_trainable_variables if v.dtype.startswith("float")]
    if statistics and workers.strategy is not None:
        sums = tf.function(workers.sum)([v.value for v in statistics])
        for variable, value in zip(statistics, sums, strict=True):
            variable.assign(value / workers.count)


def _resume(model, checkpoint, workers):
    """Give every worker the first one's weights, from the checkpoint if there is one; return the epochs done."""
    variables = [*model.variables, *model.optimizer.variables]
    done = 0
    if checkpoint and workers.index == 0 and Path(checkpoint).exists():
        done = _load(variables, checkpoint)
    if workers.strategy is not None:
        mine = 1.0 if workers.index == 0 else 0.0
        values = [tf.cast(v.value, tf.float64) * mine for v in variables]
        *values, done = tf.function(workers.sum)([*values, tf.constant(done * mine, tf.float64)])
        for variable, value in zip(variables, values, strict=True):
            variable.assign(tf.cast(value, variable.dtype))
    return int(done)


def _save(model, checkpoint, epochs):
    variables = [*model.variables, *model.optimizer.variables]
    arrays = {str(number): variable.numpy() for number, variable in enumerate(variables)}
    with whole_file(checkpoint) as partial, open(partial, "wb") as file:
        np.savez(file, epochs=epochs, **arrays)


def _load(variables, checkpoint):
    try:
        with np.load(checkpoint, allow_pickle=False) as arrays:
            values = [arrays[str(number)] for number in range(len(variables))]
            if [v.shape for v in values] != [tuple(v.shape) for v in variables] or len(arrays.files) != len(
                values
            ) + 1:
                raise ValueError("other shapes")
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
            return int(arrays["epochs"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise LabsError(
            f"{checkpoint} is no checkpoint of this network: remove it, or name another."
        ) from error
