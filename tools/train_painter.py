"""Trains saved_models/painter_hubble: a photograph painted in the manner of another one, in one pass, on one processor core.

    LABS_DATA=... python tools/train_painter.py hubble    # the manner of the bundled photograph `hubble`, the one that is kept

A feed-forward network learns one manner with the loss of lab 15c, section 3 (Johnson et al., ECCV 2016; Gram matrices after Gatys et
al., CVPR 2016): the maps of MobileNet's first blocks say what is to be seen, their Gram matrices in which manner. It looks at
a neighbourhood only and normalises nothing over the picture, so that a photograph of any size can go through it in tiles without seams.
It has seen the photographs of cats and dogs of the training part; astronaut, chelsea and coffee are for looking at.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402
from left_out import explain  # noqa: E402

import labs  # noqa: E402
from labs.data import open_photos  # noqa: E402

SIDE, BATCH = 128, 4  # of the photographs to learn from
TILE, MARGIN = (
    160,
    32,
)  # of the network that is kept: in tiles that overlap by twice the margin, a multiple of the stride
STYLE, CALM = 0.5, 2e-3  # weights beside the content's 1
EYES = ("conv1_relu", "conv_pw_1_relu", "conv_pw_3_relu", "conv_pw_5_relu")


def network(side):
    """Raw pixels (n, side, side, 3) -> {"picture": (n, side, side, 3)}, 0..255."""
    pixels = keras.Input((side, side, 3), name="input")
    x = layers.Rescaling(1 / 127.5, -1)(pixels)
    x = layers.Conv2D(24, 5, 2, "same", activation="relu")(x)
    x = layers.Conv2D(48, 3, 2, "same", activation="relu")(x)
    for _ in range(3):
        x = layers.Add()([x, layers.Conv2D(48, 3, padding="same", activation="relu")(x)])
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(layers.UpSampling2D()(x))
    x = layers.Conv2D(3, 5, padding="same", activation="tanh")(layers.UpSampling2D()(x))
    picture = layers.Rescaling(127.5, 127.5, name="picture")(x)
    return keras.Model(pixels, {"picture": picture}, name="painter")


def middle(photo, side):
    """The middle square of a photograph: float32 (1, side, side, 3)."""
    edge = min(photo.shape[:2])
    top, left = (photo.shape[0] - edge) // 2, (photo.shape[1] - edge) // 2
    square = photo[top : top + edge, left : left + edge]
    return np.float32(cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)[None])


class Demands:
    """What a picture lacks: the photograph's content, the manner's Gram matrices, and calm between neighbours."""

    def __init__(self, manner):
        whole = labs.backbone.load("MobileNet", include_top=False, input_shape=(None, None, 3), alpha=0.75)
        self.eyes = keras.Model(whole.input, [whole.get_layer(name).output for name in EYES])
        self.eyes.trainable = False
        self.manner = [self.gram(maps) for maps in self.look(manner)]

    def look(self, pictures):
        return self.eyes(pictures / 127.5 - 1)

    def gram(self, maps):
        flat = ops.reshape(maps, (ops.shape(maps)[0], -1, maps.shape[-1]))
        return ops.einsum("npc,npd->ncd", flat, flat) / ops.cast(ops.shape(flat)[1], "float32")

    def __call__(self, painted, photos):
        def apart(one, other):
            return ops.mean(ops.square(one - other)) / ops.mean(ops.square(other))

        seen, content = self.look(painted), self.look(photos)[-1]
        style = sum(apart(self.gram(one), other) for one, other in zip(seen, self.manner, strict=True))
        rough = sum(ops.mean(ops.abs(ops.diff(painted, axis=axis))) for axis in (1, 2))
        return apart(seen[-1], content) + STYLE * style + CALM * rough


def learn(model, demands, photos, minutes, peak=2e-3):
    """Steps until the processor minutes are over; the rate falls to nothing at the end."""
    optimizer = keras.optimizers.Adam(peak, clipnorm=1.0)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(given):
        with tf.GradientTape() as tape:
            loss = demands(model(given, training=True)["picture"], given)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    random, start, losses = np.random.default_rng(0), time.process_time(), []
    while (done := (time.process_time() - start) / (60 * minutes)) < 1:
        optimizer.learning_rate = peak * min(1, (len(losses) + 1) / 50) * (0.5 + 0.5 * np.cos(np.pi * done))
        chosen = photos[random.integers(len(photos), size=BATCH)]
        losses.append(float(step(tf.constant(np.float32(chosen[:, :, :: random.choice((-1, 1))])))))
        if len(losses) % 200 == 0:
            print(f"{len(losses)} steps, {100 * done:.0f} %: {np.mean(losses[-200:]):.3f}", flush=True)
    return len(losses), float(np.mean(losses[:20])), float(np.mean(losses[-200:]))


def main():
    """Learn and export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manner", choices=open_photos.names(), help="the bundled photograph")
    parser.add_argument("--minutes", type=float, default=6, help="processor minutes")
    parser.add_argument("--to", type=Path, help="saved_models/painter_MANNER when not given")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    demands = Demands(middle(open_photos.read(options.manner), 256))
    photos = labs.load("cats_vs_dogs", side=SIDE).x_train
    model = network(SIDE)
    steps, first, last = learn(model, demands, photos, options.minutes)
    print(f"{steps} steps, {model.count_params():,} parameters: loss {first:.3f} -> {last:.3f}")
    tiles = network(TILE)
    tiles.set_weights(model.get_weights())
    folder = options.to or ROOT / "saved_models" / f"painter_{options.manner}"
    source = f"{len(photos):,} photographs of cats and dogs in the manner of the open photograph {options.manner}, {options.minutes:g} processor minutes, by tools/train_painter.py"
    labs.export(
        tiles,
        folder,
        (),
        np.uint8(middle(open_photos.read("chelsea"), TILE)),
        {"loss_first": first, "loss": last},
        source,
        "float16",
        ("model.onnx", "tfjs"),
        kind="picture",
        decode={"scale": 1, "margin": MARGIN},
    )
    explain(folder, "left out of the clone: tools/train_painter.py writes it")


if __name__ == "__main__":
    main()
