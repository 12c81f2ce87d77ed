"""Imports TensorFlow and Keras in half of the usual time.

Both look for libraries that they can do without, and load them when they are there: JAX for converting to LiteRT,
scikit-learn for wrappers, Matplotlib and IPython for pictures. Running a network needs none of them. And Python looks
for garbage again and again while thousands of modules come, of which none goes.
"""

import gc
import os
import sys

_SPARED = ("sklearn", "jax", "matplotlib", "IPython")


def import_quickly():
    """Import TensorFlow, which imports Keras; what was spared can be imported afterwards as ever."""
    if "tensorflow" in sys.modules or os.environ.setdefault("KERAS_BACKEND", "tensorflow") != "tensorflow":
        return  # nothing to gain, or Keras computes with one of them
    spared = [name for name in _SPARED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(spared))  # None: "there is no such module"
    gc.disable()
    try:
        import tensorflow  # noqa: F401
    finally:
        gc.enable()
        for name in spared:
            del sys.modules[name]
