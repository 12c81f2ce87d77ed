"""Makes data/photos_open/ and the site's samples/pieces.jpg: photographs that anybody may publish, from scikit-image's wheel.

    python tools/build_open_photos.py

The wheel of scikit-image 0.16.2 is the last that ships its pictures; it is only unzipped, never installed.
Origins and licences are written into data/README.md by hand; keep both in step.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np

from labs.files import bundled, sha256, whole_folder

WHEEL = "scikit_image-0.16.2-cp37-cp37m-manylinux1_x86_64.whl"
SHA256 = "2aa962aa82d815606d7dad7f045f5d7ca55c65b4320d47e15a98fc92612c2d6c"
LONGEST_SIDE, QUALITY = 512, 88
FILES = {  # only what its docstring there calls CC0, public domain or free of known restrictions
    "astronaut": "astronaut.png",
    "brick": "brick.png",
    "cell": "cell.png",
    "chelsea": "chelsea.png",
    "clock": "clock_motion.png",
    "coffee": "coffee.png",
    "coins": "coins.png",
    "grass": "grass.png",
    "gravel": "gravel.png",
    "hubble": "hubble_deep_field.jpg",
    "retina": "retina.jpg",
    "rocket": "rocket.jpg",
    "text": "text.png",
    "tissue": "ihc.png",
}


def download(folder):
    """The path of the wheel, downloaded into `folder` by pip and checked."""
    system = ["--only-binary=:all:", "--python-version", "3.7", "--platform", "manylinux1_x86_64"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *system]
    subprocess.run([*command, "--dest", folder, "scikit-image==0.16.2"], check=True)
    path = Path(folder, WHEEL)
    if sha256(path) != SHA256:
        raise SystemExit(
            f"{WHEEL} is not the file this script was written for: its sha256 is {sha256(path)}."
        )
    return path


def shrunk(picture):
    """At most LONGEST_SIDE pixels a side; smaller pictures stay as they are."""
    scale = LONGEST_SIDE / max(picture.shape[:2])
    return (
        picture if scale >= 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    )


def pieces(picture, side=64, across=4, down=3):
    """A row of across x down square pieces, each side x side pixels, for the site's search page."""
    height, width = picture.shape[:2]
    cut = min(width // across, height // down)
    rows = [(height - down * cut) // 2 + cut * row for row in range(down)]
    columns = [(width - across * cut) // 2 + cut * column for column in range(across)]
    squares = [picture[y : y + cut, x : x + cut] for y in rows for x in columns]
    return np.hstack([cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA) for square in squares])


def main():
    target = bundled("README.md").parent / "photos_open"
    with tempfile.TemporaryDirectory() as folder, whole_folder(target) as partial:
        wheel = zipfile.ZipFile(download(folder))
        for name, file in FILES.items():
            content = np.frombuffer(wheel.read(f"skimage/data/{file}"), np.uint8)
            picture = shrunk(cv2.imdecode(content, cv2.IMREAD_COLOR))
            _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            (partial / f"{name}.jpg").write_bytes(jpeg.tobytes())
        wheel.close()
    rows = [pieces(cv2.imread(str(path))) for path in sorted(target.iterdir())]
    sheet = target.parent.parent / "web" / "public" / "samples" / "pieces.jpg"
    cv2.imwrite(str(sheet), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    for path in sorted(target.iterdir()):
        print(f"{path.name:15} {path.stat().st_size:7,} bytes")


if __name__ == "__main__":
    main()
