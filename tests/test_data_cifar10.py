"""CIFAR-10's data: the official archive is read without running it; the stand-in says what it is."""

import hashlib
import io
import os
import pickle
import struct
import tarfile

import numpy as np
import pytest

import labs
from labs.data import cifar10
from labs.errors import LabsError


def pictures(count, seed=0):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, 3072), dtype="uint8"), random.integers(0, 10, count).tolist()


def python2_pickle(rows, classes):
    """A batch as Python 2's cPickle, which made the official archive, writes it: pixels are a BINSTRING."""

    def word(text):
        return b"U" + bytes([len(text)]) + text

    raw = rows.tobytes()
    array = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btRq\x02"
    array += b"(K\x01M" + struct.pack("<H", len(rows)) + b"M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
    array += (
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
        + struct.pack("<i", len(raw))
        + raw
        + b"tb"
    )
    numbers = b"](" + b"".join(b"K" + bytes([c]) for c in classes) + b"e"
    items = word(b"batch_label") + word(b"training batch 1 of 5") + word(b"labels") + numbers
    return (
        b"\x80\x02}(" + items + word(b"data") + array + word(b"filenames") + b"](" + word(b"a.png") + b"eu."
    )


def python3_pickle(rows, classes):
    return pickle.dumps({"labels": classes, "data": rows.tobytes(), "filenames": ["a.png"]}, protocol=2)


@pytest.mark.parametrize("write", [python2_pickle, python3_pickle])
def test_a_batch_is_read_without_unpickling(write, monkeypatch):
    monkeypatch.setattr(pickle, "loads", None)
    rows, classes = pictures(200)
    x, y = cifar10.read_batch(write(rows, classes))
    assert x.shape == (200, 32, 32, 3) and x.dtype == np.uint8
    assert y.tolist() == classes
    assert np.array_equal(x[5, 2, 7], rows[5].reshape(3, 32, 32)[:, 2, 7])


class Hostile:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def test_a_hostile_pickle_runs_nothing(tmp_path):
    mark = tmp_path / "it ran"
    rows, classes = pictures(20)
    content = pickle.dumps({"labels": classes, "data": rows.tobytes(), "x": Hostile(mark)}, protocol=2)
    x, _ = cifar10.read_batch(content)
    assert len(x) == 20 and not mark.exists()
    with pytest.raises(LabsError, match="no batch of CIFAR-10"):
        cifar10.read_batch(pickle.dumps(Hostile(mark), protocol=2))
    assert not mark.exists()
    pickle.loads(content)  # the real thing would have run it
    assert mark.exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a pickle", python3_pickle(*pictures(3))[:-4000], b"\x80\x02}."]
)
def test_what_is_no_batch_is_refused(content):
    with pytest.raises(LabsError, match="no batch of CIFAR-10"):
        cifar10.read_batch(content)


def test_classes_beyond_ten_are_refused():
    rows, _ = pictures(2)
    with pytest.raises(LabsError, match="no batch"):
        cifar10.read_batch(python3_pickle(rows, [3, 10]))


def archive(path):
    with tarfile.open(path, "w:gz") as tar:
        for seed, name in enumerate([*cifar10._BATCHES["train"], *cifar10._BATCHES["test"]]):
            content = python2_pickle(*pictures(20, seed))
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path.read_bytes()


def test_download_converts_the_archive_once(tmp_path, monkeypatch, httpserver):
    body = archive(tmp_path / "made.tar.gz")
    httpserver.expect_oneshot_request("/cifar.tar.gz").respond_with_data(body)
    monkeypatch.setattr(cifar10, "URL", httpserver.url_for("/cifar.tar.gz"))
    monkeypatch.setattr(cifar10, "SHA256", hashlib.sha256(body).hexdigest())
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("LABS_DATA", raising=False)
    dataset = labs.load("cifar10")
    assert dataset.x_train.shape == (100, 32, 32, 3) and dataset.x_test.shape == (20, 32, 32, 3)
    assert "stand-in" not in dataset.source
    again = labs.load("cifar10")  # the server would not answer twice
    assert np.array_equal(again.x_train, dataset.x_train)
    assert not list((tmp_path / "cache").rglob("*.tar.gz"))


def test_an_archive_without_its_batches_is_refused(tmp_path):
    with tarfile.open(tmp_path / "empty.tar.gz", "w:gz"):
        pass
    with pytest.raises(LabsError, match="not CIFAR-10's archive"):
        cifar10.read_archive(tmp_path / "empty.tar.gz")


def test_the_stand_in_says_what_it_is():
    sample = labs.load("cifar10", "sample")
    assert "stand-in" in sample.source
    assert sample.x_train.shape == (1500, 32, 32, 3) and sample.x_test.shape == (300, 32, 32, 3)
    assert np.bincount(sample.y_train).tolist() == [150] * 10
    assert np.bincount(sample.y_test).tolist() == [30] * 10
    assert sample.labels[0] == "airplane" and len(sample.labels) == 10
