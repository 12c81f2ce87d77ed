"""MNIST: 70,000 handwritten digits of 28x28 grey pixels (Yann LeCun, Corinna Cortes; CC BY-SA 3.0)."""

from labs.data.arrays import read_arrays
from labs.data.download import download as _download
from labs.files import bundled

TITLE = "MNIST"
LABELS = tuple("0123456789")
FILE = "mnist.npz"  # its name in LABS_DATA and in the cache
# The mirror and the hash that keras.datasets.mnist uses.
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def download(folder):
    """Path of the official file in `folder`, downloaded when it is not there."""
    return _download(URL, folder / FILE, SHA256, TITLE)


def read(path):
    """x_train, y_train, x_test, y_test of an .npz file; LabsError when it is not MNIST's."""
    return read_arrays(path, picture=(28, 28, 1), classes=len(LABELS))


def sample():
    """The bundled digits (data/README.md says how they were chosen) and what to call them."""
    arrays = read(bundled("mnist_sample.npz"))
    return arrays, f"MNIST sample: {len(arrays[0]):,} real digits bundled with labs"
