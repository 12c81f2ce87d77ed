# ---
# title:
#   en: reading text
#   ko: 글 읽기
# minutes: 45
# ---

# %% [markdown] lang="en"
# Every question asks for a function. Write it where it says `YOUR CODE HERE`, then run the test cell below it:
# it answers at once, with your answer and the expected one. Grading uses the same questions with other numbers.

# %% [markdown] lang="ko"
# 각 문제는 함수 하나를 요구합니다. `YOUR CODE HERE`라고 적힌 곳에 작성한 다음 바로 아래의 시험 셀을 실행하세요.
# 여러분의 답과 기댓값을 나란히 바로 보여 줍니다. 채점할 때는 같은 문제를 다른 수로 시험합니다.

# %%
import itertools

import numpy as np

from labs.classroom import expect

# %% [markdown] lang="en"
# ## 1. From a path to a text (3 points)
#
# `probabilities` (steps, classes) are a reader's; class 0 is the blank, class `n` the letter `letters[n - 1]`. Return the text of **greedy** decoding: the most probable
# class of each step, repetitions once, blanks dropped. A letter on both sides of a blank stands twice.

# %% [markdown] lang="ko"
# ## 1. 경로에서 글로 (3점)
#
# `probabilities`(걸음, 클래스)는 신경망의 출력입니다. 클래스 0은 빈칸이고, 클래스 `n`은 글자 `letters[n - 1]`입니다. **탐욕 해독**으로 얻는 글을 반환하세요.
# 걸음마다 가장 확률이 높은 클래스를 고르고, 반복은 하나로 줄이고, 빈칸은 버립니다. 빈칸의 양쪽에 있는 같은 글자는 두 번 씁니다.


# %% tags=["exercise", "greedy"]
def greedy(probabilities, letters):
    # solution
    path = [number for number, _ in itertools.groupby(probabilities.argmax(axis=1))]
    return "".join(letters[number - 1] for number in path if number)
    # end solution


# %% tags=["test", "greedy", "points:3"]
steps = np.eye(3)[[1, 1, 0, 1, 2, 2, 0]]
expect.equal(
    greedy(steps, "가나"), "가가나", en="a blank parts two letters", ko="빈칸이 두 글자를 떼어 놓습니다"
)
# hidden
expect.equal(greedy(np.eye(3)[[0, 0, 0]], "가나"), "", en="nothing but blanks", ko="빈칸뿐일 때")
expect.equal(greedy(np.eye(4)[[3, 3, 1, 1, 3]], "abc"), "cac", en="no blank at all", ko="빈칸이 없을 때")
undecided = np.array([[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0.1, 0.45, 0.45]])
expect.equal(greedy(undecided, "xy"), "x", en="the first of two equal ones", ko="같으면 앞의 것")
# end hidden

# %% [markdown] lang="en"
# ## 2. The probability of a text (4 points)
#
# Return the probability that CTC gives `truth`, a non-empty list of class numbers without blanks: the **sum over all paths** that mean it, for `probabilities` (steps, classes), class 0 the blank.
# The tests are small enough to go through all `classes ** steps` paths; dynamic programming is welcome.

# %% [markdown] lang="ko"
# ## 2. 글의 확률 (4점)
#
# `truth`는 빈칸이 없는 클래스 번호의 목록입니다(비어 있지 않음). CTC가 이 글에 주는 확률, 곧 이 글을 뜻하는 **모든 경로의 확률의 합**을 반환하세요. `probabilities`는 (걸음, 클래스)이고
# 클래스 0이 빈칸입니다. 시험은 경로 `classes ** steps`개를 모두 따져 볼 만큼 작습니다. 동적 계획법으로 풀어도 좋습니다.


# %% tags=["exercise", "text_probability"]
def text_probability(probabilities, truth):
    # solution
    steps, classes = probabilities.shape
    total = 0.0
    for path in itertools.product(range(classes), repeat=steps):
        if [number for number, _ in itertools.groupby(path) if number] == list(truth):
            total += np.prod(probabilities[range(steps), path])
    return total
    # end solution


