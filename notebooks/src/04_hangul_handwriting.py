# ---
# title:
#   en: Hangul handwriting, from fonts to a recogniser that reads a hand
#   ko: 한글 손글씨 인식, 글꼴에서 시작해 사람 손글씨까지
# minutes: 8
# data:
#   en: pictures drawn while training, from fonts bundled with the labs (no download)
#   ko: 함께 들어 있는 글꼴로 학습 중에 그리는 영상 (내려받기 없음)
# accuracy:
#   en: "the kept model on unseen faces, bent by hand: print 99.8 %, handwriting 98.6 %; drawn strokes 98.4 %"
#   ko: "함께 든 모델: 처음 보는 인쇄체 99.8 %, 손글씨체 98.6 %, 직접 그린 획 98.4 %"
# seed: 4
# ---

# %% [markdown] lang="en"
# In this notebook we
#
# - take Hangul syllables apart, and see why 11,172 classes are too many for a first network;
# - make training data without a data set: fonts, bent and redrawn until they look like a hand's work;
# - train a small convolutional network on 256 syllables;
# - test it on **faces it has never seen** and on strokes drawn with no font at all, and read its errors jamo by jamo;
# - try it on inverted, hair-thin and thick pictures, and see what cures it;
# - read a photo with OpenCV and the `.pb`, then a whole sheet filled in by hand.

# %% [markdown] lang="ko"
# 이 노트북에서는
#
# - 한글 음절을 낱자로 나누어 보고, 왜 11,172가지를 한꺼번에 분류하기 어려운지 알아보고,
# - 데이터셋 없이 학습 데이터를 만듭니다. 글꼴을 손으로 쓴 것처럼 보일 때까지 휘고 다시 그립니다.
# - 256개 음절을 인식하는 작은 합성곱 신경망을 학습하고,
# - **한 번도 본 적 없는 글꼴**과, 글꼴 없이 획만으로 그린 글자로 시험하여 오류를 낱자별로 분석하고,
# - 색이 뒤집힌 영상, 아주 가는 획과 굵은 획에서 어떻게 되는지, 어떻게 고치는지 보고,
# - OpenCV와 `.pb`로 사진을 읽은 뒤, 손으로 채운 종이 한 장을 통째로 읽습니다.

# %%
import collections
import dataclasses
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import labs
from labs.hangul import CAREFUL, CLEAN, HAND, Renderer, bundled_faces, common, jamo, sheet, strokes

# %% [markdown] lang="en"
# ## 1. How a syllable is built
#
# Every Hangul syllable has an initial consonant (초성), a vowel (중성), and perhaps a final consonant (종성).
# Unicode numbers them all by this rule, so that three digits make a syllable.

# %% [markdown] lang="ko"
# ## 1. 음절의 짜임
#
# 한글 음절은 초성과 중성, 그리고 있을 수도 없을 수도 있는 종성으로 이루어집니다.
# 유니코드는 이 규칙대로 모든 음절에 번호를 매겼으므로, 숫자 세 개가 음절 하나를 정합니다.

# %%
# NBVAL_CHECK_OUTPUT
for syllable in "한글의꽃":
    print(syllable, jamo.split(syllable), f"U+{ord(syllable):X}")
count = len(jamo.INITIALS) * len(jamo.VOWELS) * len(jamo.FINALS)
print(f"{len(jamo.INITIALS)} x {len(jamo.VOWELS)} x {len(jamo.FINALS)} = {count:,} syllables")

# %% [markdown] lang="en"
# Most of the 11,172 are never used. The old standard KS X 1001 makes do with 2,350, and the commonest few hundred cover
# most of what one reads. We take 256 of them.

# %% [markdown] lang="ko"
# 11,172개 가운데 대부분은 쓰이지 않습니다. 옛 표준 KS X 1001은 2,350자만 담았고, 가장 흔한 수백 자만으로도
# 우리가 읽는 글의 대부분을 쓸 수 있습니다. 여기서는 256자를 다룹니다.

