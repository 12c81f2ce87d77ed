"""Hangul: syllables and their jamo, faces, pictures as a hand makes them, records, and paper sheets.

from labs import hangul
renderer = hangul.Renderer(hangul.bundled_faces("train"), hangul.common(256))
images, labels = renderer.batch(32)
"""

from labs.hangul import jamo
from labs.hangul.fonts import Face, bundled_faces, machine_faces
from labs.hangul.labels import common
from labs.hangul.net import recogniser, stream
from labs.hangul.render import CLEAN, HAND, Renderer, Style

__all__ = [
    "CLEAN", "HAND", "Face", "Renderer", "Style", "bundled_faces", "common", "jamo", "machine_faces",
    "recogniser", "stream",
]  # fmt: skip
