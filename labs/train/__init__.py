"""Training on a classroom's CPU: the parts of the fast recipe, each usable with plain `model.fit`.

batches = labs.train.batches(dataset.x_train, dataset.y_train, batch_size=128)
schedule = labs.train.UpThenDown(peak=0.1, steps=epochs * len(batches))
model.compile(labs.train.Turn(schedule), labs.train.smoothed_loss(), ["accuracy"])
model.fit(batches, epochs=epochs)
model = labs.train.plain(model)   # Keras's own layers again, ready to export
"""

from labs.train.distributed import fit_together, join_workers
from labs.train.layers import Convolution, Normalization, Pooling, plain, quick
from labs.train.memory import keep_memory
from labs.train.mirror import look_around, look_twice
from labs.train.optimizer import Turn
from labs.train.pipeline import batches
from labs.train.precision import choose_precision
from labs.train.schedule import UpThenDown, smoothed_loss
from labs.train.smaller import shrink, smaller
from labs.train.whitening import whitening_filters

__all__ = [
    "Convolution",
    "Normalization",
    "Pooling",
    "Turn",
    "UpThenDown",
    "batches",
    "choose_precision",
    "fit_together",
    "join_workers",
    "keep_memory",
    "look_around",
    "look_twice",
    "plain",
    "quick",
    "shrink",
    "smaller",
    "smoothed_loss",
    "whitening_filters",
]
