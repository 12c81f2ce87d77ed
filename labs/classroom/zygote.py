"""The grader's side of zygote_process.py: starts it, asks it for students' processes, watches and ends them."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import psutil

from labs.errors import LabsError

_START_SECONDS = 180
UNPROTECTED = (
    "This machine offers neither namespaces nor Landlock: a submission could read and delete your files and use the "
    "network. Grade on a Linux machine or in a container that has one of them, or add --unprotected if you take that risk."
)
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LABS_DATA",
    "LABS_CACHE",
    "KERAS_HOME",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "HOME",
)


class Unprotected(LabsError):
    """Grading would run strangers' programs with nothing but limits."""


class Zygote:
    """The process that forks students' processes; started with the first one, replaced when it dies.

    level: a level of sandbox.py to use in place of the strongest that works here.
    """

    def __init__(self, level=None):
        self._process = self._control = self._log = None
        self._wanted = level
        self._needed, self._imported = (), set()
        self.level = None
        self._megabytes = 0  # of the libraries, which every fork shares

    def need(self, modules):
        """Have these modules imported in students' processes from now on."""
        self._needed = tuple(modules)

    def start(self, limits, work):
        """A new student's process: its channel and the reading end of its output."""
        for attempt in (1, 2):
            try:
                if self._process is None:
                    self._open()
                self._import()
                if self.level == "limits" and not limits.unprotected:
                    raise Unprotected(UNPROTECTED)
                ours, theirs = socket.socketpair()
                reading, writing = os.pipe()
                request = {"do": "start", "level": self.level, "limits": asdict(limits), "work": str(work)}
                try:
                    socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno(), writing])
                    self._answer()
                finally:
                    theirs.close()
                    os.close(writing)
                return ours, reading
            except OSError:
                words = self._last_words()
                self.close()
                if attempt == 2:
                    raise LabsError(
                        f"The grader's helper process does not start ({words}): run `labs doctor`."
                    ) from None

    def end(self, patience):
        """Kill the student's process with all it has started; returns how it ended by itself, or None."""
        try:
            self._control.sendall(json.dumps({"do": "end", "patience": patience}).encode())
            return self._answer()["status"]
        except OSError:
            self.close()
            return None

    def family(self):
        """How many processes the student's program has, and their megabytes without the shared libraries."""
        try:
            processes = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.Error:
            return 0, 0.0
        return len(processes), sum(max(0.0, _megabytes(one) - self._megabytes) for one in processes)

    def close(self):
        """End the zygote; a student's process ends with it."""
        if self._process is not None:
            self._control.close()
            self._log.close()
            self._log = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()
            self._process, self._imported = None, set()

    def _open(self):
        ours, theirs = socket.socketpair()
        package = str(Path(__file__).resolve().parent.parent.parent)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", "PYTHONPATH": package}
        environment |= {"PYTHONIOENCODING": "utf-8", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONWARNINGS": "ignore"}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "labs.classroom.zygote_process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        self._control.settimeout(_START_SECONDS)
        strongest = self._answer()["level"]
        self.level = self._wanted or strongest

    def _last_words(self):
        """The last line that the zygote wrote."""
        if self._log is None:
            return "it cannot be run"
        self._log.seek(0)
        lines = self._log.read()[-2000:].decode("utf-8", "replace").split("\n")
        return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "it says nothing")

    def _import(self):
        new = [name for name in self._needed if name not in self._imported]
        if new:
            self._control.sendall(json.dumps({"do": "import", "modules": new}).encode())
            self._answer()
            self._imported.update(new)
            self._megabytes = _megabytes(psutil.Process(self._process.pid))

    def _answer(self):
        message = self._control.recv(4096)
        if not message:
            raise ConnectionResetError("the zygote has ended")
        return json.loads(message)


def _megabytes(process):
    try:
        memory = process.memory_info()
        return (memory.rss - getattr(memory, "shared", 0)) / 1e6
    except psutil.Error:
        return 0
