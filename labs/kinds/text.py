"""A line of text: output `text` (N, steps, classes), connectionist temporal classification with class 0 as the blank.

labels are the characters of the classes 1, 2, ... in their order.
"""

from labs.kinds import Comparison, count_agreeing, output


def trouble(card, labels):
    entry = output(card, "text")
    if entry is None or len(entry["shape"]) != 3:
        return "it has no output `text` (N, steps, classes)"
    if len(labels) != entry["shape"][2] - 1:
        return f"there are {len(labels)} labels for {entry['shape'][2] - 1} characters and the blank"
    return None


def answers(outputs, card, labels):
    """The text of each picture: the best class at each step, repetitions and blanks left out (Graves 2006, section 3.2)."""
    texts = []
    for steps in outputs["text"].argmax(axis=2):
        changes = [int(now) for before, now in zip([0, *steps], steps, strict=False) if now != before]
        texts.append("".join(labels[number - 1] for number in changes if number))
    return texts


def in_picture(answer, network_size, picture_size):
    return answer


def plain(answer):
    return answer


JUDGED = ()


def compare(expected, answer, card, labels, half):
    """The same text."""
    keras, ours = answers(expected, card, labels), answers(answer, card, labels)
    agree, first = count_agreeing(k == o for k, o in zip(keras, ours, strict=True))
    return Comparison(
        agree, note="" if first is None else f"reads {ours[first]!r} where Keras reads {keras[first]!r}"
    )
