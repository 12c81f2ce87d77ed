"""Detectors: how good is one, and what does a network of centres learn from and answer."""

from labs.data.objects import Objects, objects, overlap
from labs.detect.average_precision import average_precision, curve
from labs.detect.targets import center_targets
from labs.detect.warp import warp

__all__ = [
    "CenterBoxes",
    "Objects",
    "average_precision",
    "center_targets",
    "curve",
    "objects",
    "overlap",
    "warp",
]


def __getattr__(name):
    if name == "CenterBoxes":  # a layer: the rest needs no Keras
        from labs.detect.layers import CenterBoxes

        return CenterBoxes
    raise AttributeError(f"labs.detect has no {name!r}; it has {', '.join(__all__)}")
