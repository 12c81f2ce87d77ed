# ---
# title:
#   en: "Reading text 2: learn to read"
#   ko: "글 읽기 2: 읽는 법 배우기"
# minutes: 10
# data:
#   en: words drawn in the bundled faces
#   ko: 제공 글꼴로 그린 낱말
# accuracy:
#   en: wrong letters in unseen faces, print and handwriting, jamo 18 and 46 %, with a GRU 16 and 37 %; handwriting with a word list 3 %
#   ko: 보지 못한 글꼴의 글자 오류율(인쇄체, 손글씨체)이 자모 18, 46 %, GRU 16, 37 %. 낱말 목록을 쓰면 손글씨체 3 %
# seed: 14
# ---

# %% [markdown] lang="en"
# Lab 14 found the words. In this notebook a network learns to read them: we
#
# - compute **CTC**, the loss that needs no position of any letter, by hand, and get the number that Keras gets;
# - read its answer greedily, by beam search, and with a word list;
# - train readers of Korean words: one output for each syllable, or one for each jamo? With or without recurrence?
# - see what noise, blur and turning do, before and after training with them.

# %% [markdown] lang="ko"
# 실습 14에서 낱말을 찾았습니다. 이번에는 신경망이 읽는 법을 배웁니다. 이 노트북에서는
#
# - 글자의 위치를 몰라도 되는 손실 함수 **CTC**를 손으로 계산하여 Keras와 같은 값을 얻습니다.
# - 그 답을 탐욕 해독으로, 빔 탐색으로, 낱말 목록과 함께 읽습니다.
# - 한국어 낱말을 읽는 신경망을 학습합니다. 출력은 음절마다 하나일까요, 자모마다 하나일까요? 순환 층은 필요할까요?
# - 잡음, 흐림, 기울기가 얼마나 해로운지, 그런 영상으로 학습하면 얼마나 나아지는지 봅니다.

# %%
import itertools
from collections import defaultdict

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs import ocr
from labs.hangul import bundled_faces, common, jamo, lines

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(14)

# %% [markdown] lang="en"
# ## 1. CTC by hand
#
# Why not cut a word into letters and classify each? Because nobody knows where to cut: `이` may be one letter or two. So a reader looks at a line step by step, and at
# each step gives probabilities for every letter and for a **blank**. Many paths mean the same text: repeat what you like, drop the blanks.
# **Connectionist temporal classification** (Graves et al., 2006) adds up the probabilities of *all* paths that mean the true text.
# Four steps, the letters a and b: only $3^4 = 81$ paths, so let us write them down.

# %% [markdown] lang="ko"
# ## 1. 손으로 계산하는 CTC
#
# 낱말을 글자로 잘라 하나씩 분류하면 되지 않을까요? 어디를 잘라야 할지 아무도 모릅니다. `이`는 한 글자일 수도, 두 글자일 수도 있습니다. 그래서 신경망은 줄을
# 한 걸음씩 보면서 걸음마다 글자와 **빈칸**(blank)의 확률을 내놓습니다. 여러 경로가 같은 글을 뜻합니다. 반복은 하나로 줄이고 빈칸은 버립니다.
# **CTC**(Graves et al., 2006)는 정답을 뜻하는 *모든* 경로의 확률을 더합니다.
# 네 걸음에 글자가 a와 b뿐이라면 경로는 $3^4 = 81$개이니 모두 적어 봅시다.


# %%
def text_of(path, letters="ab"):
    return "".join(letters[number - 1] for number, _ in itertools.groupby(path) if number)


def every_text(probabilities):
    total = defaultdict(float)
    for path in itertools.product(range(3), repeat=4):
        total[text_of(path)] += np.prod(probabilities[range(4), path])
    return total


# %%
scores = np.random.default_rng(3).normal(0, 1.5, (1, 4, 3)).astype("float32")
total = every_text(ops.convert_to_numpy(ops.softmax(scores))[0])
by_keras = float(keras.losses.CTC()(np.array([[1, 2]]), scores))
print({text: round(float(total[text]), 3) for text in sorted(total, key=total.get)[::-1][:5]})
print(f"-log P(ab): {-np.log(total['ab']):.5f} by hand, {by_keras:.5f} by Keras")

