"""What the two OpenCV runtimes share: cv2.dnn, one picture at a time.

One at a time, because OpenCV fixes some shapes (Reshape, Flatten) for the batch it saw first.
"""

import numpy as np

from labs.runtimes import Model

LIBGL = "libGL is missing: install libgl1, or opencv-python-headless in place of opencv-python"


def missing():
    """None, or how to get an OpenCV that imports."""
    try:
        import cv2
    except ImportError as error:
        if "libGL" in str(error) or "libgthread" in str(error):
            return LIBGL
        return "OpenCV is missing: pip install opencv-python"
    return None if hasattr(cv2, "dnn") else "this OpenCV has no dnn module: pip install opencv-python"


def read_net(path, framework):
    """The network of a file; Python reads it, since OpenCV opens no Korean path on Windows."""
    import cv2

    beside = path.with_name(path.name + ".data")
    if beside.exists():  # ONNX past 2 GB keeps its weights in a second file, which only a path leads to
        return cv2.dnn.readNet(str(path))
    buffer = np.fromfile(path, np.uint8)
    if framework == "tensorflow" and hasattr(cv2.dnn, "ENGINE_CLASSIC"):
        # OpenCV 5's new engine gives one output only, and refuses some graphs at the second picture.
        return cv2.dnn.readNetFromTensorflow(buffer, engine=cv2.dnn.ENGINE_CLASSIC)
    return cv2.dnn.readNet(framework, buffer)


class OpenCVModel(Model):
    """A network that cv2.dnn has read. `outputs` maps our names to those in the file."""

    def __init__(self, net, outputs, channels_first):
        if net.empty():
            raise ValueError("OpenCV read an empty network")
        self._net = net
        self._outputs = outputs
        self._channels_first = channels_first

    def predict(self, inputs):
        pictures = range(len(next(iter(inputs.values()))))
        answers = [self._one({name: x[i : i + 1] for name, x in inputs.items()}) for i in pictures]
        return {name: np.concatenate([answer[name] for answer in answers]) for name in self._outputs}

    def _one(self, inputs):
        for name, array in inputs.items():
            blob = array.transpose(0, 3, 1, 2) if self._turn(array) else array
            self._net.setInput(np.ascontiguousarray(blob), name)
        arrays = self._net.forward(list(self._outputs.values()))
        turned = [array.transpose(0, 2, 3, 1) if self._turn(array) else array for array in arrays]
        # The next forward writes into the same memory: copy.
        return {name: np.array(array) for name, array in zip(self._outputs, turned, strict=True)}

    def _turn(self, array):
        return self._channels_first and array.ndim == 4
