# ---
# title:
#   en: "Architectures under one clock"
#   ko: "같은 시계로 재는 CNN 구조"
# minutes: 3
# data:
#   en: CIFAR-10, 60,000 colour pictures of 32×32 (170 MB)
#   ko: CIFAR-10, 32×32 컬러 영상 60,000장 (170 MB)
# accuracy:
#   en: after 15 processor seconds with 60,000 parameters ResNet 43 %, LeNet-5 and SENet 41 %, deformable 34 %, ViT 29 %, EfficientNet 12 to 32 % (JPEG copy of CIFAR-10, three seeds)
#   ko: 매개변수 60,000개로 프로세서 시간 15초 뒤 ResNet 43 %, LeNet-5와 SENet 41 %, 변형 가능한 합성곱 34 %, ViT 29 %, EfficientNet 12~32 % (CIFAR-10의 JPEG 사본, 시드 셋)
# seed: 9
# ---

# %% [markdown] lang="en"
# After ResNet the question was no longer how deep, but **how to spend**: on which channels, at which size, at which places. In this notebook we
#
# - build **SENet**, **EfficientNet** (MBConv), a **deformable convolution** and a small **vision transformer**, and read **CSPNet**, **HRNet** and SpineNet;
# - check the cost of a depthwise separable convolution by counting, and scale a network in width, depth and resolution;
# - put architectures under **one clock**, the same parameters and the same processor seconds: three here, ten in a stored table;
# - take three of them, the strangest included, through every runtime.

# %% [markdown] lang="ko"
# ResNet 다음의 질문은 얼마나 깊은가가 아니라 **어디에 쓸 것인가**였습니다. 어느 채널에, 어떤 크기에, 어느 자리에 쓸까요? 이 노트북에서는
#
# - **SENet**, **EfficientNet**(MBConv), **변형 가능한 합성곱**(deformable convolution), 작은 **비전 트랜스포머**를 만들고, **CSPNet**, **HRNet**, SpineNet을 읽어 봅니다.
# - 깊이별 분리 합성곱의 비용을 세어서 확인하고, 신경망의 너비, 깊이, 해상도를 키워 봅니다.
# - 여러 구조를 **같은 시계**로 잽니다. 매개변수도 같고 프로세서 시간도 같습니다. 셋은 여기서 학습하고, 열 가지 모두는 저장해 둔 표에서 봅니다.
# - 가장 별난 것까지 세 신경망을 모든 실행 환경에서 돌려 봅니다.

# %%
import json
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import open_photos
from labs.runtimes.children import Children

tf.get_logger().setLevel("ERROR")
labs.show.use_korean_font()
keras.utils.set_random_seed(9)

# %% [markdown] lang="en"
# The beginning, a convolution, the end, and the count of products are those of lab 09.

# %% [markdown] lang="ko"
# 시작, 합성곱, 끝, 곱셈을 세는 함수는 실습 09의 것입니다.


# %% tags=["network"]
def start(side=32):
    """The picture, and its pixels from -1 to 1."""
    inputs = keras.Input((side, side, 3), name="input")
    return inputs, layers.Rescaling(1 / 127.5, -1)(inputs)


def convolution(x, filters, size=3, strides=1, activation="relu", normalised=True):
    """A convolution, its normalisation, its activation."""
    options = {"padding": "same", "use_bias": not normalised, "kernel_initializer": "he_normal"}
    x = layers.Conv2D(round(filters), size, strides, **options)(x)
    x = layers.BatchNormalization(momentum=0.9)(x) if normalised else x
    return layers.Activation(activation)(x) if activation else x


def classifier(inputs, x):
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="output")(x))


# %% tags=["network"]
def operations(model):
    """Multiplications, each with an addition, of one picture: of all convolutions and matrix products."""
    picture, total = tf.TensorSpec((1, *model.input_shape[1:])), 0
    graph = tf.function(lambda x: model(x, training=False)).get_concrete_function(picture).graph
    for node in graph.get_operations():
        if node.type in ("Conv2D", "DepthwiseConv2dNative"):
            kernel = node.inputs[1].shape[: 3 if node.type == "Conv2D" else 2]
            total += node.outputs[0].shape.num_elements() * kernel.num_elements()
        elif node.type == "MatMul":
            total += node.outputs[0].shape.num_elements() * node.inputs[0].shape[-1]
        elif node.type == "Einsum":  # attention: every letter is a loop
            letters = node.get_attr("equation").decode().split("->")[0].replace(",", "")
            sides = dict(zip(letters, [*node.inputs[0].shape, *node.inputs[1].shape], strict=True))
            total += int(np.prod(list(sides.values())))
    return total


# %%
def price(name, model):
    print(f"{name:24}{model.count_params():10,} parameters {operations(model) / 1e6:7.2f} million products")


# %% [markdown] lang="en"
# ## 1. SENet (Hu et al., 2017): which channel matters now?
#
# **Squeeze**: the mean of each channel, the whole picture in a few numbers. **Excite**: two small dense layers turn them into a weight between 0 and 1 for each channel. A residual network that
# may turn its channels up and down, for few parameters and hardly any products:

