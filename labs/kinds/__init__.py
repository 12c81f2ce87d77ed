"""What the numbers of a network mean: one small module a kind of answer, named by "kind" in card.json.

Each module has

    trouble(card, labels)      what keeps the card's outputs from being of this kind, or None
    answers(outputs, card, labels)
                               one answer a picture, in pixels of the network's input
    in_picture(answer, network_size, picture_size)
                               the same answer in pixels of the picture (both sizes: height, width)
    plain(answer)              the same as plain Python, for JSON

perhaps

    refined(answer, picture, card)
                               the answer made more exact by the full picture, for labs.predict

and, where two runtimes are compared by more than the size of their differences,

    JUDGED                     names of the outputs that `compare` judges instead
    compare(expected, answer, card, labels, half)
                               Comparison of two runtimes' outputs; half: the weights were rounded to float16
"""

import importlib
from dataclasses import dataclass

from labs.errors import BadModelFolder

NAMES = ("probabilities", "mask", "boxes", "points", "text", "picture")


@dataclass
class Comparison:
    """How many pictures get the answer that Keras gives, the largest difference, and what differs in the first that does not."""

    agree: int
    difference: float | None = None
    note: str = ""


def get(card, labels):
    """The module of the card's kind, None when it names none. Raises BadModelFolder when its outputs do not fit."""
    if "kind" not in card:
        return None
    module = named(card["kind"])
    if wrong := module.trouble(card, labels):
        raise BadModelFolder(f"The card says that {card['name']} answers with {card['kind']}, but {wrong}.")
    return module


def named(name):
    """The module of a kind, one of NAMES."""
    return importlib.import_module(f"labs.kinds.{name}")


def output(card, name):
    """The card's entry of an output, or None."""
    return next((entry for entry in card["outputs"] if entry["name"] == name), None)


def count_agreeing(same):
    """How many are True, and the number of the first that is not (None when all are)."""
    same = list(same)
    return sum(same), None if all(same) else same.index(False)
