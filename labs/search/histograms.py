"""Search by histogram: the answers of a loop over `cv2.compareHist`, a hundred times sooner.

Each of OpenCV's six comparisons is turned into arithmetic on all histograms at once (`_FORMS`). That is rounded
differently, so it only says who is *possibly* among the k best; compareHist itself weighs those few. Hence exactly
the loop's answer, ties included. The formulas: OpenCV, "Histogram Comparison", with q the query and h a row.
"""

import cv2
import numpy as np

from labs.errors import LabsError

LARGER_IS_BETTER = ("CORREL", "INTERSECT")
ROUNDING = 3e-7  # a bin, of the size of the summands: float32 additions, ours and compareHist's
_NOTHING = np.finfo("float64").eps  # compareHist leaves out divisors up to this
_EMPTY_BIN = 1e-10  # what its KL_DIV puts in the place of an empty bin


def describe(pictures, block=256):
    """Four bins a channel, three channels: float32 (n, 12), each row of length 1, for uint8 (n, height, width, 3).

    The same bits as `cv2.normalize(np.concatenate([cv2.calcHist([p], [c], None, [4], [0, 256]) for c in (0, 1, 2)]), None)`
    of each picture p. The two highest bits of a byte are the number of its bin; eight such bits fit into a byte, and
    the processor counts the ones of 64 bits in one instruction.
    """
    pictures = np.asarray(pictures)
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[3] != 3:
        raise LabsError(
            f"Pictures must be uint8 (n, height, width, 3), not {pictures.dtype} {pictures.shape}."
        )
    counts = np.empty((len(pictures), 3, 4), "float32")
    for first in range(0, len(pictures), block):
        part = pictures[first : first + block]
        for channel, plane in enumerate(cv2.split(part.reshape(len(part), -1, 3))):
            plane = plane.reshape(len(part), -1)
            high, low = np.packbits(plane & 128, axis=1), np.packbits(plane & 64, axis=1)
            two, one, both = _ones(high), _ones(low), _ones(high & low)
            bins = plane.shape[1] - two - one + both, one - both, two - both, both
            counts[first : first + block, channel] = np.transpose(bins)
    counts = counts.reshape(-1, 12)
    lengths = np.sqrt((counts.astype("float64") ** 2).sum(axis=1))
    return counts * (1 / lengths).astype("float32")[:, None]


def _ones(bits):
    wide = bits.view("uint64") if bits.shape[1] % 8 == 0 else bits
    return np.bitwise_count(wide).sum(axis=1, dtype="int32")


class HistogramIndex:
    """Histograms ready to be searched by any of compareHist's comparisons.

    rows: float32 (n, bins), none negative. What a comparison can prepare is computed at its first search and kept.

    Example: `HistogramIndex(describe(x)).search(row, k=5, method="CHISQR")` is `[(12, 0.0), (7, 0.31), ...]`.
    """

    def __init__(self, rows):
        rows = np.ascontiguousarray(rows, "float32")
        if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all() or rows.min() < 0:
            raise LabsError("An index needs histograms: (n, bins), finite, none negative.")
        self.rows = rows
        self._prepared = {}

    def search(self, query, k=10, method="CORREL"):
        """The k rows most like `query`, best first: [(number, score)], equal scores in the rows' order.

        query: float32 (bins,), the first argument of `cv2.compareHist` (it matters: CHISQR and KL_DIV are not symmetric).
        """
        query = np.ascontiguousarray(query, "float32").ravel()
        if method not in _FORMS:
            raise LabsError(f"There is no comparison {method!r}: ask for {', '.join(_FORMS)}.")
        if query.shape != self.rows.shape[1:] or not np.isfinite(query).all() or query.min() < 0:
            raise LabsError(f"The query must be {self.rows.shape[1]} finite numbers, none negative.")
        prepare, distances = _FORMS[method]
        if method not in self._prepared:
            self._prepared[method] = prepare(self.rows)
        distance, size, doubtful = distances(self._prepared[method], query)
        distance[doubtful] = np.inf  # must not push others out
        possible = _possible(distance, k, ROUNDING * len(query), size)
        if len(doubtful):
            possible = np.union1d(possible, doubtful)
        code = getattr(cv2, f"HISTCMP_{method}")
        scores = [(cv2.compareHist(query, self.rows[i], code), int(i)) for i in possible]
        sign = -1 if method in LARGER_IS_BETTER else 1
        return [(i, score) for score, i in sorted(scores, key=lambda pair: (sign * pair[0], pair[1]))[:k]]


