"""The open photographs: bundled, small, decodable, and each with its licence."""

import numpy as np
import pytest

from labs import LabsError
from labs.data import open_photos
from labs.files import bundled


def test_every_photograph_is_read_and_has_its_licence():
    told = bundled("README.md").read_text(encoding="utf-8")
    for name in open_photos.names():
        photo = open_photos.read(name)
        assert photo.dtype == np.uint8 and photo.shape[2] == 3 and max(photo.shape) <= 512
        assert f"| {name} | " in told
    assert {"astronaut", "chelsea", "coffee", "rocket"} <= set(open_photos.names())
    assert sum(open_photos.path(name).stat().st_size for name in open_photos.names()) < 1_000_000


def test_a_photograph_keeps_its_colours():
    red, _, blue = open_photos.read("coffee").reshape(-1, 3).mean(axis=0)
    assert red > blue + 20  # a brown table: RGB, not BGR


def test_an_unknown_photograph_is_one_sentence():
    with pytest.raises(LabsError, match="chelsea"):
        open_photos.read("../README")
