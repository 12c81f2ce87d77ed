"""Engines that read, on the same pictures: wrong letters and words, boxes found, seconds, megabytes, price.

    python benchmarks/ocr.py                        # every engine that is installed, some minutes
    python benchmarks/ocr.py ours tesseract --words 40

Cut-out words: in the bundled test faces, which no kept model was trained on, lightly turned, blurred and shaded
(labs.hangul.lines.MILD): random syllables of KS X 1001, real Korean and real English words, print and handwriting; the
same in Debian's fonts-unfonts-core and fonts-baekmuk when they are installed; and with wide margins, bent and noisy.
Pages: composed over paper and open photographs (labs.hangul.pages), boxes counted at IoU 0.5; and, with LABS_DATA, the
photographed page of scikit-image. Tesseract reads crops with --psm 7 in one process for the list of files, told the
language; pages with both.
RapidOCR: pip install -r requirements-ocr.txt. Google Vision: with GOOGLE_VISION_KEY. keras-ocr is no row: its last
release (0.9.3) imports imgaug 0.4, which asks NumPy for sctypes, gone since 2.0; and its networks lie on GitHub.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import train_reader as reader  # noqa: E402  (tools/train_reader.py)

from labs import LabsError  # noqa: E402
from labs.hangul import bundled_faces, lines, machine_faces, pages  # noqa: E402
from labs.ocr import ENGINES, open_engine, overlap  # noqa: E402
from labs.ocr.distance import character_errors, distance  # noqa: E402

UNNAMED = "unfonts-core", "baekmuk"
LOOSE = replace(lines.MILD, loose=1.0)
PAGE = """Region-based segmentation Let us first determine markers of the coins and the background. These markers are pixels
that we can label unambiguously as either object or background. Here, the markers are found at the two extreme parts of the
histogram of grey values:"""


def word_sets(count):
    """{name: (pictures RGB, texts)} of cut-out words."""
    texts = reader.Texts(reader.read_words(), "test")
    kinds = {
        "syllables": lambda random: texts.syllables(random, 2 + random.integers(4)),
        "Korean words": lambda random: texts.some(random, texts.korean),
        "English words": lambda random: texts.some(random, texts.english),
    }
    faces = {f"{kind}": bundled_faces("test", kind) for kind in ("print", "handwriting")}
    folders = [Path("/usr/share/fonts/truetype") / name for name in UNNAMED]
    if all(folder.is_dir() for folder in folders):
        faces["unnamed faces"] = machine_faces(reader.ALPHABET[:2350], folders)
    glyphs = {name: reader.glyphs(members, 1) for name, members in faces.items()}
    sets = {}
    for name, members in glyphs.items():
        for kind, draw in kinds.items():
            sets[f"{kind}, {name}"] = drawn(members, draw, lines.MILD, count)
    sets["syllables, print, wide margins"] = drawn(glyphs["print"], kinds["syllables"], LOOSE, count)
    sets["syllables, print, bent and noisy"] = drawn(glyphs["print"], kinds["syllables"], lines.WILD, count)
    sets["English words, print, bent and noisy"] = drawn(
        glyphs["print"], kinds["English words"], lines.WILD, count
    )
    return sets


def drawn(members, draw, style, count):
    """Pictures cut to their words, as a detector would, and their texts."""
    series = lines.Lines(members, reader.ALPHABET, draw, style, seed=11)
    pictures, truth = [], []
    for _ in range(count):
        picture, text, spans = series.line(draw(series.random))
        width = min(lines.WIDTH, int(spans[-1][1] + max(2, spans[0][0])) + 1)
        pictures.append(np.repeat(picture[:, :width, None], 3, axis=2))
        truth.append(text)
    return pictures, truth


def page_set(count):
    """Pages RGB, the corners and texts of their words, in test faces."""
    texts = reader.Texts(reader.read_words(), "test")
    real = lambda random: texts.some(random, texts.korean if random.random() < 0.5 else texts.english)  # noqa: E731
    made = pages.Pages(reader.glyphs(bundled_faces("test"), 1), real, reader.photographs(), seed=12, size=512)
    images, quads, words = made.batch(count)
    return [np.repeat(image, 3, axis=2) for image in images], quads, words


def judge_words(engine, pictures, truth):
    """(wrong letters for each true one, share of wrong words, milliseconds a picture); spaces do not count."""
    engine.texts(pictures[:1])
    start = time.perf_counter()
    guesses = engine.texts(pictures)
    spent = time.perf_counter() - start
    guesses, truth = (["".join(text.split()) for text in texts] for texts in (guesses, truth))
    wrong = character_errors(guesses, truth)
    return wrong, np.mean([g != t for g, t in zip(guesses, truth, strict=True)]), 1000 * spent / len(truth)


def judge_pages(engine, pictures, quads, words):
    """Boxes found and right (IoU 0.5), wrong letters of all the words, seconds a page."""
    found = right = boxes = true = wrong = letters = 0
    start = time.perf_counter()
    answers = [engine.words(picture) for picture in pictures]
    spent = time.perf_counter() - start
    for answer, corners, texts in zip(answers, quads, words, strict=True):
        inside = (corners.min(axis=(1, 2)) >= 0) & (corners.max(axis=(1, 2)) <= pictures[0].shape[0])
        taken = set()
        for number, (quad, text) in enumerate(zip(corners, texts, strict=True)):
            best, place = max(
                ((overlap(quad, w.corners), n) for n, w in enumerate(answer) if n not in taken),
                default=(0, None),
            )
            if best >= 0.5:
                taken.add(place)
            if inside[number]:
                true, letters = true + 1, letters + len(text)
                found += best >= 0.5
                wrong += distance(answer[place].text, text) if best >= 0.5 else len(text)
        right, boxes = right + len(taken), boxes + len(answer)
    return found / true, right / max(1, boxes), wrong / letters, spent / len(pictures)


def megabytes(name):
    """What the engine's networks weigh."""
    if name == "ours":
        folders = [ROOT / "saved_models" / model for model in ("reader", "finder")]
        return sum(path.stat().st_size for folder in folders for path in folder.glob("model.onnx")) / 1e6
    if name == "tesseract":
        folder = Path(os.environ.get("TESSDATA_PREFIX", "/usr/share/tesseract-ocr/5/tessdata"))
        return sum((folder / f"{language}.traineddata").stat().st_size for language in ("kor", "eng")) / 1e6
    if name == "rapidocr":
        import rapidocr_onnxruntime

        return (
            sum(path.stat().st_size for path in Path(rapidocr_onnxruntime.__file__).parent.rglob("*.onnx"))
            / 1e6
        )
    return float("nan")


