# ---
# title:
#   en: points and heat maps
#   ko: 점과 히트맵
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
# ## 1. A Gaussian heat map (3 points)
#
# Return a heat map of `height` × `width` (rows, columns): at row $y$, column $x$ stands $\exp(-((x-x_0)^2+(y-y_0)^2) / (2\sigma^2))$, but 0 in every cell that lies outside the square of
# `size = 6 * sigma + 1` cells around the point, that is, further than $3\sigma$ from it along x or along y. `x0`, `y0` and `sigma` are whole numbers.

# %% [markdown] lang="ko"
# ## 1. 가우시안 히트맵 (3점)
#
# `height` × `width`(행, 열)의 히트맵을 반환하세요. 행 $y$, 열 $x$의 값은 $\exp(-((x-x_0)^2+(y-y_0)^2) / (2\sigma^2))$입니다. 다만 점을 둘러싼
# `size = 6 * sigma + 1`칸의 정사각형 밖, 곧 x나 y 방향으로 $3\sigma$보다 먼 칸은 0입니다. `x0`, `y0`, `sigma`는 정수입니다.


# %% tags=["exercise", "heat_map"]
def heat_map(x0, y0, height, width, sigma):
    # solution
    y, x = np.mgrid[:height, :width]
    heat = np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * sigma**2))
    return np.where((abs(x - x0) <= 3 * sigma) & (abs(y - y0) <= 3 * sigma), heat, 0)
    # end solution


# %% tags=["test", "heat_map", "points:3"]
heat = heat_map(2, 1, 3, 7, 1)
expect.shape(heat, (3, 7), en="rows first", ko="행이 먼저입니다")
expect.close(
    heat[1],
    [np.exp(-2), np.exp(-0.5), 1, np.exp(-0.5), np.exp(-2), np.exp(-4.5), 0],
    en="the row of the point; the last cell is 4 away",
    ko="점이 있는 행, 마지막 칸은 4칸 떨어져 있습니다",
)
# hidden
y, x = np.mgrid[:30, :40]
for x0, y0, sigma in ((0, 0, 2), (39, 12, 3), (-4, 31, 4)):
    true = np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * sigma**2))
    true[(abs(x - x0) > 3 * sigma) | (abs(y - y0) > 3 * sigma)] = 0
    expect.close(
        heat_map(x0, y0, 30, 40, sigma), true, en="at and beyond the edge", ko="가장자리와 그 밖의 점"
    )
# end hidden

# %% [markdown] lang="en"
# ## 2. Soft-argmax (3 points)
#
# `scores` (height, width) are what a network says before the softmax. Return `(x, y)`: the mean column and the mean row under the softmax over **all** cells. Scores may be as large as 1,000.

# %% [markdown] lang="ko"
# ## 2. soft-argmax (3점)
#
# `scores`(높이, 너비)는 신경망이 소프트맥스 전에 내놓은 값입니다. **모든** 칸에 소프트맥스를 씌웠을 때의 평균 열과 평균 행 `(x, y)`를 반환하세요. 점수는 1,000까지 커질 수 있습니다.


# %% tags=["exercise", "soft_argmax"]
def soft_argmax(scores):
    # solution
    share = np.exp(scores - scores.max())
    share = share / share.sum()
    y, x = np.mgrid[: scores.shape[0], : scores.shape[1]]
    return (share * x).sum(), (share * y).sum()
    # end solution


# %% tags=["test", "soft_argmax", "points:3"]
scores = np.zeros((3, 5))
expect.close(soft_argmax(scores), (2, 1), en="all the same: the middle", ko="모두 같으면 가운데입니다")
scores[0, 3] = 1000
expect.close(
    soft_argmax(scores),
    (3, 0),
    en="one large score: its cell, and no nan",
    ko="큰 점수 하나면 그 칸이며 nan이 아닙니다",
)
# hidden
draw = np.random.default_rng(13)
scores = draw.normal(size=(6, 9)) * 3
share = np.exp(scores) / np.exp(scores).sum()
expect.close(
    soft_argmax(scores),
    (share.sum(axis=0) @ np.arange(9), share.sum(axis=1) @ np.arange(6)),
    en="any scores",
    ko="임의의 점수",
)
expect.close(
    soft_argmax(scores - 2000), soft_argmax(scores), en="only differences count", ko="차이만 뜻이 있습니다"
)
# end hidden

# %% [markdown] lang="en"
# ## 3. Through a homography (4 points)
#
# `matrix` (3, 3) is a homography. Return where it sends `points` (n, 2), as an array (n, 2). (Without OpenCV: it is three lines.)

# %% [markdown] lang="ko"
# ## 3. 호모그래피 통과하기 (4점)
#
# `matrix`(3, 3)는 호모그래피입니다. `points`(n, 2)가 옮겨 갈 위치를 (n, 2) 배열로 반환하세요. (OpenCV 없이도 세 줄이면 됩니다.)


# %% tags=["exercise", "through"]
def through(matrix, points):
    # solution
    points = np.asarray(points, float)
    sent = np.column_stack([points, np.ones(len(points))]) @ np.asarray(matrix).T
    return sent[:, :2] / sent[:, 2:]
    # end solution


