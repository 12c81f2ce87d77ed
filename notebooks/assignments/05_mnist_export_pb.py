# ---
# title:
#   en: what a saved network must get right
#   ko: 저장된 신경망이 지켜야 할 것
# minutes: 40
# ---

# %% [markdown] lang="en"
# Every question asks for a function. Write it where it says `YOUR CODE HERE`, then run the test cell below it:
# it answers at once, with your answer and the expected one. Grading uses the same questions with other numbers.

# %% [markdown] lang="ko"
# 각 문제는 함수 하나를 요구합니다. `YOUR CODE HERE`라고 적힌 곳에 작성한 다음 바로 아래의 시험 셀을 실행하세요.
# 여러분의 답과 기댓값을 나란히 바로 보여 줍니다. 채점할 때는 같은 문제를 다른 수로 시험합니다.

# %%
import cv2
import keras
import numpy as np
from keras import layers

import labs
from labs.classroom import artefact, expect

digits = labs.load("mnist", "sample")

# %% [markdown] lang="en"
# ## 1. Which weights does training change? (2 points)
#
# A convolution with `filters` filters of `size` × `size` over `channels` channels is followed by batch normalization.
# Return `(trained, untrained)`: how many numbers of the two layers together training changes by gradients, and how many it
# only keeps as running averages. The convolution has a bias only if `bias` is true.

# %% [markdown] lang="ko"
# ## 1. 학습이 바꾸는 가중치는 무엇인가요? (2점)
#
# 채널이 `channels`개인 입력에 크기 `size` × `size`인 필터 `filters`개로 합성곱을 한 뒤 배치 정규화를 합니다.
# 두 층을 합쳐서 기울기로 학습되는 수의 개수와 이동 평균으로만 남는 수의 개수를 `(trained, untrained)`로 반환하세요.
# 합성곱의 편향은 `bias`가 참일 때만 있습니다.


# %% tags=["exercise", "block_parameters"]
def block_parameters(size, channels, filters, bias=True):
    # solution
    convolution = size * size * channels * filters + (filters if bias else 0)
    return convolution + 2 * filters, 2 * filters
    # end solution


# %% tags=["test", "block_parameters", "points:2"]
expect.equal(
    block_parameters(3, 1, 16),
    (192, 32),
    en="160 in the convolution; gamma and beta are trained, mean and variance are not",
    ko="합성곱에 160개, 감마와 베타는 학습되고 평균과 분산은 학습되지 않습니다",
)
# hidden
expect.equal(block_parameters(5, 3, 8), (624, 16), en="5x5, three channels", ko="5x5, 채널 3개")
expect.equal(block_parameters(3, 16, 32, bias=False), (4672, 64), en="without a bias", ko="편향이 없을 때")
expect.equal(block_parameters(1, 64, 10, True), (670, 20), en="1x1", ko="1x1 합성곱")
# end hidden

# %% [markdown] lang="en"
# ## 2. What freezing works out beforehand (3 points)
#
# Batch normalization computes `gamma * (x - mean) / sqrt(variance + epsilon) + beta` for each filter. When the network is
# frozen, all of these are constants and go into the convolution before it. Return the `(kernel, bias)` of the one
# convolution that does both. `kernel` has the shape (size, size, channels, filters), all others (filters,).

# %% [markdown] lang="ko"
# ## 2. 고정할 때 미리 계산해 두는 것 (3점)
#
# 배치 정규화는 필터마다 `gamma * (x - mean) / sqrt(variance + epsilon) + beta`를 계산합니다. 신경망을 고정하면
# 이 값은 모두 상수이므로 앞의 합성곱에 합칠 수 있습니다. 두 층의 일을 한꺼번에 하는 합성곱 하나의 `(kernel, bias)`를 반환하세요.
# `kernel`의 모양은 (크기, 크기, 채널, 필터)이고 나머지는 모두 (필터,)입니다.


# %% tags=["exercise", "fold"]
def fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    # solution
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta
    # end solution


# %% tags=["test", "fold", "points:3"]
ones, halves = np.ones(2), np.full(2, 0.5)
answer = fold(np.ones((1, 1, 1, 2)), ones, np.array([1.0, 2.0]), ones, halves, np.full(2, 0.25), epsilon=0.0)
expect.close(
    answer,
    (np.array([[[[2.0, 4.0]]]]), np.array([2.0, 3.0])),
    en="the bias passes through the normalization as well",
    ko="편향도 정규화를 거칩니다",
)
# hidden
draw = np.random.default_rng(7)
kernel, values = draw.normal(size=(3, 3, 4, 5)), draw.uniform(0.5, 2, size=(5, 5))
scale = values[1] / np.sqrt(values[4] + 1e-3)
expect.close(
    fold(kernel, *values),
    (kernel * scale, (values[0] - values[3]) * scale + values[2]),
    en="3x3 kernel, five filters, the default epsilon",
    ko="3x3 커널, 필터 5개, epsilon 기본값",
)
# end hidden

