"""Detection: average precision against pycocotools, warps that keep boxes on their objects, targets and their way back."""

from pathlib import Path

import numpy as np
import pytest

from labs.data.objects import objects
from labs.detect import (
    Batches,
    anchor_grid,
    average_precision,
    center_boxes,
    center_targets,
    curve,
    decode,
    encode,
    judge,
    match,
    overlap,
    suppressed,
    warp,
)


def scene(seed, pictures=12, classes=3):
    """Random objects, and boxes of which some are near them, some doubled, some anywhere."""
    random = np.random.default_rng(seed)
    truth, found = [], []
    for _ in range(pictures):
        count = random.integers(0, 8)
        corner, size = random.uniform(0, 200, (count, 2)), random.uniform(10, 80, (count, 2))
        boxes, labels = np.hstack([corner, corner + size]), random.integers(0, classes, count)
        truth.append(objects(boxes, labels))
        near = np.repeat(boxes, 2, axis=0) + random.normal(0, 6, (2 * count, 4))
        near[:, 2:] = np.maximum(near[:, 2:], near[:, :2] + 1)
        far = np.sort(random.uniform(0, 250, (5, 2, 2)), axis=1).reshape(5, 4)
        names = np.concatenate([np.repeat(labels, 2), random.integers(0, classes, 5)])
        names = np.where(random.random(len(names)) < 0.1, (names + 1) % classes, names)
        scores = random.random(len(names)).round(2)  # rounded: equal scores are met, too
        found.append(np.column_stack([names, scores, np.vstack([near, far])]))
    return truth, found


def by_pycocotools(truth, found, classes):
    coco = pytest.importorskip("pycocotools.coco", reason="needs pycocotools")
    from pycocotools.cocoeval import COCOeval

    wide = lambda box: [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]  # noqa: E731
    index = coco.COCO()
    index.dataset = {
        "images": [{"id": n} for n in range(len(truth))],
        "categories": [{"id": n} for n in range(classes)],
        "annotations": [
            {
                "image_id": n,
                "category_id": int(c),
                "bbox": wide(b),
                "area": float(np.prod(b[2:] - b[:2])),
                "iscrowd": 0,
            }
            for n, y in enumerate(truth)
            for b, c in zip(y.boxes, y.classes, strict=True)
        ],
    }
    for number, entry in enumerate(index.dataset["annotations"]):
        entry["id"] = number + 1
    index.createIndex()
    answers = index.loadRes(
        [
            {"image_id": n, "category_id": int(row[0]), "bbox": wide(row[2:]), "score": float(row[1])}
            for n, rows in enumerate(found)
            for row in rows
        ]
    )
    judge = COCOeval(index, answers, "bbox")
    judge.evaluate()
    judge.accumulate()
    precision = judge.eval["precision"][:, :, :, 0, 2]  # all areas, a hundred boxes
    return precision.mean(axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_is_pycocotools(seed):
    truth, found = scene(seed)
    expected = by_pycocotools(truth, found, 3)
    np.testing.assert_allclose(average_precision(truth, found, 3), expected, atol=1e-6)


def test_average_precision_by_hand():
    truth = [objects([[0, 0, 10, 10], [20, 20, 30, 30]], [0, 0])]
    right, wrong, other = [0, 0.9, 0, 0, 10, 10], [0, 0.8, 50, 50, 60, 60], [0, 0.7, 20, 20, 30, 30]
    assert average_precision(truth, [np.array([right, other])], 1)[0, 0] == 1
    # Half found at precision 1, the other half at 2 of 3: 51 recalls of 1, 50 of 2 / 3.
    assert average_precision(truth, [np.array([right, wrong, other])], 1)[0, 0] == pytest.approx(
        (51 + 50 * 2 / 3) / 101
    )
    precision, recall, scores = curve(truth, [np.array([other, wrong, right])], 0)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3])
    np.testing.assert_allclose(recall, [1 / 2, 1 / 2, 1])
    assert scores.tolist() == [0.9, 0.8, 0.7]