# %% tags=["test", "through", "points:4"]
move = np.array([[1.0, 0, 5], [0, 1, -2], [0, 0, 1]])
expect.close(through(move, [(0, 0), (10, 20)]), [(5, -2), (15, 18)], en="a shift", ko="평행 이동")
tilt = np.array([[1.0, 0, 0], [0, 1, 0], [0.01, 0, 1]])
expect.close(
    through(tilt, [(100, 50)]), [(50, 25)], en="divide by the third number", ko="세 번째 수로 나눕니다"
)
# hidden
draw = np.random.default_rng(14)
matrix, points = np.eye(3) + 0.1 * draw.normal(size=(3, 3)), draw.uniform(0, 2, (8, 2))
sent = np.array([matrix @ (x, y, 1) for x, y in points])
expect.close(through(matrix, points), sent[:, :2] / sent[:, 2:], en="any homography", ko="임의의 호모그래피")
expect.close(
    through(3 * matrix, points),
    through(matrix, points),
    en="its scale does not matter",
    ko="배수는 상관없습니다",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. Peaks instead of suppression (3 points)
#
# `heat` (height, width). Return `[(row, column), ...]` of all cells that are at least `least` and larger than each of their up to eight neighbours, the highest first. No two values are equal.

# %% [markdown] lang="ko"
# ## 4. 중복 제거 대신 봉우리 (3점)
#
# `heat`(높이, 너비)에서 `least` 이상이면서 최대 여덟 이웃보다 모두 큰 칸의 `[(row, column), ...]`을 높은 것부터 반환하세요. 같은 값은 없습니다.


# %% tags=["exercise", "peaks"]
def peaks(heat, least):
    # solution
    around = np.pad(heat, 1, constant_values=-np.inf)
    rows, columns = heat.shape
    shifts = [around[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    row, column = np.nonzero((heat == np.max(shifts, axis=0)) & (heat >= least))
    order = np.argsort(-heat[row, column])
    return [(int(row[i]), int(column[i])) for i in order]
    # end solution


# %% tags=["test", "peaks", "points:3"]
heat = np.array([[0.1, 0.2, 0.0, 0.5], [0.3, 0.9, 0.05, 0.4], [0.15, 0.25, 0.01, 0.02]])
expect.equal(
    peaks(heat, 0.3),
    [(1, 1), (0, 3)],
    en="two mountains, one at the edge",
    ko="산 둘, 하나는 가장자리에 있습니다",
)
expect.equal(peaks(heat, 0.6), [(1, 1)], en="the lower one is not enough", ko="낮은 산은 문턱에 못 미칩니다")
# hidden
draw = np.random.default_rng(15)
heat = draw.permutation(120).reshape(10, 12) / 120
true = []
for y in range(10):
    for x in range(12):
        if heat[y, x] == heat[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].max() and heat[y, x] >= 0.7:
            true.append((heat[y, x], (y, x)))
expect.equal(
    peaks(heat, 0.7), [place for _, place in sorted(true, reverse=True)], en="a larger map", ko="더 큰 맵"
)
expect.equal(peaks(heat, 2.0), [], en="nothing is enough", ko="아무것도 문턱을 넘지 못할 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. Marry the corners (3 points)
#
# CornerNet found upper left corners `first` and lower right corners `second`: arrays (n, 3) and (m, 3) of x, y, embedding. Return the boxes `[(x0, y0, x1, y1), ...]`: for each upper left corner, in order, the lower right one whose embedding is
# nearest among those that lie to the right **and** below, if it is nearer than `apart`; else no box.

# %% [markdown] lang="ko"
# ## 5. 모서리 짝짓기 (3점)
#
# CornerNet이 왼쪽 위 모서리 `first`와 오른쪽 아래 모서리 `second`를 찾았습니다. 각각 (n, 3), (m, 3) 배열이고 x, y, 임베딩입니다. 상자 `[(x0, y0, x1, y1), ...]`을 반환하세요. 왼쪽 위 모서리마다 순서대로,
# 그보다 오른쪽이면서 **동시에** 아래에 있는 것 가운데 임베딩이 가장 가까운 모서리를 고르되 차이가 `apart`보다 작아야 합니다. 없으면 상자를 만들지 않습니다.


# %% tags=["exercise", "marry"]
def marry(first, second, apart):
    # solution
    boxes = []
    for x0, y0, one in first:
        able = [(abs(one - other), x1, y1) for x1, y1, other in second if x1 > x0 and y1 > y0]
        if able and min(able)[0] < apart:
            boxes.append((x0, y0, *min(able)[1:]))
    return boxes
    # end solution


# %% tags=["test", "marry", "points:3"]
first = np.array([[0, 0, 1.0], [20, 0, 3.0]])
second = np.array([[35, 12, 3.1], [10, 10, 1.2]])
expect.close(
    marry(first, second, 0.5),
    [(0, 0, 10, 10), (20, 0, 35, 12)],
    en="by the embeddings",
    ko="임베딩으로 짝짓습니다",
)
expect.close(marry(first, second, 0.15), [(20, 0, 35, 12)], en="0.2 is too far apart", ko="0.2는 너무 멉니다")
# hidden
first = np.array([[10, 10, 0.0], [50, 50, 0.0]])
second = np.array([[5, 30, 0.0], [30, 5, 0.0], [30, 30, 0.3]])
expect.close(
    marry(first, second, 0.5),
    [(10, 10, 30, 30)],
    en="only to the right and below",
    ko="오른쪽 아래에 있는 것만",
)
expect.equal(marry(first, second[:2], 0.5), [], en="nobody left", ko="짝이 없을 때")
expect.equal(marry(np.zeros((0, 3)), second, 0.5), [], en="no corner", ko="모서리가 없을 때")
# end hidden
