"""Trains saved_models/writer: a printed syllable is written in one of four hands, 64x64 pixels, on one processor core.

    python tools/train_writer.py --minutes 60 --weights writer.npz      # learn; the weights are kept every two minutes
    python tools/train_writer.py --minutes 0 --weights writer.npz       # measure and export what they make

Pix2pix (Isola et al., CVPR 2017) with three changes. The hand is a second input, (1, 1, 4), of which each
layer makes its gains and shifts (conditional normalisation): a mixture of two hands is a vector between
two. Beside L1 and the examiner of patches there is a frozen reader, the convolutions of saved_models/hangul
(256 syllables): the written syllable's features shall be those of the true one, and tell the same jamo; and a
frozen coach, a small network that tells the fifteen faces apart: its features and its answer too. And print
comes from the eleven bundled print faces for training, moved and turned a little, with the hand's picture
moved alike. At the end the mist that a short training leaves is sharpened, as much as the coach likes best.
Neither the two judges, saved_models/hangul_2350 and a classifier of faces of another shape that learns after
the writer, nor every fifth syllable is ever seen in training.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

import labs  # noqa: E402
from labs.files import whole_file  # noqa: E402
from labs.hangul import CLEAN, Renderer, bundled_faces, common, jamo  # noqa: E402

HANDS = {  # name: family of the face it is learnt from
    "pen": "Labs Hand Pen",
    "brush": "Labs Hand East",
    "style": "Labs Hand Style",
    "story": "Labs Hand Story",
}
SIZE = 64
SHARP = (1.0, 1.5, 2.0, 3.0)  # tried at the end
PATIENCE = 120  # seconds between two savings of the weights


def network():
    """A U-Net from (n, 64, 64, 1) raw pixels and a hand (n, 1, 1, 4) to the written picture, 0..255."""
    printed, hand = keras.Input((SIZE, SIZE, 1), name="input"), keras.Input((1, 1, len(HANDS)), name="hand")

    def unit(x, filters, size=3, strides=1):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.95, center=False, scale=False)(x)
        gain = layers.Conv2D(filters, 1, kernel_initializer="zeros", bias_initializer="ones")(hand)
        shift = layers.Conv2D(filters, 1, kernel_initializer="zeros", use_bias=False)(hand)
        return layers.ReLU()(layers.Add()([layers.Multiply()([x, gain]), shift]))

    def up(x, skip, filters):
        x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        return unit(layers.Concatenate()([x, skip]), skip.shape[-1])

    x = layers.Rescaling(1 / 255)(printed)
    half = unit(x, 24, size=5, strides=2)
    quarter = unit(unit(half, 48, strides=2), 48)
    eighth = unit(unit(quarter, 96, strides=2), 96)
    x = unit(unit(eighth, 128, strides=2), 128)
    x = up(x, eighth, 64)
    x = up(x, quarter, 48)
    x = up(x, half, 24)
    dark = keras.initializers.Constant(-2)  # most pixels of a picture are black
    x = layers.Conv2DTranspose(1, 4, strides=2, padding="same", bias_initializer=dark, name="strokes")(x)
    ink = layers.Conv2D(1, 1, use_bias=False, kernel_initializer="zeros", name="ink")(hand)  # see sharpen()
    x = layers.Activation("sigmoid")(layers.Add()([x, ink]))
    return keras.Model([printed, hand], {"picture": layers.Rescaling(255, name="picture")(x)}, name="writer")


def examiner():
    """Says of each 8x8 patch whether print and writing are a true pair in this hand: (n, 8, 8, 1) scores."""
    printed, written = keras.Input((SIZE, SIZE, 1)), keras.Input((SIZE, SIZE, 1))
    hand = keras.Input((1, 1, len(HANDS)))
    x = layers.Concatenate()([printed, written])
    for filters in (32, 64, 96):
        x = layers.Conv2D(filters, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(layers.Add()([x, layers.Conv2D(filters, 1, use_bias=False)(hand)]))
    return keras.Model([printed, written, hand], layers.Conv2D(1, 3, padding="same")(x), name="examiner")


def reader():
    """The frozen convolutions of saved_models/hangul: pixels 0..255 to feature maps of three sizes."""
    model = keras.models.load_model(ROOT / "saved_models" / "hangul" / "model.keras", compile=False)
    model.trainable = False
    rectified = [layer.output for layer in model.layers if isinstance(layer, layers.ReLU)]
    return keras.Model(model.input, [rectified[number] for number in (1, 3, 5)])


def jamo_numbers(syllables):
    """The number of each syllable's initial, vowel and final: int32 (n, 3)."""
    parts = [jamo.split(syllable) for syllable in syllables]
    lists = (jamo.INITIALS, jamo.VOWELS, jamo.FINALS)
    return np.array(
        [[names.index(x) for names, x in zip(lists, part, strict=True)] for part in parts], "int32"
    )


