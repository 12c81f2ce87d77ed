"""Search: the notes' compareHist loop beside labs.search, and exact beside approximate indexes up to a million vectors.

    python benchmarks/search.py                       # all of it; LABS_DATA or a network for CIFAR-10 and the photos
    python benchmarks/search.py --only histograms     # or vectors, folder
    python benchmarks/search.py --draw                # the plot of the figures kept

One thread, both sides in one run, in turns; processor seconds. Vectors: SIFT descriptors (128 numbers, 0..255) of the
cats-vs-dogs photos; each index is asked one question at a time. `pip install usearch` adds its row.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "results" / "search.json"
PLOT = ROOT / "docs" / "images" / "search.png"
SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS, BEST = 1000, 10
FILES = 100_000


def notes_histogram(picture):
    """The notes: four bins a channel, one after the other, normalised."""
    import cv2
    import numpy as np

    channels = [cv2.calcHist([picture], [channel], None, [4], [0, 256]) for channel in range(3)]
    return cv2.normalize(np.concatenate(channels), None).ravel()


def notes_search(index, query, method):
    """The notes: compareHist with every entry of a dictionary, sorted."""
    import cv2

    code = getattr(cv2, f"HISTCMP_{method}")
    scores = {key: cv2.compareHist(query, histogram, code) for key, histogram in index.items()}
    larger = method in ("CORREL", "INTERSECT")
    return sorted(scores.items(), key=lambda pair: pair[1], reverse=larger)[:BEST]


def seconds(work):
    """Processor seconds of `work()`, and what it returned."""
    start = time.process_time()
    answer = work()
    return time.process_time() - start, answer


def histograms():
    """The notes' index and loop beside labs.search on 50,000 pictures."""
    import cv2
    import numpy as np

    import labs
    from labs.search import METHODS, HistogramIndex, describe

    cv2.setNumThreads(1)
    dataset = labs.load("cifar10")
    pictures = dataset.x_train
    pairs = [
        (
            seconds(lambda: {i: notes_histogram(p) for i, p in enumerate(pictures)}),
            seconds(lambda: describe(pictures)),
        )
        for _ in range(3)
    ]
    (_, index), (_, rows) = pairs[0]
    assert np.array_equal(np.array(list(index.values())), rows)
    table = {"pictures": len(rows), "source": dataset.source, "index": _ratio(*zip(*pairs, strict=True))}
    ours, random = HistogramIndex(rows), np.random.default_rng(0)
    for method in METHODS:
        prepare, _ = seconds(lambda method=method: ours.search(rows[0], BEST, method))
        rounds = []
        for number in random.integers(0, len(rows), 7):
            loop, expected = seconds(lambda n=number, m=method: notes_search(index, rows[n], m))
            mine, found = seconds(
                lambda n=number, m=method: [ours.search(rows[n], BEST, m) for _ in range(20)]
            )
            assert found[0] == expected, (method, number)
            rounds.append(((loop, None), (mine / 20, None)))
        table[method] = _ratio(*zip(*rounds, strict=True)) | {"prepare_ms": round(prepare * 1e3, 1)}
        print(f"{method:14} {table[method]}", flush=True)
    print("index", table["index"])
    return table


def _ratio(loops, ours):
    loop, mine = (statistics.median(time for time, _ in side) for side in (loops, ours))
    return {"notes_ms": round(loop * 1e3, 2), "labs_ms": round(mine * 1e3, 3), "ratio": round(loop / mine)}


