"""predict() and the way of a picture into a network."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from models import LABELS, exported, pictures

import labs
from labs.errors import BadImage, BadModelFolder, LabsError
from labs.files import bundled
from labs.kinds.probabilities import ranked
from labs.preprocess import decode, prepare

GREY = {"name": "g", "preprocessing": {"color": "grey"}, "inputs": [{"shape": [None, 12, 12, 1]}]}
RGB = {"name": "c", "preprocessing": {"color": "rgb"}, "inputs": [{"shape": [None, None, None, 3]}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("models") / "small")


def write(path, pixels):
    """Write BGR pixels with OpenCV, also where the path is Korean and the system Windows."""
    done, data = cv2.imencode(path.suffix, pixels)
    assert done
    data.tofile(path)
    return path


def test_predict_says_what_keras_says(folder, tmp_path):
    picture = pictures()[2]
    path = write(tmp_path / "손글씨 숫자.png", picture)
    with np.load(folder / "golden.npz") as golden:
        expected = ranked(golden["y"][2], LABELS)
    for image in (path, str(path), picture, picture[..., 0]):
        answer = labs.predict(folder, image, runtime="onnxruntime", top=3)
        assert [label for label, _ in answer] == [label for label, _ in expected[:3]]
        assert answer[0][1] == pytest.approx(expected[0][1], rel=1e-4)
    assert labs.predict(folder, path)[0][0] == expected[0][0]  # OpenCV's .pb


def test_bad_input_is_one_sentence(folder, tmp_path):
    with pytest.raises(LabsError, match="choose from"):
        labs.predict(folder, pictures()[0], runtime="caffe")
    with pytest.raises(BadModelFolder):
        labs.predict(tmp_path / "nothing", pictures()[0])
    with pytest.raises(BadImage, match="Cannot read"):
        labs.predict(folder, tmp_path / "nothing.png")


def test_a_runtime_whose_file_was_left_out_is_named_with_those_that_can(tmp_path):
    picture = write(tmp_path / "grey.png", np.full((9, 9, 3), 128, np.uint8))
    kept = bundled("README.md").parent.parent / "saved_models" / "cats_vs_dogs"
    with pytest.raises(LabsError, match=r"\.pb in OpenCV reads.*tfjs_wasm"):
        labs.predict(kept, picture, runtime="opencv_pb")


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_does_not_decode_is_refused(tmp_path, data):
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(BadImage, match=r"x\.png"):
        decode(path)


def test_damaged_pictures_never_crash(tmp_path):
    random = np.random.default_rng(0)
    for suffix in (".png", ".jpg", ".bmp", ".tiff"):
        whole = write(tmp_path / f"a{suffix}", pictures(1)[0].repeat(3, axis=2)).read_bytes()
        for _ in range(30):
            data = bytearray(whole)
            data[random.integers(len(data))] ^= 1 << random.integers(8)
            (tmp_path / f"a{suffix}").write_bytes(data[: random.integers(1, len(data) + 1)])
            try:
                assert decode(tmp_path / f"a{suffix}").shape[2] == 3
            except BadImage as error:
                assert "\n" not in str(error)


def test_a_small_file_that_claims_to_be_huge_is_refused(tmp_path):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    (tmp_path / "bomb.png").write_bytes(png)
    with pytest.raises(BadImage, match="shrink it below"):
        decode(tmp_path / "bomb.png")


def test_colours_come_as_rgb(tmp_path):
    blue_green_red = np.full((4, 4, 3), (10, 20, 30), np.uint8)
    assert decode(write(tmp_path / "a.png", blue_green_red))[0, 0].tolist() == [30, 20, 10]
    grey = np.full((4, 4), 77, np.uint8)
    assert decode(write(tmp_path / "b.png", grey))[0, 0].tolist() == [77, 77, 77]
    deep = np.full((4, 4, 3), 40_000, np.uint16)
    assert abs(int(decode(write(tmp_path / "c.png", deep))[0, 0, 0]) - 40_000 / 257) <= 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_transparency_becomes_white_paper(tmp_path, dtype):
    full = np.iinfo(dtype).max
    pixels = np.zeros((2, 2, 4), dtype)
    pixels[0] = (0, 0, full, full)  # opaque red, as BGRA
    assert decode(write(tmp_path / "a.png", pixels))[:, 0].tolist() == [[255, 0, 0], [255, 255, 255]]


def test_a_phones_rotation_is_honoured(tmp_path):
    from PIL import Image

    picture = Image.fromarray(np.zeros((10, 30, 3), np.uint8))
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    picture.save(tmp_path / "phone.jpg", exif=exif)
    assert decode(tmp_path / "phone.jpg").shape == (30, 10, 3)


def test_prepare_fits_the_network(tmp_path):
    assert prepare(np.zeros((40, 30, 3), np.uint8), GREY).shape == (1, 12, 12, 1)
    assert prepare(np.zeros((5, 5), np.uint8), GREY).shape == (1, 12, 12, 1)
    rgb = prepare(np.full((6, 7), 9, np.uint8), RGB)
    assert rgb.shape == (1, 6, 7, 3) and rgb.dtype == np.float32 and (rgb == 9).all()
    same = pictures(1)[0]
    assert np.array_equal(prepare(same, GREY)[0], same)  # no change of polarity or scale
    assert prepare(same / 1.0, GREY).max() <= 255


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2, 4)),
        np.zeros(5),
        np.zeros((0, 3)),
        np.full((4, 4), np.nan),
        np.full((4, 4), 300.0),
        np.array("x"),
    ],
)
def test_an_array_that_is_no_picture_is_refused(array):
    with pytest.raises(BadImage):
        prepare(array, GREY)


def test_a_network_without_picture_input_is_named():
    for shape in ([None, 7], [None, 4, 4, 2], [None, 1 << 20, 1 << 10, 1]):
        with pytest.raises(BadImage, match="does not take one picture"):
            prepare(np.zeros((4, 4)), {"preprocessing": {}, "inputs": [{"shape": shape}]})
    with pytest.raises(BadImage, match="does not take one picture"):
        prepare(np.zeros((4, 4)), {**GREY, "preprocessing": None})


def test_ranking():
    assert ranked([0.1, 0.7, 0.2], "abc") == [("b", 0.7), ("c", 0.2), ("a", 0.1)]
    assert ranked([0.8], ["cat", "dog"]) == [("dog", 0.8), ("cat", pytest.approx(0.2))]
    with pytest.raises(LabsError, match="no classifier"):
        ranked([0.5, 0.5], "abc")
    with pytest.raises(LabsError, match="no numbers"):
        ranked([np.nan, 1], "ab")
