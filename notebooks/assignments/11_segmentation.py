# ---
# title:
#   en: a class for each pixel
#   ko: 픽셀마다 클래스를
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
# ## 1. mIoU (4 points)
#
# `truth` and `guess` are masks of the same shape, whole numbers from 0 to `classes` - 1; where `truth` is `void`, nothing counts. Return the mean over the classes of
# intersection over union. A class that is neither in the truth nor guessed is left out of the mean.

# %% [markdown] lang="ko"
# ## 1. mIoU (4점)
#
# `truth`와 `guess`는 모양이 같은 마스크이고 값은 0부터 `classes` - 1까지의 정수입니다. `truth`가 `void`인 곳은 아무것도 세지 않습니다. 클래스마다 교집합 / 합집합을
# 구해 평균하세요. 정답에도 답에도 없는 클래스는 평균에서 뺍니다.


# %% tags=["exercise", "mean_iou"]
def mean_iou(truth, guess, classes, void):
    # solution
    known, scores = truth != void, []
    for number in range(classes):
        one, other = (truth == number) & known, (guess == number) & known
        if (one | other).any():
            scores.append((one & other).sum() / (one | other).sum())
    return float(np.mean(scores))
    # end solution


# %% tags=["test", "mean_iou", "points:4"]
truth, guess = np.array([[0, 0, 1], [1, 1, 9]]), np.array([[0, 1, 1], [1, 0, 0]])
expect.close(
    mean_iou(truth, guess, 2, 9), (1 / 3 + 2 / 4) / 2, en="void is no pixel", ko="void는 픽셀로 세지 않습니다"
)
expect.close(
    mean_iou(truth, guess, 5, 9),
    (1 / 3 + 2 / 4) / 2,
    en="absent classes do not count",
    ko="없는 클래스는 빼세요",
)
# hidden
draw = np.random.default_rng(11)
truth, guess = draw.integers(0, 4, (9, 9)), draw.integers(0, 3, (9, 9))
truth[truth == 3] = 7
table = np.array([[((truth == i) & (guess == j)).sum() for j in range(3)] for i in range(3)])
hits = np.diag(table)
expect.close(
    mean_iou(truth, guess, 3, 7),
    (hits / (table.sum(0) + table.sum(1) - hits)).mean(),
    en="other masks",
    ko="다른 마스크",
)
# end hidden

# %% [markdown] lang="en"
# ## 2. A dense layer as a convolution (3 points)
#
# `kernel` (features, classes) and `bias` (classes,) belong to a dense layer. `maps` is (height, width, features). Return what the layer says at each place: (height, width, classes).

# %% [markdown] lang="ko"
# ## 2. 합성곱이 된 완전 연결층 (3점)
#
# `kernel`(특징, 클래스)과 `bias`(클래스,)는 완전 연결층의 것입니다. `maps`는 (높이, 너비, 특징)입니다. 자리마다 이 층의 답을 반환하세요. (높이, 너비, 클래스)입니다.


# %% tags=["exercise", "everywhere"]
def everywhere(maps, kernel, bias):
    # solution
    return maps @ kernel + bias
    # end solution


# %% tags=["test", "everywhere", "points:3"]
maps = np.arange(12.0).reshape(2, 3, 2)
answer = everywhere(maps, np.array([[1.0, 0, 2], [0, 1, -1]]), np.array([0.0, 10, 0]))
expect.shape(answer, (2, 3, 3), en="a score for each place and class", ko="자리와 클래스마다 점수 하나")
expect.close(answer[1, 2], [10, 21, 9], en="the last place", ko="마지막 자리")
# hidden
draw = np.random.default_rng(12)
maps, kernel, bias = draw.normal(size=(5, 4, 7)), draw.normal(size=(7, 3)), draw.normal(size=3)
expect.close(
    everywhere(maps, kernel, bias),
    np.einsum("hwf,fc->hwc", maps, kernel) + bias,
    en="other maps",
    ko="다른 맵",
)
# end hidden

# %% [markdown] lang="en"
# ## 3. How far it sees (3 points)
#
# Convolutions with kernel 3 and stride 1 follow each other; `rates` are their dilation rates. Return the side of the square of pixels that one place of the answer can see.

# %% [markdown] lang="ko"
# ## 3. 얼마나 멀리 보는가 (3점)
#
# 커널 3, stride 1인 합성곱이 이어집니다. `rates`는 각각의 팽창 비율입니다. 답의 한 자리가 볼 수 있는 정사각형의 한 변이 몇 픽셀인지 반환하세요.


# %% tags=["exercise", "field"]
def field(rates):
    # solution
    return 1 + 2 * sum(rates)
    # end solution


