"""Everything that the lessons are about imports in a fresh process, and `labs` itself is light."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

CARD = (
    "tensorflow",
    "keras",
    "tensorflowjs",
    "matplotlib.pyplot",
    "numpy",
    "cv2",
    "tf2onnx",
    "onnx",
    "onnxruntime",
)
HEAVY = {
    "tensorflow",
    "keras",
    "cv2",
    "matplotlib",
    "onnx",
    "onnxruntime",
    "tensorflowjs",
    "tf2onnx",
    "pandas",
    "sklearn",
}
LIMIT = 0.4  # seconds
PRINT_HELP = "import sys; sys.argv = ['labs', '--help']; import labs.cli; labs.cli.main()"


@pytest.mark.parametrize("name", CARD)
def test_imports_in_a_fresh_process(name):
    done = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def modules_after(code):
    """The top-level modules that are loaded after `code`, which may end the program."""
    program = f"""
import json, sys
try:
    {code}
except SystemExit:
    pass
print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def answers_in_time(code):
    """Whether one of ten runs is quick enough; more than one are tried because the machine may be busy."""

    def seconds():
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        after = os.times()  # processor time of the child: a busy machine does not count
        return sum(after[2:4]) - sum(before[2:4])

    return any(seconds() < LIMIT for _ in range(10))


def test_import_labs_is_light():
    assert not modules_after("import labs") & (HEAVY | {"numpy", "rich", "typer"})
    assert answers_in_time("import labs")


def test_help_is_light():
    loaded = modules_after(PRINT_HELP)
    assert "labs" in loaded and "typer" in loaded
    assert not loaded & (HEAVY | {"numpy"})
    assert answers_in_time(PRINT_HELP)


def test_checking_imports_tensorflow_in_its_children_only():
    assert not modules_after("import labs.check, labs.predict, labs.doctor, labs.run") & {
        "tensorflow",
        "keras",
    }


def test_public_names_are_there():
    import labs

    for name in labs.__all__:
        if name not in labs._MODULES or importlib.util.find_spec(
            f"labs.{name}"
        ):  # later chapters bring theirs
            assert getattr(labs, name) is not None
    with pytest.raises(AttributeError, match="labs has no 'nothing'"):
        _ = labs.nothing
