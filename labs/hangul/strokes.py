"""Syllables drawn from strokes, as with a mouse, with no font involved: a test set of another kind.

Nothing here may be used for training or tuning; it tells whether a network that learned from
faces reads a hand. A jamo is a few strokes in a unit square, a layout puts the jamo in the
syllable's square, and a hand wobbles: every point strays, lines bend, circles do not close.
"""

import itertools

import numpy as np

from labs.hangul import jamo
from labs.hangul.fields import SIZE

# Strokes of the basic consonants: points (x right, y down) in a unit square; "O" is a circle.
_CONSONANTS = {
    "ㄱ": [[(0.05, 0.1), (0.9, 0.1), (0.8, 0.95)]],
    "ㄴ": [[(0.1, 0.05), (0.1, 0.85), (0.95, 0.85)]],
    "ㄷ": [[(0.1, 0.1), (0.9, 0.1)], [(0.1, 0.1), (0.1, 0.9), (0.95, 0.9)]],
    "ㄹ": [[(0.1, 0.05), (0.9, 0.05), (0.9, 0.48)], [(0.9, 0.48), (0.1, 0.48), (0.1, 0.95), (0.95, 0.95)]],
    "ㅁ": [[(0.1, 0.1), (0.1, 0.9)], [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9)], [(0.1, 0.9), (0.9, 0.9)]],
    "ㅂ": [[(0.1, 0.0), (0.1, 0.95)], [(0.9, 0.0), (0.9, 0.95)], [(0.1, 0.5), (0.9, 0.5)], [(0.1, 0.95), (0.9, 0.95)]],
    "ㅅ": [[(0.55, 0.05), (0.4, 0.55), (0.05, 0.95)], [(0.47, 0.4), (0.95, 0.95)]],
    "ㅇ": ["O"],
    "ㅈ": [[(0.05, 0.1), (0.95, 0.1)], [(0.6, 0.1), (0.45, 0.55), (0.05, 0.95)], [(0.5, 0.5), (0.95, 0.95)]],
    "ㅊ": [[(0.4, -0.05), (0.65, 0.0)], [(0.05, 0.25), (0.95, 0.25)], [(0.6, 0.25), (0.45, 0.6), (0.05, 1.0)],
           [(0.5, 0.55), (0.95, 1.0)]],
    "ㅋ": [[(0.05, 0.1), (0.9, 0.1), (0.8, 0.95)], [(0.05, 0.5), (0.85, 0.5)]],
    "ㅌ": [[(0.1, 0.05), (0.9, 0.05)], [(0.1, 0.48), (0.9, 0.48)], [(0.1, 0.05), (0.1, 0.95), (0.95, 0.95)]],
    "ㅍ": [[(0.05, 0.1), (0.95, 0.1)], [(0.3, 0.1), (0.3, 0.9)], [(0.7, 0.1), (0.7, 0.9)], [(0.05, 0.9), (0.95, 0.9)]],
    "ㅎ": [[(0.35, -0.05), (0.65, -0.02)], [(0.05, 0.2), (0.95, 0.2)], "o"],
}  # fmt: skip
_PAIRS = {"ㄲ": "ㄱㄱ", "ㄸ": "ㄷㄷ", "ㅃ": "ㅂㅂ", "ㅆ": "ㅅㅅ", "ㅉ": "ㅈㅈ", "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ",
          "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ",
          "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}  # fmt: skip

# Upright vowels stand at the right, lying ones below; compound vowels have both parts.
_UPRIGHT = {
    "ㅏ": [[(0.3, 0), (0.3, 1)], [(0.3, 0.5), (0.9, 0.5)]],
    "ㅐ": [[(0.2, 0.03), (0.2, 0.97)], [(0.8, 0), (0.8, 1)], [(0.2, 0.5), (0.8, 0.5)]],
    "ㅑ": [[(0.3, 0), (0.3, 1)], [(0.3, 0.36), (0.9, 0.36)], [(0.3, 0.64), (0.9, 0.64)]],
    "ㅒ": [[(0.2, 0.03), (0.2, 0.97)], [(0.8, 0), (0.8, 1)], [(0.2, 0.36), (0.8, 0.36)], [(0.2, 0.64), (0.8, 0.64)]],
    "ㅓ": [[(0.7, 0), (0.7, 1)], [(0.1, 0.5), (0.7, 0.5)]],
    "ㅔ": [[(0.5, 0.03), (0.5, 0.97)], [(0.05, 0.5), (0.5, 0.5)], [(0.95, 0), (0.95, 1)]],
    "ㅕ": [[(0.7, 0), (0.7, 1)], [(0.1, 0.36), (0.7, 0.36)], [(0.1, 0.64), (0.7, 0.64)]],
    "ㅖ": [[(0.5, 0.03), (0.5, 0.97)], [(0.0, 0.36), (0.5, 0.36)], [(0.0, 0.64), (0.5, 0.64)], [(0.95, 0), (0.95, 1)]],
    "ㅣ": [[(0.5, 0), (0.5, 1)]],
}  # fmt: skip
_LYING = {
    "ㅗ": [[(0.5, 0.1), (0.5, 0.8)], [(0, 0.8), (1, 0.8)]],
    "ㅛ": [[(0.35, 0.1), (0.35, 0.8)], [(0.65, 0.1), (0.65, 0.8)], [(0, 0.8), (1, 0.8)]],
    "ㅜ": [[(0, 0.25), (1, 0.25)], [(0.5, 0.25), (0.5, 1)]],
    "ㅠ": [[(0, 0.25), (1, 0.25)], [(0.35, 0.25), (0.35, 1)], [(0.65, 0.25), (0.65, 1)]],
    "ㅡ": [[(0, 0.5), (1, 0.5)]],
}
_COMPOUND = {"ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}


def draw(syllable, random, thickness=None):
    """One picture, uint8 (64, 64), white on black, in a line of 3 or 4 pixels.

    Example: `draw("한", np.random.default_rng(0))`.
    """
    import cv2

    thickness = thickness or int(random.integers(3, 5))
    size = random.uniform(38, 50)  # pixels, of the whole syllable
    corner = (SIZE - size) / 2 + random.uniform(-4, 4, 2)
    slant = random.uniform(-0.08, 0.08)
    image = np.zeros((SIZE, SIZE), np.uint8)
    for stroke in _strokes(syllable, random):
        points = np.asarray(stroke) * size
        points[:, 0] += slant * (size / 2 - points[:, 1])
        points = _tremble(points + corner, random)
        cv2.polylines(
            image, [np.round(points * 8).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, shift=3
        )
    return image


def sample(syllables, each=4, seed=0):
    """`each` drawings of every syllable: uint8 (n, 64, 64, 1) and int64 labels (n,)."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(syllables)), each)
    return np.stack([draw(syllables[label], random) for label in labels])[..., None], labels


def _strokes(syllable, random):
    """All strokes of a syllable in the unit square, laid out as one writes: left or top, then the rest."""
    initial, vowel, final = jamo.split(syllable)
    lying, upright = _COMPOUND.get(
        vowel, (vowel if vowel in _LYING else "", vowel if vowel in _UPRIGHT else "")
    )
    bottom = random.uniform(0.58, 0.66) if final else 1.0  # where the final's place begins
    right = random.uniform(0.54, 0.64) if upright else 1.0  # where the upright vowel's place begins
    strokes = []
    if lying:
        top = bottom * random.uniform(0.5, 0.6)
        strokes += _place(_consonant(initial, random), (0.15 * right, 0, 0.85 * right, top - 0.04), random)
        strokes += _place(_LYING[lying], (0.0, top, right - 0.02 if upright else 1.0, bottom - 0.03), random)
    else:
        low = bottom - 0.06 if final else 0.8
        strokes += _place(
            _consonant(initial, random), (0.02, 0.04 if final else 0.15, right - 0.08, low), random
        )
    if upright:
        strokes += _place(_UPRIGHT[upright], (right, 0.0, 0.97, bottom - 0.03 if final else 1.0), random)
    if final:
        strokes += _place(_consonant(final, random), (0.2, bottom + 0.03, 0.88, 1.0), random)
    return strokes


def _consonant(letter, random):
    if letter in _PAIRS:
        halves = [
            _place(_consonant(half, random), box, None)
            for half, box in zip(_PAIRS[letter], [(0, 0, 0.46, 1), (0.54, 0, 1, 1)], strict=True)
        ]
        return halves[0] + halves[1]
    circles = {"O": (0.5, 0.5, 0.45), "o": (0.5, 0.66, 0.3)}
    return [
        _circle(*circles[stroke], random) if isinstance(stroke, str) else stroke
        for stroke in _CONSONANTS[letter]
    ]


def _circle(x, y, radius, random):
    """A circle begun near the top, which ends a little before or after its beginning."""
    start = random.uniform(-0.4, 0.4)
    angles = np.linspace(start, start - 2 * np.pi * random.uniform(0.95, 1.04), 24) - np.pi / 2
    return [(x + radius * np.cos(angle), y + radius * np.sin(angle)) for angle in angles]


def _place(strokes, box, random):
    """The strokes fitted into a box (left, top, right, bottom), each side a little off."""
    box = np.array(box, float)
    if random is not None:
        box += random.normal(0, 0.015, 4)
    start, extent = box[:2], box[2:] - box[:2]
    return [np.asarray(stroke) * extent + start for stroke in strokes]


def _tremble(points, random):
    """The points of a stroke as a hand puts them: off by a pixel, bent in between, trembling."""
    if len(points) < 10:
        points = points + random.normal(0, 0.8, points.shape)
    steps = []
    for first, last in itertools.pairwise(points):
        share = np.linspace(0, 1, max(2, int(np.linalg.norm(last - first) / 2)))[:, None]
        across = np.array([first[1] - last[1], last[0] - first[0]])
        bend = random.normal(0, 0.03) * across * np.sin(np.pi * share)
        steps.append(first + share * (last - first) + bend)
    path = np.concatenate(steps)
    noise = random.normal(0, 0.6, (len(path) + 6, 2))
    smooth = np.stack([np.convolve(noise[:, axis], np.ones(7) / 7, mode="valid") for axis in (0, 1)], axis=1)
    return path + smooth
