# ---
# title:
#   en: "Reading text 1: find the words"
#   ko: "글 읽기 1: 낱말 찾기"
# minutes: 12
# data:
#   en: pages drawn in the bundled faces, over open photographs
#   ko: 제공 글꼴로 그린 쪽, 배경은 공개 사진
# accuracy:
#   en: words found on forty pages by hand-made rules 58 %, by segmentation 79 %, by regression 35 %
#   ko: 40쪽에서 찾은 낱말이 손으로 만든 규칙 58 %, 분할 79 %, 회귀 35 %
# seed: 14
# ---

# %% [markdown] lang="en"
# A sign, a page, a number plate: optical character recognition (OCR) **finds** words and **reads** them. Here we find them, in lab 14b we learn to read,
# and in 14c five engines read the same pictures. In this notebook we
#
# - write a region of text in five ways, and compare two regions by the area that they share;
# - find words by hand-made rules: a baseline, and its limits;
# - find them by **segmentation** (a network paints the middle of each word) and by **regression** (each pixel says where the sides are).

# %% [markdown] lang="ko"
# 간판, 책, 번호판. 광학 문자 인식(OCR)은 낱말을 **찾고** **읽는** 일입니다. 여기에서는 찾고, 실습 14b에서 읽는 법을 배우고,
# 14c에서 다섯 엔진에 같은 영상을 읽힙니다. 이 노트북에서는
#
# - 글자 영역을 다섯 가지로 나타내고, 두 영역이 겹치는 넓이로 비교합니다.
# - 손으로 만든 규칙으로 낱말을 찾습니다. 비교의 기준이며, 한계도 봅니다.
# - **분할**(신경망이 낱말의 가운데를 칠함)과 **회귀**(화소마다 변까지의 거리를 말함)로 찾습니다.

# %%
import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs import ocr
from labs.data import open_photos
from labs.hangul import bundled_faces, common, lines, pages

tf.get_logger().setLevel("ERROR")
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


# %%
def regions(mask):
    hull = cv2.convexHull(np.argwhere(mask)[:, ::-1].astype(np.float32))
    x, y, w, h = cv2.boundingRect(hull)
    return {
        "polygon": cv2.approxPolyDP(hull, 2, True)[:, 0],
        "quadrangle": cv2.approxPolyN(hull, 4)[0].astype(np.float32),
        "rotated box": cv2.boxPoints(cv2.minAreaRect(hull)),
        "box": np.float32([(x, y), (x + w, y), (x + w, y + h), (x, y + h)]),
    }


# %%
one, two = (regions((words == number) & (sheet > 0)) for number in range(1, count))

# %%
figure, panels = plt.subplots(1, 4, figsize=(11, 1.6), layout="constrained")
for axes, kind in zip(panels, one, strict=True):
    axes.imshow(sheet, cmap="gray_r")
    axes.fill(*one[kind].T, *two[kind].T, alpha=0.35)
    axes.set(title=f"{kind}, {cv2.contourArea(one[kind]):.0f} pixels", xticks=[], yticks=[])
plt.show()

# %% [markdown] lang="en"
# Two regions are compared by **intersection over union**: shared area by joint area. For upright boxes that is four subtractions; for convex
# polygons OpenCV cuts one by the other. The two words do not touch, yet their upright boxes overlap:

# %% [markdown] lang="ko"
# 두 영역은 **IoU**(교집합 넓이 ÷ 합집합 넓이)로 비교합니다. 곧은 상자라면 뺄셈 네 번이면 되고, 볼록 다각형이라면 OpenCV가 하나를 다른 하나로
# 잘라 줍니다. 두 낱말은 서로 닿지 않지만 곧은 상자끼리는 겹칩니다.


# %%
def iou(region, other):
    region, other = np.float32(region), np.float32(other)
    shared, _ = cv2.intersectConvexConvex(region, other)
    return shared / (cv2.contourArea(region) + cv2.contourArea(other) - shared)