# %% [markdown] lang="ko"
# ## 1. SENet (Hu 등, 2017): 지금 중요한 채널은?
#
# **쥐어짜기**(squeeze): 채널마다 평균을 내어 영상 전체를 수 몇 개로 줄입니다. **자극하기**(excite): 작은 완전연결층 두 개가 그것을 채널마다 0과 1 사이의 가중치로 바꿉니다. 채널의 소리를 키우고
# 줄일 수 있는 잔차 신경망이 되는데, 매개변수는 조금 늘고 곱셈은 거의 늘지 않습니다.


# %% tags=["network"]
def squeeze_excite(x, units):
    """Each channel louder or quieter, by what the whole picture holds."""
    weight = layers.GlobalAveragePooling2D(keepdims=True)(x)
    weight = layers.Dense(max(round(units), 1), activation="relu")(weight)
    return x * layers.Dense(x.shape[-1], activation="sigmoid")(weight)


def senet(width=1.0, blocks=2, squeeze=True):
    inputs, x = start()
    x = convolution(x, 16 * width, strides=2)
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        for number in range(blocks):
            y = convolution(x, filters * width, 3, 1 if number else strides)
            y = convolution(y, filters * width, activation=None)
            y = squeeze_excite(y, y.shape[-1] / 4) if squeeze else y
            if number == 0:
                x = convolution(x, filters * width, 1, strides, None)
            x = layers.ReLU()(x + y)
    return classifier(inputs, x)


# %%
price("ResNet", senet(squeeze=False))
price("SENet", senet())

# %% [markdown] lang="en"
# From now on a place sees the **whole** picture, however small its receptive field by lab 09's formula: the mean knows of every pixel.
#
# ## 2. Depthwise, then 1x1
#
# An ordinary convolution of $k \times k$ from $M$ channels to $N$ mixes places and channels at once: $k^2 M N$ products a place. **Depthwise separable**, each channel is convolved alone ($k^2 M$) and then the channels are mixed
# by 1x1 ($M N$). The ratio is
#
# $$\frac{k^2 M + M N}{k^2 M N} = \frac 1N + \frac 1{k^2}$$

# %% [markdown] lang="ko"
# 이제 실습 09의 공식으로 구한 수용 영역이 아무리 작아도 자리마다 영상 **전체**를 봅니다. 평균은 모든 화소를 알고 있으니까요.
#
# ## 2. 채널별로, 그다음 1x1
#
# $M$채널에서 $N$채널로 가는 보통의 $k \times k$ 합성곱은 자리와 채널을 한꺼번에 섞습니다. 자리마다 곱셈이 $k^2 M N$번 듭니다. **깊이별 분리 합성곱**은 채널마다 따로 합성곱하고($k^2 M$), 그다음 1x1로 채널을
# 섞습니다($M N$). 비율은 이렇습니다.
#
# $$\frac{k^2 M + M N}{k^2 M N} = \frac 1N + \frac 1{k^2}$$

# %%
maps = keras.Input((16, 16, 64), name="input")
for n in (8, 64, 512):
    kinds = (layers.Conv2D(n, 3, padding="same"), layers.SeparableConv2D(n, 3, padding="same"))
    ordinary, separable = (operations(keras.Model(maps, kind(maps))) for kind in kinds)
    print(f"{n:3} filters: counted {separable / ordinary:.4f}, by the formula {1 / n + 1 / 9:.4f}")

# %% [markdown] lang="en"
# Eight to nine times fewer products with many filters. **MBConv**, the block of MobileNetV2 and EfficientNet (Tan and Le, 2019), goes further: it makes few channels many, looks at each of the many alone, and makes them few again; what goes around the block
# is narrow. SENet's attention is inside.

# %% [markdown] lang="ko"
# 필터가 많으면 곱셈이 8~9분의 1로 줄어듭니다. MobileNetV2와 EfficientNet(Tan과 Le, 2019)의 블록인 **MBConv**는 한 걸음 더 나아갑니다. 적은 채널을 많게 늘리고, 많은 채널을 하나씩 따로 본 다음, 다시 적게 줄입니다. 블록을 돌아가는 길은
# 좁습니다. SENet의 어텐션도 들어 있습니다.


# %% tags=["network"]
def mbconv(x, filters, strides=1, expansion=4):
    """Wide, one channel at a time, narrow again: MobileNetV2's inverted block with SENet's attention."""
    y = convolution(x, expansion * x.shape[-1], 1, activation="silu")
    y = layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False)(y)
    y = layers.Activation("silu")(layers.BatchNormalization(momentum=0.9)(y))
    y = convolution(squeeze_excite(y, x.shape[-1] / 4), filters, 1, activation=None)
    return x + y if strides == 1 and x.shape[-1] == y.shape[-1] else y


def efficientnet(width=1.0, depth=2, side=32):
    inputs, x = start(side)
    x = convolution(x, 16 * width, strides=2, activation="silu")
    for filters, strides in ((16, 1), (24, 2), (40, 2)):
        for number in range(depth):
            x = mbconv(x, round(filters * width), 1 if number else strides)
    return classifier(inputs, convolution(x, 80 * width, 1, activation="silu"))


