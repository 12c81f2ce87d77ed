"""The kept network `street`: a class for each pixel of a photo, at the photo's size; its files are small and its golden pictures ours."""

import os

import numpy as np
import pytest
from typer.testing import CliRunner

import labs
from labs import cli
from labs.data import open_photos
from labs.export.card import read_card, read_golden
from labs.files import bundled
from labs.masks import confusion, iou

ROOT = bundled("README.md").parent.parent
STREET = ROOT / "saved_models" / "street"
REAL_DATA = os.environ.get("LABS_DATA")


def test_its_files_are_small_and_its_golden_pictures_are_ours():
    card = read_card(STREET)
    sizes = {name: entry["bytes"] for name, entry in card["files"].items()}
    assert sizes["model.onnx"] < 4e6 and sum(n for name, n in sizes.items() if name.startswith("tfjs/")) < 4e6
    assert card["kind"] == "mask" and len(card["decode"]["colors"]) == 11
    drawn = labs.load("camvid", "sample").x_test
    for picture in read_golden(STREET, card)[0]["input"]:
        assert (picture == drawn).all(axis=(1, 2, 3)).any()


def test_a_photo_gets_a_mask_of_its_own_size(tmp_path):
    photo = open_photos.path("rocket")
    mask = labs.predict(STREET, photo)
    assert mask.shape == open_photos.read("rocket").shape[:2] and mask.dtype == np.uint8 and mask.max() < 11
    out = tmp_path / "mask.png"
    done = CliRunner().invoke(cli.app, ["predict", str(STREET), str(photo), "--out", str(out)])
    assert done.exit_code == 0 and "%" in done.output
    drawn = open_photos.decode(out.read_bytes())
    assert drawn.shape[1] == mask.shape[1] and drawn.shape[0] > mask.shape[0]  # the legend


@pytest.mark.parametrize("shape", [(5, 7), (3, 400)])
def test_a_picture_smaller_than_the_stride_still_gets_its_mask(shape):
    assert labs.predict(STREET, np.zeros((*shape, 3), "uint8")).shape == shape


def test_a_file_that_is_no_picture_is_one_sentence(tmp_path):
    path = tmp_path / "holiday.png"
    path.write_bytes(b"no picture")
    with pytest.raises(labs.LabsError, match="holiday"):
        labs.predict(STREET, path)


@pytest.mark.skipif(not REAL_DATA, reason="set LABS_DATA to a folder with camvid_320x240")
def test_it_knows_streets():
    import cv2

    data = labs.load("camvid")
    network = cv2.dnn.readNetFromONNX(str(STREET / "model.onnx"))
    table = np.zeros((11, 11), int)
    for picture, truth in zip(data.x_test[::6], data.y_test[::6], strict=True):
        network.setInput(picture[None].astype("float32"))
        mask = cv2.resize(network.forward("scores")[0], (320, 240)).argmax(-1)
        table += confusion(truth, mask, 11, data.void)
    assert np.nanmean(iou(table)) > 0.55
