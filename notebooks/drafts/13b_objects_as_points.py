# ---
# title:
#   en: Objects as points
#   ko: 점으로 찾는 물체
# minutes: 6
# data:
#   en: photographs of handwritten sheets, composed (MNIST and bundled faces)
#   ko: 합성한 손글씨 종이 사진(MNIST와 함께 제공되는 글꼴)
# accuracy:
#   en: filled in by the run
#   ko: 실행 결과
# seed: 14
# ---

# %% [markdown] lang="en"
# A detector with anchors asks thousands of boxes whether they fit. But an object is a *place*: two corners that belong together, or one middle. In this notebook we
#
# - find boxes as **pairs of corners** (CornerNet): corner pooling, and numbers that say which two belong together;
# - find them as **middles** (CenterNet): heat map, offset, size, no anchors and no suppression of doubles;
# - cut the ink out of the box with two kinds of **mask**: Mask R-CNN's and YOLACT's;
# - give one network **three tasks**, as RetinaFace does: is there a page, where is its box, where are its corners;
# - read a photographed sheet, digit by digit, **in order**.

# %% [markdown] lang="ko"
# 앵커를 쓰는 검출기는 상자 수천 개에 맞느냐고 묻습니다. 그런데 물체는 *자리*입니다. 짝을 이루는 두 모서리이거나, 중심 하나입니다. 이 노트북에서는
#
# - 상자를 **모서리 한 쌍**으로 찾습니다(CornerNet). 모서리 풀링과, 어느 둘이 짝인지 말해 주는 수를 씁니다.
# - 상자를 **중심**으로 찾습니다(CenterNet). 히트맵, 오프셋, 크기만 있으면 앵커도, 중복 제거도 필요 없습니다.
# - 상자 안에서 글씨를 오려 냅니다. Mask R-CNN과 YOLACT의 두 가지 **마스크**를 씁니다.
# - RetinaFace처럼 신경망 하나에 **세 가지 일**을 줍니다. 종이가 있는가, 상자는 어디인가, 모서리는 어디인가.
# - 찍은 종이의 숫자를 **순서대로** 읽습니다.

# %%
import time

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import objects, sheets
from labs.detect import average_precision

keras.utils.set_random_seed(14)

# %% [markdown] lang="en"
# ## 1. Pieces of sheets
#
# The digits of a sheet have 12 to 40 pixels. So that a processor learns this in a minute, our networks look at pieces of 160×128 and answer one question: *where* is something written? Which digit it is comes in section 6.

# %% [markdown] lang="ko"
# ## 1. 종이 조각
#
# 종이 위 숫자의 크기는 12~40화소입니다. CPU로 1분 안에 배우도록, 우리 신경망은 160×128 조각을 보고 한 가지에만 답합니다. *어디에* 무엇이 쓰여 있는가? 어떤 숫자인지는 6절에서 다룹니다.

# %%
HEIGHT, WIDTH, ROWS, COLUMNS = 128, 160, 32, 40
composers = {part: sheets.Composer(part, labs.profile.size) for part in ("train", "test")}


def pieces(part, count):
    """Pictures, boxes and ink of a piece of each of `count` photographs, cut where the writing is."""
    draw = np.random.default_rng(14)
    for photo in composers[part].photos(range(count)):
        middle = (
            draw.choice((photo.sheet.boxes[:, :2] + photo.sheet.boxes[:, 2:]) / 2)
            if len(photo.sheet.boxes)
            else (160, 120)
        )
        left, top = np.clip(np.int64(middle) - (80, 64) + draw.integers(-40, 41, 2), 0, (160, 112))
        boxes = np.clip(photo.sheet.boxes - (left, top, left, top), 0, (WIDTH, HEIGHT) * 2)
        seen = ((boxes[:, 2:] - boxes[:, :2]) / (photo.sheet.boxes[:, 2:] - photo.sheet.boxes[:, :2])).min(
            axis=1, initial=1
        ) > 0.6
        place = np.s_[top : top + HEIGHT, left : left + WIDTH]
        ink = photo.objects[place]
        yield (
            photo.picture[place],
            boxes[seen],
            np.where(np.isin(ink, np.flatnonzero(seen) + 1), ink, 0),
            np.flatnonzero(seen) + 1,
        )


