"""Faces, distance fields and pictures."""

import warnings
from pathlib import Path

import numpy as np
import pytest

import labs
from labs.errors import LabsError
from labs.files import bundled
from labs.hangul import CLEAN, Face, Renderer, bundled_faces, common, machine_faces, strokes
from labs.hangul.fields import fields, middle_line
from labs.hangul.fonts import draws_all

SYLLABLES = "한글손예"


@pytest.fixture(scope="module")
def faces():
    return [*bundled_faces("train", "handwriting")[:2], *bundled_faces("train", "print")[:1]]


def test_enough_bundled_faces_small_enough():
    assert len(bundled_faces(kind="handwriting")) >= 8
    assert len(bundled_faces(kind="print")) >= 6
    for kind in ("handwriting", "print"):
        assert len(bundled_faces("test", kind)) >= 4
    assert sum(file.stat().st_size for file in bundled("fonts").iterdir()) <= 8_000_000


def test_every_bundled_face_draws_all_2350():
    for face in bundled_faces():
        assert draws_all(face, common(2350)), face.family


def test_bundled_faces_keep_the_reserved_name_rule():
    from fontTools.ttLib import TTFont

    for face in bundled_faces():
        table = TTFont(face.path)["name"]
        assert table.getDebugName(1) == face.family and face.family.startswith("Labs ")
        assert "Open Font License" in table.getDebugName(13)
        assert table.getDebugName(0), "the copyright line must stay"


def test_a_face_without_the_glyphs_is_not_taken(tmp_path):
    import matplotlib

    assert not draws_all(
        Face(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", "DejaVu Sans", "print"), "가"
    )
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "LabsGothic.ttf").write_bytes(bundled("fonts/LabsGothic.ttf").read_bytes())
    (tmp_path / "pen.woff2").write_bytes(bundled("fonts/pen.woff2").read_bytes())
    found = machine_faces("가나다", folders=[tmp_path])
    assert {face.family: face.kind for face in found} == {
        "Labs Gothic": "print",
        "Labs Hand Pen": "handwriting",
    }
    assert machine_faces("뷁", folders=[tmp_path]) == []


def test_a_glyph_that_is_missing_is_an_error(faces):
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
    with pytest.raises(LabsError, match="DejaVu"):
        Renderer([Face(path, "DejaVu Sans", "print")], SYLLABLES)
    with pytest.raises(LabsError, match="No face"):
        Renderer([], SYLLABLES)


def test_clean_pictures_are_the_glyph(faces):
    renderer = Renderer(faces, SYLLABLES, CLEAN)
    images, labels, numbers = renderer.every()
    assert images.shape == (12, 64, 64, 1) and images.dtype == np.uint8
    assert labels.tolist() == [0, 1, 2, 3] * 3 and numbers.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert images[:, :4].max() == 0, "white ink on a black margin"
    assert (images.reshape(12, -1).max(axis=1) == 255).all()
    inside = fields(faces[2], SYLLABLES)[:, 0] > 128 + 8
    assert (images[8:, ..., 0][inside] > 200).all()


def test_same_seed_same_pictures(faces):
    renderer = Renderer(faces, SYLLABLES, seed=5)
    first = renderer.batch(20)
    renderer.seed(5)
    again = renderer.batch(20)
    assert (first[0] == again[0]).all() and (first[1] == again[1]).all()
    assert (renderer.batch(20)[0] != first[0]).any()


@pytest.mark.parametrize("thickness", [2.0, 4.0, 6.0])
def test_lines_have_the_thickness_asked_for(faces, thickness):
    import dataclasses

    style = dataclasses.replace(CLEAN, line=1.0, thickness=(thickness, thickness))
    image = Renderer([faces[2]], "ㅡ으"[1:], style).picture(0, 0)
    columns = image[40:, 24:40].astype(float).sum(axis=0) / 255  # the stroke of ㅡ alone
    assert abs(np.median(columns) - thickness) < 0.8


def test_middle_line_is_thin_and_whole():
    import cv2

    mask = np.zeros((64, 64), np.uint8)
    cv2.circle(mask, (32, 32), 20, 1, 7)
    line = middle_line(mask)
    assert cv2.connectedComponents(line)[0] == 2, "one piece"
    assert 2 * 20 * 2 < line.sum() < 2 * np.pi * 20 * 1.3, "one pixel wide"


def test_drawn_strokes_are_readable_lines():
    images, labels = strokes.sample(common(256)[:8], each=2)
    assert images.shape == (16, 64, 64, 1) and labels.tolist() == [n // 2 for n in range(16)]
    share = (images > 127).mean(axis=(1, 2, 3))
    assert (share > 0.02).all() and (share < 0.5).all()


def test_every_one_of_the_11172_syllables_can_be_drawn_in_strokes():
    random = np.random.default_rng(0)
    for code in range(ord("가"), ord("힣") + 1, 13):
        assert strokes.draw(chr(code), random).max() == 255


def test_plots_have_no_missing_glyph():
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    letters = font_manager.FontProperties(fname=bundled("fonts/LabsGothic.ttf"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = Figure()
        figure.text(0, 0.5, "한글 손글씨 ㅐ/ㅔ: “정확도” 99 % ≥ 97 % · × → ±", font=letters)
        figure.canvas.draw()


def test_load_draws_the_data_set():
    dataset = labs.load("hangul", "sample")
    again = labs.load("hangul", "sample")
    assert dataset.x_train.shape == (2048, 64, 64, 1) and dataset.x_train.dtype == np.uint8
    assert dataset.x_test.shape == (512, 64, 64, 1) and len(dataset.labels) == 256
    assert np.array_equal(np.bincount(dataset.y_test), np.full(256, 2))  # a print and a handwriting face
    assert dataset.y_train.dtype == np.int64 and dataset.y_train.max() < 256
    assert np.array_equal(dataset.x_train, again.x_train) and "drawn" in dataset.source
