# ---
# title:
#   en: What a label costs
#   ko: 레이블의 값
# minutes: 5
# data:
#   en: CIFAR-10, of which we take 100 to 10,000 labels; cats vs dogs, 40 labels
#   ko: CIFAR-10에서 레이블 100~10,000개, 고양이와 개 사진에서 레이블 40개
# accuracy:
#   en: 100 labels a class 47 %, with augmentation 58 to 59 %; cats and dogs with 20 labels each 93 %
#   ko: 클래스마다 레이블 100개로 47 %, 데이터 증대로 58~59 %. 고양이와 개는 레이블 20개씩으로 93 %
# seed: 10
# ---

# %% [markdown] lang="en"
# Pictures are free, labels are not: somebody has to look at each. In this notebook we
#
# - measure what ten times as many labels buy, and how a **biased** data set deceives;
# - make more of the labels we have: brightness (and the bug of many a textbook), **CutMix**, **RandAugment** and its two knobs;
# - borrow: **transfer** from ImageNet with 20 labels a class, in two ways;
# - let a large network teach a small one: **knowledge distillation**, softmax with a **temperature**;
# - export the pupil and ask every runtime what it has gained.
#
# Lab 10b goes on without labels: pseudo-labels, noisy students, FixMatch.

# %% [markdown] lang="ko"
# 영상은 공짜지만 레이블은 아닙니다. 누군가 한 장씩 들여다보아야 합니다. 이 노트북에서는
#
# - 레이블이 열 배가 되면 무엇을 얻는지, **치우친** 데이터가 어떻게 속이는지 재 보고,
# - 가진 레이블을 더 알뜰하게 씁니다. 밝기(와 교재에 흔한 버그), **CutMix**, 그리고 **RandAugment**와 그 두 손잡이를 봅니다.
# - 빌려 옵니다. 클래스마다 레이블 20개로 ImageNet에서 **전이 학습**을 두 가지로 해 보고,
# - 큰 신경망이 작은 신경망을 가르치게 합니다. **지식 증류**와 **온도**가 있는 소프트맥스입니다.
# - 배운 학생을 내보내고, 실행 환경마다 무엇이 빨라졌는지 묻습니다.
#
# 실습 10b에서는 레이블 없이 계속합니다. 의사 레이블, 잡음 학생, FixMatch입니다.

# %%
import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.augment import OPERATIONS, Affine, RandAugment
from labs.data import open_photos

tf.get_logger().setLevel("ERROR")  # only what went wrong
labs.show.use_korean_font()

# %% [markdown] lang="en"
# ## 1. What ten times as many labels buy
#
# ImageNet's labels took two years. At ten seconds and 10 won a label, CIFAR-10's 50,000 take 139 hours. So we ask the data set what its labels are worth:
# the same network (lab 01's quick one, with lab 01's optimizer), the same number of steps, more and more labels.

# %% [markdown] lang="ko"
# ## 1. 레이블이 열 배면 무엇을 얻을까
#
# ImageNet에 레이블을 다는 데 두 해가 걸렸습니다. 레이블 하나에 10초라면 CIFAR-10의 50,000개에는 139시간이 듭니다. 그러니 레이블의 값어치를 데이터에 물어봅시다.
# 같은 신경망(실습 01의 빠른 신경망과 최적화기), 같은 학습 횟수, 점점 많은 레이블입니다.

# %%
keras.utils.set_random_seed(10)
dataset = labs.load("cifar10", labs.profile.size)
chance = np.random.default_rng(10)
by_class = [chance.permutation(np.flatnonzero(dataset.y_train == number)) for number in range(10)]
dataset


# %%
def few(count):
    """The numbers of `count` training pictures of each class; a larger count holds the smaller ones."""
    return np.concatenate([numbers[:count] for numbers in by_class])


steps = labs.profile.choose(500, 20)


def learn(x, y, change=None, width=32, loss="sparse_categorical_crossentropy", rounds=steps):
    """Lab 01's quick network after so many batches of 64, led as there."""
    model = labs.nets.cifar10_fast(dataset.x_train, width)
    model.compile(labs.train.Turn(labs.train.UpThenDown(0.1, rounds)), loss)
    batches = labs.augment.batches(x, y, change, 64, seed=10).repeat()
    model.fit(batches, steps_per_epoch=rounds, verbose=0, shuffle=False)
    return model