# %%
print({kind: round(iou(one[kind], two[kind]), 3) for kind in one})

# %% [markdown] lang="en"
# On a turned page upright boxes would count neighbours as the same word. So we keep quadrangles.
#
# ## 2. Finding words by hand
#
# The material: pages that we draw ourselves, on paper or over open photographs, so that each word's corners are known exactly.

# %% [markdown] lang="ko"
# 기울어진 쪽에서 곧은 상자를 쓰면 이웃 낱말을 같은 낱말로 세게 됩니다. 그래서 사각형을 씁니다.
#
# ## 2. 손으로 만든 규칙으로 찾기
#
# 재료는 우리가 직접 그린 쪽입니다. 종이나 공개 사진 위에 글을 쓰므로 낱말의 꼭짓점을 정확히 압니다.

# %%
alphabet = common(256)
names = ("brick", "chelsea", "coffee", "coins", "grass", "rocket")
photographs = [cv2.cvtColor(open_photos.read(name), cv2.COLOR_RGB2GRAY) for name in names]
printed = bundled_faces("train", "print")[: labs.profile.choose(full=6, quick=1)]
glyphs = [lines.Glyphs(face, alphabet) for face in printed]


# %%
def any_word(random):
    return "".join(random.choice(alphabet, random.integers(1, 5)))


# %%
made = pages.Pages(glyphs, any_word, photographs, seed=1, size=192, smallest=16, faintest=90)
sheets, corners, _ = made.batch(labs.profile.choose(full=840, quick=56))
labs.show.grid(sheets[:10], columns=5, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# First a detector without learning: what is darker or lighter than its surroundings is ink; ink that is near belongs together. It is judged
# on forty pages: a word is found when some answer covers it with IoU 0.5.

# %% [markdown] lang="ko"
# 먼저 학습하지 않는 검출기입니다. 주위보다 어둡거나 밝으면 잉크이고, 가까이 있는 잉크는 한 낱말입니다. 40쪽으로 평가합니다. 어떤 답이
# 낱말과 IoU 0.5 이상 겹치면 찾은 것으로 칩니다.


# %%
def by_hand(sheet):
    contrast = cv2.absdiff(sheet, cv2.GaussianBlur(sheet, (0, 0), 8))
    ink = (contrast > max(25, 2.5 * contrast.mean())).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9)))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.minAreaRect(outline) for outline in outlines]
    return [cv2.boxPoints(box) for box in boxes if min(box[1]) > 6 and max(box[1]) < 200]


# %%
def judge(find, name):
    found, right = [], []
    for sheet, quads in zip(sheets[:40], corners[:40], strict=True):
        answers = find(sheet[..., 0])
        table = np.array([[iou(quad, answer) for answer in answers] for quad in quads])
        table = table.reshape(len(quads), len(answers))
        whole = (quads.min(axis=(1, 2)) >= 0) & (quads.max(axis=(1, 2)) <= 192)
        found += list(table[whole].max(axis=1, initial=0) >= 0.5)
        right += list(table.max(axis=0, initial=0) >= 0.5)
    print(f"{name:12} {np.mean(found):4.0%} of the words found,", end=" ")
    print(f"{np.mean([*right, 0]):4.0%} of the answers are words")


# %%
judge(by_hand, "by hand")

# %% [markdown] lang="en"
# More than half of the words are found, but four of five answers are no words: blades of grass, bricks and cups are ink to it as well.
#
# ## 3. Segmentation and regression
#
# A network decides for each pixel. But "is this pixel text?" glues neighbours together. **CRAFT** and **DB** (Liao et al., 2020) let it paint only the
# **middle** of each word, every side moved inwards: connected middles are words, and afterwards the sides are moved out again. **EAST** (Zhou et al., 2017)
# asks more: each pixel in a middle also says how far the four sides are, and the angle. Then every pixel votes for a whole box.

