# ---
# title:
#   en: what an architecture costs, and how far it sees
#   ko: CNN 구조의 비용과 수용 영역
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
# ## 1. How far a place sees (3 points)
#
# `stack` lists the layers of a network from the picture on, each as `(size, stride)`, convolutions and poolings alike. Return
# `(pixels, apart)`: how many pixels a side one place of the last maps sees, and how many pixels apart the windows of two neighbouring places are.

# %% [markdown] lang="ko"
# ## 1. 한 자리가 보는 범위 (3점)
#
# `stack`은 신경망의 층을 영상 쪽부터 `(size, stride)`, 곧 크기와 보폭으로 적은 목록이며, 합성곱과 풀링을 가리지 않습니다. `(pixels, apart)`를 반환하세요.
# 앞의 수는 마지막 맵의 한 자리가 보는 한 변의 화소 수, 뒤의 수는 이웃한 두 자리의 창이 떨어진 화소 수입니다.


# %% tags=["exercise", "receptive_field"]
def receptive_field(stack):
    # solution
    pixels, apart = 1, 1
    for size, stride in reversed(stack):
        pixels, apart = (pixels - 1) * stride + size, apart * stride
    return pixels, apart
    # end solution


# %% tags=["test", "receptive_field", "points:3"]
expect.equal(
    receptive_field([(3, 1), (3, 1), (3, 1)]),
    (7, 1),
    en="three layers of 3x3 see 7x7",
    ko="3x3 세 층은 7x7을 봅니다",
)
expect.equal(
    receptive_field([(5, 1), (2, 2), (5, 1), (2, 2)]),
    (16, 4),
    en="LeNet-5: walk back from the last layer",
    ko="LeNet-5입니다. 마지막 층에서 거꾸로 걸어가세요",
)
# hidden
expect.equal(receptive_field([]), (1, 1), en="without layers a place is a pixel", ko="층이 없으면 화소 하나")
expect.equal(
    receptive_field([(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1)]),
    (163, 16),
    en="AlexNet",
    ko="AlexNet",
)
expect.equal(receptive_field([(1, 1), (1, 2), (7, 2)]), (13, 4), en="1x1 with a stride", ko="보폭이 있는 1x1")
# end hidden

# %% [markdown] lang="en"
# ## 2. The two prices of a convolution (4 points)
#
# A convolution of `size` x `size` leads from `before` to `after` channels, in `groups` groups, each of which sees only its share of the channels
# (`groups` = `before`: depthwise). It has a bias; padding is `same`, the maps are `side` x `side`, and so large is the output divided by `stride`, rounded up.
# Return `(parameters, products)`; a bias costs no product.

# %% [markdown] lang="ko"
# ## 2. 합성곱의 두 가지 비용 (4점)
#
# `size` x `size` 합성곱이 `before`채널에서 `after`채널로 가며, `groups`개의 무리로 나뉘어 무리마다 자기 몫의 채널만 봅니다
# (`groups` = `before`이면 채널별 합성곱). 편향이 있고, 패딩은 `same`, 맵은 `side` x `side`이며, 출력의 한 변은 이것을 `stride`로 나누어 올림한 값입니다.
# `(parameters, products)`, 곧 매개변수와 곱셈의 수를 반환하세요. 편향에는 곱셈이 들지 않습니다.


