"""Lab 11b's network and training beside the U-Net and the DeepLabV3+ of keras.io's examples, on the same pictures.

    LABS_DATA=... python benchmarks/segmentation.py                       # all three, an hour on two cores
    LABS_DATA=... python benchmarks/segmentation.py unet --seconds 300    # one of them
    python benchmarks/segmentation.py --speed                             # parameters, operations, milliseconds in each runtime

CamVid at 320x240 (labs.load("camvid")), 367 pictures to learn from; mIoU of every fourth test picture after each epoch, of
all at the end. Counted are the processor seconds of the training alone. keras.io's networks, optimizers and batches are as those pages
give them (Oxford-pets U-Net: Adam 1e-4, batches of 32; DeepLabV3+: Adam 1e-3, batches of 4), no augmentation, void left
out of the loss; DeepLabV3+ begins with ImageNet's ResNet50 where its weights can be had, else with random ones, and the
table says which. Results are added to benchmarks/results/segmentation.json.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import cv2  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import train_street as street  # noqa: E402
from keras import layers  # noqa: E402

import labs  # noqa: E402
from labs.masks import Batches, confusion, iou  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "segmentation.json"
SHAPE = (240, 320, 3)
SOFT = keras.losses.SparseCategoricalCrossentropy(ignore_class=street.VOID)
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=street.VOID)


def ours(data, epochs):
    """tools/train_street.py's network and recipe, so many epochs."""
    backbone = labs.backbone.load("MobileNet", **street.MOBILENET)
    model = street.network(backbone)
    street.compile_for(model, data.y_train)
    batches = Batches(data.x_train, data.y_train, street.VOID)
    return model, batches, [street.OneCycle(2e-3, lambda epoch: epoch / epochs)], "ImageNet"


def unet(data=None, _=None):
    """The U-Net of keras.io/examples/vision/oxford_pets_image_segmentation."""
    inputs = keras.Input(SHAPE)
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(32, 3, 2, padding="same")(inputs)))
    before = x
    for filters in (64, 128, 256):
        for _ in range(2):
            x = layers.BatchNormalization()(
                layers.SeparableConv2D(filters, 3, padding="same")(layers.ReLU()(x))
            )
        x = layers.MaxPooling2D(3, 2, padding="same")(x)
        before = x = layers.Add()([x, layers.Conv2D(filters, 1, 2, padding="same")(before)])
    for filters in (256, 128, 64, 32):
        for _ in range(2):
            x = layers.BatchNormalization()(
                layers.Conv2DTranspose(filters, 3, padding="same")(layers.ReLU()(x))
            )
        x = layers.UpSampling2D()(x)
        aside = layers.Conv2D(filters, 1, padding="same")(layers.UpSampling2D()(before))
        before = x = layers.Add()([x, aside])
    outputs = layers.Conv2D(11, 3, activation="softmax", padding="same")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(1e-4), SOFT)
    return model, data and plain(data, 32), [], "random"


def deeplab(data, _):
    """The DeepLabV3+ of keras.io/examples/vision/deeplabv3_plus: ResNet50, an atrous pyramid of 256 channels."""

    def block(x, filters=256, size=3, rate=1, bias=False):
        x = layers.Conv2D(
            filters, size, padding="same", dilation_rate=rate, use_bias=bias, kernel_initializer="he_normal"
        )(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    def up(x, factor):
        return layers.UpSampling2D(factor, interpolation="bilinear")(x)

    inputs = keras.Input(SHAPE)
    pixels = labs.backbone.preprocessing("ResNet50")(inputs)
    try:
        resnet, start = labs.backbone.load("ResNet50", include_top=False, input_tensor=pixels), "ImageNet"
    except labs.LabsError:
        resnet = keras.applications.ResNet50(weights=None, include_top=False, input_tensor=pixels)
        start = "random"
    x = resnet.get_layer("conv4_block6_2_relu").output
    whole = layers.AveragePooling2D(x.shape[1:3])(x)
    whole = layers.UpSampling2D(x.shape[1:3], interpolation="bilinear")(block(whole, size=1, bias=True))
    looks = [whole, block(x, size=1), *(block(x, rate=rate) for rate in (6, 12, 18))]
    x = up(block(layers.Concatenate()(looks), size=1), 4)
    early = block(resnet.get_layer("conv2_block3_2_relu").output, 48, 1)
    x = block(block(layers.Concatenate()([x, early])))
    model = keras.Model(inputs, layers.Conv2D(11, 1)(up(x, 4)))
    model.compile(keras.optimizers.Adam(1e-3), LOGITS)
    return model, plain(data, 4), [], start


def plain(data, size):
    """Shuffled batches without any change."""
    return Batches(data.x_train, data.y_train, street.VOID, size, zoom=(1, 1), light=0, mirror=False)


class Measured(keras.callbacks.Callback):
    """mIoU after each epoch, beside the processor seconds until then (batches and training); stops after `seconds`."""

    def __init__(self, data, seconds):
        super().__init__()
        self.x, self.y, self.seconds = data.x_test[::4], data.y_test[::4], seconds
        self.spent, self.rows = 0.0, []

    def on_epoch_begin(self, epoch, logs=None):
        self.before, self.start = self.spent, time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.spent = self.before + time.process_time() - self.start
        if self.spent > self.seconds:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1, "seconds": round(self.spent, 1), "miou": miou(self.model, self.x, self.y)}
        self.rows.append(row)
        print(f"  epoch {epoch + 1}: {self.spent:.0f} processor seconds, mIoU {row['miou']:.3f}", flush=True)