# %%
price("EfficientNet", efficientnet())
for options in ({"width": 2}, {"depth": 4}, {"side": 64}):
    price(f"  {options}", efficientnet(**options))

# %% [markdown] lang="en"
# ## 3. Wider, deeper, or larger pictures?
#
# Twice as wide costs four times, twice as deep twice, twice the resolution four times; and each alone soon gains little. EfficientNet raises all three together, by $1.2^\varphi$ in depth, $1.1^\varphi$ in width, $1.15^\varphi$ in resolution.
# $1.2 \cdot 1.1^2 \cdot 1.15^2 \approx 2$: one step more of $\varphi$ doubles the cost. Counted:

# %% [markdown] lang="ko"
# ## 3. 넓게, 깊게, 아니면 큰 영상으로?
#
# 너비가 두 배면 비용은 네 배, 깊이가 두 배면 두 배, 해상도가 두 배면 네 배입니다. 그리고 하나만 키우면 금세 이득이 줄어듭니다. EfficientNet은 깊이를 $1.2^\varphi$, 너비를 $1.1^\varphi$, 해상도를 $1.15^\varphi$로 함께 키웁니다.
# $1.2 \cdot 1.1^2 \cdot 1.15^2 \approx 2$이므로 $\varphi$가 하나 늘 때마다 비용이 두 배가 됩니다. 세어 봅시다.

# %%
powers = np.arange(labs.profile.choose(full=5, quick=2))
scaled = {
    "width only": [efficientnet(width=2 ** (n / 2)) for n in powers],
    "depth only": [efficientnet(depth=2 * 2**n) for n in powers[:3]],
    "resolution only": [efficientnet(side=round(32 * 2 ** (n / 2))) for n in powers],
    "compound": [efficientnet(1.1**n, round(2 * 1.2**n), round(32 * 1.15**n)) for n in powers],
}
for name, models in scaled.items():
    plt.semilogy(powers[: len(models)], [operations(model) / 1e6 for model in models], "o-", label=name)
plt.plot(
    powers, operations(scaled["compound"][0]) / 1e6 * 2.0**powers, "k:", label="doubled each time · 두 배씩"
)
plt.xlabel("φ")
plt.title("million products a picture · 영상 한 장의 곱셈(백만 번)")
plt.legend()
plt.show()

# %% [markdown] lang="en"
# All four double with every step, as they were made to; the compound one falls short where a fraction of a block is rounded away. Which of them gains most in **accuracy** for the same products? `benchmarks/architectures.py` has trained each on the
# same pictures, from a small network on pictures of 16x16 onwards:

# %% [markdown] lang="ko"
# 넷 다 한 걸음마다 두 배가 되도록 만든 것이니 두 배가 됩니다. 함께 키운 쪽은 블록의 소수 부분을 반올림해 버린 곳에서 조금 모자랍니다. 같은 곱셈 수로 **정확도**가 가장 많이 오르는 쪽은 어느 것일까요? `benchmarks/architectures.py`로 16x16 영상을 보는 작은 신경망에서
# 시작해 모두 같은 영상으로 학습해 보았습니다.

# %%
stored = json.loads(labs.files.bundled("architectures.json").read_text(encoding="utf-8"))
print(f"{stored['date']}, {stored['machine']}; {stored['data']}")

# %%
for curve in ("width", "depth", "resolution", "compound"):
    rows = [row for row in stored["scaling"] if row["curve"] in ("base", curve)]
    place = np.array([(row["operations"] / 1e6, row["accuracy"], *row["range"]) for row in rows]).T
    plt.plot(place[0], place[1], "o-", label=curve)
    plt.fill_between(place[0], place[2], place[3], alpha=0.15)
plt.xlabel("million products a picture · 영상 한 장의 곱셈(백만 번)")
plt.title(f"accuracy after {stored['scaling_steps']} steps · {stored['scaling_steps']}번 학습한 뒤의 정확도")
plt.legend()
plt.show()

# %% [markdown] lang="en"
# 42 % in the beginning. For the same products **width** gains most (48 %), larger pictures come next (46 %), all three together 44 %, and depth **loses** (37 %). Shaded: lowest to highest of three seeds, and these hardly touch. Tan and Le found the compound one ahead, after hundreds of epochs on
# ImageNet; 120 steps are a sprint, in which a deep network has hardly begun. What to scale depends on how long you may learn.

# %% [markdown] lang="ko"
# 처음에는 42 %입니다. 같은 곱셈 수로는 **너비**가 가장 많이 얻고(48 %), 큰 영상이 그다음(46 %), 셋을 함께 키우면 44 %, 깊이는 오히려 **잃습니다**(37 %). 칠한 띠는 시드 셋의 최저에서 최고까지이고 서로 거의 닿지 않습니다. Tan과 Le는 ImageNet에서 수백 에포크를 학습한 뒤 함께 키운 쪽이 앞선다고 했습니다.
# 120번은 단거리여서 깊은 신경망은 이제 막 출발한 셈입니다. 무엇을 키울지는 얼마나 오래 학습할 수 있는지에 달려 있습니다.