# %% [markdown] lang="en"
# ## 3. Find the preprocessing bug (3 points)
#
# Our network takes 28×28 pixels from 0 (paper) to 255 (ink): scaling is inside it. Somebody fed it the photo of a digit, **dark ink
# on white paper**, with `cv2.dnn.blobFromImage(photo, 1 / 255, (28, 28))`, and it recognised nothing: two things are wrong.
# Write `blob(photo)`: uint8 (height, width) → float32 (1, 1, 28, 28). A photo is larger than 28 pixels: shrink it with `cv2.INTER_AREA`.

# %% [markdown] lang="ko"
# ## 3. 전처리 오류 찾기 (3점)
#
# 우리 신경망은 0(종이)부터 255(잉크)까지인 28×28 화소를 받으며, 크기 조정은 신경망 안에 있습니다. 누군가 **흰 종이에 검은 잉크**로 쓴
# 숫자 사진을 `cv2.dnn.blobFromImage(photo, 1 / 255, (28, 28))`로 넣었더니 아무것도 인식하지 못했습니다. 잘못은 두 가지입니다.
# `blob(photo)`를 작성하세요. uint8 (높이, 너비) → float32 (1, 1, 28, 28). 사진은 28화소보다 크므로 `cv2.INTER_AREA`로 줄이세요.


# %% tags=["exercise", "blob"]
def blob(photo):
    # solution
    small = cv2.resize(photo, (28, 28), interpolation=cv2.INTER_AREA)
    return cv2.dnn.blobFromImage(255 - small)
    # end solution


# %% tags=["test", "blob", "points:3"]
photo = np.full((56, 56), 255, np.uint8)
photo[20:40, 26:30] = 0  # a one
answer = blob(photo)
expect.shape(
    answer, (1, 1, 28, 28), en="batch, channel, height, width", ko="배치, 채널, 높이, 너비 순서입니다"
)
expect.close(answer[0, 0, 15, 14], 255, en="ink is 255 for the network", ko="신경망에서 잉크는 255입니다")
expect.close(answer[0, 0, 0, 0], 0, en="paper is 0 for the network", ko="신경망에서 종이는 0입니다")
# hidden
digit = digits.x_test[3, :, :, 0]
paper = np.kron(255 - digit, np.ones((3, 3), np.uint8))
expect.close(
    blob(paper)[0, 0], digit, en="a digit three times as large", ko="세 배로 키운 숫자", tolerance=0.01
)
wide = np.hstack([paper, paper])
shrunk = cv2.resize(255.0 - wide, (28, 28), interpolation=cv2.INTER_AREA)
expect.true(np.abs(blob(wide)[0, 0] - shrunk).max() <= 2, en="a wide photo", ko="가로로 긴 사진을 확인하세요")
# end hidden

# %% [markdown] lang="en"
# ## 4. Flatten, in the other order (3 points)
#
# Keras flattens (height, width, channels); a framework with channels first flattens (channels, height, width). A dense layer
# after `Flatten` learned its rows in Keras' order. Return the kernel whose rows are in the other order, so that both give the same
# answer. `kernel` has the shape (height * width * channels, units).

# %% [markdown] lang="ko"
# ## 4. 순서가 다른 Flatten (3점)
#
# Keras는 (높이, 너비, 채널) 순서로 펼치고, 채널이 앞에 오는 프레임워크는 (채널, 높이, 너비) 순서로 펼칩니다. `Flatten` 뒤의
# 완전연결층은 Keras의 순서로 행을 학습했습니다. 두 쪽이 같은 답을 내도록 행을 다른 순서로 바꾼 커널을 반환하세요.
# `kernel`의 모양은 (높이 * 너비 * 채널, 유닛)입니다.


# %% tags=["exercise", "channels_first"]
def channels_first(kernel, height, width, channels):
    # solution
    rows = kernel.reshape(height, width, channels, -1)
    return rows.transpose(2, 0, 1, 3).reshape(kernel.shape)
    # end solution