# %%
syllables = common(256)[: labs.profile.choose(full=256, quick=16)]
finals = sum(bool(jamo.split(syllable)[2]) for syllable in syllables)
print(f"{len(syllables)} syllables, {finals} of them with a final consonant")
print("".join(syllables))

# %% [markdown] lang="en"
# ## 2. Faces: what we train on, and what we must not look at
#
# Nobody has thousands of labelled handwritten pictures at hand, but fonts draw any syllable for free.
# The danger: a network tested on fonts it has trained on only proves that it remembers them.
# So some faces are set aside **as a whole**, before anything else.

# %% [markdown] lang="ko"
# ## 2. 글꼴 나누기: 학습에 쓸 것과 보아서는 안 될 것
#
# 이름표 붙은 손글씨 영상 수천 장을 가진 사람은 드물지만, 글꼴은 어떤 음절이든 공짜로 그려 줍니다.
# 조심할 점이 있습니다. 학습한 글꼴로 시험하면 신경망이 글꼴을 외웠다는 것만 증명할 뿐입니다.
# 그래서 무엇보다 먼저 몇몇 글꼴을 **통째로** 따로 떼어 둡니다.

# %%
groups = [(use, kind) for use in ("train", "test") for kind in ("handwriting", "print")]
faces = {group: bundled_faces(*group) for group in groups}
for (use, kind), members in faces.items():
    print(f"{use:5} {kind:11} {len(members):2}: {', '.join(face.family for face in members)}")

# %%
shown = [face for members in faces.values() for face in members]
pictures = [Renderer([face], "한", CLEAN).picture(0, 0) for face in shown]
labs.show.grid(pictures, titles=[f"{face.use} {face.kind[:5]}" for face in shown], columns=8)

# %% [markdown] lang="en"
# ## 3. From a glyph to a hand
#
# A pen's stroke may be thick or thin. To change that cheaply, each glyph is kept as a **distance field**: every pixel holds its
# distance to the stroke's middle line. A threshold then draws a line of any thickness, and it stays even when the field is bent.

# %% [markdown] lang="ko"
# ## 3. 글꼴에서 손글씨로
#
# 펜의 획은 굵을 수도 가늘 수도 있습니다. 굵기를 값싸게 바꾸려고, 글자를 **거리장**(distance field)으로 보관합니다. 각 화소는
# 획의 가운데 선까지의 거리를 담고 있습니다. 문턱값만 바꾸면 어떤 굵기의 선이든 그릴 수 있고, 거리장을 휘어도 굵기는 고르게 유지됩니다.

# %%
renderer = Renderer(faces["train", "print"][:1], "꽃", CLEAN)
outline, line = renderer.fields[0, 0]
thin, thick = (np.uint8(line > 255 - 16 * thickness / 2) * 255 for thickness in (2, 6))
titles = ["the glyph", "distance to the middle line", "2 pixels", "6 pixels"]
labs.show.grid([np.uint8(outline > 128) * 255, line, thin, thick], titles=titles)

# %% [markdown] lang="en"
# Then the hand: rotate, shear, shift, let strokes sway (slow elastic distortion) and tremble (fast), break the ink here and there,
# and sometimes take a photo of it. `Style` says how far each may go. One seed, one series of pictures.

# %% [markdown] lang="ko"
# 그다음은 손입니다. 돌리고, 기울이고, 옮기고, 획을 천천히 휘게 하고(느린 탄성 변형) 떨리게 하고(빠른 탄성 변형), 군데군데 잉크를 끊고,
# 가끔은 사진으로 찍습니다. 각각을 어디까지 허용할지는 `Style`이 정합니다. 시드가 같으면 같은 영상이 나옵니다.

# %%
renderers = [Renderer(faces["train", kind], syllables, HAND, seed=4) for kind in ("handwriting", "print")]
images, truth = renderers[0].batch(32)
labs.show.grid(images[..., 0], titles=[syllables[label] for label in truth], columns=8)

# %%
start = time.perf_counter()
renderers[0].batch(2000)
print(f"{2000 / (time.perf_counter() - start):,.0f} pictures a second")

