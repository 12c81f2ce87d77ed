"""Oxford-IIIT Pet: cats and dogs with a trimap, pet, background or the border between (Parkhi et al., 2012; CC BY-SA 4.0)."""

import re
import tarfile
from pathlib import Path

import numpy as np

from labs.data import photos
from labs.data.download import download as _download
from labs.data.mask_files import read_mask, read_packed, resize_pair
from labs.errors import BadImage, LabsError
from labs.files import bundled

TITLE = "Oxford-IIIT Pet"
LABELS, LABELS_KO = ("pet", "background", "border"), ("동물", "배경", "경계")
VOID = 3  # nowhere in this set
COLOURS = ((226, 120, 60), (70, 90, 130), (250, 230, 120), (0, 0, 0))
FILE = "pets_masks"  # its folder in LABS_DATA and in the cache, with the two official archives
URL = "https://www.robots.ox.ac.uk/~vgg/data/pets/data"
# The hashes that torchvision publishes for the archives of that page.
ARCHIVES = {
    "images.tar.gz": "md5:5c4f3ee8e5d25df40f4fd59a7f44e54c",
    "annotations.tar.gz": "md5:95a8c909bbe2e81eed6a22bccdf3f68f",
}
STAND_IN = "pets stand-in (drawn emoji, no photographs)"


def download(folder):
    """The folder of the two archives (811 MB) in `folder`, downloaded when they are not there."""
    for name, digest in ARCHIVES.items():
        _download(f"{URL}/{name}", folder / FILE / name, digest, f"{TITLE}: {name}")
    return folder / FILE


def read(path, side=128, train=2000, test=500):
    """x_train, y_train, x_test, y_test at side x side pixels, the first of the official two lists.

    train, test: how many are wanted, at most 3,680 and 3,669. Masks are uint8 (pictures, side, side): 0 pet,
    1 background, 2 border. Pictures that cannot be decoded are passed over.

    Example: `labs.load("pets_masks", side=160).y_train.max()` is 2.
    """
    archives = [Path(path) / name for name in ARCHIVES]
    try:
        with tarfile.open(archives[1]) as file:
            lists = [_names(file, part) for part in ("trainval", "test")]
            wanted = [names[:count] for names, count in zip(lists, (train, test), strict=True)]
            trimaps = _members(file, r"annotations/trimaps/(\w+)\.png", {*wanted[0], *wanted[1]})
        with tarfile.open(archives[0]) as file:
            pictures = _members(file, r"images/(\w+)\.jpg", {*wanted[0], *wanted[1]})
    except (OSError, KeyError, AttributeError, tarfile.TarError, EOFError) as error:
        raise LabsError(
            f"{path} does not hold the archives of {TITLE} ({error}): remove it and fetch it again."
        ) from error
    return tuple(
        array
        for names in wanted
        for array in _arrays([n for n in names if n in pictures and n in trimaps], pictures, trimaps, side)
    )


def sample(side=128, **_):
    """The bundled emoji with their trimaps (96 to train on, 32 to test) and what to call them."""
    archive, arrays = bundled("pets_masks_standin.zip"), []
    for part in ("train", "test"):
        pairs = zip(*read_packed(archive, part, len(LABELS)), strict=True)
        sized = [resize_pair(picture, mask, (side, side)) for picture, mask in pairs]
        arrays += [np.stack(column) for column in zip(*sized, strict=True)]
    return tuple(arrays), STAND_IN


def _names(file, part):
    text = file.extractfile(f"annotations/{part}.txt").read().decode("utf-8", "replace")
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def _members(file, pattern, wanted):
    """The bytes of the archive's files that match, by name; read in the archive's order, which is the fast one."""
    contents = {}
    for member in file:
        found = re.fullmatch(pattern, member.name)
        if found and found[1] in wanted and member.isfile() and member.size <= photos.LARGEST_FILE:
            contents[found[1]] = file.extractfile(member).read()
    return contents


def _arrays(names, pictures, trimaps, side):
    pairs = []
    for name in names:
        try:
            picture, mask = (
                photos.decode(pictures[name]),
                read_mask(trimaps[name], 4) - 1,
            )  # 1..3 in the files
        except BadImage:
            continue
        if picture.shape[:2] == mask.shape and mask.max() < 3:
            pairs.append(resize_pair(picture, mask, (side, side)))
    if not pairs:
        raise LabsError(f"The archives of {TITLE} hold no picture with its trimap: fetch them again.")
    return [np.stack(column) for column in zip(*pairs, strict=True)]
