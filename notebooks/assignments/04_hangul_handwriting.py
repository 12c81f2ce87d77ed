# ---
# title:
#   en: letters, distortions, and an honest test
#   ko: 글자, 변형, 그리고 정직한 시험
# minutes: 40
# ---

# %% [markdown] lang="en"
# Every question asks for a function. Write it where it says `YOUR CODE HERE`, then run the test cell below it:
# it answers at once, with your answer and the expected one. Grading uses the same questions with other numbers.

# %% [markdown] lang="ko"
# 각 문제는 함수 하나를 요구합니다. `YOUR CODE HERE`라고 적힌 곳에 작성한 다음 바로 아래의 시험 셀을 실행하세요.
# 여러분의 답과 기댓값을 나란히 바로 보여 줍니다. 채점할 때는 같은 문제를 다른 수로 시험합니다.

# %%
import cv2
import numpy as np

from labs.classroom import expect

# %% [markdown] lang="en"
# ## 1. A syllable is a number with three digits (3 points)
#
# Unicode lays the syllables out from `가` (0xAC00) on as a table of 19 initials × 21 vowels × 28 finals, the final changing fastest.
# Return the numbers `(initial, vowel, final)` of a syllable, each from 0 on; final 0 means that there is none. Use arithmetic only.

# %% [markdown] lang="ko"
# ## 1. 음절은 세 자리 수 (3점)
#
# 유니코드에는 음절이 `가`(0xAC00)부터 초성 19 × 중성 21 × 종성 28의 표로 놓여 있고, 종성이 가장 빨리 바뀝니다.
# 음절의 번호 `(initial, vowel, final)`을 각각 0부터 세어 반환하세요. 종성 0은 받침이 없다는 뜻입니다. 산술만 사용하세요.


# %% tags=["exercise", "jamo_numbers"]
def jamo_numbers(syllable):
    # solution
    rest, final = divmod(ord(syllable) - 0xAC00, 28)
    return rest // 21, rest % 21, final
    # end solution


# %% tags=["test", "jamo_numbers", "points:3"]
expect.equal(jamo_numbers("가"), (0, 0, 0), en="the first of all", ko="첫 음절")
expect.equal(jamo_numbers("각"), (0, 0, 1), en="the final changes fastest", ko="종성이 가장 빨리 바뀝니다")
expect.equal(
    jamo_numbers("한"),
    (18, 0, 4),
    en="ㅎ is initial 18, ㄴ is final 4",
    ko="ㅎ은 초성 18번, ㄴ은 종성 4번입니다",
)
# hidden
expect.equal(jamo_numbers("힣"), (18, 20, 27), en="the last of all", ko="마지막 음절")
expect.equal(
    [jamo_numbers(s) for s in "글씨값"], [(0, 18, 8), (10, 20, 0), (0, 0, 18)], en="글씨값", ko="글씨값"
)
# end hidden

# %% [markdown] lang="en"
# ## 2. Elastic distortion (4 points)
#
# An elastic distortion moves each pixel a little, neighbours alike. From two fields of noise (`noise_x`, `noise_y`, the shape of the picture)
# make displacements: blur each with a Gaussian of `sigma` (`cv2.GaussianBlur`, kernel size `(0, 0)`), and scale it so that its **largest
# absolute value is `strength` pixels**. Then let `cv2.remap` (linear, border 0) fetch for each pixel the one at
# (x + its displacement in x, y + its displacement in y). Picture: float32 (height, width).

# %% [markdown] lang="ko"
# ## 2. 탄성 변형 (4점)
#
# 탄성 변형은 화소를 조금씩 옮기되 이웃끼리는 비슷하게 옮깁니다. 영상과 모양이 같은 잡음 `noise_x`, `noise_y`로 변위를 만드세요.
# 각각 `sigma`인 가우시안으로 흐리게 하고(`cv2.GaussianBlur`, 커널 크기 `(0, 0)`), **절댓값의 최댓값이 `strength` 화소**가 되도록
# 크기를 맞춥니다. 그런 다음 `cv2.remap`(선형 보간, 테두리 0)으로 각 화소에 (x + x 변위, y + y 변위)에 있는 화소를 가져오세요.
# 영상은 float32 (높이, 너비)입니다.


