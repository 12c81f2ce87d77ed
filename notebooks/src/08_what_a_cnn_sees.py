# ---
# title:
#   en: What a CNN sees
#   ko: CNN은 무엇을 보는가
# minutes: 5
# data:
#   en: open photographs, 1,400 photos of cats and dogs, MNIST
#   ko: 공개 사진, 고양이와 개 사진 1,400장, MNIST
# accuracy:
#   en: 95 % of the neighbours in the space of features are of the same kind, 55 % in pixels
#   ko: 특징 공간의 이웃은 95 %가 같은 종류, 화소로 본 이웃은 55 %
# seed: 8
# ---

# %% [markdown] lang="en"
# A network says "Egyptian cat, 64 %". What has it learnt to look for? In this notebook we
#
# - look at its filters, its feature maps, and a channel laid over the photo as a mask;
# - **compute** how much of the picture a position sees, and find the patches that excite a channel most;
# - put the same questions to the network that we trained ourselves in lab 01;
# - compare neighbours in pixels with neighbours in the space of features, and draw maps of that space by PCA and t-SNE;
# - let the network **paint** what it remembers of a cat.
#
# *Where* it looks, and whether the maps that show it are true, is the second half: notebook 08b.

# %% [markdown] lang="ko"
# 신경망이 "이집션 고양이, 64 %"라고 답합니다. 이 신경망은 무엇을 찾도록 배웠을까요? 이 노트북에서는
#
# - 필터와 특징 맵을 보고, 채널 하나를 사진 위에 마스크로 겹쳐 봅니다.
# - 한 자리가 영상을 얼마나 넓게 보는지 **계산하고**, 채널을 가장 강하게 자극하는 조각을 찾습니다.
# - 실습 01에서 직접 학습한 신경망에도 같은 질문을 합니다.
# - 화소로 본 이웃과 특징 공간의 이웃을 비교하고, PCA와 t-SNE로 그 공간의 지도를 그립니다.
# - 신경망이 기억하는 고양이를 **그려 보게** 합니다.
#
# *어디를* 보는지, 그것을 보여 주는 그림이 참인지는 후반부인 노트북 08b에서 다룹니다.

# %%
from itertools import combinations

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

import labs
from labs import explain
from labs.data import open_photos

# %% [markdown] lang="en"
# ## 1. The network and four photographs
#
# The network is lab 03's MobileNet with its 1,000 classes, preprocessing inside. In the quick profile it is a small stand-in that knows
# drawn emoji only, so that its answers mean nothing there; the methods are the same.

# %% [markdown] lang="ko"
# ## 1. 신경망과 사진 네 장
#
# 실습 03의 MobileNet에 전처리를 넣어 1,000개 부류를 그대로 씁니다. quick 프로파일에서는 이모지 그림만 아는 작은 대용 신경망을 쓰므로
# 답에는 뜻이 없지만, 방법은 똑같습니다.

# %%
keras.utils.set_random_seed(8)
side = labs.profile.choose(full=224, quick=64)
pretrained = labs.profile.choose({"weights": "imagenet", "alpha": 0.75}, {"weights": "stand-in"})
labels = labs.backbone.labels(pretrained["weights"])
backbone = labs.backbone.load("MobileNet", input_shape=(side, side, 3), **pretrained)

# %%
inputs = keras.Input((side, side, 3), name="input")
model = keras.Model(inputs, backbone(labs.backbone.preprocessing("MobileNet")(inputs)))


# %%
def square(photo, side=side):
    edge = min(photo.shape[:2])
    top, left = (photo.shape[0] - edge) // 2, (photo.shape[1] - edge) // 2
    return cv2.resize(photo[top : top + edge, left : left + edge], (side, side), interpolation=cv2.INTER_AREA)


