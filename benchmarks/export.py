"""labs.export beside the four stock tools, one by one: seconds, peak memory, and parity everywhere.

    python benchmarks/export.py speed                 # both sides in one run, ratios, docs/images/export.png
    python benchmarks/export.py parity [NETWORK ...]  # network x runtime, into benchmarks/parity.md
    python benchmarks/export.py parity --opencv4 /path/to/python   # a second environment with OpenCV 4

"Warm" is the second export of a process; "with imports" is a whole fresh process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(ROOT))


def ours(model, pictures, folder):
    """All four formats and the .keras file, with card and golden pictures."""
    import labs

    labs.export(model, folder / "ours", x=pictures)


def stock(model, pictures, folder):
    """model.export, the textbook's freeze script, tensorflowjs_converter, python -m tf2onnx.convert."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    saved = str(folder / "saved_model")
    model.export(saved, verbose=False)
    function = tf.function(lambda x: model(x)).get_concrete_function(
        tf.TensorSpec(model.inputs[0].shape, "float32")
    )
    frozen = convert_variables_to_constants_v2(function)
    tf.io.write_graph(frozen.graph, str(folder), "frozen.pb", as_text=False)
    javascript = "from tensorflowjs.converters.converter import pip_main; pip_main()"
    formats = ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model"]
    run([sys.executable, "-c", javascript, *formats, saved, str(folder / "tfjs")])
    run(
        [
            sys.executable,
            "-m",
            "tf2onnx.convert",
            "--saved-model",
            saved,
            "--output",
            str(folder / "model.onnx"),
        ]
    )


def run(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(side, network):
    """One fresh process: seconds of the first and second export, of everything, and its peak memory."""
    start = time.perf_counter()
    from benchmarks.networks import build

    model, pictures = build(network)
    built = time.perf_counter()
    seconds = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            before = time.perf_counter()
            {"ours": ours, "stock": stock}[side](model, pictures, Path(folder))
            seconds.append(time.perf_counter() - before)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    imports = built - start
    return {"first": imports + seconds[0], "warm": seconds[1], "megabytes": max(own, children)}


def speed(networks):
    results = {}
    for network in networks:
        for side in ("ours", "stock"):
            code = f"import json, benchmarks.export as b; print(json.dumps(b.measure({side!r}, {network!r})))"
            output = subprocess.run(
                [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
            ).stdout
            results[network, side] = json.loads(output.splitlines()[-1])
        print_ratios(network, results[network, "ours"], results[network, "stock"])
    draw(networks, results)


def print_ratios(network, one, other):
    print(f"\n{network}: labs.export beside the four stock tools")
    for key, name, unit in (
        ("warm", "warm", "s"),
        ("first", "with imports", "s"),
        ("megabytes", "peak memory", "MB"),
    ):
        print(
            f"  {name:14} {one[key]:8.1f} {unit:3} {other[key]:8.1f} {unit:3} ratio {other[key] / one[key]:6.1f}",
            flush=True,
        )


def draw(networks, results):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10, 1.2 + 0.8 * len(networks)), layout="constrained")
    titles = {"warm": "Warm, seconds", "first": "With imports, seconds", "megabytes": "Peak memory, MB"}
    for axis, (key, title) in zip(axes, titles.items(), strict=True):
        for row, network in enumerate(networks):
            values = [results[network, side][key] for side in ("stock", "ours")]
            axis.barh([row + 0.2, row - 0.2], values, height=0.36, color=["#b0b0b0", "#1f77b4"])
            for offset, value in zip((0.2, -0.2), values, strict=True):
                axis.text(
                    value, row + offset, f" {value:,.1f}" if value < 100 else f" {value:,.0f}", va="center"
                )
        axis.set_title(title)
        axis.set_yticks(range(len(networks)), networks if axis is axes[0] else [""] * len(networks))
        axis.margins(x=0.2)
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle("Saving in four formats: the four stock tools (grey) and labs.export (blue)")
    path = ROOT / "docs" / "images" / "export.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)
    print(f"\nPicture: {path.relative_to(ROOT)}")


def parity(networks, opencv4):
    """Export every network and compare it in every runtime; a Markdown table of relative differences."""
    import labs
    from benchmarks.networks import LARGE, build
    from labs.runtimes import RUNTIMES
    from labs.runtimes.children import Children

    names = [name for name in RUNTIMES if name != "litert"]
    old = ["opencv_pb", "opencv_onnx"] if opencv4 else []
    heads = [RUNTIMES[name].title for name in names] + [f"{RUNTIMES[name].title} 4" for name in old]
    table = [f"| network | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]

    class Others(Children):
        """The second environment, which has OpenCV 4 and no Keras."""

        def __getitem__(self, name):
            return children[name] if name == "keras" else super().__getitem__(name)

    with (
        tempfile.TemporaryDirectory() as place,
        Children() as children,
        Others(opencv4 or sys.executable) as others,
    ):
        for network in networks:
            model, pictures = build(network)
            folder = labs.export(model, Path(place) / network, x=pictures)
            # The pure JavaScript backend takes minutes for a picture of a large network.
            asked = [name for name in names if not (network in LARGE and name in ("tfjs_cpu", "tfjs_webgl"))]
            rows = {row.runtime: cell(row) for row in labs.check(folder, asked, children, seconds=300).rows}
            if old:
                rows |= {
                    f"{row.runtime} 4": cell(row) for row in labs.check(folder, old, others, seconds=300).rows
                }
            cells = [rows.get(name, "not asked") for name in names + [f"{name} 4" for name in old]]
            table.append(f"| {network} | {' | '.join(cells)} |")
            print(table[-1], flush=True)
    keep(table)


def keep(table):
    """Put the rows into benchmarks/parity.md in place of those networks' older ones."""
    path = ROOT / "benchmarks" / "parity.md"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    prose = [line for line in lines if not line.startswith("|")]
    rows = {line.split("|")[1].strip(): line for line in [*lines, *table] if line.startswith("|")}
    path.write_text("\n".join([*prose, *rows.values()]) + "\n", encoding="utf-8")


def cell(row):
    if row.status != "ok":
        return f"**{row.status.split(':')[0]}**"
    return f"{row.relative:.0e}" + (" r" if row.relative > 1e-5 else "")  # r: as much in Keras itself


def main():
    from benchmarks.networks import LARGE, SMALL, TASKS

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["speed", "parity"])
    parser.add_argument("networks", nargs="*")
    parser.add_argument("--opencv4", help="the Python of an environment with OpenCV 4, numpy and psutil")
    arguments = parser.parse_args()
    if arguments.what == "speed":
        speed(arguments.networks or ["mnist", "cats_vs_dogs"])
    else:
        parity(arguments.networks or [*SMALL, *TASKS, *LARGE], arguments.opencv4)


if __name__ == "__main__":
    main()