def pictures(faces, syllables):
    """Each syllable in each face, uint8 (faces, syllables, 64, 64)."""
    return np.stack([Renderer([face], syllables, CLEAN).every()[0][..., 0] for face in faces])


def faces_of(kind):
    """The faces of the hands in the order of HANDS, or print faces for "train" or "test"."""
    if kind == "hands":
        found = {face.family: face for face in bundled_faces("train", "handwriting")}
        return [found[family] for family in HANDS.values()]
    return bundled_faces(kind, "print")


def held_out(count):
    """Every fifth syllable is never learnt: True where it is one."""
    return np.arange(count) % 5 == 2


class Pairs:
    """Random pairs (print, hand, the same in that hand, jamo), the two pictures moved alike."""

    def __init__(self, prints, hands, numbers, seed=0):
        self.prints, self.hands, self.numbers = prints, hands, numbers
        self.random = np.random.default_rng(seed)

    def faces(self, count):
        """Random syllables in random faces, hands first, moved: (n, 64, 64, 1), the face's number (n,)."""
        every = len(self.hands) + len(self.prints)
        faces, which = (
            self.random.integers(every, size=count),
            self.random.integers(self.hands.shape[1], size=count),
        )
        drawn = [
            (self.hands[face] if face < len(self.hands) else self.prints[face - len(self.hands)])[syllable]
            for face, syllable in zip(faces, which, strict=True)
        ]
        return np.stack([self._moved(picture) for picture in drawn])[..., None].astype("float32"), faces

    def batch(self, count):
        draw = self.random
        which = draw.integers(self.prints.shape[1], size=count)
        hands = np.arange(count) % len(self.hands)
        sources = self.prints[draw.integers(len(self.prints), size=count), which]
        pairs = np.stack([sources, self.hands[hands, which]], axis=-1)
        moved = np.stack([self._moved(pair) for pair in pairs]).astype("float32")
        onehot = np.eye(len(self.hands), dtype="float32")[hands][:, None, None]
        return moved[..., :1], onehot, moved[..., 1:], self.numbers[which]

    def _moved(self, pair):
        """Turned by up to 4 degrees, slanted, sized 0.93 to 1.03, moved by up to 2 pixels."""
        draw = self.random.uniform(-1, 1, 5)
        matrix = cv2.getRotationMatrix2D((SIZE / 2 - 0.5,) * 2, 4 * draw[0], 0.98 + 0.05 * draw[1])
        matrix[0, 1] += 0.06 * draw[4]  # slant
        matrix[:, 2] += 2 * draw[2:4] - (0.06 * draw[4] * SIZE / 2, 0)
        return cv2.warpAffine(pair, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)