# %%
photos = np.stack([square(open_photos.read(name)) for name in ("chelsea", "coffee", "astronaut", "rocket")])
answers = model.predict(photos, verbose=0)
said = answers.argmax(axis=1)
labs.show.predictions(photos, answers, labels, columns=4, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# A cat and an espresso are recognised; the astronaut is a *drumstick* (ImageNet has no class "person"), the rocket a *mosque*.
# Notebook 08b finds out why.
#
# ## 2. What the first layer asks for
#
# A filter of the first layer is a picture of 3×3 colours. Grey ones have no weight: they have died while learning.

# %% [markdown] lang="ko"
# 고양이와 에스프레소는 알아보지만, 우주 비행사는 *북채*라고 하고(ImageNet에는 "사람"이라는 부류가 없습니다), 로켓은 *모스크*라고 합니다.
# 왜 그런지는 노트북 08b에서 알아냅니다.
#
# ## 2. 첫 층이 찾는 것
#
# 첫 층의 필터는 3×3 화소의 컬러 영상입니다. 회색 필터는 가중치가 거의 0입니다. 학습하는 동안 죽은 필터입니다.

# %%
filters = backbone.get_layer("conv1").get_weights()[0].transpose(3, 0, 1, 2)
dead = (np.abs(filters).max(axis=(1, 2, 3)) < 0.01).sum()
labs.show.grid(
    filters, columns=12, title=f"첫 층의 필터 · {len(filters)} filters of conv1, {dead} of them dead"
)

# %% [markdown] lang="en"
# The living ones are edge detectors and colour detectors, as in every CNN. What they answer to the cat are **feature maps**. Deeper
# layers have more and smaller ones; each row shows the eight strongest of a layer.

# %% [markdown] lang="ko"
# 살아 있는 것들은 어느 CNN에서나 볼 수 있는 에지 검출기와 색 검출기입니다. 필터가 고양이에 반응한 결과가 **특징 맵**입니다. 깊은 층일수록
# 수는 많고 크기는 작습니다. 한 줄에 한 층씩, 가장 강한 여덟 장을 보여 줍니다.

# %%
names = [f"conv_pw_{number}_relu" for number in (1, 3, 6, 11, 13)]
shown = []
for name in names:
    maps = explain.activations(model, photos[:1], name)[0].transpose(2, 0, 1)
    shown += [one / one.max() for one in maps[maps.mean(axis=(1, 2)).argsort()[::-1][:8]]]

# %%
titles = [name if column == 0 else "" for name in names for column in range(8)]
labs.show.grid(shown, titles=titles, columns=8)

# %% [markdown] lang="en"
# Lines first, then fur and eyes, at last a few places. A channel laid over the photo as a **mask** tells more than a grey square:
# here are the five channels of a deep layer that answer to the cat and least to the other photographs.

# %% [markdown] lang="ko"
# 처음에는 선, 다음에는 털과 눈, 마지막에는 몇 군데만 남습니다. 채널을 사진 위에 **마스크**로 겹쳐 보면 더 잘 보입니다.
# 깊은 층에서, 다른 사진보다 고양이에 유난히 강하게 반응하는 채널 다섯 개입니다.

# %%
maps = explain.activations(model, photos, "conv_pw_11_relu")
ours = (maps[0].mean(axis=(0, 1)) - maps[1:].mean(axis=(0, 1, 2))).argsort()[::-1][:5]

# %% tags=["cover"]
masks = [cv2.resize(maps[0, ..., channel] / maps[0, ..., channel].max(), (side, side)) for channel in ours]
masked = [np.uint8(photos[0] * (0.1 + 0.9 * mask[..., None])) for mask in masks]
labs.show.grid(masked, titles=[f"channel {channel}" for channel in ours])

# %% [markdown] lang="en"
# One channel has found the eyes, though nobody has ever told the network what an eye is.
#
# ## 3. How much does a position see? And what does it like best?
#
# A position of a feature map sees a window of the picture, its **receptive field**. It grows with each layer: a kernel of $k$ adds
# $(k-1)\cdot j$ pixels, where $j$ is the product of all strides so far, and padding moves its start to the left. We walk through the layers and add
# (Araujo et al., *Computing Receptive Fields*, Distill 2019).

# %% [markdown] lang="ko"
# 한 채널은 눈을 찾아냈습니다. 눈이 무엇인지 아무도 알려 주지 않았는데도 말입니다.
#
# ## 3. 한 자리는 얼마나 넓게 볼까? 무엇을 가장 좋아할까?
#
# 특징 맵의 한 자리는 영상의 창 하나, 곧 **수용 영역**을 봅니다. 층을 지날 때마다 커집니다. 크기가 $k$인 커널은 $(k-1)\cdot j$ 화소를
# 더합니다. $j$는 지금까지의 보폭(stride)을 모두 곱한 값이고, 패딩은 창의 시작을 왼쪽으로 옮깁니다. 층을 따라가며 더해 봅시다
# (Araujo et al., *Computing Receptive Fields*, Distill 2019).


# %%
def receptive_fields(network):
    """{layer: (size, stride, start)}: a position sees `size` pixels, the next one `stride` further, the first from `start` on."""
    size, stride, start, fields = 1, 1, 0, {}
    for layer in network.layers:
        kernel = getattr(layer, "kernel_size", getattr(layer, "pool_size", (1, 1)))[0]
        step, padding = getattr(layer, "strides", (1, 1))[0], getattr(layer, "padding", "valid")
        before = padding[0][0] if isinstance(layer, layers.ZeroPadding2D) else 0
        if padding == "same":
            length = layer.input.shape[1]
            before = max((-(-length // step) - 1) * step + kernel - length, 0) // 2
        start -= before * stride
        size += (kernel - 1) * stride
        stride *= step
        fields[layer.name] = (size, stride, start)
    return fields


# %%
fields = receptive_fields(backbone)
for name in names:
    size, stride, start = fields[name]
    count = backbone.get_layer(name).output.shape[1]
    print(f"{name:16} {count:3} positions a side, {stride:2} pixels apart, each sees {size:3} pixels")

# %% [markdown] lang="en"
# Is that true? A pixel is seen if it has a gradient. We take a position in the middle and ask how far its gradient reaches.

# %% [markdown] lang="ko"
# 정말일까요? 그레이디언트가 있는 화소가 곧 보이는 화소입니다. 가운데 한 자리의 그레이디언트가 어디까지 닿는지 봅시다.

# %%
size, stride, start = fields["conv_pw_6_relu"]
until = keras.Model(backbone.inputs[0], backbone.get_layer("conv_pw_6_relu").output)
noise, middle = tf.random.uniform((1, side, side, 3), -1, 1), until.output.shape[1] // 2
with tf.GradientTape() as tape:
    tape.watch(noise)
    position = tf.reduce_sum(until(noise)[0, middle, middle])
reached = np.flatnonzero(tf.reduce_any(tape.gradient(position, noise) != 0, axis=(0, 2, 3)))
first = start + middle * stride
print(
    f"computed: pixels {max(first, 0)} to {min(first + size, side) - 1}; reached: {reached[0]} to {reached[-1]}"
)

# %% [markdown] lang="en"
# The same. In the full profile the last layer's 315 pixels are more than the picture has: **every position of it may see everything**, which we
# should remember when a heat map is said to show "where". Knowing the window, we can cut out the patches that excite a channel most.
# The pictures are pieces of all open photographs; each row is a channel of `conv_pw_6_relu`.

# %% [markdown] lang="ko"
# 똑같습니다. full 프로파일에서 마지막 층의 315화소는 영상보다 큽니다. **마지막 층의 자리는 어디든 영상 전체를 볼 수 있습니다.** 열지도가 "여기"라고
# 할 때 꼭 기억할 점입니다. 창을 알았으니, 채널을 가장 강하게 자극하는 조각을 오려 낼 수 있습니다.
# 공개 사진을 모두 조각내어 넣었고, 한 줄이 `conv_pw_6_relu`의 채널 하나입니다.

# %%
pieces = []
for photo in map(open_photos.read, open_photos.names()):
    for y, x in np.ndindex(photo.shape[0] // 112, photo.shape[1] // 112):
        pieces.append(cv2.resize(photo[112 * y :, 112 * x :][:112, :112], (side, side)))
pieces = np.stack(pieces[:: labs.profile.choose(full=1, quick=4)])


# %%
def strongest(pictures, maps, field, count):
    """Of the `count` pictures that excite a channel most, what its strongest position sees."""
    size, stride, start = field
    patches = []
    for number in maps.max(axis=(1, 2)).argsort()[::-1][:count]:
        row, column = np.unravel_index(maps[number].argmax(), maps[number].shape)
        y, x = start + stride * row, start + stride * column  # negative in the padding
        patches.append(pictures[number][max(y, 0) : y + size, max(x, 0) : x + size])
    return patches


maps = explain.activations(model, pieces, "conv_pw_6_relu")
channels = maps.max(axis=(1, 2)).std(axis=0).argsort()[::-1][:5]
field = fields["conv_pw_6_relu"]
patches = [patch for channel in channels for patch in strongest(pieces, maps[..., channel], field, 9)]
labs.show.grid(patches, columns=9, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# Each channel has its taste: a colour, a light in the dark, a border, a curve.
#
# ## 4. The same questions to lab 01's network
#
# MobileNet has seen a million photographs. The network of lab 01 is small, was trained in two minutes, and is kept in `saved_models/cifar10`: it reads 32×32 pixels.
# Its first layer was never trained: it was computed, so that its answers to the photographs are uncorrelated (whitening); each filter is there twice, with either sign.

# %% [markdown] lang="ko"
# 채널마다 취향이 있습니다. 어떤 색, 어둠 속의 빛, 경계, 곡선.
#
# ## 4. 실습 01의 신경망에게 같은 질문을
#
# MobileNet은 사진을 백만 장 넘게 보았습니다. 실습 01의 신경망은 작고, 2분 동안 학습했으며, 32×32 화소를 읽습니다. `saved_models/cifar10`에 들어 있습니다.
# 첫 층은 학습한 것이 아니라 계산한 것입니다. 사진에 대한 답들이 서로 상관이 없도록 만든 것(백색화)으로, 필터마다 부호를 바꾼 짝이 하나씩 더 있습니다.

# %%
first = keras.models.load_model("saved_models/cifar10/model.keras")
filters = first.get_layer("whitening").get_weights()[0].transpose(3, 0, 1, 2)
labs.show.grid(filters, columns=12, title=f"백색화 필터 · {len(filters)} whitening filters")

# %% [markdown] lang="en"
# Flat colours first, then edges, then ever finer checks: almost what MobileNet has *learnt*. What do its deeper channels like best? The pictures are the same pieces, at 32×32 pixels; a row for
# each of three layers, from the first pooling to the last ReLU.

# %% [markdown] lang="ko"
# 밋밋한 색에서 시작하여 에지, 점점 더 고운 무늬로 이어집니다. MobileNet이 *학습해서* 얻은 것과 거의 같습니다. 더 깊은 채널은 무엇을 가장 좋아할까요? 같은 조각을 32×32 화소로
# 줄여서 씁니다. 첫 풀링부터 마지막 ReLU까지 세 층을 한 줄씩 봅니다.

# %%
tiny = np.stack([cv2.resize(piece, (32, 32), interpolation=cv2.INTER_AREA) for piece in pieces])
own_fields = receptive_fields(first)
active = [layer.name for layer in first.layers if isinstance(layer, layers.ReLU)]
rows = []
for name in (active[1], active[3], active[-1]):
    maps = explain.activations(first, tiny, name)
    channel = maps.max(axis=(1, 2)).std(axis=0).argmax()
    patches = strongest(tiny, maps[..., channel], own_fields[name], 9)
    rows += [cv2.resize(patch, (64, 64), interpolation=cv2.INTER_NEAREST) for patch in patches]
    print(f"{name:10} sees {own_fields[name][0]:2} pixels; channel {channel}")
labs.show.grid(rows, columns=9, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# The early channel wants a bright spot beside a dark one, the middle one upright bars; the last sees the whole picture and answers to a kind of picture, gravel and grass. *Where* this network looks is a question of its own, since it
# has no global average pooling: notebook 08b, section 5.
#
# ## 5. Neighbours: pixels against features
#
# The average of the last feature maps is a list of numbers for each photo. Which photos are close to each other, in pixels and in features?

# %% [markdown] lang="ko"
# 앞쪽 채널은 어두운 곳 옆의 밝은 점을, 가운데 채널은 세로 막대를 좋아합니다. 마지막 채널은 영상 전체를 보고 자갈과 풀 같은 영상의 종류에 반응합니다. 이 신경망이 *어디를* 보는지는 따로 물어야 할 문제입니다. 전역 평균 풀링이
# 없기 때문입니다. 노트북 08b의 5절에서 다룹니다.
#
# ## 5. 이웃: 화소와 특징
#
# 마지막 특징 맵을 평균하면 사진마다 수의 목록이 하나 나옵니다. 화소로 볼 때와 특징으로 볼 때, 어떤 사진끼리 가까울까요?

# %%
pets = labs.load("cats_vs_dogs", labs.profile.size, side=side, train=1000, test=400)
last = keras.Model(backbone.inputs[0], backbone.get_layer("conv_pw_13_relu").output)
pooled = layers.GlobalAveragePooling2D()(last(labs.backbone.preprocessing("MobileNet")(inputs)))
extractor = keras.Model(inputs, pooled)

# %%
spaces = {
    "pixels": lambda pictures: pictures.reshape(len(pictures), -1).astype("float32"),
    "features": lambda pictures: labs.backbone.features(extractor, pictures),
}

# %% tags=["unpublished"]
for name, numbers in spaces.items():
    neighbours = NearestNeighbors(n_neighbors=5, metric="cosine").fit(numbers(pets.x_train))
    nearest = neighbours.kneighbors(numbers(pets.x_test), return_distance=False)
    print(
        f"{name}: {np.mean(pets.y_train[nearest] == pets.y_test[:, None]):.0%} of 5 neighbours are of the same kind"
    )
    rows = [picture for i in range(3) for picture in (pets.x_test[i], *pets.x_train[nearest[i]])]
    labs.show.grid(rows, titles=["asked", *["neighbour"] * 5] * 3, columns=6, title=name)

# %% [markdown] lang="en"
# In pixels a brown dog on a sofa is next to a brown cat on a sofa; in features the kind counts, and the background hardly. Give the page a
# picture of your own: it shows the feature maps from layer to layer, and its neighbours among pieces of open photographs, both ways.
#
# <!-- live: photo cats_vs_dogs -->
#
# And **the same photo, moved or mirrored**: is it still its own nearest neighbour?

# %% [markdown] lang="ko"
# 화소로 보면 소파 위의 갈색 개는 소파 위의 갈색 고양이와 이웃입니다. 특징으로 보면 배경이 아니라 종류가 중요합니다. 여러분의
# 사진을 넣어 보세요. 층마다의 특징 맵과, 공개 사진의 조각 가운데 가까운 이웃을 두 가지 방법으로 보여 줍니다.
#
# <!-- live: photo cats_vs_dogs -->
#
# 그렇다면 **같은 사진을 옮기거나 뒤집으면** 여전히 자기 자신이 가장 가까운 이웃일까요?

# %%
some = pets.x_test[:100]
changes = {
    "mirrored": some[:, :, ::-1],
    "moved by an eighth": np.roll(some, side // 8, axis=2),
    "half as bright": some // 2,
}
for change, pictures in changes.items():
    print(f"{change:20}", end="")
    for name, numbers in spaces.items():
        nearest = NearestNeighbors(n_neighbors=1, metric="cosine").fit(numbers(pets.x_test))
        own = nearest.kneighbors(numbers(pictures), return_distance=False)[:, 0] == np.arange(100)
        print(f"{name} {own.mean():5.0%}   ", end="")
    print()

# %% [markdown] lang="en"
# ## 6. A map of the space: PCA and t-SNE
#
# Lab 05's network reads digits (`saved_models/mnist`); the 64 numbers before its last layer are its features. **PCA** draws the two directions in which they differ
# most. **t-SNE** tries to keep neighbours together: *perplexity* says how many neighbours each point cares for.

# %% [markdown] lang="ko"
# ## 6. 공간의 지도: PCA와 t-SNE
#
# 실습 05의 신경망(`saved_models/mnist`)은 숫자를 읽습니다. 마지막 층 바로 앞의 수 64개가 그 특징입니다. **PCA**는 가장 많이 달라지는 두 방향을 그립니다.
# **t-SNE**는 이웃을 함께 두려고 합니다. *perplexity*는 점마다 이웃을 몇이나 챙길지를 정합니다.

# %%
digits = labs.load("mnist", labs.profile.size)
reader = keras.models.load_model("saved_models/mnist/model.keras")
few = labs.profile.choose(full=1000, quick=150)
some, truth = digits.x_test[:few], digits.y_test[:few]
before_last = keras.Model(reader.inputs[0], reader.layers[-2].output)
points = {"pixels": some.reshape(few, -1) / 255, "features": before_last.predict(some, verbose=0)}

# %%
drawn = [(name, "PCA", PCA(2)) for name in points]
drawn += [("pixels", "t-SNE, 30", TSNE(perplexity=30, random_state=8))]
drawn += [("features", f"t-SNE, {p}", TSNE(perplexity=p, random_state=8)) for p in (5, 30, 100)]
with threadpool_limits(1):  # its threads wait for each other longer than they work
    flat = [projection.fit_transform(points[name]) for name, _, projection in drawn]

# %%
figure, panels = plt.subplots(2, 3, figsize=(9, 6), layout="constrained")
for axes, place, (name, method, _) in zip(panels.flat, flat, drawn, strict=True):
    axes.scatter(*place.T, c=truth, cmap="tab10", s=3)
    axes.set(title=f"{name}, {method}", xticks=[], yticks=[])
    for digit in range(10):
        axes.text(*np.median(place[truth == digit], axis=0), digit, fontsize=12)
plt.show()

# %% [markdown] lang="en"
# t-SNE's islands look convincing, but **their sizes and the distances between them mean nothing**: with another perplexity they lie elsewhere. So
# is it true, as the notes say, that 3, 5 and 8 are close together? We do not look at the picture, we measure: the distance between the
# means of two digits, in the space itself, as a rank among all 45 pairs.

# %% [markdown] lang="ko"
# t-SNE의 섬들은 그럴듯하지만 **섬의 크기와 섬 사이의 거리에는 뜻이 없습니다.** perplexity를 바꾸면 다른 자리로 갑니다. 그렇다면 교재의 말처럼
# 3, 5, 8은 정말 가까이 있을까요? 그림을 보지 말고 재어 봅시다. 원래 공간에서 두 숫자의 평균 사이의 거리를 구하여, 45쌍 가운데 몇 번째로
# 가까운지 봅니다.

# %%
for name, numbers in points.items():
    means = [numbers[truth == digit].mean(axis=0) for digit in range(10)]
    distance = {(a, b): np.linalg.norm(means[a] - means[b]) for a, b in combinations(range(10), 2)}
    order = sorted(distance, key=distance.get)
    print(
        f"{name:9}",
        *(f"{a}-{b} is {order.index((a, b)) + 1}." for a, b in [(3, 5), (3, 8), (5, 8)]),
        "nearest:",
        order[:3],
    )

# %% [markdown] lang="en"
# True for pixels (all three among the nearest five of 45), less so for the features, where training has pushed apart what it has to tell apart. And
# 4, 7 and 9 are closer still.
#
# ## 7. What does it remember of a cat?
#
# Turn the question round: which picture $I$ would make the score $S_c$ as large as possible? **Gradient ascent** on the pixels (Simonyan et al., 2014):
#
# $$\hat I = \arg\max_I \; S_c(I) - \lambda \lVert I - 128 \rVert_2^2$$
#
# $S_c$ is the score *before* the softmax: a probability of 100 % has no gradient left. The regulariser $\lambda$ keeps the pixels from running away;
# **jitter** moves the picture before each step and **blur** smooths it now and then, for both take away what only one pixel more or less would give.

# %% [markdown] lang="ko"
# 화소에서는 맞는 말입니다(셋 다 45쌍 가운데 5위 안). 특징에서는 덜 그렇습니다. 구별해야 하는 것들을 학습이 밀어 놓았기 때문입니다. 그리고
# 4, 7, 9가 더 가깝습니다.
#
# ## 7. 고양이를 어떻게 기억하고 있을까?
#
# 질문을 뒤집어 봅시다. 점수 $S_c$를 가장 크게 만드는 영상 $I$는 무엇일까요? 화소에 대한 **경사 상승법**입니다(Simonyan et al., 2014).
#
# $$\hat I = \arg\max_I \; S_c(I) - \lambda \lVert I - 128 \rVert_2^2$$
#
# $S_c$는 소프트맥스 *이전*의 점수입니다. 확률이 100 %가 되면 그레이디언트가 남지 않기 때문입니다. 규제 항 $\lambda$는 화소 값이 멀리 달아나지 않게 하고,
# **흔들기**(jitter)는 걸음마다 영상을 조금 옮기며, **흐리기**(blur)는 가끔 영상을 부드럽게 합니다. 둘 다 화소 하나 차이로만 얻는 점수를 없애 줍니다.


# %%
@tf.function(autograph=False)
def gradient(picture, label, decay):
    with tf.GradientTape() as tape:
        tape.watch(picture)
        wanted = explain.score(model, picture, label)[0] - decay * tf.reduce_sum((picture - 128) ** 2)
    return tape.gradient(wanted, picture)


def imagine(label, start, decay=0.0, jitter=0, blur=0.0):
    steps = labs.profile.choose(full=128, quick=4)
    draw, picture = np.random.default_rng(8), np.full((1, side, side, 3), start, "float32")
    for step in range(steps):
        there = draw.integers(-jitter, jitter + 1, 2)
        slope = gradient(np.roll(picture, there, (1, 2)), tf.constant(label), tf.constant(decay))
        slope = np.roll(slope, -there, (1, 2))
        picture = np.clip(picture + np.float32(6 / slope.std()) * slope, 0, 255)
        if blur and step % 4 == 0 and step < steps - 10:
            picture[0] = cv2.GaussianBlur(picture[0], (0, 0), blur)
    return np.uint8(picture[0])


# %%
cat, coffee = int(said[0]), int(said[1])
noise = np.random.default_rng(8).uniform(0, 255, (side, side, 3))
steady = {"jitter": side // 14, "blur": 0.8}
imagined = [imagine(cat, 128), imagine(cat, 128, decay=3e-6), imagine(cat, 128, **steady)]
imagined += [imagine(cat, noise, **steady), imagine(cat, 0, **steady), imagine(coffee, 128, **steady)]

# %%
titles = ["grey, nothing else", "λ", "jitter, blur", "from noise", "from black", labels[coffee]]
scores = [
    *explain.score(model, imagined[:5], cat).numpy(),
    *explain.score(model, imagined[5:], coffee).numpy(),
]
titles = [f"{title}\nscore {score:.0f}" for title, score in zip(titles, scores, strict=True)]
labs.show.grid(imagined, titles=titles, columns=3)

# %% [markdown] lang="en"
# Without any help the picture is noise to us and has the **highest score of all**: the network is surer of it than of any cat. This is the first
# hint that it sees something else than we do. With jitter and blur appear spotted fur, ears and eyes, many times over and anywhere: the network remembers parts,
# not one cat, and hardly cares how they are arranged.

# %% [markdown] lang="ko"
# 아무 도움 없이 만든 영상은 우리 눈에는 잡음인데 **점수가 가장 높습니다**. 신경망은 어떤 고양이보다 이 잡음을 더 확신합니다. 신경망이 우리와 다른 것을
# 본다는 첫 번째 증거입니다. 흔들고 흐리면 점박이 털과 귀와 눈이 여기저기 여러 번 나타납니다. 신경망이 기억하는 것은 고양이 한 마리가 아니라
# 부분들이고, 어떻게 놓여 있는지는 거의 따지지 않습니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1. Find the channel that finds eyes.** The cat's eyes are 3/8 down from the top, about 3/10 and 8/10 from the left. Which channel of
# `conv_pw_11_relu` is strong at both and weak elsewhere? Then see what excites it among the pets.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 눈을 찾는 채널을 찾으세요.** 고양이의 눈은 위에서 3/8, 왼쪽에서 약 3/10과 8/10 되는 곳에 있습니다. `conv_pw_11_relu`의 채널 가운데 두 곳에서는 강하고 다른
# 곳에서는 약한 것은 무엇일까요? 그 채널을 자극하는 조각을 애완동물 사진에서 찾아보세요.

# %% tags=["exercise", "unpublished"]
maps = explain.activations(model, photos[:1], "conv_pw_11_relu")[0]
place = len(maps)
# solution
eyes = np.minimum(maps[place * 3 // 8, place * 3 // 10], maps[place * 3 // 8, place * 8 // 10])
channel = int((eyes - 2 * maps.mean(axis=(0, 1))).argmax())
# end solution
print("channel", channel)
maps = explain.activations(model, pets.x_test[:100], "conv_pw_11_relu")[..., channel]
labs.show.grid(strongest(pets.x_test, maps, fields["conv_pw_11_relu"], 8), columns=8)

# %% [markdown] lang="en"
# **2.** Is a photo that was **turned** by 90 degrees still its own nearest neighbour in the space of features? Measure it as in section 5.

# %% [markdown] lang="ko"
# **2.** 90도 **돌린** 사진도 특징 공간에서 여전히 자기 자신이 가장 가까운 이웃일까요? 5절처럼 재어 보세요.

# %% tags=["exercise"]
known = spaces["features"](pets.x_test)
# solution
turned = spaces["features"](np.rot90(pets.x_test[:100], axes=(1, 2)))
nearest = NearestNeighbors(n_neighbors=1, metric="cosine").fit(known)
own = nearest.kneighbors(turned, return_distance=False)[:, 0] == np.arange(100)
# end solution
print(f"turned: {own.mean():.0%}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `DataUnavailable` for the weights | A network once, or `LABS_DATA` with a folder `models`, or `LABS_PROFILE=quick` |
# | `There is no layer ...` | The sentence names some; `list(explain.layer_names(model))` names all |
# | Gradient ascent gives noise | More jitter and blur, a smaller step |
# | t-SNE takes minutes | Fewer points, PCA to 50 numbers first, `threadpool_limits(1)` |
#
# ## What to remember
#
# - A filter of the first layer is a picture; deeper channels have a taste, and the patches they like best show it.
# - A position sees its receptive field, which can be computed; late ones see the whole picture.
# - In the space of features things of one kind are neighbours, wherever they stand in the picture.
# - t-SNE shows who is together, not how far apart: measure in the space itself.
# - What the network likes best of all is nothing that we would call a cat.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 가중치에서 `DataUnavailable` | 인터넷을 한 번 연결하거나, `models` 폴더가 있는 `LABS_DATA`를 쓰거나, `LABS_PROFILE=quick`으로 합니다 |
# | `There is no layer ...` | 문장에 몇 개가 나옵니다. 모두 보려면 `list(explain.layer_names(model))`를 씁니다 |
# | 경사 상승의 결과가 잡음이다 | 더 흔들고 더 흐리게 하고, 걸음을 줄입니다 |
# | t-SNE가 몇 분씩 걸린다 | 점을 줄이고, PCA로 50개까지 줄이고, `threadpool_limits(1)`을 씁니다 |
#
# ## 정리
#
# - 첫 층의 필터는 영상이고, 깊은 층의 채널에는 취향이 있습니다. 가장 좋아하는 조각을 보면 알 수 있습니다.
# - 자리는 수용 영역을 보며, 그 크기는 계산할 수 있습니다. 깊은 층의 자리는 영상 전체를 봅니다.
# - 특징 공간에서는 같은 종류끼리 이웃입니다. 영상 어디에 있든 상관없습니다.
# - t-SNE는 누가 함께 있는지를 보여 줄 뿐 얼마나 떨어져 있는지는 보여 주지 않습니다. 원래 공간에서 재세요.
# - 신경망이 가장 좋아하는 영상은 우리가 고양이라고 부를 만한 것이 아닙니다.