# %% tags=["exercise", "elastic"]
def elastic(picture, noise_x, noise_y, sigma, strength):
    # solution
    def displacement(noise):
        smooth = cv2.GaussianBlur(noise.astype(np.float32), (0, 0), sigma)
        return smooth * (strength / np.abs(smooth).max())

    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    x, y = columns + displacement(noise_x), rows + displacement(noise_y)
    return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    # end solution


# %% tags=["test", "elastic", "points:4"]
picture = np.tile(np.arange(8, dtype=np.float32), (6, 1))  # brighter to the right
level = np.ones((6, 8), np.float32)
moved = elastic(picture, level, 0 * level + 1e-9, sigma=2, strength=1)
expect.shape(moved, (6, 8), en="the shape stays", ko="모양은 그대로입니다")
expect.close(
    moved[2, :5],
    [1, 2, 3, 4, 5],
    en="level noise moves everything by `strength` pixels",
    ko="고른 잡음은 전체를 `strength` 화소만큼 옮깁니다",
    tolerance=1e-3,
)
# hidden
draw = np.random.default_rng(6)
noise_x, noise_y = draw.uniform(-1, 1, (2, 20, 24)).astype(np.float32)
picture = draw.uniform(0, 255, (20, 24)).astype(np.float32)
fields = [cv2.GaussianBlur(noise, (0, 0), 3) for noise in (noise_x, noise_y)]
fields = [2.5 * field / np.abs(field).max() for field in fields]
rows, columns = np.mgrid[:20, :24].astype(np.float32)
wanted = cv2.remap(picture, columns + fields[0], rows + fields[1], cv2.INTER_LINEAR)
expect.close(elastic(picture, noise_x, noise_y, 3, 2.5), wanted, en="noise", ko="임의의 잡음", tolerance=1e-2)
# end hidden

# %% [markdown] lang="en"
# ## 3. An honest test (3 points)
#
# A recogniser that was tested on faces it learned from proves nothing. `faces` names the face of each picture. Return `(train, test)`:
# two arrays of picture numbers, such that all pictures of the faces in the list `held_out` are for the test and all others for training.
# A name in `held_out` that no picture has is a typing error: raise `ValueError`.

# %% [markdown] lang="ko"
# ## 3. 정직한 시험 (3점)
#
# 학습한 글꼴로 시험한 인식기는 아무것도 증명하지 못합니다. `faces`에는 영상마다 글꼴 이름이 있습니다. 영상 번호 배열 두 개
# `(train, test)`를 반환하세요. 목록 `held_out`에 있는 글꼴의 영상은 모두 시험용, 나머지는 모두 학습용입니다.
# `held_out`에 어떤 영상에도 없는 이름이 있으면 오타입니다. `ValueError`를 일으키세요.


# %% tags=["exercise", "split_by_face"]
def split_by_face(faces, held_out):
    # solution
    unknown = set(held_out) - set(faces)
    if unknown:
        raise ValueError(f"no picture has the face {sorted(unknown)}")
    test = np.isin(faces, held_out)
    return np.flatnonzero(~test), np.flatnonzero(test)
    # end solution


# %% tags=["test", "split_by_face", "points:3"]
faces = ["pen", "brush", "pen", "gothic", "brush"]
expect.equal(
    split_by_face(faces, ["brush"]),
    ([0, 2, 3], [1, 4]),
    en="all pictures of a face",
    ko="한 글꼴의 모든 영상",
)
# hidden
expect.equal(split_by_face(faces, ["pen", "gothic"]), ([1, 4], [0, 2, 3]), en="two faces", ko="글꼴 두 개")
expect.equal(split_by_face(faces, []), ([0, 1, 2, 3, 4], []), en="none held out", ko="따로 두지 않을 때")
try:
    split_by_face(faces, ["brsh"])
    found = False
except Exception as error:
    found = "ValueError" in f"{type(error).__name__} {error}"
expect.true(found, en="a face that no picture has: ValueError", ko="없는 글꼴이면 ValueError여야 합니다")
# end hidden

