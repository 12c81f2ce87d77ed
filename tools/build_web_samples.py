"""Makes web/public/samples and web/public/emoji: openly licensed pictures for the web pages to try.

    pip install scikit-image
    python tools/build_web_samples.py

Needs npm. Origins and licences are written into web/public/samples/README.md by hand; keep both in step.
"""

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

import labs  # noqa: E402
from labs.files import sha256, whole_file  # noqa: E402
from labs.hangul import CLEAN, Renderer, bundled_faces  # noqa: E402

PUBLIC = ROOT / "web" / "public"
NOTO = "@iconify-json/noto@1.2.9"
NOTO_SHA256 = "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad"
DRAWINGS = {"dog": "dog-face", "car": "automobile"}
EMOJI = {
    "neutral": "neutral-face",
    "happy": "grinning-face-with-big-eyes",
    "sad": "crying-face",
    "angry": "angry-face",
    "fearful": "fearful-face",
    "disgusted": "nauseated-face",
    "surprised": "face-with-open-mouth",
}


def main():
    icons = noto_icons()
    for name, icon in DRAWINGS.items():
        write_text(PUBLIC / "samples" / f"{name}.svg", drawing(icons, icon))
    for name, icon in EMOJI.items():
        write_text(PUBLIC / "emoji" / f"{name}.svg", drawing(icons, icon))
    write_picture("cat.jpg", cat())
    write_picture("digit.jpg", on_paper(digit(), 7))
    write_picture("syllable.jpg", on_paper(syllable("한"), 8))


def noto_icons():
    """Noto Emoji's drawings, by Iconify's names, from the npm package."""
    with tempfile.TemporaryDirectory() as folder:
        command = [shutil.which("npm"), "pack", NOTO, "--silent"]
        name = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
        path = Path(folder) / name
        if sha256(path) != NOTO_SHA256:
            sys.exit(f"{NOTO} is not the package that was looked at: check it, then change NOTO_SHA256.")
        with tarfile.open(path) as archive:
            return json.load(archive.extractfile("package/icons.json"))


def drawing(icons, name):
    size = icons.get("width", 128)
    body = icons["icons"][name]["body"]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">{body}</svg>\n'


def cat():
    """Chelsea the cat, a photograph by Stefan van der Walt (CC0), as scikit-image ships it."""
    import skimage.data

    return skimage.data.chelsea()[..., ::-1]


def digit():
    """A handwritten 5 of MNIST, white on black."""
    dataset = labs.load("mnist", "sample")
    return dataset.x_test[np.flatnonzero(dataset.y_test == 5)[3]][..., 0]


def syllable(text):
    return Renderer(bundled_faces("test", "handwriting")[:1], text, CLEAN).picture(0, 0)


def on_paper(ink, seed):
    """White on black -> dark blue ink on paper that a lamp lights from one side."""
    random = np.random.default_rng(seed)
    sheet = np.zeros((360, 480), np.float32)
    large = cv2.resize(ink.astype(np.float32) / 255, (220, 220), interpolation=cv2.INTER_CUBIC)
    sheet[70:290, 140:360] = np.clip(cv2.GaussianBlur(large, (0, 0), 2) * 1.4, 0, 1)
    light = np.linspace(0.95, 0.68, 480)[None, :] * np.linspace(1, 0.9, 360)[:, None]
    paper = np.array([205, 225, 232]) * light[..., None] + random.normal(0, 2.5, (360, 480, 1))
    pen = np.array([95, 45, 35]) * light[..., None]  # blue, green, red
    return np.clip(paper + sheet[..., None] * (pen - paper), 0, 255).astype(np.uint8)


def write_picture(name, pixels):
    with whole_file(PUBLIC / "samples" / name) as partial:
        partial.write_bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


def write_text(path, text):
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
