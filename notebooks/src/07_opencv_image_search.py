# ---
# title:
#   en: OpenCV and image search
#   ko: OpenCV와 영상 검색
# minutes: 3
# data:
#   en: open photographs, CIFAR-10 (50,000 pictures), SIFT descriptors of cats and dogs
#   ko: 공개 사진, CIFAR-10(50,000장), 고양이와 개 사진의 SIFT 기술자
# accuracy:
#   en: the notes' answers 100 to 300 times sooner; 61 % of five answers of the right class by features, 21 % by colours (JPEG copy)
#   ko: 교재와 똑같은 답을 100~300배 빨리, 상위 다섯 개 가운데 같은 부류가 색으로는 21 %, 특징으로는 61 % (JPEG 사본)
# seed: 7
# ---

# %% [markdown] lang="en"
# Which of a million pictures are like this one? In this notebook we
#
# - handle pictures and **video** with OpenCV: colour masks, contours, a tracked ball;
# - search 50,000 pictures by **histogram**, first with the loop of the notes, then with one matrix operation that gives *exactly* the same answers;
# - search by **what is seen**, with the features of a network, and measure how much better that is;
# - ask with a photo of our own.
#
# Lab 07b goes on to a million vectors, and through the rest of OpenCV's DNN module.

# %% [markdown] lang="ko"
# 백만 장 가운데 이 영상과 닮은 것은 무엇일까요? 이 노트북에서는
#
# - OpenCV로 영상과 **동영상**을 다룹니다. 색 마스크, 윤곽선, 공 따라가기를 해 봅니다.
# - 영상 50,000장을 **히스토그램**으로 검색합니다. 먼저 교재의 반복문으로, 다음에는 *똑같은* 답을 내는 행렬 연산 하나로 해 봅니다.
# - 신경망의 특징으로 **무엇이 보이는지**를 검색하고, 얼마나 나아지는지 재어 봅니다.
# - 자기 사진으로 물어봅니다.
#
# 실습 07b에서는 벡터 백만 개를 다루고 OpenCV DNN 모듈의 나머지를 둘러봅니다.

# %%
import os
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.decomposition import PCA

import labs
from labs.data import open_photos

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(7)

# %% [markdown] lang="en"
# ## 1. A picture is an array
#
# `imread` gives uint8 numbers in the shape (height, width, channels), and the channels are **blue, green, red**. Matplotlib wants red
# first; `cvtColor` turns one into the other. Forget it and people become blue.

# %% [markdown] lang="ko"
# ## 1. 영상은 배열이다
#
# `imread`는 (높이, 너비, 채널) 모양의 uint8 배열을 주는데, 채널 순서가 **파랑, 초록, 빨강**입니다. Matplotlib은 빨강이 먼저이므로
# `cvtColor`로 바꿔 줍니다. 잊으면 사람이 파랗게 됩니다.

# %%
photo = cv2.imread(str(open_photos.path("astronaut")))
rgb = cv2.cvtColor(photo, cv2.COLOR_BGR2RGB)
print(photo.shape, photo.dtype, "- blue, green, red of a pixel of her suit:", photo[350, 60])
labs.show.grid([photo, rgb], titles=["shown as it is", "after cvtColor"], source=open_photos.SOURCE)

# %% [markdown] lang="en"
# ## 2. Colour: HSV, masks, contours
#
# "Orange" is no range of blue, green and red: the same cloth in the shade has smaller numbers in all three. **HSV** separates the
# *hue* (which colour), the *saturation* (how pure) and the *value* (how bright). A hue is an angle, 0° to 360°; half of it fits into a byte,
# so OpenCV counts 0 to 179.

# %% [markdown] lang="ko"
# ## 2. 색: HSV, 마스크, 윤곽선
#
# "주황색"은 파랑, 초록, 빨강의 범위로 말할 수 없습니다. 같은 천이라도 그늘에서는 세 수가 모두 작아지기 때문입니다. **HSV**는
# *색상*(어떤 색인가), *채도*(얼마나 순수한가), *명도*(얼마나 밝은가)를 나눕니다. 색상은 0°부터 360°까지의 각도인데, 반으로 나누면 한 바이트에
# 들어가므로 OpenCV는 0부터 179까지 셉니다.

