# ---
# title:
#   en: "Detection 1: windows, boxes and how to judge them"
#   ko: "객체 검출 1: 윈도, 상자, 그리고 채점"
# minutes: 3
# data:
#   en: BCCD, 328 photographs of blood cells with boxes (quick, 40 of them, bundled)
#   ko: BCCD, 상자가 있는 혈액 세포 사진 328장 (quick은 함께 들어 있는 40장)
# accuracy:
#   en: HOG and a linear SVM find the cells with mAP50 0.70 on the test part (0.52 before hard negatives); 12c's network reaches 0.9
#   ko: HOG와 선형 SVM의 시험 데이터 mAP50은 0.70(어려운 음성 표본 전에는 0.52), 12c의 신경망은 0.9
# seed: 12
# ---

# %% [markdown] lang="en"
# A classifier says *what* is in a picture. A **detector** says what is *where*: a list of boxes, each with a class and a score. In this notebook we
#
# - look at real data with real mistakes, and measure boxes by their overlap (**IoU**);
# - build the detector of 2005, **HOG** and a linear **SVM** on a sliding window, and mend it with hard negatives;
# - remove doubles (**non-maximum suppression**) in three ways that agree, and judge by **precision, recall, AP and mAP** as COCO does;
# - follow the road from there to networks: proposals (selective search), **R-CNN, Fast, Faster**, RoI pooling against **RoIAlign**, **anchors**,
#   matching and encoding. Labs 12b and 12c train networks.

# %% [markdown] lang="ko"
# 분류기는 영상에 *무엇이* 있는지 말합니다. **검출기**(detector)는 무엇이 *어디에* 있는지, 곧 부류와 점수가 붙은 상자의 목록을 내놓습니다. 이 노트북에서는
#
# - 실수까지 들어 있는 진짜 데이터를 살펴보고, 상자를 겹치는 정도(**IoU**)로 잽니다.
# - 2005년의 검출기, 곧 슬라이딩 윈도 위의 **HOG**와 선형 **SVM**을 만들고 어려운 음성 표본(hard negative)으로 고칩니다.
# - 겹친 상자를 지우는 **비최대 억제**(NMS)를 세 가지로 하여 같은 답을 확인하고, COCO와 같은 **정밀도, 재현율, AP, mAP**로 채점합니다.
# - 신경망으로 가는 길을 따라갑니다. 후보 영역(선택적 탐색), **R-CNN, Fast, Faster**, RoI 풀링과 **RoIAlign**, **앵커**, 매칭과 부호화.
#   신경망 학습은 실습 12b와 12c에서 합니다.

# %%
from itertools import pairwise

import cv2
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras.utils import set_random_seed
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.feature_extraction.image import grid_to_graph
from sklearn.svm import LinearSVC

import labs
from labs.detect import average_precision, curve, judge, overlap, suppressed

# %% [markdown] lang="en"
# ## 1. Look at the data first
#
# Blood under a microscope: red cells (RBC), white cells (WBC), platelets. `y_train[i]` holds the boxes of picture `i` as `x0, y0, x1, y1` in
# pixels, and their classes. People drew these boxes, and people err: ask for the report before you trust any data set.

# %% [markdown] lang="ko"
# ## 1. 데이터부터 보기
#
# 현미경으로 본 혈액입니다. 적혈구(RBC), 백혈구(WBC), 혈소판(Platelets)이 있습니다. `y_train[i]`에는 영상 `i`의 상자 `x0, y0, x1, y1`(화소 단위)과
# 부류가 있습니다. 상자는 사람이 그렸고, 사람은 실수합니다. 어떤 데이터든 믿기 전에 보고서부터 확인하세요.

# %%
set_random_seed(12)
data = labs.load("bccd", labs.profile.size)
truth, classes = data.y_test, len(data.labels)
print(data)
for name, remarks in labs.data.bccd.report(labs.profile.size).items():
    print(name, *remarks)

# %%
labs.detect.show(data.x_test[[0, 3]], [truth[0], truth[3]], data.labels, source=data.source)

# %%
sizes = np.concatenate([y.boxes[:, 2:] - y.boxes[:, :2] for y in data.y_train])
numbers = np.concatenate([y.classes for y in data.y_train])
plt.figure(figsize=(5, 3))
for number, label in enumerate(data.labels):
    plt.scatter(*sizes[numbers == number].T, s=6, label=f"{label}: {np.sum(numbers == number)}")
