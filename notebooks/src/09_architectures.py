# ---
# title:
#   en: "Architectures: what a network costs, and what it sees"
#   ko: "CNN 구조: 비용과 수용 영역"
# minutes: 3
# data:
#   en: CIFAR-10, for one short training (170 MB)
#   ko: CIFAR-10, 짧은 학습 한 번 (170 MB)
# accuracy:
#   en: receptive fields by formula and by gradient agree to the pixel; 1x1 bottlenecks save two thirds of GoogLeNet's multiplications
#   ko: 공식으로 구한 수용 영역과 그레이디언트로 잰 수용 영역이 화소 하나까지 일치. 1x1 병목이 GoogLeNet의 곱셈을 3분의 2 줄임
# seed: 9
# ---

# %% [markdown] lang="en"
# Papers show architectures as rows of boxes, with figures from a cluster. Here each one is a function of a few lines, made for pictures of 32x32, so that
# a classroom's computer can train it. In this notebook we
#
# - count what a network costs: parameters, and multiplications a picture;
# - build **LeNet-5**, **AlexNet**, **VGG** and **GoogLeNet**, and ask of each what it added and what was dropped again later;
# - find out how much of the picture a place sees: by formula, by a function, and by gradients, which must agree;
# - count GoogLeNet with and without its 1x1 bottlenecks, train it with a second head, and leave that head behind when saving.
#
# Lab 09b goes deeper (ResNet, DenseNet), lab 09c puts architectures under one clock.

# %% [markdown] lang="ko"
# 논문은 CNN 구조를 네모 상자로 그리고, 대형 클러스터에서 잰 수를 적어 놓습니다. 여기서는 구조마다 몇 줄짜리 함수로 만듭니다. 32x32 영상에 맞추었으므로 강의실 컴퓨터로도
# 학습할 수 있습니다. 이 노트북에서는
#
# - 신경망의 비용, 곧 매개변수와 영상 한 장에 드는 곱셈의 수를 셉니다.
# - **LeNet-5**, **AlexNet**, **VGG**, **GoogLeNet**을 만들고, 저마다 무엇을 보탰고 그 가운데 무엇이 나중에 버려졌는지 묻습니다.
# - 한 자리가 영상을 얼마나 보는지 공식, 함수, 그레이디언트 세 가지로 구합니다. 셋은 일치해야 합니다.
# - GoogLeNet을 1x1 병목이 있을 때와 없을 때로 나누어 세어 보고, 두 번째 머리를 달아 학습한 다음, 저장할 때는 떼어 냅니다.
#
# 실습 09b는 더 깊이 들어가고(ResNet, DenseNet), 실습 09c는 여러 구조를 같은 시계로 잽니다.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs

tf.get_logger().setLevel("ERROR")
labs.show.use_korean_font()
keras.utils.set_random_seed(9)

# %% [markdown] lang="en"
# ## 1. Two prices
#
# A **parameter** costs memory and download; a **multiplication** costs time, for each picture anew. `start`, `convolution` and `classifier` are what most of
# our networks begin with, consist of, and end in.

# %% [markdown] lang="ko"
# ## 1. 두 가지 비용
#
# **매개변수**는 메모리와 내려받는 시간을 차지하고, **곱셈**은 영상마다 시간을 차지합니다. `start`, `convolution`, `classifier`는 앞으로 만들 신경망 대부분의 시작, 몸통, 끝입니다.


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


# %% [markdown] lang="en"
# Parameters are counted by Keras. For the multiplications we ask TensorFlow for the network as a graph: a convolution computes each number of its output from
# $k \times k \times C$ products, a matrix product each from as many as the matrix has rows.

# %% [markdown] lang="ko"
# 매개변수는 Keras가 세어 줍니다. 곱셈은 TensorFlow에 신경망의 그래프를 달라고 하여 셉니다. 합성곱은 출력의 수 하나를 곱셈 $k \times k \times C$번으로,
# 행렬 곱은 행렬의 행 수만큼의 곱셈으로 계산합니다.


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
# ## 2. LeNet-5 (LeCun et al., 1998)
#
# Convolution, pooling, convolution, pooling, and a small dense network that reads the result: all that follows keeps this plan. It read digits on cheques; tanh and
# average pooling were the custom of the time.

# %% [markdown] lang="ko"
# ## 2. LeNet-5 (LeCun 등, 1998)
#
# 합성곱, 풀링, 합성곱, 풀링, 그리고 결과를 읽는 작은 완전연결 신경망. 이후의 구조는 모두 이 설계를 이어받습니다. 수표의 숫자를 읽는 데 쓰였고,
# tanh와 평균 풀링은 그 시대의 관습이었습니다.


