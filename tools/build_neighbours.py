"""Makes web/public/samples/neighbours.jpg: the pictures among which the photo page looks for a picture's neighbours.

    python tools/build_neighbours.py

Three squares of each open photograph, and drawn cats and dogs of the stand-in: all may be published (data/README.md).
"""

import sys
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import labs  # noqa: E402
from labs.data import open_photos  # noqa: E402
from labs.files import whole_file  # noqa: E402

SIDE, ACROSS, DRAWN = 80, 12, 15  # pixels of a picture; pictures in a row; drawings of either kind
TARGET = ROOT / "web" / "public" / "samples" / "neighbours.jpg"


def squares(photo):
    """The first, the middle and the last square along the longer side; of a square photograph a little less."""
    edge = min(*photo.shape[:2], round(0.75 * max(photo.shape[:2])))
    for place in (0, 0.5, 1):
        top, left = (round(place * (length - edge)) for length in photo.shape[:2])
        yield photo[top : top + edge, left : left + edge]


def main():
    pictures = [one for name in open_photos.names() for one in squares(open_photos.read(name))]
    drawn = labs.load("cats_vs_dogs", "sample", side=SIDE)
    for kind in (0, 1):
        pictures += list(drawn.x_test[drawn.y_test == kind][:DRAWN])
    small = [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for one in pictures]
    rows = [np.hstack(small[i : i + ACROSS]) for i in range(0, len(small), ACROSS)]
    with whole_file(TARGET) as partial:
        jpeg = cv2.imencode(".jpg", np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
        partial.write_bytes(jpeg.tobytes())
    print(f"{len(small)} pictures, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
