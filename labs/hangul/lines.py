"""Pictures of words as a camera or a scanner cuts them out: 40 x 256, of any words, in any face.

A face's glyphs are drawn once; a line is put together from them, then turned, bent, thickened, shaded and
blurred with a handful of OpenCV calls, about half a millisecond in all. Where each letter stands is known.
"""

from dataclasses import dataclass

import numpy as np

from labs.errors import LabsError
from labs.hangul.glyphs import BASE, INK, TALL, Glyphs, moved_apart

HEIGHT, WIDTH, STEP = 40, 256, 4  # pixels: of a line's picture, and of the reader's step along it
LONGEST = 24  # letters a picture


@dataclass(frozen=True)
class Style:
    """How far the pictures vary: pixels of the finished picture, degrees, chances from 0 to 1."""

    rotation: float = 2.5  # degrees either way
    slant: float = 0.2  # sideways for each pixel upwards
    stretch: tuple = (0.75, 1.25)  # of width against height
    loose: float = 0.3  # chance of wide margins
    sway: float = 1.2  # pixels: slow elastic distortion
    spacing: tuple = (-0.03, 0.09)  # of a syllable's height, between letters
    restless: float = 0.35  # chance that letters differ in height, size and distance
    apart: float = 0.2  # chance that the parts of syllables stand apart, as many hands write 이
    thickness: float = 0.5  # chance of a thinner or thicker stroke
    blur: tuple = (0.0, 1.2)  # pixels, standard deviation
    coarse: float = 0.25  # chance of having been a smaller picture
    shade: float = 1.0  # of contrast, uneven light and noise: 1 as much as a bad photograph
    jpeg: float = 0.15
    clutter: float = 0.08  # chance of a ruled line or of a neighbour's edge
    inverted: float = 0.15  # chance of light on dark


WILD = Style()
MILD = Style(  # what a test takes: lightly turned, blurred and shaded
    rotation=1.5, slant=0.05, stretch=(0.95, 1.05), sway=0.4, spacing=(0, 0), restless=0, apart=0, thickness=0, blur=(0, 0.7), coarse=0,
    shade=0.4, jpeg=0, clutter=0, inverted=0,
)  # fmt: skip


