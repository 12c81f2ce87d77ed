"""OpenCV's reader of a frozen TensorFlow graph: NCHW blobs in, NCHW pictures out."""

from labs.runtimes.opencv import OpenCVModel, missing, read_net

__all__ = ["missing", "open"]


def open(folder, card):
    """frozen.pb of `folder` in cv2.dnn."""
    outputs = {entry["name"]: entry.get("graph_name", entry["name"]) for entry in card["outputs"]}
    return OpenCVModel(read_net(folder / "frozen.pb", "tensorflow"), outputs, channels_first=True)
