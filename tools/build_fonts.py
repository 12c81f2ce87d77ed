"""Makes the bundled Korean faces in data/fonts/ from their openly licensed originals.

Each face is cut down to the 2,350 syllables of KS X 1001, the jamo, ASCII and a little punctuation,
loses its hinting, and gets a new name: the Open Font License keeps the original names for the
unmodified fonts. The originals come from Debian and npm packages, whose SHA-256 stand below.

    python tools/build_fonts.py [NAME ...]      # needs apt-get and npm; all faces without a NAME
"""

import csv
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

sys.path.insert(0, str(Path(__file__).resolve().parent))
from font_sources import FACES, PACKAGES

from labs.files import sha256, whole_file

FOLDER = Path(__file__).resolve().parent.parent / "data" / "fonts"
PUNCTUATION = "·–—…“”‘’×÷°←↑→↓±≤≥≠≈√²³%•「」『』、。〈〉《》※①②③④⑤"


def ks_x_1001():
    """The 2,350 syllables of KS X 1001, in order: what EUC-KR can encode between 가 and 힣."""
    return [chr(code) for code in range(0xAC00, 0xD7A4) if _encodes(chr(code))]


def _encodes(character):
    try:
        # EUC-KR spells the other syllables with eight bytes of jamo: two bytes mean a code point.
        return len(character.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False


def wanted():
    """Every code point a bundled face should have."""
    ascii_letters = range(0x20, 0x7F)
    jamo = range(0x3131, 0x3164)
    return {*map(ord, ks_x_1001()), *ascii_letters, *jamo, *map(ord, PUNCTUATION)}


def download(package, folder):
    """Fetch a package with its own client, check its SHA-256, return the folder it unpacks to."""
    kind, name, version, expected = PACKAGES[package]
    target = folder / package
    if target.exists():
        return target
    target.mkdir()
    if kind == "debian":
        subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=target, check=True)
        (archive,) = target.glob("*.deb")
    else:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=target, check=True)
        (archive,) = target.glob("*.tgz")
    if sha256(archive) != expected:
        raise SystemExit(f"{archive.name}: SHA-256 {sha256(archive)} is not the expected {expected}.")
    if kind == "debian":
        subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
    return target


def open_original(face, folder):
    """The original as one TTFont; npm packages cut a face in slices, which are merged again."""
    files = sorted((download(face.package, folder)).glob(face.files))
    if not files:
        raise SystemExit(f"{face.name}: no file matches {face.files} in {face.package}.")
    if len(files) == 1:
        return TTFont(files[0])
    needed, slices = wanted(), []
    for file in files:
        font = TTFont(file)
        if needed & set(font.getBestCmap()):
            slices.append(_plain(font, needed))
    return Merger().merge(slices)


def _plain(font, needed):
    """A slice as an in-memory TTF with nothing but outlines, as the merger likes it."""
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "vhea", "vmtx", "DSIG", "gasp", "BASE", "VORG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=needed)
    cutter.subset(font)
    font.flavor = None
    file = io.BytesIO()
    font.save(file)
    file.seek(0)
    return file


def cut(font, face):
    """Subset, rename, drop hinting; what the face lacks of the 2,350 is an error."""
    options = subset.Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"], name_languages=["*"]
    )
    options.drop_tables += [
        "GSUB",
        "GPOS",
        "GDEF",
        "DSIG",
        "gasp",
        "vhea",
        "vmtx",
        "BASE",
        "VORG",
        "kern",
        "bsln",
        "mort",
        "morx",
        "PCLT",
        "FFTM",
        "VDMX",
        "hdmx",
        "LTSH",
    ]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    missing = [syllable for syllable in ks_x_1001() if ord(syllable) not in font.getBestCmap()]
    if missing:
        raise SystemExit(f"{face.name} lacks {len(missing)} of the 2,350 syllables: {''.join(missing[:20])}")
    rename(font, face)
    return font


def rename(font, face):
    """Give the face our family name; keep its copyright line (0) and say the licence (13, 14)."""
    table = font["name"]
    postscript = face.family.replace(" ", "")
    lines = {
        0: table.getDebugName(0) or "",
        1: face.family,
        2: "Regular",
        3: f"{postscript}; a subset made for vision-labs",
        4: face.family,
        6: postscript,
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    table.names = []
    for number, text in lines.items():
        table.setName(text, number, 3, 1, 0x409)


def build(face, folder):
    """Write one bundled face and say its size."""
    font = cut(open_original(face, folder), face)
    woff2 = face.file.endswith(".woff2")
    font.flavor = "woff2" if woff2 else None
    with whole_file(FOLDER / face.file) as partial:
        font.save(partial, reorderTables=not woff2)
    notice = "usr/share/doc/*/copyright" if PACKAGES[face.package][0] == "debian" else "package/LICENSE"
    (text,) = (folder / face.package).glob(notice)
    with whole_file(FOLDER / f"OFL-{face.package}.txt") as partial:
        partial.write_text(text.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{face.file:28} {(FOLDER / face.file).stat().st_size / 1000:7.0f} kB")


def write_table():
    """data/fonts/faces.csv: what labs.hangul.fonts knows of the bundled faces."""
    with (
        whole_file(FOLDER / "faces.csv") as partial,
        open(partial, "w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "family", "kind", "use", "package", "version"])
        for face in sorted(FACES, key=lambda face: (face.kind, face.use, face.file)):
            _, name, version, _ = PACKAGES[face.package]
            table.writerow([face.file, face.family, face.kind, face.use, name, version])


def main(names):
    """Build the faces named, or all of them."""
    write_table()
    with tempfile.TemporaryDirectory() as temporary:
        for face in FACES:
            if not names or face.name in names:
                build(face, Path(temporary))


if __name__ == "__main__":
    main(sys.argv[1:])
