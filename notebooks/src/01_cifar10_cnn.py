# ---
# title:
#   en: A CNN on CIFAR-10, from the textbook's to a fast one
#   ko: CIFAR-10 CNN, 교재의 신경망에서 빠른 신경망까지
# minutes: 8
# data:
#   en: CIFAR-10, 60,000 colour pictures of 32×32 (170 MB)
#   ko: CIFAR-10, 32×32 컬러 영상 60,000장 (170 MB)
# accuracy:
#   en: 63 to 64 % with the textbook network, 80 % with the fast one that looks twice (measured on a JPEG copy of CIFAR-10)
#   ko: 시험 데이터 정확도 교재 신경망 63~64 %, 두 번 보는 빠른 신경망 80 % (CIFAR-10의 JPEG 사본으로 측정)
# seed: 1
# ---

# %% [markdown] lang="en"
# In this notebook we
#
# - recognise pictures the old way, with features made by hand, and measure how far that goes;
# - build a textbook's convolutional network, account for each of its 453,786 parameters, train it, and see it overfit;
# - look at what it gets wrong, and at what its first layer has learnt;
# - save it in every format and prove that all of them agree;
# - make the training several times faster, one lever at a time, and at the end share it between two processes.

# %% [markdown] lang="ko"
# 이 노트북에서는
#
# - 사람이 만든 특징으로 영상을 인식하는 옛 방법이 어디까지 통하는지 재어 보고,
# - 교재에 나오는 합성곱 신경망을 만들어 매개변수 453,786개의 출처를 하나하나 따져 보고, 학습하여 과잉 적합이 일어나는 것을 보고,
# - 무엇을 틀리는지, 첫 층이 무엇을 배웠는지 들여다보고,
# - 모든 형식으로 저장하여 서로 같은 답을 낸다는 것을 증명하고,
# - 학습을 한 단계씩 빠르게 만든 다음, 마지막에는 두 프로세스가 나누어 학습하게 합니다.

# %%
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.linear_model import RidgeClassifier

import labs

tf.get_logger().setLevel("ERROR")  # only what went wrong

# %% [markdown] lang="en"
# ## 1. The pictures
#
# **Image recognition** means naming what a picture shows. CIFAR-10 has ten classes, and 32×32 pixels must do.
# The last line says where the pictures come from: in the quick profile it is a *stand-in* of drawn emoji, not CIFAR-10.

# %% [markdown] lang="ko"
# ## 1. 데이터
#
# **영상 인식**은 영상에 무엇이 있는지 알아내는 일입니다. CIFAR-10은 열 개의 부류로 이루어지며, 영상은 32×32 화소밖에 되지 않습니다.
# 출력에서 데이터의 출처를 확인하세요. quick 프로파일에서는 CIFAR-10이 아니라 이모지로 그린 *대용 데이터*를 씁니다.

# %% tags=["unpublished"]
dataset = labs.load("cifar10", labs.profile.size)
print(dataset)
first = [np.flatnonzero(dataset.y_train == number)[:2] for number in range(10)]
shown = np.concatenate(np.transpose(first))
titles = [dataset.labels[number] for number in dataset.y_train[shown]]
labs.show.grid(
    dataset.x_train[shown], titles=titles, title="열 개의 부류 · ten classes", source=dataset.source
)

# %% [markdown] lang="en"
# ## 2. The old way: features by hand
#
# Until 2012 people designed the features. **HOG**, the histogram of oriented gradients, adds up in each 8×8 cell how strong
# the edges of nine directions are;
# a colour histogram counts how often each colour occurs. A linear classifier then weighs these numbers.

# %% [markdown] lang="ko"
# ## 2. 옛 방법: 사람이 만든 특징
#
# 2012년까지는 사람이 특징을 설계했습니다. **HOG**(기울기 방향 히스토그램)는 8×8 셀마다 아홉 방향의 에지가 얼마나 강한지 더하고,
# 색 히스토그램은 각 색이 얼마나 자주 나오는지 셉니다. 그런 다음 선형 분류기가 이 수들에 가중치를 줍니다.

