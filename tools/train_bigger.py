"""Trains saved_models/bigger: a photograph twice as large, on one processor core.

    LABS_DATA=... python tools/train_bigger.py --minutes 6 --weights bigger.npz    # learn; the weights are kept every two minutes
    LABS_DATA=... python tools/train_bigger.py --minutes 0 --weights bigger.npz     # measure and export what they make

ESPCN (Shi et al., CVPR 2016) with residual blocks (EDSR; Lim et al., 2017, without batch normalisation): all
convolutions work at the small size, a pixel shuffle enlarges at the end. What they say is added to what a 5x5 filter
says that begins as bicubic enlargement itself: the network starts with bicubic's quality and learns what is missing.

Pairs are made as in the papers: a photograph, halved by bicubic interpolation with antialiasing, rounded to whole
levels. The photographs to learn from are halved once before, alike, so that they are sharp and JPEG's blocks are gone.
Half of the pieces, those on which bicubic errs most, are learnt. Held out: astronaut, chelsea, coffee and the
photographs of the test part, of which every fifth is measured.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402
from left_out import explain  # noqa: E402

import labs  # noqa: E402
from labs.data import open_photos, photos  # noqa: E402
from labs.data.cats_vs_dogs import clean_folder  # noqa: E402
from labs.files import whole_file  # noqa: E402
from labs.kinds import picture as picture_kind  # noqa: E402

WIDTH, BLOCKS = 32, 4
SIDE = 32  # pixels of a small piece in training
TILE = 96  # of the network that is kept: a photograph goes through it in tiles
MARGIN = 2 + 2 * BLOCKS  # pixels: so far the network looks, so much of a tile's edge is thrown away
HELD = ("astronaut", "chelsea", "coffee")
PATIENCE = 120  # seconds between two savings of the weights


def network(side, like=None):
    """Raw pixels (n, side, side, 3) -> {"picture": (n, 2 side, 2 side, 3)}, 0..255, not cut off at the ends. like: whose weights to take."""
    pixels = keras.Input((side, side, 3), name="input")
    whole = layers.Rescaling(1 / 255)(pixels)
    little = keras.initializers.VarianceScaling(0.2)  # for a high learning rate
    x = layers.Conv2D(WIDTH, 3, padding="same")(whole)
    for _ in range(BLOCKS):
        inner = layers.Conv2D(WIDTH, 3, padding="same", activation="relu")(x)
        x = layers.Add()([x, layers.Conv2D(WIDTH, 3, padding="same", kernel_initializer=little)(inner)])
    x = layers.Conv2D(12, 3, padding="same", kernel_initializer="zeros")(x)
    plain = layers.Conv2D(12, 5, padding="same", use_bias=False, name="plain")(whole)
    x = shuffle(layers.Add()([x, plain]), side)
    model = keras.Model(pixels, {"picture": layers.Rescaling(255.0, name="picture")(x)}, name="bigger")
    if like is None:
        model.get_layer("plain").set_weights([bicubic()])
    else:
        model.set_weights(like.get_weights())
    return model


def bicubic():
    """Keys' bicubic enlargement as a filter of 5x5 that gives each of 2x2 places three colours."""
    taps = np.zeros((2, 5))  # a quarter of a pixel before the old one, and after it
    taps[0, :4] = -0.0234375, 0.2265625, 0.8671875, -0.0703125
    taps[1] = taps[0, ::-1]
    kernel = np.einsum("ay,bx,ic->yxiabc", taps, taps, np.eye(3))
    return kernel.reshape(5, 5, 3, 12)


def shuffle(x, side):
    """(n, side, side, 2 x 2 x 3) -> (n, 2 side, 2 side, 3)."""
    x = ops.transpose(ops.reshape(x, (-1, side, side, 2, 2, 3)), (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, 2 * side, 2 * side, 3))


def levels(pictures):
    return np.uint8(np.rint(np.clip(pictures, 0, 255)))


def halved(picture):
    """uint8 (height, width, 3), both even -> half as large, bicubic with antialiasing."""
    half = np.array(picture.shape[:2]) // 2
    return levels(tf.image.resize(np.float32(picture), half, "bicubic", antialias=True))


def sharp(photograph):
    """A photograph halved, with sides that are even."""
    height, width = np.array(photograph.shape[:2]) // 4 * 4
    return halved(photograph[:height, :width])


def doubled(small_picture):
    return levels(
        tf.image.resize(np.float32(small_picture), np.array(small_picture.shape[:2]) * 2, "bicubic")
    )


def pets(part):
    """The photographs of cats and dogs, at most 256 pixels a side: {name: uint8 (height, width, 3)}."""
    folder = clean_folder(labs.data.locate("cats_vs_dogs")[0])
    names = sorted(name for name in photos.read_report(folder)["photos"] if name.startswith(part + "/"))
    return {name: photos.decode((folder / name).read_bytes()) for name in names}


