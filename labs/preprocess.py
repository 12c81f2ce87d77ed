"""From a picture file or array to what a network takes: raw pixels, sized, in the card's colours."""

import io
import warnings
from pathlib import Path

import numpy as np

from labs.errors import BadImage

LARGEST = 100_000_000  # pixels; a small file can claim to hold far more


def prepare(image, card):
    """The network's input of one picture: float32 (1, height, width, channels), 0..255.

    image: a path, or an array (H, W), (H, W, 1) or (H, W, 3) in RGB, uint8 or with values 0..255.
    The picture is resized to the input without keeping its aspect: INTER_AREA down, INTER_LINEAR
    up. Transparent pixels become white paper, 16 bits become 8; a phone's rotation is honoured.
    Polarity is left alone: a network that learnt white digits on black wants such a picture.
    Raises BadImage.
    """
    shape = card["inputs"][0]["shape"]
    if "rate" in (card.get("preprocessing") or {}):
        raise BadImage("This network hears: give it a sound (labs.sound.prepare), not a picture.")
    if card.get("preprocessing") is None or len(card["inputs"]) != 1 or not _takes_picture(shape):
        raise BadImage("This network does not take one picture: call its runtime with arrays instead.")
    return fit(image, *shape[1:])[None].astype(np.float32)


def fit(image, height, width, channels):
    """A picture as prepare() takes it, sized (None: as it is), in 1 or 3 channels: (H, W, channels). Raises BadImage."""
    pixels = resize(_channels(as_pixels(image), channels), height, width)
    return pixels.reshape(*pixels.shape[:2], channels)


def as_pixels(image):
    """The pixels of a path or an array, as it is: (H, W) or (H, W, 1 or 3). Raises BadImage."""
    return decode(image) if isinstance(image, str | Path) else _check(np.asarray(image))


def _takes_picture(shape):
    return len(shape) == 4 and shape[3] in (1, 3) and (shape[1] or 1) * (shape[2] or 1) <= LARGEST


def decode(path):
    """The pixels of a picture file: uint8 (H, W, 3), RGB. Raises BadImage."""
    import cv2

    path = Path(path)
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)  # not imread: Korean paths on Windows
    except OSError as error:
        raise BadImage(f"Cannot read {path}: {error.strerror}; give the path of a picture file.") from error
    _refuse_huge(path, data)
    try:
        raw = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
        if raw is not None and raw.ndim == 3 and raw.shape[2] == 4:
            return _on_white(raw)[..., ::-1]
        if raw is not None and raw.dtype in (np.uint8, np.uint16):
            return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    except (cv2.error, MemoryError, TypeError) as error:
        raise BadImage(f"{path} cannot be decoded: save it anew as PNG or JPEG.") from error
    raise BadImage(f"{path} is not a picture that OpenCV decodes: give a PNG or JPEG of 8 or 16 bits.")


def _refuse_huge(path, data):
    """Read the size from the header before any pixel is unpacked."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on a damaged file
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
    except Image.DecompressionBombError as error:
        raise BadImage(
            f"{path} claims a huge size ({error}): shrink it below 100 megapixels first."
        ) from error
    except (OSError, ValueError, SyntaxError):
        return  # OpenCV may know it better, and says so when it does not
    if width * height > LARGEST:
        raise BadImage(f"{path} has {width} x {height} pixels: shrink it below 100 megapixels first.")


def _on_white(raw):
    """BGRA of 8 or 16 bits -> BGR of 8 bits, over white."""
    full = np.iinfo(raw.dtype).max
    opaque = raw[..., 3:].astype(np.float32) / full
    color = raw[..., :3].astype(np.float32) * (255 / full)
    return np.rint(color * opaque + 255 * (1 - opaque)).astype(np.uint8)


def _check(array):
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and array.shape[2] not in (1, 3)):
        raise BadImage(f"An array of shape {array.shape} is no picture: give (H, W), (H, W, 1) or (H, W, 3).")
    if array.dtype != np.uint8:
        if array.dtype.kind not in "fiu" or not (
            np.isfinite(array).all() and 0 <= array.min() <= array.max() <= 255
        ):
            raise BadImage("The array's values are not numbers from 0 to 255: give raw pixels.")
        array = array.astype(np.float32)
    return array


def _channels(pixels, channels):
    """RGB or grey pixels with the channels asked for."""
    import cv2

    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if channels == 1 and pixels.shape[2] == 3:
        return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    if channels == 3 and pixels.shape[2] == 1:
        return np.repeat(pixels, 3, axis=2)
    if channels != pixels.shape[2]:
        raise BadImage(f"The network takes {channels} channels, the picture has {pixels.shape[2]}.")
    return np.ascontiguousarray(pixels)


def resize(pixels, height, width):
    """Squeeze a picture to height x width pixels: INTER_AREA down, INTER_LINEAR up."""
    import cv2

    height, width = height or pixels.shape[0], width or pixels.shape[1]
    if pixels.shape[:2] == (height, width):
        return pixels
    shrinks = height * width < pixels.shape[0] * pixels.shape[1]
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
