"""What a saved model says of one picture: `labs predict`."""

import numpy as np

from labs import runtimes as registry
from labs.errors import LabsError
from labs.export.card import read_card, read_labels, verify_files
from labs.preprocess import prepare
from labs.runtimes.children import Children, RuntimeFailure


def predict(folder, image, runtime="opencv_pb", top=5):
    """The `top` most probable labels of a picture: list of (label, probability), best first.

    folder: a saved model (labs.export). image: a path or an array (see labs.preprocess.prepare: the
    picture is resized to the network's input). runtime: a name of labs.runtimes.RUNTIMES; it runs
    in a child process. Raises BadModelFolder, BadImage, LabsError.

    Example: `labs.predict("saved_models/mnist", "my_seven.png")[0]` -> ("7", 0.998)
    """
    wanted = registry.get(runtime)
    card = read_card(folder)
    _must_have(wanted, card, folder)
    verify_files(folder, card)
    labels = read_labels(folder)
    batch = prepare(image, card)
    with Children() as children:
        child = children[runtime]
        try:
            child.open(folder, card)
            answer = child.predict({card["inputs"][0]["name"]: batch})
        except RuntimeFailure as failure:
            advice = f"choose another of the runtimes that `labs check {folder}` shows as ok"
            raise LabsError(f"{child.runtime.title}: {failure}; {advice}.") from failure
    return ranked(answer[card["outputs"][0]["name"]][0], labels)[:top]


def _must_have(runtime, card, folder):
    """Refuse a runtime whose file was not exported, with those that could answer."""
    if _exported(runtime, card):
        return
    others = ", ".join(name for name, other in registry.RUNTIMES.items() if _exported(other, card))
    raise LabsError(f"{folder} has nothing that {runtime.title} reads: choose another runtime ({others}).")


def _exported(runtime, card):
    return all(any(file.startswith(name) for file in card["files"]) for name in runtime.files)


def ranked(probabilities, labels):
    """Labels with their probabilities, best first; one sigmoid output means the second of two labels."""
    probabilities = np.asarray(probabilities, np.float64)
    if probabilities.shape == (1,) and len(labels) == 2:
        probabilities = np.array([1 - probabilities[0], probabilities[0]])
    if probabilities.shape != (len(labels),):
        raise LabsError(
            f"The network gives an output of shape {probabilities.shape} for {len(labels)} labels: it is no classifier."
        )
    if not np.isfinite(probabilities).all():
        raise LabsError("The network answers with values that are no numbers: train it anew.")
    order = np.argsort(-probabilities, kind="stable")
    return [(labels[index], float(probabilities[index])) for index in order]