train, test = (
    list(pieces(part, n))
    for part, n in (("train", labs.profile.choose(1000, 96)), ("test", labs.profile.choose(200, 24)))
)
x_train, x_test = (np.stack([piece[0] for piece in part]) for part in (train, test))


# %%
def framed(picture, boxes, color=(255, 60, 30)):
    drawn = picture.copy()
    for x0, y0, x1, y1 in np.rint(boxes).astype(int).tolist():
        cv2.rectangle(drawn, (x0, y0), (x1, y1), color, 1)
    return drawn


labs.show.grid([framed(*piece[:2]) for piece in train[:8]], columns=4, title=f"{len(train):,} 조각 · pieces")

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


# %%
inputs, x = trunk()
answers = []
for flip in (True, False):  # upper left, lower right
    pooled = running_max(convolved(x, 32), 1, flip) + running_max(convolved(x, 32), 2, flip)
    side = convolved(layers.Add()([convolved(pooled, 32), layers.Conv2D(32, 1)(x)]), 32)
    answers.append(layers.Conv2D(4, 1)(side))  # heat, embedding, offset in x and y
corner_net = keras.Model(inputs, layers.Concatenate()(answers))
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
def focal(truth, logit):
    score, hit = ops.clip(ops.sigmoid(logit), 1e-4, 1 - 1e-4), ops.cast(truth > 0.999, "float32")
    near = hit * (1 - score) ** 2 * ops.log(score)
    far = (1 - hit) * (1 - truth) ** 4 * score**2 * ops.log(1 - score)
    return -ops.sum(near + far) / ops.maximum(ops.sum(hit), 1)


def corner_loss(truth, answer, most=24):
    loss, means, pull = 0, [], 0
    for first in (0, 4):
        true, said = truth[..., first : first + 4], answer[..., first : first + 4]
        hit = ops.cast(true[..., 1] > 0, "float32")
        off = ops.sum(ops.abs(true[..., 2:] - ops.sigmoid(said[..., 2:])), axis=-1)
        loss += focal(true[..., 0], said[..., 0]) + ops.sum(hit * off) / ops.maximum(ops.sum(hit), 1)
        whose = ops.one_hot(ops.reshape(ops.cast(true[..., 1], "int32"), (-1, ROWS * COLUMNS)), most + 1)
        means.append(ops.einsum("nck,nc->nk", whose, ops.reshape(said[..., 1], (-1, ROWS * COLUMNS)))[:, 1:])
    there = ops.max(whose, axis=1)[:, 1:]  # objects 1, 2, ... of each picture
    pull = ops.sum(there * (means[0] - means[1]) ** 2) / 2
    mean = (means[0] + means[1]) / 2
    pairs = there[:, :, None] * there[:, None] * (1 - np.eye(most, dtype="float32"))
    push = ops.sum(pairs * ops.relu(1 - ops.abs(mean[:, :, None] - mean[:, None])))
    return loss + 0.1 * pull / ops.maximum(ops.sum(there), 1) + 0.1 * push / ops.maximum(ops.sum(pairs), 1)


# %%
def learn(network, loss, answers, pictures=x_train, epochs=labs.profile.choose(full=8, quick=1)):
    pairs = tf.data.Dataset.from_tensor_slices((pictures, answers)).shuffle(3000, seed=1).batch(16)
    options = tf.data.Options()
    options.autotune.enabled = False
    rate = keras.optimizers.schedules.CosineDecay(0.003, epochs * len(pairs))
    network.compile(keras.optimizers.Adam(rate), loss)
    start = time.process_time()
    network.fit(pairs.with_options(options), epochs=epochs, verbose=0, shuffle=False)
    return time.process_time() - start


seconds = {
    "CornerNet": learn(corner_net, corner_loss, np.stack([corner_target(piece[1]) for piece in train]))
}


