"""From a recording to what a network that hears takes: one channel, its sample rate, 16-bit samples, one second. And the same, said otherwise.

A sample stays a raw number, -32768..32767, as a pixel stays 0..255: scaling is the network's own affair.
"""

import io
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np

from labs.errors import BadSound

FULL = 32767  # the loudest 16-bit sample
LARGEST = 50_000_000  # bytes of a file
RATES = (2_000, 400_000)  # samples a second that a recorder may have
SILENT = 100 / FULL  # a recording whose loudest sample is less has nobody in it
CLIPPED = 0.01  # share of samples at full scale
FRAME = 0.01  # seconds
QUIET = 0.1  # of the loudest frame's strength: what is less is no speech


def prepare(sound, card):
    """The input of a network that hears: float32 (1, 1, samples, 1), -32768..32767.

    sound: the path of a .wav, or an array (samples,) or (samples, channels) at the network's rate: whole numbers of 16 bits, or -1..1.
    Raises BadSound.
    """
    rate, length = card["preprocessing"]["rate"], card["inputs"][0]["shape"][2]
    if isinstance(sound, str | Path):
        samples, own_rate = read(sound)
    else:
        samples, own_rate = _mono(np.asarray(sound), "The array"), rate
    return fit(samples, own_rate, rate, length).reshape(1, 1, length, 1)


def fit(samples, own_rate, rate, length):
    """`length` samples at `rate`, -32768..32767, float32: the spoken part in the middle, silence around it.

    samples: float (n,), -1..1, at own_rate. Raises BadSound where nobody speaks, it is clipped, or speech lasts longer.

    Example: `fit(*labs.sound.read("seven.wav"), rate=8000, length=8000)`.
    """
    loudest = np.abs(samples).max(initial=0)
    if loudest < SILENT:
        raise BadSound("The recording is silent: speak nearer to the microphone, or look whether it is on.")
    if (np.abs(samples) > 0.999).mean() > CLIPPED:
        raise BadSound("The recording is clipped (too loud): record it again, further from the microphone.")
    if own_rate != rate:
        from scipy.signal import resample_poly

        ratio = Fraction(rate, own_rate).limit_denominator(2000)
        samples = resample_poly(samples, ratio.numerator, ratio.denominator)
    first, end = spoken(samples, rate)
    if end - first > length:
        raise BadSound(
            f"Somebody speaks for {(end - first) / rate:.1f} seconds, the network hears {length / rate:g}: "
            "record one word alone."
        )
    return np.clip(np.rint(middle(samples, rate, length) * FULL), -FULL - 1, FULL).astype(np.float32)