# %%
row, column = np.indices((32, 32)) // 8
cell = 9 * (4 * row + column)  # 4×4 cells, nine numbers each


def features(picture):
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    right, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(right, down)
    direction = (angle * 9 / np.pi).astype(int) % 9  # an edge has no front: half a turn is enough
    edges = np.bincount((cell + direction).ravel(), strength.ravel(), minlength=144)
    colours = cv2.calcHist([picture], [0, 1, 2], None, [4, 4, 4], [0, 256] * 3).ravel()
    return np.sqrt(np.concatenate([edges / (edges.sum() + 1), colours / 1024]))


# %%
by_hand = [np.array([features(picture) for picture in part]) for part in (dataset.x_train, dataset.x_test)]
classifier = RidgeClassifier().fit(by_hand[0], dataset.y_train)
old_way = classifier.score(by_hand[1], dataset.y_test)
print(f"{by_hand[0].shape[1]} features by hand and a linear classifier: {old_way:.1%} (guessing: 10 %)")

# %% [markdown] lang="en"
# Better than guessing, and nothing was learnt but the weights at the end. A **convolutional network** learns the features too.
#
# ## 3. The textbook network
#
# Two convolutions, a pooling between them, two dense layers: so it stands in many a book. Scaling is its first layer.

# %% [markdown] lang="ko"
# 찍는 것보다는 훨씬 낫지만, 학습한 것은 마지막의 가중치뿐입니다. **합성곱 신경망**은 특징까지 학습합니다.
#
# ## 3. 교재의 신경망
#
# 합성곱층 두 개, 그 사이의 풀링, 완전연결층 두 개. 많은 교재에 나오는 구조입니다. 크기 조정(0~1)은 첫 층이 합니다.

# %%
# NBVAL_CHECK_OUTPUT
keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((32, 32, 3), name="input"),
        layers.Rescaling(1 / 255),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(80, activation="relu"),
        layers.Dense(10, activation="softmax", name="output"),
    ]
)
for layer in model.layers:
    print(f"{type(layer).__name__:13} {layer.output.shape[1:]!s:14} {layer.count_params():8,} parameters")
print(f"{model.count_params():,} in all")

# %% [markdown] lang="en"
# Number by number:
#
# - **1,792** = 64 filters × (3×3 pixels × 3 colours + 1 bias). The output is 30×30, since a 3×3 window fits 30 times into 32.
# - **18,464** = 32 × (3×3 × 64 channels + 1). Pooling has halved 30 to 15, and the window fits 13 times.
# - **432,720** = 80 × (13×13×32 = 5,408 numbers + 1): 95 % of all parameters stand in this one layer.
# - **810** = 10 × (80 + 1).
#
# `fit` with the defaults of the books: Adam, batches of 32. Only the data comes as a `tf.data.Dataset` in place of arrays: for arrays
# TensorFlow tunes the pipeline by itself, and the tuner now and then sleeps between two epochs, for as long as an epoch takes.

# %% [markdown] lang="ko"
# 수를 하나씩 따져 봅시다.
#
# - **1,792** = 필터 64개 × (3×3 화소 × 색 3개 + 편향 1개). 32화소에 3×3 창이 들어갈 자리는 30곳이므로 출력은 30×30입니다.
# - **18,464** = 32 × (3×3 × 64채널 + 1). 풀링으로 30이 15로 줄었고, 창이 들어갈 자리는 13곳입니다.
# - **432,720** = 80 × (13×13×32 = 5,408개의 수 + 1). 매개변수의 95 %가 이 한 층에 있습니다.
# - **810** = 10 × (80 + 1).
#
# 교재의 기본값대로 Adam과 배치 크기 32로 `fit`을 부릅니다. 다만 데이터는 배열이 아니라 `tf.data.Dataset`으로 넘깁니다. 배열을 그대로 넘기면
# TensorFlow가 데이터 공급을 자동으로 조정하는데, 그러다가 에포크 사이에서 한 에포크만큼이나 멈춰 있을 때가 있기 때문입니다.

