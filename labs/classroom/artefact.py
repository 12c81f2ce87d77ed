"""A saved-model folder that is handed in: the same pictures through every runtime, and are they right?

Example, in a test cell:
    artefact.examine("digits", pictures, truth, at_least=0.85)
"""

import contextlib
import os
from pathlib import Path

import numpy as np

from labs.classroom.expect import true
from labs.errors import LabsError
from labs.export.card import read_card, verify_files
from labs.runtimes import RUNTIMES

EXAMINED = ("keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime", "tfjs_wasm")
REQUIRED = ("keras", "opencv_pb", "onnxruntime")
TOLERANCE = 1e-4  # of the outputs' spread
SECONDS = 60

folder_of_submission = Path()  # `labs grade` sets it to where it has put what was handed in
make_children = None  # ... and this to processes inside its sandbox


def examine(folder, pictures, truth, at_least):
    """Ask that every runtime gives the same answers, and the right ones for the share `at_least`.

    folder: the saved model, e.g. "digits". pictures: uint8 NHWC; truth: a number of a label for each.
    Raises AssertionError, which says which runtime said what.
    """
    folder = folder_of_submission / folder
    true(
        (folder / "card.json").is_file(),
        en=f"there is no folder {folder.name} with a card.json: save it with labs.export and hand it in",
        ko=f"{folder.name} 폴더에 card.json이 없습니다. labs.export로 저장하여 함께 제출하세요",
    )
    try:
        answers = answer(folder, pictures)
    except LabsError as error:
        raise AssertionError(str(error).replace(f"{folder_of_submission}{os.sep}", "")) from None
    troubles = {name: said for name, said in answers.items() if isinstance(said, str)}
    for name in REQUIRED:
        troubles.setdefault(name, "not saved in its format") if name not in answers else None
    listed = "; ".join(f"{RUNTIMES[name].title}: {said}" for name, said in troubles.items())
    true(not troubles, en=f"no answer from {listed}", ko=f"답이 없는 런타임: {listed}")
    reference = answers["keras"]
    apart = {name: _apart(reference, said) for name, said in answers.items()}
    listed = ", ".join(f"{RUNTIMES[n].title} {d:.1e}" for n, d in apart.items() if not d <= TOLERANCE)
    true(not listed, en=f"differs from Keras: {listed}", ko=f"Keras와 답이 다른 런타임: {listed}")
    right = float(np.mean(reference.argmax(axis=1) == truth))
    true(
        right >= at_least,
        en=f"{right:.1%} of the pictures are recognised, at least {at_least:.0%} are asked for",
        ko=f"영상의 {right:.1%}를 맞혔습니다. {at_least:.0%} 이상이어야 합니다",
    )


def answer(folder, pictures):
    """What each runtime says: {name: probabilities (N, labels), or a sentence when it said nothing}.

    Runtimes that this machine lacks are left out, and formats that were not saved. Raises BadModelFolder.
    """
    card = read_card(folder)
    verify_files(folder, card)
    first, output = card["inputs"][0]["name"], card["outputs"][0]["name"]
    batch = {first: np.asarray(pictures).astype(card["inputs"][0]["dtype"])}
    said = {}
    with _children() as children:
        for name in EXAMINED:
            if any(file.startswith(RUNTIMES[name].files) for file in card["files"]):
                said[name] = _ask(children[name], folder, card, batch, output)
    return {name: text for name, text in said.items() if text is not None}


def _ask(child, folder, card, batch, output):
    from labs.runtimes.children import NotInstalled, RuntimeFailure

    try:
        child.open(folder, card, SECONDS)
        array = child.predict(batch, SECONDS)[output]
    except NotInstalled:
        return None
    except RuntimeFailure as failure:
        return str(failure)
    except KeyError:
        return f"no output {output!r}"
    finally:
        with contextlib.suppress(RuntimeFailure):
            child.close_model()
    length = len(next(iter(batch.values())))
    good = array.ndim == 2 and len(array) == length and array.dtype.kind == "f" and np.isfinite(array).all()
    return array if good else f"no probabilities, but {array.dtype} of shape {array.shape}"


def _apart(reference, said):
    if reference.shape != said.shape:
        return np.inf
    return float(np.abs(reference - said).max() / (np.ptp(reference) or 1.0))


def _children():
    if make_children is not None:
        return make_children()
    from labs.runtimes.children import Children

    return Children()
