"""`labs export`: a file of one's own becomes a folder with every format, and its card says what check found."""

import os
import warnings
from pathlib import Path

import numpy as np

from labs.errors import BadImage, ExportError
from labs.export.card import FORMATS, OPTIONAL, read_card, save_card
from labs.preprocess import fit

MOST_PICTURES = 256  # of --pictures; 16 of them are kept, all measure the cost of float16
NOISE = 16
OPEN_SIZE = 224  # pixels of each side, for a network that takes any size
PICTURES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def convert(path, folder, pictures=None, labels=None, trust=False, signature=None, scaling=None, **options):
    """Export the network in a file: .keras, .h5, or the folder of a SavedModel; returns the folder as a Path.

    pictures: a folder of pictures, or an .npy or .npz of arrays; noise when there is none, and the card says so.
    labels: a text file, one label a line. trust: also load Python code that is in the file.
    signature: which one of a SavedModel.
    scaling: what the program around the network did to the pixels, as a labs.export.scaling.Scaling; it
    becomes part of the network, so that every format takes raw pixels.
    Other options as labs.export. Raises ExportError.

    Example: `convert("my.keras", "out/mine", pictures="photos", scaling=Scaling(1 / 127.5, offset=-1))`.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whichever backend it was trained with
    path = Path(path)
    from labs.export.folder import export
    from labs.export.network import KerasNetwork
    from labs.export.signature import SavedSignature
    from labs.export.source import is_saved_model, read_network

    if is_saved_model(path):
        network = SavedSignature(path, signature, scaling.tensor if scaling else None, trust)
    else:
        model = read_network(path, trust)
        network = KerasNetwork(scaling.before(model) if scaling else model)
    x, source = _examples(pictures, network.inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a format that is left out is explained in the card
        return export(network, folder, labels=_read_labels(labels), x=x, source=source, **options)


def record(folder, report):
    """Write into the card why a runtime refuses a format, as `labs.check` has just seen it; then it is announced."""
    card = read_card(folder)
    best = next((row.title for row in report.rows if row.status == "ok" and row.runtime != "keras"), None)
    for row in report.rows:
        if row.status.startswith(("cannot", "crashed", "hung")) and not row.expected:
            card["notes"][row.runtime] = f"{row.status[:200]}; use {best}" if best else row.status[:200]
            row.expected = True
    save_card(folder, card)


def format_names(text):
    """The files' names for a list such as "onnx,tfjs,pb"."""
    short = {name.removeprefix("model.").removeprefix("frozen."): name for name in (*FORMATS, *OPTIONAL)}
    return [short.get(word.strip(), word.strip()) for word in text.split(",")]


def _read_labels(path):
    if path is None:
        return ()
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ExportError(
            f"Cannot read the labels {path}: give a text file in UTF-8, one label a line."
        ) from error


def _examples(pictures, inputs):
    """What the network is shown, an array an input, and where that comes from in words."""
    if pictures is None:
        random = np.random.default_rng(0)
        return [_noise(random, *described) for described in inputs], "noise: no pictures were given"
    path = Path(pictures)
    if path.suffix in (".npy", ".npz"):
        return _arrays(path, inputs), path.name
    if len(inputs) != 1 or not _is_picture(inputs[0][1]):
        wanted = ", ".join(f"{name} {shape}" for name, shape, _ in inputs)
        raise ExportError(f"The network takes {wanted}: give --pictures an .npz with these arrays.")
    return [_pictures(path, inputs[0][1])], f"{path.name}: pictures of your own"


def _is_picture(shape):
    return len(shape) == 4 and shape[3] in (1, 3)


def _noise(random, name, shape, dtype):
    """Patches of colour with noise for a picture, token numbers 0 and 1, normal numbers for all else."""
    count = shape[0] or NOISE
    if "int" in dtype:
        return random.integers(0, 2, (count, *(n or OPEN_SIZE for n in shape[1:]))).astype(dtype)
    sizes = [n or OPEN_SIZE for n in shape[1:]]
    if not _is_picture(shape):
        return random.normal(size=(count, *sizes)).astype("float32")
    height, width, channels = sizes
    patches = (
        random.integers(0, 256, (count, 4, 4, channels)).repeat(-(-height // 4), 1).repeat(-(-width // 4), 2)
    )
    noisy = patches[:, :height, :width] + random.normal(0, 10, (count, height, width, channels))
    return noisy.clip(0, 255).astype(np.uint8)


def _pictures(folder, shape):
    """Up to MOST_PICTURES pictures of a folder as one uint8 array; unreadable ones are an error that names them."""
    if not folder.is_dir():
        raise ExportError(f"There is no folder {folder}: give one with pictures, or an .npz of arrays.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
    if not paths:
        raise ExportError(f"{folder} has no pictures ({', '.join(PICTURES)}): give another folder.")
    count = min(shape[0] or MOST_PICTURES, len(paths))
    chosen = [paths[i] for i in np.linspace(0, len(paths) - 1, count).astype(int)]
    height, width = (n or OPEN_SIZE for n in shape[1:3])
    try:
        return np.stack([fit(path, height, width, shape[3]) for path in chosen])
    except BadImage as error:
        raise ExportError(f"{error} Or move it out of {folder}.") from error


def _arrays(path, inputs):
    try:
        loaded = np.load(path, allow_pickle=False)
        arrays = {name: loaded[name] for name in loaded.files} if hasattr(loaded, "files") else loaded
    except Exception as error:  # zipfile, zlib, numpy and the file system each raise their own
        raise ExportError(f"{path} cannot be read: save it with numpy.savez, numbers only.") from error
    if isinstance(arrays, dict) and len(inputs) == len(arrays) == 1:
        return [next(iter(arrays.values()))]
    return arrays if isinstance(arrays, dict) else [arrays]
