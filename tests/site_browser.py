"""What the tests of the pages share: a site of some models, a server with tricks, one Chromium."""

import json
import shutil
import subprocess
import sys
import threading
import time
import typing
from pathlib import Path

import numpy as np
import pytest

import labs
from labs import site
from labs.errors import DataUnavailable
from labs.runtimes.browser import find_chromium
from labs.site import serve

ROOT = Path(__file__).resolve().parent.parent


class Server(serve.Handler):
    """Serves the site, with tricks: {file name: "held" half-way, "altered" by a bit, "gone" or "empty"}."""

    threads = False  # as most static hosts
    tricks: typing.ClassVar = {}
    released = threading.Event()

    def do_GET(self):
        trick = self.tricks.get(self.path.partition("?")[0].rsplit("/", 1)[-1])
        if trick is None:
            return super().do_GET()
        if trick == "gone":
            return self.send_error(404)
        content = b"[]" if trick == "empty" else Path(self.translate_path(self.path)).read_bytes()
        half = len(content) // 2
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:half])
        if trick == "held":
            self.released.wait(20)
            self.close_connection = True
        else:
            self.wfile.write(bytes([content[half] ^ (trick == "altered")]) + content[half + 1 :])


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The kept models, one with Grad-CAM inside, and a small colour network trained on the drawn stand-in."""
    import keras
    from keras import layers

    folder = tmp_path_factory.mktemp("models")
    for name in (
        "mnist",
        "hangul",
        "cifar10",
        "cats_vs_dogs",
        "cells",
        "street",
        "reader",
        "finder",
        "sheet",
        "digits",
        "spoken",
        "writer",
        "bigger",
        "painter_hubble",
        "teller",
        "teller_step",
    ):
        shutil.copytree(ROOT / "saved_models" / name, folder / name)
    keras.utils.set_random_seed(1)
    dataset = labs.load("cifar10", size="sample")
    picture = keras.Input((32, 32, 3), name="input")
    x = layers.Conv2D(16, 3, activation="relu", name="edges")(layers.Rescaling(1 / 255)(picture))
    x = layers.MaxPooling2D(name="pool")(x)  # names that do not depend on what this process has built before
    features = layers.Conv2D(32, 3, activation="relu", name="features")(x)
    output = layers.Dense(10, activation="softmax", name="output")(layers.GlobalAveragePooling2D()(features))
    model = keras.Model(picture, output)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(dataset.x_train, dataset.y_train, batch_size=50, epochs=2, verbose=0)
    two = keras.Model(picture, {"output": output, "features": features})
    two.save(folder / "colour.keras")
    labs.export(
        two, folder / "colour", dataset.labels, dataset.x_test, source=dataset.source, formats=("tfjs",)
    )
    pictures = np.random.default_rng(0).integers(0, 256, (4, 65, 60, 3), dtype="uint8")
    labs.export(
        winding(folder / "winding.keras"), folder / "winding", ["no", "yes"], pictures, formats=("tfjs",)
    )
    reader = keras.models.load_model(folder / "mnist" / "model.keras")
    digits = labs.load("mnist", size="sample")
    why = labs.explain.grad_cam_network(reader)
    labs.export(why, folder / "why", digits.labels, digits.x_test, source=digits.source, formats=("tfjs",))
    return folder


def winding(path):
    """An untrained network with every kind of layer that Grad-CAM has to go back through in the browser."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(2)
    stack = [keras.Input((65, 60, 3), name="input"), layers.Rescaling(1 / 255)]
    stack += [layers.Conv2D(8, 3, 2, padding="same", bias_initializer="normal"), layers.ReLU(6)]
    stack += [layers.MaxPooling2D(3, 1, padding="same"), layers.ZeroPadding2D(((0, 1), (0, 1)))]
    stack += [layers.DepthwiseConv2D(3, 2), layers.BatchNormalization(), layers.ReLU()]
    stack += [layers.SeparableConv2D(12, 3, padding="same"), layers.Conv2D(10, 3, 2, padding="same")]
    stack += [layers.MaxPooling2D(2)]
    stack += [layers.Conv2D(6, 3, padding="same", activation="relu"), layers.AveragePooling2D(2, 1)]
    stack += [layers.Flatten(), layers.Dense(16, "relu"), layers.Dense(1, "sigmoid", name="output")]
    model = keras.Sequential(stack)
    model.save(path)
    return model


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """The folder of the built lessons; None where Sphinx is not installed (it is no dependency of the labs)."""
    own = ROOT / ".venv-site" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    python = str(own) if own.is_file() else sys.executable
    if subprocess.run([python, "-c", "import myst_nb, furo"], capture_output=True).returncode:
        return None
    out = tmp_path_factory.mktemp("lessons") / "out"
    command = [python, ROOT / "tools" / "build_lessons.py", "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def folder(models, lessons, tmp_path_factory):
    try:
        return site.build(models, tmp_path_factory.mktemp("out") / "site", lessons)
    except DataUnavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def address(folder):
    server = serve.serve(folder, handler=Server)
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """One browser for all tests; the camera shows a face."""
    if find_chromium() is None:
        pytest.skip("no Chromium, Chrome or Edge")
    if shutil.which("chromedriver") is None:
        pytest.skip("no chromedriver (Debian: chromium-driver)")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    film = tmp_path_factory.mktemp("camera") / "face.mjpeg"
    film.write_bytes((ROOT / "web" / "public" / "samples" / "face.jpg").read_bytes() * 5)
    options = webdriver.ChromeOptions()
    options.binary_location = find_chromium()
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader"),
        *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
        *(f"--use-file-for-fake-video-capture={film}", "--window-size=1000,1000"),
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "en"})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    """node_modules with axe-core and puppeteer-core, or a skip that says why."""
    from labs.runtimes.tfjs_packages import npm_ci

    where = tmp_path_factory.mktemp("modules")
    try:
        npm_ci(ROOT / "web" / "test", where, "pytest")
    except DataUnavailable as reason:
        pytest.skip(str(reason))
    return where / "node_modules"


