"""BCCD: photographs of blood cells with a box around each cell (Shenggan and others, 2017; MIT licence)."""

import zipfile
from pathlib import Path

import numpy as np

from labs.data import photos
from labs.data.voc import read_voc
from labs.errors import DataUnavailable, LabsError
from labs.files import bundled
from labs.preprocess import resize

TITLE = "BCCD blood cells"
LABELS = ("RBC", "WBC", "Platelets")  # red cells, white cells, platelets
FILE = "bccd"  # its folder in LABS_DATA: JPEGImages/, Annotations/ and {train,val,test}.txt
ADDRESS = "https://github.com/Shenggan/BCCD_Dataset"
SAMPLE = "a sample of BCCD, 40 photographs (MIT)"
_PARTS = ("train", "val", "test")


def download(folder):
    """Raise DataUnavailable: the authors publish no archive with a hash, only a repository."""
    raise DataUnavailable(
        f"{TITLE} cannot be downloaded by labs (its authors publish a repository, no archive with a hash): `git clone "
        f'{ADDRESS}`, name its folder BCCD {FILE}, set LABS_DATA to the folder it is in, or ask for size="sample".'
    )


def read(path, train="train", test="test", width=320):
    """x_train, y_train, x_test, y_test: pictures uint8 (n, 3/4 width, width, 3) and their Objects, a list each.

    train, test: which of the official parts "train", "val" and "test" each consists of; "train+val" are
    two. Choose a recipe on "val" and report "test". width: the photographs, 640x480, are shrunk to it, and the
    boxes with them. What is wrong in the annotations is left out: `report()` lists it.

    Example: `labs.load("bccd", test="val").y_test[0].boxes`.
    """
    root = _root(path)
    return tuple(array for parts in (train, test) for array in _arrays(root, parts, width, {}))


def sample(**options):
    """The bundled part: 24 photographs to train on, 8 of val and 8 of test."""
    return read(bundled("bccd_sample.zip"), **options), SAMPLE


def report(size="full"):
    """What was left out or mended: {name of the picture: [sentences]}; size as for `labs.load`.

    Example: `labs.data.bccd.report()["BloodImage_00338"]`.
    """
    from labs.data import locate

    path = bundled("bccd_sample.zip") if size == "sample" else locate("bccd")[0]
    found = {}
    _arrays(_root(path), "+".join(_PARTS), 32, found)
    return found


def _root(path):
    """The folder, or the inside of the .zip: both are asked for files in the same way."""
    try:
        return zipfile.Path(path) if Path(path).is_file() else Path(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise LabsError(f"{path} is no whole .zip file ({error}): remove it and try again.") from error


def _arrays(root, parts, width, found):
    """Pictures and Objects of `parts`; remarks on them are added to `found`."""
    pictures, objects = [], []
    for name in _names(root, parts):
        try:
            content = (root / "Annotations" / f"{name}.xml").read_bytes()
            its_objects, size, remarks = read_voc(content, LABELS)
            picture = photos.decode((root / "JPEGImages" / f"{name}.jpg").read_bytes())
            if picture.shape[1::-1] != size:
                raise LabsError(
                    f"it says {size[0]} x {size[1]}, the picture has {picture.shape[1]} x {picture.shape[0]} pixels"
                )
        except (LabsError, OSError, KeyError, zipfile.BadZipFile) as reason:
            found[name] = [f"left out: {reason}"]
            continue
        if remarks:
            found[name] = remarks
        height = round(width * 3 / 4)
        pictures.append(resize(picture, height, width))
        objects.append(its_objects.scaled((width / size[0], height / size[1])))
    if not pictures:
        raise LabsError(
            f"{root} has no picture of {parts} that can be used: `labs.data.bccd.report()` says why."
        )
    return np.stack(pictures), objects


def _names(root, parts):
    """The names in the official lists of `parts`, which are beside the folders, or where the authors have them."""
    names = []
    for part in parts.split("+"):
        if part not in _PARTS:
            raise LabsError(
                f"BCCD has no part {part!r}: ask for {', '.join(_PARTS)}, or two of them as 'train+val'."
            )
        places = [root / f"{part}.txt", root / "ImageSets" / "Main" / f"{part}.txt"]
        listed = [place for place in places if place.is_file()]
        if not listed:
            raise LabsError(f"{root} has no {part}.txt: take the whole folder BCCD of {ADDRESS}.")
        names += listed[0].read_text(encoding="utf-8").split()
    return [name for name in names if Path(name).name == name]  # no way out of the folder
