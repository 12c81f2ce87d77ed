# ---
# title:
#   en: Key points, from a heat map to a scanner
#   ko: 키포인트, 히트맵에서 스캐너까지
# minutes: 5
# data:
#   en: photographs of handwritten sheets, composed (MNIST and bundled faces), an open portrait
#   ko: 합성한 손글씨 종이 사진(MNIST와 함께 제공되는 글꼴), 공개 인물 사진
# accuracy:
#   en: worst corner, median, in shares of the diagonal, coordinates 16 %, hourglass 8.5 %, two 7.2 % (240 photographs); the kept network 0.9 %
#   ko: 가장 나쁜 모서리의 오차(대각선에 대한 비율, 중앙값), 좌표 16 %, 모래시계 8.5 %, 두 개 7.2 % (사진 240장), 저장된 신경망 0.9 %
# seed: 13
# ---

# %% [markdown] lang="en"
# Where are the corners of a page, the eyes of a face, the joints of a hand? In this notebook we
#
# - answer with **coordinates** and with a **heat map**, and measure which a network learns better;
# - read a place from a heat map: argmax, a quarter of a pixel further, soft-argmax;
# - build an **hourglass** network, then two in a row with a loss after each;
# - make a **document scanner** of it: four corners, one homography, a straight page;
# - let every pixel of the paper say where on the page it is, for a page that is *bent*, and see what that costs;
# - read 68 points off a face.

# %% [markdown] lang="ko"
# 종이의 네 모서리, 얼굴의 두 눈, 손의 관절은 어디에 있을까요? 이 노트북에서는
#
# - 위치를 **좌표**로도 답하고 **히트맵**으로도 답해 보고, 신경망이 어느 쪽을 더 잘 배우는지 잽니다.
# - 히트맵에서 위치를 읽습니다. argmax, 4분의 1 화소 보정, soft-argmax를 비교합니다.
# - **모래시계**(hourglass) 신경망을 만들고, 두 개를 이어 붙여 단계마다 손실을 줍니다.
# - 그것으로 **문서 스캐너**를 만듭니다. 모서리 넷, 호모그래피 하나면 종이가 반듯해집니다.
# - *휘어진* 종이를 위해 모든 화소가 종이 위의 자기 위치를 말하게 하고, 그 값이 얼마나 비싼지 봅니다.
# - 얼굴에서 점 68개를 읽습니다.

# %%
import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy.interpolate import LinearNDInterpolator

import labs
from labs.data import open_photos, sheets
from labs.files import bundled

keras.utils.set_random_seed(13)

# %% [markdown] lang="en"
# ## 1. Sheets whose truth is known
#
# Nobody has to label these photographs: they are composed. Real handwritten digits and Hangul syllables are written on a paper, the paper is bent,
# laid on a table and photographed, so that its corners are known to a fraction of a pixel. Test sheets have other writers, papers and tables.

# %% [markdown] lang="ko"
# ## 1. 정답을 아는 종이 사진
#
# 이 사진들에는 레이블을 달 필요가 없습니다. 합성했기 때문입니다. 진짜 손글씨 숫자와 한글 음절을 종이에 쓰고, 종이를 휘어 책상에 놓고 찍은 것처럼 만들었으므로
# 모서리 위치를 소수점 아래까지 압니다. 시험용 종이는 글씨를 쓴 사람도, 종이도, 책상도 다릅니다.

# %%
count = labs.profile.choose(full=240, quick=96)
data = labs.load("sheets", labs.profile.size, train=count, test=labs.profile.choose(100, 24))
data


# %%
def outlined(picture, corners, color=(255, 60, 30)):
    drawn = cv2.polylines(picture.copy(), [np.rint(corners).astype(int)], True, color, 2)
    return cv2.circle(drawn, np.rint(corners[0]).astype(int).tolist(), 5, (60, 90, 255), -1)


framed = [outlined(x, sheet.corners) for x, sheet in zip(data.x_test[:8], data.y_test, strict=False)]
labs.show.grid(framed, columns=4, source=f"{data.source}; {open_photos.SOURCE}")

# %% [markdown] lang="en"
# The blue dot is the corner at the top left *of the writing*. The networks of this lab look at small pictures, 160×128; the corners go with them.

# %% [markdown] lang="ko"
# 파란 점은 *글씨를 기준으로* 왼쪽 위 모서리입니다. 이 실습의 신경망은 160×128의 작은 영상을 봅니다. 모서리 좌표도 함께 줄입니다.

