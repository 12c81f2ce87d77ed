"""`labs search`: an index that grows, survives, and is never taken for another; corrupt files are only reported."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from labs import LabsError
from labs.data import open_photos
from labs.search import sheet
from labs.search.describers import ByFeatures, ByHistogram
from labs.search.folder import Index, update

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    """The open photographs, two of them a level deeper, with what else lies in folders of pictures."""
    folder = tmp_path / "사진 & photos"
    (folder / "more").mkdir(parents=True)
    for name in open_photos.names():
        place = folder / "more" if name in ("text", "coins") else folder
        (place / f"{name}.jpg").write_bytes(open_photos.path(name).read_bytes())
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    (folder / "empty.png").write_bytes(b"")
    (folder / "torn.jpg").write_bytes(open_photos.path("rocket").read_bytes()[:5000])
    return folder


class Counting(ByHistogram):
    """Counts the pictures that it looks at."""

    def __init__(self):
        self.looked = 0

    def look(self, picture):
        self.looked += 1
        return super().look(picture)


def search(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "labs.cli", "search", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT), **environment},
    )


def test_a_picture_finds_itself_first(folder, tmp_path):
    index, work = update(folder, tmp_path / "index.npz", ByHistogram())
    assert work.read == 14 and work.dropped == 2 and set(index.dropped) == {"empty.png", "torn.jpg"}
    for name in ("chelsea.jpg", "more/text.jpg"):
        row = index.rows[index.names.index(name)]
        best, distance = ByHistogram().nearest(index.rows, row, 3)[0]
        assert index.names[best] == name and distance < 1e-3


def test_only_what_is_new_is_read(folder, tmp_path):
    path, counting = tmp_path / "index.npz", Counting()
    update(folder, path, counting)
    assert counting.looked == 14
    index, work = update(folder, path, counting)
    assert counting.looked == 14 and work.kept == 16 and not work.read and not work.dropped
    (folder / "rocket.jpg").unlink()
    (folder / "torn.jpg").write_bytes(open_photos.path("rocket").read_bytes())  # whole now
    cv2.imwrite(str(folder / "new.png"), np.full((9, 9, 3), 77, "uint8"))
    index, work = update(folder, path, counting)
    assert counting.looked == 16 and (work.read, work.gone) == (2, 1)
    assert "rocket.jpg" not in index.names and {"new.png", "torn.jpg"} <= set(index.names)
    fresh, _ = update(folder, tmp_path / "fresh.npz", ByHistogram())
    order = [index.names.index(name) for name in fresh.names]
    assert np.array_equal(index.rows[order], fresh.rows)


def test_an_interrupted_index_goes_on(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(Counting, "batch", 4)
    path, counting = tmp_path / "index.npz", Counting()

    def stop(done, total):
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(folder, path, counting, stop)
    assert counting.looked == 7  # eight files, one of them empty
    index, work = update(folder, path, counting)
    assert counting.looked == 14 and len(index.names) == 14 and work.kept == 8


def test_a_killed_index_goes_on(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(3000):
        cv2.imwrite(str(folder / f"{number:04}.png"), random.integers(0, 256, (16, 16, 3)).astype("uint8"))
    path = tmp_path / "index.npz"
    program = (
        "import sys, labs.search.folder as f; from labs.search.describers import ByHistogram; f._SAVE_SECONDS = 0.01; "
        "f.update(sys.argv[1], sys.argv[2], ByHistogram())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, folder, path], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    deadline = time.monotonic() + 60
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait()
    counting = Counting()
    index, _ = update(folder, path, counting)  # whatever the moment of the kill: a whole file
    assert len(index.names) == 3000 and counting.looked < 3000


def test_a_file_that_changes_meanwhile_is_read_again(folder, tmp_path):
    path = tmp_path / "index.npz"

    class Meddling(Counting):
        def look(self, picture):
            if self.looked == 0:
                (folder / "rocket.jpg").write_bytes(open_photos.path("coffee").read_bytes())
                (folder / "retina.jpg").unlink()
            return super().look(picture)

    index, work = update(folder, path, Meddling())
    assert "retina.jpg" in index.dropped
    index, work = update(folder, path, Counting())
    assert (work.read, work.gone) == (1, 1)
    rocket, coffee = (index.rows[index.names.index(f"{name}.jpg")] for name in ("rocket", "coffee"))
    assert np.array_equal(rocket, coffee)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 torn", b"\x80\x04N.", "cut", "pickle", "shape", "names"]
)
def test_what_is_no_index_is_refused(folder, tmp_path, content):
    path = tmp_path / "index.npz"
    update(folder, path, ByHistogram())
    arrays = dict(np.load(path))
    if content == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    elif content == "pickle":
        np.savez(path, **{**arrays, "rows": np.array([{"a": 1}], object)})
    elif content == "shape":
        np.savez(path, **{**arrays, "rows": arrays["rows"][:-1]})
    elif content == "names":
        np.savez(path, **{**arrays, "head": np.frombuffer(b"[1, 2]", "uint8")})
    else:
        path.write_bytes(content)
    with pytest.raises(LabsError, match="remove it"):
        update(folder, path, ByHistogram())


def test_the_index_of_another_is_refused(folder, tmp_path, monkeypatch):
    path = tmp_path / "index.npz"
    update(folder, path, ByHistogram())
    with pytest.raises(LabsError, match="index of"):
        update(folder / "more", path, ByHistogram())
    features = ByFeatures("stand-in")
    with pytest.raises(LabsError, match="MobileNet"):
        update(folder, path, features)
    path.unlink()
    update(folder, path, features)
    monkeypatch.setattr(features, "version", "features of MobileNet 0123456789ab, 1")
    with pytest.raises(LabsError, match="0123456789ab"):
        update(folder, path, features)
    monkeypatch.setattr("labs.search.folder.FORMAT", 2)
    with pytest.raises(LabsError, match="remove it"):
        Index.load(path, str(folder), features.version)


def test_features_are_directions(folder, tmp_path):
    features = ByFeatures("stand-in")
    index, _ = update(folder, tmp_path / "index.npz", features)
    assert np.allclose(np.linalg.norm(index.rows.astype("float32"), axis=1), 1, atol=2e-3)
    number = index.names.index("coffee.jpg")
    assert features.nearest(index.rows, index.rows[number], 5)[0][0] == number


def test_the_command(folder, tmp_path):
    page = tmp_path / "out.html"
    done = search(folder, open_photos.path("chelsea"), "--by", "histogram", "--top", 3, "--html", page)
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first == "14 pictures: 14 read, 0 as before, 0 gone, 2 unreadable"
    assert "  unreadable: empty.png: the file is empty" in rest and rest[2].endswith("chelsea.jpg")
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/jpeg;base64,") == 4 and "사진 &amp; photos" in text
    again = search(folder, open_photos.path("chelsea"), "--by", "histogram", "--top", 1, "--json")
    document = json.loads(again.stdout)
    assert document["read"] == 0 and document["answers"][0]["name"] == "chelsea.jpg"
    assert set(document["unreadable"]) == {"empty.png", "torn.jpg"}


def test_refusals_are_one_sentence(folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    chelsea = open_photos.path("chelsea")
    for arguments, words in (
        ((tmp_path / "nowhere", chelsea), "no folder"),
        ((empty, chelsea), "no picture"),
        ((folder, folder / "torn.jpg"), "torn.jpg cannot be read"),
        ((folder, folder / "none.jpg"), "none.jpg cannot be read"),
        ((folder, chelsea, "--index", folder), "no index"),
    ):
        done = search(*arguments, "--by", "histogram")
        assert done.returncode == 1 and done.stderr.startswith("labs: ") and words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


def test_without_weights_the_way_out_is_said(folder, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from labs import DataUnavailable, cli

    def none(*_, **__):
        raise DataUnavailable("The weights are not here.")

    monkeypatch.setattr("labs.backbone.load", none)
    done = CliRunner().invoke(cli.app, ["search", str(folder), str(open_photos.path("chelsea"))])
    assert isinstance(done.exception, DataUnavailable) and "--by histogram" in str(done.exception)


def test_names_on_the_page_are_harmless(tmp_path):
    name = "<img src=x onerror=alert(1)>.jpg" if os.name != "nt" else "&amp;.jpg"
    (tmp_path / name).write_bytes(open_photos.path("clock").read_bytes())
    page = tmp_path / "page.html"
    sheet.write(page, name, open_photos.path("coins"), tmp_path, [(name, 0.5), ("gone.jpg", 0.1)])
    text = page.read_text(encoding="utf-8")
    assert "<img src=x" not in text and "no ordinary file" in text
