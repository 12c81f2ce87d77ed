"""A network from a file of one's own: .keras, .h5 or the folder of a SavedModel, looked at before it is loaded."""

import contextlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from labs.errors import ExportError
from labs.export.network import first_line

MOST_UNPACKED = 20  # times the file's size; weights hardly shrink in a zip
SMALL_FILE = 100_000_000  # bytes that a file may always unpack to
# What a file is, by its first bytes: (where, bytes, what to do about it).
PICKLE = "is a pickle, which can run code as it is read: save the network with model.save('my.keras')"
OTHERS = (
    *((0, b"\x80" + bytes([protocol]), PICKLE) for protocol in (2, 3, 4, 5)),
    (4, b"TFL3", "is a LiteRT file, a result already: give the Keras file that it was made from"),
)


def read_network(path, trust=False):
    """The Keras network in a file.

    path: a .keras file, or an HDF5 file (.h5) of Keras 2 or 3 that holds the network, not only its weights.
    trust: load Lambda layers too, that is, Python code that is in the file. Raises ExportError.

    Example: `read_network("my.keras")`.
    """
    path = Path(path)
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except OSError as error:
        raise ExportError(
            f"Cannot read {path} ({error.strerror}): give a .keras, .h5 or SavedModel."
        ) from error
    if start.startswith(b"PK"):
        _look_into_zip(path)
    elif start.startswith(b"\x89HDF\r\n\x1a\n"):
        _look_into_hdf5(path, trust)
    else:
        raise ExportError(f"{path} {_what_else(path, start)}.")
    return _load(path, trust)


def is_saved_model(path):
    return (path / "saved_model.pb").is_file()


def _what_else(path, start):
    for place, mark, what in OTHERS:
        if start[place : place + len(mark)] == mark:
            return what
    if path.suffix == ".onnx" or b"\x12\x07tf2onnx" in start or b"pytorch" in start:
        return "is an ONNX file, a result already: give the Keras file that it was made from"
    if path.suffix == ".pb":
        return "is a TensorFlow graph alone: give the SavedModel's folder, or the Keras file"
    if start.lstrip().startswith(b"{"):
        return "is JSON, a network without its weights: save both with model.save('my.keras')"
    return "is no network that is known here: give a .keras, an .h5 or the folder of a SavedModel"


def _look_into_zip(path):
    """Refuse what is no Keras file, unpacks to far more than it weighs, or leads out of its folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "config.json" in names and archive.getinfo("config.json").file_size < SMALL_FILE:
                json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise ExportError(f"{path} is damaged ({error}): save or copy it again.") from error
    if any(name.endswith("data.pkl") for name in names):
        raise ExportError(
            f"{path} is of PyTorch, by pickle: export it with torch.onnx, it is no Keras network."
        )
    if "config.json" not in names:
        raise ExportError(
            f"{path} is a zip file but holds no Keras network: save it with model.save('my.keras')."
        )
    if sum(entry.file_size for entry in entries) > max(SMALL_FILE, MOST_UNPACKED * path.stat().st_size):
        raise ExportError(f"{path} unpacks to far more than a network needs: do not open it.")
    if any(name.startswith(("/", "\\")) or ".." in Path(name).parts or ":" in name for name in names):
        raise ExportError(f"{path} has files that would be written outside its folder: do not open it.")


def _look_into_hdf5(path, trust):
    """Refuse weights without a network, and code: Keras' safe mode does not look into HDF5."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            config = file.attrs.get("model_config")
    except OSError as error:
        raise ExportError(f"{path} is damaged ({first_line(error)}): save or copy it again.") from error
    if config is None:
        raise ExportError(
            f"{path} holds weights but no network: build it in Python, load_weights, then model.save('my.keras')."
        )
    if not trust and _has_lambda(json.loads(config)):
        raise ExportError(
            f"{path} has a Lambda layer, Python code that runs when it is loaded: only if you know who made it, use --trust."
        )


def _has_lambda(config):
    if isinstance(config, dict):
        return config.get("class_name") in ("Lambda", "__lambda__", "function") or any(
            _has_lambda(value) for value in config.values()
        )
    return isinstance(config, list) and any(_has_lambda(value) for value in config)


def _load(path, trust):
    import keras

    of_keras2 = not zipfile.is_zipfile(path)
    if trust and of_keras2:
        keras.config.enable_unsafe_deserialization()  # the only way to tell the reader of HDF5
    try:
        if not of_keras2:
            return keras.saving.load_model(path, compile=False, safe_mode=not trust)
        with _as_keras3_reads_it(path) as mended:
            return keras.saving.load_model(mended, compile=False)
    except MemoryError as error:
        raise ExportError(f"{path} describes a network too large for this machine's memory.") from error
    except Exception as error:  # of Keras, h5py and TensorFlow, each its own
        if ("ambda" in str(error) and "unsafe" in str(error)) or "safe_mode" in str(error):
            raise ExportError(
                f"{path} has a Lambda layer, Python code that runs when it is loaded: only if you know who made it, use --trust."
            ) from error
        raise ExportError(
            f"Keras {keras.__version__} cannot load {path} ({first_line(error)}): "
            "if a class of your own is missing, call labs.export(model, ...) in the program that has it; "
            "if Keras 2 wrote it, load it there (pip install tf-keras), save a SavedModel and give that folder."
        ) from error


@contextlib.contextmanager
def _as_keras3_reads_it(path):
    """A copy of an HDF5 file without the two words of Keras 2 at which Keras 3 stops; they change nothing."""
    import h5py

    with tempfile.TemporaryDirectory(prefix="labs-export-") as folder:
        mended = Path(folder) / "network.h5"
        shutil.copyfile(path, mended)
        with h5py.File(mended, "r+") as file:
            config = json.loads(file.attrs["model_config"])
            _drop(config, "DepthwiseConv2D", "groups", 1)
            for recurrent in ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM2D"):
                _drop(config, recurrent, "time_major", False)
            file.attrs["model_config"] = json.dumps(config)
        yield mended


def _drop(config, layer, word, usual):
    """Remove `word` from every such layer's configuration where it has its usual value."""
    for part in config.values() if isinstance(config, dict) else config:
        if isinstance(part, (dict, list)):
            _drop(part, layer, word, usual)
    settings = (
        config.get("config") if isinstance(config, dict) and config.get("class_name") == layer else None
    )
    if isinstance(settings, dict) and settings.get(word, usual) == usual:
        settings.pop(word, None)
