# ---
# title:
#   en: Depth from two cameras
#   ko: 카메라 두 대로 보는 깊이
# minutes: 7
# data:
#   en: rendered rooms with exact depth (made here), one photographed pair with measured disparity
#   ko: 깊이를 정확히 아는 합성한 방(여기서 만듭니다), 시차를 잰 실제 사진 한 쌍
# accuracy:
#   en: "more than 2 pixels off on the photographed pair: block matching by hand 26 %, learnt from rendered rooms 21 %, StereoSGBM 9 %"
#   ko: "실제 사진에서 2화소 넘게 틀린 비율: 직접 만든 블록 정합 26 %, 합성한 방에서 배운 것 21 %, StereoSGBM 9 %"
# seed: 17
# ---

# %% [markdown] lang="en"
# A picture has lost one number of each point: how far away it is. Two pictures have it still. In this notebook we
#
# - follow a point **through a pinhole** into a picture, and find out what a camera's numbers are (**calibration**);
# - bring the point back from two pictures (**triangulation**), and see why far things are known badly;
# - find which pixel belongs to which: **block matching** by hand, OpenCV's two matchers, and a **network that learns it** from rendered rooms; all judged by a true depth, one of them a photograph's;
# - **refocus** a photograph, as a telephone does.

# %% [markdown] lang="ko"
# 영상은 점마다 수 하나를 잃어버립니다. 얼마나 먼가입니다. 영상이 두 장이면 그 수를 되찾을 수 있습니다. 이 노트북에서는
#
# - 점이 **핀홀**을 지나 영상에 맺히는 과정을 따라가고, 카메라의 수를 알아냅니다(**보정**, calibration).
# - 영상 두 장에서 점의 위치를 되살리고(**삼각 측량**), 먼 물체의 깊이가 왜 부정확한지 봅니다.
# - 어느 화소가 어느 화소와 짝인지 찾습니다. 직접 만든 **블록 정합**, OpenCV의 두 방법, 그리고 합성한 방에서 **스스로 배우는 신경망**을 참값으로 견줍니다. 실제 사진도 한 쌍 있습니다.
# - 휴대전화처럼 사진의 **초점을 다시 맞춥니다**.

# %%
import functools
import itertools
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import stereo

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(17)
random = np.random.default_rng(17)

# %% [markdown] lang="en"
# ## 1. Through the pinhole
#
# A camera is a point and a picture in front of it: a thing twice as far away is half as large. Three steps take a point of the world to its pixel. **Rotation and shift** say where it is as seen from the camera; the
# **camera matrix** multiplies by the focal length (in pixels) and moves the origin into the picture's corner; the **division by depth** is the perspective.

# %% [markdown] lang="ko"
# ## 1. 핀홀을 지나서
#
# 카메라는 점 하나와 그 앞에 놓인 영상입니다. 두 배 먼 물체는 절반 크기로 보입니다. 세상의 점은 세 단계를 거쳐 화소가 됩니다. **회전과 이동**은 카메라에서 본 위치를 알려 주고,
# **카메라 행렬**은 (화소로 나타낸) 초점 거리를 곱하고 원점을 영상의 모서리로 옮기며, **깊이로 나누는 것**이 곧 원근입니다.

# %%
width, height, focal = 640, 480, 700.0
camera = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])


def project(points, rotation, shift):
    """Points of the world (n, 3) -> pixels (n, 2)."""
    seen = points @ cv2.Rodrigues(rotation)[0].T + shift
    pixels = seen @ camera.T
    return pixels[:, :2] / pixels[:, 2:]


# %%
cube = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
turn, move = np.array([0.5, 0.6, 0.1]), np.array([0.2, -0.1, 6])
apart = project(cube, turn, move) - cv2.projectPoints(cube, turn, move, camera, None)[0][:, 0]
print(f"cv2.projectPoints differs by {np.abs(apart).max():.0e} pixels")

# %%
edges = [[a, b] for a in range(8) for b in range(a) if (cube[a] != cube[b]).sum() == 1]
figure, panels = plt.subplots(1, 3, figsize=(11, 2.9), layout="constrained")
for axes, away in zip(panels, (4, 6, 12), strict=True):
    x, y = project(cube, turn, (0, 0, away)).T
    for edge in edges:
        axes.plot(x[edge], y[edge], "k.-")
    axes.set(
        xlim=(0, width), ylim=(height, 0), aspect="equal", title=f"{away} m: {np.ptp(x):.0f} pixels wide"
    )
plt.show()

# %% [markdown] lang="en"
# ## 2. Calibration: what are my camera's numbers?
#
# Focal length, centre and the lens' **distortion** are found from photographs of a thing that is known exactly: a chessboard. We photograph one with a camera that we know, too: every pixel's ray is bent as the
# lens bends it and followed back to the board. So we can compare what OpenCV finds with the truth.

