"""The exporter: every small network in every runtime, and each trap that silently breaks a model."""

import json
import warnings

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf
from keras import layers
from models import QUICK, assert_right_or_announced

import labs
from benchmarks.networks import SMALL, TASKS, augmented, build, mnist
from labs.errors import ExportError
from labs.export import frozen
from labs.export import onnx as onnx_file
from labs.export.card import read_card, read_golden, verify_files, write_card
from labs.export.graph import trace
from labs.runtimes.children import Children

# Every runtime for some; for the rest QUICK.
EVERYWHERE = {"mnist", "mnist_augmented", "two_outputs", "unet_nearest", "subclassed"}


@pytest.fixture(scope="module")
def children():
    with Children() as session:
        yield session


@pytest.fixture(scope="module")
def small():
    """A small trained-looking network and its pictures."""
    return build("mnist")


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    model, pictures = small
    return labs.export(model, tmp_path_factory.mktemp("models") / "mnist", labels="0123456789", x=pictures)


@pytest.mark.parametrize("name", SMALL)
def test_every_runtime_says_the_same(name, tmp_path, children):
    model, pictures = build(name)
    folder = labs.export(model, tmp_path / name, x=pictures)
    report = labs.check(folder, None if name in EVERYWHERE else QUICK, children)
    assert report.ok, report
    notes = read_card(folder)["notes"]
    for row in report.rows:
        # 28 layers of random weights amplify the rounding of float32, in every runtime alike.
        close = row.relative is not None and row.relative <= (1e-4 if name.startswith("transfer") else 1e-5)
        answered = row.status == "ok" and close
        assert answered or row.runtime in notes or row.status.startswith("not installed"), report


@pytest.mark.parametrize("name", TASKS)
def test_networks_of_every_task(name, tmp_path, children):
    """Detectors, segmenters, generators, readers, words and sound: right, or refused and announced."""
    model, inputs = build(name)
    assert_right_or_announced(model, tmp_path / name, inputs, children)


def test_augmentation_is_left_out_of_the_graph():
    model = augmented(mnist, (28, 28, 1))
    operations = {node.op for node in trace(model).definition.node}
    assert not {op for op in operations if "Random" in op or "Stateless" in op}, operations


def test_constants_are_written_out_for_opencv(folder):
    """A shortened constant stops OpenCV; a lone whole number outside int_val crashes it."""
    graph = tf.compat.v1.GraphDef.FromString((folder / "frozen.pb").read_bytes())
    for node in graph.node:
        tensor = node.attr["value"].tensor
        if node.op == "Const" and tensor.dtype == tf.float32.as_datatype_enum:
            assert len(tensor.tensor_content) == 4 * np.prod(
                [d.size for d in tensor.tensor_shape.dim], dtype=int
            )
        elif node.op == "Const" and not tensor.tensor_shape.dim:
            assert len(tensor.int_val) == 1 and not tensor.tensor_content


def test_the_frozen_graph_says_the_same_in_tensorflow(folder):
    graph = tf.compat.v1.GraphDef.FromString((folder / "frozen.pb").read_bytes())
    inputs, outputs = read_golden(folder, read_card(folder))
    with tf.Graph().as_default() as plain, tf.compat.v1.Session(graph=plain) as session:
        tf.import_graph_def(graph, name="")
        answer = session.run("output:0", {"input:0": inputs["input"].astype("float32")})
    np.testing.assert_allclose(answer, outputs["output"], atol=1e-6)


def test_only_free_batches_and_named_inputs_in_onnx(folder):
    graph = onnx.load(folder / "model.onnx").graph
    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
    assert [value.name for value in graph.input] == ["input"]
    assert [value.name for value in graph.output] == ["output"]
    assert graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"


def test_the_stock_converters_agree(small, folder, tmp_path, children):
    """tf2onnx and tensorflowjs, the long way round, say what our files say."""
    import shutil

    import tf2onnx
    from tensorflowjs.converters import convert_tf_saved_model

    model, _ = small
    other = tmp_path / "stock"
    shutil.copytree(folder, other)
    signature = [tf.TensorSpec((None, 28, 28, 1), tf.float32, "input")]
    function = tf.function(lambda x: {"output": model(x, training=False)}, input_signature=signature)
    tf2onnx.convert.from_function(function, signature, opset=17, output_path=str(other / "model.onnx"))
    shutil.rmtree(other / "tfjs")
    convert_tf_saved_model(str(folder / "saved_model"), str(other / "tfjs"))
    write_card(other, read_card(folder))
    report = labs.check(other, ["onnxruntime", "tfjs_wasm"], children)
    assert not any(row.fails for row in report.rows), report


