"""labs.load and labs.fetch: where data comes from, and everything that can go wrong on the way."""

import hashlib
import io
import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from werkzeug import Response

import labs
from labs import DataUnavailable, LabsError
from labs.data import mnist
from labs.files import bundled, sha256

REAL_DATA = os.environ.get("LABS_DATA")  # the tests themselves run without it


def arrays(train=200, test=10):
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (train + test, 28, 28), dtype=np.uint8)
    y = random.integers(0, 10, train + test, dtype=np.uint8)
    return {"x_train": x[:train], "y_train": y[:train], "x_test": x[train:], "y_test": y[train:]}


def packed(**changes):
    file = io.BytesIO()
    np.savez(file, **{**arrays(), **changes})
    return file.getvalue()


class Mirror:
    """A web server with one file: it can stop half-way, ignore Range, or send something else."""

    def __init__(self, body):
        self.body, self.stop_after, self.ranges, self.asked = body, None, True, []

    def __call__(self, request):
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        begin = int(wanted[len("bytes=") : -1]) if wanted and self.ranges else 0
        if begin >= len(self.body):
            return Response(status=416)
        rest = self.body[begin:]
        headers = {"Content-Length": str(len(rest))}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(self.body) - 1}/{len(self.body)}"
        return Response([rest[: self.stop_after]], 206 if begin else 200, headers, mimetype="application/zip")


@pytest.fixture(autouse=True)
def empty_machine(tmp_path, monkeypatch):
    """Nothing in LABS_DATA, an empty cache, and a mirror that nobody answers for."""
    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(mnist, "URL", "http://127.0.0.1:9/mnist.npz")  # port 9: connection refused
    return tmp_path


@pytest.fixture
def mirror(httpserver, monkeypatch):
    body = packed()
    server = Mirror(body)
    httpserver.expect_request("/mnist.npz").respond_with_handler(server)
    monkeypatch.setattr(mnist, "URL", httpserver.url_for("/mnist.npz"))
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(body).hexdigest())
    return server


def cached(folder):
    """Names in the cache's folder of data sets, hidden .part files too."""
    return sorted(path.name for path in (folder / "cache" / "datasets").iterdir())


# The bundled sample


def test_sample_is_balanced_and_disjoint():
    sample = labs.load("mnist", "sample")
    assert sample.x_train.shape == (2500, 28, 28, 1) and sample.x_test.shape == (500, 28, 28, 1)
    assert sample.x_train.dtype == np.uint8 and sample.y_train.dtype == np.int64
    assert np.bincount(sample.y_train).tolist() == [250] * 10
    assert np.bincount(sample.y_test).tolist() == [50] * 10
    pictures = {picture.tobytes() for picture in [*sample.x_train, *sample.x_test]}
    assert len(pictures) == 3000
    assert sample.source == "MNIST sample: 2,500 real digits bundled with labs"


def test_sample_is_the_recorded_file():
    record = json.loads(bundled("samples.json").read_text(encoding="utf-8"))["mnist_sample.npz"]
    path = bundled("mnist_sample.npz")
    assert (sha256(path), path.stat().st_size) == (record["sha256"], record["bytes"])
    assert path.stat().st_size < 1_000_000


def test_sample_digits_are_real():
    """Every bundled digit is one of MNIST's training set, with its label."""
    official = os.path.join(REAL_DATA or "", "mnist.npz")
    if not os.path.exists(official):
        pytest.skip("needs mnist.npz in LABS_DATA")
    x_train, y_train, x_test, _ = mnist.read(official)
    labels = {picture.tobytes(): label for picture, label in zip(x_train, y_train, strict=True)}
    held_out = {picture.tobytes() for picture in x_test}
    (x, y, x_more, y_more), _ = mnist.sample()
    for picture, label in zip([*x, *x_more], [*y, *y_more], strict=True):
        assert labels[picture.tobytes()] == label and picture.tobytes() not in held_out


def test_sample_is_the_same_whatever_the_machine_has(mirror, tmp_path, monkeypatch):
    (tmp_path / "mnist.npz").write_bytes(packed())
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    assert len(labs.load("mnist", "sample").x_train) == 2500
    assert mirror.asked == []


# Where the full set comes from


