"""Batches for `model.fit`: each picture warped anew in every epoch, with the target that belongs to it then."""

import keras
import numpy as np

from labs.detect.warping import warp


class Batches(keras.utils.PyDataset):
    """Pictures float32 0..255 and their targets, changed on the way; works with every backend of Keras.

    x: uint8 (pictures, height, width, 3); y: a list of Objects. target: a function from Objects to an array, such as a
    `center_targets` with its sizes. size: pictures a batch; change: from (picture, objects, random) to a changed pair. The same seed
    gives the same batches.

    Example: `model.fit(Batches(data.x_train, data.y_train, target), epochs=20)`.
    """

    def __init__(self, x, y, target, size=8, change=warp, seed=0, **options):
        super().__init__(**options)
        self.x, self.y, self.target, self.size, self.change = x, y, target, size, change
        self.seed, self.epoch = seed, -1
        self.on_epoch_begin()

    def on_epoch_begin(self):
        self.epoch += 1
        self.order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.x))

    def __len__(self):
        return len(self.x) // self.size

    def __getitem__(self, number):
        chosen = self.order[number * self.size : (number + 1) * self.size]
        randoms = [np.random.default_rng([self.seed, self.epoch, int(index)]) for index in chosen]
        changed = [
            self.change(self.x[i], self.y[i], random) for i, random in zip(chosen, randoms, strict=True)
        ]
        targets = [self.target(objects) for _, objects in changed]
        return np.stack([picture for picture, _ in changed]).astype("float32"), np.stack(targets)