# %% [markdown] lang="en"
# The same number; Keras gets it without listing paths, by dynamic programming. To read, one usually takes the best class at each step (**greedy**).
# That is the best *path*, not the best *text*: a text with many middling paths can win. **Beam search** keeps the few best *texts* so far, each with the probability
# of ending in a blank and of ending in its last letter. A word list fits in: only beginnings of known words go on.

# %% [markdown] lang="ko"
# 같은 값입니다. Keras는 경로를 늘어놓지 않고 동적 계획법으로 구합니다. 읽을 때는 보통 걸음마다 가장 좋은 것을 고릅니다(**탐욕 해독**).
# 이것은 가장 좋은 *경로*이지 가장 좋은 *글*은 아닙니다. 그저 그런 경로가 많은 글이 이길 수도 있습니다. **빔 탐색**은 지금까지 가장 좋은 *글* 몇 개를, 빈칸으로
# 끝날 확률과 마지막 글자로 끝날 확률을 따로 적어 가며 이어 갑니다. 낱말 목록도 쉽게 쓸 수 있습니다. 아는 낱말의 앞부분만 이어 가면 됩니다.


# %%
def beam_search(probabilities, letters, width=8, words=None):
    beams = {"": (1.0, 0.0)}  # text: probability that it ends in a blank, in its last letter
    starts = {word[:end] for word in words or () for end in range(len(word) + 1)}
    for row in probabilities.astype(float):
        following = defaultdict(lambda: [0.0, 0.0])
        for text, (blank, letter) in beams.items():
            following[text][0] += (blank + letter) * row[0]
            for number in 1 + np.flatnonzero(row[1:] > 1e-4):
                new = letters[number - 1]
                if text[-1:] == new:
                    following[text][1] += letter * row[number]
                if words is None or text + new in starts:
                    following[text + new][1] += (blank if text[-1:] == new else blank + letter) * row[number]
        beams = dict(sorted(following.items(), key=lambda item: -sum(item[1]))[:width])
    return max(beams, key=lambda text: sum(beams[text]) * (words is None or text in words))


# %%
wrong, draw = {"greedy": 0, "beam of 8": 0}, np.random.default_rng(5)
for _ in range(200):
    chances = draw.dirichlet(np.ones(3), size=4)
    total = every_text(chances)
    wrong["greedy"] += text_of(chances.argmax(axis=1)) != max(total, key=total.get)
    wrong["beam of 8"] += beam_search(chances, "ab") != max(total, key=total.get)
print("not the best text, of 200 undecided cases:", wrong)

# %% [markdown] lang="en"
# On steps as undecided as these, greedy decoding misses the best text in 74 of 200 cases, the beam in none. A trained reader is sure at most steps; there the word list is what counts (section 3).
#
# ## 2. Readers
#
# Convolutions shrink a line of 40 pixels to a row of feature vectors, one every four pixels. Two questions, each with a measurement:
# are the outputs **syllables**, or **jamo** whose scores add up to a syllable's? And does a recurrent layer (GRU) on top help? We train on
# 128 common syllables, but never show every eighth one.

# %% [markdown] lang="ko"
# 이렇게 망설이는 걸음에서는 탐욕 해독이 200번 가운데 74번 가장 좋은 글을 놓치고, 빔 탐색은 한 번도 놓치지 않습니다. 학습된 신경망은 대개 확신하므로, 거기서는 낱말 목록이 중요합니다(3절).
#
# ## 2. 읽는 신경망
#
# 합성곱은 높이 40화소의 줄을 4화소마다 하나씩인 특징 벡터의 줄로 바꿉니다. 두 가지를 재어 봅시다. 출력은 **음절**일까요, 아니면 점수를 더해
# 음절의 점수가 되는 **자모**일까요? 그 위에 순환 층(GRU)을 얹으면 나아질까요? 흔한 128음절로 학습하되, 여덟 음절마다 하나는 한 번도 보여 주지 않습니다.

# %%
alphabet = common(256)[:128]
unseen = alphabet[::8]
seen = [syllable for syllable in alphabet if syllable not in set(unseen)]
width, steps = 128, 32


# %%
def drawn(faces, letters, count, style, seed):
    def word(random):
        return "".join(random.choice(letters, random.integers(2, 4)))

    images, words, places = lines.Lines(faces, alphabet, word, style, seed).batch(count)
    fits = [number for number in range(count) if places[number][-1][1] < width]
    return images[fits, :, :width], [words[number] for number in fits], [places[number] for number in fits]


