"""What a picture becomes before it is searched: a list of numbers, by its colours or by what a network sees."""

import hashlib

import cv2
import numpy as np

from labs.preprocess import resize
from labs.search.histograms import HistogramIndex


class ByHistogram:
    """128 bins of hue, saturation and value, compared by Bhattacharyya's distance (smaller is more alike)."""

    name = "histogram"
    batch = 64
    version = "histogram of 8 x 4 x 4 HSV bins, 1"

    def look(self, picture):
        """The histogram of one RGB picture of any size."""
        hsv = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2HSV)
        counts = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256])
        return cv2.normalize(counts, None, norm_type=cv2.NORM_L1).ravel()

    def rows(self, looks):
        """float32 (n, 128) of a list of what `look` gave."""
        return np.array(looks, "float32")

    def nearest(self, rows, query, k):
        """The k rows most like `query`: [(number, distance)], best first."""
        return HistogramIndex(rows).search(query, k, "BHATTACHARYYA")


class ByFeatures:
    """The 768 features of a MobileNet trained on ImageNet, compared by their angle (cosine: larger is more alike).

    weights="stand-in" takes the small bundled network that knows drawn emoji only.
    """

    name = "features"
    batch = 32

    def __init__(self, weights="imagenet"):
        import keras

        from labs import backbone

        options, self.side = ({"alpha": 0.75}, 224) if weights == "imagenet" else ({}, 64)
        inputs = keras.Input((self.side, self.side, 3))
        trunk = backbone.load(
            "MobileNet", weights, include_top=False, input_shape=inputs.shape[1:], **options
        )
        maps = trunk(backbone.preprocessing("MobileNet")(inputs))
        self._network = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(maps))
        digest = hashlib.sha256()
        for array in self._network.get_weights():
            digest.update(np.ascontiguousarray(array))
        self.version = f"features of MobileNet {digest.hexdigest()[:12]}, 1"

    def look(self, picture):
        """The picture, squeezed to what the network takes."""
        return resize(picture, self.side, self.side)

    def rows(self, looks):
        """float16 (n, features), each row of length 1, of a list of what `look` gave."""
        features = np.asarray(self._network(np.stack(looks).astype("float32"), training=False))
        lengths = np.linalg.norm(features, axis=1, keepdims=True)
        return (features / np.maximum(lengths, 1e-12)).astype("float16")

    def nearest(self, rows, query, k):
        """The k rows most like `query`: [(number, cosine)], best first."""
        cosines = rows.astype("float32") @ query.astype("float32")
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(int(i), float(cosines[i])) for i in best]
