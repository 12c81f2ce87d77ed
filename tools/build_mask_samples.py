"""Draws data/street_standin.zip and data/pets_masks_standin.zip: pictures whose every pixel has a class, ours to give.

    pip install cairosvg
    python tools/build_mask_samples.py

CamVid's photographs may not be passed on, Oxford's pets are a download: tests and the quick profile take these in their
place. Streets are composed of textures from open photographs, rectangles and emoji, pets are the emoji of
build_cats_vs_dogs_standin.py. The test pictures' emoji are by a maker of whom the training pictures have none.
"""

import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from build_cats_vs_dogs_standin import CLASSES as PETS  # noqa: E402
from emoji import TEST, TRAIN, Emoji, background  # noqa: E402

from labs.data.camvid import LABELS, VOID  # noqa: E402
from labs.data.open_photos import read as photograph  # noqa: E402
from labs.files import sha256, whole_file  # noqa: E402

HEIGHT, WIDTH, SEED = 240, 320, 11
SKY, BUILDING, POLE, ROAD, PAVEMENT, TREE, SIGN, FENCE, CAR, PEDESTRIAN, BICYCLIST = range(11)
HOUSES = (
    "house",
    "house-with-garden",
    "houses",
    "office-building",
    "department-store",
    "hotel",
    "hospital",
    "school",
)
DRAWINGS = {
    TREE: ("deciduous-tree", "evergreen-tree"),
    SIGN: ("stop-sign", "no-entry", "vertical-traffic-light"),
    CAR: ("automobile", "oncoming-automobile", "bus", "taxi", "sport-utility-vehicle"),
    PEDESTRIAN: ("person-walking", "man-walking", "woman-walking", "person-running"),
    BICYCLIST: ("person-biking", "man-biking", "woman-biking"),
    VOID: ("wastebasket", "dog"),
    SKY: ("cloud", "sun"),
    BUILDING: HOUSES,
}
COUNTS = {"train": 60, "val": 10, "test": 16}


