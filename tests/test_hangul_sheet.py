"""The paper sheet: printed, filled in, photographed (all by program) and cut."""

import cv2
import numpy as np
import pytest

from labs.errors import BadImage, LabsError
from labs.hangul import common, sheet, strokes

SYLLABLES = common(256)


def filled_page(page=0, empty=()):
    """The page as the printer makes it (8 pixels a mm), with strokes drawn in the cells."""
    random = np.random.default_rng(page)
    paper = sheet.page_image(SYLLABLES, page)
    for place, syllable in enumerate(SYLLABLES[page * sheet.PER_PAGE :][: sheet.PER_PAGE]):
        x, y = sheet.cell_corner(place)
        if place not in empty:
            ink = cv2.resize(strokes.draw(syllable, random), (96, 96))
            paper[y + 8 : y + 104, x + 8 : x + 104] = 255 - ink
    return paper


def photograph(paper, seed=0, turn=0):
    """Perspective, a shadow, blur and noise, as from a telephone held over a desk."""
    random = np.random.default_rng(seed)
    height, width = paper.shape
    corners = np.float32([(0, 0), (width, 0), (width, height), (0, height)])
    seen = corners * 0.8 + (260, 240) + random.uniform(-60, 60, (4, 2))
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    photo = cv2.warpPerspective(paper, matrix, (1900, 2400), borderValue=90).astype(np.float32)
    shadow = 0.55 + 0.45 * np.clip((np.arange(1900) - 400) / 900, 0, 1)
    photo = cv2.GaussianBlur(photo * shadow * 0.85 + 10, (0, 0), 1) + random.normal(0, 4, photo.shape)
    return np.rot90(np.clip(photo, 0, 255).astype(np.uint8), turn).copy()


def test_pdf_has_all_pages(tmp_path):
    assert sheet.write_sheet(tmp_path / "sheet.pdf", SYLLABLES) == 2
    data = (tmp_path / "sheet.pdf").read_bytes()
    assert data.startswith(b"%PDF") and data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") >= 2


def test_too_many_syllables_for_the_marks(tmp_path):
    with pytest.raises(LabsError, match="split the list"):
        sheet.write_sheet(tmp_path / "sheet.pdf", ["가"] * 62 * sheet.PER_PAGE + ["나"])


@pytest.mark.parametrize("page, turn", [(0, 0), (1, 0), (0, 1), (0, 2)])
def test_a_photographed_page_is_cut(page, turn):
    images, labels = sheet.cut(photograph(filled_page(page), seed=page, turn=turn), SYLLABLES)
    expected = range(page * sheet.PER_PAGE, min(256, (page + 1) * sheet.PER_PAGE))
    assert labels.tolist() == list(expected)
    assert images.shape == (len(labels), 64, 64, 1) and images.dtype == np.uint8
    assert np.median(images[:, :4]) == 0 and (images.reshape(len(images), -1).max(axis=1) > 200).all()
    share = (images > 127).mean(axis=(1, 2, 3))
    assert (share > 0.02).all() and (share < 0.4).all()


def test_pictures_are_the_drawn_ones():
    page = filled_page()
    straight, labels = sheet.cut(page, SYLLABLES)
    photo, photo_labels = sheet.cut(photograph(page, seed=3), SYLLABLES)
    assert labels.tolist() == photo_labels.tolist()
    blurred = [
        cv2.GaussianBlur(image.astype(np.float32), (5, 5), 1.5).ravel() for image in (*straight, *photo)
    ]
    likeness = np.corrcoef(blurred)[: len(labels), len(labels) :]
    assert (likeness.argmax(axis=1) == np.arange(len(labels))).mean() > 0.95


def test_empty_cells_are_left_out():
    _, labels = sheet.cut(photograph(filled_page(empty={0, 7, 160})), SYLLABLES)
    assert set(range(165)) - set(labels.tolist()) == {0, 7, 160}


def test_no_sheet_in_the_photo(tmp_path):
    with pytest.raises(BadImage, match="corner marks"):
        sheet.cut(np.full((500, 400), 200, np.uint8), SYLLABLES)
    with pytest.raises(BadImage, match="cannot be read"):
        sheet.cut(tmp_path / "none.jpg", SYLLABLES)
    (tmp_path / "broken.jpg").write_bytes(b"no jpeg")
    with pytest.raises(BadImage):
        sheet.cut(tmp_path / "broken.jpg", SYLLABLES)


def test_a_page_of_another_list_is_refused():
    with pytest.raises(LabsError, match="page 2"):
        sheet.cut(filled_page(1), SYLLABLES[:100])


def test_saved_pictures_come_back(tmp_path):
    images, labels = sheet.cut(filled_page(), SYLLABLES)
    sheet.save(tmp_path / "hand", images, labels, SYLLABLES)
    again, texts = sheet.load_cut(tmp_path / "hand")
    assert (again == images).all() and texts == [SYLLABLES[label] for label in labels]