# %% [markdown] lang="ko"
# 낱말의 절반 넘게 찾지만, 답의 다섯 가운데 넷은 낱말이 아닙니다. 풀잎, 벽돌, 찻잔도 잉크로 보기 때문입니다.
#
# ## 3. 분할과 회귀
#
# 이번에는 화소마다 신경망이 판정합니다. 그런데 "이 화소가 글자인가?"라고 물으면 이웃 낱말이 붙어 버립니다. **CRAFT**나 **DB**(Liao et al., 2020)는 각 변을
# 안쪽으로 옮긴 낱말의 **가운데**만 칠하게 합니다. 이어진 가운데가 낱말 하나이고, 나중에 변을 다시 바깥으로 옮깁니다. **EAST**(Zhou et al., 2017)는
# 더 많이 묻습니다. 가운데의 화소마다 네 변까지의 거리와 각도도 말하게 합니다. 그러면 화소 하나하나가 상자 하나에 투표합니다.


# %%
def geometry(quads):
    """For each second pixel: in a middle? the distances to the four sides in units of 8 pixels, the angle."""
    y, x = 2 * np.mgrid[:96, :96] + 1.0
    answer = np.zeros((96, 96, 6), np.float32)
    for quad in quads:
        inside = pages.shrunk_map([quad], 192) > 0
        for side, (start, end) in enumerate(zip(quad, np.roll(quad, -1, axis=0), strict=True)):
            along = (end - start) / np.linalg.norm(end - start)
            answer[inside, 1 + side] = (along[0] * (y - start[1]) - along[1] * (x - start[0]))[inside] / 8
        answer[inside, 5] = np.arctan2(*(quad[1] - quad[0])[::-1])
        answer[inside, 0] = 1
    return answer


# %%
truth = np.stack([geometry(quads) for quads in corners])
middles = truth[..., :1]
labs.show.grid(
    [*sheets[:5], *middles[:5]], columns=5, title="쪽과 낱말의 가운데 · pages, and the middles of their words"
)

# %% [markdown] lang="en"
# One network with two outputs serves both: four times smaller and back up, joined with the finer maps on the way (a small feature pyramid, lab 12).

# %% [markdown] lang="ko"
# 출력이 두 개인 신경망 하나로 둘 다 해 봅시다. 네 번 줄였다가 다시 키우면서 더 고운 특징맵을 더합니다(실습 12의 특징 피라미드를 작게 만든 것).


