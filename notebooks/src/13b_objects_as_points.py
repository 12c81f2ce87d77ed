# ---
# title:
#   en: Objects as points
#   ko: 점으로 찾는 물체
# minutes: 5
# data:
#   en: photographs of handwritten sheets, composed (MNIST and bundled faces)
#   ko: 합성한 손글씨 종이 사진(MNIST와 함께 제공되는 글꼴)
# accuracy:
#   en: AP50 on pieces of sheets after 280 steps each, CornerNet 0.40, CenterNet 0.71
#   ko: 종이 조각의 AP50, 각각 280스텝 학습, CornerNet 0.40, CenterNet 0.71
# seed: 14
# ---

# %% [markdown] lang="en"
# A detector with anchors asks thousands of boxes whether they fit. But an object is a *place*: two corners that belong together, or one middle. In this notebook we
#
# - find boxes as **pairs of corners** (CornerNet): corner pooling, and numbers that say which two belong together;
# - find them as **middles** (CenterNet): heat map, offset, size, no anchors and no suppression of doubles;
# - put both in one table, from our own runs;
# - decode inside the graph, so that every runtime gives the same boxes.

# %% [markdown] lang="ko"
# 앵커를 쓰는 검출기는 상자 수천 개에 맞느냐고 묻습니다. 그런데 물체는 *자리*입니다. 짝을 이루는 두 모서리이거나, 중심 하나입니다. 이 노트북에서는
#
# - 상자를 **모서리 한 쌍**으로 찾습니다(CornerNet). 모서리 풀링과, 어느 둘이 짝인지 말해 주는 수를 씁니다.
# - 상자를 **중심**으로 찾습니다(CenterNet). 히트맵, 오프셋, 크기만 있으면 앵커도, 중복 제거도 필요 없습니다.
# - 둘을 직접 학습해 한 표에서 견줍니다.
# - 해독을 그래프 안에 넣어, 모든 실행 환경에서 같은 상자를 얻습니다.

# %%
import time

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs import detect
from labs.data import objects, sheets

keras.utils.set_random_seed(14)
tf.get_logger().setLevel("ERROR")

# %% [markdown] lang="en"
# ## 1. Pieces of sheets
#
# The digits of a sheet have 12 to 40 pixels. So that a processor learns this in a minute, our networks look at pieces of 160×128 and answer one question: *where* is something written? Which digit it is would be one softmax more.

# %% [markdown] lang="ko"
# ## 1. 종이 조각
#
# 종이 위 숫자의 크기는 12~40화소입니다. CPU로 1분 남짓에 배우도록, 우리 신경망은 160×128 조각을 보고 한 가지에만 답합니다. *어디에* 무엇이 쓰여 있는가? 어떤 숫자인지까지 물으려면 소프트맥스 하나만 더하면 됩니다.


# %%
HEIGHT, WIDTH, ROWS, COLUMNS = 128, 160, 32, 40


def piece(photo, random):
    """A piece of a photograph, cut where the writing is, and the boxes that are mostly in it."""
    boxes = photo.sheet.boxes
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    middle = random.choice(middles) if len(boxes) else np.array([160, 120])
    left, top = np.clip(np.int64(middle) - (80, 64) + random.integers(-40, 41, 2), 0, (160, 112))
    cut = np.clip(boxes - (left, top, left, top), 0, (WIDTH, HEIGHT) * 2)
    seen = (cut[:, 2:] - cut[:, :2] > 0.6 * (boxes[:, 2:] - boxes[:, :2])).all(axis=1)
    found = objects.objects(cut[seen], np.zeros(seen.sum()))
    return photo.picture[top : top + HEIGHT, left : left + WIDTH], found


# %%
def pieces(part, count):
    composer, random = sheets.Composer(part, labs.profile.size), np.random.default_rng(14)
    pictures, found = zip(*(piece(composer.photo(number), random) for number in range(count)), strict=True)
    return np.stack(pictures), list(found)


# %%
x_train, y_train = pieces("train", labs.profile.choose(640, 96))
x_test, y_test = pieces("test", labs.profile.choose(200, 24))
print(f"{len(x_train)} + {len(x_test)} pieces, {sum(len(y.boxes) for y in y_train):,} objects to learn from")

names = ["something"]
detect.show(x_train[:4], y_train[:4], names, source=sheets.TITLE)

