# ---
# title:
#   en: "Deeper: gradients that die, ResNet, DenseNet"
#   ko: "더 깊이: 사라지는 그레이디언트, ResNet, DenseNet"
# minutes: 4
# data:
#   en: CIFAR-10, 60,000 colour pictures of 32×32 (170 MB)
#   ko: CIFAR-10, 32×32 컬러 영상 60,000장 (170 MB)
# accuracy:
#   en: training error after 100 steps 63, 75, 84 % (8, 20, 32 plain layers), 64, 68, 72 % (residual); JPEG copy of CIFAR-10
#   ko: 100걸음 뒤 학습 오류 평범한 8, 20, 32층 63, 75, 84 %, 잔차 64, 68, 72 % (CIFAR-10의 JPEG 사본)
# seed: 9
# ---

# %% [markdown] lang="en"
# Every additional layer could do nothing and pass on what it gets; so a deeper network can never be worse. It is, though, even **on the pictures that it learns from**. In this notebook we
#
# - measure the gradient of every layer: where it dies, where it runs away, and what initial weights, batch normalisation and shortcuts do to it;
# - train plain and residual networks of 8, 20 and 32 layers and watch the training error;
# - take blocks out of a trained **ResNet**, which goes on working, because it is $2^n$ networks at once;
# - build **DenseNet**, where every layer hears all before it.

# %% [markdown] lang="ko"
# 층을 하나 더 쌓아도 그 층이 받은 것을 그대로 넘기면 그만이니, 깊은 신경망이 더 나쁠 수는 없습니다. 그런데 실제로는 나쁩니다. 그것도 **학습에 쓴 영상에서** 나쁩니다. 이 노트북에서는
#
# - 층마다 그레이디언트를 잽니다. 어디서 사라지고 어디서 폭주하는지, 초기 가중치와 배치 정규화와 지름길이 무엇을 바꾸는지 봅니다.
# - 8, 20, 32층의 평범한 신경망과 잔차 신경망을 학습하면서 학습 오류를 지켜봅니다.
# - 학습한 **ResNet**에서 블록을 떼어 냅니다. 그래도 작동합니다. $2^n$개의 신경망이 한꺼번에 들어 있기 때문입니다.
# - 모든 층이 앞의 모든 층의 말을 듣는 **DenseNet**을 만듭니다.

# %%
from math import comb

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import labs

tf.get_logger().setLevel("ERROR")
labs.show.use_korean_font()
keras.utils.set_random_seed(9)

# %% [markdown] lang="en"
# ## 1. A block, and a way around it
#
# The first three functions are those of lab 09. `block` is ResNet's (He et al., 2015): two convolutions learn what is to be **added** to the picture, $y = x + F(x)$. Where the size changes, a 1x1 convolution takes the
# way around too. With `shortcut=False` the same layers make a plain network.

# %% [markdown] lang="ko"
# ## 1. 블록과 지름길
#
# 처음 세 함수는 실습 09의 것입니다. `block`은 ResNet(He 등, 2015)의 블록입니다. 합성곱 두 개가 입력에 **더할 것**을 배웁니다. $y = x + F(x)$. 크기가 바뀌는 곳에서는 지름길에도 1x1 합성곱이
# 놓입니다. `shortcut=False`면 같은 층으로 평범한 신경망이 됩니다.


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
def block(x, filters, strides=1, shortcut=True, normalised=True):
    """Two convolutions, and the way around them."""
    y = convolution(x, filters, 3, strides, normalised=normalised)
    y = convolution(y, filters, 3, activation=None, normalised=normalised)
    if shortcut:
        same = strides == 1 and x.shape[-1] == y.shape[-1]
        around = x if same else convolution(x, filters, 1, strides, None, normalised)
        y = layers.Add()([around, y])
    return layers.ReLU()(y)


def resnet(width=1.0, blocks=2, **options):
    """6 x blocks + 2 layers; without its shortcuts a plain network."""
    inputs, x = start()
    x = convolution(x, 16 * width, strides=2, normalised=options.get("normalised", True))
    for filters in (16, 32, 64):
        for number in range(blocks):
            x = block(x, filters * width, 2 if filters > 16 and not number else 1, **options)
    return classifier(inputs, x)