# %% [markdown] lang="en"
# ## 4. Deformable convolution (Dai et al., 2017): look where it matters
#
# A convolution's nine looks stand in a square, whatever is in the picture. Here a first convolution says for each place where each of the nine shall look, in fractions of a pixel. So the heart of it is reading **between** the pixels: the mean of
# four neighbours, weighted by how near they are. It has a gradient, so the places can be learnt.

# %% [markdown] lang="ko"
# ## 4. 변형 가능한 합성곱(Dai 등, 2017): 중요한 곳을 보기
#
# 합성곱의 아홉 시선은 영상에 무엇이 있든 정사각형으로 늘어서 있습니다. 여기서는 첫 합성곱이 자리마다 아홉 시선이 각각 어디를 볼지 소수점까지 정해 줍니다. 그래서 핵심은 화소 **사이**를 읽는 것입니다. 가까운 정도로
# 가중치를 주어 이웃한 네 화소를 평균합니다. 미분할 수 있으므로 볼 자리를 학습할 수 있습니다.


# %% tags=["network"]
def bilinear(maps, place):
    """What stands in `maps` (n, side, side, channels) at `place` (n, places, 2), between the pixels too."""
    side, channels = maps.shape[2:]
    place = ops.clip(place, 0.0, side - 1.001)
    corner = ops.floor(place)
    share, corner = place - corner, ops.cast(corner, "int32")
    flat, total = layers.Reshape((side * side, channels))(maps), 0
    for down in (0, 1):
        for right in (0, 1):
            index = side * (corner[..., :1] + down) + corner[..., 1:] + right
            weight = share[..., :1] if down else 1 - share[..., :1]
            weight = weight * (share[..., 1:] if right else 1 - share[..., 1:])
            total = total + weight * ops.take_along_axis(flat, index, axis=1)
    return total


# %% [markdown] lang="en"
# Does it read right? A photograph on a turned grid, beside OpenCV's `remap`:

# %% [markdown] lang="ko"
# 제대로 읽을까요? 사진을 돌린 격자로 읽어 OpenCV의 `remap`과 비교해 봅시다.

# %%
photo = cv2.resize(open_photos.read("chelsea")[:300, 80:380], (96, 96), interpolation=cv2.INTER_AREA)
turn = cv2.getRotationMatrix2D((47.5, 47.5), 30, 0.7)
x, y = turn @ np.stack([*np.indices((96, 96))[::-1].reshape(2, -1), np.ones(96 * 96)])
place = np.stack([y, x], -1).clip(0, 94).astype("float32")

# %%
ours = bilinear(np.float32(photo)[None], place[None]).numpy().reshape(96, 96, 3)
grid = place.reshape(96, 96, 2)
theirs = cv2.remap(np.float32(photo), grid[..., 1], grid[..., 0], cv2.INTER_LINEAR)
print(f"largest difference {abs(ours - theirs).max():.3f} of 255")
labs.show.grid([photo, np.uint8(ours)], titles=["photo · 사진", "turned grid · 돌린 격자"])


# %% tags=["network"]
def deformable(x, filters):
    """A 3x3 convolution whose nine looks go where a first convolution sends them."""
    side, channels = x.shape[2:]
    row, column, down, right = np.indices((side, side, 3, 3)).reshape(4, -1)
    home = np.stack([row + down - 1, column + right - 1], -1).astype("float32")
    moved = layers.Conv2D(18, 3, padding="same", kernel_initializer="zeros", name="moved")(x)
    place = layers.Reshape(home.shape)(moved) + home
    seen = layers.Reshape((side, side, 9 * channels))(bilinear(x, place))
    return convolution(seen, filters, 1)


def deformable_network(width=1.0):
    inputs, x = start()
    for filters in (16, 32, 64):
        x = convolution(x, filters * width, strides=2 if filters < 64 else 1)
        x = convolution(x, filters * width)
    return classifier(inputs, deformable(x, 64 * width))


# %% [markdown] lang="en"
# The convolution that says where to look begins with zeros: at first this is an ordinary 3x3 convolution.
#
# ## 5. A vision transformer (Dosovitskiy et al., 2020)
#
# No convolution but the first: the picture is cut into 64 patches of 4x4, each becomes a vector, and from then on a picture is a text of 64 words. **Attention** lets every word ask every other; nothing tells the network that
# patches have neighbours, so each place gets a learnt vector of its own.

# %% [markdown] lang="ko"
# 무엇을 볼지 정하는 합성곱은 0에서 시작합니다. 그래서 처음에는 보통의 3x3 합성곱과 같습니다.
#
# ## 5. 비전 트랜스포머(Dosovitskiy 등, 2020)
#
# 합성곱은 맨 처음 하나뿐입니다. 영상을 4x4 조각 64개로 자르고 조각마다 벡터로 바꾸면, 영상은 낱말 64개짜리 글이 됩니다. **어텐션**은 모든 낱말이 다른 모든 낱말에게 묻게 합니다. 조각에 이웃이 있다는 것을 아무도 알려 주지 않으므로
# 자리마다 학습할 벡터를 하나씩 줍니다.

