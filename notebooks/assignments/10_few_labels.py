# ---
# title:
#   en: few labels
#   ko: 적은 레이블
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
# ## 1. Brighter (2 points)
#
# `picture` is `uint8`; `amount` is a whole number, perhaps negative. Return the picture with `amount` added to each value, as `uint8`: what would leave 0..255 stays at the end of it.

# %% [markdown] lang="ko"
# ## 1. 더 밝게 (2점)
#
# `picture`는 `uint8`이고 `amount`는 정수이며 음수일 수도 있습니다. 모든 값에 `amount`를 더한 영상을 `uint8`로 반환하세요. 0..255를 벗어나는 값은 그 끝에 머뭅니다.


# %% tags=["exercise", "brighter"]
def brighter(picture, amount):
    # solution
    return np.clip(picture.astype("int32") + amount, 0, 255).astype("uint8")
    # end solution


# %% tags=["test", "brighter", "points:2"]
picture = np.array([[0, 100], [200, 255]], "uint8")
expect.close(
    brighter(picture, 100), [[100, 200], [255, 255]], en="200 + 100 is white", ko="200 + 100은 흰색입니다"
)
expect.close(brighter(picture, -150), [[0, 0], [50, 105]], en="darker", ko="어둡게")
# hidden
draw = np.random.default_rng(101)
picture, amount = draw.integers(0, 256, (4, 5, 3)).astype("uint8"), int(draw.integers(60, 250))
answer = brighter(picture, amount)
expect.equal(str(np.asarray(answer).dtype), "uint8", en="the type of the answer", ko="답의 자료형")
expect.close(answer, np.minimum(picture.astype(int) + amount, 255), en="another picture", ko="다른 영상")
# end hidden

# %% [markdown] lang="en"
# ## 2. Temperature (3 points)
#
# `scores` has one row for each picture. Return softmax(scores / temperature), row by row. Scores may be as large as 1000: no overflow.

# %% [markdown] lang="ko"
# ## 2. 온도 (3점)
#
# `scores`는 영상마다 한 행입니다. 행마다 softmax(scores / temperature)를 반환하세요. 점수가 1000까지 커도 넘침이 없어야 합니다.


# %% tags=["exercise", "soften"]
def soften(scores, temperature):
    # solution
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    # end solution


# %% tags=["test", "soften", "points:3"]
expect.close(soften(np.array([[5.0, 10.0]]), 1), [[0.00669285, 0.99330715]], en="T = 1", ko="T = 1")
expect.close(soften(np.array([[5.0, 10.0]]), 100), [[0.48750260, 0.51249740]], en="T = 100", ko="T = 100")
expect.close(soften(np.array([[1000.0, 0.0]]), 1), [[1, 0]], en="large scores", ko="큰 점수")
# hidden
draw = np.random.default_rng(102)
scores, heat = draw.normal(0, 6, (5, 7)), float(draw.uniform(2, 6))
truth = np.exp(scores / heat) / np.exp(scores / heat).sum(1, keepdims=True)
expect.close(soften(scores, heat), truth, en="other scores", ko="다른 점수")
expect.close(
    soften(scores + 900, 1).sum(1), np.ones(5), en="large scores in every row", ko="모든 행의 큰 점수"
)
# end hidden

# %% [markdown] lang="en"
# ## 3. The pupil's loss (4 points)
#
# For one picture: `pupil` and `teacher` are scores, `label` is the number of the right class. Return
# `(1 - weight) * cross_entropy + weight * T² * KL(p, q)` with natural logarithms: the cross-entropy of the label and softmax(pupil), and KL(p, q), the sum of p log(p / q), where p is the teacher's softmax at temperature T and q the pupil's.

# %% [markdown] lang="ko"
# ## 3. 학생의 손실 (4점)
#
# 영상 한 장에 대해 `pupil`과 `teacher`는 점수이고 `label`은 정답 클래스의 번호입니다. 자연로그로
# `(1 - weight) * cross_entropy + weight * T² * KL(p, q)`를 반환하세요. cross_entropy는 정답과 softmax(pupil)의 교차 엔트로피이고, KL(p, q)는 p log(p / q)의 합입니다. p는 온도 T에서 선생의 소프트맥스, q는 학생의 소프트맥스입니다.


# %% tags=["exercise", "pupil_loss"]
def pupil_loss(pupil, teacher, label, weight, temperature):
    # solution
    def log_softmax(scores):
        scores = scores - scores.max()
        return scores - np.log(np.exp(scores).sum())

    soft, mine = log_softmax(teacher / temperature), log_softmax(pupil / temperature)
    divergence = (np.exp(soft) * (soft - mine)).sum() * temperature**2
    return float((1 - weight) * -log_softmax(pupil)[label] + weight * divergence)
    # end solution


