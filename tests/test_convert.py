"""`labs export`: files of one's own, good ones of every kind, and those that must be refused in a sentence."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import labs
from labs.convert import convert, format_names, record
from labs.errors import ExportError
from labs.export.card import read_card, read_golden, save_card
from labs.export.scaling import Scaling
from labs.export.signature import SavedSignature
from labs.export.source import read_network
from labs.runtimes.children import Children

QUICK = ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime"]


@pytest.fixture(scope="module")
def children():
    with Children() as session:
        yield session


def small(size=16):
    keras.utils.set_random_seed(2)
    stack = [
        keras.Input((size, size, 3)),
        layers.Conv2D(4, 3, strides=2, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, activation="softmax"),
    ]
    return keras.Sequential(stack)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One small network, saved in every way a user may have it."""
    folder = tmp_path_factory.mktemp("files")
    model = small()
    model.save(folder / "my.keras")
    model.save(folder / "my.h5")
    model.save_weights(folder / "my.weights.h5")
    model.export(folder / "saved", verbose=False)
    with_code = keras.Sequential([keras.Input((8,)), layers.Lambda(lambda x: 2 * x), layers.Dense(2)])
    with_code.save(folder / "lambda.keras")
    with_code.save(folder / "lambda.h5")
    return folder


@pytest.mark.parametrize("name", ["my.keras", "my.h5", "saved"])
def test_every_kind_of_file_agrees_everywhere(name, files, tmp_path, children):
    folder = convert(files / name, tmp_path / "mine", scaling=Scaling(1 / 127.5, offset=-1))
    report = labs.check(folder, QUICK, children)
    assert report.ok, report
    raw, _ = read_golden(folder, read_card(folder))
    pictures = raw["input"].astype("float32")
    scaled = small()(pictures / 127.5 - 1).numpy()
    assert np.allclose(read_golden(folder, read_card(folder))[1]["output"], scaled, atol=1e-6)
    assert read_card(folder)["source"].startswith("noise")


def test_a_file_of_keras_2(files, tmp_path, children):
    """Its DepthwiseConv2D and LSTM say words at which Keras 3 stops."""
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.DepthwiseConv2D(3), layers.Flatten(), layers.Dense(2)]
    )
    path = tmp_path / "old.h5"
    model.save(path)
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            if layer["class_name"] == "DepthwiseConv2D":
                layer["config"]["groups"] = 1
        file.attrs["model_config"] = json.dumps(config)
    folder = convert(path, tmp_path / "mine")
    assert labs.check(folder, QUICK, children).ok


def test_preprocessing_of_each_channel_and_colours_turned_round():
    model = small()
    pictures = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3)).astype("float32")
    mean = (103.9, 116.8, 123.7)
    whole = Scaling(mean=mean, scale=0.5, offset=1.0, bgr=True).before(model)
    by_hand = (pictures[..., ::-1] - np.float32(mean)) * np.float32(0.5) + 1
    assert np.allclose(whole(pictures), model(by_hand), atol=1e-6)
    (tensor,) = Scaling(mean=mean, scale=0.5, offset=1.0, bgr=True).tensor([tf.constant(pictures)])
    assert np.allclose(tensor, by_hand, atol=1e-3)


@pytest.mark.parametrize("text", ["abc", "1/0", "", "1,,2", "inf"])
def test_a_scale_that_is_no_number(text):
    with pytest.raises(ExportError, match="is no number"):
        Scaling.from_text(scale=text)


def test_numbers_of_the_command_line():
    assert Scaling.from_text("1/127.5", "-1").factors() == (np.float32(1 / 127.5), np.float32(-1))
    assert Scaling.from_text(mean="1,2,3").mean == (1.0, 2.0, 3.0)
    assert format_names("onnx, tfjs,pb,keras,tflite") == [
        "model.onnx",
        "tfjs",
        "frozen.pb",
        "model.keras",
        "model.tflite",
    ]


def test_own_pictures_and_labels(files, tmp_path):
    import cv2

    for i in range(20):
        cv2.imwrite(str(tmp_path / f"{i}.png"), np.full((30, 40, 3), i * 10, np.uint8))
    (tmp_path / "labels.txt").write_text("하나\n둘\n셋\n", encoding="utf-8")
    folder = convert(
        files / "my.keras", tmp_path / "mine", tmp_path, tmp_path / "labels.txt", formats=["model.onnx"]
    )
    assert read_golden(folder, read_card(folder))[0]["input"].shape == (16, 16, 16, 3)
    assert labs.predict(folder, tmp_path / "3.png", runtime="onnxruntime")[0][0] in ("하나", "둘", "셋")


