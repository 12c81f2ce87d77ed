"""Free Spoken Digit Dataset: "zero" to "nine" said by six people, 8,000 samples a second (Zohar Jackson and others, 2016 to 2020; CC BY-SA 4.0)."""

import re
import tarfile
import zipfile
from pathlib import Path

import numpy as np

from labs import sound
from labs.data.download import download as _download
from labs.errors import BadSound, LabsError
from labs.files import bundled, whole_folder

TITLE = "Free Spoken Digit Dataset"
LABELS = tuple("0123456789")
SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
RATE, LENGTH = 8_000, 8_000  # samples a second; samples of a recording: one second
FILE = "fsdd"  # its folder in LABS_DATA and in the cache: recordings/DIGIT_SPEAKER_NUMBER.wav
ADDRESS = "https://github.com/Jakobovski/free-spoken-digit-dataset"
# The release whose hash TensorFlow Datasets publishes: five of the six speakers. `git clone` brings the sixth.
URL = f"{ADDRESS}/archive/v1.0.9.tar.gz"
SHA256 = "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0"
SAMPLE = "Free Spoken Digit Dataset: 240 recordings bundled with labs (CC BY-SA 4.0)"
_TEST = range(5)  # numbers of the official test part
_NAME = re.compile(rf"(?:.*/)?(\d)_({'|'.join(SPEAKERS)})_(\d{{1,2}})\.wav")


def download(folder):
    """The folder of recordings in `folder`, from the official archive (12 MB) when it is not there."""
    target = folder / FILE
    if not target.is_dir():
        archive = _download(URL, folder / "fsdd-1.0.9.tar.gz", SHA256, TITLE)
        with whole_folder(target) as partial, tarfile.open(archive) as file:
            (partial / "recordings").mkdir()
            for member in file:
                found = _NAME.fullmatch(member.name)
                if found and member.isfile():
                    place = partial / "recordings" / Path(member.name).name
                    place.write_bytes(file.extractfile(member).read())
        archive.unlink()
    return target


def read(path, unseen=None):
    """x_train, y_train, x_test, y_test, speakers_train, speakers_test of a folder or .zip of recordings.

    x: int16 (recordings, 8000), the speech in the middle, zeros around it; of 18 longer recordings the second with the speech.
    y: int64 digits. speakers: int64, numbers into SPEAKERS. To test: the official part, recordings 0 to 4 of each
    speaker and digit; with unseen="theo" all of that speaker's, and none of them to train on.

    Example: `labs.load("spoken_digits", unseen="theo").x_test.shape`.
    """
    if unseen is not None and unseen not in SPEAKERS:
        raise LabsError(f"There is no speaker {unseen!r}: choose from {', '.join(SPEAKERS)}.")
    rows = [(int(f[1]), SPEAKERS.index(f[2]), int(f[3]), content) for f, content in _files(path)]
    if not rows:
        raise LabsError(f"{path} has no recordings DIGIT_SPEAKER_NUMBER.wav: `git clone {ADDRESS}` has them.")
    sounds = np.stack([_second(*row) for row in rows])
    digits, speakers, numbers = np.array([row[:3] for row in rows], np.int64).T
    test = speakers == SPEAKERS.index(unseen) if unseen else np.isin(numbers, _TEST)
    if test.all() or not test.any():
        raise LabsError(f"{path} has nothing to train on, or nothing to test: take the whole set.")
    parts = [(sounds[rows], digits[rows], speakers[rows]) for rows in (~test, test)]
    return *parts[0][:2], *parts[1][:2], parts[0][2], parts[1][2]


def sample(unseen=None):
    """The bundled recordings, three to train on and one to test of each speaker and digit, and what to call them."""
    return read(bundled("fsdd_sample.zip"), unseen), SAMPLE


def _files(path):
    """(what the name says, bytes) of each recording, in an order that is the same on every system."""
    path = Path(path)
    try:
        if path.is_file():
            with zipfile.ZipFile(path) as archive:
                named = [(_NAME.fullmatch(name), name) for name in sorted(archive.namelist())]
                return [(found, archive.read(name)) for found, name in named if found]
        folder = path / "recordings" if (path / "recordings").is_dir() else path
        named = [(_NAME.fullmatch(file.name), file) for file in sorted(folder.glob("*.wav"))]
        return [(found, file.read_bytes()) for found, file in named if found]
    except (zipfile.BadZipFile, OSError) as error:
        raise LabsError(f"{path} cannot be read ({error}): remove it and try again.") from error


def _second(digit, speaker, number, content):
    name = f"{digit}_{SPEAKERS[speaker]}_{number}.wav"
    samples, rate = sound.decode(content, name)
    if rate != RATE:
        raise BadSound(f"{name} has {rate} samples a second, not {RATE}: take the authors' file.")
    return np.rint(sound.middle(samples, rate, LENGTH) * 32768).astype(np.int16)