# %% tags=["test", "field", "points:3"]
expect.equal(field([1]), 3, en="one plain convolution", ko="보통 합성곱 하나")
expect.equal(field([1, 2, 4]), 15, en="three", ko="셋")
# hidden
expect.equal(field([]), 1, en="none", ko="하나도 없을 때")
expect.equal(
    field([6, 12, 18]), 73, en="DeepLab's rates one after the other", ko="DeepLab의 비율을 이어 놓으면"
)
# end hidden

# %% [markdown] lang="en"
# ## 4. Dice (3 points)
#
# `truth` (0 or 1) and `guess` (0 to 1) have the same shape. Return the Dice loss: 1 - 2 · overlap / (sum of both), with 1 added above and below the fraction line.

# %% [markdown] lang="ko"
# ## 4. Dice (3점)
#
# `truth`(0 또는 1)와 `guess`(0부터 1)는 모양이 같습니다. Dice 손실 1 - 2 · 겹침 / (둘의 합)을 반환하세요. 분자와 분모에 각각 1을 더합니다.


# %% tags=["exercise", "dice_loss"]
def dice_loss(truth, guess):
    # solution
    return 1 - (2 * (truth * guess).sum() + 1) / (truth.sum() + guess.sum() + 1)
    # end solution


# %% tags=["test", "dice_loss", "points:3"]
expect.close(dice_loss(np.ones(4), np.ones(4)), 0, en="all right", ko="모두 맞을 때")
expect.close(
    dice_loss(np.array([1.0, 1, 0]), np.array([1.0, 0, 0])), 1 - 3 / 4, en="half found", ko="절반만 찾았을 때"
)
# hidden
expect.close(
    dice_loss(np.zeros(5), np.zeros(5)), 0, en="nothing there, nothing said", ko="없고, 없다고 할 때"
)
expect.close(dice_loss(np.ones((2, 2)), np.full((2, 2), 0.5)), 1 - 5 / 7, en="half sure", ko="반만 확신할 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. One answer (4 points)
#
# `scores` (height, width, classes) are class scores, of which the first `stuff` classes are stuff and the others things. `objects` is a list of (class, boolean mask, how sure).
# Return (classes, numbers), both (height, width): the surest objects are laid down first, and a later one gets only pixels that are still free. The k-th object of the list
# (from 1) has the number k. Where no object lies, the largest score among the **stuff** decides and the number is 0.

# %% [markdown] lang="ko"
# ## 5. 하나의 답 (4점)
#
# `scores`(높이, 너비, 클래스)는 클래스 점수이고, 앞의 `stuff`개 클래스는 배경류, 나머지는 물체류입니다. `objects`는 (클래스, 불리언 마스크, 확신)의 목록입니다.
# 둘 다 (높이, 너비)인 (classes, numbers)를 반환하세요. 확신이 큰 물체부터 놓고, 나중 물체는 아직 빈 픽셀만 차지합니다. 목록의 k번째(1부터) 물체의 번호는 k입니다.
# 물체가 없는 곳은 **배경류** 가운데 점수가 가장 큰 클래스이고 번호는 0입니다.


# %% tags=["exercise", "panoptic"]
def panoptic(scores, stuff, objects):
    # solution
    classes = scores[..., :stuff].argmax(-1)
    numbers = np.zeros(classes.shape, int)
    for k in sorted(range(len(objects)), key=lambda k: -objects[k][2]):
        kind, mask, _ = objects[k]
        free = mask & (numbers == 0)
        classes[free], numbers[free] = kind, k + 1
    return classes, numbers
    # end solution


# %% tags=["test", "panoptic", "points:4"]
scores = np.array([[[3.0, 1, 9], [1, 2, 0], [0, 1, 0]]])
left, middle = np.array([[True, True, False]]), np.array([[False, True, True]])
classes, numbers = panoptic(scores, 2, [(2, left, 0.6), (2, middle, 0.9)])
expect.equal(numbers.tolist(), [[1, 2, 2]], en="the surer object first", ko="확신이 큰 물체가 먼저")
expect.equal(classes.tolist(), [[2, 2, 2]], en="their classes", ko="물체의 클래스")
# hidden
classes, numbers = panoptic(scores, 2, [])
expect.equal(classes.tolist(), [[0, 1, 1]], en="stuff where no object lies", ko="물체가 없으면 배경류")
expect.equal(numbers.tolist(), [[0, 0, 0]], en="no object, no number", ko="물체가 없으면 번호도 없습니다")
classes, numbers = panoptic(scores, 2, [(2, middle, 0.2), (2, middle, 0.1)])
expect.equal(
    numbers.tolist(), [[0, 1, 1]], en="a hidden object gets nothing", ko="가려진 물체는 픽셀이 없습니다"
)
# end hidden