# %% tags=["network"]
def lenet(width=1.0):
    inputs, x = start()
    for filters in (6, 16):
        x = layers.Conv2D(round(filters * width), 5, activation="tanh")(x)
        x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    for units in (120, 84):
        x = layers.Dense(round(units * width), activation="tanh")(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="output")(x))


# %%
# NBVAL_CHECK_OUTPUT
for layer in lenet().layers[2:]:
    print(f"{type(layer).__name__:16} {layer.output.shape[1:]!s:12} {layer.count_params():7,}")
price("LeNet-5", lenet())

# %% [markdown] lang="en"
# Of 62,006 parameters 59,134 stand in the dense layers, but of the 0.65 million products only 0.06: **dense layers cost memory, convolutions cost time**. Keep that in
# mind for all that follows.
#
# ## 3. AlexNet (Krizhevsky et al., 2012)
#
# ReLU, dropout, overlapping pooling, and two graphics cards: the error on ImageNet fell from 26 to 15 %. It also had **local response normalisation**: a ReLU has no
# upper limit, so each number is divided by the energy of its five neighbouring channels, as neurons next to each other inhibit one another:
#
# $$y_i = x_i \, \Big(2 + 10^{-4} \sum_{j=i-2}^{i+2} x_j^2\Big)^{-3/4}$$
#
# The sum over neighbouring channels is a 1x1 convolution with a band of ones.

# %% [markdown] lang="ko"
# 매개변수 62,006개 가운데 59,134개가 완전연결층에 있지만, 곱셈 65만 번 가운데 완전연결층의 몫은 6만 번뿐입니다. **완전연결층은 메모리를, 합성곱은 시간을 차지합니다.** 앞으로 계속
# 기억해 둘 사실입니다.
#
# ## 3. AlexNet (Krizhevsky 등, 2012)
#
# ReLU, 드롭아웃, 겹치는 풀링, 그리고 그래픽 카드 두 장. ImageNet 오류율이 26 %에서 15 %로 떨어졌습니다. **지역 반응 정규화**(LRN)도 있었습니다. ReLU에는 상한이 없으므로
# 이웃한 뉴런이 서로를 억제하듯이 이웃한 다섯 채널의 에너지로 나눕니다.
#
# $$y_i = x_i \, \Big(2 + 10^{-4} \sum_{j=i-2}^{i+2} x_j^2\Big)^{-3/4}$$
#
# 이웃 채널의 합은 1이 띠처럼 늘어선 1x1 합성곱입니다.


# %% tags=["network"]
def local_response(x, k=2.0, alpha=1e-4):
    """Each number divided by the energy of five neighbouring channels to the power of 0.75."""
    number = np.arange(x.shape[-1])
    near = (abs(number[:, None] - number) <= 2).astype("float32").tolist()
    options = {"use_bias": False, "trainable": False}
    energy = layers.Conv2D(len(number), 1, kernel_initializer=keras.initializers.Constant(near), **options)
    root = ops.sqrt(k + alpha * energy(x * x))
    return x / (root * ops.sqrt(root))


# %%
strength = np.zeros((100, 1, 1, 9), "float32")
strength[:, 0, 0, 4] = np.linspace(0, 300, 100)
for neighbours in (0, 100, 300):
    crowded = np.where(np.arange(9) == 4, strength, np.float32(neighbours))
    answer = local_response(crowded)[:, 0, 0, 4]
    plt.plot(strength[:, 0, 0, 4], answer, label=f"neighbours · 이웃 {neighbours}")
plt.legend()
plt.title("LRN: input and output of one channel · 한 채널의 입력과 출력")
plt.show()

# %% [markdown] lang="en"
# Among quiet neighbours a channel stops growing at about 200 and even falls; among loud ones it is held down. But this takes numbers in the hundreds. Where all numbers are about 1, as in a
# network with good initial weights, LRN does **nothing but multiply by $2^{-3/4} = 0.6$**. VGG's authors measured it (29.6 % error without, 29.7 % with)
# and left it out; batch normalisation took its place.
#
# The first layer was 11x11 with **stride 4**: cheap, but it looks at every fourth place only. Zeiler and Fergus (2013) looked at its maps and found patterns that were not
# in the picture. Rings that grow finer, every pixel, every second, every fourth:

# %% [markdown] lang="ko"
# 이웃이 조용하면 채널은 200쯤에서 더 커지지 않고 오히려 작아집니다. 이웃이 시끄러우면 눌립니다. 그런데 이것은 값이 수백일 때의 이야기입니다. 초기 가중치가 좋은 신경망에서는 값이 모두 1 정도이고,
# 그때 LRN이 하는 일은 **$2^{-3/4} = 0.6$을 곱하는 것뿐**입니다. VGG의 저자들은 실제로 재어 보고(없을 때 오류율 29.6 %, 있을 때 29.7 %) 뺐고, 그 자리는 배치 정규화가
# 차지했습니다.
#
# 첫 층은 11x11에 **보폭 4**였습니다. 값은 싸지만 네 자리마다 하나만 봅니다. Zeiler와 Fergus(2013)는 특징 맵을 들여다보고 영상에 없는 무늬를 발견했습니다. 점점 촘촘해지는 동심원을
# 모든 화소, 두 화소마다, 네 화소마다 보면 이렇습니다.

# %%
y, x = np.indices((256, 256)) - 128
rings = np.cos((x**2 + y**2) / 160)
views = [np.uint8(127 + 127 * rings[::stride, ::stride]) for stride in (1, 2, 4)]
labs.show.grid(views, titles=[f"stride {stride}" for stride in (1, 2, 4)])

# %% [markdown] lang="en"
# At stride 4 rings appear around places where there are none: **aliasing**. Hence 7x7 with stride 2 a year later, and at last 3x3. On 32x32 pixels our version begins
# with 5x5 and stride 1.

# %% [markdown] lang="ko"
# 보폭 4에서는 없던 곳에 동심원이 생깁니다. **에일리어싱**입니다. 그래서 이듬해에는 7x7에 보폭 2, 결국에는 3x3이 되었습니다. 32x32 화소를 다루는 우리는 5x5에 보폭 1로 시작합니다.


# %% tags=["network"]
def alexnet(width=1.0, normalised=True):
    inputs, x = start()
    for filters in (16, 32):
        x = convolution(x, filters * width, 5, normalised=False)
        x = local_response(x) if normalised else x
        x = layers.MaxPooling2D(3, 2, padding="same")(x)
    for filters in (48, 48, 32):
        x = convolution(x, filters * width, normalised=False)
    x = layers.Flatten()(layers.MaxPooling2D(3, 2, padding="same")(x))
    for units in (64, 64):
        x = layers.Dense(round(units * width), activation="relu", kernel_initializer="he_normal")(x)
        x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="output")(x))


# %%
price("AlexNet", alexnet())
price("AlexNet, without LRN", alexnet(normalised=False))

# %% [markdown] lang="en"
# (The band of ones is counted too, though it is never trained.)
#
# ## 4. VGG (Simonyan and Zisserman, 2014), and how far a place sees
#
# Nothing but 3x3, again and again. Why not one 7x7? To know $P$ neighbouring numbers, a convolution of size $K$ has to be given $P + K - 1$; with a stride of $S$, $(P - 1)\,S + K$.
# Walk back from one number: $1 \to 3 \to 5 \to 7$. Three layers of 3x3 see 7x7, with $27 C^2$ weights in place of $49 C^2$, and three ReLUs in place of one.

# %% [markdown] lang="ko"
# (1로 된 띠는 학습하지 않지만 함께 세었습니다.)
#
# ## 4. VGG (Simonyan과 Zisserman, 2014), 그리고 한 자리는 얼마나 멀리 볼까
#
# 3x3만 거듭해서 씁니다. 왜 7x7 하나가 아닐까요? 이웃한 수 $P$개를 알려면 크기가 $K$인 합성곱은 $P + K - 1$개를 받아야 하고, 보폭이 $S$이면 $(P - 1)\,S + K$개를 받아야 합니다.
# 수 하나에서 거꾸로 걸어 보면 $1 \to 3 \to 5 \to 7$입니다. 3x3 세 층은 7x7을 보면서 가중치는 $49 C^2$ 대신 $27 C^2$이고, ReLU는 한 번이 아니라 세 번입니다.


# %% tags=["network"]
def vgg(width=1.0):
    inputs, x = start()
    for filters in (16, 32, 64):
        for _ in range(2):
            x = convolution(x, filters * width)
        x = layers.MaxPooling2D(2)(x)
    return classifier(inputs, x)


# %%
price("VGG", vgg())
for size, count in ((7, 1), (3, 3)):
    print(f"{count} of {size}x{size}, 64 channels to 64: {count * size * size * 64 * 64:,} weights")