def refused(files, tmp_path, kind):
    """A file that is no network; made here, so that nothing hostile lies in the repository."""
    path = tmp_path / kind
    if kind == "zip bomb.keras":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("config.json", "{}")
            archive.writestr("model.weights.h5", bytes(150_000_000))
    elif kind == "zip slip.keras":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", "{}")
            archive.writestr("../../evil", "x")
    elif kind == "another zip.keras":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "x")
    elif kind == "torch.pt":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", "x")
    elif kind == "runs code.keras":
        with zipfile.ZipFile(path, "w") as archive:
            wanted = {"module": "os", "class_name": "system", "config": {"command": f"touch {tmp_path}/ran"}}
            archive.writestr("config.json", json.dumps(wanted))
            archive.writestr("metadata.json", "{}")
    elif kind == "pickle.h5":
        path.write_bytes(pickle.dumps({"a": 1}))
    elif kind == "cut short.keras":
        path.write_bytes((files / "my.keras").read_bytes()[:-300])
    elif kind == "cut short.h5":
        path.write_bytes((files / "my.h5").read_bytes()[:3000])
    elif kind == "by mistake.onnx":
        path.write_bytes(b"\x08\x08\x12\x07tf2onnx")
    elif kind == "graph.pb":
        path.write_bytes(b"\n\x10\n\x05input")
    elif kind == "architecture.json":
        path.write_text('{"class_name": "Functional"}', encoding="utf-8")
    elif kind == "empty.keras":
        path.write_bytes(b"")
    else:
        return files / kind
    return path


@pytest.mark.parametrize(
    "kind",
    [
        "zip bomb.keras",
        "zip slip.keras",
        "another zip.keras",
        "torch.pt",
        "runs code.keras",
        "pickle.h5",
        "cut short.keras",
        "cut short.h5",
        "by mistake.onnx",
        "graph.pb",
        "architecture.json",
        "empty.keras",
        "my.weights.h5",
        "lambda.keras",
        "lambda.h5",
        "missing.keras",
    ],
)
def test_what_is_no_network_is_one_sentence(kind, files, tmp_path):
    path = refused(files, tmp_path, kind)
    with pytest.raises(ExportError) as refusal:
        convert(path, tmp_path / "out")
    text = str(refusal.value)
    assert path.name in text and "\n" not in text and len(text) < 600, text
    assert not (tmp_path / "out").exists() and not (tmp_path / "ran").exists()


def test_trust_loads_a_lambda(files):
    assert read_network(files / "lambda.keras", trust=True).count_params() == 18


def saved(tmp_path, function, *specs, **more):
    module = tf.Module()
    module.serve = tf.function(function, input_signature=specs)
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures={"serve_it": module.serve, **more})
    return tmp_path / "saved"


def test_a_signature_with_several_inputs_and_outputs(tmp_path, children):
    weights = tf.Variable(np.random.default_rng(0).normal(size=(60, 30)).astype("float32"))

    def serve(a, b):
        return {"sum": tf.matmul(a, weights) + b, "largest": tf.reduce_max(b, 1)}

    module = tf.Module()
    module.weights = weights
    module.serve = tf.function(
        serve, input_signature=[tf.TensorSpec((None, 60), name="a"), tf.TensorSpec((None, 30), name="b")]
    )
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures=module.serve)
    report = labs.check(convert(tmp_path / "saved", tmp_path / "out"), QUICK, children)
    assert report.ok, report
    assert [t["name"] for t in read_card(tmp_path / "out")["inputs"]] == ["a", "b"]
    assert read_card(tmp_path / "out")["parameters"] == 1800


def test_a_signature_of_bytes_and_of_one_picture(tmp_path, children):
    """A network of uint8 pictures, one at a time, as TensorFlow's zoo has them."""
    folder = saved(
        tmp_path,
        lambda x: tf.reduce_mean(tf.cast(x, tf.float32) / 255, [1, 2]),
        tf.TensorSpec((1, 8, 8, 3), tf.uint8),
    )
    report = labs.check(convert(folder, tmp_path / "out"), ["saved_model", "onnxruntime"], children)
    assert report.ok and report.rows[0].pictures == 1, report


