# ---
# title:
#   en: where a network looks, and whether that is true
#   ko: 신경망은 어디를 보는가, 그것은 참인가
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
# ## 1. A class activation map (3 points)
#
# A network ends in global average pooling and one dense layer. `features` (height, width, channels) are its last feature maps,
# `weights` (channels, labels) the dense layer's. Return the class activation map of `label`: (height, width), what each place adds to the
# score **before** averaging, negative values included.

# %% [markdown] lang="ko"
# ## 1. 클래스 활성화 맵 (3점)
#
# 신경망이 전역 평균 풀링과 완전연결층 하나로 끝납니다. `features`(높이, 너비, 채널)는 마지막 특징 맵이고 `weights`(채널, 레이블)는
# 완전연결층의 가중치입니다. `label`의 클래스 활성화 맵(높이, 너비)을 반환하세요. 평균하기 **전에** 자리마다 점수에 보태는 값이며, 음수도 그대로 둡니다.


# %% tags=["exercise", "activation_map"]
def activation_map(features, weights, label):
    # solution
    return features @ weights[:, label]
    # end solution


# %% tags=["test", "activation_map", "points:3"]
features = np.array([[[1.0, 0.0], [2.0, 1.0]], [[0.0, 3.0], [1.0, 1.0]]])
weights = np.array([[1.0, 0.5], [-1.0, 2.0]])
expect.close(
    activation_map(features, weights, 0),
    [[1, 1], [-3, 0]],
    en="weigh the channels with the label's column",
    ko="레이블의 열로 채널에 가중치를 주세요",
)
# hidden
draw = np.random.default_rng(8)
features, weights = draw.normal(size=(5, 7, 6)), draw.normal(size=(6, 3))
heat = activation_map(features, weights, 2)
expect.shape(heat, (5, 7), en="a value a place", ko="자리마다 값 하나")
expect.close(
    np.mean(heat),
    features.mean(axis=(0, 1)) @ weights[:, 2],
    en="its mean is the score without the bias",
    ko="평균은 편향을 뺀 점수와 같습니다",
)
# end hidden

# %% [markdown] lang="en"
# ## 2. Grad-CAM (3 points)
#
# `features` (height, width, channels) are a layer's feature maps, `gradient` (the same shape) is the gradient of the score to them.
# Each channel's weight is the mean of its gradient over the places; the map is the positive part of the weighed sum. Return it, scaled so
# that its largest value is 1 (all zeros when nothing is positive).

# %% [markdown] lang="ko"
# ## 2. Grad-CAM (3점)
#
# `features`(높이, 너비, 채널)는 어떤 층의 특징 맵이고, 모양이 같은 `gradient`는 그에 대한 점수의 그레이디언트입니다.
# 채널의 가중치는 그레이디언트를 자리에 대해 평균한 값이고, 맵은 가중합의 양수 부분입니다. 가장 큰 값이 1이 되도록 맞추어 반환하세요
# (양수가 없으면 모두 0).


# %% tags=["exercise", "grad_cam"]
def grad_cam(features, gradient):
    # solution
    heat = np.maximum((features * gradient.mean(axis=(0, 1))).sum(axis=-1), 0)
    return heat / heat.max() if heat.max() > 0 else heat
    # end solution


# %% tags=["test", "grad_cam", "points:3"]
features = np.array([[[1.0, 0.0], [2.0, 1.0]], [[0.0, 3.0], [1.0, 1.0]]])
gradient = np.array([[[4.0, 0.0], [0.0, -2.0]], [[0.0, 0.0], [0.0, -2.0]]])
expect.close(
    grad_cam(features, gradient),
    [[1, 1], [0, 0]],
    en="the weights are the means 1 and -1; what is negative becomes 0",
    ko="가중치는 평균인 1과 -1이고, 음수는 0이 됩니다",
)
# hidden
draw = np.random.default_rng(9)
features, gradient = draw.random((6, 4, 5)), draw.normal(size=(6, 4, 5))
heat = np.maximum((features * gradient.mean(axis=(0, 1))).sum(axis=-1), 0)
expect.close(grad_cam(features, gradient), heat / heat.max(), en="other features", ko="다른 특징 맵")
expect.close(
    grad_cam(features, -np.abs(gradient)),
    np.zeros((6, 4)),
    en="nothing speaks for the label",
    ko="레이블을 편드는 것이 없을 때",
)
# end hidden

# %% [markdown] lang="en"
# ## 3. Three ways back through a ReLU (4 points)
#
# In front of a ReLU stood `x`, and the gradient `above` comes from above. Return what goes on down: by `"backprop"` the true gradient, by
# `"deconvnet"` what is positive above, by `"guided"` what passes both. A place with `x` = 0 lets nothing through in backpropagation.

# %% [markdown] lang="ko"
# ## 3. ReLU를 거슬러 가는 세 가지 길 (4점)
#
# ReLU 앞의 값이 `x`이고, 위에서 그레이디언트 `above`가 내려옵니다. 아래로 내려보낼 값을 반환하세요. `"backprop"`은 진짜 그레이디언트,
# `"deconvnet"`은 위에서 온 값 가운데 양수만, `"guided"`는 두 조건을 모두 지나는 값입니다. 역전파에서 `x`가 0인 곳은 아무것도 통과시키지 않습니다.


# %% tags=["exercise", "back"]
def back(x, above, rule):
    # solution
    passed = above * (x > 0) if rule in ("backprop", "guided") else above
    return np.maximum(passed, 0) if rule in ("deconvnet", "guided") else passed
    # end solution


