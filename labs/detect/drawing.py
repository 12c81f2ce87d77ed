"""Boxes over their pictures, with labels and scores."""

import matplotlib.pyplot as plt
import numpy as np

from labs.data.objects import Objects
from labs.show import use_korean_font

COLORS = ("#c0392b", "#1f5fa8", "#0b8a5f", "#b8860b", "#7a3fa0")


def show(pictures, found, labels, titles=None, source=""):
    """Show pictures in a row, each with its boxes.

    found: for each picture its Objects, or rows (boxes, 6) of class, score, x0, y0, x1, y1. labels: the names of
    the classes.

    Example: `labs.detect.show(data.x_test[:2], data.y_test[:2], data.labels)`.
    """
    use_korean_font()
    figure, axes = plt.subplots(1, len(pictures), figsize=(11, 4.2), squeeze=False, layout="constrained")
    for number, (axis, picture, boxes) in enumerate(zip(axes[0], pictures, found, strict=True)):
        axis.imshow(picture)
        axis.set(xlim=(-0.5, picture.shape[1] - 0.5), ylim=(picture.shape[0] - 0.5, -0.5))
        axis.set_axis_off()
        axis.set_title(titles[number] if titles else "", fontsize=10)
        for label, score, x0, y0, x1, y1 in _rows(boxes):
            color = COLORS[int(label) % len(COLORS)]
            axis.add_patch(plt.Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, color=color, linewidth=1.5))
            text = labels[int(label)] + ("" if np.isnan(score) else f" {score:.2f}")
            axis.text(max(x0, 0) + 1, max(y0, 0) + 1, text, fontsize=6.5, color="white", va="top", clip_on=True,
                      bbox={"facecolor": color, "edgecolor": "none", "pad": 0.6})  # fmt: skip
    figure.supxlabel(str(source), fontsize=8, color="0.45")


def _rows(boxes):
    if isinstance(boxes, Objects):
        return np.column_stack([boxes.classes, np.full(len(boxes.classes), np.nan), boxes.boxes])
    return np.asarray(boxes).reshape(-1, 6)
