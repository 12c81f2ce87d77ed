"""A process for the runtimes of one library: `python -m labs.runtimes.child tensorflow`, as `ps` shows it.

It answers frames (frames.py) until its input closes. A library that crashes or hangs takes this
process with it and not the student's notebook.
"""

import contextlib
import importlib
import json
import os
import re
import statistics
import sys
from pathlib import Path

from labs.runtimes import Ended, frames, memory

RUNS, WARM_UP, TIMING_SECONDS = 15, 2, 3.0


class Server:
    """Answers the requests of one runtime: hello, open, predict, time, close."""

    def __init__(self, runtime, options):
        self.runtime = runtime  # a module with missing() and open(), see labs.runtimes
        self.options = options
        self.model = None

    def hello(self, header, arrays):
        """Say whether the runtime is installed."""
        return {"missing": self.runtime.missing(**self.options)}, {}

    def open(self, header, arrays):
        """Read the model of a folder; frees the one before."""
        self.close({}, {})
        memory.reset_peak()
        self.model = self.runtime.open(Path(header["folder"]), header["card"], **self.options)
        return {"note": self.model.note}, {}

    def predict(self, header, arrays):
        """Answer a batch."""
        return {}, self.model.predict(arrays)

    def time(self, header, arrays):
        """Median milliseconds of one picture, after a warm-up, in a few seconds at most."""
        warm = self.model.milliseconds(arrays, WARM_UP)[-1]
        runs = max(1, min(RUNS, int(1000 * TIMING_SECONDS / max(warm, 1e-3))))
        return {"milliseconds": statistics.median(self.model.milliseconds(arrays, runs))}, {}

    def rounding(self, header, arrays):
        """How much of a difference float32 itself makes to this network (Keras only)."""
        return {"rounding": self.model.rounding(arrays)}, {}

    def close(self, header, arrays):
        """Free the model."""
        if self.model is not None:
            model, self.model = self.model, None
            model.close()
        return {}, {}


def serve(requests, answers):
    """Answer until `requests` closes, each runtime by its own server; an exception becomes an answer as well."""
    servers = {}
    while True:
        try:
            header, arrays = frames.read(requests)
        except EOFError:
            return [server.close({}, {}) for server in servers.values()]
        try:
            key = header["module"], json.dumps(header["options"])
            if key not in servers:
                servers[key] = Server(importlib.import_module(header["module"]), header["options"])
            answer, arrays = getattr(servers[key], header["do"])(header, arrays)
        except Ended as error:
            sys.exit(str(error))
        except Exception as error:
            answer, arrays = {"error": first_sentence(error)}, {}
        frames.write(answers, {**answer, "megabytes": memory.peak_megabytes()}, arrays)


def first_sentence(error, longest=300):
    """The useful part of an exception's message, on one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = re.sub(r"OpenCV\(\S+\) \S+ error: ", "", " ".join(lines))[:longest] or "it gave no reason"
    kind = type(error).__name__
    # Ours is a sentence already; cv2's only class is called "error".
    return (text if kind in ("LabsError", "error") else f"{kind}: {text}").rstrip(".")


def main():
    """Serve whoever started this process."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such module on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash is expected: no core file
    # Libraries print to descriptor 1, so the frames go to a private copy of it.
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    serve(requests, answers)


if __name__ == "__main__":
    main()
