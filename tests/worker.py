"""One worker of test_train_distributed.py: trains a small network and saves its weights.

python worker.py OUT CHECKPOINT EPOCHS [BATCH OF DEATH]
"""

import os
import sys

import labs

index, _ = labs.train.join_workers(timeout=20)  # before Keras makes anything

import keras  # noqa: E402
import numpy as np  # noqa: E402

out, checkpoint, epochs, *death = sys.argv[1:]
keras.utils.set_random_seed(1 + index)  # different first weights: the first worker's must win
random = np.random.default_rng(0)
x, y = random.integers(0, 256, (64, 8, 8, 3), dtype="uint8"), random.integers(0, 10, 64)
layers = [keras.Input((8, 8, 3)), keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(4, 3)]
layers += [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
model = keras.Sequential(layers)
model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "categorical_crossentropy")
batches = labs.train.batches(x, y, batch_size=16)
if death:
    numbers = iter(range(int(death[0])))
    batches = batches.map(lambda *batch: batch)

    class Dying:
        def __iter__(self):
            for batch in batches:
                if next(numbers, None) is None:
                    os._exit(9)
                yield batch

    given = Dying()
else:
    given = batches
losses = labs.train.fit_together(
    model, given, int(epochs), checkpoint if checkpoint != "-" else None, timeout=20
)
np.savez(out, losses=losses, **{f"w{n}": weights for n, weights in enumerate(model.get_weights())})