def spoken(samples, rate):
    """Where speech begins and ends, in samples: from the first to the last frame with a tenth of the loudest one's strength."""
    size = max(1, round(FRAME * rate))
    count = -(-len(samples) // size)
    frames = np.zeros(count * size)
    frames[: len(samples)] = samples
    strength = np.sqrt((frames.reshape(count, size) ** 2).mean(axis=1))
    noise = min(3 * np.percentile(strength, 10, method="lower"), 0.3 * strength.max())  # of the room
    loud = np.flatnonzero(strength >= max(QUIET * strength.max(), noise))
    return loud[0] * size, min((loud[-1] + 1) * size, len(samples))


def middle(samples, rate, length):
    """`length` samples: all of them with zeros on both sides, or, of a longer recording, those around its spoken part."""
    if len(samples) > length:
        start = sum(spoken(samples, rate)) // 2 - length // 2
        start = min(max(start, 0), len(samples) - length)
        return samples[start : start + length]
    before = (length - len(samples)) // 2
    return np.pad(samples, (before, length - len(samples) - before))


def said_otherwise(sounds, random):
    """Each recording at another speed (0.8 to 1.25), place and loudness, with noise: float32 (n, samples), 16-bit numbers.

    sounds: int16 (n, samples), zeros where nobody speaks. Lab 16c writes it out.
    """
    length = sounds.shape[1]
    out = np.zeros((len(sounds), length), np.float32)
    for recording, row in zip(sounds, out, strict=True):
        said = recording[slice(*np.flatnonzero(recording)[[0, -1]])]
        speed = np.exp(random.uniform(*np.log([0.8, 1.25])))
        said = np.interp(np.arange(0, len(said) - 1, speed), np.arange(len(said)), said)[:length]
        start = random.integers(0, length - len(said) + 1)
        row[start : start + len(said)] = said
    loud = 1600 * np.exp(random.uniform(-2.5, 1, (len(out), 1)).astype("float32"))
    out *= loud / out.std(axis=1, keepdims=True)
    noise = loud * 10 ** (-random.uniform(10, 40, loud.shape).astype("float32") / 20)
    return np.clip(out + noise * random.standard_normal(out.shape, "float32"), -32768, 32767)


def masked(maps, random):
    """Spectrograms, in place: frequencies stretched and coloured, two strips of time and two of frequency blanked.

    maps: float32 (n, frames, bands, 1), logarithms. Source: SpecAugment, Park et al., 2019. Lab 16c writes it out.
    """
    frames, count = maps.shape[1:3]
    bands = np.arange(count)
    for spectrogram in maps[..., 0]:
        place = np.minimum(bands * np.exp(random.uniform(-0.15, 0.15)), count - 1)
        low, part = place.astype(int), place % 1
        stretched = spectrogram[:, low] * (1 - part) + spectrogram[:, np.minimum(low + 1, count - 1)] * part
        spectrogram[:] = stretched + np.interp(bands, np.linspace(0, count - 1, 5), random.normal(0, 1, 5))
        mean = spectrogram.mean()
        for _ in range(2):
            width, high = random.integers(0, 7), random.integers(0, 10)
            start, first = random.integers(0, count - width), random.integers(0, frames - high)
            spectrogram[:, start : start + width] = mean
            spectrogram[first : first + high] = mean
    return maps


def read(path):
    """The samples of a .wav file, channels mixed, float64 (n,), -1..1, and how many there are a second. Raises BadSound.

    Example: `samples, rate = labs.sound.read("seven.wav")`.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise BadSound(f"{path} has more than {LARGEST // 10**6} MB: give one short recording.")
        return decode(path.read_bytes(), path)
    except OSError as error:
        raise BadSound(f"Cannot read {path}: {error.strerror}; give the path of a .wav file.") from error


def decode(data, name="The recording"):
    """What read() gives, of a file's bytes; `name` is for the sentences."""
    from scipy.io import wavfile

    if data[:4] not in (b"RIFF", b"RIFX", b"RF64") or data[8:12] != b"WAVE":
        raise BadSound(f"{name} is no .wav file (MP3, M4A and others are not read): save it as WAV.")
    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            rate, samples = wavfile.read(io.BytesIO(data))  # of bytes: no header takes more than there are
    except Exception as error:  # scipy raises ValueError, struct.error and others
        raise BadSound(
            f"{name} is no whole .wav file that scipy reads: copy it again, or save it as 16-bit PCM."
        ) from error
    if any("EOF" in str(remark.message) for remark in remarks):
        raise BadSound(f"{name} is truncated: copy it again, all of it.")
    if not RATES[0] <= rate <= RATES[1]:
        raise BadSound(f"{name} claims {rate:,} samples a second: record it with 8,000 to 48,000.")
    return _mono(samples, name), int(rate)


def _mono(samples, name):
    """The mean of the channels, float64 (n,), -1..1."""
    if samples.ndim not in (1, 2) or not samples.size or samples.dtype.kind not in "iuf":
        raise BadSound(f"{name} has no samples: give (samples,) or (samples, channels) numbers.")
    if samples.dtype == np.uint8:  # of 8 bits: 128 is silence
        samples = samples / 128 - 1
    elif samples.dtype.kind in "iu":
        samples = samples / -float(np.iinfo(samples.dtype).min or -FULL)
    samples = np.asarray(samples, np.float64).reshape(len(samples), -1).mean(axis=1)
    if not (np.isfinite(samples).all() and np.abs(samples).max() <= 8):
        raise BadSound(f"{name} has samples that are no numbers from -1 to 1: save it as 16-bit PCM.")
    return samples
