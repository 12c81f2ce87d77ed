"""The kept model saved_models/hangul: small enough, and it reads faces it has never seen."""

from pathlib import Path

import numpy as np
import pytest

from labs.hangul import CLEAN, Renderer, bundled_faces, common, strokes

FOLDER = Path(__file__).resolve().parent.parent / "saved_models" / "hangul"


@pytest.fixture(scope="module")
def read():
    """A function from pictures to label numbers, by OpenCV and the .pb."""
    cv2 = pytest.importorskip("cv2")
    net = cv2.dnn.readNet(str(FOLDER / "frozen.pb"))

    def answers(images):
        found = []
        for image in images:
            net.setInput(cv2.dnn.blobFromImage(image))
            found.append(int(net.forward()[0].argmax()))
        return np.array(found)

    return answers


def test_small_enough_for_git():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) <= 10_000_000


def test_labels_are_the_256():
    assert tuple((FOLDER / "labels.txt").read_text(encoding="utf-8").split()) == common(256)


@pytest.mark.parametrize("kind, floor", [("print", 0.995), ("handwriting", 0.985)])
def test_unseen_faces(read, kind, floor):
    images, truth, _ = Renderer(bundled_faces("test", kind), common(256), CLEAN).every()
    assert np.mean(read(images) == truth) >= floor


def test_strokes_of_no_font(read):
    images, truth = strokes.sample(common(256), each=2)
    assert np.mean(read(images) == truth) >= 0.96