def test_labs_data_comes_first_then_the_cache_then_the_download(mirror, tmp_path, monkeypatch):
    first = labs.load("mnist")
    assert first.source == f"MNIST (cache, sha256 {mnist.SHA256[:8]}...)"
    assert first.x_train.shape == (200, 28, 28, 1) and (first.y_train == arrays()["y_train"]).all()
    labs.load("mnist")
    assert mirror.asked == [None], "the second load must come from the cache"

    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setenv("LABS_DATA", str(stick))
    assert "cache" in labs.load("mnist").source, "a stick without MNIST leaves the cache"
    (stick / "mnist.npz").write_bytes(packed(x_train=np.zeros((200, 28, 28), np.uint8)))
    on_stick = labs.load("mnist")
    assert on_stick.source == "MNIST (LABS_DATA)" and not on_stick.x_train.any()


def test_a_damaged_cached_file_is_downloaded_again(mirror, tmp_path):
    labs.load("mnist")
    path = tmp_path / "cache" / "datasets" / "mnist.npz"
    path.write_bytes(path.read_bytes()[:-100])
    assert len(labs.load("mnist").x_train) == 200
    assert cached(tmp_path) == ["mnist.npz"]


def test_the_repr_is_one_readable_line():
    assert repr(labs.load("mnist", "sample")).endswith(
        "2,500 training and 500 test pictures of 28x28x1, 10 labels"
    )


# The download


def test_no_network_names_the_ways_out_within_seconds(tmp_path):
    begin = time.monotonic()
    with pytest.raises(DataUnavailable, match=r"LABS_DATA.*labs fetch.*sample") as caught:
        labs.load("mnist")
    assert time.monotonic() - begin < 10
    assert "\n" not in str(caught.value)
    assert cached(tmp_path) == []


def test_an_error_of_the_server_is_told(httpserver, monkeypatch):
    httpserver.expect_request("/gone").respond_with_data("gone", status=404)
    monkeypatch.setattr(mnist, "URL", httpserver.url_for("/gone"))
    with pytest.raises(DataUnavailable, match="the server answered 404"):
        labs.load("mnist")


def test_a_stopped_download_goes_on_where_it_stopped(mirror, tmp_path):
    mirror.stop_after = 100_000
    with pytest.raises(DataUnavailable, match=r"stopped after 0\.1 of 0\.2 MB: run it again"):
        labs.load("mnist")
    assert cached(tmp_path) == [".mnist.npz.part"]
    mirror.stop_after = None
    assert len(labs.load("mnist").x_train) == 200
    first, second = mirror.asked
    assert first is None and 0 < int(second[len("bytes=") : -1]) <= 100_000
    assert cached(tmp_path) == ["mnist.npz"]


def test_a_server_without_ranges_sends_all_again(mirror, tmp_path):
    part(tmp_path, mirror.body[:10_000])
    mirror.ranges = False
    labs.load("mnist")
    assert mirror.asked == ["bytes=10000-"]
    assert cached(tmp_path) == ["mnist.npz"]


def test_a_part_longer_than_the_file_is_begun_again(mirror, tmp_path):
    part(tmp_path, mirror.body + b"more")
    labs.load("mnist")
    assert mirror.asked == [f"bytes={len(mirror.body) + 4}-", None]


def test_what_a_killed_download_left_is_used_and_a_running_one_is_left_alone(mirror, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    killed = part(tmp_path, mirror.body[:10_000], name=f".mnist.npz.{process.pid}.part")
    running = part(tmp_path, b"another process writes here", name=f".mnist.npz.{os.getppid()}.part")
    labs.load("mnist")
    assert mirror.asked == ["bytes=10000-"]
    assert not killed.exists() and running.read_bytes() == b"another process writes here"


@pytest.mark.parametrize("tampered", ["mirror", "part"])
def test_a_tampered_file_is_removed_and_told(mirror, tmp_path, tampered):
    good = mirror.body
    if tampered == "mirror":
        mirror.body = bytes(len(good))
    else:
        part(tmp_path, bytes(10_000))
    with pytest.raises(DataUnavailable, match=r"not the official file .* was removed"):
        labs.load("mnist")
    assert cached(tmp_path) == []
    mirror.body = good
    assert len(labs.load("mnist").x_train) == 200


def test_a_cache_that_cannot_be_written_is_told(mirror, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "file"))
    with pytest.raises(LabsError, match="Cannot write"):
        labs.load("mnist")