# %%
small = cv2.resize(photo, (32, 32), interpolation=cv2.INTER_AREA)
words = small.reshape(8, 4, 8, 4, 3).swapaxes(1, 2).reshape(64, 4, 4, 3)
labs.show.grid(words, columns=16, title="64 words · 낱말 64개", source=open_photos.SOURCE)


# %% tags=["network"]
def transformer(width=1.0, depth=3, patch=4, heads=4):
    inputs, x = start()
    size = round(16 * width)
    x = layers.Conv2D(heads * size, patch, patch)(x)
    x = layers.Reshape((-1, heads * size))(x)
    x = x + layers.Embedding(x.shape[1], heads * size)(ops.arange(x.shape[1], dtype="int32"))
    for _ in range(depth):
        y = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(heads, size)(y, y)
        y = layers.Dense(2 * heads * size, activation="gelu")(layers.LayerNormalization()(x))
        x = x + layers.Dense(heads * size)(y)
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="output")(x))


# %% [markdown] lang="en"
# ## 6. Papers of the day: CSPNet, HRNet, SpineNet
#
# **CSPNet** (Wang et al., 2019) sends half of the channels through a stage and the other half around it, so that gradients do not arrive twice; YOLO has used it since. **HRNet** (Sun et al., 2019) never gives up the fine maps: they go on beside the coarse ones,
# and both exchange what they know, which helps where places count (key points, masks). **SpineNet** (Du et al., 2019) asks why maps should only shrink from layer to layer: a search found a backbone in which fine and coarse stages take turns in another order, each fed by
# two earlier ones of any size. It needs HRNet's `exchange` and a table of who feeds whom, and is not built here.

# %% [markdown] lang="ko"
# ## 6. 그 무렵의 논문: CSPNet, HRNet, SpineNet
#
# **CSPNet**(Wang 등, 2019)은 채널의 절반만 단계를 지나게 하고 나머지 절반은 돌아가게 하여 같은 그레이디언트가 두 번 오지 않게 합니다. 그 뒤로 YOLO가 씁니다. **HRNet**(Sun 등, 2019)은 고운 맵을 끝까지 버리지 않습니다. 거친 맵과 나란히 가면서
# 서로 아는 것을 주고받습니다. 자리가 중요한 일(특징점, 마스크)에 도움이 됩니다. **SpineNet**(Du 등, 2019)은 왜 맵이 층을 지날수록 작아지기만 해야 하는지 묻습니다. 탐색으로 찾은 백본에서는 고운 단계와 거친 단계의 순서가 뒤섞여 있고, 단계마다 크기가 어떻든 앞선
# 두 단계에서 받습니다. HRNet의 `exchange`에 누가 누구에게서 받는지를 적은 표만 더하면 되지만 여기서는 만들지 않습니다.


# %% tags=["network"]
def cross_stage(x, filters):
    """CSPNet: half of the channels go through the stage, the other half around it."""
    half = x.shape[-1] // 2
    y = x[..., half:]
    for _ in range(2):
        y = y + convolution(convolution(y, half, 1), half)
    return convolution(layers.Concatenate()([x[..., :half], y]), filters, 1)


def exchange(fine, coarse):
    """HRNet: the fine maps and the coarse ones side by side; each gets the other's news."""
    up = layers.UpSampling2D(2)(convolution(coarse, fine.shape[-1], 1, activation=None))
    down = convolution(fine, coarse.shape[-1], 3, 2, activation=None)
    return layers.ReLU()(fine + up), layers.ReLU()(coarse + down)


def csp_and_hr(width=1.0):
    inputs, x = start()
    x = cross_stage(convolution(x, 16 * width, strides=2), 24 * width)
    fine, coarse = x, convolution(x, 32 * width, strides=2)
    for _ in range(2):
        fine, coarse = convolution(fine, 24 * width), convolution(coarse, 32 * width)
        fine, coarse = exchange(fine, coarse)
    return classifier(inputs, layers.Concatenate()([layers.AveragePooling2D(2)(fine), coarse]))


# %%
price("CSPNet and HRNet", csp_and_hr())

# %% [markdown] lang="en"
# ## 7. One clock
#
# Every network with about 60,000 parameters, and **15 processor seconds** to learn in (batches of 128, Adam; the learning rate follows the clock up and down again). Who is slow sees fewer pictures. That is not how papers compare, but it is how a classroom pays. Three of
# them here, in plain `fit`:

# %% [markdown] lang="ko"
# ## 7. 같은 시계
#
# 매개변수는 모두 약 60,000개, 학습 시간은 **프로세서 시간 15초**입니다(배치 128, Adam, 학습률은 시계를 따라 올랐다가 내려옵니다). 느린 신경망은 영상을 적게 봅니다. 논문은 이렇게 비교하지 않지만 강의실은 이렇게 값을 치릅니다. 그 가운데 셋을 여기서 평범한 `fit`으로
# 학습해 봅시다.