# %% [markdown] lang="ko"
# ## 2. 보정: 내 카메라의 수는 얼마일까?
#
# 초점 거리, 중심, 렌즈의 **왜곡**은 모양을 정확히 아는 물건, 곧 체스판을 찍은 사진으로 알아냅니다. 여기서는 수를 아는 카메라로 체스판을 찍어 봅니다. 화소마다 광선을 렌즈가 휘는 대로 휘어
# 체스판까지 거꾸로 따라갑니다. 그래서 OpenCV가 찾아낸 값을 참값과 견줄 수 있습니다.

# %%
lens = np.array([-0.25, 0.08, 0, 0, 0])  # pulls the edges inwards, as a wide-angle lens does
squares = np.kron(np.indices((8, 11)).sum(0) % 2, np.ones((40, 40))) * 215 + 20
inner = np.array([(x, y, 0) for y in range(7) for x in range(10)], "float32")  # corners, a square is 1


def photograph(rotation, away):
    """The chessboard as our camera sees it: uint8 (height, width)."""
    rotation = cv2.Rodrigues(rotation)[0]
    x, y = np.meshgrid(np.arange(width, dtype="float32"), np.arange(height, dtype="float32"))
    rays = cv2.undistortPoints(np.stack([x, y], axis=-1).reshape(-1, 1, 2), camera, lens)
    plane = np.column_stack([rotation[:, :2], away - rotation @ (4.5, 3, 0)])
    place = cv2.perspectiveTransform(rays, np.linalg.inv(plane)).reshape(height, width, 2)
    where = ((place + 1) * 40 - 0.5).astype("float32")
    seen = cv2.remap(squares.astype("uint8"), where, None, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 128)
    return np.clip(cv2.GaussianBlur(seen, (0, 0), 0.8) + random.normal(0, 4, seen.shape), 0, 255).astype(
        "uint8"
    )


# %%
ranges = [(-0.6, -0.6, -0.6), (-2, -1.5, 13)], [(0.6, 0.6, 0.6), (2, 1.5, 18)]  # turns, places
views = [photograph(*random.uniform(*ranges)) for _ in range(15)]
found = [cv2.findChessboardCorners(view, (10, 7)) for view in views]
views = [view for view, (there, _) in zip(views, found, strict=True) if there]
print(f"all corners are found in {len(views)} of {len(found)} views")
rough = [points for there, points in found if there]
fine = (5, 5), (-1, -1), (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 50, 1e-4)
corners = [cv2.cornerSubPix(view, points, *fine) for view, points in zip(views, rough, strict=True)]

# %%
flags = cv2.CALIB_ZERO_TANGENT_DIST | cv2.CALIB_FIX_K3
for count in (2, 4, len(views)):
    given = [inner] * count, corners[:count], (width, height), None, None
    error, matrix, bent, *_ = cv2.calibrateCamera(*given, flags=flags)
    numbers = (
        f"focal {matrix[0, 0]:.1f}, centre {matrix[0, 2]:.1f} {matrix[1, 2]:.1f}, k1 {bent.ravel()[0]:.3f}"
    )
    print(f"{count:2} views: {numbers}; corners {error:.3f} pixels off")
print(f"   truth: focal {focal:.1f}, centre {width / 2:.1f} {height / 2:.1f}, k1 {lens[0]:.3f}")

# %%
marked = cv2.drawChessboardCorners(np.dstack([views[0]] * 3), (10, 7), corners[0], True)
shown = [views[0], marked, cv2.undistort(views[0], matrix, bent)]
labs.show.grid(shown, ["as the lens bends it · 휨", "corners", "undistort"], columns=3)


# %% [markdown] lang="en"
# **Your own camera.** Print a chessboard of 11 x 8 squares (or show it on a tablet), measure a square, glue it flat. Take 15 photographs that fill the picture, also its corners, from 30 degrees left, right, above and below, focus and
# zoom untouched. Then the cells above with `views = [cv2.imread(name, 0) for name in ...]`, and `inner` times the square's size in metres. The **reprojection error** (how far the corners are from where the found camera would put them) should be below half a pixel; if it is not,
# throw out the blurred pictures first. A small error proves no good camera: two views give one, too.
#
# ## 3. Triangulation: two rays meet
#
# One pixel says in which direction a point is. The same point's pixel in a second camera, 20 cm to the right, gives a second ray; where the rays meet, there it is. `cv2.triangulatePoints` solves that for many points. Pixels are never exact,
# so let us move them a little at random.

