"""Detectors: what they learn from, what they answer, and how good that is."""

import importlib

# Each name and its module, which never has the same name: what needs Keras or matplotlib loads it when it is asked for.
_WHERE = {
    "Objects": "labs.data.objects",
    "objects": "labs.data.objects",
    "overlap": "labs.data.objects",
    "anchor_grid": "labs.detect.anchors",
    "match": "labs.detect.anchors",
    "encode": "labs.detect.anchors",
    "decode": "labs.detect.anchors",
    "average_precision": "labs.detect.precision",
    "curve": "labs.detect.precision",
    "Batches": "labs.detect.batches",
    "judge": "labs.detect.figures",
    "suppressed": "labs.detect.figures",
    "center_boxes": "labs.detect.decoding",
    "show": "labs.detect.drawing",
    "center_targets": "labs.detect.targets",
    "warp": "labs.detect.warping",
}
__all__ = list(_WHERE)


def __getattr__(name):
    if name not in _WHERE:
        raise AttributeError(f"labs.detect has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(_WHERE[name]), name)
