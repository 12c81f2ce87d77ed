# ---
# title:
#   en: Reading text
#   ko: 글 읽기
# minutes: 7
# data:
#   en: words and pages drawn in the bundled faces, over open photographs
#   ko: 제공 글꼴로 그린 낱말과 쪽, 배경은 공개 사진
# accuracy:
#   en: see sections 6 and 8
#   ko: 6절과 8절 참고
# seed: 14
# ---

# %% [markdown] lang="en"
# A sign, a page, a number plate: optical character recognition (OCR) **finds** words and **reads** them. In this notebook we
#
# - write a region of text in five ways, and compare two regions by the area that they share;
# - find words by hand-made rules, then with a network that paints the middle of each word;
# - compute **CTC**, the loss that needs no position of any letter, by hand, and get the number that Keras gets;
# - train readers of Korean words: one output for each syllable, or one for each jamo? With or without recurrence?
# - measure what noise, blur and turning do, and set five engines before the same pictures.

# %% [markdown] lang="ko"
# 간판, 책, 번호판. 광학 문자 인식(OCR)은 낱말을 **찾고** **읽는** 일입니다. 이 노트북에서는
#
# - 글자 영역을 다섯 가지로 나타내고, 두 영역이 겹치는 넓이로 비교합니다.
# - 손으로 만든 규칙으로 낱말을 찾고, 다음에는 낱말의 가운데를 칠하는 신경망으로 찾습니다.
# - 글자의 위치를 몰라도 되는 손실 함수 **CTC**를 손으로 계산하여 Keras와 같은 값을 얻습니다.
# - 한국어 낱말을 읽는 신경망을 학습합니다. 출력은 음절마다 하나일까요, 자모마다 하나일까요? 순환 층은 필요할까요?
# - 잡음, 흐림, 기울기가 얼마나 해로운지 재고, 다섯 엔진에 같은 영상을 읽힙니다.

# %%
import itertools

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

import labs
from labs import ocr
from labs.data import open_photos
from labs.hangul import bundled_faces, common, jamo, lines, pages

keras.utils.set_random_seed(14)

# %% [markdown] lang="en"
# ## 1. Five ways to write a region
#
# A word that stands askew: its pixels (a **mask**), the hull around them (a **polygon**), four corners of our choice (a **quadrangle**), the
# smallest rectangle (**rotated box**: centre, size, angle), and the upright **box** that most detectors give. OpenCV turns each into the next.

# %% [markdown] lang="ko"
# ## 1. 영역을 나타내는 다섯 가지 방법
#
# 비스듬한 낱말이 하나 있습니다. 화소의 집합(**마스크**), 그것을 둘러싼 볼록 껍질(**다각형**), 꼭짓점 네 개(**사각형**), 넓이가 가장 작은
# 사각형(**회전 상자**: 중심, 크기, 각도), 그리고 대부분의 검출기가 주는 곧은 **상자**입니다. OpenCV가 하나를 다음 것으로 바꿔 줍니다.

