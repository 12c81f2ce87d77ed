"""Makes data/fsdd_sample.zip, 240 of the Free Spoken Digit Dataset's recordings as their authors wrote them, six for the site, and digits.png.

LABS_DATA=... python tools/build_fsdd_sample.py
"""

import shutil
import zipfile

import cv2
import numpy as np
from build_bccd_sample import add

import labs
from labs.data import locate, spoken_digits
from labs.files import bundled, whole_file

NUMBERS = (2, 5, 6, 7)  # 2 is of the official test part
SITE = ("0_george_2", "2_lucas_2", "4_jackson_2", "6_nicolas_2", "7_theo_3", "9_yweweler_2")
NOTICE = """Free Spoken Digit Dataset, https://github.com/Jakobovski/free-spoken-digit-dataset
Zohar Jackson and contributors (speakers: george, jackson, lucas, nicolas, theo, yweweler).
Creative Commons Attribution-ShareAlike 4.0 International, https://creativecommons.org/licenses/by-sa/4.0/
These recordings are the authors' files, unchanged; a selection.
"""


def main():
    recordings = locate("spoken_digits")[0] / "recordings"
    target = bundled("README.md").parent / "fsdd_sample.zip"
    with whole_file(target) as partial, zipfile.ZipFile(partial, "w") as archive:
        add(archive, "LICENSE", NOTICE.encode())
        for digit in spoken_digits.LABELS:
            for speaker in spoken_digits.SPEAKERS:
                for number in NUMBERS:
                    name = f"{digit}_{speaker}_{number}.wav"
                    add(archive, name, (recordings / name).read_bytes())
    samples = target.parent.parent / "web" / "public" / "samples"
    for name in SITE:
        shutil.copyfile(recordings / f"{name}.wav", samples / f"spoken_{name}.wav")
    digits = labs.load("mnist", "sample")
    rows = [np.hstack(digits.x_test[digits.y_test == digit][:4, ..., 0]) for digit in range(10)]
    (samples / "digits.png").write_bytes(cv2.imencode(".png", np.vstack(rows))[1].tobytes())
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