@pytest.fixture(scope="session")
def axe(node_modules):
    """The source of axe-core."""
    return (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page(chromium, address):
    """Open pages; afterwards no request may have left the origin."""
    chromium.get_log("performance")

    yield Page(chromium, address)
    Server.tricks = {}
    Server.threads = False
    Server.released.set()
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert asked and [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
    errors = [entry["message"] for entry in chromium.get_log("browser") if "Uncaught" in entry["message"]]
    assert errors == []


class Page:
    """A page in the browser, and short ways to look at it."""

    def __init__(self, driver, address):
        self.driver, self.address, self.server = driver, address, Server

    def open(self, name, ready=True):
        self.driver.get(self.address + name)
        if ready:
            self.wait("document.body.dataset.ready")
        return self

    def wait(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while not (value := self.driver.execute_script(f"return {condition}")):
            if time.monotonic() > end:
                raise AssertionError(
                    f"never true: {condition}\n{self.text('main')}\n{self.driver.get_log('browser')}"
                )
            time.sleep(0.03)
        return value

    def text(self, name):
        return self.driver.find_element("id", name).get_attribute("textContent")

    def find(self, name):
        return self.driver.find_element("id", name)

    def module(self, name, body, *values):
        """Run `body` with the named exports `m` of a module of the page; `body` finds others in './js/'."""
        script = f"const done = arguments[arguments.length - 1]; const values = arguments; import('./js/{name}.js')"
        script += f".then(async (m) => {{ {body} }}).then(done, (error) => done({{ error: String(error) }}))"
        folder = self.driver.execute_script("return document.querySelector('script[type=module]').src")
        script = script.replace("./js/", folder.rpartition("/")[0] + "/")
        answer = self.driver.execute_async_script(script, *values)
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def draw(self, *strokes):
        """Draw strokes with the mouse: points from the pad's middle, in pixels."""
        from selenium.webdriver.common.action_chains import ActionChains

        pad = self.find("pad")
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", pad)
        for first, *rest in strokes:
            actions = (
                ActionChains(self.driver, duration=15)
                .move_to_element_with_offset(pad, *first)
                .click_and_hold()
            )
            for point in rest:
                actions.move_to_element_with_offset(pad, *point)
            actions.release().perform()

    def sample(self, number):
        """Take one of the samples that suit the model, counted from 0."""
        buttons = self.driver.find_elements("css selector", ".sample")
        [button for button in buttons if button.is_displayed()][number].click()

    def show_in(self, scheme):
        """Prefer "light" or "dark" from now on."""
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def faults(self, axe):
        """What axe-core finds that keeps people out."""
        self.driver.execute_script(axe)
        found = self.driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        return [
            (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:200])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical", "moderate")
        ]