class Trainer:
    """The adversarial step, and what it needs: two networks, the reader, heads that tell jamo from its features."""

    def __init__(self, generator, coach, peak):
        self.generator, self.examiner, self.reader = generator, examiner(), reader()
        self.coach = coach
        self.heads = [layers.Dense(len(names)) for names in (jamo.INITIALS, jamo.VOWELS, jamo.FINALS)]
        for head in self.heads:
            head.build((None, 16 * 64))
        self.peak = peak
        self.rate = tf.Variable(0.0, dtype=tf.float32)
        self.forge, self.examine, self.read = (
            keras.optimizers.Adam(rate, beta_1=beta, clipnorm=clip)
            for rate, beta, clip in ((1e-4, 0.9, 5.0), (3e-4, 0.5, None), (1e-3, 0.9, None))
        )
        self.forge.build(generator.trainable_variables)
        self.examine.build(self.examiner.trainable_variables)
        self.read.build([v for head in self.heads for v in head.trainable_variables])

    def says(self, features, numbers):
        """How far the heads are from naming the jamo: mean cross-entropy of the three."""
        flat = tf.reshape(features[-1], (tf.shape(numbers)[0], -1))
        return sum(
            tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(numbers[:, part], head(flat)))
            for part, head in enumerate(self.heads)
        )

    @tf.function(reduce_retracing=True)
    def step(self, printed, hand, truth, numbers, spell, adversary):
        """One step of the generator (and of the heads), and of the examiner when `adversary` is not 0."""
        true_features, true_looks = self.reader(truth), self.coach(truth)
        with tf.GradientTape() as heads_tape:
            reading = self.says(true_features, numbers)
        variables = [v for head in self.heads for v in head.trainable_variables]
        self.read.apply(heads_tape.gradient(reading, variables), variables)
        with tf.GradientTape() as tape:
            written = self.generator([printed, hand], training=True)["picture"]
            l1 = tf.reduce_mean(tf.abs(written - truth)) / 255
            features = self.reader(written)
            *looks, face = self.coach(written)
            likeness, look = (
                sum(
                    tf.reduce_mean(tf.abs(mine - true)) / (tf.reduce_mean(tf.abs(true)) + 1e-6)
                    for mine, true in zip(written_features, of_truth, strict=True)
                )
                for written_features, of_truth in ((features, true_features), (looks, true_looks[:-1]))
            )
            spelt = self.says(features, numbers)
            number = tf.argmax(hand[:, 0, 0], axis=-1)
            taken = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(number, face))
            loss = 10 * l1 + likeness + look + spell * (spelt + taken)
            if adversary > 0:
                scores = self.examiner([printed / 255, written / 255, hand])
                loss += adversary * tf.reduce_mean(tf.nn.softplus(-scores))
        variables = self.generator.trainable_variables
        self.forge.apply(tape.gradient(loss, variables), variables)
        if adversary > 0:
            with tf.GradientTape() as tape:
                true = self.examiner([printed / 255, truth / 255, hand])
                false = self.examiner([printed / 255, written / 255, hand])
                examined = tf.reduce_mean(tf.nn.softplus(-true)) + tf.reduce_mean(tf.nn.softplus(false))
            variables = self.examiner.trainable_variables
            self.examine.apply(tape.gradient(examined, variables), variables)
        return tf.stack([l1, likeness, spelt, reading, look, taken])

    def learn(self, pairs, minutes, batch, save):
        """Steps until the processor minutes are over; the rate rises at first and falls to nothing at the end."""
        start, saved = time.process_time(), time.monotonic()
        steps, seen = 0, []
        while (done := (time.process_time() - start) / (60 * minutes)) < 1:
            self.forge.learning_rate = (
                self.peak * min(1, (steps + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * done))
            )
            spell, adversary = 0.1 * min(1, done / 0.1), 0.1 * float(done > 0.6)
            arrays = [tf.constant(array) for array in pairs.batch(batch)]
            seen.append(
                self.step(*arrays, tf.constant(spell, tf.float32), tf.constant(adversary, tf.float32))
            )
            steps += 1
            if time.monotonic() - saved > PATIENCE:
                saved = time.monotonic()
                l1, likeness, spelt, reading, look, taken = np.mean(seen, axis=0)
                print(
                    f"{steps} steps, {time.process_time():.0f} processor s: L1 {l1:.3f} features {likeness:.3f}"
                    f" jamo {spelt:.2f} ({reading:.2f} for the true hand) looks {look:.3f} face {taken:.2f}",
                    flush=True,
                )
                seen = []
                save(steps)
        save(steps)


