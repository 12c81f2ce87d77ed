"""What runs in the student's process: it executes cells and answers questions, and knows no expected answer.

Whatever the student's program does to this process, it can only change its own answers.
"""

import importlib
import re
import sys
import traceback
from pathlib import Path

from labs.classroom import values
from labs.runtimes import frames
from labs.runtimes.child import Server

_FRAMES = 3


class Student:
    """Answers the requests of session.py: files, run, name, call; and those of a runtime for saved models."""

    def __init__(self):
        self._shell = None
        self._server = None

    def files(self, header, arrays):
        """Put the files that were handed in into the current folder."""
        for index, name in enumerate(header["names"]):
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(arrays[f"f{index}"].tobytes())
        return {}, {}

    def run(self, header, arrays):
        """Execute a cell as Jupyter would, magics included; says which error it ended with."""
        if self._shell is None:
            self._shell = _shell()
        result = self._shell.run_cell(header["source"], store_history=False)
        error = result.error_before_exec or result.error_in_exec
        return {"error": _about(error) if error else None}, {}

    def name(self, header, arrays):
        """The value of a name, or that it is a function."""
        space = self._shell.user_ns if self._shell else {}
        if header["name"] not in space:
            return {"error": {"kind": "Undefined", "text": header["name"]}}, {}
        value = space[header["name"]]
        if callable(value):
            return {"function": True}, {}
        document, packed = values.pack(value)
        return {"value": document}, packed

    def call(self, header, arrays):
        """Call a function by its name with plain values; its answer is a plain value too."""
        positional, named = values.unpack(header["arguments"], arrays)
        answer = self._shell.user_ns[header["name"]](*positional, **named)
        document, packed = values.pack(answer)
        return {"value": document}, packed

    def runtime(self, header, arrays):
        """Become a runtime (labs.runtimes.child): the requests after this one are for it."""
        self._server = Server(importlib.import_module(header["module"]), header["options"])
        return {}, {}

    def answer(self, header, arrays):
        """The answer to one request; an exception of the student's code is an answer as well."""
        do = header["do"]
        try:
            if self._server is not None:
                return getattr(self._server, do)(header, arrays)
            return getattr(self, do)(header, arrays)
        except BaseException as error:  # SystemExit and KeyboardInterrupt of the student's are no end either
            return {"error": _about(error)}, {}


def serve(channel):
    """Answer requests on a socket until it closes."""
    stream = channel.makefile("rwb")
    sys.path.insert(0, "")  # as in Jupyter: a module beside the notebook can be imported
    student = Student()
    while True:
        try:
            header, arrays = frames.read(stream)
        except EOFError:
            return
        answer, arrays = student.answer(header, arrays)
        for output in (sys.stdout, sys.stderr):
            output.flush()
        frames.write(stream, {**answer, "number": header["number"]}, arrays)


def _shell():
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """`%matplotlib inline` asks for it; there is no screen."""

        system = InteractiveShell.system_raw  # `!ls` without a terminal

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    return Shell.instance(config=config)


def _about(error):
    """An exception in words: its kind, its message, and the line of the student's that raised it."""
    lines = [
        f"{re.sub(r'^.*ipykernel.*$|^<ipython.*>$', 'cell', Path(frame.filename).name)}, line {frame.lineno}: {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "<ipython-input" in frame.filename or "ipykernel" in frame.filename
    ]
    try:
        text = str(error)
    except Exception:
        text = ""
    return {"kind": type(error).__name__[:100], "text": text[:1000], "lines": lines[-_FRAMES:]}


def prepare(modules):
    """Import modules that an assignment needs, so that every student's process has them from its first moment."""
    for name in ("IPython.core.interactiveshell", *modules):
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"labs grade: {name} cannot be imported ({error})", file=sys.stderr)