# %%
def accuracy(model):
    answers = model.predict(dataset.x_test, 500, verbose=0)
    return np.mean(answers.argmax(-1) == dataset.y_test)


# %%
counts = labs.profile.choose((10, 100, 1000, 5000), (20, 150))
shifts, results = Affine(shift=0.1, flip=True), {}
for count in counts:
    chosen = few(count)
    model = learn(dataset.x_train[chosen], dataset.y_train[chosen], shifts)
    results[f"{count} labels a class"] = accuracy(model)
    print(f"{count} labels a class: {results[f'{count} labels a class']:.1%}")

# %%
figure, axes = plt.subplots(figsize=(5, 2.6))
axes.semilogx(counts, list(results.values()), "o-")
axes.set(xlabel="labels a class · 클래스마다 레이블", ylabel="test accuracy · 시험 정확도", ylim=(0, 1))
axes.grid(alpha=0.3)
plt.show()

# %% [markdown] lang="en"
# The first factor of ten buys 22 points, the next 9: each point costs more labels than the last. From there on our 500 steps are the limit, not the labels: they see 32,000 pictures, not even
# every labelled one once. Whoever trains longer still profits (lab 01: 79 % with all 50,000).
#
# ## 2. A data set that deceives
#
# A data set's **mean picture** shows what is the same in all its pictures. If a class has a mean of its own (sky behind aeroplanes), the network may learn that instead of the thing.

# %% [markdown] lang="ko"
# 첫 열 배로 22점, 다음 열 배로 9점을 얻었습니다. 점수 1점의 값은 갈수록 비싸집니다. 그 뒤로는 레이블이 아니라 학습 500번이 한계입니다. 영상 32,000장을 볼 뿐이라 레이블이 있는 영상을
# 한 번씩도 다 보지 못합니다. 더 오래 학습하면 계속 좋아집니다(실습 01: 50,000개로 79 %).
#
# ## 2. 속이는 데이터
#
# **평균 영상**은 모든 영상에 공통된 것을 보여 줍니다. 어떤 클래스의 평균에 제 모습이 있다면(비행기 뒤의 하늘) 신경망은 물체 대신 그것을 배울 수 있습니다.

# %%
means = [dataset.x_train[dataset.y_train == number].mean(0) for number in range(10)]
labs.show.grid(np.uint8(means), titles=dataset.labels, columns=10, source=dataset.source)

# %% [markdown] lang="en"
# The famous trap: somebody photographs the sun by day and the **moon at night**, and the network learns *dark*. We set it ourselves: aeroplanes by day, ships by night, to learn from;
# the test turns it round.

# %% [markdown] lang="ko"
# 유명한 함정이 있습니다. 해는 낮에, **달은 밤에** 찍었더니 신경망은 *어둡다*를 배웠습니다. 우리가 직접 함정을 놓아 봅시다. 낮의 비행기와 밤의 배로 학습하고,
# 시험에서는 뒤집습니다.


# %%
def lit(x, y, dark):
    """The same pictures; those of class `dark` by night, the others by day."""
    light = np.where(y == dark, 0.35, 1.0)[:, None, None, None]
    return np.uint8(x * light)


# %%
pair = np.flatnonzero(np.isin(dataset.y_train, (0, 8)))[: labs.profile.choose(2000, 100)]
x, y = dataset.x_train[pair], dataset.y_train[pair]
test = np.isin(dataset.y_test, (0, 8))
x_test, y_test = dataset.x_test[test], dataset.y_test[test]

