"""Makes data/bccd_sample.zip, 40 of BCCD's photographs with their annotations and licence, and two for the site, all as the authors wrote them.

LABS_DATA=... python tools/build_bccd_sample.py
"""

import shutil
import zipfile

import numpy as np

from labs.data import bccd, locate
from labs.files import bundled, whole_file

COUNTS = {"train": 24, "val": 8, "test": 8}
ODD = (
    "BloodImage_00338",
    "BloodImage_00343",
    "BloodImage_00251",
)  # an empty box, another, a cell that is there twice
SEED = 12
SITE = {"cells.jpg": "BloodImage_00031", "cells2.jpg": "BloodImage_00365"}  # both of the test part


def main():
    root, _ = locate("bccd")
    random = np.random.default_rng(SEED)
    target = bundled("README.md").parent / "bccd_sample.zip"
    with whole_file(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, count in COUNTS.items():
            names = (root / f"{part}.txt").read_text(encoding="utf-8").split()
            names = sorted(random.permutation(names), key=lambda name: name not in ODD)[:count]
            add(archive, f"{part}.txt", "".join(f"{name}\n" for name in sorted(names)).encode())
            for name in sorted(names):
                for file in (f"Annotations/{name}.xml", f"JPEGImages/{name}.jpg"):
                    add(archive, file, (root / file).read_bytes())
        add(archive, "LICENSE", (root / "LICENSE").read_bytes())
    for file, name in SITE.items():
        shutil.copyfile(
            root / f"JPEGImages/{name}.jpg", target.parent.parent / "web" / "public" / "samples" / file
        )
    sample = bccd.sample()[0]
    print(
        f"{target.name}: {target.stat().st_size:,} bytes, {len(sample[0])} + {len(sample[2])} pictures, {bccd.report('sample')}"
    )


def add(archive, name, content):
    """A file without the time of day, so that the same archive comes out again."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


if __name__ == "__main__":
    main()
