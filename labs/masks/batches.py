"""Batches of pictures with their masks, changed together: what moves a pixel of the one moves its class in the other."""

import cv2
import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    """Shuffled batches for `model.fit`, on any backend of Keras: float32 pictures 0..255 and int32 masks.

    x: uint8 (pictures, height, width, 3); y: uint8 (pictures, height, width), class numbers. void: the
    number that stands for "no class", which also fills what a smaller picture leaves empty. zoom: a
    range of factors; light: up to this part brighter, stronger or more tinted; rare: this part of the
    pictures is cut around a pixel of a class drawn at random, so that a sign is seen as often as the
    road. mirror: half of them are mirrored. The same seed gives the same batches.

    Example: `model.fit(Batches(data.x_train, data.y_train, void=11), epochs=20)`.
    """

    def __init__(
        self,
        x,
        y,
        void,
        batch_size=8,
        zoom=(0.75, 1.75),
        light=0.25,
        rare=0.0,
        mirror=True,
        seed=0,
        workers=1,
    ):
        super().__init__(workers=workers, max_queue_size=8)
        self.x, self.y, self.void, self.batch_size = x, y, void, batch_size
        self.zoom, self.light, self.rare, self.mirror, self.seed = zoom, light, rare, mirror, seed
        self.epoch = 0
        self.on_epoch_end()

    def __len__(self):
        return len(self.x) // self.batch_size

    def on_epoch_end(self):
        self.order = np.random.default_rng([self.seed, self.epoch]).permutation(len(self.x))
        self.epoch += 1

    def __getitem__(self, number):
        chosen = self.order[number * self.batch_size :][: self.batch_size]
        random = np.random.default_rng([self.seed, self.epoch, number])
        pairs = [self.changed(self.x[index], self.y[index], random) for index in chosen]
        pictures, masks = zip(*pairs, strict=True)
        return np.stack(pictures).astype("float32"), np.stack(masks).astype("int32")

    def changed(self, picture, mask, random):
        """A picture and its mask, enlarged or made smaller, moved, mirrored and lit at random."""
        height, width = mask.shape
        zoom = np.exp(random.uniform(*np.log(self.zoom)))
        middle = self.point(mask, random)
        size, half = np.array([width, height]), np.array([width, height]) / (2 * zoom)
        middle = np.clip(middle, np.minimum(half, size - half), np.maximum(half, size - half))
        mirror = -1 if random.random() < 0.5 * self.mirror else 1
        matrix = np.float64([[mirror * zoom, 0, 0], [0, zoom, 0]])
        matrix[:, 2] = size / 2 - matrix[:, :2] @ middle
        picture = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
        mask = cv2.warpAffine(
            mask, matrix, (width, height), flags=cv2.INTER_NEAREST, borderValue=float(self.void)
        )
        return lit(picture, self.light, random), mask

    def point(self, mask, random):
        """Where the middle of the cut shall be: anywhere, or at a pixel of a class drawn at random."""
        height, width = mask.shape
        if random.random() < self.rare:
            present = np.setdiff1d(np.unique(mask), [self.void])
            if len(present):
                rows, columns = np.nonzero(mask == random.choice(present))
                here = random.integers(len(rows))
                return np.array([columns[here], rows[here]], "float64")
        return random.uniform(0, 1, 2) * (width, height)


def lit(picture, strength, random):
    """The picture in another light: contrast, brightness and gamma of each colour, as one table of 256 values."""
    if not strength:
        return picture
    contrast, gamma = np.exp(random.uniform(-strength, strength, 2))
    tint = np.exp(random.uniform(-strength, strength, 3) / 4)
    shift = random.uniform(-strength, strength) / 2
    values = np.linspace(0, 1, 256)[:, None] ** gamma
    table = ((values - 0.5) * contrast + 0.5 + shift) * tint
    return cv2.LUT(picture, np.clip(np.rint(table * 255), 0, 255).astype("uint8").reshape(1, 256, 3))
