"""What is installed here, what is missing for which runtime, and what to do about it: `labs doctor`.

Each fact is a Finding; a missing thing that a lab cannot do without makes the exit code 1.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from labs import cpu, files, runtimes
from labs.errors import LabsError
from labs.runtimes import browser

REQUIRED = (
    *("tensorflow", "keras", "numpy", "matplotlib", "onnx", "tf2onnx", "onnxruntime"),
    *("pooch", "tqdm", "typer", "rich", "psutil", "nbclient", "nbformat", "ipykernel"),
)
OPENCV = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
OPTIONAL = {
    "tensorflowjs": "the textbook's converter, shown in lab 05",
    "jupyterlab": "to work in the notebooks",
    "faiss-cpu": "indexes of a million vectors, lab 07b",
}
IMPORTS = {
    "tensorflow": "import tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))",
    "cv2": "import cv2; cv2.dnn.readNet; print(cv2.__version__)",
    "onnxruntime": "import onnxruntime; print(onnxruntime.__version__)",
}
PYTHONS = ((3, 10), (3, 12))  # what requirements.txt is locked for
MEMORY_GB, DISK_GB = 4, 5  # what the full profile of the largest lab needs, with room to spare
_GB = 1e9


@dataclass
class Finding:
    """One fact: `status` is "ok", "note" (works, but), "optional" (missing, not needed) or "missing"."""

    topic: str
    name: str
    value: str
    status: str = "ok"
    advice: str = ""


def examine():
    """All findings, in the order in which they are shown; takes as long as importing TensorFlow."""
    imports = {name: _start(code) for name, code in IMPORTS.items()}  # they import while we look around
    before = [*_python(), *_packages()]
    after = [*_machine(), *_tools(), *_files()]
    outputs = {name: _finish(process) for name, process in imports.items()}
    return [*before, *_imported(outputs), *_runtimes(outputs), *_gpu(outputs), *after]


def healthy(findings):
    """True when nothing is missing that the labs need."""
    return not any(finding.status == "missing" for finding in findings)


def as_dict(findings):
    """The findings as plain Python, for JSON."""
    return {"ok": healthy(findings), "findings": [asdict(finding) for finding in findings]}


def show(findings):
    """Print the findings as a table, and under it one line of advice for each that has one."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {"ok": "", "note": "yellow", "optional": "yellow", "missing": "red"}
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("", "", "", "Status"):
        table.add_column(column)
    topic = None
    for finding in findings:
        first = finding.topic if finding.topic != topic else ""
        cells = (first, finding.name, finding.value, finding.status)
        table.add_row(*map(Text, cells), style=styles[finding.status])
        topic = finding.topic
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for finding in findings:
        if finding.advice:
            console.print(Text(f"{finding.name}: {finding.advice}"))
    verdict = (
        "All that the labs need is here." if healthy(findings) else "Something that the labs need is missing."
    )
    console.print(Text(verdict))


def _python():
    version = sys.version_info[:2]
    fits = PYTHONS[0] <= version <= PYTHONS[1]
    advice = "" if fits else "requirements.txt is for Python 3.10 to 3.12: make the .venv with one of these"
    yield Finding(
        "Python", "Python", f"{platform.python_version()}, {sys.executable}", "ok" if fits else "note", advice
    )


def _packages():
    for name in REQUIRED:
        version = _version(name)
        advice = "" if version else f"pip install {name}"
        yield Finding("Packages", name, version or "not installed", "ok" if version else "missing", advice)
    yield _opencv()
    for name, purpose in OPTIONAL.items():
        version = _version(name)
        advice = "" if version else f"pip install {name}: {purpose}"
        yield Finding("Packages", name, version or "not installed", "ok" if version else "optional", advice)


def _opencv():
    found = [f"{name} {_version(name)}" for name in OPENCV if _version(name)]
    if not found:
        return Finding("Packages", "OpenCV", "not installed", "missing", "pip install opencv-python")
    if len(found) > 1:
        advice = "they overwrite each other: pip uninstall all of them, then install one"
        return Finding("Packages", "OpenCV", ", ".join(found), "note", advice)
    return Finding("Packages", "OpenCV", found[0])


def _version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _start(code):
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )


