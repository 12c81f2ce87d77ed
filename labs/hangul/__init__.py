"""Hangul: syllables and their jamo, faces, pictures as a hand makes them, records, and paper sheets.

renderer = labs.hangul.Renderer(labs.hangul.bundled_faces("train"), labs.hangul.common(256))
images, labels = renderer.batch(32)
"""

import importlib

_FUNCTIONS = {
    "common": "labels",
    "Face": "fonts",
    "bundled_faces": "fonts",
    "machine_faces": "fonts",
    "Renderer": "render",
    "Style": "render",
    "CLEAN": "render",
    "HAND": "render",
    "CAREFUL": "render",
    "recogniser": "net",
    "stream": "net",
    "one_cycle": "net",
}
_MODULES = (
    "fields",
    "fonts",
    "jamo",
    "labels",
    "lines",
    "net",
    "pages",
    "records",
    "render",
    "sheet",
    "strokes",
)

__all__ = [*_FUNCTIONS, *_MODULES]


def __getattr__(name):
    if name in _FUNCTIONS:
        return getattr(importlib.import_module(f"labs.hangul.{_FUNCTIONS[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"labs.hangul.{name}")
    raise AttributeError(f"labs.hangul has no {name!r}; it has {', '.join(sorted(__all__))}")
