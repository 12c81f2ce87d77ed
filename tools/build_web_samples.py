"""Makes web/public/samples and web/public/emoji: openly licensed pictures for the web pages to try.

    pip install scikit-image
    python tools/build_web_samples.py

Needs npm. Origins and licences are written into web/public/samples/README.md by hand; keep both in step.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import skimage.data

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import emoji  # noqa: E402  (tools/emoji.py)

import labs  # noqa: E402
from labs.files import whole_file  # noqa: E402
from labs.hangul import CLEAN, Renderer, bundled_faces  # noqa: E402

PUBLIC = ROOT / "web" / "public"
NOTO = "@iconify-json/noto@1.2.9"
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
    noto = emoji.Emoji(NOTO)
    for name, icon in DRAWINGS.items():
        write_text(PUBLIC / "samples" / f"{name}.svg", sized(noto.svg(icon)))
    for name, icon in EMOJI.items():
        write_text(PUBLIC / "emoji" / f"{name}.svg", sized(noto.svg(icon)))
    write_picture("cat.jpg", skimage.data.chelsea()[..., ::-1])  # Stefan van der Walt, CC0
    write_picture("face.jpg", skimage.data.astronaut()[:300, 90:390, ::-1])  # NASA, public domain
    write_picture("digit.jpg", on_paper(digit(), 7))
    write_picture("syllable.jpg", on_paper(syllable("한"), 8))


def sized(svg):
    """A browser that makes pixels of a drawing asks for its size."""
    return svg.replace("<svg ", '<svg width="128" height="128" ', 1) + "\n"


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