# %%
glyphs = [lines.Glyphs(f, alphabet) for f in bundled_faces("train")[:: labs.profile.choose(1, 9)]]
amount = labs.profile.choose(full=4500, quick=96)
images, words, places = drawn(glyphs, seen, amount, lines.MILD, 1)
mosaic = np.vstack([np.hstack(row) for row in images[:12].reshape(-1, 4, 40, width)])
labs.show.grid([mosaic], title="  ".join(words[:12]))

# %% [markdown] lang="en"
# CTC alone needs thousands of steps before it gives anything but blanks. But we have drawn the words and know where each letter stands, so the loss has two
# parts: CTC for the text, and cross-entropy at the middle of each letter and between letters, which shows CTC the way.

# %% [markdown] lang="ko"
# CTC만으로는 수천 걸음을 배워야 빈칸이 아닌 것을 내놓기 시작합니다. 하지만 우리가 낱말을 그렸으니 글자의 위치를 압니다. 그래서 손실은 두 부분입니다.
# 글에 대한 CTC, 그리고 글자의 가운데와 글자 사이에서의 교차 엔트로피. 뒤의 것이 CTC에게 길을 보여 줍니다.


# %%
number_of = {syllable: number for number, syllable in enumerate(alphabet, start=1)}  # 0 is the blank


def targets(words, places):
    answer = np.zeros((len(words), steps + 4), "int32")
    for row, word, spans in zip(answer, words, places, strict=True):
        for place, (syllable, (left, right)) in enumerate(zip(word, spans, strict=True)):
            distance = np.abs(4 * np.arange(steps) + 2 - (left + right) / 2) / (right - left)
            row[:steps][(distance < 0.4) & (row[:steps] == 0)] = -1  # near its border: no opinion
            row[:steps][distance < 0.2] = number_of[syllable]
            row[steps + place] = number_of[syllable]
    return answer


# %%
def loss(truth, scores):
    known = ops.cast(truth[:, :steps] >= 0, "float32")
    classes = ops.maximum(truth[:, :steps], 0)
    there = keras.losses.sparse_categorical_crossentropy(classes, scores, from_logits=True)
    return (ops.sum(there * known, axis=1) + keras.losses.ctc(truth[:, steps:], scores)) / steps


# %% [markdown] lang="en"
# The network in two parts: a **trunk** that ends in 128 features a step, and a **head**. The head of jamo gives 1 + 19 + 21 + 28 scores and adds up three for each syllable.

# %% [markdown] lang="ko"
# 신경망은 두 부분입니다. 걸음마다 특징 128개를 내놓는 **몸통**과 **머리**입니다. 자모 머리는 점수 1 + 19 + 21 + 28개를 내놓고, 음절마다 셋을 더합니다.


# %%
def convolved(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides, "same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def trunk(inputs, recurrent=False):
    x = convolved(layers.Rescaling(1 / 127.5, -1)(inputs), 16, strides=2)
    x = convolved(convolved(x, 24), 32, strides=2)
    x = convolved(convolved(x, 48), 64, strides=(2, 1))
    x = layers.Reshape((steps, 5 * 64))(layers.Permute((2, 1, 3))(x))
    x = layers.Dense(128, activation="relu")(x)
    if recurrent:
        return layers.Bidirectional(layers.GRU(48, return_sequences=True))(x)
    return layers.Conv1D(128, 5, padding="same", activation="relu")(x)


# %%
parts = [jamo.INITIALS, jamo.VOWELS, jamo.FINALS]
table = np.array(
    [[part.index(one) for part, one in zip(parts, jamo.split(s), strict=True)] for s in alphabet]
)
table += [1, 1 + 19, 1 + 19 + 21]  # where a syllable's three scores stand


# %%
def reader(head="jamo", recurrent=False):
    inputs = keras.Input((40, width, 1), name="input")
    x = trunk(inputs, recurrent)
    if head == "syllables":
        return keras.Model(inputs, layers.Dense(1 + len(alphabet))(x))
    scores = layers.Dense(1 + 19 + 21 + 28)(x)
    sums = sum(ops.take(scores, table[:, part], axis=-1) for part in range(3))
    return keras.Model(inputs, ops.concatenate([scores[..., :1], sums], axis=-1))


# %%
epochs = labs.profile.choose(full=4, quick=1)


def batches(images, truth, size):
    data = tf.data.Dataset.from_tensor_slices((images, truth)).shuffle(len(images), 14).batch(size)
    options = tf.data.Options()
    options.autotune.enabled = False
    return data.with_options(options)


def trained(model, images, words, places, peak=3e-3):
    data = batches(images, targets(words, places), 32)
    rate = labs.hangul.one_cycle(peak, epochs * len(data))
    model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), loss)
    model.fit(data, epochs=epochs, verbose=0, shuffle=False)
    return model