# %%
def convolved(x, filters, kernel=3, strides=1):
    x = layers.Conv2D(filters, kernel, strides, "same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


# %%
inputs = keras.Input((192, 192, 1), name="input")
x, sizes = layers.Rescaling(1 / 127.5, -1)(inputs), []
for filters in (12, 24, 32, 48):
    x = convolved(x, filters, strides=2)
    sizes.append(x)
# %%
x = convolved(x, 48)
for smaller in sizes[-2::-1]:
    x = layers.Add()([layers.UpSampling2D()(convolved(x, 20, 1)), convolved(smaller, 20, 1)])
    x = convolved(x, 20)
# %%
sides = layers.Concatenate()([layers.Conv2D(4, 1, activation="softplus")(x), layers.Conv2D(1, 1)(x)])
detector = keras.Model(inputs, {"middle": layers.Conv2D(1, 1, activation="sigmoid")(x), "sides": sides})

# %% [markdown] lang="en"
# EAST's loss for the box of a pixel is $-\log$ IoU of the true box and the guessed one. Both contain the pixel, so the shared area is a product of two sums.

# %% [markdown] lang="ko"
# 화소가 말하는 상자에 대한 EAST의 손실은 참 상자와 예측 상자의 $-\log$ IoU입니다. 두 상자 모두 그 화소를 품으므로 겹치는 넓이는 두 합의 곱입니다.


# %%
def area(top, right, bottom, left):
    return (top + bottom) * (right + left)


def geometry_loss(truth, guess):
    inside, true, guessed = truth[..., 0], truth[..., 1:5], guess[..., :4]
    shared = area(*ops.unstack(ops.minimum(true, guessed), axis=-1))
    union = area(*ops.unstack(true, axis=-1)) + area(*ops.unstack(guessed, axis=-1)) - shared
    each = ops.log((union + 1) / (shared + 1)) + 10 * (1 - ops.cos(truth[..., 5] - guess[..., 4]))
    return ops.sum(inside * each) / (ops.sum(inside) + 1)


# %%
def batches(images, truth, size):
    data = tf.data.Dataset.from_tensor_slices((images, truth)).shuffle(len(images), 14).batch(size)
    options = tf.data.Options()
    options.autotune.enabled = False
    return data.with_options(options)


# %%
def middle_loss(truth, guess):
    """Cross-entropy, in which the rare pixels of words count three times, and the overlap that is missing (dice)."""
    each = ops.where(truth > 0.5, -3 * ops.log(guess + 1e-6), -ops.log(1 - guess + 1e-6))
    shared = 2 * ops.sum(truth * guess) + 1
    return ops.mean(each) + 1 - shared / (ops.sum(truth) + ops.sum(guess) + 1)


# %%
data, epochs = (
    batches(sheets[40:], {"middle": middles[40:], "sides": truth[40:]}, 16),
    labs.profile.choose(16, 1),
)
rate = labs.hangul.one_cycle(4e-3, epochs * len(data))
detector.compile(
    keras.optimizers.Adam(rate), {"middle": middle_loss, "sides": geometry_loss}, {"middle": 1, "sides": 0.2}
)
history = detector.fit(data, epochs=epochs, verbose=0, shuffle=False)


# %%
def by_segmentation(sheet):
    answer = detector.predict_on_batch(sheet[None, ..., None])
    return 2 * ocr.quads_of(answer["middle"][0, ..., 0])[0]


# %%
def by_regression(sheet):
    answer = {name: values[0] for name, values in detector.predict_on_batch(sheet[None, ..., None]).items()}
    boxes, scores = [], []
    for y, x in np.argwhere(answer["middle"][..., 0] > 0.6):
        top, right, bottom, left, angle = (8 * answer["sides"][y, x]).tolist()
        cos, sin = np.cos(angle / 8), np.sin(angle / 8)
        a, d = (right - left) / 2, (bottom - top) / 2  # from the pixel to the box's middle
        boxes.append(
            (
                (2 * x + 1 + a * cos - d * sin, 2 * y + 1 + a * sin + d * cos),
                (left + right, top + bottom),
                np.degrees(angle / 8),
            )
        )
        scores.append(float(answer["middle"][y, x, 0]))
    kept = cv2.dnn.NMSBoxesRotated(boxes, scores, 0.6, 0.2) if boxes else []
    return [cv2.boxPoints(boxes[number]) for number in kept]


# %%
judge(by_hand, "by hand")
judge(by_segmentation, "segmentation")
judge(by_regression, "regression")

# %%
chosen = int(
    np.argmax([4 <= len(quads) <= 7 and quads.min() > 0 and quads.max() < 192 for quads in corners[:40]])
)
drawn_on = []
for quads in (
    corners[chosen],
    by_segmentation(sheets[chosen, ..., 0]),
    by_regression(sheets[chosen, ..., 0]),
):
    picture = np.repeat(sheets[chosen], 3, axis=2)
    drawn_on.append(cv2.polylines(picture, list(np.int32(np.round(quads))), True, (255, 60, 60), 1))
labs.show.grid(drawn_on, ["true", "segmentation", "regression"], source=open_photos.SOURCE)

# %% [markdown] lang="en"
# The middles find four of five words, and half of the answers are words: the best of the three by far. Regression asks more of the same features. A pixel of the middle must say where sides are that lie a whole word
# away, so a long word falls apart into several boxes (on the right), and after 800 steps only a third is found. The kept `finder` of lab 14c segments.
#
# ## Exercises
#
# **1. MSER.** `cv2.MSER_create().detectRegions(grey)` finds stable regions, one a letter or part of it. Write `by_mser(sheet)`, which joins regions that are near as `by_hand` does, and judge it.

# %% [markdown] lang="ko"
# 가운데를 칠하는 방법은 낱말 다섯 가운데 넷을 찾고, 답의 절반이 낱말입니다. 셋 가운데 가장 낫습니다. 회귀는 같은 특징에 더 많은 것을 묻습니다. 가운데의 화소가 낱말 하나만큼 떨어진 변의 위치까지
# 말해야 하므로 긴 낱말은 상자 여러 개로 나뉘고(오른쪽 그림), 800걸음을 배운 뒤에도 3분의 1만 찾습니다. 실습 14c에서 쓰는 `finder`도 분할을 씁니다.
#
# ## 연습 문제
#
# **1. MSER.** `cv2.MSER_create().detectRegions(grey)`는 안정된 영역을 찾습니다. 대개 글자나 그 일부입니다. 가까운 영역을 `by_hand`처럼 잇는 `by_mser(sheet)`를 작성하고 평가해 보세요.


# %% tags=["exercise"]
def by_mser(sheet):
    # solution
    mask = np.zeros(sheet.shape, np.uint8)
    for points in cv2.MSER_create(max_area=800).detectRegions(sheet)[0]:
        mask[points[:, 1], points[:, 0]] = 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 9)))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.minAreaRect(outline) for outline in outlines]
    return [cv2.boxPoints(box) for box in boxes if min(box[1]) > 6 and max(box[1]) < 200]
    # end solution