# %%
sheet = np.zeros((170, 420), np.uint8)
cv2.putText(sheet, "Reading", (60, 90), cv2.FONT_HERSHEY_SIMPLEX, 2, 255, 4)
cv2.putText(sheet, "text", (150, 128), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 3)
sheet = cv2.warpAffine(sheet, cv2.getRotationMatrix2D((210, 85), 15, 1), (420, 170))
count, words = cv2.connectedComponents(cv2.dilate(sheet, np.ones((5, 25))))
regions = []
for number in range(1, count):
    points = np.argwhere((words == number) & (sheet > 0))[:, ::-1].astype(np.float32)
    hull = cv2.convexHull(points)
    quad = cv2.approxPolyN(hull, 4).reshape(-1, 2)
    rotated = cv2.boxPoints(cv2.minAreaRect(hull))
    x, y, w, h = cv2.boundingRect(hull)
    box = np.float32([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    regions.append({"polygon": hull.reshape(-1, 2), "quadrangle": quad, "rotated box": rotated, "box": box})

# %%
figure, panels = plt.subplots(1, 4, figsize=(11, 1.6), layout="constrained")
for axes, kind in zip(panels, regions[0], strict=True):
    axes.imshow(sheet, cmap="gray_r")
    for region in regions:
        axes.fill(*region[kind].T, alpha=0.35)
    area = sum(cv2.contourArea(region[kind].astype(np.float32)) for region in regions)
    axes.set(title=f"{kind}, {area:.0f} pixels", xticks=[], yticks=[])
plt.show()

# %% [markdown] lang="en"
# Two regions are compared by **intersection over union**: shared area by joint area. For upright boxes that is four subtractions, for
# quadrangles OpenCV cuts one by the other. The two words above do not touch, yet their upright boxes overlap:

# %% [markdown] lang="ko"
# 두 영역은 **IoU**(교집합 넓이 ÷ 합집합 넓이)로 비교합니다. 곧은 상자라면 뺄셈 네 번이면 되고, 사각형이라면 OpenCV가 하나를 다른 하나로
# 잘라 줍니다. 위의 두 낱말은 서로 닿지 않지만 곧은 상자끼리는 겹칩니다.


# %%
def iou(quad, other):
    shared, _ = cv2.intersectConvexConvex(np.float32(quad), np.float32(other))
    return shared / (cv2.contourArea(np.float32(quad)) + cv2.contourArea(np.float32(other)) - shared)


for kind in ("rotated box", "box"):
    print(f"{kind:12} IoU of the two words {iou(regions[0][kind], regions[1][kind]):.3f}")

# %% [markdown] lang="en"
# On a turned page upright boxes would count neighbours as the same word. So we keep quadrangles.
#
# ## 2. Finding words by hand
#
# The material: pages that we draw ourselves, on paper or over open photographs, so that each word's corners are known exactly. First a
# detector without learning: what is darker or lighter than its surroundings is ink; ink that is near belongs together.

# %% [markdown] lang="ko"
# 기울어진 쪽에서 곧은 상자를 쓰면 이웃 낱말을 같은 낱말로 세게 됩니다. 그래서 사각형을 씁니다.
#
# ## 2. 손으로 만든 규칙으로 찾기
#
# 재료는 우리가 직접 그린 쪽입니다. 종이나 공개 사진 위에 글을 쓰므로 낱말의 꼭짓점을 정확히 압니다. 먼저 학습하지 않는 검출기를
# 만듭니다. 주위보다 어둡거나 밝으면 잉크이고, 가까이 있는 잉크는 한 낱말입니다.

# %%
korean = common(256)
photographs = [
    cv2.cvtColor(open_photos.read(name), cv2.COLOR_RGB2GRAY) for name in open_photos.names() if name != "text"
]
print_faces = [
    lines.Glyphs(face, korean)
    for face in bundled_faces("train", "print")[: labs.profile.choose(full=6, quick=1)]
]


def any_word(random):
    return "".join(random.choice(korean, random.integers(1, 5)))


made = pages.Pages(print_faces, any_word, photographs, seed=1, size=192)
sheets, corners, _ = made.batch(labs.profile.choose(full=840, quick=56))
test, test_corners = sheets[:40], corners[:40]
labs.show.grid(sheets[:10], columns=5, source=open_photos.SOURCE)


# %%
def by_hand(sheet):
    around = cv2.GaussianBlur(sheet, (0, 0), 8)
    contrast = cv2.absdiff(sheet, around)
    ink = (contrast > max(25, 2.5 * contrast.mean())).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9)))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.minAreaRect(outline) for outline in outlines]
    return [cv2.boxPoints(box) for box in boxes if min(box[1]) > 6 and max(box[1]) < 200]


# %%
def judge(find):
    true, answered = [], []
    for sheet, quads in zip(test, test_corners, strict=True):
        answers = list(find(sheet[..., 0]))
        true += [max((iou(quad, answer) for answer in answers), default=0) for quad in quads]
        answered += [max((iou(quad, answer) for quad in quads), default=0) for answer in answers]
    found, right = np.mean(np.array(true) >= 0.5), np.mean(np.array([*answered, 0]) >= 0.5)
    return f"{found:.0%} of the words found, {right:.0%} of the answers are words"


print("by hand:", judge(by_hand))