# %%
colours = {"red": (0, 0, 255), "yellow": (0, 255, 255), "green": (0, 255, 0), "cyan": (255, 255, 0)}
colours |= {"blue": (255, 0, 0), "dark blue": (90, 0, 0), "pale blue": (255, 180, 180)}
for name, bgr in colours.items():
    print(f"{name:10} BGR {bgr!s:16} HSV", cv2.cvtColor(np.uint8([[bgr]]), cv2.COLOR_BGR2HSV)[0, 0])

# %% [markdown] lang="en"
# Blue is 240°, so 120 here, dark or pale; cyan begins at 90, magenta ends at 150. That is why the notes take **110 to 130** for blue.
# (Red lies at both ends, 0 and 179: it needs two ranges.)
#
# `inRange` says 255 where all three numbers lie in their ranges: a **mask**. *Opening* (erode, then dilate) removes crumbs, *closing*
# (dilate, then erode) fills holes, `bitwise_and` cuts the picture out.

# %% [markdown] lang="ko"
# 파랑은 240°이므로 여기서는 어둡든 옅든 120입니다. 청록은 90에서 시작하고 자홍은 150에서 끝납니다. 그래서 교재는 파랑을 **110~130**으로 잡습니다.
# (빨강은 0과 179 양쪽 끝에 있어서 범위가 두 개 필요합니다.)
#
# `inRange`는 세 수가 모두 범위 안에 있는 자리를 255로 표시합니다. 이것이 **마스크**입니다. *열기*(침식 후 팽창)는 부스러기를 없애고,
# *닫기*(팽창 후 침식)는 구멍을 메우며, `bitwise_and`는 영상을 오려 냅니다.

# %%
hsv = cv2.cvtColor(photo, cv2.COLOR_BGR2HSV)
mask = cv2.inRange(hsv, (3, 120, 120), (16, 255, 255))
print(f"{np.mean(mask == 255):.0%} of the pixels are orange")

# %%
opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
suit = cv2.bitwise_and(rgb, rgb, mask=closed)
steps = {"photo": rgb, "inRange": mask, "opened": opened, "closed": closed, "bitwise_and": suit}
labs.show.grid(list(steps.values()), titles=list(steps), columns=5, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# A mask is pixels; **contours** are things. Where brightness changes slowly over the picture, a threshold that looks at the
# neighbourhood finds the coins that a fixed one loses.

# %% [markdown] lang="ko"
# 마스크는 화소이고 **윤곽선**은 물체입니다. 밝기가 영상 전체에 걸쳐 천천히 변할 때는, 둘레를 보고 정하는 문턱값이 고정된 문턱값이 놓치는
# 동전까지 찾아냅니다.

# %%
coins = open_photos.read("coins")
grey = cv2.GaussianBlur(cv2.cvtColor(coins, cv2.COLOR_RGB2GRAY), (5, 5), 0)
bright = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 101, -10)
bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))

# %% tags=["cover"]
contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
large = [contour for contour in contours if cv2.contourArea(contour) > 300]
drawn = cv2.drawContours(coins.copy(), large, -1, (255, 60, 30), 2)
labs.show.grid([coins, bright, drawn], titles=["photo", "threshold", f"{len(large)} coins"], columns=3)

# %% [markdown] lang="en"
# ## 3. Video: follow a colour
#
# A video is pictures in a row, squeezed by a **codec** that is named by four letters. We make one whose truth we know: a blue ball on a wall, its
# centre at sixteenths of a pixel. Even width and height, please: a frame of another size than the writer's is dropped **without a word**.

# %% [markdown] lang="ko"
# ## 3. 동영상: 색 따라가기
#
# 동영상은 영상을 죽 늘어놓고 네 글자 이름의 **코덱**으로 압축한 것입니다. 정답을 아는 동영상을 직접 만들어 봅시다. 벽 앞에서 움직이는 파란 공이고,
# 중심은 화소의 16분의 1 단위로 정해져 있습니다. 너비와 높이는 짝수로 하세요. 크기가 다른 프레임은 **아무 말 없이** 버려집니다.

# %%
wall = cv2.imread(str(open_photos.path("brick")))[:340]
angle = np.linspace(0, 2 * np.pi, 90)
truth = np.rint(16 * np.stack([256 + 200 * np.sin(angle), 170 + 120 * np.sin(2 * angle)], axis=1)) / 16

# %%
frames = [wall.copy() for _ in truth]
for frame, centre in zip(frames, truth, strict=True):
    x, y = (centre * 16).astype(int)
    cv2.circle(frame, (x, y), 22 * 16, (230, 110, 20), -1, cv2.LINE_AA, shift=4)


