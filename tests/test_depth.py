"""labs.load("stereo") and labs.depth: the geometry is exact, and what does not fit is said in a sentence."""

import cv2
import numpy as np
import pytest

import labs
from labs.data import stereo
from labs.data.rooms import BASELINE, FOCAL, LARGEST


@pytest.fixture(scope="module")
def pairs():
    return [stereo.scene(number, "test", 96, 160) for number in range(4)]


def test_the_data_set_is_the_same_at_each_call_and_needs_no_network(monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    one, two = (labs.load("stereo", "sample", train=2, test=1, height=96, width=160) for _ in range(2))
    assert one.x_train.shape == (2, 96, 320, 3) and one.x_train.dtype == np.uint8
    assert one.y_train.shape == (2, 96, 160) and one.y_train.dtype == np.float32
    assert (one.x_test == two.x_test).all() and (one.y_test == two.y_test).all()
    assert (one.x_train[0, :, :160] != one.x_test[0, :, :160]).any()
    assert labs.load("stereo", "sample", train=0, test=1, height=96, width=160).x_train.shape == (
        0,
        96,
        320,
        3,
    )


def test_the_right_picture_moved_by_the_disparity_is_the_left_one(pairs):
    for left, right, disparity, hidden, _ in pairs:
        height, width = disparity.shape
        assert disparity.min() > 0 and disparity.max() < LARGEST * width / 320 and 0 < hidden.mean() < 0.4
        x, y = np.meshgrid(np.arange(width, dtype="float32"), np.arange(height, dtype="float32"))
        moved = cv2.remap(right, x - disparity, y, cv2.INTER_LINEAR)
        apart = np.abs(moved.astype(float) - left).mean(-1)
        assert np.median(apart[~hidden]) < 25 < np.median(apart[hidden])


def test_a_ball_stands_where_projection_says():
    from labs.data.rooms import Room, _Ball

    room = Room(np.random.default_rng(1), [np.zeros((64, 64, 3), np.uint8)], 0.6)
    room.things = [_Ball((0.1, -0.2, 3), 0.4)]
    room.textures = room.textures[:1]
    depth = room.depth(0.0, 192, 320)
    ball = depth < 50
    y, x = np.argwhere(ball).mean(0) + 0.5
    assert x == pytest.approx(160 + FOCAL * 320 * 0.1 / 3, abs=1.5)
    assert y == pytest.approx(96 - FOCAL * 320 * 0.2 / 3, abs=1.5)
    assert depth.min() == pytest.approx(2.6, abs=0.02)
    moved = np.argwhere(room.depth(BASELINE, 192, 320) < 50).mean(0)[1] + 0.5
    assert x - moved == pytest.approx(FOCAL * 320 * BASELINE / 3, abs=1.5)


def test_judge_counts_as_middlebury_does():
    truth = np.array([[10, 20, np.nan, 30.0]])
    errors = labs.depth.judge(truth, [[11, 20, 99, 35.0]])
    assert errors.end_point == pytest.approx(2) and errors.bad2 == pytest.approx(1 / 3)
    assert "33.3%" in str(errors)
    assert labs.depth.judge(truth, [[11, 20, 99, 35.0]], [[True, True, True, False]]).bad2 == 0


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: labs.depth.judge(np.ones((4, 6)), np.ones((2, 3))), "resize it"),
        (lambda: labs.depth.judge(np.ones((1, 3)), [[1, np.nan, np.inf]]), "2 of the disparities"),
        (lambda: labs.depth.judge(np.full((2, 2), np.nan), np.ones((2, 2))), "nothing to judge"),
        (lambda: labs.depth.side_by_side(np.ones((4, 6, 3)), np.ones((4, 7, 3))), "one size"),
        (lambda: stereo.scene(0, "val"), 'ask for "train" or "test"'),
        (lambda: stereo.scene(0, "test", 8, 8), "48 to 2,048"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(ask, says):
    with pytest.raises(labs.LabsError, match=says) as caught:
        ask()
    assert str(caught.value).count("\n") == 0


def test_holes_are_filled_from_what_lies_behind():
    holes = np.array([[-1, 5, -1, -1, 9, -1.0], [-1, -1, -1, -1, -1, -1]])
    assert labs.depth.filled(holes).tolist() == [[5, 5, 5, 5, 9, 9], [0] * 6]


def test_paint_leaves_the_unknown_black():
    painted = labs.depth.paint(np.array([[1, np.nan, 60, 0.0]]), 60)
    assert painted.dtype == np.uint8 and not painted[0, 1].any() and not painted[0, 3].any()
    assert painted[0, 2, 0] > painted[0, 2, 2]  # near is red


def test_the_real_pair_is_asked_of_labs_data(tmp_path, monkeypatch):
    (tmp_path / "scikit_image").mkdir()
    picture = np.full((5, 8, 3), 7, np.uint8)
    for side in ("left", "right"):
        cv2.imwrite(str(tmp_path / "scikit_image" / f"motorcycle_{side}.png"), picture)
    np.savez(tmp_path / "scikit_image" / "motorcycle_disp.npz", np.full((5, 8), np.inf))
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    pair = stereo.real()
    assert pair.left.shape == (5, 8, 3) and np.isnan(pair.disparity).all() and "Middlebury" in pair.source


def test_without_the_real_pair_a_sentence_says_what_to_do(monkeypatch):
    import skimage.data

    def fails():
        raise OSError("no connection")

    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setattr(skimage.data, "stereo_motorcycle", fails)
    with pytest.raises(labs.DataUnavailable, match='size="sample"'):
        stereo.real()
    assert stereo.real("sample").left.shape == (192, 320, 3)