# %%
for shortcut in (False, True):
    count = resnet(0.5, 5, shortcut=shortcut).count_params()
    print(f"32 layers, shortcuts {shortcut!s:5}: {count:,} parameters")

# %%
dataset = labs.load("cifar10", labs.profile.size)
size = labs.profile.choose(full=128, quick=50)
batches = labs.train.batches(dataset.x_train, dataset.y_train, size, shift=0, seed=9).repeat()

# %% [markdown] lang="en"
# ## 2. Where does the gradient die?
#
# For each 3x3 convolution: the length of its gradient over the length of its kernel, the share by which a step would change it. The networks have 32 layers and are **untrained**. Glorot's initial weights (Keras's default) were made
# for tanh; a ReLU sets half of the numbers to zero, so each layer keeps half of the variance. He's are longer by $\sqrt 2$, which makes good for it.

# %% [markdown] lang="ko"
# ## 2. 그레이디언트는 어디서 사라질까
#
# 3x3 합성곱마다 (그레이디언트의 길이) / (커널의 길이), 곧 한 걸음에 얼마나 바뀔지의 비율을 잽니다. 신경망은 32층이고 **아직 학습하지 않았습니다**. Keras의 기본값인 Glorot 초기 가중치는 tanh를
# 위한 것입니다. ReLU는 수의 절반을 0으로 만들므로 층마다 분산이 절반만 남습니다. He 초기 가중치는 $\sqrt 2$배 길어서 이를 메워 줍니다.


# %%
def gradients(model):
    """Of each 3x3 convolution from the first to the last: length of the gradient over length of the kernel."""
    pictures, truth = dataset.x_train[:64].astype("float32"), dataset.y_train[:64]
    kernels = [layer.kernel for layer in model.layers if getattr(layer, "kernel_size", 0) == (3, 3)]
    with tf.GradientTape() as tape:
        answers = model(pictures, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(truth, answers))
    slopes = tape.gradient(loss, [kernel.value for kernel in kernels])
    return [float(tf.norm(slope) / tf.norm(kernel)) for slope, kernel in zip(slopes, kernels, strict=True)]


# %%
def shorter(model):
    """Glorot's initial weights in place of He's: shorter by the square root of 2."""
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(layer.kernel / 2**0.5)
    return model


# %%
deep = labs.profile.choose(full=5, quick=2)  # blocks in each of the three sizes
plain, residual = {"shortcut": False}, {"shortcut": True}
measured = {"plain, Glorot": gradients(shorter(resnet(0.5, deep, **plain, normalised=False)))}
measured["plain, He"] = gradients(resnet(0.5, deep, **plain, normalised=False))
measured["residual, He"] = gradients(resnet(0.5, deep, **residual, normalised=False))

# %%
measured["plain, He, batch norm"] = gradients(resnet(0.5, deep, **plain))
measured["residual, He, batch norm"] = gradients(resnet(0.5, deep, **residual))

# %% tags=["cover"]
for name, lengths in measured.items():
    plt.semilogy(range(1, len(lengths) + 1), lengths, ".-", label=name)
plt.legend(fontsize=8)
plt.title("gradient / kernel, untrained · 그레이디언트 / 커널, 학습 전")
plt.xlabel("layer · 층")
plt.show()

# %% [markdown] lang="en"
# Five fates:
#
# - **Glorot**: nothing arrives, not even at the last layer: the picture itself has died on its way, $2^{-31/2}$ of it is left.
# - **He**: alive, though thin: He's $\sqrt 2$ holds on average, and averages drift over 32 layers.
# - **Batch normalisation** keeps every layer's numbers at size 1, but on the way back the gradient grows from layer to layer: the first ones get forty times the last one's. (Theory: about 1.1 a layer, Yang et al., 2019.)
# - **Shortcuts alone**: $x + F(x)$ doubles the variance in each of 15 blocks. It runs away.
# - **Both together**: within a factor of ten from end to end. That is a ResNet.

