"""The kept networks `teller` and `teller_step`: true sentences about scenes of digits that neither has learnt from."""

import numpy as np
import pytest
from load_tool import load_tool

import labs
from labs.data import scenes
from labs.export.card import read_card, verify_files
from labs.files import bundled

ROOT = bundled("README.md").parent.parent
EYES, STEP = (ROOT / "saved_models" / name for name in ("teller", "teller_step"))


@pytest.fixture(scope="module")
def tool():
    return load_tool("train_teller")


def session(folder):
    import onnxruntime

    network = onnxruntime.InferenceSession(folder / "model.onnx")
    names = [output.name for output in network.get_outputs()]
    return lambda **given: dict(
        zip(names, network.run(None, {name: np.float32(x) for name, x in given.items()}), strict=True)
    )


def test_its_files_are_small_and_say_what_is_left_out():
    cards = [read_card(folder) for folder in (EYES, STEP)]
    for folder, card in zip((EYES, STEP), cards, strict=True):
        verify_files(folder, card)
        assert card["notes"].keys() >= {"model.keras", "saved_model", "frozen.pb"}
    assert sum(entry["bytes"] for card in cards for entry in card["files"].values()) < 2e6
    assert (STEP / "labels.txt").read_text(encoding="utf-8").split() == list(scenes.WORDS)


def test_unseen_scenes_are_described_in_both_languages_and_looked_at():
    digits = labs.load("mnist", "sample")
    pictures, facts = scenes.compose(digits.x_test, digits.y_test, 100, seed=11)
    look, tell = session(EYES), session(STEP)
    looked = look(input=pictures)
    for language in scenes.LANGUAGES:
        rows, state, maps = np.zeros((100, scenes.LONGEST + 1), int), looked["state"], []
        rows[:, 0] = scenes.WORDS.index(f"<{language}>")
        for number in range(scenes.LONGEST):
            word = np.eye(len(scenes.WORDS))[rows[:, number]]
            answer = tell(grid=looked["grid"], state=state, word=word)
            state, rows[:, number + 1] = answer["after"], answer["said"].argmax(axis=1)
            maps.append(answer["where"])
        assert scenes.right(rows, facts).all(axis=1).mean() >= 0.9
        np.testing.assert_allclose(np.sum(maps, axis=2), 1, rtol=1e-4)


@pytest.mark.parametrize("folder", [EYES, STEP])
def test_the_kept_files_agree_with_keras(folder):
    report = labs.check(folder, ["onnxruntime", "opencv_onnx"])
    assert report.ok, report


def test_a_step_goes_into_every_format(tool, tmp_path):
    """A GRU of dense layers and a softmax over places: also in OpenCV, which reads no recurrent layer."""
    random = np.random.default_rng(0)
    given = [random.random((4, 12, 12, 64)), random.random((4, 128)), np.eye(len(scenes.WORDS))[:4]]
    folder = labs.export(
        tool.telling(), tmp_path / "step", scenes.WORDS, [x.astype("float32") for x in given]
    )
    report = labs.check(folder, ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime"])
    assert report.ok, report