# %%
tests = {"as in training": 8, "turned round": 0}
for name, change in (("no augmentation", None), ("light changed", Affine(brightness=0.7))):
    model = learn(lit(x, y, dark=8), y, change, rounds=steps // 2)
    right = [
        np.mean(model.predict(lit(x_test, y_test, dark), verbose=0).argmax(-1) == y_test)
        for dark in tests.values()
    ]
    print(f"{name:16} " + ", ".join(f"{test} {part:.1%}" for test, part in zip(tests, right, strict=True)))

# %% [markdown] lang="en"
# 100.0 %, and 0.1 % once the light is turned round: the network has learnt the light and nothing else, and a test from the same camera cannot tell. Brightness that changes by chance spoils the clue, and the network has to look:
# 97.0 % and 45.4 %, still below guessing: by night a picture is still *more often* dark. Augmentation must be as wide as the bias; a better data set needs none.

# %% [markdown] lang="ko"
# 100.0 %, 그런데 빛을 뒤집으면 0.1 %입니다. 신경망은 빛만 배웠고, 같은 카메라로 찍은 시험 데이터로는 알아챌 수 없습니다. 밝기를 무작위로 바꾸면 단서가 흐려져 물체를 보아야 합니다.
# 97.0 %와 45.4 %. 아직 찍는 것만 못합니다. 밤의 배는 여전히 *더 자주* 어둡습니다. 증대의 폭은 치우침만큼 넓어야 합니다. 데이터가 고르면 그럴 필요도 없습니다.

# %% [markdown] lang="en"
# ## 3. More out of each label: augmentation
#
# A changed picture keeps its label. **Brightness** first, and a bug that stands in many a notebook: pixels are `uint8`, 200 + 100 is not 300 but 44. OpenCV's arithmetic stops at 255.

# %% [markdown] lang="ko"
# ## 3. 레이블 하나에서 더 많이: 데이터 증대
#
# 바꾼 영상도 레이블은 그대로입니다. 먼저 **밝기**, 그리고 많은 노트북에 있는 버그입니다. 픽셀은 `uint8`이라 200 + 100은 300이 아니라 44입니다. OpenCV의 연산은 255에서 멈춥니다.

# %% tags=["cover"]
photo = cv2.resize(open_photos.read("chelsea")[:300, 80:380], (96, 96), interpolation=cv2.INTER_AREA)
wrong = np.clip(photo + np.uint8(100), 0, 255)  # too late: the sum has wrapped already
right = cv2.add(photo, (100, 100, 100, 0))
matrix = cv2.getRotationMatrix2D((48, 48), 20, 1)
turned = cv2.warpAffine(photo, matrix, (96, 96), borderMode=cv2.BORDER_REFLECT_101)
cropped = cv2.resize(photo[12:84, 20:92], (96, 96))
titles = ["photo", "photo + 100", "cv2.add", "rotated", "cropped"]
labs.show.grid([photo, wrong, right, turned, cropped], titles=titles, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# **CutMix** (Yun et al., 2019) pastes a window of one picture into another and mixes the labels by area. **RandAugment** (Cubuk et al., 2020) needs no search: pick `number` operations
# from a fixed list, all with one `strength`. Two knobs. Keras has it as a layer; `labs.augment.RandAugment` does a picture of 32x32 in an eighth of its time on a CPU.

# %% [markdown] lang="ko"
# **CutMix**(Yun 등, 2019)는 한 영상의 창을 다른 영상에 붙이고 넓이에 따라 레이블을 섞습니다. **RandAugment**(Cubuk 등, 2020)는 탐색이 필요 없습니다. 정해진 목록에서 연산을
# `number`개 골라 모두 같은 `strength`로 적용합니다. 손잡이가 둘뿐입니다. Keras에도 층으로 있지만, `labs.augment.RandAugment`는 CPU에서 32x32 영상을 그 8분의 1 시간에 처리합니다.

# %%
changed = [change(photo, 0.8) for change in OPERATIONS.values()]
labs.show.grid(changed, list(OPERATIONS), 6, source=open_photos.SOURCE)

# %%
draw = np.random.default_rng(1)
rows = [RandAugment(2, strength)(np.stack([photo] * 6), draw) for strength in (0.3, 0.6, 1.0)]
titles = [f"strength {strength}" for strength in (0.3, 0.6, 1.0) for _ in range(6)]
labs.show.grid(np.concatenate(rows), titles, 6, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# 100 labels a class, the same number of steps, three ways to see them:

# %% [markdown] lang="ko"
# 클래스마다 레이블 100개, 같은 학습 횟수, 세 가지로 보여 줍니다.

# %%
labelled = few(labs.profile.choose(100, 20))
x_few, y_few = dataset.x_train[labelled], dataset.y_train[labelled]
for name, change in (("as they are", None), ("flips, shifts", shifts), ("RandAugment", RandAugment())):
    results[name] = accuracy(learn(x_few, y_few, change))
    print(f"{name:14} {results[name]:.1%}")

# %% [markdown] lang="en"
# 47 %, 58 %, 59 %: flips and shifts alone are worth 10 points, and no label was bought. RandAugment adds little here; lab 10b builds on it.

# %% [markdown] lang="ko"
# 47 %, 58 %, 59 %. 레이블을 하나도 사지 않고 뒤집기와 이동만으로 10점을 얻었습니다. RandAugment가 여기서 더하는 것은 조금입니다. 실습 10b는 이것을 바탕으로 합니다.

# %% [markdown] lang="en"
# ## 4. Borrowing: transfer with 20 labels a class
#
# Lab 03 showed the ways; here only 20 photos of cats and 20 of dogs have a label. A frozen MobileNet turns photos into features (computed once); the head is a linear classifier.
# Then the last blocks may move too, with **two learning rates**: the head quickly, what ImageNet taught slowly.

# %% [markdown] lang="ko"
# ## 4. 빌리기: 클래스마다 레이블 20개로 하는 전이 학습
#
# 방법은 실습 03에서 보았습니다. 여기서는 고양이 20장과 개 20장에만 레이블이 있습니다. 얼린 MobileNet이 사진을 특징으로 바꾸고(한 번만 계산), 머리는 선형 분류기입니다.
# 그다음에는 마지막 블록들도 움직이게 하되 **학습률을 둘**로 합니다. 머리는 빠르게, ImageNet이 가르친 것은 천천히.

# %%
side = labs.profile.choose(128, 64)
options = labs.profile.choose({"alpha": 0.75}, {"weights": "stand-in"})
photos = labs.load("cats_vs_dogs", labs.profile.size, side=side, train=2000, test=500)
each = [chance.permutation(np.flatnonzero(photos.y_train == number)) for number in (0, 1)]
lucky = np.concatenate([numbers[:20] for numbers in each])
backbone = labs.backbone.load("MobileNet", include_top=False, input_shape=(None, None, 3), **options)

# %%
entry = keras.Input((side, side, 3), name="input")
maps = backbone(labs.backbone.preprocessing("MobileNet")(entry))
features = layers.GlobalAveragePooling2D()(maps)
model = keras.Model(entry, layers.Dense(2, activation="softmax", name="output")(features))
extractor = keras.Model(entry, features)


# %%
def score(name):
    answers = model.predict(photos.x_test, 50, verbose=0).argmax(-1)
    results[name] = np.mean(answers == photos.y_test)
    print(f"{name}: {results[name]:.1%} of {len(answers)} photos")


head = keras.Sequential([model.layers[-1]])
head.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
head.fit(extractor.predict(photos.x_train[lucky], verbose=0), photos.y_train[lucky], 40, 100, verbose=0)
score("head only")

# %%
late = [
    layer for layer in backbone.layers if layer.name.startswith("conv_pw_1") and layer.name > "conv_pw_11"
]
slow = [weights for layer in late for weights in layer.trainable_weights]
fast = model.layers[-1].trainable_weights
optimizers = keras.optimizers.Adam(1e-5), keras.optimizers.Adam(1e-3)
x, y = tf.constant(photos.x_train[lucky], "float32"), photos.y_train[lucky]
for _ in range(labs.profile.choose(15, 1)):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=False)))
    gradients = tape.gradient(loss, slow + fast)
    optimizers[0].apply_gradients(zip(gradients[: len(slow)], slow, strict=True))
    optimizers[1].apply_gradients(zip(gradients[len(slow) :], fast, strict=True))
