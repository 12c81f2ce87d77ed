# ---
# title:
#   en: pictures, words and sounds
#   ko: 영상과 단어와 소리
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
# ## 1. The company a word keeps (3 points)
#
# `line` is a list of words. Return all skip-gram pairs (word, neighbour), a list of tuples: each word with every word at most `window` places before or after it, in the order of the words and then of the neighbours. A word is not its own neighbour, but another copy of it is.

# %% [markdown] lang="ko"
# ## 1. 단어와 그 친구들 (3점)
#
# `line`은 단어의 리스트입니다. skip-gram 쌍 (단어, 이웃)을 모두 튜플의 리스트로 반환하세요. 단어마다 앞뒤 `window`자리 안의 모든 단어와 짝을 짓고, 단어의 순서로, 그다음 이웃의 순서로 적습니다. 자기 자신은 이웃이 아니지만 같은 단어가 또 나오면 이웃입니다.


# %% tags=["exercise", "skip_grams"]
def skip_grams(line, window):
    # solution
    found = []
    for place, word in enumerate(line):
        for near in range(max(0, place - window), min(len(line), place + window + 1)):
            if near != place:
                found.append((word, line[near]))
    return found
    # end solution


# %% tags=["test", "skip_grams", "points:3"]
expect.equal(
    skip_grams(["a", "dog", "barks"], 1),
    [("a", "dog"), ("dog", "a"), ("dog", "barks"), ("barks", "dog")],
    en="one place before and after",
    ko="앞뒤 한 자리",
)
# hidden
expect.equal(
    skip_grams(["x", "x", "y"], 2),
    [("x", "x"), ("x", "y"), ("x", "x"), ("x", "y"), ("y", "x"), ("y", "x")],
    en="the same word twice",
    ko="같은 단어가 두 번",
)
expect.equal(skip_grams(["alone"], 3), [], en="a word without company", ko="친구 없는 단어")
draw = np.random.default_rng(16)
line = [str(number) for number in draw.integers(0, 50, 12)]
true = [(line[i], line[j]) for i in range(12) for j in range(12) if i != j and abs(i - j) <= 4]
expect.equal(skip_grams(line, 4), true, en="a wider window", ko="더 넓은 창")
# end hidden

# %% [markdown] lang="en"
# ## 2. CLIP's loss (4 points)
#
# `pictures` and `texts` (n, d) belong together row by row; their rows may have any length, only the direction counts. Lay all pictures against all texts (cosines, divided by `temperature`), and return the mean of two cross-entropies: for each picture its text is right, for each text its picture. It must not overflow for a small temperature.

# %% [markdown] lang="ko"
# ## 2. CLIP의 손실 (4점)
#
# `pictures`와 `texts`(n, d)는 행끼리 짝입니다. 행의 길이는 제각각이고 방향만 셉니다. 모든 영상과 모든 글을 맞대어(코사인을 `temperature`로 나눔), 두 교차 엔트로피의 평균을 반환하세요. 영상마다 제 글이 정답이고, 글마다 제 영상이 정답입니다. 온도가 작아도 오버플로가 나면 안 됩니다.


# %% tags=["exercise", "clip_loss"]
def clip_loss(pictures, texts, temperature):
    # solution
    unit = [np.asarray(x, float) / np.linalg.norm(x, axis=1, keepdims=True) for x in (pictures, texts)]
    table = unit[0] @ unit[1].T / temperature

    def cross_entropy(rows):
        rows = rows - rows.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(rows).sum(axis=1)) - np.diag(rows))

    return (cross_entropy(table) + cross_entropy(table.T)) / 2
    # end solution


# %% tags=["test", "clip_loss", "points:4"]
expect.close(
    clip_loss([(2, 0), (0, 3)], [(1, 0), (0, 1)], 1.0),
    np.log(1 + np.exp(-1)),
    en="two pairs at right angles: every right cosine is 1, every wrong one 0",
    ko="직각인 두 쌍: 맞는 코사인은 모두 1, 틀린 코사인은 0",
)
expect.close(
    clip_loss([(1, 0), (1, 0)], [(1, 0), (1, 0)], 0.1),
    np.log(2),
    en="nothing to tell them apart: a coin",
    ko="구별할 것이 없으면 동전 던지기",
)
# hidden
draw = np.random.default_rng(17)
pictures, texts = draw.normal(size=(2, 5, 7))
rows = pictures / np.linalg.norm(pictures, axis=1)[:, None]
table = np.exp(rows @ (texts / np.linalg.norm(texts, axis=1)[:, None]).T / 0.3)
true = (
    -np.mean(
        [np.log(table[i, i] / table[i].sum()) + np.log(table[i, i] / table[:, i].sum()) for i in range(5)]
    )
    / 2
)
expect.close(clip_loss(pictures, texts, 0.3), true, en="rows and columns", ko="행과 열")
expect.close(
    clip_loss([(1, 0), (0, 1)], [(0, 1), (1, 0)], 1e-3),
    1000.0,
    en="a small temperature, all wrong",
    ko="작은 온도, 모두 틀림",
)
# end hidden

