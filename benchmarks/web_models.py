"""What benchmarks/web.mjs compares: our site, and the same networks from the stock converter and as ONNX.

python benchmarks/web_models.py OUT [NAME ...]     # called by benchmarks/web.mjs
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(ROOT))

from labs import site  # noqa: E402
from labs.export.card import read_card, read_golden  # noqa: E402


def main(out, names):
    import labs

    kept = [name for name in names if name != "mobilenet"]
    folders = [ROOT / "saved_models" / name for name in kept]
    if len(kept) < len(names):
        folders.append(mobilenet(out))
    half = out / "halved" / "mnist_float16"
    if "mnist" in names:
        import keras

        model = keras.saving.load_model(ROOT / "saved_models" / "mnist" / "model.keras")
        pictures = labs.load("mnist", "sample").x_test
        labels = [str(i) for i in range(10)]
        labs.export(model, half, labels=labels, x=pictures, precision="float16", formats=("tfjs",))
    site.build([*folders, *([half] if half.is_dir() else [])], out / "site")
    if (out / "exported" / "demo").is_dir():
        stock(out / "exported" / "demo", out / "site" / "stock" / "mobilenet_demo")
    pictures = {}
    for folder in folders:
        inputs, _ = read_golden(folder, read_card(folder))
        picture = next(iter(inputs.values()))[0]
        pictures[folder.name] = {"shape": [1, *picture.shape], "values": picture.ravel().tolist()}
        stock(folder, out / "site" / "stock" / folder.name)
        stock(folder, out / "site" / "stock" / f"{folder.name}_float16", "--quantize_float16=*")
        shutil.copy(folder / "model.onnx", out / "site" / "stock" / f"{folder.name}.onnx")
    (out / "site" / "pictures.json").write_text(json.dumps(pictures), encoding="utf-8")


def mobilenet(out):
    """Keras' MobileNet (alpha 0.75) as a model of ours, and with a 1001st class for TensorFlow.js' own package."""
    import keras
    import numpy as np

    import labs

    top = labs.backbone.load("MobileNet", alpha=0.75)
    picture = keras.Input((224, 224, 3), name="input")
    said = top(labs.backbone.preprocessing("MobileNet")(picture))
    model = keras.Model(picture, keras.layers.Identity(name="output")(said))
    pictures = np.float32(np.random.default_rng(0).integers(0, 256, (4, 224, 224, 3)))
    folder = out / "exported" / "mobilenet"
    formats = ("saved_model", "model.onnx", "tfjs")
    labs.export(model, folder, labels=labs.backbone.labels(), x=pictures, formats=formats)
    with_background = keras.Model(picture, keras.ops.pad(said, [[0, 0], [1, 0]]))
    with_background.export(str(out / "exported" / "demo" / "saved_model"), verbose=False)

    return folder


def stock(folder, target, *options):
    converter = "from tensorflowjs.converters.converter import pip_main; pip_main()"
    formats = ("--input_format=tf_saved_model", "--output_format=tfjs_graph_model")
    subprocess.run(
        [sys.executable, "-c", converter, *formats, *options, str(folder / "saved_model"), str(target)],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
