"""Search among pictures: by histogram (exactly compareHist's answer), by a network's features, in a folder of one's own."""

from labs.search.histograms import METHODS, HistogramIndex, describe

__all__ = ["METHODS", "HistogramIndex", "describe"]
