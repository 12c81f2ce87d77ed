# ---
# title:
#   en: "Detection 2: a grid, anchors, a set of queries"
#   ko: "객체 검출 2: 격자, 앵커, 질의의 집합"
# minutes: 5
# data:
#   en: BCCD, 328 photographs of blood cells with boxes (quick, 40 of them, bundled); MobileNet's ImageNet weights
#   ko: BCCD, 상자가 있는 혈액 세포 사진 328장 (quick은 함께 들어 있는 40장), MobileNet의 ImageNet 가중치
# accuracy:
#   en: mAP50 on the test part 0.69 (grid), 0.81 (anchors), 0.50 (queries) after 41 to 85 processor seconds of training each
#   ko: 시험 데이터 mAP50 0.69(격자), 0.81(앵커), 0.50(질의). 학습은 저마다 프로세서 시간 41~85초
# seed: 12
# ---

# %% [markdown] lang="en"
# Lab 12 ended with anchors and with far too much background. Here three heads learn to detect on the same frozen features, and the same mAP judges them. In this notebook we
#
# - let a **grid** answer once a cell, as YOLO began, and save work with a **CSP block**;
# - put **anchors on a feature pyramid**, as SSD and RetinaNet do, **count the class imbalance**, and compare cross-entropy with the **focal loss**;
# - give doubled boxes less score instead of deleting them (**soft-NMS**);
# - let a **set of queries** divide the objects among them by a Hungarian matching: DETR's idea, without any NMS;
# - save all three and set them side by side: parameters, processor seconds, mAP, milliseconds in every runtime.
#
# Lab 12c goes on with **centres** and lets the whole network learn.

# %% [markdown] lang="ko"
# 실습 12는 앵커와 지나치게 많은 배경에서 끝났습니다. 여기서는 동결한 같은 특징 위에서 머리 세 가지를 학습하고 같은 mAP로 채점합니다. 이 노트북에서는
#
# - YOLO가 시작한 방식대로 **격자**의 셀마다 한 번씩 답하게 하고, **CSP 블록**으로 계산을 줄입니다.
# - SSD와 RetinaNet처럼 **특징 피라미드 위에 앵커**를 놓고 **부류 불균형을 세어** 본 다음, 교차 엔트로피와 **초점 손실**(focal loss)을 견줍니다.
# - 겹친 상자를 지우는 대신 점수를 낮춥니다(**soft-NMS**).
# - **질의의 집합**이 헝가리안 매칭으로 물체를 나누어 맡게 합니다. NMS가 필요 없는 DETR의 생각입니다.
# - 셋 모두 저장하여 매개변수 수, 프로세서 시간, mAP, 실행 환경마다 걸리는 시간을 나란히 놓습니다.
#
# 실습 12c에서는 **중심**으로 넘어가 신경망 전체를 학습합니다.

# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy.optimize import linear_sum_assignment

import labs
from labs import detect

tf.get_logger().setLevel("ERROR")  # else it remarks on each new network that is asked

# %% [markdown] lang="en"
# ## 1. One trunk for all
#
# A cell has no left and right, so each photograph is also used mirrored, and its boxes with it.

# %% [markdown] lang="ko"
# ## 1. 모두에게 같은 몸통
#
# 세포에는 왼쪽과 오른쪽이 없으므로 사진마다 거울상도 씁니다. 상자도 함께 뒤집습니다.

# %%
keras.utils.set_random_seed(12)
data = labs.load("bccd", labs.profile.size, train="train+val")
classes, mirrored = len(data.labels), data.x_train[:, :, ::-1]
turned = [abs(y.boxes[:, [2, 1, 0, 3]] - [320, 0, 320, 0]) for y in data.y_train]
truth = data.y_train + [detect.objects(b, y.classes) for b, y in zip(turned, data.y_train, strict=True)]

# %%
pair = [truth[0], truth[len(mirrored)]]
detect.show([data.x_train[0], mirrored[0]], pair, data.labels, ["as it is", "mirrored"], data.source)

# %% [markdown] lang="en"
# All three heads stand on lab 03's MobileNet, cut where its maps are 8 and 16 times smaller than the picture. It stays frozen, so that its maps are
# computed **once**: what we compare are the heads. (In the quick profile the trunk is a stand-in that knows drawings.)

# %% [markdown] lang="ko"
# 세 머리는 모두 실습 03의 MobileNet 위에 섭니다. 특징 맵이 영상의 8분의 1, 16분의 1인 곳에서 자릅니다. 몸통은 동결하므로 특징 맵을 **한 번만**
# 계산합니다. 비교하는 것은 머리입니다. (quick 프로파일의 몸통은 그림만 아는 대용 신경망입니다.)