# %% [markdown] lang="en"
# That is faster than the network can learn from them, so no picture needs to be kept: **each one is seen once**.
# A network that never sees a picture twice cannot learn it by heart. (For a cluster, `labs hangul make` writes TFRecords.)

# %% [markdown] lang="ko"
# 신경망이 배우는 속도보다 빠르므로 영상을 저장할 필요가 없습니다. **모든 영상은 단 한 번만 쓰입니다.**
# 같은 영상을 두 번 보지 않는 신경망은 영상을 외울 수 없습니다. (여러 컴퓨터로 학습한다면 `labs hangul make`가 TFRecord를 만들어 줍니다.)

# %% [markdown] lang="en"
# ## 4. The network
#
# The first layers halve the picture early, which saves most of the work. The last feature map stays 4×4:
# ㅏ and ㅓ have the same strokes at different places, so the network must not forget *where* it saw them.

# %% [markdown] lang="ko"
# ## 4. 신경망
#
# 앞쪽 층에서 영상을 일찍 줄여 계산량을 크게 아낍니다. 마지막 특징 맵은 4×4로 남겨 둡니다.
# ㅏ와 ㅓ는 같은 획이 다른 자리에 놓인 것이므로, 신경망이 획을 *어디에서* 보았는지 잊으면 안 됩니다.


# %%
def block(filters, size=3, strides=1):
    convolution = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)
    return [convolution, layers.BatchNormalization(), layers.ReLU()]


keras.utils.set_random_seed(4)
stem = [
    keras.Input((64, 64, 1), name="input"),
    layers.Rescaling(1 / 255),
    *block(24, 5, 2),
    layers.MaxPooling2D(),
]
body = [*block(48), *block(64), *block(96, strides=2), *block(128), layers.MaxPooling2D(), *block(64, size=1)]
head = [
    layers.Flatten(),
    layers.Dense(128),
    layers.Dense(len(syllables), activation="softmax", name="output"),
]
model = keras.Sequential([*stem, *body, *head])
print(f"{model.count_params():,} parameters")

# %% [markdown] lang="en"
# ## 5. Training
#
# AdamW with a *one-cycle* learning rate: it climbs for the first tenth of the steps and then falls along a cosine to nothing.
# Half of each batch comes from handwriting faces, half from print. `quick` gives the same network with layers whose
# way back is faster (lab 01); afterwards `plain` gives Keras's own layers again.

# %% [markdown] lang="ko"
# ## 5. 학습
#
# 최적화는 AdamW입니다. 학습률은 처음 10 % 동안 오른 뒤 코사인 곡선을 따라 0까지 내려갑니다(*one-cycle*).
# 배치의 절반은 손글씨 글꼴, 절반은 인쇄체 글꼴에서 나옵니다. `quick`은 같은 신경망을 역전파가 빠른 층으로 바꾸어 주고(실습 01),
# 학습이 끝나면 `plain`이 Keras의 기본 층으로 되돌려 줍니다.

# %%
epochs = labs.profile.choose(full=10, quick=4)
steps = labs.profile.choose(full=100, quick=40)  # an epoch; no end of the data says when one is over
learning_rate = labs.hangul.one_cycle(0.004, epochs * steps)
optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=0.01)
labs.train.keep_memory()
network = labs.train.quick(model)
network.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])

# %%
stream = labs.hangul.stream(renderers, batch_size=128)
history = network.fit(stream, steps_per_epoch=steps, epochs=epochs, verbose=2, shuffle=False)
model = labs.train.plain(network)
labs.show.history(history, source="pictures drawn from the bundled training faces")

# %% [markdown] lang="en"
# ## 6. Three examinations
#
# Unseen print faces, unseen handwriting faces, and a third of another kind: `strokes` draws the jamo from pen paths
# with a trembling hand, as one draws with a mouse. **No font is involved, and we never tune anything on it.**

# %% [markdown] lang="ko"
# ## 6. 세 가지 시험
#
# 처음 보는 인쇄체, 처음 보는 손글씨체, 그리고 종류가 전혀 다른 세 번째 시험이 있습니다. `strokes`는 마우스로 그리듯
# 떨리는 손으로 낱자의 획을 그립니다. **글꼴을 전혀 쓰지 않으며, 이 시험에 맞추어 무엇을 조정하는 일은 없습니다.**