# %% tags=["exercise", "prices"]
def prices(size, before, after, side, stride=1, groups=1):
    # solution
    weights = size * size * (before // groups) * after
    wide = (side + stride - 1) // stride
    return weights + after, weights * wide * wide
    # end solution


# %% tags=["test", "prices", "points:4"]
expect.equal(
    prices(3, 16, 32, 8),
    (4_640, 294_912),
    en="3x3x16 weights a filter, one bias, at 64 places",
    ko="필터마다 가중치 3x3x16개와 편향 하나, 자리는 64곳",
)
expect.equal(
    prices(3, 16, 16, 8, groups=16),
    (160, 9_216),
    en="depthwise: each filter sees one channel",
    ko="채널별 합성곱: 필터마다 채널 하나만 봅니다",
)
# hidden
expect.equal(
    prices(5, 3, 6, 33, stride=2),
    (456, 130_050),
    en="33 by 2, rounded up: 17",
    ko="33을 2로 나누어 올리면 17",
)
expect.equal(prices(1, 64, 16, 10), (1_040, 102_400), en="a bottleneck", ko="병목")
expect.equal(prices(3, 32, 64, 4, 2, 4), (4_672, 18_432), en="four groups, a stride", ko="네 무리와 보폭")
# end hidden

# %% [markdown] lang="en"
# ## 3. Squeeze and excite (3 points)
#
# `maps` (height, width, channels). Squeeze: the mean of each channel. Excite: `down` (channels, few) and a ReLU, then `up` (few, channels) and a sigmoid, no biases. Return the maps,
# each channel multiplied with its weight.

# %% [markdown] lang="ko"
# ## 3. 쥐어짜고 자극하기 (3점)
#
# `maps`는 (높이, 너비, 채널)입니다. 쥐어짜기는 채널마다의 평균입니다. 자극하기는 `down`(채널, 적은 수)과 ReLU, 이어서 `up`(적은 수, 채널)과 시그모이드이며 편향은 없습니다. 채널마다 자기 가중치를 곱한
# 맵을 반환하세요.


# %% tags=["exercise", "squeeze_excite"]
def squeeze_excite(maps, down, up):
    # solution
    hidden = np.maximum(maps.mean(axis=(0, 1)) @ down, 0)
    return maps / (1 + np.exp(-(hidden @ up)))
    # end solution


# %% tags=["test", "squeeze_excite", "points:3"]
maps = np.array([[[2.0, 4.0]], [[0.0, 8.0]]])
down, up = np.array([[1.0], [1.0]]), np.array([[0.0, np.log(3) / 7]])
expect.close(
    squeeze_excite(maps, down, up),
    [[[1.0, 3.0]], [[0.0, 6.0]]],
    en="the means are 1 and 6, the weights 1/2 and 3/4",
    ko="평균은 1과 6, 가중치는 1/2과 3/4입니다",
)
# hidden
draw = np.random.default_rng(9)
maps, down, up = draw.normal(size=(4, 5, 6)), draw.normal(size=(6, 2)), draw.normal(size=(2, 6))
weight = 1 / (1 + np.exp(-(np.maximum(maps.mean((0, 1)) @ down, 0) @ up)))
expect.close(squeeze_excite(maps, down, up), maps * weight, en="other maps", ko="다른 맵")
expect.close(
    squeeze_excite(maps, -down, 0 * up), maps / 2, en="no excitement: one half", ko="자극이 없으면 절반"
)
# end hidden

# %% [markdown] lang="en"
# ## 4. Between the pixels (3 points)
#
# Return what `picture` (height, width) holds at row `y`, column `x`, both with fractions and both at least 0 and below the last row and column: the mean of the four pixels around, each weighted by how near it is (bilinear).

# %% [markdown] lang="ko"
# ## 4. 화소 사이 (3점)
#
# `picture`(높이, 너비)의 `y`행 `x`열에 있는 값을 반환하세요. 둘 다 소수일 수 있으며, 0 이상이고 마지막 행과 열보다 작습니다. 주위 네 화소를 가까운 정도로 가중하여 평균합니다(쌍선형).


# %% tags=["exercise", "between"]
def between(picture, y, x):
    # solution
    top, left = int(y), int(x)
    down, right = y - top, x - left
    upper = picture[top, left] * (1 - right) + picture[top, left + 1] * right
    lower = picture[top + 1, left] * (1 - right) + picture[top + 1, left + 1] * right
    return upper * (1 - down) + lower * down
    # end solution


# %% tags=["test", "between", "points:3"]
picture = np.array([[0.0, 10.0, 20.0], [40.0, 50.0, 80.0]])
expect.close(between(picture, 0, 1), 10.0, en="on a pixel", ko="화소 위")
expect.close(between(picture, 0.5, 0.0), 20.0, en="half way down", ko="아래로 절반")
expect.close(between(picture, 0.25, 1.5), 27.5, en="between four pixels", ko="네 화소 사이")
# hidden
draw = np.random.default_rng(10)
rows, columns = np.indices((6, 7))
plane = 3.0 * rows - 2.0 * columns + 1
for y, x in draw.uniform(0, 4.9, (5, 2)):
    expect.close(between(plane, y, x), 3 * y - 2 * x + 1, en="a plane stays a plane", ko="평면은 평면입니다")
expect.close(between(rows * columns * 1.0, 2.5, 3.5), 8.75, en="a product", ko="곱")
# end hidden

# %% [markdown] lang="en"
# ## 5. Ways through a residual network (3 points)
#
# A network has `blocks` residual blocks; a way goes through each block or around it. A gradient that goes through a block shrinks to `share` of itself, around it stays as it is. Return
# `(ways, gradient, longest)`: how many ways there are, the sum of the gradients of all ways, and what the one way through all blocks (a plain network's only one) contributes to it as a part of that sum.

# %% [markdown] lang="ko"
# ## 5. 잔차 신경망을 지나는 길 (3점)
#
# 잔차 블록이 `blocks`개 있고, 길은 블록마다 지나가거나 돌아갑니다. 그레이디언트는 블록을 지나면 `share`배로 줄고, 돌아가면 그대로입니다. `(ways, gradient, longest)`를 반환하세요. 차례로 길의 수,
# 모든 길의 그레이디언트의 합, 그리고 모든 블록을 지나는 길 하나(평범한 신경망의 유일한 길)가 그 합에서 차지하는 비율입니다.


# %% tags=["exercise", "ways"]
def ways(blocks, share):
    # solution
    gradient = (1 + share) ** blocks
    return 2**blocks, gradient, share**blocks / gradient
    # end solution


# %% tags=["test", "ways", "points:3"]
count, gradient, longest = ways(2, 0.5)
expect.equal(count, 4, en="through or around, twice", ko="지나거나 돌아가거나, 두 번")
expect.close(gradient, 2.25, en="1 + 0.5 + 0.5 + 0.25", ko="1 + 0.5 + 0.5 + 0.25")
expect.close(longest, 1 / 9, en="0.25 of 2.25", ko="2.25 가운데 0.25")
# hidden
expect.equal(ways(0, 0.3)[0], 1, en="without blocks one way", ko="블록이 없으면 길은 하나")
count, gradient, longest = ways(15, 0.1)
expect.equal(count, 32_768, en="fifteen blocks", ko="블록 열다섯 개")
expect.close(gradient, 1.1**15, en="every block doubles the ways", ko="블록마다 길이 두 배가 됩니다")
expect.close(
    longest * gradient, 0.1**15, en="the plain network's gradient", ko="평범한 신경망의 그레이디언트"
)
# end hidden