judge(by_mser, "MSER")

# %% [markdown] lang="en"
# **2. A larger shrink.** Paint the middles with `pages.shrunk_map(quads, 192, share=0.1)` instead of 0.3. How many words of `corners` are glued to a neighbour then? Count the
# connected parts (`cv2.connectedComponents` counts the background too) and compare.

# %% [markdown] lang="ko"
# **2. 덜 줄이면.** 가운데를 0.3 대신 `pages.shrunk_map(quads, 192, share=0.1)`로 칠해 보세요. `corners`의 낱말 가운데 몇 개가 이웃과 붙을까요? 이어진 조각의 수를
# 세어 비교하세요(`cv2.connectedComponents`는 배경도 셉니다).

# %% tags=["exercise"]
# solution
for share in (0.3, 0.1, 0.0):
    parts = [cv2.connectedComponents(pages.shrunk_map(quads, 192, share=share))[0] - 1 for quads in corners]
    print(f"share {share}: {sum(parts)} parts for {sum(map(len, corners))} words")
# end solution

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Neighbouring words glued | Shrink the middles more |
# | Boxes a little too small or large | Another growth (`ocr.quads.GROWN`), fitted on a few pages |
# | Small words are missing | A larger copy of the picture, or a map of the same size |
# | Texture taken for words | More photographs behind the training's words; a reader that refuses (lab 14c) |
#
# ## What to remember
#
# - A region of text is a quadrangle; two are compared by intersection over union.
# - Hand-made rules know ink, not writing.
# - A network paints the middles of words, so that neighbours stay apart; afterwards the sides move out again, or each pixel says where they are.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 이웃 낱말이 붙는다 | 가운데를 더 작게 줄입니다 |
# | 상자가 조금 작거나 크다 | 몇 쪽에 맞추어 넓히는 양(`ocr.quads.GROWN`)을 바꿉니다 |
# | 작은 낱말을 놓친다 | 영상을 키우거나 지도를 같은 크기로 만듭니다 |
# | 무늬를 낱말로 본다 | 학습할 때 글 뒤에 까는 사진을 늘립니다. 읽는 쪽이 거절하게 합니다(실습 14c) |
#
# ## 정리
#
# - 글자 영역은 사각형으로 나타내고 IoU로 비교합니다.
# - 손으로 만든 규칙은 잉크를 알 뿐 글자를 모릅니다.
# - 신경망이 낱말의 가운데를 칠하면 이웃이 붙지 않습니다. 변은 나중에 다시 넓히거나, 화소마다 말하게 합니다.
