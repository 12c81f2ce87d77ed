"""TensorFlow.js: the same answers as Keras in Node and in Chromium, and nothing left behind."""

import glob
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import psutil
import pytest

from labs.errors import DataUnavailable, LabsError
from labs.runtimes import browser, children, tfjs, tfjs_packages
from labs.runtimes.process import still_running

needs_node = pytest.mark.skipif(browser.find_node() is None, reason="Node.js 18 or later is not installed")
needs_chromium = pytest.mark.skipif(browser.find_chromium() is None, reason="no Chromium, Chrome or Edge")
NAMES = ("output", "features")
CARD = {
    "inputs": [{"name": "input", "shape": [None, 12, 12, 1], "dtype": "float32"}],
    "outputs": [{"name": name} for name in NAMES],
}


@pytest.fixture(scope="module")
def packages():
    if not tfjs_packages.installed():
        try:
            tfjs_packages.install()
        except DataUnavailable as reason:
            pytest.skip(str(reason))


def write_graph_model(answer, inputs, folder, variables=()):
    """Convert a function with TensorFlow.js's own converter: the oracle that labs.export is not."""
    import tensorflow as tf

    converter = pytest.importorskip("tensorflowjs.converters.tf_saved_model_conversion_v2")
    module = tf.Module()
    module.kept = list(variables)
    module.answer = tf.function(answer, input_signature=inputs)
    tf.saved_model.save(module, str(folder / "saved_model"), signatures=module.answer.get_concrete_function())
    converter.convert_tf_saved_model(str(folder / "saved_model"), str(folder / "tfjs"))