# %% [markdown] lang="en"
# ## 3. Attend (3 points)
#
# `grid` (height, width, channels) are the features of a picture, `question` (channels,) what the state asks. The score of a place is the dot product of its features with the question, divided by the square root of the number of channels. Return `(weights, seen)`: the softmax of the scores over **all places**, (height, width), and the mean of the features weighed by it, (channels,).

# %% [markdown] lang="ko"
# ## 3. 주의 기울이기 (3점)
#
# `grid`(높이, 너비, 채널)는 영상의 특징이고 `question`(채널,)은 상태가 묻는 것입니다. 자리의 점수는 그 특징과 질문의 내적을 채널 수의 제곱근으로 나눈 것입니다. `(weights, seen)`을 반환하세요. weights는 **모든 자리**에 걸친 점수의 소프트맥스 (높이, 너비)이고, seen은 그 무게로 낸 특징의 평균 (채널,)입니다.


# %% tags=["exercise", "attend"]
def attend(grid, question):
    # solution
    grid = np.asarray(grid, float)
    scores = grid @ np.asarray(question, float) / np.sqrt(grid.shape[-1])
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    return weights, (grid * weights[..., None]).sum(axis=(0, 1))
    # end solution


# %% tags=["test", "attend", "points:3"]
grid = np.zeros((2, 3, 4))
grid[1, 2] = (8, 0, 0, 0)
weights, seen = attend(grid, (0, 1, 0, 0))
expect.close(
    weights,
    np.full((2, 3), 1 / 6),
    en="nothing of that kind: everywhere alike",
    ko="그런 것이 없으면 어디나 똑같이",
)
weights, seen = attend(grid, (10, 0, 0, 0))
expect.close(seen, (8, 0, 0, 0), en="one place has it", ko="한 자리에 있습니다")
# hidden
draw = np.random.default_rng(18)
grid, question = draw.normal(size=(3, 5, 9)), draw.normal(size=9)
scores = np.array([[np.dot(grid[y, x], question) / 3 for x in range(5)] for y in range(3)])
true = np.exp(scores) / np.exp(scores).sum()
weights, seen = attend(grid, question)
expect.close(weights, true, en="any features", ko="임의의 특징")
expect.close(seen, np.einsum("yx,yxc->c", true, grid), en="what is seen", ko="본 것")
expect.close(
    attend(1000 * grid, question)[0].sum(),
    1,
    en="large scores must not overflow",
    ko="점수가 커도 넘치면 안 됩니다",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. The best sentence (4 points)
#
# `first` (n,) are the probabilities of a sentence's first word, row w of `after` (n, n) those of the word after word w; word 0 ends a sentence and is never the first. Return the sentence, a list of word numbers with its 0, that a beam of `width` finds: in each round every kept unfinished sentence grows by every word, and of all these **and the ended ones** the `width` most probable are kept (a word of probability 0 is out). Stop when all that is kept has ended.

# %% [markdown] lang="ko"
# ## 4. 가장 좋은 문장 (4점)
#
# `first`(n,)는 문장의 첫 단어의 확률이고, `after`(n, n)의 w행은 단어 w 다음에 올 단어의 확률입니다. 단어 0은 문장의 끝이며 첫 단어가 될 수 없습니다. 너비 `width`인 빔 탐색이 찾은 문장을 0까지 든 단어 번호의 리스트로 반환하세요. 라운드마다 아직 끝나지 않은 문장에 모든 단어를 하나씩 이어 붙이고, 이것들과 **이미 끝난 것**을 합쳐 가장 그럴듯한 `width`개를 지닙니다(확률 0인 단어는 버립니다). 지닌 것이 모두 끝나면 멈춥니다.


# %% tags=["exercise", "beam"]
def beam(first, after, width):
    # solution
    kept = [(float(chance), [n]) for n, chance in enumerate(first) if chance > 0]
    kept = sorted(kept, key=lambda one: -one[0])[:width]
    while any(words[-1] != 0 for _, words in kept):
        grown = [one for one in kept if one[1][-1] == 0]
        for score, words in kept:
            if words[-1] != 0:
                chances = after[words[-1]]
                grown += [(score * float(c), [*words, n]) for n, c in enumerate(chances) if c > 0]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    return kept[0][1]
    # end solution


# %% tags=["test", "beam", "points:4"]
first = np.array((0, 0.6, 0.4))
after = np.array([(1, 0, 0), (0.5, 0.25, 0.25), (1, 0, 0)])
expect.equal(beam(first, after, 1), [1, 0], en="greedy: 0.6 x 0.5 = 0.3", ko="탐욕: 0.6 x 0.5 = 0.3")
expect.equal(beam(first, after, 2), [2, 0], en="better: 0.4 x 1", ko="더 나은 것: 0.4 x 1")
# hidden
draw = np.random.default_rng(19)
first = np.array([0, *draw.dirichlet(np.ones(4))])
after = np.triu(draw.uniform(0.1, 1, (5, 5)), 1)
after[:, 0] = draw.uniform(0.02, 0.3, 5)
after /= after.sum(axis=1, keepdims=True)
paths = [[a, 0] for a in range(1, 5)] + [[a, b, 0] for a in range(1, 5) for b in range(a + 1, 5)]
paths += [[a, b, c, 0] for a in range(1, 5) for b in range(a + 1, 5) for c in range(b + 1, 5)] + [
    [1, 2, 3, 4, 0]
]
chance = [first[p[0]] * np.prod([after[p[i], p[i + 1]] for i in range(len(p) - 1)]) for p in paths]
expect.equal(
    beam(first, after, 99), paths[int(np.argmax(chance))], en="wide enough for all", ko="모두 담을 만큼 넓게"
)
words = [int(np.argmax(first))]
while words[-1] != 0:
    words.append(int(np.argmax(after[words[-1]])))
expect.equal(beam(first, after, 1), words, en="a beam of one is greedy", ko="너비 1은 탐욕 탐색")
# end hidden

# %% [markdown] lang="en"
# ## 5. Frames of a sound (3 points)
#
# `wave` (n,) is a sound. Cut it into frames of `length` samples, one every `hop` samples, only whole ones; multiply each by the Hamming window $0.54 - 0.46\cos(2\pi k / (length - 1))$, k = 0..length - 1; return the magnitudes of `np.fft.rfft`: an array (frames, length // 2 + 1).

# %% [markdown] lang="ko"
# ## 5. 소리의 프레임 (3점)
#
# `wave`(n,)는 소리입니다. 표본 `length`개짜리 프레임을 `hop`개마다 하나씩, 온전한 것만 자르세요. 프레임마다 해밍 창 $0.54 - 0.46\cos(2\pi k / (length - 1))$, k = 0..length - 1을 곱하고 `np.fft.rfft`의 크기를 반환합니다. 배열 (프레임 수, length // 2 + 1)입니다.


# %% tags=["exercise", "spectrogram"]
def spectrogram(wave, length, hop):
    # solution
    wave = np.asarray(wave, float)
    starts = np.arange(0, len(wave) - length + 1, hop)
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(length) / (length - 1))
    frames = wave[starts[:, None] + np.arange(length)] * window
    return np.abs(np.fft.rfft(frames, axis=1))
    # end solution


# %% tags=["test", "spectrogram", "points:3"]
tone = np.sin(2 * np.pi * 1000 * np.arange(800) / 8000)
answer = spectrogram(tone, 200, 80)
expect.equal(
    np.shape(answer),
    (8, 101),
    en="800 samples, a frame of 25 ms every 10 ms",
    ko="표본 800개, 10 ms마다 25 ms 프레임",
)
expect.equal(
    int(np.argmax(answer[3])), 25, en="1000 Hz is the 25th of 40 Hz steps", ko="1000 Hz는 40 Hz 간격의 25번째"
)
# hidden
draw = np.random.default_rng(20)
wave = draw.normal(size=517)
true = [np.abs(np.fft.rfft(wave[s : s + 64] * np.hamming(64))) for s in range(0, 517 - 64 + 1, 25)]
expect.close(
    spectrogram(wave, 64, 25),
    np.array(true),
    en="noise, and an end that does not fit",
    ko="잡음, 그리고 맞아떨어지지 않는 끝",
)
expect.equal(np.shape(spectrogram(wave[:64], 64, 25)), (1, 33), en="exactly one frame", ko="꼭 한 프레임")
# end hidden
