"""Reading text: pictures of words, crops, quadrangles, the engines and what they do when they are not there."""

import base64
import http.server
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

import labs
from labs import LabsError
from labs.hangul import bundled_faces, lines, pages
from labs.kinds import text as kind
from labs.ocr import crop, page, quads
from labs.ocr.engines import Engine, Tesseract, Word, open_engine
from labs.ocr.vision import Vision

LETTERS = "가나다라마바사abc0123 "
WORDS = ("가나다", "라마바사", "abc", "2013")


@pytest.fixture(scope="module")
def glyphs():
    return [
        lines.Glyphs(face, LETTERS)
        for face in (bundled_faces("test", "print")[0], bundled_faces("test", "handwriting")[0])
    ]


def a_word(random):
    return WORDS[random.integers(len(WORDS))]


def test_lines_are_drawn_again_by_their_seed_and_know_where_each_letter_stands(glyphs):
    series = lines.Lines(glyphs, LETTERS, a_word, seed=4)
    images, texts, places = series.batch(40)
    assert images.shape == (40, lines.HEIGHT, lines.WIDTH, 1) and images.dtype == np.uint8
    assert set(texts) >= {"가나다", "abc"}
    for image, text, spans in zip(images, texts, places, strict=True):
        assert len(text) == len(spans) and image.std() > 2
        assert all(left < right for left, right in spans)
        assert spans[0][0] >= -2 and spans[-1][1] <= lines.WIDTH + 1
    series.seed(4)
    again, _, _ = series.batch(40)
    assert np.array_equal(images, again)


def test_a_line_that_is_too_long_keeps_what_fits_and_letters_that_a_face_lacks_are_left_out(glyphs):
    series = lines.Lines(glyphs, LETTERS, a_word)
    _, text, spans = series.line("가나다라마바사" * 9, glyphs[0])
    assert 3 < len(text) <= lines.LONGEST and spans[-1][1] <= lines.WIDTH + 1
    assert series.line("가漢나", glyphs[0])[1] == "가나"


def test_pages_know_their_words_and_the_map_of_their_middles_gives_them_back(glyphs):
    images, found, texts = pages.Pages(glyphs, a_word, seed=2).batch(6)
    assert images.shape == (6, pages.SIZE, pages.SIZE, 1)
    assert [len(words) for words in found] == [len(words) for words in texts]
    assert {text for words in texts for text in words} <= set(WORDS)
    overlaps = []
    for words in found:
        again, scores = quads.quads_of(pages.shrunk_map(words, pages.SIZE).astype(np.float32))
        sides = np.linalg.norm(words[:, [1, 3]] - words[:, [0]], axis=2).min(axis=1)
        whole = (words.min(axis=(1, 2)) > 2) & (words.max(axis=(1, 2)) < pages.SIZE - 2) & (sides > 12)
        overlaps += [
            max([quads.overlap(word, 2 * quad) for quad in again], default=0) for word in words[whole]
        ]
        assert all(score == 1 for score in scores)
    assert len(overlaps) > 8 and np.mean(np.array(overlaps) > 0.5) > 0.9


@pytest.mark.parametrize("inverted", [False, True])
def test_a_crop_is_made_tight_and_dark_on_light_whatever_its_margins(glyphs, inverted):
    picture = np.full((30, 100), 230, np.uint8)
    cv2.putText(picture, "abc", (20, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 60, 2)
    wide = cv2.copyMakeBorder(picture, 30, 25, 40, 60, cv2.BORDER_CONSTANT, value=230)
    both = [crop.line_picture(255 - image if inverted else image) for image in (picture, wide)]
    widths = [image.shape[2] for image in both]
    assert both[0].shape[1] == 40 and abs(widths[0] - widths[1]) <= 4
    assert np.median(both[0]) > 150 and both[0].min() < 40
    width = min(widths)
    assert np.abs(both[0][:, :, :width].astype(int) - both[1][:, :, :width]).mean() < 12
    assert crop.line_picture(picture, 32, 64).shape == (1, 32, 64, 1)


def test_what_the_next_line_left_at_the_edge_does_not_count():
    picture = np.full((60, 120), 255, np.uint8)
    picture[20:45, 10:100:12] = 0
    picture[20:45, 14:100:12] = 0
    picture[57:60, 20:90:9] = 0  # the tops of the line below
    top, bottom, _, _ = crop.ink_box(picture)
    assert 17 <= top <= 21 and 44 <= bottom <= 48


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (300, 4, 3), (40, 5000)])
def test_crops_of_any_shape_and_without_text_are_pictures_too(shape):
    for value in (0, 255, None):
        picture = (
            np.full(shape, value, np.uint8)
            if value is not None
            else np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        )
        assert crop.line_picture(picture).shape[1] == 40