def test_the_optimizer_stays_out_and_the_model_can_train_on(tmp_path):
    model, pictures = build("mnist")
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(pictures, np.arange(4), verbose=0)
    optimizer = model.optimizer
    folder = labs.export(model, tmp_path / "m", x=pictures)
    assert model.optimizer is optimizer and model.compiled
    model.fit(pictures, np.arange(4), verbose=0)
    weights = 4 * model.count_params()
    assert (folder / "model.keras").stat().st_size < 1.5 * weights
    variables = folder / "saved_model" / "variables" / "variables.data-00000-of-00001"
    assert variables.stat().st_size < 1.1 * weights
    reloaded = keras.models.load_model(folder / "model.keras")
    inputs, outputs = read_golden(folder, read_card(folder))
    np.testing.assert_allclose(reloaded(inputs["input"], training=False), outputs["output"], atol=1e-6)


def test_a_network_trained_in_bfloat16_is_exported_in_float32(tmp_path, children):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model, pictures = build("mnist")
    finally:
        keras.config.set_dtype_policy("float32")
    folder = labs.export(model, tmp_path / "m", x=pictures)
    assert {layer.compute_dtype for layer in model.layers} == {"bfloat16"}  # as before
    assert "Cast" not in {node.op for node in trace(model).definition.node}
    assert labs.check(folder, ["saved_model", "opencv_pb", "onnxruntime"], children).ok


def test_several_outputs_and_inputs_by_name(tmp_path):
    model, pictures = build("two_outputs")
    card = read_card(labs.export(model, tmp_path / "a", x=pictures))
    assert {t["name"] for t in card["outputs"]} == {"output", "features"}
    assert card["outputs"][0]["name"] == "output"
    model, pictures = build("two_inputs")
    card = read_card(labs.export(model, tmp_path / "b", x=pictures))
    assert [t["name"] for t in card["inputs"]] == ["left", "right"] and card["preprocessing"] is None


def test_float16_halves_the_files_and_states_its_cost(small, folder, tmp_path, children):
    model, pictures = small
    half = labs.export(model, tmp_path / "half", x=pictures, precision="float16")
    for name in ("model.onnx", "tfjs/group1-shard1of1.bin"):
        assert (half / name).stat().st_size < 0.6 * (folder / name).stat().st_size
    cost = read_card(half)["precision_cost"]
    assert cost["pictures"] == cost["same_label"] == 4 and 0 < cost["largest_difference"] < 1e-2
    report = labs.check(half, ["opencv_onnx", "onnxruntime", "tfjs_wasm"], children)
    assert not any(row.fails for row in report.rows), report


def test_weights_past_2_gb_lie_beside_the_onnx_file(small, tmp_path, monkeypatch, children):
    monkeypatch.setattr(onnx_file, "LIMIT", 1 << 20)
    monkeypatch.setattr(frozen, "LIMIT", 1 << 10)
    model, pictures = small
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        folder = labs.export(model, tmp_path / "m", x=pictures)
    assert (folder / "model.onnx.data").exists() and not (folder / "frozen.pb").exists()
    assert any("2 GB" in str(warning.message) for warning in caught)
    report = labs.check(folder, ["onnxruntime", "opencv_pb"], children)
    assert report.ok and "2 GB" in report.rows[1].status, report


def test_more_shards_than_a_browser_has_connections(tmp_path, children):
    """From seven shards on, reading none before all are there would wait for ever."""
    model = keras.Sequential([keras.Input((64, 64, 3)), layers.Flatten(), layers.Dense(640), layers.Dense(2)])
    folder = labs.export(model, tmp_path / "m", x=np.ones((2, 64, 64, 3), "uint8"), formats=("tfjs",))
    assert len(list((folder / "tfjs").glob("*.bin"))) > 6
    row = labs.check(folder, ["tfjs_wasm"], children).rows[0]
    if row.status.startswith("not installed"):
        pytest.skip(row.status)
    assert row.status in ("ok", "differs") and row.difference < 1e-2, row


def test_litert_is_optional(small, tmp_path, children):
    model, pictures = small
    folder = labs.export(model, tmp_path / "m", x=pictures, formats=("saved_model", "model.tflite"))
    assert sorted({name.split("/")[0] for name in read_card(folder)["files"]}) == [
        "golden.npz", "labels.txt", "model.tflite", "saved_model",
    ]  # fmt: skip
    assert labs.check(folder, ["litert"], children).ok


