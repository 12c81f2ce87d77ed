# ---
# title:
#   en: "Detection 2: a grid, anchors, a set of queries"
#   ko: "객체 검출 2: 격자, 앵커, 질의의 집합"
# minutes: 5
# data:
#   en: BCCD, 328 photographs of blood cells with boxes (quick, 40 of them, bundled); MobileNet's ImageNet weights
#   ko: BCCD, 상자가 있는 혈액 세포 사진 328장 (quick은 함께 들어 있는 40장), MobileNet의 ImageNet 가중치
# accuracy:
#   en: mAP50 ACC on the test part
#   ko: 시험 데이터 mAP50 ACC
# seed: 12
# ---

# %% [markdown] lang="en"
# Lab 12 ended with anchors and with far too much background. Here three heads learn to detect on the same frozen features, and the same mAP judges them:
#
# - a **grid** that answers once a cell, as YOLO began, with a **CSP block**;
# - **anchors on a feature pyramid**, as SSD and RetinaNet have them, by cross-entropy and by the **focal loss**;
# - **a set of queries** and a Hungarian matching, the idea of DETR, without any NMS.
#
# Lab 12c goes on with **centres**, lets the whole network learn, and takes the detector out of Python.

# %% [markdown] lang="ko"
# 실습 12는 앵커와 지나치게 많은 배경에서 끝났습니다. 여기서는 동결한 같은 특징 위에서 머리 세 가지를 학습하고 같은 mAP로 채점합니다.
#
# - YOLO가 시작한 방식대로 셀마다 한 번 답하는 **격자**와 **CSP 블록**
# - SSD와 RetinaNet처럼 **특징 피라미드 위의 앵커**. 교차 엔트로피와 **초점 손실**(focal loss)로
# - NMS가 필요 없는 DETR의 생각, **질의의 집합**과 헝가리안 매칭
#
# 실습 12c에서는 **중심**으로 넘어가 신경망 전체를 학습하고, 검출기를 파이썬 밖으로 가져갑니다.

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
# All three stand on lab 03's MobileNet, cut where its maps are 8 and 16 times smaller than the picture. It stays frozen, so that its maps are
# computed **once**, of each picture and its mirror image: what we compare are the heads. (In the quick profile the trunk is a stand-in that knows drawings.)

# %% [markdown] lang="ko"
# ## 1. 모두에게 같은 몸통
#
# 셋 모두 실습 03의 MobileNet 위에 섭니다. 특징 맵이 영상의 8분의 1, 16분의 1인 곳에서 자릅니다. 몸통은 동결하므로 영상과 그 거울상의 특징 맵을 **한 번만**
# 계산합니다. 비교하는 것은 머리입니다. (quick 프로파일의 몸통은 그림만 아는 대용 신경망입니다.)

# %%
keras.utils.set_random_seed(12)
data = labs.load("bccd", labs.profile.size)
mirrored = data.x_train[:, :, ::-1]
flipped = [abs(y.boxes[:, [2, 1, 0, 3]] - [320, 0, 320, 0]) for y in data.y_train]
truth = data.y_train + [detect.objects(b, y.classes) for b, y in zip(flipped, data.y_train, strict=True)]

# %%
detect.show(mirrored[[0, 1]], truth[len(data.y_train) :][:2], data.labels, source=data.source)

# %%
kind = labs.profile.choose(full={"weights": "imagenet", "alpha": 0.75}, quick={"weights": "stand-in"})
mobilenet = labs.backbone.load("MobileNet", include_top=False, input_shape=(None, None, 3), **kind)
ends = [mobilenet.get_layer(name).output for name in ("conv_pw_5_relu", "conv_pw_11_relu")]
trunk = keras.Model(mobilenet.input, ends)  # an 8th and a 16th of the picture's size

# %%
classes = len(data.labels)
pictures = np.concatenate([data.x_train, mirrored])
middle, coarse = trunk.predict(pictures / 127.5 - 1, batch_size=16, verbose=0)
seen = trunk.predict(data.x_test / 127.5 - 1, batch_size=16, verbose=0)
print("maps:", middle.shape, coarse.shape)

