"""Folders of pictures with a mask beside each: NAME.jpg and NAME.png, read with every check that a stranger's files need."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np

from labs.data import photos
from labs.errors import BadImage, LabsError
from labs.preprocess import LARGEST, resize


def read_mask(content, classes, void=None):
    """The class numbers of a mask file's bytes: uint8 (height, width).

    Grey and palette PNGs hold the numbers themselves (a palette's colours are for the eye). Of 16 bits
    they are taken when the numbers fit. A colour picture is no mask, and a class outside 0..classes-1 that
    is not `void` is refused: BadImage, whose message is the reason in a few words.

    Example: `read_mask(Path("0001TP_008550.png").read_bytes(), classes=11, void=11).max()` is 11.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on a damaged file
            with Image.open(io.BytesIO(content), formats=("PNG", "BMP", "GIF")) as picture:
                if picture.width * picture.height > LARGEST:
                    raise BadImage(f"{picture.width} x {picture.height} pixels are too many")
                if picture.mode not in ("1", "L", "P") and not picture.mode.startswith("I"):
                    raise BadImage(f"a picture of colours ({picture.mode}), not of class numbers")
                numbers = np.asarray(picture)  # of a palette: the numbers, not the colours
    except Image.DecompressionBombError:
        raise BadImage("its size is that of a decompression bomb") from None
    except Image.UnidentifiedImageError:
        raise BadImage("no PNG, the only kind that keeps class numbers") from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, MemoryError) as error:
        raise BadImage("truncated" if "truncated" in str(error) else f"damaged ({error})") from None
    numbers = numbers.astype("int64")
    strange = np.setdiff1d(np.unique(numbers), [*range(classes), *([] if void is None else [void])])
    if len(strange):
        known = f"0..{classes - 1}" + ("" if void is None else f" or {void} (void)")
        raise BadImage(f"it has the class {strange[0]}, and the list has {known}")
    return numbers.astype("uint8")


def read_pairs(folder, classes, void=None, size=None):
    """Pictures uint8 (n, height, width, 3) and masks uint8 (n, height, width) of a folder, in the order of the names.

    size: (height, width) to bring both to, the mask by its nearest pixel; None: all must have one size.
    LabsError names the file and the reason: a picture without a mask, two sizes, a broken file.

    Example: `x, y = read_pairs("camvid_320x240/test", classes=11, void=11)`.
    """
    folder = Path(folder)
    names = sorted(path.name for path in folder.glob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    return _stacked(folder, names, lambda name: photos.read_file(folder / name), classes, void, size)


def read_packed(archive, part, classes, void=None, end=".png"):
    """The same of the folder `part` of a bundled .zip; end: what the names of the masks end in."""
    with zipfile.ZipFile(archive) as file:
        names = sorted(n for n in file.namelist() if n.startswith(f"{part}/") and n.endswith(".jpg"))
        return _stacked(archive, names, file.read, classes, void, end=end)


def _stacked(where, names, read, classes, void, size=None, end=".png"):
    if not names:
        raise LabsError(f"{where} has no pictures (NAME.jpg beside NAME.png): put them there.")
    pairs = [_pair(name, read, classes, void, size, end) for name in names]
    sizes = {mask.shape for _, mask in pairs}
    if len(sizes) > 1:
        raise LabsError(f"{where} has pictures of {len(sizes)} sizes: bring them to one size.")
    return np.stack([picture for picture, _ in pairs]), np.stack([mask for _, mask in pairs])


def _pair(name, read, classes, void, size, end):
    beside = str(Path(name).with_suffix(end).as_posix())
    picture = _read(name, lambda: photos.decode(read(name)))
    mask = _read(beside, lambda: read_mask(read(beside), classes, void))
    if picture.shape[:2] != mask.shape:
        raise LabsError(
            f"{name} has {_size(picture)} pixels and its mask {_size(mask)}: a mask has a class for each pixel."
        )
    return resize_pair(picture, mask, size) if size else (picture, mask)


def _read(name, content):
    try:
        return content()
    except BadImage as reason:
        raise LabsError(f"{name} cannot be used ({reason}): put a good copy in its place.") from None


def resize_pair(picture, mask, size):
    """A picture and its mask at `size` (height, width); the mask keeps its numbers (the nearest pixel's)."""
    import cv2

    height, width = size
    return resize(picture, height, width), cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)


def _size(array):
    return f"{array.shape[1]} x {array.shape[0]}"