# %% tags=["test", "channels_first", "points:3"]
rows = np.arange(4.0)[:, np.newaxis]  # one pixel high, two wide, two channels
expect.equal(
    channels_first(rows, 1, 2, 2)[:, 0],
    [0, 2, 1, 3],
    en="first all pixels of channel 0, then those of channel 1",
    ko="먼저 채널 0의 모든 화소, 다음에 채널 1의 화소가 옵니다",
)
# hidden
draw = np.random.default_rng(11)
picture, kernel = draw.normal(size=(3, 4, 5)), draw.normal(size=(60, 7))
answer = channels_first(kernel, 3, 4, 5)
expect.close(picture.transpose(2, 0, 1).ravel() @ answer, picture.ravel() @ kernel, en="3x4x5", ko="3x4x5")
# end hidden

# %% [markdown] lang="en"
# ## 5. Do two runtimes agree? (3 points)
#
# Return the largest absolute difference between `answer` and `reference`, divided by the spread (maximum − minimum) of
# `reference`. An answer that holds a `nan` agrees with nothing: return `np.inf` for it.

# %% [markdown] lang="ko"
# ## 5. 두 런타임의 답이 같은가요? (3점)
#
# `answer`와 `reference`의 차이의 절댓값 중 가장 큰 것을 `reference`의 폭(최댓값 − 최솟값)으로 나누어 반환하세요.
# `nan`이 들어 있는 답은 무엇과도 같지 않으니 `np.inf`를 반환하세요.


# %% tags=["exercise", "difference"]
def difference(reference, answer):
    # solution
    if np.isnan(answer).any():
        return np.inf
    return np.abs(answer - reference).max() / (reference.max() - reference.min())
    # end solution


# %% tags=["test", "difference", "points:3"]
reference = np.array([[0.0, 0.25, 0.5]])
hint = {"en": "divide by the spread of the reference", "ko": "기준 답의 폭으로 나누세요"}
expect.close(difference(reference, reference - [[0.0, 0.0, 0.1]]), 0.2, **hint)
expect.equal(difference(reference, np.array([[0.0, np.nan, 0.5]])), np.inf, en="nan", ko="nan이 있을 때")
# hidden
draw = np.random.default_rng(13)
reference, answer = draw.normal(size=(4, 10)), draw.normal(size=(4, 10))
expect.close(difference(reference, answer), np.abs(reference - answer).max() / np.ptp(reference), **hint)
expect.equal(
    difference(reference, np.where(answer > 1, np.nan, answer)), np.inf, en="nan", ko="nan이 있을 때"
)
# end hidden

# %% [markdown] lang="en"
# ## 6. Hand in a network that works everywhere (6 points)
#
# Train a network on `digits.x_train` (or anywhere else, for as long as you like) and save it with `labs.export` into the folder
# `digits` beside this notebook. **Hand in the folder together with the notebook**: the folder is graded, not this cell. It
# has to give the same answers in every runtime, and to be right for 85 % of pictures that you have not seen.

# %% [markdown] lang="ko"
# ## 6. 어디서나 돌아가는 신경망 제출하기 (6점)
#
# `digits.x_train`으로(또는 다른 곳에서 원하는 만큼) 신경망을 학습한 다음 `labs.export`로 이 노트북 옆의 `digits` 폴더에 저장하세요.
# **폴더를 노트북과 함께 제출하세요.** 이 셀이 아니라 폴더를 채점합니다. 모든 런타임에서 같은 답을 내야 하고,
# 여러분이 보지 못한 영상의 85 %를 맞혀야 합니다.

# %% tags=["exercise", "artefact"]
# solution
keras.utils.set_random_seed(5)
network = [keras.Input((28, 28, 1), name="input"), layers.Rescaling(1 / 255), layers.AveragePooling2D(2)]
network += [layers.Conv2D(16, 3, strides=2, activation="relu"), layers.Flatten()]
model = keras.Sequential([*network, layers.Dense(10, activation="softmax", name="output")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
model.fit(digits.x_train, digits.y_train, 64, 4, verbose=0)
labs.export(model, "digits", labels=digits.labels, x=digits.x_test)
# end solution

# %% tags=["test", "artefact", "points:6"]
artefact.examine("digits", digits.x_test[:100], digits.y_test[:100], at_least=0.85)
# hidden
moved = np.roll(digits.x_test[100:], 1, axis=2)  # pictures that nobody has seen: one pixel to the right
artefact.examine("digits", moved, digits.y_test[100:], at_least=0.85)
# end hidden