plt.xlabel("width · 너비 (pixels)")
plt.ylabel("height · 높이")
plt.legend()
plt.show()

# %% [markdown] lang="en"
# Ten red cells for each white one, and three sizes. Look at the crowded corner of the picture: not every cell has a box. A detector that finds such a cell is
# counted wrong although it is right; that is one reason why no method reaches 100 % for red cells here.
#
# ## 2. IoU: how well does a box fit?
#
# **Intersection over union**: what two boxes share, divided by what they cover together. 1 is the same box, 0 no contact; from **0.5** on a box counts as
# found. Write it for two boxes; `overlap` does all pairs at once.

# %% [markdown] lang="ko"
# 백혈구 하나에 적혈구가 열 개꼴이고, 크기가 세 가지입니다. 영상에서 세포가 몰린 곳을 보세요. 모든 세포에 상자가 있지는 않습니다. 그런 세포를 찾은
# 검출기는 옳은데도 틀린 것으로 채점됩니다. 여기서 어떤 방법도 적혈구를 100 % 맞히지 못하는 까닭 가운데 하나입니다.
#
# ## 2. IoU: 상자가 얼마나 잘 맞을까?
#
# **IoU**(intersection over union)는 두 상자가 함께 덮은 넓이를 합집합의 넓이로 나눈 값입니다. 1이면 같은 상자, 0이면 닿지도 않습니다. 보통 **0.5**부터
# 찾은 것으로 칩니다. 두 상자에 대해 직접 써 보세요. `overlap`은 모든 쌍을 한꺼번에 계산합니다.


# %% tags=["exercise"]
def iou(a, b):
    # solution
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (both - width * height)
    # end solution


print(
    "moved by half its side:",
    iou((0, 0, 40, 40), (20, 0, 60, 40)),
    overlap([[0, 0, 40, 40]], [[20, 0, 60, 40]]),
)

# %% [markdown] lang="en"
# A box moved by half its side has an IoU of only a third: 0.5 is stricter than it sounds.
#
# ## 3. HOG: edges by direction
#
# Dalal and Triggs (2005) describe a window by its **histogram of oriented gradients**: in each cell of 8x8 pixels, how strong are the edges of each
# of nine directions? Blocks of 2x2 cells are normalised, so that light does not matter. OpenCV 5 has moved its `HOGDescriptor` out; the whole of it is a dozen lines. The last two add each block's colour (a, b of Lab), for white cells and platelets are stained purple.

# %% [markdown] lang="ko"
# 한 변의 절반만 움직여도 IoU는 3분의 1입니다. 0.5는 생각보다 엄격합니다.
#
# ## 3. HOG: 방향별 에지
#
# Dalal과 Triggs(2005)는 윈도를 **기울기 방향 히스토그램**(HOG)으로 나타냅니다. 8x8 화소의 셀마다 아홉 방향의 에지가 얼마나 센지 셉니다. 셀 2x2개를
# 블록으로 묶어 정규화하므로 밝기는 상관없습니다. OpenCV 5에서는 `HOGDescriptor`가 빠졌지만, 전부 써도 열두 줄입니다. 마지막 두 줄은 블록의 색(Lab의 a, b)을 더합니다. 백혈구와 혈소판은 보라색으로 염색되어 있기 때문입니다.