# %% [markdown] lang="en"
# On clean paper it would do; grass and coins are ink to it as well.
#
# ## 3. Finding words by segmentation
#
# A network decides for each pixel. But "is this pixel text?" glues neighbours together. **DB** (Liao et al., 2020) and its kin let it paint
# only the **middle** of each word: every side moved inwards. Connected middles are words; afterwards the sides are moved out again.

# %% [markdown] lang="ko"
# 깨끗한 종이라면 쓸 만하지만, 잔디와 동전도 잉크로 봅니다.
#
# ## 3. 분할로 찾기
#
# 화소마다 신경망이 판정합니다. 그런데 "이 화소가 글자인가?"라고 물으면 이웃 낱말이 붙어 버립니다. **DB**(Liao et al., 2020) 계열은 각 변을
# 안쪽으로 옮긴 낱말의 **가운데**만 칠하게 합니다. 이어진 가운데가 낱말 하나이고, 나중에 변을 다시 바깥으로 옮깁니다.

# %%
middles = np.stack([pages.shrunk_map(quads, 192) for quads in corners])[..., None]
labs.show.grid(
    [*sheets[:5], *middles[:5]], columns=5, title="쪽과 낱말의 가운데 · pages, and the middles of their words"
)


# %%
def convolved(x, filters, kernel=3, strides=1):
    x = layers.Conv2D(filters, kernel, strides, "same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


inputs = keras.Input((192, 192, 1), name="input")
x, sizes = layers.Rescaling(1 / 127.5, -1)(inputs), []
for filters in (12, 24, 32, 48):
    x = convolved(x, filters, strides=2)
    sizes.append(x)
for smaller in sizes[-2::-1]:
    x = layers.Add()([layers.UpSampling2D()(convolved(x, 24, 1)), convolved(smaller, 24, 1)])
    x = convolved(x, 24)
detector = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x))

# %%
detector.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy")
epochs = labs.profile.choose(full=5, quick=1)
history = detector.fit(sheets[40:], middles[40:], 16, epochs, verbose=2)


def by_network(sheet):
    found = detector.predict_on_batch(sheet[None, ..., None])[0, ..., 0]
    return 2 * ocr.quads_of(found)[0]


print("by hand:   ", judge(by_hand))
print("by network:", judge(by_network))

# %%
quads = by_network(test[3, ..., 0])
picture = cv2.polylines(
    np.repeat(test[3], 3, axis=2), list(np.int32(np.round(quads))), True, (255, 60, 60), 1
)
labs.show.grid(
    [test[3], detector.predict(test[3:4], verbose=0)[0], picture],
    titles=["page", "middles", "words"],
    columns=3,
)

# %% [markdown] lang="en"
# ## 4. CTC by hand
#
# A reader looks at a line step by step, and at each step gives probabilities for every letter and for a **blank**. Many paths mean the same
# text: repeat what you like, drop the blanks. **Connectionist temporal classification** (Graves et al., 2006) adds up the probabilities of *all* paths
# that mean the true text. Four steps, the letters a and b: only $3^4 = 81$ paths, so let us write them down.

# %% [markdown] lang="ko"
# ## 4. 손으로 계산하는 CTC
#
# 신경망은 줄을 한 걸음씩 보면서 걸음마다 글자와 **빈칸**(blank)의 확률을 내놓습니다. 여러 경로가 같은 글을 뜻합니다. 반복은 하나로 줄이고 빈칸은
# 버립니다. **CTC**(Graves et al., 2006)는 정답을 뜻하는 *모든* 경로의 확률을 더합니다. 네 걸음에 글자가 a와 b뿐이라면 경로는 $3^4 = 81$개이니
# 모두 적어 봅시다.

# %%
scores = np.random.default_rng(3).normal(0, 1.5, (1, 4, 3)).astype("float32")
probabilities = keras.activations.softmax(ops.convert_to_tensor(scores)).numpy()[0]


def text_of(path):
    steps = [number for number, _ in itertools.groupby(path)]
    return "".join("-ab"[number] for number in steps if number)


