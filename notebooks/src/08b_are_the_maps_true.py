# ---
# title:
#   en: Where a CNN looks, and whether the maps are true
#   ko: CNN은 어디를 보는가, 그 그림은 참인가
# minutes: 8
# data:
#   en: four open photographs, 1,400 photos of cats and dogs, MNIST
#   ko: 공개 사진 네 장, 고양이와 개 사진 1,400장, MNIST
# accuracy:
#   en: a box by a network that never saw one overlaps the true box by about 0.5 (IoU); a cheating network falls from 96 to 99 % to a coin's throw
#   ko: 상자를 배운 적 없는 신경망의 상자가 정답과 IoU 0.5쯤 겹치고, 속임수를 쓴 신경망은 96~99 %에서 동전 던지기로 떨어짐
# seed: 8
# ---

# %% [markdown] lang="en"
# There are a dozen methods that show with a colourful picture where a network looks, and
# **a colourful picture convinces whether it is true or not**. In this notebook we
#
# - ask in every way there is: occlusion, saliency, three rules for ReLU, CAM, Grad-CAM, and draw boxes that nobody has taught;
# - **test whether these maps are true**, and find some that are not;
# - ask "why not a missile?", fool the network with a change nobody sees, and catch a network that cheats;
# - write Grad-CAM's derivative out as operations, so that it runs where no gradient exists: in OpenCV, ONNX Runtime, the browser.

# %% [markdown] lang="ko"
# 신경망이 어디를 보는지 알록달록한 그림으로 보여 주는 방법은 열 가지가 넘습니다. 그런데
# **알록달록한 그림은 참이든 거짓이든 그럴듯해 보입니다.** 이 노트북에서는
#
# - 있는 방법을 모두 써서 묻습니다. 가림, 현저성 맵, ReLU의 세 가지 역전파 규칙, CAM, Grad-CAM. 아무도 가르치지 않은 상자도 그려 봅니다.
# - **그 그림이 참인지 시험**하고, 참이 아닌 것을 찾아냅니다.
# - "왜 미사일이 아니지?"라고 묻고, 눈에 보이지 않는 변화로 신경망을 속이고, 속임수를 쓰는 신경망을 잡아냅니다.
# - Grad-CAM의 미분을 연산으로 풀어 써서 그레이디언트가 없는 곳, 곧 OpenCV, ONNX Runtime, 브라우저에서도 돌립니다.

# %%
from itertools import combinations

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from scipy.stats import spearmanr

import labs
from labs import explain
from labs.data import open_photos

# %% [markdown] lang="en"
# ## 1. The network and four photographs
#
# As in the first half: the network is lab 03's MobileNet with its 1,000 classes, preprocessing inside. In the quick profile it is a small stand-in that knows
# drawn emoji only, so that its answers mean nothing there; the methods are the same.

# %% [markdown] lang="ko"
# ## 1. 신경망과 사진 네 장
#
# 전반부와 같습니다. 실습 03의 MobileNet에 전처리를 넣어 1,000개 부류를 그대로 씁니다. quick 프로파일에서는 이모지 그림만 아는 작은 대용 신경망을 쓰므로
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
# ## 2. Where does it look? Cover it up
#
# The simplest question: what if this could not be seen? **Occlusion** (Zeiler & Fergus, 2014) moves a grey square over the picture and notes how
# much the probability falls. It needs nothing but answers, so it works for any network in any runtime, but hundreds of answers a picture.

# %% [markdown] lang="ko"
# ## 2. 어디를 볼까? 가려 보기
#
# 가장 단순한 질문입니다. 여기가 보이지 않으면 어떻게 될까? **가림**(occlusion, Zeiler & Fergus, 2014)은 회색 사각형을 옮겨 가며 확률이 얼마나
# 떨어지는지 적습니다. 답만 있으면 되므로 어떤 신경망에도, 어떤 실행 환경에서도 쓸 수 있지만 영상 한 장에 수백 번 물어야 합니다.

