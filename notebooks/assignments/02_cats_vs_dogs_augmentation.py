# ---
# title:
#   en: augmentation that tells the truth
#   ko: 거짓말하지 않는 데이터 증대
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
# ## 1. Each picture throws its own coin (3 points)
#
# Mirror pictures (number, height, width, channels) left to right, each with the probability 1/2 and independently of the others.
# `seed` makes it repeatable: the same seed, the same result. Do not change the array that you were given.

# %% [markdown] lang="ko"
# ## 1. 영상마다 따로 던지는 동전 (3점)
#
# 영상 (개수, 높이, 너비, 채널)을 각각 1/2의 확률로, 서로 독립적으로 좌우로 뒤집으세요.
# `seed`가 같으면 결과도 같아야 합니다. 받은 배열 자체를 바꾸지는 마세요.


# %% tags=["exercise", "random_flip"]
def random_flip(pictures, seed):
    # solution
    coins = np.random.default_rng(seed).random(len(pictures)) < 0.5
    return np.where(coins[:, np.newaxis, np.newaxis, np.newaxis], pictures[:, :, ::-1], pictures)
    # end solution


# %% tags=["test", "random_flip", "points:3"]
pictures = np.arange(400 * 2 * 3).reshape(400, 2, 3, 1)
flipped = random_flip(pictures, seed=1)
expect.shape(flipped, pictures.shape, en="the shape stays", ko="모양은 그대로입니다")
same = (flipped == pictures).all(axis=(1, 2, 3))
mirrored = (flipped == pictures[:, :, ::-1]).all(axis=(1, 2, 3))
expect.true((same | mirrored).all(), en="mirror along the width, axis 2", ko="너비 방향(축 2)으로 뒤집으세요")
expect.true(
    150 < mirrored.sum() < 250,
    en=f"{mirrored.sum()} of 400 pictures are mirrored, about 200 are expected: a coin for each",
    ko=f"400장 중 {mirrored.sum()}장이 뒤집혔습니다. 200장쯤이어야 합니다. 영상마다 동전을 던지세요",
)
# hidden
expect.equal(random_flip(pictures, seed=1), flipped, en="the same seed twice", ko="같은 시드를 두 번 썼을 때")
other = random_flip(pictures, seed=2)
expect.true(
    (other != flipped).any(), en="another seed, another result", ko="시드가 다르면 결과도 달라야 합니다"
)
# end hidden

# %% [markdown] lang="en"
# ## 2. CutMix, with the label it deserves (4 points)
#
# Paste the rectangle `top:bottom`, `left:right` of picture `b` into picture `a`; parts of the rectangle may lie outside of the picture.
# Return `(picture, label)`: the label is the mixture of `label_a` and `label_b` (arrays of probabilities) by the **area that was really pasted**.

# %% [markdown] lang="ko"
# ## 2. CutMix와 그에 걸맞은 레이블 (4점)
#
# 영상 `b`의 사각형 `top:bottom`, `left:right`를 영상 `a`에 붙여 넣으세요. 사각형의 일부가 영상 밖에 있을 수도 있습니다.
# `(picture, label)`을 반환하세요. 레이블은 `label_a`와 `label_b`(확률 배열)를 **실제로 붙여 넣은 넓이**의 비율로 섞은 것입니다.


# %% tags=["exercise", "cutmix"]
def cutmix(a, b, label_a, label_b, top, bottom, left, right):
    # solution
    height, width = a.shape[:2]
    top, bottom = np.clip([top, bottom], 0, height)
    left, right = np.clip([left, right], 0, width)
    mixed = a.copy()
    mixed[top:bottom, left:right] = b[top:bottom, left:right]
    share = (bottom - top) * (right - left) / (height * width)
    return mixed, (1 - share) * label_a + share * label_b
    # end solution