total = {}
for path in itertools.product(range(3), repeat=4):
    chance = np.prod([probabilities[step, number] for step, number in enumerate(path)])
    total[text_of(path)] = total.get(text_of(path), 0) + chance
by_keras = float(keras.losses.CTC()(np.array([[1, 2]]), scores))
print(f"-log P(ab): {-np.log(total['ab']):.5f} by hand, {by_keras:.5f} by Keras")

# %% [markdown] lang="en"
# The same number; Keras gets it without listing paths, by dynamic programming. To read, one usually takes the best class at each step (**greedy**).
# That is the best *path*, not the best *text*: a text with many middling paths can win. How often do the two differ?

# %% [markdown] lang="ko"
# 같은 값입니다. Keras는 경로를 늘어놓지 않고 동적 계획법으로 구합니다. 읽을 때는 보통 걸음마다 가장 좋은 것을 고릅니다(**탐욕 해독**).
# 이것은 가장 좋은 *경로*이지 가장 좋은 *글*은 아닙니다. 그저 그런 경로가 많은 글이 이길 수도 있습니다. 둘은 얼마나 자주 다를까요?

# %%
differ, draw = 0, np.random.default_rng(5)
for _ in range(200):
    chances, total = draw.dirichlet(np.ones(3), size=4), {}
    for path in itertools.product(range(3), repeat=4):
        total[text_of(path)] = total.get(text_of(path), 0) + np.prod(chances[range(4), path])
    differ += text_of(chances.argmax(axis=1)) != max(total, key=total.get)
print(f"greedy and the best text differ in {differ} of 200 undecided cases")

# %% [markdown] lang="en"
# With a trained reader, whose steps are nearly all certain, hardly ever; for doubtful ones there is *beam search*.
#
# ## 5. A reader
#
# Convolutions shrink a line of 40 pixels to a row of feature vectors, one every four pixels. Two questions, each with a measurement:
# are the outputs **syllables**, or **jamo** whose scores add up to a syllable's? And does a recurrent layer (GRU) on top help? We train on
# 256 syllables, but never show every eighth one.

# %% [markdown] lang="ko"
# 학습이 잘된 신경망은 거의 모든 걸음에서 확신하므로 둘이 다른 일이 드뭅니다. 망설이는 경우에는 *빔 탐색*을 씁니다.
#
# ## 5. 읽는 신경망
#
# 합성곱은 높이 40화소의 줄을 4화소마다 하나씩인 특징 벡터의 줄로 바꿉니다. 두 가지를 재어 봅시다. 출력은 **음절**일까요, 아니면 점수를 더해
# 음절의 점수가 되는 **자모**일까요? 그 위에 순환 층(GRU)을 얹으면 나아질까요? 256음절로 학습하되, 여덟 음절마다 하나는 한 번도 보여 주지 않습니다.

# %%
unseen = korean[::8]
seen = [syllable for syllable in korean if syllable not in set(unseen)]
number = {syllable: n for n, syllable in enumerate(korean, start=1)}  # 0 is the blank
width, steps = 160, 40


def a_word(letters):
    return lambda random: "".join(random.choice(letters, random.integers(2, 4)))


def drawn(faces, letters, count, style, seed):
    series = lines.Lines(faces, korean, a_word(letters), style, seed)
    images, words, places = series.batch(count)
    fits = [spans[-1][1] < width for spans in places]
    chosen = [i for i in range(count) if fits[i]]
    return images[chosen, :, :width], [words[i] for i in chosen], [places[i] for i in chosen]


faces = [
    lines.Glyphs(face, korean) for face in bundled_faces("train")[:: labs.profile.choose(full=1, quick=9)]
]
images, words, places = drawn(faces, seen, labs.profile.choose(full=12000, quick=96), lines.WILD, 1)
labs.show.grid(images[:12, ..., 0], titles=words[:12], columns=4)

# %% [markdown] lang="en"
# CTC alone needs thousands of steps before it gives anything but blanks. But we have drawn the words and know where each letter stands, so the loss has two
# parts: CTC for the text, and cross-entropy at the middle of each letter and between letters, which shows CTC the way.