# %%
def write_video(path, letters, frames):
    height, width = frames[0].shape[:2]
    video = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*letters), 30, (width, height))
    for frame in frames:
        video.write(frame)
    video.release()


def read_video(path):
    video = cv2.VideoCapture(path)
    there, frame = video.read()
    while there:
        yield frame
        there, frame = video.read()


# %% [markdown] lang="en"
# Which codecs are there is a matter of the machine: always read a file back before you trust it. (`avc1`, H.264, needs an encoder that the
# wheels from PyPI do not carry.)

# %% [markdown] lang="ko"
# 어떤 코덱이 있는지는 컴퓨터마다 다릅니다. 믿기 전에 늘 파일을 다시 읽어 보세요. (`avc1`, 곧 H.264의 인코더는 PyPI에서 받는 패키지에 들어 있지 않습니다.)

# %%
os.makedirs("executed", exist_ok=True)
for letters, ending in (("MJPG", "avi"), ("mp4v", "mp4"), ("XVID", "avi"), ("VP80", "webm"), ("avc1", "mp4")):
    path = f"executed/ball_{letters}.{ending}"
    write_video(path, letters, frames)
    back = list(read_video(path))
    quality = np.mean([cv2.PSNR(a, b) for a, b in zip(back, frames, strict=False)] or [0])
    megabytes = os.path.getsize(path) / 1e6 if back else 0
    print(f"{letters} {len(back):3} frames, {megabytes:.2f} MB, {quality:.1f} dB")

# %% [markdown] lang="en"
# Now follow the ball: mask, then its centre of mass from the **moments**. A mask counts a pixel at the edge whole or not at all. If
# each pixel near the ball counts by *how blue* it is, the centre comes out finer than a pixel.

# %% [markdown] lang="ko"
# 이제 공을 따라가 봅시다. 마스크를 만들고 **모멘트**로 무게 중심을 구합니다. 마스크는 가장자리 화소를 통째로 세거나 전혀 세지 않습니다. 공
# 둘레의 화소를 *얼마나 파란지*에 따라 세면 중심이 화소보다 곱게 나옵니다.


# %%
def centres(frame):
    hsv = cv2.cvtColor(frame, cv2.COLOR_BGR2HSV)
    mask = cv2.inRange(hsv, (100, 100, 60), (130, 255, 255))
    near = cv2.dilate(mask, np.ones((9, 9), np.uint8))
    blueness = cv2.bitwise_and(cv2.subtract(frame[..., 0], frame[..., 2]), near)
    both = [cv2.moments(mask, binaryImage=True), cv2.moments(blueness)]
    return [(m["m10"] / m["m00"], m["m01"] / m["m00"]) for m in both]


found = np.array([centres(frame) for frame in read_video("executed/ball_MJPG.avi")])
errors = np.linalg.norm(found - truth[:, None], axis=2)
for name, error in zip(("mask", "blueness"), errors.T, strict=True):
    print(f"{name:9} {error.mean():.2f} pixels off on average, {error.max():.2f} at most")

# %%
shown = [frames[n][..., ::-1].copy() for n in (0, 12, 30)]
for picture, n in zip(shown, (0, 12, 30), strict=True):
    cv2.polylines(picture, [np.int32(found[: n + 1, 1])], False, (255, 160, 0), 3)
labs.show.grid(shown, columns=3, title="따라가기 · the ball and its track", source=open_photos.SOURCE)

# %% [markdown] lang="en"
# With a camera only the source changes: `cv2.VideoCapture(0)`. In a program (not a notebook) a window shows the frames:
#
# ```python
# camera = cv2.VideoCapture(0)
# if not camera.isOpened():
#     sys.exit("No camera, or another program holds it.")
# while True:
#     there, frame = camera.read()
#     if not there:
#         break
#     cv2.imshow("camera", frame)
#     if cv2.waitKey(1) & 0xFF == ord("q"):
#         break
# ```
#
# `waitKey(1)` waits a millisecond for a key, and lets the window draw itself. On some systems it returns more than the letter (the state of
# Num Lock, in higher bits); `& 0xFF` keeps the lowest eight, which are the letter.
#
# ## 4. Histograms
#
# A **histogram** counts how many pixels have which value. Drawn a channel, it shows light and colour cast at a glance. *Equalisation*
# spreads the values until each is used about equally often; *CLAHE* does that in tiles, with a limit, so that noise in flat areas stays low.

