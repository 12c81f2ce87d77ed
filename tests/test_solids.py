"""labs.data.solids: distances, cameras and points agree; labs.show_solids draws what it is given."""

import matplotlib
import numpy as np
import pytest

import labs
from labs import show_solids
from labs.data import solids


def test_a_balls_depth_is_where_geometry_says():
    eye = np.array([4.0, 0, 0])
    depth = solids.look(lambda p: solids.ball(p, 0.5), eye, side=65)
    assert depth[32, 32] == pytest.approx(3.5, abs=1e-3) and np.isnan(depth[0, 0])
    radius = np.sqrt(np.isfinite(depth).sum() / np.pi) * 2 / 65 / solids.FOCAL
    assert radius == pytest.approx(0.5 / np.sqrt(16 - 0.25), rel=0.03)  # the tangent's angle


@pytest.mark.parametrize("kind", solids.KINDS)
def test_points_lie_on_their_surface_and_normals_point_out(kind):
    random = np.random.default_rng(3)
    solid = solids.any_solid(kind, random)
    points = solids.surface(solid, 400, random)
    assert np.abs(solid(points)).max() < 0.03  # a cone's are still on their way
    outside = points + 0.05 * solids.normals(solid, points)
    assert solid(outside).min() > 0


def test_rotations_are_rotations_and_cameras_look_at_the_origin():
    turn = solids.rotation(np.random.default_rng(4))
    assert np.allclose(turn @ turn.T, np.eye(3)) and np.linalg.det(turn) == pytest.approx(1)
    for eye in solids.eyes(5):
        x, y, z = solids.camera_at(eye) @ -eye
        assert abs(x) < 1e-9 and abs(y) < 1e-9 and z == pytest.approx(4)


def test_meshes_points_and_voxels_are_drawn_and_else_is_refused():
    matplotlib.use("Agg")
    mesh = np.eye(3), np.array([[0, 1, 2]])
    show_solids.row([mesh, np.zeros((5, 3)), np.ones((2, 2, 2), bool)], ["mesh", "점", "voxels"])
    matplotlib.pyplot.close("all")
    with pytest.raises(labs.LabsError, match="no solid"):
        show_solids.row([np.zeros((4, 4))])
    with pytest.raises(labs.LabsError, match="cone"):
        solids.any_solid("teapot", np.random.default_rng(5))
    matplotlib.pyplot.close("all")