# %% tags=["cover"]
exams = {
    f"unseen {kind}": Renderer(faces["test", kind], syllables, CAREFUL, seed=1).every()[:2]
    for kind in ("print", "handwriting")
}
exams["drawn strokes"] = strokes.sample(syllables, each=4)
samples = [images[number] for images, _ in exams.values() for number in (0, 5, 9, 14)]
labs.show.grid(samples, titles=[name for name in exams for _ in range(4)], columns=4)


# %%
def examine(model):
    for name, (images, truth) in exams.items():
        answers = model.predict(images.astype("float32"), batch_size=256, verbose=0).argmax(axis=1)
        print(f"{name:19} {np.mean(answers == truth):.1%} of {len(truth)}")


examine(model)

# %% [markdown] lang="en"
# The kept model `saved_models/hangul` is the same network after a longer training with more faces (its card tells).
# From here on we use it. (`saved_models/hangul_2350` reads all 2,350 syllables of KS X 1001.)

# %% [markdown] lang="ko"
# 함께 들어 있는 모델 `saved_models/hangul`은 같은 신경망을 더 많은 글꼴로 더 오래 학습한 것입니다(자세한 내용은 card.json에 있습니다).
# 이제부터는 이 모델을 씁니다. (`saved_models/hangul_2350`은 KS X 1001의 2,350자를 모두 읽습니다.)

# %%
kept = keras.models.load_model("saved_models/hangul/model.keras")
all_syllables = common(256)
numbers = np.array([all_syllables.index(syllable) for syllable in syllables])
for name, (images, truth) in exams.items():
    answers = kept.predict(images.astype("float32"), batch_size=256, verbose=0).argmax(axis=1)
    print(f"{name:19} {np.mean(answers == numbers[truth]):.1%}")

# %% [markdown] lang="en"
# ## 7. Reading the errors
#
# A wrong syllable is seldom wrong altogether. Which part was misread, and what for?
# We draw harder pictures, so that there is something to see.

# %% [markdown] lang="ko"
# ## 7. 오류 읽기
#
# 틀린 음절도 전부 틀린 경우는 드뭅니다. 초성, 중성, 종성 가운데 무엇을 무엇으로 잘못 읽었을까요?
# 볼거리가 있도록 더 어려운 영상을 그려 봅시다.

# %%
hard = Renderer(faces["test", "handwriting"], all_syllables, HAND, seed=2)
images, truth = hard.batch(labs.profile.choose(full=8000, quick=1500))
answers = kept.predict(images.astype("float32"), batch_size=256, verbose=0).argmax(axis=1)
wrong = np.flatnonzero(answers != truth)
pairs = [(all_syllables[truth[i]], all_syllables[answers[i]]) for i in wrong]
parts = collections.Counter(part for pair in pairs for part in jamo.differences(*pair))
print(f"{len(wrong)} of {len(truth)} wrong; misread parts: {dict(parts)}")

# %%
changes = collections.Counter()
for right, said in pairs:
    for old, new in zip(jamo.split(right), jamo.split(said), strict=True):
        if old != new:
            changes[f"{old or '없음'} → {new or '없음'}"] += 1
names, counts = zip(*changes.most_common(12), strict=True)
plt.barh(names[::-1], counts[::-1])
plt.title("낱자 혼동 · jamo taken for another")
plt.show()

# %%
shown = wrong[:16]
titles = [f"{right} → {said}" for right, said in pairs[:16]]
labs.show.grid(images[shown, ..., 0], titles=titles, columns=8, title="정답 → 대답 · truth → answer")

# %% [markdown] lang="en"
# Initials are misread most: they are small, and many differ by a corner (ㅁ and ㅇ) or by one line more (ㅈ and ㅊ).
# Finals follow (ㅁ and ㅇ again), then vowels that differ by one short stroke (ㅓ and ㅕ). A person would stumble over the same ones.
#
# ## 8. Polarity and thickness
#
# The notes say *white on black*. What if somebody draws black on white, with a hair-thin line, or with a broad marker?