# %% [markdown] lang="ko"
# 카메라를 쓸 때는 출처만 `cv2.VideoCapture(0)`로 바뀝니다. (노트북이 아닌) 프로그램에서는 창에 프레임을 보여 줍니다.
#
# ```python
# camera = cv2.VideoCapture(0)
# if not camera.isOpened():
#     sys.exit("No camera, or another program holds it.")
# while True:
#     there, frame = camera.read()
#     if not there:
#         break
#     cv2.imshow("camera", frame)
#     if cv2.waitKey(1) & 0xFF == ord("q"):
#         break
# ```
#
# `waitKey(1)`은 1밀리초 동안 키를 기다리고, 그동안 창이 그려집니다. 시스템에 따라 글자보다 많은 비트(Num Lock 상태 등)를 돌려주기도 하므로
# `& 0xFF`로 글자에 해당하는 아래 8비트만 남깁니다.
#
# ## 4. 히스토그램
#
# **히스토그램**은 어떤 값을 가진 화소가 몇 개인지 센 것입니다. 채널마다 그려 보면 밝기와 색의 치우침이 한눈에 보입니다. *평활화*는 모든 값이
# 고루 쓰이도록 펼치고, *CLAHE*는 구역별로 한도를 두고 평활화하여 밋밋한 곳의 잡음이 커지지 않게 합니다.

# %%
rocket = cv2.cvtColor(open_photos.read("rocket"), cv2.COLOR_RGB2GRAY)
even, tiles = cv2.equalizeHist(rocket), cv2.createCLAHE(clipLimit=3, tileGridSize=(8, 8)).apply(rocket)
figure, axes = plt.subplots(2, 4, figsize=(11, 4.2), layout="constrained")
shown = {"colour": open_photos.read("rocket"), "grey": rocket, "equalised": even, "CLAHE": tiles}
for (name, picture), (above, below) in zip(shown.items(), axes.T, strict=True):
    above.imshow(picture, cmap="gray", vmin=0, vmax=255)
    above.set(title=name, xticks=[], yticks=[])
    for channel, colour in enumerate("rgb" if picture.ndim == 3 else "k"):
        below.plot(cv2.calcHist([picture], [channel], None, [64], [0, 256]), colour)
    below.set(ylim=(0, 20_000), xticks=[])
plt.show()

# %% [markdown] lang="en"
# To *compare* pictures, the notes take four bins a channel: 3 × 4 = **12 numbers**, scaled to length 1. `compareHist` then says how alike two are.
# What is lost? *Where* the colours are, and *which goes with which*: each channel was counted by itself.

# %% [markdown] lang="ko"
# 영상을 *비교*할 때 교재는 채널마다 구간 네 개, 곧 3 × 4 = **12개의 수**를 쓰고 길이를 1로 맞춥니다. 그다음 `compareHist`가 둘이 얼마나 닮았는지 말해 줍니다.
# 무엇을 잃을까요? 색이 *어디에* 있는지, 그리고 *어느 값끼리 함께* 있는지입니다. 채널을 따로따로 세었기 때문입니다.


# %%
def notes_histogram(picture):
    channels = [cv2.calcHist([picture], [channel], None, [4], [0, 256]) for channel in range(3)]
    return cv2.normalize(np.concatenate(channels), None).ravel()


# %%
one, two = np.zeros((2, 60, 90, 3), np.uint8)
one[:30], one[30:] = (255, 255, 0), (0, 0, 255)
two[:, :45], two[:, 45:] = (255, 0, 0), (0, 255, 255)
same = cv2.compareHist(notes_histogram(one), notes_histogram(two), cv2.HISTCMP_CORREL)
labs.show.grid([one, two], title=f"compareHist says {same:.3f}: the same")

# %% [markdown] lang="en"
# Yellow over blue, and red beside cyan: no common colour, and yet the same twelve numbers.
#
# ## 5. Search by histogram
#
# The notes' search: a dictionary of histograms, `compareHist` with each, sort. We time it as it stands, in *processor seconds*.

# %% [markdown] lang="ko"
# 노랑 위 파랑 아래, 그리고 빨강과 청록. 같은 색이 하나도 없는데 열두 개의 수는 똑같습니다.
#
# ## 5. 히스토그램으로 검색하기
#
# 교재의 검색은 히스토그램을 사전에 모아 두고, 하나하나 `compareHist`로 비교하여 정렬하는 것입니다. 그대로 두고 시간을 *프로세서 시간*으로 재어 봅시다.

