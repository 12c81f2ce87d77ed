"""Faces that can draw Hangul: the bundled ones and the machine's own, handwriting apart from print."""

import csv
import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

from labs.errors import LabsError
from labs.files import bundled

# Words in a family's name that say the letters are written by hand (pen, brush, scribble ...).
HANDWRITING = re.compile(
    r"pen|brush|hand|script|pilgi|gungseo|nakseo|eunjin|yeonsung|kirang|melody|gaegu|"
    r"손글씨|손편지|펜|붓|필기|흘림|궁서|캘리",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Face:
    """One face: its file (and number within a .ttc), family, "print" or "handwriting", and its use.

    `use` is "train" or "test" for the bundled faces, so that a test never sees a trained face,
    and "" for the machine's own.
    """

    path: Path
    family: str
    kind: str
    use: str = ""
    index: int = 0


def bundled_faces(use=None, kind=None):
    """The faces shipped with `labs`, all complete for the 2,350 syllables.

    `use`: "train" or "test"; `kind`: "print" or "handwriting"; None for both.
    Example: `bundled_faces("test", "handwriting")`.
    """
    with open(bundled("fonts/faces.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    faces = [Face(bundled(f"fonts/{row['file']}"), row["family"], row["kind"], row["use"]) for row in rows]
    return [face for face in faces if use in (None, face.use) and kind in (None, face.kind)]


def machine_faces(syllables, folders=None):
    """The faces in `folders` (the system's font folders by default) that draw every syllable.

    Broken files and faces without all the glyphs are passed over. Faces of one family and
    style found twice are returned once.
    """
    found = {}
    for path in sorted(_font_files(folders)):
        for face in _faces_in(path):
            if (key := (face.family, face.path.stem.lower())) not in found and draws_all(face, syllables):
                found[key] = face
    return list(found.values())


def draws_all(face, syllables):
    """True when the face has a drawn glyph, not the .notdef box, for every syllable."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            cmap = font.getBestCmap() or {}
        names = [cmap.get(ord(syllable), ".notdef") for syllable in syllables]
        if ".notdef" in names:
            return False
        letter = open_face(face, 24)
        return all(letter.getmask(syllable).getbbox() for syllable in syllables)
    except (TTLibError, LabsError, OSError, KeyError, AssertionError, ValueError):
        return False


@functools.lru_cache(maxsize=64)
def open_face(face, size):
    """The face as a Pillow font of `size` pixels. Raises LabsError when it does not open."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(face.path), size, index=face.index)
    except OSError as error:
        raise LabsError(
            f"{face.path} is not a font that Pillow can open ({error}): remove it or replace it."
        ) from error


def _font_files(folders):
    if folders is None:
        from matplotlib import font_manager

        files = [Path(file) for file in font_manager.findSystemFonts()]
        if data := os.environ.get("LABS_DATA"):
            folders = [Path(data) / "fonts"]
        else:
            return files
    else:
        files = []
    suffixes = (".ttf", ".otf", ".ttc", ".woff2")
    for folder in folders:
        files += [file for file in Path(folder).rglob("*") if file.suffix.lower() in suffixes]
    return files


def _faces_in(path):
    """The faces of a file: one, or those of a collection."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        if path.suffix.lower() == ".ttc":
            with TTCollection(path, lazy=True) as collection:
                fonts = [font["name"].getBestFamilyName() for font in collection]
        else:
            with TTFont(path, lazy=True) as font:
                fonts = [font["name"].getBestFamilyName()]
    except (TTLibError, OSError, KeyError, AssertionError, ValueError):
        return []
    return [
        Face(
            path,
            family or path.stem,
            "handwriting" if HANDWRITING.search(f"{family} {path.stem}") else "print",
            index=index,
        )
        for index, family in enumerate(fonts)
    ]