# %% [markdown] lang="en"
# ## 4. In the middle (3 points)
#
# A drawn syllable stands anywhere. Move the picture (height, width; ink > 0, paper 0) by whole pixels so that the **bounding box of its ink** is in the
# middle: as many empty rows above as below, as many empty columns on the left as on the right, one more below or on the right where it does
# not come out even. A picture without ink stays as it is.

# %% [markdown] lang="ko"
# ## 4. 한가운데로 (3점)
#
# 손으로 쓴 음절은 아무 데나 있습니다. 영상(높이, 너비; 잉크 > 0, 종이 0)을 화소 단위로 옮겨 **잉크의 경계 상자**가 한가운데
# 오게 하세요. 위와 아래의 빈 줄 수, 왼쪽과 오른쪽의 빈 칸 수가 같아야 하고, 나누어떨어지지 않으면 아래와 오른쪽이 하나 더 많습니다.
# 잉크가 없는 영상은 그대로 둡니다.


# %% tags=["exercise", "centre"]
def centre(picture):
    # solution
    rows, columns = np.nonzero(picture)
    if len(rows) == 0:
        return picture
    ink = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    top, left = ((whole - part) // 2 for whole, part in zip(picture.shape, ink.shape, strict=True))
    moved = np.zeros_like(picture)
    moved[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return moved
    # end solution


# %% tags=["test", "centre", "points:3"]
picture = np.zeros((5, 6), np.uint8)
picture[0, 0], picture[0, 1] = 7, 9
wanted = np.zeros((5, 6), np.uint8)
wanted[2, 2], wanted[2, 3] = 7, 9
expect.equal(centre(picture), wanted, en="two pixels in a corner", ko="구석에 있는 두 화소")
# hidden
ink = np.random.default_rng(8).integers(1, 255, (4, 3)).astype(np.uint8)
picture, wanted = np.zeros((9, 8), np.uint8), np.zeros((9, 8), np.uint8)
picture[5:, 5:], wanted[2:6, 2:5] = ink, ink
expect.equal(
    centre(picture), wanted, en="an odd number of empty rows and columns", ko="빈 줄과 칸이 홀수일 때"
)
expect.equal(centre(np.zeros((3, 3), np.uint8)), np.zeros((3, 3)), en="no ink", ko="잉크가 없을 때")
expect.equal(centre(wanted), wanted, en="in the middle already", ko="이미 한가운데일 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. Half right (3 points)
#
# `배` read as `베` is wrong, but only in its vowel. Return `(syllables, letters)`: the share of syllables that are right, and the share of
# their letters (initial, vowel, final: three for each syllable, an absent final counts as a letter). You may use your `jamo_numbers`.

# %% [markdown] lang="ko"
# ## 5. 반쯤 맞음 (3점)
#
# `배`를 `베`로 읽으면 틀렸지만 중성만 틀린 것입니다. `(syllables, letters)`를 반환하세요. 각각 맞힌 음절의 비율과 맞힌 자모의
# 비율입니다(초성, 중성, 종성으로 음절마다 셋이며, 받침이 없는 것도 하나로 셉니다). 앞에서 만든 `jamo_numbers`를 써도 됩니다.


# %% tags=["exercise", "accuracies"]
def accuracies(truth, predicted):
    # solution
    pairs = list(zip(truth, predicted, strict=True))
    syllables = np.mean([one == other for one, other in pairs])
    letters = np.mean([np.equal(jamo_numbers(one), jamo_numbers(other)) for one, other in pairs])
    return syllables, letters
    # end solution


# %% tags=["test", "accuracies", "points:3"]
expect.close(
    accuracies("배", "베"), (0, 2 / 3), en="initial and final are right", ko="초성과 종성은 맞았습니다"
)
expect.close(accuracies("한글", "한글"), (1, 1), en="all right", ko="모두 맞았을 때")
# hidden
expect.close(
    accuracies("값싼책", "갑산책"),
    (1 / 3, 7 / 9),
    en="a final and an initial",
    ko="종성과 초성이 하나씩 틀림",
)
expect.close(accuracies("뷁", "이"), (0, 0), en="nothing right", ko="모두 틀렸을 때")
# end hidden
