"""Pictures of syllables as a hand or a camera would make them: 64x64, white on black.

A glyph's distance field is warped (affine and elastic) with one `cv2.remap` and cut at a random
level, which gives the stroke its thickness; the rest are small touches on 64x64 bytes.
"""

import math
from dataclasses import dataclass

import numpy as np

from labs.errors import LabsError
from labs.hangul.fields import SIZE, UNIT, fields
from labs.hangul.fonts import draws_all

BANK = 256  # how many displacement fields are made once, to be combined and turned at random


@dataclass(frozen=True)
class Style:
    """How far the pictures vary: ranges in pixels and degrees, chances from 0 to 1."""

    rotation: float = 7.0  # degrees either way
    shear: float = 0.15
    scale: tuple = (0.68, 1.18)
    stretch: float = 0.13  # of width against height
    shift: float = 5.0  # pixels either way
    sway: float = 3.0  # pixels: slow elastic distortion, whole strokes move
    wobble: float = 0.9  # pixels: fast elastic distortion, a stroke trembles
    line: float = 0.6  # chance of a line of even thickness (a mouse, a pen) in place of the face's own
    thickness: tuple = (1.8, 6.5)  # pixels, of such a line
    growth: tuple = (-0.3, 1.2)  # pixels by which the outline moves otherwise
    breaks: float = 0.12  # chance that ink is missing in places
    rough: float = 0.5  # chance of an uneven edge
    blur: float = 0.3
    camera: float = 0.2  # chance of paper, shadow, noise and JPEG
    inverted: float = 0.1  # chance of black on white


CLEAN = Style(
    rotation=0, shear=0, scale=(1, 1), stretch=0, shift=0, sway=0, wobble=0, line=0, growth=(0, 0),
    breaks=0, rough=0, blur=0, camera=0, inverted=0,
)  # fmt: skip
HAND = Style()
CAREFUL = Style(  # what a test takes: the face's own stroke, moved and bent as by a careful hand
    rotation=4, shear=0.08, scale=(0.8, 1.1), stretch=0.06, shift=3, sway=1.5, wobble=0.5, line=0, growth=(0, 0.8),
    breaks=0, rough=0.3, blur=0.3, camera=0, inverted=0,
)  # fmt: skip


