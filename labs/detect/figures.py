"""A detector's rows on test pictures: what is left of them, and the figures of a table."""

import numpy as np

from labs.detect.precision import average_precision
from labs.kinds.boxes import decoded


def suppressed(rows, classes, nms=None, threshold=0.0):
    """Rows (boxes, 6) of class, score, x0, y0, x1, y1 from `threshold` on, best first.

    nms: the overlap (IoU) from which the better of two boxes of one class drives out the other; None for no suppression.

    Example: `suppressed(rows, classes=3, nms=0.5)`.
    """
    kept = decoded(rows, {"decode": {"threshold": max(threshold, 1e-6), "nms": nms}}, classes)
    return kept.reshape(-1, 6)


def judge(truth, rows, labels, nms=None):
    """The AP50 of each label, their mean "mAP50", and "mAP" over thresholds from 0.5 to 0.95: a dictionary.

    truth: Objects, one a picture; rows: an array (boxes, 6) a picture, in any order; nms: as for `suppressed`.

    Example: `judge(data.y_test, detector.predict(data.x_test), data.labels)["mAP50"]`.
    """
    found = [suppressed(each, len(labels), nms)[:300] for each in rows]
    table = average_precision(truth, found, len(labels))
    figures = dict(zip(labels, table[0], strict=True))
    return {
        name: round(float(value), 4)
        for name, value in {**figures, "mAP50": np.nanmean(table[0]), "mAP": np.nanmean(table)}.items()
    }
