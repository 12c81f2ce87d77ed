"""The kept reader and finder: the same text in every runtime, words in faces they never saw, and what is no text."""

import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import labs
from labs import LabsError
from labs.export.card import read_card, read_labels
from labs.hangul import bundled_faces, common, lines, pages
from labs.ocr import Ours, line_picture, overlap, quads_of
from labs.ocr.distance import character_errors, distance

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "saved_models"
NOTICE = ROOT / "web" / "public" / "samples" / "notice.jpg"
LEAFLET = ROOT / "web" / "public" / "samples" / "leaflet.jpg"


@pytest.fixture(scope="module")
def engine():
    engine = Ours(MODELS / "finder", MODELS / "reader")
    yield engine
    engine.close()


def words(kind, letters, style, count=40):
    """Pictures and truths of random words in two held-out faces."""
    glyphs = [lines.Glyphs(face, letters) for face in bundled_faces("test", kind)[:2]]
    draw = lambda random: "".join(random.choice(letters, random.integers(2, 5)))  # noqa: E731
    images, texts, places = lines.Lines(glyphs, letters, draw, style, seed=21).batch(count)
    return [image[:, : int(spans[-1][1]) + 3, 0] for image, spans in zip(images, places, strict=True)], texts


@pytest.mark.parametrize("name", ["reader", "finder"])
def test_every_runtime_says_the_same(name):
    assert labs.check(MODELS / name).ok


@pytest.mark.parametrize("name", ["reader", "finder"])
def test_a_kept_model_is_small(name):
    assert sum(path.stat().st_size for path in (MODELS / name).rglob("*") if path.is_file()) < 6.3e6


def test_the_reader_knows_every_syllable_of_ks_x_1001_and_the_keyboard():
    labels = read_labels(MODELS / "reader")
    assert set(common(2350)) | set(map(chr, range(0x20, 0x7F))) == set(labels) and len(labels) == 2445
    card = read_card(MODELS / "reader")
    assert card["kind"] == "text" and card["outputs"][0]["shape"][2] == 2446


@pytest.mark.parametrize(("kind", "most"), [("print", 0.05), ("handwriting", 0.12)])
def test_korean_words_in_faces_it_never_saw(engine, kind, most):
    images, texts = words(kind, common(2350), lines.MILD)
    assert character_errors(engine.texts(images), texts) <= most


def test_margins_and_polarity_do_not_matter_much(engine):
    images, texts = words("print", common(256), lines.MILD)
    tight = character_errors(engine.texts(images), texts)
    paper = [int(np.percentile(image, 80)) for image in images]
    edged = [
        cv2.copyMakeBorder(image, 25, 30, 40, 20, cv2.BORDER_CONSTANT, value=grey)
        for image, grey in zip(images, paper, strict=True)
    ]
    assert character_errors(engine.texts(edged), texts) <= tight + 0.05
    assert character_errors(engine.texts([255 - image for image in images]), texts) <= tight + 0.02


def test_predict_reads_a_crop():
    images, texts = words("print", common(256), lines.MILD, count=3)
    guesses = [labs.predict(MODELS / "reader", image) for image in images]
    assert character_errors(guesses, texts) < 0.2


def test_a_notice_and_a_turned_leaflet_are_read(engine):
    said = labs.read(NOTICE, engine)
    text = " ".join(word.text for word in said)
    assert {"도서관", "안내", "hours:", "02-1234-5678"} <= set(text.split())
    assert text.split()[0] == "도서관"
    said = [word.text for word in labs.read(LEAFLET, engine)]
    assert {"가을", "음악회", "토요일"} <= set(said)


def test_paper_and_grass_have_no_text(engine):
    assert labs.read(np.full((300, 400), 240, np.uint8), engine) == []
    grass = cv2.imread(str(ROOT / "data" / "photos_open" / "grass.jpg"))
    assert len(labs.read(grass, engine)) <= 2


