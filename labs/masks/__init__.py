"""Masks, a class for each pixel: batches to learn from, scores, colours on the picture, objects out of classes.

batches = labs.masks.Batches(data.x_train, data.y_train, void=data.void)
table = labs.masks.confusion(data.y_test, guessed, len(data.labels), void=data.void)
labs.masks.iou(table).mean()
"""

from labs.masks.batches import Batches
from labs.masks.paint import paint
from labs.masks.scores import border, boundary_f1, confusion, iou, pixel_accuracy

__all__ = ["Batches", "border", "boundary_f1", "confusion", "iou", "paint", "pixel_accuracy"]
