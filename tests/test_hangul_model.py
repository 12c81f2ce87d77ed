"""The kept models of 256 and 2,350 syllables: small enough, and they read faces they have never seen."""

from pathlib import Path

import numpy as np
import pytest

from labs.hangul import CAREFUL, CLEAN, Renderer, bundled_faces, common, strokes

MODELS = Path(__file__).resolve().parent.parent / "saved_models"
FOLDER = MODELS / "hangul"


def reader(folder):
    """A function from pictures to label numbers, by OpenCV and the .pb."""
    cv2 = pytest.importorskip("cv2")
    net = cv2.dnn.readNet(str(folder / "frozen.pb"))

    def answers(images):
        found = []
        for image in images:
            net.setInput(cv2.dnn.blobFromImage(image))
            found.append(int(net.forward()[0].argmax()))
        return np.array(found)

    return answers


@pytest.fixture(scope="module")
def read():
    return reader(FOLDER)


@pytest.mark.parametrize("name, limit", [("hangul", 10_000_000), ("hangul_2350", 12_000_000)])
def test_small_enough_for_git(name, limit):
    assert sum(file.stat().st_size for file in (MODELS / name).rglob("*") if file.is_file()) <= limit


def test_labels_are_the_256():
    assert tuple((FOLDER / "labels.txt").read_text(encoding="utf-8").split()) == common(256)


@pytest.mark.parametrize("kind, floor", [("print", 0.995), ("handwriting", 0.985)])
def test_unseen_faces(read, kind, floor):
    images, truth, _ = Renderer(bundled_faces("test", kind), common(256), CLEAN).every()
    assert np.mean(read(images) == truth) >= floor


@pytest.mark.parametrize("kind", ["print", "handwriting"])
def test_2350_on_unseen_faces(kind):
    """Every eighth of the 2,350 syllables, in every test face."""
    folder, some = MODELS / "hangul_2350", np.arange(0, 2350, 8)
    syllables = common(2350)
    assert tuple((folder / "labels.txt").read_text(encoding="utf-8").split()) == syllables
    images, truth, _ = Renderer(
        bundled_faces("test", kind), [syllables[number] for number in some], CAREFUL, seed=1
    ).every()
    assert np.mean(reader(folder)(images) == some[truth]) >= 0.97


def test_strokes_of_no_font(read):
    images, truth = strokes.sample(common(256), each=2)
    assert np.mean(read(images) == truth) >= 0.96


def test_a_single_step_has_a_learning_rate_too():
    from labs.hangul import one_cycle

    assert 0 < float(one_cycle(1e-3, 1)(0)) <= 1e-3
    assert float(one_cycle(1e-3, 100)(10)) == pytest.approx(1e-3, rel=1e-3)