# %%
dataset = labs.load("cifar10", labs.profile.size)
size, budget = labs.profile.choose(full=(128, 15), quick=(50, 1))
batches = labs.train.batches(dataset.x_train, dataset.y_train, size, shift=0, seed=9)


# %%
class Clock(keras.callbacks.Callback):
    """Leads the learning rate by the processor's clock, from the second step on, and stops at its end."""

    def __init__(self, peak, seconds):
        super().__init__()
        self.peak, self.seconds, self.steps = peak, seconds, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.process_time() if self.steps < 2 else self.began
        done = (time.process_time() - self.began) / self.seconds
        self.steps += 1
        self.model.stop_training = done >= 1
        self.model.optimizer.learning_rate = self.peak * max(min(done / 0.1, (1 - done) / 0.9), 0.001)


# %%
def learn(model, peak):
    clock = Clock(peak, budget)
    model.compile("adam", "categorical_crossentropy")
    model.fit(batches, epochs=100, callbacks=[clock], shuffle=False, verbose=0)
    return model.predict(dataset.x_test[:5000], batch_size=500, verbose=0).argmax(axis=1), clock.steps


# %%
here = {"SENet": senet(0.57), "ViT": transformer(0.78), "Deformable": deformable_network(0.686)}

# %%
peaks = {"SENet": 4e-3, "ViT": 1e-3, "Deformable": 4e-3}  # 4e-3 with batch normalisation, 1e-3 without
for name, model in here.items():
    answers, steps = learn(model, peaks[name])
    accuracy = np.mean(answers == dataset.y_test[:5000])
    print(f"{name:12} {model.count_params():,} parameters: {accuracy:.1%} after {steps * size:,} pictures")

# %% [markdown] lang="en"
# Ten architectures, each three times, measured by the benchmark in one sitting: first with the same parameters; then with widths chosen so that in the same seconds all see about as many pictures. "Kept" are the numbers that one picture leaves behind for the way back, in
# kilobytes: they decide how large a batch fits into memory.

# %% [markdown] lang="ko"
# 벤치마크로 한자리에서 세 번씩 잰 열 가지입니다. 먼저 매개변수의 수를 같게 하고, 다음에는 같은 시간 동안 모두 비슷한 수의 영상을 보도록 너비를 정했습니다. "kept"는 영상 한 장이 역전파를 위해 남겨 두는 수의 크기(킬로바이트)입니다. 메모리에
# 배치를 얼마나 크게 넣을 수 있는지를 정합니다.


# %%
def table(regime):
    print(
        f"{regime:13}parameters  M products  kept kB  pictures  accuracy of {stored['rows'][0]['seeds']} seeds"
    )
    for row in [row for row in stored["rows"] if row["regime"] == regime]:
        low, high = row["range"]
        print(
            f"{row['name']:13}{row['parameters']:10,}{row['operations'] / 1e6:12.1f}{row['kept_numbers'] * 4 / 1000:9.0f}"
            f"{row['pictures']:10,}  {row['accuracy']:.1%} ({low:.1%} to {high:.1%})"
        )


table("parameters")
table("seconds")

# %% [markdown] lang="en"
# In a sprint **a cheap step makes up for a clumsy one**: LeNet-5, the oldest of all, has seen 44,501 pictures and is level with ResNet, which has seen 18,005 and learns more from each. Five lie within each other's ranges: nobody can name a winner among ResNet, SENet, DenseNet, LeNet-5 and VGG. EfficientNet has fewer
# products than AlexNet and sees half as many pictures: its many wide, thin maps have to be written, normalised, activated and read, 1.6 MB for each picture. **Products are not time; memory moved is.** After 51 steps it is a matter of luck (12 to 32 %). AlexNet has neither batch normalisation nor mercy: two dropouts slow its start.
#
# Below, sized for the clock: LeNet-5 with seven times the parameters gains nothing; GoogLeNet with a third of them loses nothing; EfficientNet, a little narrower, gains 15 points and steadies; ResNet with twice as many stays in front.
#
# How far to trust it: a shared machine, `labs.train.quick`'s layers and one thread (above: Keras's own and all threads). Differences inside the ranges are chance.

# %% [markdown] lang="ko"
# 단거리에서는 **값싼 걸음이 서툰 걸음을 메웁니다.** 가장 오래된 LeNet-5는 영상 44,501장을 보고, 18,005장밖에 못 보았지만 한 장에서 더 많이 배운 ResNet과 비슷합니다. 다섯은 서로의 범위 안에 있습니다. ResNet, SENet, DenseNet, LeNet-5, VGG 가운데 누가 이겼다고 말할 수 없습니다. EfficientNet은 AlexNet보다
# 곱셈이 적은데도 영상을 절반만 봅니다. 넓고 얇은 맵이 많아서 쓰고, 정규화하고, 활성화하고, 다시 읽어야 하기 때문입니다. 영상 한 장에 1.6 MB입니다. **곱셈이 시간이 아니라 옮기는 메모리가 시간입니다.** 51번 학습으로는 운에 달려 있습니다(12~32 %). AlexNet에는 배치 정규화가 없고 드롭아웃이 둘이나 있어 출발이 느립니다.
#
# 아래는 시계에 맞춘 크기입니다. LeNet-5는 매개변수를 일곱 배로 늘려도 얻는 것이 없고, GoogLeNet은 3분의 1로 줄여도 잃는 것이 없습니다. EfficientNet은 조금 좁히자 15점을 얻고 안정됩니다. ResNet은 두 배로 늘려도 맨 앞입니다.
#
# 얼마나 믿을 수 있을까요? 다른 프로그램과 나누어 쓰는 컴퓨터에서 `labs.train.quick`의 층과 스레드 하나로 잰 것입니다(위의 셋은 Keras의 기본 층과 모든 스레드). 범위 안의 차이는 우연입니다.

