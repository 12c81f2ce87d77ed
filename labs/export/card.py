"""card.json: what a saved model is, how to feed it, and the hash of each of its files."""

import hashlib
import json
import math
import re
from pathlib import Path, PurePosixPath

import numpy as np

from labs.errors import BadModelFolder
from labs.files import sha256
from labs.kinds import NAMES

FORMAT = 1
FORMATS = ("model.keras", "saved_model", "frozen.pb", "model.onnx", "tfjs")
OPTIONAL = ("model.tflite",)
LARGEST_CARD = 1 << 20  # bytes
BLANK = "0" * 64  # stands for the card's own hash while that is computed
DTYPES = ("float32", "int32", "int64")
AGAIN = "get the folder again, or make it anew with labs.export"


def write_card(folder, card):
    """Add size and hash of every file in `folder` to `card` and write it as card.json."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / "card.json")
    files = {
        p.relative_to(folder).as_posix(): {"sha256": sha256(p), "bytes": p.stat().st_size} for p in paths
    }
    save_card(folder, {"format": FORMAT, **card, "files": files})


def save_card(folder, card):
    """Write `card` as card.json, led by the hash of its own text: one flipped bit is noticed."""
    card = {"sha256": BLANK, **{key: value for key, value in card.items() if key != "sha256"}}
    text = json.dumps(card, ensure_ascii=False, indent=1) + "\n"
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    (folder / "card.json").write_bytes(text.replace(BLANK, digest, 1).encode("utf-8"))


def read_card(folder):
    """The card of a saved-model folder as a dictionary, checked: it may come from a stranger.

    Raises BadModelFolder when there is no card, it is damaged, or it names files outside the folder.

    Example: `read_card("saved_models/mnist")["inputs"][0]["shape"]`.
    """
    folder = Path(folder)
    path = folder / "card.json"
    if not folder.is_dir():
        raise BadModelFolder(f"There is no folder {folder}: make it with labs.export, or check the name.")
    try:
        if path.stat().st_size > LARGEST_CARD:
            raise BadModelFolder(f"{path} is larger than a card can be: {AGAIN}.")
        text = path.read_bytes().decode("utf-8")
        card = json.loads(text, parse_constant=_no_constant)
    except FileNotFoundError:
        raise BadModelFolder(f"{folder} has no card.json, so it is no saved model: {AGAIN}.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadModelFolder(f"{path} cannot be read ({_first_line(error)}): {AGAIN}.") from None
    wrong = _what_is_wrong(card) or _what_was_changed(text, card)
    if wrong:
        raise BadModelFolder(f"{path} is damaged ({wrong}): {AGAIN}.")
    return card


def verify_files(folder, card):
    """Compare size and hash of every file the card lists; BadModelFolder names the first that differs."""
    folder = Path(folder)
    for name, expected in card["files"].items():
        path = folder / name
        if not path.is_file() or _leaves(path, folder):
            raise BadModelFolder(f"{path} is missing: {AGAIN}.")
        try:
            size, digest = path.stat().st_size, sha256(path)
        except OSError as error:
            raise BadModelFolder(f"{path} cannot be read ({_first_line(error)}): {AGAIN}.") from None
        if size != expected["bytes"]:
            raise BadModelFolder(f"{path} has {size:,} bytes, its card says {expected['bytes']:,}: {AGAIN}.")
        if digest != expected["sha256"]:
            raise BadModelFolder(
                f"{path} is not the file that was saved (its SHA-256 differs from the card): {AGAIN}."
            )


def read_labels(folder):
    """The labels of a saved model: labels.txt, one a line."""
    try:
        return (Path(folder) / "labels.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadModelFolder(f"{folder}/labels.txt cannot be read ({_first_line(error)}): {AGAIN}.") from None


def read_golden(folder, card):
    """The golden pictures and Keras' answers: ({input name: array}, {output name: array})."""
    path = Path(folder) / "golden.npz"
    keys = golden_keys(card)
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[key] for name, key in keys.items()}
    except Exception as error:  # zipfile, zlib, numpy and the file system each raise their own
        raise BadModelFolder(f"{path} cannot be read ({_first_line(error)}): {AGAIN}.") from None
    inputs = {t["name"]: arrays["input", t["name"]] for t in card["inputs"]}
    outputs = {t["name"]: arrays["output", t["name"]] for t in card["outputs"]}
    for tensor in [*card["inputs"], *card["outputs"]]:
        array = (inputs if tensor in card["inputs"] else outputs)[tensor["name"]]
        if not fits(array, tensor["shape"]) or array.size == 0 or array.dtype.kind not in "fiu":
            raise BadModelFolder(
                f"{path} does not fit its card ({tensor['name']} has shape {array.shape}): {AGAIN}."
            )
    if len({len(array) for array in arrays.values()}) != 1:
        raise BadModelFolder(f"{path} has as many answers as pictures in no two arrays: {AGAIN}.")
    return inputs, outputs


