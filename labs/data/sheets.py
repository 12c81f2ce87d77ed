"""Sheets: photographs of handwritten pages, composed so that everything about them is known.

Real handwritten digits (MNIST) and Hangul syllables on paper that bends, lies on a table and is photographed at a slant.
The parts "train" and "test" have no writer, no face, no paper and no background in common.
"""

import dataclasses
from typing import NamedTuple

import cv2
import numpy as np

from labs.data import mnist, open_photos, paper
from labs.data.view import View
from labs.errors import LabsError

TITLE = "Sheets"
LABELS = (*mnist.LABELS, "한글")  # ten digits, and one class for every syllable
MOST = 60  # objects on a sheet
_COUNTS = {"full": (1200, 300), "sample": (160, 48)}  # pictures to train on and to test on
_BACKGROUNDS = {
    "train": ("brick", "grass", "clock", "coins", "hubble", "rocket", "retina", "cell"),
    "test": ("gravel", "coffee", "chelsea", "astronaut", "tissue"),
}
_PAGES = ((297, 210), (210, 297), (4, 3), (3, 4), (1, 1), (85, 54))  # A4, note pads, a card: width, height
INK = 100  # of 255: what counts as ink
_SYLLABLES = 600  # pictures of syllables kept at hand


class Sheet(NamedTuple):
    """What is on one sheet's photograph, in reading order: row by row, in a row from the left.

    boxes: float32 (objects, 4), x0, y0, x1, y1 around the ink, in pixels, the edges of the picture being 0 and its
    width or height. classes: int64 (objects,), numbers into `labels`. corners: float32 (4, 2), x, y of the
    page's corners: top left, top right, bottom right, bottom left of the writing.
    """

    boxes: np.ndarray
    classes: np.ndarray
    corners: np.ndarray


class Photo(NamedTuple):
    """A composed photograph with all that is known of it.

    picture: uint8 (height, width, 3). sheet: its Sheet. page_of: float32 (height, width, 2), the place on the page
    (u, v), 0..1, under every pixel; outside the page not a number. objects: uint8 (height, width), which object's ink a
    pixel shows, counted from 1 in the Sheet's order; 0 where there is none.
    """

    picture: np.ndarray
    sheet: Sheet
    page_of: np.ndarray
    objects: np.ndarray


def draw(size, train=None, test=None, height=240, width=320):
    """The arrays of a Dataset, the same at each call: pictures uint8 (n, height, width, 3) and their Sheets.

    train, test: how many pictures. The digits are MNIST's, those of its training part to train on; "sample" takes
    the bundled ones, whose two parts may share writers. Example: `labs.load("sheets", train=100).y_train[0].corners`.
    """
    arrays = []
    for part, wanted, usual in zip(("train", "test"), (train, test), _COUNTS[size], strict=True):
        photos = Composer(part, size, height, width).photos(range(usual if wanted is None else wanted))
        arrays += [np.stack([photo.picture for photo in photos]), [photo.sheet for photo in photos]]
    return arrays, f"{TITLE}, composed of {'MNIST' if size == 'full' else 'MNIST sample'} and bundled faces"