class Street:
    """One picture in the making: `pixels` (RGB, float32 0..1), `classes` and, for what can be counted, `objects`."""

    def __init__(self, drawings, random):
        self.drawings, self.random = drawings, random
        self.pixels = np.zeros((HEIGHT, WIDTH, 3), "float32")
        self.classes = np.full((HEIGHT, WIDTH), SKY, "uint8")
        self.objects = np.zeros((HEIGHT, WIDTH), "uint8")
        self.horizon = int(random.uniform(0.42, 0.56) * HEIGHT)
        self.draw()

    def draw(self):
        random, light = self.random, self.random.uniform(0.65, 1.1)
        top, low = random.uniform((0.25, 0.45, 0.7), (0.7, 0.8, 1.0)), random.uniform((0.7, 0.75, 0.8), 1.0)
        self.pixels[:] = top + (low - top) * np.linspace(0, 1.6, HEIGHT)[:, None, None].clip(0, 1)
        for _ in range(random.integers(3)):
            self.stand(
                SKY, random.uniform(0, WIDTH), random.uniform(20, self.horizon * 0.6), random.uniform(20, 60)
            )
        self.houses()
        for _ in range(random.integers(1, 5)):
            self.stand(TREE, self.aside(), self.horizon + random.uniform(-4, 14), random.uniform(50, 130))
        self.ground()
        for _ in range(random.integers(1, 4)):
            self.post(self.aside(), self.horizon + random.uniform(6, 60))
        things = [(CAR, 0.62)] * random.integers(1, 5) + [(PEDESTRIAN, 0.6)] * random.integers(1, 5)
        things += [(BICYCLIST, 0.6)] * random.integers(3) + [(VOID, 0.25)] * random.integers(2)
        places = sorted(random.uniform(0.06, 0.8, len(things)))  # 0: at the horizon; far ones first
        for depth, (number, size) in zip(
            places, random.permutation(np.array(things, dtype=object)), strict=True
        ):
            bottom = self.horizon + depth * (HEIGHT - self.horizon)
            x = (
                self.aside()
                if number in (PEDESTRIAN, VOID)
                else WIDTH / 2 + random.uniform(-0.55, 0.55) * self.road_at(bottom)
            )
            self.stand(number, x, bottom, size * (22 + (bottom - self.horizon) * 1.25), number != VOID)
        noise = random.normal(0, 0.012, self.pixels.shape)
        self.pixels = cv2.GaussianBlur(self.pixels, (0, 0), 0.6) * light + noise.astype("float32")

    def road_at(self, y):
        """Half the road's width at the height y."""
        return 14 + (y - self.horizon) * self.slope

    def aside(self):
        """A column beside the road."""
        return self.random.choice([self.random.uniform(0, 0.3), self.random.uniform(0.7, 1)]) * WIDTH

    def houses(self):
        x = -10
        while x < WIDTH:
            wide, high = self.random.uniform(30, 90), self.random.uniform(25, self.horizon * 0.9)
            if abs(x + wide / 2 - WIDTH / 2) > self.random.uniform(0, 70):
                self.house(int(x), int(wide), int(high))
            x += wide
        for _ in range(self.random.integers(3)):
            self.stand(BUILDING, self.random.uniform(0, WIDTH), self.horizon + 3, self.random.uniform(40, 90))

    def house(self, x, wide, high):
        area = np.zeros((HEIGHT, WIDTH), bool)
        area[self.horizon - high : self.horizon + 6, max(x, 0) : max(x + wide, 0)] = True
        colour = self.random.uniform((0.35, 0.25, 0.2), (0.95, 0.85, 0.8))
        self.fill(area, BUILDING, texture("brick", self.random, 0.35), colour)
        step, glass = self.random.integers(11, 18), self.random.uniform(0.1, 0.75, 3)
        for left in range(x + 5, x + wide - 8, step):
            for top in range(self.horizon - high + 6, self.horizon - 8, step + 3):
                self.pixels[top : top + step // 2 + 2, max(left, 0) : max(left + step // 2, 0)] = glass

    def ground(self):
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        self.slope = self.random.uniform(0.75, 1.25)
        middle = np.abs(columns - WIDTH / 2)
        ground, road = rows >= self.horizon, middle < self.road_at(rows)
        grass = self.random.random() < 0.4
        look = texture("grass", self.random, 0.8) if grass else texture("gravel", self.random, 0.5)
        colour = (0.5, 0.65, 0.3) if grass else self.random.uniform(0.65, 0.95, 3)
        self.fill(ground, PAVEMENT, texture("gravel", self.random, 0.5), self.random.uniform(0.65, 0.95, 3))
        if grass:  # CamVid counts what grows as tree
            self.fill(ground & (middle > self.road_at(rows) * 1.7 + 8), TREE, look, colour)
        if self.random.random() < 0.6:
            self.fence(rows, columns, middle)
        self.fill(
            ground & road,
            ROAD,
            texture("gravel", self.random, 0.35),
            self.random.uniform(0.28, 0.5) * np.ones(3),
        )
        dashes = (
            ground
            & (middle < (rows - self.horizon) * 0.02 + 0.5)
            & (abs(rows - self.horizon) ** 0.5 % 2.4 < 1.2)
        )
        self.pixels[dashes] = 0.9

    def fence(self, rows, columns, middle):
        high, left = self.random.integers(12, 26), self.random.random() < 0.5
        side = columns < WIDTH / 2 if left else columns > WIDTH / 2
        at = self.horizon + 8
        area = side & (middle > self.road_at(at) * 1.2 + 14) & (rows >= at - high) & (rows < at)
        bars = area & ((columns % 5 < 2) | (abs(rows - at + high) < 2) | (abs(rows - at + 4) < 2))
        self.classes[area] = FENCE
        self.pixels[bars] = self.random.uniform(0.1, 0.8, 3)

    def post(self, x, bottom):
        size = 40 + (bottom - self.horizon) * 0.9
        wide = max(int(size / 22), 2)
        left, top = int(np.clip(x, 0, WIDTH - wide)), max(int(bottom - size * self.random.uniform(1, 1.6)), 0)
        area = np.zeros((HEIGHT, WIDTH), bool)
        area[top : int(bottom), left : left + wide] = True
        self.fill(area, POLE, None, self.random.uniform(0.2, 0.7) * np.ones(3))
        if self.random.random() < 0.75:
            self.stand(SIGN, left + wide / 2, top + size * 0.32, size * 0.34, True)

    def fill(self, area, number, look, colour):
        self.pixels[area] = np.asarray(colour) * (1 if look is None else look[area][:, None])
        self.classes[area], self.objects[area] = number, 0

    def stand(self, number, x, bottom, size, counts=False):
        """Put a drawing of a class with its lower middle at (x, bottom)."""
        drawing = self.drawings[number][self.random.integers(len(self.drawings[number]))]
        if self.random.random() < 0.5:
            drawing = drawing[:, ::-1]
        rows = np.flatnonzero(drawing[..., 3].max(1) > 127)
        drawing = drawing[rows[0] : rows[-1] + 1].astype("float32") / 255
        scale = size / drawing.shape[0]
        pose = np.float32(
            [[scale, 0, x - size * drawing.shape[1] / drawing.shape[0] / 2], [0, scale, bottom - size]]
        )
        drawing[..., :3] = (
            np.clip(drawing[..., :3] * self.random.uniform(0.6, 1.1, 3), 0, 1) * drawing[..., 3:]
        )
        if scale < 1:
            drawing = cv2.GaussianBlur(drawing, (0, 0), 0.4 / scale)
        placed = cv2.warpAffine(drawing, pose, (WIDTH, HEIGHT))
        self.pixels = placed[..., :3] + self.pixels * (1 - placed[..., 3:])
        seen = placed[..., 3] > 0.5
        self.classes[seen] = number
        self.objects[seen] = self.objects.max() + 1 if counts and seen.any() else 0


def texture(name, random, strength):
    """A part of an open photograph as light and dark (height, width), about 1."""
    photo = photograph(name).mean(2)
    photo = cv2.resize(
        photo, None, fx=random.uniform(0.6, 1), fy=random.uniform(0.6, 1), interpolation=cv2.INTER_AREA
    )
    rows, columns = -(-HEIGHT // photo.shape[0]), -(-WIDTH // photo.shape[1])
    photo = np.tile(photo, (rows, columns))[:HEIGHT, :WIDTH]
    return 1 + strength * (photo / photo.mean() - 1)


def pet(drawing, random, side=128):
    """An animal on a soft background, and its trimap: 0 pet, 1 background, 2 the border between them."""
    size = drawing.shape[0]
    pose = cv2.getRotationMatrix2D(
        (size / 2, size / 2), random.uniform(-20, 20), side / size * random.uniform(0.55, 0.95)
    )
    pose[:, 2] += side / 2 - size / 2 + random.uniform(-0.1, 0.1, 2) * side
    pixels = drawing.astype("float32") / 255
    pixels[..., :3] *= pixels[..., 3:] * random.uniform(0.6, 1.1, 3)
    placed = cv2.warpAffine(cv2.GaussianBlur(pixels, (0, 0), 0.8), pose.astype("float32"), (side, side))
    picture = placed[..., :3] + background(random, side, side) * (1 - placed[..., 3:])
    inside = (placed[..., 3] > 0.5).astype("uint8")
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    trimap = np.where(inside, 0, 1).astype("uint8")
    trimap[cv2.dilate(inside, kernel) != cv2.erode(inside, kernel)] = 2
    return picture, trimap


def main():
    random = np.random.default_rng(SEED)
    makers = {"train": [Emoji(package) for package in TRAIN], "test": [Emoji(TEST)]}
    makers["val"] = makers["train"]
    with _archive("street_standin.zip") as archive:
        for part, count in COUNTS.items():
            drawings = {
                number: [
                    maker.draw(name, 160) for maker in makers[part] for name in names if name in maker.names
                ]
                for number, names in DRAWINGS.items()
            }
            for number in range(count):
                street = Street(drawings, random)
                archive.add(f"{part}/{number:03}", street.pixels, street.classes, street.objects)
    with _archive("pets_masks_standin.zip") as archive:
        for part, count in (("train", 96), ("test", 32)):
            drawings = [
                m.draw(n, 160) for m in makers[part] for names in PETS.values() for n in names if n in m.names
            ]
            for number in range(count):
                archive.add(f"{part}/{number:03}", *pet(drawings[random.integers(len(drawings))], random))


class _archive:
    """A .zip in data/ with a fixed date, so that the same drawings give the same file."""

    def __init__(self, name):
        self.path = ROOT / "data" / name

    def __enter__(self):
        self.whole = whole_file(self.path)
        self.zip = zipfile.ZipFile(self.whole.__enter__(), "w")
        return self

    def add(self, name, pixels, classes, objects=None):
        picture = np.clip(np.rint(pixels * 255), 0, 255).astype("uint8")[..., ::-1]
        files = {
            f"{name}.jpg": (picture, [cv2.IMWRITE_JPEG_QUALITY, 85]),
            f"{name}.png": (classes, [cv2.IMWRITE_PNG_COMPRESSION, 9]),
        }
        if objects is not None:
            files[f"{name}.objects.png"] = (objects, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        for file, (array, options) in files.items():
            content = cv2.imencode(Path(file).suffix, array, options)[1].tobytes()
            self.zip.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), content)

    def __exit__(self, *error):
        self.zip.close()
        self.whole.__exit__(*error)
        if not error[0]:
            print(f"{self.path.name}: {self.path.stat().st_size:,} bytes, sha256 {sha256(self.path)}")


if __name__ == "__main__":
    assert len(LABELS) == 11
    main()