def test_overlap_and_order_of_quadrangles():
    assert quads.overlap([(0, 0), (2, 0), (2, 1), (0, 1)], [(1, 0), (3, 0), (3, 1), (1, 1)]) == pytest.approx(
        1 / 3
    )
    assert quads.overlap([(0, 0), (1, 0), (1, 1), (0, 1)], [(5, 5), (6, 5), (6, 6), (5, 6)]) == 0
    box = np.float32([(0, 0), (8, 0), (8, 4), (0, 4)])
    places = [(x, y) for y in (0, 8, 16) for x in (0, 12, 24, 36)]
    angle = np.radians(9)
    turn = np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = np.stack([(box + place) @ turn for place in places])
    mixed = np.random.default_rng(3).permutation(len(places))
    assert [int(mixed[n]) for n in quads.reading_order(turned[mixed])] == list(range(12))
    assert quads.reading_order([]) == []


def test_cut_lays_a_turned_word_straight():
    picture = np.zeros((100, 100), np.uint8)
    quad = quads.corners(((50, 50), (60, 20), 30))
    cv2.fillConvexPoly(picture, quad.astype(np.int32), 255)
    straight = quads.cut(picture, quad, margin=0)
    assert straight.shape == (22, 62) and straight.mean() > 225


def chances(*rows):
    """Probabilities of three letters and the blank from {class: probability} a step; what is left goes to the blank."""
    steps = np.zeros((len(rows), 4), np.float32)
    for step, row in zip(steps, rows, strict=True):
        for number, chance in row.items():
            step[number] = chance
        step[0] += 1 - step.sum()
    return steps


def test_the_text_of_probabilities_and_its_score():
    steps = chances({1: 0.9}, {1: 0.6}, {}, {1: 0.8}, {}, {2: 0.7}, {})
    assert kind.scored(steps, "가나다") == ("가가나", pytest.approx(0.8))
    assert kind.scored(steps[6:], "가나다") == ("", 0.0)
    assert kind.scored(np.log(steps + 1e-9), "가나다")[0] == "가가나"
    assert kind.answers({"text": steps[None]}, {}, list("가나다")) == ["가가나"]


def test_two_letters_that_claim_the_same_steps_are_one():
    assert kind.scored(chances({1: 0.6, 2: 0.3}, {1: 0.4, 2: 0.5}, {}), "sS가")[0] == "s"
    assert kind.scored(chances({1: 0.55, 2: 0.4}, {1: 0.1, 2: 0.9}, {}), "sS가")[0] == "S"
    assert kind.scored(chances({1: 0.97}, {2: 0.98}, {}), "il가")[0] == "il"


def test_a_word_keeps_its_script_unless_the_picture_is_sure():
    unsure = chances({1: 0.9}, {}, {2: 0.6, 3: 0.4}, {})
    assert kind.scored(unsure, "가0으")[0] == "가으"
    assert kind.scored(unsure, "a0o")[0] == "ao" and kind.scored(unsure, "20o")[0] == "20"
    assert kind.scored(unsure, "번0으")[0] == "번으" and kind.scored(unsure, " 0으")[0] == " 0"
    sure = chances({1: 0.99}, {}, {2: 0.99, 3: 0.01}, {})
    assert kind.scored(sure, "가0으")[0] == "가0"
    for natural in ("10번", "Ab는", "3D", "가-a"):  # what costs nothing
        steps = chances({1: 0.6}, {}, {2: 0.6}, {}, {3: 0.6}, {})[:, : 1 + len(natural)]
        assert kind.scored(steps / steps.sum(axis=1, keepdims=True), natural)[0] == natural


