"""An answer of labs.predict as lines of text, as JSON, or drawn over its picture: what `labs predict` prints and writes."""

import numpy as np

from labs import kinds
from labs.errors import LabsError
from labs.export.card import read_card, read_labels
from labs.files import whole_file
from labs.kinds import drawing


def plain(folder, answer):
    """The answer as plain Python, for JSON."""
    return kinds.named(_kind(folder)).plain(answer)


def lines(folder, answer):
    """The answer in lines, for a terminal."""
    kind, labels = _kind(folder), read_labels(folder)
    if kind == "mask":
        share = np.bincount(answer.ravel(), minlength=len(labels)) / answer.size
        return [f"{share[n]:7.2%}  {labels[n]}" for n in np.argsort(-share, kind="stable") if share[n]]
    if kind == "boxes":
        return [
            f"{box.score:7.2%}  {box.label:12}  {box.x0:.0f},{box.y0:.0f} to {box.x1:.0f},{box.y1:.0f}"
            for box in answer
        ] or ["nothing found"]
    if kind == "points":
        return [f"{x:7.1f} {y:7.1f}  {name}" for name, x, y in answer]
    if kind == "text":
        return [answer]
    if kind == "picture":
        return [f"a picture of {answer.shape[1]} x {answer.shape[0]} pixels: write it with --out"]
    return [f"{probability:7.2%}  {label}" for label, probability in answer]


def write(folder, image, answer, path):
    """Write the answer over the picture of the file `image` as a PNG. Raises LabsError for a kind that has no place."""
    import cv2

    drawn = _drawn(folder, image, answer)
    if path.suffix.lower() != ".png":
        raise LabsError(f"{path} is no .png: give --out a name that ends in .png.")
    with whole_file(path) as partial:
        partial.write_bytes(cv2.imencode(".png", np.ascontiguousarray(drawn[..., ::-1]))[1].tobytes())


def _drawn(folder, image, answer):
    from labs.preprocess import fit

    kind, labels = _kind(folder), read_labels(folder)
    if kind == "picture":
        return np.repeat(answer, 3, axis=2) if answer.shape[2] == 1 else answer
    if kind not in ("mask", "boxes", "points"):
        raise LabsError(f"--out draws masks, boxes, points and pictures; {folder} answers with {kind}.")
    picture = fit(image, None, None, 3)
    if kind == "mask":
        return drawing.draw_mask(picture, answer, labels, read_card(folder)["decode"].get("colors"))
    if kind == "boxes":
        return drawing.draw_boxes(picture, answer, labels)
    return drawing.draw_points(picture, answer)


def _kind(folder):
    return read_card(folder).get("kind", "probabilities")
