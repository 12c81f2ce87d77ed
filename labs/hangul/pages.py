"""Pages with text on paper or over a photograph, and where each word stands: what a detector of text learns from."""

import math

import numpy as np

from labs.hangul.glyphs import BASE, INK, TALL

SIZE = 320  # pixels: height and width of a page's picture
SMALLEST, LARGEST = 9, 80  # pixels: of a syllable


class Pages:
    """Draws pages; the same seed gives the same pictures.

    glyphs: a list of labs.hangul.glyphs.Glyphs. texts: a function that is given a numpy Generator and returns a text.
    photographs: uint8 pictures (H, W) to write over. smallest: height of a syllable in pixels; faintest: grey levels between it and its ground.

    Example:
        pages = Pages(glyphs, texts, photographs)
        images, quads, texts = pages.batch(8)
        # uint8 (8, 320, 320, 1); for each page corners in pixels, float32 (words, 4, 2), and a list of the words
    """

    def __init__(self, glyphs, texts, photographs=(), seed=0, size=SIZE, smallest=SMALLEST, faintest=45):
        self.korean = [face for face in glyphs if "가" in face.pictures]
        self.latin = [face for face in glyphs if "가" not in face.pictures]
        self.texts, self.photographs, self.size = texts, list(photographs), size
        self.smallest, self.faintest = smallest, faintest
        self.random = np.random.default_rng(seed)

    def seed(self, seed):
        """Start the series of random pages anew."""
        self.random = np.random.default_rng(seed)

    def batch(self, count):
        """`count` pages, the corners of their words, and the words."""
        images, quads, texts = zip(*(self.page() for _ in range(count)), strict=True)
        return np.stack(images)[..., None], list(quads), list(texts)

    def page(self):
        """One page, uint8 (size, size), float32 (words, 4, 2), clockwise from each word's top left, and the words."""
        image = self._ground().astype(np.float32)
        taken, quads, texts = np.zeros(image.shape, np.uint8), [np.zeros((0, 4, 2), np.float32)], []
        turn = self.random.normal(0, 3) if self.random.random() < 0.7 else self.random.uniform(-20, 20)
        for _ in range(self.random.integers(1, 9)):
            corners, words = self._write(image, taken, turn)
            quads.append(corners)
            texts += words
        return self._photograph(image), np.concatenate(quads), texts

    def _ground(self):
        """Paper with uneven light, or a piece of a photograph."""
        import cv2

        random, size = self.random, self.size
        if not self.photographs or random.random() < 0.45:
            light = cv2.resize(
                random.normal(0, 1, (3, 3)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC
            )
            return np.clip(random.uniform(20, 250) + random.uniform(0, 25) * light, 0, 255)
        photograph = self.photographs[random.integers(len(self.photographs))]
        side = int(random.uniform(0.35, 1) * min(photograph.shape))
        top, left = (random.integers(length - side + 1) for length in photograph.shape)
        piece = cv2.resize(
            photograph[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_AREA
        )
        return piece[:, ::-1] if random.random() < 0.5 else piece

    def _write(self, image, taken, turn):
        """A paragraph of one to six lines where nothing stands yet; corners and texts of its words that are seen."""
        import cv2

        random = self.random
        count = random.choice([1, 1, 1, 2, 3, 6, 10])
        texts = [
            " ".join(self.texts(random) for _ in range(random.choice([1, 1, 2, 4]))) for _ in range(count)
        ]
        canvas, quads, words = _paragraph(self._face(texts), texts, random)
        if not words:
            return quads, words
        height = math.exp(random.uniform(math.log(self.smallest), math.log(LARGEST)))
        scale = height / INK
        if scale < 0.6:  # the affine look-up alone would lose thin strokes
            canvas = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            quads, scale = quads * scale, 1.0
        angle = math.radians(turn + random.normal(0, 1))
        cos, sin = math.cos(angle) * scale * random.uniform(0.85, 1.15), math.sin(angle) * scale
        matrix = np.array([[cos, -sin, 0], [sin, math.cos(angle) * scale, 0]])
        matrix[:, 2] = random.uniform(-0.1, 0.75, 2) * self.size
        quads = cv2.transform(quads.reshape(1, -1, 2), matrix).reshape(-1, 4, 2).astype(np.float32)
        hull = cv2.convexHull(quads.reshape(-1, 2)).astype(np.int32)
        place = cv2.fillConvexPoly(np.zeros_like(taken), hull, 1)
        if (place & taken).any():
            return quads[:0], []
        taken |= cv2.dilate(place, np.ones((5, 5), np.uint8))
        mask = (
            cv2.warpAffine(canvas, matrix, image.shape[::-1], flags=cv2.INTER_LINEAR).astype(np.float32) / 255
        )
        under = float(image[place > 0].mean()) if place.any() else 0.0
        contrast = random.uniform(self.faintest, 220)
        darker = under > contrast and (random.random() < 0.6 or under + contrast > 255)
        ink = under - contrast if darker else under + contrast
        image += mask * (np.clip(ink, 0, 255) - image) * random.uniform(0.8, 1)
        seen = ((quads.max(axis=1) > 0) & (quads.min(axis=1) < self.size)).all(axis=1)
        return quads[seen], [word for word, there in zip(words, seen, strict=True) if there]

    def _face(self, texts):
        korean = any("가" <= letter <= "힣" for text in texts for letter in text)
        faces = self.korean if korean or not self.latin or self.random.random() < 0.3 else self.latin
        return faces[self.random.integers(len(faces))]

    def _photograph(self, image):
        import cv2

        random = self.random
        if random.random() < 0.5:
            image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 1.2))
        if random.random() < 0.6:
            image = image + random.uniform(1, 12) * random.standard_normal(image.shape, np.float32)
        image = np.clip(image, 0, 255).astype(np.uint8)
        if random.random() < 0.25:
            _, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 90))])
            image = cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)
        return image