# %% tags=["test", "back", "points:4"]
x, above = np.array([2.0, -1.0, 3.0, -4.0]), np.array([1.0, 5.0, -2.0, -3.0])
expect.close(
    back(x, above, "backprop"), [1, 0, -2, 0], en="where x was positive", ko="x가 양수였던 곳만 통과합니다"
)
expect.close(
    back(x, above, "deconvnet"),
    [1, 5, 0, 0],
    en="where the gradient is positive",
    ko="그레이디언트가 양수인 곳만 통과합니다",
)
expect.close(back(x, above, "guided"), [1, 0, 0, 0], en="where both are", ko="둘 다 양수인 곳만 통과합니다")
# hidden
draw = np.random.default_rng(10)
x, above = draw.integers(-2, 3, (4, 5)).astype(float), draw.normal(size=(4, 5))
expect.close(back(x, above, "backprop"), np.where(x > 0, above, 0), en="zeros among x", ko="x에 0이 있을 때")
expect.close(back(x, above, "deconvnet"), np.maximum(above, 0), en="x does not matter", ko="x와 상관없습니다")
expect.close(back(x, above, "guided"), np.where((x > 0) & (above > 0), above, 0), en="both", ko="둘 다")
# end hidden

# %% [markdown] lang="en"
# ## 4. A box from a map, and how good it is (3 points)
#
# Return `(box, overlap)`: the smallest box `(x0, y0, x1, y1)` around **all** places of `heat` (height, width) of at least half its maximum
# (x1, y1: first place outside), and `overlap`, the intersection over union of `box` and the box `truth`.

# %% [markdown] lang="ko"
# ## 4. 맵에서 얻은 상자는 얼마나 좋은가 (3점)
#
# `(box, overlap)`을 반환하세요. `box`는 `heat`(높이, 너비)에서 최댓값의 절반 이상인 자리를 **모두** 담는 가장 작은 상자
# `(x0, y0, x1, y1)`이고(x1, y1은 상자 바로 바깥), `overlap`은 이 상자와 정답 상자 `truth`의 교집합 나누기 합집합(IoU)입니다.


# %% tags=["exercise", "box_and_overlap"]
def box_and_overlap(heat, truth):
    # solution
    rows, columns = np.nonzero(heat >= heat.max() / 2)
    box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    width = max(0, min(box[2], truth[2]) - max(box[0], truth[0]))
    height = max(0, min(box[3], truth[3]) - max(box[1], truth[1]))
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (box, truth)]
    return box, width * height / (sum(areas) - width * height)
    # end solution


# %% tags=["test", "box_and_overlap", "points:3"]
heat = np.zeros((6, 8))
heat[1:3, 2:6], heat[4, 7] = 4, 1
box, overlap = box_and_overlap(heat, (2, 1, 6, 5))
expect.equal(box, (2, 1, 6, 3), en="x from the columns, y from the rows", ko="x는 열, y는 행에서 나옵니다")
expect.close(overlap, 0.5, en="8 common places of 16", ko="공통된 자리는 16곳 가운데 8곳입니다")
# hidden
heat = np.zeros((9, 9))
heat[0, 0], heat[7, 3] = 5, 3
box, overlap = box_and_overlap(heat, (2, 2, 4, 10))
expect.equal(box, (0, 0, 4, 8), en="both places count", ko="두 자리 모두 셉니다")
expect.close(overlap, 12 / 36, en="another truth", ko="다른 정답")
expect.close(box_and_overlap(heat, (5, 0, 8, 3))[1], 0.0, en="beside each other", ko="겹치지 않을 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. The deletion test (3 points)
#
# If a map is true, taking its brightest pixels away hurts. Return `picture` (height, width), a copy of it in which the `share` of the pixels that are brightest in
# `heat` are `fill`: `round(share * heat.size)` of them. No two values of `heat` are equal.

# %% [markdown] lang="ko"
# ## 5. 삭제 시험 (3점)
#
# 맵이 참이라면 가장 밝은 화소를 없앨 때 타격이 큽니다. `picture`(높이, 너비)의 사본에서, `heat`가 가장 밝은 화소부터 `share`만큼의 비율을
# `fill`로 바꾸어 반환하세요. 개수는 `round(share * heat.size)`입니다. `heat`의 값은 모두 다릅니다.


# %% tags=["exercise", "delete"]
def delete(picture, heat, share, fill):
    # solution
    left = np.array(picture)
    brightest = np.argsort(-heat, axis=None)[: round(share * heat.size)]
    left.flat[brightest] = fill
    return left
    # end solution


# %% tags=["test", "delete", "points:3"]
picture = np.array([[10, 20], [30, 40]])
heat = np.array([[0.1, 0.9], [0.5, 0.2]])
expect.equal(
    delete(picture, heat, 0.5, 0),
    [[10, 0], [0, 40]],
    en="the two brightest go",
    ko="가장 밝은 두 화소가 사라집니다",
)
expect.equal(
    picture, [[10, 20], [30, 40]], en="the picture itself stays as it is", ko="원본은 그대로 두어야 합니다"
)
# hidden
draw = np.random.default_rng(11)
picture, heat = draw.integers(1, 256, (6, 7)), draw.permutation(42).reshape(6, 7) - 20.0
for share in (0, 0.25, 1):
    kept = np.where(heat >= 22 - round(share * 42), 128, picture)
    expect.equal(delete(picture, heat, share, 128), kept, en=f"a share of {share}", ko=f"비율 {share}")
# end hidden