score("fine-tuned with two rates")

# %% [markdown] lang="en"
# 40 labels, 93.4 %: nothing else in this notebook comes near, since ImageNet has cats and dogs. Moving the last blocks costs a little here (91.4 %). Do not trust that: **which** forty photos you draw matters more than the method.
# With two other draws the head alone reaches 87.4 and 89.2 %, and with moving blocks 90.6 and 90.4 %: fine-tuning hardly depends on the draw, the head does. Lab 03 fine-tunes with 2,000.
#
# ## 5. A large network teaches a small one
#
# A teacher's answer says more than a label: this cat is a bit of a dog and no lorry at all. Hinton, Vinyals and Dean (2015) make that audible by a **temperature**: the softmax of the scores divided by T.

# %% [markdown] lang="ko"
# 레이블 40개로 93.4 %입니다. ImageNet에 고양이와 개가 있으니 이 노트북의 다른 어떤 방법도 따라오지 못합니다. 여기서는 마지막 블록을 움직이자 조금 나빠졌습니다(91.4 %). 그러나 이 결과를 그대로 믿으면 안 됩니다. 방법보다 **어떤** 사진 40장을 뽑았는지가 더 중요합니다.
# 다른 40장을 두 번 뽑아 보니 헤드만 학습하면 87.4 %와 89.2 %, 블록까지 움직이면 90.6 %와 90.4 %였습니다. 미세 조정은 뽑은 사진에 거의 좌우되지 않지만 헤드는 크게 좌우됩니다. 실습 03에서는 2,000장으로 미세 조정합니다.
#
# ## 5. 큰 신경망이 작은 신경망을 가르치다
#
# 선생의 답에는 레이블보다 많은 것이 들어 있습니다. 이 고양이는 개를 조금 닮았고 트럭과는 전혀 다르다는 것까지. Hinton, Vinyals, Dean(2015)은 **온도**로 그 소리를 키웁니다. 점수를 T로 나눈 값의
# 소프트맥스입니다.