# %%
dataset = labs.load("cifar10", labs.profile.size)
pictures = dataset.x_train
start = time.process_time()
index = {number: notes_histogram(picture) for number, picture in enumerate(pictures)}
print(f"{dataset.source}: {len(index):,} histograms in {time.process_time() - start:.2f} s")


# %%
def notes_search(query, method, k=10):
    code = getattr(cv2, f"HISTCMP_{method}")
    scores = {number: cv2.compareHist(query, histogram, code) for number, histogram in index.items()}
    larger_is_better = method in ("CORREL", "INTERSECT")
    return sorted(scores.items(), key=lambda pair: pair[1], reverse=larger_is_better)[:k]


# %%
best = notes_search(index[7], "CORREL")
print([number for number, _ in best])

# %% tags=["unpublished"]
titles = [f"{dataset.labels[dataset.y_train[i]]}\n{score:.3f}" for i, score in best]
labs.show.grid(pictures[[i for i, _ in best]], titles=titles, title="the first is the query")

# %% [markdown] lang="en"
# The colours are alike, the things are not. We come back to that; first to the time. CORREL is a correlation:
#
# $$r(q, h) = \frac{\sum (q_j - \bar q)(h_j - \bar h)}{\sqrt{\sum (q_j - \bar q)^2 \sum (h_j - \bar h)^2}}$$
#
# Subtract each row's mean **once**, divide each row by its length **once**, and what remains at search time is a sum of products: one matrix times one vector.

# %% [markdown] lang="ko"
# 색은 닮았지만 물건은 닮지 않았습니다. 그 이야기는 나중에 하고 먼저 시간을 줄여 봅시다. CORREL은 상관 계수입니다.
#
# $$r(q, h) = \frac{\sum (q_j - \bar q)(h_j - \bar h)}{\sqrt{\sum (q_j - \bar q)^2 \sum (h_j - \bar h)^2}}$$
#
# 행마다 평균을 **한 번** 빼고 길이로 **한 번** 나누어 두면, 검색할 때 남는 것은 곱의 합, 곧 행렬과 벡터의 곱 하나입니다.

# %%
rows = np.array(list(index.values()))
unit = rows - rows.mean(axis=1, keepdims=True)
unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-12)
scores = unit @ unit[7]
print(np.argsort(-scores, kind="stable")[:10])

# %% [markdown] lang="en"
# The others become sums as well ($q$ is the query, $h$ a row; what depends on $q$ alone does not change the order):
#
# | `compareHist` | formula | prepared once | at search time |
# |---|---|---|---|
# | CORREL | above | centred rows of length 1, `u` | `u @ uq` |
# | CHISQR | $\sum (q-h)^2/q$ | `[h**2, h]` | `h**2 @ (1/q) - 2 * h.sum()` |
# | BHATTACHARYYA | $\sqrt{1-\sum\sqrt{qh}/\sqrt{\sum q\sum h}}$ | `sqrt(h / h.sum())` | `-(r @ rq)` |
# | KL_DIV | $\sum q\log(q/h)$ | `log(h)` | `-(l @ q)` |
# | INTERSECT | $\sum\min(q,h)$ | columns | twelve `minimum` |
# | CHISQR_ALT | $2\sum (q-h)^2/(q+h)$ | columns, `h.sum()` | `h.sum() + (4*q*q / (q+h)).sum()` |
#
# Matrix arithmetic rounds differently from `compareHist`, so two nearly equal answers could change places. `labs.search.HistogramIndex` therefore uses
# it only to choose candidates, all within the rounding error of the ten best, and lets **compareHist itself** weigh those few. So the answers, scores and ties are the loop's.

# %% [markdown] lang="ko"
# 나머지도 합으로 바꿀 수 있습니다($q$는 질의, $h$는 한 행이고, $q$에만 달린 항은 순서를 바꾸지 않습니다).
#
# | `compareHist` | 식 | 한 번 준비해 두는 것 | 검색할 때 |
# |---|---|---|---|
# | CORREL | 위의 식 | 평균을 빼고 길이를 1로 맞춘 행 `u` | `u @ uq` |
# | CHISQR | $\sum (q-h)^2/q$ | `[h**2, h]` | `h**2 @ (1/q) - 2 * h.sum()` |
# | BHATTACHARYYA | $\sqrt{1-\sum\sqrt{qh}/\sqrt{\sum q\sum h}}$ | `sqrt(h / h.sum())` | `-(r @ rq)` |
# | KL_DIV | $\sum q\log(q/h)$ | `log(h)` | `-(l @ q)` |
# | INTERSECT | $\sum\min(q,h)$ | 열 | `minimum` 열두 번 |
# | CHISQR_ALT | $2\sum (q-h)^2/(q+h)$ | 열과 `h.sum()` | `h.sum() + (4*q*q / (q+h)).sum()` |
#
# 행렬 연산은 `compareHist`와 반올림이 달라서 거의 같은 두 답의 순서가 바뀔 수 있습니다. 그래서 `labs.search.HistogramIndex`는 행렬 연산으로
# 반올림 오차 안에 드는 후보만 고르고, 그 몇 개는 **compareHist로 직접** 다시 잽니다. 그러므로 답도, 점수도, 동점의 순서도 반복문과 똑같습니다.

