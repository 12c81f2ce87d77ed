"""Average precision as COCO computes it (Lin et al., 2014; the numbers are pycocotools', tests compare them)."""

import numpy as np

from labs.data.objects import overlap

THRESHOLDS = np.linspace(0.5, 0.95, 10)  # IoU from which on a box counts as found
RECALLS = np.linspace(0, 1, 101)
MOST = 100  # boxes of a class in a picture; further ones are not looked at


def average_precision(truth, found, classes, thresholds=THRESHOLDS):
    """Average precision of each threshold and class: float64 (thresholds, classes); nan for a class without objects.

    truth: Objects, one a picture. found: an array (boxes, 6) a picture, rows of class, score, x0, y0, x1, y1
    in any order. `np.nanmean` of the first row is mAP50, of all of it mAP as COCO reports it.

    Example: `average_precision(data.y_test, found, len(data.labels))[0]` are the three AP50 of BCCD.
    """
    table = np.full((len(thresholds), classes), np.nan)
    for number in range(classes):
        _, right, count = _judge(truth, found, number, thresholds)
        if count:
            table[:, number] = [_area(*_precision_recall(hits, count)) for hits in right]
    return table


def curve(truth, found, number, threshold=0.5):
    """Precision and recall of class `number` as ever more boxes are let through, best first, and their scores.

    Returns three arrays (boxes,). Example: `precision, recall, scores = curve(truth, found, 0)`.
    """
    scores, right, count = _judge(truth, found, number, [threshold])
    return *_precision_recall(right[0], count), scores


def _judge(truth, found, number, thresholds):
    """Scores of all boxes of a class, best first, whether each is right (thresholds, boxes), and how many objects there are."""
    scores, right, count = [], [], 0
    for objects, boxes in zip(truth, found, strict=True):
        wanted = objects.boxes[objects.classes == number]
        boxes = np.asarray(boxes, "float64").reshape(-1, 6)
        boxes = boxes[boxes[:, 0] == number]
        boxes = boxes[np.argsort(-boxes[:, 1], kind="stable")[:MOST]]
        scores.append(boxes[:, 1])
        right.append(_matches(overlap(boxes[:, 2:], wanted), np.asarray(thresholds)))
        count += len(wanted)
    scores = np.concatenate(scores) if scores else np.zeros(0)
    right = np.concatenate(right, axis=1) if right else np.zeros((len(thresholds), 0), bool)
    order = np.argsort(-scores, kind="stable")
    return scores[order], right[:, order], count


def _matches(overlaps, thresholds):
    """Boxes in order of score each take the object that they overlap most and nobody has taken: (thresholds, boxes)."""
    boxes, objects = overlaps.shape
    right = np.zeros((len(thresholds), boxes), bool)
    free = np.ones((len(thresholds), objects), bool)
    rows = np.arange(len(thresholds))
    for box in range(boxes if objects else 0):
        fits = np.where(free & (overlaps[box] >= thresholds[:, None] - 1e-10), overlaps[box], -1)
        best = objects - 1 - fits[:, ::-1].argmax(axis=1)  # of equals the last, as pycocotools does
        right[:, box] = fits[rows, best] >= 0
        free[rows[right[:, box]], best[right[:, box]]] = False
    return right


def _precision_recall(hits, count):
    found = np.cumsum(hits)
    return found / np.arange(1, len(hits) + 1), found / max(count, 1)


def _area(precision, recall):
    """The mean over 101 recalls of the best precision at that recall or a higher one."""
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0)
    return best[np.searchsorted(recall, RECALLS)].mean()