def part(folder, content, name=".mnist.npz.part"):
    path = folder / "cache" / "datasets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# Wrong input


def test_unknown_names_list_the_known_ones():
    with pytest.raises(LabsError, match="no data set 'mnits': ask for 'mnist'"):
        labs.load("mnits")
    with pytest.raises(LabsError, match="no size 'small': ask for 'full' or 'sample'"):
        labs.load("mnist", "small")
    with pytest.raises(LabsError, match="no data set 'mnits'"):
        labs.fetch(["mnits"], "anywhere")


def test_labs_data_that_is_no_folder_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "unplugged"))
    with pytest.raises(LabsError, match=r"LABS_DATA is .*unplugged, but there is no such folder"):
        labs.load("mnist")


def test_a_repacked_file_is_welcome(monkeypatch, tmp_path):
    """Other containers of the same arrays are legal: compressed, with a channel, labels in a column."""
    plain = arrays()
    repacked = {
        **plain,
        "x_train": plain["x_train"][..., None],
        "y_test": plain["y_test"].astype("int32")[:, None],
    }
    np.savez_compressed(tmp_path / "mnist.npz", **repacked)
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    dataset = labs.load("mnist")
    assert (dataset.x_train[..., 0] == plain["x_train"]).all() and (dataset.y_test == plain["y_test"]).all()


class Hostile:
    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


BROKEN = {
    "text": b"<html>please log in</html>",
    "empty": b"",
    "truncated": packed()[:-3000],
    "damaged": packed().replace(packed()[5000:5100], bytes(100)),
    "one array": b"\x93NUMPY\x01\x00",
    "pickle": packed(x_train=np.array([Hostile()] * 200, dtype=object)),
    "floats": packed(x_train=np.zeros((200, 28, 28), "float32")),
    "colours": packed(x_test=np.zeros((10, 32, 32, 3), np.uint8)),
    "too few labels": packed(y_train=np.zeros(199, np.uint8)),
    "no pictures": packed(x_test=np.zeros((0, 28, 28), np.uint8), y_test=np.zeros(0, np.uint8)),
    "class 10": packed(y_test=np.full(10, 10, np.uint8)),
    "fractions": packed(y_test=np.full(10, 0.5)),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_sentence(kind, monkeypatch, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(BROKEN[kind])
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    with pytest.raises(
        LabsError, match=r"mnist\.npz cannot be used \(.*\): remove it or put a good copy"
    ) as caught:
        labs.load("mnist")
    assert "\n" not in str(caught.value)


def test_a_missing_array_is_named(monkeypatch, tmp_path):
    np.savez(tmp_path / "mnist.npz", x_train=arrays()["x_train"])
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    with pytest.raises(LabsError, match="it has no y_train, x_test, y_test"):
        labs.load("mnist")


# The classroom's USB stick


def test_fetch_fills_a_folder_that_serves_as_labs_data(mirror, tmp_path, monkeypatch):
    stick = tmp_path / "USB 스틱"
    (path,) = labs.fetch(["mnist"], to=stick)
    assert path == stick / "mnist.npz" and sha256(path) == mnist.SHA256
    written = path.stat().st_mtime_ns
    labs.fetch(["mnist"], stick)
    assert path.stat().st_mtime_ns == written and mirror.asked == [None]
    path.write_bytes(b"damaged on the stick")
    labs.fetch(["mnist"], stick)
    assert sha256(path) == mnist.SHA256
    monkeypatch.setenv("LABS_DATA", str(stick))
    assert labs.load("mnist").source == "MNIST (LABS_DATA)"


def test_fetch_that_cannot_write_says_so(mirror, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(LabsError, match="Cannot write"):
        labs.fetch(["mnist"], tmp_path / "file")


def test_fetch_without_network_leaves_nothing(tmp_path):
    with pytest.raises(DataUnavailable):
        labs.fetch(["mnist"], tmp_path / "stick")
    assert not (tmp_path / "stick").exists()
