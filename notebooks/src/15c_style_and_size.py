# ---
# title:
#   en: "Networks that draw 3: style, size, and what it is used for"
#   ko: "그리는 신경망 3: 화풍, 크기, 그리고 쓰임"
# minutes: 6
# data:
#   en: open photographs, 2,198 photos of cats and dogs (quick, drawn stand-ins), MobileNet's ImageNet weights
#   ko: 공개 사진, 고양이와 개 사진 2,198장(quick은 그림으로 된 대용품), MobileNet의 ImageNet 가중치
# accuracy:
#   en: "enlarged twofold, 31.4 dB on unseen photographs, bicubic 30.6; a mosaic of four cells still tells 200 suspects apart"
#   ko: "두 배로 키워 본 적 없는 사진에서 31.4 dB, 바이큐빅 30.6 dB. 네 칸짜리 모자이크로도 용의자 200명을 가려냄"
# seed: 153
# ---

# %% [markdown] lang="en"
# An examiner says whether a picture is real. A network that knows pictures can say more: *what* is to be seen and *in which manner*. In this notebook we
#
# - write a photograph's manner down as a **Gram matrix**, and see what is in it and what is not;
# - paint one photograph in the manner of another, by **optimisation** (slowly) and by a small **network** (at once);
# - **enlarge** photographs twofold: bicubic, by squared error, by features, with an examiner; PSNR, SSIM and your own eye do not agree;
# - look at what such networks are used and misused for, with numbers: hidden faces, protected pictures, deepfakes.

# %% [markdown] lang="ko"
# 감정사는 영상이 진짜인지 말합니다. 영상을 아는 신경망은 더 많은 것을 말할 수 있습니다. *무엇이* 보이는지, *어떤 방식으로* 그려졌는지입니다. 이 노트북에서는
#
# - 사진의 화풍을 **그람 행렬**(Gram matrix)로 적고, 그 안에 무엇이 있고 무엇이 없는지 봅니다.
# - 사진을 다른 사진의 화풍으로 그립니다. **최적화**로(느리게), 작은 **신경망**으로(한 번에).
# - 사진을 두 배로 **키웁니다**. 바이큐빅, 제곱 오차, 특징, 감정사를 견줍니다. PSNR과 SSIM과 사람의 눈은 의견이 다릅니다.
# - 이런 신경망의 쓰임과 악용을 수와 함께 살펴봅니다. 가린 얼굴, 보호한 사진, 딥페이크.

# %%
import time

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import open_photos

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(153)
random = np.random.default_rng(153)

kind = labs.profile.choose(full={"weights": "imagenet", "alpha": 0.75}, quick={"weights": "stand-in"})
mobilenet = labs.backbone.load("MobileNet", include_top=False, input_shape=(None, None, 3), **kind)
names = ("conv1_relu", "conv_pw_1_relu", "conv_pw_3_relu", "conv_pw_5_relu")
look = keras.Model(mobilenet.input, [mobilenet.get_layer(name).output for name in names])
look.trainable = False


# %% [markdown] lang="en"
# ## 1. What a manner is: the Gram matrix
#
# A layer of a network gives each place $p$ a vector of $C$ numbers, how much there is of each feature. Where which feature lies is **content**. The manner must not depend on where. So take, for each pair of features, the mean over all places of their product:
#
# $$G_{ij} = \frac{1}{P} \sum_p F_{pi} F_{pj} = \frac{1}{P} (F^T F)_{ij}$$
#
# (Gatys et al., 2016.) The diagonal is each feature's mean square: *how much* of it there is. The rest says what appears *together*: stripes and blue, dots and edges.

# %% [markdown] lang="ko"
# ## 1. 화풍이란: 그람 행렬
#
# 신경망의 층은 자리 $p$마다 수 $C$개의 벡터, 곧 특징마다 얼마나 있는지를 줍니다. 어떤 특징이 어디에 있는지가 **내용**입니다. 화풍은 자리와 상관없어야 합니다. 그래서 특징의 쌍마다 곱을 구해 모든 자리에 대해 평균합니다.
#
# $$G_{ij} = \frac{1}{P} \sum_p F_{pi} F_{pj} = \frac{1}{P} (F^T F)_{ij}$$
#
# (Gatys et al., 2016) 대각선은 특징마다 제곱의 평균, 곧 *얼마나 많은지*입니다. 나머지는 무엇이 *함께* 나타나는지, 이를테면 줄무늬와 파랑, 점과 에지를 말해 줍니다.


# %%
def maps(pictures):
    """Pixels 0..255 (n, height, width, 3) -> what four layers of MobileNet say of them."""
    return look(pictures / 127.5 - 1)


def gram(features, centred=False):
    """(n, height, width, channels) -> (n, channels, channels)."""
    flat = ops.reshape(features, (features.shape[0], -1, features.shape[-1]))
    if centred:
        flat = flat - ops.mean(flat, axis=1, keepdims=True)
    return ops.einsum("npc,npd->ncd", flat, flat) / flat.shape[1]


def photo(name, side=128):
    """The middle square of an open photograph: float32 (1, side, side, 3)."""
    whole = open_photos.read(name)
    edge = min(whole.shape[:2])
    top, left = (whole.shape[0] - edge) // 2, (whole.shape[1] - edge) // 2
    whole = cv2.resize(
        whole[top : top + edge, left : left + edge], (side, side), interpolation=cv2.INTER_AREA
    )
    return np.float32(whole[None])


