"""How good a mask is: counted from one confusion table, in which pixels without a class do not appear."""

import cv2
import numpy as np


def confusion(truth, guess, classes, void=None):
    """How often each class was called what: int64 (classes, classes), a row for a true class.

    truth, guess: whole numbers of the same shape; pixels whose truth is `void` are left out. ValueError
    for two shapes, and for a class outside 0..classes-1.

    Example: `confusion([[0, 1]], [[0, 0]], 2)` is `[[1, 0], [1, 0]]`.
    """
    truth, guess = np.asarray(truth), np.asarray(guess)
    if truth.shape != guess.shape:
        raise ValueError(f"The masks have {truth.shape} and {guess.shape} pixels: bring them to one size.")
    counted = truth != void if void is not None else np.ones(truth.shape, bool)
    truth, guess = truth[counted].astype("int64"), guess[counted].astype("int64")
    for name, mask in (("true", truth), ("guessed", guess)):
        if mask.size and not 0 <= mask.min() <= mask.max() < classes:
            raise ValueError(f"A {name} class is {mask.min()} or {mask.max()}, outside 0..{classes - 1}.")
    return np.bincount(truth * classes + guess, minlength=classes**2).reshape(classes, classes)


def iou(table):
    """Intersection over union of each class, float64 (classes,); NaN for one that is neither there nor guessed.

    Source: Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010, section 4.3.

    Example: `np.nanmean(iou(confusion(truth, guess, 11, void=11)))` is the mIoU.
    """
    hits = np.diag(table).astype("float64")
    union = table.sum(0) + table.sum(1) - hits
    return np.divide(hits, union, out=np.full(len(table), np.nan), where=union > 0)


def pixel_accuracy(table):
    """The part of the pixels that have their true class."""
    return float(np.diag(table).sum() / max(table.sum(), 1))


def boundary_f1(truth, guess, classes, void=None, distance=2):
    """How well borders lie, 0..1: a border pixel counts when the other mask has one of its class within `distance` pixels.

    truth, guess: (height, width). The mean over the classes that are in `truth`. Source: Csurka et al., "What is a
    good evaluation measure for semantic segmentation?", BMVC 2013.

    Example: `boundary_f1(mask, mask, 11)` is 1.0.
    """
    guess = np.where(truth == void, void, guess) if void is not None else guess
    scores = []
    for number in np.intersect1d(np.unique(truth), np.arange(classes)):
        ours, theirs = border(guess == number), border(truth == number)
        near_theirs, near_ours = (_distance(edge) <= distance for edge in (theirs, ours))
        precision = near_theirs[ours].mean() if ours.any() else 0.0
        recall = near_ours[theirs].mean() if theirs.any() else 1.0
        scores.append(2 * precision * recall / max(precision + recall, 1e-9))
    return float(np.mean(scores))


def border(region):
    """The pixels of a boolean region (height, width) that touch a pixel outside it."""
    inner = cv2.erode(region.astype("uint8"), np.ones((3, 3), "uint8"), borderValue=1)
    return region & ~inner.astype(bool)


def _distance(edge):
    if not edge.any():
        return np.full(edge.shape, np.inf)
    return cv2.distanceTransform((~edge).astype("uint8"), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