# %%
options = tf.data.Options()
options.autotune.enabled = False
arrays = tf.data.Dataset.from_tensor_slices((dataset.x_train, dataset.y_train))
batches = arrays.shuffle(len(dataset.x_train)).batch(32).with_options(options)

# %%
test = (dataset.x_test, dataset.y_test)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
start = time.process_time()
history = model.fit(batches, epochs=4, validation_data=test, verbose=2, shuffle=False)  # it is shuffled
textbook_seconds = time.process_time() - start
labs.show.history(history, source=dataset.source)

# %% [markdown] lang="en"
# The training accuracy keeps rising while the validation accuracy stops, and the validation loss even turns upward:
# there **overfitting** begins. The network learns its pictures by heart, mostly in that one big layer.
#
# ## 4. What it says, and where it errs

# %% [markdown] lang="ko"
# 학습 정확도는 계속 오르는데 검증 정확도는 멈추고, 검증 손실은 오히려 커지기 시작합니다.
# 여기서 **과잉 적합**이 시작됩니다. 주로 그 커다란 층 하나가 학습 영상을 외워 버리는 것입니다.
#
# ## 4. 예측과 오류

# %% tags=["unpublished"]
probabilities = model.predict(dataset.x_test, verbose=0)
textbook_accuracy = np.mean(probabilities.argmax(axis=1) == dataset.y_test)
print(f"test accuracy {textbook_accuracy:.1%} after {textbook_seconds:.0f} processor seconds")
x, y = dataset.x_test[:10], dataset.y_test[:10]
labs.show.predictions(x, probabilities[:10], dataset.labels, truth=y, columns=5, source=dataset.source)

# %%
labs.show.confusion(dataset.y_test, probabilities.argmax(axis=1), dataset.labels, source=dataset.source)

# %% [markdown] lang="en"
# A row is the truth, a column the answer. Look at the pairs: cat and dog, automobile and truck.
# The **worst mistakes** are those of which the network was most certain.

# %% [markdown] lang="ko"
# 행은 정답, 열은 신경망의 답입니다. 고양이와 개, 승용차와 트럭처럼 서로 헷갈리는 짝을 찾아봅시다.
# **가장 나쁜 실수**는 신경망이 가장 확신하면서 틀린 것입니다.

# %% tags=["unpublished"]
certainty = np.where(probabilities.argmax(axis=1) == dataset.y_test, 0, probabilities.max(axis=1))
worst = certainty.argsort()[::-1][:10]
x, y = dataset.x_test[worst], dataset.y_test[worst]
labs.show.predictions(
    x, probabilities[worst], dataset.labels, truth=y, columns=5, title="가장 나쁜 실수 · worst"
)

# %% [markdown] lang="en"
# ## 5. What the first layer has learnt
#
# A filter of the first layer is a tiny picture of 3×3 colours; its answer to a picture is a **feature map**.

# %% [markdown] lang="ko"
# ## 5. 첫 층이 배운 것
#
# 첫 층의 필터는 3×3 화소의 아주 작은 컬러 영상입니다. 필터가 영상에 반응한 결과가 **특징 맵**입니다.

# %%
filters = model.layers[1].get_weights()[0].transpose(3, 0, 1, 2)
labs.show.grid(filters[:20], title="첫 층의 필터 · filters of the first layer")
first_layers = keras.Model(model.inputs[0], model.layers[1].output)

# %% tags=["cover"]
drawing = labs.load("cifar10", "sample").x_test[4]  # CIFAR-10's photos may not be published
maps = first_layers(drawing[None].astype("float32")).numpy()[0].transpose(2, 0, 1)
maps = maps[maps.mean(axis=(1, 2)).argsort()[::-1][:19]]  # the strongest
maps /= maps.max(axis=(1, 2), keepdims=True)
labs.show.grid([drawing, *maps], title="가장 강한 특징 맵 · a drawing and its 19 strongest feature maps")