def _paragraph(face, texts, random):
    """Lines of text below each other, uint8, the corners of their words, float32 (words, 4, 2), and the words."""
    leading = INK * random.uniform(1.25, 2.0)
    spacing = INK * random.uniform(-0.02, 0.1)
    longest = max(len(text) for text in texts)
    canvas = np.zeros((int(TALL + leading * len(texts)), INK * (longest + 3) * 2), np.uint8)
    quads, words, right = [], [], 0
    for number, text in enumerate(texts):
        x, base, word, letters = float(INK), BASE + int(number * leading), None, ""
        for letter in [*text, " "]:
            if letter == " " or letter not in face.pictures:
                if word is not None:
                    left, top, end, bottom = word
                    quads.append([(left, top), (end, top), (end, bottom), (left, bottom)])
                    words.append(letters)
                x, word, letters = x + INK * 0.4, None, ""
                continue
            ink, left, top, advance = face.pictures[letter]
            if ink.size:
                row, column = base + top, round(x) + left
                patch = canvas[row : row + len(ink), column : column + ink.shape[1]]
                np.maximum(patch, ink[: len(patch), : patch.shape[1]], out=patch)
                box = column, row, column + ink.shape[1], row + len(ink)
                word = (
                    box if word is None else (*np.minimum(word[:2], box[:2]), *np.maximum(word[2:], box[2:]))
                )
            x, letters = x + advance + spacing, letters + letter
        right = max(right, int(x))
    return canvas[:, : right + INK], np.array(quads, np.float32).reshape(-1, 4, 2), words


def shrunk_map(quads, size, stride=2, share=0.3):
    """Where the middle of each word is: uint8 (size / stride, size / stride).

    Every side is moved inwards by `share` of the word's height, so that neighbours do not touch (Liao et al., "Real-time
    scene text detection with differentiable binarization", AAAI 2020, section 3.4, for rectangles).
    """
    import cv2

    fine = np.zeros((size, size), np.uint8)
    for quad in quads:
        across, down = quad[1] - quad[0], quad[3] - quad[0]
        wide, tall = np.linalg.norm(across), np.linalg.norm(down)
        inset = share * min(wide, tall)
        if min(wide, tall) < 2 or wide < 2:
            continue
        across, down = across / wide * inset, down / tall * inset
        inner = quad + np.array([across + down, down - across, -across - down, across - down])
        points = np.round((inner - 0.5) * 16).astype(np.int32)  # in sixteenths of a pixel
        cv2.fillConvexPoly(fine, points, 255, lineType=cv2.LINE_8, shift=4)
    coarse = cv2.resize(fine, (size // stride, size // stride), interpolation=cv2.INTER_AREA)
    return (coarse > 127).astype(np.uint8)