# %%
costs, results, networks = {}, {}, {}


def fit(name, model, x, y, loss, epochs, rate=2e-3, **options):
    """Train with a rate that falls along a cosine, and note the processor seconds."""
    steps = epochs * (len(y) // 8)
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-3), loss)
    batches = (
        tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(y), seed=12).batch(8, drop_remainder=True)
    )
    fixed = tf.data.Options()
    fixed.autotune.enabled = False
    began = time.process_time()
    model.fit(batches.with_options(fixed), epochs=epochs, verbose=0, shuffle=False)
    costs[name], networks[name] = costs.get(name, 0) + time.process_time() - began, model


# %% [markdown] lang="en"
# ## 2. A grid: you only look once
#
# YOLO (Redmon et al., 2016) divides the picture into a grid, here of 15 x 20. **The cell in which an object's centre lies answers for it**: is there one, where in the cell, how large, of
# which class: eight numbers a cell.
#
# Between trunk and head stands YOLOv4's **CSP block** (Wang et al., 2020): half of the channels go through the convolutions, half go past them, so that the
# same gradient is not computed twice. It costs half and loses next to nothing.

# %% [markdown] lang="ko"
# ## 2. 격자: 한 번만 본다
#
# YOLO(Redmon et al., 2016)는 영상을 격자로 나눕니다. 여기서는 15 x 20입니다. **물체의 중심이 들어 있는 셀이 그 물체를 맡습니다.** 물체가 있는지, 셀의 어디인지, 얼마나 큰지,
# 무슨 부류인지. 셀마다 숫자 여덟 개입니다.
#
# 몸통과 머리 사이에는 YOLOv4의 **CSP 블록**(Wang et al., 2020)을 둡니다. 채널의 절반만 합성곱을 지나고 절반은 비켜 가므로 같은 그레이디언트를 두 번 계산하지 않습니다. 비용은
# 절반이고 잃는 것은 거의 없습니다.