def test_the_browser_decodes_the_same():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    labels = "가이aoAO01.- "
    steps = np.random.default_rng(8).dirichlet(np.full(len(labels) + 1, 0.15), (60, 12)).astype(np.float32)
    program = """import { readFileSync } from "node:fs";
import { decode } from "./web/public/js/ocr.js";
const { steps, labels } = JSON.parse(readFileSync(0));
console.log(JSON.stringify(steps.map((rows) => decode({ shape: [1, rows.length, rows[0].length], values: Float32Array.from(rows.flat()) }, labels))));"""
    given = json.dumps({"steps": steps.tolist(), "labels": list(labels)})
    done = subprocess.run(
        [node, "--input-type=module", "--eval", program], input=given,
        cwd=Path(__file__).resolve().parent.parent, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for ours, theirs in zip(steps, json.loads(done.stdout), strict=True):
        text, score = kind.scored(ours, labels)
        assert theirs["text"] == text and theirs["score"] == pytest.approx(score, abs=1e-6)


class Fixed(Engine):
    """An engine that finds what it is told."""

    def __init__(self, *found):
        self.found, self.seen = found, None

    def words(self, picture):
        self.seen = picture
        return list(self.found)


def word(text, x, y):
    return Word(text, 0.9, ((x, y), (x + 30, y), (x + 30, y + 10), (x, y + 10)))


def test_read_sorts_and_draws_and_joins():
    engine = Fixed(word("둘", 40, 2), word("셋", 0, 20), word("하나", 0, 0))
    grey = np.full((40, 90), 200, np.uint8)
    words = labs.read(grey, engine)
    assert [w.text for w in words] == ["하나", "둘", "셋"] and engine.seen.shape == (40, 90, 3)
    assert page.as_text(words) == "하나 둘\n셋"
    drawn = page.draw(grey, words)
    assert drawn.shape == (40, 90, 3) and (drawn != 200).any()
    assert json.loads(json.dumps(page.plain(words)))[0]["corners"][2] == [30.0, 10.0]
    assert labs.read(grey, Fixed()) == []


def test_an_overlay_is_a_png_or_nothing(tmp_path):
    picture = np.full((40, 90, 3), 200, np.uint8)
    page.write_overlay(picture, [word("글", 5, 15)], tmp_path / "out.png")
    assert cv2.imread(str(tmp_path / "out.png")).shape == (40, 90, 3)
    with pytest.raises(LabsError, match="png"):
        page.write_overlay(picture, [], tmp_path / "out.jpg")


def test_engines_that_are_unknown_or_not_there_say_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("GOOGLE_VISION_KEY", raising=False)
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for name, words in {
        "eye": "ours, tesseract",
        "tesseract": "apt-get",
        "rapidocr": "pip install",
        "vision": "GOOGLE_VISION_KEY",
    }.items():
        with pytest.raises(LabsError, match=words):
            open_engine(name)


TSV = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def tesseract(tmp_path, monkeypatch, body):
    """A command of that name that runs some Python: `listed` are the pictures' paths, `arguments` the rest."""
    script = tmp_path / "tesseract"
    head = f"#!{sys.executable}\nimport sys\nlisted, arguments = open(sys.argv[1]).read().split(), sys.argv[2:]\n"
    script.write_text(head + body, encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="a script stands for the command tesseract")


@needs_scripts
def test_tesseract_is_asked_once_for_all_crops_and_by_table_for_a_page(tmp_path, monkeypatch):
    rows = TSV + "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n5\t1\t1\t1\t1\t1\t3\t4\t20\t10\t96.5\t글자\n"
    tesseract(
        tmp_path,
        monkeypatch,
        f"import os\nassert all(os.path.getsize(path) for path in listed)\nif 'tsv' in arguments: print({rows!r}, end='')\n"
        "else: print('\\f'.join(f'text {n}  {arguments[arguments.index(\"--psm\") + 1]}\\n' for n, _ in enumerate(listed)) + '\\f')\n",
    )
    picture = np.full((20, 30, 3), 255, np.uint8)
    assert Tesseract().texts([picture] * 3) == ["text 0 7", "text 1 7", "text 2 7"]
    assert Tesseract().texts([]) == []
    assert labs.read(picture, "tesseract") == [Word("글자", 0.965, ((3, 4), (23, 4), (23, 14), (3, 14)))]


@needs_scripts
def test_a_tesseract_that_fails_is_a_sentence(tmp_path, monkeypatch):
    tesseract(tmp_path, monkeypatch, "print('Failed loading language kor', file=sys.stderr)\nsys.exit(1)\n")
    with pytest.raises(LabsError, match="Failed loading language kor"):
        labs.read(np.zeros((9, 9), np.uint8), "tesseract")
    tesseract(tmp_path, monkeypatch, "import time\ntime.sleep(60)\n")
    with pytest.raises(LabsError, match="smaller picture"):
        Tesseract(seconds=1).texts([np.zeros((9, 9), np.uint8)])


@pytest.fixture
def service():
    """Google's protocol by a stub: what it was asked, and what it shall answer as (status, JSON)."""

    class Stub(http.server.BaseHTTPRequestHandler):
        asked, answer = [], (200, {})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            Stub.asked.append((self.path, dict(self.headers), body))
            status, answer = Stub.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Stub.address = f"http://127.0.0.1:{server.server_port}/v1/images:annotate"
    yield Stub
    server.shutdown()
    server.server_close()


def test_vision_asks_and_understands(service):
    symbols = [{"text": "글"}, {"text": "자"}]
    found = {
        "symbols": symbols,
        "confidence": 0.97,
        "boundingBox": {"vertices": [{"y": 5}, {"x": 40, "y": 5}, {"x": 40, "y": 25}, {"y": 25}]},
    }
    pages_ = [{"blocks": [{"paragraphs": [{"words": [found]}]}]}]
    service.answer = 200, {"responses": [{"fullTextAnnotation": {"pages": pages_, "text": "글자"}}]}
    picture = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)
    words = labs.read(picture, Vision("secret", service.address))
    assert words == [Word("글자", 0.97, ((0, 5), (40, 5), (40, 25), (0, 25)))]
    path, headers, body = service.asked[-1]
    assert path == "/v1/images:annotate" and headers["X-Goog-Api-Key"] == "secret"
    (request,) = body["requests"]
    assert request["features"] == [{"type": "DOCUMENT_TEXT_DETECTION"}]
    assert request["imageContext"] == {"languageHints": ["ko", "en"]}
    png = np.frombuffer(base64.b64decode(request["image"]["content"]), np.uint8)
    assert np.array_equal(cv2.imdecode(png, cv2.IMREAD_COLOR)[..., ::-1], picture)
    service.answer = 200, {"responses": [{}]}
    assert labs.read(picture, Vision("secret", service.address)) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((403, {"error": {"code": 403, "message": "API key not valid."}}), "API key not valid"),
        ((503, b"busy"), "503"),
        ((200, b"<html>"), "no answer"),
        ((200, {"responses": []}), "no answer"),
        ((200, {"responses": [{"error": {"code": 3, "message": "Bad image data."}}]}), "Bad image data"),
    ],
)
def test_a_refusal_of_vision_is_a_sentence(service, answer, words):
    service.answer = answer
    with pytest.raises(LabsError, match=words):
        labs.read(np.zeros((9, 9), np.uint8), Vision("secret", service.address))


def test_vision_without_a_network_is_a_sentence():
    with pytest.raises(LabsError, match="no answer"):
        labs.read(np.zeros((9, 9), np.uint8), Vision("secret", "http://127.0.0.1:9/"))


def test_the_command_prints_text_json_and_nothing(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from labs import cli

    path = Path(tmp_path) / "글.png"
    path.write_bytes(cv2.imencode(".png", np.full((40, 90, 3), 255, np.uint8))[1].tobytes())
    found = [word("둘", 40, 2), word("하나", 0, 0)]
    monkeypatch.setattr("labs.ocr.page.open_engine", lambda name, **options: Fixed(*found))
    run = CliRunner().invoke
    assert run(cli.app, ["read", str(path)]).stdout == "하나 둘\n"
    as_json = run(cli.app, ["read", str(path), "--json", "--overlay", str(tmp_path / "o.png")])
    assert [w["text"] for w in json.loads(as_json.stdout)] == ["하나", "둘"] and (tmp_path / "o.png").exists()
    found.clear()
    assert run(cli.app, ["read", str(path)]).stdout == ""
