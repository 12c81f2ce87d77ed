"""The emoji drawings from which the stand-ins are made: openly licensed, checked by hash, of five makers.

Iconify only repackages the makers' own drawings, unchanged, as npm packages. Needs npm and cairosvg.
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import cv2
import numpy as np

from labs.files import sha256

# npm package: (sha256 of the archive, maker, licence)
PACKAGES = {
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
    "@iconify-json/twemoji@1.2.5": (
        "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
        "Twitter, Twemoji",
        "CC-BY-4.0",
    ),
}
TRAIN, TEST = tuple(PACKAGES)[:4], tuple(PACKAGES)[4]  # no artist of a test picture drew a training picture


class Emoji:
    """One maker's drawings: `names` are what there is, `draw(name, size)` gives RGBA pixels.

    Example: `Emoji(TEST).draw("cat", 96).shape` is `(96, 96, 4)`.
    """

    def __init__(self, package):
        expected, self.maker, self.licence = PACKAGES[package]
        self._set = _icons(package, expected)
        self.names = set(self._set["icons"])

    def svg(self, name):
        """One drawing as the text of an SVG file."""
        icon = self._set["icons"][name]
        width, height = (icon.get(key, self._set[key]) for key in ("width", "height"))
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 {width} {height}">{icon["body"]}</svg>'
        )

    def draw(self, name, size):
        import cairosvg

        png = cairosvg.svg2png(self.svg(name).encode(), output_width=size, output_height=size)
        return cv2.cvtColor(
            cv2.imdecode(np.frombuffer(png, "uint8"), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA
        )


def _icons(package, expected):
    npm = shutil.which("npm")
    if not npm:
        raise SystemExit("npm is missing: install Node.js, whose npm downloads the packages.")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", package, "--silent"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        archive = Path(folder) / done.stdout.split()[-1]
        if sha256(archive) != expected:
            raise SystemExit(
                f"{package} is not the file this script was written for: its sha256 is {sha256(archive)}."
            )
        with tarfile.open(archive) as tar:
            return json.load(tar.extractfile("package/icons.json"))


def scene(drawing, random, height, width):
    """A drawing in a random pose, hue and light on a soft random background: uint8 (height, width, 3), RGB."""
    size, side = drawing.shape[0], min(height, width)
    scale = side / size * random.uniform(0.55, 0.95)
    pose = cv2.getRotationMatrix2D((size / 2, size / 2), random.uniform(-20, 20), scale)
    room = np.array([width, height]) - side * 0.75
    pose[:, 2] += np.array([width, height]) / 2 - size / 2 + random.uniform(-0.4, 0.4, 2) * room
    if random.random() < 0.5:
        drawing = drawing[:, ::-1]
    smooth = _premultiplied(_recoloured(drawing, random), blur=max(0.4, 0.5 / scale))
    placed = cv2.warpAffine(smooth, pose, (width, height), flags=cv2.INTER_LINEAR)
    slope = random.uniform(-0.25, 0.25) * np.linspace(-1, 1, height, dtype="float32")[:, None, None]
    colours = placed[..., :3] * np.float32(random.uniform(0.6, 1.2)) * (1 + slope)
    colours += background(random, height, width) * (1 - placed[..., 3:])
    return np.clip(np.rint(colours * 255), 0, 255).astype("uint8")


def _recoloured(drawing, random):
    """Another hue and strength of colour: makers agree that cats are yellow and dogs brown, and no colour shall tell."""
    hsv = cv2.cvtColor(np.ascontiguousarray(drawing[..., :3]), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + random.integers(180)) % 180
    hsv[..., 1] = (hsv[..., 1] * random.uniform(0.3, 1)).astype("uint8")
    return np.dstack([cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), drawing[..., 3]])


def _premultiplied(drawing, blur):
    pixels = drawing.astype("float32") / 255
    pixels[..., :3] *= pixels[..., 3:]
    return cv2.GaussianBlur(pixels, (0, 0), blur)  # or a small picture has jagged edges


def background(random, height, width):
    """A soft, random texture (height, width, 3), float32 0..1: blurred noise of two sizes in two colours."""
    mask = sum(
        cv2.resize(random.random((n, n), dtype="float32"), (width, height), interpolation=cv2.INTER_CUBIC)
        * part
        for n, part in ((3, 0.75), (7, 0.25))
    )
    first, second = random.random((2, 3), dtype="float32")
    return first + (second - first) * mask[..., None]
