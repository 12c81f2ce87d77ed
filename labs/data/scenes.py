"""Scenes of a drawn shape and a handwritten digit, and a sentence about each in English and in Korean.

A scene has five facts, numbers into FACTS: how large the shape is, its colour, its form, where it lies seen from
the digit, and the digit. The English sentence begins with the shape, the Korean one with the digit.
"""

import cv2
import numpy as np

SIDE = 48  # pixels
FACTS = {
    "size": ("small", "large"),
    "colour": ("red", "green", "blue", "yellow"),
    "form": ("circle", "square", "triangle"),
    "place": ("left", "right", "above", "below"),
    "digit": tuple("0123456789"),
}
_KOREAN = (("작은", "큰"), ("빨간", "초록", "파란", "노란"), ("원", "사각형", "삼각형"))
_SEEN_FROM_THE_SHAPE = ("오른쪽", "왼쪽", "아래", "위")
_SUBJECT = "이이가이가가이이이가"  # 이 or 가 after 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구
_GLUED = ("이", "가", "의", "에")
_COLOURS = ((220, 50, 50), (50, 180, 70), (60, 90, 230), (235, 205, 50))
_STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1))
LANGUAGES = ("en", "ko")
LONGEST = 11  # words, with the end


def compose(digits, labels, count, seed):
    """Pictures uint8 (count, SIDE, SIDE, 3), RGB, and facts int64 (count, 5), drawn at random.

    digits: uint8 (n, 28, 28) or (n, 28, 28, 1), such as MNIST's; labels: (n,) what they are.

    Example: `pictures, facts = scenes.compose(dataset.x_train, dataset.y_train, 1000, seed=1)`.
    """
    draw = np.random.default_rng(seed)
    facts = np.column_stack([draw.integers(0, len(listed), count) for listed in FACTS.values()])
    chosen = draw.integers(0, len(digits), count)
    facts[:, 4] = np.asarray(labels)[chosen]
    pictures = [
        _drawn(one, digits[number].reshape(28, 28), draw) for one, number in zip(facts, chosen, strict=True)
    ]
    return np.array(pictures), facts


def sentence(facts, language):
    """The words about one scene's facts, without start and end: `["a", "small", "red", ...]`."""
    size, colour, form, place, digit = (int(number) for number in facts)
    if language == "en":
        listed = list(FACTS.values())
        where = [listed[3][place], "of"] if place < 2 else [listed[3][place]]
        return [
            "a",
            listed[0][size],
            listed[1][colour],
            listed[2][form],
            "is",
            *where,
            "the",
            "digit",
            str(digit),
        ]
    described = [names[number] for names, number in zip(_KOREAN, (size, colour, form), strict=True)]
    return [
        "숫자",
        str(digit),
        _SUBJECT[digit],
        *described,
        "의",
        _SEEN_FROM_THE_SHAPE[place],
        "에",
        "있습니다",
    ]


def text(words):
    """Words as one reads them: Korean particles joined to the word before."""
    written = ""
    for word in words:
        written += word if not written or word in _GLUED else f" {word}"
    return written


def said(words):
    """The facts that a sentence states, or None when it is no sentence about a scene."""
    return _SENTENCES.get(tuple(words))


def words_of(row):
    """The words that a row of numbers stands for, without language and end: the inverse of `encode`."""
    numbers = [int(number) for number in row[1:]]
    return [WORDS[number] for number in (numbers[: numbers.index(0)] if 0 in numbers else numbers)]


def right(rows, facts):
    """Which facts the sentences in `rows` state rightly: bool (n, 5). A sentence that is none states nothing."""
    stated = [said(words_of(row)) or (-1,) * len(FACTS) for row in rows]
    return np.array(stated) == facts


def encode(facts, languages):
    """int32 (n, LONGEST + 1): the language, the words, the end (0); numbers into WORDS."""
    rows = np.zeros((len(facts), LONGEST + 1), "int32")
    for row, one, language in zip(rows, facts, languages, strict=True):
        numbers = [_NUMBERS[word] for word in (f"<{language}>", *sentence(one, language))]
        row[: len(numbers)] = numbers
    return rows


def _drawn(facts, digit, draw):
    size, colour, form, place, _ = facts
    across = int(draw.integers(8, 11) if size == 0 else draw.integers(16, 20))
    tall = int(draw.integers(18, 23))
    step, side = np.array(_STEPS[place]), draw.integers(-5, 6)
    apart = step * ((across + tall) / 2 + draw.integers(0, 5)) + side * np.abs(step[::-1])
    low = np.maximum(tall / 2, across / 2 - apart)  # where the digit's middle may lie
    high = np.minimum(SIDE - tall / 2, SIDE - across / 2 - apart)
    middle = draw.uniform(low, np.maximum(low, high))
    picture = np.full((SIDE, SIDE, 3), draw.integers(20, 90, 3), "float32") + draw.normal(
        0, 6, (SIDE, SIDE, 3)
    )
    ink = cv2.resize(digit, (tall, tall), interpolation=cv2.INTER_AREA)[..., None] / 255
    x, y = np.clip(np.round(middle - tall / 2).astype(int), 0, SIDE - tall)
    part = picture[y : y + tall, x : x + tall]
    part[:] = part * (1 - ink) + ink * draw.integers(200, 256)
    tint = np.clip(np.array(_COLOURS[colour]) + draw.integers(-25, 26, 3), 0, 255)
    _shape(picture, form, middle + apart, across / 2, [int(part) for part in tint])
    return np.clip(picture, 0, 255).astype("uint8")


def _shape(picture, form, middle, half, tint):
    x, y = middle
    if form == 0:
        cv2.circle(picture, (round(x), round(y)), round(half), tint, -1, cv2.LINE_AA)
        return
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)] if form == 1 else [(0, -1), (1, 1), (-1, 1)]
    points = np.round(middle + half * np.array(corners) * (0.9 if form == 1 else 1)).astype(int)
    cv2.fillPoly(picture, [points], tint, cv2.LINE_AA)


_ALL = np.stack(np.meshgrid(*(range(len(listed)) for listed in FACTS.values()), indexing="ij"), -1).reshape(
    -1, 5
)
_SENTENCES = {tuple(sentence(one, language)): tuple(one.tolist()) for language in LANGUAGES for one in _ALL}
WORDS = (".", "<en>", "<ko>", *sorted({word for words in _SENTENCES for word in words}))
_NUMBERS = {word: number for number, word in enumerate(WORDS)}
