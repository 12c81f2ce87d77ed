# ---
# title:
#   en: boxes, and how good they are
#   ko: 상자, 그리고 상자는 얼마나 좋은가
# minutes: 40
# ---

# %% [markdown] lang="en"
# Every question asks for a function. Write it where it says `YOUR CODE HERE`, then run the test cell below it:
# it answers at once, with your answer and the expected one. Grading uses the same questions with other numbers.
# A box is `x0, y0, x1, y1` in pixels; boxes are arrays (n, 4).

# %% [markdown] lang="ko"
# 각 문제는 함수 하나를 요구합니다. `YOUR CODE HERE`라고 적힌 곳에 작성한 다음 바로 아래의 시험 셀을 실행하세요.
# 여러분의 답과 기댓값을 나란히 바로 보여 줍니다. 채점할 때는 같은 문제를 다른 수로 시험합니다.
# 상자는 화소 단위의 `x0, y0, x1, y1`이고, 여러 상자는 (n, 4) 배열입니다.

# %%
import numpy as np

from labs.classroom import expect

# %% [markdown] lang="en"
# ## 1. IoU of all pairs (4 points)
#
# Return the intersection over union of every box of `first` (n, 4) with every box of `second` (m, 4): an array (n, m), without a loop.
# Boxes that do not touch have 0.

# %% [markdown] lang="ko"
# ## 1. 모든 쌍의 IoU (4점)
#
# `first`(n, 4)의 상자와 `second`(m, 4)의 상자 모든 쌍의 IoU를 (n, m) 배열로 반환하세요. 반복문은 쓰지 않습니다.
# 닿지 않는 상자는 0입니다.


# %% tags=["exercise", "iou"]
def iou(first, second):
    # solution
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=-1)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=-1) for boxes in (first, second)]
    return common / (areas[0][:, None] + areas[1][None] - common)
    # end solution


# %% tags=["test", "iou", "points:4"]
first, second = (
    np.array([[0.0, 0, 2, 2], [5, 5, 6, 7]]),
    np.array([[1.0, 0, 3, 2], [0, 0, 2, 2], [8, 8, 9, 9]]),
)
expect.close(
    iou(first, second),
    [[1 / 3, 1, 0], [0, 0, 0]],
    en="what is shared, divided by what both cover",
    ko="겹친 넓이를 둘이 덮은 넓이로 나누세요",
)
# hidden
draw = np.random.default_rng(12)
corner = draw.uniform(0, 50, (2, 6, 2))
first, second = np.concatenate([corner, corner + draw.uniform(5, 40, (2, 6, 2))], axis=-1)
answer = iou(first, second[:4])
expect.shape(answer, (6, 4), en="a row a box of the first", ko="첫째 배열의 상자마다 한 행")
inside = np.array([[0.0, 0, 10, 10]]), np.array([[2.0, 2, 4, 7], [-5, -5, 15, 15]])
expect.close(
    iou(*inside), [[0.1, 0.25]], en="one box inside the other", ko="한 상자가 다른 상자 안에 있을 때"
)
expect.close(iou(first, second), iou(second, first).T, en="the same both ways", ko="순서를 바꾸어도 같습니다")
diagonal = iou(np.array([[0.0, 0, 1, 1]]), np.array([[2.0, 2, 3, 3]]))
expect.close(diagonal, [[0]], en="apart in x and in y", ko="x로도 y로도 떨어져 있을 때")
# end hidden

# %% [markdown] lang="en"
# ## 2. Non-maximum suppression by class (4 points)
#
# `rows` (n, 6) are class, score, x0, y0, x1, y1. Return the rows that stay, best first: a box is dropped when a better one **of the same class** that stays
# overlaps it by **more than** `most`.

# %% [markdown] lang="ko"
# ## 2. 부류별 비최대 억제 (4점)
#
# `rows`(n, 6)는 부류, 점수, x0, y0, x1, y1입니다. 남는 행을 점수가 높은 것부터 반환하세요. **같은 부류**에서 남은 더 좋은 상자와 `most`보다 **많이** 겹치는 상자를
# 버립니다.