# %% [markdown] lang="ko"
# **자기 카메라로.** 11 x 8칸 체스판을 인쇄하거나 태블릿에 띄우고, 한 칸의 길이를 잰 뒤 평평한 판에 붙이세요. 영상의 구석까지 가득 차게, 왼쪽, 오른쪽, 위, 아래로 30도쯤 기울여 가며 열다섯 장을 찍습니다. 초점과 줌은 건드리지 않습니다. 그다음
# 위 셀에서 `views = [cv2.imread(name, 0) for name in ...]`로 바꾸고 `inner`에 한 칸의 길이(미터)를 곱하면 됩니다. **재투영 오차**(찾아낸 카메라로 다시 그렸을 때 모서리가 어긋나는 거리)가 0.5화소보다 작아야 하고, 크면
# 흔들린 사진부터 빼세요. 오차가 작다고 좋은 결과라는 뜻은 아닙니다. 사진이 두 장뿐이어도 오차는 작습니다.
#
# ## 3. 삼각 측량: 두 광선이 만나는 곳
#
# 화소 하나는 점이 어느 방향에 있는지 알려 줍니다. 20 cm 오른쪽에 있는 둘째 카메라에 맺힌 같은 점의 화소는 둘째 광선을 줍니다. 두 광선이 만나는 곳에 점이 있습니다. `cv2.triangulatePoints`는 이것을 여러 점에 대해 풉니다. 화소 위치는 결코 정확하지 않으므로
# 조금씩 흔들어 봅시다.


# %%
def depth_errors(away, noise, count=2000, apart=0.2):
    """How far points `away` metres off come back wrong, when their pixels are `noise` pixels wrong."""
    points = np.column_stack([random.uniform(-0.3, 0.3, (count, 2)) * away, np.full(count, away)])
    moves = np.zeros(3), np.array([-apart, 0, 0])
    matrices = [camera @ np.column_stack([np.eye(3), move]) for move in moves]
    pixels = [project(points, np.zeros(3), move) + random.normal(0, noise, (count, 2)) for move in moves]
    found = cv2.triangulatePoints(*matrices, pixels[0].T, pixels[1].T)
    return np.abs(found[2] / found[3] - away)


# %%
distances = np.array([1, 2, 3, 4, 6, 8, 10])
noises = (0.1, 0.25, 0.5, 1)
medians = [[100 * np.median(depth_errors(z, noise)) for z in distances] for noise in noises]
print(f"without noise: {depth_errors(5, 0).max():.0e} m off; at 10 m, half a pixel: {medians[2][-1]:.0f} cm")

# %%
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
lines = axes.loglog(distances, np.transpose(medians), "o-")
axes.set(xlabel="거리 · distance (m)", ylabel="깊이 오차 · depth error (cm)")
axes.legend(lines, [f"{noise} pixels" for noise in noises])
plt.show()

# %% [markdown] lang="en"
# Twice the noise, twice the error; but twice the *distance*, **four times** the error: every line has slope 2. Far away the two rays are nearly parallel. What helps is a larger distance between the cameras, a longer focal length, and corners found to a tenth of a pixel.
#
# ## 4. Rectified pictures: depth is a shift
#
# With both cameras side by side and parallel, a point stands in the **same row** of both pictures, and only its column differs. That difference is the **disparity**:
#
# $$d = x_{left} - x_{right} = \frac{f B}{Z}$$
#
# with focal length $f$, distance between the cameras $B$ and depth $Z$. (`cv2.stereoRectify` brings other arrangements into this form.) `labs.load("stereo")` renders rooms before two such cameras, `labs/data/rooms.py` shows how: each pixel's ray is met with every ball, box and pole,
# which are papered with open photographs. So the disparity is exact at every pixel.

# %% [markdown] lang="ko"
# 잡음이 두 배면 오차도 두 배이지만, *거리*가 두 배면 오차는 **네 배**입니다. 모든 직선의 기울기가 2입니다. 멀어지면 두 광선이 거의 나란하기 때문입니다. 카메라 사이를 벌리거나, 초점 거리를 늘리거나, 모서리를 10분의 1 화소까지 찾으면 나아집니다.
#
# ## 4. 정렬된 영상: 깊이는 곧 어긋남
#
# 두 카메라를 나란히 놓으면 점은 두 영상의 **같은 행**에 맺히고 열만 다릅니다. 그 차이를 **시차**(disparity)라고 합니다.
#
# $$d = x_{left} - x_{right} = \frac{f B}{Z}$$
#
# $f$는 초점 거리, $B$는 카메라 사이의 거리, $Z$는 깊이입니다. (다르게 놓인 카메라는 `cv2.stereoRectify`로 이 꼴로 바꿉니다.) `labs.load("stereo")`는 이런 카메라 두 대 앞에 방을 그립니다. `labs/data/rooms.py`에 방법이 있습니다. 화소마다 광선이 공, 상자, 막대와 만나는 곳을 찾고,
# 물체에는 공개 사진을 벽지처럼 바릅니다. 그래서 모든 화소의 시차를 정확히 압니다.

