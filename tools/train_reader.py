"""Trains and exports saved_models/reader, the text of a cut-out word, and saved_models/finder, where words stand.

They learn from words and pages drawn in the bundled training faces and, when these are installed, in the Debian faces
named below; the bundled test faces, fonts-unfonts-core and fonts-baekmuk are only measured on.

    apt-get install fonts-nanum fonts-nanum-extra fonts-woowa-bm fonts-unfonts-extra fonts-alee fonts-liberation fonts-dejavu
    KERAS_BACKEND=jax python tools/train_reader.py --minutes 10 --workers 10      # any backend of Keras, best on a GPU
    python tools/train_reader.py --fine --batch 64 --peak 5e-4 --minutes 44 --workers 1    # Korean words in handwriting, on a CPU
    python tools/train_reader.py --only-export                                    # with TensorFlow

The reader is convolution alone, so that every runtime reads it. One softmax stands over all characters, where a syllable's
score is the sum of the scores of its jamo; with head="full" each syllable has a score of its own (benchmarks/ocr_heads.py measures both).
"""

import argparse
import collections
import multiprocessing
import os
import re
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import left_out
import numpy as np

from labs.hangul import bundled_faces, common, jamo
from labs.hangul import lines as drawing
from labs.hangul import pages as paper
from labs.hangul.fonts import Face
from labs.kinds.text import scored
from labs.ocr.crop import line_picture
from labs.ocr.distance import character_errors

ROOT = Path(__file__).resolve().parent.parent
ALPHABET = (*common(2350), *map(chr, range(0x20, 0x7F)))  # of classes 1, 2, ...; 0 is CTC's blank
LEFT_OUT = "left out to keep the clone small: labs.export writes it from the weights that tools/train_reader.py trains"
NUMBER = {letter: number for number, letter in enumerate(ALPHABET, start=1)}
KOREAN = """Bandal Bangwool Eunjin EunjinNakseo Guseul UnJamoNovel UnJamoSora UnShinmun UnTaza UnVada UnYetgul
BMEULJIROTTF BMHANNA_11yrs_ttf BMHANNAPro NanumBarunGothicBold NanumGothicBold
NanumGothicExtraBold NanumGothicLight NanumGothicCoding NanumMyeongjoBold NanumMyeongjoExtraBold NanumSquareB NanumSquareL
NanumSquareEB NanumBarunpenB NanumGothicEcoR NanumMyeongjoEcoR"""
LATIN = """LiberationMono-Regular LiberationMono-Bold LiberationSans-Regular LiberationSans-Bold LiberationSans-Italic
LiberationSansNarrow-Regular LiberationSerif-Regular LiberationSerif-Bold LiberationSerif-Italic DejaVuSans DejaVuSans-Bold
DejaVuSansMono DejaVuSerif DejaVuSerif-Bold DejaVuSans-Oblique DejaVuSansCondensed DejaVuSerif-Italic"""
STEPS = drawing.WIDTH // drawing.STEP
IGNORED, SPACE = -1, 1  # of targets; the space among the scores that are summed
FINE, UPPER, NEW = (
    160,
    18,
    0.6,
)  # of --fine: pixels of a word, layers that learn, share of the new weights in the mean


ENDINGS = re.split(
    " ",
    "이 가 은 는 을 를 에 의 도 로 와 과 만 에서 에게 으로 까지 부터 이나 처럼 하고 입니다 합니다 니다 이다 다 고 면 지 요",
)
UNITS = re.split(" ", "개 장 명 번 년 월 일 시 분 초 쪽 원 층 절 배 화소 단계")


