"""TensorFlow's SavedModel through its signature "serving_default".

A SavedModel is a program: check only folders of people you trust, or name the other runtimes.
"""

import importlib.util

from labs.runtimes import Model
from labs.runtimes.tensorflow import import_quickly


def missing():
    """None, or how to get TensorFlow."""
    if importlib.util.find_spec("tensorflow") is None:
        return "tensorflow is missing: pip install tensorflow"
    return None


def open(folder, card):
    """The SavedModel of `folder`."""
    return SavedModel(folder, card)


class SavedModel(Model):
    def __init__(self, folder, card):
        import_quickly()
        import tensorflow as tf

        self._loaded = tf.saved_model.load(str(folder / "saved_model"))  # owns the variables: keep it
        self._function = self._loaded.signatures["serving_default"]
        self._constant = tf.constant

    def predict(self, inputs):
        answer = self._function(**{name: self._constant(array) for name, array in inputs.items()})
        return {name: tensor.numpy() for name, tensor in answer.items()}