class Renderer:
    """Draws syllables in random faces; the same seed gives the same pictures.

    Example:
        renderer = Renderer(bundled_faces("train"), common(256))
        images, labels = renderer.batch(32)      # uint8 (32, 64, 64, 1), int64 (32,)
    """

    def __init__(self, faces, syllables, style=HAND, seed=0):
        """Prepare the glyphs: about a second for ten faces of 256 syllables."""
        if not faces:
            raise LabsError("No face to draw with: install a Korean font, or use bundled_faces().")
        self.faces, self.syllables, self.style = list(faces), tuple(syllables), style
        for face in self.faces:
            if not draws_all(face, self.syllables):
                raise LabsError(
                    f"{face.family} ({face.path}) lacks some of the syllables: leave this face out."
                )
        self.fields = np.stack([fields(face, self.syllables) for face in self.faces])
        self.random = np.random.default_rng(seed)
        self._sway = _bank(np.random.default_rng(1), sigma=9)
        self._wobble = _bank(np.random.default_rng(2), sigma=3)
        self._grain = np.random.default_rng(4).standard_normal((BANK, SIZE, SIZE)).astype(np.float32)
        self._rough = np.clip(16 + 6 * _bank(np.random.default_rng(3), sigma=1.5)[..., 0], 0, 32).astype(
            np.uint8
        )

    def seed(self, seed):
        """Start the series of random pictures anew: an integer, or a tuple of them."""
        self.random = np.random.default_rng(seed)

    def batch(self, count):
        """`count` random pictures and labels: uint8 (count, 64, 64, 1) and int64 (count,)."""
        labels = self.random.integers(len(self.syllables), size=count)
        faces = self.random.integers(len(self.faces), size=count)
        images = np.empty((count, SIZE, SIZE, 1), np.uint8)
        for image, label, face in zip(images, labels, faces, strict=True):
            image[..., 0] = self.picture(label, face)
        return images, labels

    def every(self):
        """One picture of each syllable in each face: images, labels, face numbers."""
        faces, labels = np.divmod(np.arange(len(self.faces) * len(self.syllables)), len(self.syllables))
        images = np.stack([self.picture(label, face) for label, face in zip(labels, faces, strict=True)])
        return images[..., None], labels, faces

    def picture(self, label, face):
        """One random picture, uint8 (64, 64), of a label's number in a face's number."""
        import cv2

        style, draw = self.style, self.random.random(24).tolist()
        line = draw[0] < style.line
        field = self.fields[face, label, int(line)]
        scale = _between(style.scale, draw[1])
        warped = cv2.remap(field, self._map(draw, scale), None, cv2.INTER_LINEAR, borderValue=0)
        if draw[10] < style.rough:
            warped = cv2.subtract(cv2.add(warped, self._rough[int(draw[11] * BANK)]), 16)
        if draw[12] < style.breaks:
            warped = cv2.subtract(warped, self._gaps(draw[13]))
        if line:
            level = 255 - UNIT * _between(style.thickness, draw[14]) / 2 / scale
        else:
            level = 128 - UNIT * _between(style.growth, draw[14]) / scale
        image = _cut(warped, level, scale)
        if draw[15] < style.blur:
            image = cv2.GaussianBlur(image, (5, 5), 0.4 + 0.9 * draw[16])
        if draw[17] < style.camera:
            image = _photograph(image, self.random, self._grain)
        return 255 - image if draw[18] < style.inverted else image

    def _map(self, draw, scale):
        """Where each pixel of the picture looks up the field: float32 (64, 64, 2)."""
        import cv2

        style = self.style
        angle = math.radians(style.rotation) * (2 * draw[2] - 1)
        shear, stretch = style.shear * (2 * draw[3] - 1), style.stretch * (2 * draw[4] - 1)
        cos, sin = math.cos(angle) / scale, math.sin(angle) / scale
        a, b = cos * (1 + stretch), (shear * cos - sin) * (1 + stretch)
        c, d = sin / (1 + stretch), (shear * sin + cos) / (1 + stretch)
        middle = (SIZE - 1) / 2
        x, y = middle + style.shift * (2 * draw[5] - 1), middle + style.shift * (2 * draw[6] - 1)
        matrix = np.array([[a, b, middle - a * x - b * y], [c, d, middle - c * x - d * y]])
        where = cv2.transform(_GRID, matrix)
        # The displacements, too, are in the picture's pixels; the field's are `scale` times larger.
        if style.sway:
            where = cv2.scaleAdd(self._sway[int(draw[7] * BANK)], style.sway * draw[8] / scale, where)
        if style.wobble:
            where = cv2.scaleAdd(self._wobble[int(draw[9] * BANK)], style.wobble * draw[19] / scale, where)
        return where

    def _gaps(self, chance):
        """Round gaps, one to three, where the pen left no ink: uint8 (64, 64) to subtract."""
        import cv2

        gaps = np.zeros((SIZE, SIZE), np.uint8)
        for x, y in self.random.integers(12, SIZE - 12, size=(1 + int(3 * chance), 2)).tolist():
            cv2.circle(gaps, (x, y), 1, 160, -1)
        return cv2.blur(gaps, (3, 3))


_GRID = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE)), axis=-1).astype(np.float32)


def _between(ends, chance):
    return ends[0] + (ends[1] - ends[0]) * chance


def _bank(random, sigma):
    """Smooth random displacements of unit spread: float32 (BANK, 64, 64, 2)."""
    import cv2

    noise = random.standard_normal((BANK, SIZE, SIZE, 2)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(field, (0, 0), sigma) for field in noise])
    return smooth / smooth.std(axis=(1, 2, 3), keepdims=True)


def _cut(field, level, scale):
    """White where the field is above the level, with a soft edge one pixel wide."""
    import cv2

    slope = 255 * scale / UNIT  # brightness a step of the field: one pixel from black to white
    return cv2.addWeighted(field, slope, field, 0, 127.5 - slope * level)  # clips to 0..255


def _photograph(image, random, grain):
    """Paper, uneven light, noise and JPEG: the ink stays bright, as after inverting a photo."""
    import cv2

    draw = random.random(7).tolist()
    ink, paper = _between((130, 255), draw[0]), _between((0, 70), draw[1])
    light = np.array([[_between((-0.4, 0.4), draw[2]), _between((-0.4, 0.4), draw[3]), paper]])
    photo = cv2.transform(_GRID, light)
    photo = cv2.scaleAdd(grain[int(draw[4] * BANK)], _between((1, 9), draw[5]), photo)
    photo = cv2.addWeighted(image, (ink - paper) / 255, photo, 1, 0, dtype=cv2.CV_8U)
    _, jpeg = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, int(_between((30, 95), draw[6]))])
    return cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)