# %%
models = {
    "syllables": trained(reader("syllables"), images, words, places),
    "jamo": trained(reader("jamo"), images, words, places),
    "jamo, GRU": trained(reader("jamo", recurrent=True), images, words, places),
}

# %% [markdown] lang="en"
# They are judged on faces that they never saw, by the **character error rate** (CER): letters to insert, delete or replace, by the letters of the truth (Levenshtein's distance; exercise 2).

# %% [markdown] lang="ko"
# 한 번도 보지 못한 글꼴로 평가합니다. 척도는 **글자 오류율**(CER)입니다. 넣거나 지우거나 바꿔야 할 글자 수를 정답의 글자 수로 나눕니다(레벤시테인 거리, 연습 문제 2).


# %%
def read(model, images):
    paths = model.predict(images, batch_size=100, verbose=0).argmax(axis=-1)
    return [text_of(path, alphabet) for path in paths]


# %%
tests = {}
for kind, (name, letters) in itertools.product(
    ("print", "handwriting"), {"seen": seen, "unseen": unseen}.items()
):
    held_out = [lines.Glyphs(face, alphabet) for face in bundled_faces("test", kind)]
    tests[f"{kind}, {name}"] = drawn(
        held_out, letters, labs.profile.choose(full=300, quick=20), lines.MILD, 9
    )[:2]
clean, clean_words = tests["print, seen"]

# %%
print(f"{'letters wrong':12}{'parameters':>12}", *(f"{name:>20}" for name in tests))
for name, model in models.items():
    rates = [ocr.character_errors(read(model, pictures), words) for pictures, words in tests.values()]
    print(f"{name:13}{model.count_params():12,}", *(f"{rate:20.1%}" for rate in rates))

# %% [markdown] lang="en"
# Jamo are better than syllables, with fewer parameters; the GRU, which sees the whole word, is better still. (Tesseract, on random syllables, has 72 and 85 %, lab 14c.) But nobody reads the syllables that were never shown: with
# 112 syllables seen, each jamo has been met in few neighbourhoods only, and rates above 100 % say that letters are added. The jamo head is wrong less often there, no more. The kept reader of lab 14c has seen all 2,350.

# %% [markdown] lang="ko"
# 자모가 매개변수도 적고 음절보다 낫습니다. 낱말 전체를 보는 GRU는 더 낫습니다(무작위 음절에서 Tesseract는 72 %와 85 %, 실습 14c). 하지만 보여 주지 않은 음절은 아무도 읽지 못합니다. 본 음절이 112개뿐이라 자모마다 만난 이웃이
# 적습니다. 100 %가 넘는 오류율은 없는 글자를 더한다는 뜻입니다. 자모 쪽이 덜 틀릴 뿐입니다. 실습 14c의 신경망은 2,350음절을 모두 보았습니다.

# %% [markdown] lang="en"
# ## 3. What disturbs it, before and after
#
# Our readers saw clean words. Noise, blur, compression, turning, low light: how fast does the jamo reader fail? And what if it goes on learning, on words drawn with all of this?

# %% [markdown] lang="ko"
# ## 3. 무엇이 방해가 되는가
#
# 지금까지는 깨끗한 낱말만 보여 주었습니다. 잡음, 흐림, 압축, 기울기, 어두운 빛에서 자모 신경망은 얼마나 빨리 무너질까요? 이런 것이 모두 섞인 낱말로
# 더 학습하면 어떨까요?


# %%
def jpeg(image, quality):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)


def turned(image, degrees):
    matrix = cv2.getRotationMatrix2D((width / 2, 20), degrees, 1)
    return cv2.warpAffine(image, matrix, (width, 40), borderMode=cv2.BORDER_REPLICATE)


