"""labs.export(): one network, one trace, a folder with every format."""

import contextlib
import datetime
import importlib.metadata
import shutil
import warnings
from pathlib import Path

import numpy as np
import tensorflow as tf

from labs import kinds
from labs.errors import ExportError
from labs.export import limits
from labs.export.card import FORMATS, OPTIONAL, fits, golden_keys, sound_trouble, write_card
from labs.export.elsewhere import export_elsewhere, on_another_backend
from labs.export.frozen import for_opencv, write_frozen
from labs.export.litert import write_litert
from labs.export.network import KerasNetwork, first_line, run
from labs.export.onnx import write_onnx
from labs.export.signature import SavedSignature
from labs.export.tfjs import for_browsers, write_tfjs
from labs.files import whole_folder

GOLDEN = 16  # pictures kept with the model
COMPARED = 256  # pictures on which the cost of float16 is measured


def export(
    model,
    folder,
    labels=(),
    x=None,
    metrics=None,
    source="",
    precision="float32",
    formats=FORMATS,
    kind=None,
    decode=None,
    rate=None,
):
    """Save a trained network in every format, with labels, card and golden pictures.

    model: a Keras network that takes raw pixels (float32, 0..255, NHWC), scaling is inside it; or a
        labs.export.signature.SavedSignature.
    folder: where to; it appears whole or not at all, and replaces what was there.
    labels: one text a class (two for a single sigmoid output).
    x: real pictures (uint8 NHWC), of which 16 become the golden ones; for several inputs a list, or a
        dictionary by their names.
    metrics: dictionary of measured figures, e.g. {"test_accuracy": 0.991}. source: where the data came from.
    precision: "float16" halves the weights of model.onnx and tfjs.
    formats: which to write; add "model.tflite" for LiteRT.
    kind: what the outputs mean, one of labs.kinds.NAMES, and decode, a dictionary for card.json: how to
        read them (see the kind's module). labs.predict and labs.check go by it.
    rate: of a network that hears, how many samples a second: it takes (N, 1, samples, 1), raw 16-bit numbers
        (float32, -32768..32767), and x holds such.

    Returns the folder as a Path. Raises ExportError when the network cannot be exported at all; a
    format that cannot hold it is left out, warned of, and explained in the card's notes.

    Example:
        labs.export(model, "saved_models/mnist", labels=dataset.labels, x=dataset.x_test)
    """
    _check_arguments(formats, precision, kind)
    if x is None or len(x) == 0:
        raise ExportError(
            "Pass x=, a few real pictures: they go with the model as the proof of what it says."
        )
    if on_another_backend(model):
        options = {"labels": list(labels), "metrics": metrics, "source": source, "precision": precision}
        options |= {"kind": kind, "decode": decode, "rate": rate}
        return export_elsewhere(model, folder, x, formats=list(formats), **options)
    network = model if isinstance(model, (KerasNetwork, SavedSignature)) else KerasNetwork(model)
    x = [np.asarray(batch) for batch in network.as_list(x)]
    pictures = _golden_inputs(x)
    folder = Path(folder)
    graph = run("traced", network.trace, pictures)
    if len(pictures) != len(graph.inputs):
        raise ExportError(
            f"The network takes {len(graph.inputs)} inputs, x has {len(pictures)}: pass a list with one batch each."
        )
    answers = _answers(network, graph, pictures)
    frozen, unfit = _for_opencv(graph)
    labels = _checked_labels(labels, answers[graph.outputs[0].name], kind)
    card = {
        "name": folder.name,
        "created": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "inputs": [_describe(t) for t in graph.inputs],
        "outputs": [_describe(t) | {"graph_name": t.name} for t in graph.outputs],
        "preprocessing": _preprocessing(graph.inputs, rate),
        "labels": len(labels),
        "parameters": network.parameters,
        "source": source,
        "metrics": {name: float(value) for name, value in (metrics or {}).items()},
        "precision": precision,
        "versions": {
            name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "onnx", "tf2onnx")
        },
        "notes": limits.notes(network.layers(), graph, frozen) | ({"frozen.pb": unfit} if unfit else {}),
    }
    if kind is not None:
        card |= {"kind": kind, "decode": decode or {}}
        if wrong := kinds.named(kind).trouble(card, labels):
            raise ExportError(f"This is no network of the kind {kind}: {wrong}.")
    if wrong := sound_trouble(card):
        raise ExportError(f"This is no network that hears: {wrong}.")
    if precision == "float16":
        card["precision_cost"] = _precision_cost(graph, x)
    if unfit and "frozen.pb" in formats:
        warnings.warn(f"frozen.pb is left out. {unfit}", stacklevel=2)
        formats = [name for name in formats if name != "frozen.pb"]
    with _writing(folder) as partial:
        _write_formats(network, graph, frozen, partial, precision, formats, card["notes"])
        (partial / "labels.txt").write_text(
            "".join(f"{label}\n" for label in labels), encoding="utf-8", newline="\n"
        )
        keys = golden_keys(card)
        arrays = {keys["input", t.name]: batch for t, batch in zip(graph.inputs, pictures, strict=True)}
        arrays |= {keys["output", name]: value for name, value in answers.items()}
        np.savez_compressed(partial / "golden.npz", **arrays)
        write_card(partial, card)
    return folder


@contextlib.contextmanager
def _writing(folder):
    """whole_folder, with TensorFlow's own words for a full disk turned into a sentence as well."""
    try:
        with whole_folder(folder) as partial:
            yield partial
    except tf.errors.OpError as error:
        reason = str(error.message).splitlines()[0][:200]
        raise ExportError(f"Cannot write {folder} ({reason}): choose a folder with free space.") from error


