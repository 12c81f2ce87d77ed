"""Draws data/cifar10_standin.npz: CIFAR-10's ten classes as emoji, with its shapes and labels.

    pip install cairosvg
    python tools/build_cifar10_standin.py

No picture of CIFAR-10 may be bundled (its photographs have no licence), so tests and the quick profile
take this stand-in. Emoji of several makers are turned, resized, lit and pasted on soft random
backgrounds. The test pictures are drawn by a maker of whom the training pictures have none.
"""

import io
import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from emoji import TEST, TRAIN, Emoji, background  # noqa: E402

from labs.files import sha256, whole_file  # noqa: E402

CLASSES = {
    "airplane": ["airplane", "small-airplane", "airplane-departure", "airplane-arrival"],
    "automobile": ["automobile", "oncoming-automobile", "sport-utility-vehicle", "taxi", "oncoming-taxi"],
    "bird": ["bird", "duck", "eagle", "owl", "dove", "parrot", "swan"],
    "cat": ["cat", "cat-face", "black-cat"],
    "deer": ["deer"],
    "dog": ["dog", "dog-face", "poodle", "guide-dog", "service-dog"],
    "frog": ["frog", "frog-face"],
    "horse": ["horse", "horse-face"],
    "ship": ["ship", "ferry", "passenger-ship", "sailboat", "motor-boat"],
    "truck": ["delivery-truck", "articulated-lorry", "fire-engine", "pickup-truck"],
}
PER_CLASS = {"train": 150, "test": 30}
SEED = 10
DRAWN, SIZE = 96, 32


def drawings(package):
    """The emoji of one maker as {class: [RGBA pictures (96, 96, 4)]}."""
    maker = Emoji(package)
    return {
        label: [maker.draw(name, DRAWN) for name in names if name in maker.names]
        for label, names in CLASSES.items()
    }


def scene(drawing, random):
    """One emoji in a random pose and light on a random background: uint8 (32, 32, 3)."""
    scale = SIZE / DRAWN * random.uniform(0.75, 1.1)
    pose = cv2.getRotationMatrix2D((DRAWN / 2, DRAWN / 2), random.uniform(-20, 20), scale)
    pose[:, 2] += SIZE / 2 - DRAWN / 2 + random.uniform(-3, 3, 2)
    premultiplied = drawing.astype("float32") / 255
    premultiplied[..., :3] *= premultiplied[..., 3:]
    smooth = cv2.GaussianBlur(premultiplied, (0, 0), 1.0)  # or the small picture has jagged edges
    placed = cv2.warpAffine(smooth, pose, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    if random.random() < 0.5:
        placed = placed[:, ::-1]
    light = random.uniform(0.6, 1.2) * (
        1 + random.uniform(-0.25, 0.25) * np.linspace(-1, 1, SIZE)[:, None, None]
    )
    tint = random.uniform(0.85, 1.15, 3)
    colours = placed[..., :3] * light * tint + background(random, SIZE, SIZE) * (1 - placed[..., 3:])
    levels = np.clip(np.rint(colours * 31), 0, 31)  # 32 shades: half the bytes of 256, hardly seen
    return (levels * 8 + 4).astype("uint8")


def part(packages, count, random):
    """count scenes of each class: x (uint8) and y (uint8), in random order."""
    styles = [drawings(package) for package in packages]
    x, y = [], []
    for number, label in enumerate(CLASSES):
        for index in range(count):
            choices = styles[index % len(styles)][label]
            x.append(scene(choices[random.integers(len(choices))], random))
            y.append(number)
    order = random.permutation(len(x))
    return np.array(x)[order], np.array(y, "uint8")[order]


def main():
    random = np.random.default_rng(SEED)
    arrays = {}
    for name, packages in (("train", TRAIN), ("test", (TEST,))):
        arrays[f"x_{name}"], arrays[f"y_{name}"] = part(packages, PER_CLASS[name], random)
    path = ROOT / "data" / "cifar10_standin.npz"
    with whole_file(path) as partial:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        partial.write_bytes(buffer.getvalue())
    print(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {sha256(path)}")


if __name__ == "__main__":
    main()
