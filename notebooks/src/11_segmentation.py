# ---
# title:
#   en: A class for each pixel
#   ko: 픽셀마다 클래스를
# minutes: 4
# data:
#   en: streets and pets composed of drawings (bundled), ImageNet weights (8 MB)
#   ko: 그림을 합성한 거리와 동물(포함되어 있음), ImageNet 가중치(8 MB)
# accuracy:
#   en: mIoU on composed streets 0.39 (FCN-32s), 0.54, 0.57 (8s), 0.62 (hypercolumns); U-Net 0.70 on drawn pets
#   ko: 합성한 거리에서 mIoU 0.39(FCN-32s), 0.54, 0.57(8s), 0.62(하이퍼컬럼), 그린 동물에서 U-Net 0.70
# seed: 11
# ---

# %% [markdown] lang="en"
# "There is a car in the picture" does not stop a car. This lab answers for **every pixel**: road, pavement, pedestrian. In this notebook we
#
# - turn a classifier into a network for pixels: a dense layer *is* a 1x1 convolution;
# - repeat the three pictures of the paper on **FCN-32s, 16s and 8s**, and read hypercolumns;
# - measure the **checkerboard** of transposed convolution, build a **U-Net**, and fall into the trap of odd sizes;
# - judge masks: **mIoU**, border, confusion; and compare four losses where classes are rare;
# - run the same network, pixel for pixel, in Keras, OpenCV, ONNX Runtime and the browser.
#
# Lab 11b builds DeepLab, takes it to a real street, and goes on from classes to *objects*.

# %% [markdown] lang="ko"
# "사진에 자동차가 있다"는 답만으로는 차를 멈출 수 없습니다. 이 실습은 **픽셀마다** 답합니다. 차도, 보도, 보행자. 이 노트북에서는
#
# - 분류 신경망을 픽셀용 신경망으로 바꿉니다. 완전 연결층은 *곧* 1x1 합성곱입니다.
# - **FCN-32s, 16s, 8s** 논문의 세 그림을 다시 만들고, 하이퍼컬럼을 읽습니다.
# - 전치 합성곱의 **체커보드 무늬**를 재고, **U-Net**을 만들고, 홀수 크기의 함정에 빠져 봅니다.
# - 마스크를 채점합니다. **mIoU**, 경계, 혼동 행렬. 드문 클래스가 있을 때 손실 함수 네 가지를 비교합니다.
# - 같은 신경망을 Keras, OpenCV, ONNX Runtime, 브라우저에서 픽셀 하나까지 같게 실행합니다.
#
# 실습 11b에서는 DeepLab을 만들어 실제 거리로 나가고, 클래스에서 *물체*로 나아갑니다.

# %%
import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import open_photos

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(11)

# %% [markdown] lang="en"
# ## 1. A picture and its mask
#
# A **mask** is a picture of class numbers, uint8, as large as the photo: 0 sky, 3 road, 8 car. The number 11 means *void*: nobody has said what this is, so it
# counts neither in training nor in scores. These streets are composed of drawings, with the classes of CamVid, whose photographs may not be published.

# %% [markdown] lang="ko"
# ## 1. 영상과 마스크
#
# **마스크**는 사진과 크기가 같은, 클래스 번호로 된 영상(uint8)입니다. 0은 하늘, 3은 차도, 8은 자동차입니다. 11은 *void*, 아무도 무엇인지 말하지 않은 픽셀이라
# 학습에도 채점에도 넣지 않습니다. 이 거리들은 그림을 합성해 만들었고 클래스는 CamVid와 같습니다. CamVid 사진은 공개할 수 없기 때문입니다.

# %% tags=["cover"]
drawn = labs.load("camvid", "sample")
names = [f"{english} {korean}" for english, korean in zip(drawn.labels, drawn.labels_ko, strict=True)]
paint = labs.masks.paint
pairs = [
    paint(x, y, drawn.colours, opacity)
    for x, y in zip(drawn.x_test[:3], drawn.y_test[:3], strict=True)
    for opacity in (0, 0.7)
]
labs.show.grid(pairs, columns=6, source=drawn.source)