class Lines:
    """Draws lines of text in random faces; the same seed gives the same pictures.

    faces: labs.hangul.Face or Glyphs. texts: a function that is given a numpy Generator and returns a text.

    Example:
        lines = Lines(labs.hangul.bundled_faces("train"), alphabet, texts)
        images, truths, places = lines.batch(32)     # uint8 (32, 40, 256, 1), 32 texts, 32 lists of (left, right)
    """

    def __init__(self, faces, letters, texts, style=WILD, seed=0):
        self.glyphs = [face if isinstance(face, Glyphs) else Glyphs(face, letters) for face in faces]
        self.latin = [glyphs for glyphs in self.glyphs if "가" not in glyphs.pictures]
        self.korean = [glyphs for glyphs in self.glyphs if "가" in glyphs.pictures]
        self.texts, self.style, self.random = texts, style, np.random.default_rng(seed)
        self._sway, self._grain = _banks()

    def seed(self, seed):
        """Start the series of random pictures anew."""
        self.random = np.random.default_rng(seed)

    def batch(self, count):
        """`count` random pictures, their texts, and (left, right) in pixels of each letter."""
        images, texts, places = np.empty((count, HEIGHT, WIDTH, 1), np.uint8), [], []
        for image in images:
            image[..., 0], text, spans = self.line(self.texts(self.random))
            texts.append(text)
            places.append(spans)
        return images, texts, places

    def line(self, text, glyphs=None):
        """One picture of a text, as much of it as fits: uint8 (40, 256), the text, (left, right) of each letter."""
        glyphs = glyphs or self._face(text)
        text = "".join(letter for letter in text if letter in glyphs.pictures)[:LONGEST]
        if not text.strip():
            raise LabsError(
                f"{glyphs.face.family} ({glyphs.face.path.name}) draws nothing of this text: choose another face."
            )
        canvas, spans, (top, bottom) = self._compose(text, glyphs)
        matrix, width, kept = self._place(spans, top, bottom)
        spans = [
            (matrix[0, 0] * (a - spans[0][0]), matrix[0, 0] * (b - spans[0][0])) for a, b in spans[:kept]
        ]
        start = matrix[0, 3]
        image = self._warp(canvas, matrix[:, :3], width)
        return self._photograph(image, width), text[:kept], [(start + a, start + b) for a, b in spans]

    def _face(self, text):
        """One of the faces that draw the text, or most of it; Latin ones half the time where they can."""
        korean = any("가" <= letter <= "힣" for letter in text)
        choice = self.korean if korean or not self.latin or self.random.random() < 0.5 else self.latin
        for _ in range(20):
            glyphs = choice[self.random.integers(len(choice))]
            if glyphs.draws(text):
                return glyphs
        return max(choice, key=lambda glyphs: sum(letter in glyphs.pictures for letter in text))

    def _compose(self, text, glyphs):
        """The letters side by side: uint8 (TALL, ...), their spans, and the rows that hold ink."""
        import cv2

        random, style = self.random, self.style
        restless = random.random() < style.restless
        draw = random.random((len(text), 3)) * 2 - 1 if restless else np.zeros((len(text), 3))
        spacing = INK * (style.spacing[0] + (style.spacing[1] - style.spacing[0]) * random.random() ** 2)
        apart = round(random.uniform(0.05, 0.3) * INK) if style.apart and random.random() < style.apart else 0
        canvas = np.zeros((TALL, 2 * INK + len(text) * 2 * INK), np.uint8)
        x, spans, rows = float(INK), [], []
        for letter, (high, size, gap) in zip(text, draw.tolist(), strict=True):
            ink, left, top, advance = glyphs.pictures[letter]
            if apart and "가" <= letter <= "힣":
                ink, advance = moved_apart(ink, apart), advance + apart
            if restless and ink.size and abs(size) > 0.3:
                scale = 1 + 0.12 * size
                ink = cv2.resize(ink, None, fx=scale, fy=scale)
            top = min(max(BASE + top + round(3.0 * high), 0), TALL - len(ink))
            left = max(0, round(x) + left)
            if ink.size:
                ink = ink[:, : canvas.shape[1] - left]
                patch = canvas[top : top + len(ink), left : left + ink.shape[1]]
                np.maximum(patch, ink, out=patch)
                rows += [top, top + len(ink)]
            spans.append((x, x + advance))
            x += max(3, advance + spacing + 2.0 * gap)
        canvas = canvas[:, : int(x) + INK]
        if random.random() < style.thickness:
            thick = random.random() < 0.6
            other = (cv2.dilate if thick else cv2.erode)(canvas, _DISK)
            share = random.random() * (1.0 if thick else 0.6)
            canvas = cv2.addWeighted(other, share, canvas, 1 - share, 0)
        return canvas, spans, (min(rows, default=BASE - INK), max(rows, default=BASE))

    def _place(self, spans, top, bottom):
        """Where the canvas comes to lie: a matrix (2, 4) that has the left margin last, the crop's width, letters kept."""
        random, style = self.random, self.style
        loose = random.random() < style.loose
        margins = (0.03 + 0.27 * random.random(2) if loose else 0.14 * random.random(2) - 0.01) * HEIGHT
        scale = min((HEIGHT - margins.sum()) / max(8, bottom - top), 1.75)
        over = scale * style.stretch[0] + scale * (style.stretch[1] - style.stretch[0]) * random.random()
        left = HEIGHT * (0.05 + 0.6 * random.random() if loose else 0.12 * random.random())
        right = HEIGHT * (0.05 + 0.6 * random.random() if loose else 0.12 * random.random())
        start = spans[0][0]
        if over * (spans[-1][1] - start) + left + 3 > WIDTH:  # a little narrower, then fewer letters
            over = max(0.8 * over, (WIDTH - left - 3) / (spans[-1][1] - start))
        kept = max(1, sum(over * (b - start) + left + 1 < WIDTH for _, b in spans))
        width = min(WIDTH, int(over * (spans[kept - 1][1] - start) + left + right) + 1)
        slant = style.slant * (2 * random.random() - 1)
        turn = np.tan(np.radians(style.rotation) * (2 * random.random() - 1)) * min(1, 120 / width)
        free = HEIGHT - scale * (bottom - top)
        y0 = free * margins[0] / max(1e-6, margins.sum()) if margins.sum() > 0 else free / 2
        middle, centre = (top + bottom) / 2, width / 2
        matrix = np.array([[over, slant, left - over * start - slant * middle, left],
                           [turn * over, scale, y0 - scale * top + turn * (left - over * start - centre), 0]])  # fmt: skip
        return matrix, width, kept

    def _warp(self, canvas, matrix, width):
        import cv2

        random, style = self.random, self.style
        where = cv2.transform(_GRID, cv2.invertAffineTransform(matrix))
        sway = self._sway[random.integers(len(self._sway))]
        where = cv2.scaleAdd(sway, style.sway * random.random() / matrix[0, 0], where)
        if matrix[1, 1] < 0.7:  # half the size: blur first, or thin strokes vanish
            canvas = cv2.blur(canvas, (2, 2))
        image = cv2.remap(canvas, where, None, cv2.INTER_LINEAR, borderValue=0)
        image[:, width:] = 0
        return image

    def _photograph(self, ink, width):
        """Ink on paper under a light, uint8 (40, 256)."""
        import cv2

        random, style = self.random, self.style
        draw = random.random(16).tolist()
        if draw[0] < style.clutter:
            ink = self._clutter(ink, draw[1])
        if draw[2] < style.coarse:
            size = 0.45 + 0.4 * draw[3]
            small = cv2.resize(ink, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
            ink = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        sigma = style.blur[0] + (style.blur[1] - style.blur[0]) * draw[4] ** 1.5
        if sigma > 0.25:
            ink = cv2.GaussianBlur(ink, (0, 0), sigma)
        shade = style.shade
        paper = 255 - 110 * shade * draw[5] ** 1.5
        contrast = (1 - 0.65 * shade * draw[6] ** 1.5) * paper
        light = np.array(
            [[0.12 * shade * (2 * draw[7] - 1) * 255 / WIDTH * 2, 1.2 * shade * (2 * draw[8] - 1), 0]]
        )
        photo = cv2.transform(_CENTRED, light)
        photo = cv2.scaleAdd(self._grain[int(draw[9] * len(self._grain))], 14 * shade * draw[10] ** 2, photo)
        photo = cv2.addWeighted(
            ink, -contrast / 255, photo, 1, paper - 0.25 * shade * 60 * draw[11], dtype=cv2.CV_8U
        )
        if draw[12] < style.jpeg:
            _, jpeg = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, 25 + int(60 * draw[13])])
            photo = cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)
        if width < WIDTH and draw[14] < 0.7:  # the crop ends there: what fills the picture up is one grey
            photo[:, width:] = np.median(photo[:, max(0, width - 2) : width])
        return 255 - photo if draw[15] < style.inverted else photo

    def _clutter(self, ink, chance):
        """A ruled line, or the edge of the line above or below."""
        ink, rows = ink.copy(), 1 + int(4 * chance)
        if chance < 0.4:
            y = int(self.random.integers(HEIGHT))
            ink[y : y + 1 + (chance < 0.1)] = np.maximum(ink[y : y + 1 + (chance < 0.1)], 140)
        elif chance < 0.7:
            ink[-rows:] = np.maximum(ink[-rows:], np.roll(ink[8 : 8 + rows], 31, axis=1))
        else:
            ink[:rows] = np.maximum(ink[:rows], np.roll(ink[-8 - rows : -8], 47, axis=1))
        return ink


_GRID = np.stack(np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT)), axis=-1).astype(np.float32)
_CENTRED = _GRID - np.array([WIDTH / 2, HEIGHT / 2], np.float32)
_DISK = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def _banks(count=128):
    """Smooth displacements of unit spread (count, 40, 256, 2) and grain (count, 40, 256), float32."""
    import cv2

    random = np.random.default_rng(1)
    noise = random.standard_normal((count, HEIGHT, WIDTH, 2)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(field, (0, 0), 8 if i % 2 else 4) for i, field in enumerate(noise)])
    grain = random.standard_normal((count, HEIGHT, WIDTH)).astype(np.float32)
    return smooth / smooth.std(axis=(1, 2, 3), keepdims=True), grain