# %% [markdown] lang="ko"
# 초성을 가장 많이 틀립니다. 초성은 작고, 모서리 하나(ㅁ과 ㅇ)나 선 하나(ㅈ과 ㅊ)만 다른 것이 많기 때문입니다.
# 그다음은 종성(역시 ㅁ과 ㅇ), 그리고 짧은 획 하나가 다른 모음(ㅓ와 ㅕ)입니다. 사람도 헷갈릴 만한 것들입니다.
#
# ## 8. 흑백 방향과 획의 굵기
#
# 강의 노트에는 *검은 바탕에 흰 글씨*라고 되어 있습니다. 흰 바탕에 검은 글씨를 쓰거나, 머리카락처럼 가늘게 쓰거나, 굵은 마커로 쓰면 어떻게 될까요?

# %%
random = np.random.default_rng(0)
chosen = np.tile(np.arange(0, 256, 4), 2)


def score(images):
    answers = kept.predict(images.astype("float32")[..., None], batch_size=256, verbose=0).argmax(axis=1)
    return np.mean(answers == chosen)


thicknesses = (1, 2, 3, 4, 6, 8, 10)
drawings = {t: np.stack([strokes.draw(all_syllables[i], random, t) for i in chosen]) for t in thicknesses}
print({t: f"{score(drawing):.0%}" for t, drawing in drawings.items()})
print(f"black on white: {score(255 - drawings[3]):.0%}")

# %% [markdown] lang="en"
# Black on white is no problem, since one tenth of the training pictures was inverted: **a failure cured by the data**.
# Lines went from 2 to 6 pixels in training; thinner and somewhat thicker ones are still read, but at 10 pixels the letters clog and the answers go wrong.
# Two cures: **train on it** (change `Style`, exercise 1), or **bring the picture into the known form first**. The second costs nothing:
# the paper is what the border shows, and `cv2.dilate` makes a thin line thicker.

# %% [markdown] lang="ko"
# 학습 영상의 10분의 1을 뒤집어 두었으므로 흰 바탕의 검은 글씨도 잘 읽습니다. **데이터로 미리 고친 것입니다.**
# 획의 굵기는 2~6화소로 학습했습니다. 그보다 가는 획이나 조금 굵은 획도 읽지만, 10화소가 되면 글자가 뭉개져 틀린 답이 많아집니다.
# 고치는 방법은 두 가지입니다. **그런 영상으로 학습하거나**(`Style`을 바꿉니다, 연습 1), **먼저 아는 모습으로 바꿉니다.** 둘째 방법은 거의 공짜입니다.
# 가장자리가 바탕색을 알려 주고, `cv2.dilate`가 가는 선을 굵게 해 줍니다.


# %%
def white_on_black(image):
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return 255 - image if np.median(border) > 127 else image


cured = np.stack([white_on_black(255 - image) for image in drawings[3]])
thicker = np.stack([cv2.dilate(image, np.ones((2, 2), np.uint8)) for image in drawings[1]])
print(f"black on white, turned: {score(cured):.0%}; 1 pixel, dilated: {score(thicker):.0%}")

# %% [markdown] lang="en"
# ## 9. A photo, step by step, in OpenCV
#
# A photo is worse than both: grey paper, a shadow, the letter somewhere. We make one, and undo it in four steps:
# divide by the paper's brightness, threshold, find the ink's box, and put it into 64×64 at the size the network knows.

# %% [markdown] lang="ko"
# ## 9. 사진 한 장을 OpenCV로, 한 단계씩
#
# 사진은 더 까다롭습니다. 종이는 회색이고, 그림자가 있고, 글자는 아무 데나 있습니다. 그런 사진을 하나 만들어 네 단계로 되돌려 봅시다.
# 종이의 밝기로 나누고, 이진화하고, 잉크의 경계 상자를 찾아, 신경망이 아는 크기로 64×64 안에 놓습니다.

