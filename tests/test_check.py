"""check(): right answers are ok, and everything that can go wrong in a runtime is a row."""

import json
import shutil
import time
from pathlib import Path

import keras
import numpy as np
import psutil
import pytest
from models import exported, pictures, sign_again

import labs
from labs import runtimes
from labs.errors import BadModelFolder, LabsError
from labs.export.card import save_card
from labs.report import Report, Row
from labs.runtimes.children import Children

PYTHON_RUNTIMES = ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("models") / "small")


@pytest.fixture
def copy(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.fixture(scope="module")
def children():
    with Children() as kept:
        yield kept


@pytest.fixture
def fake(monkeypatch):
    """check() a folder with the fake runtime in one of its modes."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    def check(folder, mode, **options):
        line = runtimes.Runtime("fake", "Fake", "fake_runtime", ("model.onnx",), {"mode": mode})
        monkeypatch.setitem(runtimes.RUNTIMES, "fake", line)
        report = labs.check(folder, runtimes=["fake"], **options)
        return report, report.rows[0]

    return check


@pytest.fixture
def fakes(monkeypatch):
    """check() a folder with fake runtimes that share a process, one for each of some modes."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    def check(folder, modes, **options):
        for mode in modes:
            about = ("fake_runtime", ("model.onnx",), {"mode": mode})
            line = runtimes.Runtime(f"fake_{mode}", mode, *about, process="fakes")
            monkeypatch.setitem(runtimes.RUNTIMES, line.name, line)
        return labs.check(folder, runtimes=[f"fake_{mode}" for mode in modes], **options)

    return check


def test_every_python_runtime_agrees_with_keras(folder, children):
    report = labs.check(folder, runtimes=PYTHON_RUNTIMES, children=children)
    assert report.ok, report
    assert [row.runtime for row in report.rows] == PYTHON_RUNTIMES
    for row in report.rows:
        assert row.status == "ok" and row.same_twice and row.agree == row.pictures == 6, row
        assert 0 <= row.relative <= 1e-5 and row.label.startswith("숫자"), row
        assert row.milliseconds > 0 and row.disk_mb > 0 and 20 < row.memory_mb < 3000, row
    started = {children[name]._process.running.pid for name in PYTHON_RUNTIMES}
    assert len(started) == 4  # Keras and the SavedModel share TensorFlow
    again = labs.check(folder, runtimes=PYTHON_RUNTIMES, children=children)
    assert started == {children[name]._process.running.pid for name in PYTHON_RUNTIMES}
    assert again.ok, again


def test_pictures_of_ones_own(folder, children):
    images = 255 - pictures(9)
    report = labs.check(folder, ["keras", "onnxruntime"], children, images=images)
    assert report.ok and report.rows[1].pictures == 9 and report.rows[1].relative > 0, report


def test_augmentation_left_on_is_found(folder, copy, children):
    """What model.export() of an earlier Keras writes: the layers still turn the picture."""
    import keras
    import tensorflow as tf

    model = keras.saving.load_model(folder / "model.keras")
    shutil.rmtree(copy / "saved_model")
    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = [tf.TensorSpec((None, 12, 12, 1), tf.float32, name="input")]
    archive.add_endpoint(
        "serving_default", lambda input: {"output": model(input, training=True)}, input_signature=signature
    )
    archive.write_out(str(copy / "saved_model"), verbose=False)
    card = json.loads((copy / "card.json").read_text(encoding="utf-8"))
    card["files"] = {n: f for n, f in card["files"].items() if not n.startswith("saved_model/")}
    save_card(copy, card)
    for path in (copy / "saved_model").rglob("*"):
        if path.is_file():
            sign_again(copy, path.relative_to(copy).as_posix())
    report = labs.check(copy, ["saved_model"], children)
    assert report.rows[0].status == "random" and not report.ok, report


@pytest.mark.parametrize(
    ("mode", "status", "words"),
    [
        ("segfault", "crashed (SIGSEGV)", ""),
        ("dies", "crashed (exit code 7)", "the last words"),
        ("refuses", "cannot: ValueError: no such layer as this", ""),
        ("random", "random", "augmentation"),
        ("differs", "differs", ""),
        ("nan", "differs", "NaN"),
        ("shape", "differs", "shape"),
        ("unnamed", "differs", "output"),
    ],
)
def test_trouble_is_a_row(folder, fake, mode, status, words):
    report, row = fake(folder, mode)
    assert row.status == status and words in row.note, row
    assert row.fails and not report.ok
    assert json.loads(report.to_json())["ok"] is False


def test_rounding_that_the_network_amplifies_is_told_from_a_fault(tmp_path, fake):
    """Two nearly equal units subtracted and multiplied: the last bit of a weight shows in the answer."""
    inputs = keras.Input((4,))
    unit = keras.layers.Dense(2)
    network = keras.Model(inputs, keras.layers.Dense(2)(unit(inputs)))
    random = np.random.default_rng(0)
    unit.set_weights([random.normal(0, 1, (4, 1)).repeat(2, axis=1) + np.array([0, 1e-4]), np.zeros(2)])
    network.layers[-1].set_weights([np.array([[3e3, 1], [-3e3, 1]]), np.zeros(2)])
    x = random.normal(0, 1, (8, 4)).astype("float32")
    folder = labs.export(network, tmp_path / "rounds", x=x)
    _, row = fake(folder, "differs")
    assert row.status == "ok" and "last bit of the weights" in row.note, row


@pytest.mark.parametrize(("size", "status"), [(0.5, "ok"), (0.001, "differs")])
def test_outputs_that_hardly_vary_are_known_to_a_few_steps_of_float32(copy, fake, size, status):
    """Six steps of a float32 near a half are 4e-7: nothing beside 0.5, much beside a spread of 1e-5."""
    with np.load(copy / "golden.npz") as golden:
        y = size + 1e-5 * np.random.default_rng(0).random(golden["y"].shape).astype("float32")
        np.savez(copy / "golden.npz", x=golden["x"], y=y)
    sign_again(copy, "golden.npz")
    assert fake(copy, "rounds" if size == 0.5 else "differs")[1].status == status


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_a_network_of_half_precision_is_compared_in_float32(tmp_path, children, policy):
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv2D(4, 3, dtype=policy), keras.layers.GlobalAveragePooling2D(dtype=policy)]
    network = keras.Sequential([keras.Input((12, 12, 1)), keras.layers.Rescaling(1 / 255), *layers])
    folder = labs.export(network, tmp_path / "half", x=pictures())
    report = labs.check(folder, ["keras", "onnxruntime"], children)
    assert report.ok and "and in " + policy[6:] in report.rows[0].note, report