class Texts:
    """What to write: random syllables, Korean and English words, numbers; every tenth real word is kept for the test.

    A third are random syllables, so that all 2,350 are seen; in the rest 이 is as frequent as in a text, so that it is not taken for 01.
    """

    def __init__(self, words, part="train"):
        kept = [w for i, w in enumerate(words) if (i % 10 == 9) == (part == "test")]
        self.korean = [w for w in kept if "가" <= w[0] <= "힣" and all(c in NUMBER for c in w)]
        self.english = [w for w in kept if w[0] < "\x7f"]
        self.frequent = [c for c in "".join(self.korean) if c >= "가"]  # each as often as in the words

    def __call__(self, random):
        kinds = (  # how often of a hundred
            (33, lambda: self.syllables(random, 1 + random.integers(8))),
            (14, lambda: self.dressed(random, self.some(random, self.korean))),
            (16, lambda: self.dressed(random, self.invented(random))),
            (15, lambda: self.dressed(random, self.cased(random, self.some(random, self.english)))),
            (3, lambda: self.pick(random, "abcdefghijklmnopqrstuvwxyz", 1 + random.integers(12))),
            (5, lambda: self.number(random)),
            (2, lambda: self.some(random, UNITS).join([self.pick(random, "0123456789", 1 + random.integers(4)), ""])),
            (2, lambda: self.cased(random, self.some(random, self.english)) + self.some(random, ENDINGS)),
            (2, lambda: self.pick(random, ALPHABET[2351:], 1 + random.integers(10))),
            (8, lambda: self.row(random)),
        )  # fmt: skip
        shares = np.array([share for share, _ in kinds])
        return kinds[random.choice(len(kinds), p=shares / shares.sum())][1]()

    def invented(self, random):
        """Syllables as frequent as in words, and an ending: what is short and common."""
        stem = "".join(self.some(random, self.frequent) for _ in range(1 + random.integers(3)))
        return stem + (self.some(random, ENDINGS) if random.random() < 0.6 else "")

    def row(self, random):
        """Two to four words beside each other, of one language or mixed."""
        words = self.korean if random.random() < 0.6 else self.english
        draws = [
            lambda: self.some(random, words),
            lambda: self.some(random, words),
            lambda: self.number(random),
        ]
        return " ".join(
            self.dressed(random, draws[random.integers(3)]()) for _ in range(2 + random.integers(3))
        )

    @staticmethod
    def some(random, words):
        return words[random.integers(len(words))]

    @staticmethod
    def pick(random, letters, count):
        return "".join(letters[i] for i in random.integers(len(letters), size=count))

    def syllables(self, random, count):
        return self.pick(random, ALPHABET[:2350], count)

    @staticmethod
    def cased(random, word):
        kind = random.random()
        return word if kind < 0.5 else word.capitalize() if kind < 0.75 else word.upper()

    def dressed(self, random, word):
        """Now and then a mark after the word, or marks around it."""
        kind = random.random()
        if kind < 0.75:
            return word
        if kind < 0.93:
            return word + ".,!?:;"[random.integers(6)]
        left, right = ("()", "[]", '""', "''", "<>", "~~")[random.integers(6)]
        return left + word + right

    def number(self, random):
        digits = self.pick(random, "0123456789", 1 + random.integers(9))
        kind = random.integers(8)
        if kind == 0:
            return f"{int(digits):,}" + ("원" if random.random() < 0.5 else "")
        if kind == 1:
            return f"{1900 + random.integers(200)}.{1 + random.integers(12)}.{1 + random.integers(31)}"
        if kind == 2:
            return f"{random.integers(24)}:{random.integers(60):02d}"
        if kind == 3:
            return f"0{random.integers(10, 99)}-{random.integers(1000, 9999)}-{random.integers(1000, 9999)}"
        if kind == 4:
            return f"{int(digits) / 100:.2f}" + ("%" if random.random() < 0.4 else "")
        return digits


