"""Makes data/hangul/{256,512,2350}.txt: the common syllables, counted from open word lists.

A syllable's rank is the number of words that contain it, among the Korean words that both the
wordfreq list (words in use) and the hunspell-ko dictionary (words spelled right) have.

    pip install wordfreq==3.1.1 && python tools/build_labels.py        # needs apt-get and dpkg
"""

import collections
import subprocess
import tempfile
import unicodedata
from pathlib import Path

from build_fonts import ks_x_1001
from wordfreq import get_frequency_dict

from labs.files import sha256, whole_file

FOLDER = Path(__file__).resolve().parent.parent / "data" / "hangul"
VERSION = "0.7.92-1"
SHA256 = "d02674324f1b320f069d93336578f01df4ab6cff23d0878867ccdc80eb6307f2"


def dictionary(folder):
    """The headwords of the Debian package hunspell-ko, composed (it stores them as jamo)."""
    subprocess.run(["apt-get", "download", f"hunspell-ko={VERSION}"], cwd=folder, check=True)
    (package,) = folder.glob("*.deb")
    if sha256(package) != SHA256:
        raise SystemExit(f"{package.name}: SHA-256 {sha256(package)} is not the expected {SHA256}.")
    subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True)
    lines = (folder / "usr/share/hunspell/ko.dic").read_text(encoding="utf-8").splitlines()
    return {unicodedata.normalize("NFC", line.split("/")[0].strip()) for line in lines}


def main():
    """Count and write the three lists."""
    allowed = set(ks_x_1001())
    with tempfile.TemporaryDirectory() as temporary:
        words = dictionary(Path(temporary)) & set(get_frequency_dict("ko", "small"))
    counts = collections.Counter()
    for word in sorted(words):
        counts.update(set(word) & allowed)
    ranked = sorted(counts, key=lambda syllable: (-counts[syllable], syllable))
    for name, syllables in (("256", ranked[:256]), ("512", ranked[:512]), ("2350", ks_x_1001())):
        with whole_file(FOLDER / f"{name}.txt") as partial:
            partial.write_text("\n".join(syllables) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(words)} words; the commonest: {''.join(ranked[:30])}")


if __name__ == "__main__":
    main()
