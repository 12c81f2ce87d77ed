"""How long `labs check` takes: this checkout beside an earlier commit, in turns.

    python benchmarks/check.py                                   # saved_models/mnist against the commit before the change
    python benchmarks/check.py saved_models/hangul --before main --rounds 5

Wall seconds, and processor seconds of the command with everything that it starts, browsers included. On a shared
machine compare the ratios of processor seconds.
"""

import argparse
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEFORE = "7f3e64c"  # three browsers, two imports of TensorFlow
ADOPT = 36  # Linux: prctl(PR_SET_CHILD_SUBREAPER)


def timed(folder, package):
    """Wall and processor seconds of one check by the `labs` in the folder `package`."""
    environment = {**os.environ, "PYTHONPATH": str(package), "TF_CPP_MIN_LOG_LEVEL": "3"}
    before, start = used(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "labs.cli", "check", str(folder)],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
    )
    wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    while (
        True
    ):  # a browser's processes come to us when their parent is gone, and count when they are waited for
        try:
            os.wait()
        except ChildProcessError:
            return wall, used() - before


def used():
    """Processor seconds of all processes that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", default=ROOT / "saved_models" / "mnist", type=Path)
    parser.add_argument("--before", default=BEFORE, help="a commit to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT, 1)
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "labs.tar"
        subprocess.run(["git", "archive", "-o", archive, arguments.before, "labs"], cwd=ROOT, check=True)
        shutil.unpack_archive(archive, place)
        packages = {arguments.before: Path(place), "now": ROOT}
        seconds = {name: [] for name in packages}
        for round_ in range(arguments.rounds + 1):
            for name, package in packages.items():
                measured = timed(arguments.folder.resolve(), package)
                if round_:  # the first fills the system's cache of files
                    seconds[name].append(measured)
    print(f"labs check {arguments.folder.name}: median of {arguments.rounds}, wall / processor seconds")
    medians = {
        name: [statistics.median(kind) for kind in zip(*each, strict=True)] for name, each in seconds.items()
    }
    for name, (wall, processor) in medians.items():
        spans = [f"{min(kind):.1f}..{max(kind):.1f}" for kind in zip(*seconds[name], strict=True)]
        print(f"  {name:10} {wall:6.2f} ({spans[0]})  {processor:6.2f} ({spans[1]})")
    ratios = [now / before for before, now in zip(*medians.values(), strict=True)]
    print(f"  ratio      {ratios[0]:6.2f}  {ratios[1]:18.2f}")


if __name__ == "__main__":
    main()