# %% [markdown] lang="en"
# Some maps answer to edges of one direction, some to a colour. Nobody designed them, and compare them with HOG: edges by direction!
#
# ## 6. Save and check
#
# One call writes the four formats (Keras, SavedModel, `.pb` for OpenCV, ONNX) and TensorFlow.js. The table proves that they agree.
# Lab 05 explains how.

# %% [markdown] lang="ko"
# 어떤 맵은 한 방향의 에지에, 어떤 맵은 색에 반응합니다. 아무도 설계하지 않았는데 HOG처럼 방향별 에지가 나타났습니다!
#
# ## 6. 저장하고 확인하기
#
# 한 번의 호출로 네 가지 형식(Keras, SavedModel, OpenCV용 `.pb`, ONNX)과 TensorFlow.js용 파일을 만듭니다. 모두 같은 답을 낸다는 것은 표가 증명합니다.
# 자세한 원리는 실습 05에 있습니다.

# %%
facts = {"metrics": {"test_accuracy": textbook_accuracy}, "source": dataset.source}
folder = labs.export(model, "saved_models/cifar10_textbook", labels=dataset.labels, x=dataset.x_test, **facts)
labs.check(folder)

# %% [markdown] lang="en"
# ## 7. The same in a fraction of the time, lever by lever
#
# Each lever is tried for **200 batches of 128**, half an epoch; we note the accuracy and the **processor seconds**, which hardly
# depend on what else the machine is doing. `measured` trains and notes.

# %% [markdown] lang="ko"
# ## 7. 같은 정확도를 훨씬 짧은 시간에
#
# 방법을 하나씩 더해 가며 **128장씩 200배치**, 곧 반 에포크(epoch)만 학습하고, 정확도와 **프로세서 시간**을 적습니다.
# 프로세서 시간은 컴퓨터가 다른 일을 하고 있어도 거의 변하지 않습니다. `measured`가 학습하고 기록합니다.

# %%
print("precision:", labs.train.choose_precision())
truth = np.eye(10, dtype="float32")[dataset.y_test]
size, steps = labs.profile.choose(full=(128, 200), quick=(50, 30))
results = {}


# %%
def measured(name, network, optimizer, loss, data):
    network.compile(optimizer, loss, metrics=["accuracy"])
    start = time.process_time()
    network.fit(data.take(steps), verbose=0, shuffle=False)
    seconds = time.process_time() - start
    _, accuracy = network.evaluate(dataset.x_test, truth, batch_size=500, verbose=0)
    results[name] = accuracy, seconds
    print(f"{name}: {accuracy:.1%} after {seconds:.0f} processor seconds")


# %% [markdown] lang="en"
# **Lever 1: a better network.** Neighbouring pixels are nearly equal, so a first layer computed from the data (not trained)
# *whitens* 4×4 patches: what comes out is uncorrelated. It also halves the size, so all that follows is cheap.
# Batch normalisation keeps the numbers in range; the big dense layer is gone.

# %% [markdown] lang="ko"
# **방법 1: 더 나은 신경망.** 이웃한 화소는 값이 거의 같습니다. 그래서 데이터로 미리 계산해 두고 학습하지 않는 첫 층이 4×4 조각을
# *백색화*합니다. 출력의 상관관계가 사라집니다. 크기도 절반으로 줄어 뒤의 계산이 모두 가벼워집니다.
# 배치 정규화가 값의 범위를 지켜 주고, 커다란 완전연결층은 없앴습니다.

# %%
keras.utils.set_random_seed(1)
network = labs.train.plain(labs.nets.cifar10_fast(dataset.x_train))
for layer in network.layers:
    print(f"{type(layer).__name__:18} {layer.output.shape[1:]!s:14} {layer.count_params():8,}")

# %%
batches = labs.train.batches(dataset.x_train, dataset.y_train, size, flip=False, shift=0, seed=1)
measured("1 better network", network, "adam", "categorical_crossentropy", batches)

# %%
filters = network.get_layer("whitening").get_weights()[0].transpose(3, 0, 1, 2)
labs.show.grid(filters[:12], columns=12, title="백색화 필터 · whitening filters, strongest first")

