"""Cats vs dogs: hostile photo files, the archive, the clean cache, balanced subsets, the stand-in."""

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

import labs
from labs.data import cats_vs_dogs, photos
from labs.errors import BadImage, DataUnavailable, LabsError


@pytest.fixture(autouse=True)
def empty_machine(tmp_path, monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(cats_vs_dogs, "URL", "http://127.0.0.1:9/pets.zip")  # port 9: connection refused


def picture(seed=0, width=60, height=40):
    """Left half red, right half blue, with a little noise: a turn or a swap of channels shows."""
    pixels = np.zeros((height, width, 3), "uint8")
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 220
    return Image.fromarray(pixels + np.random.default_rng(seed).integers(0, 20, pixels.shape, dtype="uint8"))


def encoded(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bomb():
    """A PNG of some bytes that claims 20,000 x 20,000 pixels."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    return encoded(picture(), exif=exif)


def animated():
    others = [Image.new("RGB", (60, 40), "green")] * 2
    return encoded(picture(), "GIF", save_all=True, append_images=others)


GREY16 = Image.fromarray((np.linspace(0, 65535, 60 * 40).reshape(40, 60)).astype("uint16"))
TRUNCATED = encoded(picture(width=300, height=200), quality=95)[:9000]
DECODED = {
    "plain": encoded(picture()),
    "PNG named .jpg": encoded(picture(), "PNG"),
    "CMYK": encoded(picture().convert("CMYK")),
    "animated GIF": animated(),
    "palette": encoded(picture().quantize(), "PNG"),
    "WebP": encoded(picture(), "WEBP", lossless=True),
    "BMP": encoded(picture(), "BMP"),
    "transparent": encoded(picture().convert("RGBA"), "PNG"),
}
REFUSED = {
    "empty": (b"", "the file is empty"),
    "truncated": (TRUNCATED, "truncated"),
    "head only": (TRUNCATED[:30], "."),
    "bomb": (bomb(), "20000 x 20000 pixels are too many|decompression bomb"),
    "text": (b"<html>404</html>", "no picture of a known format"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture of a known format"),
    "damaged": (encoded(picture(), "PNG").replace(b"IDAT", b"IDAX"), "."),
}


@pytest.mark.parametrize("kind", DECODED)
def test_odd_but_whole_pictures_are_used_rightly(kind):
    pixels = photos.decode(DECODED[kind])
    assert pixels.shape == (40, 60, 3) and pixels.dtype == np.uint8
    left, right = pixels[:, 5:20].mean((0, 1)), pixels[:, -20:-5].mean((0, 1))
    assert left[0] > 150 > left[2] and right[2] > 150 > right[0]


def test_a_phone_s_rotation_is_honoured():
    pixels = photos.decode(turned())
    assert pixels.shape == (60, 40, 3)
    assert pixels[:20].mean((0, 1))[0] > 150, "the left side, red, comes to the top"


def test_sixteen_bits_are_scaled_not_clipped():
    pixels = photos.decode(encoded(GREY16, "PNG"))
    assert pixels.shape == (40, 60, 3) and pixels[0, 0].max() == 0 and pixels[-1, -1].min() == 255
    assert 120 < pixels[20].mean() < 136


@pytest.mark.parametrize("kind", REFUSED)
def test_bad_files_are_one_short_reason(kind):
    content, reason = REFUSED[kind]
    with pytest.raises(BadImage, match=reason) as caught:
        photos.decode(content)
    assert "\n" not in str(caught.value)


def write_folder(folder, count=3):
    for part in ("train", "test"):
        for label in ("cat", "dog"):
            (folder / part / label).mkdir(parents=True)
            for number in range(count):
                content = encoded(picture(number, width=300, height=200))
                (folder / part / label / f"{label}.{number}.jpg").write_bytes(content)
    return folder


@pytest.fixture
def stick(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "stick" / "cats_vs_dogs")
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "stick"))
    return folder


def test_a_folder_full_of_surprises(stick, capsys):
    cats = stick / "train" / "cat"
    for name, (content, _) in REFUSED.items():
        (cats / f"{name}.jpg").write_bytes(content)
    for name, content in DECODED.items():
        (cats / f"{name}.jpg").write_bytes(content)
    (cats / "한글.jpg").write_bytes(encoded(picture()))
    (cats / "rotated.jpg").write_bytes(turned())
    (cats / "16.png").write_bytes(encoded(GREY16, "PNG"))
    (stick / "notes.txt").write_text("no photo's place", encoding="utf-8")
    expected = {f"train/cat/{name}.jpg" for name in REFUSED}
    if os.name == "posix":
        (cats / "loop").symlink_to(cats)
        (cats / "circle.jpg").symlink_to(cats / "circle.jpg")
        os.mkfifo(cats / "pipe.jpg")
        (cats / os.fsdecode(b"\xff.jpg")).write_bytes(b"")
        expected |= {f"train/cat/{name}" for name in ("loop", "circle.jpg", "pipe.jpg", "\\udcff.jpg")}

    dataset = labs.load("cats_vs_dogs", side=32)
    report = cats_vs_dogs.report()
    assert set(report["dropped"]) == expected
    assert "한글.jpg: " not in capsys.readouterr().out
    good = [facts["from"] for facts in report["photos"].values() if facts["from"].startswith("train/cat")]
    assert len(good) == 3 + len(DECODED) + 3 and "train/cat/한글.jpg" in good
    assert report["dropped"]["train/cat/truncated.jpg"] == "truncated"
    assert np.bincount(dataset.y_train).tolist() == [3, 3], "as many cats as dogs"


def test_each_file_is_decoded_once(stick, monkeypatch):
    first = labs.load("cats_vs_dogs", side=32)
    monkeypatch.setattr(photos, "clean", None)
    again = labs.load("cats_vs_dogs", side=32)
    assert np.array_equal(first.x_train, again.x_train) and first.source == "Cats vs dogs (LABS_DATA)"
    clean = next((stick.parent.parent / "cache" / "datasets").iterdir())
    with Image.open(clean / "train" / "cat" / "00001.jpg") as small:
        assert small.size == (256, 171)


def test_a_changed_folder_is_cleaned_anew(stick):
    assert len(labs.load("cats_vs_dogs", side=32).x_test) == 6
    (stick / "test" / "dog" / "dog.0.jpg").unlink()
    assert len(labs.load("cats_vs_dogs", side=32).x_test) == 4


def test_subsets_are_balanced_seeded_and_of_the_size_asked_for(stick):
    one, two, other = (labs.load("cats_vs_dogs", side=24, train=4, test=2, seed=seed) for seed in (1, 1, 2))
    assert one.x_train.shape == (4, 24, 24, 3) and np.bincount(one.y_train).tolist() == [2, 2]
    assert np.array_equal(one.x_train, two.x_train) and not np.array_equal(one.x_train, other.x_train)


def test_a_folder_without_dogs_is_told(tmp_path, monkeypatch):
    (tmp_path / "cats_vs_dogs" / "train" / "cat").mkdir(parents=True)
    monkeypatch.setenv("LABS_DATA", str(tmp_path))
    with pytest.raises(LabsError, match="no good photos in train/cat or train/dog"):
        labs.load("cats_vs_dogs")


def test_a_clean_photo_that_was_damaged_is_named(stick):
    labs.load("cats_vs_dogs", side=32)
    clean = next((stick.parent.parent / "cache" / "datasets").iterdir())
    (clean / "train" / "dog" / "00002.jpg").write_bytes(TRUNCATED)
    with pytest.raises(LabsError, match=r"00002\.jpg was clean and is not any more \(truncated\)"):
        labs.load("cats_vs_dogs", side=32)


def archive(**more):
    """Microsoft's archive in small: ten photos of each kind, a broken one, Thumbs.db, hostile names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for label in ("Cat", "Dog"):
            for number in range(10):
                made.writestr(f"PetImages/{label}/{number}.jpg", encoded(picture(number)))
            made.writestr(f"PetImages/{label}/Thumbs.db", b"no photo")
        made.writestr("PetImages/Cat/666.jpg", b"")
        for name in ("../../evil.jpg", "/tmp/evil.jpg", "PetImages/Cat/../../../evil.jpg", "readme.txt"):
            made.writestr(name, encoded(picture()))
    return file.getvalue()


def test_the_archive_becomes_clean_photos_and_nothing_else(tmp_path, monkeypatch, httpserver):
    body = archive()
    httpserver.expect_oneshot_request("/pets.zip").respond_with_data(body)
    monkeypatch.setattr(cats_vs_dogs, "URL", httpserver.url_for("/pets.zip"))
    monkeypatch.setattr(cats_vs_dogs, "SHA256", hashlib.sha256(body).hexdigest())
    dataset = labs.load("cats_vs_dogs", side=32)
    assert len(dataset.x_train) == 16 and len(dataset.x_test) == 4
    assert cats_vs_dogs.report()["dropped"] == {"PetImages/Cat/666.jpg": "the file is empty"}
    assert not list(tmp_path.rglob("evil*")) and not list(tmp_path.rglob("*.zip"))

    (path,) = labs.fetch(["cats_vs_dogs"], tmp_path / "usb")  # the server would not answer twice
    written = (path / photos.REPORT).stat().st_mtime_ns
    labs.fetch(["cats_vs_dogs"], tmp_path / "usb")
    assert (path / photos.REPORT).stat().st_mtime_ns == written
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "usb"))
    monkeypatch.setattr(photos, "clean", None)  # what labs has cleaned is not cleaned again
    on_stick = labs.load("cats_vs_dogs", side=32)
    assert np.array_equal(on_stick.x_train, dataset.x_train) and "LABS_DATA" in on_stick.source


