"""Rooms of balls, boxes and poles, seen by a pinhole camera: each pixel's ray is met with each thing, the nearest is seen.

The camera stands at (eye, 0, 0) and looks along z; x is to the right, y is down, the unit is a metre.
"""

import cv2
import numpy as np

FOCAL = 1.2  # focal length in widths of the picture
BASELINE = 0.16  # metres between the two eyes
LARGEST = 60  # pixels of disparity in a picture 320 wide


class Room:
    """A wall, a floor and some solids, each with a texture; all drawn from `random`."""

    def __init__(self, random, photos, slope):
        """random: a NumPy generator; photos: uint8 (height, width, 3), textures; slope: height over width of the pictures."""
        self.photos = photos
        self.light = random.normal(size=3) * (0.6, 0.6, 0.3) + (0, -0.5, -1)
        self.light /= np.linalg.norm(self.light)
        wall = _Plane((0, 0, random.uniform(3.5, 9)), (random.uniform(-0.5, 0.5), random.normal(0, 0.1), -1))
        floor = _Plane((0, random.uniform(0.35, 0.9), 0), (0, -1, random.normal(0, 0.05)))
        self.things = [wall, floor]
        for _ in range(random.integers(5, 12)):
            depth = FOCAL * BASELINE * 320 / random.uniform(12, LARGEST - 12)  # even in disparity
            across, down = random.uniform((-0.5, -0.45 * slope), (0.5, 0.45 * slope)) * depth / FOCAL
            self.things.append(_solid(random, (across + BASELINE / 2, down, depth)))
        self.textures = [self._texture(random) for _ in self.things]

    def _texture(self, random):
        """A pyramid of pictures (uint8), how many of the largest one's pixels are a metre, its corner, does it shine."""
        photo = self.photos[random.integers(len(self.photos))]
        contrast = random.choice((0.15, 0.4, 0.8, 1, 1)) * random.uniform(0.5, 1.2, 3) ** (
            random.random() < 0.5
        )
        photo = np.clip(photo * contrast + random.uniform(0, 90), 0, 255).astype(np.uint8)
        levels = [np.ascontiguousarray(photo[:: random.choice((-1, 1)), :: random.choice((-1, 1))])]
        while min(levels[-1].shape[:2]) > 32:
            levels.append(cv2.pyrDown(levels[-1]))
        return levels, random.uniform(120, 500), random.uniform(0, 400, 2), random.random() < 0.2

    def _seen(self, eye, height, width, fine=1):
        """Depth along z (float32) and number of the thing at each pixel; x (width,) and y (height, 1) of the pixels' rays."""
        x = (((np.arange(fine * width) + 0.5) / fine - width / 2) / (FOCAL * width)).astype(np.float32)
        y = (((np.arange(fine * height) + 0.5) / fine - height / 2) / (FOCAL * width)).astype(np.float32)[
            :, None
        ]
        nearest, thing = np.full((len(y), len(x)), 50, np.float32), np.zeros((len(y), len(x)), np.uint8)
        for number, solid in enumerate(self.things):
            rows, columns = solid.window(eye, x, y[:, 0])
            depth = solid.depth(np.float32([eye, 0, 0]), x[columns], y[rows])
            won = (depth > 0.3) & (depth < nearest[rows, columns])
            nearest[rows, columns][won] = depth[won]
            thing[rows, columns][won] = number
        return nearest, thing, x, y

    def depth(self, eye, height, width):
        """How far away along z what each pixel's middle shows is, in metres: float32."""
        return self._seen(eye, height, width)[0]

    def colours(self, eye, height, width):
        """What the camera at x = eye sees: float32 (height, width, 3), 0..255."""
        depth, thing, x, y = self._seen(eye, height, width, fine=2)
        points = cv2.merge([eye + x * depth, y * depth, depth])
        seen = np.zeros_like(points)
        for number, (levels, density, corner, shiny) in enumerate(self.textures):
            left, top, wide, high = cv2.boundingRect((thing == number).astype(np.uint8))
            if not wide:
                continue
            box = np.s_[top : top + high, left : left + wide]
            mine = thing[box] == number
            place, normal = self.things[number].surface(points[box])
            step = (
                density * np.median(depth[box][mine]) / (2 * FOCAL * width)
            )  # texture pixels a picture's pixel
            level = int(np.clip(np.rint(np.log2(step)), 0, len(levels) - 1))
            where = ((place * density + corner) / 2**level).astype(np.float32)
            found = cv2.remap(levels[level], where, None, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT)
            lit = np.maximum(normal @ self.light.astype(np.float32), 0)[..., None]
            seen[box][mine] = (found * (0.45 + 0.65 * lit) + 90 * shiny * lit**24)[mine]
        return cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA)


