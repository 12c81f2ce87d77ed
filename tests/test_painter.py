"""The kept networks `painter_*`: a photograph of any size in the manner of another one, in tiles without seams."""

import numpy as np
import pytest

import labs
from labs.data import open_photos
from labs.export.card import read_card
from labs.files import bundled

ROOT = bundled("README.md").parent.parent
PAINTERS = {name: ROOT / "saved_models" / f"painter_{name}" for name in ("hubble", "tissue")}


@pytest.mark.parametrize("folder", PAINTERS.values(), ids=PAINTERS)
def test_the_kept_files_are_small_and_agree(folder):
    card = read_card(folder)
    assert sum(entry["bytes"] for entry in card["files"].values()) < 1e6
    assert card["kind"] == "picture" and card["decode"]["scale"] == 1
    assert card["metrics"]["loss"] < card["metrics"]["loss_first"] / 1.5
    report = labs.check(folder, ["onnxruntime", "opencv_onnx"])
    assert report.ok, report


@pytest.mark.parametrize("name", PAINTERS)
def test_a_photograph_it_never_saw_takes_on_the_colours_of_the_manner(name):
    photo = open_photos.read("coffee")[:301, :450]
    painted = labs.predict(PAINTERS[name], photo)
    assert painted.shape == photo.shape and painted.dtype == np.uint8
    manner = open_photos.read(name).reshape(-1, 3).mean(axis=0)
    before, after = (np.linalg.norm(one.reshape(-1, 3).mean(axis=0) - manner) for one in (photo, painted))
    assert after < before
    grey, drawn = (one.mean(axis=-1)[4:-4, 4:-4].ravel() for one in (photo, painted))
    assert abs(np.corrcoef(grey, drawn)[0, 1]) > 0.3  # what is to be seen is still there


def test_seams_are_not_seen():
    """Where two tiles meet, the picture is the one that another cut gives."""
    photo = open_photos.read("coffee")[:96, :288]
    left, right = (labs.predict(PAINTERS["hubble"], part) for part in (photo, photo[:, 48:]))
    np.testing.assert_allclose(left[:, 144:].astype(int), right[:, 96:], atol=1)