def test_without_network_the_ways_out_are_named():
    with pytest.raises(DataUnavailable, match=r"LABS_DATA.*labs fetch.*sample"):
        labs.load("cats_vs_dogs")


def test_a_damaged_entry_is_listed(tmp_path):
    body = bytearray(archive())
    body[80:120] = bytes(40)
    (tmp_path / "a.zip").write_bytes(body)
    report = photos.clean(photos.archive_files(tmp_path / "a.zip"), tmp_path / "clean", lambda name: "all")
    assert report["dropped"]["PetImages/Cat/0.jpg"].startswith("cannot be unpacked")
    with pytest.raises(LabsError, match=r"no whole \.zip"):
        list(photos.archive_files(__file__))


def test_the_stand_in_says_what_it_is():
    sample = labs.load("cats_vs_dogs", "sample", side=64)
    assert "stand-in" in sample.source and sample.labels == ("cat", "dog")
    assert len(np.unique(np.bincount(sample.y_train))) == 1 and len(sample.x_train) >= 300
    assert len(sample.x_test) >= 100
    report = cats_vs_dogs.report("sample")
    makers = {}
    for path, facts in report["photos"].items():
        makers.setdefault(path.split("/")[0], set()).add(facts["from"].split(":")[0])
    assert makers["train"] and makers["test"] and not makers["train"] & makers["test"], "split by maker"
    assert json.dumps(report)
