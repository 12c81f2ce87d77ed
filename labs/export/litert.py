"""LiteRT (TensorFlow Lite): one flat file for phones and microcontrollers; optional."""

import contextlib
import io

import tensorflow as tf

from labs.errors import ExportError


def write_litert(saved_model, path):
    """Convert a SavedModel folder to `path` (.tflite). Raises ExportError."""
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved_model))
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            path.write_bytes(converter.convert())
    except Exception as error:  # the converter raises its own kinds
        raise ExportError(f"LiteRT cannot take this network: {str(error).splitlines()[0]}") from error