# %%
wanted = all_syllables[42]
ink = np.zeros((240, 320), np.uint8)
ink[60:188, 130:258] = cv2.resize(strokes.draw(wanted, np.random.default_rng(3)), (128, 128))
shadow = np.linspace(0.95, 0.45, 320)[None] * np.ones((240, 1))
photo = np.clip(
    (225 - 180.0 * (ink / 255)) * shadow + np.random.default_rng(3).normal(0, 5, ink.shape), 0, 255
).astype(np.uint8)

# %%
paper = cv2.medianBlur(cv2.dilate(photo, np.ones((15, 15), np.uint8)), 51)
even = cv2.GaussianBlur(cv2.divide(photo, paper, scale=255), (0, 0), 1)
_, binary = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
x, y, width, height = cv2.boundingRect(cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
zoom = 46 / max(width, height)
matrix = np.array([[zoom, 0, 32 - zoom * (x + width / 2)], [0, zoom, 32 - zoom * (y + height / 2)]])
small = cv2.warpAffine(cv2.GaussianBlur(binary, (0, 0), 1), matrix, (64, 64))
labs.show.grid([photo, even, binary, small], titles=["photo", "even light", "binary", "64×64"], columns=4)

# %%
net = cv2.dnn.readNet("saved_models/hangul/frozen.pb")
net.setInput(cv2.dnn.blobFromImage(small))
answer = net.forward()[0]
labs.show.bars(answer, all_syllables, title=f"cv2.dnn: {all_syllables[answer.argmax()]} ({wanted})")

# %% [markdown] lang="en"
# ## 10. One's own hand
#
# `labs hangul sheet` makes a PDF to print. Fill it in, photograph it, and `labs hangul cut photo.jpg` finds the corner marks,
# straightens the page and cuts out a labelled test set. Here a program fills it in; use your own photo instead.

# %% [markdown] lang="ko"
# ## 10. 내 손글씨
#
# `labs hangul sheet`는 인쇄할 PDF를 만듭니다. 손으로 채워 사진을 찍으면 `labs hangul cut photo.jpg`가 모서리 표식을 찾아
# 종이를 바로 펴고 이름표 붙은 시험 데이터로 잘라 줍니다. 여기서는 프로그램이 칸을 채우지만, 여러분은 직접 찍은 사진을 써 보세요.

# %%
pages = sheet.write_sheet("saved_models/sheet.pdf", all_syllables)
blank = sheet.page_image(all_syllables, page=0)
filled = blank.copy()
for place, syllable in enumerate(all_syllables[: sheet.PER_PAGE]):
    x, y = sheet.cell_corner(place)
    drawing = cv2.resize(strokes.draw(syllable, random), (96, 96))
    filled[y + 8 : y + 104, x + 8 : x + 104] = 255 - drawing
corners = np.float32([(0, 0), (1680, 0), (1680, 2376), (0, 2376)])
seen = np.float32([(210, 160), (1500, 260), (1560, 2200), (120, 2100)])
taken = cv2.warpPerspective(filled, cv2.getPerspectiveTransform(corners, seen), (1700, 2350), borderValue=90)

# %%
images, truth = sheet.cut(taken, all_syllables)
answers = kept.predict(images.astype("float32"), batch_size=256, verbose=0).argmax(axis=1)
print(f"{pages} pages; {len(images)} cells of page 1, {np.mean(answers == truth):.1%} read correctly")
labs.show.grid([cv2.resize(taken, (425, 588)), *images[:7, ..., 0]], columns=4)

# %% [markdown] lang="en"
# ## 11. Everywhere else
#
# The same network in every format, proven equal. The page of `labs site` reads what you draw with the mouse.
#
# <!-- live: draw hangul -->

# %% [markdown] lang="ko"
# ## 11. 다른 곳에서도
#
# 같은 신경망을 모든 형식으로 저장하고, 모두 같은 답을 내는지 확인합니다. `labs site`가 만드는 웹 페이지는 마우스로 쓴 글자를 읽습니다.
#
# <!-- live: draw hangul -->

# %%
own = exams["unseen handwriting"][0]
folder = labs.export(
    model, "saved_models/hangul_own", labels=syllables, x=own, source="bundled faces", precision="float16"
)
labs.check(folder)

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** Write a `Style` for a whiteboard: lines of 5 to 9 pixels, half of the pictures inverted, nothing else changed from `HAND`.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1.** 화이트보드에 어울리는 `Style`을 만드세요. 획은 5~9화소, 영상의 절반은 색을 뒤집고, 나머지는 `HAND`와 같게 합니다.

# %% tags=["exercise"]
# solution
whiteboard = dataclasses.replace(HAND, line=1.0, thickness=(5, 9), inverted=0.5)
# end solution
images, _ = Renderer(faces["train", "print"][:2], syllables, whiteboard).batch(8)
labs.show.grid(images[..., 0], columns=8)

# %% [markdown] lang="en"
# **2.** A final consonant makes a syllable harder. Compare the error rates with and without one, from `truth` and `answers` of the sheet.

# %% [markdown] lang="ko"
# **2.** 종성이 있으면 음절이 더 복잡합니다. 종이에서 얻은 `truth`와 `answers`로 종성이 있을 때와 없을 때의 오류율을 비교하세요.

# %% tags=["exercise"]
# solution
final = np.array([bool(jamo.split(all_syllables[label])[2]) for label in truth])
rates = {name: np.mean((answers != truth)[part]) for name, part in (("with", final), ("without", ~final))}
# end solution
print({name: f"{rate:.1%}" for name, rate in rates.items()})

# %% [markdown] lang="en"
# **3.** Instead of 256 classes one could predict the three jamo separately. How many outputs would all 11,172 syllables need then?

# %% [markdown] lang="ko"
# **3.** 256개 음절 대신 낱자 세 개를 따로 예측할 수도 있습니다. 그러면 11,172개 음절 모두를 위해 출력이 몇 개 필요할까요?

# %% tags=["exercise"]
# solution
outputs = len(jamo.INITIALS) + len(jamo.VOWELS) + len(jamo.FINALS)
# end solution
print(outputs)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Your own picture is misread | White on black, in the middle, lines of 2 to 8 pixels on 64×64: section 8 |
# | Some syllables come out empty | The font lacks them: `labs.hangul.machine_faces` keeps only faces that have every glyph |
# | Good on fonts, bad on hands | More handwriting faces, a wilder `Style`; never more of the same face |
# | The sheet is not found in the photo | All four corner marks in the picture, no shadow across them, a flat page |
# | Korean labels come out as boxes | Draw with `labs.show`: it brings its own font |
#
# ## What to remember
#
# - Test on whole faces never seen, and on something that is no font at all.
# - Data can be drawn: what the pictures vary in is what the network will tolerate.
# - Polarity, thickness and place belong to the input's contract. Bring a photo into that form before you blame the network.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 내가 쓴 글자를 잘못 읽는다 | 검은 바탕에 흰 글씨, 가운데, 64×64에서 획 2~8화소로 맞춥니다(8절) |
# | 빈 음절이 나온다 | 그 글꼴에 없는 글자입니다. `labs.hangul.machine_faces`는 모든 글자가 있는 글꼴만 고릅니다 |
# | 글꼴은 읽는데 손글씨는 못 읽는다 | 손글씨 글꼴을 늘리고 `Style`의 변화를 키웁니다. 같은 글꼴을 더 그리는 것은 소용없습니다 |
# | 사진에서 종이를 찾지 못한다 | 모서리 표식 네 개가 모두 보이고, 그림자가 걸치지 않고, 종이가 평평해야 합니다 |
# | 한글이 네모로 나온다 | `labs.show`로 그립니다. 글꼴을 함께 가지고 있습니다 |
#
# ## 정리
#
# - 한 번도 보지 않은 글꼴 전체로, 그리고 글꼴이 아닌 것으로 시험합니다.
# - 데이터는 그려서 만들 수 있습니다. 영상이 변하는 만큼 신경망이 견딥니다.
# - 흑백 방향, 굵기, 위치는 입력의 약속입니다. 신경망을 탓하기 전에 사진을 그 모습으로 바꿉시다.