class Composer:
    """Composes photographs of sheets; the same number gives the same photograph.

    Example:
        composer = Composer("test", "sample")
        photo = composer.photo(7)
        photo.sheet.classes      # the digits in reading order
    """

    def __init__(self, part="train", size="full", height=240, width=320, digits=None):
        """part: "train" or "test". height, width of the pictures. digits: uint8 (n, 28, 28, 1) and labels in place of MNIST's."""
        if part not in _BACKGROUNDS:
            raise LabsError(f'There is no part {part!r} of the sheets: ask for "train" or "test".')
        if not 48 <= height <= 4096 or not 48 <= width <= 4096:
            raise LabsError(
                f"A sheet of {width} x {height} pixels cannot be composed: ask for 48 to 4,096 a side."
            )
        self.part, self.height, self.width = part, height, width
        x, y = digits or _digits(part, size)
        self.digits, self.classes = np.asarray(x)[..., 0], np.asarray(y)
        self.syllables = _syllables(part)
        self.stock = paper.Stock(part, [open_photos.read(name) for name in _BACKGROUNDS[part]])

    def photos(self, numbers):
        """The photographs of these numbers, in a list."""
        return [self.photo(number) for number in numbers]

    def photo(self, number, scan=False):
        """The photograph of a number, 0 or more; scan: the page put straight, filling the picture."""
        random = np.random.default_rng(({"train": 1, "test": 2}[self.part], number))
        page = _PAGES[random.integers(len(_PAGES))]
        view = View(random, page, self.height, self.width, scan)
        corners = view.forward([(0, 0), (1, 0), (1, 1), (0, 1)])
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).reshape(2, 2).mean(axis=0)[::-1]
        across, down = np.maximum(24, 1.2 * max(sides / page) * np.array(page)).astype(
            int
        )  # of the page as it is written on
        size = random.uniform(19, 40) * self.width / 320 * 1.2  # of the writing, in the page's pixels
        pitch = size * random.uniform(1.2, 1.7)
        ink, objects, hulls, classes = self._write(random, down, across, size, pitch)
        sheet = self.stock.paper(random, down, across, pitch)
        inked = ink * np.float32(random.uniform(0.75, 1) / 255)
        sheet = cv2.multiply(sheet, cv2.merge([1 - inked] * 3)) + cv2.transform(inked, _pen(random))
        # From the page to the photograph: look up, for each pixel, the place on the page.
        page_of = view.page_of(self.height, self.width)
        where = cv2.transform(page_of, np.float32([(across, 0, -0.5), (0, down, -0.5)]))
        solid = cv2.merge([cv2.convertScaleAbs(sheet), np.full((down, across), 255, np.uint8)])
        seen = cv2.remap(solid, where, None, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 0)
        picture = cv2.multiply(self._on_table(random, seen), paper.light(random, view.slope(page_of)))
        picture = paper.expose(picture, random, self.stock.grain(random, self.height, self.width))
        boxes = (
            _around(view.forward(np.concatenate(hulls) / (across, down)), hulls)
            if hulls
            else np.zeros((0, 4))
        )
        page_of[cv2.inRange(page_of, (0, 0), (1, 1)) == 0] = np.nan
        return Photo(
            picture,
            Sheet(boxes.astype(np.float32), np.array(classes, np.int64), corners.astype(np.float32)),
            page_of,
            cv2.remap(objects, where, None, cv2.INTER_NEAREST, None, cv2.BORDER_CONSTANT, 0),
        )

    def table(self, number):
        """A photograph of a table without a page: uint8 (height, width, 3)."""
        random = np.random.default_rng(({"train": 3, "test": 4}[self.part], number))
        seen = np.zeros((self.height, self.width, 4), np.uint8)
        lit = self._on_table(random, seen) * paper.light(random, seen[..., 0].astype(np.float32))
        return paper.expose(lit, random, self.stock.grain(random, self.height, self.width))

    def _on_table(self, random, seen):
        """The page (height, width, 3 colours and how solid it is) over a background, on which it casts a shadow."""
        table = self.stock.background(random, self.height, self.width)
        solid = seen[..., 3].astype(np.float32) / 255
        reach = 2 * int(random.uniform(1, 8) * self.width / 320) + 1
        shadow = cv2.blur(np.roll(solid, random.integers(-3, 4, 2), (0, 1)), (reach, reach))
        left = (1 - random.uniform(0, 0.7) * shadow) * (1 - solid)  # of the table's light
        # The page's colours were mixed with black at its edge, in the measure in which it is solid.
        return cv2.add(cv2.multiply(table, cv2.merge([left] * 3)), seen[..., :3], dtype=cv2.CV_32F)

    def _write(self, random, height, width, size, pitch):
        """Rows of words: ink uint8 (height, width), object numbers, hull of each object (points in pixels), classes."""
        ink, objects = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
        hulls, classes = [], []
        slant, thin = random.uniform(-0.2, 0.2), random.uniform(0, 70)
        margin = random.uniform(0.2, 0.7) * size
        rows = np.arange(margin, height - margin - size, pitch)
        rows = rows[: random.integers(1, len(rows) + 1)] if len(rows) and random.random() < 0.3 else rows
        for top in rows if random.random() > 0.02 else ():  # some pages are empty
            left = margin + (random.random() < 0.3) * random.uniform(0, 0.4) * width
            right = width - margin - (random.random() < 0.3) * random.uniform(0, 0.4) * width
            while len(classes) < MOST:
                syllables = random.random() < 0.25
                for _ in range(random.integers(1, 6)):
                    glyph, label = self._glyph(random, syllables)
                    patch = _shape(glyph, random, size * random.uniform(0.78, 1), slant, thin)
                    y = int(top + size - patch.shape[0] + random.uniform(-0.1, 0.1) * size)
                    x = int(left)
                    if (
                        x + patch.shape[1] > right
                        or y < 0
                        or y + patch.shape[0] > height
                        or len(classes) == MOST
                    ):
                        break
                    place = np.s_[y : y + patch.shape[0], x : x + patch.shape[1]]
                    hull = _hull(patch)
                    np.maximum(ink[place], patch, out=ink[place])
                    classes.append(label)
                    hulls.append(hull + np.array([x, y]))
                    objects[place][patch > INK] = len(classes)
                    left += patch.shape[1] + random.uniform(0.08, 0.4) * size
                else:
                    left += random.uniform(0.3, 1) * size
                    continue
                break
        return ink, objects, hulls, classes

    def _glyph(self, random, syllable):
        """A real digit (28, 28) or a syllable (64, 64), white on black, with its class."""
        if syllable:
            return self.syllables[random.integers(len(self.syllables))], len(LABELS) - 1
        number = random.integers(len(self.digits))
        return self.digits[number], int(self.classes[number])