# %%
def peaks(heat, least=0.1, most=40):
    """Rows and columns of the cells that are the largest of their 3x3 neighbours, and their scores, best first."""
    score = np.where(heat == cv2.dilate(heat, np.ones((3, 3))), heat, 0)
    row, column = np.divmod(np.argsort(-score, axis=None)[:most], COLUMNS)
    good = score[row, column] > least
    return row[good], column[good], score[row, column][good]


def pairs_of_corners(answer, apart=0.5):
    found, corners = [], []
    for first in (0, 4):
        row, column, score = peaks(1 / (1 + np.exp(-answer[..., first])))
        rest = 1 / (1 + np.exp(-answer[row, column, first + 2 : first + 4]))
        corners.append(
            [score, answer[row, column, first + 1], 4 * (column + rest[:, 0]), 4 * (row + rest[:, 1])]
        )
    for s0, e0, x0, y0 in zip(*corners[0], strict=True):
        for s1, e1, x1, y1 in zip(*corners[1], strict=True):
            if x1 > x0 and y1 > y0 and abs(e0 - e1) < apart:
                found.append((0, (s0 + s1) / 2, x0, y0, x1, y1))
    return np.array(found).reshape(-1, 6)


# %%
truth = [objects.objects(piece[1], np.zeros(len(piece[1]))) for piece in test]
answers = corner_net.predict(x_test, verbose=0)
found = {"CornerNet": [pairs_of_corners(answer) for answer in answers]}
print(f"CornerNet: AP50 {average_precision(truth, found['CornerNet'], 1)[0, 0]:.2f}")

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


inputs, x = trunk()
start = keras.initializers.Constant(-3)  # an untrained heat of 0.05
heat = layers.Conv2D(1, 1, bias_initializer=start)(convolved(x, 32))
offset, size = layers.Conv2D(2, 1)(convolved(x, 32)), layers.Conv2D(2, 1)(convolved(x, 32))
center_net = keras.Model(inputs, layers.Concatenate()([heat, offset, size]))
seconds["CenterNet"] = learn(center_net, center_loss, np.stack([center_target(piece[1]) for piece in train]))

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

# %%
answers = detector.predict(x_test, verbose=0)["boxes"]
found["CenterNet"] = [rows[rows[:, 1] > 0.1] for rows in answers]
print("method     AP50   AP    processor s   ms a picture")
for name, network in (("CornerNet", corner_net), ("CenterNet", detector)):
    ask = tf.function(lambda x, network=network: network(x, training=False))
    ask(x_test[:1].astype("float32"))
    begin = time.perf_counter()
    for picture in x_test[:20]:
        ask(picture[None].astype("float32"))
    table = average_precision(truth, found[name], 1)
    print(
        f"{name}  {table[0, 0]:.2f}  {table.mean():.2f}  {seconds[name]:8.0f}  {50 * (time.perf_counter() - begin):10.1f}"
    )

# %% tags=["cover"]
shown = [framed(x, rows[rows[:, 1] > 0.3, 2:]) for x, rows in zip(x_test[:8], answers, strict=False)]
labs.show.grid(shown, columns=4, title="CenterNet")

# %% [markdown] lang="en"
# ## 4. Masks: which pixels of the box?
#
# Two ways to a mask for each object, on the same features, trained together:
#
# - **Mask R-CNN** (He et al., 2017) cuts the features out of the box with **RoIAlign**, always to 14×14, and lets convolutions draw the mask there: work for each object.
# - **YOLACT** (Bolya et al., 2019) draws eight **prototypes** of the whole picture once; an object only says eight **coefficients**, and its mask is the weighed sum, cut to the box: hardly any work for an object.

# %% [markdown] lang="ko"
# ## 4. 마스크: 상자 속 어느 화소인가
#
# 물체마다 마스크를 얻는 두 가지 길을 같은 특징 위에 놓고 함께 학습합니다.
#
# - **Mask R-CNN**(He et al., 2017)은 **RoIAlign**으로 상자 안의 특징을 언제나 14×14로 오려 내고, 거기서 합성곱으로 마스크를 그립니다. 물체마다 일이 듭니다.
# - **YOLACT**(Bolya et al., 2019)는 영상 전체의 **프로토타입** 여덟 장을 한 번만 그립니다. 물체는 **계수** 여덟 개만 말하고, 마스크는 가중합을 상자로 자른 것입니다. 물체마다 드는 일이 거의 없습니다.

