# ---
# title:
#   en: networks that draw
#   ko: 그리는 신경망
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
# ## 1. Two losses of one game (3 points)
#
# `real` and `forged` are the examiner's scores before the sigmoid (arrays), for real pictures and for forgeries. Return `(examiner, forger)`: the mean of $-\log D$ over the real ones plus the mean of $-\log(1 - D)$ over the forged ones, and the forger's mean of $-\log D$ over the forged ones, where $D$ is the sigmoid of the score. A score of 1,000 or -1,000 must give no infinity and no warning: $\log(1 + e^s)$ is `np.logaddexp(0, s)`.

# %% [markdown] lang="ko"
# ## 1. 한 게임의 두 손실 (3점)
#
# `real`과 `forged`는 진짜 영상과 위조품에 대한 감정사의 점수(시그모이드 앞, 배열)입니다. `(examiner, forger)`를 반환하세요. 앞의 것은 진짜에 대한 $-\log D$의 평균과 위조품에 대한 $-\log(1 - D)$의 평균의 합, 뒤의 것은 위조품에 대한 위조꾼의 $-\log D$의 평균입니다. $D$는 점수의 시그모이드입니다. 점수가 1,000이나 -1,000이어도 무한대나 경고가 나오면 안 됩니다. $\log(1 + e^s)$는 `np.logaddexp(0, s)`입니다.


# %% tags=["exercise", "losses"]
def losses(real, forged):
    # solution
    real, forged = np.asarray(real, float), np.asarray(forged, float)
    examiner = np.logaddexp(0, -real).mean() + np.logaddexp(0, forged).mean()
    return examiner, np.logaddexp(0, -forged).mean()
    # end solution


# %% tags=["test", "losses", "points:3"]
expect.close(
    losses([0, 0], [0]),
    (2 * np.log(2), np.log(2)),
    en="an examiner that only guesses",
    ko="찍기만 하는 감정사",
)
expect.close(losses([1000], [-1000]), (0, 1000), en="an examiner that is sure", ko="확신하는 감정사")
# hidden
draw = np.random.default_rng(15)
real, forged = draw.normal(1, 2, 7), draw.normal(-1, 2, 5)
sigmoid = lambda s: 1 / (1 + np.exp(-s))  # noqa: E731
true = -np.log(sigmoid(real)).mean() - np.log(1 - sigmoid(forged)).mean(), -np.log(sigmoid(forged)).mean()
expect.close(losses(real, forged), true, en="any scores", ko="임의의 점수")
expect.close(
    losses([-1000, 3], [1000]), (1500.0243, 0), en="very wrong", ko="아주 틀린 감정사", tolerance=1e-3
)
# end hidden

# %% [markdown] lang="en"
# ## 2. What regression answers (3 points)
#
# `answers` (n,) are the right answers to one and the same question, as they were seen in the data. Return `(squared, absolute)`: the single answer with the smallest mean squared error and the one with the smallest mean absolute error. Where several have the smallest absolute error, take the middle of them.

# %% [markdown] lang="ko"
# ## 2. 회귀는 무엇이라고 답할까 (3점)
#
# `answers`(n,)는 똑같은 질문에 대해 데이터에 나타난 정답들입니다. `(squared, absolute)`를 반환하세요. 제곱 오차의 평균이 가장 작은 답 하나와 절대 오차의 평균이 가장 작은 답 하나입니다. 절대 오차가 가장 작은 답이 여럿이면 그 한가운데를 고릅니다.


# %% tags=["exercise", "regress"]
def regress(answers):
    # solution
    return np.mean(answers), np.median(answers)
    # end solution


# %% tags=["test", "regress", "points:3"]
expect.close(regress([-1, 1]), (0, 0), en="black or white: grey", ko="검정 아니면 흰색: 회색")
expect.close(regress([0, 0, 10]), (10 / 3, 0), en="two of three say 0", ko="셋 중 둘은 0")
# hidden
draw = np.random.default_rng(16)
for count in (5, 8):
    answers = draw.normal(size=count)
    grid = np.linspace(-4, 4, 80001)
    squares = grid[((grid[:, None] - answers) ** 2).mean(axis=1).argmin()]
    ordered = np.sort(answers)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    expect.close(regress(answers), (squares, middle), en="any answers", ko="임의의 정답", tolerance=1e-3)
# end hidden

# %% [markdown] lang="en"
# ## 3. One step of diffusion (4 points)
#
# At level $t$ a picture is $x_t = \cos(\frac{\pi}{2} t)\, x + \sin(\frac{\pi}{2} t)\, \epsilon$. `x` is a picture at the level `now` (above 0), `clean` the network's guess of the clean one. Work out the noise $\epsilon$ that this guess leaves, and return the same picture at the level `then`, with that same noise (DDIM).

# %% [markdown] lang="ko"
# ## 3. 확산의 한 걸음 (4점)
#
# 정도가 $t$일 때 영상은 $x_t = \cos(\frac{\pi}{2} t)\, x + \sin(\frac{\pi}{2} t)\, \epsilon$입니다. `x`는 정도가 `now`(0보다 큼)인 영상이고 `clean`은 신경망이 맞힌 깨끗한 영상입니다. 그렇게 맞혔을 때 남는 잡음 $\epsilon$을 구해, 같은 잡음으로 정도가 `then`인 영상을 반환하세요(DDIM).


