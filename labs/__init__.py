"""Helpers of the computer-vision labs; `import labs` loads nothing heavy.

dataset = labs.load("mnist", labs.profile.size)
labs.export(model, "saved_models/mnist", labels=dataset.labels, x=dataset.x_test)
labs.check("saved_models/mnist")
"""

import importlib
import sys
import types

__version__ = "0.1.0"

_FUNCTIONS = {
    "load": "labs.data",
    "fetch": "labs.data",
    "Dataset": "labs.data",
    "export": "labs.export.folder",
    "check": "labs.check",
    "predict": "labs.predict",
    "read": "labs.ocr.page",
    "LabsError": "labs.errors",
    "DataUnavailable": "labs.errors",
}
_MODULES = (
    "data",
    "depth",
    "show",
    "nets",
    "train",
    "augment",
    "backbone",
    "detect",
    "explain",
    "hangul",
    "masks",
    "ocr",
    "runtimes",
    "search",
    "show_solids",
    "sound",
)

__all__ = [*_FUNCTIONS, *_MODULES, "profile"]


def __getattr__(name):
    if name == "profile":
        return importlib.import_module("labs.profile").current()
    if name in _FUNCTIONS:
        return getattr(importlib.import_module(_FUNCTIONS[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"labs.{name}")
    raise AttributeError(f"labs has no {name!r}; it has {', '.join(sorted(__all__))}")


def __dir__():
    return sorted([*__all__, "__version__"])


class _Package(types.ModuleType):
    """Importing labs/check.py would put the module in the place of the function `labs.check`."""

    def __setattr__(self, name, value):
        shadows = name in _FUNCTIONS or name == "profile"
        if not (shadows and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