# %% [markdown] lang="ko"
# CTC만으로는 수천 걸음을 배워야 빈칸이 아닌 것을 내놓기 시작합니다. 하지만 우리가 낱말을 그렸으니 글자의 위치를 압니다. 그래서 손실은 두 부분입니다.
# 글에 대한 CTC, 그리고 글자의 가운데와 글자 사이에서의 교차 엔트로피. 뒤의 것이 CTC에게 길을 보여 줍니다.


# %%
def targets(words, places):
    answer = np.zeros((len(words), steps + 4), "int32")
    middles = 4 * np.arange(steps) + 2
    for row, word, spans in zip(answer, words, places, strict=True):
        for place, (syllable, (left, right)) in enumerate(zip(word, spans, strict=True)):
            distance = np.abs(middles - (left + right) / 2) / (right - left)
            row[:steps][distance < 0.4] = -1  # between a letter's middle and its border: no opinion
            row[:steps][distance < 0.2] = number[syllable]
            row[steps + place] = number[syllable]
    return answer


def loss(truth, scores):
    known = ops.cast(truth[:, :steps] >= 0, "float32")
    there = keras.losses.sparse_categorical_crossentropy(
        ops.maximum(truth[:, :steps], 0), scores, from_logits=True
    )
    return (ops.sum(there * known, axis=1) + keras.losses.ctc(truth[:, steps:], scores)) / steps


# %%
parts = [jamo.INITIALS, jamo.VOWELS, jamo.FINALS]
table = np.array(
    [[1 + part.index(one) for part, one in zip(parts, jamo.split(s), strict=True)] for s in korean]
)
table += np.cumsum([0, len(jamo.INITIALS), len(jamo.VOWELS)])  # where a syllable's three scores stand


def reader(jamo_head=True, recurrent=False):
    inputs = keras.Input((40, width, 1), name="input")
    x = convolved(layers.Rescaling(1 / 127.5, -1)(inputs), 24, strides=2)
    x = convolved(convolved(x, 32), 48, strides=2)
    x = convolved(convolved(x, 64), 80, strides=(2, 1))
    x = layers.Reshape((steps, 5 * 80))(layers.Permute((2, 1, 3))(x))
    x = layers.Dense(128, activation="relu")(x)
    context = (
        layers.Bidirectional(layers.GRU(48, return_sequences=True))
        if recurrent
        else layers.Conv1D(128, 5, padding="same", activation="relu")
    )
    x = context(x)
    if not jamo_head:
        return keras.Model(inputs, layers.Dense(257)(x))
    scores = layers.Dense(1 + 19 + 21 + 28)(x)
    syllables = sum(ops.take(scores, table[:, part], axis=-1) for part in range(3))
    return keras.Model(inputs, ops.concatenate([scores[..., :1], syllables], axis=-1))


# %%
def read(model, images):
    paths = model.predict(images, batch_size=100, verbose=0).argmax(axis=-1)
    return ["".join(korean[n - 1] for n, _ in itertools.groupby(path) if n) for path in paths]


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        last, row = row, [i]
        for j, other in enumerate(b):
            row.append(min(last[j + 1] + 1, row[j] + 1, last[j] + (letter != other)))
    return row[-1]


def error_rate(model, images, words):
    return sum(map(distance, read(model, images), words)) / sum(map(len, words))


# %%
truth, epochs = targets(words, places), labs.profile.choose(full=8, quick=1)