# %%
seen, places = maps(photo("chelsea"))[2].numpy(), random.permutation(32 * 32)
plain, centred, flat = gram(seen)[0], gram(seen, True)[0], seen.reshape(32 * 32, -1)
print(f"scrambled places change it by {np.abs(gram(flat[places][None, None])[0] - plain).max():.0e}")
print(f"diagonal {plain[3, 3]:.4f}, mean square {(flat[:, 3] ** 2).mean():.4f}")
print(f"centred: diagonal {centred[3, 3]:.4f}, variance {flat[:, 3].var():.4f}")

# %%
shown = [np.sqrt(gram(maps(photo(name))[2])[0]) for name in ("chelsea", "brick", "grass", "hubble")]
shown = [np.uint8(255 * (one / one.max())) for one in shown]
labs.show.grid(shown, ["chelsea", "brick", "grass", "hubble"], columns=4, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# All positions scrambled, the same matrix: **no place is in it**, only the crowd. Centred, it is the covariance: the diagonal becomes the variance, and what is everywhere alike (a wall's colour) drops out. Uncentred, as in the paper, it keeps the mean, and so the brightness and the palette: for painting that is wanted.
#
# ## 2. Painting by optimisation
#
# The *picture* is what learns: its pixels go down the gradient of two demands. Its maps at a deep layer shall be the photograph's, its Gram matrices at all layers the other's:
#
# $$\text{loss} = \alpha \, \lVert F(x) - F(\text{content}) \rVert^2 + \beta \sum_l \lVert G_l(x) - G_l(\text{style}) \rVert^2$$
#
# Only $\beta / \alpha$ matters. As a grid: more style to the right; above, the content is asked of a deep layer, below of the first.

# %% [markdown] lang="ko"
# 자리를 모두 뒤섞어도 행렬은 같습니다. **자리는 들어 있지 않고** 무리의 성질만 있습니다. 평균을 빼면 공분산입니다. 대각선은 분산이 되고, 어디나 똑같은 것(벽의 색)은 사라집니다. 논문처럼 빼지 않으면 평균이, 곧 밝기와 색조가 남습니다. 그림을 그릴 때는 그것이 필요합니다.
#
# ## 2. 최적화로 그리기
#
# 여기서 학습되는 것은 *그림*입니다. 화소가 두 요구의 그레이디언트를 따라 내려갑니다. 깊은 층의 맵은 사진과 같아야 하고, 모든 층의 그람 행렬은 다른 사진과 같아야 합니다.
#
# $$\text{loss} = \alpha \, \lVert F(x) - F(\text{content}) \rVert^2 + \beta \sum_l \lVert G_l(x) - G_l(\text{style}) \rVert^2$$
#
# $\beta / \alpha$만 중요합니다. 격자로 보면 오른쪽으로 갈수록 화풍이 세고, 윗줄은 내용을 깊은 층에, 아랫줄은 첫 층에 묻습니다.


# %%
def apart(one, other):
    """Squared difference as a share of the size of `other`."""
    return ops.mean(ops.square(one - other)) / ops.mean(ops.square(other))


def demands(picture, content, grams, weight, layer=3):
    """What a picture lacks: content of one layer, style of all, and calm between neighbours."""
    seen = maps(picture)
    style = sum(apart(gram(one), other) for one, other in zip(seen, grams, strict=True))
    calm = ops.mean(ops.abs(ops.diff(picture, axis=1))) + ops.mean(ops.abs(ops.diff(picture, axis=2)))
    return apart(seen[layer], content[layer]) + weight * style + 2e-3 * calm


@tf.function
def slope(picture, *wanted):
    return tf.gradients(demands(picture, *wanted), picture)[0]


def paint(content, style, weight, layer=3, steps=100):
    picture, optimizer = tf.Variable(content), keras.optimizers.Adam(5.0)
    wanted, grams = maps(content), [gram(one) for one in maps(style)]
    for _ in range(steps):
        optimizer.apply([slope(picture.value(), wanted, grams, weight, layer)], [picture])
    return np.uint8(np.clip(picture[0], 0, 255))


# %% tags=["cover"]
steps, cat = labs.profile.choose(full=80, quick=2), photo("chelsea")
grid = {f"layer {n}, style x {weight}": (weight, n) for n in (3, 0) for weight in (0.01, 0.1, 1.0)}
shown = [paint(cat, photo("hubble"), *one, steps) for one in grid.values()]
labs.show.grid(shown, list(grid), columns=3, source=open_photos.SOURCE)

# %%
styles = [photo(name) for name in ("brick", "grass", "tissue", "coffee")]
shown = [*(one[0] for one in styles), *(paint(photo("astronaut"), one, 0.3, 3, steps) for one in styles)]
labs.show.grid([np.uint8(one) for one in shown], columns=4, source=open_photos.SOURCE)


# %% [markdown] lang="en"
# To the right the night sky's darkness and its points of light take over, while the eyes stay where they are. In the lower row the content is asked of the first layer, of edges: the picture keeps its patches, and the style works within them. Four other manners are laid over the astronaut: brick and grass, grey both, drain her face of colour; the tissue brings pink, the coffee its red.
#
# The papers use VGG, and with reason: plain 3x3 convolutions without strides at the start and 64 to 512 features pass smooth gradients to every pixel; its pictures have brush strokes where ours have fine grain. MobileNet halves the picture in its first layer and thinks in depthwise filters. VGG's weights are 58 MB; with them the two cells above need another name only.
#
# ## 3. Painting by a network
#
# A hundred steps a picture are no use for a film. A **feed-forward** network learns one manner once, with the same loss, from any photographs (Johnson et al., 2016); then a picture is one pass.

# %% [markdown] lang="ko"
# 오른쪽으로 갈수록 밤하늘의 어둠과 빛점이 번지지만 눈은 제자리에 있습니다. 아랫줄은 내용을 첫 층, 곧 에지에 물었으므로 색의 덩어리가 그대로 남고 화풍은 그 안에서만 움직입니다. 우주인에게는 네 가지 화풍을 입혔습니다. 회색인 벽돌과 풀은 얼굴의 색을 빼고, 조직 사진은 분홍을, 커피는 붉은색을 가져옵니다.
#
# 논문에서 VGG를 쓰는 데는 까닭이 있습니다. 앞쪽에 보폭 없는 3x3 합성곱이 이어지고 특징이 64~512개라 모든 화소에 매끄러운 그레이디언트가 전해집니다. VGG의 그림에는 붓 자국이 보이지만 우리 그림에는 잔 알갱이가 보입니다. MobileNet은 첫 층에서 영상을 반으로 줄이고 채널별 필터로 생각합니다. VGG의 가중치는 58 MB이고, 있으면 위의 셀에서 이름만 바꾸면 됩니다.
#
# ## 3. 신경망으로 그리기
#
# 한 장에 백 번씩 갱신해서는 동영상에 쓸 수 없습니다. **순방향** 신경망은 같은 손실로 여러 사진에서 화풍 하나를 한 번 배우고(Johnson et al., 2016), 그다음에는 한 번 통과시키면 됩니다.

# %%
pets = labs.load("cats_vs_dogs", labs.profile.size)
canvas = keras.Input((None, None, 3))
x = layers.Conv2D(24, 5, 2, "same", activation="relu")(layers.Rescaling(1 / 127.5, -1)(canvas))
x = layers.Conv2D(48, 3, 2, "same", activation="relu")(x)
for _ in range(2):
    x = x + layers.Conv2D(48, 3, padding="same", activation="relu")(x)
x = layers.Conv2D(24, 3, padding="same", activation="relu")(layers.UpSampling2D()(x))
x = layers.Conv2D(3, 5, padding="same", activation="tanh")(layers.UpSampling2D()(x))
painter = keras.Model(canvas, layers.Rescaling(127.5, 127.5)(x))


@tf.function
def lesson(pictures):
    with tf.GradientTape() as tape:
        loss = demands(painter(pictures, training=True), maps(pictures), manner, 0.1)
    optimizer.apply(tape.gradient(loss, painter.trainable_weights), painter.trainable_weights)


# %%
optimizer, manner = keras.optimizers.Adam(2e-3), [gram(one) for one in maps(photo("hubble"))]
began = time.process_time()
for chosen in random.integers(len(pets.x_train), size=(labs.profile.choose(full=150, quick=2), 4)):
    lesson(np.float32(pets.x_train[chosen, :96, :96]))
print(f"learnt in {time.process_time() - began:.0f} processor seconds")


# %%
whole, began = np.float32([open_photos.read("coffee")[:320, :480]]), time.process_time()
shown = np.uint8([whole[0], painter(whole)[0]])
print(f"320x480 in {time.process_time() - began:.2f} processor seconds")
labs.show.grid(shown, columns=2, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# One pass of 0.16 processor seconds in place of eighty steps. What 25 processor seconds have taught is the darkness and the palette, not the points of light; the paper trained for hours on 80,000 photographs. Try it on a photo of yours, with the same network after six processor minutes:
#
# <!-- live: enlarge painter_hubble -->
#
# ## 4. Twice as large
#
# The task is defined by how the small picture was made: here **bicubic with antialiasing**, as in the papers; a network that has learnt this knows nothing about a bad lens. The photographs are halved first, which wipes out JPEG's traces. Whole photographs are held out: the astronaut, the cat and the coffee.
#
# How does a network make a picture larger? A **transposed convolution** spreads each value over 3x3 places, two apart: some places get one share, some two, some four. **Pixel shuffle** (Shi et al., 2016) computes four channels for each colour at the small size and lays them out as 2x2 squares. Both untrained, on a plain grey picture:

# %% [markdown] lang="ko"
# 여든 번 갱신하는 대신 한 번 통과하는 데 프로세서 시간 0.16초입니다. 프로세서 시간 25초 동안 배운 것은 어둠과 색조까지이고 빛점은 배우지 못했습니다. 논문에서는 사진 8만 장으로 여러 시간 학습했습니다. 같은 신경망을 프로세서 시간 6분 동안 학습한 것으로 여러분의 사진을 그려 보세요.
#
# <!-- live: enlarge painter_hubble -->
#
# ## 4. 두 배로 키우기
#
# 작은 영상을 어떻게 만들었는지가 문제를 정합니다. 여기서는 논문처럼 **앨리어싱을 막은 바이큐빅**입니다. 이것을 배운 신경망은 나쁜 렌즈에 대해서는 아무것도 모릅니다. 사진은 먼저 반으로 줄여 JPEG의 흔적을 지웁니다. 우주인, 고양이, 커피 사진은 통째로 빼 둡니다.
#
# 신경망은 영상을 어떻게 키울까요? **전치 합성곱**은 값마다 두 칸씩 떨어진 3x3 자리에 퍼뜨립니다. 몫을 하나 받는 자리도, 둘이나 넷 받는 자리도 있습니다. **픽셀 셔플**(Shi et al., 2016)은 작은 크기에서 색마다 채널 넷을 계산해 2x2 칸으로 펼칩니다. 둘 다 학습하지 않은 채로 단색 회색 영상에 써 봅니다.


# %%
def shuffle(x, height, width):
    """(n, height, width, 4 x 3) -> (n, 2 height, 2 width, 3)."""
    x = ops.transpose(ops.reshape(x, (-1, height, width, 2, 2, 3)), (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, 2 * height, 2 * width, 3))


grey = np.full((1, 16, 16, 3), 0.5, "float32")
by_shuffle = shuffle(layers.Conv2D(12, 3, padding="same")(grey), 16, 16)
ways = {"transposed, 3x3": layers.Conv2DTranspose(3, 3, 2, "same")(grey), "shuffle": by_shuffle}
ways["transposed, 4x4"] = layers.Conv2DTranspose(3, 4, 2, "same")(grey)
ways["enlarge, then 3x3"] = layers.Conv2D(3, 3, padding="same")(layers.UpSampling2D()(grey))

# %%
inner = {name: np.asarray(one)[0, 8:24, 8:24] for name, one in ways.items()}
for name, one in inner.items():
    print(f"{name:18} differs within 2x2 by {one.std(axis=(0, 1)).mean():.3f}")
labs.show.grid([(one - one.min()) / np.ptp(one) for one in inner.values()], list(inner), columns=4)

# %% [markdown] lang="en"
# **All three chequer**, the shuffle most of all: its four places are computed by four different filters, and nothing makes these agree before they have learnt to. The transposed convolution with a 3x3 kernel has the defect in its construction as well, for its places get one, two and four shares whatever it learns; with 4x4 all get four. Only enlarging first and convolving then is free of it, at four times the work. We take the shuffle and start it from the picture itself, repeated four times, so that its chequers are a small addition that training removes.
#
# The network: five convolutions at the *small* size, where they cost a quarter, and the shuffle at the end (ESPCN). It adds to the picture itself, so that it has to learn only what is missing.

# %% [markdown] lang="ko"
# **셋 모두 바둑판무늬가 있고** 셔플이 가장 심합니다. 네 자리를 서로 다른 필터 넷이 계산하는데, 배우기 전에는 그 넷이 같아야 할 까닭이 없기 때문입니다. 3x3 전치 합성곱은 구조에도 결함이 있습니다. 무엇을 배우든 자리마다 몫이 하나, 둘, 넷으로 다릅니다. 4x4라면 모두 넷입니다. 먼저 키우고 합성곱하는 방법만 무늬가 없지만 계산이 네 배입니다. 우리는 셔플을 쓰되 원래 영상을 네 번 되풀이한 것에서 시작합니다. 그러면 무늬는 작은 덧셈일 뿐이고 학습하면서 사라집니다.
#
# 신경망은 *작은* 크기에서, 곧 4분의 1 값으로 합성곱 다섯 번을 하고 마지막에 셔플합니다(ESPCN). 원래 영상에 더하는 방식이라 모자란 것만 배우면 됩니다.


# %%
def enlarger(height, width, like=None):
    """Pixels 0..255 -> twice as large. like: another enlarger whose weights to take."""
    pixels = keras.Input((height, width, 3), name="input")
    whole = layers.Rescaling(1 / 255)(pixels)
    x = layers.Conv2D(24, 5, padding="same", activation="relu")(whole)
    for _ in range(3):
        x = x + layers.Conv2D(24, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(12, 3, padding="same")(x) + ops.concatenate([whole] * 4, axis=-1)
    network = keras.Model(pixels, {"picture": layers.Rescaling(255.0)(shuffle(x, height, width))})
    if like is not None:
        network.set_weights(like.get_weights())
    return network


def halved(pictures):
    return tf.image.resize(pictures, np.array(pictures.shape[1:3]) // 2, "bicubic", antialias=True)


held, pieces = ("astronaut", "chelsea", "coffee"), list(np.float32(pets.x_train[:, 32:96, 32:96]))
for name in set(open_photos.names()) - set(held):
    small = np.uint8(halved(np.float32(open_photos.read(name)[None]))[0].numpy().clip(0, 255))
    places = random.integers((0, 0), np.array(small.shape[:2]) - 63, size=(40, 2))
    pieces += [np.float32(small[y : y + 64, x : x + 64]) for y, x in places]
pieces = np.stack(pieces)


# %%
def error(made, truth):
    return ops.mean(ops.square(made - truth)) / 255**2


def learn(network, loss, steps, rate, examiner=None):
    """Train an enlarger of 32x32; `loss(made, truth)`, and an examiner's word where there is one."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    optimizer, other = keras.optimizers.Adam(schedule), keras.optimizers.Adam(2e-4, beta_1=0.5)

    @tf.function
    def step(truth):
        with tf.GradientTape() as one, tf.GradientTape() as two:
            made = network(halved(truth), training=True)["picture"]
            total, caught = loss(made, truth), 0.0
            if examiner is not None:
                fake, true = examiner(made), examiner(truth)
                total += 3e-3 * ops.mean(ops.softplus(-fake))
                caught = ops.mean(ops.softplus(fake)) + ops.mean(ops.softplus(-true))
        optimizer.apply(one.gradient(total, network.trainable_weights), network.trainable_weights)
        if examiner is not None:
            other.apply(two.gradient(caught, examiner.trainable_weights), examiner.trainable_weights)

    for chosen in random.integers(len(pieces), size=(steps, 16)):
        step(tf.constant(pieces[chosen]))


# %%
began, networks = time.process_time(), {"squared error": enlarger(32, 32)}
learn(networks["squared error"], error, labs.profile.choose(full=1500, quick=2), 2e-3)
print(
    f"{networks['squared error'].count_params():,} parameters, {time.process_time() - began:.0f} processor seconds"
)


# %%
def by_features(made, truth):
    """A little of the squared error, and what MobileNet says is different."""
    seen = zip(maps(made)[:3], maps(truth)[:3], strict=True)
    return error(made, truth) + 0.01 * sum(apart(one, other) for one, other in seen)


# %%
shown = keras.Input((64, 64, 3))
x = layers.Rescaling(1 / 127.5, -1)(shown)
for filters in (16, 32, 32):
    x = layers.LeakyReLU(negative_slope=0.2)(layers.Conv2D(filters, 4, 2, "same")(x))
examiner = keras.Model(shown, layers.Conv2D(1, 1)(x))  # a verdict for each patch
for name, seen_by in (("+ features", None), ("+ examiner", examiner)):
    networks[name] = enlarger(32, 32, like=networks["squared error"])
    learn(networks[name], by_features, labs.profile.choose(full=150, quick=2), 5e-4, seen_by)


# %%
def enlarged(small):
    """Every way's answer for a small picture (height, width, 3)."""
    ways = {"nearest": np.repeat(np.repeat(small, 2, 0), 2, 1)}
    ways["bicubic"] = tf.image.resize(small, np.array(small.shape[:2]) * 2, "bicubic").numpy()
    for name, network in networks.items():
        ways[name] = enlarger(*small.shape[:2], like=network)(small[None])["picture"][0].numpy()
    return {name: np.float32(np.uint8(way.clip(0, 255).round())) for name, way in ways.items()}


def large(name):
    whole = open_photos.read(name)
    half = halved(np.float32(whole[None, : whole.shape[0] // 4 * 4, : whole.shape[1] // 4 * 4]))
    return np.float32(np.uint8(half[0].numpy().clip(0, 255)))


def table(answers, truths):
    for way in answers["coffee"]:
        pairs = [(answers[name][way], truths[name]) for name in held]
        psnr, ssim = ([float(f(*pair, 255)) for pair in pairs] for f in (tf.image.psnr, tf.image.ssim))
        rows = [f"{name} {p:.2f} {s:.3f}" for name, p, s in zip(held, psnr, ssim, strict=True)]
        print(f"{way:14}", *rows, f"mean {np.mean(psnr):.2f} dB, SSIM {np.mean(ssim):.3f}", sep="  ")


# %%
truths = {name: large(name) for name in held}
answers = {name: enlarged(halved(one[None])[0].numpy()) for name, one in truths.items()}
table(answers, truths)

# %% [markdown] lang="en"
# The squared error gains 0.8 dB over bicubic on photographs it has never seen (31.44 against 30.63); 1.5 were the aim, and 20,052 parameters after 96 processor seconds miss it. ESPCN's paper, on other photographs and after longer training on a GPU, has 2 to 3 dB. Features cost nothing here, for their weight is small (31.48); the examiner takes 0.1 dB and most of the SSIM's gain for its grain.
#
# **A blind look.** Six pictures of one place, in an order that was drawn. Which is the photograph, which do you like best? Decide before you run the next cell.

# %% [markdown] lang="ko"
# 제곱 오차로 배운 신경망은 본 적 없는 사진에서 바이큐빅보다 0.8 dB 낫습니다(30.63에 대해 31.44). 목표는 1.5 dB였으나 파라미터 20,052개로 프로세서 시간 96초를 배워서는 이르지 못했습니다. ESPCN의 논문은 다른 사진에서, GPU로 더 오래 배워 2~3 dB를 얻었습니다. 특징은 무게가 작아 여기서는 손해가 없고(31.48), 감정사는 알갱이를 넣느라 0.1 dB와 SSIM 이득의 대부분을 내줍니다.
#
# **눈가림 시험.** 같은 곳의 그림 여섯 장을 제비뽑기한 순서로 놓았습니다. 어느 것이 진짜 사진이고, 어느 것이 가장 마음에 드나요? 다음 셀을 실행하기 전에 정하세요.

# %%
looks = {"photograph": truths["chelsea"], **answers["chelsea"]}
order = random.permutation(list(looks))
shown = [np.uint8(looks[name][30:100, 70:140]) for name in order]
labs.show.grid(shown, list("ABCDEF"), columns=3, source=open_photos.SOURCE)

# %%
print(*(f"{letter}: {name}" for letter, name in zip("ABCDEF", order, strict=True)), sep="\n")

# %% [markdown] lang="en"
# Only the photograph (A) has single hairs; whoever looks closely finds it. Between C, D, E and F the choice is hard at this size: 0.8 dB are just to be seen at the rim of the eye. On a larger factor (x4) bicubic is visibly soft, and an examiner's invented hair looks more real than the mean of all possible hairs, and is less true.
#
# ## 5. Out of Python
#
# A picture goes in, a picture twice as large comes out: the card says `picture`, and every runtime is held to one level of 256 for each pixel.

# %% [markdown] lang="ko"
# 털이 한 올씩 보이는 것은 진짜 사진(A)뿐이라 자세히 보면 찾을 수 있습니다. C, D, E, F는 이 크기에서 고르기 어렵습니다. 0.8 dB는 눈 가장자리에서 겨우 보입니다. 배율이 크면(x4) 바이큐빅은 눈에 띄게 무르고, 감정사가 지어낸 털이 모든 가능한 털의 평균보다 더 진짜 같으면서도 덜 참됩니다.
#
# ## 5. 파이썬 밖으로
#
# 영상이 들어가고 두 배 큰 영상이 나옵니다. 카드에는 `picture`라고 적고, 어느 실행 환경이든 화소마다 256단계 가운데 한 단계 안에서 같아야 합니다.

# %%
whole = enlarger(48, 64, like=networks["squared error"])
few = np.uint8([cv2.resize(open_photos.read(name), (64, 48), interpolation=cv2.INTER_AREA) for name in held])
labs.export(whole, "saved_models/my_bigger", x=few, kind="picture", source=open_photos.SOURCE)
labs.check("saved_models/my_bigger", seconds=300)

# %% [markdown] lang="en"
# A better start and better pairs win more: `saved_models/bigger` begins as bicubic interpolation, learns from photographs halved as the test's are, and after six processor minutes gains 2.9 dB (`tools/train_bigger.py`, docs/measured.md). In the browser:
#
# <!-- live: enlarge bigger -->
#
# ## 6. Used and misused: hiding a face
#
# A face in the news is blurred or covered with a mosaic. Does that hide *who* it is? Whoever has a list of suspects need not undo the mosaic: he makes the **same mosaic of each suspect** and compares. We play it with the test photographs of lab 02 in place of people: one is covered with a mosaic, darkened by a tenth, given a little noise; which of them was it?

# %% [markdown] lang="ko"
# 더 나은 출발점과 더 나은 짝이 있으면 더 많이 얻습니다. `saved_models/bigger`는 바이큐빅 보간에서 출발해 시험 영상과 같은 방법으로 반으로 줄인 사진에서 배웠고, 프로세서 시간 6분 뒤 2.9 dB를 얻습니다(`tools/train_bigger.py`, docs/measured.ko.md). 브라우저에서 써 보세요.
#
# <!-- live: enlarge bigger -->
#
# ## 6. 쓰임과 악용: 얼굴 가리기
#
# 뉴스에서는 얼굴을 흐리게 하거나 모자이크로 가립니다. 그러면 *누구인지* 숨겨질까요? 용의자 목록이 있는 사람은 모자이크를 되돌릴 필요가 없습니다. **용의자마다 같은 모자이크를 씌워** 비교하면 됩니다. 사람 대신 실습 02의 시험용 사진으로 해 봅니다. 한 장을 모자이크로 가리고 10분의 1쯤 어둡게 하고 잡음을 조금 넣었습니다. 어느 사진이었을까요?


# %%
def mosaic(pictures, cells):
    """Each picture as cells x cells mean colours."""
    return np.stack(
        [cv2.resize(np.float32(one), (cells, cells), interpolation=cv2.INTER_AREA) for one in pictures]
    )


suspects = pets.x_test
for cells in (16, 8, 4, 2):
    list_of = mosaic(suspects, cells).reshape(len(suspects), -1)
    asked = mosaic(0.9 * suspects + random.normal(0, 10, suspects.shape), cells).reshape(len(suspects), -1)
    centred = [one - one.mean(axis=1, keepdims=True) for one in (asked, list_of)]
    nearest = ((centred[0][:, None] - centred[1]) ** 2).sum(axis=-1).argmin(axis=1)
    print(
        f"mosaic of {cells:2}x{cells:2}: {(nearest == np.arange(len(suspects))).mean():.0%} of {len(suspects)} recognised"
    )

# %%
face, place = open_photos.read("astronaut"), (slice(60, 210), slice(165, 285))
hidden = [face.copy() for _ in range(4)]
hidden[1][place] = cv2.GaussianBlur(face[place], (0, 0), 8)
hidden[2][place] = cv2.resize(mosaic([face[place]], 8)[0], (120, 150), interpolation=cv2.INTER_NEAREST)
hidden[3][place] = cv2.ellipse(
    np.full_like(face[place], 128), (60, 75), (45, 60), 0, 0, 360, (220, 190, 170), -1
)
labs.show.grid(
    [one[20:260, 105:345] for one in hidden],
    ["", "blur", "mosaic", "drawn"],
    columns=4,
    source=open_photos.SOURCE,
)

# %% [markdown] lang="en"
# Even four cells, darker and with noise, find the right one of 200, every time. (The suspects here are the very same photographs, so this is the worst case; another photograph of the same person is a harder search.) **A mosaic hides a face from readers, not from somebody with a list.** A blur is a mosaic with overlapping cells. What hides is what is computed from nothing of the person: a plain cover, a drawing, or a generated face, the last only if the generator was not told whom to resemble. We ship no generator of faces; the principle needs none.
#
# ## 7. Used and misused: a picture that defends itself
#
# Lab 08b fooled a network with a change nobody sees. The same is sold as **protection**: photographs with a little noise that no network shall recognise or imitate. How long does it hold? A step of two levels of 256 along the sign of the gradient (FGSM), then what any web site does to a picture: JPEG, or half the size.

# %% [markdown] lang="ko"
# 네 칸짜리 모자이크를 어둡게 하고 잡음을 넣어도 200장 가운데 맞는 사진을 매번 찾습니다. (여기서 용의자는 똑같은 사진이므로 가장 나쁜 경우입니다. 같은 사람의 다른 사진이라면 찾기가 더 어렵습니다.) **모자이크는 독자에게서 얼굴을 숨기지만 목록을 가진 사람에게서는 숨기지 못합니다.** 흐림은 칸이 겹치는 모자이크입니다. 정말 숨기는 것은 그 사람의 아무것도 쓰지 않고 만든 것입니다. 단색으로 덮기, 그림, 또는 생성한 얼굴이고, 마지막 것은 누구를 닮으라고 알려 주지 않았을 때만 그렇습니다. 여기에는 얼굴 생성기를 넣지 않았고, 원리를 보는 데는 필요 없습니다.
#
# ## 7. 쓰임과 악용: 스스로를 지키는 사진
#
# 실습 08b에서는 눈에 보이지 않는 변화로 신경망을 속였습니다. 같은 것을 **보호**라고 팔기도 합니다. 어떤 신경망도 알아보거나 흉내 내지 못하게 잡음을 조금 넣은 사진입니다. 얼마나 버틸까요? 그레이디언트의 부호를 따라 256단계 가운데 두 단계만 옮기고(FGSM), 웹 사이트라면 어디나 하는 일, 곧 JPEG 압축이나 절반 크기로 줄이기를 해 봅니다.

# %%
side = labs.profile.choose(full=224, quick=64)
judge = labs.backbone.load("MobileNet", input_shape=(side, side, 3), **kind)
labels, faces = labs.backbone.labels(kind["weights"]), np.concatenate([photo(name, side) for name in held])
with tf.GradientTape() as tape:
    given = tf.constant(faces)
    tape.watch(given)
    doubt = ops.sum(ops.log(ops.max(judge(given / 127.5 - 1), axis=-1)))
protected = np.clip(np.round(faces - 2 * np.sign(tape.gradient(doubt, given))), 0, 255)
jpeg = [cv2.imdecode(cv2.imencode(".jpg", one, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1) for one in protected]
small = [
    cv2.resize(cv2.resize(one, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), (side, side))
    for one in protected
]
for name, some in {"plain": faces, "protected": protected, "then JPEG": jpeg, "then halved": small}.items():
    said = judge(np.float32(some) / 127.5 - 1).numpy()
    print(f"{name:12}", *(f"{labels[one.argmax()]} {one.max():.0%}".ljust(24) for one in said))


# %% [markdown] lang="en"
# Two levels of 256 change the answer for all three, and what is done to a picture on the way does not bring it back (the cat stays a lynx; the astronaut's *drumstick* was no good to begin with). That is as good as it gets: the protector knew the network and its gradient. Whoever trains a network **on** protected pictures, or uses another one, is not bound by it; we have not measured that here. Do not promise anybody protection that was tested on one network and three pictures.
#
# **Deepfakes.** The networks of labs 15 to 15c, larger and trained on faces and voices, put anybody into any scene. What is known, soberly:
#
# - **Most of the harm is not political**: by far the most deepfakes found on the web are sexual pictures of women made without their consent; then come voices of relatives or superiors who ask for money. In Korea making, keeping and even watching such sexual forgeries is a crime (Act on Special Cases Concerning the Punishment of Sexual Crimes, article 14-2).
# - **Detectors know the forgers they have seen.** Exercise 3 of lab 15 measures it on digits. A detector's *no* is no proof, and neither is its *yes*: with one forgery in a thousand pictures, one that errs in 1 % accuses ten honest pictures for each forgery.
# - **Proof of origin** goes the other way: cameras and programs sign what they made (C2PA), generators watermark. It helps the honest; it can be cut off.
# - **What you can do**: ask where it comes from before you ask whether it looks real; call back on a number you know; put no stranger's face into a network; keep the consent of whoever is in your training data; say it when a picture was generated.

# %% [markdown] lang="ko"
# 256단계 가운데 두 단계로 셋 모두의 답이 바뀌고, 웹에서 거치는 처리로는 돌아오지 않습니다(고양이는 스라소니로 남습니다. 우주인은 처음부터 *드럼 스틱*이라고 틀렸습니다). 이것이 가장 좋은 경우입니다. 보호하는 쪽이 신경망과 그 그레이디언트를 알고 있었기 때문입니다. 보호된 사진으로 **학습하는** 사람, 다른 신경망을 쓰는 사람에게는 통한다는 보장이 없고, 여기서 재지도 않았습니다. 신경망 하나, 사진 세 장으로 시험한 보호를 남에게 약속하지 마세요.
#
# **딥페이크.** 실습 15~15c의 신경망을 키워 얼굴과 목소리로 학습하면 누구든 어떤 장면에든 넣을 수 있습니다. 알려진 것만 차분히 적습니다.
#
# - **피해의 대부분은 정치가 아닙니다.** 인터넷에서 발견되는 딥페이크는 압도적으로 당사자의 동의 없이 여성을 대상으로 만든 성적 허위 영상물입니다. 그다음이 돈을 요구하는 가족이나 상사의 목소리입니다. 한국에서는 이런 성적 허위 영상물을 만드는 것은 물론 가지고 있거나 보는 것도 범죄입니다(성폭력범죄의 처벌 등에 관한 특례법 제14조의2).
# - **탐지기는 본 적 있는 위조꾼만 압니다.** 실습 15의 연습 문제 3이 숫자로 재 봅니다. 탐지기의 *아니요*는 증명이 아니고 *예*도 마찬가지입니다. 천 장에 한 장이 위조라면, 1 % 틀리는 탐지기는 위조 한 장에 열 장의 정직한 사진을 의심합니다.
# - **출처 증명**은 반대로 접근합니다. 카메라와 프로그램이 자기가 만든 것에 서명하고(C2PA), 생성기는 워터마크를 넣습니다. 정직한 사람에게는 도움이 되지만 떼어 낼 수 있습니다.
# - **여러분이 할 수 있는 일**: 진짜처럼 보이는지 묻기 전에 어디서 왔는지 물으세요. 아는 번호로 다시 전화하세요. 남의 얼굴을 신경망에 넣지 마세요. 학습 데이터에 나오는 사람의 동의를 간직하세요. 생성한 그림은 생성했다고 밝히세요.

# %% [markdown] lang="en"
# ## Exercises
#
# **1. The Gram matrix by hand.** Two places, two features: (1, 2) and (3, 0). What is the Gram matrix, what the centred one?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 손으로 구하는 그람 행렬.** 자리 둘에 특징 둘, (1, 2)와 (3, 0)입니다. 그람 행렬은 무엇이고 평균을 뺀 것은 무엇일까요?

# %% tags=["exercise"]
# solution
by_hand, by_hand_centred = [[5, 1], [1, 2]], [[1, -1], [-1, 1]]
# end solution
features = np.float32([[[[1, 2], [3, 0]]]])
print(np.allclose(gram(features), by_hand), np.allclose(gram(features, centred=True), by_hand_centred))

# %% [markdown] lang="en"
# **2. PSNR.** Write it: ten times the logarithm (base 10) of $255^2$ over the mean squared error. How many decibels does halving the error of every pixel gain?

# %% [markdown] lang="ko"
# **2. PSNR.** 직접 쓰세요. $255^2$을 제곱 오차의 평균으로 나눈 값의 상용로그에 10을 곱합니다. 화소마다 오차가 절반이 되면 몇 데시벨을 얻을까요?


# %% tags=["exercise"]
def decibels(one, other):
    # solution
    return 10 * np.log10(255**2 / np.mean((np.float64(one) - other) ** 2))
    # end solution


print(f"{decibels(np.full(4, 10), 8) - decibels(np.full(4, 10), 6):.2f}")

# %% [markdown] lang="en"
# **3. How many shares?** A transposed convolution with kernel `k` and stride `s` along one axis: how many input values reach output place `i` (away from the edges)? Return the counts of `s` neighbouring places, the largest first. For which `k` are they equal?

# %% [markdown] lang="ko"
# **3. 몫은 몇 개일까?** 한 축에서 커널 `k`, 보폭 `s`인 전치 합성곱을 생각합니다. 출력 자리 `i`(가장자리 제외)에는 입력 값이 몇 개나 닿을까요? 이웃한 `s`자리의 개수를 큰 것부터 반환하세요. `k`가 얼마일 때 모두 같을까요?


# %% tags=["exercise"]
def shares(k, s):
    # solution
    return sorted((len(range(place, k, s)) for place in range(s)), reverse=True)
    # end solution


print(shares(3, 2), shares(4, 2), shares(5, 3))

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | The painting is grey or a single colour | A lower rate, or a style weight a tenth as large |
# | Fine chequers in the painting | More weight on calm; enlarge, then convolve |
# | The enlarged picture is shifted by half a pixel | Both halves of the task must use the same resize |
# | PSNR below bicubic | Values must be 0..255 on both sides; look for a missing clip |
# | An examiner adds grain | Less of its weight; begin from the network of the squared error |
#
# ## What to remember
#
# - A Gram matrix says how much and what together, never where. Centred it is a covariance.
# - The picture itself can be what learns; a network can learn to do it at once.
# - Squared error gives the best PSNR and the softest picture; features and an examiner invent detail. Invented detail is **not evidence**: no enlarged number plate proves anything.
# - Hiding and protecting must be tested against someone who knows how it was done.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 그림이 회색이거나 한 색이다 | 학습률을 낮추거나 화풍의 무게를 10분의 1로 줄입니다 |
# | 그림에 잔 바둑판무늬가 있다 | 잔잔함의 무게를 키우고, 먼저 키운 뒤 합성곱합니다 |
# | 키운 영상이 반 화소 밀려 있다 | 줄일 때와 키울 때 같은 방법을 써야 합니다 |
# | PSNR이 바이큐빅보다 낮다 | 양쪽 값이 모두 0..255인지, 자르기를 빠뜨리지 않았는지 봅니다 |
# | 감정사를 넣으니 알갱이가 생긴다 | 무게를 줄이고, 제곱 오차로 배운 신경망에서 시작합니다 |
#
# ## 정리
#
# - 그람 행렬은 얼마나 있고 무엇이 함께 있는지를 말할 뿐 어디인지는 말하지 않습니다. 평균을 빼면 공분산입니다.
# - 그림 자체가 학습의 대상이 될 수 있고, 그 일을 한 번에 하도록 신경망을 학습할 수도 있습니다.
# - 제곱 오차는 PSNR이 가장 높고 그림은 가장 무릅니다. 특징과 감정사는 세부를 지어냅니다. 지어낸 세부는 **증거가 아닙니다**. 키운 번호판은 아무것도 증명하지 못합니다.
# - 가리기와 보호는 방법을 아는 사람을 상대로 시험해야 합니다.
