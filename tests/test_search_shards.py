"""An index in parts on a Dask cluster answers as one whole index does, ties included."""

import numpy as np
import pytest

from labs.data import cifar10
from labs.search import METHODS, HistogramIndex, describe
from labs.search.shards import Shards, merge


def test_merge_keeps_the_order_of_equals():
    parts = [[(3, 0.5), (1, 0.9)], [(7, 0.5), (9, 0.5)], []]
    assert merge(parts, 3) == [(3, 0.5), (7, 0.5), (9, 0.5)]
    larger = [[(1, 0.9), (3, 0.5)], [(7, 0.9)]]
    assert merge(larger, 2, larger_is_better=True) == [(1, 0.9), (7, 0.9)]


def test_parts_answer_as_one():
    distributed = pytest.importorskip("distributed")
    rows = describe(cifar10.sample()[0][0])
    rows = np.concatenate([rows, rows[::2], rows[:1].repeat(30, axis=0)])
    whole = HistogramIndex(rows)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        shards = Shards(client, rows, parts=5)
        for method in METHODS:
            for number in (0, 11, 700):
                assert shards.search(rows[number], 40, method) == whole.search(rows[number], 40, method)
