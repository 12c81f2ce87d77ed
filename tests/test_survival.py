"""A saved model is whole or absent: kills, full disks, two writers, damaged files."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from models import exported

import labs
from labs.errors import BadModelFolder, LabsError
from labs.export.card import read_card, verify_files
from labs.files import whole_file, whole_folder

DAMAGED = 500
KILLS = 50

# Writes the folder again and again, each time with one number in all its files, a little at a time.
WRITER = """
import sys, time
from pathlib import Path
from labs.files import whole_folder
for number in range(10**9):
    with whole_folder(sys.argv[1]) as partial:
        for name in range(20):
            (partial / str(name)).write_text(f"{number}\\n" * 200, encoding="utf-8")
    print(number, flush=True)
"""

# For each line it reads: a process of its own exports a real network again and again, as fast as it can.
# Forked, so that TensorFlow is imported once; nothing is computed before the fork.
EXPORTERS = """
import os, sys
sys.path.insert(0, "tests")
import labs
from labs.export import folder, frozen, keras_file, onnx, saved_model, tfjs
from models import exported
for line in sys.stdin:
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        while True:
            exported(sys.argv[1])
    else:
        os.wait()
        print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("models") / "small")


def contents(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def start(code, folder):
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE)
    process.stdout.readline()  # the first folder is there
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_fifty_kills_leave_the_old_folder_or_the_new(tmp_path):
    folder, chance = tmp_path / "model", random.Random(0)
    for _ in range(KILLS):
        process = start(WRITER, folder)
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        files = contents(folder)
        assert len(files) == 20 and len(set(files.values())) == 1
    with whole_folder(folder) as partial:
        (partial / "last").write_text("", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]  # what the killed ones left is gone


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
@pytest.mark.timeout(1800)
def test_a_killed_export_leaves_a_whole_model(tmp_path):
    """The real thing; `EXPORT_KILLS=50` makes it as many as the writer's above."""
    folder, chance = tmp_path / "model", random.Random(1)
    exported(folder)
    command = [sys.executable, "-c", EXPORTERS, str(folder)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as parent:
        for _ in range(int(os.environ.get("EXPORT_KILLS", "5"))):
            print("go", file=parent.stdin, flush=True)
            child = int(parent.stdout.readline())
            time.sleep(chance.uniform(0, 4))
            os.kill(child, signal.SIGKILL)
            assert parent.stdout.readline() == "ended\n"
            card = read_card(folder)
            verify_files(folder, card)
            print("the model of", card["created"])
        parent.stdin.close()


def test_two_writers_do_not_mix(tmp_path):
    folder, stop = tmp_path / "model", time.monotonic() + 2

    def write(number):
        while time.monotonic() < stop:
            with whole_folder(folder) as partial:
                for name in range(20):
                    (partial / str(name)).write_text(str(number), encoding="utf-8")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        time.sleep(0.01)
    files = contents(folder)
    seen |= set(files.values())
    assert len(files) == 20 and len(seen) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_failed_write_leaves_the_old_folder(model_folder, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    with pytest.raises(LabsError, match="No space left"), whole_folder(folder) as partial:
        (partial / "half").write_text("x", encoding="utf-8")
        raise OSError(28, "No space left on device")
    verify_files(folder, read_card(folder))
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_full_disk_is_one_sentence(tmp_path):
    """A file system of 300 kB, smaller than the model."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "none", place], capture_output=True
    ).returncode
    if mounted != 0:
        pytest.skip("mounting a small file system needs root on Linux")
    try:
        with pytest.raises(LabsError) as caught:
            big_model(place / "model")
        assert "free space" in str(caught.value) and "\n" not in str(caught.value)
        assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", place], check=True)


def big_model(folder):
    import keras

    model = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Flatten(), keras.layers.Dense(500)])
    return labs.export(model, folder, x=np.zeros((2, 16, 16, 1), "uint8"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_one_may_not_write_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LabsError, match="may write"), whole_folder(tmp_path / "model"):
        pass


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "model").write_text("", encoding="utf-8")
    with pytest.raises(LabsError, match="is a file"), whole_folder(tmp_path / "model"):
        pass
    with pytest.raises(LabsError), whole_file(tmp_path / "model" / "inside") as partial:
        partial.write_text("", encoding="utf-8")


def test_every_damaged_file_is_reported(model_folder, tmp_path):
    """Flipped bits and cut ends, 500 of them: named before any runtime reads the file."""
    chance = random.Random(2)
    names = ["model.onnx", "frozen.pb", "tfjs/model.json", "card.json"]
    whole = {name: (model_folder / name).read_bytes() for name in names}
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    for _ in range(DAMAGED):
        name = chance.choice(names)
        data = bytearray(whole[name])
        if chance.random() < 0.7:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        else:
            del data[chance.randrange(len(data)) :]
        (folder / name).write_bytes(data)
        with pytest.raises(BadModelFolder) as caught:
            labs.check(folder)
        assert Path(name).name in str(caught.value) and "\n" not in str(caught.value)
        (folder / name).write_bytes(whole[name])
    verify_files(folder, read_card(folder))
