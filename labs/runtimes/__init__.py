"""The runtimes that read a saved model: one module each, one line each in `RUNTIMES`.

A runtime module holds two functions and imports its library inside them:

    missing(**options) -> str | None
        None, or one sentence that says what is not installed and how to get it. Cheap.
    open(folder, card, **options) -> Model
        The model of a verified folder (pathlib.Path; dict of card.json). It runs in a child process
        (child.py), so it may print, raise, crash or hang: check() makes a row of that.
        What it raises becomes "cannot: <first sentence>".

To add one: write the module, add its line below, and name its files.
"""

import importlib
import time
from dataclasses import dataclass, field

from labs.errors import LabsError


@dataclass(frozen=True)
class Runtime:
    """A line of the registry; `RUNTIMES["mine"] = Runtime(...)` adds one of your own.

    `name` (or a file's name) is the key in card.json's "notes"; `files` are the paths inside the folder that it reads
    (a folder ends in "/"); `options` are passed to `missing` and `open`; an `optional` runtime
    gets no row when its files were not exported. Runtimes of one library name one `process`, which
    imports or starts it once for all of them (children.py).
    """

    name: str
    title: str
    module: str
    files: tuple
    options: dict = field(default_factory=dict, hash=False)
    optional: bool = False
    process: str = ""  # one of its own by default

    def missing(self):
        """None, or one sentence that says what is not installed."""
        return importlib.import_module(self.module).missing(**self.options)


class Model:
    """What `open` gives: a saved model ready to answer.

    Subclasses write `predict`; one whose library runs in yet another process (a browser) also
    writes `milliseconds`, to time without the transport, and `close`.
    """

    note = ""  # one sentence shown with the row, e.g. a switched-off optimisation or the browser's version

    def predict(self, inputs):
        """Answer a batch.

        inputs: dict, input name -> array (N, ...) in Keras' order (pictures NHWC), float32 unless the
            card says otherwise.
        Returns dict, output name -> float32 array (N, ...), in Keras' order as well (NHWC).
        """
        raise NotImplementedError

    def milliseconds(self, inputs, runs):
        """Time `runs` calls of `predict` one by one; a list of milliseconds."""
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            self.predict(inputs)
            times.append(1000 * (time.perf_counter() - start))
        return times

    def close(self):
        """Free what the garbage collector does not, e.g. a browser."""


class Ended(LabsError):
    """The program in which a runtime works has ended: its child process ends as well, to begin anew."""


TENSORFLOW, BROWSER = {"process": "tensorflow"}, {"process": "browser"}
RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        Runtime("keras", "Keras", "labs.runtimes.keras", ("model.keras",), **TENSORFLOW),
        Runtime("saved_model", "SavedModel", "labs.runtimes.saved_model", ("saved_model/",), **TENSORFLOW),
        Runtime("opencv_pb", ".pb in OpenCV", "labs.runtimes.opencv_pb", ("frozen.pb",)),
        Runtime("opencv_onnx", "ONNX in OpenCV", "labs.runtimes.opencv_onnx", ("model.onnx",)),
        Runtime("onnxruntime", "ONNX Runtime", "labs.runtimes.onnxruntime", ("model.onnx",)),
        Runtime("tfjs_cpu", "TF.js, cpu", "labs.runtimes.tfjs", ("tfjs/",), {"backend": "cpu"}, **BROWSER),
        Runtime("tfjs_wasm", "TF.js, wasm", "labs.runtimes.tfjs", ("tfjs/",), {"backend": "wasm"}, **BROWSER),
        Runtime(
            "tfjs_webgl", "TF.js, webgl", "labs.runtimes.tfjs", ("tfjs/",), {"backend": "webgl"}, **BROWSER
        ),
        Runtime("litert", "LiteRT", "labs.runtimes.litert", ("model.tflite",), optional=True),
    )
}


def get(name):
    """The Runtime called `name`; LabsError names those there are."""
    if name not in RUNTIMES:
        raise LabsError(f"There is no runtime {name!r}: choose from {', '.join(RUNTIMES)}.")
    return RUNTIMES[name]