@keras.saving.register_keras_serializable("tests")
class Own(keras.layers.Layer):
    def call(self, x):
        return own(x)


def own(x):
    return 2 * x


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (keras.layers.Lambda(lambda x: 2 * x), "needs a Lambda layer, and safe mode, which stays on"),
        (Own(), "needs the class 'Own', which is not Keras' own, and safe mode, which stays on"),
        (keras.layers.Activation(own), "needs the function 'own'"),
        (keras.layers.Activation(lambda x: 2 * x), "does not load: Could not interpret activation function"),
    ],
)
def test_code_that_a_file_cannot_bring_is_named_in_a_sentence(tmp_path, children, layer, words):
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), layer])
    folder = labs.export(network, tmp_path / "own", x=np.ones((2, 4), "float32"))
    report = labs.check(folder, ["keras", "onnxruntime"], children)
    keras_row, other = report.rows
    assert other.status == "ok" and keras_row.status.startswith(f"cannot: model.keras {words}"), report
    assert len(keras_row.status) < 250


def test_a_runtime_that_hangs_is_stopped(folder, fake):
    before = time.perf_counter()
    report, row = fake(folder, "hangs", seconds=5)
    assert row.status == "hung" and "5 s" in row.note and not report.ok, row
    assert time.perf_counter() - before < 20
    assert not [p for p in psutil.Process().children(recursive=True) if p.cmdline()[-1:] == ["fake"]]


@pytest.mark.parametrize("mode", ["segfault", "dies", "hangs", "refuses", "poisons"])
def test_runtimes_that_share_a_process_keep_their_own_answers(folder, fakes, mode):
    """Whatever one of them does, in whatever order they are asked."""
    modes = ["echo", mode, "noisy"]
    statuses = {
        "segfault": "crashed (SIGSEGV)",
        "dies": "crashed (exit code 7)",
        "hangs": "hung",
        "poisons": "ok",
    }
    for _ in range(2):
        modes = [*modes[1:], modes[0]]
        rows = fakes(folder, modes, seconds=5).rows
        assert [row.title for row in rows] == modes
        for row in rows:
            expected = statuses.get(row.title, "cannot: ValueError") if row.title == mode else "ok"
            assert row.status.startswith(expected), rows
            assert (row.milliseconds is not None) == (row.status == "ok"), rows


def test_answers_that_are_all_the_same_prove_little(copy, fake):
    with np.load(copy / "golden.npz") as golden:
        np.savez(copy / "golden.npz", x=golden["x"], y=np.full_like(golden["y"], 0.1))
    sign_again(copy, "golden.npz")
    assert "proves little" in fake(copy, "echo")[1].note


def test_what_a_library_prints_does_not_disturb(folder, fake):
    assert fake(folder, "noisy")[1].status == "ok"