def pieces(photographs):
    """What to learn from: small (n, SIDE, SIDE, 3) and large (n, 2 SIDE, 2 SIDE, 3), the half on which bicubic errs most."""
    pairs = []
    for photograph in photographs:
        large = sharp(photograph)
        little = halved(large)
        far = np.square(np.float32(doubled(little)) - large).mean(axis=-1)
        for y in range(0, little.shape[0] - SIDE + 1, SIDE // 4):
            for x in range(0, little.shape[1] - SIDE + 1, SIDE // 4):
                there = slice(2 * y, 2 * (y + SIDE)), slice(2 * x, 2 * (x + SIDE))
                pairs.append((far[there].mean(), little[y : y + SIDE, x : x + SIDE], large[there]))
    pairs.sort(key=lambda pair: -pair[0])
    return tuple(np.stack(one) for one in list(zip(*pairs[: len(pairs) // 2], strict=True))[1:])


def turned(pictures, way):
    """One of eight ways to turn and mirror a square."""
    pictures = np.rot90(pictures, way % 4, (1, 2))
    return pictures[:, ::-1] if way > 3 else pictures


def learn(model, small_ones, large_ones, minutes, peak, batch, keep):
    """Steps until the processor minutes are over; the rate rises at first and falls to nothing at the end."""
    optimizer = keras.optimizers.Adam(peak, clipnorm=1.0)
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(given, truth):
        with tf.GradientTape() as tape:
            apart = tf.abs(model(given, training=True)["picture"] - truth) / 255
            loss = tf.reduce_mean(apart)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    random = np.random.default_rng(0)
    start, saved, seen, steps = time.process_time(), time.monotonic(), [], 0
    while (done := (time.process_time() - start) / (60 * minutes)) < 1:
        optimizer.learning_rate = peak * min(1, (steps + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * done))
        chosen, way = random.integers(len(small_ones), size=batch), steps % 8
        pair = (turned(one[chosen], way) for one in (small_ones, large_ones))
        seen.append(step(*(tf.constant(np.float32(one)) for one in pair)))
        steps += 1
        if time.monotonic() - saved > PATIENCE:
            saved = time.monotonic()
            print(
                f"{steps} steps, {time.process_time():.0f} processor s: L1 {255 * np.mean(seen):.3f}",
                flush=True,
            )
            seen = []
            keep()
    keep()
    return steps


def enlarge(tiles, picture):
    """A picture (height, width, 3) twice as large, in tiles."""
    batch = picture_kind.cut(picture, TILE, MARGIN)
    made = [levels(tiles(np.float32(one[None]), training=False)["picture"][0]) for one in batch]
    return picture_kind.joined(made, picture.shape, 2, MARGIN)


def measure(tiles, test):
    """PSNR (RGB, dB) and SSIM of bicubic and of the network on photographs halved once, as the mean of each group."""
    metrics = {}
    for group, photographs in test.items():
        rows = []
        for name, photograph in photographs.items():
            large = sharp(photograph)
            little = halved(large)
            ways = doubled(little), enlarge(tiles, little)
            rows.append([[float(f(way, large, 255)) for f in (tf.image.psnr, tf.image.ssim)] for way in ways])
            if group == "open":
                print(f"{name:10}", *(f"{psnr:.2f} dB {ssim:.4f}" for psnr, ssim in rows[-1]), sep="  ")
        (base, base_ssim), (psnr, ssim) = np.mean(rows, axis=0)
        gain = np.array(rows)[:, 1, 0] - np.array(rows)[:, 0, 0]
        print(
            f"{group}: {len(rows)} photographs, bicubic {base:.2f} dB {base_ssim:.4f}, bigger {psnr:.2f} dB {ssim:.4f}"
        )
        print(f"   gain {gain.mean():.2f} dB, from {gain.min():.2f} to {gain.max():.2f}")
        metrics |= {
            f"psnr_{group}": psnr,
            f"psnr_{group}_bicubic": base,
            f"ssim_{group}": ssim,
            f"ssim_{group}_bicubic": base_ssim,
        }
    return metrics


def save(tiles, folder, metrics, source):
    """Export, with the eyes of an open photograph as the golden picture."""
    x = sharp(open_photos.read("chelsea"))[None, 20 : 20 + TILE, 30 : 30 + TILE]
    formats, decode = ("model.onnx", "tfjs"), {"scale": 2, "margin": MARGIN}
    labs.export(tiles, folder, (), x, metrics, source, "float16", formats, kind="picture", decode=decode)
    explain(folder, "left out of the clone: tools/train_bigger.py writes it")


def main():
    """Learn, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--minutes", type=float, default=6, help="0: only measure and export what --weights holds"
    )
    parser.add_argument("--peak", type=float, default=2e-3, help="the highest learning rate")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--weights", type=Path, default=Path("bigger.npz"), help="where the weights are kept")
    parser.add_argument("--to", type=Path, default=ROOT / "saved_models" / "bigger")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    model = network(SIDE)
    if options.minutes:
        known = [open_photos.read(name) for name in open_photos.names() if name not in HELD]
        pairs = pieces([*pets("train").values(), *known])
        print(f"{len(pairs[0])} pieces, {model.count_params()} parameters", flush=True)

        def keep():
            with whole_file(options.weights) as partial, open(partial, "wb") as file:
                np.savez(file, *model.get_weights())

        print(learn(model, *pairs, options.minutes, options.peak, options.batch, keep), "steps")
    else:
        with np.load(options.weights) as file:
            model.set_weights(list(file.values()))
    test = {
        "open": {name: open_photos.read(name) for name in HELD},
        "pets": dict(list(pets("test").items())[::5]),
    }
    tiles = network(TILE, like=model)
    metrics = measure(tiles, test)
    source = "1,998 photographs of cats and dogs and eleven open photographs, six processor minutes, by tools/train_bigger.py"
    save(tiles, options.to, metrics, source)


if __name__ == "__main__":
    main()
