"""Makes data/ocr/words.txt: the words of this project's own Korean and English prose, for the reader's pictures.

python tools/build_words.py
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("README.md", "README.ko.md", "CONTRIBUTING.md", "docs/*.md", "notebooks/src/0*.py")
KOREAN, ENGLISH = re.compile(r"[가-힣]{1,8}"), re.compile(r"\b[A-Za-z][a-z]{1,13}\b")


def main():
    """Collect, sort, write."""
    paths = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    words = sorted(set(KOREAN.findall(text))) + sorted(set(ENGLISH.findall(text)))
    target = ROOT / "data" / "ocr" / "words.txt"
    target.parent.mkdir(exist_ok=True)
    target.write_text("".join(f"{word}\n" for word in words), encoding="utf-8", newline="\n")
    print(len(words), "words")


if __name__ == "__main__":
    main()
