"""Lists of syllables to recognise: the 256, 512 or 2,350 common ones, or one's own."""

from pathlib import Path

from labs.errors import LabsError
from labs.files import bundled
from labs.hangul import jamo

COUNTS = (256, 512, 2350)


def common(count=256):
    """The `count` common syllables (256, 512 or 2350) as a tuple, the commonest first.

    2,350 are those of KS X 1001 in its own order; 256 and 512 are counted from word lists by
    tools/build_labels.py (data/hangul/README.md). Raises LabsError for another count.
    Example: `common(256)[0]`.
    """
    if count not in COUNTS:
        raise LabsError(
            f"There is no list of {count} syllables: ask for 256, 512 or 2350, or read() your own."
        )
    return read(bundled(f"hangul/{count}.txt"))


def read(path):
    """One's own list: a UTF-8 file with one syllable a line, each once.

    Raises LabsError that names the line when something else stands there.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LabsError(f"{path} cannot be read as UTF-8 text ({error}): save it as UTF-8.") from error
    syllables = {}
    for number, line in enumerate(lines, start=1):
        if not (line := line.strip()):
            continue
        try:
            jamo.split(line)
        except LabsError as error:
            raise LabsError(f"{path}, line {number}: {error}") from None
        if line in syllables:
            raise LabsError(
                f"{path}, line {number}: {line} stood already in line {syllables[line]}; keep it once."
            )
        syllables[line] = number
    if len(syllables) < 2:
        raise LabsError(f"{path} lists {len(syllables)} syllables: a recogniser needs at least two.")
    return tuple(syllables)


def resolve(labels):
    """A count, the path of a list, or syllables themselves, as a tuple of syllables.

    Example: `resolve("512")`, `resolve("mine.txt")`, `resolve("가나다")`.
    """
    if isinstance(labels, int) or (isinstance(labels, str) and labels.isdigit()):
        return common(int(labels))
    if isinstance(labels, Path) or (isinstance(labels, str) and labels.endswith(".txt")):
        return read(labels)
    syllables = tuple(labels)
    for syllable in syllables:
        jamo.split(syllable)
    if len(set(syllables)) != len(syllables):
        raise LabsError("A syllable stands twice among the labels: keep each once.")
    return syllables
