"""labs.load("camvid") and labs.load("pets_masks"): pictures with a class for each pixel, and every way a mask can be wrong."""

import io
import os
import tarfile

import numpy as np
import pytest
from PIL import Image

import labs
from labs import DataUnavailable, LabsError
from labs.data import camvid, pets_masks
from labs.data.mask_files import read_mask, read_pairs
from labs.errors import BadImage

REAL_DATA = os.environ.get("LABS_DATA")


@pytest.fixture(autouse=True)
def empty_machine(tmp_path, monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    return tmp_path


def packed(array, mode=None, kind="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(array, mode).save(file, kind, **options)
    return file.getvalue()


def street(folder, parts=("train", "val", "test"), size=(24, 32), count=2):
    """A folder as a teacher has it, of noise."""
    random = np.random.default_rng(0)
    for part in parts:
        (folder / part).mkdir(parents=True)
        for number in range(count):
            picture = random.integers(0, 256, (*size, 3), dtype="uint8")
            mask = random.integers(0, 12, size, dtype="uint8")
            (folder / part / f"{number}.jpg").write_bytes(packed(picture, kind="JPEG"))
            (folder / part / f"{number}.png").write_bytes(packed(mask))
    return folder


def test_the_composed_streets_have_every_class_and_both_languages():
    data = labs.load("camvid", "sample")
    assert data.x_train.shape == (60, 240, 320, 3) and data.y_train.shape == (60, 240, 320)
    assert len(data.x_test) == 16 and len(labs.load("camvid", "sample", part="val").x_test) == 10
    assert set(np.unique(data.y_train)) == set(range(12)) and data.void == 11
    assert len(data.labels) == len(data.labels_ko) == 11 and data.colours.shape == (12, 3)
    assert "stand-in" in data.source


def test_objects_lie_where_their_class_is():
    classes, objects = labs.load("camvid", "sample").y_train, camvid.objects("train")
    assert objects.shape == classes.shape and objects.max() > 5
    assert set(np.unique(classes[objects > 0])) <= {6, 8, 9, 10}  # signs, cars, pedestrians, bicyclists


def test_pets_sample_at_any_size():
    data = labs.load("pets_masks", "sample", side=64)
    assert data.x_train.shape == (96, 64, 64, 3) and set(np.unique(data.y_test)) == {0, 1, 2}
    assert data.labels[0] == "pet" and data.labels_ko[1] == "배경"


def test_camvid_is_read_from_the_classroom_only(tmp_path, monkeypatch):
    with pytest.raises(DataUnavailable, match=r"camvid_320x240/.*LABS_DATA"):
        labs.load("camvid")
    street(tmp_path / "data" / "camvid_320x240")
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "data"))
    data = labs.load("camvid", part="val")
    assert data.x_test.shape == (2, 24, 32, 3) and data.y_test.dtype == np.uint8
    with pytest.raises(LabsError, match="val"):
        labs.load("camvid", part="tset")


@pytest.mark.skipif(not REAL_DATA, reason="set LABS_DATA to a folder with camvid_320x240")
def test_real_camvid(monkeypatch):
    monkeypatch.setenv("LABS_DATA", REAL_DATA)
    data = labs.load("camvid")
    assert data.x_train.shape == (367, 240, 320, 3) and data.y_train.max() == data.void


def test_what_is_wrong_with_a_mask_is_said_in_one_sentence():
    grey = np.array([[0, 1], [10, 11]], "uint8")
    assert (read_mask(packed(grey), 11, 11) == grey).all()
    palette = Image.fromarray(grey, "P")
    palette.putpalette(list(range(200)) + [7] * 568)
    file = io.BytesIO()
    palette.save(file, "PNG")
    assert (read_mask(file.getvalue(), 11, 11) == grey).all()  # the numbers, not the colours
    assert (read_mask(packed(grey.astype("uint16")), 11, 11) == grey).all()
    wrong = {
        "class 300": packed(np.full((2, 2), 300, "uint16")),
        "class 11": packed(grey),
        "colours": packed(np.zeros((2, 2, 3), "uint8")),
        "truncated|damaged": packed(np.random.default_rng(0).integers(0, 9, (99, 99), dtype="uint8"))[:900],
        "no PNG": b"not a picture",
    }
    for reason, content in wrong.items():
        with pytest.raises(BadImage, match=reason):
            read_mask(content, 11)
    with pytest.raises(BadImage, match="no PNG"):
        read_mask(packed(grey, kind="JPEG"), 11, 11)  # JPEG invents class numbers