def main():
    """Print the tables and write benchmarks/results/ocr.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engines", nargs="*", default=list(ENGINES))
    parser.add_argument("--words", type=int, default=60, help="of each set")
    parser.add_argument("--pages", type=int, default=30)
    options = parser.parse_args()
    sets, paged = word_sets(options.words), page_set(options.pages)
    results = {}
    for name in options.engines:
        try:
            engine = open_engine(name)
        except LabsError as reason:
            print(f"\n{name}: no row. {reason}")
            continue
        results[name] = run(engine, name, sets, paged)
        engine.close()
    target = ROOT / "benchmarks" / "results" / "ocr.json"
    target.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def run(engine, name, sets, paged):
    """The rows of one engine, printed; an engine that dies in one of them has a row without figures."""
    rows = {"megabytes": round(megabytes(name), 1)}
    print(
        f"\n{engine.title}, {rows['megabytes']} MB"
        + (", 1.50 USD for 1,000 pictures" if name == "vision" else ", free")
    )
    for title, (pictures, truth) in sets.items():
        if (
            name == "tesseract"
        ):  # it is told the language: with both at once it takes most random syllables for English
            engine.languages = "eng" if "English" in title else "kor"
        try:
            wrong, words, spent = judge_words(engine, pictures, truth)
        except LabsError as reason:
            print(f"  {title:38} {reason}")
            continue
        rows[title] = {
            "character_error": round(wrong, 4),
            "word_error": round(float(words), 4),
            "milliseconds": round(spent, 1),
        }
        print(f"  {title:38} letters {wrong:6.1%}  words {words:6.1%}  {spent:7.1f} ms", flush=True)
    if name == "tesseract":
        engine.languages = "kor+eng"
    try:
        recall, precision, wrong, spent = judge_pages(engine, *paged)
    except LabsError as reason:
        print(f"  pages {reason}")
        return rows
    rows["pages"] = {"recall": recall, "precision": precision, "character_error": wrong, "seconds": spent}
    print(
        f"  {'pages, boxes at IoU 0.5':38} recall {recall:5.1%}  precision {precision:5.1%}  letters {wrong:6.1%}  {spent:6.2f} s"
    )
    page = Path(os.environ.get("LABS_DATA", "")) / "scikit_image" / "page.png"
    if page.exists():
        picture = cv2.imread(str(page))
        answer = sorted(engine.words(picture), key=lambda w: (round(w.corners[0][1] / 12), w.corners[0][0]))
        text = "".join("".join(w.text for w in answer).split())
        true = "".join(PAGE.split())
        rows["page"] = {"character_error": min(1.0, distance(text[: len(true) + 40], true) / len(true))}
        print(f"  {'photographed page (scikit-image)':38} letters {rows['page']['character_error']:6.1%}")
    return rows


if __name__ == "__main__":
    main()