# %%
MOST = 8  # objects of a picture that we take


def cut_out(maps, boxes, side):
    """RoIAlign with one sample a bin: (n * MOST, side, side, channels); boxes: y0, x0, y1, x1 as shares of the picture."""
    which = tf.repeat(tf.range(tf.shape(boxes)[0]), MOST)
    return tf.image.crop_and_resize(maps, tf.reshape(boxes, (-1, 4)), which, (side, side))


def boxes_and_masks(pieces):
    boxes, masks = (
        np.zeros((len(pieces), MOST, 4), "float32"),
        np.zeros((len(pieces), MOST, 28, 28, 1), "float32"),
    )
    for at, (_, found, ink, numbers) in enumerate(pieces):
        for slot, (box, number) in enumerate(zip(found[:MOST], numbers, strict=False)):
            boxes[at, slot] = box[[1, 0, 3, 2]] / (HEIGHT, WIDTH, HEIGHT, WIDTH)
            x0, y0, x1, y1 = np.rint(box).astype(int)
            masks[at, slot, ..., 0] = cv2.resize(np.float32(ink == number)[y0:y1, x0:x1], (28, 28))
    return boxes, masks


# %%
class MaskNet(keras.Model):
    def __init__(self):
        super().__init__()
        inputs = keras.Input((HEIGHT, WIDTH, 3))
        half = convolved(layers.Rescaling(1 / 127.5, offset=-1)(inputs), 16, 2)
        up = layers.UpSampling2D()(hourglass(convolved(half, 32, 2)))
        x = convolved(layers.Concatenate()([half, up]), 24)  # stride 2
        self.features = keras.Model(inputs, [x, layers.Conv2D(8, 3, padding="same", activation="relu")(x)])
        self.draw = keras.Sequential(
            [
                layers.Conv2D(24, 3, padding="same", activation="relu"),
                layers.UpSampling2D(),
                layers.Conv2D(1, 3, padding="same"),
            ]
        )
        self.coefficients = keras.Sequential([layers.Flatten(), layers.Dense(8)])

    def call(self, inputs):
        pictures, boxes = inputs
        x, prototypes = self.features(pictures)
        by_roi = self.draw(cut_out(x, boxes, 14))
        weights = self.coefficients(cut_out(x, boxes, 3))
        by_sum = tf.einsum("nyxp,np->nyx", cut_out(prototypes, boxes, 28), weights)[..., None] - 2
        return tf.stack([by_roi, by_sum])


# %%
boxes, masks = boxes_and_masks(train)
mask_net, adam = MaskNet(), keras.optimizers.Adam(0.002)


@tf.function
def step(pictures, boxes, masks):
    there = tf.cast(tf.reshape(boxes, (-1, 4))[:, 2] > 0, "float32")
    with tf.GradientTape() as tape:
        said = mask_net((pictures, boxes), training=True)
        loss = tf.nn.sigmoid_cross_entropy_with_logits(
            tf.repeat(tf.reshape(masks, (1, -1, 28, 28, 1)), 2, 0), said
        )
        loss = tf.reduce_sum(tf.reduce_mean(loss, (2, 3, 4)) * there) / tf.reduce_sum(there)
    adam.apply_gradients(
        zip(tape.gradient(loss, mask_net.trainable_variables), mask_net.trainable_variables, strict=True)
    )
    return loss


