"""Masks, boxes, points, text and pictures: exported, judged in every runtime, brought into the picture's own pixels."""

import json

import cv2
import keras
import numpy as np
import pytest
from models import QUICK
from typer.testing import CliRunner

import labs
from labs import kinds
from labs.errors import BadModelFolder, ExportError, LabsError
from labs.export.card import read_card, save_card
from labs.kinds import boxes as box_kind
from labs.kinds import mask as mask_kind
from labs.kinds import points, text
from labs.runtimes.children import Children

PICTURES = np.random.default_rng(1).integers(0, 256, (4, 16, 24, 3), dtype=np.uint8)
DECODE = {"threshold": 0.2, "nms": 0.5}


def networks():
    """One small untrained network a kind: {kind: (model, labels, decode)}."""
    keras.utils.set_random_seed(4)
    layers, ops = keras.layers, keras.ops

    def trunk(filters, name=None, activation=None):
        x = layers.Rescaling(1 / 255)(layers.Input((16, 24, 3)))
        start = x._keras_history.operation.input
        y = layers.Conv2D(filters, 3, padding="same", name=name, activation=activation)(x)
        return start, y

    start, scores = trunk(3, "scores", "softmax")
    made = {
        "mask": (
            keras.Model(start, {"scores": scores, "mask": ops.cast(ops.argmax(scores, -1), "float32")}),
            ["하늘", "길", "차"],
            None,
        )
    }
    start, maps = trunk(6)
    rows = ops.reshape(maps[:, ::4, ::4], (-1, 24, 6))
    label = ops.cast(ops.round(ops.sigmoid(rows[..., :1])), "float32")
    corner = ops.sigmoid(rows[..., 2:4]) * 10
    found = ops.concatenate([label, ops.sigmoid(rows[..., 1:2]), corner, corner + 5], axis=-1)
    made["boxes"] = (keras.Model(start, {"boxes": found}), ["cell", "세포"], DECODE)
    start, maps = trunk(4)
    places = ops.reshape(ops.mean(maps, axis=(1, 2)), (-1, 2, 2)) * 20
    made["points"] = (keras.Model(start, {"points": places}), ["눈", "입"], None)
    start, maps = trunk(5)
    made["text"] = (keras.Model(start, {"text": ops.softmax(ops.mean(maps, axis=1))}), list("가나다라"), None)
    start, maps = trunk(3, activation="sigmoid")
    made["picture"] = (keras.Model(start, {"picture": maps * 255}), [], None)
    return made


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    where = tmp_path_factory.mktemp("kinds")
    return {
        kind: labs.export(model, where / kind, labels, PICTURES, kind=kind, decode=decode)
        for kind, (model, labels, decode) in networks().items()
    }


@pytest.fixture(scope="module")
def children():
    with Children() as started:
        yield started


@pytest.mark.parametrize("kind", ["mask", "boxes", "points", "text", "picture"])
def test_every_runtime_means_the_same(folders, children, kind):
    report = labs.check(folders[kind], QUICK, children)
    assert report.ok, report
    assert all(row.agree == len(PICTURES) for row in report.rows), report


def photo(tmp_path):
    """A picture twice as high and three times as wide as the networks' input."""
    path = tmp_path / "사진.png"
    pixels = cv2.resize(PICTURES[0], (72, 32), interpolation=cv2.INTER_LINEAR)
    path.write_bytes(cv2.imencode(".png", pixels[..., ::-1])[1].tobytes())
    return path


def test_answers_are_in_the_pictures_own_pixels(folders, tmp_path):
    path = photo(tmp_path)
    mask = labs.predict(folders["mask"], path, "onnxruntime")
    assert mask.shape == (32, 72) and mask.dtype == np.uint8 and mask.max() < 3
    small = labs.predict(
        folders["mask"], labs.preprocess.fit(path, 16, 24, 3).astype(np.uint8), "onnxruntime"
    )
    assert np.mean(cv2.resize(small, (72, 32), interpolation=cv2.INTER_NEAREST) == mask) > 0.6
    for kind, read in {"boxes": lambda b: (b.x1, b.y1), "points": lambda p: p[1:]}.items():
        there = labs.predict(folders[kind], path, "onnxruntime")
        here = labs.predict(folders[kind], labs.preprocess.fit(path, 16, 24, 3), "onnxruntime")
        assert len(there) == len(here) > 0
        np.testing.assert_allclose(
            [read(a) for a in there], np.array([read(a) for a in here]) * (3, 2), rtol=1e-4
        )
    assert isinstance(labs.predict(folders["text"], path), str)
    assert labs.predict(folders["picture"], path).shape == (16, 24, 3)