# %% [markdown] lang="ko"
# 다섯 가지 운명입니다.
#
# - **Glorot**: 마지막 층에조차 아무것도 오지 않습니다. 영상 자체가 가는 길에 사라져 $2^{-31/2}$만 남습니다.
# - **He**: 가늘지만 살아 있습니다. $\sqrt 2$는 평균에서만 맞고, 32층을 지나는 동안 조금씩 어긋납니다.
# - **배치 정규화**는 층마다 값의 크기를 1로 지켜 주지만, 돌아오는 길에 그레이디언트가 층마다 커집니다. 첫 층들은 마지막 층의 마흔 배를 받습니다. (이론으로는 층마다 약 1.1배, Yang 등, 2019.)
# - **지름길만**: $x + F(x)$는 블록 15개마다 분산을 두 배로 만듭니다. 폭주합니다.
# - **둘 다**: 처음부터 끝까지 열 배 안쪽입니다. 이것이 ResNet입니다.

# %% [markdown] lang="en"
# ## 3. Degradation: deeper and worse
#
# The same few steps for networks of 8, 20 and 32 layers, plain and residual, and for 20 plain layers without batch normalisation. We look at the **training** error: this is not overfitting.

# %% [markdown] lang="ko"
# ## 3. 성능 저하: 깊어서 나쁘다
#
# 8, 20, 32층의 평범한 신경망과 잔차 신경망, 그리고 배치 정규화가 없는 평범한 20층을 똑같은 걸음 수만큼 학습합니다. 보는 것은 **학습** 오류입니다. 과잉 적합이 아니라는 뜻입니다.

# %%
steps, rounds = labs.profile.choose(full=(20, 5), quick=(2, 2))


def learn(model):
    """The mean training error of each round of some steps."""
    rate = labs.train.UpThenDown(3e-3, steps * rounds)
    model.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(batches, epochs=rounds, steps_per_epoch=steps, shuffle=False, verbose=0).history
    return 1 - np.array(history["accuracy"])


# %%
blocks = labs.profile.choose(full=(1, 3, 5), quick=(1, 2))

# %%
networks = {("plain", 6 * n + 2): resnet(0.5, n, **plain) for n in blocks}
networks |= {("residual", 6 * n + 2): resnet(0.5, n, **residual) for n in blocks}
networks["no batch norm", 6 * blocks[1] + 2] = resnet(0.5, blocks[1], **plain, normalised=False)

# %%
errors = {name: learn(network) for name, network in networks.items()}

# %%
figure, panels = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True, layout="constrained")
for (kind, depth), error in errors.items():
    panel = panels[int(kind == "residual")]
    style = "--" if kind == "no batch norm" else "-"
    panel.plot(np.arange(1, rounds + 1) * steps, error, style, marker=".", label=f"{kind}, {depth}")
for panel in panels:
    panel.set(xlabel="steps · 걸음", ylabel="training error · 학습 오류")
    panel.legend(fontsize=8)
plt.show()

# %%
for (kind, depth), error in errors.items():
    print(f"{kind:14} {depth:3} layers: training error {error[-1]:.1%}")

# %% [markdown] lang="en"
# With 8, 20 and 32 plain layers the training error after 100 steps is 63, 75 and 84 %: **the deeper, the worse, on the training pictures themselves**. With shortcuts it is 64, 68 and 72 %: in so few steps depth still costs
# something, but less than half as much. (He et al. trained for 64,000 steps; there the residual networks were the better the deeper, up to 110 layers, the plain ones still the worse.) Without batch normalisation the plain network of 20 layers has learnt nothing: 90 % is guessing.

# %% [markdown] lang="ko"
# 평범한 8, 20, 32층의 학습 오류는 100걸음 뒤에 63, 75, 84 %입니다. **깊을수록, 그것도 학습 영상에서 나쁩니다.** 지름길이 있으면 64, 68, 72 %입니다. 걸음이 이렇게 적으면 깊이의 값을 아직 치르지만 절반도 되지 않습니다.
# (He 등은 64,000걸음을 학습했습니다. 그때 잔차 신경망은 110층까지 깊을수록 좋았고 평범한 신경망은 여전히 깊을수록 나빴습니다.) 배치 정규화가 없는 평범한 20층은 아무것도 배우지 못했습니다. 90 %는 찍은 것과 같습니다.