def descriptors(count):
    """float32 (count, 128): SIFT descriptors of the photos, in a seeded random order, and how many a photo has."""
    import cv2
    import numpy as np

    from labs.data import cats_vs_dogs, locate
    from labs.data.photos import read_report
    from labs.files import cache_folder, whole_file

    kept = cache_folder("benchmarks") / f"sift-{count}.npy"
    if not kept.exists():
        folder = cats_vs_dogs.clean_folder(locate("cats_vs_dogs")[0])
        sift, rows, found = cv2.SIFT_create(contrastThreshold=0.03), [], 0
        for name in sorted(read_report(folder)["photos"]):
            _, descriptor = sift.detectAndCompute(cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE), None)
            if descriptor is not None:
                rows.append(descriptor.astype("uint8"))
                found += len(descriptor)
        if found < count:
            raise SystemExit(f"These photos have {found:,} descriptors, not {count:,}: take more photos.")
        everything = np.concatenate(rows)
        chosen = np.random.default_rng(0).permutation(found)[:count]
        with whole_file(kept) as partial, open(partial, "wb") as file:
            np.save(file, everything[chosen])
    return np.load(kept).astype("float32")


def indexes(count):
    """{name: (recipe of faiss.index_factory or "bytes": SIFT's whole numbers as they are, {setting: values to try})}."""
    cells = int(4 * count**0.5)
    return {
        "exact": ("Flat", {"": [0]}),
        "exact, bytes": ("bytes", {"": [0]}),
        "HNSW": ("HNSW32", {"efSearch": [16, 32, 64, 128]}),
        "IVF, PQ": (f"IVF{cells},PQ32x4fs", {"nprobe": [4, 16, 64]}),
        "IVF, PQ, re-ranked": (f"IVF{cells},PQ32x4fs,Refine(SQ8)", {"nprobe": [4, 8, 16, 32, 64, 128]}),
    }


def vectors(sizes):
    """Recall@10, time and memory of each index at each size."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)
    everything = descriptors(max(SIZES) + QUESTIONS)
    questions, table = everything[:QUESTIONS], []
    for count in sizes:
        base = everything[QUESTIONS : QUESTIONS + count]
        truth = None
        for name, (recipe, settings) in indexes(count).items():
            index = (
                faiss.IndexScalarQuantizer(128, faiss.ScalarQuantizer.QT_8bit_direct)
                if recipe == "bytes"
                else faiss.index_factory(128, recipe)
            )
            built, _ = seconds(lambda index=index, base=base: (index.train(base[:200_000]), index.add(base)))
            size = len(faiss.serialize_index(index)) / 1e6
            ((setting, values),) = settings.items()
            for value in values:
                _set(index, setting, value)
                asked = questions if count < 1_000_000 or not name.startswith("exact") else questions[:100]
                if truth is None:
                    truth = index.search(questions, BEST)[1]
                spent, found = seconds(
                    lambda index=index, asked=asked: [
                        index.search(asked[i : i + 1], BEST)[1][0] for i in range(len(asked))
                    ]
                )
                recall = np.mean([len(set(a) & set(b)) / BEST for a, b in zip(found, truth, strict=False)])
                row = {
                    "vectors": count,
                    "index": name,
                    "setting": f"{setting} {value}".strip(" 0") if setting else "",
                }
                row |= {"recall": round(float(recall), 4), "ms": round(spent / len(asked) * 1e3, 4)}
                row |= {"MB": round(size, 1), "built_s": round(built, 1)}
                table.append(row)
                print(row, flush=True)
        table += usearch_rows(base, questions, truth)
    return table


def _set(index, setting, value):
    import faiss

    if setting == "efSearch":
        index.hnsw.efSearch = value
    elif setting == "nprobe":
        faiss.extract_index_ivf(index).nprobe = value
        if hasattr(index, "k_factor"):
            index.k_factor = 8


def usearch_rows(base, questions, truth):
    """The same questions to usearch's HNSW, when it is installed."""
    try:
        from usearch.index import Index
    except ImportError as error:
        print(f"usearch is left out ({error}): pip install usearch")
        return []
    import numpy as np

    index = Index(ndim=128, metric="l2sq", dtype="f32", connectivity=32, expansion_add=40)
    built, _ = seconds(lambda: index.add(np.arange(len(base)), base, threads=1))
    rows = []
    for value in (32, 64, 128):
        index.expansion_search = value
        spent, found = seconds(lambda: [index.search(q, BEST, threads=1).keys for q in questions])
        recall = np.mean([len(set(a.tolist()) & set(b)) / BEST for a, b in zip(found, truth, strict=True)])
        row = {"vectors": len(base), "index": "usearch HNSW", "setting": f"expansion {value}"}
        row |= {"recall": round(float(recall), 4), "ms": round(spent / len(questions) * 1e3, 4)}
        row |= {"MB": round(index.serialized_length / 1e6, 1), "built_s": round(built, 1)}
        rows.append(row)
        print(row, flush=True)
    return rows


