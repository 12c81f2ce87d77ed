"""Makes data/models/face_landmarks.npz: the 68-point face network of face-api.js, for lab 13.

    python tools/build_face_landmarks.py

Needs npm. The package is only unpacked, nothing of it runs. Its bytes become numbers as lab 06 explains; origin and licence are in
data/README.md.
"""

import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from labs.files import bundled, whole_file

PACKAGE = "@vladmandic/face-api@1.7.15"
SHA256 = "b98e9f2f7da76f8a6dda9741a36ed485b224b889d552de2b2c1bb16217f67bfc"  # of the network's weights in it
MODEL = "package/model/face_landmark_68_tiny_model"


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            listed = json.load(package.extractfile(f"{MODEL}-weights_manifest.json"))
            data = package.extractfile(f"{MODEL}.bin").read()
    if (found := hashlib.sha256(data).hexdigest()) != SHA256:
        raise SystemExit(f"{PACKAGE} is not the package this script was written for: its sha256 is {found}.")
    arrays, stream = {}, io.BytesIO(data)
    for entry in listed[0]["weights"]:
        stored = np.frombuffer(stream.read(int(np.prod(entry["shape"]))), np.uint8).reshape(entry["shape"])
        scale, smallest = entry["quantization"]["scale"], entry["quantization"]["min"]
        arrays[entry["name"]] = (stored.astype("float32") * scale + smallest).astype("float16")
    with (
        whole_file(bundled("README.md").parent / "models" / "face_landmarks.npz") as partial,
        open(partial, "wb") as file,
    ):
        np.savez_compressed(file, **arrays)


if __name__ == "__main__":
    main()
