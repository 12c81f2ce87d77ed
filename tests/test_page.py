"""A page's corners, moved to its edges in the full photograph: labs.kinds.page, and the card that asks for it."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from labs import kinds
from labs.data import sheets
from labs.errors import BadModelFolder
from labs.kinds import page
from labs.runtimes.browser import find_node

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def photos():
    return sheets.Composer("test", "sample", 480, 640).photos(range(12))


def beside(corners, seed=0, pixels=6):
    """The corners as a small network sees them: each off by some pixels."""
    return corners + np.random.default_rng(seed).uniform(-pixels, pixels, (4, 2))


def test_corners_that_are_off_are_brought_to_the_edges(photos):
    off = []
    for photo in photos:
        found = page.refine(photo.picture, beside(photo.sheet.corners))
        off.append(np.linalg.norm(found - photo.sheet.corners, axis=1).max())
    assert np.median(off) < 1 and np.mean(np.array(off) < 8) > 0.8, "1 % of the diagonal is about 6 pixels"


def test_a_grey_picture_is_looked_at_as_well(photos):
    grey = photos[3].picture.mean(axis=2, keepdims=True).astype(np.uint8)
    found = page.refine(grey, beside(photos[3].sheet.corners))
    assert np.linalg.norm(found - photos[3].sheet.corners, axis=1).max() < 6


def test_without_an_edge_a_corner_stays(photos):
    corners = beside(photos[0].sheet.corners)
    assert (page.refine(np.full((480, 640, 3), 120, np.uint8), corners) == corners).all()


@pytest.mark.parametrize("corners", [np.zeros((4, 2)), [(10, 10), (11, 10), (11, 11), (10, 11)]])
def test_no_page_at_all_is_left_as_it_is(photos, corners):
    assert (page.refine(photos[0].picture, corners) == np.float64(corners)).all()


def test_corners_outside_the_picture_do_no_harm(photos):
    found = page.refine(photos[0].picture, [(-90, -80), (800, -50), (760, 600), (-40, 500)])
    assert np.isfinite(found).all()


def test_predict_refines_where_the_card_says_so(photos):
    card = {"decode": {"refine": "page"}}
    answer = [(name, *place) for name, place in zip("abcd", beside(photos[3].sheet.corners), strict=True)]
    exact = kinds.named("points").refined(answer, photos[3].picture, card)
    assert [name for name, *_ in exact] == list("abcd")
    assert np.abs(np.array([place for _, *place in exact]) - photos[3].sheet.corners).max() < 3
    assert kinds.named("points").refined(answer, photos[3].picture, {"decode": {}}) is answer


def test_the_kept_network_asks_for_it():
    from labs.export.card import read_card

    assert read_card(ROOT / "saved_models" / "sheet")["decode"] == {"refine": "page"}


@pytest.mark.parametrize("decode", [{"refine": "sky"}, {"refine": "page"}])
def test_a_card_that_asks_for_something_else_is_one_sentence(decode):
    card = {"kind": "points", "name": "eyes", "decode": decode}
    card["outputs"] = [{"name": "points", "shape": [None, 2, 2]}]
    with pytest.raises(BadModelFolder, match="may only say `refine`"):
        kinds.get(card, ["left", "right"])


@pytest.mark.skipif(find_node() is None, reason="Node.js 18 or later is not installed")
def test_the_site_moves_them_to_the_same_places(photos, tmp_path):
    photo, corners = photos[3], beside(photos[3].sheet.corners)
    photo.picture.tofile(tmp_path / "picture.bin")
    script = f"""
        import {{ readFileSync }} from "node:fs";
        const {{ refine }} = await import({(ROOT / "web" / "public" / "js" / "edges.js").as_uri()!r});
        const data = readFileSync({str(tmp_path / "picture.bin")!r});
        console.log(JSON.stringify(refine({{ width: 640, height: 480, channels: 3, data }}, {corners.tolist()})));"""
    command = [find_node(), "--input-type=module", "-e", script]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert np.abs(np.array(json.loads(said)) - page.refine(photo.picture, corners)).max() < 0.5