def _digits(part, size):
    from labs.data import load

    digits = load("mnist", size)
    return (digits.x_train, digits.y_train) if part == "train" else (digits.x_test, digits.y_test)


def _syllables(part):
    """Syllables as the part's handwriting faces write them: uint8 (n, 64, 64), the same at each call."""
    from labs.hangul import HAND, Renderer, bundled_faces, common

    style = dataclasses.replace(HAND, camera=0, inverted=0, breaks=0, blur=0)
    renderer = Renderer(bundled_faces(part, "handwriting"), common(256)[::4], style, seed=11)
    return renderer.batch(_SYLLABLES)[0][..., 0]


def _pen(random):
    """The colour of a pen, (3, 1): pencil and black, blue, now and then red or green."""
    dark = random.uniform(5, 75)
    extra = {0: (0, 0, 0), 1: (0, 10, 95), 2: (110, 0, 10), 3: (0, 70, 10)}[
        random.choice(4, p=(0.5, 0.3, 0.12, 0.08))
    ]
    return (dark + np.float32(extra))[:, None]


def _shape(glyph, random, size, slant, thin):
    """The glyph's ink `size` pixels high, turned, slanted and as thick as the pen: uint8, cut to the ink."""
    x, y, width, height = cv2.boundingRect((glyph > 40).astype(np.uint8))
    scale = size / max(height, 0.7 * width)
    turn, stretch = random.normal(0, 0.09), random.uniform(0.88, 1.15)
    lean = slant + random.uniform(-0.08, 0.08)
    matrix = scale * np.array([[stretch, -lean - turn], [turn, 1]])
    side = int(2 * size) + 8
    shift = side / 2 - matrix @ (x + width / 2 - 0.5, y + height / 2 - 0.5)
    turned = cv2.warpAffine(glyph, np.column_stack([matrix, shift]), (side, side), flags=cv2.INTER_LINEAR)
    thinned = cv2.subtract(turned, thin)
    inked = cv2.convertScaleAbs(thinned, alpha=255 / max(1, thinned.max()))  # however faint, it is drawn
    x, y, width, height = cv2.boundingRect((inked > INK).astype(np.uint8))
    return inked[y : y + height, x : x + width]


def _hull(patch):
    """The convex hull of a glyph's ink as points at pixel edges: float (n, 2)."""
    hull = cv2.convexHull(cv2.findNonZero((patch > INK).astype(np.uint8)))[:, 0]
    return np.concatenate([hull + corner for corner in np.array([(0, 0), (1, 0), (1, 1), (0, 1)])])


def _around(points, hulls):
    """The smallest box around each hull's share of the points: (hulls, 4)."""
    starts = np.cumsum([0, *(len(hull) for hull in hulls[:-1])])
    return np.hstack([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)])
