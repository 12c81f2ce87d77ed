"""Quadrangles around words: from a detector's map, into an order, cut out of the picture."""

import numpy as np

# Every side of a word's middle lies inside by 0.3 of the word's height (labs.hangul.pages.shrunk_map). To undo that, the middle
# would have to grow by 1.5 of its own height; the kept finder paints a little too thick, and with 1.0 its boxes fit best.
GROWN = 1.0


def quads_of(found, threshold=0.5, least=4):
    """The rectangles around the words of a map: float32 (count, 4, 2) in its pixels, clockwise from each top left, and scores.

    found: (H, W), the probability that a pixel is in the middle of a word. least: pixels that a middle has.
    Post-processing of DB (Liao et al., AAAI 2020, section 3.5): connected parts, their smallest rectangles, and those
    moved outwards by what the middles were moved inwards.
    """
    import cv2

    count, part, boxes, _ = cv2.connectedComponentsWithStats((found > threshold).astype(np.uint8))
    quads, scores = [], []
    for number in range(1, count):
        x, y, w, h, area = boxes[number]
        if area < least:
            continue
        inside = part[y : y + h, x : x + w] == number
        points = np.argwhere(inside)[:, ::-1].astype(np.float32) + np.float32([x, y])
        centre, (wide, tall), angle = cv2.minAreaRect(points)
        wide, tall = wide + 0.5, tall + 0.5  # pixels have a width of their own
        grow = GROWN * min(wide, tall)
        quads.append(corners((centre, (wide + grow, tall + grow), angle)) + 0.5)
        scores.append(float(found[y : y + h, x : x + w][inside].mean()))
    return np.array(quads, np.float32).reshape(-1, 4, 2), scores


def corners(rectangle):
    """OpenCV's rotated rectangle as float32 (4, 2): clockwise from the top left, text within 45 degrees of upright."""
    import cv2

    points = cv2.boxPoints(rectangle).astype(np.float32)
    turned = points - points.mean(axis=0)
    points = points[np.argsort(np.arctan2(turned[:, 1], turned[:, 0]), kind="stable")]
    edges = np.roll(points, -1, axis=0) - points
    level = np.where(edges[:, 0] > 0, np.abs(edges[:, 1]) / np.maximum(edges[:, 0], 1e-6), np.inf)
    return np.roll(points, -int(level.argmin()), axis=0)  # the upper side is the one that runs to the right


def overlap(quad, other):
    """Intersection over union of two convex quadrangles, 0 to 1.

    Example: `overlap([(0, 0), (2, 0), (2, 1), (0, 1)], [(1, 0), (3, 0), (3, 1), (1, 1)])` is 1/3.
    """
    import cv2

    quad, other = np.float32(quad), np.float32(other)
    shared = cv2.intersectConvexConvex(quad, other)[0]
    union = abs(cv2.contourArea(quad)) + abs(cv2.contourArea(other)) - shared
    return float(shared / union) if union > 0 else 0.0


def rows_of(quads):
    """Numbers of the quadrangles as rows of text: rows from top to bottom, each from left to right.

    A row is followed along its own slope, so that a turned page is read as well as a straight one.
    """
    quads = np.asarray(quads, np.float32).reshape(-1, 4, 2)
    if not len(quads):
        return []
    middles, sides = quads.mean(axis=1), quads[:, 1] - quads[:, 0]
    weights = np.maximum(1, np.linalg.norm(sides, axis=1).astype(int))
    slope = np.median(np.repeat(sides[:, 1] / np.maximum(sides[:, 0], 1e-3), weights))
    level = middles[:, 1] - slope * middles[:, 0]
    tall = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    rows = []
    for number in np.argsort(level, kind="stable").tolist():
        row = rows[-1] if rows else []
        reach = 0.7 * max(np.median(tall[row]), 0.6 * tall[number]) if row else 0
        if row and abs(level[number] - np.mean(level[row])) < reach:
            row.append(number)
        else:
            rows.append([number])
    return [sorted(row, key=lambda number: middles[number, 0]) for row in rows]


def reading_order(quads):
    """Numbers of the quadrangles in reading order: the rows one after the other."""
    return [number for row in rows_of(quads) for number in row]


def cut(picture, quad, margin=0.06):
    """The picture inside a quadrangle, laid straight, with a margin of its height: as many channels, uint8."""
    import cv2

    quad = np.asarray(quad, np.float32)
    wide, tall = (max(2.0, float(np.linalg.norm(side))) for side in (quad[1] - quad[0], quad[3] - quad[0]))
    pad = max(1.0, margin * tall)
    size = round(wide + 2 * pad), round(tall + 2 * pad)
    inner = np.float32(
        [[pad, pad], [size[0] - pad, pad], [size[0] - pad, size[1] - pad], [pad, size[1] - pad]]
    )
    matrix = cv2.getPerspectiveTransform(quad, inner)
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
