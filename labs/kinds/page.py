"""A page's corners made exact: its sides are looked for in the full photograph, near where a small network saw them.

A network that looks at 320x240 pixels is off by some of them, and each is many pixels of the photograph. But a side of a page is an edge: along
each side a strip of the photograph is put straight, a path through the strip follows the strongest change from table to paper, and where the
paths of two sides meet is the corner. Bent sides are parabolas near their ends. The site's page "scan" does the same (web/public/js/edges.js).
"""

import numpy as np

ALONG, ACROSS = 64, 41  # samples of a strip
REACH = 0.04  # of the page's diagonal: how far from the side the strip goes, to either side
WINDOW = 3  # samples that are averaged on either side of an edge
TRUST = 0.5  # of the reach: sigma of the Gaussian by which places far from the network's side count less
PART = 0.4  # of a side, from the corner, that its parabola is fitted to
WEAK = 4  # grey levels: an edge that is weaker is none, and the corner stays where it was
FARTHEST = 0.05  # of the diagonal: a corner is not moved farther


def refine(picture, corners):
    """The corners moved to where the page's edges meet in the picture; float64 (4, 2).

    picture: uint8 (height, width, 1 or 3). corners: x, y (4, 2) in its pixels, going round the page. A corner whose edges are too faint, or
    meet too far away, stays.

    Example: `refine(photo, [(x, y) for _, x, y in labs.predict("saved_models/sheet", photo)])`.
    """
    corners = np.array(corners, np.float64)
    diagonal = (np.linalg.norm(corners[0] - corners[2]) + np.linalg.norm(corners[1] - corners[3])) / 2
    ends = np.roll(corners, -1, axis=0)
    if np.linalg.norm(ends - corners, axis=1).min() < 8:
        return corners
    sides = [
        (start, end - start, *_edge(picture, start, end, max(REACH * diagonal, 4)))
        for start, end in zip(corners, ends, strict=True)
    ]
    met = [_meeting(sides[number - 1], sides[number], corner) for number, corner in enumerate(corners)]
    near = np.linalg.norm(np.array(met) - corners, axis=1) < FARTHEST * diagonal  # false for not a number
    return np.where(near[:, None], met, corners)


def _edge(picture, start, end, reach):
    """How far inside the straight side the edge runs, in pixels, at each place along it, and how strong it is: (ALONG,) twice."""
    strip, depth = _strip(picture, start, end, reach)
    channels = strip.shape[2]
    table, paper = (np.median(part.reshape(-1, channels), axis=0) for part in (strip[:16], strip[-16:]))
    toward = (paper - table) / (np.linalg.norm(paper - table) + 1e-6)
    sums = np.cumsum(np.pad(strip @ toward, ((1, 0), (0, 0))), axis=0)
    means = (sums[WINDOW:] - sums[:-WINDOW]) / WINDOW
    step = np.maximum(means[WINDOW:] - means[:-WINDOW], 0)
    depth = (depth[WINDOW - 1 : -WINDOW] + depth[WINDOW : 1 - WINDOW]) / 2
    row, column = _path(step * np.exp(-0.5 * (depth / (TRUST * reach)) ** 2)[:, None]), np.arange(ALONG)
    inner = np.clip(row, 1, len(step) - 2)
    above, here, below = (step[inner + shift, column] for shift in (-1, 0, 1))
    bow = above - 2 * here + below  # the summit of a parabola through three samples
    shift = np.where(bow < -1e-6, 0.5 * (above - below) / np.minimum(bow, -1e-6), 0)
    return depth[inner] + np.clip(shift, -0.5, 0.5) * (depth[1] - depth[0]), step[row, column]


def _strip(picture, start, end, reach):
    """The side's neighbourhood put straight: float32 (ACROSS, ALONG, channels), outside first, and each row's depth in pixels."""
    import cv2

    along, depth = (np.arange(ALONG) + 0.5) / ALONG, np.linspace(-reach, reach, ACROSS)
    side = end - start
    inward = np.array([-side[1], side[0]]) / np.linalg.norm(side)
    places = np.float32(start + along[None, :, None] * side + depth[:, None, None] * inward - 0.5)
    strip = cv2.remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    strip = cv2.blur(np.float32(strip), (5, 1), borderType=cv2.BORDER_REPLICATE)  # noise, not the edge
    return strip.reshape(ACROSS, ALONG, -1), depth


def _path(strength):
    """The row of each column on the way from left to right whose sum is largest; from column to column it moves one row at most."""
    total, came = strength[:, 0], []
    for column in strength.T[1:]:
        padded = np.pad(total, 1, constant_values=-np.inf)
        choices = np.stack([total, padded[:-2], padded[2:]])
        came.append(np.array([0, -1, 1])[choices.argmax(axis=0)])
        total = choices.max(axis=0) + column
    row = [int(total.argmax())]
    for move in reversed(came):
        row.append(row[-1] + move[row[-1]])
    return np.array(row[::-1])


def _meeting(before, after, corner):
    """Where the end of one side meets the beginning of the next: (2,); not a number where an edge is too weak."""
    curves = []
    for (start, side, inside, strength), end in ((before, 1.0), (after, 0.0)):
        along = (np.arange(ALONG) + 0.5) / ALONG
        near = abs(along - end) < PART
        if np.median(strength[near]) < WEAK:
            return np.full(2, np.nan)
        curves.append((start, side, end, _parabola(along[near], inside[near], strength[near])))
    place = corner
    for _ in range(4):  # the tangents where the last place stands meet in a better one
        normals, distances = [], []
        for start, side, end, (bent, steep, shift) in curves:
            at = np.clip((place - start) @ side / (side @ side), end - 0.2, end + 0.2)
            inward = np.array([-side[1], side[0]]) / np.linalg.norm(side)
            point = start + at * side + ((bent * at + steep) * at + shift) * inward
            tangent = side + (2 * bent * at + steep) * inward
            normal = np.array([-tangent[1], tangent[0]]) / np.linalg.norm(tangent)
            normals.append(normal)
            distances.append(normal @ point)
        if abs(np.linalg.det(normals)) < 0.2:  # nearly the same direction
            return np.full(2, np.nan)
        place = np.linalg.solve(normals, distances)
    return place


def _parabola(along, inside, strength):
    """Coefficients of `inside` as a parabola of `along`; what lies far off counts less (Huber, 1964)."""
    powers = np.stack([along**2, along, np.ones_like(along)], axis=1)
    weight, scale = strength + 1e-3, 1.5 * np.median(abs(np.diff(inside))) + 0.2
    for _ in range(8):
        weighted = powers * weight[:, None]
        found = np.linalg.solve(powers.T @ weighted, weighted.T @ inside)
        weight = (strength + 1e-3) / np.maximum(1, abs(powers @ found - inside) / scale)
    return found
