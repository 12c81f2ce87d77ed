"""Trains and exports saved_models/cifar10 (lab 01's fast network) and saved_models/cats_vs_dogs (lab 03's MobileNet).

    LABS_DATA=... python tools/train_photo_models.py            # both, some minutes on two cores
    LABS_DATA=... python tools/train_photo_models.py cifar10

They are what the photo and the camera page show on a fresh clone. The networks learn from real photographs, which may not
be published; the golden pictures that go with them are drawings of ours and open photographs (data/README.md).
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2
import keras
import numpy as np
from keras import layers
from left_out import explain

import labs

OPEN = ROOT / "data" / "photos_open"


def cifar10(folder):
    """The recipe fast-80 of benchmarks/cifar10.py: small pictures first, orthogonalised updates; one look, for the browser's sake."""
    dataset, train = labs.load("cifar10"), labs.train
    keras.utils.set_random_seed(1)
    model = labs.nets.cifar10_fast(dataset.x_train, 32, 2)
    sides = [(16, 2), (24, 1), (32, 2)]  # height and width of the pictures, epochs of them
    steps = sum(epochs for _, epochs in sides) * (len(dataset.x_train) // 256)
    optimizer = train.Turn(train.UpThenDown(0.14, steps))
    for number, (side, epochs) in enumerate(sides):
        network = model if side == 32 else train.smaller(model, side)
        batches = train.batches(
            train.shrink(dataset.x_train, side), dataset.y_train, 256, shift=1, seed=number
        )
        network.compile(optimizer, train.smoothed_loss())
        network.fit(batches, epochs=epochs, verbose=2, shuffle=False)
    plain = train.plain(model)
    accuracy = np.mean(
        plain.predict(dataset.x_test, batch_size=500, verbose=0).argmax(axis=1) == dataset.y_test
    )
    drawn = labs.load("cifar10", "sample").x_test[:14]
    x = np.concatenate([drawn, open_photographs(32, "chelsea", "rocket")])
    source = f"{dataset.source}, 50,000 photographs in a JPEG copy, by tools/train_photo_models.py"
    labs.export(plain, folder, dataset.labels, x, {"test_accuracy": accuracy}, source, "float16")


def cats_vs_dogs(folder):
    """Lab 03: a new head on MobileNet's features. The page finds the last feature maps in the graph, for its heat map.

    As a second output, as in the lab, they would not pass labs.check in float16: they differ by a tenth of their
    spread, the probabilities by less than a thousandth.
    """
    data = labs.load("cats_vs_dogs", side=224, train=2000, test=1000)
    backbone = labs.backbone.load("MobileNet", alpha=0.75, include_top=False)
    inputs = keras.Input((224, 224, 3), name="input")
    maps = backbone(labs.backbone.preprocessing("MobileNet")(inputs))
    extractor = keras.Model(inputs, layers.GlobalAveragePooling2D()(maps))
    x_train, x_test = (labs.backbone.features(extractor, x) for x in (data.x_train, data.x_test))
    keras.utils.set_random_seed(3)
    head = keras.Sequential(
        [
            keras.Input(x_train.shape[1:]),
            layers.Dropout(0.3),
            layers.Dense(2, activation="softmax", name="output"),
        ]
    )
    head.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    head.fit(x_train, data.y_train, 64, 20, verbose=2)
    accuracy = head.evaluate(x_test, data.y_test, verbose=0)[1]
    output = head(layers.GlobalAveragePooling2D()(maps))
    drawn = labs.load("cats_vs_dogs", "sample", side=224).x_test[:2]
    x = np.concatenate([drawn, open_photographs(224, "chelsea", "coffee")])
    source = f"{data.source}, 1,998 photographs on MobileNet 0.75 of ImageNet, by tools/train_photo_models.py"
    labs.export(
        keras.Model(inputs, output),
        folder,
        data.labels,
        x,
        {"test_accuracy": accuracy},
        source,
        "float16",
        ("tfjs",),
    )
    explain(folder, "left out to keep the clone small: `labs run 03` makes it")


def open_photographs(side, *names):
    """The middle of photographs that anybody may use, side x side."""
    pictures = [cv2.imread(str(OPEN / f"{name}.jpg"))[..., ::-1] for name in names]
    return np.stack(
        [cv2.resize(square(picture), (side, side), interpolation=cv2.INTER_AREA) for picture in pictures]
    )


def square(picture):
    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    return picture[top : top + side, left : left + side]


if __name__ == "__main__":
    makers = {"cifar10": cifar10, "cats_vs_dogs": cats_vs_dogs}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", choices=[*makers, []], help="both when none is named")
    for name in parser.parse_args().models or makers:
        makers[name](ROOT / "saved_models" / name)
        print(labs.check(ROOT / "saved_models" / name))
