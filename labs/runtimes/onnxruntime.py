"""ONNX Runtime on the CPU."""

import importlib.util
import mmap

from labs.runtimes import Model


def missing():
    """None, or how to get ONNX Runtime."""
    if importlib.util.find_spec("onnxruntime") is None:
        return "onnxruntime is missing: pip install onnxruntime"
    return None


def open(folder, card):
    """The session of model.onnx."""
    return OnnxModel(folder / "model.onnx", [entry["name"] for entry in card["outputs"]])


class OnnxModel(Model):
    def __init__(self, path, outputs):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # onnxruntime 1.31.1 merges a Pad into the pooling after it and silently answers wrong (ResNet50V2).
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=["Pad_Fusion"]
        )
        self._outputs = outputs
        if _mentions(path, b"\x22\x03Pad"):
            self.note = 'run with disabled_optimizers=["Pad_Fusion"], which is wrong in onnxruntime 1.31'

    def predict(self, inputs):
        return dict(zip(self._outputs, self._session.run(self._outputs, inputs), strict=True))


def _mentions(path, operation):
    """Whether the file has these bytes: protobuf's tag and length of op_type, and the name."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(operation) >= 0