# %%
# NBVAL_CHECK_OUTPUT
for temperature in (1, 4, 100):
    p = ops.softmax(np.float32([5, 10]) / temperature)
    print(f"T = {temperature:3}: {p[0]:.4f} {p[1]:.4f}")

# %% [markdown] lang="en"
# Scores of 5 and 10: at T = 1 nothing is left of the loser, at T = 100 both are nearly alike. The teacher is the kept `cifar10` of lab 01 (148,202 parameters, 79.1 %). Its probabilities are enough:
# their logarithms are its scores up to a constant, and a constant does not change a softmax.

# %% [markdown] lang="ko"
# 점수가 5와 10일 때 T = 1이면 진 쪽에 남는 것이 없고, T = 100이면 둘이 거의 같습니다. 선생은 실습 01에서 보관한 `cifar10`(매개변수 148,202개, 79.1 %)입니다. 확률만 있으면 됩니다.
# 확률의 로그는 점수와 상수만큼만 다르고, 상수는 소프트맥스를 바꾸지 않기 때문입니다.

# %%
teacher = keras.saving.load_model("saved_models/cifar10/model.keras")  # our own file, safe mode on
pool = chance.permutation(len(dataset.x_train))[: labs.profile.choose(20_000, 200)]
taught = np.log(teacher.predict(dataset.x_train[pool], 500, verbose=0) + 1e-7)
results["teacher"] = accuracy(teacher)
print(f"the teacher on the test: {results['teacher']:.1%}")

# %%
cat = cv2.resize(open_photos.read("chelsea")[:300, 80:380], (32, 32), interpolation=cv2.INTER_AREA)
told = ops.log(teacher(cat[None].astype("float32"))[0] + 1e-7)
figure, axes = plt.subplots(1, 3, figsize=(8, 2.2), width_ratios=(1, 2, 2), layout="constrained")
axes[0].imshow(cat)
axes[0].axis("off")
for axis, temperature in zip(axes[1:], (1, 4), strict=True):
    axis.barh(dataset.labels, ops.softmax(told / temperature))
    axis.set(title=f"T = {temperature}", xlim=(0, 1))
    axis.tick_params(labelsize=7)
plt.show()

# %% [markdown] lang="en"
# The loss weighs two demands: be right (cross-entropy with the label) and answer like the teacher (Kullback-Leibler divergence at temperature T). The gradient of the second shrinks with 1/T², so it is multiplied by T².

# %% [markdown] lang="ko"
# 손실은 두 가지 요구를 저울질합니다. 맞혀라(레이블과의 교차 엔트로피), 그리고 선생처럼 답하라(온도 T에서의 쿨백-라이블러 발산). 둘째 항의 그레이디언트는 1/T²로 작아지므로 T²를 곱합니다.


# %%
def distillation(weight, temperature=4):
    """weight: how much the teacher counts; targets hold the label first, then the teacher's scores."""

    @keras.saving.register_keras_serializable()  # so that a network can be copied together with it
    def loss(targets, answers):
        label, scores = ops.cast(targets[:, 0], "int32"), targets[:, 1:]
        soft = ops.softmax(scores / temperature)
        mine = ops.log_softmax(ops.log(answers + 1e-7) / temperature)
        divergence = ops.sum(soft * (ops.log(soft + 1e-7) - mine), -1) * temperature**2
        right = keras.losses.sparse_categorical_crossentropy(label, answers)
        return (1 - weight) * right + weight * divergence

    return loss