class _Plane:
    """Everything through a point, at right angles to a normal."""

    def __init__(self, point, normal):
        self.point, self.normal = np.float32(point), np.float32(normal) / np.float32(np.linalg.norm(normal))
        along = np.cross(self.normal, (0, 1, 0.1))
        self.basis = np.float32([along, np.cross(along, self.normal)]).T

    def window(self, eye, x, y):
        """Rows and columns in which it may be seen: here all."""
        return slice(None), slice(None)

    def depth(self, eye, x, y):
        """How far along z the rays (x, y, 1) from `eye` meet it; not positive where they do not."""
        slope = x * self.normal[0] + y * self.normal[1] + self.normal[2]
        return ((self.point - eye) @ self.normal) / np.where(np.abs(slope) < 1e-6, np.float32(1e-6), slope)

    def surface(self, points):
        """Of points on it (..., 3): the place in its texture in metres (..., 2) and the normal (..., 3)."""
        return (points - self.point) @ self.basis, np.broadcast_to(self.normal, points.shape)


class _Solid:
    """What a ball and a box have in common: a centre, and how far they reach."""

    def window(self, eye, x, y):
        middle, reach = self.centre - np.float32([eye, 0, 0]), self.reach
        depths = max(middle[2] - reach, 0.1), middle[2] + reach
        ranges = []
        for across, rays in ((middle[1], y), (middle[0], x)):
            ends = [edge / depth for edge in (across - reach, across + reach) for depth in depths]
            ranges.append(slice(*np.searchsorted(rays, (min(ends), max(ends)))))
        return tuple(ranges)


class _Ball(_Solid):
    def __init__(self, centre, radius):
        self.centre, self.reach = np.float32(centre), np.float32(radius)

    def depth(self, eye, x, y):
        away, square = eye - self.centre, x**2 + y**2 + 1
        slope = x * away[0] + y * away[1] + away[2]
        inside = slope**2 - square * (away @ away - self.reach**2)
        return np.where(inside > 0, (-slope - np.sqrt(np.maximum(inside, 0))) / square, -1)

    def surface(self, points):
        normal = (points - self.centre) / self.reach
        return self.reach * cv2.merge([np.arctan2(normal[..., 0], -normal[..., 2]), normal[..., 1]]), normal


class _Box(_Solid):
    def __init__(self, centre, half, turn):
        self.centre, self.half, self.reach = np.float32(centre), np.float32(half), np.linalg.norm(half)
        self.rotation = cv2.Rodrigues(np.float64(turn))[0].astype(np.float32)

    def depth(self, eye, x, y):
        enter, leave = np.float32(-np.inf), np.float32(np.inf)
        for start, half, (a, b, c) in zip(
            (eye - self.centre) @ self.rotation, self.half, self.rotation.T, strict=True
        ):
            way = x * a + y * b + c
            way = np.where(np.abs(way) < 1e-6, np.float32(1e-6), way)
            ends = (-half - start) / way, (half - start) / way
            enter, leave = np.maximum(enter, np.minimum(*ends)), np.minimum(leave, np.maximum(*ends))
        return np.where(enter < leave, enter, -1)

    def surface(self, points):
        local = (points - self.centre) @ self.rotation
        side = np.argmax(np.abs(local) / self.half, axis=-1)  # which of the three pairs of faces
        place = np.where((side == 0)[..., None], local[..., 1:], local[..., :2])
        place = np.where((side == 1)[..., None], local[..., ::2], place) + side[..., None]
        face = (
            np.sign(np.take_along_axis(local, side[..., None], axis=-1)) * np.eye(3, dtype=np.float32)[side]
        )
        return place, face @ self.rotation.T


def _solid(random, centre):
    """A ball, a box turned any way, or a thin pole."""
    kind, depth = random.choice(("ball", "box", "pole"), p=(0.25, 0.5, 0.25)), centre[2]
    size = depth * random.uniform(0.05, 0.2)
    if kind == "ball":
        return _Ball(centre, size)
    if kind == "box":
        return _Box(centre, size * random.uniform(0.3, 1.2, 3), random.normal(size=3))
    return _Box(
        centre, depth * random.uniform(0.7, 2.5) * np.array((0.008, 0.25, 0.008)), random.normal(0, 0.3, 3)
    )
