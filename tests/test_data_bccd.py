"""Boxes: annotations as the world writes them, overlaps, BCCD's sample and folder."""

import shutil
import zipfile

import numpy as np
import pytest

import labs
from labs.data import bccd
from labs.data.objects import objects, overlap
from labs.data.voc import read_voc
from labs.errors import DataUnavailable, LabsError
from labs.files import bundled

SIZE = "<size><width>640</width><height>480</height></size>"


@pytest.fixture(autouse=True)
def empty_machine(tmp_path, monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))


def item(*box, name="RBC"):
    edges = "".join(
        f"<{edge}>{value}</{edge}>" for edge, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return f"<object><name>{name}</name><bndbox>{edges}</bndbox></object>"


def voc(*items, size=SIZE):
    return read_voc(f"<annotation>{size}{''.join(items)}</annotation>".encode(), bccd.LABELS)


def test_boxes_and_classes_come_back_as_they_stand():
    found, size, remarks = voc(item(10, 20, 110, 100), item(300, 50, 340, 95.5, name="Platelets"))
    assert found.boxes.tolist() == [[10, 20, 110, 100], [300, 50, 340, 95.5]]
    assert (found.boxes.dtype, found.classes.dtype, found.classes.tolist()) == ("float32", "int64", [0, 2])
    assert (size, remarks) == ((640, 480), [])


@pytest.mark.parametrize(
    ("items", "kept", "remark"),
    [
        ([item(504, 337, 504, 337)], 0, "object 1 (RBC 504 337 504 337) is empty and was left out"),
        ([item(50, 40, 20, 90)], 0, "is empty"),
        ([item(700, 10, 800, 90)], 0, "lies outside the picture and was left out"),
        ([item(600, 10, 700, 90)], 1, "reaches over the edge and was cut there"),
        ([item(1, 327, 117, 440), item(3, 329, 119, 442)], 1, "object 2 (RBC 3 329 119 442) is there twice"),
        ([], 0, "there is no object in it"),
    ],
)
def test_a_bad_box_is_left_out_and_reported(items, kept, remark):
    found, _, remarks = voc(*items)
    assert found.boxes.shape == (kept, 4) and found.classes.shape == (kept,)
    assert remark in remarks[0]


def test_a_box_over_the_edge_is_cut_and_two_classes_may_share_a_place():
    assert voc(item(600, -5, 700, 90))[0].boxes.tolist() == [[600, 0, 640, 90]]
    assert len(voc(item(1, 1, 90, 90), item(1, 1, 90, 90, name="WBC"))[0].boxes) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no XML"),
        (b"<annotation><size>", "no XML, or not all of it"),
        (b"<html></html>", "no annotation of Pascal VOC"),
        (b"<annotation></annotation>", "<size><width> is missing"),
        (b"<annotation><size><width>x</width></size></annotation>", "is 'x', not a number"),
        (b"<annotation><size><width>0</width><height>0</height></size></annotation>", "size is 0 x 0"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotation/>", "declares entities"),
        (b"<?xml version='1.0' encoding='none-such'?><annotation/>", "no XML"),
        (b" " * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(LabsError) as refusal:
        read_voc(content, bccd.LABELS)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (item(1, 2, 3, "nan"), "is 'nan', not a number"),
        (item(1, 2, 3, "1e999"), "not a number"),
        ("<object><name>RBC</name></object>", "<bndbox><xmin> is missing"),
        (item(1, 2, 30, 40, name="Dog"), "class 'Dog', which is not among RBC, WBC, Platelets"),
        ("<object></object>", "class ''"),
    ],
)
def test_a_bad_object_makes_the_file_bad(bad, sentence):
    with pytest.raises(LabsError) as refusal:
        voc(bad)
    assert sentence in str(refusal.value)


def test_overlap_by_hand():
    assert overlap([[0, 0, 2, 2]], [[1, 0, 3, 2], [0, 0, 2, 2], [5, 5, 6, 6]]) == pytest.approx(
        np.array([[1 / 3, 1, 0]])
    )
    assert overlap([[1, 1, 1, 1]], [[0, 0, 2, 2]]).tolist() == [[0]]
    assert overlap([], [[0, 0, 1, 1]]).shape == (0, 1)


def test_objects_scale_by_one_number_or_two():
    one = objects([[10, 20, 30, 40]], [1])
    assert one.scaled(0.5).boxes.tolist() == [[5, 10, 15, 20]]
    assert one.scaled((2, 1)).boxes.tolist() == [[20, 20, 60, 40]]
    assert objects([], []).scaled(2).boxes.shape == (0, 4)


def test_the_sample():
    dataset = labs.load("bccd", "sample")
    assert dataset.x_train.shape == (24, 240, 320, 3) and dataset.x_test.shape == (8, 240, 320, 3)
    assert len(dataset.y_train) == 24 and {len(y.boxes) == len(y.classes) for y in dataset.y_train} == {True}
    assert set(np.concatenate([y.classes for y in dataset.y_train])) == {0, 1, 2}
    assert all(np.all(y.boxes >= 0) and np.all(y.boxes <= [320, 240, 320, 240]) for y in dataset.y_train)
    assert "MIT" in dataset.source
    val = labs.load("bccd", "sample", train="train+test", test="val", width=64)
    assert val.x_train.shape == (32, 48, 64, 3) and val.x_test.shape == (8, 48, 64, 3)
    large = labs.load("bccd", "sample", test="val", width=640)
    np.testing.assert_allclose(large.y_test[0].boxes / 10, val.y_test[0].boxes, rtol=1e-6)


def test_what_was_mended_is_reported():
    found = bccd.report("sample")
    assert found["BloodImage_00338"] == ["object 13 (RBC 504 337 504 337) is empty and was left out"]
    assert "twice" in found["BloodImage_00251"][0]


def test_a_folder_in_the_authors_form_and_its_bad_files(tmp_path, monkeypatch):
    folder = tmp_path / "bccd"
    with zipfile.ZipFile(bundled("bccd_sample.zip")) as archive:
        archive.extractall(folder)
    lists = folder / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    for part in ("train", "val", "test"):
        shutil.move(folder / f"{part}.txt", lists)
    names = (lists / "train.txt").read_text(encoding="utf-8").split()
    (lists / "train.txt").write_text("\n".join([*names, "../../etc/passwd"]), encoding="utf-8")
    (folder / "Annotations" / f"{names[0]}.xml").write_bytes(b"<annotation></annotation>")
    (folder / "JPEGImages" / f"{names[1]}.jpg").write_bytes(b"torn")
    (folder / "JPEGImages" / f"{names[2]}.jpg").unlink()
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    assert labs.load("bccd").x_train.shape[0] == 21
    found = bccd.report()
    assert found[names[0]] == ["left out: <size><width> is missing"]
    assert "no picture of a known format" in found[names[1]][0]
    assert found[names[2]][0].startswith("left out: ")
    (lists / "val.txt").unlink()
    with pytest.raises(LabsError, match=r"has no val\.txt"):
        labs.load("bccd", test="val")


def test_without_data_the_ways_out_are_named():
    with pytest.raises(DataUnavailable, match=r"git clone .*Shenggan.*LABS_DATA.*sample"):
        labs.load("bccd")
    with pytest.raises(LabsError, match="no part 'trian'"):
        labs.load("bccd", "sample", train="trian")


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_a_torn_archive(tmp_path, content):
    path = tmp_path / "torn.zip"
    path.write_bytes(content)
    with pytest.raises(LabsError, match="no whole"):
        bccd.read(path)