def write(generator, printed, hands, batch=128):
    """Pictures uint8 (n, 64, 64) for print (n, 64, 64) in the hands' numbers (n,)."""
    vectors = np.eye(len(HANDS), dtype="float32")[hands][:, None, None]
    parts = [
        generator(
            [printed[i : i + batch, ..., None].astype("float32"), vectors[i : i + batch]], training=False
        )
        for i in range(0, len(printed), batch)
    ]
    return np.rint(np.concatenate([part["picture"].numpy()[..., 0] for part in parts])).astype("uint8")


def sharpen(generator, coach, prints, hands):
    """Make strokes of what a short training leaves as mist: the last layer times a number, about the level that gives each hand its ink.

    prints, hands: (faces, syllables, 64, 64) of learnt syllables. The level is the brightness above which
    there are as many pixels as the true hand has ink; the number, one of SHARP, the one whose writing the coach takes most surely for the hand.
    """
    which = np.arange(prints.shape[1])
    printed = np.tile(prints[which % len(prints), which], (len(hands), 1, 1))
    numbers = np.repeat(np.arange(len(hands)), len(which))
    levels = []
    for grey, truth in zip(np.split(write(generator, printed, numbers), len(hands)), hands, strict=True):
        level = np.clip(np.quantile(grey, 1 - truth.mean() / 255) / 255, 0.05, 0.95)
        levels.append(np.log(level / (1 - level)))
    strokes, ink = generator.get_layer("strokes"), generator.get_layer("ink")
    before = strokes.get_weights()
    above = ink.get_weights()[0] - np.reshape(levels, (1, 1, -1, 1))

    def sharpened(by):
        strokes.set_weights([by * weights for weights in before])
        ink.set_weights([by * above])
        scores = coach(write(generator, printed, numbers)[..., None].astype("float32"))[-1]
        return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(numbers, scores)))

    unsure = {by: sharpened(by) for by in SHARP}
    print("unsure of the face, sharpened by", {by: round(value, 3) for by, value in unsure.items()})
    sharpened(min(unsure, key=unsure.get))


def face_coach(faces, batches, steps=1500):
    """The frozen network that tells faces apart in training: pixels 0..255 to three feature maps and the scores."""
    image = keras.Input((SIZE, SIZE, 1))
    x, looks = layers.Rescaling(1 / 255)(image), []
    for filters in (24, 48, 64):
        x = layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
        looks.append(x)
    scores = layers.Dense(faces)(layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x)))
    learner = keras.Model(image, scores)
    learner.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(steps):
        learner.train_on_batch(*batches(64))
    learner.trainable = False
    pictures, numbers = batches(512)
    print(
        f"the coach knows {np.mean(answers(learner, pictures[..., 0]) == numbers):.3f} of the learnt pictures"
    )
    return keras.Model(image, [*looks, scores])


def face_judge(families, learnt, steps=2000):
    """A network that tells which face drew a syllable, from pictures (faces, syllables, 64, 64) of learnt syllables."""
    image = keras.Input((SIZE, SIZE, 1))
    x = layers.Rescaling(1 / 255)(image)
    for filters, size, strides in ((16, 5, 2), (32, 3, 2), (48, 3, 2), (64, 3, 2)):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    judge = keras.Model(image, layers.Dense(families)(layers.Flatten()(x)))
    judge.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    random = np.random.default_rng(5)
    for _ in range(steps):
        faces, which = random.integers(families, size=64), random.integers(learnt.shape[1], size=64)
        judge.train_on_batch(learnt[faces, which][..., None].astype("float32"), faces)
    return judge