# %%
def hog(picture):
    """Blocks (rows - 1, columns - 1, 38) of a picture's cells of 8x8 pixels: 36 of edges, 2 of colour."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype("float32")
    dx, dy = (cv2.Sobel(grey, cv2.CV_32F, *order, ksize=1) for order in ((1, 0), (0, 1)))
    strength, angle = cv2.cartToPolar(dx, dy)
    place = angle % np.pi * 9 / np.pi
    distance = np.abs(place[..., None] - np.arange(9) - 0.5)
    share = np.maximum(0, 1 - np.minimum(distance, 9 - distance)) * strength[..., None]
    rows, columns = grey.shape[0] // 8, grey.shape[1] // 8
    cells = share[: 8 * rows, : 8 * columns].reshape(rows, 8, columns, 8, 9).sum(axis=(1, 3))
    blocks = [cells[:-1, :-1], cells[:-1, 1:], cells[1:, :-1], cells[1:, 1:]]
    blocks = np.concatenate(blocks, axis=-1)
    blocks /= np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + 100)
    color = cv2.resize(
        cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), (columns, rows), interpolation=cv2.INTER_AREA
    )
    return np.concatenate([blocks, color[:-1, :-1, 1:] / 32 - 4], axis=-1)


# %%
cells = hog(data.x_test[0])
strongest = [cells[..., number : number + 1] for number in (0, 2, 4, 6)]
labs.show.grid([data.x_test[0], *strongest], ["picture", "0°", "40°", "80°", "120°"], columns=5)

# %% [markdown] lang="en"
# A window is 48x48 pixels, 5x5 blocks, **950 numbers**, with the object in its middle 80 %. One **linear SVM** a class says how much it looks like a cell of it. To train
# them we take each object, and windows that touch none.

# %% [markdown] lang="ko"
# 윈도는 48x48 화소, 블록 5x5개, **숫자 950개**이고 물체는 가운데 80 %에 있습니다. 부류마다 **선형 SVM** 하나가 그 부류의 세포와 얼마나 닮았는지 말합니다.
# 학습에는 물체 하나하나와, 물체에 닿지 않는 윈도를 씁니다.


# %%
def window(picture, box):
    """HOG of the square around a box, the box in its middle 80 %: (950,)."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, max(box[2:] - box[:2]) / 1.6
    matrix = np.array([[24 / half, 0, 24 - 24 * x / half], [0, 24 / half, 24 - 24 * y / half]])
    return hog(cv2.warpAffine(picture, matrix, (48, 48), borderMode=cv2.BORDER_REPLICATE)).ravel()


# %%
random, samples, targets = np.random.default_rng(12), [], []
for picture, (boxes, kinds) in zip(data.x_train, data.y_train, strict=True):
    corner, side = random.uniform((-20, -20), (280, 200), (20, 2)), random.choice([24, 44, 88], (20, 1))
    anywhere = np.hstack([corner, corner + side])
    anywhere = anywhere[overlap(anywhere, boxes).max(axis=1, initial=0) < 0.2]
    samples += [window(picture, box) for box in (*boxes, *anywhere)]
    targets += [*kinds, *[classes] * len(anywhere)]

# %%
svm = LinearSVC(C=0.01, class_weight="balanced").fit(samples, targets)
print(f"{len(samples):,} windows, {np.mean(np.array(targets) < classes):.0%} of them cells")

# %% [markdown] lang="en"
# Now slide it over the picture. An SVM's score is a sum of products, so all windows of one size are one matrix product; small cells are found in an
# enlarged picture, large ones in a shrunk one: a **pyramid** of scales.

# %% [markdown] lang="ko"
# 이제 영상 위로 밀어 봅시다. SVM의 점수는 곱의 합이므로 같은 크기의 윈도는 행렬곱 한 번으로 모두 계산됩니다. 작은 세포는 확대한 영상에서, 큰 세포는 축소한
# 영상에서 찾습니다. 이것이 여러 배율의 **피라미드**입니다.


# %%
def windows(picture, svm, scales=(0.35, 0.43, 0.53, 0.65, 0.8, 1.0, 1.5, 2.0), least=0.3, most=500):
    """Rows of class, score 0..1, x0, y0, x1, y1 of the `most` best windows that score at least `least`."""
    rows, wide = [], np.pad(picture, ((24, 24), (24, 24), (0, 0)), "edge")
    for scale in scales:
        blocks = hog(cv2.resize(wide, None, fx=scale, fy=scale))
        seen = np.lib.stride_tricks.sliding_window_view(blocks, (5, 5), axis=(0, 1)).transpose(0, 1, 3, 4, 2)
        margin = seen.reshape(*seen.shape[:2], 950) @ svm.coef_[:classes].T + svm.intercept_[:classes]
        scores = 1 / (1 + np.exp(-2 * margin))
        row, column = np.nonzero(scores.max(axis=-1) > least)
        best, middle = scores[row, column], (np.stack([column, row], axis=1) * 8 + 24) / scale - 24
        corners = [middle - 19 / scale, middle + 19 / scale]
        rows.append(np.column_stack([best.argmax(axis=1), best.max(axis=1), *corners]))
    rows = np.concatenate(rows)
    return rows[np.argsort(-rows[:, 1])[:most]]


# %%
found = [windows(picture, svm) for picture in data.x_test]
print(
    f"{np.mean([*map(len, found)]):.0f} boxes a picture, {np.mean([len(y.boxes) for y in truth]):.0f} cells"
)

