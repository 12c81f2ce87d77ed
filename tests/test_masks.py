"""labs.masks: pictures and masks move together, scores are what one counts by hand."""

import numpy as np
import pytest

from labs.masks import Batches, boundary_f1, confusion, iou, pixel_accuracy


def test_scores_as_counted_by_hand():
    truth = np.array([[0, 0, 1], [1, 1, 2]])
    guess = np.array([[0, 1, 1], [1, 0, 0]])
    table = confusion(truth, guess, 2, void=2)
    assert table.tolist() == [[1, 1], [1, 2]] and pixel_accuracy(table) == 3 / 5
    assert iou(table) == pytest.approx([1 / 3, 2 / 4])
    assert np.isnan(iou(confusion([0], [0], 2))[1])  # neither there nor guessed


def test_masks_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match="one size"):
        confusion(np.zeros((2, 2)), np.zeros((2, 3)), 2)
    with pytest.raises(ValueError, match="outside"):
        confusion([0, 5], [0, 0], 2)
    with pytest.raises(ValueError, match="outside"):
        confusion([0, 1], [0, -1], 2)


def test_borders_one_pixel_off_count_with_a_distance_of_one():
    truth, guess = np.zeros((20, 20), int), np.zeros((20, 20), int)
    truth[:, 10:], guess[:, 11:] = 1, 1
    assert boundary_f1(truth, truth, 2) == pytest.approx(1)
    assert boundary_f1(truth, guess, 2, distance=1) == pytest.approx(1)
    assert boundary_f1(truth, guess, 2, distance=0) < 0.1
    assert boundary_f1(truth, np.zeros_like(truth), 2) < 0.6


def test_a_batch_moves_picture_and_mask_alike():
    """The picture's grey says the class, so that after every change both must still agree."""
    random = np.random.default_rng(0)
    y = np.kron(random.integers(0, 5, (6, 6, 8)), np.ones((8, 8))).astype("uint8")
    x = np.repeat(y[..., None] * 50, 3, -1).astype("uint8")
    batches = Batches(x, y, void=9, batch_size=3, zoom=(0.6, 2), light=0, rare=0.5)
    assert len(batches) == 2
    pictures, masks = batches[0]
    assert pictures.shape == (3, 48, 64, 3) and pictures.dtype == "float32" and masks.dtype == "int32"
    known = masks != 9
    agree = np.rint(pictures[..., 0] / 50) == masks
    assert agree[known].mean() > 0.9  # all but the blurred borders
    assert (~known).any() or agree.mean() > 0.9


def test_batches_are_seeded_and_new_in_each_epoch():
    x, y = np.random.default_rng(0).integers(0, 255, (8, 16, 16, 3), "uint8"), np.zeros((8, 16, 16), "uint8")
    one, two = (Batches(x, y, void=9, batch_size=4, seed=3) for _ in range(2))
    assert (one[1][0] == two[1][0]).all()
    first = one[0][0]
    one.on_epoch_end()
    assert (one[0][0] != first).any()


def test_rare_classes_are_seen_more_often():
    y = np.zeros((20, 60, 80), "uint8")
    y[:, 5:8, 70:73] = 1
    x = np.zeros((20, 60, 80, 3), "uint8")
    seen = [np.mean(Batches(x, y, 9, 20, zoom=(3, 3), rare=part)[0][1] == 1) for part in (0.0, 1.0)]
    assert seen[1] > 2 * seen[0]
