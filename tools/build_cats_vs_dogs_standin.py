"""Draws data/cats_vs_dogs_standin.zip: cats and dogs as emoji, in a folder like that of the real photos.

    pip install cairosvg
    python tools/build_cats_vs_dogs_standin.py

None of the real photographs may be bundled (they carry no licence), so tests and the quick profile take
this stand-in. The test pictures are drawn by a maker of whom the training pictures have none.
"""

import json
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from emoji import TEST, TRAIN, Emoji, scene  # noqa: E402

from labs.files import sha256, whole_file  # noqa: E402

MOODS = ("grinning", "kissing", "pouting", "weary", "crying")
CLASSES = {
    "cat": [
        "cat",
        "cat-face",
        "black-cat",
        *(f"{mood}-cat" for mood in MOODS),
        *(f"{mood}-cat-face" for mood in MOODS),
    ],
    "dog": ["dog", "dog-face", "poodle", "guide-dog", "service-dog"],
}
PER_CLASS = {"train": 200, "test": 60}
SEED = 2


def main():
    random = np.random.default_rng(SEED)
    path, report = ROOT / "data" / "cats_vs_dogs_standin.zip", {"photos": {}, "dropped": {}}
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        for part, packages in (("train", TRAIN), ("test", (TEST,))):
            makers = [Emoji(package) for package in packages]
            for label, names in CLASSES.items():
                drawings = [[(n, m.draw(n, 160)) for n in names if n in m.names] for m in makers]
                for number in range(PER_CLASS[part]):
                    maker = number % len(makers)
                    name, drawing = drawings[maker][random.integers(len(drawings[maker]))]
                    height, width = (int(n) for n in random.integers(96, 161, 2))
                    _add(archive, f"{part}/{label}/{number:05}.jpg", scene(drawing, random, height, width))
                    facts = {"from": f"{makers[maker].maker}: {name}", "width": width, "height": height}
                    report["photos"][f"{part}/{label}/{number:05}.jpg"] = facts
        _write(archive, "report.json", json.dumps(report, indent=0).encode())
    print(f"{path.name}: {path.stat().st_size:,} bytes, sha256 {sha256(path)}")


def _add(archive, name, pixels):
    _, jpeg = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    _write(archive, name, jpeg.tobytes())


def _write(archive, name, content):
    """With a fixed date, so that the same drawings give the same file."""
    archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