def test_saved_models_that_are_refused(tmp_path):
    writes = saved(
        tmp_path,
        lambda x: (tf.io.write_file(f"{tmp_path}/written", "x"), x + 1)[1],
        tf.TensorSpec((None, 2)),
    )
    with pytest.raises(ExportError, match="WriteFile"):
        convert(writes, tmp_path / "out")
    with pytest.raises(ExportError, match="serve_it"):
        SavedSignature(writes, "another", trust=True)
    damaged = tmp_path / "damaged"
    shutil.copytree(writes, damaged)
    (damaged / "saved_model.pb").write_bytes(b"\xff\xff\xff")
    with pytest.raises(ExportError, match="damaged"):
        convert(damaged, tmp_path / "out")
    assert not (tmp_path / "written").exists() and not (tmp_path / "out").exists()


def test_a_saved_model_with_a_custom_operation(files, tmp_path):
    """An operation that this TensorFlow does not have."""
    folder = tmp_path / "custom"
    shutil.copytree(files / "saved", folder)
    content = (folder / "saved_model.pb").read_bytes()
    (folder / "saved_model.pb").write_bytes(content.replace(b"Softmax", b"Saftmax"))
    with pytest.raises(ExportError, match="does not load as a SavedModel"):
        convert(folder, tmp_path / "out")


def test_a_keras_network_around_a_saved_model(files, tmp_path, children):
    layer = layers.TFSMLayer(str(files / "saved"), call_endpoint="serving_default")
    inputs = keras.Input((16, 16, 3))
    model = keras.Model(inputs, layer(inputs))
    pictures = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), dtype=np.uint8)
    folder = labs.export(model, tmp_path / "around", x=pictures)
    report = labs.check(folder, QUICK[1:], children)
    assert report.ok, report


def test_what_a_runtime_refuses_is_recorded(tmp_path, children):
    inputs = keras.Input((4, 8, 8, 2))
    model = keras.Model(inputs, layers.Conv3D(2, 3)(inputs))
    x = np.random.default_rng(0).normal(size=(2, 4, 8, 8, 2)).astype("float32")
    folder = labs.export(model, tmp_path / "volume", x=x, formats=["frozen.pb", "model.onnx"])
    card = read_card(folder)
    card["notes"] = {}  # as if nothing had been known beforehand
    save_card(folder, card)
    report = labs.check(folder, QUICK[2:], children)
    refusing = [row.runtime for row in report.rows if row.status.startswith("cannot")]
    record(folder, report)
    assert set(refusing) <= set(read_card(folder)["notes"])


def test_a_network_of_another_backend(tmp_path):
    """Made and exported in a Python whose Keras runs on JAX."""
    pytest.importorskip("jax")
    program = (
        "import keras, numpy, labs; assert keras.backend.backend() == 'jax';"
        "x = numpy.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), dtype='uint8');"
        "n = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3), keras.layers.Flatten(),"
        " keras.layers.Dense(2, activation='softmax')]);"
        "f = labs.export(n, 'out', labels=['a', 'b'], x=x, formats=['model.onnx', 'model.keras']);"
        "import onnxruntime;"
        "y, = onnxruntime.InferenceSession('out/model.onnx').run(None, {'input': x.astype('float32')});"
        "assert abs(y - numpy.asarray(n(x.astype('float32')))).max() < 1e-5"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr


def test_a_layer_that_cannot_be_saved_leaves_only_keras_out(tmp_path):
    class Own(layers.Layer):
        def __init__(self, thing):
            super().__init__()
            self.thing = thing

        def call(self, x):
            return x + 1

    inputs = keras.Input((4,))
    model = keras.Model(inputs, Own(object())(layers.Dense(2)(inputs)))
    with pytest.warns(UserWarning, match="model.keras is left out"):
        folder = labs.export(model, tmp_path / "own", x=np.ones((3, 4), "float32"))
    assert not (folder / "model.keras").exists() and (folder / "model.onnx").exists()


def test_the_command(files, tmp_path):
    command = [
        sys.executable,
        "-m",
        "labs.cli",
        "export",
        str(files / "my.keras"),
        "--to",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(
        [*command, "--scale", "1/255", "--formats", "onnx,pb", "--precision", "float16"],
        capture_output=True,
        text=True,
        env={**os.environ, "KERAS_BACKEND": "jax", "TF_CPP_MIN_LOG_LEVEL": "3"},
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "ONNX Runtime" in done.stdout and "every answer agrees" in done.stdout
    assert read_card(tmp_path / "out")["precision"] == "float16"
