"""Photo files as they come from the world: each is decoded once, and used rightly or listed with the reason."""

import io
import json
import os
import warnings
import zipfile
from pathlib import Path

import numpy as np

from labs.errors import BadImage, LabsError
from labs.files import whole_folder
from labs.preprocess import LARGEST

REPORT = "report.json"  # in a clean folder: what each photo was, and what was left out
LONGEST_SIDE = 256  # pixels of a clean photo
LARGEST_FILE = 50_000_000  # bytes
# Of Pillow's many formats only those that cameras, phones and the web write: others start programs (EPS) or are rare.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")


def decode(content):
    """The pixels of a picture file's bytes as a person sees them: uint8 (height, width, 3), RGB.

    A phone's rotation (EXIF) is honoured, CMYK and 16 bits become RGB of 8 bits, transparent parts
    become white, of an animation the first picture is taken. What is truncated, no picture or of
    more than 100 megapixels raises BadImage, whose message is the reason in a few words; the size
    is read before any pixel is unpacked.

    Example: `decode(Path("cat.jpg").read_bytes()).shape` is `(375, 500, 3)`.
    """
    from PIL import Image, ImageOps

    if not content:
        raise BadImage("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on a damaged file
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST:
                    raise BadImage(f"{picture.width} x {picture.height} pixels are too many")
                return np.asarray(_rgb(ImageOps.exif_transpose(picture)))
    except Image.DecompressionBombError:
        raise BadImage("its size is that of a decompression bomb") from None
    except Image.UnidentifiedImageError:
        raise BadImage("no picture of a known format") from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, MemoryError, ZeroDivisionError) as error:
        raise BadImage("truncated" if "truncated" in str(error) else f"damaged ({error})") from None


def _rgb(picture):
    from PIL import Image

    if picture.mode.startswith(("I", "F")):  # 16 bits of grey, which Pillow's convert would clip at 255
        grey = np.asarray(picture).astype("float32") / 257
        return Image.fromarray(np.rint(grey.clip(0, 255)).astype("uint8")).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def folder_files(folder):
    """(name, read) of every file below `folder`, in order; `read()` gives its bytes or raises BadImage.

    Links to folders are not followed, so that a loop of links ends; they are listed like files.
    """
    folder = Path(folder)
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        for name in sorted([*files, *links]):
            path = Path(place, name)
            yield path.relative_to(folder).as_posix(), lambda path=path: read_file(path)


def read_file(path):
    """The bytes of a file of at most 50 MB, or BadImage, whose message is the reason in a few words."""
    path = Path(path)
    try:
        if path.is_dir():
            raise BadImage("a link to a folder")
        if not path.is_file():
            raise BadImage("no ordinary file")
        if path.stat().st_size > LARGEST_FILE:
            raise BadImage("the file is larger than 50 MB")
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        raise BadImage(f"cannot be read ({getattr(error, 'strerror', None) or error})") from None


def archive_files(path):
    """(name, read) of every file in a .zip, in order. Nothing is unpacked to the disk, so no name can lead astray."""
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, lambda entry=entry: _read_entry(archive, entry)
    except (zipfile.BadZipFile, OSError) as error:
        raise LabsError(f"{path} is no whole .zip file ({error}): remove it and try again.") from error


def _read_entry(archive, entry):
    try:
        with archive.open(entry) as file:
            content = file.read(LARGEST_FILE + 1)  # whatever size the archive claims
    except (
        zipfile.BadZipFile,
        zipfile.zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise BadImage(f"cannot be unpacked ({error})") from None
    if len(content) > LARGEST_FILE:
        raise BadImage("the file is larger than 50 MB")
    return content


def clean(files, folder, place, title="photos"):
    """Decode every file once and write the good ones as small JPEGs into `folder`, with a report.

    files: (name, read) as folder_files and archive_files give them. place: a function from a name to
    the subfolder its photo goes to ("train/cat"), or None for what is no concern of ours. Photos are
    numbered in each subfolder and have at most 256 pixels a side. `folder` appears whole or not at all.

    Returns the report: {"photos": {path: {"from", "width", "height"}}, "dropped": {name: reason}}.

    Example: `clean(folder_files("inbox"), "clean", lambda name: "all")["dropped"]`.
    """
    from PIL import Image
    from tqdm import tqdm

    report = {"photos": {}, "dropped": {}}
    counts = {}
    with whole_folder(folder) as partial:
        for name, read in tqdm(files, desc=f"{title}: decoding", unit=" files", mininterval=1):
            where = place(name)
            if where is None:
                continue
            try:
                pixels = decode(read())
            except BadImage as reason:
                report["dropped"][printable(name)] = str(reason)
                continue
            counts[where] = counts.get(where, 0) + 1
            path = partial / where / f"{counts[where]:05}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            photo = Image.fromarray(pixels)
            photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            photo.save(path, "JPEG", quality=95)
            facts = {"from": printable(name), "width": pixels.shape[1], "height": pixels.shape[0]}
            report["photos"][path.relative_to(partial).as_posix()] = facts
        text = json.dumps(report, ensure_ascii=False, indent=0)
        (partial / REPORT).write_text(text, encoding="utf-8")
    return report


def printable(name):
    """A file name that any program can print: bytes that are no letters are spelt out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_report(folder):
    """The report of a clean folder, or None when `folder` is not one."""
    try:
        report = json.loads((Path(folder) / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(report, dict) and isinstance(report.get("photos"), dict) and "dropped" in report
    return report if whole else None
