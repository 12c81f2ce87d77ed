"""Trains data/models/mobilenet_emoji: a small MobileNet that knows drawn things. It is NOT an ImageNet network.

    pip install cairosvg
    python tools/train_emoji_mobilenet.py            # about six minutes on two cores

ImageNet's photographs have no free licence, so nothing learnt from them is bundled: tests and lab 03's quick profile take this:
MobileNet with alpha=0.25, trained on emoji of four makers (no cats or dogs among them) pasted on soft backgrounds.
The accuracy it prints, and writes beside the weights, is on drawings of a fifth maker.
"""

import argparse
import itertools
import json
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from emoji import TEST, TRAIN, Emoji, scene  # noqa: E402

from labs.backbone import STAND_IN_OPTIONS  # noqa: E402
from labs.files import sha256, whole_folder  # noqa: E402

SIDE, SEED, BATCH = STAND_IN_OPTIONS["input_shape"][0], 3, 64
# Cats and dogs are what lab 03 wants to learn; the rest are people, faces, signs and what looks the same.
UNWANTED = re.compile(
    "flag|tone|button|clock|arrow|sign|symbol|thirty|cat|dog|poodle|heart|circle|square|mark|face|person|man|woman|"
    "people|girl|boy|hand|finger|fist|speaker|moon|globe|sun|bell-with|locked|diamond|asterisk|latin|input|no-|monkey|"
    "restroom|mens|medal|thumb|selfie|closed-umbrella|umbrella-|cross|star|synagogue|mosque|church|kaaba|menorah|om$|"
    "aries|taurus|gemini|cancer|leo$|virgo|libra|scorpio$|sagittarius|capricorn|aquarius|pisces|ophiuchus"
)


def drawings(makers, names):
    """A list for each name: every maker's drawing of it, RGBA (64, 64, 4)."""
    return [[maker.draw(name, SIDE) for maker in makers] for name in names]


def batches(drawn, seed):
    random = np.random.default_rng(seed)
    while True:
        y = random.integers(len(drawn), size=BATCH)
        picked = [drawn[label][random.integers(len(drawn[label]))] for label in y]
        yield np.stack([scene(one, random, SIDE, SIDE) for one in picked]), y


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--steps", type=int, default=1800)
    steps = arguments.parse_args().steps
    train, test = [Emoji(package) for package in TRAIN], Emoji(TEST)
    names = sorted(set.intersection(test.names, *(maker.names for maker in train)))
    names = [name for name in names if not UNWANTED.search(name)]
    drawn, unseen = drawings(train, names), drawings([test], names)
    print(f"{len(names)} kinds of things by {len(train)} makers", flush=True)

    keras.utils.set_random_seed(SEED)
    network = keras.applications.MobileNet(**STAND_IN_OPTIONS, classes=len(names), weights=None)
    model = keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Rescaling(1 / 127.5, -1), network])
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps, warmup_target=0.004, warmup_steps=steps // 10)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=0.01)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    shapes = (tf.TensorSpec((BATCH, SIDE, SIDE, 3), "uint8"), tf.TensorSpec((BATCH,), "int64"))
    data = tf.data.Dataset.from_generator(lambda: batches(drawn, SEED), output_signature=shapes).prefetch(4)
    epochs, start = 10, time.perf_counter()
    model.fit(data, epochs=epochs, steps_per_epoch=steps // epochs, verbose=2)
    x, y = map(np.concatenate, zip(*itertools.islice(batches(unseen, 0), 32), strict=True))
    top1 = model.evaluate(x, y, verbose=0)[1]
    best = model.predict(x, verbose=0).argsort()[:, -5:]
    top5 = (best == y[:, None]).any(axis=1).mean()
    print(f"unseen maker: top-1 {top1:.1%}, top-5 {top5:.1%}; {time.perf_counter() - start:.0f} s")
    folder = ROOT / "data" / "models"
    with whole_folder(folder) as partial:
        network.save_weights(partial / "mobilenet_emoji.weights.h5")
        (partial / "mobilenet_emoji_labels.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
        facts = {
            "accuracy on drawings of an unseen maker": round(float(top1), 3),
            "among the first five": round(float(top5), 3),
            "steps": steps,
        }
        (partial / "mobilenet_emoji.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    path = folder / "mobilenet_emoji.weights.h5"
    print(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {sha256(path)}")


if __name__ == "__main__":
    main()