# %%
start = time.process_time()
fast = labs.search.HistogramIndex(labs.search.describe(pictures))
print(f"index {time.process_time() - start:.2f} s, the same bits:", np.array_equal(fast.rows, rows))
print(f"{'':15} {'loop':>8} {'ours':>9} {'ratio':>6}  same ten")
for method in labs.search.METHODS:
    fast.search(rows[0], 10, method)  # prepares
    clock = [time.process_time()]
    expected = notes_search(rows[7], method)
    clock.append(time.process_time())
    answers = [fast.search(rows[7], 10, method) for _ in range(50)]
    clock.append(time.process_time())
    loop, ours = (clock[1] - clock[0]) * 1e3, (clock[2] - clock[1]) * 1e3 / 50
    print(f"{method:15} {loop:5.1f} ms {ours:6.3f} ms {loop / ours:6.0f}  {answers[0] == expected}")

# %% [markdown] lang="en"
# A loop in Python costs a microsecond a picture before anything is computed; NumPy computes the same for all pictures in the time Python takes to begin.
#
# ## 6. Search by what is seen
#
# The features of a network (lab 03) say *what* there is. We take a MobileNet trained on ImageNet, blow the little pictures up inside the network,
# average over the places, and compare by **cosine**, the angle between two lists of numbers.

# %% [markdown] lang="ko"
# 파이썬 반복문은 계산을 시작하기도 전에 영상 한 장에 1마이크로초를 씁니다. NumPy는 파이썬이 시작하는 동안 모든 영상의 계산을 끝냅니다.
#
# ## 6. 보이는 것으로 검색하기
#
# 신경망의 특징(실습 03)은 *무엇이* 있는지 말해 줍니다. ImageNet으로 학습한 MobileNet에 작은 영상을 키워 넣고,
# 자리에 대해 평균을 내어 **코사인**, 곧 두 목록 사이의 각도로 비교합니다.

# %%
pretrained = labs.profile.choose({"weights": "imagenet", "alpha": 0.75}, {"weights": "stand-in"})
side = labs.profile.choose(full=96, quick=64)
trunk = labs.backbone.load("MobileNet", include_top=False, input_shape=(side, side, 3), **pretrained)
inputs = keras.Input((32, 32, 3))
larger = layers.Resizing(side, side, interpolation="bicubic")(inputs)
maps = trunk(labs.backbone.preprocessing("MobileNet")(larger))
extractor = keras.Model(inputs, layers.GlobalAveragePooling2D()(maps))

# %%
base, asked = dataset.x_train[:10_000], dataset.x_test[:500]
of_base, of_asked = dataset.y_train[:10_000], dataset.y_test[:500]
start = time.process_time()
features, questions = (labs.backbone.features(extractor, part) for part in (base, asked))
print(f"{features.shape} and {questions.shape} in {time.process_time() - start:.0f} processor seconds")

# %% [markdown] lang="en"
# Is it better? An answer counts as right when it is of the query's class. **precision@5** is the share of right ones among the first five;
# **mAP** (mean average precision) looks at the whole ranking: the precision at the place of each right answer, averaged.

# %% [markdown] lang="ko"
# 더 나을까요? 답이 질의와 같은 부류이면 맞은 것으로 칩니다. **precision@5**는 처음 다섯 개 가운데 맞은 비율이고,
# **mAP**(평균 정밀도의 평균)는 순위 전체를 봅니다. 맞은 답이 나온 자리마다 정밀도를 구해 평균합니다.


# %%
def ranking(base, asked):
    base, asked = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (base, asked))
    return np.argsort(-(asked @ base.T), axis=1)


