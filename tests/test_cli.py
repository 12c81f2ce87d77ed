"""The command line: what it prints, what it exits with, and that it never shows a traceback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from labs import run
from labs.errors import LabsError

ROOT = Path(__file__).resolve().parent.parent


def labs(*arguments, cwd=ROOT, **environment):
    return subprocess.run(
        [sys.executable, "-m", "labs.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT), **environment},
    )


def refused(done):
    """The sentence of a command that could not: exit code 1, one block on stderr, no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("labs: ") and "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("run", "99"), "There is no lab '99'"),
        (("check", "no/such/folder"), "no/such/folder"),
        (("check", ROOT, "--runtime", "nonsense"), "keras"),
        (("predict", "no/such/folder", "picture.png"), "no/such/folder"),
        (("fetch", "nonsense"), "There is no data set 'nonsense'"),
    ],
)
def test_refusals_are_one_sentence(arguments, words):
    assert words in refused(labs(*arguments))


def test_usage_errors_exit_with_2():
    assert labs("predict", "folder").returncode == 2
    assert labs("run", "05", "--profile", "slow").returncode == 2


def test_old_console_gets_replacements():
    done = subprocess.run(
        [sys.executable, "-m", "labs.cli", "fetch", "숫자"],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1 and b"Traceback" not in done.stderr and b"There is no data set" in done.stderr


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """Write notebooks from lists of cells; `labs run` finds them in place of the real ones."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(run, "_folder", lambda: folder)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def write(name, *cells):
        notebook = nbformat.v4.new_notebook()
        for cell in cells:
            make = nbformat.v4.new_markdown_cell if cell.startswith("#") else nbformat.v4.new_code_cell
            notebook.cells.append(make(cell))
        (folder / Path(name).parent).mkdir(exist_ok=True)
        nbformat.write(notebook, folder / name)

    return write


def executed(name):
    return nbformat.read(Path("executed") / name, as_version=4)


def test_run_executes_with_this_python_in_this_folder(notebooks, capsys):
    notebooks(
        "07_two.ipynb",
        "# Lab 7",
        "import os, sys\nfrom pathlib import Path\nimport labs\nprint(sys.executable, labs.profile.name, os.getcwd())",
        "## Save",
        "Path('saved_models/new').mkdir(parents=True)\n_ = Path('saved_models/new/card.json').write_text('{}')",
        "1 + 1",
    )
    Path("saved_models/old").mkdir(parents=True)
    Path("saved_models/old/card.json").write_text("{}", encoding="utf-8")
    assert run.run("7", "quick") == {Path("executed/saved_models/new"): None}
    outputs = executed("07_two.ipynb").cells[1].outputs
    assert outputs[0].text.split() == [sys.executable, "quick", str(Path("executed").resolve())]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("MB")[-1].strip() for line in lines[1:4]] == ["Lab 7", "Save", "1 + 1"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_checkout_stays_clean(notebooks, capsys, monkeypatch):
    """A lab reads the kept models as ever; what it saves under their names lies beside its executed copy."""
    kept = Path("saved_models/mnist/card.json")
    kept.parent.mkdir(parents=True)
    kept.write_text("kept", encoding="utf-8")
    shutil.copytree(kept.parent, "saved_models/large")
    shutil.copy(ROOT / ".gitignore", ".")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Start"]):
        subprocess.run([*git, *command], check=True)
    notebooks(
        "07_saves.ipynb",
        "import os\nfrom pathlib import Path\ncard = Path('saved_models/mnist/card.json')",
        "print(card.read_text(), os.environ['LABS_DATA'])\n_ = card.write_text('quick')",
        "Path('saved_models/digits.keras').touch()",
    )
    monkeypatch.setenv("LABS_DATA", "stick")
    saved = Path("executed/saved_models/mnist")
    for reads in ("kept", "quick"):
        assert run.run("07") == {saved: None} and not (saved.parent / "large").exists()
        assert executed("07_saves.ipynb").cells[1].outputs[0].text.split() == [
            reads,
            os.path.abspath("stick"),
        ]
    assert f"saved model: {saved}" in capsys.readouterr().out
    status = [*git, "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, text=True, check=True).stdout == ""
    os.utime(kept)  # the checkout brings a newer one
    run.run("07")
    assert executed("07_saves.ipynb").cells[1].outputs[0].text.startswith("kept")


def test_failing_cell_is_one_block(notebooks):
    notebooks("07_bad.ipynb", "first = 1", "second = first / 0", "third = 3")
    with pytest.raises(LabsError) as caught:
        run.run("07")
    message = str(caught.value)
    assert message.startswith("cell 2 failed") and "    second = first / 0" in message
    assert "ZeroDivisionError: division by zero" in message and "\x1b" not in message
    cells = executed("07_bad.ipynb").cells
    assert cells[1].outputs[0].ename == "ZeroDivisionError" and cells[2].execution_count is None


def test_errors_of_labs_need_no_traceback(notebooks):
    notebooks(
        "07_bad.ipynb", "from labs.errors import DataUnavailable\nraise DataUnavailable('Plug in the stick.')"
    )
    with pytest.raises(LabsError) as caught:
        run.run("07")
    assert str(caught.value).endswith("\n\nPlug in the stick.")


def test_dead_kernel(notebooks):
    notebooks("07_dead.ipynb", "import os\nos.write(2, b'last words')\nos.abort()")
    with pytest.raises(LabsError, match=r"(?s)last words.*The kernel died"):
        run.run("07")


def test_language_and_names(notebooks):
    notebooks("07_two.ipynb", "print('english')")
    notebooks("ko/07_two.ipynb", "print('한국어')")
    assert run.find("07_two").parent.name == "notebooks"
    assert run.find("7", "ko").parent.name == "ko"
    run.run("07", language="ko")
    assert executed("ko/07_two.ipynb").cells[0].outputs[0].text == "한국어\n"
    with pytest.raises(LabsError, match="choose from 07_two"):
        run.find("08")


def test_read_only_target_is_refused_before_the_work(notebooks):
    notebooks("07_two.ipynb", "open('ran', 'w').close()")
    Path("file").touch()
    with pytest.raises(LabsError, match="Cannot write"):
        run.run("07", out="file")
    assert not Path("ran").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise on Windows")
def test_interrupt_ends_the_kernel(notebooks):
    notebooks("07_long.ipynb", "import time\nopen('started', 'w').close()\ntime.sleep(100)")
    program = "import labs.cli, labs.run, pathlib; labs.run._folder = lambda: pathlib.Path('../notebooks'); labs.cli.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "run", "07"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    end = time.monotonic() + 120
    while not Path("executed/started").exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    kernels = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=90)
    assert process.returncode == 130 and b"Traceback" not in error
    assert kernels and not psutil.wait_procs(kernels, timeout=10)[1]


def test_unknown_lab_lists_the_labs():
    with pytest.raises(LabsError, match="choose from"):
        run.find("99")


def test_fetch_tfjs_prints_its_folder(tmp_path):
    """With the packages in place nothing is downloaded."""
    from labs.runtimes import tfjs_packages

    lock_folder = tmp_path / tfjs_packages.folder().name
    lock_folder.mkdir()
    for name in tfjs_packages.FILES:
        (lock_folder / name).touch()
    done = labs("fetch", "tfjs", LABS_CACHE=str(tmp_path), PATH="")
    assert done.returncode == 0 and done.stdout.strip() == str(lock_folder)


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory):
    """A small exported network and a picture."""
    import cv2
    import keras
    import numpy as np

    import labs

    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3, "softmax")]
    )
    folder = tmp_path_factory.mktemp("models") / "tiny"
    pictures = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 1), dtype=np.uint8)
    labs.export(model, folder, labels=["하나", "둘", "셋"], x=pictures)
    cv2.imwrite(str(folder.parent / "picture.png"), pictures[0])
    return folder


def test_check_and_predict(saved_model):
    done = labs("check", saved_model, "--runtime", "keras", "--runtime", "onnxruntime")
    assert done.returncode == 0 and "ONNX Runtime" in done.stdout and "every answer agrees" in done.stdout
    done = labs("check", saved_model, "--json", "--runtime", "onnxruntime")
    assert json.loads(done.stdout)["rows"][0]["status"] == "ok"
    done = labs("predict", saved_model, saved_model.parent / "picture.png", "--top", "2", "--json")
    answers = json.loads(done.stdout)
    assert len(answers) == 2 and answers[0]["label"] in ("하나", "둘", "셋")
    done = labs("predict", saved_model, saved_model.parent / "picture.png", "--runtime", "onnxruntime")
    assert done.stdout.splitlines()[0].split() == [f"{answers[0]['probability']:.2%}", answers[0]["label"]]
    refused(labs("predict", saved_model, saved_model / "labels.txt"))


def test_check_of_a_tampered_folder(saved_model, tmp_path):
    broken = shutil.copytree(saved_model, tmp_path / "broken")
    with open(broken / "model.onnx", "ab") as file:
        file.write(b"x")
    assert "model.onnx" in refused(labs("check", broken))