# %%
share = np.bincount(drawn.y_train.ravel(), minlength=12)[:11] / (drawn.y_train != drawn.void).sum()
figure, axes = plt.subplots(figsize=(7, 2.4))
axes.bar(names, share, color=drawn.colours[:11] / 255)
axes.set(yscale="log", title="share of the pixels · 픽셀 비율")
axes.tick_params("x", rotation=60)

# %% [markdown] lang="en"
# The legend of all our masks is this plot's colours. A logarithmic axis, and still the signs are hard to see: a network that never says "sign" is right on more
# than 99 % of the pixels. That is why we shall not be content with "percent of pixels".

# %% [markdown] lang="ko"
# 이 그래프의 색이 앞으로 나올 모든 마스크의 범례입니다. 로그 축인데도 표지판은 거의 보이지 않습니다. "표지판"이라고 한 번도 말하지 않는 신경망도 픽셀의
# 99 % 넘게 맞힙니다. 그래서 "맞힌 픽셀의 비율"만으로는 만족하지 않겠습니다.

# %% [markdown] lang="en"
# ## 2. A dense layer is a 1x1 convolution
#
# A classifier ends in a dense layer: features times weights. The same weights, laid over **each place** of a feature map, are a convolution of size 1. So a
# classifier already knows how to judge places; only its pooling hid it.

# %% [markdown] lang="ko"
# ## 2. 완전 연결층은 1x1 합성곱이다
#
# 분류 신경망은 완전 연결층으로 끝납니다. 특징에 가중치를 곱하는 것입니다. 같은 가중치를 특징 맵의 **자리마다** 적용하면 크기 1인 합성곱입니다. 분류
# 신경망은 이미 자리를 판단할 줄 아는데, 풀링이 그것을 가리고 있었을 뿐입니다.

# %%
dense, convolution = layers.Dense(11), layers.Conv2D(11, 1)
maps = np.random.default_rng(11).normal(size=(1, 5, 7, 96)).astype("float32")
by_dense = dense(maps.reshape(-1, 96))

# %%
convolution.build(maps.shape)
convolution.set_weights([dense.kernel[None, None], dense.bias])
difference = np.abs(ops.reshape(convolution(maps), (-1, 11)) - by_dense).max()
print(f"largest difference {difference:.0e}; other sizes: {convolution(maps[:, :2, :3]).shape}")

# %% [markdown] lang="en"
# ## 3. FCN-32s, 16s, 8s
#
# MobileNet's last map has a 32nd of the picture's size. **FCN-32s** (Long, Shelhamer and Darrell, 2015) puts a 1x1 convolution on it and stretches the answer.
# **16s** adds the answer of the map before, twice as fine, and **8s** that of the one before. The backbone stays as ImageNet left it, so its maps are
# computed once.

# %% [markdown] lang="ko"
# ## 3. FCN-32s, 16s, 8s
#
# MobileNet의 마지막 맵은 영상의 1/32 크기입니다. **FCN-32s**(Long, Shelhamer, Darrell, 2015)는 그 위에 1x1 합성곱을 놓고 답을 늘립니다.
# **16s**는 두 배 촘촘한 앞의 맵의 답을 더하고, **8s**는 그 앞의 답까지 더합니다. 백본은 ImageNet에서 배운 그대로 두므로 맵은 한 번만 계산합니다.

# %%
options = labs.profile.choose({"alpha": 0.75}, {"weights": "stand-in"})
backbone = labs.backbone.load("MobileNet", **options, include_top=False, input_shape=(240, 320, 3))

# %%
fine_to_coarse = ["conv_pw_5_relu", "conv_pw_11_relu", "conv_pw_13_relu"]  # an 8th, a 16th, a 32nd
inputs = keras.Input((240, 320, 3))
every = keras.Model(backbone.input, [backbone.get_layer(name).output for name in fine_to_coarse])
extractor = keras.Model(inputs, every(labs.backbone.preprocessing("MobileNet")(inputs)))

# %%
maps_train = extractor.predict(drawn.x_train, batch_size=4, verbose=0)
maps_test = extractor.predict(drawn.x_test, batch_size=4, verbose=0)
print([maps.shape[1:] for maps in maps_train])

# %% [markdown] lang="en"
# 30 x 40, 15 x 20, **7** x 10: twice 7 is not 15. Whoever joins two maps has to think of that, so `to_size` stretches to the size of the partner.

