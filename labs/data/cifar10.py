"""CIFAR-10: 60,000 colour photographs of 32x32 pixels in ten classes (Krizhevsky, 2009)."""

import io
import pickletools
import tarfile

import numpy as np

from labs.data.arrays import read_arrays
from labs.data.download import download as _download
from labs.errors import LabsError
from labs.files import bundled, whole_file

TITLE = "CIFAR-10"
LABELS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FILE = "cifar10.npz"  # its name in LABS_DATA and in the cache, made from the official archive:
ARCHIVE = "cifar-10-python.tar.gz"
URL = f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
STAND_IN = "CIFAR-10 stand-in (drawn emoji, no photographs)"
_PICTURE = (32, 32, 3)
_BATCHES = {"train": [f"data_batch_{n}" for n in range(1, 6)], "test": ["test_batch"]}


def download(folder):
    """Path of cifar10.npz in `folder`, made from the official archive when it is not there."""
    path = folder / FILE
    if not path.exists():
        archive = _download(URL, folder / ARCHIVE, SHA256, TITLE)
        with whole_file(path) as partial, open(partial, "wb") as file:
            np.savez(file, **read_archive(archive))
        archive.unlink()  # 170 MB that nobody reads again
    return path


def read(path):
    """x_train, y_train, x_test, y_test of an .npz file; LabsError when it is not CIFAR-10's."""
    return read_arrays(path, _PICTURE, classes=len(LABELS))


def sample():
    """The bundled stand-in and its name: emoji in CIFAR-10's classes, for no CIFAR-10 picture may be bundled."""
    return read(bundled("cifar10_standin.npz")), STAND_IN


def read_archive(path):
    """The arrays of the official archive as {"x_train": ..., ...}; nothing is unpickled, nothing written."""
    arrays = {}
    try:
        with tarfile.open(path) as archive:
            for part, names in _BATCHES.items():
                files = [archive.extractfile(f"cifar-10-batches-py/{name}") for name in names]
                batches = [read_batch(file.read()) for file in files]
                arrays[f"x_{part}"] = np.concatenate([x for x, _ in batches])
                arrays[f"y_{part}"] = np.concatenate([y for _, y in batches])
    except (OSError, KeyError, AttributeError, tarfile.TarError, EOFError) as error:
        raise LabsError(f"{path} is not CIFAR-10's archive ({error}): remove it and try again.") from error
    return arrays


def read_batch(content):
    """Pictures (n, 32, 32, 3) uint8 and classes (n,) int64 of one of the archive's pickled files.

    A pickle is a program, and loading it runs it. Here its instructions are only listed: the long
    string among them is the pixels, and the small numbers after the word "labels" are the classes.

    Example: `x, y = read_batch(Path("data_batch_1").read_bytes())`.
    """
    pixels, classes, last_word = b"", [], ""
    try:
        for instruction, value, _ in pickletools.genops(io.BytesIO(content)):
            if (
                isinstance(value, (str, bytes)) and "STRING" in instruction.name
            ) or "UNICODE" in instruction.name:
                last_word = value.encode("latin-1") if isinstance(value, str) else value
                pixels = max(pixels, last_word, key=len)
            elif instruction.name.startswith("BININT") and last_word == b"labels":
                classes.append(value)
    except (ValueError, UnicodeError) as error:
        raise LabsError(f"This is no batch of CIFAR-10: {error}.") from error
    if not classes or len(pixels) != len(classes) * 3072 or not all(0 <= c < len(LABELS) for c in classes):
        raise LabsError(
            f"This is no batch of CIFAR-10: {len(classes)} classes, {len(pixels)} bytes of pixels."
        )
    planes = np.frombuffer(pixels, "uint8").reshape(-1, 3, 32, 32)  # all red, all green, all blue
    return planes.transpose(0, 2, 3, 1), np.array(classes, "int64")