# %% tags=["test", "text_probability", "points:4"]
even = np.full((2, 2), 0.5)
expect.close(
    text_probability(even, [1]),
    0.75,
    en="three of four paths: a-, -a, aa",
    ko="네 경로 가운데 셋: a-, -a, aa",
)
expect.close(
    text_probability(even, [1, 1]),
    0.0,
    en="aa needs a blank in between, three steps",
    ko="aa에는 사이의 빈칸까지 세 걸음이 필요합니다",
)
# hidden
draw = np.random.default_rng(14)
chances = draw.dirichlet(np.ones(3), size=5)
sums = {}
for path in itertools.product(range(3), repeat=5):
    key = tuple(number for number, _ in itertools.groupby(path) if number)
    sums[key] = sums.get(key, 0) + np.prod(chances[range(5), path])
for wanted in ((1,), (2, 1), (1, 1), (1, 2, 1), (2, 2, 1)):
    expect.close(
        text_probability(chances, list(wanted)), sums[wanted], en=f"the text {wanted}", ko=f"글 {wanted}"
    )
# end hidden

# %% [markdown] lang="en"
# ## 3. The character error rate (3 points)
#
# How many letters of `guess` must be inserted, deleted or replaced, at least, to get `truth`? Return that number divided by the length of `truth`
# (not empty). It may be larger than 1.

# %% [markdown] lang="ko"
# ## 3. 글자 오류율 (3점)
#
# `guess`를 `truth`로 바꾸려면 글자를 적어도 몇 번 넣거나 지우거나 바꾸어야 할까요? 그 수를 `truth`(비어 있지 않음)의 길이로 나누어 반환하세요.
# 1보다 클 수도 있습니다.


# %% tags=["exercise", "character_error_rate"]
def character_error_rate(truth, guess):
    # solution
    row = list(range(len(guess) + 1))
    for i, letter in enumerate(truth, start=1):
        last, row = row, [i]
        for j, other in enumerate(guess):
            row.append(min(last[j + 1] + 1, row[j] + 1, last[j] + (letter != other)))
    return row[-1] / len(truth)
    # end solution


# %% tags=["test", "character_error_rate", "points:3"]
expect.close(
    character_error_rate("도서관", "도시관"), 1 / 3, en="one letter replaced", ko="한 글자가 바뀌었습니다"
)
expect.close(
    character_error_rate("reading", "reeding!"),
    2 / 7,
    en="one replaced, one inserted",
    ko="하나는 바뀌고 하나는 더 들어갔습니다",
)
# hidden
expect.close(character_error_rate("abc", "abc"), 0.0, en="all right", ko="모두 맞을 때")
expect.close(character_error_rate("abc", ""), 1.0, en="nothing read", ko="아무것도 읽지 못했을 때")
expect.close(
    character_error_rate("가나", "가가나나다"),
    1.5,
    en="more errors than letters",
    ko="글자보다 오류가 많을 때",
)
expect.close(character_error_rate("kitten", "sitting"), 0.5, en="the classic", ko="고전적인 예")
expect.close(
    character_error_rate("abcdef", "bcdefa"),
    2 / 6,
    en="a letter moved from front to back",
    ko="글자 하나가 앞에서 뒤로 옮겨 갔을 때",
)
# end hidden

# %% [markdown] lang="en"
# ## 4. The middle of a word, and back (3 points)
#
# A detector marks the middle of an upright word `(x0, y0, x1, y1)`: every side is moved inwards by `share` times the shorter side. Return the word's box for a marked middle
# `(x0, y0, x1, y1)`: the inverse. `share` is below 0.5.

# %% [markdown] lang="ko"
# ## 4. 낱말의 가운데에서 낱말로 (3점)
#
# 검출기는 곧은 낱말 상자 `(x0, y0, x1, y1)`의 각 변을, 짧은 변의 길이에 `share`를 곱한 만큼 안쪽으로 옮긴 가운데를 칠합니다. 칠해진 가운데
# `(x0, y0, x1, y1)`를 받아 원래 낱말 상자를 반환하세요. 곧 역변환입니다. `share`는 0.5보다 작습니다.