# %% [markdown] lang="en"
# ## 4. $2^n$ ways
#
# Through $n$ blocks with a way around each lead $2^n$ ways: at every block a signal goes through or around. $\binom nk$ of them pass $k$ blocks (Veit et al., 2016). If that is so, taking one block out of a **trained** network only
# closes half of the ways. We silence block after block (the scale of its last normalisation becomes zero, so $F(x) = 0$):

# %% [markdown] lang="ko"
# ## 4. $2^n$개의 길
#
# 지름길이 달린 블록 $n$개를 지나는 길은 $2^n$개입니다. 블록마다 지나가거나 돌아갑니다. 그 가운데 $\binom nk$개는 블록 $k$개를 지납니다(Veit 등, 2016). 그렇다면 **학습한** 신경망에서 블록 하나를 빼도 길의 절반만 막힐 뿐입니다.
# 블록을 하나씩 침묵시켜 봅시다(마지막 정규화의 배율을 0으로 하면 $F(x) = 0$이 됩니다).

# %%
trained = networks["residual", 6 * blocks[1] + 2]
truth = np.eye(10, dtype="float32")[dataset.y_test[:2000]]
sums = [layer for layer in trained.layers if isinstance(layer, layers.Add)]
whole = trained.evaluate(dataset.x_test[:2000], truth, batch_size=500, verbose=0)[1]


# %%
def without(add):
    """Test accuracy with one block silenced."""
    last = add.input[1]._keras_history.operation  # the normalisation at the end of the block
    gamma, beta, *averages = last.get_weights()
    last.set_weights([0 * gamma, 0 * beta, *averages])
    accuracy = trained.evaluate(dataset.x_test[:2000], truth, batch_size=500, verbose=0)[1]
    last.set_weights([gamma, beta, *averages])
    return accuracy


# %%
left = [without(add) for add in sums]
plt.bar(range(1, len(sums) + 1), left)
plt.axhline(whole, color="black", label="whole · 전체")
plt.axhline(0.1, color="grey", linestyle="--", label="guessing, or a plain network · 찍기, 평범한 신경망")
plt.legend(fontsize=8, loc="lower right")
plt.title("test accuracy without one block · 블록 하나를 뺀 정확도")
plt.show()

# %%
n = len(sums)
lengths = {k: comb(n, k) for k in range(n + 1)}
print(f"{n} blocks, {2**n} ways; ways through 0, 1, 2 ... blocks: {list(lengths.values())}")

# %% [markdown] lang="en"
# The whole network is right on 36 %; without one of its nine blocks it is still right on 21 to 33 %. It limps, but it walks: half of the 512 ways are left, and most of them are of middle length. In a plain network a silenced layer lets nothing through, and what
# remains is guessing. The earliest blocks are missed most, and those behind the last halving. (In Veit's network of 110 layers, trained to the end, most single blocks could go unnoticed; ours has seen 100 batches.)

# %% [markdown] lang="ko"
# 전체 신경망의 정확도는 36 %이고, 블록 아홉 개 가운데 하나를 빼도 21~33 %입니다. 절뚝거리지만 걷습니다. 길 512개의 절반이 남고 대부분은 중간 길이이기 때문입니다. 평범한 신경망에서는 층 하나가 침묵하면 아무것도 지나가지 못하고 찍는 일만 남습니다.
# 가장 아쉬운 것은 맨 앞의 블록들과 크기가 마지막으로 절반이 된 뒤의 블록들입니다. (끝까지 학습한 Veit의 110층 신경망에서는 블록 하나쯤 대개 티도 나지 않았습니다. 우리 신경망은 배치를 100개만 보았습니다.)

# %% [markdown] lang="en"
# ## 5. DenseNet (Huang et al., 2016)
#
# ResNet adds; **DenseNet** keeps: each layer gets the maps of all layers before it in its block, and contributes only a few new ones, its **growth**. After $l$ layers there are $k_0 + k\,l$ channels; a transition halves them.