def golden_keys(card):
    """Where each tensor stands in golden.npz: ("input", name) -> "x", or "x_0", "x_1" for several."""
    several = len(card["inputs"]) > 1
    keys = {("input", t["name"]): f"x_{i}" if several else "x" for i, t in enumerate(card["inputs"])}
    return keys | {("output", t["name"]): f"y_{i}" if i else "y" for i, t in enumerate(card["outputs"])}


def _what_is_wrong(card):
    """What keeps `card` from being a card, in a few words; None when nothing does."""
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        return f"it is not of format {FORMAT}"
    for part in ("inputs", "outputs"):
        tensors = card.get(part)
        if not isinstance(tensors, list) or not tensors or not all(_is_tensor(t) for t in tensors):
            return f"its {part} are not described"
        if len({t["name"] for t in tensors}) != len(tensors):
            return f"two of its {part} have one name"
    files = card.get("files")
    if not isinstance(files, dict) or not files:
        return "it lists no files"
    for name, entry in files.items():
        if not _is_inside(name):
            return f"it names a file outside its folder, {name[:80]!r}"
        if not _is_file_entry(entry):
            return f"size or hash of {name[:80]!r} is missing"
    for needed in ("golden.npz", "labels.txt"):
        if needed not in files:
            return f"it does not list {needed}"
    notes = card.get("notes", {})
    if not isinstance(notes, dict) or not all(isinstance(text, str) for text in notes.values()):
        return "its notes are not text"
    if not isinstance(card.get("preprocessing"), (dict, type(None))):
        return "its preprocessing is not described"
    if trouble := sound_trouble(card):
        return trouble
    if card.get("kind", NAMES[0]) not in NAMES or not isinstance(card.get("decode", {}), dict):
        return "its kind or how to decode it is not described"
    return None


def _what_was_changed(text, card):
    digest = str(card.get("sha256"))
    blank = text.replace(digest, BLANK, 1).encode("utf-8")
    return (
        None if hashlib.sha256(blank).hexdigest() == digest else "its text was changed after it was written"
    )


def _is_tensor(tensor):
    return (
        isinstance(tensor, dict)
        and isinstance(tensor.get("name"), str)
        and re.fullmatch(r"[A-Za-z0-9_]{1,200}", tensor["name"]) is not None
        and tensor.get("dtype") in DTYPES
        and isinstance(tensor.get("shape"), list)
        and 1 <= len(tensor["shape"]) <= 8
        and all(n is None or (type(n) is int and 0 < n < 2**31) for n in tensor["shape"])
        and math.prod(n or 1 for n in tensor["shape"]) < 2**31
    )


def sound_trouble(card):
    """What keeps a network that hears from being given a sound, or None; also where it takes pictures."""
    if "rate" not in (card.get("preprocessing") or {}):
        return None
    rate, shape = card["preprocessing"]["rate"], card["inputs"][0]["shape"]
    if len(card["inputs"]) != 1 or len(shape) != 4 or shape[1::2] != [1, 1] or not shape[2]:
        return "it takes sound, but not one input (N, 1, samples, 1)"
    if type(rate) is not int or not 2_000 <= rate <= 400_000:
        return "its rate is no whole number from 2,000 to 400,000"
    return None


def _is_file_entry(entry):
    return (
        isinstance(entry, dict)
        and type(entry.get("bytes")) is int
        and re.fullmatch(r"[0-9a-f]{64}", str(entry.get("sha256"))) is not None
    )


def _is_inside(name):
    """Whether a file name stays in its folder, on every system."""
    plain = isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_.\-]+(/[A-Za-z0-9_.\-]+)*", name)
    return bool(plain) and not {".", ".."} & set(PurePosixPath(name).parts)


def _leaves(path, folder):
    return not path.resolve().is_relative_to(folder.resolve())


def fits(array, shape):
    """Whether an array has the shape a card gives; None and the batch fit any size."""
    return array.ndim == len(shape) and all(
        n is None or n == m for n, m in zip(shape[1:], array.shape[1:], strict=True)
    )


def _no_constant(name):
    raise ValueError(f"{name} is not a number of JSON")


def _first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
