"""A runtime that does whatever a test asks for; its child process imports it by this name."""

import ctypes
import os
import time

import numpy as np

from labs.runtimes import Model

_poisoned = False


def missing(mode):
    """Installed unless the test says otherwise."""
    return "the fake is missing: pip install fake" if mode == "missing" else None


def open(folder, card, mode):
    """A model that misbehaves in one way, named by `mode`."""
    if mode == "refuses":
        raise ValueError("no such layer\nas this")
    return Fake(folder, mode)


class Fake(Model):
    note = "a fake"

    def __init__(self, folder, mode):
        self._mode = mode
        self._calls = 0
        with np.load(folder / "golden.npz") as golden:
            self._answer = golden["y"]

    def predict(self, inputs):
        self._calls += 1
        answer = self._answer[: len(inputs["input"])].copy()
        global _poisoned
        if self._mode == "segfault" or (_poisoned and self._mode != "poisons"):
            ctypes.string_at(0)
        elif self._mode == "dies":
            print("the last words", flush=True)
            os._exit(7)
        elif self._mode == "poisons":
            _poisoned = True
        elif self._mode == "hangs":
            time.sleep(600)
        elif self._mode == "random":
            answer += 0.01 * self._calls
        elif self._mode == "differs":
            answer += 1e-3
        elif self._mode == "rounds":
            answer += 6 * np.spacing(answer.max())
        elif self._mode == "nan":
            answer[0, 0] = np.nan
        elif self._mode == "shape":
            answer = answer.T
        elif self._mode == "noisy":
            os.write(1, b"a library prints to standard output\n" * 1000)
        elif self._mode == "unnamed":
            return {"other": answer}
        return {"output": answer}
