# ---
# title:
#   en: what a borrowed network asks of you
#   ko: 빌려 온 신경망을 제대로 쓰는 법
# minutes: 40
# ---

# %% [markdown] lang="en"
# Every question asks for a function. Write it where it says `YOUR CODE HERE`, then run the test cell below it:
# it answers at once, with your answer and the expected one. Grading uses the same questions with other numbers.

# %% [markdown] lang="ko"
# 각 문제는 함수 하나를 요구합니다. `YOUR CODE HERE`라고 적힌 곳에 작성한 다음 바로 아래의 시험 셀을 실행하세요.
# 여러분의 답과 기댓값을 나란히 바로 보여 줍니다. 채점할 때는 같은 문제를 다른 수로 시험합니다.

# %%
import numpy as np

from labs.classroom import expect

# %% [markdown] lang="en"
# ## 1. Why MobileNet is small (3 points)
#
# A depthwise separable convolution first filters each channel on its own (one `size` × `size` filter a channel), then mixes the
# channels with a 1×1 convolution. Neither has a bias. Return `(plain, separable)`: the weights of an ordinary
# convolution from `channels` to `filters`, and those of the separable one.

# %% [markdown] lang="ko"
# ## 1. MobileNet이 작은 까닭 (3점)
#
# 깊이별 분리 합성곱은 먼저 채널마다 따로 필터링하고(채널마다 `size` × `size` 필터 하나), 다음에 1×1 합성곱으로 채널을 섞습니다.
# 둘 다 편향이 없습니다. `channels`개의 채널에서 `filters`개로 가는 보통 합성곱의 가중치 수와 분리 합성곱의 가중치 수를
# `(plain, separable)`로 반환하세요.


# %% tags=["exercise", "weights"]
def weights(size, channels, filters):
    # solution
    return size * size * channels * filters, size * size * channels + channels * filters
    # end solution


# %% tags=["test", "weights", "points:3"]
expect.equal(
    weights(3, 32, 64),
    (18_432, 2_336),
    en="the depthwise step has 3 * 3 weights for each of 32 channels",
    ko="깊이별 단계에는 채널 32개마다 가중치가 3 * 3개씩 있습니다",
)
# hidden
expect.equal(weights(3, 512, 512), (2_359_296, 266_752), en="512 channels", ko="채널 512개")
expect.equal(weights(5, 7, 11), (1_925, 252), en="5x5", ko="5x5")
# end hidden

# %% [markdown] lang="en"
# ## 2. Find the preprocessing bug (3 points)
#
# MobileNet learned from **RGB** pixels scaled to **−1..1**. The program below reads photos with OpenCV, which gives **BGR** bytes, and scales
# them to 0..1: it works, but badly, which is the worst kind of bug. Write `prepare(photo)` so that it is right:
# uint8 (height, width, 3) BGR → float32 of the same shape.
#
# ```
# def prepare(photo):
#     return photo.astype("float32") / 255
# ```

# %% [markdown] lang="ko"
# ## 2. 전처리 오류 찾기 (3점)
#
# MobileNet은 **−1..1**로 조정한 **RGB** 화소로 학습했습니다. 아래 프로그램은 **BGR** 바이트를 주는 OpenCV로 사진을 읽어
# 0..1로 조정합니다. 돌아가기는 하지만 성능이 나쁩니다. 가장 골치 아픈 오류입니다. `prepare(photo)`를 올바르게 작성하세요.
# uint8 (높이, 너비, 3) BGR → 모양이 같은 float32.
#
# ```
# def prepare(photo):
#     return photo.astype("float32") / 255
# ```


# %% tags=["exercise", "prepare"]
def prepare(photo):
    # solution
    return photo[:, :, ::-1].astype("float32") / 127.5 - 1
    # end solution


# %% tags=["test", "prepare", "points:3"]
blue = np.zeros((2, 2, 3), np.uint8)
blue[:, :, 0] = 255  # as OpenCV reads a blue wall
expect.close(
    prepare(blue)[0, 0],
    [-1, -1, 1],
    en="red, green, blue, from -1 to 1",
    ko="빨강, 초록, 파랑 순서, -1부터 1까지",
)
# hidden
photo = np.random.default_rng(3).integers(0, 256, (5, 7, 3)).astype(np.uint8)
expect.close(prepare(photo), photo[:, :, [2, 1, 0]] / 127.5 - 1, en="a photo", ko="사진")
expect.true(prepare(photo).dtype == np.float32, en="float32 is asked for", ko="float32여야 합니다")
# end hidden

# %% [markdown] lang="en"
# ## 3. What may learn, and when (4 points)
#
# `layers` is a list of `(name, kind, weights)` from the input on. For fine-tuning, everything from the layer `first` on learns, **but
# batch normalization stays as it is**: a few small batches would ruin its averages. Return how many weights learn.
# With `first=None` nothing of the borrowed network learns.

# %% [markdown] lang="ko"
# ## 3. 무엇이 언제 학습하나요? (4점)
#
# `layers`는 입력 쪽부터 `(name, kind, weights)`를 늘어놓은 목록입니다. 미세 조정에서는 `first` 층부터 끝까지 학습하지만
# **배치 정규화는 그대로 둡니다**. 작은 배치 몇 개로도 이동 평균이 망가지기 때문입니다. 학습하는 가중치의 수를 반환하세요.
# `first=None`이면 빌려 온 신경망은 전혀 학습하지 않습니다.


# %% tags=["exercise", "learning_weights"]
def learning_weights(layers, first=None):
    # solution
    names = [name for name, _, _ in layers]
    if first is None:
        return 0
    rest = layers[names.index(first) :]
    return sum(weights for _, kind, weights in rest if kind != "BatchNormalization")
    # end solution


