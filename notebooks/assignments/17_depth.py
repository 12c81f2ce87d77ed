# ---
# title:
#   en: depth and shape
#   ko: 깊이와 모양
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
# ## 1. Through the pinhole (3 points)
#
# `points` (n, 3) are seen from the camera: x to the right, y down, z forward. Return their pixels (n, 2) for a `focal` length in pixels and a picture of `width` x `height` whose middle is the camera's centre. A point that is not in front of the camera (z not above 0) has no pixel: its row is NaN.

# %% [markdown] lang="ko"
# ## 1. 핀홀을 지나서 (3점)
#
# `points`(n, 3)는 카메라에서 본 점입니다. x는 오른쪽, y는 아래, z는 앞입니다. 초점 거리 `focal`(화소)과 `width` x `height` 영상(그 한가운데가 카메라의 중심)에 대해 화소 위치 (n, 2)를 반환하세요. 카메라 앞에 있지 않은 점(z가 0 이하)에는 화소가 없으므로 그 행은 NaN입니다.


# %% tags=["exercise", "project"]
def project(points, focal, width, height):
    # solution
    x, y, z = np.asarray(points, float).T
    ahead = np.where(z > 0, z, np.nan)
    return np.column_stack([focal * x / ahead + width / 2, focal * y / ahead + height / 2])
    # end solution


# %% tags=["test", "project", "points:3"]
pixels = project([(0, 0, 2), (1, -0.5, 4)], 100, 640, 480)
expect.close(pixels, [(320, 240), (345, 227.5)], en="divide by the depth", ko="깊이로 나눕니다")
expect.close(
    np.isnan(project([(1, 1, -2), (1, 1, 2)], 100, 640, 480)),
    [(True, True), (False, False)],
    en="behind the camera",
    ko="카메라 뒤의 점",
)
# hidden
draw = np.random.default_rng(17)
points = draw.uniform((-2, -2, 1), (2, 2, 9), (7, 3))
true = 350 * points[:, :2] / points[:, 2:] + (200, 150)
expect.close(project(points, 350, 400, 300), true, en="any points", ko="임의의 점")
expect.close(
    np.isnan(project([(0, 0, 0)], 1, 2, 2)), [(True, True)], en="in the camera itself", ko="카메라 위치의 점"
)
# end hidden

# %% [markdown] lang="en"
# ## 2. Where two rays meet (4 points)
#
# `first` and `second` (3, 4) are the matrices of two cameras, `a` and `b` the pixels (x, y) of one point in them. Return the point (3,). Each pixel gives two equations, $x \cdot P_3 X = P_1 X$ and $y \cdot P_3 X = P_2 X$ (with the rows $P_1, P_2, P_3$); the point $X$ (4 numbers) is the last row of `np.linalg.svd(equations)[2]`, divided by its fourth number.

# %% [markdown] lang="ko"
# ## 2. 두 광선이 만나는 곳 (4점)
#
# `first`와 `second`(3, 4)는 두 카메라의 행렬이고, `a`와 `b`는 같은 점이 두 영상에 맺힌 화소 (x, y)입니다. 점 (3,)을 반환하세요. 화소마다 방정식이 두 개, $x \cdot P_3 X = P_1 X$와 $y \cdot P_3 X = P_2 X$입니다($P_1, P_2, P_3$은 행렬의 행). 점 $X$(수 네 개)는 `np.linalg.svd(equations)[2]`의 마지막 행을 넷째 수로 나눈 것입니다.


# %% tags=["exercise", "triangulate"]
def triangulate(first, second, a, b):
    # solution
    equations = []
    for matrix, (x, y) in ((np.asarray(first), a), (np.asarray(second), b)):
        equations += [x * matrix[2] - matrix[0], y * matrix[2] - matrix[1]]
    point = np.linalg.svd(np.array(equations))[2][-1]
    return point[:3] / point[3]
    # end solution