# %% tags=["cover"]
figure, axes = plt.subplots(figsize=(8, 5))
for row in [row for row in stored["rows"] if row["regime"] == "parameters"]:
    place = row["operations"] / 1e6, row["accuracy"]
    axes.scatter(*place, s=row["kept_numbers"] / 200, alpha=0.4)
    axes.vlines(place[0], *row["range"], color="0.6", lw=1)
    below = row["name"] in ("SENet", "GoogLeNet")
    axes.annotate(row["name"], place, ha="center", va="top" if below else "bottom", fontsize=9)
axes.set(xscale="log", xlabel="million products a picture · 영상 한 장의 곱셈(백만 번)")
axes.set_xticks([1, 2, 4, 8], ["1", "2", "4", "8"])
axes.minorticks_off()
axes.set_title("accuracy after 15 s, area: numbers kept · 15초 뒤의 정확도, 넓이: 남겨 두는 수")
plt.show()

# %% [markdown] lang="en"
# In the notes' picture the area is the number of parameters; here all have the same, so the area is the memory. Remember that this is a sprint: given hours, the order turns round. ResNet's paper reports 91 % for 20 layers on CIFAR-10, and no LeNet comes near that. And a **ViT** needs far more
# pictures than a convolution: nothing has told it that neighbours belong together.
#
# ## 8. Milliseconds, and the three in every runtime
#
# What a picture costs when the network is used, all ten with 60,000 parameters (milliseconds; "no": this runtime cannot read it):

# %% [markdown] lang="ko"
# 교재의 그림에서는 넓이가 매개변수의 수이지만, 여기서는 모두 같으므로 넓이가 메모리입니다. 이것이 단거리라는 점을 잊지 마세요. 몇 시간을 주면 순서가 뒤집힙니다. ResNet 논문은 CIFAR-10에서 20층으로 91 %를 얻었고, LeNet은 그 근처에도 가지 못합니다. 그리고 **ViT**는 합성곱보다 영상이 훨씬 많이
# 필요합니다. 이웃끼리 함께 본다는 것을 아무도 알려 주지 않았기 때문입니다.
#
# ## 8. 밀리초, 그리고 세 신경망을 모든 실행 환경에서
#
# 학습한 신경망을 쓸 때 영상 한 장의 값입니다. 열 가지 모두 매개변수 60,000개입니다(밀리초, "no"는 이 실행 환경이 읽지 못한다는 뜻).

# %%
timed = [row for row in stored["rows"] if row["ms"]]
print(f"{'':13}", *(f"{runtime:>12}" for runtime in timed[0]["ms"]))
for row in timed:
    print(f"{row['name']:13}", *(f"{ms:12.2f}" if ms else f"{'no':>12}" for ms in row["ms"].values()))

# %% [markdown] lang="en"
# A look costs ONNX Runtime a fraction of a millisecond, whichever it is, but for the deformable network with its picking by number (6 ms; 27 in the browser). Here ResNet is the quickest but one, and EfficientNet's few products do not help it either. Keras' column is mostly what a **call** costs, more with each layer (and the machine was busy): for
# one picture at a time, leave Keras.
#
# Now the three of above, trained, in every runtime:

# %% [markdown] lang="ko"
# ONNX Runtime에서는 어느 것이든 한 장에 1밀리초도 걸리지 않습니다. 번호로 고르는 변형 가능한 신경망만 예외입니다(6밀리초, 브라우저에서는 27밀리초). ResNet은 여기서 두 번째로 빠르고, EfficientNet은 여기서도 곱셈이 적은 덕을 보지 못합니다. Keras의 열은 거의 **호출** 값이고 층이 많을수록 비쌉니다(컴퓨터도 바빴습니다). 한 장씩 처리할 때는
# Keras 밖으로 나가세요.
#
# 이제 위에서 학습한 셋을 모든 실행 환경에서 돌립니다.

# %%
reports = {}
with Children() as children:  # every runtime is started once for all three
    for name, model in here.items():
        folder = labs.export(model, f"saved_models/{name.lower()}", labels=dataset.labels, x=dataset.x_test)
        reports[name] = labs.check(folder, children=children)

# %%
print(f"{'milliseconds':16}", *(f"{name:>10}" for name in reports))
for runtime in zip(*(report.rows for report in reports.values()), strict=True):
    times = (f"{row.milliseconds:10.2f}" if row.status == "ok" else f"{'no':>10}" for row in runtime)
    print(f"{runtime[0].title:16}", *times)
