"""labs.load("sheets"): what is said about a composed photograph is true of its pixels."""

import numpy as np
import pytest

import labs
from labs.data import sheets
from labs.data.view import View


@pytest.fixture(scope="module")
def composers():
    return {part: sheets.Composer(part, "sample") for part in ("train", "test")}


@pytest.fixture(scope="module")
def photos(composers):
    return composers["test"].photos(range(30))


def test_the_data_set_is_the_same_at_each_call_and_needs_no_network(monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    one, two = (labs.load("sheets", "sample", train=5, test=4) for _ in range(2))
    assert one.x_train.shape == (5, 240, 320, 3) and one.x_test.shape == (4, 240, 320, 3)
    assert one.x_train.dtype == np.uint8 and len(one.y_train) == 5 and len(one.labels) == 11
    assert (one.x_test == two.x_test).all() and (one.y_test[3].boxes == two.y_test[3].boxes).all()
    assert "5 training and 4 test pictures of 240x320x3" in repr(one)


def test_a_photograph_depends_on_its_number_alone(composers, photos):
    again = composers["test"].photo(17)
    assert (again.picture == photos[17].picture).all() and (
        again.sheet.classes == photos[17].sheet.classes
    ).all()
    assert not (again.picture == photos[18].picture).all()


def test_boxes_are_those_of_the_ink(photos):
    off = []
    for photo in photos:
        boxes, classes, _ = photo.sheet
        assert boxes.dtype == np.float32 and boxes.shape == (len(classes), 4) and classes.dtype == np.int64
        assert photo.objects.max(initial=0) <= len(boxes)
        for number, box in enumerate(boxes, 1):
            rows, columns = np.nonzero(photo.objects == number)
            seen = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
            off.append(np.abs(seen - box).max())
    assert np.mean(off) < 0.8 and max(off) < 2.5, "pixels between a box and the pixels of its ink"


def test_the_ink_is_dark_where_the_objects_are(photos):
    for photo in photos:
        grey, on_page = photo.picture.mean(axis=2), np.isfinite(photo.page_of[..., 0])
        if len(photo.sheet.boxes):
            assert grey[photo.objects > 0].mean() < grey[on_page & (photo.objects == 0)].mean() - 15


def test_the_reading_order_is_that_of_the_page(photos):
    for photo in photos:
        middles = (photo.sheet.boxes[:, :2] + photo.sheet.boxes[:, 2:]) / 2
        u, v = photo.page_of[middles[:, 1].astype(int), middles[:, 0].astype(int)].T
        new_row = np.diff(u) < 0
        assert (np.diff(v)[new_row] > 0).all(), "further left means further down"


def test_corners_and_places_on_the_page_agree(photos):
    for photo in photos:
        assert ((photo.sheet.corners >= 0) & (photo.sheet.corners <= (320, 240))).all()
        for corner, (u, v) in zip(photo.sheet.corners, [(0, 0), (1, 0), (1, 1), (0, 1)], strict=True):
            distance = np.abs(photo.page_of - (u, v)).sum(axis=2)
            y, x = np.unravel_index(np.nanargmin(distance), distance.shape)
            assert np.abs(corner - (x + 0.5, y + 0.5)).max() < 4, "the last pixel of a sharp corner"


@pytest.mark.parametrize("number", range(8))
def test_a_view_there_and_back(number):
    view = View(np.random.default_rng(number), (4, 3), 240, 320)
    places = view.page_of(240, 320)
    y, x = np.mgrid[:240, :320] + 0.5
    on_page = ((places > 0) & (places < 1)).all(axis=2)
    assert on_page.sum() > 5000
    back = view.forward(places[on_page])
    assert np.abs(back - np.stack([x[on_page], y[on_page]], axis=1)).max() < 0.05


def test_parts_share_no_picture(composers):
    train, test = composers["train"], composers["test"]
    assert not {x.tobytes() for x in train.digits} & {x.tobytes() for x in test.digits}
    assert not {x.tobytes() for x in train.syllables} & {x.tobytes() for x in test.syllables}
    assert not {x.tobytes() for x in train.stock.textures} & {x.tobytes() for x in test.stock.textures}
    assert not set(sheets._BACKGROUNDS["train"]) & set(sheets._BACKGROUNDS["test"])


def test_some_sheets_are_empty_and_some_are_full(composers):
    counts = [len(composers["train"].photo(number).sheet.classes) for number in range(120)]
    assert 0 in counts and max(counts) > 30 and max(counts) <= sheets.MOST


def test_other_sizes_and_scans(composers):
    large = sheets.Composer("test", "sample", height=480, width=640).photo(3)
    assert large.picture.shape == (480, 640, 3) and large.page_of.shape == (480, 640, 2)
    scan = composers["test"].photo(3, scan=True)
    covered = np.isfinite(scan.page_of[..., 0])
    assert covered[:, 130:190].mean() > 0.8, "a scan fills the picture's height or its width"


def test_wrong_wishes_are_one_sentence():
    with pytest.raises(labs.LabsError, match="no part 'val' of the sheets"):
        sheets.Composer("val", "sample")
    with pytest.raises(labs.LabsError, match="20 x 240 pixels cannot be composed"):
        sheets.Composer("test", "sample", width=20)


def test_a_table_has_no_page(composers):
    table = composers["train"].table(3)
    assert table.shape == (240, 320, 3) and table.dtype == np.uint8 and table.std() > 1
    assert (composers["train"].table(3) == table).all() and not (composers["train"].table(4) == table).all()