def folder():
    """Seconds and peak memory of `labs search --by histogram` on 100,000 files, new and again."""
    import cv2

    import labs

    dataset = labs.load("cifar10")
    table = {}
    with tempfile.TemporaryDirectory() as place:
        for number in range(FILES):
            picture = dataset.x_train[number % len(dataset.x_train)]
            path = Path(place, f"{number // 1000:03}", f"{number:06}.jpg")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(
                cv2.imencode(".jpg", picture if number < 50_000 else picture[:, ::-1])[1].tobytes()
            )
        command = [sys.executable, "-m", "labs.cli", "search", place, str(path), "--by", "histogram"]
        for name in ("new", "again"):
            start = time.perf_counter()
            command_index = [*command, "--index", f"{place}/index.npz", "--top", "3"]
            subprocess.run(command_index, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
            wall = time.perf_counter() - start
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of the largest so far
            table[name] = {"files": FILES, "wall_s": round(wall, 1), "peak_MB": round(peak)}
            print(name, table[name], flush=True)
    return table


def draw(results):
    """Recall against time at each size, the bubble's area is the memory; and how the time grows."""
    import matplotlib.pyplot as plt

    import labs

    labs.show.use_korean_font()
    rows = results["vectors"]
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    largest = max(row["vectors"] for row in rows)
    names = list(dict.fromkeys(row["index"] for row in rows))
    for color, name in enumerate(names):
        mine = [row for row in rows if row["index"] == name and row["vectors"] == largest]
        if mine:
            times, recalls, sizes = ([row[key] for row in mine] for key in ("ms", "recall", "MB"))
            axes[0].plot(times, recalls, f"C{color}", lw=1)
            axes[0].scatter(
                times, recalls, sizes, f"C{color}", alpha=0.5, label=f"{name}, {sizes[0]:,.0f} MB"
            )
        best = {}
        for row in (row for row in rows if row["index"] == name and row["recall"] >= 0.95):
            best[row["vectors"]] = min(row["ms"], best.get(row["vectors"], 1e9))
        if best:
            axes[1].plot(list(best), list(best.values()), f"C{color}o-", label=name)
    axes[0].set(xscale="log", xlabel="milliseconds a question", ylabel="recall@10")
    axes[0].set_title(f"{largest:,} SIFT descriptors (area: memory)")
    axes[0].legend(fontsize=8, markerscale=0.4)
    axes[1].set(xscale="log", yscale="log", xlabel="vectors", ylabel="milliseconds a question")
    axes[1].set_title("how time grows, at a recall of at least 0.95")
    axes[1].legend(fontsize=8)
    for one in axes:
        one.grid(alpha=0.3)
    figure.supxlabel(results["machine"], fontsize=8, color="0.45")
    figure.savefig(PLOT, dpi=110)


def main():
    from cifar10 import machine

    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--only", choices=["histograms", "vectors", "folder"], action="append")
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments.add_argument(
        "--note", default="", help="said beside the figures, e.g. that CIFAR-10 is a JPEG copy"
    )
    arguments.add_argument("--draw", action="store_true", help="measure nothing")
    given = arguments.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    parts = {"histograms": histograms, "vectors": lambda: vectors(given.sizes), "folder": folder}
    for name in [] if given.draw else given.only or parts:
        results |= {name: parts[name](), "machine": machine(), "note": given.note or results.get("note", "")}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if "vectors" in results:
        draw(results)


if __name__ == "__main__":
    main()
