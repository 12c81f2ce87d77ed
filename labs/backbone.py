"""Networks that somebody has trained already: Keras Applications with their weights, wherever these are."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
import tempfile
import types
import warnings
from pathlib import Path

import keras
import numpy as np
from keras import layers

from labs.data import classroom_folder
from labs.errors import DataUnavailable, LabsError
from labs.files import bundled, cache_folder, whole_file

STAND_IN = "MobileNet stand-in trained on drawn emoji, not ImageNet"
STAND_IN_OPTIONS = {"alpha": 0.25, "input_shape": (64, 64, 3)}  # as tools/train_emoji_mobilenet.py trains it
_SILENT_SECONDS = 15
_CLASSES = "imagenet_class_index.json"


def load(backbone="MobileNet", weights="imagenet", **options):
    """Return a network of keras.applications with its weights.

    backbone: any name there, such as "ResNet50". options: its own, such as alpha=0.75,
    include_top=False, input_shape=(224, 224, 3). weights: "imagenet" (looked for in Keras' own cache,
    then in the folder models/ of LABS_DATA, then downloaded), "stand-in" (a small MobileNet bundled
    with labs that knows drawn emoji, not ImageNet; it takes no alpha) or None (random numbers). Without
    the top and an input_shape it takes pictures of any size.

    Raises DataUnavailable, which names the ways out, when the weights cannot be had.

    Example: `labs.backbone.load("MobileNet", alpha=0.75, include_top=False, input_shape=(224, 224, 3))`.
    """
    make = getattr(keras.applications, backbone, None)
    if not isinstance(make, types.FunctionType):
        raise LabsError(f"Keras has no backbone {backbone!r}: see https://keras.io/api/applications.")
    if weights == "stand-in":
        return _stand_in(backbone, **options)
    if weights != "imagenet":
        return make(weights=weights, **options)
    _take_from_classroom(backbone)
    with _downloads(f"The ImageNet weights of {backbone}", "another backbone"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`input_shape` is undefined")  # those for 224x224 do for every size
        return make(weights=weights, **options)


def labels(weights="imagenet"):
    """The 1,000 names that ImageNet networks answer with, or those of the stand-in; found like weights.

    Example: `labs.backbone.labels()[281]` is `"tabby"`.
    """
    if weights == "stand-in":
        return bundled("models/mobilenet_emoji_labels.txt").read_text(encoding="utf-8").split()
    _take_from_classroom(_CLASSES)
    with _downloads("The names of ImageNet's classes", "the stand-in's"):
        decoded = keras.applications.imagenet_utils.decode_predictions(np.eye(1000, dtype="float32"), top=1)
    return [best[0][1] for best in decoded]


def preprocessing(backbone="MobileNet"):
    """The layer that turns raw pixels (RGB, 0..255) into what a backbone of keras.applications was trained on.

    Found by asking the library's own `preprocess_input` what it does to black, red, green and blue:
    a Rescaling for most; for the older ones (ResNet50, VGG16), which want BGR minus a mean, a frozen 1x1 convolution.

    Example: `backbone(labs.backbone.preprocessing("MobileNet")(inputs))`.
    """
    black, *colours = _preprocess_input(backbone)(
        np.vstack([np.zeros((1, 3)), np.eye(3) * 255]).reshape(4, 1, 1, 3)
    )
    offset = black.ravel()
    matrix = (np.array(colours).reshape(3, 3) - offset) / 255  # row: input channel, column: output channel
    if np.allclose(matrix, matrix[0, 0] * np.eye(3)) and np.ptp(offset) < 1e-6:
        return layers.Rescaling(float(matrix[0, 0]), float(offset[0]), name="preprocessing")
    weights = [matrix.reshape(1, 1, 3, 3), offset]
    convolution = layers.Conv2D(3, 1, trainable=False, name="preprocessing")
    convolution.build((None, None, None, 3))
    convolution.set_weights(weights)
    return convolution


def features(network, pictures, batch_size=32):
    """What `network` says of `pictures`, computed once: the second call with the same of both reads the cache.

    network: a Keras model from raw pixels to (n, numbers); pictures: uint8 (n, height, width, 3).
    Returns float32. The cache knows both by their content, so that other weights or pictures never meet old features.

    Example: `x_train = labs.backbone.features(extractor, dataset.x_train)`.
    """
    path = cache_folder("features") / f"{_fingerprint(network, pictures)}.npy"
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        computed = network.predict(pictures, batch_size=batch_size, verbose=0)
    with whole_file(path) as partial, open(partial, "wb") as file:
        np.save(file, computed)
    return computed


def _stand_in(backbone, include_top=True, input_shape=(None, None, 3)):
    if backbone != "MobileNet":
        raise LabsError('The only stand-in is a "MobileNet": ask for that.')
    whole = keras.applications.MobileNet(**STAND_IN_OPTIONS, classes=len(labels("stand-in")), weights=None)
    whole.load_weights(bundled("models/mobilenet_emoji.weights.h5"))
    if include_top:
        return whole
    options = {**STAND_IN_OPTIONS, "input_shape": input_shape}
    network = keras.applications.MobileNet(**options, include_top=False, weights=None)
    network.set_weights(whole.get_weights()[: len(network.weights)])  # all but the last layer's
    return network


def _take_from_classroom(name):
    """Copy the files that belong to `name` from LABS_DATA/models to Keras' cache, unless they are there.

    Keras names the files in many ways (vgg16_weights_..., NASNet-mobile.h5), but the backbone's name
    is always in them when punctuation is left out.
    """
    folder = classroom_folder()
    for source in sorted((folder / "models").glob("*")) if folder else []:
        target = _keras_cache() / source.name
        if _plain(name) in _plain(source.name) and source.is_file() and not target.exists():
            with whole_file(target) as partial:
                shutil.copyfile(source, partial)


def _plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _keras_cache():
    """Where Keras keeps weights: its home, or a folder of the system's when that cannot be written to."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    if home.exists() and not os.access(home, os.W_OK):
        home = Path("/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir(), ".keras")
    return home / "models"


@contextlib.contextmanager
def _downloads(what, way_out):
    """Turn Keras' many errors about a file that cannot be had into one sentence, and wait for no dead network."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SILENT_SECONDS)
    try:
        yield
    except Exception as error:  # Keras raises a plain Exception when a download fails
        wanted = re.search(r"https?://\S*/([^/\s:]+)", str(error))
        if wanted or isinstance(error, TimeoutError):
            file = wanted[1] if wanted else "the file that Keras names above"
            raise DataUnavailable(
                f"{what} are not on this machine and cannot be downloaded: put {file} into the folder models/ of "
                f"LABS_DATA or into {_keras_cache()}, or take {way_out}."
            ) from error
        if isinstance(error, OSError):
            raise LabsError(
                f"{what} are damaged ({str(error).splitlines()[0]}): remove their file from {_keras_cache()}."
            ) from error
        raise
    finally:
        socket.setdefaulttimeout(before)


def _preprocess_input(backbone):
    for module in vars(keras.applications).values():
        if hasattr(module, backbone) and hasattr(module, "preprocess_input"):
            return module.preprocess_input
    raise LabsError(f"Keras has no backbone {backbone!r}: see https://keras.io/api/applications.")


def _fingerprint(network, pictures):
    digest = hashlib.sha256(f"{network.input_shape} {pictures.shape} {pictures.dtype}".encode())
    digest.update(np.ascontiguousarray(pictures))
    for array in network.get_weights():
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()[:16]