# %% [markdown] lang="ko"
# ## 5. DenseNet (Huang 등, 2016)
#
# ResNet은 더하고, **DenseNet**은 간직합니다. 층마다 블록 안의 앞선 모든 층의 맵을 받고, 자기는 새 맵을 몇 장(**성장률**)만 보탭니다. $l$층 뒤에는 채널이 $k_0 + k\,l$개이고, 전이층이 절반으로 줄입니다.


# %% tags=["network"]
def densenet(width=1.0, depth=4, growth=12):
    inputs, x = start()
    growth = round(growth * width)
    x = convolution(x, 2 * growth, strides=2)
    for stage in range(3):
        for _ in range(depth):
            x = layers.Concatenate()([x, convolution(x, growth)])
        if stage < 2:  # transition: half the channels, half the size
            x = layers.AveragePooling2D(2)(convolution(x, x.shape[-1] / 2, 1))
    return classifier(inputs, x)


# %%
dense = densenet()
joined = [layer.output.shape for layer in dense.layers if isinstance(layer, layers.Concatenate)]
print("channels after each layer:", *(shape[-1] for shape in joined))
print(f"{dense.count_params():,} parameters; ResNet with 14 layers: {resnet().count_params():,}")

# %%
learn(dense)
first = [layer for layer in dense.layers if isinstance(layer, layers.Conv2D)][1:5]  # the first dense block
strength = np.full((4, 4), np.nan)
for row, layer in enumerate(first):
    for source, maps in enumerate(np.split(layer.kernel.numpy(), [24, 36, 48][:row], axis=2)):
        strength[row, source] = abs(maps).mean()

# %% [markdown] lang="en"
# Each row is a layer of the first dense block after its short training, each column a source: how strong are the weights with which it listens to the beginning, and to each layer before it?

# %% [markdown] lang="ko"
# 한 행은 (짧게 학습한) 첫 조밀 블록의 층이고, 한 열은 출처입니다. 맨 처음 맵과 앞선 층마다 얼마나 큰 가중치로 귀를 기울일까요?

# %%
plt.imshow(strength, cmap="Blues", vmin=0)
plt.xticks(range(4), ["start", "layer 1", "layer 2", "layer 3"])
plt.yticks(range(4), [f"layer {number}" for number in (1, 2, 3, 4)])
plt.colorbar(label="mean |weight| · 가중치 크기의 평균")
plt.show()

# %% [markdown] lang="en"
# In each row all sources weigh about the same: the fourth layer listens to the very beginning as much as to its neighbour. After 100 batches this is still mostly He's initial scale (a row with more inputs has smaller weights); Huang et al. found after full
# training too that every layer spreads its weights over many inputs of its block. It is this that lets DenseNet do with few new maps a layer: what is already known need not be learnt again.
#
# ## 6. The shortcut in every runtime
#
# For the other runtimes a shortcut is an addition and nothing more:

# %% [markdown] lang="ko"
# 한 행 안에서는 모든 출처의 크기가 비슷합니다. 네 번째 층은 바로 앞 층만큼이나 맨 처음의 말도 듣습니다. 배치 100개 뒤에는 아직 He 초기 가중치의 크기가 거의 그대로입니다(입력이 많은 행일수록 가중치가 작습니다). Huang 등은 끝까지 학습한 뒤에도
# 층마다 블록 안의 여러 입력에 가중치를 고루 나눈다는 것을 보였습니다. 그래서 DenseNet은 층마다 새 맵이 몇 장이면 됩니다. 이미 아는 것을 다시 배울 필요가 없습니다.
#
# ## 6. 모든 실행 환경의 지름길
#
# 다른 실행 환경에서 지름길은 그저 덧셈 하나입니다.