for order in np.random.default_rng(0).permuted(
    np.tile(np.arange(len(train)), (labs.profile.choose(4, 1), 1)), axis=1
):
    for part in np.array_split(order, len(order) // 16):
        step(x_train[part].astype("float32"), boxes[part], masks[part])

# %%
boxes, masks = boxes_and_masks(test)
said = mask_net.predict((x_test.astype("float32"), boxes), batch_size=len(x_test), verbose=0) > 0
true, there = masks.reshape(-1, 28, 28) > 0.5, masks.reshape(-1, 784).max(axis=1) > 0
for name, one in zip(("Mask R-CNN", "YOLACT"), said[..., 0], strict=True):
    overlap = (one & true).sum(axis=(1, 2)) / np.maximum((one | true).sum(axis=(1, 2)), 1)
    print(f"{name:10} mean IoU of {there.sum()} masks: {overlap[there].mean():.2f}")
first = np.flatnonzero(there)[:8]
labs.show.grid(
    np.concatenate([true[first], said[0, first, ..., 0], said[1, first, ..., 0]]).astype(float),
    columns=8,
    title="true, Mask R-CNN, YOLACT",
)

# %% [markdown] lang="en"
# Both cut thin strokes out of their boxes. YOLACT's eight prototypes have to be enough for all objects of the picture together; in return a hundred objects cost it no more than ten.
#
# ## 5. One network, three tasks
#
# **RetinaFace** (Deng et al., 2020) found that a face detector gets better when it must also say where eyes, nose and mouth are. The same pattern for a page: is there one in the photograph, its box, its four corners; the losses
# of box and corners count only where there is a page. $L = L_{page} + p\,(\lambda_1 L_{box} + \lambda_2 L_{corners})$

# %% [markdown] lang="ko"
# 둘 다 가는 획을 상자에서 오려 냅니다. YOLACT는 프로토타입 여덟 장으로 영상의 모든 물체를 감당해야 합니다. 그 대신 물체가 백 개여도 열 개일 때보다 더 들지 않습니다.
#
# ## 5. 신경망 하나에 세 가지 일
#
# **RetinaFace**(Deng et al., 2020)는 얼굴 검출기가 눈, 코, 입의 위치까지 답하게 하면 검출도 나아진다는 것을 보였습니다. 종이에도 같은 방법을 씁니다. 사진에 종이가 있는가, 상자는 어디인가, 네 모서리는 어디인가.
# 상자와 모서리의 손실은 종이가 있을 때만 셉니다. $L = L_{page} + p\,(\lambda_1 L_{box} + \lambda_2 L_{corners})$


# %%
def whole(part, count):
    """Photographs shrunk to 160x128 with page (0 or 1), box and corners as shares of the picture: (n, 13)."""
    for number in range(count):
        photo = composers[part].photo(number)
        corners = photo.sheet.corners / (320, 240)
        answer = np.concatenate([[1], corners.min(axis=0), corners.max(axis=0), corners.ravel()])
        picture = photo.picture
        if number % 4 == 0:
            picture, answer = composers[part].table(number), np.zeros(13)
        yield cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), answer.astype("float32")


x_whole, y_whole = map(np.stack, zip(*whole("train", labs.profile.choose(800, 64)), strict=True))


# %%
def three_heads():
    inputs = keras.Input((HEIGHT, WIDTH, 3))
    x = convolved(layers.Rescaling(1 / 127.5, offset=-1)(inputs), 16, 2)
    for filters in (32, 48, 64):
        x = convolved(x, filters, 2)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(
        inputs, layers.Concatenate()([layers.Dense(1)(x), layers.Dense(4)(x), layers.Dense(8)(x)])
    )


def three_losses(box=1.0, corners=1.0):
    def loss(truth, answer):
        page = truth[..., 0]
        found = keras.losses.binary_crossentropy(truth[..., :1], answer[..., :1], from_logits=True)
        off = ops.abs(truth[..., 1:] - answer[..., 1:])
        off = box * ops.mean(off[..., :4], axis=-1) + corners * ops.mean(off[..., 4:], axis=-1)
        return ops.mean(found + 5 * page * off)

    return loss


# %%
x_seen, y_seen = map(np.stack, zip(*whole("test", labs.profile.choose(200, 16)), strict=True))
page = y_seen[:, 0] > 0
for name, loss in (("box alone", three_losses(corners=0)), ("three tasks", three_losses())):
    network = three_heads()
    learn(network, loss, y_whole, x_whole)
    said = network.predict(x_seen, verbose=0)
    overlaps = [objects.overlap(a, b)[0, 0] for a, b in zip(said[page, 1:5], y_seen[page, 1:5], strict=True)]
    print(
        f"{name:11} page or table right {np.mean((said[:, 0] > 0) == page):.0%}, box IoU {np.mean(overlaps):.2f}",
        end="",
    )
    print(
        f", corners off by {np.abs(said - y_seen)[page, 5:].mean():.1%} of the side"
        if name != "box alone"
        else ""
    )

