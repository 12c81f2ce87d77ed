"""An index that is too large for one machine: parts of it on many (Dask), each asked for its k best, the answers merged."""

import heapq
from itertools import pairwise

import numpy as np

from labs.search.histograms import LARGER_IS_BETTER, HistogramIndex


def merge(answers, k, larger_is_better=False):
    """The k best of several lists [(number, score)] that are each sorted best first; equal scores by number.

    Example: `merge([[(0, 0.1), (4, 0.5)], [(9, 0.2)]], k=2)` is `[(0, 0.1), (9, 0.2)]`.
    """
    sign = -1 if larger_is_better else 1
    keyed = [[(sign * score, number, score) for number, score in answer] for answer in answers]
    return [(number, score) for _, number, score in list(heapq.merge(*keyed))[:k]]


class Shards:
    """A HistogramIndex in parts on the workers of a Dask client; its answers are those of one whole index.

    Example: `Shards(Client("tcp://10.0.0.1:8786"), rows, parts=8).search(query, k=10, method="CHISQR")`.
    """

    def __init__(self, client, rows, parts):
        bounds = np.linspace(0, len(rows), parts + 1).astype(int)
        self.client, self.firsts = client, bounds[:-1]
        pieces = [rows[a:b] for a, b in pairwise(bounds)]
        held = client.scatter(pieces, hash=False)
        self.indexes = client.map(HistogramIndex, held, pure=False)  # they stay where they were made

    def search(self, query, k=10, method="CORREL"):
        """As HistogramIndex.search; only k numbers and scores a part cross the network."""
        asked = self.client.map(_ask, self.indexes, self.firsts, query=query, k=k, method=method, pure=False)
        return merge(self.client.gather(asked), k, method in LARGER_IS_BETTER)


def _ask(index, first, query, k, method):
    return [(int(first) + number, score) for number, score in index.search(query, k, method)]