def fcn(skips):
    """Lab 11's FCN-32s (0 skips), FCN-16s (1) and FCN-8s (2) with the backbone before them."""
    backbone = keras.applications.MobileNet(weights=None, **street.MOBILENET)
    names = ("conv_pw_11_relu", "conv_pw_5_relu", "conv_pw_3_relu")
    maps = [backbone.get_layer(name).output for name in names]
    x = layers.Conv2D(11, 1)(maps[0])
    for skip in maps[1 : 1 + skips]:
        x = layers.Resizing(*skip.shape[1:3], interpolation="bilinear")(x)
        x = layers.Add()([x, layers.Conv2D(11, 1)(skip)])
    return keras.Model(backbone.input, layers.Resizing(60, 80, interpolation="bilinear")(x))


def speed():
    """Parameters, operations, and the milliseconds of a picture in each runtime, with untrained weights."""
    backbone = keras.applications.MobileNet(weights=None, **street.MOBILENET)
    networks = {
        "FCN-32s": fcn(0),
        "FCN-8s": fcn(2),
        "DeepLab to a quarter": street.network(backbone),
        "DeepLab to a half (street)": street.network(backbone, stride=2),
        "keras.io's U-Net": unet()[0],
    }
    rows = {name: speed_of(model) for name, model in networks.items()}
    titles = ["network", *next(iter(rows.values()))]
    print(f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(str(value) for value in row.values()) + " |")


def speed_of(model):
    picture = np.random.default_rng(0).integers(0, 256, (1, *SHAPE)).astype("float32")
    with tempfile.TemporaryDirectory() as folder:
        labs.export(model, Path(folder) / "model", x=picture)
        report = labs.check(Path(folder) / "model", seconds=300)
    facts = {"parameters": f"{model.count_params():,}", "million operations": operations(model)}
    return facts | {
        row.title: f"{row.milliseconds:.0f}" if row.milliseconds else row.status for row in report.rows
    }


def operations(model):
    """Multiplications and additions of one picture, in millions, as TensorFlow's profiler counts them."""
    import tensorflow as tf

    graph = tf.function(model).get_concrete_function(tf.TensorSpec((1, *SHAPE))).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    return round(tf.compat.v1.profiler.profile(graph, cmd="scope", options=options).total_float_ops / 1e6)


def miou(model, x, y):
    return round(float(np.nanmean(iou(confusion(y, street.masks_of(model, x, 8), 11, street.VOID)))), 4)


def measure(name, epochs, seconds):
    keras.utils.set_random_seed(11)
    data = labs.load("camvid")
    model, batches, callbacks, start = {"ours": ours, "unet": unet, "deeplab": deeplab}[name](data, epochs)
    clock = Measured(data, seconds)
    print(f"{name}: {model.count_params():,} weights, begun with {start} ones", flush=True)
    model.fit(batches, epochs=epochs, callbacks=[*callbacks, clock], verbose=0)
    facts = {"weights": model.count_params(), "begun with": start, "epochs": clock.rows}
    return facts | {"seconds": round(clock.spent, 1), "test_miou": miou(model, data.x_test, data.y_test)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", choices=["ours", "unet", "deeplab", []])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=1200, help="processor seconds of each, at most")
    parser.add_argument(
        "--speed", action="store_true", help="no training: what a picture costs in each runtime"
    )
    options = parser.parse_args()
    if options.speed:
        return speed()
    cv2.setNumThreads(1)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in options.networks or ("ours", "unet", "deeplab"):
        results[name] = measure(name, options.epochs, options.seconds)
        RESULTS.write_text(json.dumps(results, indent=1), encoding="utf-8")
    for name, facts in results.items():
        best = max(facts["epochs"], key=lambda row: row["miou"])
        print(
            f"{name:8} {facts['weights']:>11,} weights  mIoU {facts['test_miou']:.3f} after {facts['seconds']:.0f} s"
        )
        if name != "ours" and "ours" in results:
            sooner = [row["seconds"] for row in results["ours"]["epochs"] if row["miou"] >= best["miou"]]
            if sooner:
                print(
                    f"  its best, {best['miou']:.3f} after {best['seconds']:.0f} s: ours after {sooner[0]:.0f} s, {best['seconds'] / sooner[0]:.1f} times sooner"
                )


if __name__ == "__main__":
    main()
