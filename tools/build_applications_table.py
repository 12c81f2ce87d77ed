"""Writes data/keras_applications.json: thirteen networks of keras.applications, counted by building each.

    python tools/build_applications_table.py      # a minute or two; no weights are downloaded

Parameters, layers and the size of the picture come from the library itself. The accuracies on ImageNet
are those of https://keras.io/api/applications (read in November 2026): nobody measures them in a classroom.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402

from labs.files import whole_file  # noqa: E402

ACCURACY = {  # top-1 and top-5, percent
    "Xception": (79.0, 94.5),
    "VGG16": (71.3, 90.1),
    "VGG19": (71.3, 90.0),
    "ResNet50": (74.9, 92.1),
    "InceptionV3": (77.9, 93.7),
    "InceptionResNetV2": (80.3, 95.3),
    "MobileNet": (70.4, 89.5),
    "MobileNetV2": (71.3, 90.1),
    "DenseNet121": (75.0, 92.3),
    "DenseNet169": (76.2, 93.2),
    "DenseNet201": (77.3, 93.6),
    "NASNetMobile": (74.4, 91.9),
    "NASNetLarge": (82.5, 96.0),
}


def row(name):
    """What there is to count in one network; depth is the number of layers with parameters."""
    network = getattr(keras.applications, name)(weights=None)
    top1, top5 = ACCURACY[name]
    return {
        "name": name,
        "megabytes": round(4 * network.count_params() / 2**20),
        "top1": top1,
        "top5": top5,
        "parameters": network.count_params(),
        "depth": sum(bool(layer.weights) for layer in network.layers),
        "side": network.input_shape[1],
    }


def main():
    rows = []
    for name in ACCURACY:
        rows.append(row(name))
        print(rows[-1], flush=True)
        keras.backend.clear_session()
    text = "[\n" + ",\n".join(json.dumps(one) for one in rows) + "\n]\n"
    with whole_file(ROOT / "data" / "keras_applications.json") as partial:
        partial.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
