# ---
# title:
#   en: colours, distances, rankings
#   ko: 색, 거리, 순위
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
# ## 1. A mask around the circle (4 points)
#
# `hsv` is uint8 (height, width, 3) as OpenCV makes it: the hue goes from 0 to 179 and **then begins again**, so that 178 and 2 are only 4 apart.
# Return a uint8 mask: 255 where the hue is at most `width` away from `centre` and the saturation is at least `pure`, 0 elsewhere.

# %% [markdown] lang="ko"
# ## 1. 원을 도는 마스크 (4점)
#
# `hsv`는 OpenCV가 만드는 uint8 (높이, 너비, 3) 배열입니다. 색상은 0부터 179까지 간 다음 **처음으로 돌아가므로** 178과 2는 4밖에 떨어져 있지 않습니다.
# 색상이 `centre`에서 `width` 이하로 떨어져 있고 채도가 `pure` 이상인 곳은 255, 나머지는 0인 uint8 마스크를 반환하세요.


# %% tags=["exercise", "hue_mask"]
def hue_mask(hsv, centre, width, pure=100):
    # solution
    apart = np.abs(hsv[..., 0].astype(int) - centre)
    near = np.minimum(apart, 180 - apart) <= width
    return np.uint8(255) * (near & (hsv[..., 1] >= pure))
    # end solution


# %% tags=["test", "hue_mask", "points:4"]
row = np.array([[[178, 200, 200], [2, 200, 200], [60, 200, 200], [0, 50, 200]]], np.uint8)
expect.equal(
    hue_mask(row, 0, 10),
    [[255, 255, 0, 0]],
    en="178 is 2 away from 0; the last one is too pale",
    ko="178은 0에서 2만큼 떨어져 있고, 마지막 화소는 채도가 낮습니다",
)
expect.equal(hue_mask(row, 60, 0), [[0, 0, 255, 0]], en="exactly 60", ko="정확히 60")
# hidden
expect.equal(hue_mask(row, 175, 7), [[255, 255, 0, 0]], en="around 175", ko="175 둘레")
draw = np.random.default_rng(7)
hsv = np.stack([draw.integers(0, 180, (20, 30)), *draw.integers(0, 256, (2, 20, 30))], axis=-1).astype(
    np.uint8
)
apart = (hsv[..., 0].astype(int) - 5) % 180
wanted = ((apart <= 9) | (apart >= 171)) & (hsv[..., 1] >= 80)
expect.equal(hue_mask(hsv, 5, 9, 80), np.where(wanted, 255, 0), en="a whole picture", ko="영상 전체")
expect.true(hue_mask(hsv, 5, 9).dtype == np.uint8, en="a mask is uint8", ko="마스크는 uint8입니다")
# end hidden

# %% [markdown] lang="en"
# ## 2. Twelve numbers (3 points)
#
# Without OpenCV: count for each channel how many pixels lie in 0..63, 64..127, 128..191 and 192..255, put the three lists one after the other (channel by channel),
# and divide by the length (the root of the sum of squares). `picture` is uint8 (height, width, 3); return 12 numbers.

# %% [markdown] lang="ko"
# ## 2. 열두 개의 수 (3점)
#
# OpenCV 없이, 채널마다 0..63, 64..127, 128..191, 192..255에 든 화소를 세고, 세 목록을 채널 순서대로 이어 붙인 다음
# 길이(제곱합의 제곱근)로 나누세요. `picture`는 uint8 (높이, 너비, 3)이고 수 12개를 반환합니다.


# %% tags=["exercise", "twelve"]
def twelve(picture):
    # solution
    bins = picture.reshape(-1, 3) // 64
    counts = np.concatenate([np.bincount(bins[:, channel], minlength=4) for channel in range(3)])
    return counts / np.sqrt((counts**2).sum())
    # end solution


# %% tags=["test", "twelve", "points:3"]
picture = np.array([[[0, 64, 255], [10, 63, 200]]], np.uint8)
expect.close(
    twelve(picture),
    np.array([2, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 2]) / np.sqrt(10),
    en="two pixels: the first channel has both in the first bin, the last both in the last",
    ko="화소 두 개: 첫 채널은 둘 다 첫 구간에, 마지막 채널은 둘 다 마지막 구간에 있습니다",
)
# hidden
picture = np.random.default_rng(8).integers(0, 256, (9, 11, 3)).astype(np.uint8)
counts = [np.histogram(picture[..., c], bins=[0, 64, 128, 192, 256])[0] for c in range(3)]
counts = np.ravel(counts)
expect.close(twelve(picture), counts / np.linalg.norm(counts), en="noise", ko="잡음")
expect.close(np.sum(np.square(twelve(picture))), 1, en="the length is 1", ko="길이는 1입니다")
# end hidden

# %% [markdown] lang="en"
# ## 3. Chi-square, one way (3 points)
#
# $\sum (q - h)^2 / q$ over the bins where $q$ is **not zero**; the others are left out. Return the distance from the query `q` to *every* row of `rows`
# (shape (n, bins)) as an array of n numbers, without a loop over the rows.

# %% [markdown] lang="ko"
# ## 3. 한쪽 방향의 카이제곱 (3점)
#
# $q$가 **0이 아닌** 구간에 대해서만 $\sum (q - h)^2 / q$를 구하고 나머지 구간은 뺍니다. 질의 `q`에서 `rows`(모양 (n, 구간))의 *모든* 행까지의
# 거리를 수 n개의 배열로 반환하세요. 행에 대한 반복문은 쓰지 마세요.


