"""Sounds: wav files as the world writes them, a network that hears, and the kept one."""

import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from models import QUICK
from scipy.io import wavfile
from typer.testing import CliRunner

import labs
from labs import sound
from labs.errors import BadImage, BadModelFolder, BadSound, ExportError, LabsError
from labs.export.card import read_card, save_card

ROOT = Path(__file__).resolve().parent.parent
SPOKEN = ROOT / "saved_models" / "spoken"
RATE = 8_000


def tone(seconds=0.5, rate=RATE, strength=0.5, frequency=440):
    return strength * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def file(path, samples, rate=RATE):
    wavfile.write(path, rate, samples)
    return path


def sixteen(samples):
    return np.rint(samples * 32767).astype(np.int16)


@pytest.mark.parametrize(
    "form",
    [
        lambda x: np.rint(x * 127 + 128).astype(np.uint8),
        sixteen,
        lambda x: np.rint(x * 2147483000).astype(np.int32),
        lambda x: x.astype(np.float32),
        lambda x: x,
        lambda x: sixteen(np.stack([x, x], axis=1)),
    ],
)
def test_every_form_of_wav_is_the_same_sound(tmp_path, form):
    samples, rate = sound.read(file(tmp_path / "소리.wav", form(tone())))
    assert rate == RATE
    np.testing.assert_allclose(samples, tone(), atol=0.01)


def test_24_bits_are_read(tmp_path):
    with wave.open(str(tmp_path / "a.wav"), "wb") as written:
        written.setnchannels(1), written.setsampwidth(3), written.setframerate(RATE)
        written.writeframes(b"".join(struct.pack("<i", int(s * 8388607))[:3] for s in tone()))
    np.testing.assert_allclose(sound.read(tmp_path / "a.wav")[0], tone(), atol=1e-3)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000])
def test_other_rates_are_resampled(rate):
    heard = sound.fit(tone(0.5, rate), rate, RATE, RATE)
    assert heard.shape == (RATE,) and heard.dtype == np.float32
    strength = np.abs(np.fft.rfft(heard))
    assert abs(strength.argmax() - 440) <= 2  # a second: bins are hertz
    assert 0.4 * sound.FULL < np.abs(heard).max() < 0.6 * sound.FULL
    assert not heard[: RATE // 5].any() and not heard[-RATE // 5 :].any()  # it lies in the middle


def test_of_a_long_recording_the_spoken_second_is_taken():
    quiet = np.random.default_rng(0).normal(0, 0.003, 4 * RATE)
    quiet[20_000:24_000] += tone()
    heard = sound.fit(quiet, RATE, RATE, RATE)
    assert heard[2_200:5_800].std() > 5_000 and heard[:1_800].std() < 200 > heard[-1_800:].std()


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (tone(0.5, strength=0.001), "silent"),
        (np.zeros(RATE), "silent"),
        (np.clip(tone(strength=3), -1, 1), "clipped"),
        (tone(2.5), "speaks for 2.5 seconds, the network hears 1"),
    ],
)
def test_a_recording_without_one_word_is_one_sentence(samples, sentence):
    with pytest.raises(BadSound, match=sentence):
        sound.fit(samples, RATE, RATE, RATE)


def test_files_that_are_no_sound_are_one_sentence(tmp_path):
    whole = file(tmp_path / "a.wav", sixteen(tone())).read_bytes()
    for data, sentence in (
        (b"ID3\x04" + bytes(200), "MP3"),
        (b"\xff\xfb\x90\x00" + bytes(200), "MP3"),
        (b"", "no .wav"),
        (whole[:1000], "truncated"),
        (whole[:44], "truncated|no samples"),
        (whole[:20], "no whole .wav"),
        (whole[:24] + struct.pack("<II", 1, 2) + whole[32:], "claims 1 samples"),
    ):
        (tmp_path / "b.wav").write_bytes(data)
        with pytest.raises(BadSound, match=sentence):
            sound.read(tmp_path / "b.wav")
    with pytest.raises(BadSound, match="Cannot read"):
        sound.read(tmp_path / "nothing.wav")
    for array in (np.zeros(0), np.zeros((2, 2, 2)), np.array("x"), np.array([np.nan, 1.0]), np.full(9, 1e9)):
        with pytest.raises(BadSound):
            sound.prepare(array, {"preprocessing": {"rate": 8000}, "inputs": [{"shape": [None, 1, 8000, 1]}]})


def test_damaged_files_never_crash(tmp_path):
    whole = file(tmp_path / "a.wav", sixteen(tone())).read_bytes()
    random = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(random.integers(1, 4)):
            data[random.integers(60)] = random.integers(256)
        try:
            assert sound.decode(bytes(data[: random.integers(20, len(data) + 1)]))[0].ndim == 1
        except BadSound as error:
            assert "\n" not in str(error)


def hearing():
    """A small untrained network that hears a tenth of a second, spectrogram inside."""
    import keras

    keras.utils.set_random_seed(2)
    layers, ops = keras.layers, keras.ops
    inputs = keras.Input((1, 800, 1), name="input")
    x = layers.Conv2D(16, (1, 40), strides=(1, 20), use_bias=False)(layers.Rescaling(1 / 32768)(inputs))
    x = layers.Reshape((39, 16, 1))(ops.log(ops.square(x) + 1e-4))
    x = layers.Conv2D(4, 3, activation="relu")(x - ops.mean(x, axis=(1, 2), keepdims=True))
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    x = np.random.default_rng(1).integers(-3000, 3000, (4, 1, 800, 1)).astype(np.int16)
    path = tmp_path_factory.mktemp("hearing") / "model"
    return labs.export(hearing(), path, ["하나", "둘", "셋"], x, kind="probabilities", rate=RATE)