def test_a_missing_runtime_does_not_fail_but_proves_nothing(folder, fake):
    report, row = fake(folder, "missing")
    assert row.status == "not installed: the fake is missing: pip install fake" and not row.fails
    assert not report.ok  # nothing was compared


def test_a_child_that_crashed_is_replaced(folder, children, monkeypatch, fake):
    assert fake(folder, "segfault", children=Children())[1].status.startswith("crashed")
    with Children() as session:
        for _ in range(2):
            assert fake(folder, "dies", children=session)[1].status.startswith("crashed")


def test_the_cards_notes_excuse_no_answer_but_no_wrong_answer(copy, fake):
    card = json.loads((copy / "card.json").read_text(encoding="utf-8"))
    card["notes"] = {"fake": "it cannot read this layer: use another"}
    save_card(copy, card)
    for mode, fails in (("refuses", False), ("segfault", False), ("differs", True), ("random", True)):
        row = fake(copy, mode)[1]
        assert row.fails is fails and "it cannot read this layer" in row.note, row


def test_a_format_left_out_is_no_failure(copy, children):
    card = json.loads((copy / "card.json").read_text(encoding="utf-8"))
    del card["files"]["frozen.pb"]
    card["notes"] = {"model.onnx": "ONNX has no such layer"}
    del card["files"]["model.onnx"]
    save_card(copy, card)
    rows = labs.check(copy, ["opencv_pb", "opencv_onnx"], children).rows
    assert [row.status for row in rows] == ["not exported", "cannot: ONNX has no such layer"]
    assert not any(row.fails for row in rows)


@pytest.mark.parametrize("name", ["frozen.pb", "model.onnx", "tfjs/model.json", "golden.npz", "labels.txt"])
def test_a_changed_file_is_refused_before_anything_reads_it(copy, name):
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(BadModelFolder, match=Path(name).name.replace(".", r"\.")):
        labs.check(copy)
    (copy / name).unlink()
    with pytest.raises(BadModelFolder, match="missing"):
        labs.check(copy)


def test_a_damaged_card_is_refused(copy):
    """Bit flips and truncation, wherever they strike."""
    path, random = copy / "card.json", np.random.default_rng(1)
    whole = path.read_bytes()
    for _ in range(150):
        data = bytearray(whole)
        data[random.integers(len(data))] ^= 1 << random.integers(8)
        path.write_bytes(data if random.random() < 0.7 else data[: random.integers(len(data))])
        with pytest.raises(LabsError) as caught:
            labs.check(copy, ["litert"])  # not exported: only card, hashes and golden are read
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["frozen.pb", "model.onnx", "model.keras"])
def test_a_damaged_file_with_the_right_hash_is_a_row(copy, children, name):
    """Someone who can write the card as well gets a row, and never our process."""
    readers = {
        "frozen.pb": ["opencv_pb"],
        "model.onnx": ["opencv_onnx", "onnxruntime"],
        "model.keras": ["keras"],
    }
    whole, random = (copy / name).read_bytes(), np.random.default_rng(2)
    for cut in (None, None, None, None, len(whole) // 2, 0):
        data = bytearray(whole[:cut])
        for _ in range(8 if data else 0):
            data[random.integers(len(data))] ^= 1 << random.integers(8)
        (copy / name).write_bytes(data)
        sign_again(copy, name)
        report = labs.check(copy, readers[name], children, seconds=60)
        assert cut is None or not report.ok, report


def test_hostile_text_in_a_card_stays_text():
    row = Row("x", "<b>x</b>", label="\x1b[31mred", status="cannot: <script>[bold]", note="\x1b]0;title\x07")
    report = Report("[red]<i>name", [row], 1e-5)
    assert "<script>" not in report._repr_html_() and "<i>" not in report._repr_html_()
    assert "\x1b" not in repr(report) + report._repr_html_()
    assert "[bold]" in repr(report) and "[red]" in repr(report)


def test_a_report_reads_well(folder, children):
    report = labs.check(folder, ["onnxruntime"], children)
    assert "ONNX Runtime" in repr(report) and "6/6" in repr(report) and "숫자" in repr(report)
    assert report._repr_html_().count("<tr") == 2
    row = json.loads(report.to_json())["rows"][0]
    assert row["status"] == "ok" and row["fails"] is False and row["relative"] < 1e-5


def test_unknown_runtime_and_wrong_inputs_are_one_sentence(folder, children):
    with pytest.raises(LabsError, match="choose from keras"):
        labs.check(folder, ["tensorrt"])
    with pytest.raises(LabsError, match="takes input"):
        labs.check(folder, ["onnxruntime"], children, images={"picture": pictures()})