# %%
counts = labs.profile.choose(full=(120, 16), quick=(4, 2))
rooms = labs.load("stereo", train=counts[0], test=counts[1])
pair, real = stereo.scene(15), stereo.real(labs.profile.size)
shown = [pair.left, pair.right, labs.depth.paint(pair.disparity), pair.hidden]
labs.show.grid(shown, ["left", "right", "disparity", "hidden"], columns=4, source=rooms.source)

# %% [markdown] lang="en"
# Near is red. White in the last picture: what only the left camera sees, beside each near thing. No method can match those pixels; it has to guess.
#
# ## 5. Block matching by hand
#
# For each pixel and each possible shift: how different are the two neighbourhoods? The shift with the smallest sum of absolute differences wins. As arrays that is one shifted difference and one box filter a shift; all of them together are the **cost volume**.

# %% [markdown] lang="ko"
# 가까울수록 붉습니다. 마지막 그림의 흰 곳은 가까운 물체 옆에 생기는, 왼쪽 카메라만 보는 곳입니다. 어떤 방법으로도 짝을 찾을 수 없으니 짐작해야 합니다.
#
# ## 5. 직접 만드는 블록 정합
#
# 화소마다, 가능한 어긋남마다 두 이웃이 얼마나 다른지 잽니다. 차이의 절댓값 합이 가장 작은 어긋남이 이깁니다. 배열로 하면 어긋남마다 뺄셈 한 번과 상자 필터 한 번이고, 이것을 모두 쌓은 것이 **비용 부피**(cost volume)입니다.


# %%
def block_matching(left, right, window=11, largest=64):
    left, right = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype("float32") for picture in (left, right))
    costs = np.full((largest, *left.shape), 255, "float32")
    for shift in range(largest):
        apart = np.abs(left[:, shift:] - right[:, : left.shape[1] - shift])
        costs[shift, :, shift:] = cv2.boxFilter(apart, -1, (window, window))
    return costs.argmin(axis=0).astype("float32")


# %%
for window in (3, 7, 11, 21):
    guess = block_matching(*pair[:2], window)
    print(f"window {window:2}: {labs.depth.judge(pair.disparity, guess)}")

# %% [markdown] lang="en"
# A small window finds its like everywhere, all the more on a wall whose pattern repeats; a large one blurs the edges: near things swell. The bare ball in front defeats both.
#
# **Semi-global matching** (Hirschmüller, 2008) makes neighbours agree: along several directions through the picture, a jump of the disparity costs extra. `StereoSGBM` also checks that the match from right to left says the same, and marks what does not with -1. To compare fairly we fill these from the *farther* neighbour, for what is hidden lies behind.

# %% [markdown] lang="ko"
# 창이 작으면 어디서나 비슷한 것을 찾아내고, 벽의 무늬가 되풀이되면 더욱 그렇습니다. 크면 경계가 번져 가까운 물체가 부풀어 오릅니다. 무늬 없는 앞쪽 공에는 둘 다 소용없습니다.
#
# **준전역 정합**(semi-global matching, Hirschmüller, 2008)은 이웃끼리 뜻을 맞춥니다. 영상을 가로지르는 여러 방향에서 시차가 뛸 때마다 값을 더 치르게 합니다. `StereoSGBM`은 오른쪽에서 왼쪽으로도 맞추어 보고 답이 다르면 -1을 적습니다. 공정하게 견주려고 이런 곳은 *더 먼* 이웃의 값으로 채웁니다. 가려진 것은 뒤에 있기 때문입니다.


# %%
def opencv_bm(left, right):
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (left, right)]
    return labs.depth.filled(cv2.StereoBM_create(64, 15).compute(*grey) / 16)


def opencv_sgbm(left, right):
    matcher = cv2.StereoSGBM_create(0, 64, 3, 216, 864, 1, 63, 10, 100, 2, cv2.STEREO_SGBM_MODE_HH)
    return labs.depth.filled(matcher.compute(left, right) / 16)


ways = {"by hand": block_matching, "StereoBM": opencv_bm, "StereoSGBM": opencv_sgbm}
width = rooms.y_test.shape[2]


def table(names):
    """Each way on the unseen rooms and on the real pair."""
    for name in names:
        guesses = [ways[name](pair[:, :width], pair[:, width:]) for pair in rooms.x_test]
        print(f"{name:10} rooms: {labs.depth.judge(rooms.y_test, guesses)}")
        print(f"{'':10} real:  {labs.depth.judge(real.disparity, ways[name](*real[:2]))}")


# %%
table(ways)
shown = [pair.left, *(labs.depth.paint(way(*pair[:2]), 60) for way in ways.values())]
labs.show.grid(shown, ["left", *ways], columns=4, source=rooms.source)

