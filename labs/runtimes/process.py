"""A child process for runtimes, and the ways in which it may fail to answer."""

import contextlib
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


class Process:
    """A child process (child.py), started when it is asked and replaced after it has died."""

    def __init__(self, title, python=sys.executable):
        self.running = None  # a subprocess.Popen
        self.lock = threading.RLock()  # one request at a time
        self._title, self._python = title, python
        self._errors = None
        self._served = set()
        self._closed = False

    def serves_others(self, name):
        """Whether the running process has answered for other runtimes than `name`."""
        return self.running is not None and bool(self._served - {name})

    def start(self):
        """The running process, started if need be."""
        if self._closed:
            raise Crashed("crashed (closed)")
        if self.running is not None:
            return self.running
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "PYTHONIOENCODING": "utf-8"}
        package = str(Path(labs.__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
        self._served = set()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed in stop)
        self.running = subprocess.Popen(
            [self._python, "-m", "labs.runtimes.child", self._title],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us; we end the children
        )
        return self.running

    def request(self, seconds, name, header, arrays=None):
        """What the process answers to a request for the runtime `name`: (header, arrays)."""
        process, late = self.start(), threading.Event()
        self._served.add(name)

        def stop_late():
            late.set()
            _kill_tree(process)

        # Killing the child ends the read and the write below, whichever of them is stuck.
        limit = threading.Timer(seconds, stop_late)
        limit.daemon = True
        limit.start()
        try:
            frames.write(process.stdin, header, arrays)
            return frames.read(process.stdout)
        except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
            failure = self._failure(process, late, seconds)
            self.stop()
            raise failure from error
        except BaseException:
            self.stop()  # interrupted in the middle of a message: the child is out of step
            raise
        finally:
            limit.cancel()

    def stop(self):
        """End the process and everything it started."""
        if self.running is None:
            return
        process, self.running = self.running, None
        _kill_tree(process)
        for stream in (process.stdin, process.stdout, self._errors):
            with contextlib.suppress(OSError):
                stream.close()

    def close(self):
        """End the process for good."""
        self._closed = True
        self.stop()

    def _failure(self, process, late, seconds):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if late.is_set():
            return Hung("hung", f"stopped after {seconds:g} s")
        return Crashed(f"crashed ({_name_of_death(process.returncode)})", self._last_words())

    def _last_words(self):
        """The last line the child wrote to stderr: often why it died."""
        if self._errors.closed:
            return ""
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