def targets(texts, places, count=STEPS):
    """For each step the class whose middle is there (0 between letters, IGNORED at their borders), then the text: (texts, count + 24)."""
    answer = np.zeros((len(texts), count + drawing.LONGEST), np.int32)
    middles = (np.arange(count) + 0.5) * drawing.STEP
    for row, text, spans in zip(answer, texts, places, strict=True):
        for place, (letter, (left, right)) in enumerate(zip(text, spans, strict=True)):
            distance = np.abs(middles - (left + right) / 2) / max(1, right - left)
            steps = row[:count]
            if letter != " ":
                steps[(distance < 0.4) & (steps == 0)] = IGNORED
            steps[(distance < 0.2) | (np.arange(count) == distance.argmin())] = NUMBER[letter]
            row[count + place] = NUMBER[letter]
    return answer


def network(head="jamo", summed_by="matrix"):
    """40 pixels high, any width: a quarter as many steps, each with a score for every character and for the blank."""
    from keras import Input, Model, layers, ops

    def convolved(x, filters, kernel=3, strides=1, padding="same"):
        x = layers.Conv2D(filters, kernel, strides, padding, use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    def residual(x, kernel=3):
        filters = x.shape[-1]
        inner = convolved(x, filters, kernel)
        inner = layers.BatchNormalization(gamma_initializer="zeros")(
            layers.Conv2D(filters, kernel, padding="same", use_bias=False)(inner)
        )
        return layers.ReLU()(layers.Add()([x, inner]))

    inputs = Input((drawing.HEIGHT, None, 1), name="input")
    x = layers.Rescaling(1 / 127.5, -1)(inputs)
    x = convolved(convolved(x, 32, strides=2), 48)
    x = convolved(convolved(x, 80, strides=2), 80)
    x = residual(residual(convolved(x, 128, strides=(2, 1))))
    x = convolved(x, 192, (5, 1), padding="valid")
    x = residual(x, (1, 5))
    if head == "full":
        x = layers.Conv2D(128, 1)(x)
        scores = layers.Conv2D(1 + len(ALPHABET), 1, dtype="float32")(x)
    else:
        scores = layers.Conv2D(1 + 95 + 19 + 21 + 28, 1, dtype="float32", name="jamo")(x)
        table = jamo_table()
        if summed_by == "matrix":  # quick to train
            rows = np.zeros((1 + 95 + 68 + 1, 1 + len(ALPHABET)), np.float32)
            for row in table.T:
                rows[row, np.arange(len(row))] = 1
            scores = ops.matmul(scores, rows[:-1])
        else:  # small
            scores = ops.pad(scores, [(0, 0), (0, 0), (0, 0), (0, 1)])
            scores = sum(ops.take(scores, column, axis=-1) for column in table.T)
    return Model(inputs, ops.squeeze(scores, axis=1))


def finder():
    """A page of any size (multiples of 32 pixels): half as large a map of where the middles of words are, as logits.

    Features at five sizes, joined from the smallest up (Lin et al., CVPR 2017), one map at the end, as in DB.
    """
    from keras import Input, Model, layers

    def convolved(x, filters, kernel=3, strides=1):
        x = layers.Conv2D(filters, kernel, strides, "same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    inputs = Input((None, None, 1), name="input")
    x, sizes = layers.Rescaling(1 / 127.5, -1)(inputs), []
    for filters in (16, 32, 64, 96, 128):
        x = convolved(convolved(x, filters, strides=2), filters)
        sizes.append(x)
    x = convolved(x, 48, 1)
    for smaller, filters in zip(sizes[-2::-1], (48, 48, 48, 24), strict=True):
        x = layers.UpSampling2D()(convolved(x, filters, 1) if x.shape[-1] != filters else x)
        x = convolved(layers.Add()([x, convolved(smaller, filters, 1)]), filters)
    return Model(inputs, layers.Conv2D(1, 1, dtype="float32", name="map")(x))


def finder_loss(truth, scores):
    """Cross-entropy, which counts the rare pixels of words four times, and the overlap that is missing (dice)."""
    from keras import ops

    truth = ops.cast(truth, "float32")
    each = ops.relu(scores) - scores * truth + ops.log1p(ops.exp(-ops.abs(scores)))
    found = ops.sigmoid(scores)
    dice = 1 - (2 * ops.sum(found * truth) + 1) / (ops.sum(found) + ops.sum(truth) + 1)
    return ops.mean(each * (1 + 3 * truth)) + 0.5 * dice


def jamo_table():
    """Which three of the 164 scores a class sums up (164 stands for none): int32 (2446, 3). Blank, ASCII, then the jamo."""
    none = 1 + 95 + 68
    table = np.full((1 + len(ALPHABET), 3), none, np.int32)
    table[0, 0] = 0
    for number, letter in enumerate(ALPHABET, start=1):
        if number <= 2350:
            initial, vowel, final = jamo.split(letter)
            table[number] = (
                96 + jamo.INITIALS.index(initial),
                115 + jamo.VOWELS.index(vowel),
                136 + jamo.FINALS.index(final),
            )
        else:
            table[number, 0] = number - 2350
    return table


def loss(truth, scores):
    """CTC and, since the places are known, the cross-entropy at the letters' middles, which shows CTC the way."""
    from keras import losses, ops

    steps, text = truth[:, : -drawing.LONGEST], truth[:, -drawing.LONGEST :]
    known = ops.cast(steps != IGNORED, "float32")
    there = losses.sparse_categorical_crossentropy(ops.maximum(steps, 0), scores, from_logits=True)
    return (ops.sum(there * known, axis=1) + losses.ctc(text, scores)) / steps.shape[1]


def faces(folder, names):
    """The faces with these names below a folder."""
    paths = [path for name in names.split() for path in sorted(Path(folder).rglob(f"{name}.*"))]
    return [Face(path, path.stem, "print") for path in paths]


def glyphs(members, workers):
    """The faces' letters, drawn by several processes."""
    if workers < 2:
        return [drawing.Glyphs(face, ALPHABET) for face in members]
    with multiprocessing.Pool(workers) as pool:
        return pool.map(_glyphs, members, chunksize=1)


def _glyphs(face):
    return drawing.Glyphs(face, ALPHABET)


def batches(make, size, workers):
    """Batches without end of make(seed, size), made by `workers` processes.

    Call it before Keras is imported: the processes are copies of this one.
    """
    pool = multiprocessing.Pool(workers, _keep, (make,))
    waiting = collections.deque(pool.apply_async(_made, (seed, size)) for seed in range(4 * workers))
    seed = len(waiting)
    while True:
        ready = waiting.popleft()
        waiting.append(pool.apply_async(_made, (seed, size)))
        seed += 1
        yield ready.get()


def _keep(make):
    global MAKE
    MAKE = make
    import cv2

    cv2.setNumThreads(1)


def _made(seed, size):
    return MAKE(seed, size)


class Words:
    """What the reader learns from: pictures and targets; of texts that fit into `width` pixels."""

    def __init__(self, lines, width=drawing.WIDTH):
        self.lines, self.width = lines, width

    def __call__(self, seed, size):
        self.lines.seed((17, seed))
        made = []
        while len(made) < size:
            image, text, places = self.lines.line(self.lines.texts(self.lines.random))
            if places[-1][1] < self.width or self.width == drawing.WIDTH:
                made.append((image[:, : self.width, None], text, places))
        images, texts, places = zip(*made, strict=True)
        return np.stack(images), targets(texts, places, self.width // drawing.STEP)


class Maps:
    """What the finder learns from: pages and the middles of their words."""

    def __init__(self, pages):
        self.pages = pages

    def __call__(self, seed, size):
        self.pages.seed((18, seed))
        images, quads, _ = self.pages.batch(size)
        return images, np.stack([paper.shrunk_map(words, self.pages.size) for words in quads])[..., None]


def one_cycle(progress, peak):
    """The learning rate at a share of the way: up for a twentieth, then a cosine down to nothing."""
    return peak * min(progress / 0.05, 0.5 + 0.5 * np.cos(np.pi * min(1, progress)))


def train(models, until, save=lambda name, model: None):
    """Train networks in turn until time.monotonic() says so; models: {name: (network, loss, its batches, peak rate)}."""
    import keras

    for model, how, stream, _ in models.values():
        model.compile(keras.optimizers.AdamW(1e-5, weight_decay=0.02, global_clipnorm=5), how)
        model.train_on_batch(*next(stream))
    start = said = saved = time.monotonic()
    losses, step = {name: [] for name in models}, 0
    while (now := time.monotonic()) < until:
        for name, (model, _, stream, peak) in models.items():
            model.optimizer.learning_rate = one_cycle((now - start) / (until - start), peak)
            losses[name].append(float(model.train_on_batch(*next(stream))))
        step += 1
        if now - said > 15:
            means = {name: round(float(np.mean(values)), 4) for name, values in losses.items()}
            print(f"{now - start:.0f} s, step {step}: {means}", flush=True)
            said, losses = now, {name: [] for name in models}
        if now - saved > 60:
            for name, (model, *_) in models.items():
                save(name, model)
            saved = now
    return step


def examples(words, count=400):
    """Test pictures: {name: (pictures, texts)}, in faces held out as whole."""
    texts, sets = Texts(words, "test"), {}
    for kind in ("print", "handwriting"):
        held_out = glyphs(bundled_faces("test", kind), 1)
        for name, draw in {
            "syllables": lambda random: texts.syllables(random, 2 + random.integers(5)),
            "korean_words": lambda random: texts.some(random, texts.korean),
            "english_words": lambda random: texts.some(random, texts.english),
        }.items():
            images, truth, _ = drawing.Lines(held_out, ALPHABET, draw, drawing.MILD, seed=5).batch(count)
            sets[f"{name}_{kind}"] = images, truth
    return sets


def error_rate(model, images, truth):
    """Wrong letters for each true one."""
    guesses = [
        scored(steps, ALPHABET)[0]
        for i in range(0, len(images), 200)
        for steps in np.asarray(model.predict_on_batch(images[i : i + 200]))
    ]
    return character_errors(guesses, truth)


def read_words():
    return (ROOT / "data" / "ocr" / "words.txt").read_text(encoding="utf-8").split()


def export_reader(model, words, folder):
    """Write saved_models/reader: the trained weights in the network that sums by picking, with its error rates."""
    import keras

    import labs

    small = network("jamo", summed_by="picking")
    small.set_weights(model.get_weights())
    sets = examples(words)
    metrics = {
        f"character_error_{name}": error_rate(small, *tight(*pictures)) for name, pictures in sets.items()
    }
    golden = [
        line_picture(images[0], width=160)
        for name, (images, _) in sets.items()
        if name.split("_")[0] != "korean"
    ]
    named = keras.Model(small.input, {"text": keras.layers.Softmax()(small.output)})
    labs.export(
        named, folder, ALPHABET, np.concatenate(golden[:2]), metrics, SOURCE, "float16", ("model.onnx", "tfjs"), "text",
        {"crop": "tight", "blank": 0},
    )  # fmt: skip
    left_out.explain(folder, LEFT_OUT)
    return metrics


def export_finder(model, texts, folder):
    """Write saved_models/finder: a page's map, half as large, 255 in the middle of a word."""
    import keras

    import labs

    members = glyphs(bundled_faces("test")[::3], 1)
    images, _, _ = paper.Pages(members, texts, photographs(), seed=7).batch(4)
    named = keras.Model(
        model.input, {"picture": keras.layers.Rescaling(255.0)(keras.ops.sigmoid(model.output))}
    )
    labs.export(named, folder, (), images, {}, SOURCE, "float16", ("model.onnx", "tfjs"), "picture")
    left_out.explain(folder, LEFT_OUT)


SOURCE = "words and pages drawn in bundled and Debian fonts by tools/train_reader.py"


def tight(images, truth):
    """The pictures as the reader gets them from labs.predict, as wide as they were."""
    return np.concatenate([line_picture(image, width=drawing.WIDTH) for image in images]), truth


def photographs():
    """The open photographs without text, grey."""
    import cv2

    paths = sorted((ROOT / "data" / "photos_open").glob("*.jpg"))
    return [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in paths if path.stem != "text"]


def main():
    """Train for some minutes, or export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--batch", type=int, default=512, help="words; a twentieth as many pages")
    parser.add_argument("--workers", type=int, default=4, help="processes that draw")
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path("reader_weights"),
        help="folder of *.weights.h5, gone on from when there",
    )
    parser.add_argument("--peak", type=float, default=2e-3, help="the learning rate's largest value")
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/truetype"))
    parser.add_argument(
        "--fine",
        action="store_true",
        help="the reader's upper layers alone, on short words, half of them handwriting",
    )
    parser.add_argument("--only-export", action="store_true", help="what --weights holds, to --to")
    parser.add_argument("--to", type=Path, default=ROOT / "saved_models")
    options = parser.parse_args()
    words = read_words()
    texts = Texts(words)
    if not options.only_export:
        members = glyphs(bundled_faces("train") + faces(options.fonts, f"{KOREAN} {LATIN}"), options.workers)
        if options.fine:
            members += 4 * [face for face in members if face.face.kind == "handwriting"]
        lines = batches(
            Words(drawing.Lines(members, ALPHABET, texts), FINE if options.fine else drawing.WIDTH),
            options.batch,
            max(1, options.workers * 3 // 5),
        )
        pages = batches(
            Maps(paper.Pages(members, texts, photographs())),
            max(4, options.batch // 20),
            max(1, options.workers * 2 // 5),
        )
        next(lines)  # the processes are copies of this one, made before Keras is there
        if not options.fine:
            next(pages)
    import keras

    keras.utils.set_random_seed(0)
    if not options.only_export and keras.config.backend() == "jax":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    models = {"reader": network(), "finder": finder()}
    for name, model in models.items():
        if (options.weights / f"{name}.weights.h5").exists():
            model.load_weights(options.weights / f"{name}.weights.h5")
        elif options.only_export:
            raise SystemExit(
                f"There is no {options.weights / name}.weights.h5: train first, or name its folder with --weights."
            )
    if options.only_export:
        print(export_reader(models["reader"], words, options.to / "reader"))
        export_finder(models["finder"], texts, options.to / "finder")
        return
    options.weights.mkdir(exist_ok=True)
    jobs = {
        "reader": (models["reader"], loss, lines, options.peak),
        "finder": (models["finder"], finder_loss, pages, options.peak),
    }
    if options.fine:
        del jobs["finder"], models["finder"]
        before = models["reader"].get_weights()
        for layer in models["reader"].layers[:-UPPER]:
            layer.trainable = False
    steps = train(
        jobs,
        time.monotonic() + 60 * options.minutes,
        lambda name, model: model.save_weights(options.weights / f"{name}.weights.h5"),
    )
    if options.fine:  # the mean of before and after keeps what was known (Wortsman et al., CVPR 2022)
        after = models["reader"].get_weights()
        models["reader"].set_weights([(1 - NEW) * b + NEW * a for b, a in zip(before, after, strict=True)])
        bias = models["reader"].get_layer("jamo").bias
        bias.assign(
            bias + np.eye(bias.shape[0])[SPACE]
        )  # short words have few spaces: as many again as there are
    for name, model in models.items():
        model.save_weights(options.weights / f"{name}.weights.h5")
    print(f"{steps} steps; now --only-export, where TensorFlow is")
    os._exit(0)  # the processes that draw never end by themselves


if __name__ == "__main__":
    main()