# %% [markdown] lang="ko"
# 30 x 40, 15 x 20, **7** x 10입니다. 7의 두 배는 15가 아닙니다. 두 맵을 합치려면 이것을 생각해야 합니다. 그래서 `to_size`는 상대의 크기로 늘립니다.


# %%
def to_size(x, partner):
    return layers.Resizing(*partner.shape[1:3], interpolation="bilinear")(x)


def fcn(skips):
    """FCN-32s with 0 skips, FCN-16s with 1, FCN-8s with 2: from the three maps to scores at a quarter of the picture."""
    entries = [keras.Input(maps.shape[1:]) for maps in maps_train]
    x = layers.Conv2D(11, 1)(entries[-1])
    for maps in entries[-2::-1][:skips]:
        x = layers.Add()([to_size(x, maps), layers.Conv2D(11, 1)(maps)])
    return keras.Model(entries, layers.Resizing(60, 80, interpolation="bilinear")(x))


# %% [markdown] lang="en"
# The loss is the cross-entropy of each pixel, with a weight of zero where the mask is void. Masks are taken at a quarter of the size, every fourth pixel.

# %% [markdown] lang="ko"
# 손실은 픽셀마다의 교차 엔트로피이고, 마스크가 void인 곳의 가중치는 0입니다. 마스크는 네 픽셀에 하나씩, 4분의 1 크기로 씁니다.


# %%
def cross_entropy(masks, scores, weights=(1,) * 11):
    """The mean over the pixels; weights: one a class, void weighs nothing."""
    masks = ops.cast(masks, "int32")
    weight = ops.take(np.append(weights, 0).astype("float32"), masks)
    wrong = -ops.log_softmax(scores) * ops.one_hot(masks, 11, dtype="float32")
    return ops.sum(ops.sum(wrong, -1) * weight) / (ops.sum(weight) + 1e-6)


epochs = labs.profile.choose(30, 4)


def learn_head(network, loss=cross_entropy):
    network.compile(keras.optimizers.Adam(3e-3), loss)
    network.fit(maps_train, drawn.y_train[:, ::4, ::4].astype("int32"), 8, epochs, shuffle=True, verbose=0)
    return network


def masks_from(scores):
    """Scores stretched to 320x240, then the largest."""
    return np.stack([cv2.resize(one, (320, 240)).argmax(-1) for one in scores]).astype("uint8")


# %%
fcns = {f"FCN-{step}s": learn_head(fcn(skips)) for skips, step in enumerate((32, 16, 8))}
guessed = {name: masks_from(network.predict(maps_test, verbose=0)) for name, network in fcns.items()}

# %%
shown = [
    drawn.x_test[1],
    *(paint(None, masks[1], drawn.colours) for masks in (*guessed.values(), drawn.y_test)),
]
labs.show.grid(shown, titles=["picture", *guessed, "truth · 정답"], columns=5, source=drawn.source)

# %% [markdown] lang="en"
# The same three pictures as in the paper: blobs, better blobs, outlines. The deep map knows *what*, the earlier ones *where*. Section 6 puts numbers on it.

# %% [markdown] lang="ko"
# 논문의 세 그림 그대로입니다. 뭉툭한 덩어리, 나아진 덩어리, 윤곽. 깊은 맵은 *무엇*인지 알고, 앞쪽 맵은 *어디*인지 압니다. 6절에서 수로 재겠습니다.

# %% [markdown] lang="en"
# ## 4. Back to full size: the checkerboard
#
# A **transposed convolution** puts its kernel down at each place, `stride` pixels apart, and adds up. With kernel 3 and stride 2 the kernels overlap in every
# other pixel only: a perfectly flat picture comes out as a pattern. We measure it: spread over mean of the middle, kernels of ones.

# %% [markdown] lang="ko"
# ## 4. 원래 크기로: 체커보드
#
# **전치 합성곱**은 자리마다 커널을 `stride` 픽셀 간격으로 내려놓고 더합니다. 커널이 3이고 stride가 2면 한 픽셀 건너서만 겹칩니다. 완전히 평평한
# 영상도 무늬가 되어 나옵니다. 값이 모두 1인 커널로 가운데 부분의 (표준편차 / 평균)을 재 봅시다.