# %%
both = np.column_stack([dataset.y_train[pool], taught]).astype("float32")
pupils = {}
for weight in (0, 0.7, 1):
    pupil = learn(dataset.x_train[pool], both, shifts, 12, distillation(weight), 2 * steps)
    results[f"pupil, teacher counts {weight}"] = accuracy(pupil)
    pupils[weight] = labs.train.plain(pupil)  # Keras' own layers, for export
    print(f"teacher counts {weight:.1f}: {results[f'pupil, teacher counts {weight}']:.1%}")
print(f"{teacher.count_params() / pupil.count_params():.0f} times fewer parameters")

# %% [markdown] lang="en"
# The teacher's answers are worth 2.5 points (55.8 to 58.3 %; 2.6 over three seeds), and the last pupil has never seen a label: whoever has a teacher can use pictures that nobody has labelled. But 79 % it is not: a twelfth of the
# parameters after 1,000 steps stays 21 points behind. In lab 10b a pupil of a teacher ten times as slow does come within a point.

# %% [markdown] lang="ko"
# 선생의 답은 2.5점의 값어치가 있습니다(55.8 %에서 58.3 %로. 시드 셋의 평균은 2.6점). 마지막 학생은 레이블을 본 적이 없습니다. 선생이 있으면 아무도 레이블을 달지 않은 영상도 쓸 수 있습니다. 그러나 79 %에는 못 미칩니다.
# 매개변수가 12분의 1인 학생은 1,000번 학습한 뒤에도 21점 뒤처집니다. 실습 10b에서는 열 배 느린 선생과 1점 안팎까지 좁힌 학생을 봅니다.

# %% [markdown] lang="en"
# ## 6. Smaller, but faster?

# %% [markdown] lang="ko"
# ## 6. 작아졌다. 빨라졌을까?

# %%
facts = {"labels": dataset.labels, "x": dataset.x_test, "source": dataset.source}
labs.export(pupils[0.7], "saved_models/cifar10_pupil", **facts)
small = labs.check("saved_models/cifar10_pupil")
small

# %%
large = labs.check("saved_models/cifar10")
for before, after in zip(large.rows, small.rows, strict=True):
    if before.milliseconds and after.milliseconds:
        old, new = before.milliseconds, after.milliseconds
        print(f"{after.title:16} {old:6.2f} -> {new:6.2f} ms, {old / new:.1f} times")

# %% [markdown] lang="en"
# Twelve times fewer parameters, but two to four times as fast in OpenCV and ONNX Runtime: what a call costs whatever the network does not shrink with it. (The machine was busy with other work; the times of Keras, the SavedModel and
# TensorFlow.js say more about that.) Measure where the pupil will work.
#
# ## Exercises
#
# **1. Softer still.** At which temperature does softmax(5, 10) give the loser exactly 0.25? Solve it by hand first: the ratio of the two is e^(5/T).

# %% [markdown] lang="ko"
# 매개변수는 12분의 1이지만 OpenCV와 ONNX Runtime에서 빨라진 것은 두 배에서 네 배입니다. 신경망의 크기와 상관없이 호출 한 번에 드는 시간은 줄지 않기 때문입니다. (컴퓨터가 다른 일로 바빴습니다. Keras, SavedModel, TensorFlow.js의 시간에는
# 그 영향이 더 큽니다.) 학생이 일할 곳에서 재어 보세요.
#
# ## 연습 문제
#
# **1. 더 부드럽게.** softmax(5, 10)에서 진 쪽이 정확히 0.25가 되는 온도는 얼마일까요? 먼저 손으로 풀어 보세요. 둘의 비는 e^(5/T)입니다.

# %% tags=["exercise"]
# solution
temperature = 5 / np.log(3)  # 0.75 / 0.25 = 3 = e^(5/T)
# end solution
print(f"T = {temperature:.3f}: {ops.softmax(np.float32([5, 10]) / temperature)}")

# %% [markdown] lang="en"
# **2. CutMix.** Write it for a batch: paste a random window of the picture `order[i]` into picture `i`, and return the part of the area that picture `i` keeps. Its loss is then
# `kept * loss(y[i]) + (1 - kept) * loss(y[order[i]])`.

