"""The kept network for the digits of a sheet: its boxes are named, and where the writing is."""

from pathlib import Path

import numpy as np

import labs
from labs.data import sheets
from labs.data.objects import overlap

ROOT = Path(__file__).resolve().parent.parent


def test_most_digits_of_an_unseen_sheet_are_found_and_named():
    photo = sheets.Composer("test", "sample").photo(1)
    found = labs.predict(ROOT / "saved_models" / "digits", photo.picture, runtime="onnxruntime")
    same = overlap(photo.sheet.boxes, [box[2:] for box in found]) > 0.4
    named = np.array(
        [[box.label == sheets.LABELS[number] for box in found] for number in photo.sheet.classes]
    )
    right = (same & named).any(axis=1)
    assert right.mean() > 0.7, f"{right.sum()} of {len(right)}"
    assert all(0 < box.score <= 1 for box in found) and len(found) < 1.5 * len(right)


def test_an_empty_table_has_no_writing():
    table = sheets.Composer("test", "sample").table(0)
    assert len(labs.predict(ROOT / "saved_models" / "digits", table, runtime="onnxruntime")) < 4