# %% tags=["exercise", "step"]
def step(x, clean, now, then):
    # solution
    now, then = now * np.pi / 2, then * np.pi / 2
    noise = (x - np.cos(now) * clean) / np.sin(now)
    return np.cos(then) * clean + np.sin(then) * noise
    # end solution


# %% tags=["test", "step", "points:4"]
clean = np.array([[0.5, -1.0], [0.0, 1.0]])
expect.close(
    step(np.array([[3.0, 2.0], [1.0, 0.0]]), clean, 1.0, 0.0).round(6).tolist(),
    clean.tolist(),
    en="all the way to 0: the guess itself",
    ko="0까지 한 번에: 맞힌 영상 그대로",
)
# hidden
draw = np.random.default_rng(17)
clean, noise = draw.normal(size=(2, 4, 4))
at = lambda t: np.cos(np.pi / 2 * t) * clean + np.sin(np.pi / 2 * t) * noise  # noqa: E731
for now, then in ((0.9, 0.7), (0.5, 0.45), (0.2, 0.0), (0.3, 0.3)):
    expect.close(
        step(at(now), clean, now, then).tolist(), at(then).tolist(), en="a right guess", ko="바르게 맞힌 경우"
    )
# end hidden

# %% [markdown] lang="en"
# ## 4. The Gram matrix (3 points)
#
# `features` (height, width, channels) are a layer's maps. Return the mean over all places of the product of each pair of channels, (channels, channels); with `centred=True` each channel's mean is taken away first. Do not change `features`.

# %% [markdown] lang="ko"
# ## 4. 그람 행렬 (3점)
#
# `features`(높이, 너비, 채널)는 한 층의 맵입니다. 채널의 쌍마다 곱을 모든 자리에 대해 평균한 (채널, 채널)을 반환하세요. `centred=True`이면 먼저 채널마다 평균을 뺍니다. `features`를 바꾸면 안 됩니다.


# %% tags=["exercise", "gram"]
def gram(features, centred=False):
    # solution
    flat = np.asarray(features, float).reshape(-1, np.shape(features)[-1])
    if centred:
        flat = flat - flat.mean(axis=0)
    return flat.T @ flat / len(flat)
    # end solution


# %% tags=["test", "gram", "points:3"]
features = np.array([[[1.0, 2.0], [3.0, 0.0]]])
expect.close(gram(features).tolist(), [[5, 1], [1, 2]], en="two places, two channels", ko="자리 둘, 채널 둘")
expect.close(gram(features, centred=True).tolist(), [[1, -1], [-1, 1]], en="centred", ko="평균을 뺀 것")
# hidden
draw = np.random.default_rng(18)
features = draw.normal(2, 1, (5, 4, 3))
kept = features.copy()
true = [[(features[..., i] * features[..., j]).mean() for j in range(3)] for i in range(3)]
expect.close(gram(features).tolist(), true, en="any maps", ko="임의의 맵")
expect.close(
    gram(features, True).tolist(),
    np.cov(features.reshape(-1, 3).T, bias=True).tolist(),
    en="centred, a covariance",
    ko="평균을 빼면 공분산",
)
expect.equal(bool((features == kept).all()), True, en="features are as before", ko="features는 그대로")
# end hidden

# %% [markdown] lang="en"
# ## 5. Pixel shuffle (4 points)
#
# `x` (height, width, r * r * channels) becomes (r * height, r * width, channels): the numbers of one place are laid out as an r x r square, row by row, the channels of one pixel beside each other. So at r = 2 with three colours the first three numbers are the upper left pixel, the next three the upper right.

# %% [markdown] lang="ko"
# ## 5. 픽셀 셔플 (4점)
#
# `x`(높이, 너비, r * r * 채널)를 (r * 높이, r * 너비, 채널)로 바꾸세요. 한 자리의 수들을 r x r 칸에 행 순서로 펼치고, 한 화소의 채널은 나란히 둡니다. r = 2이고 색이 셋이면 처음 세 수가 왼쪽 위 화소, 다음 세 수가 오른쪽 위 화소입니다.


# %% tags=["exercise", "shuffle"]
def shuffle(x, r):
    # solution
    height, width, depth = np.shape(x)
    x = np.reshape(x, (height, width, r, r, depth // (r * r)))
    return x.transpose(0, 2, 1, 3, 4).reshape(height * r, width * r, -1)
    # end solution


# %% tags=["test", "shuffle", "points:4"]
expect.equal(
    shuffle(np.arange(8).reshape(1, 2, 4), 2)[..., 0].tolist(),
    [[0, 1, 4, 5], [2, 3, 6, 7]],
    en="two places, one channel",
    ko="자리 둘, 채널 하나",
)
# hidden
draw = np.random.default_rng(19)
for r, channels in ((2, 3), (3, 2), (1, 4)):
    x = draw.integers(0, 99, (3, 4, r * r * channels))
    true = np.zeros((3 * r, 4 * r, channels), int)
    for row in range(3 * r):
        for column in range(4 * r):
            first = ((row % r) * r + column % r) * channels
            true[row, column] = x[row // r, column // r, first : first + channels]
    expect.equal(shuffle(x, r).tolist(), true.tolist(), en="any r", ko="임의의 r")
# end hidden
