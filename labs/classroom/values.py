"""Answers on their way between the student's process and the tests: plain values, never code.

None, truth values, numbers, text, arrays of numbers or text, and lists, tuples and dictionaries of these.
An array travels as .npy without pickle; everything else as JSON. What is anything else is refused.
"""

import numpy as np

_DEEPEST = 20
_PLAIN = (type(None), bool, int, float, str)


def pack(value):
    """A value as (JSON document, {name: array}); TypeError when it is no plain value."""
    arrays = {}
    return _pack(value, arrays, 0), arrays


def unpack(document, arrays):
    """The value of `pack`; ValueError when the document is none of its making."""
    return _unpack(document, arrays, 0)


def _pack(value, arrays, depth):
    if depth > _DEEPEST:
        raise TypeError("an answer that is nested too deeply")
    if type(value) in _PLAIN:
        return {"plain": value}
    if hasattr(value, "numpy") and callable(value.numpy):  # a tensor of TensorFlow
        value = value.numpy()
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "biufcU":
            raise TypeError(f"an array of {value.dtype} is no answer: return numbers")
        name = f"a{len(arrays)}"
        arrays[name] = np.asarray(value)
        return {"array": name, "shape": list(value.shape), "scalar": isinstance(value, np.generic)}
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_pack(part, arrays, depth + 1) for part in value]}
    if isinstance(value, dict):
        pairs = [[_pack(part, arrays, depth + 1) for part in pair] for pair in value.items()]
        return {"dict": pairs}
    raise TypeError(f"{type(value).__name__} is no answer: return numbers, text, arrays, or lists of these")


def _unpack(document, arrays, depth):
    if depth > _DEEPEST:
        raise ValueError("a garbled message")
    if "plain" in document:
        value = document["plain"]
        if type(value) not in _PLAIN:
            raise ValueError("a garbled message")
        return value
    if "array" in document:
        array = arrays[document["array"]].reshape(document["shape"])  # a frame has no arrays without axes
        return array[()] if document["scalar"] else array
    for name, kind in (("list", list), ("tuple", tuple)):
        if name in document:
            return kind(_unpack(part, arrays, depth + 1) for part in document[name])
    pairs = document["dict"]
    return {_unpack(key, arrays, depth + 1): _unpack(part, arrays, depth + 1) for key, part in pairs}