def test_nothing_found_and_nothing_to_find():
    truth = [objects([[0, 0, 10, 10]], [0])]
    table = average_precision(truth, [np.zeros((0, 6))], 2)
    assert (table[:, 0] == 0).all() and np.isnan(table[:, 1]).all()
    assert average_precision([objects([], [])], [np.zeros((0, 6))], 1).shape == (10, 1)


def test_a_second_box_on_an_object_is_wrong():
    truth = [objects([[0, 0, 10, 10]], [0])]
    twice = np.array([[0, 0.9, 0, 0, 10, 10], [0, 0.8, 0, 0, 10, 10]])
    assert curve(truth, [twice], 0)[0].tolist() == [1, 0.5]


@pytest.mark.parametrize("seed", range(8))
def test_warped_boxes_stay_on_their_objects(seed):
    random = np.random.default_rng(seed)
    picture = np.zeros((120, 160, 3), "uint8")
    picture[40:60, 70:100] = 255
    changed, moved = warp(picture, objects([[70, 40, 100, 60]], [2]), random, light=0)
    bright = np.argwhere(changed[..., 0] > 127)
    measured = [*bright.min(axis=0)[::-1], *(bright.max(axis=0)[::-1] + 1)]
    assert moved.classes.tolist() == [2] and moved.boxes.dtype == np.float32
    np.testing.assert_allclose(moved.boxes[0], measured, atol=1)


def test_a_box_mostly_out_of_the_picture_goes():
    picture = np.full((100, 100, 3), 90, "uint8")
    kept = [
        len(warp(picture, objects([[0, 0, 20, 20]], [0]), np.random.default_rng(seed), zoom=0.5)[1].boxes)
        for seed in range(40)
    ]
    assert 0 in kept and 1 in kept
    assert warp(picture, objects([], []), np.random.default_rng(0))[1].boxes.shape == (0, 4)


def test_targets_lead_back_to_the_boxes():
    truth = objects([[10, 20, 110, 100], [130, 60, 150, 84], [0, 100, 40, 128]], [1, 2, 1])
    target = center_targets(truth, 32, 48, 3)
    heat, box = target[None, ..., :3], target[None, ..., 3:7]
    middle = np.stack(np.meshgrid(np.arange(48) + 0.5, np.arange(32) + 0.5), axis=-1)[None]
    sides = np.concatenate([middle - box[..., :2], box[..., 2:] - middle], axis=-1).astype("float32")
    rows = np.asarray(center_boxes(heat, sides))[0]
    assert rows.shape == (32 * 48, 6)
    rows = rows[rows[:, 1] > 0.99]
    assert len(rows) == 3
    overlaps = overlap(rows[:, 2:], truth.boxes)
    assert overlaps.max(axis=1).min() > 0.999
    assert rows[:, 0].tolist() == truth.classes[overlaps.argmax(axis=1)].tolist()


def test_the_weight_of_a_box_is_the_logarithm_of_its_area():
    target = center_targets(objects([[40, 40, 80, 80]], [0]), 32, 48, 1)
    assert target[..., -1].sum() == pytest.approx(np.log(100), rel=1e-4)
    assert center_targets(objects([], []), 4, 4, 3).sum() == 0


def test_anchors_stand_in_the_order_of_the_answers():
    anchors = anchor_grid({8: [(8, 8), (16, 8)], 16: [(20, 20)]}, 16, 32)
    assert anchors.shape == (2 * 4 * 2 + 1 * 2, 4) and anchors.dtype == np.float32
    assert anchors[0].tolist() == [0, 0, 8, 8] and anchors[1].tolist() == [-4, 0, 12, 8]
    assert anchors[2].tolist() == [8, 0, 16, 8] and anchors[-1].tolist() == [14, -2, 34, 18]


