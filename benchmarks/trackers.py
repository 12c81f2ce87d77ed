"""30 networks of public bug reports whose export failed or was wrong: the stock tool today beside labs.export.

    npm ci --prefix web --ignore-scripts       # stock TensorFlow.js, for the stock side
    python benchmarks/trackers.py              # all 30; a table into benchmarks/trackers.md, results/trackers.json
    python benchmarks/trackers.py keras#21346  # some of them again

Each network is rebuilt small from its report's description, with random weights. The stock side is what the
reporter used, in a process of its own; ours is labs.export and labs.check in the format that the report wanted.
Both are compared with Keras' predict on four random inputs, relative to the spread of the outputs.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(ROOT))

TOLERANCE = 1e-5  # of the outputs' spread, as labs.check
SECONDS = 180
WANTED = {  # the format: the runtimes that must agree, and what labs.export is asked for beyond its default
    "SavedModel": (["saved_model"], {}),
    "ONNX": (["onnxruntime"], {}),
    "ONNX in OpenCV": (["opencv_onnx"], {}),
    ".pb in OpenCV": (["opencv_pb"], {}),
    "TF.js": (["tfjs_cpu", "tfjs_wasm", "tfjs_webgl"], {}),
    "TF.js, wasm": (["tfjs_wasm"], {}),
    "TFLite": (["litert"], {"formats": ("saved_model", "model.tflite")}),
}


def build(report):
    """The report's network with random weights, and four random inputs."""
    import keras
    import numpy as np

    from benchmarks.networks import inputs_for, measure_statistics, randomise

    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    network = report.make()
    for variable in network.weights:
        randomise(variable, random)
    inputs = keras.tree.map_structure(
        lambda array: array.astype("float32") if array.dtype == "uint8" else array,
        inputs_for(network, random),
    )
    measure_statistics(network, inputs)
    return network, inputs


def relative(outputs, expected):
    """The largest difference of two lists of arrays as a share of each output's spread."""
    import numpy as np

    if [np.shape(a) for a in outputs] != [np.shape(b) for b in expected]:
        raise ValueError(f"the answer has shape {np.shape(outputs[0])}, Keras' has {np.shape(expected[0])}")
    apart = [
        np.abs(np.asarray(a, "float64") - b).max() / np.ptp(b) for a, b in zip(outputs, expected, strict=True)
    ]
    return float(max(apart))


def stock(report, folder):
    """Export and run with the stock tool, in this process; the answer's relative difference to Keras."""
    import keras

    from benchmarks import stock_tools

    network, inputs = build(report)
    expected = keras.tree.flatten(network.predict(inputs, batch_size=1, verbose=0))
    return relative(getattr(stock_tools, report.tool)(network, inputs, Path(folder)), expected)