# %%
def conv(x, filters, size=3):
    x = layers.Conv2D(filters, size, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def csp_block(x, filters):
    past, through = conv(x, filters // 2, 1), conv(x, filters // 2, 1)
    through = layers.Add()([through, conv(conv(through, filters // 2, 1), filters // 2)])
    return conv(layers.Concatenate()([past, through]), filters, 1)


inputs = keras.Input(coarse.shape[1:])
grid = keras.Model(inputs, layers.Conv2D(5 + classes, 1)(csp_block(csp_block(inputs, 128), 128)))


# %%
def grid_target(objects):
    """For each cell of 16x16 pixels: is there a centre, where in the cell, the logarithm of the size, the class."""
    target = np.zeros((15, 20, 5 + classes), "float32")
    for box, number in zip(objects.boxes / 16, objects.classes, strict=True):
        x, y = np.minimum((box[:2] + box[2:]) / 2, (19.9, 14.9))
        target[int(y), int(x)] = [1, x % 1, y % 1, *np.log(box[2:] - box[:2]), *np.eye(classes)[number]]
    return target


# %%
def grid_loss(target, answer):
    there, place, size, label = ops.split(target, (1, 3, 5), axis=-1)
    its_there, its_place, its_size, its_label = ops.split(answer, (1, 3, 5), axis=-1)
    boxes = ops.abs(place - ops.sigmoid(its_place)) + ops.abs(size - its_size)
    names = ops.binary_crossentropy(label, its_label, from_logits=True)
    return (
        ops.sum(ops.binary_crossentropy(there, its_there, from_logits=True))
        + ops.sum(there * boxes)
        + ops.sum(there * names)
    )


# %%
def rows(scores, corners):
    """What every detector of ours answers with: rows of class, score, x0, y0, x1, y1."""
    best = ops.cast(ops.argmax(scores, axis=-1), "float32")[..., None]
    return np.array(ops.concatenate([best, ops.max(scores, axis=-1, keepdims=True), *corners], axis=-1))


# %%
def grid_rows(answer):
    there, place, size, label = ops.split(answer.reshape(-1, 300, 5 + classes), (1, 3, 5), axis=-1)
    cells = np.stack(np.meshgrid(np.arange(20), np.arange(15)), axis=-1).reshape(1, 300, 2)
    center, half = 16 * (cells + ops.sigmoid(place)), 8 * ops.exp(size)
    return rows(ops.sigmoid(there) * ops.sigmoid(label), [center - half, center + half])


# %%
targets = np.stack([grid_target(y) for y in truth])
fit("grid", grid, coarse, targets, grid_loss, labs.profile.choose(full=10, quick=1))
results["grid"] = detect.judge(data.y_test, grid_rows(grid.predict(seen[1], verbose=0)), data.labels, nms=0.5)
results["grid"]

# %% [markdown] lang="en"
# White cells and red ones it finds; platelets, no larger than one of its cells, it often misses.
#
# ## 3. Anchors on a pyramid, and the focal loss
#
# A **feature pyramid** (FPN, Lin et al., 2017) carries what the coarse map knows back to the finer one: 1x1 convolutions to the same channels, enlarge, add. Small
# anchors stand on the fine map, large ones on the coarse map, 3,000 in all, of which a dozen or two are cells.
#
# With cross-entropy, thousands of easy background anchors with a loss of 0.02 each outweigh the dozen that matter. The **focal loss** (RetinaNet, Lin et al., 2017) turns
# the easy ones down: $-(1 - p)^2 \log p$, where $p$ is what the network gives to the right answer. At $p = 0.9$ that is a hundredth.

# %% [markdown] lang="ko"
# 백혈구와 적혈구는 찾지만, 셀 하나보다 크지 않은 혈소판은 자주 놓칩니다.
#
# ## 3. 피라미드 위의 앵커와 초점 손실
#
# **특징 피라미드**(FPN, Lin et al., 2017)는 거친 맵이 아는 것을 고운 맵으로 되돌려 줍니다. 1x1 합성곱으로 채널을 맞추고, 키우고, 더합니다. 작은 앵커는 고운 맵에, 큰 앵커는 거친
# 맵에 놓습니다. 모두 3,000개이고 그 가운데 세포는 열 몇 개뿐입니다.
#
# 교차 엔트로피에서는 손실이 0.02씩인 쉬운 배경 앵커 수천 개가 정작 중요한 열 몇 개를 눌러 버립니다. **초점 손실**(RetinaNet, Lin et al., 2017)은 쉬운 것의 소리를
# 줄입니다. $-(1 - p)^2 \log p$이고, $p$는 정답에 준 확률입니다. $p = 0.9$이면 100분의 1이 됩니다.

# %%
sizes = {
    8: [(20, 19), (47, 44)],
    16: [(56, 54), (104, 94)],
}  # stride: widths and heights, by lab 12's k-means
anchors = detect.anchor_grid(sizes, 240, 320)


def anchor_target(objects):
    """For each anchor: whose it is (-1 background, -2 not asked), the encoded box, the class."""
    owner = detect.match(anchors, objects.boxes, high=0.5, low=0.4)
    boxes, numbers = objects.boxes[np.maximum(owner, 0)], objects.classes[np.maximum(owner, 0)]
    label = np.eye(classes)[numbers] * (owner >= 0)[:, None]
    return np.column_stack([owner, detect.encode(boxes, anchors), label]).astype("float32")


# %%
anchor_targets = np.stack([anchor_target(y) for y in truth])
owner = anchor_targets[..., 0]
print(
    f"a picture: {np.sum(owner >= 0) / len(owner):.0f} anchors for cells, {np.sum(owner == -1) / len(owner):.0f} background"
)


# %%
def pyramid():
    inputs = [keras.Input(maps.shape[1:]) for maps in (middle, coarse)]
    top, side = conv(inputs[1], 64, 1), conv(inputs[0], 64, 1)
    levels = [conv(layers.Add()([layers.UpSampling2D(2)(top), side]), 64), conv(top, 64)]
    rare = keras.initializers.Constant(
        -4.0
    )  # a cell is rare: begin by saying so, or the background drowns the rest
    codes = [layers.Reshape((-1, 4))(layers.Conv2D(8, 1)(level)) for level in levels]
    names = [layers.Conv2D(2 * classes, 1, bias_initializer=rare)(level) for level in levels]
    names = [layers.Reshape((-1, classes))(one) for one in names]
    both = [layers.Concatenate(axis=1)(parts) for parts in (codes, names)]
    return keras.Model(inputs, layers.Concatenate()(both))


# %%
def anchor_loss(focus):
    def loss(target, answer):
        owner, code, label = ops.split(target, (1, 5), axis=-1)
        mine, asked = (ops.cast(owner > least, "float32") for least in (-0.5, -1.5))
        right = ops.clip(
            ops.abs(ops.sigmoid(answer[..., 4:]) - 1 + label), 1e-6, 1.0
        )  # given to the right answer
        names = -((1 - right + 1e-6) ** focus) * ops.log(right) * asked  # 0 to the power 0 has no slope
        return (ops.sum(names) + ops.sum(mine * ops.abs(code - answer[..., :4]))) / ops.maximum(
            ops.sum(mine), 1
        )

    return loss


# %%
def anchor_rows(answer):
    boxes = detect.decode(answer[..., :4], anchors)
    return rows(ops.sigmoid(answer[..., 4:]), [boxes])


for name, focus in {"anchors, cross-entropy": 0, "anchors, focal loss": 2}.items():
    keras.utils.set_random_seed(12)
    model, epochs = pyramid(), labs.profile.choose(full=6, quick=1)
    fit(name, model, (middle, coarse), anchor_targets, anchor_loss(focus), epochs)
    results[name] = detect.judge(
        data.y_test, anchor_rows(model.predict(seen, verbose=0)), data.labels, nms=0.5
    )
    print(name, results[name])

# %% [markdown] lang="en"
# And which anchors does the loss consist of? Sort the background anchors of the test pictures by their loss, and add up from the easiest.

# %% [markdown] lang="ko"
# 손실은 어떤 앵커로 이루어져 있을까요? 시험 영상의 배경 앵커를 손실 순으로 늘어놓고 쉬운 것부터 더해 봅니다.

# %%
answer = networks["anchors, cross-entropy"].predict(seen, verbose=0)
background = np.stack([anchor_target(y)[:, 0] for y in data.y_test]) == -1
wrong = np.array(ops.sigmoid(answer[..., 4:].max(axis=-1)))[
    background
]  # given to a class where there is none

# %%
plt.figure(figsize=(5, 3))
for name, focus in (("cross-entropy", 0), ("focal loss", 2)):
    loss = np.sort(-(wrong**focus) * np.log(1 - wrong + 1e-9))
    plt.plot(np.linspace(0, 1, len(loss)), np.cumsum(loss) / loss.sum(), label=name)
plt.xlabel("background anchors, easiest first · 쉬운 배경부터")
plt.ylabel("share of the loss · 손실의 몫")
plt.legend()
plt.show()

# %% [markdown] lang="en"
# The further to the right a curve rises, the more the loss is about the hard few.
#
# ## 4. A set of queries: DETR's idea
#
# NMS, anchors, matching thresholds: all of it is craft. **DETR** (Carion et al., 2020) has none. Forty **queries**, learnt vectors, look at the map by attention, and each
# answers with *one* object or "none". Who answers for which object is decided by the cheapest assignment, found by the **Hungarian algorithm**; so two queries for one
# object cost, and they learn not to.

# %% [markdown] lang="ko"
# 곡선이 오른쪽에서 솟을수록 손실은 어려운 소수의 것입니다.
#
# ## 4. 질의의 집합: DETR의 생각
#
# NMS, 앵커, 매칭 기준은 모두 손기술입니다. **DETR**(Carion et al., 2020)에는 아무것도 없습니다. 학습된 벡터인 **질의**(query) 마흔 개가 어텐션으로 맵을 보고, 저마다 물체 *하나* 또는
# "없음"이라고 답합니다. 누가 어느 물체를 맡을지는 **헝가리안 알고리즘**이 가장 싼 배정으로 정합니다. 그래서 한 물체에 질의 둘이 답하면 손해이고, 그러지 않도록 배웁니다.

# %%
queries, width = 40, 96


def attend(x, memory):
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, width // 4)(x, x))
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, width // 4)(x, memory))
    return layers.LayerNormalization()(x + layers.Dense(width)(layers.Dense(2 * width, activation="relu")(x)))


# %%
inputs = keras.Input(coarse.shape[1:])
memory = layers.Dense(width)(layers.Reshape((300, -1))(inputs)) + layers.Embedding(300, width)(np.arange(300))
x = ops.zeros_like(memory[:, :queries]) + layers.Embedding(queries, width)(np.arange(queries))
x = attend(attend(x, memory), memory)
answers = [layers.Dense(4, activation="sigmoid")(x), layers.Dense(classes + 1)(x)]  # a box; a class or "none"
query_model = keras.Model(inputs, layers.Concatenate()(answers))


# %% tags=["exercise"]
def assigned(target, answer):
    """The target's rows (x, y, width, height, class), in the order of the queries that answer for them."""
    ordered = np.full_like(target, classes)  # "none"
    for number, (wanted, given) in enumerate(zip(target, answer, strict=True)):
        wanted = wanted[wanted[:, 4] < classes]
        chances = np.exp(given[:, 4:]) / np.exp(given[:, 4:]).sum(axis=1, keepdims=True)
        # solution
        far = np.abs(given[:, None, :4] - wanted[None, :, :4]).sum(axis=-1)
        query, object_ = linear_sum_assignment(5 * far - chances[:, wanted[:, 4].astype(int)])
        ordered[number, query] = wanted[object_]
        # end solution
    return ordered


# %%
def set_loss(target, answer):
    target = tf.ensure_shape(tf.numpy_function(assigned, [target, answer], tf.float32), (None, queries, 5))
    label, real = ops.cast(target[..., 4], "int32"), ops.cast(target[..., 4] < classes, "float32")
    loss = ops.sparse_categorical_crossentropy(label, answer[..., 4:], from_logits=True)
    boxes = ops.sum(real[..., None] * ops.abs(target[..., :4] - answer[..., :4])) / ops.maximum(
        ops.sum(real), 1
    )
    return ops.mean(loss * (0.2 + 0.8 * real)) + 5 * boxes


# %%
def set_target(objects):
    boxes = objects.boxes[:queries] / [320, 240, 320, 240]
    size = boxes[:, 2:] - boxes[:, :2]
    given = np.c_[boxes[:, :2] + size / 2, size, objects.classes[:queries]]
    return np.concatenate([given, np.full((queries - len(given), 5), classes)]).astype("float32")


# %%
def set_rows(answer):
    center, half = answer[..., :2] * (320, 240), answer[..., 2:4] * (160, 120)
    return rows(ops.softmax(answer[..., 4:])[..., :classes], [center - half, center + half])


# %%
targets, course = np.stack([set_target(y) for y in truth]), []
for _ in range(labs.profile.choose(full=6, quick=1)):
    fit("queries", query_model, coarse, targets, set_loss, labs.profile.choose(full=4, quick=1), rate=1e-3)
    results["queries"] = detect.judge(
        data.y_test, set_rows(query_model.predict(seen[1], verbose=0)), data.labels
    )
    course.append(results["queries"]["mAP50"])

# %%
plt.figure(figsize=(5, 2.4))
plt.plot(4 * np.arange(1, len(course) + 1), course, "o-")
plt.xlabel("epochs · 에포크")
plt.ylabel("mAP50")
plt.show()

# %% [markdown] lang="en"
# It rises and is far from done. DETR was trained for **500 epochs** of 118,000 pictures: without anchors it has to learn from nothing that boxes are where things are.
#
# ## 5. Side by side

# %% [markdown] lang="ko"
# 오르고 있지만 아직 멀었습니다. DETR은 영상 118,000장을 **500 에포크** 학습했습니다. 앵커가 없으니 상자가 물체 있는 곳에 있다는 것부터 배워야 합니다.
#
# ## 5. 나란히 놓고 보기

# %%
print(f"{'':24}parameters   cpu s  mAP50    mAP")
for name, figures in sorted(results.items(), key=lambda item: -item[1]["mAP50"]):
    count = f"{networks[name].count_params():,}"
    print(f"{name:24}{count:>10}{costs[name]:8.0f}{figures['mAP50']:7.2f}{figures['mAP']:7.2f}")

# %% tags=["cover"]
given = anchor_rows(networks["anchors, focal loss"].predict(seen, verbose=0))[3]
pair = [data.y_test[3], detect.suppressed(given, classes, nms=0.5, threshold=0.3)]
detect.show(data.x_test[[3, 3]], pair, data.labels, ["truth · 정답", "anchors, focal loss"], data.source)

# %% [markdown] lang="en"
# ## What to remember
#
# - One-stage detectors ask **every place at once**. They differ in what a place may say: one box (grid), how a box differs from an anchor, or nothing to do with places (queries).
# - A **pyramid** gives small objects a fine map and large ones a wide view. The **focal loss** keeps thousands of easy backgrounds from drowning a dozen objects.
# - With a **one-to-one matching** nobody has to suppress doubles; it costs training time.
#
# **When it goes wrong.** *The loss falls and nothing is found*: the class head began at 0.5; start it low (`rare`). *Boxes are shifted by half a cell*: a grid's coordinates begin at the corner of a cell or at its middle, the same in target
# and answer. *Every query gives the same box*: queries need embeddings of their own, and self-attention to divide the work.
#
# **Exercises.** 1. Give the grid three boxes a cell, one an anchor (YOLOv2). 2. A third level of the pyramid, at a 32nd: do white cells gain? 3. `focus` 1 and 4 in `anchor_loss`. 4. The assignment without the class term: what goes wrong?

# %% [markdown] lang="ko"
# ## 기억할 것
#
# - 1단계 검출기는 **모든 자리에 한꺼번에** 묻습니다. 자리가 무엇을 말할 수 있는지가 다릅니다. 상자 하나(격자), 앵커와의 차이, 또는 자리와 상관없는 것(질의).
# - **피라미드**는 작은 물체에 고운 맵을, 큰 물체에 넓은 시야를 줍니다. **초점 손실**은 쉬운 배경 수천 개가 물체 열 몇 개를 눌러 버리지 않게 합니다.
# - **일대일 매칭**이면 겹친 상자를 지울 필요가 없습니다. 대신 학습이 오래 걸립니다.
#
# **잘 안 될 때.** *손실은 줄어드는데 아무것도 못 찾는다*: 부류 머리가 0.5에서 시작했습니다. 낮게 시작하세요(`rare`). *상자가 반 셀씩 어긋난다*: 격자의 좌표가 셀의 모서리에서 시작하는지 가운데에서 시작하는지, 목표와
# 답에서 같아야 합니다. *모든 질의가 같은 상자를 낸다*: 질의마다 자기 임베딩이 있어야 하고, 일을 나누려면 셀프 어텐션이 필요합니다.
#
# **연습 문제.** 1. 격자의 셀마다 앵커별로 상자 세 개를 주세요(YOLOv2). 2. 32분의 1인 피라미드 층을 더하면 백혈구가 나아질까요? 3. `anchor_loss`에서 `focus`를 1과 4로. 4. 배정에서 부류 항을 빼면 무엇이 잘못될까요?
