"""Augmentation for detectors: a picture is turned, mirrored, moved and lit, and its boxes go with it."""

import cv2
import numpy as np

from labs.data.objects import Objects

LEAST = 0.3  # a box of which less than this part is left in the picture goes


def warp(picture, objects, random, zoom=0.15, shift=0.05, turns=True, light=0.15):
    """A changed copy of a picture (height, width, 3) uint8 and of its Objects.

    random: a NumPy generator. zoom: times 1 - zoom to 1 + zoom; shift: up to this part of the sides; turns: by
    quarters of a circle and mirrored both ways, for what has no up and down; else only left and right are
    swapped. light: brightness and each colour times 1 - light to 1 + light. What comes in at the edge has the
    picture's mean colour: a mirrored edge would show objects that have no box.

    Example: `picture, objects = warp(x[0], y[0], np.random.default_rng(0))`.
    """
    height, width = picture.shape[:2]
    matrix = _matrix(height, width, random, zoom, shift, turns)
    mean = picture.mean(axis=(0, 1))
    changed = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=mean.tolist()
    )
    if light:
        gains = random.uniform(1 - light, 1 + light) * random.uniform(1 - light / 2, 1 + light / 2, 3)
        changed = np.clip(changed * gains.astype("float32"), 0, 255).astype("uint8")
    return changed, _moved(objects, matrix, height, width)


def _matrix(height, width, random, zoom, shift, turns):
    """2x3, as cv2.warpAffine takes it; (width, height) / 2 is the middle of coordinates that are edges, not pixels."""
    quarter = random.integers(4) if turns else 0
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter]
    linear = np.array([[cosine, -sine], [sine, cosine]]) * random.uniform(1 - zoom, 1 + zoom)
    if random.random() < 0.5:
        linear[:, 0] *= -1
    middle = np.array([width, height]) / 2
    moved = middle - linear @ middle + random.uniform(-shift, shift, 2) * (width, height)
    return np.column_stack([linear, moved + (linear.sum(axis=1) - 1) / 2])


def _moved(objects, matrix, height, width):
    """Boxes keep upright under quarter turns: two opposite corners are enough."""
    linear, moved = matrix[:, :2], matrix[:, 2] - (matrix[:, :2].sum(axis=1) - 1) / 2
    corners = objects.boxes.reshape(-1, 2, 2) @ linear.T + moved
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    inside = np.clip(boxes, 0, [width, height, width, height])
    left = np.prod(inside[:, 2:] - inside[:, :2], axis=1) / np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return Objects(inside[left >= LEAST].astype("float32"), objects.classes[left >= LEAST])
