"""The kept network `writer`: held-out syllables in four hands, read by a network that never taught it; the hand as a second input."""

import numpy as np
import pytest
from load_tool import load_tool

import labs
from labs.export.card import read_card, read_golden
from labs.files import bundled
from labs.hangul import CLEAN, Renderer, bundled_faces, common

ROOT = bundled("README.md").parent.parent
WRITER = ROOT / "saved_models" / "writer"


@pytest.fixture(scope="module")
def tool():
    return load_tool("train_writer")


def session(folder):
    import onnxruntime

    network = onnxruntime.InferenceSession(folder / "model.onnx")
    return lambda **inputs: network.run(None, {name: np.float32(x) for name, x in inputs.items()})[0]


def test_its_files_are_small_and_it_says_what_it_is():
    card = read_card(WRITER)
    assert sum(entry["bytes"] for entry in card["files"].values()) < 3e6
    assert card["kind"] == "picture" and [entry["name"] for entry in card["inputs"]] == ["input", "hand"]
    assert (WRITER / "labels.txt").read_text().split() == ["pen", "brush", "style", "story"]
    assert read_golden(WRITER, card)[0]["hand"].shape[1:] == (1, 1, 4)


def test_unseen_syllables_of_an_unseen_print_are_read_in_every_hand(tool):
    numbers = np.flatnonzero(tool.held_out(2350))[::12]
    syllables = [common(2350)[number] for number in numbers]
    face = bundled_faces("test", "print")[:1]
    printed = Renderer(face, syllables, CLEAN).every()[0]
    write, read = session(WRITER), session(ROOT / "saved_models" / "hangul_2350")
    written = []
    for hand in np.eye(4):
        written.append(write(input=printed, hand=np.tile(hand, (len(printed), 1)).reshape(-1, 1, 1, 4)))
        assert np.mean(read(input=written[-1]).argmax(1) == numbers) >= 0.9
    apart = np.abs(np.diff(written, axis=0)).mean(axis=(1, 2, 3, 4))
    assert (apart > 5).all(), apart  # of 255: four hands, not one


def test_between_two_hands_lies_a_hand():
    card = read_card(WRITER)
    printed = read_golden(WRITER, card)[0]["input"][:8]
    write, (one, other) = session(WRITER), np.eye(4)[:2]

    def by(hand):
        return write(input=printed, hand=np.tile(hand, (8, 1)).reshape(-1, 1, 1, 4))

    middle = by((one + other) / 2)
    assert np.abs(middle - by(one)).mean() < np.abs(by(one) - by(other)).mean()
    assert np.abs(middle - by(other)).mean() < np.abs(by(one) - by(other)).mean()


def test_the_kept_files_agree_with_keras():
    report = labs.check(WRITER, ["onnxruntime", "opencv_onnx"])
    assert report.ok, report


def test_the_network_goes_into_every_format(tool, tmp_path):
    """Two inputs and gains made of one of them: also in OpenCV's .pb, where a flat hand would not be read."""
    network = tool.network()
    random = np.random.default_rng(0)
    for variable in network.weights:
        if "kernel" in variable.path:
            variable.assign_add(0.05 * random.standard_normal(variable.shape))
    inputs = [
        random.integers(0, 256, (4, 64, 64, 1), dtype="uint8"),
        np.eye(4, dtype="float32")[:, None, None],
    ]
    formats = ("model.keras", "frozen.pb", "model.onnx", "saved_model")
    labs.export(network, tmp_path / "writer", x=inputs, kind="picture", formats=formats)
    report = labs.check(
        tmp_path / "writer", ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime"]
    )
    assert report.ok, report


def test_a_picture_alone_is_one_sentence():
    with pytest.raises(labs.LabsError, match="does not take one picture"):
        labs.predict(WRITER, np.zeros((64, 64), "uint8"))


def test_pairs_are_moved_alike_and_hold_no_secret(tool):
    square = np.zeros((1, 3, 64, 64), "uint8")
    square[:, :, 20:40, 24:44] = 255
    pairs = tool.Pairs(square, np.repeat(square, 4, 0), np.zeros((3, 3), "int32"))
    printed, hand, written, jamo = pairs.batch(8)
    np.testing.assert_array_equal(printed, written)
    assert (printed != printed[:1]).any() and printed.max() > 200
    assert hand.shape == (8, 1, 1, 4) and (hand.sum(axis=0) == 2).all() and jamo.shape == (8, 3)
    assert tool.jamo_numbers(["한"]).tolist() == [[18, 0, 4]]
    assert tool.held_out(2350).sum() == 470