# %%
noise = np.random.default_rng(1).standard_normal((40, width))
disturbances = {
    "noise": (lambda image, s: np.clip(image + s * noise, 0, 255), (0, 20, 40, 60, 80)),
    "blur": (lambda image, s: cv2.GaussianBlur(image, (0, 0), s), (0.1, 1, 1.5, 2, 2.5)),
    "JPEG quality": (jpeg, (90, 30, 15, 8, 4)),
    "degrees": (turned, (0, 3, 6, 9, 12)),
    "light": (lambda image, s: np.round(s * image), (1, 0.5, 0.25, 0.12, 0.06)),
}

# %%
before = reader("jamo")
before.set_weights(models["jamo"].get_weights())
wild = drawn(glyphs, seen, amount, lines.WILD, 2)
after = trained(models["jamo"], *wild, peak=2e-3)
labs.show.grid([np.hstack(wild[0][:6, ..., 0])], title="  ".join(wild[1][:6]))

# %%
rates, stages = defaultdict(list), {"before": before, "after": after}
for (name, (disturb, strengths)), (when, model) in itertools.product(disturbances.items(), stages.items()):
    for strength in strengths:
        worse = np.float32([disturb(image, strength) for image in clean[..., 0]])[..., None]
        rates[name, when].append(ocr.character_errors(read(model, worse), clean_words))

# %%
figure, panels = plt.subplots(1, 5, figsize=(12, 2.4), sharey=True, layout="constrained")
for axes, (name, (_, strengths)) in zip(panels, disturbances.items(), strict=True):
    for when in ("before", "after"):
        axes.plot([str(s) for s in strengths], np.minimum(rates[name, when], 1), "o-", label=when)
    axes.set(xlabel=name, ylim=(0, 1.05), ylabel="letters wrong" if axes is panels[0] else "")
axes.legend()
plt.show()

# %% [markdown] lang="en"
# Afterwards noise of 20 grey levels costs hardly anything (21 % of the letters wrong, 38 % before), a blur of 1.5 pixels neither (21 and 45 %), and at half the light, where everything was wrong, it reads as in full light. Noise of 60 or a tenth
# of the light is too much for both, and compression never mattered.
#
# Which letters are still taken for others? And does a word list help? Handwriting, read greedily, by beam search, and by beam search among the 300 true words and 300 others:

# %% [markdown] lang="ko"
# 더 학습한 뒤에는 밝기 20단계의 잡음(오류율 21 %, 전에는 38 %)도 1.5화소의 흐림(21 %, 45 %)도 거의 해가 되지 않고, 전에는 모두 틀리던 절반의 빛에서도 밝은 데서만큼 읽습니다. 60단계의 잡음이나 10분의 1의 빛은 둘 다
# 읽지 못하고, 압축은 처음부터 문제가 되지 않았습니다.
#
# 어떤 글자를 아직도 잘못 읽을까요? 낱말 목록은 도움이 될까요? 손글씨를 탐욕 해독으로, 빔 탐색으로, 그리고 정답 낱말 300개와 다른 낱말 300개만 허용하는 빔 탐색으로 읽어 봅니다.

# %%
pictures, words = tests["handwriting, seen"]
chances = ops.convert_to_numpy(ops.softmax(after.predict(pictures, verbose=0)))
known = {*words, *drawn(glyphs[:1], seen, len(words), lines.MILD, 3)[1]}
# %%
ways = {
    "greedy": read(after, pictures),
    "beam": [beam_search(each, alphabet) for each in chances],
    "beam, word list": [beam_search(each, alphabet, words=known) for each in chances],
}

# %%
print({way: f"{ocr.character_errors(guesses, words):.1%}" for way, guesses in ways.items()})
pairs = [
    pair
    for guess, word in zip(ways["greedy"], words, strict=True)
    if len(guess) == len(word)
    for pair in zip(word, guess, strict=True)
]
wrong = [(true, guess) for true, guess in pairs if true != guess]
confused = [part for true, guess in wrong for part in jamo.differences(true, guess)]
print(
    f"{len(wrong)} of {len(pairs)} syllables wrong:",
    {part: confused.count(part) for part in ("초성", "중성", "종성")},
)
print("for example:", " ".join(f"{true}→{guess}" for true, guess in wrong[:12]))

# %% [markdown] lang="en"
# The beam alone gains two points; the list brings 40 % down to 3: among 600 words even a doubtful reading is nearest to the right one. Initials are taken for one another most often. (A list cannot help with names and numbers.)
#
# ## 4. Everywhere
#
# The jamo reader has no recurrence, so ONNX and TensorFlow.js take it as it is; only OpenCV's importer for `.pb` does not know the picking by number that adds up the jamo. What must be equal is the text; `labs.check` compares it.

