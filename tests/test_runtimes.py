"""The child processes and their messages."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from labs import runtimes
from labs.errors import LabsError
from labs.runtimes import frames, opencv
from labs.runtimes.children import Cannot, Child, Children


def test_a_frame_comes_back_as_it_went():
    stream = io.BytesIO()
    arrays = {"입력": np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::-1], "empty": np.zeros((0, 2))}
    frames.write(stream, {"do": "predict"}, arrays)
    stream.seek(0)
    header, back = frames.read(stream)
    assert header == {"do": "predict"} and list(back) == list(arrays)
    assert all(np.array_equal(back[name], arrays[name]) for name in arrays)


def test_a_frame_cut_short_or_garbled_is_an_error():
    stream = io.BytesIO()
    frames.write(stream, {}, {"x": np.ones(3)})
    for cut in (0, 5, 20, len(stream.getvalue()) - 1):
        with pytest.raises(EOFError):
            frames.read(io.BytesIO(stream.getvalue()[:cut]))
    with pytest.raises(ValueError):
        frames.read(io.BytesIO(b"\xff" * 40))


def test_objects_do_not_travel():
    with pytest.raises(ValueError):
        frames.write(io.BytesIO(), {}, {"x": np.array([print], dtype=object)})


def test_every_line_of_the_registry_names_a_runtime():
    for name, runtime in runtimes.RUNTIMES.items():
        assert runtime.name == name and runtime.files and runtime.title
        sentence = runtime.missing()
        assert sentence is None or (isinstance(sentence, str) and "\n" not in sentence)
    with pytest.raises(LabsError, match="choose from"):
        runtimes.get("caffe")


def test_check_imports_no_runtime_into_this_process():
    code = (
        "import sys, labs.runtimes.children, labs.check, labs.predict; heavy = {'tensorflow', 'keras', 'cv2', 'onnxruntime'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_child_ends_with_its_parent():
    """Even a parent that is killed: the child's input closes."""
    code = (
        "import os, sys, labs.runtimes.children as c\n"
        "child = c.Children()['onnxruntime']\n"
        "try: child.open('.', {'outputs': [], 'inputs': []})\n"
        "except c.Cannot: print(child._process.running.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    number = int(answer.stdout)
    psutil.wait_procs([psutil.Process(number)] if psutil.pid_exists(number) else [], timeout=10)
    assert not psutil.pid_exists(number)


def test_an_unguarded_script_may_check(tmp_path):
    """A script without `if __name__ == "__main__"` is not run a second time by its children."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('once')\nfrom labs.runtimes.children import Children, RuntimeFailure\n"
        "with Children() as children:\n"
        "    try: children['onnxruntime'].open('.', {'outputs': [], 'inputs': []})\n"
        "    except RuntimeFailure as failure: print(failure)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(runtimes.__file__).parents[2])}
    answer = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment, check=True
    )
    assert answer.stdout.count("once") == 1 and "model.onnx" in answer.stdout


def test_a_refusal_leaves_the_child_alive(tmp_path):
    with Children() as children:
        child = children["onnxruntime"]
        for _ in range(2):
            with pytest.raises(Cannot, match=r"NO_SUCH_FILE|model"):
                child.open(tmp_path, {"inputs": [], "outputs": []})
        first = child._process.running.pid
        with pytest.raises(Cannot):
            child.predict({"input": np.zeros((1, 2), np.float32)})
        assert child._process.running.pid == first
    assert not psutil.pid_exists(first)


def test_a_module_that_does_not_import_is_a_refusal_with_its_reason():
    child = Child(runtimes.Runtime("x", "X", "labs.runtimes.no_such_module", ("x",)))
    with pytest.raises(Cannot, match=r"ModuleNotFoundError.*no_such_module"):
        child.open(".", {})
    child.stop()


def test_what_is_spared_while_tensorflow_comes_can_be_imported_afterwards():
    code = (
        "import sys; from labs.runtimes.tensorflow import import_quickly; import_quickly(); "
        "assert not {'jax', 'sklearn', 'matplotlib'} & set(sys.modules); "
        "import gc, keras, tensorflow, matplotlib.pyplot; assert gc.isenabled()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_memory_is_this_process_own_peak():
    # In a process of its own: the peak of this one is as high as its largest test, and not every system lets it sink.
    code = (
        "import numpy; from labs.runtimes import memory; before = memory.peak_megabytes(); "
        "block = numpy.ones(50_000_000 // 8); del block; "
        "assert memory.peak_megabytes() > before + 30; memory.reset_peak(); assert memory.peak_megabytes() > 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_opencv_without_libgl_says_what_to_install(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "cv2":
                raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    assert "opencv-python-headless" in opencv.missing()
