"""What a sheet of paper looks like: papers, the tables they lie on, the light, and what a camera makes of it."""

import math

import cv2
import numpy as np


class Stock:
    """Papers and tables to photograph; parts "train" and "test" have no texture and no photograph in common."""

    def __init__(self, part, photographs):
        """photographs: uint8 (height, width, 3) pictures that backgrounds are cut from."""
        grain = np.random.default_rng({"train": 100, "test": 200}[part])
        self.photographs = photographs
        self.textures = [_texture(grain) for _ in range(12)]
        self.noise = cv2.merge([grain.standard_normal((768, 1024)).astype(np.float32)] * 3)

    def paper(self, random, height, width, pitch):
        """An empty page: float32 (height, width, 3), 0..255. pitch: pixels between its lines, where it has lines."""
        coloured = random.random() < 0.2
        tint = random.uniform(-45, 8, 3) if coloured else random.uniform(-12, 4, 3)
        paper = np.full((height, width, 3), random.uniform(205, 252) + tint, np.float32)
        kind = random.random()
        if kind < 0.6:
            _rule(
                paper, random, pitch if random.random() < 0.6 else random.uniform(8, 24), squares=kind < 0.2
            )
        return paper + cv2.merge([random.uniform(1, 9) * self._cut(random, height, width)] * 3)

    def background(self, random, height, width):
        """What the page lies on: float32 (height, width, 3)."""
        if random.random() < 0.5:
            base = self._photograph(random, height, width)
        else:
            base = np.full(
                (height, width, 3), random.uniform(15, 235) + random.uniform(-35, 35, 3), np.float32
            )
            grain = self._cut(random, height, width)
            if random.random() < 0.5:  # wood: the texture drawn out
                strip = cv2.resize(grain[: 8 + int(random.random() * 40)], (width, height))
                grain = cv2.resize(strip.T, (width, height)) if random.random() < 0.5 else strip
            base += cv2.merge([random.uniform(3, 22) * grain] * 3)
        for _ in range(int(random.integers(0, 6)) if random.random() < 0.5 else 0):  # books, pens, cables
            _clutter(base, random)
        return base

    def grain(self, random, height, width):
        """A camera's noise of unit spread, the same for the three colours: float32 (height, width, 3)."""
        high, wide = self.noise.shape[:2]
        if height > high or width > wide:
            return cv2.merge([random.standard_normal((height, width), np.float32)] * 3)
        y, x = random.integers(high - height + 1), random.integers(wide - width + 1)
        return self.noise[y : y + height, x : x + width]

    def _photograph(self, random, height, width):
        photo = self.photographs[random.integers(len(self.photographs))]
        share = random.uniform(0.35, 1)
        rows, columns = int(photo.shape[0] * share), int(photo.shape[1] * share)
        y, x = random.integers(photo.shape[0] - rows + 1), random.integers(photo.shape[1] - columns + 1)
        part = cv2.resize(
            photo[y : y + rows, x : x + columns], (width, height), interpolation=cv2.INTER_LINEAR
        )
        part = cv2.flip(part, int(random.integers(-1, 2)))
        colors = np.eye(3)[random.permutation(3)] * random.uniform(0.5, 1.1)  # their order, their brightness
        return cv2.transform(part.astype(np.float32), np.column_stack([colors, random.uniform(-20, 20, 3)]))

    def _cut(self, random, height, width):
        """A piece of a texture of about that fineness, unit spread: float32 (height, width)."""
        texture = self.textures[random.integers(len(self.textures))]
        rows, columns = min(height, len(texture)), min(width, len(texture))
        y, x = random.integers(len(texture) - rows + 1), random.integers(len(texture) - columns + 1)
        piece = texture[y : y + rows, x : x + columns]
        return piece if piece.shape == (height, width) else cv2.resize(piece, (width, height))


def _texture(random):
    """Noise of several finenesses: float32 (512, 512), unit spread."""
    total = np.zeros((512, 512), np.float32)
    for sigma in (0.6, 2, 7, 25):
        layer = cv2.GaussianBlur(random.standard_normal((512, 512)).astype(np.float32), (0, 0), sigma)
        total += random.random() * layer / layer.std()
    return total / total.std()


def _rule(paper, random, pitch, squares):
    """Draw a page's printed lines."""
    height, width = paper.shape[:2]
    color = (random.uniform(120, 215) + random.uniform(-40, 25, 3)).tolist()
    for y in np.arange(random.uniform(0, pitch), height, pitch):
        cv2.line(paper, (0, round(y)), (width, round(y)), color)
    if squares:
        for x in np.arange(random.uniform(0, pitch), width, pitch):
            cv2.line(paper, (round(x), 0), (round(x), height), color)
    elif random.random() < 0.3:  # a margin
        x = round(width * random.uniform(0.05, 0.14))
        cv2.line(paper, (x, 0), (x, height), (205, 110, 110))


def _clutter(base, random):
    """A bar, a block or a disc of one colour, somewhere."""
    height, width = base.shape[:2]
    color = random.uniform(10, 245, 3).tolist()
    middle = random.uniform((0, 0), (width, height)).tolist()
    if random.random() < 0.25:
        cv2.circle(
            base, [round(c) for c in middle], int(random.uniform(0.03, 0.15) * width), color, -1, cv2.LINE_AA
        )
    else:
        sides = random.uniform(0.02, 0.12) * width, random.uniform(0.2, 0.9) * width
        corners = cv2.boxPoints((middle, sides, random.uniform(0, 180)))
        cv2.fillConvexPoly(base, corners.round().astype(np.int32), color, cv2.LINE_AA)


def light(random, slope):
    """How bright each place is: a lamp to one side, perhaps a shadow, and the bend's shading. float32 (height, width, 3)."""
    height, width = slope.shape
    coarse = [height // 8 + 1, width // 8 + 1]
    y, x = np.mgrid[: coarse[0], : coarse[1]].astype(np.float32)
    x, y = x / (coarse[1] - 1) - 0.5, y / (coarse[0] - 1) - 0.5
    bright = random.uniform(0.55, 1.08) * (
        1 + random.uniform(-0.35, 0.35) * x + random.uniform(-0.35, 0.35) * y
    )
    if random.random() < 0.4:
        angle, where, soft = random.uniform(0, 2 * math.pi), random.uniform(-0.4, 0.4), random.uniform(4, 60)
        edge = 1 / (1 + np.exp(-soft * (math.cos(angle) * x + math.sin(angle) * y - where)))
        bright = bright * (1 - random.uniform(0.15, 0.55) * edge)
    return cv2.merge(
        [cv2.resize(bright.astype(np.float32), (width, height)) * (1 + random.uniform(-0.2, 0.2) * slope)] * 3
    )


def expose(picture, random, noise):
    """What a camera makes of it: colour of the light, blur of focus and hand, noise, JPEG. uint8 (height, width, 3)."""
    picture = cv2.transform(picture, np.diag(random.uniform(0.9, 1.06, 3)))
    picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.25, 1.0) * picture.shape[1] / 320)
    if random.random() < 0.2:
        kernel = np.zeros((5, 5), np.float32)
        cv2.line(kernel, (2, 2), tuple(random.integers(0, 5, 2).tolist()), 1.0)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    picture = cv2.addWeighted(picture, 1, noise, random.uniform(0, 6), 0, dtype=cv2.CV_8U)
    if random.random() < 0.4:
        _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(random.uniform(45, 95))])
        picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    return picture