# %% [markdown] lang="en"
# ## 6. A network that chooses the window
#
# A small window for edges, a large one for bare walls: by hand we must choose one for the whole picture. A network can choose **at each pixel**. First, without anything to learn, the cost volume as a graph: both pictures less their local mean (so that a brighter camera does no harm), their difference at each of
# 64 shifts, cut off at 0.2, turned into a likeness, averaged over 4 x 4 pixels.

# %% [markdown] lang="ko"
# ## 6. 창을 고르는 신경망
#
# 경계에는 작은 창, 무늬 없는 벽에는 큰 창이 좋은데 손으로 할 때는 영상 전체에 하나를 골라야 했습니다. 신경망은 **화소마다** 고를 수 있습니다. 먼저 배울 것이 없는 부분, 곧 비용 부피를 그래프로 만듭니다. 두 영상에서 둘레의 평균을 빼고(한쪽 카메라가 더 밝아도 괜찮도록), 64가지 어긋남마다
# 차이를 구해 0.2에서 자르고 닮음으로 바꾸어 4 x 4 화소씩 평균합니다.


# %%
def mean(x, size):
    return layers.AveragePooling2D(size, 1, padding="same")(x)


def likeness(height, width, shifts=64):
    """Pairs side by side -> how alike at each shift (height / 4, width / 4, shifts), and the left picture that small."""
    inputs = keras.Input((height, 2 * width, 3), name="input")
    x = layers.Rescaling(1 / 255)(inputs)
    x, volume = [x[:, :, :width], x[:, :, width:]], []
    left, right = (
        10 + one - mean(one, 9) for one in x
    )  # 10 away from the zeros at the side: unlike everything
    right = layers.ZeroPadding2D(((0, 0), (shifts, 0)))(right)
    for shift in range(shifts):
        apart = ops.abs(left - right[:, :, shifts - shift : shifts - shift + width])
        alike = ops.relu(0.2 - ops.mean(apart, axis=-1, keepdims=True))
        volume.append(layers.AveragePooling2D(4)(alike))
    return keras.Model(inputs, [ops.concatenate(volume, axis=-1), layers.AveragePooling2D(4)(x[0])])


# %% [markdown] lang="en"
# Then the network. It sees the small left picture and, for windows of 4, 12, 28 and 60 pixels, how good the best shift is and how good they are on average. Its answer at each place: how much to trust each window, and how sure to be. The trusted mixture goes through a softmax over the shifts.

# %% [markdown] lang="ko"
# 그다음이 신경망입니다. 작은 왼쪽 영상과 함께, 4, 12, 28, 60화소 창마다 가장 좋은 어긋남이 얼마나 좋은지와 평균이 얼마인지를 봅니다. 자리마다 창을 각각 얼마나 믿을지, 얼마나 확신할지를 답합니다. 믿는 만큼 섞은 것이 어긋남에 대한 소프트맥스를 지납니다.