# %% [markdown] lang="en"
# **Lever 2: feed and lead it well.** `labs.train.batches` makes batches with mirrored pictures while the network computes. The learning
# rate rises to a peak, then falls to zero. **Label smoothing** asks for 95 % certainty instead of 100 %.

# %% [markdown] lang="ko"
# **방법 2: 데이터와 학습률.** `labs.train.batches`는 신경망이 계산하는 동안 좌우로 뒤집은 영상을 섞어 배치를 만듭니다. 학습률은
# 꼭대기까지 올라갔다가 0으로 내려옵니다. **레이블 평활화**는 100 % 대신 95 %의 확신만 요구합니다.

# %%
keras.utils.set_random_seed(1)
batches = labs.train.batches(dataset.x_train, dataset.y_train, size, shift=0, seed=1)
network = labs.train.plain(labs.nets.cifar10_fast(dataset.x_train))
adam = keras.optimizers.Adam(labs.train.UpThenDown(0.01, steps))
measured("2 flips, schedule, smoothing", network, adam, labs.train.smoothed_loss(), batches)

# %% [markdown] lang="en"
# **Lever 3: layers that are quick on the way back.** The same network, in which the gradient of a convolution is computed as
# a convolution, normalisation is one operation, and memory is kept from step to step. The same mathematics in five to ten percent
# less time: hardly to be seen in 200 batches, but it adds up.

# %% [markdown] lang="ko"
# **방법 3: 역전파가 빠른 층.** 같은 신경망이지만 합성곱의 그레이디언트를 합성곱으로 계산하고, 정규화를 연산 하나로 하고,
# 메모리를 다음 단계에서 다시 씁니다. 계산하는 식은 같고 시간이 5~10 % 줄어듭니다. 200배치로는 거의 보이지 않지만 오래 학습하면 쌓입니다.

# %%
keras.utils.set_random_seed(1)
labs.train.keep_memory()
fast = labs.nets.cifar10_fast(dataset.x_train)
adam = keras.optimizers.Adam(labs.train.UpThenDown(0.01, steps))
measured("3 quick layers", fast, adam, labs.train.smoothed_loss(), batches)

# %% [markdown] lang="en"
# **Lever 4: another optimizer.** A gradient is mostly a few strong directions. `Turn` *orthogonalises* the update of a kernel:
# all directions become equally strong, and the kernel turns by a fixed angle. The code is 40 lines in `labs/train/optimizer.py`.

# %% [markdown] lang="ko"
# **방법 4: 다른 최적화기.** 그레이디언트는 대부분 몇 개의 강한 방향으로 쏠려 있습니다. `Turn`은 커널의 갱신량을 *직교화*하여
# 모든 방향을 똑같이 강하게 만들고, 커널을 정해진 각도만큼 돌립니다. 코드는 `labs/train/optimizer.py`에 있으며 40줄 정도입니다.

# %%
keras.utils.set_random_seed(1)
fast = labs.nets.cifar10_fast(dataset.x_train)
turn = labs.train.Turn(labs.train.UpThenDown(0.1, steps))
measured("4 orthogonal updates", fast, turn, labs.train.smoothed_loss(), batches)

# %% [markdown] lang="en"
# **Lever 5: small pictures first.** Coarse shapes can be learnt from small pictures: 16×16 pixels cost a quarter of the time.
# A convolution does not mind the size, so `smaller` gives a network for small pictures that *shares all weights* with `best`.
# A deeper variant learns for two epochs at 16×16, one at 24×24 and two at 32×32, under one optimizer;
# flips and shifts of one pixel work against overfitting.

# %% [markdown] lang="ko"
# **방법 5: 작은 영상부터.** 대강의 모양은 작은 영상에서도 배울 수 있고, 16×16 화소면 시간이 4분의 1밖에 걸리지 않습니다.
# 합성곱은 영상의 크기를 가리지 않으므로 `smaller`는 `best`와 *모든 가중치를 공유하는* 작은 영상용 신경망을 만듭니다.
# 층을 더 쌓은 신경망이 16×16에서 두 에포크, 24×24에서 한 에포크, 32×32에서 두 에포크를 한 최적화기로 학습합니다.
# 과잉 적합은 뒤집기와 한 화소 이동으로 막습니다.