# %% [markdown] lang="en"
# ## 4. Non-maximum suppression, three times
#
# Every cell is found by many windows. **NMS** keeps the best box, drops all of the same class that overlap it by more than 0.3, and goes on with the best of the
# rest. By hand it is four lines; OpenCV and TensorFlow have it too. Do they agree?

# %% [markdown] lang="ko"
# ## 4. 비최대 억제, 세 번
#
# 세포마다 여러 윈도가 찾아냅니다. **NMS**는 가장 좋은 상자를 남기고, 그것과 0.3 넘게 겹치는 같은 부류의 상자를 모두 지운 다음, 남은 것 가운데 가장 좋은
# 상자로 계속합니다. 직접 쓰면 네 줄이고, OpenCV와 텐서플로에도 있습니다. 답이 같을까요?


# %% tags=["exercise"]
def nms(boxes, scores, most=0.3):
    """Numbers of the boxes that stay, best first."""
    order, kept = np.argsort(-scores, kind="stable"), []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(int(best))
        # solution
        order = order[overlap([boxes[best]], boxes[order])[0] <= most]
        # end solution
    return kept


# %%
boxes, scores = found[0][:300, 2:].astype("float32"), found[0][:300, 1].astype("float32")
wide = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
by_opencv = cv2.dnn.NMSBoxes(wide.tolist(), scores.tolist(), 0.0, 0.3)
by_tensorflow = tf.image.non_max_suppression(boxes, scores, 300, 0.3).numpy()
print(len(by_opencv), "stay; the same:", nms(boxes, scores) == list(by_opencv) == list(by_tensorflow))

# %%
first = [suppressed(rows, classes, nms=0.3) for rows in found]  # in each class
pair = [found[0][:40], first[0][first[0][:, 1] > 0.6]]
labs.detect.show(data.x_test[[0, 0]], pair, data.labels, ["before", "after NMS"], data.source)

# %% [markdown] lang="en"
# Left the forty best windows, right what is left of all.
#
# > **Exercise: soft-NMS** (Bodla et al., 2017). Where cells overlap, NMS drops true ones. Soft-NMS only lowers their score, by $e^{-IoU^2 / 0.5}$. Change `nms` and compare the AP of the red cells. (Lab 12b does it with a network's boxes.)
#
# ## 5. How good is it? Precision, recall, AP, mAP
#
# Sort all boxes by score and let them through one by one. **Precision**: how many of them are right? **Recall**: how many of the cells are found? A box is
# right when it overlaps a cell **that no better box has taken** by 0.5. The area under the curve is the **average precision**; its mean over the classes is **mAP50**, and over
# thresholds from 0.5 to 0.95 as well it is COCO's **mAP**.

# %% [markdown] lang="ko"
# 왼쪽은 점수가 높은 윈도 마흔 개, 오른쪽은 전체에서 남은 상자입니다.
#
# > **연습: soft-NMS** (Bodla et al., 2017). 세포가 겹친 곳에서 NMS는 진짜 세포까지 지웁니다. soft-NMS는 지우지 않고 점수만 $e^{-IoU^2 / 0.5}$배로 낮춥니다. `nms`를 고쳐 적혈구의 AP를 견주어 보세요. (실습 12b는 신경망의 상자로 합니다.)
#
# ## 5. 얼마나 잘할까? 정밀도, 재현율, AP, mAP
#
# 모든 상자를 점수순으로 늘어놓고 하나씩 받아들입니다. **정밀도**는 그 가운데 맞은 비율, **재현율**은 세포 가운데 찾은 비율입니다. **더 좋은 상자가 차지하지
# 않은** 세포와 0.5 이상 겹치면 맞은 것입니다. 곡선 아래 넓이가 **평균 정밀도**(AP)이고, 부류에 대해 평균하면 **mAP50**, 0.5부터 0.95까지의 기준에
# 대해서도 평균하면 COCO의 **mAP**입니다.

# %%
table = average_precision(truth, first, classes)  # thresholds x classes
print(f"mAP50 {table[0].mean():.2f}, mAP {table.mean():.2f}")
judge(truth, found, data.labels, nms=0.3)

# %% [markdown] lang="en"
# `average_precision` (`labs/detect/average_precision.py`, 80 lines) agrees with the official pycocotools to a millionth; a test says so.
#
# **Hard negatives.** Random background is too easy. Run the detector over the *training* pictures, collect what it takes for a cell and is none, and
# train again with these as well.