# %% [markdown] lang="en"
# ## 6. Read the sheet
#
# Now the two networks that the site ships. `saved_models/sheet_digits` is a CenterNet as in section 3 with one heat map for "something", and a softmax that says *which* of ten digits or Hangul; `tools/train_sheet.py` showed it ever new
# sheets for minutes on a graphics card. Both are files of half a megabyte that OpenCV runs.

# %% [markdown] lang="ko"
# ## 6. 종이 읽기
#
# 이제 웹 사이트에 실린 두 신경망을 씁니다. `saved_models/sheet_digits`는 3절과 같은 CenterNet으로, '무언가 있다'는 히트맵 하나와 그것이 열 숫자와 한글 가운데 *무엇*인지 말하는 소프트맥스가 있습니다.
# `tools/train_sheet.py`가 그래픽 카드에서 몇 분 동안 끊임없이 새로운 종이를 보여 주었습니다. 둘 다 0.5 MB짜리 파일이고 OpenCV로 돌립니다.

# %%
nets = {name: cv2.dnn.readNet(f"saved_models/{name}/model.onnx") for name in ("sheet", "sheet_digits")}


def ask(name, picture):
    nets[name].setInput(picture[None].astype("float32"))
    return nets[name].forward()[0]


# %% [markdown] lang="en"
# In the photograph the rows climb and fall; *on the page* they are straight. So the middles of the boxes go through the homography of the four corners, then they are sorted.
#
# **Exercise 3.** `places` (n, 2) are u, v on the page, 0 to 1, `high` is the height of the writing there. Return the order: row by row, from the left. A new row begins where v jumps by more than half of `high`.

# %% [markdown] lang="ko"
# 사진에서는 행이 기울어 있지만 *종이 위에서는* 반듯합니다. 그래서 상자의 중심을 네 모서리의 호모그래피로 옮긴 다음 정렬합니다.
#
# **연습 3.** `places`(n, 2)는 종이 위의 위치 u, v(0~1)이고, `high`는 종이에서의 글씨 높이입니다. 한 행씩, 왼쪽부터 읽는 순서를 반환하세요. v가 `high`의 절반보다 크게 뛰면 새 행입니다.


# %% tags=["exercise"]
def reading_order(places, high):
    # solution
    down = np.argsort(places[:, 1], kind="stable")
    row = np.concatenate([[0], np.cumsum(np.diff(places[down, 1]) > high / 2)])
    return down[np.lexsort([places[down, 0], row])]
    # end solution


# %%
PAGE = np.float32([(0, 0), (1, 0), (1, 1), (0, 1)])


def read(picture, least=0.4):
    """The boxes of a sheet's photograph in reading order: rows of label number, score, x0, y0, x1, y1."""
    corners, rows = ask("sheet", picture)[:, :2], ask("sheet_digits", picture)
    rows = rows[rows[:, 1] > least]
    if not len(rows):
        return rows
    matrix = cv2.getPerspectiveTransform(corners, PAGE)
    middle, below = (rows[:, 2:4] + rows[:, 4:]) / 2, (rows[:, [2, 5]] + rows[:, 4:]) / 2
    places, low = (cv2.perspectiveTransform(at[None], matrix)[0] for at in (middle, below))
    return rows[reading_order(places, 2 * np.median(low[:, 1] - places[:, 1]))]


# %%
data = labs.load("sheets", labs.profile.size, train=1, test=labs.profile.choose(300, 24))
picture, sheet = data.x_test[0], data.y_test[0]
rows = read(picture)
print("read   ", " ".join(data.labels[int(row[0])] for row in rows))
print("written", " ".join(data.labels[number] for number in sheet.classes))
labs.show.grid([framed(picture, rows[:, 2:])], columns=1)


# %%
def mistakes(read, written):
    """The fewest insertions, deletions and changes from one row of numbers to the other (Levenshtein)."""
    row = np.arange(len(written) + 1)
    for number, one in enumerate(read, 1):
        last, row = row, np.full(len(written) + 1, number)
        for place, other in enumerate(written, 1):
            row[place] = min(row[place - 1] + 1, last[place] + 1, last[place - 1] + (one != other))
    return row[-1]


