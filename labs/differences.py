"""How far apart the answers of two runtimes are."""

import numpy as np

# Outputs that hardly vary are known no better than float32 resolves numbers of their size.
STEPS = 8


def differences(one, other, expected, tolerance):
    """Largest difference of two answers, absolute and relative; a NaN is infinitely far.

    one, other, expected: dict, output name -> array. Relative is to the spread (max - min) of `expected`, or to more
    where that is so small beside the outputs' size that `tolerance` of it is finer than eight steps of float32.

    Example: `differences(keras, opencv, keras, 1e-5)` -> (2.1e-06, 2.1e-06)
    """
    absolute, relative = 0.0, 0.0
    for name, array in expected.items():
        apart = np.abs(one[name].astype(np.float64) - other[name])
        apart = float(apart.max()) if np.isfinite(apart).all() else np.inf
        scale = _scale(array.astype(np.float64), tolerance)
        absolute = max(absolute, apart)
        relative = max(relative, apart / scale if np.isfinite(scale) else np.inf)
    return absolute, relative


def _scale(array, tolerance):
    spread = float(np.ptp(array)) or 1.0  # constant outputs: absolute
    finest = STEPS * float(np.finfo(np.float32).eps) * float(np.abs(array).max())
    return max(spread, finest / tolerance)


def shape_trouble(expected, answer):
    """What is wrong with the names and shapes of an answer, or None."""
    for name, array in expected.items():
        if name not in answer:
            return f"gives no output {name!r}"
        if answer[name].shape != array.shape:
            return f"output {name!r} has shape {answer[name].shape}, Keras' has {array.shape}"
    return None
