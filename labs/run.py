"""Executes a lab's notebook without a browser: `labs run 05`."""

import os
import re
import shutil
import tempfile
import threading
import time
from pathlib import Path

from labs import files
from labs.errors import LabsError
from labs.profile import current

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TRACEBACK_LINES = 15
_PLACES = ("LABS_DATA", "LABS_CACHE")  # variables that hold a path


def run(lab, profile_name=None, out="executed", language="en"):
    """Execute a lab's notebook in the folder `out`; returns the models it has saved.

    The models are a dictionary, from folder to the table of labs.check that the notebook showed of
    it last, or None where it showed none or has saved the model again since. They lie in
    out/saved_models, beside the executed copy: of the kept models in the current folder's saved_models
    the notebook gets copies of those that it names.

    lab: its number or its name ("05", "5", "05_mnist_export_pb"). profile_name: "full" or "quick",
    by default what LABS_PROFILE says. The executed copy appears also when a cell fails, which raises
    LabsError with that cell and its error.

    Example: `list(labs.run.run("05", "quick"))` -> [Path("executed/saved_models/mnist")]
    """
    import nbformat

    path = find(lab, language)
    name = profile_name or current().name
    notebook = nbformat.read(path, as_version=4)
    copy = Path(out) / ("ko" if language == "ko" else "") / path.name
    models = Path(out) / "saved_models"
    print(f"{path.stem}, profile {name}", flush=True)
    _refuse_read_only(copy.parent)  # before the minutes of work, not after them
    _lend(Path("saved_models"), models, notebook)
    before = _saved(models)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None  # what a failed run leaves is what it did
    tables = {}
    try:
        execute(notebook, name, out, after=lambda cell: tables.update(_tables(cell, models)))
    finally:
        with files.whole_file(copy) as partial:
            nbformat.write(notebook, partial)
        print(f"executed copy: {copy}", flush=True)
    written = {folder: stamp for folder, stamp in _saved(models).items() if before.get(folder) != stamp}
    for folder in written:
        print(f"saved model: {folder}", flush=True)
    return {folder: tables.get((folder, stamp)) for folder, stamp in written.items()}


def _tables(cell, models):
    """The reports of labs.check among a cell's outputs, by the folder and its state at this moment."""
    texts = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    return {
        (folder, stamp): text
        for folder, stamp in _saved(models).items()
        for text in texts
        if text.startswith(f"{folder.name}: ") and "(tolerance" in text
    }


def find(lab, language="en"):
    """Path of the built notebook of a lab; LabsError lists the labs there are."""
    notebooks = {
        path.stem: path
        for path in sorted((_folder() / ("ko" if language == "ko" else "")).glob("[0-9]*.ipynb"))
    }
    for stem, path in notebooks.items():
        if lab in (stem, stem.partition("_")[0], path.name) or (
            lab.isdigit() and stem.startswith(f"{int(lab):02}_")
        ):
            return path
    raise LabsError(
        f"There is no lab {lab!r}: choose from {', '.join(notebooks) or 'none, install labs again'}."
    )


def _refuse_read_only(folder):
    probe = folder / ".probe"
    with files.whole_file(probe) as partial:
        partial.touch()
    probe.unlink()