# %% tags=["test", "cutmix", "points:4"]
cat, dog = np.array([1.0, 0.0]), np.array([0.0, 1.0])
black, white = np.zeros((4, 5, 3)), np.ones((4, 5, 3))
picture, label = cutmix(black, white, cat, dog, 0, 2, 0, 5)
expect.close(picture[:2].mean(), 1, en="the rectangle comes from b", ko="사각형은 b에서 옵니다")
expect.close(picture[2:].mean(), 0, en="the rest comes from a", ko="나머지는 a에서 옵니다")
expect.close(
    label, [0.5, 0.5], en="half of the area, half of the label", ko="넓이의 절반이면 레이블도 절반입니다"
)
# hidden
picture, label = cutmix(black, white, cat, dog, 3, 7, -2, 1)
expect.close(picture.sum(), 3, en="a rectangle across the border", ko="경계를 넘는 사각형")
expect.close(
    label, [0.95, 0.05], en="only the area inside of the picture counts", ko="영상 안쪽 넓이만 셉니다"
)
expect.close(cutmix(black, white, cat, dog, 1, 1, 0, 5)[1], cat, en="an empty rectangle", ko="빈 사각형")
expect.close(black.sum(), 0, en="do not change a", ko="a를 바꾸지 마세요")
# end hidden

# %% [markdown] lang="en"
# ## 3. Shift without wrapping (3 points)
#
# Move a picture (height, width, channels) `down` and `right` by whole pixels (negative: up and left). What comes in at the border
# repeats the nearest pixel of the picture. `np.roll` would bring in what left on the other side.

# %% [markdown] lang="ko"
# ## 3. 돌아 나오지 않는 이동 (3점)
#
# 영상 (높이, 너비, 채널)을 화소 단위로 `down`만큼 아래로, `right`만큼 오른쪽으로 옮기세요(음수이면 위와 왼쪽). 가장자리에 새로
# 들어오는 곳은 가장 가까운 화소를 되풀이합니다. `np.roll`을 쓰면 반대쪽으로 나간 것이 돌아 들어옵니다.


# %% tags=["exercise", "shift"]
def shift(picture, down, right):
    # solution
    height, width = picture.shape[:2]
    rows = np.clip(np.arange(height) - down, 0, height - 1)
    columns = np.clip(np.arange(width) - right, 0, width - 1)
    return picture[rows][:, columns]
    # end solution


# %% tags=["test", "shift", "points:3"]
picture = np.array([[1, 2, 3], [4, 5, 6]])[:, :, np.newaxis]
expect.equal(
    shift(picture, 0, 1)[:, :, 0],
    [[1, 1, 2], [4, 4, 5]],
    en="to the right",
    ko="오른쪽으로 한 화소 옮겼을 때",
)
# hidden
expect.equal(shift(picture, -1, 0)[:, :, 0], [[4, 5, 6], [4, 5, 6]], en="upwards", ko="위로 옮겼을 때")
expect.equal(shift(picture, 1, -2)[:, :, 0], [[3, 3, 3], [3, 3, 3]], en="both", ko="두 방향으로 옮겼을 때")
expect.equal(shift(picture, 9, 9)[:, :, 0], np.ones((2, 3)), en="far away", ko="아주 멀리 옮겼을 때")
# end hidden

# %% [markdown] lang="en"
# ## 4. When to stop (3 points)
#
# Early stopping waits until the validation loss has not fallen below its best for `patience` epochs in a row. Return
# `(stopped, best)`: the number of epochs that were trained, and the number (from 0) of the epoch whose weights are kept.
# Training that never has to stop uses all epochs.

# %% [markdown] lang="ko"
# ## 4. 언제 멈출까요? (3점)
#
# 조기 종료는 검증 손실이 `patience` 에포크 동안 연달아 최저값보다 낮아지지 않으면 학습을 멈춥니다. `(stopped, best)`를 반환하세요.
# 각각 학습한 에포크의 수와, 가중치를 남길 에포크의 번호(0부터)입니다. 멈출 일이 없으면 모든 에포크를 학습합니다.