# %% tags=["exercise", "chi_square"]
def chi_square(q, rows):
    # solution
    counts = q > 0
    return ((q[counts] - rows[:, counts]) ** 2 / q[counts]).sum(axis=1)
    # end solution


# %% tags=["test", "chi_square", "points:3"]
q, rows = np.array([1.0, 2.0, 0.0]), np.array([[1.0, 2.0, 0.0], [2.0, 0.0, 9.0]])
expect.close(
    chi_square(q, rows), [0, 3], en="1/1 + 4/2, and the 9 is left out", ko="1/1 + 4/2이고 9는 뺍니다"
)
# hidden
draw = np.random.default_rng(9)
q, rows = draw.random(12) * (draw.random(12) < 0.6), draw.random((50, 12))
expect.close(
    chi_square(q, rows),
    [sum((a - b) ** 2 / a for a, b in zip(q, row, strict=True) if a) for row in rows],
    en="fifty rows",
    ko="행 50개",
)
expect.close(chi_square(np.zeros(3), rows[:, :3]), np.zeros(50), en="an empty query", ko="빈 질의")
# end hidden

# %% [markdown] lang="en"
# ## 4. Many machines, one answer (4 points)
#
# Each machine returns a list of `(number, distance)` of its best answers. Some parts are kept on two machines, so a number may come **twice**, with the same distance.
# Return the `k` best of all as a list of `(number, distance)`, the smallest distance first, equal distances by number, each number once.

# %% [markdown] lang="ko"
# ## 4. 컴퓨터는 여러 대, 답은 하나 (4점)
#
# 컴퓨터마다 가장 좋은 답을 `(number, distance)`의 목록으로 돌려줍니다. 어떤 부분은 컴퓨터 두 대에 있어서 같은 번호가 같은 거리로 **두 번** 올 수 있습니다.
# 전체에서 가장 좋은 `k`개를 `(number, distance)` 목록으로 반환하세요. 거리가 작은 것부터, 거리가 같으면 번호 순서로, 번호마다 한 번만 담습니다.


# %% tags=["exercise", "merge"]
def merge(answers, k):
    # solution
    best = {number: distance for answer in answers for number, distance in answer}
    return sorted(best.items(), key=lambda pair: (pair[1], pair[0]))[:k]
    # end solution


# %% tags=["test", "merge", "points:4"]
expect.equal(
    merge([[(4, 0.1), (9, 0.5)], [(2, 0.5), (4, 0.1)], []], 2),
    [(4, 0.1), (2, 0.5)],
    en="4 comes once, and of two equal distances the smaller number goes first",
    ko="4는 한 번만 오고, 거리가 같으면 번호가 작은 것이 먼저입니다",
)
# hidden
expect.equal(
    merge([[(1, 0.0)], [(0, 0.0)]], 5), [(0, 0.0), (1, 0.0)], en="fewer than k", ko="k개보다 적을 때"
)
expect.equal(merge([[], []], 3), [], en="nothing", ko="아무것도 없을 때")
draw = np.random.default_rng(10)
distances = {int(number): round(float(draw.random()), 1) for number in draw.permutation(300)[:60]}
parts = [
    [(number, d) for number, d in distances.items() if number % 5 in pair]
    for pair in ((0, 1), (1, 2), (3,), (4, 0))
]
parts = [sorted(part, key=lambda pair: (pair[1], pair[0])) for part in parts]
whole = sorted(distances.items(), key=lambda pair: (pair[1], pair[0]))
expect.equal(merge(parts, 25), whole[:25], en="many equal distances", ko="같은 거리가 많을 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. How good is a ranking? (3 points)
#
# `right` is a list of true and false, best answer first. The **average precision** takes, at the place of each right answer, the share of right ones up to there, and averages
# these. For `[True, False, True]`: (1/1 + 2/3) / 2. With no right answer it is 0.

# %% [markdown] lang="ko"
# ## 5. 순위는 얼마나 좋은가? (3점)
#
# `right`는 가장 좋은 답부터 맞음과 틀림을 적은 목록입니다. **평균 정밀도**는 맞은 답이 나온 자리마다 거기까지의 맞은 비율을 구하여
# 평균한 것입니다. `[True, False, True]`라면 (1/1 + 2/3) / 2입니다. 맞은 답이 없으면 0입니다.


# %% tags=["exercise", "average_precision"]
def average_precision(right):
    # solution
    places = np.flatnonzero(right) + 1
    return float((np.arange(1, len(places) + 1) / places).mean()) if len(places) else 0.0
    # end solution


# %% tags=["test", "average_precision", "points:3"]
expect.close(average_precision([True, False, True]), 5 / 6, en="(1 + 2/3) / 2", ko="(1 + 2/3) / 2")
expect.close(average_precision([False, False]), 0, en="none is right", ko="맞은 답이 없을 때")
# hidden
expect.close(
    average_precision([False, True, True, False, True]), (1 / 2 + 2 / 3 + 3 / 5) / 3, en="five", ko="다섯 개"
)
right = np.random.default_rng(11).random(200) < 0.2
shares = [right[: place + 1].mean() for place in range(200) if right[place]]
expect.close(average_precision(list(right)), np.mean(shares), en="two hundred", ko="이백 개")
# end hidden