# %% tags=["exercise", "suppress"]
def suppress(rows, most=0.5):
    # solution
    kept = []
    for row in rows[np.argsort(-rows[:, 1], kind="stable")]:
        low = [np.maximum(row[2:4], other[2:4]) for other in kept if other[0] == row[0]]
        high = [np.minimum(row[4:], other[4:]) for other in kept if other[0] == row[0]]
        common = [np.prod(np.maximum(b - a, 0)) for a, b in zip(low, high, strict=True)]
        others = [np.prod(other[4:] - other[2:4]) for other in kept if other[0] == row[0]]
        own = np.prod(row[4:] - row[2:4])
        if all(shared / (own + area - shared) <= most for shared, area in zip(common, others, strict=True)):
            kept.append(row)
    return np.array(kept).reshape(-1, 6)
    # end solution


# %% tags=["test", "suppress", "points:4"]
rows = np.array(
    [[0, 0.6, 0, 0, 10, 10], [0, 0.9, 1, 0, 11, 10], [1, 0.8, 0, 0, 10, 10], [0, 0.3, 40, 40, 50, 50]]
)
expect.close(
    suppress(rows)[:, 1],
    [0.9, 0.8, 0.3],
    en="the best first; another class may share the place",
    ko="점수순으로, 다른 부류는 같은 자리에 있어도 됩니다",
)
# hidden
chain = np.array([[0, 0.9, 0, 0, 10, 10], [0, 0.8, 4, 0, 14, 10], [0, 0.7, 8, 0, 18, 10]])
expect.close(
    suppress(chain, 0.3)[:, 1],
    [0.9, 0.7],
    en="a box that was dropped drops nobody",
    ko="버려진 상자는 아무도 버리지 못합니다",
)
edge = np.array([[0, 0.9, 0, 0, 2, 1], [0, 0.8, 0, 0, 1, 1]])
expect.close(
    suppress(edge, 0.5)[:, 1], [0.9, 0.8], en="exactly `most` stays", ko="정확히 `most`이면 남습니다"
)
expect.shape(suppress(np.zeros((0, 6))), (0, 6), en="nothing in, nothing out", ko="아무것도 없으면 빈 배열")
# end hidden

# %% [markdown] lang="en"
# ## 3. Average precision (4 points)
#
# `right` says of each box of a class, **best first**, whether it was right; `count` is how many objects there are. Return the average precision as COCO computes it: at each of the 101 recalls
# 0, 0.01, ..., 1 the best precision at that recall **or a higher one** (0 where that recall is never reached), and the mean of these.

# %% [markdown] lang="ko"
# ## 3. 평균 정밀도 (4점)
#
# `right`는 한 부류의 상자를 **점수순으로** 늘어놓았을 때 각각 맞았는지이고, `count`는 물체의 수입니다. COCO 방식의 평균 정밀도를 반환하세요. 재현율 0, 0.01, ..., 1의 101곳마다 그 재현율
# **이상에서** 가장 높은 정밀도(그 재현율에 이르지 못하면 0)를 구하고 평균합니다.


# %% tags=["exercise", "average"]
def average(right, count):
    # solution
    found = np.cumsum(right)
    precision, recall = found / np.arange(1, len(right) + 1), found / count
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0)
    return best[np.searchsorted(recall, np.linspace(0, 1, 101))].mean()
    # end solution