def _write_formats(network, graph, frozen, folder, precision, formats, notes):
    writers = {
        "model.keras": network.write_keras,
        "saved_model": lambda path: network.write_saved_model(graph, path),
        "frozen.pb": lambda path: write_frozen(*frozen, path),
        "model.onnx": lambda path: write_onnx(graph, path, precision),
        "tfjs": lambda path: write_tfjs(graph, path, precision),
        "model.tflite": lambda path: write_litert(folder / "saved_model", path),
    }
    for name in [name for name in writers if name in formats]:
        try:
            writers[name](folder / name)
        except (OSError, tf.errors.OpError):  # of the disk, not of the network
            raise
        except Exception as error:  # of converters and layers, each its own
            _remove(folder / name)
            own = isinstance(error, ExportError)
            notes[name] = str(error) if own else f"this network does not go into {name} ({first_line(error)})"
            warnings.warn(f"{name} is left out. {notes[name]}", stacklevel=3)


def _for_opencv(graph):
    """The graph for frozen.pb and its weights, and why there is none (then it is as it was traced)."""
    try:
        return for_opencv(graph), None
    except Exception as error:  # a rule met what it was not made for
        return (graph.definition, graph.weights), str(error) if isinstance(
            error, ExportError
        ) else first_line(error)


def _remove(path):
    """What a writer has left of a format that it could not finish."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _check_arguments(formats, precision, kind):
    if kind is not None and kind not in kinds.NAMES:
        raise ExportError(f"There is no kind {kind!r}: choose from {', '.join(kinds.NAMES)}.")
    unknown = set(formats) - {*FORMATS, *OPTIONAL}
    if unknown:
        raise ExportError(
            f"There is no format {sorted(unknown)[0]!r}: choose from {', '.join(FORMATS + OPTIONAL)}."
        )
    if "model.tflite" in formats and "saved_model" not in formats:
        raise ExportError("model.tflite is made from the SavedModel: add saved_model to formats.")
    if precision not in ("float32", "float16"):
        raise ExportError(f"precision is {precision!r}: choose float32 or float16.")


def _golden_inputs(batches):
    """At most 16 of each input, spread over those that were given."""
    if (
        not all(batch.ndim and len(batch) for batch in batches)
        or len({len(batch) for batch in batches}) != 1
        or batches[0].dtype.kind not in "fiu"
    ):
        raise ExportError(
            "x must be an array of numbers (N, height, width, channels), or a list of such, all with the same N."
        )
    chosen = np.linspace(0, len(batches[0]) - 1, min(GOLDEN, len(batches[0]))).astype(int)
    return [
        batch[chosen] if batch.dtype == np.uint8 else batch[chosen].astype(_kept(batch)) for batch in batches
    ]


def _kept(batch):
    return "float32" if batch.dtype.kind == "f" else batch.dtype


def _answers(network, graph, batches):
    """What the network says of the golden pictures: {output name: float32 array}."""
    for tensor, batch in zip(graph.inputs, batches, strict=True):
        if not fits(batch, tensor.shape):
            raise ExportError(
                f"x has shape {batch.shape}, the network's {tensor.name!r} takes {tensor.shape}: pass matching pictures."
            )
    inputs = [batch.astype(t.dtype) for t, batch in zip(graph.inputs, batches, strict=True)]
    return run("run", network.answers, graph, inputs)


def _precision_cost(graph, x):
    """What rounding the weights that are stored to float16 changes, on up to 256 pictures of `x`."""
    count = min(COMPARED, len(x[0]))
    inputs = {
        f"{t.name}:0": np.asarray(b)[:count].astype(t.dtype) for t, b in zip(graph.inputs, x, strict=True)
    }
    output = f"{graph.outputs[0].name}:0"
    halved = {name: value.astype("float16").astype(value.dtype) for name, value in graph.weights.items()}
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(
            for_browsers(graph), name=""
        )  # TensorFlow on a CPU has no grouped convolutions either
        one, other = (
            session.run(output, inputs | {f"{name}:0": value for name, value in weights.items()})
            for weights in (graph.weights, halved)
        )
    cost = {"pictures": count, "largest_difference": float(np.abs(one - other).max())}
    if one.ndim == 2 and one.shape[1] > 1:
        cost["same_label"] = int((one.argmax(1) == other.argmax(1)).sum())
    return cost


def _checked_labels(labels, probabilities, kind):
    labels = [str(label) for label in labels]
    classes = probabilities.shape[-1]
    expected = (classes,) if classes > 1 else (1, 2)
    if labels and probabilities.ndim == 2 and len(labels) not in expected:
        raise ExportError(
            f"There are {len(labels)} labels for {classes} outputs: pass one label a class, in the order of the outputs."
        )
    space = (" ",) if kind == "text" else ()  # a character like others
    if any("\n" in label or "\r" in label or not (label.strip() or label in space) for label in labels):
        raise ExportError("A label is empty or has a line break: labels.txt holds one label a line.")
    return labels


def _describe(tensor):
    return {"name": tensor.name, "shape": list(tensor.shape), "dtype": tensor.dtype}


def _preprocessing(inputs, rate):
    """How to make the input from a picture or a sound; None for a network that takes neither."""
    if rate is not None:
        return {"layout": "NHWC", "range": [-32768, 32767], "rate": rate}
    channels = inputs[0].shape[-1] if len(inputs) == 1 and len(inputs[0].shape) == 4 else None
    if channels not in (1, 3):
        return None
    return {"layout": "NHWC", "range": [0, 255], "color": "grey" if channels == 1 else "rgb"}