def train(model, images):
    steps = epochs * (len(images) // 32)
    model.compile(keras.optimizers.AdamW(labs.hangul.one_cycle(3e-3, steps), weight_decay=0.01), loss)
    model.fit(images, truth[: len(images)], 32, epochs, verbose=2)
    return model


syllables = train(reader(jamo_head=False), images)
by_jamo = train(reader(), images)
recurrent = train(reader(recurrent=True), images)

# %%
count = labs.profile.choose(full=300, quick=20)
tests = {}
for kind in ("print", "handwriting"):
    for name, letters in {"seen": seen, "unseen": unseen}.items():
        held_out = [lines.Glyphs(face, korean) for face in bundled_faces("test", kind)]
        tests[f"{kind}, {name}"] = drawn(held_out, letters, count, lines.MILD, 9)[:2]
print(f"{'letters wrong':12}{'parameters':>12}", *(f"{name:>20}" for name in tests))
for name, model in {"syllables": syllables, "jamo": by_jamo, "jamo, GRU": recurrent}.items():
    rates = [error_rate(model, *test) for test in tests.values()]
    print(f"{name:12}{model.count_params():12,}", *(f"{rate:20.1%}" for rate in rates))

# %% [markdown] lang="en"
# RESULTS_HEADS_EN

# %% [markdown] lang="ko"
# RESULTS_HEADS_KO

# %%
guesses = read(by_jamo, tests["handwriting, seen"][0])
pairs = [
    (a, b)
    for word, guess in zip(tests["handwriting, seen"][1], guesses, strict=True)
    if len(word) == len(guess)
    for a, b in zip(word, guess, strict=True)
    if a != b
]
parts = [part for a, b in pairs for part in jamo.differences(a, b)]
print(
    f"{len(pairs)} syllables taken for others:",
    {part: parts.count(part) for part in ("초성", "중성", "종성")},
)
print("for example:", " ".join(f"{a}→{b}" for a, b in pairs[:12]))

# %% [markdown] lang="en"
# ## 6. The kept reader, and what disturbs it
#
# `saved_models/reader` is the same network, larger, for all 2,350 syllables and the characters of a keyboard, trained for minutes on a GPU by
# `tools/train_reader.py`. We take words in faces that it never saw and make them worse step by step.

# %% [markdown] lang="ko"
# ## 6. 보관된 신경망, 그리고 무엇이 방해가 되는가
#
# `saved_models/reader`는 같은 신경망을 더 크게 만들어 2,350음절과 자판의 글자를 모두 읽게 한 것으로, `tools/train_reader.py`가 GPU로 몇 분 동안
# 학습했습니다. 한 번도 보지 못한 글꼴의 낱말을 조금씩 망가뜨려 봅시다.

# %%
engine = ocr.open_engine("ours")
clean, clean_words, _ = lines.Lines(
    [lines.Glyphs(f, common(2350)) for f in bundled_faces("test", "print")[:2]],
    common(2350),
    a_word(common(2350)),
    lines.MILD,
    3,
).batch(labs.profile.choose(full=60, quick=4))
clean = clean[..., 0]


def jpeg(image, quality):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)


def turned(image, degrees):
    return cv2.warpAffine(
        image,
        cv2.getRotationMatrix2D((60, 20), degrees, 1),
        image.shape[::-1],
        borderMode=cv2.BORDER_REPLICATE,
    )


noise = np.random.default_rng(1).standard_normal(clean[0].shape)
disturbances = {
    "noise": [
        (s, lambda image, s=s: np.clip(image + s * noise, 0, 255).astype(np.uint8))
        for s in (0, 20, 40, 60, 80)
    ],
    "blur": [(s, lambda image, s=s: cv2.GaussianBlur(image, (0, 0), s)) for s in (0.1, 1, 1.5, 2, 2.5)],
    "JPEG quality": [(s, lambda image, s=s: jpeg(image, s)) for s in (90, 30, 15, 8, 4)],
    "degrees": [(s, lambda image, s=s: turned(image, s)) for s in (0, 3, 6, 9, 12)],
    "contrast": [(s, lambda image, s=s: np.uint8(20 + s * image)) for s in (0.9, 0.4, 0.2, 0.1, 0.05)],
}

# %%
figure, panels = plt.subplots(1, 5, figsize=(12, 2.4), sharey=True, layout="constrained")
for axes, (name, levels) in zip(panels, disturbances.items(), strict=True):
    rates = []
    for _, disturb in levels:
        guesses = engine.texts([disturb(image) for image in clean])
        rates.append(sum(map(distance, guesses, clean_words)) / sum(map(len, clean_words)))
    axes.plot([str(strength) for strength, _ in levels], rates, "o-")
    axes.set(xlabel=name, ylim=(0, 1), ylabel="letters wrong" if axes is panels[0] else "")
plt.show()

