"""Keras: model.keras as `keras.models.load_model` reads it."""

import importlib.util
import re

import numpy as np

from labs.errors import LabsError
from labs.runtimes import Model
from labs.runtimes.tensorflow import import_quickly


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
        self._model = _load(folder / "model.keras")
        if half := _in_float32(self._model):
            self.note = f"computes in float32 here, as the other formats do, and in {half} when you load it"
        self._inputs = [entry["name"] for entry in card["inputs"]]
        self._outputs = [entry["name"] for entry in card["outputs"]]

    def predict(self, inputs):
        import keras

        arrays = [inputs[name] for name in self._inputs]
        structure = getattr(self._model, "_inputs_struct", None)
        if isinstance(structure, dict):  # a functional model that takes its inputs by name
            answer = self._model(dict(zip(sorted(structure), arrays, strict=True)), training=False)
        else:
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


def _load(path):
    """The model of a file; what safe mode refuses is a sentence that names it."""
    import_quickly()
    import keras

    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (TypeError, ValueError) as error:
        unknown = re.search(r"Could not locate ((?:class|function) '[^']{1,80}')", str(error))
        unsafe = re.search(r"Requested the \w+ of (an? .{1,60}?)(?:,|\.| whose| outside)", str(error))
        if not (unknown or unsafe):
            innermost = str(error).rpartition("Exception encountered: ")[2].strip().partition("\n")[0]
            raise LabsError(f"{path.name} does not load: {innermost[:120]}") from None
        part = f"the {unknown[1]}, which is not Keras' own" if unknown else unsafe[1].replace("`", "")
        raise LabsError(
            f"{path.name} needs {part}, and safe mode, which stays on, takes no code from a file: "
            "build that part of Keras' own layers, or use the formats that agree"
        ) from None


def _in_float32(model):
    """Have layers of half precision compute in float32, as labs.export traced them; the name of theirs, or None."""
    import keras

    half = None
    for layer in (model, *model._flatten_layers(include_self=False)):
        if layer.dtype_policy.compute_dtype in ("bfloat16", "float16"):
            half = layer.dtype_policy.compute_dtype
            layer.dtype_policy = keras.DTypePolicy("float32")
    return half