def _possible(distance, k, rounding, size):
    """Numbers of all rows that may be among the k nearest, in order.

    The k-th smallest of the blocks' minima is no less than the k-th smallest of all, and much sooner found.
    """
    block = max(1, len(distance) // max(256, 16 * k))
    whole = len(distance) // block * block
    minima = np.concatenate([distance[:whole].reshape(-1, block).min(axis=1), distance[whole:]])
    if len(minima) <= k:
        return np.arange(len(distance))
    bound = np.partition(minima, k - 1)[k - 1]
    return np.flatnonzero(distance <= bound + 2 * rounding * (size + abs(bound)))


# Each form: prepare(rows) -> what a search needs, and distances(prepared, query) -> (float32 (n,), smaller is better and
# in the order of the true score; the size of its summands; numbers of the rows where compareHist takes another branch).


def _correl(rows):
    """Σ (q - mean q)(h - mean h) / √(Σ (q - mean q)² Σ (h - mean h)²): a product of centred rows of length 1."""
    unit, variance = _centred(rows)
    flat = variance <= 1e-8 * np.maximum((rows.astype("float64") ** 2).sum(axis=1), _NOTHING)
    return np.ascontiguousarray(unit.T), variance.min(), np.flatnonzero(flat)


def _correl_distances(prepared, query):
    columns, least, flat = prepared
    unit, (own,) = _centred(query[None])
    if own * least <= 10 * _NOTHING or own <= 1e-8 * (query.astype("float64") ** 2).sum():
        flat = np.arange(columns.shape[1])  # compareHist says 1 where nothing varies
    return -_product(unit[0], columns), 1, flat


def _product(weights, columns):
    """weights @ columns without BLAS, whose threads wait for one another longer than so little work takes."""
    return np.einsum("j,jn->n", weights, columns)


def _centred(rows):
    centred = rows - rows.mean(axis=1, keepdims=True, dtype="float64")
    variance = (centred**2).sum(axis=1)
    return (centred / np.sqrt(np.maximum(variance, 1e-30))[:, None]).astype("float32"), variance


def _chisqr(rows):
    """Σ (q - h)² / q = Σ h²/q - 2h + q: a product of the squares with 1/q, and the rows' sums."""
    sums = rows.sum(axis=1)
    return np.ascontiguousarray((rows**2).T), np.ascontiguousarray(rows.T), 2 * sums, 4 * float(sums.max())


def _chisqr_distances(prepared, query):
    squares, columns, twice, size = prepared
    counts = query > _NOTHING  # the other bins are left out
    total = _product(np.divide(1, query, out=np.zeros_like(query), where=counts), squares) - twice
    for column in columns[~counts]:
        total += 2 * column
    return total, size + 2 * float(query.sum()), []


def _intersect(rows):
    """Σ min(q, h): no product, so a pass for each bin; OpenCV's truncating threshold is a minimum."""
    return np.ascontiguousarray(rows.T)


def _intersect_distances(columns, query):
    total = np.zeros((1, columns.shape[1]), "float32")
    smaller = np.empty_like(total)
    for column, value in zip(columns, query, strict=True):
        cv2.threshold(column[None], float(value), 0, cv2.THRESH_TRUNC, dst=smaller)
        total -= smaller
    return total[0], float(query.sum()), []


def _bhattacharyya(rows):
    """√(1 - Σ √(q h) / √(Σ q Σ h)): the product of the roots of rows whose sum is 1."""
    sums = rows.sum(axis=1, dtype="float64")
    roots = np.sqrt(rows / np.maximum(sums, 1e-30)[:, None]).astype("float32")
    return np.ascontiguousarray(roots.T), sums, sums.min()


def _bhattacharyya_distances(prepared, query):
    columns, sums, least = prepared
    own = query.sum(dtype="float64")
    tiny = 2 * np.finfo("float32").eps  # compareHist does not divide by so little
    root = np.sqrt(query / max(own, 1e-30)).astype("float32")
    return -_product(root, columns), 1, np.flatnonzero(own * sums <= tiny) if own * least <= tiny else []


def _chisqr_alt(rows):
    """2 Σ (q - h)² / (q + h) = 2 Σ h - 3q + 4q²/(q + h)."""
    return np.ascontiguousarray(rows.T), rows.sum(axis=1)


def _chisqr_alt_distances(prepared, query):
    columns, sums = prepared
    total, part = sums.copy(), np.empty_like(sums)
    for column, value in zip(columns, query, strict=True):
        if value > _NOTHING:
            np.add(column, value, out=part)
            np.divide(4 * value * value, part, out=part)
            total += part
    return total, 8 * float(query.sum()), []


def _kl_div(rows):
    """Σ q log(q / h) = Σ q log q - Σ q log h: a product with the logarithms."""
    logarithms = np.log(np.where(rows > _NOTHING, rows, _EMPTY_BIN).astype("float64"))
    return np.ascontiguousarray(logarithms.astype("float32").T), float(np.abs(logarithms).max())


def _kl_div_distances(prepared, query):
    columns, largest = prepared
    return -_product(query, columns), largest * float(query.sum()), []


_FORMS = {
    "CORREL": (_correl, _correl_distances),
    "CHISQR": (_chisqr, _chisqr_distances),
    "INTERSECT": (_intersect, _intersect_distances),
    "BHATTACHARYYA": (_bhattacharyya, _bhattacharyya_distances),
    "CHISQR_ALT": (_chisqr_alt, _chisqr_alt_distances),
    "KL_DIV": (_kl_div, _kl_div_distances),
}
METHODS = tuple(_FORMS)
