"""Reading text: words are found, cut out and read, by our networks or another engine.

words = labs.read("sign.jpg")                       # [Word(text, score, corners), ...] in reading order
labs.ocr.line_picture(crop)                         # a cut-out word as the reader wants it
"""

import importlib

_FUNCTIONS = {
    "Word": "engines",
    "Ours": "ours",
    "character_errors": "distance",
    "ENGINES": "engines",
    "open_engine": "engines",
    "line_picture": "crop",
    "read": "page",
    "draw": "page",
    "as_text": "page",
    "cut": "quads",
    "overlap": "quads",
    "quads_of": "quads",
    "reading_order": "quads",
}

__all__ = [*_FUNCTIONS]


def __getattr__(name):
    if name in _FUNCTIONS:
        return getattr(importlib.import_module(f"labs.ocr.{_FUNCTIONS[name]}"), name)
    raise AttributeError(f"labs.ocr has no {name!r}; it has {', '.join(sorted(__all__))}")