# %% [markdown] lang="ko"
# `average_precision`(`labs/detect/average_precision.py`, 80줄)은 공식 pycocotools와 백만분의 일까지 같습니다. 시험 코드가 확인합니다.
#
# **어려운 음성 표본.** 무작위 배경은 너무 쉽습니다. *학습* 영상에 검출기를 돌려 세포가 아닌데 세포라고 한 것을 모아서, 함께 다시 학습합니다.

# %%
hard = []
for picture, (boxes, _) in zip(data.x_train[::2], data.y_train[::2], strict=True):
    rows = suppressed(windows(picture, svm, least=0.5), classes, nms=0.3)
    wrong = rows[overlap(rows[:, 2:], boxes).max(axis=1, initial=0) < 0.3]
    hard += [window(picture, row[2:]) for row in wrong[:15]]

# %%
better = LinearSVC(C=0.01, class_weight="balanced").fit(samples + hard, targets + [classes] * len(hard))
second = [suppressed(windows(picture, better), classes, nms=0.3) for picture in data.x_test]
print(f"{len(hard):,} hard negatives")
judge(truth, second, data.labels)

# %% tags=["cover"]
sure = [rows[rows[:, 1] > 0.55] for rows in second]
labs.detect.show(data.x_test[[0, 3]], [sure[0], sure[3]], data.labels, source=data.source)

# %%
plt.figure(figsize=(6, 3.2))
for (name, rows), style in zip({"": first, " + hard negatives": second}.items(), (":", "-"), strict=True):
    for number, label in enumerate(data.labels):
        precision, recall, _ = curve(truth, rows, number)
        plt.plot(recall, precision, style, color=f"C{number}", label=label + name)
plt.xlabel("recall · 재현율")
plt.ylabel("precision · 정밀도")
plt.legend(fontsize=7)
plt.show()

# %% [markdown] lang="en"
# The hard negatives gave more than anything else here. For a method of twenty years and without a network, not bad: AP is that high because one sees each kind of cell at a few sizes and in one light. But 950 numbers designed by a person do not know what a cell looks like; the rest of the story replaces them by learnt ones.
#
# ## 6. From windows to proposals
#
# A network in place of HOG is too dear for every window at every scale. **R-CNN** (2014) looks at some 2,000 **proposals** only, places that look
# like *some* object. They came from **selective search** (Uijlings et al., 2013): cut the picture into small regions, merge the two most alike
# neighbours until one is left, and take the box of *every* region on the way. Its original is in opencv-contrib, its segmentation in scikit-image; scikit-learn, which we have,
# merges neighbours too (Ward's rule on colours and a graph of neighbours), which is the same idea.

# %% [markdown] lang="ko"
# 여기서 가장 많이 도운 것은 어려운 음성 표본입니다. 스무 살 넘은, 신경망도 없는 방법치고는 나쁘지 않습니다. 세포는 종류마다 크기가 비슷하고 빛도 한결같기 때문입니다. 그러나 사람이 설계한 숫자 950개는 세포가 어떻게 생겼는지 모릅니다. 이제부터는 그 자리를 학습한 특징이 대신합니다.
#
# ## 6. 윈도에서 후보 영역으로
#
# HOG 자리에 신경망을 넣으면 모든 배율의 모든 윈도를 보기에는 너무 비쌉니다. **R-CNN**(2014)은 *무언가* 있을 법한 **후보 영역** 2,000개쯤만 봅니다.
# 후보는 **선택적 탐색**(selective search, Uijlings et al., 2013)에서 나왔습니다. 영상을 작은 영역으로 나누고, 가장 닮은 두 이웃을 하나가 될 때까지 합치면서 그때까지
# 생긴 *모든* 영역의 상자를 모읍니다. 원래 구현은 opencv-contrib에, 그 분할은 scikit-image에 있습니다. 이미 설치된 scikit-learn도 이웃을 합칠 줄 알고(색에 대한 Ward 기준과 이웃 그래프), 생각은 같습니다.


# %%
def proposals(picture, width=80, height=60):
    """Boxes of all regions that arise while neighbours are merged, the last ones first: (boxes, 4)."""
    small = cv2.cvtColor(
        cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB
    )
    ward = AgglomerativeClustering(1, connectivity=grid_to_graph(height, width), compute_full_tree=True)
    children = ward.fit(small.reshape(-1, 3).astype("float32")).children_
    row, column = np.divmod(np.arange(width * height), width)
    boxes = np.zeros((width * height + len(children), 4))
    boxes[: width * height] = np.stack([column, row, column + 1, row + 1], axis=1)
    for number, (a, b) in enumerate(children, width * height):
        boxes[number, :2] = np.minimum(boxes[a, :2], boxes[b, :2])
        boxes[number, 2:] = np.maximum(boxes[a, 2:], boxes[b, 2:])
    boxes = boxes[: width * height - 1 : -1] * picture.shape[1] / width
    return boxes[np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) > 150]