# %%
kind = labs.profile.choose(full={"weights": "imagenet", "alpha": 0.75}, quick={"weights": "stand-in"})
mobilenet = labs.backbone.load("MobileNet", include_top=False, input_shape=(None, None, 3), **kind)
ends = [mobilenet.get_layer(name).output for name in ("conv_pw_5_relu", "conv_pw_11_relu")]
picture = keras.Input((240, 320, 3), name="input")
trunk = keras.Model(picture, keras.Model(mobilenet.input, ends)(layers.Rescaling(1 / 127.5, -1)(picture)))

# %%
began = time.process_time()
fine, coarse = trunk.predict(np.concatenate([data.x_train, mirrored]), batch_size=16, verbose=0)
seen = trunk.predict(data.x_test, batch_size=16, verbose=0)
print("maps:", fine.shape, coarse.shape, f"{time.process_time() - began:.0f} processor seconds")

# %%
networks, costs, courses, found, results = {}, {}, {}, {}, {}


def fit(name, model, x, targets, loss, epochs, rate=2e-3):
    """Train with a rate that falls along a cosine; keep the network, its processor seconds and its losses."""
    pairs = tf.data.Dataset.from_tensor_slices((x, targets)).shuffle(len(targets), seed=12)
    batches, options = pairs.batch(8, drop_remainder=True), tf.data.Options()
    options.autotune.enabled = False
    schedule = keras.optimizers.schedules.CosineDecay(rate, epochs * len(batches))
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-3), loss)
    began = time.process_time()
    course = model.fit(batches.with_options(options), epochs=epochs, verbose=0, shuffle=False)
    networks[name], courses[name] = model, course.history["loss"]
    costs[name] = time.process_time() - began


def keep(name, boxes, nms=0.5):
    """Judge a network's boxes of the test pictures."""
    found[name] = np.array(boxes)
    results[name] = detect.judge(data.y_test, found[name], data.labels, nms)


# %% [markdown] lang="en"
# ## 2. A grid: you only look once
#
# YOLO (Redmon et al., 2016) divides the picture into a grid, here of 15 x 20. **The cell in which an object's centre lies answers for it**: is there one, where in the cell, how large, of
# which class: eight numbers a cell.
#
# Between trunk and head stands YOLOv4's **CSP block** (Wang et al., 2020): half of the channels go through the convolutions, half go past them, so that the
# same gradient is not computed twice. What does it save?

# %% [markdown] lang="ko"
# ## 2. 격자: 한 번만 본다
#
# YOLO(Redmon et al., 2016)는 영상을 격자로 나눕니다. 여기서는 15 x 20입니다. **물체의 중심이 들어 있는 셀이 그 물체를 맡습니다.** 물체가 있는지, 셀의 어디인지, 얼마나 큰지,
# 무슨 부류인지. 셀마다 숫자 여덟 개입니다.
#
# 몸통과 머리 사이에는 YOLOv4의 **CSP 블록**(Wang et al., 2020)을 둡니다. 채널의 절반만 합성곱을 지나고 절반은 비켜 가므로 같은 그레이디언트를 두 번 계산하지 않습니다. 얼마나
# 아낄까요?