answers = [read(picture) for picture in data.x_test]
written = sum(len(sheet.classes) for sheet in data.y_test)
wrong = sum(mistakes(rows[:, 0], sheet.classes) for rows, sheet in zip(answers, data.y_test, strict=True))
print(
    f"{written:,} characters on {len(data.y_test)} sheets, {1 - wrong / written:.1%} read right and in order"
)

# %%
everything = [ask("sheet_digits", picture) for picture in data.x_test]
table = average_precision(data.y_test, [rows[rows[:, 1] > 0.02] for rows in everything], len(data.labels))
print(
    f"mAP50 of the digits {np.nanmean(table[0, :10]):.3f}, mAP {np.nanmean(table[:, :10]):.3f}; Hangul {table[0, 10]:.3f}"
)

# %% [markdown] lang="en"
# ## 7. Save it, prove it
#
# Our small CenterNet goes out as boxes. The card says how they are read: from which score on, and that nothing has to be suppressed. `labs.check` compares **sets of boxes**, corner by corner.

# %% [markdown] lang="ko"
# ## 7. 저장하고 증명하기
#
# 우리의 작은 CenterNet을 상자로 내보냅니다. 어떤 점수부터 셀지, 지울 것이 없다는 것이 카드에 적힙니다. `labs.check`는 **상자의 집합**을 모서리까지 비교합니다.

# %%
folder = labs.export(
    detector, "saved_models/pieces", labels=["something"], x=x_test[:10], source=data.source,
    kind="boxes", decode={"threshold": 0.3, "nms": None},
)  # fmt: skip
labs.check(folder)

# %% [markdown] lang="en"
# ## Recap
#
# - An object can be a pair of corners (pooling brings the evidence, an embedding marries them) or one middle with its size. The middle needs neither anchors nor suppression.
# - RoIAlign gives every object a picture of its own; prototypes share the work among all objects.
# - Tasks that belong together can share a network; whether each gains by it has to be measured.
#
# **Exercises.** 1. Give CenterNet a heat map for each of the eleven classes (`photo.sheet.classes`). 2. Replace the 3×3 max-pooling by soft-NMS (Bodla et al., 2017) and look for a sheet where it matters. 3. Photograph your own sheet and read it on the site's page *scan*.
#
# **When it goes wrong.** *No boxes at all*: the heat's bias was not set to −3, and the loss of the empty cells drowned the rest; train longer. *Two boxes on a digit*: the heat map is too narrow, make sigma larger. *Rows mixed up*: the corners were wrong, look at them first.

# %% [markdown] lang="ko"
# ## 정리
#
# - 물체는 모서리 한 쌍(풀링이 증거를 모으고 임베딩이 짝을 맺음)일 수도, 크기가 딸린 중심 하나일 수도 있습니다. 중심에는 앵커도 중복 제거도 필요 없습니다.
# - RoIAlign은 물체마다 자기 영상을 주고, 프로토타입은 모든 물체가 일을 나눕니다.
# - 서로 관련된 일은 한 신경망이 함께 할 수 있습니다. 각각 나아지는지는 재어 보아야 합니다.
#
# **연습.** 1. CenterNet에 열한 부류의 히트맵을 각각 주세요(`photo.sheet.classes`). 2. 3×3 최대 풀링을 soft-NMS(Bodla et al., 2017)로 바꾸고, 차이가 나는 종이를 찾아보세요. 3. 자기가 쓴 종이를 찍어 웹 사이트의 *스캔* 페이지에서 읽어 보세요.
#
# **잘 안 될 때.** *상자가 하나도 없다*: 히트의 편향을 −3으로 두지 않아 빈 칸의 손실이 나머지를 덮은 것입니다. 더 오래 학습하세요. *숫자 하나에 상자 둘*: 히트맵이 너무 좁습니다. 시그마를 키우세요. *행이 뒤섞인다*: 모서리가 틀린 것입니다. 모서리부터 보세요.