# %%
HEIGHT, WIDTH = 128, 160
scale = np.float32([WIDTH / 320, HEIGHT / 240])


def shrink(pictures):
    return np.stack([cv2.resize(x, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for x in pictures])


x_train, x_test = shrink(data.x_train), shrink(data.x_test)
y_train, y_test = (np.stack([sheet.corners * scale for sheet in y]) for y in (data.y_train, data.y_test))

# %% [markdown] lang="en"
# ## 2. A point as a mountain
#
# A convolution answers for every place, so let it say for every place *how near the point is*. The heat map of a point $(x_0, y_0)$ is a mountain on it, a
# Gaussian or the wider Cauchy:
#
# $$G = \exp\left(-\frac{(x-x_0)^2+(y-y_0)^2}{2\sigma^2}\right) \qquad C = \frac{1}{1 + \frac{(x-x_0)^2+(y-y_0)^2}{\sigma^2}}$$
#
# Beyond $3\sigma$ the Gaussian is 0 for all purposes, so programs draw it into a square of `size = 6 * sigma + 1` pixels and paste that. Cauchy's slope is still felt far away.

# %% [markdown] lang="ko"
# ## 2. 점 하나를 산 하나로
#
# 합성곱은 모든 자리에 대해 답합니다. 그러니 자리마다 *점이 얼마나 가까운지* 말하게 합니다. 점 $(x_0, y_0)$의 히트맵은 그 점 위에 솟은 산이며,
# 가우시안이나 더 넓게 퍼지는 코시를 씁니다.
#
# $$G = \exp\left(-\frac{(x-x_0)^2+(y-y_0)^2}{2\sigma^2}\right) \qquad C = \frac{1}{1 + \frac{(x-x_0)^2+(y-y_0)^2}{\sigma^2}}$$
#
# 가우시안은 $3\sigma$ 밖에서는 사실상 0이므로, 보통 `size = 6 * sigma + 1` 화소의 정사각형에 그려 붙여 넣습니다. 코시의 기울기는 멀리서도 느껴집니다.


# %%
def heat_map(x0, y0, height, width, sigma=2.0, cauchy=False):
    y, x = np.mgrid[:height, :width] + 0.5
    square = ((x - x0) ** 2 + (y - y0) ** 2) / sigma**2
    return 1 / (1 + square) if cauchy else np.exp(-square / 2)


figure, axes = plt.subplots(1, 3, figsize=(10, 2.6), layout="constrained")
for axis, wide in zip(axes, (False, True), strict=False):
    axis.imshow(heat_map(21.3, 12.7, 32, 40, 2, wide), cmap="magma")
    axis.set_title("코시 · Cauchy" if wide else "가우시안 · Gaussian")
    axes[2].plot(heat_map(21.3, 12.7, 32, 40, 2, wide)[12], label="Cauchy" if wide else "Gaussian")
axes[2].set_title("12번째 행 · row 12")
axes[2].legend()
plt.show()

# %% [markdown] lang="en"
# ## 3. Back from the mountain to the point
#
# A heat map is four times coarser than the picture here, so the summit's cell alone is off by up to two pixels in each direction. Two cures:
#
# - go **a quarter of a cell** towards the higher one of the two neighbours (the notes' trick, from the stacked hourglass paper);
# - take the *mean* place, each cell weighing what it holds: **soft-argmax**, $\hat x = \sum_i p_i x_i$ with $p = \mathrm{softmax}(\beta h)$. It has a derivative, so it can be trained through.
#
# **Exercise 1.** Write `quarter`: x, y of the summit's cell middle, a quarter of a cell nearer to the higher neighbour (left or right, above or below).

# %% [markdown] lang="ko"
# ## 3. 산에서 다시 점으로
#
# 여기서 히트맵은 영상보다 네 배 거칩니다. 봉우리 칸의 위치만으로는 방향마다 두 화소까지 어긋납니다. 두 가지 해결책이 있습니다.
#
# - 양옆 가운데 더 높은 쪽으로 **4분의 1칸** 옮깁니다(교재의 방법, stacked hourglass 논문에서 나왔습니다).
# - 칸마다 가진 값만큼 무게를 주어 *평균* 위치를 구합니다. **soft-argmax**: $\hat x = \sum_i p_i x_i$, $p = \mathrm{softmax}(\beta h)$. 미분할 수 있어서 이것을 거쳐 학습할 수 있습니다.
#
# **연습 1.** `quarter`를 작성하세요. 봉우리 칸의 중심 x, y에서 더 높은 이웃(왼쪽이나 오른쪽, 위나 아래) 쪽으로 4분의 1칸 옮긴 위치입니다.


# %%
def summit(heat):
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    return np.array([column + 0.5, row + 0.5])


def soft_argmax(heat, beta=12):
    share = np.exp(beta * heat) / np.exp(beta * heat).sum()
    y, x = np.mgrid[: heat.shape[0], : heat.shape[1]] + 0.5
    return np.array([(share * x).sum(), (share * y).sum()])


# %% tags=["exercise"]
def quarter(heat):
    # solution
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    around = np.pad(heat, 1, mode="edge")
    right = around[row + 1, column + 2] - around[row + 1, column]
    below = around[row + 2, column + 1] - around[row, column + 1]
    return np.array([column + 0.5, row + 0.5]) + np.sign([right, below]) / 4
    # end solution


# %%
draw = np.random.default_rng(0)
points = draw.uniform(6, 26, (300, 2))
ways = {"argmax": summit, "quarter": quarter, "soft-argmax": soft_argmax}
for noise in (0, 0.05, 0.15):
    maps = [heat_map(*point, 32, 40) + noise * draw.standard_normal((32, 40)) for point in points]
    gaps = {name: np.linalg.norm([way(heat) for heat in maps] - points, axis=1) for name, way in ways.items()}
    print(f"noise {noise:.2f}:", ", ".join(f"{name} {4 * gap.mean():.2f} px" for name, gap in gaps.items()))

# %% [markdown] lang="en"
# A quarter of a cell halves the error for nothing. The soft-argmax is the best on a clean map, and stays the best under noise, though every cell of the noisy plain pulls at its mean.
#
# ## 4. Coordinates or heat maps?
#
# Now two networks learn the same thing from the same pictures. The first says eight numbers. The second is an **hourglass** (Newell et al., 2016): down to see the whole page, up again to be
# precise, and at each size a path straight across for the details.

# %% [markdown] lang="ko"
# 4분의 1칸만 옮겨도 오차가 거저 절반으로 줄어듭니다. soft-argmax는 깨끗한 맵에서 가장 좋고, 잡음이 있는 벌판의 칸마다 평균을 끌어당겨도 여전히 가장 낫습니다.
#
# ## 4. 좌표인가 히트맵인가
#
# 이제 두 신경망이 같은 영상으로 같은 것을 배웁니다. 첫째는 수 여덟 개를 말합니다. 둘째는 **모래시계**(Newell et al., 2016)입니다. 내려가며 종이 전체를 보고,
# 다시 올라오며 정밀해지고, 크기마다 곧장 건너가는 길로 세부를 전합니다.


# %%
def convolved(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def stem():
    inputs = keras.Input((HEIGHT, WIDTH, 3), name="input")
    x = convolved(layers.Rescaling(1 / 127.5, offset=-1)(inputs), 16, 2)
    return inputs, convolved(x, 32, 2)  # a quarter: 32 x 40 cells


def hourglass(x, depth=3):
    inner = convolved(layers.MaxPooling2D()(x), 32)
    inner = hourglass(inner, depth - 1) if depth > 1 else convolved(inner, 32)
    return layers.Add()([convolved(x, 32), layers.UpSampling2D()(inner)])


# %%
inputs, x = stem()
x = layers.Flatten()(convolved(convolved(x, 48, 2), 64, 2))
x = layers.Dense(8)(layers.Dense(128, activation="relu")(x))
regression = keras.Model(inputs, layers.Reshape((4, 2))(x), name="coordinates")

# %%
inputs, x = stem()
single = keras.Model(inputs, layers.Conv2D(4, 1)(hourglass(x)), name="hourglass")
print(f"{regression.count_params():,} parameters that say numbers, {single.count_params():,} that draw maps")

# %% [markdown] lang="en"
# The loss of a heat map compares it with the mountain. We let the map be a *distribution*, by a softmax over its 1,280 cells, and take the cross-entropy with the Gaussian whose sum is 1.

# %% [markdown] lang="ko"
# 히트맵의 손실은 정답 산과 비교하여 구합니다. 여기서는 1,280칸에 소프트맥스를 씌워 맵을 *확률 분포*로 보고, 합이 1인 가우시안과의 교차 엔트로피를 씁니다.

# %%
row, column = np.divmod(np.arange(32 * 40, dtype="float32"), 40)
cells = 4 * np.stack([column, row], axis=1) + 2  # the middle of each cell, in pixels of the input


def heat_loss(corners, heat, sigma=5.0):
    square = ops.sum((corners[:, None] - cells[None, :, None]) ** 2, axis=-1)
    target = ops.softmax(-square / (2 * sigma**2), axis=1)
    return -ops.mean(ops.sum(target * ops.log_softmax(ops.reshape(heat, (-1, 1280, 4)), axis=1), axis=1))


def places(heat):
    share = ops.softmax(ops.reshape(heat, (-1, 1280, 4)), axis=1)
    return ops.matmul(ops.transpose(share, (0, 2, 1)), cells)


epochs = labs.profile.choose(full=7, quick=1)


def learn(network, loss, answers=y_train, pictures=x_train):
    pairs = tf.data.Dataset.from_tensor_slices((pictures, answers)).shuffle(2000, seed=1).batch(16)
    options = tf.data.Options()
    options.autotune.enabled = False
    rate = keras.optimizers.schedules.CosineDecay(0.003, epochs * len(pairs))
    network.compile(keras.optimizers.Adam(rate), loss)
    return network.fit(pairs.with_options(options), epochs=epochs, verbose=0, shuffle=False)


# %%
learn(regression, "mae")
_ = learn(single, heat_loss)


# %%
def off(corners):
    """The worst corner's distance, as a share of the page's diagonal."""
    truth, found = y_test / scale, corners / scale
    diagonal = np.linalg.norm(truth[:, [0, 1]] - truth[:, [2, 3]], axis=2).mean(axis=1)
    return np.linalg.norm(truth - found, axis=2).max(axis=1) / diagonal


# %%
errors = {"coordinates": off(regression.predict(x_test, verbose=0))}
errors["hourglass"] = off(places(single.predict(x_test, verbose=0)).numpy())
for name, error in errors.items():
    print(f"{name:12} worst corner off by {np.median(error):.1%} of the diagonal (median)")

# %% [markdown] lang="en"
# With a tenth of the parameters the hourglass is off by half as much. (Both have seen only 240 photographs, seven times: good is neither.) The first network must *invent* arithmetic: somewhere in its dense layers a place in the picture becomes a number. The second only has
# to say "here"; turning places into numbers is a formula that it need not learn, and a corner is a corner wherever it lies.
#
# ## 5. Two hourglasses
#
# The second one sees what the first one thinks: its maps go in beside the features, so it can correct a corner by the other three. Each has **a loss of its own**
# (*intermediate supervision*): the first has to be right by itself, and gets a gradient that has not come through the second.

# %% [markdown] lang="ko"
# 모래시계는 매개변수가 10분의 1인데도 오차가 절반입니다. (둘 다 사진 240장을 일곱 번 보았을 뿐이라 아직 좋지는 않습니다.) 첫째 신경망은 산수를 *발명해야* 합니다. 완전 연결층 어딘가에서 영상 속 자리가 수로 바뀌어야 하기 때문입니다.
# 둘째는 "여기"라고만 하면 됩니다. 자리를 수로 바꾸는 것은 배울 필요 없는 공식이고, 모서리는 어디에 있든 모서리입니다.
#
# ## 5. 모래시계 두 개
#
# 둘째 모래시계는 첫째의 생각을 봅니다. 첫째의 맵이 특징과 함께 들어가므로, 한 모서리를 나머지 셋으로 바로잡을 수 있습니다. 둘에게 **각각 손실**을 줍니다
# (*중간 감독*). 첫째는 혼자서도 맞혀야 하고, 둘째를 거치지 않은 그레이디언트를 받습니다.

# %%
inputs, x = stem()
first = hourglass(x)
guess = layers.Conv2D(4, 1, name="first")(first)
x = layers.Add()([x, layers.Conv2D(32, 1)(first), layers.Conv2D(32, 1)(guess)])
double = keras.Model(inputs, [guess, layers.Conv2D(4, 1, name="second")(hourglass(x))])
_ = learn(double, heat_loss, (y_train, y_train))

# %%
for name, heat in zip(("first of two", "second of two"), double.predict(x_test, verbose=0), strict=True):
    errors[name] = off(places(heat).numpy())
for name, error in errors.items():
    print(
        f"{name:13} median {np.median(error):.1%}, within 1 % {np.mean(error < 0.01):.0%}, within 3 % {np.mean(error < 0.03):.0%}"
    )

heat = ops.softmax(ops.reshape(double.predict(x_test[:4], verbose=0)[1], (-1, 1280, 4)), axis=1)
glow = cv2.resize(np.float32(ops.max(heat, axis=2)).reshape(-1, 32, 40).transpose(1, 2, 0), (WIDTH, HEIGHT))
glow = np.uint8(255 * (glow / glow.max(axis=(0, 1))).transpose(2, 0, 1))
labs.show.grid(
    [*x_test[:4], *[cv2.applyColorMap(one, cv2.COLORMAP_MAGMA)[..., ::-1] for one in glow]], columns=4
)

# %% [markdown] lang="en"
# ## 6. The scanner
#
# More photographs make such a network exact: `saved_models/sheet` was trained on ever new ones (`tools/train_sheet.py`), at 320×240, and its card says how well it does. Its corners are at once in the
# pixels of *our* photograph, which is three times as large. Four pairs of points determine a **homography**, eight numbers that send every line of the table to a line of the page:
#
# $$\begin{pmatrix} x' \\ y' \\ w \end{pmatrix} = \begin{pmatrix} h_{11} & h_{12} & h_{13} \\ h_{21} & h_{22} & h_{23} \\ h_{31} & h_{32} & 1 \end{pmatrix} \begin{pmatrix} x \\ y \\ 1 \end{pmatrix}, \qquad (x, y) \mapsto (x'/w,\ y'/w)$$
#
# **Exercise 2.** Write the scanner: from a photo and its corners (4, 2) the straight page of `width` × `height` pixels.

# %% [markdown] lang="ko"
# ## 6. 스캐너
#
# 사진을 더 많이 보여 주면 이런 신경망은 정확해집니다. `saved_models/sheet`는 320×240에서 끊임없이 새로 합성한 사진으로 학습했고(`tools/train_sheet.py`), 얼마나 잘하는지는 카드에 적혀 있습니다.
# 답하는 모서리는 곧바로 *우리* 사진의 화소 좌표입니다. 우리 사진은 세 배 큽니다. 점 네 쌍이면 **호모그래피**가 정해집니다. 수 여덟 개가 책상 위의 직선을 종이 위의 직선으로 보냅니다.
#
# $$\begin{pmatrix} x' \\ y' \\ w \end{pmatrix} = \begin{pmatrix} h_{11} & h_{12} & h_{13} \\ h_{21} & h_{22} & h_{23} \\ h_{31} & h_{32} & 1 \end{pmatrix} \begin{pmatrix} x \\ y \\ 1 \end{pmatrix}, \qquad (x, y) \mapsto (x'/w,\ y'/w)$$
#
# **연습 2.** 스캐너를 작성하세요. 사진과 모서리 (4, 2)를 받아 `width` × `height` 화소의 반듯한 종이를 만듭니다.


# %% tags=["exercise"]
def flatten(photo, corners, width, height):
    # solution
    page = np.float32([(0, 0), (width, 0), (width, height), (0, height)])
    matrix = cv2.getPerspectiveTransform(np.float32(corners), page)
    return cv2.warpPerspective(photo, matrix, (width, height))
    # end solution


# %% tags=["cover"]
photo = sheets.Composer("test", labs.profile.size, height=720, width=960).photo(5)
named = labs.predict("saved_models/sheet", photo.picture)
corners = np.array([(x, y) for _, x, y in named])
scan = flatten(photo.picture, corners, 600, 600)
labs.show.grid([outlined(photo.picture, corners), scan], titles=["photo", "scan"], columns=2)

# %%
for (name, *_), gap in zip(named, corners - photo.sheet.corners, strict=True):
    print(f"{name:12} off by {np.hypot(*gap):.1f} of 960 pixels")

# %% [markdown] lang="en"
# These distances are the network's alone. `labs.predict` has since learnt one thing more: near the sides that the network gives it looks for the page's edges in the full photograph, and moves the corners to where they meet
# (`labs/kinds/page.py`). Run the cell, and about a tenth of the error is left.
#
# Try it with your own paper: <!-- live: scan sheet --> the site's page *scan* does the same in the browser, live, and saves the flattened page.
#
# ## 7. A page that is bent
#
# A homography keeps lines straight, so a bent page stays bent. Let **every pixel** say where on the page it lies, a place $(u, v)$ with $0 \le u, v \le 1$: that is the idea of DensePose, which
# does it for skin in place of paper. The network is the hourglass again, with three maps: is there paper, $u$, $v$.

# %% [markdown] lang="ko"
# 여기 적힌 거리는 신경망만 썼을 때의 값입니다. 그 뒤로 `labs.predict`는 한 가지를 더 합니다. 신경망이 알려 준 변 가까이에서 종이의 가장자리를 원본 사진에서 찾아, 가장자리끼리 만나는 곳으로 모서리를 옮깁니다
# (`labs/kinds/page.py`). 셀을 실행하면 오차가 10분의 1쯤만 남습니다.
#
# 자기 종이로도 해 보세요. <!-- live: scan sheet --> 웹 사이트의 *스캔* 페이지가 브라우저에서 같은 일을 실시간으로 하고, 편 종이를 저장해 줍니다.
#
# ## 7. 휘어진 종이
#
# 호모그래피는 직선을 직선으로 보내므로 휜 종이는 휜 채로 남습니다. 그러니 **모든 화소**가 종이 위 어디인지 말하게 합니다. 위치 $(u, v)$는 $0 \le u, v \le 1$입니다. 이것이
# DensePose의 생각으로, DensePose는 종이가 아니라 살갗에 대해 그렇게 합니다. 신경망은 다시 모래시계이고, 맵은 셋입니다. 종이가 있는가, $u$, $v$.


# %%
def with_places(part, count):
    composer = sheets.Composer(part, labs.profile.size)
    for number in range(20_000, 20_000 + count):  # none of section 1's
        photo = composer.photo(number)
        coarse = cv2.resize(photo.page_of, (40, 32), interpolation=cv2.INTER_NEAREST)
        paper = np.isfinite(coarse[..., :1])
        yield photo, np.concatenate([paper, np.nan_to_num(coarse)], axis=-1).astype("float32")


# %%
bent = list(with_places("train", labs.profile.choose(full=200, quick=64)))
x_bent, y_bent = shrink([photo.picture for photo, _ in bent]), np.stack([places for _, places in bent])


# %%
def place_loss(truth, answer):
    paper = truth[..., :1]
    found = keras.losses.binary_crossentropy(paper, answer[..., :1], from_logits=True)
    return ops.mean(found) + 5 * ops.sum(paper * ops.abs(truth[..., 1:] - answer[..., 1:])) / ops.sum(paper)


# %%
inputs, x = stem()
places_network = keras.Model(inputs, layers.Conv2D(3, 1)(hourglass(hourglass(x))))
_ = learn(places_network, place_loss, y_bent, x_bent)

# %% [markdown] lang="en"
# To flatten the page we need the way back: for each place of the page, the pixel. A thousand cells with known places are a cloud of points, between which SciPy interpolates. `remap` then fetches the colours.

# %% [markdown] lang="ko"
# 종이를 펴려면 거꾸로 가는 길이 필요합니다. 종이의 자리마다 어느 화소인가? 자리를 아는 칸이 천 개쯤 있으니 점구름이고, 그 사이는 SciPy가 보간합니다. 색은 `remap`이 가져옵니다.


# %%
def pixels_of(answer, side=48):
    """For side x side places of the page, x and y in the photograph (320x240); outside the cloud not a number."""
    row, column = np.nonzero(answer[..., 0] > min(0, np.median(answer[..., 0])))
    where = np.stack([column + 0.5, row + 0.5], axis=1) * (320 / 40, 240 / 32)
    v, u = (np.mgrid[:side, :side] + 0.5) / side
    return LinearNDInterpolator(answer[row, column, 1:], where)(u, v)


def by_corners(sheet, side=48):
    v, u = (np.mgrid[:side, :side] + 0.5) / side
    matrix = cv2.getPerspectiveTransform(np.float32([(0, 0), (1, 0), (1, 1), (0, 1)]), sheet.corners)
    return cv2.perspectiveTransform(np.dstack([u, v]), matrix)


tried = list(with_places("test", labs.profile.choose(30, 8)))
said = places_network.predict(shrink([photo.picture for photo, _ in tried]), verbose=0)
gaps = {"true corners": [], "places": []}
for (photo, _), answer in zip(tried, said, strict=True):
    for name, way in (("true corners", by_corners(photo.sheet)), ("places", pixels_of(answer))):
        really = cv2.remap(
            photo.page_of, np.float32(way), None, cv2.INTER_LINEAR
        )  # which place is there in truth
        v, u = (np.mgrid[:48, :48] + 0.5) / 48
        gaps[name].append(np.nanmean(np.hypot(really[..., 0] - u, really[..., 1] - v)))

# %%
bend = np.array(gaps["true corners"])
for name, part in (("flat pages", bend < 0.005), ("bent pages", bend >= 0.02)):
    means = ", ".join(f"{way} {np.mean(np.array(values)[part]):.1%}" for way, values in gaps.items())
    print(f"{part.sum()} {name}: off by {means} of the page")

number = int(bend.argmax())
photo, answer = tried[number][0], said[number]
pages = [
    cv2.remap(photo.picture, cv2.resize(np.float32(way), (240, 240)), None, cv2.INTER_LINEAR)
    for way in (by_corners(photo.sheet), pixels_of(answer))
]
labs.show.grid([photo.picture, *pages], titles=["photo", "by corners", "by places"], columns=3)

# %% [markdown] lang="en"
# Two hundred photographs are far too few for a place at every pixel: our map is off by a third of the page, and flattens nothing. What four **true** corners cannot do stands beside it: on bent pages they are off by 3 %, eight times as much as on flat ones, and that is what a map of places, trained longer, could win. Ask `with_places` for ten times as many photographs and see.
#
# ## 8. Sixty-eight points of a face
#
# The same idea with more points. The network of *face-api.js* (MIT licence, 77 KB) was trained by its author on faces of the web, and says 136 numbers: it is a regression, like the one that lost in section 4. For a face that
# fills its box that is good enough.

# %% [markdown] lang="ko"
# 모든 화소의 위치를 배우기에 사진 200장은 턱없이 적습니다. 우리 맵은 종이의 3분의 1이나 어긋나서 아무것도 펴지 못합니다. 그 옆에 **정답** 모서리 넷으로도 할 수 없는 일이 보입니다. 휜 종이에서는 3 %나 어긋나며, 평평한 종이의 여덟 배입니다. 더 오래 학습한 위치 맵이 얻을 수 있는 것이 바로 이만큼입니다. `with_places`에 사진을 열 배 더 달라고 해 보세요.
#
# ## 8. 얼굴의 점 68개
#
# 점이 많을 뿐 같은 생각입니다. *face-api.js*의 신경망(MIT 라이선스, 77 KB)은 만든 사람이 웹의 얼굴 사진으로 학습했고, 수 136개를 답합니다. 4절에서 진 것과 같은 회귀입니다.
# 얼굴이 상자를 꽉 채울 때는 이것으로도 충분합니다.


# %%
def block(x, filters, name, first=False):
    start = layers.Conv2D if first else layers.SeparableConv2D
    one = layers.ReLU()(start(filters, 3, 2, padding="same", name=f"{name}_conv0")(x))
    two = layers.SeparableConv2D(filters, 3, padding="same", name=f"{name}_conv1")(one)
    total = layers.ReLU()(layers.Add()([one, two]))
    return layers.ReLU()(
        layers.Add()(
            [one, two, layers.SeparableConv2D(filters, 3, padding="same", name=f"{name}_conv2")(total)]
        )
    )


inputs = keras.Input((112, 112, 3))
x = layers.Rescaling(1 / 255, offset=[-0.4815, -0.4588, -0.409])(inputs)
for number, filters in enumerate((32, 64, 128)):
    x = block(x, filters, f"dense{number}", first=number == 0)
landmarks = keras.Model(inputs, layers.Dense(136, name="fc")(layers.GlobalAveragePooling2D()(x)))

weights = np.load(bundled("models/face_landmarks.npz"))
for layer in landmarks.layers:
    if layer.weights:
        name = layer.name.replace("_", "/") + "/"
        layer.set_weights([weights[key].astype("float32") for key in weights.files if key.startswith(name)])
# %%
portrait = open_photos.read("astronaut")
left, top, side = 165, 60, 120  # where her face is; lab 12's detectors would say
face = cv2.resize(portrait[top : top + side, left : left + side], (112, 112), interpolation=cv2.INTER_AREA)
points = landmarks.predict(face[None], verbose=0).reshape(68, 2) * side + (left, top)

# %% [markdown] lang="en"
# The points have numbers that everybody uses (iBUG's 68): 36 to 47 are the eyes, 48 to 67 the mouth. Distances are measured in *eye distances*, so that they do not depend on how near the camera was.
#
# **Exercise 3.** From `points`: the distance between the middles of the eyes (36 to 41, and 42 to 47), and how wide the mouth is (48 to 54), measured in that distance.

# %% [markdown] lang="ko"
# 점의 번호는 모두가 쓰는 것(iBUG 68)입니다. 36~47은 눈, 48~67은 입입니다. 거리는 *두 눈 사이 거리*를 단위로 재므로 카메라가 얼마나 가까웠는지와 상관없습니다.
#
# **연습 3.** `points`에서 두 눈의 중심(36~41, 42~47) 사이 거리와, 그 거리를 단위로 잰 입의 너비(48과 54)를 구하세요.

# %% tags=["exercise"]
# solution
eyes = np.linalg.norm(points[36:42].mean(axis=0) - points[42:48].mean(axis=0))
mouth = np.linalg.norm(points[48] - points[54]) / eyes
# end solution
print(f"eyes {eyes:.0f} pixels apart, mouth {mouth:.2f} eye distances wide")

# %%
drawn = portrait[20:220, 110:340].repeat(2, axis=0).repeat(2, axis=1)
for x, y in 2 * (points - (110, 20)):
    cv2.circle(drawn, (round(x), round(y)), 3, (90, 255, 120), -1)
labs.show.grid([drawn], columns=1, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# A relaxed mouth is about 0.8 eye distances wide; a smile pulls it out and its corners up. Where a smile begins is for you to decide, and it is a property of the muscles, not of what somebody feels.
#
# ## 9. Save it, prove it
#
# The soft-argmax goes into the graph, so that the answer is points and nobody has to know about heat maps. The card says `"kind": "points"`, and `labs.check` asks that no runtime moves a point by a tenth of a pixel.

# %% [markdown] lang="ko"
# 편안한 입은 두 눈 사이 거리의 0.8배쯤이고, 웃으면 옆으로 늘어나며 입꼬리가 올라갑니다. 어디부터 웃음인지는 여러분이 정할 일이며, 그것은 근육의 상태이지 그 사람의 마음이 아닙니다.
#
# ## 9. 저장하고 증명하기
#
# soft-argmax를 그래프 안에 넣으면 답이 곧 점이 되고, 히트맵을 몰라도 쓸 수 있습니다. 카드에는 `"kind": "points"`라고 적히며, `labs.check`는 어떤 실행 환경도 점을 0.1화소 이상 옮기지 않는지 확인합니다.

# %%
scanner = keras.Model(double.inputs, {"points": places(double.outputs[1])})
names = ["top left", "top right", "bottom right", "bottom left"]
folder = labs.export(scanner, "saved_models/corners", names, x_test[:20], source=data.source, kind="points")
labs.check(folder)

# %% [markdown] lang="en"
# ## Recap
#
# - A convolution is good at "here" and bad at "at 0.37": heat maps beat coordinates with a tenth of the parameters.
# - Soft-argmax reads a place between the cells, and can be trained through; a quarter of a cell is the cheap cure.
# - A second hourglass sees what the first thinks; each has a loss of its own.
# - Four points and a homography are a scanner; what is not flat needs a map of places, and that needs many photographs.
#
# **Exercises.** 1. Train the single hourglass with Cauchy mountains: is the beginning faster, is the end as exact? 2. Turn the photographs by a quarter: which corner is the top left one now, and who could know? 3. Hide one corner under a rectangle: which of the networks still guesses it?
#
# **When it goes wrong.** *All corners in the middle of the picture*: the maps are still flat, their mean is the middle; train longer. *Good in training, poor in the test*: too few papers and tables; ask `labs.load` for more. *Nothing found on your own photo*: light paper on a light table is hard for us, too.

# %% [markdown] lang="ko"
# ## 정리
#
# - 합성곱은 "여기"는 잘하지만 "0.37"은 못합니다. 히트맵은 10분의 1의 매개변수로 좌표를 이깁니다.
# - soft-argmax는 칸 사이의 위치를 읽고, 그것을 거쳐 학습할 수 있습니다. 4분의 1칸 보정은 값싼 해결책입니다.
# - 둘째 모래시계는 첫째의 생각을 봅니다. 둘에게 각각 손실을 줍니다.
# - 점 넷과 호모그래피면 스캐너가 됩니다. 평평하지 않은 것에는 위치 맵이, 위치 맵에는 많은 사진이 필요합니다.
#
# **연습.** 1. 모래시계 하나를 코시 산으로 학습하세요. 처음이 더 빠른가요, 끝이 그만큼 정확한가요? 2. 사진을 90° 돌리세요. 왼쪽 위 모서리는 이제 어디이고, 누가 알 수 있을까요? 3. 모서리 하나를 사각형으로 가리세요. 어느 신경망이 그래도 짐작해 내나요?
#
# **잘 안 될 때.** *모서리가 모두 영상 가운데*: 맵이 아직 평평해서 평균이 가운데인 것입니다. 더 오래 학습하세요. *학습은 좋은데 시험이 나쁘다*: 종이와 책상이 너무 적습니다. `labs.load`에 더 달라고 하세요. *내 사진에서 못 찾는다*: 밝은 책상 위의 밝은 종이는 사람에게도 어렵습니다.
