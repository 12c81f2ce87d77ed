"""One probability a class; one sigmoid output stands for the second of two classes."""

import numpy as np

from labs.errors import LabsError


def trouble(card, labels):
    shape = card["outputs"][0]["shape"]
    expected = {1, 2} if shape[1:] == [1] else {shape[-1]}
    if len(shape) != 2 or len(labels) not in expected:
        return f"its first output has the shape {shape} and there are {len(labels)} labels"
    return None


def answers(outputs, card, labels):
    """[(label, probability)] of each picture, best first."""
    return [ranked(row, labels) for row in outputs[card["outputs"][0]["name"]]]


def in_picture(answer, network_size, picture_size):
    return answer


def plain(answer):
    return [{"label": label, "probability": probability} for label, probability in answer]


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
