"""Hangul: pictures of the 256 common syllables, drawn from the bundled faces; nothing is downloaded."""

import numpy as np

from labs.hangul.fonts import bundled_faces
from labs.hangul.labels import common
from labs.hangul.render import CAREFUL, HAND, Renderer

TITLE = "Hangul"
LABELS = common(256)
_TRAINING = {"full": 51_200, "sample": 2_048}  # pictures


def draw(size):
    """The arrays of a Dataset, the same at each call, and what to call them.

    The training faces as a hand and a camera would bend them, half handwriting and half print; to test,
    each syllable once in each face that no training picture shows ("sample": in one of either kind).
    """
    training, test = [], []
    for kind in ("handwriting", "print"):
        training.append(Renderer(bundled_faces("train", kind), LABELS, HAND).batch(_TRAINING[size] // 2))
        unseen = bundled_faces("test", kind)[: None if size == "full" else 1]
        test.append(Renderer(unseen, LABELS, CAREFUL).every()[:2])
    arrays = (np.concatenate(parts) for pairs in (training, test) for parts in zip(*pairs, strict=True))
    return tuple(arrays), f"{TITLE}, drawn from bundled faces ({size})"
