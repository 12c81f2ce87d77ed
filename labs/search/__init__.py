"""Search among pictures: by histogram (compareHist's own answers), by what a network sees, in a folder, in many parts.

index = labs.search.HistogramIndex(labs.search.describe(x))
best = index.search(labs.search.describe(x[:1])[0], k=10, method="CORREL")
"""

import importlib

_FUNCTIONS = {"METHODS": "histograms", "HistogramIndex": "histograms", "describe": "histograms"}
_MODULES = ("describers", "folder", "histograms", "sheet", "shards")

__all__ = [*_FUNCTIONS, *_MODULES]


def __getattr__(name):
    if name in _FUNCTIONS:
        return getattr(importlib.import_module(f"labs.search.{_FUNCTIONS[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"labs.search.{name}")
    raise AttributeError(f"labs.search has no {name!r}; it has {', '.join(sorted(__all__))}")