# %% [markdown] lang="en"
# The same walk for any network: from the last maps back to the picture. Where several ways lead to a layer, the one that needs most counts.

# %% [markdown] lang="ko"
# 어떤 신경망에서든 같은 방법으로 마지막 맵에서 영상까지 거꾸로 걸어갑니다. 한 층으로 가는 길이 여럿이면 가장 많이 필요한 길을 따릅니다.


# %%
def receptive_field(maps):
    """Pixels a side that one place of the last maps can see."""
    needed = {maps.operations[-1].name: 1}
    for layer in reversed(maps.operations[1:]):
        kernel = getattr(layer, "kernel_size", getattr(layer, "pool_size", (1, 1)))[0]
        stride = getattr(layer, "strides", (1, 1))[0]
        below = (needed[layer.name] - 1) * stride + kernel
        for tensor in keras.tree.flatten(layer.input):
            name = tensor._keras_history.operation.name
            needed[name] = max(needed.get(name, 1), below)
    return needed["input"]


# %%
def until_maps(model):
    """The network up to its last maps, before they are averaged or flattened."""
    deep = [layer.output for layer in model.layers if len(layer.output.shape) == 4]
    return keras.Model(model.inputs[0], deep[-1])


# %% [markdown] lang="en"
# And measured: we give the same layers a picture of 128x128 noise, and ask which pixels have a gradient at the place in the middle.

# %% [markdown] lang="ko"
# 이번에는 재어 봅시다. 같은 층들에 128x128 잡음 영상을 주고, 가운데 자리에 그레이디언트를 주는 화소가 어디까지인지 묻습니다.


# %%
def seen(maps, side=128, pictures=8):
    """How strongly each pixel moves the place in the middle of the last maps, random weights, mean of some pictures."""
    larger = keras.models.clone_model(maps, input_tensors=keras.Input((side, side, 3), name="input"))
    noise, middle = tf.random.uniform((pictures, side, side, 3), 0, 255), larger.output.shape[1] // 2
    with tf.GradientTape() as tape:
        tape.watch(noise)
        place = tf.reduce_sum(larger(noise)[:, middle, middle])
    return tf.reduce_sum(abs(tape.gradient(place, noise)), (0, 3)).numpy()


# %% [markdown] lang="en"
# ## 5. GoogLeNet (Szegedy et al., 2014)
#
# Which size is right for a filter? All of them: an **Inception** block looks with 1x1, 3x3, 5x5 and a pooling at once, and joins the answers. That would be dear, were it not for the **1x1 bottlenecks**
# in front, which first make many channels few.

# %% [markdown] lang="ko"
# ## 5. GoogLeNet (Szegedy 등, 2014)
#
# 필터의 크기는 얼마가 좋을까요? 전부입니다. **인셉션**(Inception) 블록은 1x1, 3x3, 5x5, 풀링으로 한꺼번에 보고 답을 이어 붙입니다. 그대로는 너무 비싸지만, 앞에 놓은 **1x1 병목**이 많은 채널을
# 먼저 적게 줄여 줍니다.


# %% tags=["network"]
def inception(x, filters, bottleneck=True):
    """Four looks at the same place: 1x1, 3x3, 5x5, and the strongest of the neighbours."""
    three = convolution(x, filters, 1) if bottleneck else x
    five = convolution(x, filters / 4, 1) if bottleneck else x
    looks = [
        convolution(x, filters, 1),
        convolution(three, 2 * filters, 3),
        convolution(five, filters / 2, 5),
        convolution(layers.MaxPooling2D(3, 1, padding="same")(x), filters / 2, 1),
    ]
    return layers.Concatenate()(looks)


# %% tags=["network"]
def googlenet(width=1.0, bottleneck=True, auxiliary=False):
    inputs, x = start()
    x = convolution(x, 16 * width, strides=2)
    x = early = inception(inception(x, 12 * width, bottleneck), 12 * width, bottleneck)
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    x = inception(inception(x, 20 * width, bottleneck), 20 * width, bottleneck)
    model = classifier(inputs, x)
    if not auxiliary:
        return model
    early = layers.GlobalAveragePooling2D()(convolution(early, 32 * width, 1))
    early = layers.Dense(10, activation="softmax", name="auxiliary")(early)
    return keras.Model(inputs, {"output": model.output, "auxiliary": early})


# %%
price("GoogLeNet", googlenet())
price("  without bottlenecks", googlenet(bottleneck=False))

