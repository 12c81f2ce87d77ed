"""Is a map true? Three questions to it: does it depend on what was learnt, on the pixels, on the method?"""

import contextlib

import cv2
import numpy as np

from labs.explain.network import infer, walk
from labs.explain.occlusion import probabilities


@contextlib.contextmanager
def shuffled(model, count, seed=0):
    """For the time of a `with` block the last `count` layers with weights have them in random order.

    A map that stays the same does not show what the network has learnt. Yields the layers' paths, the
    last first. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3.1.

    Example: `with labs.explain.shuffled(model, 3): maps = labs.explain.grad_cam(model, pictures, 281)`.
    """
    last_first = list(reversed(weighted_layers(model).items()))[:count]
    draw, kept = np.random.default_rng(seed), []
    try:
        for _, layer in last_first:
            kept.append((layer, layer.get_weights()))
            layer.set_weights([draw.permutation(w.ravel()).reshape(w.shape) for w in kept[-1][1]])
        yield [path for path, _ in last_first]
    finally:
        for layer, weights in kept:
            layer.set_weights(weights)


def weighted_layers(model):
    """{path: layer} of all layers with weights, in the order of running."""
    found = {}

    def step(op, path, *args, **kwargs):
        if getattr(op, "weights", None):
            found[path] = op
        return infer(op, *args, **kwargs)

    walk(model, step)
    return found


def deletion(model, pictures, maps, label, steps=20, batch=32):
    """The label's probability while the brightest pixels of each map are taken away: float32 (n, steps + 1).

    Taken away means blurred beyond recognition. A true map makes it fall at once; the mean of the curve is
    its score (low is good). Petsiuk et al., "RISE", BMVC 2018, section 4.2.

    Example: `labs.explain.deletion(model, pictures, maps, 281).mean()`.
    """
    blurred = _blurred(pictures)
    return _curve(model, np.asarray(pictures, "float32"), blurred, maps, label, steps, batch)


def insertion(model, pictures, maps, label, steps=20, batch=32):
    """The same from a blurred picture in which the brightest pixels appear first (high is good).

    Example: `labs.explain.insertion(model, pictures, maps, 281).mean()`.
    """
    blurred = _blurred(pictures)
    return _curve(model, blurred, np.asarray(pictures, "float32"), maps, label, steps, batch)


def agreement(maps, others, side=14):
    """Spearman's rank correlation of two maps a picture: float32 (n,), 1 for the same order of places.

    maps, others: (n, height, width); both are averaged to side x side places first, so that fine lines
    and coarse clouds may be compared. NaN for a map that is the same everywhere: it has no order.

    Example: `labs.explain.agreement(saliency_maps, grad_cam_maps).mean()`.
    """
    return np.float32([_correlation(*pair, side) for pair in zip(maps, others, strict=True)])


def _correlation(one, other, side):
    one, other = (_ranks(_small(heat, side)) for heat in (one, other))
    return np.corrcoef(one, other)[0, 1] if np.ptp(one) and np.ptp(other) else np.nan


def _curve(model, start, end, maps, label, steps, batch):
    """Probabilities while `start` turns into `end`, from the brightest pixels of the maps on."""
    order = np.argsort(-maps.reshape(len(maps), -1), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(order.shape[1])[None], axis=1)
    rank = rank.reshape(maps.shape)[..., None]
    shares = np.linspace(0, 1, steps + 1)
    rows = [np.where(rank < share * order.shape[1], end, start) for share in shares]
    return np.stack([probabilities(model, row, label, batch) for row in rows], axis=1)


def _blurred(pictures):
    pictures = np.asarray(pictures, "float32")
    sigma = pictures.shape[1] / 10
    return np.stack([cv2.GaussianBlur(one, (0, 0), sigma).reshape(one.shape) for one in pictures])


def _small(heat, side):
    return cv2.resize(np.asarray(heat, "float32"), (side, side), interpolation=cv2.INTER_AREA).ravel()


def _ranks(values):
    """Ranks from 0 on; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[inverse]
