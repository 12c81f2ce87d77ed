"""Trains and exports saved_models/hangul (256 syllables) or saved_models/hangul_2350, and measures it.

Learns from the bundled training faces, and from those of Debian's font packages named below when
they are installed. The bundled test faces and labs/hangul/strokes.py are only measured on, at the end.

    apt-get install fonts-nanum fonts-nanum-extra fonts-woowa-bm fonts-baekmuk \\
        fonts-unfonts-core fonts-unfonts-extra fonts-alee
    python tools/train_hangul.py --labels 256 --steps 2400 --train-only first.keras
    python tools/train_hangul.py --labels 2350 --steps 6000 --start first.keras --train-only big.keras
    python tools/train_hangul.py --labels 256 --steps 2500 --start big.keras --peak 0.002

So the kept models were made: the 256 learn a little better after the 2,350. --only-measure big.keras exports.
Where Keras runs on JAX (KERAS_BACKEND=jax, no TensorFlow needed) a GPU does the same, with as many processes
drawing as there are cores; --train-only leaves the exporting to a machine with TensorFlow (--only-measure):

    KERAS_BACKEND=jax python tools/train_hangul.py --labels 2350 --batch 1024 --steps 9000 --workers 16 --train-only big.keras
    python tools/train_hangul.py --labels 2350 --only-measure big.keras
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import labs
from labs.hangul import CAREFUL, CLEAN, HAND, Face, Renderer, bundled_faces, common, strokes
from labs.hangul.fonts import draws_all
from labs.hangul.net import one_cycle, recogniser

HANDWRITING = "EunjinNakseo Eunjin UnPilgi UnPilgia UnGungseo UnYetgul UnShinmun UnTaza"
PRINT = """UnBatang UnDinaru UnJamoSora UnJamoNovel UnVada Bangwool Guseul Bandal batang hline gulim
BMEULJIROTTF BMHANNA_11yrs_ttf NanumGothicCoding NanumSquare_acR NanumBarunGothic NanumGothicEcoR
NanumMyeongjoEcoR BMEuljiro10yearslater NanumMyeongjo-YetHangul"""


def training_faces(kind, fonts, syllables):
    """The bundled faces and Debian's of this kind, those that have all the syllables."""
    names = HANDWRITING if kind == "handwriting" else PRINT
    paths = [path for name in names.split() for path in sorted(fonts.rglob(f"{name}.ttf"))]
    extra = [Face(path, path.stem, kind) for path in paths]
    return bundled_faces("train", kind) + [face for face in extra if draws_all(face, syllables)]


def measure(model, syllables):
    """Accuracy on the unseen faces (as printed, and as written by a careful hand) and on strokes."""
    metrics, golden = {}, []
    for kind in ("print", "handwriting"):
        faces = bundled_faces("test", kind)
        for name, style in (("as_printed", CLEAN), ("as_written", CAREFUL)):
            images, truth, _ = Renderer(faces, syllables, style, seed=1).every()
            metrics[f"unseen_{kind}_{name}"] = accuracy(model, images, truth)
        golden.append(images[:: len(images) // 5][:5])
    images, truth = strokes.sample(syllables, each=8 if len(syllables) < 1000 else 2)
    metrics["drawn_strokes"] = accuracy(model, images, truth)
    return metrics, np.concatenate([*golden, images[:: len(images) // 6][:6]])


def accuracy(model, images, truth):
    """The share of pictures whose most probable label is the true one."""
    answers = [
        model.predict_on_batch(images[i : i + 512].astype("float32")).argmax(axis=1)
        for i in range(0, len(images), 512)
    ]
    return float(np.mean(np.concatenate(answers) == truth))


def main():
    """Train, measure, export."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", type=int, default=256)
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--peak", type=float, default=4e-3)
    parser.add_argument(
        "--start", type=Path, help="a .keras file whose weights, the last layer's apart, to begin with"
    )
    parser.add_argument(
        "--width", type=float, default=1.0, help="of the network: 1.2 has 1.4 times the weights"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes that draw pictures")
    parser.add_argument(
        "--train-only", type=Path, metavar="FILE", help="save the network there, nothing else"
    )
    parser.add_argument("--only-measure", type=Path, help="a trained .keras file to measure and export")
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/truetype"))
    parser.add_argument("--to", type=Path, default=Path("saved_models"))
    options = parser.parse_args()
    syllables = common(options.labels)
    if options.only_measure:
        model = keras.models.load_model(options.only_measure, compile=False)
    else:
        model = train(options, syllables)
    if options.train_only:
        model.save(options.train_only)
        return
    metrics, golden = measure(model, syllables)
    for name, value in metrics.items():
        print(f"{name:32} {value:.2%}")
    name = "hangul" if options.labels == 256 else f"hangul_{options.labels}"
    source = f"drawn from bundled and Debian fonts by tools/train_hangul.py, {options.steps} steps of {options.batch}"
    source += ", after an earlier run" if options.start else ""
    labs.export(
        model,
        options.to / name,
        labels=syllables,
        x=golden,
        metrics=metrics,
        source=source,
        precision="float16",
    )


class Pictures(keras.utils.PyDataset):
    """Fresh pictures: batch number i is the same whichever process draws it."""

    def __init__(self, renderers, batch, steps, **options):
        super().__init__(max_queue_size=64, **options)
        self.renderers, self.batch, self.steps, self.epoch = renderers, batch, steps, 0

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        parts = []
        for number, renderer in enumerate(self.renderers):
            renderer.seed((number, self.epoch, index))
            parts.append(renderer.batch(self.batch // len(self.renderers)))
        images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return images, labels

    def on_epoch_end(self):
        self.epoch += 1


def train(options, syllables):
    """The network after so many steps of fresh pictures, half handwriting and half print."""
    keras.utils.set_random_seed(0)
    kinds = ("handwriting", "print")
    faces = [training_faces(kind, options.fonts, syllables) for kind in kinds]
    print("training faces:", {kind: len(members) for kind, members in zip(kinds, faces, strict=True)})
    renderers = [Renderer(members, syllables, HAND) for members in faces]
    model = recogniser(len(syllables), options.width)
    if options.start:
        begin_with(model, keras.models.load_model(options.start, compile=False))
    optimizer = keras.optimizers.AdamW(one_cycle(options.peak, options.steps), weight_decay=0.01)
    on_tensorflow = keras.config.backend() == "tensorflow"
    if on_tensorflow:  # the quick layers are written for it
        model = labs.train.quick(model)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    epochs = max(1, options.steps // 500)
    several = {"workers": options.workers, "use_multiprocessing": True} if options.workers > 1 else {}
    pictures = Pictures(renderers, options.batch, options.steps // epochs, **several)
    model.fit(pictures, epochs=epochs, shuffle=False, verbose=2)
    return labs.train.plain(model) if on_tensorflow else model


def begin_with(model, other):
    """Copy the weights of every layer whose shapes agree."""
    for layer, kept in zip(model.layers, other.layers, strict=True):
        if [w.shape for w in layer.weights] == [w.shape for w in kept.weights]:
            layer.set_weights(kept.get_weights())


if __name__ == "__main__":
    main()
