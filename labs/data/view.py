"""How a sheet of paper lies before a camera: bent, turned, tilted, and where in the picture each of its places is.

Places on the page are (u, v), 0..1 from its top left corner; places in the picture are (x, y) in pixels, the edges of
the picture being 0 and its width or height.
"""

import math

import cv2
import numpy as np

_KNOTS = 257  # of the table that undoes a bend
_REACH = (-0.25, 1.25)  # how far beyond the page the table goes


class View:
    """A bent page seen by a camera.

    The page is a cylinder: along one of its sides it rises and falls. Seen at a slant that moves each point across
    (by `rise`) and, where it is steep, shortens the way along (by `squeeze`); what is left is a flat page seen in
    perspective, a homography.
    """

    def __init__(self, random, page, height, width, scan=False):
        """random: a NumPy generator; page: (width, height) of the paper in any unit; height, width of the picture.

        scan: not a photograph from the side but the page put straight, as large as the picture, not quite exactly.
        """
        self.across = random.random() < 0.3  # bends along v in place of u
        bends = not scan and random.random() < 0.5
        self.squeeze = bends * random.uniform(-0.2, 0.2)
        self.rise = bends * random.uniform(-0.09, 0.09)
        self.waves = (
            random.uniform(0.5, 1.1),
            random.uniform(-0.3, 0.3),
        )  # half periods over the page, and where they begin
        self.flat = _straight(random, page, height, width) if scan else _camera(random, page)
        if not scan:
            self._fill(random, height, width)
        self._table = self._inverse()

    def forward(self, points):
        """Where points of the page (n, 2) are in the picture: float64 (n, 2)."""
        points = np.asarray(points, np.float64).reshape(-1, 2)
        along, aside = (points[:, 1], points[:, 0]) if self.across else (points[:, 0], points[:, 1])
        pair = self._squeezed(along), aside - self._height(along)
        flat = np.stack(pair[::-1] if self.across else pair, axis=1)
        return cv2.perspectiveTransform(flat[None], self.flat)[0]

    def page_of(self, height, width):
        """The page's place under the middle of every pixel: float32 (height, width, 2); outside 0..1 there is no page."""
        x, y = np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5
        places = cv2.merge([np.tile(x, (height, 1)), np.tile(y[:, None], (1, width))])
        flat = cv2.perspectiveTransform(places, np.linalg.inv(self.flat))
        if not self.rise and not self.squeeze:
            return flat
        along, aside = (flat[..., 1], flat[..., 0]) if self.across else (flat[..., 0], flat[..., 1])
        where = (along - _REACH[0]) * ((_KNOTS - 1) / (_REACH[1] - _REACH[0]))
        found = cv2.remap(
            self._table, where, np.zeros_like(where), cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE
        )
        pair = found[..., 0], aside + found[..., 1]
        return cv2.merge(pair[::-1] if self.across else pair)

    def slope(self, page_of):
        """How steep the paper is at each place, about -1..1: what its shading follows."""
        if not self.rise:
            return np.zeros(page_of.shape[:2], np.float32)
        along = page_of[..., 1 if self.across else 0]
        return np.cos(math.pi * (self.waves[0] * along + self.waves[1])) * (self.rise / 0.09)

    def _squeezed(self, along):
        return along + self.squeeze * np.sin(2 * math.pi * along) / (2 * math.pi)

    def _height(self, along):
        return self.rise * np.sin(math.pi * (self.waves[0] * along + self.waves[1]))

    def _inverse(self):
        """For even steps of the squeezed coordinate: the unsqueezed one, and the rise there; float32 (1, KNOTS, 2)."""
        fine = np.linspace(_REACH[0] - 0.1, _REACH[1] + 0.1, 8 * _KNOTS)
        along = np.interp(np.linspace(*_REACH, _KNOTS), self._squeezed(fine), fine)
        return np.stack([along, self._height(along)], axis=-1)[None].astype(np.float32)

    def _fill(self, random, height, width):
        """Move and enlarge the page so that all of it is in the picture."""
        edge = np.linspace(0, 1, 9)
        border = np.concatenate(
            [np.stack(pair, 1) for side in (0 * edge, 0 * edge + 1) for pair in ((edge, side), (side, edge))]
        )
        seen = self.forward(border)
        low, high = seen.min(axis=0), seen.max(axis=0)
        margin = 0.012 * width
        room = np.array([width, height]) - 2 * margin
        scale = random.uniform(0.62, 1.0) * (room / (high - low)).min()
        rest = room - scale * (high - low)
        x, y = margin + rest * random.random(2) - scale * low
        self.flat = np.array([[scale, 0, x], [0, scale, y], [0, 0, 1]]) @ self.flat


def _camera(random, page):
    """The homography of a flat page, u and v 0..1, turned and tilted before a camera, in units that _fill sets right."""
    across, down = np.array(page) / max(page)
    turn = math.radians(random.normal(0, 9))
    tilts = [math.radians(random.uniform(-38, 38) * random.random() ** 0.5) for _ in range(2)]
    rotation = _rotation(tilts[0], 0) @ _rotation(tilts[1], 1) @ _rotation(turn, 2)
    away = np.array([0, 0, random.uniform(1.5, 3)])
    corner = rotation @ np.array([-across / 2, -down / 2, 0]) + away
    return np.stack([rotation[:, 0] * across, rotation[:, 1] * down, corner], axis=1)


def _straight(random, page, height, width):
    """The homography of a page that fills the picture as far as its form lets it, each corner a little off."""
    room = np.array([width, height])
    size = np.array(page) * (room / page).min()
    corners = (room - size) / 2 + size * np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    corners += random.normal(0, 0.012, (4, 2)) * room
    return cv2.getPerspectiveTransform(
        np.float32([(0, 0), (1, 0), (1, 1), (0, 1)]), corners.astype(np.float32)
    )


def _rotation(angle, axis):
    vector = np.zeros(3)
    vector[axis] = angle
    return cv2.Rodrigues(vector)[0]