def stock_in_child(report):
    """The same in a child process: "works", "differs", "fails", "crashes" or "hangs", and the details."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--stock", report.key, folder]
        try:
            done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return {"status": "hangs", "words": f"no answer in {SECONDS} s"}
    if done.returncode < 0:
        return {"status": "crashes", "words": signal.Signals(-done.returncode).name}
    if done.returncode:
        return {"status": "fails", "words": sentence(done.stderr)}
    difference = float(done.stdout.splitlines()[-1])
    return {"status": "works" if difference <= TOLERANCE else "differs", "relative": difference}


def sentence(text):
    """The first sentence of the exception that ended a process, in at most 150 characters."""
    lines = [line.strip() for line in text.strip().splitlines()] or ["no reason given"]
    raised = [
        i for i, line in enumerate(lines) if re.match(r"[\w.]*(Error|Exception|error|Invalid\w+): ", line)
    ]
    words = " ".join(lines[raised[-1] :][:2]) if raised else lines[-1]
    words = re.sub(r"^[\w.]*\.(?=\w+: )", "", words)  # the exception's module
    words = re.sub(r"OpenCV\(\S+\) \S+ error: ", "", words)
    words = re.sub(r"\[ONNXRuntimeError\] .* failed:(This is an invalid model. )?", "", words)
    words = re.sub(r"(?<![\w.])/\S*/", "", words)  # folders of this machine
    return re.split(r"(?<=[\w)\]'\"`])\. ", words)[0][:150].rstrip(" .:")


def ours(report, place, children):
    """labs.export and labs.check: "works", or what the check says, and whether the card said it beforehand."""
    import keras

    import labs
    from benchmarks import stock_tools
    from labs.export.card import read_card, read_golden
    from labs.export.signature import SavedSignature

    network, inputs = build(report)
    expected = keras.tree.flatten(network.predict(inputs, batch_size=1, verbose=0))
    source = network
    if report.tool == "saved_by_keras_2":
        stock_tools.keras_2_folder(network, Path(place) / "keras2")
        source = SavedSignature(Path(place) / "keras2")
        inputs = {entry.name: array for entry, array in zip(network.inputs, inputs, strict=True)}
    runtimes, options = WANTED[report.wanted]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            folder = labs.export(source, Path(place) / report.make.__name__, x=inputs, **options)
    except labs.LabsError as error:
        return {"status": "refuses", "words": str(error)}
    except Exception as error:  # what labs.export should have caught
        return {"status": "fails", "words": sentence(f"{type(error).__name__}: {error}")}
    result = labs.check(folder, runtimes, children, seconds=SECONDS)
    rows = [row for row in result.rows if row.status != "ok"]
    _, golden = read_golden(
        folder, read_card(folder)
    )  # what labs.check compares with: is it what predict says?
    if relative(list(golden.values()), expected) > TOLERANCE:
        return {"status": "differs", "words": "the golden answers are not what predict says"}
    if not rows:
        answer = {"status": "works", "relative": float(max(row.relative for row in result.rows))}
        if runtimes[0] == "onnxruntime":  # and without the option that labs.check sets
            answer["by default"] = relative(stock_tools.onnxruntime(folder / "model.onnx", inputs), expected)
            if answer["by default"] > TOLERANCE:
                answer = {"status": "differs", "words": "as ONNX Runtime reads it by default", **answer}
        return answer
    words = "; ".join(f"{row.title}: {row.status}{', ' + row.note if row.note else ''}" for row in rows)
    said = all(row.expected for row in rows)
    return {"status": "says why not" if said else rows[0].status.split(":")[0], "words": words}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", nargs="*", help="like keras#21346; all by default")
    parser.add_argument(
        "--ours", action="store_true", help="labs.export only; keep what the stock tools gave"
    )
    parser.add_argument("--stock", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    from benchmarks.tracker_networks import REPORTS as known

    if arguments.stock:
        print(stock(known[arguments.stock[0]], arguments.stock[1]))
        return
    results = ROOT / "benchmarks" / "results" / "trackers.json"
    kept = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    from labs.runtimes.children import Children

    with tempfile.TemporaryDirectory() as place, Children() as children:
        for report in [known[key] for key in arguments.reports or known]:
            row = kept.setdefault(report.key, {})
            if not arguments.ours or "stock" not in row:
                row["stock"] = stock_in_child(report)
            row["labs"] = ours(report, place, children)
            print(f"{report.key:18} {report.wanted:15} {row['stock']}\n{'':34} {row['labs']}", flush=True)
    ordered = {key: kept[key] for key in known if key in kept}
    results.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    write_table([(known[key], row) for key, row in ordered.items()])


def write_table(rows):
    """benchmarks/trackers.md: the prose above the table stays, the counts and the table are new."""
    path = ROOT / "benchmarks" / "trackers.md"
    prose = path.read_text(encoding="utf-8").partition("\n**")[0] if path.exists() else "# Trackers\n"
    counts = [sum(row[side]["status"] == "works" for _, row in rows) for side in ("stock", "labs")]
    lines = [f"**Works: stock tool {counts[0]} of {len(rows)}, labs.export {counts[1]} of {len(rows)}.**", ""]
    lines += ["| report | network | wanted | stock tool | today | labs.export |", "|---|---|---|---|---|---|"]
    for report, row in rows:
        title = report.title.replace("|", "/")
        cells = [f"[{report.key}]({report.link}) {title}", report.make.__name__, report.wanted]
        cells += [f"`{report.tool}`", cell(row["stock"]), cell(row["labs"])]
        lines.append(f"| {' | '.join(cells)} |")
    path.write_text(prose + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


def cell(answer):
    """One side of a row in words."""
    words = answer.get("words", "").replace("|", "/").replace("\n", " ")
    number = f"{answer['relative']:.0e}" if "relative" in answer else ""
    status = answer["status"] if answer["status"] == "works" else f"**{answer['status']}**"
    return " ".join(filter(None, [status, number, words]))


if __name__ == "__main__":
    main()