# %% tags=["test", "triangulate", "points:4"]
first = np.array([[100, 0, 50, 0], [0, 100, 40, 0], [0, 0, 1, 0.0]])
second = first @ np.array([[1, 0, 0, -0.5], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
expect.close(
    triangulate(first, second, (50, 40), (25, 40)),
    (0, 0, 2),
    en="straight ahead, half a metre between the cameras: 100 x 0.5 / 25 = 2",
    ko="똑바로 앞, 카메라 사이 0.5미터: 100 x 0.5 / 25 = 2",
)
# hidden
draw = np.random.default_rng(18)
for _ in range(4):
    point, cameras = draw.uniform((-1, -1, 3), (1, 1, 8)), []
    for _ in range(2):
        turn = np.linalg.qr(np.eye(3) + 0.1 * draw.normal(size=(3, 3)))
        rotation = turn[0] * np.sign(np.diag(turn[1]))
        cameras.append(first[:, :3] @ np.column_stack([rotation, draw.normal(0, 0.3, 3)]))
    seen = [matrix @ [*point, 1] for matrix in cameras]
    expect.close(
        triangulate(*cameras, *(s[:2] / s[2] for s in seen)),
        point,
        en="any two cameras",
        ko="임의의 두 카메라",
    )
# end hidden

# %% [markdown] lang="en"
# ## 3. Match one row (4 points)
#
# `left` and `right` (width,) are one row of two rectified grey pictures. For each pixel x of the left one return the shift d in 0..`largest` - 1 with the smallest sum of $|left[x+i] - right[x+i-d]|$ over i = -`reach`..`reach`. A place outside its row counts as the row's nearest pixel. Of equal sums the smallest shift wins. An integer array (width,).

# %% [markdown] lang="ko"
# ## 3. 한 행 정합하기 (4점)
#
# `left`와 `right`(width,)는 정렬된 두 흑백 영상의 같은 행입니다. 왼쪽 영상의 화소 x마다 i = -`reach`..`reach`에 대한 $|left[x+i] - right[x+i-d]|$의 합이 가장 작은 어긋남 d(0..`largest` - 1)를 반환하세요. 행 밖의 자리는 행의 가장 가까운 화소로 셉니다. 합이 같으면 작은 어긋남이 이깁니다. 정수 배열 (width,)입니다.


# %% tags=["exercise", "match_row"]
def match_row(left, right, largest, reach):
    # solution
    left, right = np.asarray(left, float), np.asarray(right, float)
    last = len(left) - 1
    places = np.arange(len(left))[:, None] + np.arange(-reach, reach + 1)
    costs = [
        np.abs(left[places.clip(0, last)] - right[(places - d).clip(0, last)]).sum(axis=1)
        for d in range(largest)
    ]
    return np.argmin(costs, axis=0)
    # end solution


# %% tags=["test", "match_row", "points:4"]
right = np.array([3, 9, 1, 7, 4, 8, 2, 6, 5, 0])
left = np.roll(right, 2)
expect.equal(
    match_row(left, right, 4, 1)[3:9].tolist(),
    [2] * 6,
    en="everything moved by two",
    ko="모두 두 칸 옮겨졌습니다",
)
expect.equal(
    match_row(np.ones(4), np.ones(4), 3, 1).tolist(),
    [0] * 4,
    en="all alike: the smallest shift",
    ko="모두 같으면 작은 어긋남",
)
# hidden
draw = np.random.default_rng(19)
for reach, largest in ((0, 3), (1, 5), (3, 8)):
    left, right = draw.integers(0, 255, (2, 24))
    true = []
    for x in range(24):
        costs = []
        for d in range(largest):
            pairs = [(min(max(x + i, 0), 23), min(max(x + i - d, 0), 23)) for i in range(-reach, reach + 1)]
            costs.append(sum(abs(int(left[p]) - int(right[q])) for p, q in pairs))
        true.append(costs.index(min(costs)))
    expect.equal(
        match_row(left, right, largest, reach).tolist(), true, en="noise, and the ends", ko="잡음과 양 끝"
    )
bytes_ = np.array([250, 3, 250, 3], np.uint8)
expect.equal(
    match_row(bytes_, bytes_, 2, 0).tolist(),
    [0] * 4,
    en="uint8 must not wrap around",
    ko="uint8이 넘치면 안 됩니다",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. How wrong is it? (3 points)
#
# `truth` (height, width) is NaN where nobody knows; `guess` is -1 where the matcher gave up. Return `(bad, mean)`: of the pixels with a known truth, the share that is more than 2 pixels off **or given up**; and the mean difference in pixels over those with a known truth that were not given up.

# %% [markdown] lang="ko"
# ## 4. 얼마나 틀렸을까? (3점)
#
# `truth`(높이, 너비)는 아무도 모르는 곳이 NaN이고, `guess`는 포기한 곳이 -1입니다. `(bad, mean)`을 반환하세요. bad는 참값을 아는 화소 가운데 2화소 넘게 틀렸거나 **포기한** 비율이고, mean은 참값을 알고 포기하지 않은 화소의 평균 차이입니다.


# %% tags=["exercise", "errors"]
def errors(truth, guess):
    # solution
    known, given = np.isfinite(truth), guess >= 0
    apart = np.abs(np.where(known, truth, 0) - guess)
    return ((apart > 2) | ~given)[known].mean(), apart[known & given].mean()
    # end solution


# %% tags=["test", "errors", "points:3"]
truth = np.array([[10, 20, np.nan, 1.0]])
guess = np.array([[11, 25, 3, -1.0]])
expect.close(
    errors(truth, guess),
    (2 / 3, 3),
    en="one wrong, one given up, one unknown",
    ko="하나는 틀림, 하나는 포기, 하나는 모름",
)
# hidden
draw = np.random.default_rng(20)
truth = draw.uniform(0, 60, (9, 11))
guess = truth + draw.normal(0, 2, truth.shape)
truth[draw.random(truth.shape) < 0.2] = np.nan
guess[draw.random(guess.shape) < 0.2] = -1
known = ~np.isnan(truth)
wrong = sum(g < 0 or abs(t - g) > 2 for t, g in zip(truth[known], guess[known], strict=True))
both = known & (guess >= 0)
expect.close(
    errors(truth, guess),
    (wrong / known.sum(), np.abs(truth - guess)[both].mean()),
    en="a larger map",
    ko="더 큰 영상",
)
# end hidden

# %% [markdown] lang="en"
# ## 5. Carve (3 points)
#
# `front` (y, z), `side` (x, z) and `top` (x, y) are boolean silhouettes of a thing seen along x, y and z, all of the same side n. Return the largest set of voxels (n, n, n), indexed [x, y, z], with silhouettes inside these three, and the number of its voxels: `(voxels, count)`.

# %% [markdown] lang="ko"
# ## 5. 깎아 내기 (3점)
#
# `front`(y, z), `side`(x, z), `top`(x, y)은 어떤 물체를 x, y, z 방향으로 본 불리언 실루엣이고 한 변은 모두 n입니다. 세 실루엣을 벗어나지 않는 가장 큰 복셀 집합 (n, n, n)(색인은 [x, y, z])과 복셀의 수를 `(voxels, count)`로 반환하세요.


# %% tags=["exercise", "carve"]
def carve(front, side, top):
    # solution
    voxels = np.asarray(front)[None] & np.asarray(side)[:, None] & np.asarray(top)[:, :, None]
    return voxels, int(voxels.sum())
    # end solution


# %% tags=["test", "carve", "points:3"]
disc = np.add.outer((np.arange(8) - 3.5) ** 2, (np.arange(8) - 3.5) ** 2) < 16
full = np.ones((8, 8), bool)
expect.equal(
    carve(full, full, disc)[1], 8 * int(disc.sum()), en="a cylinder that stands", ko="서 있는 원기둥"
)
corner = np.zeros((8, 8), bool)
corner[2, 5] = True
voxels, count = carve(full, corner, full)
expect.equal((count, bool(voxels[2, 7, 5])), (8, True), en="a bar along y", ko="y 방향 막대")
# hidden
draw = np.random.default_rng(21)
front, side, top = draw.random((3, 6, 6)) < 0.6
true = [
    (x, y, z)
    for x in range(6)
    for y in range(6)
    for z in range(6)
    if front[y, z] and side[x, z] and top[x, y]
]
voxels, count = carve(front, side, top)
expect.equal(count, len(true), en="any silhouettes", ko="임의의 실루엣")
expect.equal([tuple(map(int, v)) for v in np.argwhere(voxels)], true, en="which voxels", ko="어느 복셀인지")
# end hidden