# %%
def conv(x, filters, size=3):
    x = layers.Conv2D(filters, size, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def plain_blocks(x, filters=128, depth=3):
    x = conv(x, filters, 1)
    for _ in range(depth):
        x = layers.Add()([x, conv(conv(x, filters, 1), filters)])
    return x


def csp_block(x, filters=128, depth=3):
    past = conv(x, filters // 2, 1)
    return conv(layers.Concatenate()([past, plain_blocks(x, filters // 2, depth)]), filters, 1)


# %%
inputs = keras.Input(coarse.shape[1:])
for block in (plain_blocks, csp_block):
    print(f"{block.__name__:14}{keras.Model(inputs, block(inputs)).count_params():10,} parameters")
grid = keras.Model(inputs, layers.Conv2D(5 + classes, 1)(csp_block(inputs)))

# %% [markdown] lang="en"
# A third of the parameters, and of the multiplications, for as many layers.
#
# What the grid shall answer, and the loss. Whether there is something is asked of every cell; where, how large and what, only of those that have an object.

# %% [markdown] lang="ko"
# 층수는 같은데 매개변수도 곱셈도 3분의 1입니다.
#
# 격자가 답할 것과 손실입니다. 물체가 있는지는 모든 셀에 묻고, 어디에 얼마나 크게 무엇이 있는지는 물체가 있는 셀에만 묻습니다.


# %%
def grid_target(objects):
    low, high = objects.boxes[:, :2] / 16, objects.boxes[:, 2:] / 16  # in cells of 16x16 pixels
    (x, y), target = np.minimum((low + high) / 2, (19.9, 14.9)).T, np.zeros((15, 20, 5 + classes), "float32")
    given = [np.ones(len(x)), x % 1, y % 1, np.log(high - low), np.eye(classes)[objects.classes]]
    target[y.astype(int), x.astype(int)] = np.column_stack(given)
    return target


def grid_loss(target, answer):
    there, place, size, label = ops.split(target, (1, 3, 5), axis=-1)
    its_there, its_place, its_size, its_label = ops.split(answer, (1, 3, 5), axis=-1)
    boxes = ops.abs(place - ops.sigmoid(its_place)) + ops.abs(size - its_size)
    names = ops.binary_crossentropy(label, its_label, from_logits=True)
    asked = ops.binary_crossentropy(there, its_there, from_logits=True)
    return ops.sum(asked) + ops.sum(there * boxes) + ops.sum(there * names)


# %%
grid_targets = np.stack([grid_target(y) for y in truth])
objects = sum(len(y.boxes) for y in truth)
print(f"{objects:,} objects, {objects - grid_targets[..., 0].sum():.0f} share their cell with another")

# %% [markdown] lang="en"
# Where two centres fall into one cell, one of the two has nobody to answer for it: it is lost before training begins. On these pictures that hardly happens; in a crowd it does, and YOLOv2 gives each cell several anchors for it.
#
# Now the way back, from eight numbers a cell to boxes. Every detector here answers with **rows** of class, score, x0, y0, x1, y1, computed with `keras.ops`, so that they can become part of the saved graph.

# %% [markdown] lang="ko"
# 두 중심이 한 셀에 들어가면 하나는 맡을 셀이 없어, 학습을 시작하기도 전에 잃습니다. 이 영상들에서는 거의 없지만 붐비는 장면에서는 흔하고, 그래서 YOLOv2는 셀마다 앵커를 여러 개 둡니다.
#
# 이제 셀마다 여덟 개의 숫자에서 상자로 돌아옵니다. 여기서는 모든 검출기가 부류, 점수, x0, y0, x1, y1의 **행**을 답합니다. `keras.ops`로 계산하므로 저장하는 그래프 안에 넣을 수 있습니다.


# %%
def rows(scores, corners):
    best = ops.cast(ops.argmax(scores, axis=-1), "float32")[..., None]
    return ops.concatenate([best, ops.max(scores, axis=-1, keepdims=True), *corners], axis=-1)


def grid_boxes(answer):
    places = np.stack(np.meshgrid(np.arange(20), np.arange(15)), axis=-1).reshape(1, 300, 2)
    there, place, size, label = ops.split(ops.reshape(answer, (-1, 300, 5 + classes)), (1, 3, 5), axis=-1)
    center, half = 16 * (ops.sigmoid(place) + places.astype("float32")), 8 * ops.exp(size)
    return rows(ops.sigmoid(there) * ops.sigmoid(label), [center - half, center + half])


# %%
fit("grid", grid, coarse, grid_targets, grid_loss, labs.profile.choose(full=10, quick=1))
answer = grid.predict(seen[1], verbose=0)
keep("grid", grid_boxes(answer))
results["grid"]

# %%
sure = np.array(ops.sigmoid(answer[3, ..., 0]))
labs.show.grid([data.x_test[3], sure], ["picture", "is there a centre? · 중심이 있나?"], columns=2)

# %% [markdown] lang="en"
# Each object lights up one cell, now and then two neighbours. White and red cells it finds; platelets, hardly larger than one of its cells, have an AP of 0.46 only.
#
# ## 3. Anchors on a pyramid
#
# A **feature pyramid** (FPN, Lin et al., 2017) carries what the coarse map knows back to the finer one: 1x1 convolutions to the same channels, enlarge, add. Small
# anchors stand on the fine map, large ones on the coarse map, in the sizes that lab 12's k-means found. Count what the network is asked:

# %% [markdown] lang="ko"
# 물체마다 셀 하나가 켜지고, 가끔 이웃한 둘이 켜집니다. 백혈구와 적혈구는 찾지만, 셀 하나보다 별로 크지 않은 혈소판의 AP는 0.46뿐입니다.
#
# ## 3. 피라미드 위의 앵커
#
# **특징 피라미드**(FPN, Lin et al., 2017)는 거친 맵이 아는 것을 고운 맵으로 되돌려 줍니다. 1x1 합성곱으로 채널을 맞추고, 키우고, 더합니다. 작은 앵커는 고운 맵에, 큰 앵커는 거친
# 맵에, 실습 12의 k-평균이 찾은 크기로 놓습니다. 신경망에 무엇을 묻게 되는지 세어 봅시다.

# %%
sizes = {8: [(20, 19), (47, 44)], 16: [(56, 54), (104, 94)]}  # stride: widths and heights
anchors, epochs = detect.anchor_grid(sizes, 240, 320), labs.profile.choose(full=6, quick=1)


def anchor_target(objects):
    """For each anchor: whose it is (-1 background, -2 not asked), the encoded box, the class."""
    owner = detect.match(anchors, objects.boxes, high=0.5, low=0.4)
    boxes, numbers = objects.boxes[np.maximum(owner, 0)], objects.classes[np.maximum(owner, 0)]
    label = np.eye(classes)[numbers] * (owner >= 0)[:, None]
    return np.column_stack([owner, detect.encode(boxes, anchors), label]).astype("float32")


# %%
anchor_targets = np.stack([anchor_target(y) for y in truth])
owner, label = anchor_targets[..., 0], anchor_targets[..., 5:]
mine, background = (np.sum(test) / len(owner) for test in (owner >= 0, owner == -1))
print(f"{len(anchors):,} anchors a picture: {mine:.0f} for cells, {background:,.0f} background")
print(*(f"{name}: {label[..., n].sum() / len(label):.1f}" for n, name in enumerate(data.labels)))


# %%
def pyramid():
    inputs = [keras.Input(maps.shape[1:]) for maps in (fine, coarse)]
    top, side = conv(inputs[1], 64, 1), conv(inputs[0], 64, 1)
    levels = [conv(layers.Add()([layers.UpSampling2D(2)(top), side]), 64), conv(top, 64)]
    rare = keras.initializers.Constant(-4.0)  # begin by saying that a cell is rare: sigmoid(-4) is 0.02
    codes = [layers.Reshape((-1, 4))(layers.Conv2D(8, 1)(level)) for level in levels]
    names = [layers.Conv2D(2 * classes, 1, bias_initializer=rare)(level) for level in levels]
    names = [layers.Reshape((-1, classes))(one) for one in names]
    both = [layers.Concatenate(axis=1)(parts) for parts in (codes, names)]
    return keras.Model(inputs, layers.Concatenate()(both))


# %% [markdown] lang="en"
# Twenty times as much background as cells, and two thousand times as much as platelets: **class imbalance**. A network that begins with a probability of 0.5 everywhere spends its first steps on background
# alone; `rare` cures that. With cross-entropy thousands of easy anchors with a small loss each may still outweigh the few that matter. The **focal loss** (RetinaNet, Lin et al., 2017) turns
# the easy ones down: $-(1 - p)^2 \log p$, where $p$ is what the network gives to the right answer. At $p = 0.9$ that is a hundredth. With the exponent 0 it is cross-entropy.

# %% [markdown] lang="ko"
# 배경이 세포의 스무 배, 혈소판의 이천 배입니다. 이것이 **부류 불균형**입니다. 어디서나 확률 0.5로 시작하는 신경망은 처음 스텝을 배경에 다 씁니다. `rare`가 이것을 막습니다. 그래도 교차 엔트로피에서는 손실이 작은 쉬운 앵커
# 수천 개가 정작 중요한 몇 개를 눌러 버릴 수 있습니다. **초점 손실**(RetinaNet, Lin et al., 2017)은 쉬운 것의 소리를
# 줄입니다. $-(1 - p)^2 \log p$이고, $p$는 정답에 준 확률입니다. $p = 0.9$이면 100분의 1이 됩니다. 지수가 0이면 교차 엔트로피입니다.


# %%
def anchor_loss(focus):
    def loss(target, answer):
        owner, code, label = ops.split(target, (1, 5), axis=-1)
        mine, asked = (ops.cast(owner > least, "float32") for least in (-0.5, -1.5))
        wrong = ops.clip(ops.abs(label - ops.sigmoid(answer[..., 4:])), 1e-6, 1 - 1e-6)
        names = -(wrong**focus) * ops.log(1 - wrong) * asked
        boxes = ops.abs(code - answer[..., :4]) * mine
        return (ops.sum(names) + ops.sum(boxes)) / ops.maximum(ops.sum(mine), 1)

    return loss


def anchor_boxes(answer):
    return rows(ops.sigmoid(answer[..., 4:]), [detect.decode(answer[..., :4], anchors)])


# %%
for name, focus in {"anchors, cross-entropy": 0, "anchors, focal loss": 2}.items():
    keras.utils.set_random_seed(12)
    fit(name, pyramid(), (fine, coarse), anchor_targets, anchor_loss(focus), epochs)
    keep(name, anchor_boxes(networks[name].predict(seen, verbose=0)))
    print(f"{name:24}", results[name])

# %% [markdown] lang="en"
# The pyramid finds platelets far better than the grid. But between the two losses there is no difference worth the name: 0.81 and 0.81, with mAP a hundredth better for the focal loss.
#
# Why? Which anchors does the loss consist of? Sort the background anchors of the test pictures by their loss, and add up from the easiest.

# %% [markdown] lang="ko"
# 피라미드는 격자보다 혈소판을 훨씬 잘 찾습니다. 그러나 두 손실 사이에는 이렇다 할 차이가 없습니다. mAP50은 0.81과 0.81이고, mAP만 초점 손실이 0.01 높습니다.
#
# 왜일까요? 손실은 어떤 앵커로 이루어져 있을까요? 시험 영상의 배경 앵커를 손실 순으로 늘어놓고 쉬운 것부터 더해 봅니다.

# %%
background = np.stack([anchor_target(y)[:, 0] for y in data.y_test]) == -1
wrong = np.sort(found["anchors, cross-entropy"][background][:, 1])  # given to a class where there is none
right = np.linspace(0.01, 1, 100)
_, (shape, share) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for name, focus in (("cross-entropy", 0), ("focal loss", 2)):
    shape.plot(right, -((1 - right) ** focus) * np.log(right), label=name)
    loss = -(wrong**focus) * np.log(1 - wrong)
    share.plot(np.linspace(0, 1, len(loss)), np.cumsum(loss) / loss.sum(), label=name)
shape.set(xlabel="given to the right answer · 정답의 확률", ylabel="loss · 손실")
share.set(xlabel="background, easiest first · 쉬운 배경부터", ylabel="share of the loss · 손실의 몫")
share.legend()
plt.show()

# %% [markdown] lang="en"
# The further to the right a curve rises, the more the loss is about the hard few. The focal loss does what it promises; but cross-entropy, too, gives the easiest nine tenths only a few percent here. Even at the beginning
# the background did not drown the cells: 2,758 anchors with three classes at 0.018 each make 150, the 129 anchors of cells at 4 each more than 500. RetinaNet had a hundred thousand anchors for a handful of objects: there it decides.
#
# **Soft-NMS.** Where cells overlap, NMS drops true ones with the doubles. Soft-NMS (Bodla et al., 2017) keeps every box and multiplies the score of those that overlap a better one of their class by $e^{-IoU^2 / 0.5}$.

# %% [markdown] lang="ko"
# 곡선이 오른쪽에서 솟을수록 손실은 어려운 소수의 것입니다. 초점 손실은 약속을 지킵니다. 그러나 여기서는 교차 엔트로피에서도 쉬운 열에 아홉의 몫이 몇 퍼센트뿐입니다. 처음부터 배경이 세포를 누르지도 못했습니다.
# 배경 앵커 2,758개의 세 부류가 0.018씩이면 150이고, 세포의 앵커 129개가 4씩이면 500이 넘습니다. RetinaNet은 물체 몇 개에 앵커가 십만 개였습니다. 그런 곳에서는 초점 손실이 승부를 가릅니다.
#
# **Soft-NMS.** 세포가 겹친 곳에서 NMS는 중복과 함께 진짜 세포까지 지웁니다. soft-NMS(Bodla et al., 2017)는 상자를 모두 남기고, 같은 부류의 더 좋은 상자와 겹치는 상자의 점수에 $e^{-IoU^2 / 0.5}$을 곱합니다.


# %% tags=["exercise"]
def soft_nms(rows):
    """All rows of one picture, best first, with the scores that are left of them."""
    rows, kept = rows.copy(), []
    while len(rows):
        best = rows[:, 1].argmax()
        kept.append(rows[best])
        rows = np.delete(rows, best, axis=0)
        # solution
        overlap = detect.overlap([kept[-1][2:]], rows[:, 2:])[0] * (rows[:, 0] == kept[-1][0])
        rows[:, 1] *= np.exp(-(overlap**2) / 0.5)
        # end solution
    return np.array(kept).reshape(-1, 6)


# %%
best = [each[each[:, 1] > 0.05] for each in found["anchors, focal loss"]]
hard, soft = [detect.suppressed(each, classes, nms=0.5) for each in best], [soft_nms(each) for each in best]
for name, one in {"all": best, "NMS": hard, "soft-NMS": soft}.items():
    print(f"{name:10}{np.mean([*map(len, one)]):4.0f} boxes", detect.judge(data.y_test, one, data.labels))

# %% [markdown] lang="en"
# Without suppression more than half of the mAP is gone: every cell is found four times. Soft-NMS gains a hundredth over NMS, for red cells, which overlap, and for platelets.
#
# ## 4. A set of queries: DETR's idea
#
# NMS, anchors, matching thresholds: all of it is craft. **DETR** (Carion et al., 2020) has none. Fifty **queries**, learnt vectors, look at the map by attention, and each
# answers with *one* object or "none". Who answers for which object is decided by the cheapest assignment, found by the **Hungarian algorithm**; so two queries for one
# object cost, and they learn not to.

# %% [markdown] lang="ko"
# 억제하지 않으면 mAP50이 반 넘게 사라집니다. 세포마다 네 번씩 찾기 때문입니다. soft-NMS는 NMS보다 0.01 낫습니다. 서로 겹치는 적혈구와, 혈소판에서 얻은 것입니다.
#
# ## 4. 질의의 집합: DETR의 생각
#
# NMS, 앵커, 매칭 기준은 모두 손기술입니다. **DETR**(Carion et al., 2020)에는 아무것도 없습니다. 학습된 벡터인 **질의**(query) 쉰 개가 어텐션으로 맵을 보고, 저마다 물체 *하나* 또는
# "없음"이라고 답합니다. 누가 어느 물체를 맡을지는 **헝가리안 알고리즘**이 가장 싼 배정으로 정합니다. 그래서 한 물체에 질의 둘이 답하면 손해이고, 그러지 않도록 배웁니다.


# %%
def attend(x, memory, width=96):
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, width // 4)(x, x))
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, width // 4)(x, memory))
    return layers.LayerNormalization()(x + layers.Dense(width)(layers.Dense(2 * width, activation="relu")(x)))


# %% [markdown] lang="en"
# Learnt queries know nothing of the picture at first, and attention has to learn where to look: DETR's weakness. Its successors (Efficient DETR, Yao et al., 2021, and others) begin with
# the map's own vectors at a few places, and say how the box differs from one that stands there. We train both.

# %% [markdown] lang="ko"
# 학습된 질의는 처음에 영상을 전혀 모르므로, 어텐션은 어디를 볼지부터 배워야 합니다. DETR의 약점입니다. 뒤를 이은 방법들(Efficient DETR, Yao et al., 2021 등)은 맵의 몇 자리에서
# 가져온 벡터를 질의로 삼고, 그 자리에 놓은 상자와 어떻게 다른지를 답합니다. 둘 다 학습해 봅시다.

# %%
queries = 50
centers = np.stack(np.meshgrid(np.arange(0.5, 20, 2) / 20, np.arange(1.5, 15, 3) / 15), axis=-1).reshape(
    -1, 2
)
starts = np.concatenate([centers, np.full((queries, 2), 0.16)], axis=1).astype("float32")


def placed(x, width=96):
    """A dense layer with a bias of its own for each row: learnt, it tells one place or one query from another."""
    own = keras.initializers.RandomNormal(stddev=0.2)
    return layers.EinsumDense("nrc,cd->nrd", (x.shape[1], width), bias_axes="rd", bias_initializer=own)(x)


def query_network(from_map, width=96):
    inputs = keras.Input(coarse.shape[1:])
    memory = placed(layers.Reshape((300, width))(conv(inputs, width, 1)), width)
    own = layers.Reshape((queries, width))(layers.Reshape((15, 20, width))(memory)[:, 1::3, ::2])
    x = own if from_map else placed(ops.zeros_like(own), width)
    x = attend(attend(x, memory), memory)
    box = layers.Dense(4, kernel_initializer="zeros")(x) + (
        np.log(starts / (1 - starts)) if from_map else 0.0
    )
    answers = [ops.sigmoid(box), layers.Dense(classes + 1)(x)]  # the box; its class, or "none"
    return keras.Model(inputs, layers.Concatenate()(answers))


# %% tags=["exercise"]
def assigned(target, answer):
    """The target's rows (x, y, width, height, class), in the order of the queries that answer for them."""
    ordered = np.full_like(target, classes)  # "none"
    for number, (wanted, given) in enumerate(zip(target, answer, strict=True)):
        wanted = wanted[wanted[:, 4] < classes]
        chances = np.exp(given[:, 4:]) / np.exp(given[:, 4:]).sum(axis=1, keepdims=True)
        # solution
        far = np.abs(given[:, None, :4] - wanted[None, :, :4]).sum(axis=-1)
        query, its_object = linear_sum_assignment(5 * far - chances[:, wanted[:, 4].astype(int)])
        ordered[number, query] = wanted[its_object]
        # end solution
    return ordered


# %%
def set_target(objects):
    low, high = objects.boxes[:queries, :2] / (320, 240), objects.boxes[:queries, 2:] / (320, 240)
    given = np.c_[(low + high) / 2, high - low, objects.classes[:queries]]
    return np.concatenate([given, np.full((queries - len(given), 5), classes)]).astype("float32")


def set_loss(target, answer):
    target = tf.ensure_shape(tf.numpy_function(assigned, [target, answer], tf.float32), (None, queries, 5))
    label, real = ops.cast(target[..., 4], "int32"), ops.cast(target[..., 4] < classes, "float32")
    names = ops.sparse_categorical_crossentropy(label, answer[..., 4:], from_logits=True)
    boxes = ops.sum(ops.abs(target[..., :4] - answer[..., :4]), axis=-1)
    return ops.mean(names * (0.2 + 0.8 * real)) + 5 * ops.sum(boxes * real) / ops.maximum(ops.sum(real), 1)


def set_boxes(answer):
    pixels = np.array([320, 240], "float32")
    center, half = answer[..., :2] * pixels, answer[..., 2:4] * pixels / 2
    return rows(ops.softmax(answer[..., 4:])[..., :classes], [center - half, center + half])


# %%
set_targets, epochs = np.stack([set_target(y) for y in truth]), labs.profile.choose(full=16, quick=1)
for name, from_map in {"queries, learnt": False, "queries, from the map": True}.items():
    fit(name, query_network(from_map), coarse, set_targets, set_loss, epochs, rate=1e-3)
    keep(name, set_boxes(networks[name].predict(seen[1], verbose=0)), nms=None)
    print(f"{name:24}", results[name])

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for name in ("queries, learnt", "queries, from the map"):
    left.plot(range(1, epochs + 1), courses[name], label=name)
left.set(xlabel="epochs · 에포크", ylabel="loss · 손실")
left.legend()
for number in range(0, queries, 6):
    x0, y0, x1, y1 = found["queries, from the map"][:, number, 2:].T
    right.scatter((x0 + x1) / 2, (y0 + y1) / 2, s=8)
right.set(xlim=(0, 320), ylim=(240, 0), title="boxes of nine queries · 질의 아홉 개의 상자")
plt.show()

# %% [markdown] lang="en"
# The learnt queries find nothing yet: in sixteen epochs of 584 pictures they have learnt where boxes usually are, and their loss falls slowly. DETR was trained for **500 epochs** of 118,000 pictures. Those from the map know from the first step
# what is at their place: white cells 0.85, red ones 0.55, at less than half the loss. On the right each query keeps near its own place, so few objects are answered for twice, without any NMS.
#
# ## 5. Side by side
#
# Each head becomes one graph with the trunk, from pixels to boxes. It is saved, and asked in every runtime that is in use for pictures (TF.js' `cpu` and `webgl` would take seconds here).

# %% [markdown] lang="ko"
# 학습된 질의는 아직 아무것도 찾지 못합니다. 584장을 열여섯 에포크 보고 배운 것은 상자가 흔히 있는 자리뿐이고, 손실은 천천히 줄어듭니다. DETR은 영상 118,000장을 **500 에포크** 학습했습니다. 맵에서 온 질의는 첫 스텝부터 제자리에 무엇이
# 있는지 압니다. 백혈구 0.85, 적혈구 0.55이고 손실은 절반도 안 됩니다. 오른쪽 그림에서 질의는 저마다 제자리 가까이에 머뭅니다. 그래서 NMS가 없어도 한 물체에 두 번 답하는 일이 드뭅니다.
#
# ## 5. 나란히 놓고 보기
#
# 머리마다 몸통과 합쳐 화소에서 상자까지 한 그래프로 만듭니다. 저장하고, 영상에 쓰이는 모든 실행 환경에서 물어봅니다(TF.js의 `cpu`와 `webgl`은 여기서 몇 초씩 걸립니다).


# %%
def whole(head, boxes):
    """From the photograph's pixels to rows of boxes, in one graph."""
    maps = trunk.output if len(head.inputs) == 2 else trunk.output[1]
    return keras.Model(trunk.input, {"boxes": boxes(head(maps))})


decoders = {"grid": grid_boxes, "anchors, focal loss": anchor_boxes, "queries, from the map": set_boxes}
all_runtimes = ["keras", "opencv_pb", "opencv_onnx", "onnxruntime", "tfjs_wasm"]
chosen = labs.profile.choose(full=all_runtimes, quick=["onnxruntime"])
reports, parameters = {}, {}
for name, boxes in decoders.items():
    folder, detector = f"saved_models/my_{name.split(',')[0]}", whole(networks[name], boxes)
    reading = {"kind": "boxes", "decode": {"threshold": 0.3, "nms": None if "queries" in name else 0.5}}
    labs.export(detector, folder, data.labels, data.x_test[:2], results[name], data.source, **reading)
    reports[name], parameters[name] = labs.check(folder, chosen, seconds=300), detector.count_params()

# %%
print(f"{'':22}parameters  cpu s  mAP50   mAP", *(f"{row.title:>15}" for row in reports["grid"].rows))
for name, report in reports.items():
    times = [f"{row.milliseconds:12.0f} ms" if row.status == "ok" else f"{'-':>15}" for row in report.rows]
    figures = f"{costs[name]:7.0f}{results[name]['mAP50']:7.2f}{results[name]['mAP']:6.2f}"
    print(f"{name:22}{parameters[name]:10,}{figures}", *times)

# %% tags=["cover"]
overlaps = {"grid": 0.5, "anchors, focal loss": 0.5, "queries, from the map": None}
one = [detect.suppressed(found[name][3], classes, nms, threshold=0.3) for name, nms in overlaps.items()]
detect.show(data.x_test[[3, 3, 3]], one, data.labels, [*overlaps], data.source)

# %% [markdown] lang="en"
# The same threshold of 0.3 is not the same for all: the focal loss leaves many scores in the middle, where the grid and the queries are sure of themselves. mAP asks for the order only; for use, choose a threshold for each detector.
#
# In the table: the time is nearly all the trunk's, so the heads cost the same; milliseconds are from a busy machine, compare them within a column. OpenCV's `.pb` reader does not know `ArgMax`, nor constant grids, and takes none of the three; their ONNX file runs in the same OpenCV.
# (12c's `center_boxes` gets by with operations that it knows.) Beside them lab 12's HOG with a linear SVM has mAP50 0.70; 12c's centres, for which the trunk learns too, 0.86 after 650 processor seconds. Here is 12c's kept network, on photographs or on your camera:
#
# <!-- live: detect cells -->
#
# ## What to remember
#
# - One-stage detectors ask **every place at once**. They differ in what a place may say: one box (grid), how a box differs from an anchor, or nothing to do with places (queries).
# - A **pyramid** gives small objects a fine map and large ones a wide view. The **focal loss** keeps easy backgrounds from drowning a few objects; count first whether they would.
# - With a **one-to-one matching** nobody has to suppress doubles; learnt queries pay for it with training time, queries from the map with less.
#
# **When it goes wrong.** *The loss falls and nothing is found*: the class head began at 0.5; start it low (`rare`). *Boxes are shifted by half a cell*: a grid's coordinates begin at the corner of a cell or at its middle, the same in target
# and answer. *Every query gives the same box, for every picture*: do the queries' vectors learn at all (`count_params`)? An `Embedding` that is called on an array while the network is built is a constant. *A box collapses to nothing*: begin the box head at zero.
#
# **Exercises.** 1. Give the grid three boxes a cell, one an anchor (YOLOv2). 2. A third level of the pyramid, at a 32nd: do white cells gain? 3. `focus` 1 and 4 in `anchor_loss`. 4. The assignment without the class term: what goes wrong?

# %% [markdown] lang="ko"
# 같은 기준 0.3이 모두에게 같은 뜻은 아닙니다. 초점 손실은 점수를 가운데에 많이 남기고, 격자와 질의는 자신 있게 말합니다. mAP는 순서만 봅니다. 실제로 쓸 때는 검출기마다 기준을 고르세요.
#
# 표를 보면, 시간은 거의 몸통이 쓰므로 머리의 값은 비슷합니다. 밀리초는 다른 일도 하는 컴퓨터에서 쟀으니 같은 열 안에서만 견주세요. OpenCV의 `.pb` 판독기는 `ArgMax`도 상수 격자도 몰라서 셋 다 읽지 못합니다. 같은 OpenCV에서 ONNX 파일은 돌아갑니다.
# (12c의 `center_boxes`는 이 판독기가 아는 연산만 씁니다.) 실습 12의 HOG와 선형 SVM은 mAP50 0.70, 몸통도 학습하는 12c의 중심은 프로세서 시간 650초에 0.86입니다. 12c가 보관해 둔 신경망을 사진이나 카메라로 써 보세요.
#
# <!-- live: detect cells -->
#
# ## 기억할 것
#
# - 1단계 검출기는 **모든 자리에 한꺼번에** 묻습니다. 자리가 무엇을 말할 수 있는지가 다릅니다. 상자 하나(격자), 앵커와의 차이, 또는 자리와 상관없는 것(질의).
# - **피라미드**는 작은 물체에 고운 맵을, 큰 물체에 넓은 시야를 줍니다. **초점 손실**은 쉬운 배경이 물체 몇 개를 눌러 버리지 않게 합니다. 정말 그럴 만한지 먼저 세어 보세요.
# - **일대일 매칭**이면 겹친 상자를 지울 필요가 없습니다. 학습된 질의는 그 값을 긴 학습으로 치르고, 맵에서 온 질의는 덜 치릅니다.
#
# **잘 안 될 때.** *손실은 줄어드는데 아무것도 못 찾는다*: 부류 머리가 0.5에서 시작했습니다. 낮게 시작하세요(`rare`). *상자가 반 셀씩 어긋난다*: 격자의 좌표가 셀의 모서리에서 시작하는지 가운데에서 시작하는지, 목표와
# 답에서 같아야 합니다. *어느 영상에서나 모든 질의가 같은 상자를 낸다*: 질의의 벡터가 학습되기는 하나요(`count_params`)? 신경망을 만들면서 배열에 부른 `Embedding`은 상수가 됩니다. *상자가 납작해져 사라진다*: 상자 머리를 0에서 시작하세요.
#
# **연습 문제.** 1. 격자의 셀마다 앵커별로 상자 세 개를 주세요(YOLOv2). 2. 32분의 1인 피라미드 층을 더하면 백혈구가 나아질까요? 3. `anchor_loss`에서 `focus`를 1과 4로. 4. 배정에서 부류 항을 빼면 무엇이 잘못될까요?