# %%
folder = labs.export(trained, "saved_models/resnet", labels=dataset.labels, x=dataset.x_test)
labs.check(folder)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | The loss stays at 2.30 = ln 10 | Print `gradients(model)`: if it is below 0.00001 everywhere, take He's initial weights, then batch normalisation |
# | The loss is `nan` in the first steps | The gradient runs away: batch normalisation behind every sum, or a smaller learning rate |
# | A deeper network is worse in **training** | Degradation: shortcuts. Worse in the test only: overfitting, more data or augmentation |
# | `Add` complains about shapes | The way around needs the same stride and channels: a 1x1 convolution |
#
# ## Recap
#
# - Initial weights decide whether a signal lives; batch normalisation holds it forward, shortcuts hold it backward. Deep networks want both.
# - A plain network that is deeper can be worse in training: it is hard to learn to do nothing. With $x + F(x)$ nothing is learnt by $F = 0$.
# - A residual network is many shallow ones at once; it can lose a block and goes on.
# - DenseNet joins in place of adding, and needs few new maps a layer.
#
# ## Exercises
#
# **Exercise 1. Find the layer where gradients die.** One of the twelve layers of this network has weights that are far too large, so its tanh is saturated. Which one? Find it from the gradients alone.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 손실이 2.30 = ln 10에 머문다 | `gradients(model)`를 출력해 봅니다. 모두 0.00001보다 작으면 He 초기 가중치를, 그다음 배치 정규화를 씁니다 |
# | 처음 몇 걸음에 손실이 `nan`이 된다 | 그레이디언트가 폭주한 것입니다. 더할 때마다 배치 정규화를 하거나 학습률을 줄입니다 |
# | 깊은 신경망이 **학습**에서 더 나쁘다 | 성능 저하입니다. 지름길을 냅니다. 시험에서만 나쁘면 과잉 적합이므로 데이터를 늘리거나 증대합니다 |
# | `Add`가 모양이 다르다고 한다 | 지름길도 보폭과 채널 수가 같아야 합니다. 1x1 합성곱을 놓습니다 |
#
# ## 정리
#
# - 신호가 살아남는지는 초기 가중치가 정합니다. 앞으로 가는 길은 배치 정규화가, 돌아오는 길은 지름길이 지켜 줍니다. 깊은 신경망에는 둘 다 필요합니다.
# - 평범한 신경망은 깊어지면 학습에서도 나빠질 수 있습니다. 아무것도 안 하기를 배우는 것이 어렵기 때문입니다. $x + F(x)$에서는 $F = 0$이면 됩니다.
# - 잔차 신경망은 얕은 신경망 여럿이 한꺼번에 들어 있는 것이어서 블록 하나쯤은 잃어도 됩니다.
# - DenseNet은 더하지 않고 이어 붙이며, 층마다 새 맵이 몇 장이면 됩니다.
#
# ## 연습 문제
#
# **연습 1. 그레이디언트가 죽는 층을 찾으세요.** 이 신경망의 열두 층 가운데 하나는 가중치가 너무 커서 tanh가 포화되어 있습니다. 어느 층일까요? 그레이디언트만 보고 찾으세요.

# %% tags=["exercise"]
stack = [
    layers.Conv2D(8, 3, padding="same", activation="tanh", kernel_initializer="he_normal") for _ in range(12)
]
ill = keras.Sequential([keras.Input((32, 32, 3)), layers.Rescaling(1 / 127.5, -1), *stack, layers.Flatten()])
ill.add(layers.Dense(10, activation="softmax"))
number = int(np.random.default_rng(9).integers(3, 10))
stack[number].kernel.assign(stack[number].kernel * 50)
lengths = np.array(gradients(ill))
# solution
found = int(np.argmin(lengths))
# end solution
print(f"you say layer {found + 1}, it is layer {number + 1}")

# %% [markdown] lang="en"
# **Exercise 2.** Which share of the $2^{15}$ ways through the 15 blocks of our 32 layers passes at least 6 and at most 9 blocks?

# %% [markdown] lang="ko"
# **연습 2.** 32층 신경망의 블록 15개를 지나는 $2^{15}$개의 길 가운데 블록을 6개 이상 9개 이하로 지나는 길의 비율은 얼마일까요?

# %% tags=["exercise"]
# solution
share = sum(comb(15, k) for k in range(6, 10)) / 2**15
# end solution
print(f"{share:.1%}")
