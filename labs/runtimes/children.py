"""Child processes that hold the runtimes: started on demand, kept alive, replaced when they die."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

import labs
from labs import runtimes
from labs.errors import LabsError
from labs.runtimes import frames


class RuntimeFailure(LabsError):
    """A runtime gave no answer; `status` is what the report shows."""

    def __init__(self, status, note=""):
        super().__init__(f"{status}; {note}" if note else status)
        self.status, self.note = status, note


class NotInstalled(RuntimeFailure):
    """The runtime's library is not there."""


class Cannot(RuntimeFailure):
    """The runtime refused the model or the batch with an error of its own."""


class Crashed(RuntimeFailure):
    """The child died, or answered garbage."""


class Hung(RuntimeFailure):
    """The child was stopped at the time limit."""


class Children:
    """The children of a session, one a runtime; a context manager that ends them all.

    Example:
        with Children() as children:
            for folder in folders:
                labs.check(folder, children=children)   # TensorFlow is imported once
    """

    def __init__(self, python=sys.executable):
        self._children = {}
        self._python = python  # another environment's, to compare versions of a runtime

    def __getitem__(self, name):
        """The child of runtime `name`; its process starts with the first request."""
        return self._children.setdefault(name, Child(runtimes.get(name), self._python))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End every child process."""
        for child in self._children.values():
            child.stop()


class Child:
    """One runtime in its process. Every request has a time limit and may raise a RuntimeFailure."""

    def __init__(self, runtime, python=sys.executable):
        self.runtime = runtime
        self._python = python
        self.megabytes = None  # peak memory since the model was opened
        self._process = None
        self._errors = None

    def open(self, folder, card, seconds=60):
        """Read the model of a verified folder; returns the runtime's note."""
        self._request(seconds, do="hello")
        request = {"do": "open", "folder": str(Path(folder).resolve()), "card": card}
        return self._request(seconds, **request)[0]["note"]

    def predict(self, inputs, seconds=60):
        """Outputs by name of a batch of inputs by name (see labs.runtimes.Model.predict)."""
        return self._request(seconds, inputs, do="predict")[1]

    def milliseconds(self, inputs, seconds=60):
        """Median milliseconds of one call with these inputs."""
        return self._request(seconds, inputs, do="time")[0]["milliseconds"]

    def rounding(self, inputs, seconds=60):
        """How far the outputs move, relative to their spread, when the weights change in their last bit."""
        return self._request(seconds, inputs, do="rounding")[0]["rounding"]

    def close_model(self, seconds=10):
        """Free the model and keep the process for the next one."""
        if self._process is not None:
            with contextlib.suppress(RuntimeFailure):
                self._request(seconds, do="close")

    def stop(self):
        """End the process and everything it started."""
        if self._process is None:
            return
        process, self._process = self._process, None
        _kill_tree(process)
        for stream in (process.stdin, process.stdout, self._errors):
            with contextlib.suppress(OSError):
                stream.close()

    def _start(self):
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "PYTHONIOENCODING": "utf-8"}
        package = str(Path(labs.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed in stop)
        self._process = subprocess.Popen(
            [
                self._python,
                "-m",
                "labs.runtimes.child",
                self.runtime.module,
                json.dumps(self.runtime.options),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us; we end the children
        )

    def _request(self, seconds, arrays=None, **header):
        if self._process is None:
            self._start()
        process, late = self._process, threading.Event()

        def stop_late():
            late.set()
            _kill_tree(process)

        # Killing the child ends the read and the write below, whichever of them is stuck.
        limit = threading.Timer(seconds, stop_late)
        limit.daemon = True
        limit.start()
        try:
            frames.write(process.stdin, header, arrays)
            answer, arrays = frames.read(process.stdout)
        except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
            failure = self._failure(process, late, seconds)
            self.stop()
            raise failure from error
        except BaseException:
            self.stop()  # interrupted in the middle of a message: the child is out of step
            raise
        finally:
            limit.cancel()
        self.megabytes = answer.get("megabytes")
        if answer.get("missing"):
            raise NotInstalled(f"not installed: {answer['missing']}")
        if "error" in answer:
            raise Cannot(f"cannot: {answer['error']}")
        return answer, arrays

    def _failure(self, process, late, seconds):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if late.is_set():
            return Hung("hung", f"stopped after {seconds:g} s")
        return Crashed(f"crashed ({_name_of_death(process.returncode)})", self._last_words())

    def _last_words(self):
        """The last line the child wrote to stderr: often why it died."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 2000))
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def _name_of_death(code):
    if code is None:
        return "garbled answer"
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return "access violation" if code & 0xFFFFFFFF == 0xC0000005 else f"exit code {code}"


def _kill_tree(process):
    """Kill a child and what it started, on every system; a browser's guard.py cleans up by itself."""
    family = []
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for member in still_running(family, seconds=5):
        with contextlib.suppress(psutil.Error):
            member.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def still_running(processes, seconds):
    """Wait until `processes` have ended; those that have not after `seconds`."""
    limit = time.monotonic() + seconds
    while (running := [process for process in processes if _runs(process)]) and time.monotonic() < limit:
        time.sleep(0.02)
    return running


def _runs(process):
    """False for a zombie as well, which may wait for seconds until init takes notice of its end."""
    with contextlib.suppress(psutil.Error):
        return process.status() != psutil.STATUS_ZOMBIE
    return False