def test_the_folder_holds_what_the_card_says(small, folder):
    card = read_card(folder)
    verify_files(folder, card)
    on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"card.json"}
    assert on_disk == set(card["files"])
    assert json.loads((folder / "tfjs/model.json").read_text(encoding="utf-8"))["format"] == "graph-model"
    assert card["preprocessing"] == {"layout": "NHWC", "range": [0, 255], "color": "grey"}
    assert card["parameters"] == small[0].count_params()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"x": None}, "a few real pictures"),
        ({"x": []}, "a few real pictures"),
        ({"x": np.zeros((4, 28, 28), "uint8")}, "takes"),
        ({"x": np.zeros((4, 20, 28, 1), "uint8")}, "takes"),
        ({"x": np.array(["a"])}, "array of numbers"),
        ({"labels": ["only", "two"]}, "2 labels for 10 outputs"),
        ({"labels": ["a\nb", *"123456789"]}, "line break"),
        ({"precision": "float8"}, "float32 or float16"),
        ({"formats": ["caffe"]}, "choose from"),
    ],
)
def test_wrong_arguments_are_one_sentence(small, tmp_path, options, words):
    model, pictures = small
    with pytest.raises(ExportError, match=words) as caught:
        labs.export(model, tmp_path / "m", **{"x": pictures, **options})
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_variable_that_keras_does_not_know_is_frozen(tmp_path, children):
    class Hidden(layers.Layer):
        def build(self, shape):
            self.hidden = [{"scale": tf.Variable(2.0)}]

        def call(self, x):
            return x * self.hidden[0]["scale"]

    model = keras.Sequential([keras.Input((4, 4, 1)), Hidden(), layers.Flatten(), layers.Dense(2)])
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 1), dtype=np.uint8)
    report = labs.check(labs.export(model, tmp_path / "m", x=pictures), QUICK[1:], children)
    assert report.ok, report


def conv_then(layer):
    """A network whose last layers are `layer` behind a convolution of four channels."""
    keras.utils.set_random_seed(4)
    inputs = keras.Input((12, 12, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(layers.Rescaling(1 / 255)(inputs))
    return keras.Model(inputs, layer(x))


@pytest.mark.parametrize(
    "layer",
    [
        lambda x: keras.ops.pad(x, ((0, 0), (2, 1), (1, 3), (0, 0)), mode="symmetric"),
        lambda x: x[:, ::2, 1::3],
        lambda x: layers.PReLU(shared_axes=[1, 2], alpha_initializer="uniform")(x),
        lambda x: layers.Conv2D(1, 1, activation="sigmoid")(x) * x,
        lambda x: x + layers.Conv2D(1, 1)(x),
        lambda x: layers.Resizing(6, 4, interpolation="area")(x),
        lambda x: layers.Activation("celu")(x),
        lambda x: layers.Activation("softsign")(x),
        lambda x: keras.ops.one_hot(keras.ops.argmax(x, axis=-1), 4),
        lambda x: x[..., ::-1],
    ],
    ids=["symmetric", "steps", "prelu", "attention", "map", "area", "celu", "softsign", "one_hot", "turned"],
)
def test_what_some_runtime_gets_wrong_is_written_otherwise(layer, tmp_path, children):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 12, 12, 3), dtype=np.uint8)
    folder = labs.export(conv_then(layer), tmp_path / "m", x=pictures)
    report = labs.check(folder, [*QUICK[1:], "tfjs_cpu"], children)
    assert report.ok, report
    assert all(row.status == "ok" or row.expected for row in report.rows), report


def test_a_spectrum_is_read_everywhere(tmp_path, children):
    """The real Fourier transform, whose complex numbers no converter takes, as two products."""
    inputs = keras.Input((8, 64))

    class Spectrum(layers.Layer):
        def call(self, x):
            return tf.abs(tf.signal.rfft(x))

    frames = np.random.default_rng(0).normal(size=(3, 8, 64)).astype("float32")
    folder = labs.export(keras.Model(inputs, Spectrum()(inputs)), tmp_path / "m", x=frames)
    report = labs.check(folder, ["saved_model", "opencv_onnx", "onnxruntime", "tfjs_wasm"], children)
    assert report.ok and all(row.status == "ok" for row in report.rows), report


def test_a_format_that_cannot_hold_a_network_is_left_out(tmp_path):
    inputs = keras.Input((None, 6))
    model = keras.Model(inputs, layers.LSTM(3)(inputs))
    with pytest.warns(UserWarning, match=r"model\.onnx is left out"):
        folder = labs.export(model, tmp_path / "m", x=np.ones((2, 5, 6), "float32"))
    assert not (folder / "model.onnx").exists() and "loop" in read_card(folder)["notes"]["model.onnx"]