# %% tags=["exercise", "early_stopping"]
def early_stopping(losses, patience):
    # solution
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return epoch + 1, best
    return len(losses), best
    # end solution


# %% tags=["test", "early_stopping", "points:3"]
expect.equal(
    early_stopping([0.7, 0.5, 0.6, 0.55, 0.4], patience=2),
    (4, 1),
    en="epoch 4 would have been better, but nobody got there",
    ko="4번 에포크가 더 좋았겠지만 거기까지 가지 않습니다",
)
# hidden
expect.equal(
    early_stopping([0.7, 0.5, 0.6, 0.55, 0.4], patience=3), (5, 4), en="patience 3", ko="patience가 3일 때"
)
expect.equal(
    early_stopping([0.3, 0.3, 0.3], patience=2),
    (3, 0),
    en="equal is not better",
    ko="같으면 나아진 것이 아닙니다",
)
expect.equal(early_stopping([0.9, 0.8, 0.7], patience=1), (3, 2), en="always better", ko="계속 나아질 때")
# end hidden

# %% [markdown] lang="en"
# ## 5. A validation set that nobody has seen (3 points)
#
# Some photos show the same animal: `animals` holds a number for each photo. Split the photos into training and validation so that
# **no animal is in both**. Return `(train, validation)`, two arrays of photo numbers that hold every photo once; the validation takes at
# least `share` of the animals, rounded up. `seed` draws which.

# %% [markdown] lang="ko"
# ## 5. 아무도 보지 못한 검증 데이터 (3점)
#
# 같은 동물을 찍은 사진이 여러 장 있습니다. `animals`에는 사진마다 동물의 번호가 있습니다. **어떤 동물도 양쪽에 들어가지 않도록**
# 사진을 학습용과 검증용으로 나누세요. 모든 사진 번호를 한 번씩 담은 두 배열 `(train, validation)`을 반환하세요. 검증용에는
# 동물의 `share`만큼(올림)이 들어갑니다. 어느 동물인지는 `seed`로 뽑습니다.


# %% tags=["exercise", "split_by_animal"]
def split_by_animal(animals, share, seed):
    # solution
    kinds = np.unique(animals)
    chosen = np.random.default_rng(seed).permutation(kinds)[: int(np.ceil(share * len(kinds)))]
    held_out = np.isin(animals, chosen)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
    # end solution


# %% tags=["test", "split_by_animal", "points:3"]
animals = np.arange(60) % 20  # three photos of each of twenty animals
train, validation = split_by_animal(animals, 0.25, seed=0)
expect.equal(
    np.sort(np.concatenate([train, validation])),
    np.arange(60),
    en="every photo once",
    ko="모든 사진이 한 번씩",
)
seen = set(animals[train]) & set(animals[validation])
expect.true(
    not seen,
    en=f"animals in both: {sorted(map(int, seen))}",
    ko=f"양쪽에 있는 동물: {sorted(map(int, seen))}",
)
expect.equal(len(set(animals[validation])), 5, en="a quarter of the animals", ko="동물의 4분의 1")
# hidden
animals = np.random.default_rng(5).integers(100, 117, 90)
splits = [split_by_animal(animals, 0.3, seed) for seed in range(4)]
for train, validation in splits:
    expect.true(
        not set(animals[train]) & set(animals[validation]), en="an animal in both", ko="양쪽에 같은 동물"
    )
    expect.equal(
        np.sort(np.concatenate([train, validation])), np.arange(90), en="every photo", ko="모든 사진"
    )
    wanted = int(np.ceil(0.3 * len(set(animals))))
    expect.equal(len(set(animals[validation])), wanted, en="rounded up", ko="올림한 수")
drawn = {tuple(validation) for _, validation in splits}
expect.true(len(drawn) > 1, en="the seed draws the animals", ko="시드에 따라 동물이 달라져야 합니다")
# end hidden