reports["Deformable"]

# %% [markdown] lang="en"
# No runtime has an operation called deformable convolution; reading between the pixels consists of floors, products and picking by number, which all of them know.
#
# All architectures of the three notebooks are tested so (`tests/test_architectures.py`). Two do not go everywhere: OpenCV's reader of TensorFlow's `.pb` can neither read the deformable network nor the ViT, and says so; it reads their ONNX files. Picking by number is dear, though:
# in the browser (wasm) the deformable network takes about ten times as long as SENet, with the same number of parameters.
#
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | A mobile network with few products is slow in training | Products are not time: depthwise convolutions and activations move much memory. Measure milliseconds |
# | A ViT stays far behind | It needs more pictures, longer training, augmentation; or convolutions in its first layers |
# | `deformable` complains about shapes | It wants square maps; `home` is made for one size |
# | The clock gives another number of pictures each time | Other programs share the machine's caches; compare runs of the same hour |
#
# ## Recap
#
# - Attention over channels costs almost nothing; depthwise separable convolutions cost $1/N + 1/k^2$ in products.
# - Width, depth and resolution: raise them together.
# - Under one clock the best network is the one that learns most **a second**; a low count of products does not promise that.
# - Reading between pixels is made of ordinary operations and goes everywhere.
#
# ## Exercises
#
# **Exercise 1.** MBConv's depthwise convolution has 3x3. How many products more does `mbconv` cost with 5x5, for maps of 8x8, 24 channels and expansion 4?

# %% [markdown] lang="ko"
# 여기서는 어떤 실행 환경에도 변형 가능한 합성곱이라는 연산이 없습니다. 화소 사이를 읽는 일은 내림, 곱셈, 번호로 고르기로 이루어지고, 이것은 모두 알고 있습니다.
#
# 세 노트북의 모든 구조를 이렇게 시험합니다(`tests/test_architectures.py`). 둘은 갈 수 없는 곳이 있습니다. OpenCV의 TensorFlow `.pb` 판독기는 변형 가능한 신경망도 ViT도 읽지 못하고, 그렇다고 알려 줍니다. ONNX 파일은 읽습니다. 다만 번호로 고르는 일은 비쌉니다.
# 매개변수의 수는 같은데도 브라우저(wasm)에서 변형 가능한 신경망은 SENet의 열 배쯤 걸립니다.
#
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 곱셈이 적은 모바일 신경망인데 학습이 느리다 | 곱셈의 수는 시간이 아닙니다. 깊이별 합성곱과 활성화 함수는 메모리를 많이 옮깁니다. 밀리초를 재세요 |
# | ViT가 한참 뒤처진다 | 영상이 더 많거나, 더 오래 학습하거나, 데이터 증대를 하거나, 첫 층들을 합성곱으로 바꿔야 합니다 |
# | `deformable`이 모양이 다르다고 한다 | 정사각형 맵이어야 합니다. `home`은 한 가지 크기에 맞춰져 있습니다 |
# | 시계로 재면 영상의 수가 매번 다르다 | 다른 프로그램과 캐시를 나누어 쓰기 때문입니다. 같은 시간대에 잰 것끼리 비교하세요 |
#
# ## 정리
#
# - 채널 어텐션은 거의 공짜이고, 깊이별 분리 합성곱의 곱셈은 $1/N + 1/k^2$로 줄어듭니다.
# - 너비, 깊이, 해상도는 함께 키웁니다.
# - 같은 시계로 재면 **1초 동안** 가장 많이 배우는 신경망이 이깁니다. 곱셈이 적다고 꼭 그런 것은 아닙니다.
# - 화소 사이를 읽는 것은 평범한 연산으로 이루어지므로 어디서나 돌아갑니다.
#
# ## 연습 문제
#
# **연습 1.** MBConv의 깊이별 합성곱은 3x3입니다. 5x5로 바꾸면 8x8 맵, 24채널, 확장 4인 `mbconv`의 곱셈은 몇 번 늘어날까요?

# %% tags=["exercise"]
# solution
more = 8 * 8 * (4 * 24) * (5 * 5 - 3 * 3)
# end solution
maps = keras.Input((8, 8, 96), name="input")
models = [keras.Model(maps, layers.DepthwiseConv2D(size, padding="same")(maps)) for size in (3, 5)]
print(f"you say {more:,}, counted {operations(models[1]) - operations(models[0]):,}")

# %% [markdown] lang="en"
# **Exercise 2.** Cut the pictures into patches of 8x8 in place of 4x4: how do the ViT's parameters and products change, and why do the products fall so much?

# %% [markdown] lang="ko"
# **연습 2.** 영상을 4x4 대신 8x8 조각으로 자르면 ViT의 매개변수와 곱셈은 어떻게 바뀔까요? 곱셈은 왜 그렇게 많이 줄어들까요?

# %% tags=["exercise"]
# solution
coarse = transformer(
    patch=8
)  # 16 words in place of 64: a quarter of the dense products, a sixteenth of the attention
# end solution
price("patches of 4x4", transformer())
price("patches of 8x8", coarse)
