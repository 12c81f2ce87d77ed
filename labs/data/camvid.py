"""CamVid: street scenes seen from a car, with a class for each pixel (Brostow, Fauqueur and Cipolla, 2008).

The pictures carry no licence for passing on: `labs` reads them where a teacher has them, and bundles none.
"""

from pathlib import Path

from labs.data.mask_files import read_packed, read_pairs
from labs.errors import DataUnavailable, LabsError
from labs.files import bundled

TITLE = "CamVid, 320x240"
# The eleven classes of Badrinarayanan et al., "SegNet", arXiv 1511.00561, in their order.
LABELS = (
    "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "bicyclist",
)  # fmt: skip
LABELS_KO = (
    "하늘", "건물", "기둥", "차도", "보도", "나무", "표지판", "울타리", "자동차", "보행자", "자전거",
)  # fmt: skip
VOID = 11
COLOURS = (
    (128, 178, 230), (156, 98, 82), (222, 196, 110), (96, 88, 112), (196, 164, 190), (86, 140, 62),
    (238, 70, 60), (110, 100, 60), (48, 96, 200), (240, 132, 30), (22, 200, 190), (0, 0, 0),
)  # fmt: skip  # the last: void
FILE = "camvid_320x240"  # its folder in LABS_DATA: {train,val,test}/NAME.jpg beside NAME.png
STAND_IN = "street stand-in (composed of drawings, no photographs)"


def download(folder):
    """CamVid has no address with a published hash, so that it is never fetched: always DataUnavailable, with the way out."""
    raise DataUnavailable(
        f"CamVid cannot be downloaded by labs (no licence to pass it on, no published hash): put a folder {FILE}/ with "
        'train/, val/ and test/, NAME.jpg beside NAME.png, into LABS_DATA, or ask for size="sample".'
    )


def read(path, part="test"):
    """x_train, y_train, x_test, y_test: the 367 pictures to train on and those of `part`, "test" or "val".

    Masks are uint8 (pictures, 240, 320), 0..10, and 11 (VOID) where nobody has named a class. Choose with "val",
    report with "test".

    Example: `labs.load("camvid", part="val").y_test.shape` is `(101, 240, 320)`.
    """
    pairs = [read_pairs(Path(path) / name, len(LABELS), VOID) for name in ("train", _known(part))]
    return (*pairs[0], *pairs[1])


def sample(part="test"):
    """The bundled composed streets (60 to train on, 10 "val", 16 "test") and what to call them."""
    archive = bundled("street_standin.zip")
    pairs = [read_packed(archive, name, len(LABELS), VOID) for name in ("train", _known(part))]
    return (*pairs[0], *pairs[1]), STAND_IN


def objects(part="train"):
    """Which object each pixel of the composed streets belongs to: uint8 (pictures, 240, 320), 0: none.

    Cars, pedestrians, bicyclists and signs are counted; a smaller number stands behind a larger one.

    Example: `objects("test")[0].max()` is 7.
    """
    return read_packed(bundled("street_standin.zip"), part, 256, end=".objects.png")[1]


def _known(part):
    if part not in ("val", "test"):
        raise LabsError(f'CamVid has no part {part!r} to test on: ask for "val" or "test".')
    return part