# %%
keras.utils.set_random_seed(1)
best = labs.nets.cifar10_fast(dataset.x_train, depth=2)
size = labs.profile.choose(full=256, quick=50)
plan = labs.profile.choose(full={16: 2, 24: 1, 32: 2}, quick={16: 4, 24: 2, 32: 6})  # side: epochs
steps = sum(plan.values()) * (len(dataset.x_train) // size)
optimizer = labs.train.Turn(labs.train.UpThenDown(0.14, steps))

# %%
seconds = 0
for side, epochs in plan.items():
    pictures = labs.train.shrink(dataset.x_train, side)
    batches = labs.train.batches(pictures, dataset.y_train, size, shift=1, seed=side)
    network = best if side == 32 else labs.train.smaller(best, side)
    network.compile(optimizer, labs.train.smoothed_loss(), metrics=["accuracy"])
    start = time.process_time()
    network.fit(batches, epochs=epochs, verbose=0, shuffle=False)
    seconds += time.process_time() - start
results["5 small pictures first"] = best.evaluate(dataset.x_test, truth, 500, verbose=0)[1], seconds

# %% [markdown] lang="en"
# **For nothing: look twice.** A mirrored cat is a cat. `look_twice` answers with the mean for the picture and its mirror image;
# the mirroring is part of the network, so every format has it. It costs no training, but each answer takes twice as long.

# %% [markdown] lang="ko"
# **공짜로 얻는 정확도: 두 번 보기.** 좌우가 바뀐 고양이도 고양이입니다. `look_twice`는 영상과 그 거울상에 대한 답을 평균합니다.
# 뒤집기가 신경망 안에 들어 있으므로 어떤 형식으로 저장해도 그대로 따라갑니다. 학습은 더 필요 없지만, 답 하나에 시간이 두 배 걸립니다.

# %%
plain = labs.train.plain(best)
twice = labs.train.look_twice(plain)
answers = twice.predict(dataset.x_test, batch_size=500, verbose=0).argmax(axis=1)
results["6 looking twice"] = np.mean(answers == dataset.y_test), seconds

# %%
print(f"{'old way, features by hand':28} {old_way:6.1%}")
print(f"{'textbook network':28} {textbook_accuracy:6.1%} {textbook_seconds:6.0f} s   1.00")
for name, (accuracy, seconds) in results.items():
    print(f"{name:28} {accuracy:6.1%} {seconds:6.0f} s   {seconds / textbook_seconds:.2f}")

# %% [markdown] lang="en"
# The last column compares with the textbook's time. In our run half an epoch with the first four levers beat the textbook network's
# four epochs, in 0.07 of the time. One run each: a difference of less than one percent may be chance.
# `benchmarks/cifar10.py` repeats it with several seeds.
#
# `plain` gives back Keras's own layers, and the fast network goes into OpenCV like any other.
#
# <!-- live: photo cifar10 -->

# %% [markdown] lang="ko"
# 마지막 열은 교재 신경망의 시간과 비교한 값입니다. 우리가 실행했을 때는 방법 네 가지를 쓴 반 에포크가 교재 신경망의 네 에포크를 앞섰고,
# 시간은 0.07배였습니다. 한 번씩만 재었으므로 1 % 미만의 차이는 우연일 수 있습니다.
# `benchmarks/cifar10.py`는 시드를 바꾸어 가며 여러 번 잽니다.
#
# `plain`은 Keras의 기본 층으로 되돌려 줍니다. 빠른 신경망도 다른 신경망과 똑같이 OpenCV에서 쓸 수 있습니다.
#
# <!-- live: photo cifar10 -->

# %%
facts["metrics"] = {"test_accuracy": results["6 looking twice"][0]}
folder = labs.export(twice, "saved_models/cifar10_fast", labels=dataset.labels, x=dataset.x_test, **facts)
labs.check(folder)

# %% [markdown] lang="en"
# ## 8. More than one machine
#
# When one machine is too slow, several share each batch: everyone computes the gradient of its part, the **mean** of the
# gradients goes to all, and all make the same step. TensorFlow finds the others through the variable `TF_CONFIG`.
# Here two processes of this machine are the workers; on two machines only the addresses change.

# %% [markdown] lang="ko"
# ## 8. 여러 컴퓨터로 학습하기
#
# 한 대로 너무 느리면 여러 대가 배치를 나눕니다. 저마다 자기 몫의 그레이디언트를 계산하고, 그 **평균**을 모두가 받아 똑같이 한 걸음 나아갑니다.
# TensorFlow는 환경 변수 `TF_CONFIG`로 서로를 찾습니다.
# 여기서는 이 컴퓨터의 두 프로세스가 작업자(worker)입니다. 컴퓨터가 두 대라면 주소만 바꾸면 됩니다.

# %%
program = """
import labs
index, count = labs.train.join_workers()  # first of all, before TensorFlow computes anything
data = labs.load("cifar10", "sample")
model = labs.nets.cifar10_textbook()
model.compile("adam", "categorical_crossentropy")
batches = labs.train.batches(data.x_train, data.y_train, batch_size=100, seed=1)
losses = labs.train.fit_together(model, batches, epochs=3)
total = sum(abs(weights).sum() for weights in model.get_weights())
print(f"worker {index} of {count}: loss {losses[0]:.3f} -> {losses[-1]:.3f}, sum of weights {total:.4f}")
"""

# %%
listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]  # two ports that nobody uses
addresses = [f"127.0.0.1:{listener.getsockname()[1]}" for listener in listeners]
[listener.close() for listener in listeners]
workers = []
for index in range(2):
    place = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    environment = {**os.environ, "TF_CONFIG": json.dumps(place), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", program]
    workers.append(
        subprocess.Popen(command, env=environment, stdout=-1, stderr=subprocess.DEVNULL, text=True)
    )
for worker in workers:
    print(worker.communicate(timeout=300)[0].strip())

# %% [markdown] lang="en"
# Both end with the same loss and the same weights, as one process with the whole batch would.
#
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `DataUnavailable` | Set `LABS_DATA` to the classroom's folder, or `LABS_PROFILE=quick` |
# | The loss is `nan`, or accuracy stays at 10 % | A learning rate ten times smaller |
# | Validation falls while training rises | Overfitting: fewer epochs, flips and shifts, a smaller dense layer |
# | Training stands still between two epochs | TensorFlow's tuner sleeps: switch it off as in section 3 |
# | `fit_together` says that a worker stopped | Start all workers again; with `checkpoint=` they go on where they were |
#
# ## Recap
#
# - Features by hand and a linear classifier are a start; a convolutional network learns its features.
# - Every parameter can be accounted for; most of the textbook network's stand in one dense layer, and overfit.
# - Speed comes from many places: the data pipeline, the architecture, the gradients, the optimizer, the size of the pictures. Measure each.
#
# ## Exercises
#
# **Exercise 1.** How many parameters has the textbook network with `padding="same"` in both convolutions? Compute, then check.

# %% [markdown] lang="ko"
# 두 작업자의 손실과 가중치가 똑같습니다. 한 프로세스가 배치 전체로 학습했을 때와도 같습니다.
#
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `DataUnavailable` | `LABS_DATA`를 강의실 폴더로 정하거나 `LABS_PROFILE=quick`을 씁니다 |
# | 손실이 `nan`이거나 정확도가 10 %에 머문다 | 학습률을 10분의 1로 줄입니다 |
# | 학습 정확도는 오르는데 검증 정확도가 떨어진다 | 과잉 적합입니다. 에포크를 줄이고, 뒤집기와 이동을 쓰고, 완전연결층을 줄입니다 |
# | 에포크 사이에서 학습이 멈춰 있다 | 자동 조정 때문입니다. 3절처럼 끕니다 |
# | `fit_together`가 작업자가 멈추었다고 한다 | 모든 작업자를 다시 시작합니다. `checkpoint=`를 주었다면 멈춘 곳부터 이어 갑니다 |
#
# ## 정리
#
# - 사람이 만든 특징과 선형 분류기는 출발점입니다. 합성곱 신경망은 특징까지 학습합니다.
# - 매개변수는 하나하나 셀 수 있습니다. 교재 신경망의 매개변수는 대부분 완전연결층 하나에 있고, 그 층이 과잉 적합합니다.
# - 속도는 데이터 공급, 구조, 그레이디언트, 최적화기, 영상의 크기 등 여러 곳에서 나옵니다. 하나씩 재어 봅니다.
#
# ## 연습 문제
#
# **연습 1.** 두 합성곱층에 `padding="same"`을 주면 교재 신경망의 매개변수는 몇 개가 될까요? 계산한 다음 확인해 봅시다.

# %% tags=["exercise"]
# solution
flattened = 16 * 16 * 32  # 32 stays 32, pooling makes it 16, the second convolution keeps it
expected = 1_792 + 18_464 + 80 * (flattened + 1) + 810
# end solution
padded = keras.Sequential(
    [keras.Input((32, 32, 3)), layers.Conv2D(64, 3, padding="same"), layers.MaxPooling2D(2)]
)
padded.add(layers.Conv2D(32, 3, padding="same"))
for layer in (layers.Flatten(), layers.Dense(80), layers.Dense(10)):
    padded.add(layer)
print(f"you say {expected:,}, Keras says {padded.count_params():,}")

# %% [markdown] lang="en"
# **Exercise 2.** How often is the right class among the network's *three* most probable ones?

# %% [markdown] lang="ko"
# **연습 2.** 신경망이 가장 그럴듯하다고 한 *세* 부류 안에 정답이 들어 있는 비율은 얼마일까요?

# %% tags=["exercise"]
# solution
three = probabilities.argsort(axis=1)[:, -3:]
top3 = np.mean((three == dataset.y_test[:, None]).any(axis=1))
# end solution
print(f"among the first three: {top3:.1%}, first: {textbook_accuracy:.1%}")

# %% [markdown] lang="en"
# **Exercise 3.** Mirror all test pictures. Does the fast network (`plain`, which looks once), which saw mirrored pictures,
# lose less than the textbook's?

# %% [markdown] lang="ko"
# **연습 3.** 시험 영상을 모두 좌우로 뒤집어 봅시다. 뒤집은 영상도 보며 배운 빠른 신경망(한 번만 보는 `plain`)은
# 교재 신경망보다 정확도가 덜 떨어질까요?

# %% tags=["exercise"]
# solution
mirrored = dataset.x_test[:, :, ::-1]
lost = []
for network, before in ((model, textbook_accuracy), (plain, results["5 small pictures first"][0])):
    answers = network.predict(mirrored, batch_size=500, verbose=0).argmax(axis=1)
    lost.append(before - np.mean(answers == dataset.y_test))
# end solution
print(f"the textbook network loses {lost[0]:.1%}, the fast one {lost[1]:.1%}")

# %% [markdown] lang="en"
# **Exercise 4.** `labs.train.look_around` also looks at the picture moved by a pixel. Around `twice` that is six looks: what do they gain?

# %% [markdown] lang="ko"
# **연습 4.** `labs.train.look_around`는 한 화소 옮긴 영상도 함께 봅니다. `twice`에 씌우면 여섯 번 보게 됩니다. 정확도는 얼마나 오를까요?

# %% tags=["exercise"]
# solution
around = labs.train.look_around(twice)
answers = around.predict(dataset.x_test, batch_size=500, verbose=0).argmax(axis=1)
six_looks = np.mean(answers == dataset.y_test)
# end solution
one, two = results["5 small pictures first"][0], results["6 looking twice"][0]
print(f"one look {one:.1%}, two {two:.1%}, six {six_looks:.1%}")