# %% tags=["test", "learning_weights", "points:4"]
layers = [("conv1", "Conv2D", 864), ("bn1", "BatchNormalization", 128), ("dw", "DepthwiseConv2D", 288)]
layers += [("bn2", "BatchNormalization", 128), ("pw", "Conv2D", 2048), ("bn3", "BatchNormalization", 256)]
expect.equal(learning_weights(layers), 0, en="frozen", ko="모두 동결했을 때")
expect.equal(
    learning_weights(layers, "dw"),
    2336,
    en="from dw on, without the normalizations",
    ko="dw부터, 배치 정규화는 빼고",
)
# hidden
expect.equal(learning_weights(layers, "conv1"), 3200, en="from the first on", ko="첫 층부터")
expect.equal(
    learning_weights(layers, "bn3"), 0, en="only a normalization is left", ko="배치 정규화만 남을 때"
)
expect.equal(
    learning_weights([*layers, ("top", "Dense", 65)], "pw"),
    2113,
    en="a new layer at the end",
    ko="새 층을 붙였을 때",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. A classifier without training (4 points)
#
# Good features make classifying easy. Give each label the **mean of its features**, all scaled to the length 1, and each new picture the
# label whose mean points most nearly in its direction (cosine). Return the label numbers of `x_test` as an array.
# Features have the shape (pictures, numbers); `y_train` holds labels from 0 on.

# %% [markdown] lang="ko"
# ## 4. 학습 없는 분류기 (4점)
#
# 특징이 좋으면 분류는 쉽습니다. 모든 특징을 길이 1로 맞춘 다음 레이블마다 **특징의 평균**을 구하고, 새 영상에는 평균의 방향이 가장
# 가까운(코사인) 레이블을 주세요. `x_test`의 레이블 번호를 배열로 반환하세요.
# 특징의 모양은 (영상, 수)이고 `y_train`에는 0부터 시작하는 레이블이 있습니다.


# %% tags=["exercise", "nearest_mean"]
def nearest_mean(x_train, y_train, x_test):
    # solution
    def unit(rows):
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    means = [unit(x_train)[y_train == label].mean(axis=0) for label in range(y_train.max() + 1)]
    return (unit(x_test) @ unit(np.array(means)).T).argmax(axis=1)
    # end solution


# %% tags=["test", "nearest_mean", "points:4"]
x_train = np.array([[1.0, 0.1], [2.0, 0.0], [0.1, 5.0], [0.0, 1.0]])
y_train = np.array([0, 0, 1, 1])
expect.equal(
    nearest_mean(x_train, y_train, np.array([[100.0, 60.0], [0.1, 0.2]])),
    [0, 1],
    en="the direction counts, not the length",
    ko="길이가 아니라 방향이 중요합니다",
)
# hidden
draw = np.random.default_rng(4)
centres = draw.normal(size=(5, 16))
y_train, y_test = draw.integers(0, 5, 200), draw.integers(0, 5, 100)
x_train, x_test = (
    (centres[y] + draw.normal(0, 0.6, (len(y), 16))) * draw.uniform(0.1, 9, (len(y), 1))
    for y in (y_train, y_test)
)
units = x_train / np.linalg.norm(x_train, axis=1, keepdims=True)
means = np.array([units[y_train == label].mean(axis=0) for label in range(5)])
scores = x_test @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T
expect.equal(
    nearest_mean(x_train, y_train, x_test), scores.argmax(axis=1), en="five labels", ko="레이블 다섯 개"
)
# end hidden

# %% [markdown] lang="en"
# ## 5. A gentle learning rate (3 points)
#
# Fine-tuning starts gently: the learning rate rises in a straight line from 0 at step 0 to `peak` at step `warm_up`, then falls along a
# cosine to 0 at step `steps`. Return it for `step` (0 ≤ step ≤ steps).

# %% [markdown] lang="ko"
# ## 5. 조심스러운 학습률 (3점)
#
# 미세 조정은 조심스럽게 시작합니다. 학습률은 0번 단계의 0에서 `warm_up`번 단계의 `peak`까지 직선으로 올라갔다가, `steps`번 단계의
# 0까지 코사인 곡선을 따라 내려갑니다. `step`(0 ≤ step ≤ steps)에서의 학습률을 반환하세요.


# %% tags=["exercise", "learning_rate"]
def learning_rate(step, peak, warm_up, steps):
    # solution
    if step < warm_up:
        return peak * step / warm_up
    return peak * 0.5 * (1 + np.cos(np.pi * (step - warm_up) / (steps - warm_up)))
    # end solution


# %% tags=["test", "learning_rate", "points:3"]
rates = [learning_rate(step, 0.1, 10, 110) for step in (0, 5, 10, 60, 110)]
expect.close(
    rates, [0, 0.05, 0.1, 0.05, 0], en="at the steps 0, 5, 10, 60, 110", ko="0, 5, 10, 60, 110번 단계에서"
)
# hidden
rates = [learning_rate(step, 1e-3, 4, 20) for step in range(21)]
expect.equal(
    int(np.argmax(rates)),
    4,
    en="the highest is at the end of the warm-up",
    ko="준비 단계가 끝날 때 가장 높습니다",
)
expect.close(learning_rate(8, 1e-3, 4, 20), 8.5355e-4, en="a quarter down", ko="4분의 1 지점", tolerance=1e-7)
expect.close(learning_rate(0, 0.5, 0, 8), 0.5, en="without a warm-up", ko="준비 단계가 없을 때")
# end hidden