def _finish(process, seconds=180):
    """(exit code, last line printed, last line of the error) of an import in its own process."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, "", f"not imported within {seconds} seconds"
    return process.returncode, _last_line(out), _last_line(err)


def _last_line(raw):
    lines = raw.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _imported(outputs):
    for name, (code, _, error) in outputs.items():
        if code == 0:
            yield Finding("Imports", f"import {name}", "works")
        else:
            reason = error or f"the process ended with {code}"
            yield Finding("Imports", f"import {name}", reason, "missing", _import_advice(name, reason))


def _import_advice(name, reason):
    if "libGL" in reason or "libgthread" in reason:
        return "libGL is missing: install libgl1 or opencv-python-headless"
    if "DLL" in reason:
        return "install Microsoft's Visual C++ Redistributable, then try again"
    package = "opencv-python" if name == "cv2" else name
    return f"pip install --force-reinstall {package}"


def _runtimes(outputs):
    """What each runtime says of itself; OpenCV is asked only when its import did not fail above."""
    for runtime in runtimes.RUNTIMES.values():
        if runtime.module.startswith("labs.runtimes.opencv") and outputs["cv2"][0] != 0:
            reason = "OpenCV does not import"
        else:
            reason = _missing(runtime)
        optional = runtime.optional or runtime.module == "labs.runtimes.tfjs"
        status = "ok" if reason is None else "optional" if optional else "missing"
        yield Finding(
            "Runtimes", runtime.title, "ready" if reason is None else "not ready", status, reason or ""
        )


def _missing(runtime):
    try:
        return runtime.missing()
    except LabsError as error:
        return str(error)


def _gpu(outputs):
    name = _first_line(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"])
    code, seen, _ = outputs["tensorflow"]
    usable = code == 0 and seen.isdigit() and int(seen) > 0
    if usable:
        yield Finding("Machine", "GPU", f"{name or 'found'}; TensorFlow uses it")
    elif name:
        advice = "TensorFlow does not use it: pip install 'tensorflow[and-cuda]' (on Windows inside WSL2)"
        yield Finding("Machine", "GPU", name, "note", advice)
    else:
        yield Finding("Machine", "GPU", "none; the labs are sized for a processor")


def _machine():
    import psutil

    found = cpu.describe()
    yield Finding("Machine", "Processor", found.name)
    yield Finding("Machine", "Its features", found.features, advice=found.advice)
    yield Finding("Machine", "Cores", str(cpu.usable_cores()))
    memory = psutil.virtual_memory()
    text = f"{memory.total / _GB:.1f} GB, {memory.available / _GB:.1f} GB of it free"
    tight = memory.available < MEMORY_GB * _GB
    advice = f"close other programs: the full profile wants {MEMORY_GB} GB free" if tight else ""
    yield Finding("Machine", "Memory", text, "note" if tight else "ok", advice)


def _tools():
    purpose = "only needed to check the TensorFlow.js files"
    node, npm, chromium = shutil.which("node"), shutil.which("npm"), browser.find_chromium()
    major = browser.node_version(node) if node else 0
    if major >= 18:
        yield Finding("Tools", "Node.js", f"{major}, {node}")
    else:
        value = f"{major} is too old" if node else "not installed"
        yield Finding("Tools", "Node.js", value, "optional", f"install Node.js 18 or later; {purpose}")
    found = Finding("Tools", "npm", npm or "", "ok")
    if not npm:
        found = Finding("Tools", "npm", "not installed", "optional", f"comes with Node.js; {purpose}")
    yield found
    if chromium:
        yield Finding("Tools", "Browser", chromium)
    else:
        advice = f"install Chromium or Chrome, or name it in CHROME; {purpose}"
        yield Finding("Tools", "Browser", "not installed", "optional", advice)


def _files():
    yield _font()
    yield _classroom()
    yield from _cache()


def _font():
    try:
        return Finding("Files", "Korean font", str(files.bundled("fonts/LabsGothic.ttf")))
    except LabsError as error:
        return Finding("Files", "Korean font", "not found", "missing", str(error))


def _classroom():
    name = os.environ.get("LABS_DATA")
    if not name:
        return Finding("Files", "LABS_DATA", "not set; data sets are downloaded")
    if Path(name).expanduser().is_dir():
        return Finding("Files", "LABS_DATA", name)
    return Finding("Files", "LABS_DATA", name, "missing", "there is no such folder: correct it or unset it")


def _cache():
    try:
        folder = files.cache_folder()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, LabsError):
        advice = "it cannot be written: set LABS_CACHE to a folder you may write to"
        yield Finding("Files", "Cache", os.environ.get("LABS_CACHE") or "its usual place", "missing", advice)
        return
    yield Finding("Files", "Cache", str(folder))
    free = shutil.disk_usage(folder).free / _GB
    advice = f"make room: the data sets of all labs want {DISK_GB} GB" if free < DISK_GB else ""
    yield Finding("Files", "Free disk", f"{free:.1f} GB", "note" if advice else "ok", advice)


def _first_line(command):
    """First line that a program prints, or None when it is not there or fails."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0] if done.returncode == 0 and lines else None