# %% [markdown] lang="en"
# RESULTS_ROBUST_EN
#
# ## 7. Five engines, the same pictures
#
# Whoever must choose an engine measures on pictures like his own. Ours, **Tesseract** (the classic, with a language model for Korean), **RapidOCR** (PaddleOCR's
# networks for Chinese and English), and **Google Vision** (in the cloud, paid by the picture; the pictures leave the house). An engine that is not
# installed gets a row that says so. The fifth, keras-ocr, cannot be imported beside Keras 3: its helper imgaug asks NumPy for what NumPy 2 has dropped.

# %% [markdown] lang="ko"
# RESULTS_ROBUST_KO
#
# ## 7. 다섯 엔진, 같은 영상
#
# 엔진을 골라야 한다면 자기 일에서 나오는 것과 같은 영상으로 재어 보아야 합니다. 우리 것, **Tesseract**(오래된 대표, 한국어 언어 모델이 있음), **RapidOCR**(PaddleOCR의
# 중국어·영어 신경망), **Google Vision**(클라우드, 장당 요금, 영상이 밖으로 나감)입니다. 설치되지 않은 엔진은 그렇다고 알려 줍니다.
# 다섯째인 keras-ocr은 Keras 3와 함께 쓸 수 없습니다. 함께 쓰는 imgaug가 NumPy 2에서 사라진 것을 찾기 때문입니다.

# %%
english = [
    "camera",
    "network",
    "window",
    "Monday",
    "Seoul",
    "reading",
    "filter",
    "number",
    "garden",
    "school",
]
letters = [*common(2350), *map(chr, range(32, 127))]
counted = labs.profile.choose(full=30, quick=3)
crops = {}
for kind in ("print", "handwriting"):
    held_out = [lines.Glyphs(face, letters) for face in bundled_faces("test", kind)[:3]]
    for language, draw in {
        "Korean": a_word(common(2350)),
        "English": lambda random: str(random.choice(english)),
    }.items():
        images, texts, places = lines.Lines(held_out, letters, draw, lines.MILD, 5).batch(counted)
        cut = [image[:, : int(spans[-1][1]) + 3, 0] for image, spans in zip(images, places, strict=True)]
        crops[f"{language}, {kind}"] = [np.repeat(image[..., None], 3, axis=2) for image in cut], texts

# %%
print(f"{'letters wrong':14}", *(f"{name:>22}" for name in crops))
for name in ocr.ENGINES:
    try:
        reading = engine if name == "ours" else ocr.open_engine(name)
        rates = [
            sum(map(distance, ["".join(t.split()) for t in reading.texts(images)], texts))
            / sum(map(len, texts))
            for images, texts in crops.values()
        ]
        print(f"{name:14}", *(f"{rate:22.1%}" for rate in rates))
    except labs.LabsError as reason:
        print(f"{name:14} {reason}")

# %% [markdown] lang="en"
# RESULTS_ENGINES_EN
#
# ## 8. A page from the table
#
# Everything together: the kept `finder` paints the middles of the words, their quadrangles are cut out and laid straight, the `reader` reads them, and rows are
# followed along their own slope. `labs.read` does it in one line, as `labs read PICTURE` does in a terminal.

# %% [markdown] lang="ko"
# RESULTS_ENGINES_KO
#
# ## 8. 책상 위의 한 장
#
# 이제 모두 이어 봅시다. 보관된 `finder`가 낱말의 가운데를 칠하고, 사각형을 잘라 똑바로 펴고, `reader`가 읽고, 기울기를 따라 줄을 맞춥니다.
# `labs.read`는 이 일을 한 줄로 합니다. 터미널에서는 `labs read PICTURE`입니다.

# %% tags=["cover"]
photo = "web/public/samples/leaflet.jpg"
found = labs.read(photo, engine)
plt.figure(figsize=(7, 5))
plt.imshow(ocr.draw(photo, found))
plt.axis("off")
plt.show()
print(ocr.as_text(found))
labs.show.grid(
    [ocr.line_picture(ocr.cut(cv2.imread(photo, 0), word.corners))[0, ..., 0] for word in found],
    titles=[f"{word.text} {word.score:.2f}" for word in found],
    columns=4,
)