def answers(model, pictures, batch=256):
    """The number of the most probable class of each picture (n, 64, 64)."""
    parts = [pictures[i : i + batch, ..., None].astype("float32") for i in range(0, len(pictures), batch)]
    return np.concatenate([np.argmax(model(part, training=False), axis=-1) for part in parts])


def measure(generator, judge, prints, hands, secret):
    """What two judges that had no part in the training say of the held-out syllables, and the copy beside.

    prints: (faces, syllables, 64, 64) to write from, each syllable in the next face. Returns a dictionary of shares.
    """
    reader_2350 = keras.models.load_model(
        ROOT / "saved_models" / "hangul_2350" / "model.keras", compile=False
    )
    syllables = np.flatnonzero(secret)
    which, hand = np.tile(syllables, len(hands)), np.repeat(np.arange(len(hands)), len(syllables))
    printed, truth = prints[np.arange(len(which)) % len(prints), which], hands[hand, which]
    written = write(generator, printed, hand)
    read, faces = answers(reader_2350, written) == which, answers(judge, written) == hand
    for number, name in enumerate(HANDS):
        mine = hand == number
        print(f"{name:6} read {read[mine].mean():.3f}, taken for this hand {faces[mine].mean():.3f}")
    return {
        "read": read.mean(),
        "read_true": (answers(reader_2350, truth) == which).mean(),
        "hand": faces.mean(),
        "hand_true": (answers(judge, truth) == hand).mean(),
        "hand_copy": (answers(judge, printed) == hand).mean(),
        "l1": np.abs(written / 255 - truth / 255).mean(),
        "l1_copy": np.abs(printed / 255 - truth / 255).mean(),
    }


def save(generator, folder, prints, metrics, source):
    """Export, with ten golden pairs; the labels are the hands, in the order of the vector."""
    hands = np.eye(len(HANDS), dtype="float32")[np.arange(10) % len(HANDS)][:, None, None]
    pictures = prints[np.arange(10) % len(prints), np.arange(10) * 117][..., None]
    formats = ("model.onnx", "tfjs")
    labs.export(
        generator, folder, list(HANDS), [pictures, hands], metrics, source, "float16", formats, kind="picture"
    )


def main():
    """Learn, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--minutes", type=float, default=60, help="0: only measure and export what --weights holds"
    )
    parser.add_argument("--peak", type=float, default=1e-3, help="the highest learning rate")
    parser.add_argument("--start", type=Path, help="weights to begin with")
    parser.add_argument("--weights", type=Path, default=Path("writer.npz"), help="where the weights are kept")
    parser.add_argument("--source", default="bundled fonts, by tools/train_writer.py", help="for the card")
    parser.add_argument("--to", type=Path, default=ROOT / "saved_models" / "writer")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    syllables = common(2350)
    secret = held_out(len(syllables))
    prints, hands = (pictures(faces_of(kind), syllables) for kind in ("train", "hands"))
    generator = network()
    known = options.start if options.minutes else options.weights
    if known:
        with np.load(known) as file:
            generator.set_weights(list(file.values()))
    pairs = Pairs(prints[:, ~secret], hands[:, ~secret], jamo_numbers(syllables)[~secret])
    coach = face_coach(len(hands) + len(prints), pairs.faces)
    if options.minutes:

        def keep(steps):
            with whole_file(options.weights) as partial, open(partial, "wb") as file:
                np.savez(file, *generator.get_weights())

        Trainer(generator, coach, options.peak).learn(pairs, options.minutes, 12, keep)
    learnt = np.flatnonzero(~secret)[::16]
    sharpen(generator, coach, prints[:, learnt], hands[:, learnt])
    judge = face_judge(len(hands) + len(prints), np.concatenate([hands, prints])[:, ~secret])
    unseen = pictures(faces_of("test"), syllables)
    metrics = measure(generator, judge, unseen, hands, secret)
    print({name: round(float(value), 4) for name, value in metrics.items()})
    save(generator, options.to, prints, metrics, options.source)


if __name__ == "__main__":
    main()