# %%
alike, small = keras.Input((None, None, 64)), keras.Input((None, None, 3))
windows = [alike, *(mean(alike, size) for size in (3, 7, 15))]
clues = [10 * clue(one, axis=-1, keepdims=True) for one in windows for clue in (ops.max, ops.mean)]
x = ops.concatenate([small, *clues], axis=-1)
for rate in (1, 2, 4):
    x = layers.Conv2D(24, 3, padding="same", dilation_rate=rate, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
x = layers.Conv2D(5, 1, kernel_initializer="zeros")(x)  # at first all are trusted alike
trust = ops.softmax(x[..., :4])
mixture = sum(trust[..., n : n + 1] * one for n, one in enumerate(windows))
chooser = keras.Model([alike, small], ops.softmax(500 * ops.exp(x[..., 4:]) * mixture))
print(f"{chooser.count_params():,} parameters")

# %% [markdown] lang="en"
# The volume has nothing to learn, so it is computed once for all rooms, as lab 03 computed its features. The loss is the expected distance from the true shift, but never more than 4: what is hidden cannot be right, and shall not shout.

# %% [markdown] lang="ko"
# 비용 부피에는 배울 것이 없으므로 실습 03의 특징처럼 모든 방에 대해 한 번만 계산합니다. 손실은 참 어긋남에서 떨어진 거리의 기댓값인데 4를 넘지 않게 합니다. 가려진 곳은 어차피 맞을 수 없으니 목소리를 키우지 않게 합니다.

# %%
volumes = likeness(192, 320).predict(rooms.x_train, batch_size=2, verbose=0)
shifts = np.arange(64, dtype="float32")


def loss(truth, share):
    return ops.mean(ops.sum(share * ops.minimum(ops.abs(truth - shifts), 4), axis=-1))


# %%
epochs, began = labs.profile.choose(full=12, quick=1), time.process_time()
chooser.compile(keras.optimizers.Adam(3e-3), loss)
chooser.fit(volumes, rooms.y_train[:, 2::4, 2::4, None], batch_size=2, epochs=epochs, verbose=0)
print(f"{time.process_time() - began:.0f} processor seconds")

# %% [markdown] lang="en"
# The mean over the shifts would lie between two peaks, where nothing is. So the shares are squared first: then nearly all is at the highest one, and the mean is still finer than a step. All of it takes any size whose sides are divisible by 4, so a larger picture gets a border.

# %% [markdown] lang="ko"
# 어긋남의 평균은 봉우리가 둘이면 아무것도 없는 그 사이에 놓입니다. 그래서 몫을 먼저 제곱합니다. 그러면 거의 모두 가장 높은 봉우리에 모이고, 그 평균은 여전히 한 칸보다 곱습니다. 변이 4로 나누어지면 어떤 크기든 되므로 큰 영상에는 가장자리를 덧대면 됩니다.


# %%
@functools.cache
def build(height, width):
    """The whole way from a pair side by side to a picture of the disparity, four levels a pixel."""
    graph = likeness(height, width)
    peak = ops.square(chooser(graph.output))
    disparity = ops.sum(peak * shifts, axis=-1, keepdims=True) / (
        ops.sum(peak, axis=-1, keepdims=True) + 1e-20
    )
    return keras.Model(
        graph.input, {"picture": layers.UpSampling2D(4, interpolation="bilinear")(4 * disparity)}
    )


def learnt(left, right):
    height, width = left.shape[:2]
    below, beside = -height % 4, -width % 4
    both = [cv2.copyMakeBorder(x, 0, below, 0, beside, cv2.BORDER_REPLICATE) for x in (left, right)]
    both = labs.depth.side_by_side(*both)[None].astype("float32")
    answer = build(height + below, width + beside)(both)["picture"]
    return answer.numpy()[0, :height, :width, 0] / 4


ways["learnt"] = learnt
table(["by hand", "learnt"])

# %% tags=["cover"]
room = stereo.scene(4)
shown = [room.left, *(labs.depth.paint(way(*room[:2]), 60) for way in ways.values())]
titles = ["left", *ways, "truth"]
labs.show.grid([*shown, labs.depth.paint(room.disparity, 60)], titles, columns=3, source=rooms.source)

# %% tags=["unpublished"]
shown = [real.left, *(labs.depth.paint(way(*real[:2]), 60) for way in ways.values())]
labs.show.grid([*shown, labs.depth.paint(real.disparity, 60)], titles, columns=3, source=real.source)

# %% [markdown] lang="en"
# What was learnt in 43 processor seconds beats the window chosen by hand, in unseen rooms (41.5 % of the pixels more than 2 off, 43.9 % by hand) and, which counts more, on a photograph (21.2 %, 25.9 %): walls are calm where single windows sparkle. **Semi-global matching is better still, by far** (23.7 % and 9.1 %), and nobody trained it: its rule that
# neighbours agree along whole lines reaches further than our network's three layers, and it works at every pixel, ours at every fourth: its edges are coarse, thin poles swell, and what only the left camera sees, at the left rim, it gets wrong. Networks that beat it learn features and agreement, too, from tens of thousands of rendered pairs on a graphics card (GC-Net, StereoNet).
#
# ## 7. Out of Python
#
# A pair side by side is an ordinary picture, so every runtime and the command line take it. The answer is a picture, too: four levels are a pixel of disparity. (Exported for small pictures, so that the slowest runtimes, too, are done soon.)

# %% [markdown] lang="ko"
# 프로세서 시간 43초 동안 배운 것이 손으로 고른 창보다 낫습니다. 본 적 없는 방에서도(2화소 넘게 틀린 화소 41.5 %, 손으로는 43.9 %), 더 중요한 실제 사진에서도(21.2 %, 25.9 %) 그렇습니다. 창 하나로는 얼룩지던 벽이 차분해졌습니다. 그러나 **준전역 정합이 훨씬 낫습니다**(23.7 %와 9.1 %). 아무도 학습시키지 않았는데도요.
# 줄 전체를 따라 이웃끼리 뜻을 맞추는 규칙이 우리 신경망의 층 세 개보다 멀리 미치고, 화소마다 계산하기 때문입니다. 우리는 네 화소마다 계산하므로 경계가 거칠고 가는 막대가 부풀며, 왼쪽 카메라만 보는 왼쪽 가장자리에서 틀립니다. 이보다 나은 신경망은 특징과 합의까지 합성한 쌍 수만 개로 그래픽 카드에서 배웁니다(GC-Net, StereoNet).
#
# ## 7. 파이썬 밖으로
#
# 나란히 붙인 한 쌍은 보통 영상이므로 어느 실행 환경에서나, 명령줄에서도 쓸 수 있습니다. 답도 영상입니다. 네 단계가 시차 한 화소입니다. (가장 느린 실행 환경도 금방 끝나도록 작은 영상용으로 내보냅니다.)

# %%
small = stereo.scene(4, "test", 96, 160)
both = labs.depth.side_by_side(small.left, small.right)
reading = {"kind": "picture", "decode": {"disparity": 0.25}, "source": rooms.source}
labs.export(build(96, 160), "saved_models/my_stereo", x=both[None], **reading)
labs.check("saved_models/my_stereo", seconds=300)

# %%
said = labs.predict("saved_models/my_stereo", both, runtime="onnxruntime")[..., 0] / 4
print(labs.depth.judge(small.disparity, said))

# %% [markdown] lang="en"
# ## 8. Refocusing a photograph
#
# A lens makes sharp what lies at one distance. With the depth known, that can be done afterwards. The notes' four steps: a **threshold** on the disparity, a **mask**, a **blur**, a **blend**.

# %% [markdown] lang="ko"
# ## 8. 사진의 초점 다시 맞추기
#
# 렌즈는 한 거리에 있는 것만 또렷하게 만듭니다. 깊이를 알면 나중에 할 수 있습니다. 교재의 네 단계는 시차의 **문턱값**, **마스크**, **흐림**, **섞기**입니다.


# %%
def soft(picture, sigma):
    return cv2.GaussianBlur(np.float32(picture), (0, 0), max(sigma, 0.3))


def as_in_the_notes(picture, disparity, threshold, sigma=8):
    mask = np.float32(disparity > threshold)[..., None]
    return np.uint8(mask * picture + (1 - mask) * soft(picture, sigma))


# %% [markdown] lang="en"
# Two things are wrong. Everything behind the threshold is equally blurred, and around each near thing is a **halo**: the blur has carried its colour outwards. So: cut the picture into layers by depth, and lay them over each other from far to near. Each is blurred by its distance from the focus, and **divided by its own blurred mask**, so that only its own colours count; its mask covers also what stands before it, so that it goes on *behind* the near thing.

# %% [markdown] lang="ko"
# 두 가지가 어색합니다. 문턱값 뒤는 모두 똑같이 흐리고, 가까운 물체 둘레에는 **빛무리**가 있습니다. 흐리게 하면서 물체의 색이 밖으로 번졌기 때문입니다. 그래서 영상을 깊이에 따라 층으로 나누어 먼 것부터 차례로 겹쳐 놓습니다. 층마다 초점에서 먼 만큼 흐리게 하고, **자기 마스크를 흐린 것으로 나누어** 자기 색만 셉니다. 마스크는 앞에 선 것까지 덮게 하여 층이 가까운 물체 *뒤로* 이어지게 합니다.


# %%
def refocus(picture, disparity, focus, strength=0.25, layers=12):
    """Blur that grows with the distance from the disparity `focus`, in layers from far to near."""
    whole, reach = soft(picture, 25), int(2 * strength * np.abs(disparity - focus).max()) + 3
    edges = np.linspace(disparity.min(), disparity.max(), layers + 1)
    for low, high in itertools.pairwise(edges):
        own = np.float32((disparity >= low) & (disparity <= high))
        if not own.any():
            continue
        sigma = strength * abs((low + high) / 2 - focus)
        solid = cv2.merge([*cv2.split(own[..., None] * picture), own])
        solid = soft(solid, sigma) + 1e-3 * soft(solid, 25)
        around = cv2.blur(own, (2 * reach + 1, 2 * reach + 1)) > 1e-6
        cover = soft(around & (disparity >= low), sigma)[..., None]
        whole += cover * (solid[..., :3] / (solid[..., 3:] + 1e-9) - whole)
    return np.uint8(np.clip(whole, 0, 255))


# %%
left, _, near, *_ = stereo.scene(9, "test", 384, 640)
shown = [left, as_in_the_notes(left, near, 70), refocus(left, near, 80), refocus(left, near, 20)]
titles = ["left", "as in the notes", "near sharp", "far sharp"]
labs.show.grid(shown, titles, columns=2, source=rooms.source)

# %% [markdown] lang="en"
# The page below does the same with a slider, in the browser.
#
# <!-- live: focus -->

# %% [markdown] lang="ko"
# 아래 페이지는 같은 일을 브라우저에서 슬라이더로 합니다.
#
# <!-- live: focus -->

# %% [markdown] lang="en"
# ## Exercises
#
# **1. How deep is a step?** A camera has a focal length of 995 pixels and the pair's cameras are 193 mm apart. How many metres lie between a disparity of 20 and one of 19 pixels? Between 60 and 59?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 시차 한 칸의 깊이.** 초점 거리가 995화소이고 두 카메라가 193 mm 떨어져 있습니다. 시차 20화소와 19화소 사이의 깊이 차는 몇 미터일까요? 60과 59 사이는요?

# %% tags=["exercise"]
# solution
depth = {d: 995 * 0.193 / d for d in (20, 19, 60, 59)}
# end solution
print(f"{depth[19] - depth[20]:.2f} m and {depth[59] - depth[60]:.3f} m")

# %% [markdown] lang="en"
# **2. There and back.** Match from the right picture to the left one as well (mirror both pictures, swap them, mirror the answer). Where the two answers differ by more than 1 pixel the match is not to be trusted. Return that as a mask; how much of it is really hidden?

# %% [markdown] lang="ko"
# **2. 갔다가 돌아오기.** 오른쪽 영상에서 왼쪽 영상으로도 정합해 보세요(두 영상을 좌우로 뒤집어 서로 바꾸고, 답을 다시 뒤집습니다). 두 답이 1화소 넘게 다른 곳은 믿을 수 없습니다. 그 마스크를 반환하세요. 그 가운데 정말 가려진 곳은 얼마나 될까요?


# %% tags=["exercise"]
def doubtful(left, right):
    there = block_matching(left, right)
    # solution
    back = block_matching(right[:, ::-1].copy(), left[:, ::-1].copy())[:, ::-1]
    where = (np.arange(there.shape[1]) - there).astype(int).clip(0)
    return np.abs(np.take_along_axis(back, where, axis=1) - there) > 1
    # end solution


mask = doubtful(*pair[:2])
print(
    f"{mask.mean():.0%} doubtful; of what is hidden {mask[pair.hidden].mean():.0%} is among it, of the rest {mask[~pair.hidden].mean():.0%}"
)

# %% [markdown] lang="en"
# **3. Finer than a pixel.** Costs at three neighbouring shifts, the middle one the smallest, lie on a parabola. Where is its lowest point?

# %% [markdown] lang="ko"
# **3. 화소보다 곱게.** 이웃한 세 어긋남의 비용(가운데가 가장 작음)을 지나는 포물선이 있습니다. 가장 낮은 곳은 어디일까요?


# %% tags=["exercise"]
def lowest(before, middle, after):
    """Where between -0.5 and 0.5 the parabola through (-1, before), (0, middle), (1, after) is lowest."""
    # solution
    return (before - after) / (2 * (before - 2 * middle + after))
    # end solution


print([round(lowest(*costs), 2) for costs in ((4, 2, 4), (3, 2, 6), (2, 2, 5))])

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Disparity is noise everywhere | Left and right swapped, or the pair is not rectified: matching points must stand in one row |
# | Near things have the disparity of the wall | `numDisparities` is too small: the nearest thing needs $fB/Z$ |
# | The matcher's numbers are 16 times too large | OpenCV's disparity is in sixteenths of a pixel |
# | `calibrateCamera` finds a strange focal length | Views too much alike: tilt the board, go to the corners |
# | `LabsError` about sizes | A resized disparity must be multiplied by the same factor |
#
# ## What to remember
#
# - Projecting divides by the depth and so loses it; a second camera brings it back as a shift, $Z = fB/d$, with an error that grows with the **square** of the distance.
# - Every stereo method is features, a cost volume, agreement with the neighbours, and a choice; a network learns the first and the third.
# - What one camera alone sees cannot be matched, only guessed; judge it apart.
# - Rendered rooms have a perfect truth and unlimited pairs. Whether what was learnt there holds outside, only a photograph with a measured truth can say.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 시차가 온통 잡음이다 | 왼쪽과 오른쪽이 바뀌었거나 정렬되지 않았습니다. 짝이 되는 점은 같은 행에 있어야 합니다 |
# | 가까운 물체의 시차가 벽과 같다 | `numDisparities`가 작습니다. 가장 가까운 물체에는 $fB/Z$만큼 필요합니다 |
# | 값이 16배 크다 | OpenCV의 시차는 16분의 1 화소 단위입니다 |
# | `calibrateCamera`의 초점 거리가 이상하다 | 사진이 서로 너무 비슷합니다. 판을 기울이고 구석까지 옮기세요 |
# | 크기가 다르다는 `LabsError` | 시차 영상의 크기를 바꾸면 값에도 같은 배수를 곱해야 합니다 |
#
# ## 정리
#
# - 투영은 깊이로 나누면서 깊이를 잃습니다. 둘째 카메라가 그것을 어긋남으로 되돌려 줍니다. $Z = fB/d$이고, 오차는 거리의 **제곱**에 비례합니다.
# - 모든 스테레오 방법은 특징, 비용 부피, 이웃과의 합의, 선택으로 이루어집니다. 신경망은 첫째와 셋째를 배웁니다.
# - 한쪽 카메라만 보는 곳은 짝이 없어 짐작할 뿐입니다. 따로 채점하세요.
# - 합성한 방에는 완벽한 참값과 끝없는 쌍이 있습니다. 거기서 배운 것이 바깥에서도 통하는지는 깊이를 잰 사진만이 말해 줍니다.