# %% [markdown] lang="en"
# Try it with your own photograph on the page of the site:
#
# <!-- live: read reader -->
#
# ## 9. The small reader, everywhere
#
# Our jamo reader has no recurrence, so every runtime takes it. The text must be the same everywhere; `labs.check` compares it.

# %% [markdown] lang="ko"
# 사이트의 페이지에서 직접 찍은 사진으로 해 보세요.
#
# <!-- live: read reader -->
#
# ## 9. 작은 신경망을 어디서나
#
# 자모 신경망에는 순환 층이 없어서 모든 실행 환경이 읽을 수 있습니다. 어디서나 같은 글이 나와야 합니다. `labs.check`가 비교해 줍니다.

# %%
named = keras.Model(by_jamo.input, {"text": layers.Softmax()(by_jamo.output)})
golden, _ = tests["print, seen"]
labs.export(
    named, "saved_models/words256", korean, golden[:8], source="words drawn in bundled faces", kind="text"
)
labs.check("saved_models/words256")

# %% [markdown] lang="en"
# ## Exercises
#
# **1. A word list.** A reader that knows which words exist mends its slips. Replace each of these readings by the word of the list that is nearest.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 낱말 목록.** 어떤 낱말이 있는지 알면 실수를 고칠 수 있습니다. 아래의 읽은 결과를 목록에서 가장 가까운 낱말로 바꾸세요.

# %% tags=["exercise"]
known, readings = ["도서관", "음식물", "시간표", "안내문"], ["도시관", "음석물", "시간료", "안내무"]
# solution
mended = [min(known, key=lambda word: distance(word, reading)) for reading in readings]
# end solution
print(mended)

# %% [markdown] lang="en"
# **2. Paths.** How many of the 81 paths of section 4 mean "aa"? Count them with `text_of`, and say why a blank is needed.

# %% [markdown] lang="ko"
# **2. 경로의 수.** 4절의 81개 경로 가운데 "aa"를 뜻하는 것은 몇 개일까요? `text_of`로 세고, 빈칸이 왜 필요한지 말해 보세요.

# %% tags=["exercise"]
# solution
meaning_aa = [path for path in itertools.product(range(3), repeat=4) if text_of(path) == "aa"]
# end solution
print(len(meaning_aa), meaning_aa)

# %% [markdown] lang="en"
# ## Recap
#
# - A region of text is a quadrangle; two are compared by intersection over union.
# - A detector paints the middles of words, so that neighbours stay apart; afterwards the sides move out again.
# - CTC sums over all paths of a text; blanks part doubled letters. Knowing the places makes learning quick.
# - Jamo as outputs need fewer parameters and read syllables that were never shown.
# - An engine is chosen by a table over one's own pictures: errors, seconds, price, and where the pictures go.
#
# **What to try when it goes wrong.** Nothing but blanks: train longer or add the places. Letters missing at the ends: too tight a crop. Doubled letters read as one: more steps for
# each letter (a smaller stride). Good on print, bad on handwriting: more faces, not more words.

# %% [markdown] lang="ko"
# ## 정리
#
# - 글자 영역은 사각형으로 나타내고 IoU로 비교합니다.
# - 검출기는 낱말의 가운데를 칠해서 이웃이 붙지 않게 하고, 나중에 변을 다시 넓힙니다.
# - CTC는 같은 글을 뜻하는 모든 경로를 더합니다. 빈칸은 겹친 글자를 떼어 놓습니다. 위치를 알면 빨리 배웁니다.
# - 자모를 출력으로 하면 매개변수가 적고, 보여 주지 않은 음절도 읽습니다.
# - 엔진은 자기 영상으로 만든 표를 보고 고릅니다. 오류, 시간, 값, 그리고 영상이 어디로 가는지를 봅니다.
#
# **잘 안 될 때.** 빈칸만 나오면: 더 오래 학습하거나 위치를 알려 줍니다. 끝 글자가 빠지면: 너무 바짝 잘랐습니다. 겹친 글자가 하나로 나오면: 글자마다 걸음 수를
# 늘립니다(보폭을 줄입니다). 인쇄체는 잘 읽고 손글씨는 못 읽으면: 낱말이 아니라 글꼴을 늘립니다.