@pytest.fixture(scope="module")
def example(tmp_path_factory, packages):
    """A folder with tfjs/, pictures, and what Keras says of them."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(1)
    picture = keras.Input((12, 12, 1), name="input")
    features = keras.layers.Conv2D(4, 3, activation="relu", bias_initializer="normal")(
        keras.layers.Rescaling(1 / 255)(picture)
    )
    output = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(features))
    model = keras.Model(picture, {"output": output, "features": features})
    folder = tmp_path_factory.mktemp("example")
    signature = [tf.TensorSpec((None, 12, 12, 1), name="input")]
    write_graph_model(
        lambda input: model(input, training=False), signature, folder, [v.value for v in model.variables]
    )
    x = np.random.default_rng(0).integers(0, 256, (5, 12, 12, 1)).astype("float32")
    return folder, x, {name: value.numpy() for name, value in model(x, training=False).items()}


@pytest.fixture(
    params=[pytest.param("node", marks=needs_node), pytest.param("chromium", marks=needs_chromium)]
)
def place(request, monkeypatch):
    """Run a test in Node and in Chromium."""
    tfjs.shutdown()
    if request.param == "node":
        monkeypatch.setattr(browser, "find_chromium", lambda: None)
    yield request.param
    tfjs.shutdown()
    assert not left_behind()


def left_behind():
    return glob.glob(str(Path(tempfile.gettempdir()) / f"labs-browser-{os.getpid()}-*"))


def gone(processes, seconds=15):
    return not still_running(processes, seconds)


def browser_family():
    return psutil.Process(tfjs._host.program._guard.pid).children(recursive=True)


def test_every_backend_answers_as_keras(example, place):
    folder, x, truth = example
    for backend in ("cpu", "wasm", "webgl"):
        if backend == "webgl" and place == "node":
            assert "browser" in tfjs.missing(backend)
            continue
        assert tfjs.missing(backend) is None
        model = tfjs.open(folder, CARD, backend)
        answer = model.predict({"input": x})
        assert list(answer) == list(NAMES)
        for name in NAMES:
            assert answer[name].dtype == np.float32
            np.testing.assert_allclose(
                answer[name], truth[name], atol=1e-5 * np.ptp(truth[name]), err_msg=backend
            )
        times = model.milliseconds({"input": x[:1]}, 4)
        assert len(times) == 4 and all(0 < ms < 10_000 for ms in times)
        assert "4.22.0" in model.note and ("Node" in model.note) == (place == "node")
        model.close()


def test_one_host_serves_several_models(example, place):
    folder, x, truth = example
    first, second = (tfjs.open(folder, CARD, backend) for backend in ("cpu", "wasm"))
    started = tfjs._host.program._guard.pid
    for model in (first, second, first):
        np.testing.assert_allclose(model.predict({"input": x})["output"], truth["output"], atol=1e-5)
    first.close()
    np.testing.assert_allclose(second.predict({"input": x})["output"], truth["output"], atol=1e-5)
    assert tfjs._host.program._guard.pid == started
    with pytest.raises(LabsError, match=r"TensorFlow\.js"):
        first.predict({"input": x})


def test_errors_are_one_sentence(example, place, tmp_path):
    folder, x, _ = example
    model = tfjs.open(folder, CARD, "cpu")
    with pytest.raises(LabsError, match=r"TensorFlow\.js: "):
        model.predict({"input": x[:, :5]})
    shutil.copytree(folder / "tfjs", tmp_path / "tfjs")
    (tmp_path / "tfjs" / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(LabsError, match=r"TensorFlow\.js: "):
        tfjs.open(tmp_path, CARD, "cpu")
    assert model.predict({"input": x})["output"].shape == (5, 10), "the next job must still be answered"


def test_browser_killed_while_it_runs(example, place):
    folder, x, truth = example
    model = tfjs.open(folder, CARD, "cpu")
    family = browser_family()
    assert family
    for process in family:
        process.kill()
    with pytest.raises(LabsError, match="ended before it answered"):
        model.predict({"input": x})
    assert gone(family)
    again = tfjs.open(folder, CARD, "cpu")  # a new browser is started
    np.testing.assert_allclose(again.predict({"input": x})["output"], truth["output"], atol=1e-5)


@needs_chromium
def test_a_browser_that_ended_is_opened_again_for_the_others(example, packages):
    folder, x, truth = example
    with children.Children() as session:
        backends = [session[f"tfjs_{backend}"] for backend in ("cpu", "wasm", "webgl")]
        for child in backends:
            child.open(folder, CARD)
        place = psutil.Process(backends[0]._process.running.pid)
        for member in place.children(recursive=True):
            member.kill()
        for child in backends:
            np.testing.assert_allclose(child.predict({"input": x})["output"], truth["output"], atol=1e-5)
        assert len({child._process.running.pid for child in backends} - {place.pid}) == 1


def test_time_limit(example, place):
    folder, _, _ = example
    tfjs.open(folder, CARD, "cpu")
    with pytest.raises(LabsError, match="within 0 seconds"):
        tfjs._host.ask("close", limit=0, model="none")


def test_nothing_is_left_when_the_child_is_killed(example, place, monkeypatch):
    if place == "node":
        monkeypatch.setenv("CHROME", "none")  # the child looks for itself
    folder, x, truth = example
    with children.Children() as session:
        child = session["tfjs_cpu"]
        child.open(folder, CARD)
        np.testing.assert_allclose(child.predict({"input": x})["output"], truth["output"], atol=1e-5)
        assert child.milliseconds({"input": x[:1]}) > 0
        process = psutil.Process(child._process.running.pid)
        family = process.children(recursive=True)
        folders = glob.glob(str(Path(tempfile.gettempdir()) / f"labs-browser-{process.pid}-*"))
        assert len(family) >= 2 and len(folders) == 1
        process.kill()
        assert gone(family)
        assert not Path(folders[0]).exists()
    with children.Children() as session:
        session["tfjs_cpu"].open(folder, CARD)
        process = psutil.Process(session["tfjs_cpu"]._process.running.pid)
        family = process.children(recursive=True)
    assert gone(family, seconds=1)
    assert not glob.glob(str(Path(tempfile.gettempdir()) / f"labs-browser-{process.pid}-*"))


def test_only_named_files_are_served(example, place):
    folder, _, _ = example
    tfjs.open(folder, CARD, "cpu")
    host = tfjs._host
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    model = host.serve_folder(folder / "tfjs")
    assert urllib.request.urlopen(f"{model}model.json").status == 200
    root = host.address.rsplit("/", 2)[0]
    for address in (
        f"{model}../secret.txt",
        f"{model}%2e%2e/secret.txt",
        f"{root}/job",
        f"{root}/worker.js",
        root,
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address)


def test_loops_and_integer_inputs(place, packages, tmp_path):
    import tensorflow as tf

    def doubled(count):
        """2 to the power of `count`, by a loop that the graph keeps."""
        value = tf.ones_like(count, tf.float32)
        for _ in tf.range(tf.reduce_max(count)):
            value = value * 2.0
        return {"output": value}

    write_graph_model(doubled, [tf.TensorSpec((None,), tf.int32, name="count")], tmp_path)
    card = {"inputs": [{"name": "count", "dtype": "int32"}], "outputs": [{"name": "output"}]}
    model = tfjs.open(tmp_path, card, "cpu")
    assert model.predict({"count": np.float32([5, 5])})["output"].tolist() == [32.0, 32.0]


def test_a_cast_argmax_keeps_its_numbers(place, packages, tmp_path):
    """A mask as float32: the backends cpu and webgl hold it in an Int32Array, whose bytes are other floats."""
    import tensorflow as tf

    write_graph_model(
        lambda input: {"mask": tf.cast(tf.argmax(input, -1, tf.int32), tf.float32)},
        [tf.TensorSpec((None, 4, 5, 7), name="input")],
        tmp_path,
    )
    x = np.random.default_rng(0).random((2, 4, 5, 7), "float32")
    card = {**CARD, "outputs": [{**CARD["outputs"][0], "name": "mask", "graph_name": "mask"}]}
    for backend in ("cpu", "wasm") if place == "node" else ("cpu", "wasm", "webgl"):
        answer = tfjs.open(tmp_path, card, backend).predict({"input": x})
        assert answer["mask"].dtype == np.float32
        np.testing.assert_array_equal(answer["mask"], x.argmax(-1), err_msg=backend)


def test_missing_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    monkeypatch.setattr(browser, "find_node", lambda: None)
    assert "install Chromium, Chrome or Node.js" in tfjs.missing("cpu")
    assert "install Chromium or Chrome" in tfjs.missing("webgl")
    monkeypatch.setattr(browser, "find_node", lambda: "node")
    monkeypatch.setenv("LABS_CACHE", str(tmp_path))
    assert "labs fetch tfjs" in tfjs.missing("cpu")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataUnavailable, match=r"install Node\.js"):
        tfjs_packages.install()


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_install_without_network_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(DataUnavailable, match="connect to the internet"):
        tfjs_packages.install()
    assert not list((tmp_path / "cache").iterdir())


def test_lock_names_no_host():
    lock = (tfjs_packages.JS / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock and "registry" not in lock


def test_old_node_is_no_node(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "node")
    monkeypatch.setattr(browser, "node_version", lambda node: 16)
    assert browser.find_node() is None


def test_leftovers_of_dead_processes_are_swept(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, living = tmp_path / "labs-browser-999999999-x", tmp_path / f"labs-browser-{os.getpid()}-x"
    dead.mkdir()
    living.mkdir()
    browser._sweep()
    assert not dead.exists() and living.exists()
