"""Child processes that hold the runtimes: started on demand, kept alive, replaced when they die."""

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from labs import runtimes
from labs.runtimes.process import Cannot, Crashed, Hung, NotInstalled, Process, RuntimeFailure


class Children:
    """The children of a session; a context manager that ends them all.

    Example:
        with Children() as children:
            for folder in folders:
                labs.check(folder, children=children)   # TensorFlow is imported once
    """

    def __init__(self, python=sys.executable):
        self._children, self._processes = {}, {}
        self._python = python  # another environment's, to compare versions of a runtime

    def __getitem__(self, name):
        """The child of runtime `name`; its process starts with the first request."""
        runtime = runtimes.get(name)
        title = runtime.process or name
        process = self._processes.setdefault(title, Process(title, self._python))
        return self._children.setdefault(name, Child(runtime, process))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End every child process; whoever waits for one of them gets no answer."""
        processes = list(self._processes.values())
        self._children, self._processes = {}, {}
        with ThreadPoolExecutor() as pool:
            list(pool.map(Process.close, processes))


class Child:
    """One runtime in its process. Every request has a time limit and may raise a RuntimeFailure.

    Runtimes of one library share a process. One that ends it loses its own answer only: the others
    open their models again, in a new process. And who crashes or hangs beside others is asked once
    more alone, since one of them may have left the damage.
    """

    def __init__(self, runtime, process=None):
        self.runtime = runtime
        self.megabytes = None  # peak memory of the process since the model was opened
        self._process = process or Process(runtime.name)
        self._opened = None  # the request that opened the model ...
        self._place = None  # ... and the process it went to

    def open(self, folder, card, seconds=60):
        """Read the model of a verified folder; returns the runtime's note."""
        self._opened = None
        self._request(seconds, do="hello")
        request = {"do": "open", "folder": str(Path(folder).resolve()), "card": card}
        answer, _ = self._request(seconds, **request)
        self._opened = request
        return answer["note"]

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
        if self._opened and self._process.running is self._place:
            with contextlib.suppress(RuntimeFailure):
                self._request(seconds, do="close")
        self._opened = None

    def stop(self):
        """End the process and everything it started."""
        self._process.stop()

    def _request(self, seconds, arrays=None, **header):
        with self._process.lock:
            tries = 2 if self._process.serves_others(self.runtime.name) else 1
            while True:
                try:
                    return self._ask(seconds, header, arrays)
                except (Crashed, Hung):
                    tries -= 1
                    if not tries:
                        self._opened = None
                        raise

    def _ask(self, seconds, header, arrays):
        process = self._process.start()
        if self._opened and process is not self._place:
            self._place = process
            self._ask(seconds, self._opened, None)
        self._place = process
        about = {"module": self.runtime.module, "options": self.runtime.options}
        answer, arrays = self._process.request(seconds, self.runtime.name, {**header, **about}, arrays)
        self.megabytes = answer.get("megabytes")
        if answer.get("missing"):
            raise NotInstalled(f"not installed: {answer['missing']}")
        if "error" in answer:
            raise Cannot(f"cannot: {answer['error']}")
        return answer, arrays