# %%
some = range(labs.profile.choose(full=12, quick=2))
regions = [proposals(data.x_test[i]) for i in some]
for count in (50, 200, 1000):
    best = np.concatenate([overlap(truth[i].boxes, regions[i][:count]).max(axis=1) for i in some])
    print(f"{count:5} proposals: {np.mean(best > 0.5):.0%} of the cells have one that fits")

# %% [markdown] lang="en"
# A thousand boxes in place of tens of thousands of windows reach seven cells in ten, without having learnt anything about cells. But where cells touch, colour alone does not separate them.
#
# | | network runs | proposals | about a picture, then |
# |---|---|---|---|
# | **R-CNN** (2014) | once a proposal, 2,000 times | selective search | 47 s |
# | **Fast R-CNN** (2015) | once a picture; each proposal is **pooled** from the feature map | selective search | 2 s |
# | **Faster R-CNN** (2015) | once a picture | a small network on the same feature map, with **anchors** | 0.2 s |
#
# (The seconds are those of the papers, VGG16 on the GPUs of the day.)
#
# ```
# R-CNN         picture -> 2,000 proposals -> each cut out -> CNN, 2,000 times -----------> class, box
# Fast R-CNN    picture -> CNN -> feature map -> 2,000 proposals pooled from it ----------> class, box
# Faster R-CNN  picture -> CNN -> feature map -> anchors: 300 proposals, pooled from it --> class, box
# ```
#
# ## 7. RoI pooling and RoIAlign
#
# Fast R-CNN cuts a region out of the feature map and brings it to a fixed size. **RoI pooling** rounds the region to whole cells twice; **RoIAlign** (Mask R-CNN, 2017)
# reads between the cells. To see the difference, take a map whose value *is* its x coordinate: then the right answers are known.

# %% [markdown] lang="ko"
# 윈도 수만 개 대신 상자 천 개로 열에 일곱은 찾습니다. 세포에 대해 아무것도 배우지 않았는데도 그렇습니다. 그러나 세포끼리 닿은 곳은 색만으로 나눌 수 없습니다.
#
# | | 신경망 실행 | 후보 영역 | 당시 영상 한 장의 시간 |
# |---|---|---|---|
# | **R-CNN** (2014) | 후보마다 한 번, 2,000번 | 선택적 탐색 | 47초 |
# | **Fast R-CNN** (2015) | 영상마다 한 번, 후보는 특징 맵에서 **풀링** | 선택적 탐색 | 2초 |
# | **Faster R-CNN** (2015) | 영상마다 한 번 | 같은 특징 맵 위의 작은 신경망과 **앵커** | 0.2초 |
#
# (시간은 논문의 값으로, 당시 GPU에서 VGG16으로 잰 것입니다.)
#
# ```
# R-CNN         picture -> 2,000 proposals -> each cut out -> CNN, 2,000 times -----------> class, box
# Fast R-CNN    picture -> CNN -> feature map -> 2,000 proposals pooled from it ----------> class, box
# Faster R-CNN  picture -> CNN -> feature map -> anchors: 300 proposals, pooled from it --> class, box
# ```
#
# ## 7. RoI 풀링과 RoIAlign
#
# Fast R-CNN은 특징 맵에서 영역을 잘라 정해진 크기로 만듭니다. **RoI 풀링**은 영역을 셀 단위로 두 번 반올림하고, **RoIAlign**(Mask R-CNN, 2017)은 셀
# 사이를 읽습니다. 차이를 보려고 값이 곧 x 좌표인 맵을 씁니다. 그러면 정답을 알 수 있습니다.


# %%
def roi_pool(features, box, size=2):
    x0, y0, x1, y1 = np.round(box).astype(int)
    rows, columns = (np.linspace(*side, size + 1).astype(int) for side in ((y0, y1), (x0, x1)))
    return np.array([[features[a:b, c:d].max() for c, d in pairwise(columns)] for a, b in pairwise(rows)])