# %% tags=["exercise", "unclip"]
def unclip(middle, share):
    # solution
    x0, y0, x1, y1 = middle
    moved = share / (1 - 2 * share) * min(x1 - x0, y1 - y0)
    return x0 - moved, y0 - moved, x1 + moved, y1 + moved
    # end solution


# %% tags=["test", "unclip", "points:3"]
expect.close(
    unclip((13, 13, 87, 17), 0.3),
    (10, 10, 90, 20),
    en="10 high: moved by 3",
    ko="높이가 10이므로 3만큼 옮겼습니다",
)
# hidden
for word, share in (((0, 0, 20, 8), 0.25), ((5, 5, 9, 45), 0.1), ((-4, 2, 6, 12), 0.4)):
    inset = share * min(word[2] - word[0], word[3] - word[1])
    middle = (word[0] + inset, word[1] + inset, word[2] - inset, word[3] - inset)
    expect.close(unclip(middle, share), word, en=f"a word {word}", ko=f"낱말 {word}")
# end hidden

# %% [markdown] lang="en"
# ## 5. Syllables from jamo (3 points)
#
# A reader gives one score for each of 19 initials, 21 vowels and 28 finals (the first final is "none"). A syllable's score is the sum of its three. Unicode orders the syllables
# as `0xAC00 + (initial * 21 + vowel) * 28 + final`. Return the syllable (a `str` of length 1) with the highest score among `allowed`, a text of syllables.

# %% [markdown] lang="ko"
# ## 5. 자모에서 음절로 (3점)
#
# 신경망이 초성(initial) 19개, 중성(vowel) 21개, 종성(final) 28개(첫 종성은 "없음")의 점수를 내놓습니다. 음절의 점수는 세 점수의 합입니다. 유니코드에서 음절의 번호는
# `0xAC00 + (initial * 21 + vowel) * 28 + final`입니다. 음절들로 된 글 `allowed` 가운데 점수가 가장 높은 음절(길이 1인 `str`)을 반환하세요.


# %% tags=["exercise", "best_syllable"]
def best_syllable(initials, vowels, finals, allowed):
    # solution
    def score(syllable):
        rest, final = divmod(ord(syllable) - 0xAC00, 28)
        initial, vowel = divmod(rest, 21)
        return initials[initial] + vowels[vowel] + finals[final]

    return max(allowed, key=score)
    # end solution


# %% tags=["test", "best_syllable", "points:3"]
initials, vowels, finals = np.zeros(19), np.zeros(21), np.zeros(28)
initials[18], vowels[0], finals[4] = 2, 3, 1  # ㅎ, ㅏ, ㄴ
expect.equal(best_syllable(initials, vowels, finals, "가한글"), "한", en="ㅎ + ㅏ + ㄴ", ko="ㅎ + ㅏ + ㄴ")
expect.equal(
    best_syllable(initials, vowels, finals, "가글"),
    "가",
    en="한 is not allowed here",
    ko="여기서는 한을 쓸 수 없습니다",
)
# hidden
draw = np.random.default_rng(15)
for _ in range(3):
    initials, vowels, finals = draw.normal(size=19), draw.normal(size=21), draw.normal(size=28)
    every = [chr(0xAC00 + number) for number in range(11172)]
    best = chr(0xAC00 + (int(initials.argmax()) * 21 + int(vowels.argmax())) * 28 + int(finals.argmax()))
    expect.equal(
        best_syllable(initials, vowels, finals, "".join(every)), best, en="all 11,172", ko="11,172자 모두"
    )
    some = "".join(draw.permutation([s for s in every if s != best])[:50])
    totals = [
        initials[(ord(s) - 0xAC00) // 588]
        + vowels[(ord(s) - 0xAC00) // 28 % 21]
        + finals[(ord(s) - 0xAC00) % 28]
        for s in some
    ]
    expect.equal(
        best_syllable(initials, vowels, finals, some),
        some[int(np.argmax(totals))],
        en="fifty of them",
        ko="그 가운데 쉰 자",
    )
# end hidden
