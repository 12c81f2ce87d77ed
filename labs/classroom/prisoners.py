"""Runtimes for saved models that were handed in: each in a sandboxed process of its own.

They stand in for labs.runtimes.children.Children: a stranger's model may crash its process, or try to read files.
"""

from labs import runtimes
from labs.classroom.session import Dead, Session, StudentError
from labs.runtimes.children import Cannot, Crashed, Hung, NotInstalled


class SandboxedRuntimes:
    """A context manager; `runtimes["keras"]` is a runtime's process, one at a time."""

    def __init__(self, zygote, limits, files, deadline):
        self._make = lambda: Session(zygote, limits, files, deadline)
        self._last = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._last is not None:
            self._last.close_model()

    def __getitem__(self, name):
        self.__exit__()
        self._last = SandboxedRuntime(runtimes.get(name), self._make)
        return self._last


class SandboxedRuntime:
    """One runtime in its process: `open`, `predict`, `close_model` as of labs.runtimes.children.Child."""

    def __init__(self, runtime, make):
        self.runtime, self._make, self._session = runtime, make, None

    def open(self, folder, card, seconds):
        """Read the model of `folder`, which lies in the sandbox under its name."""
        if self.runtime.name.startswith("tfjs"):
            raise NotInstalled("not installed: TensorFlow.js needs a browser, and the sandbox has none")
        self._session = self._make()
        self._guarded(lambda: self._session.runtime(self.runtime))
        header, _ = self._guarded(lambda: self._session.ask(do="hello"))
        if header.get("missing"):
            raise NotInstalled(f"not installed: {str(header['missing'])[:200]}")
        self._guarded(lambda: self._session.ask(do="open", folder=folder.name, card=card))

    def predict(self, inputs, seconds):
        """Outputs by name of a batch of inputs by name."""
        return self._guarded(lambda: self._session.ask(inputs, do="predict"))[1]

    def close_model(self):
        """End the process."""
        if self._session is not None:
            self._session.__exit__()
            self._session = None

    def _guarded(self, request):
        try:
            return request()
        except StudentError as error:
            raise Cannot(f"cannot: {error}") from None
        except Dead as death:
            if death.reason.startswith("slow"):
                raise Hung("hung", f"stopped after {death.detail:g} s") from None
            raise Crashed(f"crashed ({death.reason} {death.detail})") from None
