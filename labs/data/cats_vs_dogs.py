"""Cats vs dogs: 25,000 photographs of two kinds of animal (Microsoft's Asirra set; Elson et al., 2007).

The photos come from petfinder.com through Microsoft, for research and teaching; they carry no
licence that lets anybody publish them. `labs` downloads them for you and never passes them on.
"""

import hashlib
import json
import re
from pathlib import Path

import numpy as np

from labs.data import photos
from labs.data.download import download as _download
from labs.errors import BadImage, LabsError
from labs.files import bundled, cache_folder
from labs.preprocess import resize

TITLE = "Cats vs dogs"
LABELS = ("cat", "dog")
FILE = "cats_vs_dogs"  # its folder in LABS_DATA and in the cache: {train,test}/{cat,dog}/*.jpg
ARCHIVE = "kagglecatsanddogs_5340.zip"
URL = f"https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/{ARCHIVE}"
SHA256 = "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9"
STAND_IN = "cats-vs-dogs stand-in (drawn emoji, no photographs)"
_PART_AND_LABEL = re.compile(r"(train|test)/(cat|dog)/.+", re.IGNORECASE)
_IN_ARCHIVE = re.compile(r"PetImages/(Cat|Dog)/(\d+)\.jpg")


def download(folder):
    """The folder of clean photos in `folder`, made from Microsoft's archive (825 MB) when it is not there."""
    clean = folder / FILE
    if photos.read_report(clean) is None:
        archive = _download(URL, folder / ARCHIVE, SHA256, TITLE)
        photos.clean(photos.archive_files(archive), clean, _place_in_archive, TITLE)
        archive.unlink()  # the clean photos take its place
    return clean


def read(path, side=128, train=2000, test=200, seed=0):
    """x_train, y_train, x_test, y_test: balanced, seeded subsets of a folder's good photos.

    path: a folder {train,test}/{cat,dog}/*. Photos are squeezed to side x side pixels, as
    `labs.predict` does. train, test: how many are wanted; a folder that has fewer gives what it has,
    as many cats as dogs.

    Example: `labs.load("cats_vs_dogs", side=224, test=1000).x_test.shape` is `(1000, 224, 224, 3)`.
    """
    folder = clean_folder(path)
    report = photos.read_report(folder)
    random = np.random.default_rng(seed)
    arrays = []
    for part, wanted in (("train", train), ("test", test)):
        names = [sorted(n for n in report["photos"] if n.startswith(f"{part}/{label}/")) for label in LABELS]
        if not all(names):
            raise LabsError(
                f"{path} has no good photos in {part}/cat or {part}/dog: fill it with `labs fetch cats_vs_dogs`."
            )
        arrays += _arrays(names, lambda name: _read_clean(folder, name), wanted, side, random)
    return tuple(arrays)


def sample(side=128, train=2000, test=200, seed=0):
    """The bundled stand-in and its name: drawn cats and dogs, for none of the photos may be bundled."""
    files = _stand_in()
    random = np.random.default_rng(seed)
    arrays = []
    for part, wanted in (("train", train), ("test", test)):
        names = [sorted(name for name in files if name.startswith(f"{part}/{label}/")) for label in LABELS]
        arrays += _arrays(names, lambda name: photos.decode(files[name]), wanted, side, random)
    return tuple(arrays), STAND_IN


def report(size="full"):
    """What the cleaning found: {"photos": {path: {"from", "width", "height"}}, "dropped": {name: reason}}.

    width, height: of the original file, in pixels. size: as for `labs.load`.

    Example: `labs.data.cats_vs_dogs.report()["dropped"]`.
    """
    from labs.data import locate

    if size == "sample":
        return json.loads(_stand_in()[photos.REPORT])
    path, _ = locate("cats_vs_dogs")
    return photos.read_report(clean_folder(path))


def clean_folder(path):
    """`path` itself when `labs` has cleaned it, else a clean copy in the cache, made at the first call."""
    path = Path(path)
    if photos.read_report(path) is not None:
        return path
    target = cache_folder("datasets") / f"{FILE}-{_fingerprint(path)}"
    if photos.read_report(target) is None:
        report = photos.clean(photos.folder_files(path), target, _place_in_folder, TITLE)
        print(f"{len(report['photos']):,} good photos, {len(report['dropped'])} files left out")
        for name, reason in list(report["dropped"].items())[:20]:
            print(f"  {name}: {reason}")
    return target


def _fingerprint(path):
    """Changes when a file is added, removed or replaced; costs no reading of the files."""
    digest = hashlib.sha256()
    for name, _ in photos.folder_files(path):
        facts = (path / name).lstat()
        digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:12]


def _place_in_folder(name):
    found = _PART_AND_LABEL.fullmatch(name)
    return f"{found[1]}/{found[2]}".lower() if found else None


def _place_in_archive(name):
    """Microsoft's archive has no test part: every fifth photo goes there."""
    found = _IN_ARCHIVE.fullmatch(name)
    if not found:
        return None
    return f"{'train' if int(found[2]) % 5 else 'test'}/{found[1].lower()}"


def _stand_in():
    archive = photos.archive_files(bundled("cats_vs_dogs_standin.zip"))
    return {name: read() for name, read in archive}


def _arrays(names, pixels, wanted, side, random):
    """Pictures (n, side, side, 3) and classes (n,) of as many cats as dogs, in random order."""
    count = min(wanted // 2, *map(len, names))
    chosen = [
        (one[i], label) for label, one in enumerate(names) for i in random.permutation(len(one))[:count]
    ]
    chosen = [chosen[i] for i in random.permutation(len(chosen))]
    x = np.empty((len(chosen), side, side, 3), "uint8")
    for picture, (name, _) in zip(x, chosen, strict=True):
        picture[:] = resize(pixels(name), side, side)
    return x, np.array([label for _, label in chosen], "int64")


def _read_clean(folder, name):
    try:
        return photos.decode((folder / name).read_bytes())
    except (BadImage, OSError) as error:
        raise LabsError(
            f"{folder / name} was clean and is not any more ({error}): remove {folder} and load again."
        ) from error