def _folder():
    """The notebooks: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "notebooks"
    return checkout if (checkout / "src").is_dir() else package / "_notebooks"


def _saved(models):
    """When the card of each saved model in the folder `models` was written."""
    cards = sorted(models.glob("*/card.json"))
    return {card.parent: (card.stat().st_mtime_ns, card.stat().st_ino) for card in cards}


def _lend(kept, models, notebook):
    """Copy the kept models that the notebook names to `models`, where it works; one saved there later stays."""
    named = set(re.findall(r"saved_models/(\w+)", "\n".join(cell.source for cell in notebook.cells)))
    for folder, (written, _) in _saved(kept).items():
        copy = models / folder.name
        if folder.name in named and _saved(models).get(copy, (0, 0))[0] < written:
            with files.whole_folder(copy) as partial:
                shutil.copytree(folder, partial, dirs_exist_ok=True)


def execute(notebook, profile_name, folder=".", after=lambda cell: None):
    """Execute the notebook's cells in `folder`, a line a cell, and call `after` with each; LabsError when one fails."""
    import nbclient

    client = nbclient.NotebookClient(
        notebook,
        km=_kernel_manager(),
        timeout=None,  # training takes the time it takes
        resources={"metadata": {"path": str(Path(folder).resolve())}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its warnings are about other machines' users
    )
    cells = [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    titles = _titles(notebook)
    with tempfile.TemporaryFile() as log, client.setup_kernel(env=_environment(profile_name), stderr=log):
        for number, (index, cell) in enumerate(cells, 1):
            with _Peak(client.km) as peak:
                try:
                    client.execute_cell(cell, index)
                except nbclient.exceptions.CellExecutionError as error:
                    raise LabsError(_failure(number, cell, error)) from None
                except nbclient.exceptions.DeadKernelError:
                    raise LabsError(_failure(number, cell, log=log)) from None
            after(cell)
            print(
                f"[{number:2}/{len(cells)}] {peak.seconds:6.1f} s {peak.megabytes:6.0f} MB  {titles[index]}",
                flush=True,
            )


def _kernel_manager():
    """Kernels of this very Python, whatever kernels the machine lists as "python3"."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir="", **get_kernel_dict())

    return AsyncKernelManager(kernel_spec_manager=ThisPython())


def _environment(profile_name):
    package = str(Path(__file__).resolve().parent.parent)
    paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    # The notebook works in another folder than the one these were written for.
    places = {
        name: os.path.abspath(os.path.expanduser(os.environ[name]))
        for name in _PLACES
        if os.environ.get(name)
    }
    return {**os.environ, **places, "LABS_PROFILE": profile_name, "PYTHONPATH": paths}


def _titles(notebook, longest=70):
    """For each code cell the heading above it when it is the section's first, else its first line."""
    titles, heading = {}, None
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ +(.+)$", cell.source, re.MULTILINE)
            heading = headings[-1] if headings else heading
        elif cell.source.strip():
            lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith("#")]
            titles[index] = (heading or "".join(lines[:1]))[:longest]
            heading = None
    return titles


def _failure(number, cell, error=None, log=None):
    """One block: which cell, its source, its error; without an error the kernel's last words."""
    if error is None:
        log.seek(0)
        last = log.read().decode("utf-8", "replace").rstrip().splitlines()[-_TRACEBACK_LINES:]
        words = "\n".join([*last, "The kernel died: a library crashed, or the memory was used up."])
    elif _is_ours(error.ename):
        words = error.evalue
    else:
        frames = _COLOURS.sub("", error.traceback).rstrip().splitlines()
        words = "\n".join(frames[-_TRACEBACK_LINES:])
    source = "\n".join(f"    {line}" for line in cell.source.splitlines())
    return f"cell {number} failed\n\n{source}\n\n{words}"


def _is_ours(name):
    """True for the errors of labs, whose sentence says enough without a traceback."""
    from labs import errors

    return isinstance(getattr(errors, name, None), type)


class _Peak:
    """Seconds of a `with` block and the most memory that the kernel and its children held in it."""

    def __init__(self, kernel_manager):
        self._pid = kernel_manager.provisioner.pid
        self.seconds = self.megabytes = 0.0
        self._done = threading.Event()

    def __enter__(self):
        self._start = time.monotonic()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self._start
        self._done.set()
        self._thread.join()

    def _watch(self):
        import psutil

        while True:
            try:
                kernel = psutil.Process(self._pid)
                family = [kernel, *kernel.children(recursive=True)]
                self.megabytes = max(self.megabytes, sum(map(_own_bytes, family)) / 1e6)
            except psutil.Error:
                pass  # a child ended in between
            if self._done.wait(0.2):
                return


def _own_bytes(process):
    """Resident memory without what is shared with others: a browser's processes share most of theirs."""
    memory = process.memory_info()
    return memory.rss - getattr(memory, "shared", 0)
