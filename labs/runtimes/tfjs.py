"""TensorFlow.js, the runtime of web pages: in Chromium when there is one, in Node otherwise.

Three backends: cpu (plain JavaScript), wasm (WebAssembly) and webgl (the graphics card; browsers
only). Browser or Node are started once a process and serve all models opened in it.
"""

import atexit

import numpy as np

from labs.runtimes import Model, browser, tfjs_packages
from labs.runtimes.tfjs_host import Host

_host = None


def missing(backend):
    """None, or one sentence that says what to install."""
    if browser.find_chromium() is None:
        if backend == "webgl":
            return "WebGL needs a browser: install Chromium or Chrome."
        if browser.find_node() is None:
            return "TensorFlow.js needs a browser or Node: install Chromium, Chrome or Node.js 18 or later."
    if not tfjs_packages.installed():
        return "TensorFlow.js is not installed: run `labs fetch tfjs`."
    return None


def open(folder, card, backend):
    """The graph model in folder/tfjs on one backend ("cpu", "wasm", "webgl")."""
    host = _running_host()
    address = host.serve_folder(folder / "tfjs")
    facts, _ = host.ask("open", backend=backend, model=f"{address}model.json")
    return TfjsModel(host, card, facts)


def shutdown():
    """End the browser or Node now rather than at the end of this process."""
    global _host
    if _host is not None:
        _host.close()
        _host = None


atexit.register(shutdown)


def _running_host():
    global _host
    if _host is not None and not _host.alive():
        shutdown()
    if _host is None:
        if chromium := browser.find_chromium():
            _host = Host(lambda address: browser.Program.chromium(chromium, f"{address}page.html"))
        else:
            worker, packages = tfjs_packages.JS / "worker.js", tfjs_packages.folder()
            _host = Host(lambda address: browser.Program.node(browser.find_node(), worker, address, packages))
    return _host


class TfjsModel(Model):
    """A model that is open in the browser or in Node; the one opened last answers."""

    def __init__(self, host, card, facts):
        self._host = host
        self._dtypes = {i["name"]: "int32" if "int" in i["dtype"] else "float32" for i in card["inputs"]}
        self._outputs = [output["name"] for output in card["outputs"]]
        self._model = facts["model"]
        self.note = f"TensorFlow.js {facts['version']} in {facts['place']}"

    def predict(self, inputs):
        answer, arrays = self._ask(inputs, repeats=0)
        names = [output["name"] for output in answer["outputs"]]
        return {name: array.astype("float32") for name, array in zip(names, arrays, strict=True)}

    def milliseconds(self, inputs, runs):
        """Measured inside JavaScript until the values can be read, without the way there and back."""
        answer, _ = self._ask(inputs, repeats=runs)
        return answer["milliseconds"]

    def close(self):
        if self._host.alive():
            self._host.ask("close", model=self._model)

    def _ask(self, inputs, repeats):
        arrays = {name: np.asarray(array, self._dtypes[name]) for name, array in inputs.items()}
        described = [
            {"name": name, "shape": array.shape, "dtype": array.dtype.name} for name, array in arrays.items()
        ]
        return self._host.ask(
            "run",
            arrays.values(),
            model=self._model,
            inputs=described,
            outputs=self._outputs,
            repeats=repeats,
        )
