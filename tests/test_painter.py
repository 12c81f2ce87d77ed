"""The kept network `painter_hubble`: a photograph of any size in the manner of another one, in tiles without seams."""

import numpy as np

import labs
from labs.data import open_photos
from labs.export.card import read_card
from labs.files import bundled

ROOT = bundled("README.md").parent.parent
PAINTER = ROOT / "saved_models" / "painter_hubble"


def test_the_kept_files_are_small_and_agree():
    card = read_card(PAINTER)
    assert sum(entry["bytes"] for entry in card["files"].values()) < 1e6
    assert card["kind"] == "picture" and card["decode"]["scale"] == 1
    assert card["metrics"]["loss"] < card["metrics"]["loss_first"] / 1.5
    report = labs.check(PAINTER, ["onnxruntime", "opencv_onnx"])
    assert report.ok, report


def test_a_photograph_it_never_saw_takes_on_the_colours_of_the_manner():
    photo = open_photos.read("coffee")[:301, :450]
    painted = labs.predict(PAINTER, photo)
    assert painted.shape == photo.shape and painted.dtype == np.uint8
    manner = open_photos.read("hubble").reshape(-1, 3).mean(axis=0)
    before, after = (np.linalg.norm(one.reshape(-1, 3).mean(axis=0) - manner) for one in (photo, painted))
    assert after < before
    grey, drawn = (one.mean(axis=-1)[4:-4, 4:-4].ravel() for one in (photo, painted))
    assert abs(np.corrcoef(grey, drawn)[0, 1]) > 0.3  # what is to be seen is still there


def test_seams_are_not_seen():
    """Where two tiles meet, the picture is the one that another cut gives."""
    photo = open_photos.read("coffee")[:96, :288]
    left, right = (labs.predict(PAINTER, part) for part in (photo, photo[:, 48:]))
    np.testing.assert_allclose(left[:, 144:].astype(int), right[:, 96:], atol=1)