# %%
flat = np.ones((1, 8, 8, 1), "float32")
ways = {
    "transposed, kernel 3": layers.Conv2DTranspose(1, 3, 2, "same", kernel_initializer="ones"),
    "transposed, kernel 4": layers.Conv2DTranspose(1, 4, 2, "same", kernel_initializer="ones"),
    "resize, convolve": keras.Sequential(
        [layers.UpSampling2D(), layers.Conv2D(1, 3, padding="same", kernel_initializer="ones")]
    ),
}
results = {name: np.asarray(way(flat))[0, 4:-4, 4:-4, 0] for name, way in ways.items()}
titles = [f"{name}\n{result.std() / result.mean():.2f}" for name, result in results.items()]
labs.show.grid([np.uint8(result / result.max() * 255) for result in results.values()], titles=titles)

# %% [markdown] lang="en"
# Kernel 4 is divided by stride 2 without remainder: flat again (white here), though training may still unbalance its weights. Resizing first cannot make the pattern at all
# (Odena, Dumoulin and Olah, 2016). Our networks resize.

# %% [markdown] lang="ko"
# 커널 4는 stride 2로 나누어떨어지므로 다시 평평합니다(여기서는 흰색). 다만 학습하다 보면 균형이 깨질 수 있습니다. 먼저 늘리고 합성곱하면 무늬가 아예 생길 수
# 없습니다(Odena, Dumoulin, Olah, 2016). 우리 신경망은 늘리는 쪽을 씁니다.

# %% [markdown] lang="en"
# ## 5. U-Net, and the trap of odd sizes
#
# **U-Net** (Ronneberger, Fischer and Brox, 2015) walks down by pooling and up again, and at each level **concatenates** what it saw on the way down. It needs no
# backbone and little data. Here it learns pets, their background and the border between from 96 drawings.

# %% [markdown] lang="ko"
# ## 5. U-Net, 그리고 홀수 크기의 함정
#
# **U-Net**(Ronneberger, Fischer, Brox, 2015)은 풀링으로 내려갔다가 다시 올라오면서, 층마다 내려갈 때 본 것을 **이어 붙입니다**. 백본도 많은 데이터도
# 필요 없습니다. 여기서는 그림 96장으로 동물과 배경과 그 사이의 경계를 배웁니다.


