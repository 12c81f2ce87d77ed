"""OpenCV's reader of ONNX: NHWC as Keras, since the model was exported so."""

from labs.runtimes.opencv import OpenCVModel, missing, read_net

__all__ = ["missing", "open"]


def open(folder, card):
    """model.onnx of `folder` in cv2.dnn."""
    outputs = {entry["name"]: entry["name"] for entry in card["outputs"]}
    return OpenCVModel(read_net(folder / "model.onnx", "onnx"), outputs, channels_first=False)