# %% [markdown] lang="en"
# For one branch: 5x5 from $C$ channels to $F$ has $25\,C F$ weights; through a bottleneck of $R$ channels $C R + 25\,R F$. The smaller $R$, the more is saved; exercise 1 counts one block by hand.
#
# Now all four under the formula and under the gradient:

# %% [markdown] lang="ko"
# 갈래 하나만 보면, $C$채널에서 $F$채널로 가는 5x5의 가중치는 $25\,C F$개이고, $R$채널짜리 병목을 지나면 $C R + 25\,R F$개입니다. $R$이 작을수록 많이 아낍니다. 연습 1에서 블록 하나를 손으로 세어 봅니다.
#
# 이제 네 신경망을 공식과 그레이디언트로 재어 봅시다.

# %%
makers = {"LeNet-5": lenet, "AlexNet": alexnet, "VGG": vgg, "GoogLeNet": googlenet}
all_maps = {name: until_maps(make()) for name, make in makers.items()}
looks = {name: seen(maps) for name, maps in all_maps.items()}

# %%
for name, look in looks.items():
    reached = [np.ptp(np.flatnonzero(look.any(axis))) + 1 for axis in (0, 1)]
    print(
        f"{name:10} by formula {receptive_field(all_maps[name]):3}, by gradient {reached[0]} x {reached[1]}"
    )

# %% tags=["cover"]
titles = [f"{name}: {receptive_field(all_maps[name])}" for name in looks]
labs.show.grid([(look / look.max()) ** 0.5 for look in looks.values()], titles=titles)

# %% [markdown] lang="en"
# They agree to the pixel. The pictures say more than the number: a place can see its whole window, but it **listens to the middle** (Luo et al., 2016), since many ways lead there and only one to the corner. The pattern comes from the strides.
#
# ## 6. Heads for training only
#
# GoogLeNet was deep for its time, and the first layers heard little of the error at its end. So a second **auxiliary classifier** stands halfway: its loss, weighted with 0.3, gives the early layers a nearer teacher. Nobody
# needs its answers afterwards.

# %% [markdown] lang="ko"
# 화소 하나까지 일치합니다. 그림은 수보다 많은 것을 알려 줍니다. 자리는 창 전체를 볼 수 있지만 **가운데 말을 더 잘 듣습니다**(Luo 등, 2016). 가운데로 가는 길은 많고 모서리로 가는 길은 하나뿐이기 때문입니다. 무늬는 보폭 때문에 생깁니다.
#
# ## 6. 학습에만 쓰는 머리
#
# GoogLeNet은 당시로서는 깊었고, 앞쪽 층은 끝에서 생긴 오차를 잘 듣지 못했습니다. 그래서 중간에 두 번째 **보조 분류기**를 둡니다. 그 손실에 0.3을 곱해 더하면 앞쪽 층에 더 가까운 선생님이 생깁니다. 학습이 끝나면 그 답은
# 아무도 쓰지 않습니다.

# %%
dataset = labs.load("cifar10", labs.profile.size)
size, epochs = labs.profile.choose((128, 4), (50, 1))
batches = labs.train.batches(dataset.x_train, dataset.y_train, size, shift=0, seed=9).repeat()

# %%
trained = googlenet(auxiliary=True)
weights = {"output": 1.0, "auxiliary": 0.3}
losses = dict.fromkeys(weights, "categorical_crossentropy")
trained.compile(keras.optimizers.Adam(3e-3), losses, loss_weights=weights)
both = batches.map(lambda x, y: (x, {"output": y, "auxiliary": y}))
steps = labs.profile.choose(50, 4)
history = trained.fit(both, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=0).history

# %%
for key in ("output_loss", "auxiliary_loss"):
    plt.plot(np.arange(1, epochs + 1) * steps, history[key], "o-", label=key)
plt.legend()
plt.title("loss of both heads · 두 머리의 손실")
plt.show()

# %% [markdown] lang="en"
# After 200 batches the early head stands at 1.62, the last one at 1.32: the layers between them are worth having. Now the second head may go.

# %% [markdown] lang="ko"
# 200배치 뒤에 앞쪽 머리의 손실은 1.62, 마지막 머리는 1.32입니다. 둘 사이의 층들이 제 몫을 한 것입니다. 이제 두 번째 머리를 떼어 냅니다.

# %%
model = keras.Model(trained.inputs, trained.output["output"])
print(f"{trained.count_params():,} parameters in training, {model.count_params():,} afterwards")

# %% [markdown] lang="en"
# `model` is made of the same layers, only the way to the second head is not part of it, so no format stores that. In every runtime the rest says the same:

# %% [markdown] lang="ko"
# `model`은 같은 층으로 이루어지지만 두 번째 머리로 가는 길은 들어 있지 않습니다. 그래서 어떤 형식에도 저장되지 않습니다. 나머지는 모든 실행 환경에서 같은 답을 냅니다.

# %%
folder = labs.export(model, "saved_models/googlenet", labels=dataset.labels, x=dataset.x_test)
labs.check(folder)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `ValueError: ... negative dimension size` | The maps are used up before the layers are: fewer poolings, or `padding="same"` |
# | The gradient reaches less far than the formula | More pictures in `seen`: a ReLU or a maximum has let nothing through at the border |
# | The count of products differs from a paper's | Papers count additions as well (twice as many), or a multiplication with its addition as one, as we do |
# | The loss is `nan` | A learning rate ten times smaller; AlexNet has no batch normalisation |
#
# ## Recap
#
# - Dense layers cost memory, convolutions time: count both.
# - From the end to the picture, $P$ becomes $(P-1)\,S + K$; gradients confirm it to the pixel, and show that the middle counts most.
# - What stayed: 3x3, ReLU, 1x1 bottlenecks, global average pooling. What went: LRN, stride 4 at the start, large dense layers, auxiliary heads.
# - A head that only training needs is left out by making a model without it.
#
# ## Exercises
#
# **Exercise 1. Count an Inception block.** `inception(x, 20)` gets 54 channels. How many parameters has it? (A convolution has no bias here, batch normalisation
# four numbers a channel.)

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `ValueError: ... negative dimension size` | 층이 남았는데 맵이 다 줄어든 것입니다. 풀링을 줄이거나 `padding="same"`을 씁니다 |
# | 그레이디언트가 공식보다 좁게 닿는다 | `seen`에 영상을 더 줍니다. 경계에서 ReLU나 최댓값이 아무것도 통과시키지 않은 것입니다 |
# | 곱셈의 수가 논문과 다르다 | 덧셈까지 세는 논문(두 배)도 있고, 우리처럼 곱셈과 덧셈을 하나로 세는 논문도 있습니다 |
# | 손실이 `nan`이다 | 학습률을 10분의 1로 줄입니다. AlexNet에는 배치 정규화가 없습니다 |
#
# ## 정리
#
# - 완전연결층은 메모리를, 합성곱은 시간을 차지합니다. 둘 다 세세요.
# - 끝에서 영상 쪽으로 가면 $P$가 $(P-1)\,S + K$로 바뀝니다. 그레이디언트로 재면 화소 하나까지 맞고, 가운데가 가장 중요하다는 것도 보입니다.
# - 남은 것은 3x3, ReLU, 1x1 병목, 전역 평균 풀링이고, 사라진 것은 LRN, 처음의 보폭 4, 커다란 완전연결층, 보조 분류기입니다.
# - 학습에만 필요한 머리는 그것이 없는 모델을 만들면 빠집니다.
#
# ## 연습 문제
#
# **연습 1. 인셉션 블록을 세어 봅시다.** `inception(x, 20)`이 54채널을 받습니다. 매개변수는 모두 몇 개일까요? (여기서 합성곱에는 편향이 없고, 배치 정규화는 채널마다 수가
# 네 개입니다.)

# %% tags=["exercise"]
# solution
layers_of = [(1, 54, 20), (1, 54, 20), (3, 20, 40), (1, 54, 5), (5, 5, 10), (1, 54, 10)]  # size, from, to
expected = sum(size * size * before * after + 4 * after for size, before, after in layers_of)
# end solution
inputs = keras.Input((16, 16, 54))
counted = keras.Model(inputs, inception(inputs, 20)).count_params()
print(f"you say {expected:,}, Keras says {counted:,}")

# %% [markdown] lang="en"
# **Exercise 2.** How large is the receptive field of AlexNet with its original beginning: 11x11 with stride 4, pooling 3x3 with stride 2, then 5x5, pooling, and three times 3x3?

# %% [markdown] lang="ko"
# **연습 2.** AlexNet을 원래대로 11x11에 보폭 4, 3x3 보폭 2 풀링, 5x5, 풀링, 3x3 세 번으로 시작하면 수용 영역은 얼마나 될까요?

# %% tags=["exercise"]
original = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1)]  # size, stride
# solution
pixels = 1
for size, stride in reversed(original):
    pixels = (pixels - 1) * stride + size
# end solution
print(f"{pixels} of 227 pixels")