# %% tags=["test", "pupil_loss", "points:4"]
expect.close(
    pupil_loss(np.array([0.0, 0.0]), np.array([3.0, 1.0]), 0, 0.0, 4),
    np.log(2),
    en="weight 0: cross-entropy alone",
    ko="weight 0: 교차 엔트로피만",
)
expect.close(
    pupil_loss(np.array([3.0, 1.0]), np.array([3.0, 1.0]), 0, 1.0, 4),
    0,
    en="weight 1, and the pupil answers like its teacher",
    ko="weight 1이고 학생의 답이 선생과 같을 때",
)
# hidden
draw = np.random.default_rng(103)
pupil, teacher, heat = draw.normal(0, 2, 4), draw.normal(0, 2, 4), 3.0
p, q = (np.exp(s / heat) / np.exp(s / heat).sum() for s in (teacher, pupil))
right = -np.log(np.exp(pupil[2]) / np.exp(pupil).sum())
expect.close(
    pupil_loss(pupil, teacher, 2, 0.3, heat),
    0.7 * right + 0.3 * 9 * (p * np.log(p / q)).sum(),
    en="other scores",
    ko="다른 점수",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. Which guesses to accept (3 points)
#
# `guess` holds probabilities, one row for each unlabelled picture. Accept those whose largest probability is at least `threshold`, but of each guessed class only the `most` surest.
# Return the accepted pictures' numbers, from the smallest to the largest.

# %% [markdown] lang="ko"
# ## 4. 어떤 추측을 받아들일까 (3점)
#
# `guess`는 레이블 없는 영상마다 확률 한 행입니다. 가장 큰 확률이 `threshold` 이상인 것을 받아들이되, 추측한 클래스마다 가장 확신하는 `most`개까지만 받아들입니다.
# 받아들인 영상의 번호를 작은 것부터 반환하세요.


# %% tags=["exercise", "accepted"]
def accepted(guess, threshold, most):
    # solution
    certainty, answer, chosen = guess.max(axis=1), guess.argmax(axis=1), []
    for number in range(guess.shape[1]):
        mine = np.flatnonzero((answer == number) & (certainty >= threshold))
        chosen.extend(mine[certainty[mine].argsort()[::-1][:most]].tolist())
    return sorted(chosen)
    # end solution


# %% tags=["test", "accepted", "points:3"]
guess = np.array([[0.9, 0.1], [0.95, 0.05], [0.6, 0.4], [0.2, 0.8]])
expect.equal(list(accepted(guess, 0.8, 5)), [0, 1, 3], en="the threshold", ko="임계값")
expect.equal(list(accepted(guess, 0.5, 1)), [1, 3], en="one of each class", ko="클래스마다 하나")
# hidden
draw = np.random.default_rng(104)
guess = draw.dirichlet(np.full(4, 0.4), 40)
sure, said = guess.max(1), guess.argmax(1)
truth = [i for i in range(40) if sure[i] >= 0.6 and ((said == said[i]) & (sure > sure[i])).sum() < 3]
expect.equal([int(i) for i in accepted(guess, 0.6, 3)], truth, en="other guesses", ko="다른 추측")
# end hidden

# %% [markdown] lang="en"
# ## 5. FixMatch's loss (3 points)
#
# `weakly` and `strongly` are the probabilities for the weakly and the strongly changed copies of the same pictures. The class with the largest probability in `weakly` is the guess; it counts where that
# probability is at least `threshold`. Return the sum of -log of the probability that `strongly` gives to the guess over the pictures that count, divided by the number of **all** pictures.

# %% [markdown] lang="ko"
# ## 5. FixMatch의 손실 (3점)
#
# `weakly`와 `strongly`는 같은 영상을 약하게, 세게 바꾼 것에 대한 확률입니다. `weakly`에서 확률이 가장 큰 클래스가 추측이고, 그 확률이 `threshold` 이상인 곳만 셉니다.
# 세는 영상에 대해 `strongly`가 추측한 클래스에 준 확률의 -log를 더하고, **모든** 영상의 수로 나누어 반환하세요.


# %% tags=["exercise", "consistency"]
def consistency(weakly, strongly, threshold):
    # solution
    sure = weakly.max(axis=1) >= threshold
    given = strongly[np.arange(len(weakly)), weakly.argmax(axis=1)]
    return float(-(np.log(given) * sure).sum() / len(weakly))
    # end solution


# %% tags=["test", "consistency", "points:3"]
weakly = np.array([[0.99, 0.01], [0.4, 0.6]])
strongly = np.array([[0.5, 0.5], [0.1, 0.9]])
expect.close(
    consistency(weakly, strongly, 0.95), np.log(2) / 2, en="one of two is sure", ko="둘 중 하나만 확신"
)
expect.close(consistency(weakly, strongly, 1.0), 0, en="none is sure", ko="확신하는 것이 없을 때")
# hidden
draw = np.random.default_rng(105)
weakly, strongly = draw.dirichlet(np.full(5, 0.3), 12), draw.dirichlet(np.full(5, 2.0), 12)
total = sum(-np.log(s[w.argmax()]) for w, s in zip(weakly, strongly, strict=True) if w.max() >= 0.7)
expect.close(consistency(weakly, strongly, 0.7), total / 12, en="other pictures", ko="다른 영상")
# end hidden
