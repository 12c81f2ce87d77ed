"""Labs 10 and 10b with three seeds: what labels alone, augmentation, pseudo-labels, a noisy student and FixMatch reach.

    LABS_DATA=... nice python benchmarks/few_labels.py                     # both lessons, three seeds: 40 processor minutes
    LABS_DATA=... python benchmarks/few_labels.py 10b_unlabelled --seeds 1
    LABS_DATA=... python benchmarks/few_labels.py --sweep                  # RandAugment: number of operations x strength

The lessons' own cells are executed (without exercises, export and check), each time with another seed; what they put
into `results` is kept in benchmarks/results/few_labels.json, and data/few_labels.json has the table that lab 10b shows.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import jupytext  # noqa: E402

import labs  # noqa: E402

LESSONS = ("10_few_labels", "10b_unlabelled")
RESULTS = ROOT / "benchmarks" / "results" / "few_labels.json"
TABLE = ROOT / "data" / "few_labels.json"
LEFT_OUT = ("labs.export(", "labs.check(", "json.loads(")


def run(lesson, seed, until=None):
    """The variables of a lesson after its cells, up to the first that contains the text `until`."""
    variables = {}
    for cell in jupytext.read(ROOT / "notebooks" / "src" / f"{lesson}.py").cells:
        if cell.cell_type != "code" or "exercise" in cell.metadata.get("tags", []):
            continue
        if until and until in cell.source:
            break
        if not any(word in cell.source for word in LEFT_OUT):
            code = cell.source.replace("set_random_seed(10)", f"set_random_seed({seed})")
            exec(compile(code.replace("default_rng(10)", f"default_rng({seed})"), lesson, "exec"), variables)
    return variables


def sweep(seeds):
    """Accuracy with 100 labels a class for each number and strength of RandAugment, a mean over the seeds."""
    rows = {}
    for seed in seeds:
        lesson = run("10_few_labels", seed, until="for name, change in ((")
        for number in (1, 2, 3):
            for strength in (0.3, 0.6, 1.0):
                change = labs.augment.RandAugment(number, strength)
                model = lesson["learn"](lesson["network"](), lesson["x_few"], lesson["y_few"], change)
                rows.setdefault(f"{number} x {strength}", []).append(float(lesson["accuracy"](model)))
                print(
                    f"seed {seed}, {number} x {strength}: {rows[f'{number} x {strength}'][-1]:.1%}",
                    flush=True,
                )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", default=LESSONS, choices=[*LESSONS, []])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    seeds = range(10, 10 + options.seeds)
    if options.sweep:
        kept["sweep"] = sweep(seeds)
    for lesson in () if options.sweep else options.lessons:
        kept[lesson] = {}
        for seed in seeds:
            start = time.process_time()
            for name, value in run(lesson, seed)["results"].items():
                kept[lesson].setdefault(name, []).append(float(value))
            kept[lesson].setdefault("processor seconds", []).append(time.process_time() - start)
            RESULTS.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    RESULTS.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    table = {
        part: {name: [statistics.mean(values), min(values), max(values)] for name, values in rows.items()}
        for part, rows in kept.items()
    }
    TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for part, rows in table.items():
        for name, (mean, low, high) in rows.items():
            print(f"{part:16} {name:28} {mean:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