# %% tags=["cover"]
covered = explain.occlusion(model, photos, said, size=side // 7, stride=side // 14)
titles = [labels[label] for label in said]
labs.show.grid(explain.overlay(photos, covered), titles=titles, columns=4, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# The nose of the cat, the coffee in the cup, and for the *mosque* the two towers to the left and right of the rocket: it takes them for minarets!
#
# ## 3. Gradients: three rules for one ReLU
#
# A gradient asks all pixels at once: how much would the score change if this pixel changed a little? Its magnitude is the **saliency map**. It
# looks like noise, and two other rules were proposed for the way back through $y = \max(x, 0)$, where $g$ comes from above:
#
# | | goes back | idea |
# |---|---|---|
# | backpropagation | $g \cdot [x > 0]$ | the true gradient (Simonyan et al., 2014) |
# | deconvnet | $\max(g, 0)$ | only what helps (Zeiler & Fergus, 2014) |
# | guided | $\max(g, 0) \cdot [x > 0]$ | both (Springenberg et al., 2015) |
#
# In TensorFlow each is a `tf.custom_gradient` of one line (`labs/explain/rules.py`). **SmoothGrad** averages the true gradient over noisy copies (Smilkov et al., 2017).

# %% [markdown] lang="ko"
# 고양이의 코, 잔 속의 커피, 그리고 *모스크*라고 한 까닭은 로켓 양쪽의 탑 두 개입니다. 그것을 첨탑으로 본 것입니다!
#
# ## 3. 그레이디언트: ReLU 하나에 규칙 세 가지
#
# 그레이디언트는 모든 화소에 한꺼번에 묻습니다. 이 화소가 조금 달라지면 점수가 얼마나 달라지는가? 그 크기가 **현저성 맵**(saliency map)입니다. 잡음처럼
# 보이기 때문에, $y = \max(x, 0)$을 거슬러 올라가는 다른 규칙 두 가지가 제안되었습니다. $g$는 위에서 내려온 값입니다.
#
# | | 내려보내는 값 | 생각 |
# |---|---|---|
# | 역전파 | $g \cdot [x > 0]$ | 진짜 그레이디언트 (Simonyan et al., 2014) |
# | deconvnet | $\max(g, 0)$ | 도움이 되는 것만 (Zeiler & Fergus, 2014) |
# | guided | $\max(g, 0) \cdot [x > 0]$ | 둘 다 (Springenberg et al., 2015) |
#
# TensorFlow에서는 `tf.custom_gradient` 한 줄씩입니다(`labs/explain/rules.py`). **SmoothGrad**는 잡음을 섞은 여러 장의 진짜 그레이디언트를 평균합니다(Smilkov et al., 2017).


# %%
def smooth_grad(model, pictures, label):
    draw, total = np.random.default_rng(8), 0
    for _ in range(labs.profile.choose(full=16, quick=2)):
        noisy = pictures + draw.normal(0, 0.15 * 255, pictures.shape)
        total = total + explain.backprop(model, noisy, label)
    return np.abs(total).max(axis=-1)


methods = {
    "saliency": explain.saliency,
    "SmoothGrad": smooth_grad,
    "deconvnet": lambda *asked: np.abs(explain.backprop(*asked, "deconvnet")).max(axis=-1),
    "guided": lambda *asked: np.abs(explain.backprop(*asked, "guided")).max(axis=-1),
}

# %%
maps = {name: method(model, photos, said) for name, method in methods.items()}
scaled = {name: one / np.percentile(one, 99.5, axis=(1, 2), keepdims=True) for name, one in maps.items()}
scaled = {name: one.clip(0, 1) for name, one in scaled.items()}
labs.show.grid([one[i] for i in (0, 1) for one in scaled.values()], titles=[*maps, *maps], columns=8)

# %% [markdown] lang="en"
# Guided backpropagation draws eyes and nose beautifully. The deconvnet draws a grid: that is the pattern of MobileNet's strides, the same for a cat and a cup. Which of
# these is *true* we ask in section 7.
#
# ## 4. CAM and Grad-CAM
#
# If after the last feature maps $A^k$ come only an average over the $Z$ places and weights $w_k^c$, average and sum may change places:
#
# $$S_c = b_c + \sum_k w^c_k \frac1Z \sum_{i,j} A^k_{ij} = b_c + \frac1Z \sum_{i,j} \underbrace{\sum_k w^c_k A^k_{ij}}_{\text{CAM}_{ij}}$$
#
# What stands before averaging says what each place adds: the **class activation map** (Zhou et al., 2016). That is why CAM *needs* global average pooling.
# **Grad-CAM** (Selvaraju et al., 2017) needs none: it takes the mean gradient as the weight, $\alpha_k = \frac1Z \sum_{ij} \partial S_c / \partial A^k_{ij}$,
# and keeps what is positive. After global pooling that gradient is just $w_k^c / Z$. By hand it is five lines.

# %% [markdown] lang="ko"
# guided 역전파는 눈과 코를 아주 곱게 그립니다. deconvnet은 격자를 그리는데, MobileNet의 보폭이 만드는 무늬로서 고양이나 잔이나 똑같습니다. 이 가운데 무엇이
# *참*인지는 7절에서 묻습니다.
#
# ## 4. CAM과 Grad-CAM
#
# 마지막 특징 맵 $A^k$ 뒤에 $Z$개 자리의 평균과 가중치 $w_k^c$만 있다면, 평균과 합의 순서를 바꿀 수 있습니다.
#
# $$S_c = b_c + \sum_k w^c_k \frac1Z \sum_{i,j} A^k_{ij} = b_c + \frac1Z \sum_{i,j} \underbrace{\sum_k w^c_k A^k_{ij}}_{\text{CAM}_{ij}}$$
#
# 평균하기 전의 값이 자리마다 얼마를 보태는지 알려 줍니다. 이것이 **클래스 활성화 맵**입니다(Zhou et al., 2016). 그래서 CAM에는 전역 평균 풀링이 *꼭* 있어야 합니다.
# **Grad-CAM**(Selvaraju et al., 2017)은 그럴 필요가 없습니다. 그레이디언트의 평균 $\alpha_k = \frac1Z \sum_{ij} \partial S_c / \partial A^k_{ij}$를 가중치로 삼고
# 양수만 남깁니다. 전역 평균 풀링 뒤에서는 이 그레이디언트가 바로 $w_k^c / Z$입니다. 손으로 쓰면 다섯 줄입니다.

# %%
prepared = labs.backbone.preprocessing("MobileNet")(photos.astype("float32"))
features = backbone.get_layer("conv_pw_13_relu").output
until_scores = keras.Model(backbone.inputs[0], [features, backbone.layers[-2].output])

# %% [markdown] lang="en"
# **Exercise 1.** The scores of the labels that were `said` are `wanted`. Compute `by_hand`, Grad-CAM's coarse maps (4, places, places).

# %% [markdown] lang="ko"
# **연습 1.** `wanted`는 `said` 부류의 점수입니다. Grad-CAM의 거친 맵 `by_hand`(4, 자리, 자리)를 구하세요.

# %% tags=["exercise"]
with tf.GradientTape() as tape:
    features, scores = until_scores(prepared)
    wanted = tf.gather(scores, said, axis=1, batch_dims=1)  # before the softmax
# solution
alpha = tf.reduce_mean(tape.gradient(wanted, features), axis=(1, 2), keepdims=True)
by_hand = tf.nn.relu(tf.reduce_sum(alpha * features, axis=-1)).numpy()
# end solution

# %%
ours = explain.grad_cam(model, photos, said, enlarge=False)
cam = explain.cam(model, photos, said, enlarge=False)
print(f"by hand and labs.explain differ by {np.abs(by_hand - ours).max():.0e}")
positive = np.maximum(cam, 0) / cam[0].size
print(f"CAM's positive part over Z and Grad-CAM differ by {np.abs(positive - ours).max():.0e}")

# %% [markdown] lang="en"
# On this network the two are one. Grad-CAM can be asked of **any layer**: early ones are fine and say little about the class, late ones are coarse and
# say more. **Guided Grad-CAM** multiplies guided backpropagation with it: the lines of the one, the place of the other.

# %% [markdown] lang="ko"
# 이 신경망에서는 둘이 같습니다. Grad-CAM은 **어느 층에나** 물을 수 있습니다. 앞쪽 층은 세밀하지만 부류에 대해 말해 주는 것이 적고, 뒤쪽 층은 거칠지만
# 더 많이 말해 줍니다. **guided Grad-CAM**은 guided 역전파에 Grad-CAM을 곱합니다. 선은 앞의 것에서, 자리는 뒤의 것에서 옵니다.

# %%
depths = labs.profile.choose(full=(3, 6, 11, 13), quick=(3, 13))
names = [f"conv_pw_{number}_relu" for number in depths]
rows = [explain.overlay(photos, explain.grad_cam(model, photos, said, name)) for name in names]
guided = explain.backprop(model, photos, said, "guided") * explain.grad_cam(model, photos, said)[..., None]

# %%
bright = np.percentile(np.abs(guided), 99.8, axis=(1, 2, 3), keepdims=True)
rows += [np.uint8(128 + 127 * (guided / bright).clip(-1, 1))]
titles = [name for name in [*names, "guided Grad-CAM"] for _ in range(2)]
labs.show.grid([row[i] for row in rows for i in (0, 1)], titles=titles, columns=5)

# %% [markdown] lang="en"
# ## 5. Lab 01's network has no global average
#
# It halves its pictures by **max pooling** and ends in Flatten and one dense layer. What becomes of the derivation above?
#
# - Max pooling *before* the last feature maps changes nothing: the derivation starts behind them.
# - Flatten keeps the places apart, so each has weights of its own: $S_c = b_c + \sum_{ij} \sum_k w^c_{ijk} A^k_{ij}$. There **is** an exact map, better than a CAM, but not
#   with one weight a channel.
# - Grad-CAM averages the gradient over the places, $\alpha_k = \frac1Z \sum_{ij} w^c_{ijk}$, and so forgets where a channel counts: it is an **approximation** here.
# - With a global *maximum* in place of the average only the strongest place of each channel would reach the score, and the sum could not change places with it: no CAM.
#
# The pictures are drawings and open photographs; CIFAR-10's own may not be published.

# %% [markdown] lang="ko"
# ## 5. 실습 01의 신경망에는 전역 평균이 없다
#
# 이 신경망은 **최대 풀링**으로 영상을 반씩 줄이고, 펼치기(Flatten)와 완전연결층 하나로 끝납니다. 위의 유도는 어떻게 될까요?
#
# - 마지막 특징 맵 *이전*의 최대 풀링은 상관없습니다. 유도는 그 뒤에서 시작하기 때문입니다.
# - 펼치기는 자리를 구별하므로 자리마다 가중치가 따로 있습니다. $S_c = b_c + \sum_{ij} \sum_k w^c_{ijk} A^k_{ij}$. 정확한 맵이 **있고**, CAM보다도 자세합니다. 다만 채널마다
#   가중치가 하나인 것은 아닙니다.
# - Grad-CAM은 그레이디언트를 자리에 대해 평균하므로($\alpha_k = \frac1Z \sum_{ij} w^c_{ijk}$) 채널이 어느 자리에서 중요한지 잊습니다. 여기에서는 **근사**입니다.
# - 평균 대신 전역 *최댓값*을 썼다면 채널마다 가장 강한 자리만 점수에 닿고, 합과 순서를 바꿀 수 없습니다. CAM은 없습니다.
#
# CIFAR-10의 사진은 게시할 수 없으므로 그림과 공개 사진을 씁니다.

# %%
first = keras.models.load_model("saved_models/cifar10/model.keras")
things = (saved := labs.load("cifar10", "sample")).labels
small = np.stack([cv2.resize(photo, (32, 32), interpolation=cv2.INTER_AREA) for photo in photos[[0, 3]]])
small = np.concatenate([small, saved.x_test[:4]])
guessed = first.predict(small, verbose=0).argmax(axis=1)

# %%
last_maps = explain.activations(first, small)
weights, bias = first.layers[-1].get_weights()
weights = weights.reshape(*last_maps.shape[1:], -1)
exact = np.stack([(one * weights[..., c]).sum(axis=-1) for one, c in zip(last_maps, guessed, strict=True)])
apart = exact.sum(axis=(1, 2)) + bias[guessed] - explain.score(first, small, guessed)
approximate = explain.grad_cam(first, small, guessed, enlarge=False)
print(f"the exact map and the bias differ from the score by {np.abs(apart).max():.0e}")
alike = [spearmanr(*pair, axis=None).statistic for pair in zip(exact, approximate, strict=True)]
print("rank correlation of the exact map with Grad-CAM:", *(f"{one:.2f}" for one in alike))
rows = [small]
for coarse in (exact, approximate):
    rows.append(explain.overlay(small, np.stack([cv2.resize(one, (32, 32)) for one in coarse])))
titles = [f"{name}{things[c]}" for name in ("", "exact: ", "Grad-CAM: ") for c in guessed]
labs.show.grid(np.concatenate(rows), titles=titles, columns=6)

# %% [markdown] lang="en"
# The two agree by 0.05 to 0.7 (rank correlation): on this network Grad-CAM is a rough guess. The derivation says which map to believe before any picture is looked at. A method's name on a picture says nothing without the network it was used on.
#
# ## 6. A box that nobody has taught
#
# If a map shows where, it can draw a box around the thing: **weakly supervised localisation**. To measure it we need true boxes, so we lose digits in
# clutter ourselves. The network below learns only *which* digit there is, never where.

# %% [markdown] lang="ko"
# 두 맵의 순위 상관은 0.05~0.7입니다. 이 신경망에서 Grad-CAM은 어림일 뿐입니다. 어느 맵을 믿어야 하는지는 그림을 보기 전에 유도가 알려 줍니다. 어떤 신경망에 썼는지를 모르면 방법의 이름만으로는 아무것도 알 수 없습니다.
#
# ## 6. 아무도 가르치지 않은 상자
#
# 맵이 어디인지를 보여 준다면 물체에 상자도 칠 수 있습니다. **약한 지도에 의한 위치 찾기**입니다. 재려면 정답 상자가 필요하므로, 숫자를 잡동사니 속에
# 직접 숨깁니다. 아래 신경망은 *무슨* 숫자인지만 배우고, 어디에 있는지는 배우지 않습니다.


# %%
def lost(digits, count, seed):
    draw, pictures = np.random.default_rng(seed), np.zeros((count, 64, 64, 1), "uint8")
    chosen, boxes = draw.integers(0, len(digits), count), []
    for picture, number in zip(pictures, chosen, strict=True):
        for other in digits[draw.integers(0, len(digits), 6)]:  # bits of other digits
            y, x = draw.integers(0, 56, 2)
            picture[y : y + 8, x : x + 8] |= other[10:18, 10:18]
        y, x = draw.integers(0, 37, 2)
        picture[y : y + 28, x : x + 28] |= digits[number]
        left, top, width, height = cv2.boundingRect(digits[number])
        boxes.append((x + left, y + top, x + left + width, y + top + height))
    return pictures, chosen, np.array(boxes)


# %%
digits = labs.load("mnist", labs.profile.size)
x_lost, chosen, _ = lost(digits.x_train, labs.profile.choose(full=10_000, quick=200), seed=8)
stack = [keras.Input((64, 64, 1)), layers.Rescaling(1 / 255)]
stack += [layers.Conv2D(16, 5, 2, padding="same", activation="relu"), layers.MaxPooling2D()]
for filters in (48, 64):
    stack += [layers.Conv2D(filters, 3, padding="same", use_bias=False)]
    stack += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
stack += [layers.MaxPooling2D(), layers.Conv2D(64, 3, padding="same", activation="relu")]
finder = keras.Sequential([*stack, layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")])
finder.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
_ = finder.fit(x_lost, digits.y_train[chosen], 64, labs.profile.choose(full=4, quick=1), verbose=0)


# %% [markdown] lang="en"
# **Exercise 2.** Two boxes (x0, y0, x1, y1) agree by their **intersection over union**. Write it.

# %% [markdown] lang="ko"
# **연습 2.** 두 상자 (x0, y0, x1, y1)가 얼마나 맞는지는 **교집합 나누기 합집합**(IoU)으로 잽니다. 작성하세요.


# %% tags=["exercise"]
def iou(one, other):
    # solution
    common = np.prod(np.maximum(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0))
    return common / (np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]) - common)
    # end solution


# %% [markdown] lang="en"
# The box stands around the largest connected part of the map above a share of its maximum (Zhou et al., 2016, section 3.2).

# %% [markdown] lang="ko"
# 상자는 맵에서 최댓값의 일정 비율을 넘는 곳 가운데 이어져 있는 가장 큰 부분에 칩니다(Zhou et al., 2016, 3.2절).


# %%
x_find, chosen, boxes = lost(digits.x_test, labs.profile.choose(full=500, quick=60), seed=9)
truth = digits.y_test[chosen]
heat = explain.grad_cam(finder, x_find, truth)
print(f"{finder.evaluate(x_find, truth, verbose=0)[1]:.0%} of the lost digits read")


def box_around(heat, share):
    _, _, facts, _ = cv2.connectedComponentsWithStats(np.uint8(heat >= share * heat.max()))
    x, y, width, height, _ = max(facts[1:], key=lambda part: part[cv2.CC_STAT_AREA])
    return np.array([x, y, x + width, y + height])


for share in (0.2, 0.4, 0.6):
    found = [box_around(one, share) for one in heat]
    overlaps = np.array([iou(one, box) for one, box in zip(found, boxes, strict=True)])
    print(
        f"box above {share:.0%} of the maximum: mean IoU {overlaps.mean():.2f}, {np.mean(overlaps > 0.5):.0%} over 0.5"
    )
middle = np.mean([iou(np.array([18, 18, 46, 46]), box) for box in boxes])
print(f"always the middle: mean IoU {middle:.2f}")

# %%
framed = explain.overlay(x_find[:6], heat[:6])
for picture, one, box in zip(framed, heat, boxes, strict=False):
    for corners, colour in ((box_around(one, 0.4), (255, 255, 255)), (box, (0, 255, 0))):
        cv2.rectangle(picture, corners[:2].tolist(), (corners[2:] - 1).tolist(), colour)
labs.show.grid(framed, columns=6, title="흰색: 맵, 초록: 정답 · white: from the map, green: the truth")

# %% [markdown] lang="en"
# The boxes are too large, as the map has only 8×8 places, but far better than always guessing the middle, without a single box to learn from. Real detectors (lab 12) learn from boxes and do better.
#
# ## 7. Are they true?
#
# **First test: does the map depend on what was learnt?** We shuffle the weights, layer by layer from the top (Adebayo et al., 2018). A network whose
# last layers are noise knows nothing of cats, so its map has to change. The number is Spearman's rank correlation with the map before: 1 means *nothing has changed*.

# %% [markdown] lang="ko"
# 맵이 8×8칸뿐이어서 상자가 조금 크지만, 상자를 하나도 배우지 않고도 늘 가운데를 찍는 것보다 훨씬 낫습니다. 진짜 검출기(실습 12)는 상자로 배우므로 더 잘합니다.
#
# ## 7. 참일까?
#
# **첫 번째 시험: 배운 것에 따라 맵이 달라지는가?** 맨 위 층부터 가중치를 뒤섞습니다(Adebayo et al., 2018). 마지막 층들이 잡음인 신경망은 고양이를
# 모르므로 맵도 달라져야 합니다. 수는 뒤섞기 전 맵과의 스피어만 순위 상관입니다. 1이면 *아무것도 달라지지 않은 것*입니다.

# %%
methods |= {"Grad-CAM": explain.grad_cam}
methods["guided Grad-CAM"] = lambda *asked: methods["guided"](*asked) * methods["Grad-CAM"](*asked)
maps |= {name: method(model, photos, said) for name, method in methods.items() if name not in maps}
weighted = [layer for layer in backbone.layers if layer.weights][::-1]  # the last first
learnt = [layer.get_weights() for layer in weighted]


# %%
def shuffle(count):
    draw = np.random.default_rng(8)
    for number, (layer, weights) in enumerate(zip(weighted, learnt, strict=True)):
        mixed = [draw.permutation(one.ravel()).reshape(one.shape) for one in weights]
        layer.set_weights(mixed if number < count else weights)


def agreement(one, other):
    """Spearman's rank correlation of two maps on 14 x 14 places, so that fine lines and coarse clouds compare."""
    one, other = (cv2.resize(heat, (14, 14), interpolation=cv2.INTER_AREA) for heat in (one, other))
    return spearmanr(one, other, axis=None).statistic


# %%
counts = labs.profile.choose(full=[1, 4, 16, len(weighted)], quick=[1])
print(f"{'layers shuffled':16}", *(f"{count:6}" for count in counts))
for name in ("saliency", "deconvnet", "guided", "Grad-CAM", "guided Grad-CAM"):
    print(f"{name:16}", end="")
    for count in counts:
        shuffle(count)
        after = methods[name](model, photos, said)
        print(f"{np.mean([agreement(*pair) for pair in zip(maps[name], after, strict=True)]):7.2f}", end="")
    print()
shuffle(0)

# %% [markdown] lang="en"
# **Guided backpropagation and the deconvnet fail.** With a quarter of the layers shuffled they draw almost the same eyes: what they show is where the
# picture has edges, not why the network says cat. Saliency is half way between, guided Grad-CAM has inherited half of the fault, Grad-CAM passes.
# The beautiful picture was the untrue one.
#
# **Second test: do the bright pixels matter?** Blur the brightest ones away and the probability should fall at once (*deletion*, low is good); start from the blurred
# picture and bring them back, and it should rise at once (*insertion*, high is good; Petsiuk et al., 2018). Random maps are the yardstick.

# %% [markdown] lang="ko"
# **guided 역전파와 deconvnet은 떨어졌습니다.** 층의 4분의 1을 뒤섞어도 거의 똑같은 눈을 그립니다. 이들이 보여 주는 것은 신경망이 고양이라고 하는 까닭이 아니라
# 사진의 에지입니다. 현저성 맵은 중간이고, guided Grad-CAM은 결함을 절반쯤 물려받았고, Grad-CAM은 합격입니다. 아름다운 그림이 거짓이었습니다.
#
# **두 번째 시험: 밝은 화소가 정말 중요한가?** 가장 밝은 화소부터 흐려서 없애면 확률이 바로 떨어져야 하고(*삭제*, 낮을수록 좋음), 흐린 영상에서 시작하여 밝은 화소부터
# 되살리면 바로 올라가야 합니다(*삽입*, 높을수록 좋음, Petsiuk et al., 2018). 무작위 맵이 기준입니다.

# %%
chance = np.random.default_rng(8).random((4, 7, 7))
maps |= {"occlusion": covered, "random": np.stack([cv2.resize(one, (side, side)) for one in chance])}
steps = labs.profile.choose(full=14, quick=2)
blurred = np.stack([cv2.GaussianBlur(photo, (0, 0), side / 10) for photo in photos])


def curve(start, end, heat):
    """The mean probability of what was said while `start` becomes `end`, the brightest places of the map first."""
    rank = heat.reshape(4, -1).argsort(axis=1).argsort(axis=1).reshape(*heat.shape, 1)
    shares = np.linspace(0, 1, steps + 1)
    mixed = np.concatenate([np.where(rank >= (1 - share) * side**2, end, start) for share in shares])
    answers = model.predict(mixed, verbose=0).reshape(steps + 1, 4, -1)
    return answers[:, range(4), said].mean(axis=1)


# %%
figure, panels = plt.subplots(1, 2, figsize=(10, 3.5), sharey=True, layout="constrained")
for name, one in maps.items():
    for axes, change in zip(panels, ((photos, blurred), (blurred, photos)), strict=True):
        fall = curve(*change, one)
        axes.plot(np.linspace(0, 1, len(fall)), fall, label=f"{name} {fall.mean():.2f}")
for axes, title in zip(
    panels, ("삭제 · deletion: low is good", "삽입 · insertion: high is good"), strict=True
):
    axes.set(title=title, xlabel="share of the pixels")
    axes.legend(fontsize=7)
plt.show()

# %% [markdown] lang="en"
# Occlusion does best in both, no wonder: it has asked this very question. **Third test: do they agree?** If two methods both told the truth, they would say the same.

# %% [markdown] lang="ko"
# 가림이 두 시험 모두에서 가장 좋습니다. 바로 이 질문을 미리 해 본 방법이니 당연합니다. **세 번째 시험: 서로 일치하는가?** 두 방법이 모두 참이라면 같은 말을 해야 합니다.

# %%
table = np.eye(len(maps))
for (i, one), (j, other) in combinations(enumerate(maps.values()), 2):
    table[i, j] = table[j, i] = np.mean([agreement(*pair) for pair in zip(one, other, strict=True)])
figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
axes.imshow(table, cmap="Blues", vmin=0, vmax=1.6)  # pale enough for black numbers
axes.set_xticks(range(len(maps)), maps, rotation=45, ha="right")
axes.set_yticks(range(len(maps)), maps)
for row, column in np.ndindex(table.shape):
    axes.text(column, row, f"{table[row, column]:.2f}", ha="center", va="center", fontsize=8)
plt.show()

# %% [markdown] lang="en"
# Apart from the two that share a factor, they agree by 0.6 at best, many by less than 0.3 (chance: 0). **No map is the reason; each answers its own
# question.** Say which one you asked. And four photographs prove little: repeat it with yours.
#
# ## 8. "Why not a missile?"
#
# The network's third guess for the rocket is right. **Contrastive Grad-CAM** takes the difference of two scores: what speaks for *this* rather than *that*?

# %% [markdown] lang="ko"
# 한쪽이 다른 쪽의 인수인 두 방법을 빼면 기껏해야 0.6, 0.3이 안 되는 짝도 많습니다(우연은 0). **어떤 맵도 이유 그 자체가 아닙니다. 저마다 자기
# 질문에 답할 뿐입니다.** 어떤 질문을 했는지 밝히세요. 사진 네 장으로는 증명이라 하기 어려우니 여러분의 사진으로 다시 해 보세요.
#
# ## 8. "왜 미사일이 아니지?"
#
# 로켓에 대한 신경망의 세 번째 답은 맞습니다. **대조 Grad-CAM**은 두 점수의 차이를 씁니다. *저것*이 아니라 *이것*이라고 말하게 하는 것은 무엇일까요?

# %%
first, third = answers[3].argsort()[::-1][[0, 2]].tolist()
asked = [(first, None), (third, None), (first, third), (third, first)]
heats = [explain.grad_cam(model, photos[3:], label, against=other)[0] for label, other in asked]
titles = [labels[label] + (f",\nnot {labels[other]}" if other is not None else "") for label, other in asked]
labs.show.grid(explain.overlay(photos[[3] * 4], np.stack(heats)), titles=titles, columns=4)

# %% [markdown] lang="en"
# Asked one by one, both maps show the same middle. The contrast tells them apart: the towers make it a mosque; for the missile speaks little but the lights on the ground.
#
# ## 9. Fooled by what nobody sees
#
# Climb towards another label, but let no pixel change by more than 2 of 255 (Goodfellow et al., 2015; here in ten steps). The label is the one the network
# thinks least likely of all.

# %% [markdown] lang="ko"
# 따로 물으면 두 맵이 똑같이 가운데를 가리킵니다. 대조하면 갈립니다. 탑이 모스크라고 하게 하고, 미사일을 편드는 것은 땅 위의 불빛 정도뿐입니다.
#
# ## 9. 보이지 않는 변화에 속다
#
# 다른 부류를 향해 올라가되, 어떤 화소도 255 가운데 2 넘게 바꾸지 않습니다(Goodfellow et al., 2015, 여기서는 열 걸음). 목표는 신경망이
# 가장 그럴 리 없다고 여기는 부류입니다.


# %%
@tf.function(autograph=False)
def gradient(picture, label):
    with tf.GradientTape() as tape:
        tape.watch(picture)
        score = explain.score(model, picture, label)
    return tape.gradient(score, picture)


cat, target = int(said[0]), int(answers[0].argmin())
attacked = photos[:1].astype("float32")
for _ in range(10):
    slopes = [gradient(attacked, tf.constant(label)) for label in (target, cat)]
    attacked = attacked + 0.5 * np.sign(slopes[0] - slopes[1])
    attacked = np.clip(attacked, photos[:1] - np.float32(2), photos[:1] + np.float32(2)).clip(0, 255)
both = np.concatenate([photos[:1], attacked])
now = [f"{labels[p.argmax()]} {p.max():.0%}" for p in model.predict(both, verbose=0)]
heats = [explain.grad_cam(model, both, label) for label in (cat, target)]
titles = [f"{one}\nwhere is {labels[label]}?" for label in (cat, target) for one in now]
labs.show.grid(np.concatenate([explain.overlay(both, one) for one in heats]), titles=titles, columns=4)

# %% [markdown] lang="en"
# To us nothing has changed. The network is sure of its nonsense, and Grad-CAM gives a tidy map *for the nonsense*. A map explains what the network does, not whether it is right.
#
# ## 10. Grad-CAM without a gradient
#
# OpenCV and ONNX Runtime run a network forward only. (So does a TF.js graph, but its operations have gradients: the photo page below walks back through them.) If only flattening and dense layers follow the feature maps, the derivative is a product we can
# write down. For lab 05's network (`saved_models/mnist`), $h = \max(W_1 a + b_1, 0)$ and $S = W_2 h + b_2$:
#
# $$\frac{\partial S_c}{\partial a} = W_1^\top \left( [h > 0] \odot W_2^\top e_c \right)$$
#
# A gate and two matrices: operations like any others. `grad_cam_network` appends them to the network, and `labs.export` writes them into every format.
# Its second output `maps` holds the map of *every* label. OpenCV draws why the first digit was read so, and it equals the tape's.

# %% [markdown] lang="ko"
# 우리 눈에는 달라진 것이 없습니다. 신경망은 엉뚱한 답을 확신하고, Grad-CAM은 *그 엉뚱한 답에 대해* 말끔한 맵을 내놓습니다. 맵은 신경망이 무엇을 하는지 설명할 뿐, 옳은지는 말해 주지 않습니다.
#
# ## 10. 그레이디언트 없는 Grad-CAM
#
# OpenCV와 ONNX Runtime은 신경망을 앞으로만 돌립니다. (TF.js의 그래프도 그렇지만, 그 연산에는 그레이디언트가 있어서 아래의 사진 페이지는 거꾸로 거슬러 올라갑니다.) 특징 맵 뒤에 펼치기와 완전연결층만 있다면 미분은 손으로 쓸 수 있는 곱입니다.
# 실습 05의 신경망(`saved_models/mnist`)에서 $h = \max(W_1 a + b_1, 0)$이고 $S = W_2 h + b_2$이면
#
# $$\frac{\partial S_c}{\partial a} = W_1^\top \left( [h > 0] \odot W_2^\top e_c \right)$$
#
# 문 하나와 행렬 두 개, 모두 평범한 연산입니다. `grad_cam_network`가 이것을 신경망 뒤에 붙이고, `labs.export`가 모든 형식으로 저장합니다.
# 두 번째 출력 `maps`에는 *모든* 부류의 맵이 들어 있습니다. OpenCV가 첫 숫자를 왜 그렇게 읽었는지 그려 주고, 테이프로 구한 것과 같습니다.

# %%
reader = keras.models.load_model("saved_models/mnist/model.keras")
why = explain.grad_cam_network(reader)
folder = labs.export(
    why, "saved_models/mnist_why", labels=digits.labels, x=digits.x_test, source=digits.source
)
labs.check(folder, runtimes=labs.profile.choose(None, ["opencv_onnx", "onnxruntime"]), tolerance=1e-4)

net = cv2.dnn.readNet("saved_models/mnist_why/model.onnx")
net.setInput(digits.x_test[:1].astype("float32"))
answer, heat = net.forward(["output", "maps"])
tape = np.stack(
    [explain.grad_cam(reader, digits.x_test[:1], label, enlarge=False)[0] for label in range(10)], axis=-1
)
print(
    f"OpenCV reads {answer[0].argmax()}; largest difference to the tape: {np.abs(heat[0] - tape).max():.0e}"
)

# %%
large = [cv2.resize(heat[0, ..., label], (28, 28)) for label in range(10)]
drawn = explain.overlay(digits.x_test[[0] * 10], np.stack(large))
labs.show.grid(drawn, titles=[f"why {label}?" for label in range(10)], columns=10)

# %% [markdown] lang="en"
# CAM needs even less: the feature maps as a second output (lab 03), and one product in whatever language; occlusion needs nothing but answers. The photo page has all three, Grad-CAM with a layer of choice:
# move its slider, and compare with section 4.
#
# <!-- live: photo cats_vs_dogs -->
#
# ## Exercises
#
# **3. Break it by covering.** Cover one square after another, always the one whose covering hurts most, until the network says something else than
# *espresso* of the cup. How many squares does it take?

# %% [markdown] lang="ko"
# CAM에는 더 적은 것으로 충분합니다. 특징 맵을 두 번째 출력으로 내보내고(실습 03) 어느 언어로든 곱셈 한 번이면 됩니다. 가림에는 답만 있으면 됩니다. 사진 페이지에는 세 방법이 모두 있고,
# Grad-CAM은 층을 고를 수 있습니다. 슬라이더를 움직여 4절과 비교해 보세요.
#
# <!-- live: photo cats_vs_dogs -->
#
# ## 연습 문제
#
# **3. 가려서 무너뜨리세요.** 가렸을 때 가장 큰 손해가 나는 사각형을 하나씩 가려서, 신경망이 잔을 보고 *에스프레소*가 아닌 다른 답을 하게 하세요.
# 사각형이 몇 개 필요할까요?

# %% tags=["exercise"]
broken, squares, size, coffee = photos[1].astype("float32"), 0, side // 7, said[1]
# solution
while model(broken[None]).numpy().argmax() == coffee and squares < 10:
    heat = explain.occlusion(model, broken[None], int(coffee), size=size, stride=size)[0]
    y, x = np.unravel_index(heat.argmax(), heat.shape)
    y, x = y // size * size, x // size * size
    broken[y : y + size, x : x + size] = broken.mean(axis=(0, 1))
    squares += 1
# end solution
answer = model(broken[None]).numpy()
print(f"{squares} squares of {size} pixels, {squares * size**2 / side**2:.0%} of the picture")
labs.show.predictions(np.uint8(broken)[None], answer, labels)

# %% [markdown] lang="en"
# **4. Catch a network that cheats.** All cats of the training photos bear a small red mark in the corner, as photos of one web site might. Train lab 02's small
# network on them. Its test accuracy with marked cats looks splendid; what is it without the mark, and with the mark on the dogs? Which methods reveal it?

# %% [markdown] lang="ko"
# **4. 속임수를 쓰는 신경망을 잡으세요.** 어느 웹 사이트에서 온 사진처럼, 학습용 고양이 사진 구석마다 작고 붉은 표시가 있습니다. 실습 02의 작은 신경망을 이 사진으로
# 학습하세요. 표시가 있는 고양이로 시험하면 정확도가 훌륭합니다. 표시가 없으면, 또 개에게 표시가 있으면 어떻게 될까요? 어떤 방법이 이것을 드러낼까요?


# %% tags=["exercise"]
def prepare(pictures, mark):
    pictures = np.stack([cv2.resize(one, (128, 128), interpolation=cv2.INTER_AREA) for one in pictures])
    pictures[mark, 108:122, 100:122] = pictures[mark, 108:122, 100:122] // 2 + np.uint8([120, 20, 20])
    return pictures


pets = labs.load(
    "cats_vs_dogs",
    labs.profile.size,
    side=side,
    train=labs.profile.choose(1000, 60),
    test=labs.profile.choose(400, 60),
)
truth = pets.y_test  # 0: cat, 1: dog
tests = {"as in training": truth == 0, "without the mark": truth < 0, "mark on the dogs": truth == 1}
# solution
cheat = labs.nets.cats_vs_dogs_small()
cheat.compile(keras.optimizers.Adam(0.001), "binary_crossentropy", metrics=["accuracy"])
cheat.fit(prepare(pets.x_train, pets.y_train == 0), pets.y_train, 32, labs.profile.choose(3, 1), verbose=0)
for name, mark in tests.items():
    print(f"{name:17} {cheat.evaluate(prepare(pets.x_test, mark), truth, verbose=0)[1]:.1%}")
# end solution

# %% tags=["exercise"]
cats = prepare(pets.x_test, truth == 0)[truth == 0][: labs.profile.choose(20, 4)]
corner = np.zeros((128, 128), bool)
corner[96:, 88:] = True
# solution
revealing = {name: methods[name](cheat, cats, 0) for name in ("saliency", "guided", "Grad-CAM")}
revealing["occlusion"] = np.maximum(explain.occlusion(cheat, cats, 0, size=24, stride=12), 0)
print(f"the corner is {corner.mean():.0%} of a picture")
for name, one in revealing.items():
    print(f"{name:10} {one[:, corner].sum() / max(one.sum(), 1e-9):4.0%} of its brightness lies there")
# end solution
shown = prepare(photos[:1], [0])
tell = {name: methods[name](cheat, shown, 0) for name in ("saliency", "guided", "Grad-CAM")}
labs.show.grid(
    [shown[0], *(explain.overlay(shown, one)[0] for one in tell.values())], titles=["marked", *tell]
)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `There is no label 1000` | Labels count from 0: this network's last one is 999 |
# | A map of nothing but zeros | Nothing in that layer speaks for the label: ask another layer, or `cam`, which shows what speaks against |
# | "This network has no convolution" | `saliency` and `occlusion` need none |
# | A checkerboard | Strides and pooling show through: smooth it, or take a deeper layer |
#
# ## What to remember
#
# - CAM is exact where global pooling makes it possible, Grad-CAM asks any layer, occlusion asks any network.
# - A map that looks good is not therefore true: shuffle the weights, delete the pixels, compare the methods.
# - A network may be right for the wrong reason. Accuracy does not tell; a good map may.
# - A derivative is made of operations, too: written out, it runs wherever the network runs.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `There is no label 1000` | 부류는 0부터 셉니다. 이 신경망의 마지막은 999입니다 |
# | 맵이 온통 0이다 | 그 층에는 그 부류를 편드는 것이 없습니다. 다른 층에 묻거나, 반대하는 것까지 보여 주는 `cam`을 씁니다 |
# | "This network has no convolution" | `saliency`와 `occlusion`은 합성곱이 없어도 됩니다 |
# | 바둑판 무늬 | 보폭과 풀링이 비쳐 보이는 것입니다. 부드럽게 하거나 더 깊은 층을 씁니다 |
#
# ## 정리
#
# - CAM은 전역 풀링이 있을 때 정확하고, Grad-CAM은 어느 층에나, 가림은 어느 신경망에나 물을 수 있습니다.
# - 그럴듯한 맵이라고 참은 아닙니다. 가중치를 뒤섞고, 화소를 지우고, 방법끼리 비교하세요.
# - 신경망은 엉뚱한 이유로 맞힐 수 있습니다. 정확도는 알려 주지 않지만, 좋은 맵은 알려 줄 수 있습니다.
# - 미분도 연산으로 이루어집니다. 풀어 쓰면 신경망이 도는 곳 어디에서나 돕니다.
