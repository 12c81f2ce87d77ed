# ---
# title:
#   en: counting, measuring and looking at a convolutional network
#   ko: 합성곱 신경망을 세고, 재고, 들여다보기
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
# ## 1. How many parameters has the textbook's network? (4 points)
#
# Pixels (`size`, `size`, 3) → 3×3 convolution with 64 filters → 2×2 pooling → 3×3 convolution with 32 filters → `Flatten` →
# dense layer of 80 → dense layer of 10. All have biases; pooling rounds down. `padding` is `"valid"` or `"same"` for both convolutions.
# Compute the number of all parameters without Keras.

# %% [markdown] lang="ko"
# ## 1. 교재 신경망의 파라미터는 몇 개인가요? (4점)
#
# 화소 (`size`, `size`, 3) → 필터 64개인 3×3 합성곱 → 2×2 풀링 → 필터 32개인 3×3 합성곱 → `Flatten` →
# 유닛 80개인 완전연결층 → 유닛 10개인 완전연결층. 모두 편향이 있고, 풀링은 나머지를 버립니다. `padding`은 두 합성곱에 똑같이
# `"valid"`이거나 `"same"`입니다. Keras를 쓰지 말고 전체 파라미터 수를 계산하세요.


# %% tags=["exercise", "textbook_parameters"]
def textbook_parameters(size=32, padding="valid"):
    # solution
    border = 2 if padding == "valid" else 0
    side = (size - border) // 2 - border
    convolutions = 3 * 3 * 3 * 64 + 64 + 3 * 3 * 64 * 32 + 32
    return convolutions + side * side * 32 * 80 + 80 + 80 * 10 + 10
    # end solution


# %% tags=["test", "textbook_parameters", "points:4"]
expect.equal(
    textbook_parameters(),
    453_786,
    en="parameters in your network and in the textbook's: look at the padding, and at what pooling leaves",
    ko="여러분의 신경망과 교재 신경망의 파라미터 수입니다. 패딩과 풀링 뒤의 크기를 살펴보세요",
)
# hidden
expect.equal(textbook_parameters(padding="same"), 676_506, en="padding same", ko='패딩이 "same"일 때')
expect.equal(textbook_parameters(33), 453_786, en="a side of 33", ko="한 변이 33일 때")
expect.equal(textbook_parameters(48), 1_150_106, en="a side of 48", ko="한 변이 48일 때")
# end hidden

# %% [markdown] lang="en"
# ## 2. What does one value see? (3 points)
#
# The **receptive field** of a value is the side of the square of input pixels that it depends on. `layers` is a list of pairs
# `(kernel, stride)` from the input on, one for each convolution or pooling. Return the side of the receptive field after the last one.

# %% [markdown] lang="ko"
# ## 2. 값 하나는 무엇을 보나요? (3점)
#
# 어떤 값의 **수용 영역**은 그 값에 영향을 주는 입력 화소 정사각형의 한 변입니다. `layers`는 입력 쪽부터 합성곱이나 풀링마다 하나씩
# `(kernel, stride)` 쌍을 늘어놓은 목록입니다. 마지막 층을 지난 뒤 수용 영역의 한 변을 반환하세요.


# %% tags=["exercise", "receptive_field"]
def receptive_field(layers):
    # solution
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= stride
    return side
    # end solution


# %% tags=["test", "receptive_field", "points:3"]
expect.equal(receptive_field([(3, 1), (3, 1)]), 5, en="two 3x3 convolutions", ko="3x3 합성곱 두 번")
expect.equal(
    receptive_field([(3, 1), (2, 2), (3, 1)]),
    8,
    en="after pooling, neighbours are two pixels apart",
    ko="풀링을 지나면 이웃한 값은 입력에서 두 화소 떨어져 있습니다",
)
# hidden
expect.equal(receptive_field([]), 1, en="without a layer", ko="층이 없을 때")
expect.equal(
    receptive_field([(7, 2), (3, 2), (3, 1), (3, 2)]), 27, en="strides multiply", ko="보폭은 곱해집니다"
)
expect.equal(receptive_field([(1, 1), (5, 3), (2, 2)]), 8, en="1x1 and a stride of 3", ko="1x1과 보폭 3")
# end hidden

# %% [markdown] lang="en"
# ## 3. Top-k accuracy (3 points)
#
# Return the share of pictures whose true label is among the `k` most probable ones.
# `probabilities` has the shape (pictures, labels), `truth` holds a label's number for each picture.

# %% [markdown] lang="ko"
# ## 3. 상위 k 정확도 (3점)
#
# 정답이 확률이 가장 높은 `k`개 안에 들어 있는 영상의 비율을 반환하세요.
# `probabilities`의 모양은 (영상, 레이블)이고 `truth`에는 영상마다 정답 레이블의 번호가 있습니다.


# %% tags=["exercise", "top_k_accuracy"]
def top_k_accuracy(probabilities, truth, k):
    # solution
    best = np.argsort(probabilities, axis=1)[:, -k:]
    return (best == np.asarray(truth)[:, np.newaxis]).any(axis=1).mean()
    # end solution


