"""LiteRT (TensorFlow Lite): model.tflite, when it was exported."""

import importlib.util

import numpy as np

from labs.runtimes import Model


def missing():
    """None, or how to get LiteRT."""
    if all(importlib.util.find_spec(package) is None for package in ("ai_edge_litert", "tensorflow")):
        return "LiteRT is missing: pip install ai-edge-litert"
    return None


def open(folder, card):
    """The interpreter of model.tflite."""
    return LiteModel(folder / "model.tflite", card)


class LiteModel(Model):
    def __init__(self, path, card):
        if importlib.util.find_spec("ai_edge_litert"):
            from ai_edge_litert.interpreter import Interpreter
        else:
            import tensorflow as tf

            Interpreter = tf.lite.Interpreter

        # Bytes, not a path: LiteRT opens files with fopen, which knows no Korean letters on Windows.
        self._runner = Interpreter(model_content=path.read_bytes()).get_signature_runner("serving_default")
        self._outputs = [entry["name"] for entry in card["outputs"]]

    def predict(self, inputs):
        answer = self._runner(**inputs)
        return {name: np.array(answer[name]) for name in self._outputs}