# %% [markdown] lang="ko"
# 빔 탐색만으로는 2퍼센트포인트 나아지지만, 목록을 쓰면 40 %가 3 %로 줄어듭니다. 낱말이 600개뿐이면 어설프게 읽어도 맞는 낱말에 가장 가깝습니다. 가장 자주 틀리는 것은 초성입니다. (이름이나 숫자에는 목록이 도움이 되지 않습니다.)
#
# ## 4. 어디서나
#
# 자모 신경망에는 순환 층이 없어서 ONNX와 TensorFlow.js로 그대로 내보낼 수 있습니다. 다만 OpenCV의 `.pb` 읽기는 자모 점수를 골라 더하는 연산을 모릅니다. 같아야 하는 것은 글입니다. `labs.check`가 비교해 줍니다.

# %%
named = keras.Model(after.input, {"text": layers.Softmax()(after.output)})
golden = tests["print, seen"][0][:8]
labs.export(
    named, "saved_models/words128", alphabet, golden, source="words drawn in bundled faces", kind="text"
)

# %%
labs.check("saved_models/words128")

# %% [markdown] lang="en"
# ## Exercises
#
# **1. Paths.** How many of the 81 paths of section 1 mean "aa"? Find them with `text_of`, and say why a blank is needed.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 경로의 수.** 1절의 81개 경로 가운데 "aa"를 뜻하는 것은 몇 개일까요? `text_of`로 찾고, 빈칸이 왜 필요한지 말해 보세요.

# %% tags=["exercise"]
# solution
meaning_aa = [path for path in itertools.product(range(3), repeat=4) if text_of(path) == "aa"]
# end solution
print(len(meaning_aa), meaning_aa)

# %% [markdown] lang="en"
# **2. Distance.** Write Levenshtein's distance: row by row, each entry is the least of three neighbours plus one, or the diagonal one when the letters are equal.

# %% [markdown] lang="ko"
# **2. 거리.** 레벤시테인 거리를 직접 작성하세요. 한 행씩, 각 칸은 세 이웃 가운데 가장 작은 값에 1을 더한 것이고, 글자가 같으면 대각선 값 그대로입니다.


# %% tags=["exercise"]
def distance(text, other):
    # solution
    row = list(range(len(other) + 1))
    for count, letter in enumerate(text, start=1):
        last, row = row, [count]
        for place, its in enumerate(other):
            row.append(min(last[place + 1] + 1, row[place] + 1, last[place] + (letter != its)))
    return row[-1]
    # end solution


print(distance("kitten", "sitting"), distance("도서관", "도시관"))

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Nothing but blanks | Train longer, or add the places of the letters to the loss |
# | Letters missing at the ends | The crop is too tight: a margin of a tenth of its height |
# | Doubled letters read as one | More steps for each letter: a smaller stride along the line |
# | Good on print, bad on handwriting | More faces, not more words |
#
# ## What to remember
#
# - CTC sums over all paths of a text; blanks part doubled letters. Knowing the places makes learning quick.
# - Jamo as outputs need fewer parameters and err less; what was never shown they do not read by themselves.
# - What the pictures of the test will suffer, the pictures of the training must suffer too.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 빈칸만 나온다 | 더 오래 학습하거나 글자의 위치를 손실에 넣습니다 |
# | 끝 글자가 빠진다 | 너무 바짝 잘랐습니다. 높이의 10분의 1쯤 여백을 둡니다 |
# | 겹친 글자가 하나로 나온다 | 글자마다 걸음 수를 늘립니다(줄 방향의 보폭을 줄입니다) |
# | 인쇄체는 잘 읽고 손글씨는 못 읽는다 | 낱말이 아니라 글꼴을 늘립니다 |
#
# ## 정리
#
# - CTC는 같은 글을 뜻하는 모든 경로를 더합니다. 빈칸은 겹친 글자를 떼어 놓습니다. 위치를 알면 빨리 배웁니다.
# - 자모를 출력으로 하면 매개변수가 적고 덜 틀립니다. 하지만 보여 주지 않은 음절까지 저절로 읽지는 못합니다.
# - 시험 영상이 겪을 일은 학습 영상도 겪어야 합니다.
