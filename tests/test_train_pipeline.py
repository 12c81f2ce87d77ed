"""labs.train.batches, the schedule, the precision and the memory setting."""

import sys

import keras
import numpy as np
import pytest

from labs import cpu, train


def numbered(count, size=8):
    """Pictures whose every pixel tells their number in red and its column in green."""
    x = np.zeros((count, size, size, 3), "uint8")
    x[..., 0] = np.arange(count)[:, None, None]
    x[..., 1] = np.arange(size)[None, None]
    x[..., 2] = np.arange(size)[None, :, None]
    return x


def epoch(dataset):
    x, y = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.concatenate(x), np.concatenate(y)


def test_an_epoch_has_every_picture_once_with_its_class():
    classes = np.arange(60) % 10
    dataset = train.batches(numbered(60), classes, batch_size=10, shift=0, flip=False)
    assert len(dataset) == 6
    x, y = epoch(dataset)
    assert x.dtype == np.uint8 and y.dtype == np.float32 and y.shape == (60, 10)
    assert sorted(x[:, 0, 0, 0]) == list(range(60))
    assert np.array_equal(y.argmax(1), classes[x[:, 0, 0, 0]])
    assert np.array_equal(x, numbered(60)[x[:, 0, 0, 0]])


def test_each_epoch_has_another_order_and_a_seed_repeats_it():
    first, again = (train.batches(numbered(40), np.zeros(40, int), 10, seed=3) for _ in range(2))
    orders = [epoch(first)[0] for _ in range(2)]
    assert not np.array_equal(orders[0], orders[1])
    assert all(np.array_equal(order, epoch(again)[0]) for order in orders)


def test_flips_alternate():
    """Every picture is mirrored in exactly one of two epochs that follow each other."""
    dataset = train.batches(numbered(100), np.zeros(100, int), 20, shift=0)
    mirrored = []
    for _ in range(2):
        x, _ = epoch(dataset)
        now = np.zeros(100, bool)
        now[x[:, 0, 0, 0]] = x[:, 0, 0, 1] == 7
        mirrored.append(now)
    assert np.array_equal(mirrored[0], ~mirrored[1])
    assert 20 < mirrored[0].sum() < 80


def test_shifts_reach_both_ways_and_reflect_the_border():
    x, _ = epoch(train.batches(numbered(200), np.zeros(200, int), 50, flip=False, shift=2))
    right, down = x[:, 4, 4, 1].astype(int) - 4, x[:, 4, 4, 2].astype(int) - 4
    assert set(right) == set(down) == {-2, -1, 0, 1, 2}
    left_edge = x[:, 0, 0, 1]
    assert set(left_edge[right == -2]) == {2} and set(left_edge[right == 1]) == {1}


def test_pictures_that_fill_no_batch_wait():
    assert len(epoch(train.batches(numbered(25), np.zeros(25, int), 10))[0]) == 20


def test_impossible_batches_are_refused():
    with pytest.raises(ValueError, match="do not go together"):
        train.batches(numbered(5), np.zeros(5, int), batch_size=10)


def test_the_schedule_rises_falls_and_comes_back_from_its_configuration():
    schedule = train.UpThenDown(peak=0.5, steps=100, warm_up=0.2)
    again = train.UpThenDown.from_config(schedule.get_config())
    values = [float(again(step)) for step in (0, 10, 20, 60, 100, 200)]
    assert values == pytest.approx([0, 0.25, 0.5, 0.25, 0, 0])
    with pytest.raises(ValueError):
        train.UpThenDown(0.1, steps=0)


@pytest.mark.parametrize(("fast", "policy"), [(True, "mixed_bfloat16"), (False, "float32")])
def test_precision_follows_the_processor(fast, policy, monkeypatch, capsys):
    monkeypatch.setattr(cpu, "fast_bfloat16", lambda: fast)
    try:
        assert train.choose_precision() == policy == keras.config.dtype_policy().name
    finally:
        keras.config.set_dtype_policy("float32")
    assert policy in capsys.readouterr().out


def test_keep_memory_works_here_or_says_that_it_does_not(monkeypatch):
    assert train.keep_memory() in (True, False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert train.keep_memory() is False


def test_whitening_makes_patches_uncorrelated():
    random = np.random.default_rng(0)
    smooth = random.integers(0, 256, (400, 4, 4, 3)).repeat(4, axis=1).repeat(4, axis=2).astype("uint8")
    filters = train.whitening_filters(smooth, size=3, filters=6)
    assert filters.shape == (3, 3, 3, 6) and filters.dtype == np.float32
    scaled = smooth / np.float32(255)
    scaled -= scaled.mean((0, 1, 2))
    patches = np.lib.stride_tricks.sliding_window_view(scaled, (3, 3), axis=(1, 2))
    answers = np.einsum("nhwcij,ijcf->nhwf", patches, filters).reshape(-1, 6)
    assert np.cov(answers.T) == pytest.approx(np.eye(6), abs=0.25)
