"""A score for each of 2,350 syllables, or for each jamo? The same reader with both heads, trained on the same batches.

    KERAS_BACKEND=jax python benchmarks/ocr_heads.py --minutes 5 --workers 10     # any backend; a GPU for figures like ours

Every eighth syllable is never shown. Judged in the bundled test faces on words of the others and of those alone: a head of
syllables cannot know what it has not seen, a head of jamo has seen its parts.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import train_reader as reader

from labs.hangul import bundled_faces
from labs.hangul import lines as drawing

UNSEEN = reader.ALPHABET[:2350:8]
SEEN = tuple(letter for letter in reader.ALPHABET[:2350] if letter not in set(UNSEEN))


class Syllables:
    """Words of random syllables out of a list."""

    def __init__(self, letters, longest=8):
        self.letters, self.longest = letters, longest

    def __call__(self, random):
        return reader.Texts.pick(random, self.letters, 1 + random.integers(self.longest))


def main():
    """Train both, print and write results/ocr_heads.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/truetype"))
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent / "results" / "ocr_heads.json"
    )
    options = parser.parse_args()
    members = reader.glyphs(
        bundled_faces("train") + reader.faces(options.fonts, reader.KOREAN), options.workers
    )
    lines = drawing.Lines(members, reader.ALPHABET, Syllables(SEEN))
    stream = reader.batches(reader.Words(lines), options.batch, options.workers)
    next(stream)
    import keras

    if keras.config.backend() == "jax":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    keras.utils.set_random_seed(0)
    models = {head: reader.network(head) for head in ("full", "jamo")}
    jobs = {"full": (models["full"], reader.loss, twice(stream), 2e-3)}
    jobs["jamo"] = (models["jamo"], reader.loss, jobs["full"][2], 2e-3)
    steps = reader.train(jobs, time.monotonic() + 60 * options.minutes)
    results = {"steps": steps, "batch": options.batch}
    for kind in ("print", "handwriting"):
        faces = reader.glyphs(bundled_faces("test", kind), 1)
        for name, letters in (("seen", SEEN), ("unseen", UNSEEN)):
            made = drawing.Lines(faces, reader.ALPHABET, Syllables(letters, 5), drawing.MILD, seed=6).batch(
                300
            )
            for head, model in models.items():
                results[f"{head}, {name}, {kind}"] = round(float(reader.error_rate(model, *made[:2])), 4)
    results |= {f"parameters, {head}": model.count_params() for head, model in models.items()}
    for title, value in results.items():
        print(f"{title:28} {value}", flush=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    os._exit(0)  # the processes that draw never end by themselves


def twice(stream):
    """Every batch two times: the networks take turns."""
    for batch in stream:
        yield batch
        yield batch


if __name__ == "__main__":
    main()