def test_a_folder_with_a_fault_names_the_file(tmp_path):
    folder = street(tmp_path / "a", ["train"]) / "train"
    assert read_pairs(folder, 11, 11)[0].shape == (2, 24, 32, 3)
    assert read_pairs(folder, 11, 11, size=(12, 16))[1].shape == (2, 12, 16)
    (folder / "1.png").write_bytes(packed(np.zeros((24, 30), "uint8")))
    with pytest.raises(LabsError, match=r"1\.jpg has 32 x 24 pixels and its mask 30 x 24"):
        read_pairs(folder, 11, 11)
    (folder / "1.png").write_bytes(packed(np.full((24, 32), 99, "uint8")))
    with pytest.raises(LabsError, match=r"1\.png cannot be used.*class 99"):
        read_pairs(folder, 11, 11)
    (folder / "1.png").unlink()
    with pytest.raises(LabsError, match=r"1\.png"):
        read_pairs(folder, 11, 11)
    with pytest.raises(LabsError, match="no pictures"):
        read_pairs(tmp_path / "nothing", 11, 11)


def pets_archives(folder):
    """The two archives of Oxford's page in small, as their makers laid them out."""
    random = np.random.default_rng(0)
    folder.mkdir(parents=True)
    names = {"trainval": ["Abyssinian_1", "beagle_2"], "test": ["pug_3"]}
    with tarfile.open(folder / "images.tar.gz", "w:gz") as file:
        for name in (*names["trainval"], *names["test"]):
            _put(
                file,
                f"images/{name}.jpg",
                packed(random.integers(0, 256, (40, 30, 3), dtype="uint8"), kind="JPEG"),
            )
        _put(file, "images/beagle_2.mat", b"strange")
    with tarfile.open(folder / "annotations.tar.gz", "w:gz") as file:
        for part, those in names.items():
            _put(file, f"annotations/{part}.txt", "".join(f"{n} 1 1 1\n" for n in those).encode())
            for name in those:
                trimap = random.integers(1, 4, (40, 30), dtype="uint8")
                _put(file, f"annotations/trimaps/{name}.png", packed(trimap))
                _put(file, f"annotations/trimaps/._{name}.png", b"a Mac's leftovers")
    return folder


def _put(file, name, content):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    file.addfile(entry, io.BytesIO(content))


def test_pets_are_read_from_the_official_archives(tmp_path, monkeypatch):
    pets_archives(tmp_path / "data" / "pets_masks")
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "data"))
    data = labs.load("pets_masks", side=16)
    assert data.x_train.shape == (2, 16, 16, 3) and data.y_test.shape == (1, 16, 16)
    assert set(np.unique(data.y_train)) <= {0, 1, 2}
    (tmp_path / "data" / "pets_masks" / "images.tar.gz").write_bytes(b"torn")
    with pytest.raises(LabsError, match="archives of Oxford"):
        labs.load("pets_masks")


def test_fetch_checks_the_published_md5_and_fills_a_folder(tmp_path, monkeypatch, httpserver):
    import hashlib

    monkeypatch.setenv("NO_PROXY", "*")
    made = pets_archives(tmp_path / "made")
    digests = {}
    for path in made.iterdir():
        content = path.read_bytes()
        digests[path.name] = "md5:" + hashlib.md5(content).hexdigest()
        httpserver.expect_request(f"/{path.name}").respond_with_data(content)
    monkeypatch.setattr(pets_masks, "URL", httpserver.url_for("").rstrip("/"))
    monkeypatch.setattr(pets_masks, "ARCHIVES", {name: digests[name] for name in pets_masks.ARCHIVES})
    (path,) = labs.fetch(["pets_masks"], tmp_path / "stick")
    (again,) = labs.fetch(["pets_masks"], tmp_path / "stick")
    assert path == again and sorted(p.name for p in path.iterdir()) == ["annotations.tar.gz", "images.tar.gz"]
    monkeypatch.setattr(pets_masks, "ARCHIVES", {"images.tar.gz": "md5:" + "0" * 32})
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "other"))
    with pytest.raises(DataUnavailable, match="not the official file"):
        labs.fetch(["pets_masks"], tmp_path / "stick2")