def test_matching_by_hand():
    anchors = np.array([[0, 0, 10, 10], [0, 0, 10, 14], [50, 50, 60, 60], [2, 0, 12, 10], [80, 0, 90, 10]])
    owner = match(anchors, [[0, 0, 10, 10], [80, 0, 90, 40]])
    assert owner.tolist() == [0, 0, -1, -2, 1]  # the last fits badly, but nothing fits its box better
    assert match(anchors, np.zeros((0, 4))).tolist() == [-1] * 5


def test_encoding_leads_back():
    random = np.random.default_rng(1)
    anchors, boxes = (
        np.hstack([c, c + random.uniform(5, 50, (9, 2))]) for c in random.uniform(0, 200, (2, 9, 2))
    )
    np.testing.assert_allclose(
        np.asarray(decode(encode(boxes, anchors), anchors.astype("float32"))), boxes, rtol=1e-4
    )


def test_decoding_becomes_part_of_a_network():
    import keras

    anchors = anchor_grid({16: [(20, 20)]}, 32, 32)
    code = keras.Input((len(anchors), 4))
    network = keras.Model(code, decode(code, anchors))
    given = np.random.default_rng(2).normal(0, 0.3, (1, len(anchors), 4)).astype("float32")
    np.testing.assert_allclose(np.asarray(network(given)), np.asarray(decode(given, anchors)), atol=1e-4)


def test_judging_rows_in_any_order_with_and_without_suppression():
    truth = [objects([[0, 0, 10, 10], [40, 40, 60, 60]], [0, 1])]
    rows = np.array(
        [[1, 0.7, 40, 40, 60, 60], [0, 0.8, 0, 0, 10, 9.5], [0, 0.9, 0, 0, 10, 10], [0, 0, 5, 5, 9, 9]]
    )
    assert judge(truth, [rows], ["a", "b"]) == {"a": 1, "b": 1, "mAP50": 1, "mAP": 1}
    assert suppressed(rows, 2)[:, 1].tolist() == [0.9, 0.8, 0.7]
    assert suppressed(rows, 2, nms=0.5)[:, 1].tolist() == [0.9, 0.7]
    assert suppressed(rows[:0], 2, nms=0.5).shape == (0, 6)


def test_batches_are_warped_anew_and_the_same_for_one_seed():
    pictures = np.random.default_rng(0).integers(0, 255, (5, 32, 48, 3), dtype="uint8")
    truth = [objects([[4, 4, 20, 20]], [0])] * 5
    first, again = (
        Batches(pictures, truth, lambda y: center_targets(y, 8, 12, 1), size=2, seed=3) for _ in range(2)
    )
    x, y = first[1]
    assert (
        len(first) == 2 and x.shape == (2, 32, 48, 3) and x.dtype == np.float32 and y.shape == (2, 8, 12, 6)
    )
    np.testing.assert_array_equal(x, again[1][0])
    first.on_epoch_begin()
    assert not np.array_equal(x, first[1][0])


def test_names_stay_what_they_are():
    import labs.detect

    for name in labs.detect.__all__:
        assert callable(getattr(labs.detect, name)) and callable(getattr(labs.detect, name)), name


def test_the_kept_model_finds_the_cells_of_the_sample():
    import onnxruntime

    import labs

    data = labs.load("bccd", "sample")
    folder = Path(__file__).parent.parent / "saved_models" / "cells"
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    rows = session.run(["boxes"], {"input": data.x_test.astype("float32")})[0]
    figures = judge(data.y_test, rows, data.labels)
    assert figures["mAP50"] > 0.85 and figures["WBC"] > 0.95
    photo = labs.load("bccd", "sample", width=640).x_test[0]
    boxes = labs.predict(folder, photo)
    assert [box.score for box in boxes] == sorted((box.score for box in boxes), reverse=True)
    best = next(box for box in boxes if box.label == "WBC")
    wanted = data.y_test[0].boxes[data.y_test[0].classes == 1] * 2
    assert overlap([best[2:]], wanted).max() > 0.7  # in pixels of the photo of 640x480
    assert labs.predict(folder, np.full((120, 160, 3), 255, "uint8")) == []