# %% [markdown] lang="en"
# The trunk is lab 13's hourglass: down to see, up to be precise, an answer for each cell of 4×4 pixels.

# %% [markdown] lang="ko"
# 몸통은 실습 13의 모래시계입니다. 내려가며 보고, 올라오며 정밀해지고, 4×4화소 칸마다 답합니다.


# %%
def convolved(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def hourglass(x, depth=3):
    inner = convolved(layers.MaxPooling2D()(x), x.shape[-1])
    inner = hourglass(inner, depth - 1) if depth > 1 else convolved(inner, x.shape[-1])
    return layers.Add()([convolved(x, x.shape[-1]), layers.UpSampling2D()(inner)])


def trunk():
    inputs = keras.Input((HEIGHT, WIDTH, 3), name="input")
    x = convolved(layers.Rescaling(1 / 127.5, offset=-1)(inputs), 16, 2)
    return inputs, hourglass(convolved(x, 32, 2))


# %% [markdown] lang="en"
# ## 2. CornerNet: a box is two corners
#
# At the upper left corner of a box there is usually *nothing*: the 0 begins below it and to its right. **Corner pooling** (Law & Deng, 2018) brings the evidence there: each place takes the largest value of
# all that lies below it, plus the largest of all that lies to its right.
#
# **Exercise 1.** Write `corner_pool` of a map (height, width). `np.maximum.accumulate` runs from the beginning of an axis; here it has to run from the end.

# %% [markdown] lang="ko"
# ## 2. CornerNet: 상자는 모서리 둘
#
# 상자의 왼쪽 위 모서리에는 대개 *아무것도 없습니다*. 0은 그 아래, 그 오른쪽에서 시작합니다. **모서리 풀링**(Law & Deng, 2018)은 증거를 그리로 가져옵니다. 자리마다 아래에 있는 모든 값의 최댓값과
# 오른쪽에 있는 모든 값의 최댓값을 더합니다.
#
# **연습 1.** 맵 (높이, 너비)의 `corner_pool`을 작성하세요. `np.maximum.accumulate`는 축의 처음부터 진행하는데, 여기서는 끝에서부터 진행해야 합니다.


# %% tags=["exercise"]
def corner_pool(heat):
    # solution
    below = np.maximum.accumulate(heat[::-1], axis=0)[::-1]
    right = np.maximum.accumulate(heat[:, ::-1], axis=1)[:, ::-1]
    return below + right
    # end solution


# %%
ring = np.zeros((7, 8))
ring[1, 3:6] = ring[5, 3:6] = 1  # the upper and lower edge of a 0
ring[2:5, 2] = ring[2:5, 6] = 1  # its left and right edge
print(corner_pool(ring).astype(int))

# %% [markdown] lang="en"
# Where a row that contains the upper edge meets the column that contains the left edge stands 2, although the ring has no ink there. In a network the running maximum takes
# $\log_2 n$ steps: compare with the neighbour 1 further, then 2, 4, 8, ...

# %% [markdown] lang="ko"
# 위쪽 변이 있는 행과 왼쪽 변이 있는 열이 만나는 곳은, 글씨가 없는데도 2가 됩니다. 신경망에서는 누적 최댓값을 $\log_2 n$번에 구합니다. 1칸, 2칸, 4칸, 8칸 떨어진 이웃과 차례로 비교하면 됩니다.


# %%
def running_max(x, axis, flip):
    x = ops.flip(x, axis) if flip else x
    step = 1
    while step < x.shape[axis]:
        shifts = [(0, 0)] * 4
        shifts[axis] = (step, 0)
        kept = ops.take(x, np.arange(x.shape[axis] - step), axis)
        x = ops.maximum(x, ops.pad(kept, shifts))  # after a ReLU nothing is below 0
        step *= 2
    return ops.flip(x, axis) if flip else x


# %% [markdown] lang="en"
# Each of the two kinds of corners has a branch of its own, with the pooling in its direction. It says four things of each cell: is a corner here (heat), which number has it (embedding), and where in the cell it is (x and y).

# %% [markdown] lang="ko"
# 두 종류의 모서리는 저마다 자기 방향의 풀링이 있는 가지를 가집니다. 가지는 칸마다 네 가지를 말합니다. 여기에 모서리가 있는가(히트), 그 번호는 무엇인가(임베딩), 칸 안의 어디인가(x와 y).


# %%
def corner_branch(x, flip):
    pooled = running_max(convolved(x, 32), 1, flip) + running_max(convolved(x, 32), 2, flip)
    side = convolved(layers.Add()([convolved(pooled, 32), layers.Conv2D(32, 1)(x)]), 32)
    heat = layers.Conv2D(1, 1, bias_initializer=keras.initializers.Constant(-3.0))(side)
    return layers.Concatenate()([heat, layers.Conv2D(3, 1)(side)])


# %%
inputs, x = trunk()
corner_net = keras.Model(inputs, layers.Concatenate()([corner_branch(x, True), corner_branch(x, False)]))
print(f"{corner_net.count_params():,} parameters")

# %% [markdown] lang="en"
# Which lower right corner belongs to which upper left one? Each corner says a number, its **embedding**. Only differences count: *pull* the two of an object together, *push* the means of
# two objects at least 1 apart. The target of a cell holds, for both kinds of corners, heat, the object's number and the rest of the division by four.

# %% [markdown] lang="ko"
# 어느 오른쪽 아래 모서리가 어느 왼쪽 위 모서리의 짝일까요? 모서리마다 수 하나, **임베딩**을 말합니다. 뜻이 있는 것은 차이뿐입니다. 한 물체의 둘은 *당기고*, 다른 물체끼리는 평균이 1 이상 떨어지도록 *밉니다*.
# 칸의 정답에는 두 종류의 모서리마다 히트, 물체 번호, 4로 나눈 나머지가 들어갑니다.


# %%
def bump(x, y, sigma):
    down, across = np.mgrid[:ROWS, :COLUMNS]
    return np.exp(-((across - int(x)) ** 2 + (down - int(y)) ** 2) / (2 * sigma**2))


def corner_target(boxes):
    target = np.zeros((ROWS, COLUMNS, 8), "float32")
    for number, box in enumerate(boxes / 4.001, 1):
        for first, (x, y) in ((0, box[:2]), (4, box[2:])):
            target[..., first] = np.maximum(target[..., first], bump(x, y, 0.7))
            target[int(y), int(x), first + 1 : first + 4] = number, x % 1, y % 1
    return target


# %%
target = corner_target(y_train[0].boxes)
labs.show.grid(
    [target[..., 0], target[..., 4]], ["upper left · 왼쪽 위", "lower right · 오른쪽 아래"], columns=2
)

# %% [markdown] lang="en"
# The heat is judged by the **focal loss**: a corner that is seen, and a cell that is clearly empty, count for little. Near a corner the punishment is mild, by the bump's height.

# %% [markdown] lang="ko"
# 히트는 **초점 손실**로 평가합니다. 이미 찾은 모서리와 분명히 빈 칸은 거의 세지 않고, 모서리 가까이에서는 봉우리 높이만큼 벌을 덜 줍니다.


# %%
def focal(truth, logit):
    score, hit = ops.clip(ops.sigmoid(logit), 1e-4, 1 - 1e-4), ops.cast(truth > 0.999, "float32")
    near = hit * (1 - score) ** 2 * ops.log(score)
    far = (1 - hit) * (1 - truth) ** 4 * score**2 * ops.log(1 - score)
    return -ops.sum(near + far) / ops.maximum(ops.sum(hit), 1)


# %%
def marry(first, second, there):
    """Pull the numbers of an object's two corners together, push the objects of a picture apart; (n, objects) each."""
    pull = ops.sum(there * (first - second) ** 2) / 2
    mean = (first + second) / 2
    pairs = there[:, :, None] * there[:, None] * (1 - np.eye(there.shape[1], dtype="float32"))
    push = ops.sum(pairs * ops.relu(1 - ops.abs(mean[:, :, None] - mean[:, None])))
    return pull / ops.maximum(ops.sum(there), 1) + push / ops.maximum(ops.sum(pairs), 1)


# %%
def corner_loss(truth, answer, most=24):
    loss, numbers = 0, []
    for first in (0, 4):
        true, said = truth[..., first : first + 4], answer[..., first : first + 4]
        hit = ops.cast(true[..., 1] > 0, "float32")
        off = ops.sum(ops.abs(true[..., 2:] - ops.sigmoid(said[..., 2:])), axis=-1)
        loss += focal(true[..., 0], said[..., 0]) + ops.sum(hit * off) / ops.maximum(ops.sum(hit), 1)
        whose = ops.one_hot(ops.reshape(ops.cast(true[..., 1], "int32"), (-1, ROWS * COLUMNS)), most + 1)
        embedding = ops.reshape(said[..., 1], (-1, ROWS * COLUMNS))
        numbers.append(ops.einsum("nck,nc->nk", whose, embedding)[:, 1:])
    there = ops.max(whose, axis=1)[:, 1:]  # objects 1, 2, ... of each picture
    return loss + 0.5 * marry(*numbers, there)


# %%
epochs = labs.profile.choose(full=7, quick=1)


def learn(network, loss, targets):
    pairs = tf.data.Dataset.from_tensor_slices((x_train, np.stack(targets))).shuffle(3000, seed=1).batch(16)
    options = tf.data.Options()
    options.autotune.enabled = False
    rate = keras.optimizers.schedules.CosineDecay(0.003, epochs * len(pairs))
    network.compile(keras.optimizers.Adam(rate), loss)
    start = time.process_time()
    network.fit(pairs.with_options(options), epochs=epochs, verbose=0, shuffle=False)
    return time.process_time() - start


# %%
seconds = {"CornerNet": learn(corner_net, corner_loss, [corner_target(y.boxes) for y in y_train])}
answers = corner_net.predict(x_test, verbose=0)

# %% [markdown] lang="en"
# Now back from maps to boxes: the peaks of both heat maps, and every pair of an upper left and a lower right one whose numbers are nearly the same.

# %% [markdown] lang="ko"
# 이제 맵에서 상자로 돌아갑니다. 두 히트맵의 봉우리를 찾고, 왼쪽 위와 오른쪽 아래 가운데 번호가 거의 같은 쌍을 모두 모읍니다.


# %%
def corners(maps, most=40):
    """The best peaks of one kind of corner: rows of score, embedding, x, y in pixels."""
    score = 1 / (1 + np.exp(-maps[..., 0]))
    peak = np.where(score == cv2.dilate(score, np.ones((3, 3))), score, 0)
    row, column = np.divmod(np.argsort(-peak, axis=None)[:most], COLUMNS)
    rest = 1 / (1 + np.exp(-maps[row, column, 2:]))
    found = np.column_stack(
        [peak[row, column], maps[row, column, 1], 4 * (column + rest[:, 0]), 4 * (row + rest[:, 1])]
    )
    return found[found[:, 0] > 0.1]


# %%
def pairs_of_corners(answer, apart=0.5):
    first, second = corners(answer[..., :4]), corners(answer[..., 4:])
    i, j = np.mgrid[: len(first), : len(second)].reshape(2, -1)
    one, two = first[i], second[j]
    fits = (abs(one[:, 1] - two[:, 1]) < apart) & (two[:, 2:] > one[:, 2:]).all(axis=1)
    score = (one[:, 0] + two[:, 0]) / 2
    return np.column_stack([0 * score, score, one[:, 2:], two[:, 2:]])[fits]


# %%
found = {"CornerNet": [pairs_of_corners(answer) for answer in answers]}
print(f"CornerNet: AP50 {detect.judge(y_test, found['CornerNet'], names)['mAP50']:.2f}")

# %%
detect.show(
    x_test[:4], [rows[rows[:, 1] > 0.3] for rows in found["CornerNet"][:4]], names, source=sheets.TITLE
)

# %% [markdown] lang="en"
# ## 3. CenterNet: an object is one point
#
# If two corners need a number that marries them, why not take **one** point? CenterNet (*Objects as Points*, Zhou et al., 2019) marks the middle of each box in a heat map, and says there two things more: the **offset**, what the
# division by four has lost, and the **size**. Two middles are never the same, so there is nothing to suppress: a peak is an object.
#
# **Exercise 2.** Fill in the target of one object: at the cell of the middle stand offset x, offset y, and the logarithms of width and height (in cells).

# %% [markdown] lang="ko"
# ## 3. CenterNet: 물체는 점 하나
#
# 모서리 둘을 맺어 줄 수가 필요하다면, 차라리 점 **하나**만 쓰면 어떨까요? CenterNet(*Objects as Points*, Zhou et al., 2019)은 상자의 중심을 히트맵에 표시하고, 그 자리에서 두 가지를 더 말합니다. 4로 나누며 잃은
# **오프셋**과 **크기**입니다. 두 물체의 중심은 같을 수 없으므로 지울 것이 없습니다. 봉우리가 곧 물체입니다.
#
# **연습 2.** 물체 하나의 정답을 채우세요. 중심 칸에 오프셋 x, 오프셋 y, 너비와 높이(칸 단위)의 로그가 들어갑니다.


# %% tags=["exercise"]
def center_target(boxes):
    target = np.zeros((ROWS, COLUMNS, 5), "float32")
    for x0, y0, x1, y1 in boxes / 4.001:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        target[..., 0] = np.maximum(target[..., 0], bump(x, y, max(0.5, 0.13 * min(x1 - x0, y1 - y0))))
        # solution
        target[int(y), int(x), 1:] = x % 1, y % 1, np.log(x1 - x0), np.log(y1 - y0)
        # end solution
    return target


# %%
def center_loss(truth, answer):
    hit = ops.cast(truth[..., :1] > 0.999, "float32")
    off = ops.sum(hit * ops.abs(truth[..., 1:] - answer[..., 1:])) / ops.maximum(ops.sum(hit), 1)
    return focal(truth[..., 0], answer[..., 0]) + off


# %%
inputs, x = trunk()
rare = keras.initializers.Constant(-3.0)  # an untrained heat of 0.05
heat = layers.Conv2D(1, 1, bias_initializer=rare)(convolved(x, 32))
offset, size = layers.Conv2D(2, 1)(convolved(x, 32)), layers.Conv2D(2, 1)(convolved(x, 32))
center_net = keras.Model(inputs, layers.Concatenate()([heat, offset, size]))

# %%
seconds["CenterNet"] = learn(center_net, center_loss, [center_target(y.boxes) for y in y_train])

# %% [markdown] lang="en"
# The decoding goes **into the graph**: a max-pooling finds the peaks, the rest is arithmetic. Whoever runs the file gets boxes, in every language and runtime.

# %% [markdown] lang="ko"
# 해독은 **그래프 안에** 넣습니다. 최대 풀링이 봉우리를 찾고, 나머지는 산수입니다. 어떤 언어, 어떤 실행 환경에서 돌려도 상자가 나옵니다.

# %%
score = ops.sigmoid(heat)
score = score * ops.cast(ops.equal(score, layers.MaxPooling2D(3, 1, padding="same")(score)), "float32")
row, column = np.mgrid[:ROWS, :COLUMNS].astype("float32")
middle = ops.add(np.stack([column, row], axis=-1)[None], offset)
half = ops.exp(size) / 2
rows = ops.concatenate([0 * score, score, 4 * (middle - half), 4 * (middle + half)], axis=-1)
detector = keras.Model(inputs, {"boxes": layers.Reshape((ROWS * COLUMNS, 6))(rows)})

# %% tags=["cover"]
rows = detector.predict(x_test, verbose=0)["boxes"]
found["CenterNet"] = [each[each[:, 1] > 0.1] for each in rows]
detect.show(x_test[:4], [each[each[:, 1] > 0.3] for each in rows[:4]], names, source=sheets.TITLE)


# %%
def milliseconds(network, count=20):
    ask = tf.function(lambda x: network(x, training=False))
    ask(x_test[:1].astype("float32"))
    begin = time.perf_counter()
    for picture in x_test[:count]:
        ask(picture[None].astype("float32"))
    return 1000 * (time.perf_counter() - begin) / count


# %%
print("method     parameters   AP50     AP   processor s   ms a piece")
for name, network in (("CornerNet", corner_net), ("CenterNet", detector)):
    verdict = detect.judge(y_test, found[name], names)
    line = f"{name}  {network.count_params():10,}   {verdict['mAP50']:.2f}   {verdict['mAP']:.2f}"
    print(f"{line}   {seconds[name]:11.0f}   {milliseconds(network):10.1f}")

# %% [markdown] lang="en"
# 280 steps on 640 pieces: neither is good yet, but they learnt from the same pieces. CenterNet finds most of what is written, AP50 0.71 after 62 processor seconds; CornerNet 0.40 after 147. Its picture tells why: many of
# its corners are right and married to strangers. Ten objects are a hundred possible pairs, and numbers that tell them apart take longer to learn than a middle. Over all overlaps from 0.5 to 0.95 (AP) the two are level, 0.25
# and 0.26: what CornerNet marries rightly fits tightly, for it has seen both ends, while CenterNet guesses the size from the middle. On blood cells, with MobileNet under it, CenterNet comes to an mAP50 of 0.86 (lab 12c).
#
# ## 4. Save it, prove it
#
# Our small CenterNet goes out as boxes. The card says how they are read: from which score on, and that nothing has to be suppressed. `labs.check` compares **sets of boxes**, corner by corner.

# %% [markdown] lang="ko"
# 조각 640장으로 280스텝입니다. 둘 다 아직 좋지 않지만 같은 조각으로 배웠습니다. CenterNet은 쓰인 것을 대부분 찾아, 프로세서 시간 62초에 AP50 0.71입니다. CornerNet은 147초에 0.40입니다. 그림에 까닭이 보입니다. 모서리는
# 많이 맞혔는데 남남끼리 짝을 지었습니다. 물체가 열 개면 가능한 짝은 백 쌍이고, 그것을 가려 줄 번호는 중심보다 배우는 데 오래 걸립니다. 겹침 기준을 0.5에서 0.95까지 모두 평균한 AP는 0.25와 0.26으로 비슷합니다. CornerNet이
# 제대로 맺은 짝은 양 끝을 직접 보았으므로 꼭 맞고, CenterNet은 중심에서 크기를 짐작하기 때문입니다. MobileNet 위에 얹은 CenterNet은 혈액 세포에서 mAP50 0.86에 이릅니다(실습 12c).
#
# ## 4. 저장하고 증명하기
#
# 우리의 작은 CenterNet을 상자로 내보냅니다. 어떤 점수부터 셀지, 지울 것이 없다는 것이 카드에 적힙니다. `labs.check`는 **상자의 집합**을 모서리까지 비교합니다.

# %%
reading = {"kind": "boxes", "decode": {"threshold": 0.3, "nms": None}}
folder = labs.export(detector, "saved_models/pieces", names, x_test[:10], source=sheets.TITLE, **reading)
labs.check(folder)

# %% [markdown] lang="en"
# ## Recap
#
# - An object can be a pair of corners: pooling brings the evidence to where nothing is drawn, an embedding marries the two.
# - Or it is one middle with its size. That needs neither anchors nor suppression, and decodes inside the graph.
# - A detector is its target: draw it and look at it before you train.
#
# **Exercises.** 1. Leave the corner pooling out (`running_max` by its input): what is lost? 2. Set `apart` to 10, so that every pair is allowed: how much does the embedding win? 3. Give CenterNet a heat map for each of the eleven classes (`photo.sheet.classes`).
#
# **When it goes wrong.** *No boxes at all*: the heat's bias was not set to −3, and the loss of the empty cells drowned the rest; train longer. *Two boxes on a digit*: the heat map is too narrow, make sigma larger. *Boxes that reach over two digits*: the embedding has married strangers; let it push harder.

# %% [markdown] lang="ko"
# ## 정리
#
# - 물체는 모서리 한 쌍일 수 있습니다. 풀링이 아무것도 그려지지 않은 곳으로 증거를 모으고, 임베딩이 짝을 맺습니다.
# - 크기가 딸린 중심 하나일 수도 있습니다. 그러면 앵커도 중복 제거도 필요 없고, 해독이 그래프 안에서 끝납니다.
# - 검출기는 정답을 어떻게 그리느냐로 정해집니다. 학습하기 전에 그려서 눈으로 보세요.
#
# **연습.** 1. 모서리 풀링을 빼 보세요(`running_max`가 입력을 그대로 돌려주게). 무엇을 잃나요? 2. `apart`를 10으로 두어 모든 짝을 허락해 보세요. 임베딩이 얻어 주는 것은 얼마인가요? 3. CenterNet에 열한 부류의 히트맵을 각각 주세요(`photo.sheet.classes`).
#
# **잘 안 될 때.** *상자가 하나도 없다*: 히트의 편향을 −3으로 두지 않아 빈 칸의 손실이 나머지를 덮은 것입니다. 더 오래 학습하세요. *숫자 하나에 상자 둘*: 히트맵이 너무 좁습니다. 시그마를 키우세요. *숫자 둘을 덮는 상자*: 임베딩이 남남을 짝지은 것입니다. 더 세게 밀어내게 하세요.
