"""What a test cell asks of an answer: every failure shows both sides and a hint.

Test cells run in the student's notebook, under nbgrader, and in `labs grade`, where the answer has come
from another process. So they ask for values only: numbers, text, arrays, and lists of these.

    expect.equal(parameters(3, 16), 160, en="a bias for every filter?", ko="필터마다 편향이 하나씩 있나요?")
"""

import os

import numpy as np

LONGEST = 300
_SHOWN_WHOLE = 6  # numbers


def equal(answer, expected, en="", ko=""):
    """Ask for exactly `expected`; numbers are equal to numbers of another type, 3 to 3.0.

    en, ko: a hint in each language, shown in the one that LABS_LANGUAGE names. Raises AssertionError.
    """
    _compare(answer, expected, 0.0, en, ko)


def close(answer, expected, en="", ko="", tolerance=1e-5):
    """Ask for `expected` but for rounding: |answer - expected| <= tolerance * (1 + |expected|)."""
    _compare(answer, expected, tolerance, en, ko)


def true(condition, en="", ko=""):
    """Ask for something that is no comparison; the hint says what was asked."""
    if not condition:
        raise AssertionError(_say(en, ko))


def shape(answer, expected, en="", ko=""):
    """Ask for an array of the shape `expected`."""
    if not isinstance(answer, np.ndarray):
        wanted = _say(f"an array of shape {expected}", f"모양이 {expected}인 배열")
        _fail(type(answer).__name__, wanted, en, ko)
    if answer.shape != tuple(expected):
        _fail(_shape(answer.shape), _shape(tuple(expected)), en, ko)


def _compare(answer, expected, tolerance, en, ko):
    if isinstance(expected, (list, tuple)) and not _is_array(expected):
        if not isinstance(answer, (list, tuple)) or len(answer) != len(expected):
            _fail(_short(answer), _short(expected), en, ko)
        for one, other in zip(answer, expected, strict=True):
            _compare(one, other, tolerance, en, ko)
        return
    if isinstance(expected, dict):
        if not isinstance(answer, dict) or set(answer) != set(expected):
            _fail(_short(answer), _short(expected), en, ko)
        for key in expected:
            _compare(answer[key], expected[key], tolerance, en, ko)
        return
    if expected is None or isinstance(expected, str):
        if type(answer) is not type(expected) or answer != expected:
            _fail(_short(answer), _short(expected), en, ko)
        return
    _compare_numbers(answer, expected, tolerance, en, ko)


def _compare_numbers(answer, expected, tolerance, en, ko):
    try:
        given, wanted = np.asarray(answer), np.asarray(expected)
    except ValueError:  # lists of different lengths
        _fail(_short(answer), _short(expected), en, ko)
    if given.dtype.kind not in "biufc":
        _fail(_short(answer), _short(expected), en, ko)
    if given.shape != wanted.shape:
        _fail(f"{_short(answer)}, {_shape(given.shape)}", _shape(wanted.shape), en, ko)
    if wanted.dtype.kind == "b" and given.dtype.kind != "b":
        _fail(_short(answer), _short(expected), en, ko)
    given, wanted = (array.astype(np.float64) for array in (given, wanted))
    with np.errstate(all="ignore"):  # a warning on stderr would cost the point under nbgrader
        right = (np.abs(given - wanted) <= tolerance * (1 + np.abs(wanted))) | (given == wanted)
    right |= np.isnan(given) & np.isnan(wanted)
    if right.all():
        return
    if given.size <= _SHOWN_WHOLE:
        _fail(_short(answer), _short(expected), en, ko)
    where = tuple(int(n) for n in np.argwhere(~right)[0])
    place = f"[{', '.join(map(str, where))}]"
    one, other = (
        _say(f"{array[where]:g} at {place}", f"{place} 자리에 {array[where]:g}") for array in (given, wanted)
    )
    _fail(one, other, en, ko)


def _is_array(sequence):
    """Whether a list is an array of numbers in all but name."""
    try:
        return np.asarray(sequence).dtype.kind in "biufc"
    except ValueError:
        return False


def _shape(shape):
    return _say(f"shape {shape}", f"모양 {shape}")


def _plain(value):
    """NumPy's scalars as Python's: nan is read faster than np.float64(nan)."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(_plain(part) for part in value)
    return value


def _short(value):
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        text = repr(value)
    else:
        text = f"{value:,}"  # 453,786 is read faster than 453786
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


def _fail(answer, expected, en, ko):
    both = _say(f"you have {answer}, expected {expected}", f"여러분의 답: {answer}, 기댓값: {expected}")
    hint = _say(en, ko)
    raise AssertionError(f"{both}. {hint}" if hint else both)


def _say(en, ko):
    return ko if os.environ.get("LABS_LANGUAGE") == "ko" and ko else en