# %%
def roi_align(features, box, size=2):
    steps = (np.arange(2 * size) + 0.5) / (2 * size)  # 2x2 samples a bin
    x, y = box[0] + steps * (box[2] - box[0]) - 0.5, box[1] + steps * (box[3] - box[1]) - 0.5
    read = cv2.remap(features, *np.meshgrid(x.astype("float32"), y.astype("float32")), cv2.INTER_LINEAR)
    return read.reshape(size, 2, size, 2).mean(axis=(1, 3))


# %%
features = np.tile(np.arange(20, dtype="float32") + 0.5, (15, 1))  # the x of each cell's middle
box = (3.4, 2.6, 9.2, 8.3)
print("right:", 3.4 + 5.8 * np.array([0.25, 0.75]), " RoI pooling:", roi_pool(features, box)[0])
print("RoIAlign:", roi_align(features, box)[0].round(3))

# %% [markdown] lang="en"
# RoI pooling takes maxima of rounded bins: half a cell or more away, 8 to 16 pixels of the photograph. RoIAlign is exact here. For a class it hardly matters; for masks it was worth
# ten percent of the score (He et al., 2017, table 2).
#
# ## 8. Anchors
#
# Faster R-CNN, SSD, YOLOv2 and RetinaNet ask at each place of the feature map: *is there an object near one of these boxes?* Such a box is an
# **anchor**. Which sizes? The ones that fit the data: **k-means** on widths and heights, on a logarithmic scale, since twice as large should be as far as half as large.

# %% [markdown] lang="ko"
# RoI 풀링은 반올림한 칸의 최댓값이라 반 셀 이상, 사진에서는 8~16화소쯤 어긋납니다. RoIAlign은 여기서 정확합니다. 부류를 맞힐 때는 거의 상관없지만, 마스크에서는
# 점수가 10 % 달라졌습니다(He et al., 2017, 표 2).
#
# ## 8. 앵커
#
# Faster R-CNN, SSD, YOLOv2, RetinaNet은 특징 맵의 자리마다 *이 상자들 가운데 하나와 비슷한 물체가 있는지* 묻습니다. 그런 상자가 **앵커**입니다. 크기는
# 데이터에 맞춥니다. 너비와 높이를 **k-평균**으로 묶되, 두 배 큰 것과 절반인 것이 같은 거리가 되도록 로그 눈금을 씁니다.

# %%
for k in range(1, 8):
    centers = np.exp(KMeans(k, n_init=3, random_state=12).fit(np.log(sizes)).cluster_centers_)
    fits = overlap(np.hstack([-sizes, sizes]), np.hstack([-centers, centers])).max(axis=1)
    print(f"{k}: IoU {fits.mean():.2f} ", *(f"{w:.0f}x{h:.0f}" for w, h in sorted(centers.tolist())))

# %% [markdown] lang="en"
# **Matching.** To train, each anchor needs an answer. With Faster R-CNN's rule an anchor with an IoU of **0.7** or more with a cell is that cell's, and so is the best anchor of
# each cell; below **0.3** it is background; those between are not asked. How many are there of each kind?

# %% [markdown] lang="ko"
# **매칭.** 학습하려면 앵커마다 정답이 있어야 합니다. Faster R-CNN의 규칙으로는 세포와의 IoU가 **0.7** 이상인 앵커와, 세포마다 가장 잘 맞는 앵커가 그 세포의
# 것입니다. **0.3** 아래는 배경이고, 그 사이는 묻지 않습니다. 각각 몇 개일까요?


# %%
def matched(anchors, boxes, high=0.7, low=0.3):
    """For each anchor the number of its cell, -1 for background, -2 for those that are not asked."""
    overlaps = overlap(anchors, boxes)
    owner = np.where(overlaps.max(axis=1) >= high, overlaps.argmax(axis=1), -2)
    owner[overlaps.max(axis=1) < low] = -1
    owner[overlaps.argmax(axis=0)] = np.arange(len(boxes))
    return owner


# %%
anchors = labs.detect.anchor_grid({16: [(20, 19), (47, 44), (56, 54), (104, 94)]}, 240, 320)
owners = [matched(anchors, y.boxes) for y in truth]
kinds = [
    np.mean([np.sum(test) for test in tests])
    for tests in ([o >= 0 for o in owners], [o == -1 for o in owners])
]
print(
    f"{len(anchors):,} anchors a picture: {kinds[0]:.0f} for cells, {kinds[1]:.0f} background, the rest not asked"
)