# %% tags=["test", "average", "points:4"]
expect.close(
    average(np.array([True, False, True]), 2),
    (51 + 50 * 2 / 3) / 101,
    en="half the recalls at precision 1, the others at 2 of 3",
    ko="재현율의 절반은 정밀도 1, 나머지는 3분의 2",
)
# hidden
expect.close(
    average(np.array([True]), 4), 26 / 101, en="recall ends at a quarter", ko="재현율이 4분의 1에서 끝날 때"
)
expect.close(average(np.array([False, True]), 1), 0.5, en="the first is wrong", ko="첫 상자가 틀렸을 때")
expect.close(average(np.array([False, False]), 3), 0, en="nothing is right", ko="맞은 것이 없을 때")
expect.close(
    average(np.array([False, True, True, True]), 3),
    0.75,
    en="a later, higher precision counts",
    ko="나중의 더 높은 정밀도도 셉니다",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. A peak is an object (3 points)
#
# `heat` (height, width) is a heat map. Return the places of its peaks with a value of at least `least`, as an array (n, 2) of **row, column**, the highest first: a peak is a place whose
# value no one of its eight neighbours exceeds.

# %% [markdown] lang="ko"
# ## 4. 봉우리가 곧 물체 (3점)
#
# `heat`(높이, 너비)는 히트맵입니다. 값이 `least` 이상인 봉우리의 자리를 **행, 열**의 (n, 2) 배열로, 높은 것부터 반환하세요. 봉우리는 이웃 여덟 곳 가운데 자기보다 큰 값이 없는 자리입니다.


# %% tags=["exercise", "peaks"]
def peaks(heat, least=0.3):
    # solution
    wide = np.pad(heat, 1, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(wide, (3, 3)).max(axis=(2, 3))
    places = np.argwhere((heat == around) & (heat >= least))
    return places[np.argsort(-heat[tuple(places.T)], kind="stable")]
    # end solution


# %% tags=["test", "peaks", "points:3"]
heat = np.array([[0.1, 0.2, 0.1, 0.0], [0.2, 0.9, 0.4, 0.1], [0.1, 0.3, 0.2, 0.5], [0.0, 0.1, 0.1, 0.2]])
expect.equal(
    peaks(heat).tolist(),
    [[1, 1], [2, 3]],
    en="two places are higher than all around",
    ko="둘레보다 높은 곳은 두 곳입니다",
)
# hidden
heat = np.zeros((5, 6))
heat[0, 0], heat[4, 5], heat[2, 2], heat[2, 3] = 0.4, 0.8, 0.6, 0.5
expect.equal(
    peaks(heat).tolist(),
    [[4, 5], [2, 2], [0, 0]],
    en="corners have fewer neighbours",
    ko="구석에는 이웃이 적습니다",
)
expect.equal(peaks(heat, 0.7).tolist(), [[4, 5]], en="from `least` on", ko="`least` 이상만")
expect.equal(np.asarray(peaks(heat, 0.95)).size, 0, en="no peak", ko="봉우리가 없을 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. The focal loss (3 points)
#
# `truth` holds 1 where there is an object and 0 where there is none, `given` is the probability that the network gives to "an object". Return the sum of $-(1 - p)^{focus} \log p$, where $p$ is what
# is given to the **right** answer.

# %% [markdown] lang="ko"
# ## 5. 초점 손실 (3점)
#
# `truth`는 물체가 있으면 1, 없으면 0이고 `given`은 신경망이 "물체"에 준 확률입니다. $-(1 - p)^{focus} \log p$의 합을 반환하세요. $p$는 **정답**에 준 확률입니다.


# %% tags=["exercise", "focal"]
def focal(truth, given, focus=2.0):
    # solution
    right = np.where(truth == 1, given, 1 - given)
    return np.sum(-((1 - right) ** focus) * np.log(right))
    # end solution


# %% tags=["test", "focal", "points:3"]
truth, given = np.array([1, 0, 0]), np.array([0.5, 0.1, 0.9])
expect.close(
    focal(truth, given),
    -(0.25 * np.log(0.5) + 0.01 * np.log(0.9) + 0.81 * np.log(0.1)),
    en="an easy background hardly counts",
    ko="쉬운 배경은 거의 세지 않습니다",
)
# hidden
expect.close(
    focal(truth, given, 0),
    -np.log(0.5 * 0.9 * 0.1),
    en="focus 0 is cross-entropy",
    ko="focus 0이면 교차 엔트로피입니다",
)
expect.close(
    focal(np.array([0]), np.array([0.2]), 1), -0.2 * np.log(0.8), en="another focus", ko="다른 focus"
)
expect.close(focal(np.array([1]), np.array([0.9])), -0.01 * np.log(0.9), en="an easy object", ko="쉬운 물체")
# end hidden