def test_a_page_of_fifty_megapixels_is_read_in_bounded_memory():
    program = """
import numpy as np, cv2, labs
from labs.ocr import Ours
page = np.full((7000, 7200, 3), 250, np.uint8)
cv2.putText(page, "Reading 2026", (900, 3000), cv2.FONT_HERSHEY_SIMPLEX, 12, (20, 20, 20), 22)
engine = Ours()
print([word.text for word in labs.read(page, engine)])
engine.close()
# not ru_maxrss: it begins with what the process had that started this one
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    if sys.platform != "linux":
        pytest.skip("the peak is read from /proc, which only Linux has")
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stderr
    said, megabytes = done.stdout.splitlines()
    assert "2026" in said
    assert int(megabytes) < 1500


def test_distance_is_levenshteins_and_rates_are_jiwers():
    assert [distance("kitten", "sitting"), distance("", "ab"), distance("가나", "가나")] == [3, 2, 0]
    guesses, truth = ["도시관", "reeding!", ""], ["도서관", "reading", "x"]
    ours = character_errors(guesses, truth)
    assert ours == pytest.approx(4 / 11)
    if importlib.util.find_spec("jiwer") is None:
        pytest.skip("jiwer is not installed: pip install -r requirements-ocr.txt")
    import jiwer

    assert ours == pytest.approx(jiwer.cer(truth, guesses))


def test_the_command_reads_the_notice():
    command = [sys.executable, "-m", "labs.cli", "read", str(NOTICE), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=200)
    assert done.returncode == 0, done.stderr
    assert "도서관" in [word["text"] for word in json.loads(done.stdout)]


def rewired(folder, taken, given, shape, answer):
    """The ONNX file of a folder for OpenCV's text classes: it takes (1, 1, height, width) and gives what they want."""
    import onnx
    from onnx import TensorProto, helper

    network = onnx.load(MODELS / folder / "model.onnx")
    graph = network.graph
    graph.node.insert(0, helper.make_node("Transpose", ["picture"], [taken], perm=[0, 2, 3, 1]))
    if folder == "reader":  # (time, 1, classes)
        graph.node.append(helper.make_node("Transpose", [given], ["answer"], perm=[1, 0, 2]))
    else:  # (height, width), 0 to 1
        graph.initializer.append(helper.make_tensor("whole", TensorProto.FLOAT, [], [255.0]))
        graph.initializer.append(helper.make_tensor("flat", TensorProto.INT64, [2], answer))
        graph.node.append(helper.make_node("Div", [given, "whole"], ["share"]))
        graph.node.append(helper.make_node("Reshape", ["share", "flat"], ["answer"]))
    graph.input[0].CopyFrom(helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, *shape]))
    graph.output[0].CopyFrom(helper.make_tensor_value_info("answer", TensorProto.FLOAT, answer))
    return cv2.dnn.readNetFromONNX(np.frombuffer(network.SerializeToString(), np.uint8))


needs_opencv_5 = pytest.mark.skipif(cv2.__version__ < "5", reason="OpenCV 4 does not read the reader's ONNX")


@needs_opencv_5
def test_opencvs_text_recognition_reads_the_same_greedily(engine):
    model = cv2.dnn.TextRecognitionModel(
        rewired("reader", "input", "text", [40, 192], [48, 1, 2446]),
    )
    labels = read_labels(MODELS / "reader")
    model.setDecodeType("CTC-greedy")
    model.setVocabulary(labels)
    model.setInputParams(1.0, (192, 40), (0,))
    images, _ = words("handwriting", common(2350), lines.WILD, count=20)
    pictures = np.concatenate([line_picture(image, width=192) for image in images])
    for picture, steps in zip(pictures, engine._reader(pictures), strict=True):
        path = [number for number, _ in itertools.groupby(steps.argmax(axis=1)) if number]
        assert model.recognize(picture[..., 0]) == "".join(labels[number - 1] for number in path)


@needs_opencv_5
def test_opencvs_text_detection_is_alike_but_grows_and_drops_by_rules_of_its_own(engine):
    """It leaves out middles of less than 3 pixels and grows the others by area over perimeter, ours by their height."""
    model = cv2.dnn.TextDetectionModel_DB(rewired("finder", "input", "picture", [320, 320], [160, 160]))
    model.setBinaryThreshold(0.5).setPolygonThreshold(0.5).setUnclipRatio(1.5).setMaxCandidates(200)
    model.setInputParams(1.0, (320, 320), (0,))
    glyphs = [lines.Glyphs(face, common(256)) for face in bundled_faces("test", "print")[:2]]
    draw = lambda random: "".join(random.choice(common(256), random.integers(2, 5)))  # noqa: E731
    shares = []
    for sheet in pages.Pages(glyphs, draw, seed=4).batch(4)[0]:
        theirs, _ = model.detect(sheet[..., 0])
        ours = 2 * quads_of(engine._map(sheet[..., 0]) / 255)[0]
        large = [quad for quad in ours if np.linalg.norm(quad[3] - quad[0]) > 14]
        shares += [max((overlap(quad, np.float32(other)) for other in theirs), default=0) for quad in large]
    assert len(shares) > 5 and np.mean(np.array(shares) > 0.5) > 0.9 and max(shares) < 0.999


def test_letters_below_each_other_are_read_one_by_one_and_a_lying_line_is_no_crash(engine):
    column = np.full((300, 110), 255, np.uint8)
    pictures = lines.Glyphs(bundled_faces("test", "print")[0], "장입구한").pictures
    for place, letter in enumerate("장입구한"):
        ink = pictures[letter][0]
        column[25 + 66 * place :][: len(ink), 35 : 35 + ink.shape[1]] -= ink
    assert character_errors(["".join(word.text for word in labs.read(column, engine))], ["장입구한"]) <= 0.5
    assert isinstance(labs.read(np.rot90(column), engine), list)


def test_a_child_that_dies_is_a_sentence_and_the_next_question_is_answered():
    ours = Ours(MODELS / "finder", MODELS / "reader")
    picture = cv2.imread(str(NOTICE))
    assert labs.read(picture, ours)
    ours._finder._child._process.running.kill()
    with pytest.raises(LabsError, match="another runtime"):
        labs.read(picture, ours)
    assert labs.read(picture, ours)
    ours.close()