def test_the_command_prints_and_draws(folders, tmp_path):
    from labs.cli import app

    path = photo(tmp_path)
    for kind, folder in folders.items():
        done = CliRunner().invoke(
            app, ["predict", str(folder), str(path), "--runtime", "onnxruntime", "--json"]
        )
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout) is not None
        out = tmp_path / f"{kind}.png"
        done = CliRunner().invoke(app, ["predict", str(folder), str(path), "--out", str(out)])
        assert (done.exit_code == 0) == (kind != "text") and out.is_file() == (kind != "text"), done.output
        if kind == "text":
            assert isinstance(done.exception, LabsError) and "draws masks" in str(done.exception)


def test_masks_may_differ_only_in_ties(folders):
    card, labels = read_card(folders["mask"]), ["a", "b", "c"]
    scores = np.zeros((1, 40, 50, 3), np.float32)
    scores[..., 0], scores[..., 1] = 1, 0.5
    scores[0, 0, 0, 1] = 1 - 1e-6
    expected = {"scores": scores, "mask": scores.argmax(-1).astype(np.float32)}
    tie = expected["mask"].copy()
    tie[0, 0, 0] = 1
    assert mask_kind.compare(expected, {"mask": tie}, card, labels, False).agree == 1
    wrong = expected["mask"].copy()
    wrong[0, 5, 5] = 1
    found = mask_kind.compare(expected, {"mask": wrong}, card, labels, False)
    assert found.agree == 0 and "5.0e-01 apart" in found.note
    assert mask_kind.compare(expected, {"mask": tie - 7}, card, labels, False).agree == 0


def test_boxes_are_a_set(folders):
    card, labels = read_card(folders["boxes"]), ["cell", "세포"]
    rows = np.array(
        [[[0, 0.9, 1, 1, 9, 9], [1, 0.8, 1, 1, 9, 9], [0, 0.7, 1, 1, 9, 8.5], [0, 0.2, 3, 3, 4, 4]]]
    )
    expected = {"boxes": rows}
    assert len(box_kind.decoded(rows[0], card, 2)) == 3  # the third is driven out by the first
    shuffled = rows[:, [3, 1, 0, 2]] + np.array([0, 0, 0.05, 0, 0, 0])
    found = box_kind.compare(expected, {"boxes": shuffled}, card, labels, False)
    assert found.agree == 1 and found.difference == pytest.approx(0.05)
    without = rows.copy()
    without[0, 3, 1] = 0.1999  # at the threshold: may be missing
    assert box_kind.compare(expected, {"boxes": without}, card, labels, False).agree == 1
    for place, value in (
        ((0, 0, 2), 1.2),
        ((0, 1, 0), 0),
        ((0, 3, 1), 0.4),
        ((0, 1, 1), 0.1),
        ((0, 0, 4), np.nan),
    ):
        changed = rows.copy()
        changed[place] = value
        found = box_kind.compare(expected, {"boxes": changed}, card, labels, False)
        assert found.agree == 0 and found.note, place
    assert box_kind.answers({"boxes": rows * 0}, card, labels) == [[]]


def test_points_and_text_are_compared_by_what_they_say():
    moved = np.zeros((2, 2, 2))
    expected, moved[1, 1, 0] = {"points": np.zeros((2, 2, 2))}, 0.3
    found = points.compare(expected, {"points": moved}, {}, ["눈", "입"], False)
    assert found.agree == 1 and "picture 1: 입 is 0.30 pixels away" in found.note
    steps = np.eye(3)[[0, 1, 1, 0, 1, 2, 2, 0]][None]
    assert text.answers({"text": steps}, {}, ["가", "나"]) == ["가가나"]
    assert text.compare({"text": steps}, {"text": steps[:, ::-1]}, {}, ["가", "나"], False).agree == 0


@pytest.mark.parametrize("kind", ["mask", "boxes", "points", "text", "picture", "no such"])
def test_a_network_of_another_kind_is_refused_at_export(tmp_path, kind):
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(ExportError, match=f"kind '?{kind}"):
        labs.export(model, tmp_path / "model", ["a", "b"], np.zeros((2, 4, 4, 3), np.uint8), kind=kind)
    assert not (tmp_path / "model").exists()


def test_a_card_that_claims_another_kind_is_refused(folders, tmp_path):
    import shutil

    folder = shutil.copytree(folders["points"], tmp_path / "claims")
    save_card(folder, {**read_card(folder), "kind": "boxes"})
    with pytest.raises(BadModelFolder, match="answers with boxes, but it has no output `boxes`"):
        labs.check(folder)
    save_card(folder, {**read_card(folder), "kind": "os.system"})
    with pytest.raises(BadModelFolder, match="its kind"):
        labs.predict(folder, PICTURES[0])


def test_names_have_modules():
    assert all(kinds.named(name).trouble for name in kinds.NAMES)
