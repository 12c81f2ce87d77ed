"""One student's process, seen from the grader: requests with limits, and the reason when it has to die.

The grader never runs a student's code and never unpickles: it sends cells and arguments, and reads back plain
values (values.py). The tests and the expected answers stay on this side.
"""

import contextlib
import os
import secrets
import select
import signal
import tempfile
import time

from labs.classroom import values
from labs.runtimes import frames

_LARGEST_ANSWER = 32_000_000  # bytes
_WATCH_EVERY = 0.25
_KEPT_OUTPUT = 4000


class Dead(Exception):
    """The student's process has ended or was stopped; `reason` is a key of report.REASONS, `detail` a number or name."""

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason} {detail}")
        self.reason, self.detail = reason, detail


class StudentError(Exception):
    """An exception in the student's code: `kind`, `text`, `lines`."""

    def __init__(self, about):
        self.kind, self.text = str(about.get("kind", ""))[:100], str(about.get("text", ""))[:1000]
        self.lines = [str(line)[:200] for line in about.get("lines", [])][:5]
        super().__init__(f"{self.kind}: {self.text}" if self.text else self.kind)


class Session:
    """A student's process with the files that were handed in; a context manager that ends it.

    Every request raises Dead when the process had to be stopped, StudentError for an exception in it.
    """

    def __init__(self, zygote, limits, files, deadline):
        self._zygote, self._limits, self._deadline = zygote, limits, deadline
        self._work = tempfile.TemporaryDirectory(prefix="labs-grade-")
        self._channel, self._reading = zygote.start(limits, self._work.name)
        self._channel.settimeout(limits.seconds)
        self._alive, self._written, self.output = True, 0, b""
        arrays = {f"f{i}": _bytes(content) for i, content in enumerate(files.values())}
        self._request(arrays, do="files", names=list(files))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop()

    def run(self, source):
        """Execute a cell."""
        self._request(do="run", source=source)

    def name(self, name):
        """The value of a name in the student's program, or a function that calls the student's."""
        header, arrays = self._request(do="name", name=name)
        if header.get("function"):
            return lambda *positional, **named: self._call(name, positional, named)
        return self._value(header, arrays)

    def runtime(self, runtime):
        """Make this process one of labs.runtimes; then use `ask`."""
        self._request(do="runtime", module=runtime.module, options=runtime.options)

    def ask(self, arrays=None, **header):
        """A request to the runtime: its answer's header and arrays."""
        return self._request(arrays, **header)

    def _call(self, name, positional, named):
        document, arrays = values.pack((positional, named))
        return self._value(*self._request(arrays, do="call", name=name, arguments=document))

    def _value(self, header, arrays):
        try:
            return values.unpack(header["value"], arrays)
        except Exception:
            raise self._dead("garbled") from None

    def _request(self, arrays=None, **header):
        if not self._alive:
            raise Dead("ended")
        self._limit = min(time.monotonic() + self._limits.seconds, self._deadline)
        self._looked = time.monotonic()
        number = secrets.randbits(60)  # an answer to another request is none to this
        try:
            with self._channel.makefile("wb") as stream:
                frames.write(stream, {**header, "number": number}, arrays)
            header, arrays = frames.read(self, _LARGEST_ANSWER)
        except (EOFError, ConnectionError):
            raise self._dead("ended") from None
        except TimeoutError:
            raise self._dead("slow", self._limits.seconds) from None
        except Dead:
            raise
        except Exception:
            raise self._dead("garbled") from None
        self._drain()
        error = header.get("error") if header.get("number") == number else ()
        if not isinstance(error, (dict, str, type(None))):
            raise self._dead("garbled")
        if error:
            raise StudentError(error if isinstance(error, dict) else {"kind": "", "text": error})
        return header, arrays

    def read(self, count):
        """Bytes of the answer, for frames.read; meanwhile the limits are watched."""
        parts = []
        while count:
            ready = select.select([self._channel, self._reading], [], [], _WATCH_EVERY)[0]
            if self._reading in ready:
                self._drain()
            if self._channel in ready:
                part = self._channel.recv(min(count, 1 << 20))
                if not part:
                    return b""
                parts.append(part)
                count -= len(part)
            self._watch()
        return b"".join(parts)

    def _watch(self):
        now = time.monotonic()
        if now > self._limit:
            whole = now > self._deadline
            raise (
                self._dead("slow_in_all", self._limits.total_seconds)
                if whole
                else self._dead("slow", self._limits.seconds)
            )
        if self._written > self._limits.output_megabytes * 1_000_000:
            raise self._dead("loud", self._limits.output_megabytes)
        if now - self._looked > _WATCH_EVERY:
            self._looked = now
            processes, megabytes = self._zygote.family()
            if processes > self._limits.processes // 4:
                raise self._dead("many", processes)
            if megabytes > self._limits.megabytes:
                raise self._dead("memory", self._limits.megabytes)

    def _drain(self):
        """Read what the student's process has printed; only the beginning is kept."""
        while select.select([self._reading], [], [], 0)[0]:
            text = os.read(self._reading, 1 << 16)
            if not text:
                return
            self._written += len(text)
            self.output = (self.output + text)[:_KEPT_OUTPUT]
            if self._written > self._limits.output_megabytes * 1_000_000:
                return

    def _dead(self, reason, detail=""):
        """The exception for a process that has ended, with the reason of its end where it has one of its own."""
        status = self._stop(patience=1.0 if reason == "ended" else 0.0)
        if reason == "ended" and status is not None:
            code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            if code == 97 and self._written:
                detail = self.output[-300:].decode("utf-8", "replace")
            if code > 128:
                with contextlib.suppress(ValueError):
                    return Dead("crashed", signal.Signals(code - 128).name)
            return Dead("ended", code)
        return Dead(reason, detail)

    def _stop(self, patience=0.0):
        if not self._alive:
            return None
        self._alive = False
        with contextlib.suppress(OSError):
            self._drain()
        status = self._zygote.end(patience)
        self._channel.close()
        os.close(self._reading)
        with contextlib.suppress(OSError):
            self._work.cleanup()
        return status


def _bytes(content):
    import numpy as np

    return np.frombuffer(content, np.uint8)