# %% tags=["test", "top_k_accuracy", "points:3"]
probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])
expect.close(top_k_accuracy(probabilities, np.array([0, 1, 0]), 1), 1 / 3, en="k = 1", ko="k = 1일 때")
expect.close(
    top_k_accuracy(probabilities, np.array([0, 1, 0]), 2), 2 / 3, en="the two most probable", ko="상위 두 개"
)
# hidden
draw = np.random.default_rng(1)
probabilities, truth = draw.dirichlet(np.ones(10), 200), draw.integers(0, 10, 200)
ranks = (probabilities > probabilities[np.arange(200), truth][:, np.newaxis]).sum(axis=1)
for k in (1, 3, 10):
    expect.close(
        top_k_accuracy(probabilities, truth, k), (ranks < k).mean(), en=f"k = {k}", ko=f"k = {k}일 때"
    )
# end hidden

# %% [markdown] lang="en"
# ## 4. The loss (3 points)
#
# Return the mean cross-entropy of `logits` (pictures, labels) for the label numbers `truth`. Softmax is part of your function.
# Logits may be as large as 1000, where `np.exp` overflows: no result may be `nan` or infinite.

# %% [markdown] lang="ko"
# ## 4. 손실 (3점)
#
# 정답 번호 `truth`에 대한 `logits` (영상, 레이블)의 평균 교차 엔트로피를 반환하세요. 소프트맥스도 함수 안에서 계산합니다.
# 로짓은 1000만큼 클 수도 있어서 `np.exp`가 넘칠 수 있습니다. 결과가 `nan`이나 무한대가 되어서는 안 됩니다.


# %% tags=["exercise", "cross_entropy"]
def cross_entropy(logits, truth):
    # solution
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return (log_sums - shifted[np.arange(len(truth)), truth]).mean()
    # end solution


# %% tags=["test", "cross_entropy", "points:3"]
expect.close(
    cross_entropy(np.zeros((2, 10)), np.array([3, 7])),
    np.log(10),
    en="a network that knows nothing has the loss log(10)",
    ko="아무것도 모르는 신경망의 손실은 log(10)입니다",
)
expect.close(
    cross_entropy(np.array([[1000.0, 0.0]]), np.array([0])),
    0.0,
    en="subtract the largest logit before np.exp",
    ko="np.exp를 하기 전에 가장 큰 로짓을 빼세요",
)
# hidden
draw = np.random.default_rng(2)
logits, truth = draw.normal(size=(50, 10)), draw.integers(0, 10, 50)
softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
expect.close(
    cross_entropy(logits, truth), -np.log(softmax[np.arange(50), truth]).mean(), en="random", ko="임의의 로짓"
)
expect.close(
    cross_entropy(np.array([[0.0, 1000.0]]), np.array([0])), 1000.0, en="quite wrong", ko="크게 틀렸을 때"
)
# end hidden

# %% [markdown] lang="en"
# ## 5. Which two does it confuse? (3 points)
#
# Return the pair `(a, b)` with a < b of two labels that are taken for one another most often, in both directions together.
# `truth` and `predicted` hold label numbers below `labels`.

# %% [markdown] lang="ko"
# ## 5. 어느 둘을 혼동하나요? (3점)
#
# 서로 가장 자주 혼동되는 두 레이블 `(a, b)`를 a < b로 반환하세요. 두 방향의 혼동을 합쳐서 셉니다.
# `truth`와 `predicted`에는 `labels`보다 작은 레이블 번호가 있습니다.


# %% tags=["exercise", "most_confused"]
def most_confused(truth, predicted, labels):
    # solution
    matrix = np.zeros((labels, labels), int)
    np.add.at(matrix, (truth, predicted), 1)
    both = np.triu(matrix + matrix.T, 1)
    return np.unravel_index(both.argmax(), both.shape)
    # end solution


# %% tags=["test", "most_confused", "points:3"]
truth, predicted = np.array([3, 3, 5, 5, 1, 9, 9]), np.array([5, 3, 3, 5, 9, 9, 9])
expect.equal(
    most_confused(truth, predicted, 10),
    (3, 5),
    en="3 taken for 5 and 5 taken for 3 are the same confusion; right answers are none",
    ko="3을 5로, 5를 3으로 본 것은 같은 혼동입니다. 맞힌 것은 혼동이 아닙니다",
)
# hidden
truth = np.array([0] * 4 + [1] * 3 + [2] * 5 + [3] * 9)
predicted = np.array([2, 2, 2, 0] + [1, 3, 3] + [2, 2, 0, 1, 1] + [3] * 6 + [1, 0, 0])
expect.equal(most_confused(truth, predicted, 4), (0, 2), en="four labels", ko="레이블 네 개")
expect.equal(
    most_confused(np.array([7, 8, 8]), np.array([8, 8, 7]), 9), (7, 8), en="two labels", ko="두 레이블"
)
# end hidden