# %% [markdown] lang="ko"
# **2. CutMix.** 배치에 대해 작성해 보세요. 영상 `i`에 영상 `order[i]`의 창을 무작위로 붙이고, 영상 `i`가 지킨 넓이의 비율을 반환합니다. 손실은
# `kept * loss(y[i]) + (1 - kept) * loss(y[order[i]])`가 됩니다.


# %% tags=["exercise"]
def cutmix(pictures, random):
    # solution
    count, side = pictures.shape[:2]
    order, mixed = random.permutation(count), pictures.copy()
    size = int(side * np.sqrt(random.random()))
    top, left = random.integers(0, side - size + 1, 2)
    window = np.s_[:, top : top + size, left : left + size]
    mixed[window] = pictures[order][window]
    return mixed, order, 1 - size**2 / side**2
    # end solution


drawn = labs.load("cifar10", "sample").x_test[:6]
mixed, order, kept = cutmix(drawn, np.random.default_rng(3))
labs.show.grid(mixed, titles=[f"{kept:.0%} of {i}, rest of {j}" for i, j in enumerate(order)], columns=6)

# %% [markdown] lang="en"
# **3. A teacher who is too sure.** A teacher trained to the end gives 0.9999 to one class and teaches nothing but labels. Which temperature gives its second choice, on average, at least a tenth?

# %% [markdown] lang="ko"
# **3. 너무 확신하는 선생.** 끝까지 학습한 선생은 한 클래스에 0.9999를 주고, 레이블 이상은 가르치지 못합니다. 둘째 선택이 평균 10 % 이상을 받게 되는 온도는 얼마일까요?

# %% tags=["exercise"]
sure = taught[:1000] * 4  # as if trained much longer
# solution
for temperature in range(1, 60):
    second = np.sort(ops.softmax(sure / temperature))[:, -2].mean()
    if second >= 0.1:
        break
# end solution
print(f"T = {temperature}: the second choice has {second:.2f}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Brighter pictures have dark specks | `uint8` has wrapped: `cv2.add`, or `float32` and a clip before going back |
# | Excellent on your test, useless outside | Is the test from the same camera, day, person? Look at the mean picture of each class |
# | Augmentation makes it worse | Too strong, or it changes the label (a mirrored 5 is no 5); fewer operations, or more steps |
# | Fine-tuning forgets what the head knew | A hundredth of the head's rate, batch normalization frozen |
# | Distillation does no better than labels | Temperature 2 to 8; is the teacher better than the pupil at all? |
#
# ## What to remember
#
# - Accuracy grows with the logarithm of the number of labels. Before you buy ten times as many, use what is there better.
# - A network learns what tells the classes apart *in your data*, be it the light.
# - Transfer is the strongest help where ImageNet resembles your pictures; distillation makes a large network's knowledge small, with or without labels.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 밝게 한 영상에 어두운 얼룩이 생긴다 | `uint8`이 넘쳤습니다. `cv2.add`를 쓰거나, `float32`로 계산하고 자른 뒤 되돌립니다 |
# | 내 시험에서는 훌륭한데 밖에서는 쓸모없다 | 시험 데이터가 같은 카메라, 같은 날, 같은 사람의 것 아닌가요? 클래스마다 평균 영상을 보세요 |
# | 증대했더니 나빠졌다 | 너무 세거나 레이블을 바꾸는 증대입니다(뒤집은 5는 5가 아닙니다). 연산을 줄이거나 더 오래 학습합니다 |
# | 미세 조정이 머리가 알던 것을 잊게 한다 | 머리의 100분의 1 학습률로, 배치 정규화는 얼립니다 |
# | 증류가 레이블보다 나을 것이 없다 | 온도를 2~8로. 선생이 학생보다 낫기는 한가요? |
#
# ## 정리
#
# - 정확도는 레이블 수의 로그에 따라 늘어납니다. 열 배를 사기 전에 있는 것을 더 잘 씁시다.
# - 신경망은 *여러분의 데이터에서* 클래스를 가르는 것을 배웁니다. 그것이 조명일지라도.
# - ImageNet이 여러분의 영상을 닮았다면 전이 학습이 가장 큰 도움이 됩니다. 증류는 큰 신경망의 지식을 작게 만듭니다. 레이블이 있든 없든.
