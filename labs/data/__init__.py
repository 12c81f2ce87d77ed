"""The data sets of the labs: `load` gives one as arrays, `fetch` fills a classroom's USB stick."""

import importlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labs.errors import LabsError
from labs.files import cache_folder, sha256, whole_file, whole_folder

# A new data set is one file like mnist.py and one line here.
_MODULES = {
    "mnist": "labs.data.mnist",
    "cifar10": "labs.data.cifar10",
    "cats_vs_dogs": "labs.data.cats_vs_dogs",
    "hangul": "labs.data.hangul",
    "bccd": "labs.data.bccd",
    "sheets": "labs.data.sheets",
    "camvid": "labs.data.camvid",
    "pets_masks": "labs.data.pets_masks",
    "stereo": "labs.data.stereo",
    "spoken_digits": "labs.data.spoken_digits",
}
_SIZES = ("full", "sample")


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Pictures with their classes, split into a training and a test part.

    x_train, x_test: uint8, (pictures, height, width, channels), 0..255; y_train, y_test: int64,
    (pictures,), numbers into `labels`. Where a picture has many objects, y_train and y_test are lists of
    labs.data.objects.Objects; where each pixel has a class, they are masks, uint8 (pictures, height, width), and
    the set knows its `colours` (uint8, RGB, a row a class, the last for void), the number `void` of pixels without
    a class and the Korean `labels_ko`. `source` says where the data came from, for plots and cards.

    Example: `labs.load("mnist").x_train.shape` is `(60000, 28, 28, 1)`.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray | list
    x_test: np.ndarray
    y_test: np.ndarray | list
    labels: tuple[str, ...]
    source: str
    labels_ko: tuple[str, ...] = ()
    colours: np.ndarray | None = None
    void: int | None = None
    speakers: tuple[str, ...] = ()
    speakers_train: np.ndarray | None = None
    speakers_test: np.ndarray | None = None

    def __repr__(self):
        size = "x".join(str(n) for n in self.x_train.shape[1:])
        what = "recordings" if self.speakers else "pictures"
        return (
            f"{self.source}: {len(self.x_train):,} training and {len(self.x_test):,} test {what} "
            f"of {size}, {len(self.labels)} labels"
        )


def load(name, size="full", **options):
    """Return the data set `name` ("mnist") as a Dataset.

    size="full" looks into the folder that LABS_DATA names, then into the cache, then downloads
    (checked by its sha256); DataUnavailable when all three have nothing. size="sample" is always
    the small set bundled with labs, so that it is the same everywhere and needs no network.
    options: the data set's own, such as `side=224, train=2000` for "cats_vs_dogs".

    Example: `dataset = labs.load("mnist", labs.profile.size)`.
    """
    module = _module(name)
    if size not in _SIZES:
        raise LabsError(f"There is no size {size!r}: ask for {_listed(_SIZES)}.")
    if hasattr(module, "draw"):  # made here, not downloaded
        arrays, source = module.draw(size, **options)
    elif size == "sample":
        arrays, source = module.sample(**options)
    else:
        path, source = locate(name)
        arrays = module.read(path, **options)
    said = _of_masks(module) | _of_sounds(module, arrays[4:])
    return Dataset(name, *arrays[:4], labels=module.LABELS, source=source, **said)


def fetch(names=None, to="labs_data"):
    """Put the named data sets (all when None) into the folder `to`, ready to be a LABS_DATA; return their paths.

    Each file is checked by its sha256 and appears whole or not at all; one that is there is left.

    Example: `labs.fetch(["mnist"], "/media/usb")`, then LABS_DATA=/media/usb in the classroom.
    """
    modules = [_module(name) for name in names or _MODULES]
    paths = []
    for module in modules:
        if hasattr(module, "draw"):  # labs brings along what it takes
            continue
        if not names and not hasattr(
            module, "URL"
        ):  # there is no archive to be had; asked by name it says so
            continue
        source, target = module.download(cache_folder("datasets")), Path(to).expanduser() / module.FILE
        if source.is_dir():
            _copy_folder(source, target)
        elif not (target.is_file() and sha256(target) == sha256(source)):
            with whole_file(target) as partial:
                shutil.copyfile(source, partial)
        paths.append(target)
    return paths


def locate(name):
    """Where the whole data set `name` is, downloaded if need be, and the sentence that says where it came from."""
    module = _module(name)
    folder = classroom_folder()
    if folder and (folder / module.FILE).exists():
        return folder / module.FILE, f"{module.TITLE} (LABS_DATA)"
    path = module.download(cache_folder("datasets"))
    proof = f", sha256 {module.SHA256[:8]}..." if hasattr(module, "SHA256") else ""
    return path, f"{module.TITLE} (cache{proof})"


def _of_masks(module):
    """What a set with a class for each pixel knows beside its pictures."""
    if not hasattr(module, "COLOURS"):
        return {}
    colours = np.array(module.COLOURS, "uint8")
    return {"labels_ko": module.LABELS_KO, "colours": colours, "void": module.VOID}


def _of_sounds(module, speakers):
    """Who speaks, of a set of recordings."""
    if not hasattr(module, "SPEAKERS"):
        return {}
    return {"speakers": module.SPEAKERS, "speakers_train": speakers[0], "speakers_test": speakers[1]}


def _copy_folder(source, target):
    """Copy a folder unless the one at `target` has the same report (of cleaned photos), or the same files."""
    if _contents(source) != _contents(target):
        with whole_folder(target) as partial:
            shutil.copytree(source, partial, dirs_exist_ok=True)


def _contents(folder):
    report = folder / "report.json"
    if report.is_file():
        return sha256(report)
    return {path.name: path.stat().st_size for path in folder.glob("*")}


def classroom_folder():
    """The folder that LABS_DATA names, or None when it names none."""
    name = os.environ.get("LABS_DATA")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise LabsError(f"LABS_DATA is {name}, but there is no such folder: correct it or unset it.")
    return folder


def _module(name):
    if name not in _MODULES:
        raise LabsError(f"There is no data set {name!r}: ask for {_listed(_MODULES)}.")
    return importlib.import_module(_MODULES[name])


def _listed(names):
    return " or ".join(repr(name) for name in names)
