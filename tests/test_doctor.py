"""`labs doctor`: what it says of this machine, and of machines on which something is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labs import cpu, doctor

ROOT = Path(__file__).resolve().parent.parent


def run_doctor(*arguments, **environment):
    command = [sys.executable, "-m", "labs.cli", "doctor", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


@pytest.fixture
def quick(monkeypatch):
    """Examine without waiting for TensorFlow: its import is shown elsewhere to work."""
    monkeypatch.setitem(doctor.IMPORTS, "tensorflow", "print(0)")
    monkeypatch.setitem(doctor.IMPORTS, "onnxruntime", "print(1)")


def finding(findings, name):
    return next(one for one in findings if one.name == name)


def test_this_machine_on_a_terminal_and_as_json():
    done = run_doctor("--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0 and document["ok"], [
        one for one in document["findings"] if one["status"] != "ok"
    ]
    values = {one["name"]: one["value"] for one in document["findings"]}
    assert values["tensorflow"].startswith("2.") and values["import tensorflow"] == "works"
    assert {"Keras", "TF.js, wasm", "GPU", "Cores", "Korean font", "Free disk", "npm"} <= set(values)


def test_libgl_is_missing(tmp_path):
    """A machine without libGL, a browser, Node and LABS_DATA: advice for each, and exit code 1."""
    (tmp_path / "cv2.py").write_text(
        "raise ImportError('libGL.so.1: cannot open shared object file: No such file or directory')",
        encoding="utf-8",
    )
    done = run_doctor(PYTHONPATH=str(tmp_path), PATH="", LABS_DATA=str(tmp_path / "stick"), CHROME="none")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    said = " ".join(done.stdout.split())
    assert "libGL is missing: install libgl1 or opencv-python-headless" in said
    assert "install Node.js 18 or later" in said and "install Chromium or Chrome" in said
    assert "there is no such folder: correct it or unset it" in said
    assert "Something that the labs need is missing." in said


def test_missing_and_doubled_packages(quick, monkeypatch):
    versions = {"keras": None, "jupyterlab": None, "opencv-python": "5.0", "opencv-python-headless": "5.0"}
    monkeypatch.setattr(
        doctor, "_version", lambda name: versions.get(name, "1.0" if "opencv" not in name else None)
    )
    findings = doctor.examine()
    assert not doctor.healthy(findings)
    assert finding(findings, "keras").advice == "pip install keras"
    assert finding(findings, "jupyterlab").status == "optional"
    assert "overwrite each other" in finding(findings, "OpenCV").advice


def test_cache_that_cannot_be_written(quick, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "file" / "cache"))
    findings = doctor.examine()
    assert (
        finding(findings, "Cache").status == "missing" and "LABS_CACHE" in finding(findings, "Cache").advice
    )


def test_a_broken_import_is_reported(quick, monkeypatch):
    monkeypatch.setitem(doctor.IMPORTS, "onnxruntime", "import os; os.abort()")
    found = finding(doctor.examine(), "import onnxruntime")
    assert found.status == "missing" and "reinstall onnxruntime" in found.advice


def test_graphics_card_that_tensorflow_does_not_use(monkeypatch):
    monkeypatch.setattr(doctor, "_first_line", lambda command: "Tesla T4")
    assert "and-cuda" in next(doctor._gpu({"tensorflow": (0, "0", "")})).advice
    assert next(doctor._gpu({"tensorflow": (0, "1", "")})).value == "Tesla T4; TensorFlow uses it"


@pytest.mark.parametrize(
    "text, name, features",
    [
        ("model name\t: AMD EPYC\nflags\t\t: sse avx2 amx_bf16\n", "AMD EPYC", {"sse", "avx2", "amx_bf16"}),
        ("processor\t: 0\nFeatures\t: asimd bf16\n", None, {"asimd", "bf16"}),
        ("processor\t: 0\n", None, None),
    ],
)
def test_processor_features(tmp_path, monkeypatch, text, name, features):
    (tmp_path / "cpuinfo").write_text(text, encoding="utf-8")
    found = cpu._linux(tmp_path / "cpuinfo")
    assert found[1] == features and (name is None or found[0] == name)
    monkeypatch.setattr(cpu, "_read", lambda: found)
    described = cpu.describe()
    assert ("mixed_bfloat16" in described.advice) == ("amx_bf16" in (features or ()))
    assert (described.features == "unknown") == (features is None)
