"""Keras: model.keras as `keras.models.load_model` reads it."""

import importlib.util

import numpy as np

from labs.runtimes import Model


def missing():
    """None, or how to get Keras."""
    for package in ("keras", "tensorflow"):
        if importlib.util.find_spec(package) is None:
            return f"{package} is missing: pip install {package}"
    return None


def open(folder, card):
    """The Keras model of `folder`; safe_mode keeps a stranger's file from running code."""
    return KerasModel(folder, card)


class KerasModel(Model):
    def __init__(self, folder, card):
        import keras

        self._model = keras.saving.load_model(folder / "model.keras", compile=False, safe_mode=True)
        self._inputs = [entry["name"] for entry in card["inputs"]]
        self._outputs = [entry["name"] for entry in card["outputs"]]

    def predict(self, inputs):
        import keras

        structure = getattr(self._model, "_inputs_struct", None)
        if isinstance(structure, dict):  # a functional model that takes its inputs by name
            answer = self._model({name: inputs[name] for name in structure}, training=False)
        else:
            arrays = [inputs[name] for name in self._inputs]
            answer = self._model(arrays[0] if len(arrays) == 1 else arrays, training=False)
        if isinstance(answer, dict) and set(answer) == set(self._outputs):
            answer = [answer[name] for name in self._outputs]
        arrays = [keras.ops.convert_to_numpy(tensor) for tensor in keras.tree.flatten(answer)]
        return {name: array.astype(np.float32) for name, array in zip(self._outputs, arrays, strict=True)}

    def rounding(self, inputs, draws=3):
        """How far the outputs move, relative to their spread, when every weight changes in its last bit."""
        random = np.random.default_rng(0)
        before = self.predict(inputs)
        weights = [variable for variable in self._model.weights if variable.dtype == "float32"]
        kept = [variable.numpy() for variable in weights]
        farthest = 0.0
        for _ in range(draws):
            for variable, value in zip(weights, kept, strict=True):
                towards = np.where(random.random(value.shape) < 0.5, -np.inf, np.inf).astype("float32")
                variable.assign(np.nextafter(value, towards))
            for name, answer in self.predict(inputs).items():
                moved = np.abs(answer - before[name]).max() / (np.ptp(before[name]) or 1.0)
                farthest = max(farthest, float(moved))
        for variable, value in zip(weights, kept, strict=True):
            variable.assign(value)
        return farthest