def test_a_network_that_hears_says_the_same_everywhere(folder, tmp_path):
    assert labs.check(folder, QUICK).ok
    path = file(tmp_path / "a.wav", sixteen(tone(0.09)))
    answers = {name: labs.predict(folder, path, runtime=name) for name in ("opencv_pb", "onnxruntime")}
    labels, shares = zip(*answers["onnxruntime"], strict=True)
    assert set(labels) == {"하나", "둘", "셋"} and sum(shares) == pytest.approx(1)
    assert dict(answers["opencv_pb"]) == pytest.approx(dict(answers["onnxruntime"]), abs=1e-4)
    assert labs.predict(folder, tone(0.09)) == pytest.approx(answers["opencv_pb"])
    with pytest.raises(BadSound, match=r"speaks for 0\.5 seconds, the network hears 0\.1"):
        labs.predict(folder, tone(0.5))
    with pytest.raises(BadImage, match="This network hears"):
        labs.preprocess.prepare(np.zeros((4, 4)), read_card(folder))


def test_a_card_that_claims_to_hear_is_looked_at(folder, tmp_path):
    import shutil

    claims = shutil.copytree(folder, tmp_path / "claims")
    card = read_card(folder)
    for rate in ("8000", 0, None, 10**9, True):
        save_card(claims, {**card, "preprocessing": {"rate": rate}})
        with pytest.raises(BadModelFolder, match="its rate"):
            read_card(claims)
    save_card(claims, {**card, "inputs": [{**card["inputs"][0], "shape": [None, 8, 800, 1]}]})
    with pytest.raises(BadModelFolder, match="takes sound, but not"):
        labs.predict(claims, tone())


def test_only_a_waveform_is_exported_with_a_rate(tmp_path):
    import keras

    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(ExportError, match="no network that hears"):
        labs.export(model, tmp_path / "model", x=np.zeros((2, 4, 4, 3), np.uint8), rate=RATE)
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("name", sorted((ROOT / "web" / "public" / "samples").glob("spoken_*.wav")))
def test_the_kept_network_says_the_digit(name):
    from labs.cli import app

    digit = name.stem.split("_")[1]
    assert labs.predict(SPOKEN, name)[0][0] == digit
    done = CliRunner().invoke(app, ["predict", str(SPOKEN), str(name), "--top", "1"])
    assert done.exit_code == 0 and done.output.split()[1] == digit


def test_the_kept_network_hears_other_forms_of_a_recording(tmp_path):
    from scipy.signal import resample_poly

    samples, _ = sound.read(ROOT / "web" / "public" / "samples" / "spoken_7_theo_3.wav")
    louder = np.stack([samples, samples], axis=1) * 8
    path = file(tmp_path / "seven.wav", resample_poly(louder, 441, 80).astype(np.float32), 44_100)
    assert labs.predict(SPOKEN, path)[0][0] == "7"


def test_the_command_says_what_is_wrong_with_a_recording(tmp_path):
    from labs.cli import app

    (tmp_path / "seven.mp3").write_bytes(b"ID3\x04" + bytes(500))
    done = CliRunner().invoke(app, ["predict", str(SPOKEN), str(tmp_path / "seven.mp3")])
    assert done.exit_code == 1 and isinstance(done.exception, LabsError) and "MP3" in str(done.exception)


def test_the_bundled_recordings(monkeypatch):
    monkeypatch.delenv("LABS_DATA", raising=False)
    data = labs.load("spoken_digits", "sample")
    assert data.x_train.shape == (180, 8000) and data.x_test.shape == (60, 8000)
    assert data.x_train.dtype == np.int16 and data.y_train.dtype == np.int64
    assert (
        np.bincount(data.y_test).tolist() == [6] * 10 and np.bincount(data.speakers_test).tolist() == [10] * 6
    )
    assert "recordings of 8000" in repr(data) and len(data.speakers) == 6
    theo = labs.load("spoken_digits", "sample", unseen="theo")
    assert set(theo.speakers_test) == {4} and 4 not in theo.speakers_train and len(theo.x_test) == 40
    with pytest.raises(LabsError, match="no speaker 'nobody': choose from george"):
        labs.load("spoken_digits", "sample", unseen="nobody")


def test_the_official_archive_becomes_a_folder(tmp_path, monkeypatch):
    import tarfile

    from labs.data import spoken_digits

    content = file(tmp_path / "a.wav", sixteen(tone())).read_bytes()
    archive = tmp_path / "fsdd.tar.gz"
    with tarfile.open(archive, "w:gz") as written:
        for name in ("recordings/3_theo_0.wav", "recordings/3_theo_9.wav", "../../7_theo_1.wav", "README.md"):
            entry = tarfile.TarInfo(f"free-spoken-digit-dataset-1.0.9/{name}")
            entry.size = len(content)
            written.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(spoken_digits, "_download", lambda *_: archive)
    folder = spoken_digits.download(tmp_path / "cache")
    names = {path.relative_to(tmp_path / "cache").as_posix() for path in folder.rglob("*.wav")}
    assert names == {f"fsdd/recordings/{name}.wav" for name in ("3_theo_0", "3_theo_9", "7_theo_1")}
    arrays = spoken_digits.read(folder)
    assert arrays[1].tolist() == [3] and sorted(arrays[3].tolist()) == [3, 7]
    (folder / "recordings" / "3_theo_9.wav").write_bytes(b"ID3")
    with pytest.raises(BadSound, match="3_theo_9"):
        spoken_digits.read(folder)
    with pytest.raises(LabsError, match="git clone"):
        spoken_digits.read(tmp_path / "elsewhere")
