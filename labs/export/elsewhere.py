"""A network of another Keras backend (JAX, PyTorch): saved, and exported by a Python that uses TensorFlow."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from labs.errors import ExportError


def on_another_backend(model):
    """Whether `model` is a Keras network that TensorFlow does not run in this process."""
    import keras

    return isinstance(model, keras.Model) and keras.backend.backend() != "tensorflow"


def export_elsewhere(model, folder, x, **options):
    """labs.export in a Python with TensorFlow; its arguments. Raises ExportError with that one's sentence."""
    with tempfile.TemporaryDirectory(prefix="labs-export-") as between:
        between = Path(between)
        model.save(between / "network.keras")
        batches = x if isinstance(x, dict) else dict(enumerate(x if isinstance(x, (list, tuple)) else [x]))
        np.savez(between / "x.npz", **{str(name): np.asarray(batch) for name, batch in batches.items()})
        options = {**options, "named": isinstance(x, dict), "folder": str(Path(folder).resolve())}
        (between / "options.json").write_text(json.dumps(options), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "labs.export.elsewhere", str(between)],
            env={**os.environ, "KERAS_BACKEND": "tensorflow", "PYTHONUTF8": "1"},
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it ended without a word"]
        raise ExportError(said[-1].removeprefix("labs: "))
    return Path(folder)


def main(between):
    """The other side: read what export_elsewhere has written."""
    import keras

    import labs
    from labs.errors import LabsError

    options = json.loads((between / "options.json").read_text(encoding="utf-8"))
    with np.load(between / "x.npz", allow_pickle=False) as archive:
        batches = {name: archive[name] for name in archive.files}
    x = batches if options.pop("named") else [batches[str(i)] for i in range(len(batches))]
    try:
        # The file is this user's own network, saved a moment ago: it may hold their Lambda.
        model = keras.saving.load_model(between / "network.keras", compile=False, safe_mode=False)
        labs.export(model, x=x, **options)
    except LabsError as error:
        sys.exit(f"labs: {error}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