def quality(order):
    right = of_base[order] == of_asked[:, None]
    precision = right.cumsum(axis=1) / np.arange(1, right.shape[1] + 1)
    average = (precision * right).sum(axis=1) / right.sum(axis=1)
    return right[:, :5].mean(), average.mean()


# %%
flat = [x.reshape(len(x), -1).astype("float32") - 128 for x in (base, asked)]
pca = PCA(64, random_state=7).fit(features)
ways = {"pixels": flat, "histogram, 12": [labs.search.describe(x) for x in (base, asked)]}
ways |= {
    "features": [features, questions],
    "features, PCA to 64": list(map(pca.transform, (features, questions))),
}
orders = {name: ranking(*pair) for name, pair in ways.items()}
for name, order in orders.items():
    at_five, average = quality(order)
    print(f"{name:20} precision@5 {at_five:.1%}, mAP {average:.1%}, {ways[name][0].shape[1]:5} numbers")

# %% [markdown] lang="en"
# By chance it would be 10 %. Pixels and colours do two or three times that, features six times, and a twelfth of their numbers does as well.
# (CIFAR-10 was a JPEG copy in the run that you see.)
# But look at the **failures** too: the last rows are queries to which no answer was right.

# %% [markdown] lang="ko"
# 아무렇게나 고르면 10 %입니다. 화소와 색은 그 두세 배, 특징은 여섯 배이고, 수를 12분의 1로 줄여도 그대로입니다.
# (여기 보이는 실행에서는 CIFAR-10의 JPEG 사본을 썼습니다.)
# 하지만 **실패**도 보아야 합니다. 마지막 줄들은 맞은 답이 하나도 없는 질의입니다.

# %% tags=["unpublished"]
hits = (of_base[orders["features"][:, :5]] == of_asked[:, None]).sum(axis=1)
chosen = [*np.flatnonzero(hits == 5)[:2], *np.flatnonzero(hits == 0)[:2]]
shown = [picture for q in chosen for picture in (asked[q], *base[orders["features"][q, :5]])]
names = [dataset.labels[n] for q in chosen for n in (of_asked[q], *of_base[orders["features"][q, :5]])]
labs.show.grid(shown, titles=names, columns=6, title="the query, and its five answers", source=dataset.source)

# %% [markdown] lang="en"
# A query of your own: put a photo beside the notebook and write its name for `my_photo`. Without one, the cat Chelsea asks.
# On the web the pieces of fourteen open photographs answer, by their colours:
#
# <!-- live: search -->

# %% [markdown] lang="ko"
# 여러분의 사진으로 물어보세요. 노트북 곁에 사진을 두고 `my_photo`에 이름을 적으면 됩니다. 없으면 고양이 Chelsea가 묻습니다.
# 웹에서는 공개 사진 열네 장의 조각이 색으로 대답합니다.
#
# <!-- live: search -->

# %%
my_photo = "my_photo.jpg"
path = my_photo if os.path.exists(my_photo) else open_photos.path("chelsea")
mine = cv2.resize(
    cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), (32, 32), interpolation=cv2.INTER_AREA
)
answers = ranking(features, extractor.predict(mine[None], verbose=0))[0, :10]
print("the answers show:", ", ".join(dataset.labels[n] for n in of_base[answers]))

# %% [markdown] lang="en"
# For a whole folder of photos there is a command; it reads each file once, reports corrupt ones, and goes on where it was interrupted:
# `labs search FOLDER my_photo.jpg --html answers.html`.
#
# ## Exercises
#
# **1.** How red is the coffee? Red lies at both ends of the hue, 0 to 10 and 170 to 179. Make one mask of both ranges (saturation and value from 100)
# and give the share of the pixels in it.

# %% [markdown] lang="ko"
# 사진이 든 폴더 전체를 검색하는 명령도 있습니다. 파일마다 한 번만 읽고, 깨진 파일을 알려 주며, 중단되면 이어서 합니다.
# `labs search FOLDER my_photo.jpg --html answers.html`.
#
# ## 연습 문제
#
# **1.** 커피 사진은 얼마나 빨갈까요? 빨강은 색상의 양 끝, 0~10과 170~179에 있습니다. 두 범위를 합친 마스크를 만들고(채도와 명도는 100부터)
# 그 안에 든 화소의 비율을 구하세요.

