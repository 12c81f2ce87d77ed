"""Solids as signed distance functions, their points, and how a camera sees them.

A solid is a function of places (..., 3) that says how far each is from the surface: negative inside, 0 on it. Join two by
`np.minimum`, take one from another by `np.maximum(one, -other)`. All fit into the cube from -1 to 1; z is up.
"""

import numpy as np

from labs.errors import LabsError

KINDS = ("ball", "box", "cylinder", "cone", "ring")
FOCAL = 3.6  # focal length of `look`, in half widths of its picture


def ball(p, radius):
    return np.linalg.norm(p, axis=-1) - radius


def box(p, half):
    """half: half the box' length along each axis."""
    q = np.abs(p) - half
    return np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(axis=-1), 0)


def cylinder(p, radius, half):
    """A cylinder along z, `half` up and down."""
    return box(np.stack([np.hypot(p[..., 0], p[..., 1]), p[..., 2]], axis=-1), (radius, half))


def cone(p, radius, half):
    """A cone along z; its tip is up. Outside, near the edge of its base, the distance is a little too small."""
    slope = np.hypot(p[..., 0], p[..., 1]) - radius * (half - p[..., 2]) / (2 * half)
    return np.maximum(slope * 2 * half / np.hypot(radius, 2 * half), np.abs(p[..., 2]) - half)


def ring(p, large, small):
    """A torus around z: radius of the ring, radius of its bar."""
    return np.hypot(np.hypot(p[..., 0], p[..., 1]) - large, p[..., 2]) - small


def rotation(random):
    """A rotation (3, 3), any one as likely as any other."""
    turn, signs = np.linalg.qr(random.normal(size=(3, 3)))
    turn = turn * np.sign(np.diag(signs))
    return turn * np.linalg.det(turn)


def any_solid(kind, random):
    """A solid of one of KINDS, in any proportions, turned any way.

    Example: `any_solid("cone", np.random.default_rng(1))(np.zeros(3))` is negative or small.
    """
    (a, b, c), turn = random.uniform(0.3, 0.65, 3), rotation(random)
    shapes = {
        "ball": lambda p: ball(p, a),
        "box": lambda p: box(p, (a, b, c)),
        "cylinder": lambda p: cylinder(p, 0.8 * a, b),
        "cone": lambda p: cone(p, a, b),
        "ring": lambda p: ring(p, 0.35 + 0.3 * b, 0.3 * c),
    }
    if kind not in shapes:
        raise LabsError(f"There is no solid {kind!r}: ask for {', '.join(KINDS)}.")
    return lambda p: shapes[kind](p @ turn)


def normals(solid, points, step=1e-3):
    """Where the distance grows fastest at each of the points (..., 3): (..., 3), of length 1."""
    slopes = [solid(points + step * axis) - solid(points - step * axis) for axis in np.eye(3)]
    slopes = np.stack(slopes, axis=-1)
    return slopes / (np.linalg.norm(slopes, axis=-1, keepdims=True) + 1e-9)


def surface(solid, count, random):
    """Points of the surface (count, 3): from anywhere, five times the distance down its slope."""
    points = random.uniform(-0.9, 0.9, (count, 3))
    for _ in range(5):
        points = points - solid(points)[:, None] * normals(solid, points)
    return points


def eyes(count, away=4.0):
    """Places all around the origin, evenly (a spiral of the golden angle): (count, 3)."""
    z = 1 - 2 * (np.arange(count) + 0.5) / count
    turn, flat = np.pi * (3 - 5**0.5) * np.arange(count) + 0.4, np.sqrt(1 - z**2)
    return away * np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=-1)


def camera_at(eye):
    """The rotation of a camera at `eye` that looks at the origin: its rows are right, down and forward."""
    forward = -eye / np.linalg.norm(eye)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def rays(side):
    """Each pixel's ray as that camera sees it, one unit deep: (side, side, 3)."""
    axis = ((np.arange(side) + 0.5) * 2 / side - 1) / FOCAL
    x, y = np.meshgrid(axis, axis)
    return np.stack([x, y, np.ones_like(x)], axis=-1)


def look(solid, eye, side=96):
    """Depth along the camera's axis (side, side), NaN where nothing is met: sphere tracing (Hart, 1996).

    Each ray goes as far as the distance says it safely may, and asks again.
    """
    way = rays(side) @ camera_at(eye)
    length = np.linalg.norm(way, axis=-1)
    depth = np.full(length.shape, np.linalg.norm(eye) - 1.3)
    for _ in range(50):
        depth += solid(eye + depth[..., None] * way) / length
    return np.where(solid(eye + depth[..., None] * way) < 0.003, depth, np.nan)
