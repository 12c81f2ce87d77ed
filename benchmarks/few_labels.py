"""Labs 10 and 10b with other seeds: what labels alone, augmentation, distillation, a committee's student and FixMatch reach.

    LABS_DATA=... nice python benchmarks/few_labels.py                  # both lessons, seeds 11 and 12: 20 processor minutes
    LABS_DATA=... nice python benchmarks/few_labels.py 10b --seeds 13   # one lesson, another seed
    LABS_DATA=... nice python benchmarks/few_labels.py --labels 50 250  # lab 10b with more and with fewer labels a class, seed 10
    LABS_DATA=... nice python benchmarks/few_labels.py --sweep          # RandAugment: number of operations x strength
    python benchmarks/few_labels.py --table                             # what has been measured, as the lessons show it

The lessons' own cells are executed (without exercises, export and check), each time with another seed; what they put
into `results` is kept in benchmarks/results/few_labels.json, by lesson and seed. Seed 10 is the published notebook's own run: `--table` reads what it
printed. Nothing is compared but accuracies, so that it may run beside other work.
"""

import argparse
import json
import os
import re
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

LESSONS = {"10": "10_few_labels", "10b": "10b_unlabelled"}
RESULTS = ROOT / "benchmarks" / "results" / "few_labels.json"
LEFT_OUT = ("labs.export(", "labs.check(", "before.milliseconds", "ops.log(teacher(")


def run(lesson, seed, until=None, labels=100):
    """The variables of a lesson after its cells, up to the first that contains the text `until`; labels: a class, in lab 10b."""
    variables = {}
    for cell in jupytext.read(ROOT / "notebooks" / "src" / f"{LESSONS[lesson]}.py").cells:
        if cell.cell_type != "code" or "exercise" in cell.metadata.get("tags", []):
            continue
        if until and until in cell.source:
            break
        if not any(word in cell.source for word in LEFT_OUT):
            code = re.sub(r"(set_random_seed\(|default_rng\(|seed=)10\b", rf"\g<1>{seed}", cell.source)
            code = code.replace("few = labs.profile.choose(100,", f"few = labs.profile.choose({labels},")
            exec(compile(code, lesson, "exec"), variables)
    return variables


def sweep(seed):
    """Accuracy with 100 labels a class after 300 steps, for each number and strength of RandAugment."""
    lesson, rows = run("10", seed, until="for count in counts"), {}
    chosen = lesson["few"](100)
    x, y = lesson["dataset"].x_train[chosen], lesson["dataset"].y_train[chosen]
    for number in (1, 2, 3):
        for strength in (0.3, 0.6, 1.0):
            model = lesson["learn"](x, y, labs.augment.RandAugment(number, strength), rounds=300)
            rows[f"{number} x {strength}"] = round(float(lesson["accuracy"](model)), 4)
            print(f"{number} x {strength}: {rows[f'{number} x {strength}']:.1%}", flush=True)
    return rows


def published(lesson):
    """The accuracies that the executed notebook printed, seed 10: {name: share}."""
    path = ROOT / "notebooks" / f"{LESSONS[lesson]}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(out.get("text", "")) for cell in cells for out in cell.get("outputs", []))
    found = re.findall(r"(?m)^(\S.*?):? +([\d.]+)%(?: of \d+ photos)?$", text)
    pupil = ("teacher counts 0.0", "teacher counts 0.7", "teacher counts 1.0")
    names = {name: f"pupil, teacher counts {float(name[-3:]):g}" for name in pupil}
    return {names.get(name, name): float(share) / 100 for name, share in found}


def table(kept):
    for lesson in LESSONS:
        others = kept.get(lesson, {})
        runs = [published(lesson), *others.values()]
        print(f"lab {lesson}, seeds 10 {' '.join(others)}: mean, lowest, highest")
        for name in [name for name in runs[-1] if name != "processor seconds"]:
            values = [run[name] for run in runs if name in run]
            print(f"  {name:36} {statistics.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})")
    for labels, found in kept.get("10b, labels a class", {}).items():
        print(f"lab 10b, {labels} labels a class, seed 10:", found)
    print("RandAugment, number x strength, one seed:", kept.get("sweep"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="10, 10b; both when none is given")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    parser.add_argument("--labels", type=int, nargs="+", metavar="COUNT")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    if options.sweep:
        kept["sweep"] = sweep(11)
    elif options.labels:
        for count in options.labels:
            found = run("10b", 10, until="photos = labs.load", labels=count)["results"]
            found = {name: round(float(share), 4) for name, share in found.items()}
            kept.setdefault("10b, labels a class", {})[str(count)] = found
            RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    elif not options.table:
        for seed in options.seeds:
            for lesson in options.lessons or LESSONS:
                start = time.process_time()
                found = {name: round(float(share), 4) for name, share in run(lesson, seed)["results"].items()}
                found["processor seconds"] = round(time.process_time() - start)
                kept.setdefault(lesson, {})[str(seed)] = found
                RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if options.table:
        table(kept)


if __name__ == "__main__":
    main()