# %%
def twice(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    return x


def unet(height, width, classes=3, widths=(16, 32, 64)):
    inputs = keras.Input((height, width, 3))
    x, seen = layers.Rescaling(1 / 255)(inputs), []
    for filters in widths:
        x = twice(x, filters)
        seen.append(x)
        x = layers.MaxPooling2D()(x)
    x = twice(x, 128)
    for filters, skip in zip(widths[::-1], seen[::-1], strict=True):
        x = twice(layers.Concatenate()([layers.UpSampling2D()(x), skip]), filters)
    return keras.Model(inputs, layers.Conv2D(classes, 1)(x))


# %%
pets = labs.load("pets_masks", "sample", side=64)
small = unet(64, 64)
small.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
small.fit(pets.x_train, pets.y_train, 8, labs.profile.choose(20, 2), verbose=0)
masks = small.predict(pets.x_test, verbose=0).argmax(-1)
table = labs.masks.confusion(pets.y_test, masks, 3)
print(
    f"{small.count_params():,} weights, mIoU {labs.masks.iou(table).mean():.2f} on drawings of another maker"
)
trios = [
    paint(x, m, pets.colours, o)
    for x, y, m in zip(pets.x_test[:3], pets.y_test[:3], masks[:3], strict=True)
    for m, o in ((m, 0), (m, 0.7), (y, 0.7))
]
labs.show.grid(trios, titles=["picture", "U-Net", "truth · 정답"] * 3, columns=9, source=pets.source)

# %% [markdown] lang="en"
# Half of 7 is 3, and twice 3 is 6. A picture whose side is not a multiple of 8 does not fit together again:

# %% [markdown] lang="ko"
# 7의 절반은 3이고, 3의 두 배는 6입니다. 한 변이 8의 배수가 아닌 영상은 다시 맞물리지 않습니다.

# %%
try:
    unet(60, 60)
except ValueError as error:
    print(str(error).splitlines()[0])

# %% [markdown] lang="en"
# Exercise 2 mends it. A size divisible by the stride, or `to_size`: one of the two is in every network that works.

# %% [markdown] lang="ko"
# 연습 문제 2에서 고칩니다. 보폭으로 나누어떨어지는 크기, 아니면 `to_size`. 제대로 동작하는 신경망에는 둘 중 하나가 있습니다.

# %% [markdown] lang="en"
# ## 6. Scores, and hypercolumns
#
# From one **confusion table** come all scores. **IoU** of a class: pixels that are it *and* were called it, over pixels that are it *or* were called it. The mean over the
# classes, **mIoU**, gives a sign as much say as the road. **Boundary F1** asks only how well the borders lie.
#
# Beside the FCNs stands the **hypercolumn** (Hariharan et al., 2015): at each pixel the numbers of *all* maps in one long column, and one linear classifier on it.

# %% [markdown] lang="ko"
# ## 6. 채점, 그리고 하이퍼컬럼
#
# 모든 점수는 **혼동 행렬** 하나에서 나옵니다. 한 클래스의 **IoU**는 (그 클래스이고 *동시에* 그렇다고 답한 픽셀) / (그 클래스이*거나* 그렇다고 답한 픽셀)입니다. 클래스
# 평균인 **mIoU**에서는 표지판의 목소리가 차도만큼 큽니다. **경계 F1**은 경계가 얼마나 맞는지만 묻습니다.
#
# FCN 옆에 **하이퍼컬럼**(Hariharan 등, 2015)도 놓아 봅니다. 픽셀마다 *모든* 맵의 값을 하나의 긴 기둥으로 쌓고, 그 위에 선형 분류기 하나를 둡니다.

# %%
entries = [keras.Input(maps.shape[1:]) for maps in maps_train]
column = layers.Concatenate()([to_size(maps, entries[0]) for maps in entries])
hypercolumn = keras.Model(entries, layers.Resizing(60, 80)(layers.Conv2D(11, 1)(column)))
guessed["hypercolumn"] = masks_from(learn_head(hypercolumn).predict(maps_test, verbose=0))


# %%
def scores(masks, truth=drawn.y_test, void=drawn.void):
    table = labs.masks.confusion(truth, masks, 11, void)
    borders = np.mean([labs.masks.boundary_f1(t, m, 11, void) for t, m in zip(truth, masks, strict=True)])
    return labs.masks.pixel_accuracy(table), np.nanmean(labs.masks.iou(table)), borders


# %%
for name, masks in guessed.items():
    print("{:12} pixels {:.1%}  mIoU {:.2f}  boundary F1 {:.2f}".format(name, *scores(masks)))

# %% [markdown] lang="en"
# From 16s on the pixels rise by five in a hundred; mIoU by eight, and the border's score nearly doubles. What is small lives at borders.

# %% [markdown] lang="ko"
# 16s부터 픽셀 비율은 5점 오르는데 mIoU는 8점 오르고, 경계 점수는 거의 두 배가 됩니다. 작은 것은 경계에 삽니다.

# %% [markdown] lang="en"
# ## 7. Rare classes: four losses
#
# Signs and poles fill one pixel in a hundred. **Weights** make them count more. **Focal loss** (Lin et al., 2017) turns down pixels that are already right.
# **Dice** (Milletari et al., 2016) scores the overlap of each class, so that size does not matter. The same FCN-8s head, four times:

# %% [markdown] lang="ko"
# ## 7. 드문 클래스: 네 가지 손실
#
# 표지판과 기둥은 백 픽셀 가운데 하나입니다. **가중치**는 그 목소리를 키웁니다. **초점(focal) 손실**(Lin 등, 2017)은 이미 맞힌 픽셀의 목소리를 줄입니다.
# **Dice**(Milletari 등, 2016)는 클래스마다 겹침을 채점하므로 크기가 상관없습니다. 같은 FCN-8s 머리를 네 번 학습합니다.

# %%
weights = share**-0.5 / (share**0.5).sum()


def focal(masks, scores):
    masks = ops.cast(masks, "int32")
    sure = ops.sum(ops.softmax(scores) * ops.one_hot(masks, 11, dtype="float32"), -1)
    known = ops.cast(masks != 11, "float32")
    return ops.sum(-((1 - sure) ** 2) * ops.log(sure + 1e-6) * known) / ops.sum(known)


def dice(masks, scores):
    truth = ops.one_hot(ops.cast(masks, "int32"), 11, dtype="float32")
    guess = ops.softmax(scores) * ops.sum(truth, -1, keepdims=True)
    both, sizes = ops.sum(truth * guess, (0, 1, 2)), ops.sum(truth + guess, (0, 1, 2))
    return 1 - ops.mean((2 * both + 1) / (sizes + 1))


# %%
weighted = lambda masks, scores: cross_entropy(masks, scores, weights)  # noqa: E731
both = lambda masks, scores: cross_entropy(masks, scores) + dice(masks, scores)  # noqa: E731
losses = {"weights": weighted, "focal": focal, "cross-entropy + Dice": both}
tables = {"cross-entropy": labs.masks.confusion(drawn.y_test, guessed["FCN-8s"], 11, drawn.void)}
for name, loss in losses.items():
    masks = masks_from(learn_head(fcn(2), loss).predict(maps_test, verbose=0))
    tables[name] = labs.masks.confusion(drawn.y_test, masks, 11, drawn.void)
for name, table in tables.items():
    iou = labs.masks.iou(table)
    print(f"{name:21} mIoU {np.nanmean(iou):.2f}  pole {iou[2]:.2f}  sign {iou[6]:.2f}  road {iou[3]:.2f}")

# %% [markdown] lang="en"
# Weights and Dice lift the mIoU by four points, most of it where things are thin (the pole), and cost the road nothing. Focal loss was made for another trouble, millions of easy
# boxes, and does not help here. No loss makes a pole of three pixels visible on a map of 30 x 40: for that the network has to be finer (lab 11b).

# %% [markdown] lang="ko"
# 가중치와 Dice는 mIoU를 4점 올립니다. 대부분 가는 것(기둥) 덕분이고, 차도의 점수는 깎이지 않습니다. 초점 손실은 쉬운 상자가 수백만 개일 때를 위한 것이라 여기서는 도움이
# 되지 않습니다. 30 x 40 맵에서 세 픽셀짜리 기둥을 보이게 할 손실은 없습니다. 그러려면 신경망이 더 촘촘해야 합니다(실습 11b).

# %% [markdown] lang="en"
# ## 8. The mask inside the graph
#
# Outside Python nobody should have to look for the largest of three numbers. A second output does it in the graph: `scores` and `mask`. `labs.check` runs the saved U-Net
# in every runtime and counts equal pixels; others may differ only where two classes tie.

# %% [markdown] lang="ko"
# ## 8. 그래프 안의 마스크
#
# 파이썬 밖에서는 세 수 가운데 가장 큰 것을 찾는 일도 누군가 다시 짜야 합니다. 두 번째 출력이 그래프 안에서 그 일을 합니다. `scores`와 `mask`입니다. `labs.check`는 저장한 U-Net을
# 모든 실행 환경에서 돌려 같은 픽셀을 셉니다. 두 클래스가 비긴 곳에서만 달라도 됩니다.

# %%
picture = keras.Input((64, 64, 3), name="input")
answer = small(picture)
mask = ops.cast(ops.argmax(answer, -1), "float32")
both_outputs = keras.Model(picture, {"scores": answer, "mask": mask})
source = f"{pets.source}, lab 11"
colours = {"colors": pets.colours[:3].tolist()}
labs.export(
    both_outputs,
    "saved_models/pets_unet",
    pets.labels,
    pets.x_test,
    source=source,
    kind="mask",
    decode=colours,
)

# %%
labs.check("saved_models/pets_unet", runtimes=labs.profile.choose(None, ["opencv_pb", "onnxruntime"]))

# %%
chelsea = open_photos.read("chelsea")
found = labs.predict("saved_models/pets_unet", chelsea)
print(found.shape, found.dtype)
labs.show.grid([chelsea, paint(chelsea, found, pets.colours)], source=open_photos.SOURCE)

# %% [markdown] lang="en"
# ## Exercises
#
# **1. mIoU by hand.** A picture of eight pixels, two classes. Write the IoU of both and their mean as fractions or numbers before you run the cell.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 손으로 mIoU.** 여덟 픽셀, 두 클래스짜리 영상입니다. 셀을 실행하기 전에 두 클래스의 IoU와 평균을 분수나 수로 적으세요.

# %% tags=["exercise"]
truth, guess = np.array([0, 0, 0, 0, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 1, 1, 1, 0])
# solution
by_hand = (4 / 6 + 2 / 4) / 2
# end solution
print(by_hand, labs.masks.iou(labs.masks.confusion(truth, guess, 2)).mean())

# %% [markdown] lang="en"
# **2. Mend the odd size.** Write a U-Net's way up that fits for 60 x 60, too.

# %% [markdown] lang="ko"
# **2. 홀수 크기 고치기.** 60 x 60에서도 맞물리는 U-Net의 올라가는 길을 쓰세요.


# %% tags=["exercise"]
def join(x, skip):
    # solution
    return layers.Concatenate()([to_size(x, skip), skip])
    # end solution


inputs = keras.Input((60, 60, 3))
half = layers.MaxPooling2D()(twice(inputs, 8))
quarter = layers.MaxPooling2D()(half)
eighth = layers.MaxPooling2D()(quarter)
print(join(eighth, quarter).shape, join(join(eighth, quarter), half).shape)

# %% [markdown] lang="en"
# **3. Replace the upsampling.** Go from 15 x 20 to 30 x 40 with a transposed convolution that cannot make a checkerboard by its geometry.

# %% [markdown] lang="ko"
# **3. 늘리는 층 바꾸기.** 15 x 20에서 30 x 40으로, 구조 때문에 체커보드가 생기지 않는 전치 합성곱으로 가세요.

# %% tags=["exercise"]
# solution
upward = layers.Conv2DTranspose(11, 4, 2, padding="same", kernel_initializer="ones")
# end solution
flat = np.asarray(upward(np.ones((1, 15, 20, 1), "float32")))
print(flat.shape, f"{flat[0, 3:-3, 3:-3].std():.3f}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `Concatenate ... matching shapes` | Section 5: an odd size; `Resizing` to the partner's size, or sides divisible by the stride |
# | The loss is fine, the mask is all road | Void in the loss? Weights for rare classes, Dice |
# | mIoU is NaN | A class that is neither in the truth nor guessed: `np.nanmean` leaves it out |
# | The mask is shifted by half a cell | Stretch scores, not class numbers; one and the same bilinear rule in training and use |
# | `a picture of colours (RGB), not of class numbers` | Save masks as grey or palette PNG, never as JPEG |
#
# ## What to remember
#
# - A dense layer at each place is a 1x1 convolution: every classifier is half a segmenter.
# - Deep maps know what, early maps know where; FCN adds, U-Net concatenates, hypercolumns stack.
# - Stretch scores, then take the largest. Kernel and stride of a transposed convolution must divide, or it weaves a pattern.
# - Percent of pixels flatters; mIoU lets every class speak, and void never counts.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `Concatenate ... matching shapes` | 5절의 홀수 크기입니다. 상대 크기로 `Resizing`하거나, 보폭으로 나누어떨어지는 크기를 씁니다 |
# | 손실은 괜찮은데 마스크가 온통 차도다 | 손실에 void가 들어갔나요? 드문 클래스에 가중치를 주거나 Dice를 씁니다 |
# | mIoU가 NaN이다 | 정답에도 답에도 없는 클래스가 있습니다. `np.nanmean`은 그것을 뺍니다 |
# | 마스크가 반 칸 밀렸다 | 클래스 번호가 아니라 점수를 늘리세요. 학습과 사용에 같은 보간을 씁니다 |
# | `a picture of colours (RGB), not of class numbers` | 마스크는 회색이나 팔레트 PNG로 저장하고, JPEG로는 저장하지 않습니다 |
#
# ## 정리
#
# - 자리마다 적용한 완전 연결층은 1x1 합성곱입니다. 분류 신경망은 이미 절반은 분할 신경망입니다.
# - 깊은 맵은 무엇인지, 앞쪽 맵은 어디인지 압니다. FCN은 더하고, U-Net은 이어 붙이고, 하이퍼컬럼은 쌓습니다.
# - 점수를 늘린 다음 가장 큰 것을 고릅니다. 전치 합성곱의 커널은 stride로 나누어떨어져야 무늬가 생기지 않습니다.
# - 픽셀 비율은 듣기 좋은 수입니다. mIoU에서는 모든 클래스가 말하고, void는 세지 않습니다.