# %% tags=["exercise"]
coffee = cv2.cvtColor(open_photos.read("coffee"), cv2.COLOR_RGB2HSV)
# solution
low = cv2.inRange(coffee, (0, 100, 100), (10, 255, 255))
high = cv2.inRange(coffee, (170, 100, 100), (179, 255, 255))
red = cv2.bitwise_or(low, high)
# end solution
print(f"{np.mean(red == 255):.0%} of the pixels are red")

# %% [markdown] lang="en"
# **2.** A distance of your own: the *city block* distance, the sum of the absolute differences. Rank `base` by it for every query, and compare its
# precision@5 with that of the histograms by cosine.

# %% [markdown] lang="ko"
# **2.** 자기만의 거리: *시가지 거리*(city block)는 차의 절댓값을 모두 더한 것입니다. 이 거리로 질의마다 `base`의 순위를 매기고
# precision@5를 코사인으로 비교한 히스토그램과 견주어 보세요.

# %% tags=["exercise"]
histograms, of_queries = ways["histogram, 12"]
# solution
distances = np.array([np.abs(histograms - query).sum(axis=1) for query in of_queries])
by_blocks = np.argsort(distances, axis=1)
# end solution
print(f"city block {quality(by_blocks)[0]:.1%}, cosine {quality(orders['histogram, 12'])[0]:.1%}")

# %% [markdown] lang="en"
# **3.** Chi-square is not symmetric: `compareHist(q, h, CHISQR)` divides by $q$ only. Compute it both ways for pictures 7 and 8 with NumPy. What happens to a bin
# that is empty in one of them?

# %% [markdown] lang="ko"
# **3.** 카이제곱은 대칭이 아닙니다. `compareHist(q, h, CHISQR)`는 $q$로만 나눕니다. 7번과 8번 영상에 대해 NumPy로 양쪽 방향을 계산하세요.
# 한쪽에서만 비어 있는 구간은 어떻게 될까요?


# %% tags=["exercise"]
def chi_square(q, h):
    # solution
    counts = q > 0  # an empty bin of q is left out, however full it is in h
    return float((((q - h) ** 2)[counts] / q[counts]).sum())
    # end solution


for q, h in ((7, 8), (8, 7)):
    print(f"{chi_square(rows[q], rows[h]):.4f} = {cv2.compareHist(rows[q], rows[h], cv2.HISTCMP_CHISQR):.4f}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Everybody is blue | The picture is BGR: `cvtColor` before Matplotlib |
# | The mask is empty | Print the HSV of one pixel of the thing; hues go to 179, not 360 |
# | The video file has 0 frames | Another codec, and frames of exactly the writer's size (width, height) |
# | `compareHist` asserts | Both histograms float32 and of one shape |
# | `DataUnavailable` for the weights | A network once, or `LABS_DATA` with a folder `models`, or `LABS_PROFILE=quick` |
#
# ## What to remember
#
# - HSV separates the colour from the light; a mask, two morphologies and the moments follow a thing to a fraction of a pixel.
# - A histogram forgets where the colours are and which go together.
# - Prepare once what does not depend on the query; let the exact method weigh only the candidates. The answers stay the same.
# - Features find things, colours find colours. Measure it, and look at the failures.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 사람이 모두 파랗다 | 영상이 BGR입니다. Matplotlib에 넘기기 전에 `cvtColor`를 하세요 |
# | 마스크가 비어 있다 | 물체 위 화소 하나의 HSV를 출력해 보세요. 색상은 360이 아니라 179까지입니다 |
# | 동영상 파일의 프레임이 0개다 | 다른 코덱을 써 보고, 프레임 크기(너비, 높이)를 정확히 맞추세요 |
# | `compareHist`에서 오류가 난다 | 두 히스토그램이 모두 float32이고 모양이 같아야 합니다 |
# | 가중치에서 `DataUnavailable` | 인터넷을 한 번 연결하거나, `models` 폴더가 있는 `LABS_DATA`를 쓰거나, `LABS_PROFILE=quick`으로 합니다 |
#
# ## 정리
#
# - HSV는 색을 빛에서 떼어 놓습니다. 마스크, 모폴로지 두 번, 모멘트면 물체를 화소보다 곱게 따라갈 수 있습니다.
# - 히스토그램은 색이 어디에 있고 어느 값끼리 함께 있는지를 잊습니다.
# - 질의와 상관없는 것은 한 번만 준비하고, 정확한 방법으로는 후보만 다시 잽니다. 답은 그대로입니다.
# - 특징은 물건을 찾고 색은 색을 찾습니다. 재어 보고, 실패도 살펴보세요.
