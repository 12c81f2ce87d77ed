"""The kept network `bigger`: twice as large, better than bicubic on photographs that it never saw, in tiles."""

import numpy as np
import pytest
from load_tool import load_tool

import labs
from labs.data import open_photos
from labs.errors import BadImage
from labs.export.card import read_card
from labs.files import bundled
from labs.kinds import picture

ROOT = bundled("README.md").parent.parent
BIGGER = ROOT / "saved_models" / "bigger"


@pytest.fixture(scope="module")
def tool():
    return load_tool("train_bigger")


def psnr(one, other):
    return 10 * np.log10(255**2 / np.square(one.astype("float32") - other).mean())


def test_its_files_are_small_and_it_says_what_it_is():
    card = read_card(BIGGER)
    assert sum(entry["bytes"] for entry in card["files"].values()) < 1e6
    assert card["kind"] == "picture" and card["decode"]["scale"] == 2
    assert card["metrics"]["psnr_open"] > card["metrics"]["psnr_open_bicubic"] + 1.5
    assert card["metrics"]["psnr_pets"] > card["metrics"]["psnr_pets_bicubic"] + 1.5


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
def test_it_beats_bicubic_on_a_photograph_it_never_saw(tool, name):
    large = tool.sharp(open_photos.read(name))
    small = tool.halved(large)
    made = labs.predict(BIGGER, small)
    assert made.shape == large.shape and made.dtype == np.uint8
    assert psnr(made, large) > psnr(tool.doubled(small), large) + 1.4


def test_the_kept_files_agree():
    report = labs.check(BIGGER, ["onnxruntime", "opencv_onnx"])
    assert report.ok, report


def test_the_network_begins_as_bicubic_and_goes_into_every_format(tool, tmp_path):
    network = tool.network(tool.TILE)
    small = tool.halved(tool.sharp(open_photos.read("astronaut")))
    apart = np.abs(tool.enlarge(network, small).astype(int) - tool.doubled(small))
    assert apart[4:-4, 4:-4].max() <= 1
    formats = ("model.keras", "frozen.pb", "model.onnx", "saved_model")
    x = small[None, : tool.TILE, : tool.TILE]
    labs.export(
        network, tmp_path / "bigger", x=x, kind="picture", decode={"scale": 2, "margin": 10}, formats=formats
    )
    report = labs.check(
        tmp_path / "bigger", ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime"]
    )
    assert report.ok, report


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (76, 152), (77, 100)])
def test_tiles_make_the_whole_picture_again(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype="uint8")
    tiles = picture.cut(pixels, 96, 10)
    assert tiles.shape[1:] == (96, 96, 3)
    np.testing.assert_array_equal(picture.joined(tiles, pixels.shape, 1, 10), pixels)
    doubled = picture.joined(tiles.repeat(2, axis=1).repeat(2, axis=2), pixels.shape, 2, 10)
    np.testing.assert_array_equal(doubled, pixels.repeat(2, axis=0).repeat(2, axis=1))


def test_seams_are_not_seen(tool):
    """Where two tiles meet, the picture is the one that a single larger tile gives."""
    small = tool.halved(tool.sharp(open_photos.read("astronaut")))[:64, :128]
    left, right = labs.predict(BIGGER, small), labs.predict(BIGGER, small[:, 48:])
    np.testing.assert_allclose(left[:, 128:].astype(int), right[:, 32:], atol=1)


def test_grey_is_enlarged_too_and_a_huge_picture_is_one_sentence():
    made = labs.predict(BIGGER, np.full((20, 30), 90, "uint8"))
    assert made.shape == (40, 60, 3) and np.abs(made.astype(int) - 90).max() <= 3
    with pytest.raises(BadImage, match="at most 1,000,000"):
        labs.predict(BIGGER, np.zeros((1001, 1000, 3), "uint8"))