# %% [markdown] lang="en"
# Sixty times as much background as cells: **class imbalance**. A network that always says "background" is right in 98 of 100 places. The **focal loss** (Lin et al., 2017), $-(1 - p)^2 \log p$,
# turns the easy ones down: at $p = 0.9$ to a hundredth. Lab 12b compares the two on these cells; lab 12c trains with it.
#
# **Encoding.** A network does not learn pixels but how the box differs from its anchor: the shift in units of the anchor, the size as a logarithm, so that all numbers are small and alike.

# %% [markdown] lang="ko"
# 배경이 세포의 예순 배쯤입니다. 이것이 **부류 불균형**입니다. 언제나 "배경"이라고 하는 신경망도 백 곳 가운데 아흔여덟 곳을 맞힙니다. **초점 손실**(focal loss, Lin et al., 2017) $-(1 - p)^2 \log p$는
# 쉬운 것의 소리를 줄입니다. $p = 0.9$이면 100분의 1이 됩니다. 실습 12b가 이 세포로 두 손실을 견주고, 실습 12c가 초점 손실로 학습합니다.
#
# **부호화.** 신경망은 화소가 아니라 상자가 앵커와 어떻게 다른지를 배웁니다. 이동은 앵커 크기 단위로, 크기는 로그로 나타내어 모든 수를 작고 고르게 만듭니다.


# %%
def encode(boxes, anchors):
    size, wide = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    return np.hstack([shift / wide, np.log(size / wide)])


# %% tags=["exercise"]
def decode(code, anchors):
    # solution
    wide = anchors[:, 2:] - anchors[:, :2]
    middle = (anchors[:, :2] + anchors[:, 2:]) / 2 + code[:, :2] * wide
    size = wide * np.exp(code[:, 2:])
    return np.hstack([middle - size / 2, middle + size / 2])
    # end solution


# %%
its_anchors, its_boxes = anchors[owners[0] >= 0], truth[0].boxes[owners[0][owners[0] >= 0]]
code = encode(its_boxes, its_anchors)
print(
    "spread:",
    code.std(axis=0).round(2),
    " and back:",
    np.allclose(decode(code, its_anchors), its_boxes, atol=1e-3),
)

# %% [markdown] lang="en"
# ## What to remember
#
# - A box is judged by **IoU**, a detector by **AP**: precision over recall, each cell taken once. Look at the data's mistakes before you look at yours.
# - Windows and pyramids, hard negatives, NMS, proposals: each idea of today's networks is older than they are.
# - **Anchors** turn detection into classification plus four small numbers; nearly all anchors are background.
#
# **When it goes wrong.** *Everything is found twice*: no NMS, or its threshold is too high. *AP is 0 although the picture looks right*: x and y swapped, or boxes in pixels of another size. *AP50 good, mAP bad*: the
# boxes are loose; look at the encoding. *Small objects are never found*: no anchor, or no scale of the pyramid, fits them.
#
# **Exercises.** 1. Soft-NMS (section 4). 2. Twelve scales in place of eight: what does it bring, what does it cost? 3. Remove the normalisation in `hog` and turn the light down. 4. Count the anchors
# that are cells for three anchors and for eight.

# %% [markdown] lang="ko"
# ## 기억할 것
#
# - 상자는 **IoU**로, 검출기는 **AP**로 채점합니다. 세포 하나는 한 번만 차지할 수 있습니다. 내 실수를 보기 전에 데이터의 실수를 보세요.
# - 윈도와 피라미드, 어려운 음성 표본, NMS, 후보 영역. 오늘날 신경망의 생각은 모두 신경망보다 오래되었습니다.
# - **앵커**는 검출을 분류와 작은 수 네 개로 바꿉니다. 앵커는 거의 모두 배경입니다.
#
# **잘 안 될 때.** *모두 두 번씩 찾는다*: NMS가 없거나 기준이 너무 높습니다. *그림은 맞는데 AP가 0이다*: x와 y가 바뀌었거나 상자가 다른 크기의 화소 단위입니다. *AP50은 좋은데 mAP가
# 나쁘다*: 상자가 헐겁습니다. 부호화를 확인하세요. *작은 물체를 못 찾는다*: 맞는 앵커나 배율이 없습니다.
#
# **연습 문제.** 1. soft-NMS (4절). 2. 배율을 여덟 개 대신 열두 개로. 무엇을 얻고 무엇을 잃나요? 3. `hog`에서 정규화를 빼고 밝기를 낮춰 보세요. 4. 앵커가 세 개일 때와 여덟 개일 때
# 세포인 앵커를 세어 보세요.
