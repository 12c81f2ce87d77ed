# ---
# title:
#   en: Transfer learning with MobileNet
#   ko: MobileNet으로 배우는 전이 학습
# minutes: 6
# data:
#   en: cats vs dogs, 2,000 photos to learn from and 1,000 to test on
#   ko: 고양이와 개 사진, 학습용 2,000장과 시험용 1,000장
# accuracy:
#   en: 97 to 98 % of 1,000 test photos with a frozen MobileNet and a new head
#   ko: 얼린 MobileNet에 새 머리를 붙여 시험 사진 1,000장에서 97~98 %
# seed: 3
# ---

# %% [markdown] lang="en"
# Lab 02 taught a network cats and dogs from nothing, and 2,000 photos were too few. In this notebook we
#
# - look at the networks that others have trained on 1.2 million photos, and use one **as it is**;
# - see the trap on which most projects stumble: the pixels must arrive as the network knows them;
# - reuse the network in **three ways**, with accuracy, trainable parameters and time in one table;
# - look into the space of its features: which photos lie close to each other?
# - save the best one in every format, and classify in OpenCV from `.pb` and ONNX.

# %% [markdown] lang="ko"
# 실습 02에서는 신경망이 고양이와 개를 맨바닥에서 배웠고, 사진 2,000장은 너무 적었습니다. 이 노트북에서는
#
# - 다른 사람이 사진 120만 장으로 학습해 둔 신경망을 살펴보고, 하나를 **그대로** 써 보고,
# - 대부분의 프로젝트가 걸려 넘어지는 함정, 곧 화소 값을 신경망이 아는 모습으로 넣어야 한다는 것을 확인하고,
# - 신경망을 **세 가지 방법**으로 다시 써서 정확도, 학습할 매개변수의 수, 시간을 한 표에 비교하고,
# - 특징 공간을 들여다보며 어떤 사진끼리 가까이 있는지 보고,
# - 가장 좋은 것을 모든 형식으로 저장하여 OpenCV에서 `.pb`와 ONNX로 분류합니다.

# %%
import json
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier

import labs

tf.get_logger().setLevel("ERROR")  # only what went wrong

# %% [markdown] lang="en"
# ## 1. The photos
#
# The same photos as in lab 02, but 1,000 of them to test on, and larger: MobileNet learnt from 224×224.
# In the quick profile drawn emoji stand in for the photos; the last line always says what you have.

# %% [markdown] lang="ko"
# ## 1. 데이터
#
# 실습 02와 같은 사진이지만 시험용이 1,000장이고 크기도 더 큽니다. MobileNet은 224×224 사진으로 학습했기 때문입니다.
# quick 프로파일에서는 사진 대신 이모지 그림을 씁니다. 무엇을 쓰고 있는지는 출력의 마지막 줄을 보세요.

# %%
side = labs.profile.choose(full=224, quick=96)
dataset = labs.load("cats_vs_dogs", labs.profile.size, side=side, train=2000, test=1000)
print(dataset)

# %% tags=["unpublished"]
titles = [dataset.labels[label] for label in dataset.y_train[:16]]
labs.show.grid(dataset.x_train[:16], titles=titles, columns=8, source=dataset.source)

# %% [markdown] lang="en"
# ## 2. What is on the shelf
#
# `keras.applications` holds famous networks with their weights. The table was counted from the library;
# the accuracies on ImageNet (1,000 classes; *top-5*: the right class is among the five best answers) are those that Keras publishes.

# %% [markdown] lang="ko"
# ## 2. 진열대에 있는 신경망
#
# `keras.applications`에는 이름난 신경망이 가중치와 함께 들어 있습니다. 표의 숫자는 라이브러리에서 직접 센 것이고,
# ImageNet(부류 1,000개) 정확도는 Keras가 발표한 값입니다(*top-5*: 정답이 상위 다섯 개의 답 안에 있음).

# %%
print(f"{'network':18} {'MB':>4} {'top-1':>6} {'top-5':>6} {'parameters':>12} {'depth':>6} {'pixels':>7}")
for row in json.loads(labs.files.bundled("keras_applications.json").read_text(encoding="utf-8")):
    name, megabytes, top1, top5, parameters, depth, pixels = row.values()
    print(f"{name:18} {megabytes:4} {top1:6} {top5:6} {parameters:12,} {depth:6} {pixels:4}^2")

# %% [markdown] lang="en"
# VGG16 is 33 times as large as MobileNet and hardly better. MobileNet's trick is the **depthwise separable convolution**: one filter
# a channel looks for patterns, a 1×1 convolution mixes the channels. It was made for phones, and it suits a classroom's CPU.
#
# ## 3. A ready-made network, as it is
#
# The textbook takes ResNet50, whose weights (98 MB) must be downloaded. Without a network we take a MobileNet. Either knows 1,000 classes.

# %% [markdown] lang="ko"
# VGG16은 MobileNet보다 33배 크지만 성능은 거의 같습니다. MobileNet의 비결은 **깊이별 분리 합성곱**입니다. 채널마다 필터 하나가
# 무늬를 찾고, 1×1 합성곱이 채널을 섞습니다. 휴대전화를 위해 만들어졌고, 교실의 CPU에도 잘 맞습니다.
#
# ## 3. 다 만들어진 신경망을 그대로 쓰기
#
# 교재는 ResNet50을 쓰는데, 가중치(98 MB)를 내려받아야 합니다. 인터넷이 없으면 MobileNet을 씁니다. 어느 쪽이든 부류 1,000개를 압니다.

# %%
pretrained = labs.profile.choose({"weights": "imagenet", "alpha": 0.75}, {"weights": "stand-in"})
name, options = labs.profile.choose(full=("ResNet50", {}), quick=("MobileNet", pretrained))
try:
    ready = labs.backbone.load(name, **options)
except labs.DataUnavailable as error:
    print(str(error).partition(":")[0])
    name = "MobileNet"
    ready = labs.backbone.load(name, **pretrained)
known = labs.backbone.labels(pretrained["weights"])
print(f"{name}: {ready.count_params():,} parameters, {len(known)} classes, input {ready.input_shape}")

# %% [markdown] lang="en"
# What does it say of one of our photos? `preprocessing` is a layer that turns raw pixels (RGB, 0..255) into what this network was trained on.

# %% [markdown] lang="ko"
# 우리 사진을 보고 무엇이라고 할까요? `preprocessing`은 원래 화소 값(RGB, 0..255)을 이 신경망이 학습할 때 받던 값으로 바꾸는 층입니다.

# %%
preprocessing = labs.backbone.preprocessing(name)
few = np.float32([cv2.resize(photo, ready.input_shape[1:3]) for photo in dataset.x_test[:100]])
right = ready.predict(preprocessing(few), verbose=0)

# %% tags=["unpublished"]
labs.show.predictions(few[:5], right[:5], known, columns=5)

# %%
truth = dataset.labels[dataset.y_test[0]]
labs.show.bars(right[0], known, top=5, title=f"{name} on the first photo, which shows a {truth}")

# %% [markdown] lang="en"
# It names breeds, for ImageNet holds 118 kinds of dogs and only 5 of cats. Nobody told it about our photos.
#
# ## 4. The trap: pixels in another form
#
# The network does not notice when the pixels are wrong; it just answers something else. We feed the same 100 photos in four forms,
# and count how often the answer stays what it was.

# %% [markdown] lang="ko"
# ImageNet에는 개가 118종, 고양이가 5종 있어서 품종까지 말해 줍니다. 우리 사진에 대해서는 아무도 알려 준 적이 없습니다.
#
# ## 4. 함정: 화소 값의 형식
#
# 화소 값이 잘못되어도 신경망은 알아채지 못하고 그저 다른 답을 냅니다. 같은 사진 100장을 네 가지 형식으로 넣고,
# 답이 얼마나 그대로인지 세어 봅시다.

# %%
forms = {
    "as it was trained": preprocessing(few),
    "BGR instead of RGB": preprocessing(few[..., ::-1]),
    "divided by 255": few / 255,
    "raw, 0..255": few,
}
for form, pixels in forms.items():
    answers = ready.predict(pixels, verbose=0)
    same = np.mean(answers.argmax(axis=1) == right.argmax(axis=1))
    first = f"{known[answers[0].argmax()]} {answers[0].max():.0%}"
    print(f"{form:20} same answer {same:4.0%}; the first photo: {first}")

# %% [markdown] lang="en"
# No error, no warning, only worse answers: a project can run like this for months.
# The cure: **put the preprocessing into the network**, so that the saved file takes raw pixels and nobody can forget it.
#
# ## 5. Features, computed once
#
# Without its last layer the network turns a photo into **features**: 7×7 places, at each a list of numbers.
# Their average over the places is one list a photo, which says what there is, no matter where.

# %% [markdown] lang="ko"
# 오류도 경고도 없이 답만 나빠집니다. 이런 상태로 몇 달을 돌리는 프로젝트도 있습니다.
# 해결책은 **전처리를 신경망 안에 넣는 것**입니다. 그러면 저장한 파일이 원래 화소 값을 받으므로 아무도 잊을 수 없습니다.
#
# ## 5. 특징은 한 번만 계산하기
#
# 마지막 층을 떼어 내면 신경망은 사진을 **특징**으로 바꿉니다. 7×7개의 자리마다 수의 목록이 하나씩 있습니다.
# 자리에 대해 평균을 내면 사진마다 목록 하나가 되는데, 어디에 있는지와 상관없이 무엇이 있는지를 말해 줍니다.

# %%
keras.utils.set_random_seed(3)
backbone = labs.backbone.load("MobileNet", include_top=False, **pretrained)
inputs = keras.Input((side, side, 3), name="input")
feature_maps = backbone(labs.backbone.preprocessing("MobileNet")(inputs))
extractor = keras.Model(inputs, layers.GlobalAveragePooling2D()(feature_maps))
print("feature maps", feature_maps.shape[1:], "- features", extractor.output_shape[1:])

# %% [markdown] lang="en"
# This is the slow part, and it is needed only once: `labs.backbone.features` keeps the result, and a second run reads it from the disk.

# %% [markdown] lang="ko"
# 시간이 걸리는 것은 이 부분뿐이고, 한 번이면 됩니다. `labs.backbone.features`가 결과를 보관하므로 두 번째부터는 디스크에서 읽습니다.

# %%
start = time.process_time()
x_train = labs.backbone.features(extractor, dataset.x_train)
x_test = labs.backbone.features(extractor, dataset.x_test)
print(f"{x_train.shape} and {x_test.shape} in {time.process_time() - start:.0f} processor seconds")

# %% [markdown] lang="en"
# ## 6. Three ways to reuse a network
#
# 1. **The architecture only**: all weights random, everything is trained.
# 2. **Freeze a part, fine-tune the rest** with a low learning rate, so that the good weights are not torn apart.
# 3. **The classifier only**: everything frozen, a new *head* is trained on the features.
#
# We begin with the third: one dense layer on the features.

# %% [markdown] lang="ko"
# ## 6. 신경망을 다시 쓰는 세 가지 방법
#
# 1. **구조만** 가져오기: 가중치는 모두 난수이고, 전부 학습합니다.
# 2. **일부를 얼리고 나머지를 미세 조정**하기: 좋은 가중치가 망가지지 않도록 학습률을 낮춥니다.
# 3. **분류기만** 새로 만들기: 모두 얼리고, 특징 위에 새 *머리*만 학습합니다.
#
# 셋째 방법부터 해 봅시다. 특징 위에 완전연결층 하나면 됩니다.

# %%
classifier = layers.Dense(2, activation="softmax", name="output")
head = keras.Sequential([keras.Input(extractor.output_shape[1:]), layers.Dropout(0.3), classifier])
head.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
test = (x_test, dataset.y_test)
start = time.process_time()
history = head.fit(x_train, dataset.y_train, 64, 20, validation_data=test, verbose=0)
print(f"{history.history['val_accuracy'][-1]:.1%} after {time.process_time() - start:.1f} processor seconds")
labs.show.history(history, source=dataset.source)

# %% [markdown] lang="en"
# Seconds, on a CPU. Now all three ways **on the same small photos** (96×96, or the first two would take too long);
# the classifier is trained once more on these, to be fair. `train` notes accuracy, trainable parameters
# and *processor seconds*: those of all cores together, whatever else the computer is doing.

# %% [markdown] lang="ko"
# CPU에서 몇 초면 끝납니다. 이제 세 방법을 **같은 크기의 작은 사진**(96×96)으로 비교합니다. 큰 사진으로는 앞의 두 방법이 너무 오래 걸립니다.
# 공평하게 분류기도 작은 사진으로 다시 학습합니다. `train`은 정확도, 학습할 매개변수의 수,
# *프로세서 시간*을 적어 둡니다. 모든 코어의 시간을 더한 값이어서 컴퓨터가 다른 일을 해도 거의 변하지 않습니다.

# %%
small_side = labs.profile.choose(full=96, quick=64)
small = labs.load("cats_vs_dogs", labs.profile.size, side=small_side, train=2000, test=1000)
results = {}


# %%
def network_with(maps_of, head):
    inputs = keras.Input((small_side, small_side, 3), name="input")
    maps = maps_of(labs.backbone.preprocessing("MobileNet")(inputs))
    return keras.Model(inputs, head(layers.GlobalAveragePooling2D()(maps)))


def train(name, model, x, x_test, rate, epochs, seconds=0):
    start = time.process_time() - seconds
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, small.y_train, 32, epochs, verbose=0)
    seconds = time.process_time() - start
    accuracy = model.evaluate(x_test, small.y_test, verbose=0)[1]
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    results[name] = accuracy, trainable, seconds
    print(f"{name}: {accuracy:.1%}, {trainable:,} trainable parameters, {seconds:.0f} processor seconds")


# %% [markdown] lang="en"
# **The classifier only.** The seconds include the features this time.

# %% [markdown] lang="ko"
# **분류기만.** 이번에는 특징을 계산하는 시간도 포함합니다.

# %%
small_extractor = network_with(backbone, layers.Identity())
start = time.process_time()
small_features = [labs.backbone.features(small_extractor, part) for part in (small.x_train, small.x_test)]
seconds = time.process_time() - start
small_head = keras.models.clone_model(head)
train("classifier only", small_head, *small_features, 0.001, 20, seconds)

# %% [markdown] lang="en"
# **Freeze a part.** We begin with the head just trained, and let the last two of thirteen blocks learn as well, at a hundredth of the usual
# learning rate. The frozen batch normalizations keep their averages: with 2,000 photos they could only get worse.

# %% [markdown] lang="ko"
# **일부를 얼리기.** 방금 학습한 머리에서 시작하여, 블록 열세 개 가운데 마지막 두 개도 보통의 100분의 1 학습률로 학습합니다.
# 배치 정규화는 얼려서 평균값을 지킵니다. 사진 2,000장으로는 나빠질 뿐이기 때문입니다.

# %%
tuned = labs.backbone.load("MobileNet", include_top=False, **pretrained)
first = [layer.name for layer in tuned.layers].index("conv_dw_12")
for number, layer in enumerate(tuned.layers):
    layer.trainable = number >= first and not isinstance(layer, layers.BatchNormalization)

# %%
model = network_with(tuned, keras.models.clone_model(small_head))
model.layers[-1].set_weights(small_head.get_weights())
epochs = labs.profile.choose(full=2, quick=1)
train("fine-tuned part", model, small.x_train, small.x_test, 1e-5, epochs)

# %% [markdown] lang="en"
# **The architecture only**: the same network with random weights, everything to be learnt from 2,000 photos.

# %% [markdown] lang="ko"
# **구조만**: 같은 신경망을 난수 가중치로 시작하여 사진 2,000장만으로 모든 것을 학습합니다.

# %%
empty = keras.models.clone_model(backbone)  # with new random weights
model = network_with(empty, keras.models.clone_model(small_head))
epochs = labs.profile.choose(full=2, quick=1)
train("architecture only", model, small.x_train, small.x_test, 0.001, epochs)

# %%
print(f"{'':20} {'accuracy':>9} {'trainable parameters':>21} {'processor seconds':>18}")
for name, (accuracy, trainable, seconds) in results.items():
    print(f"{name:20} {accuracy:9.1%} {trainable:21,} {seconds:18.0f}")

# %% [markdown] lang="en"
# The architecture alone is worth next to nothing here: what helps are the **weights**, that is, the 1.2 million photos behind them.
# Fine-tuning adds only a point or two here: cats and dogs are what ImageNet is full of. It pays when your pictures look different (X-rays, drawings), and there are more of them.
# And size counts: the same classifier that has 97.5 % at 224×224 has 91 % at 96×96.
#
# ## 7. The space of the features
#
# Each test photo is a point in a space of many dimensions. t-SNE draws it in two, so that neighbours stay neighbours.

# %% [markdown] lang="ko"
# 구조만으로는 거의 쓸모가 없습니다. 도움이 되는 것은 **가중치**, 곧 그 뒤에 있는 사진 120만 장입니다.
# 미세 조정은 1~2포인트만 더해 줍니다. ImageNet에는 고양이와 개가 가득하기 때문입니다. 미세 조정은 사진이 아주 다르고(엑스선 사진, 그림) 수가 더 많을 때 효과가 있습니다.
# 크기도 중요합니다. 같은 분류기가 224×224에서는 97.5 %, 96×96에서는 91 %입니다.
#
# ## 7. 특징 공간
#
# 시험 사진 한 장은 차원이 아주 높은 공간의 한 점입니다. t-SNE는 이웃을 이웃으로 남겨 두면서 2차원에 그려 줍니다.

# %%
points = TSNE(random_state=3).fit_transform(x_test)
for number, label in enumerate(dataset.labels):
    plt.scatter(*points[dataset.y_test == number].T, s=8, label=label)
plt.title("특징 공간 · the test photos in the space of features")
plt.legend()
plt.show()

# %% [markdown] lang="en"
# Two clouds, although **nobody has told this space what a cat is**: the features come from ImageNet alone. So even asking the
# nearest neighbours works, without any training:

# %% [markdown] lang="ko"
# 구름이 둘로 나뉩니다. **이 공간에 고양이가 무엇인지 알려 준 사람은 없습니다.** 특징은 ImageNet에서만 왔습니다. 그래서 학습 없이
# 가장 가까운 이웃에게 물어보기만 해도 통합니다.

# %%
neighbours = KNeighborsClassifier(5, metric="cosine").fit(x_train, dataset.y_train)
print(f"five nearest neighbours: {neighbours.score(x_test, dataset.y_test):.1%}")

# %% tags=["unpublished"]
_, nearest = neighbours.kneighbors(x_test[:3])
rows = [picture for i in range(3) for picture in (dataset.x_test[i], *dataset.x_train[nearest[i]])]
labs.show.grid(rows, titles=["asked", *["neighbour"] * 5] * 3, columns=6)

# %% [markdown] lang="en"
# ## 8. One network, raw pixels in, everything inside
#
# We join preprocessing, backbone and head. The second output gives the feature maps: from these the browser draws *where* the network looks.

# %% [markdown] lang="ko"
# ## 8. 원래 화소를 받는 하나의 신경망
#
# 전처리, 백본, 머리를 하나로 잇습니다. 둘째 출력은 특징 맵입니다. 브라우저는 이것으로 신경망이 *어디를* 보는지 그립니다.

# %%
pooled = layers.GlobalAveragePooling2D()(feature_maps)
outputs = {"output": head(pooled), "features": feature_maps}
model = keras.Model(inputs, outputs)
probabilities = model.predict(dataset.x_test, verbose=0)["output"]
accuracy = np.mean(probabilities.argmax(axis=1) == dataset.y_test)
print(f"{accuracy:.1%} of {len(probabilities):,} test photos, {model.count_params():,} parameters")

# %% [markdown] lang="en"
# Where does it look? The head gives each feature a weight for *dog*; added up at each place they are a heat map (*class activation map*).
# We try it on drawings, which it has never seen a single one of.

# %% [markdown] lang="ko"
# 어디를 볼까요? 머리는 특징마다 *개*에 대한 가중치를 줍니다. 자리마다 더하면 열지도(*class activation map*)가 됩니다.
# 한 번도 본 적이 없는 그림으로 시험해 봅시다.

# %%
drawn = labs.load("cats_vs_dogs", "sample", side=side)
pictures, truth = drawn.x_test[:8], drawn.y_test[:8]
answers = model(pictures.astype("float32"))

# %% tags=["cover"]
weights = head.layers[-1].get_weights()[0]
heat = np.array(answers["features"]) @ (weights[:, 1] - weights[:, 0])  # positive: dog, negative: cat
maps = [cv2.resize(one, (side, side)) for one in heat / np.abs(heat).max()]
colours = [plt.get_cmap("coolwarm")(one / 2 + 0.5)[..., :3] for one in maps]
mixed = 0.5 * pictures / 255 + 0.5 * np.array(colours)
rows, twice = [*pictures / 255, *mixed], np.tile(answers["output"], (2, 1))
title = "파랑은 고양이, 빨강은 개 · blue says cat, red says dog"
labs.show.predictions(rows, twice, drawn.labels, np.tile(truth, 2), columns=8, title=title)

# %% [markdown] lang="en"
# Seven of these eight drawings are named rightly by a network that has only seen photos, and the colour lies mostly on the animal. Now save it, and check every runtime.
#
# <!-- live: photo cats_vs_dogs -->

# %% [markdown] lang="ko"
# 사진만 본 신경망이 그림 여덟 장 가운데 일곱 장을 맞혔고, 색은 대체로 동물 위에 놓입니다. 이제 저장하고 모든 실행 환경에서 확인합니다.
#
# <!-- live: photo cats_vs_dogs -->

# %%
facts = {"metrics": {"test_accuracy": accuracy}, "source": dataset.source}
folder = labs.export(
    model, "saved_models/cats_vs_dogs_mobilenet", labels=dataset.labels, x=dataset.x_test, **facts
)
labs.check(folder)

# %% [markdown] lang="en"
# The column *ms* is the time for one photo. The smallest runtimes are the quickest: OpenCV and ONNX Runtime need neither TensorFlow nor Keras.
#
# ## 9. In OpenCV
#
# OpenCV reads photos as BGR. `swapRB=True` turns them round; nothing else is to be done, for the scaling is inside.

# %% [markdown] lang="ko"
# *ms* 열은 사진 한 장에 걸리는 시간입니다. OpenCV와 ONNX Runtime은 TensorFlow도 Keras도 필요 없고 오히려 더 빠릅니다.
#
# ## 9. OpenCV에서
#
# OpenCV는 사진을 BGR로 읽습니다. `swapRB=True`가 순서를 바꿔 줍니다. 크기 조정이 신경망 안에 있으므로 더 할 일은 없습니다.

# %%
photo = dataset.x_test[0][..., ::-1]  # as cv2.imread gives it
net = cv2.dnn.readNet("saved_models/cats_vs_dogs_mobilenet/frozen.pb")
net.setInput(cv2.dnn.blobFromImage(photo, size=(side, side), swapRB=True))
from_pb = net.forward("output")[0]

# %%
onnx = cv2.dnn.readNet("saved_models/cats_vs_dogs_mobilenet/model.onnx")
onnx.setInput(dataset.x_test[:1].astype("float32"))  # NHWC, RGB: as Keras takes it
from_onnx = onnx.forward("output")[0]
for name, answer in (("Keras", probabilities[0]), (".pb in OpenCV", from_pb), ("ONNX in OpenCV", from_onnx)):
    print(f"{name:15} {dataset.labels[answer.argmax()]} {answer.max():.4f}")

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** How many photos are really needed? Train a head on the first 20, 100, 500 and 2,000 features, and print the test accuracies.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1.** 사진이 정말 몇 장이나 필요할까요? 특징의 처음 20개, 100개, 500개, 2,000개로 머리를 학습하고 시험 정확도를 출력하세요.

# %% tags=["exercise"]
accuracies = {}
# solution
for count in (20, 100, 500, 2000):
    keras.utils.set_random_seed(3)
    new_head = keras.models.clone_model(head)
    new_head.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    new_head.fit(x_train[:count], dataset.y_train[:count], 16, 20, verbose=0)
    accuracies[count] = new_head.evaluate(x_test, dataset.y_test, verbose=0)[1]
# end solution
print({count: f"{accuracy:.1%}" for count, accuracy in accuracies.items()})

# %% [markdown] lang="en"
# **2.** VGG16 wants its pixels in another form. What does its `preprocessing` do to a pure red pixel (255, 0, 0), and why?

# %% [markdown] lang="ko"
# **2.** VGG16은 화소 값을 다른 형식으로 받습니다. VGG16의 `preprocessing`은 순수한 빨강(255, 0, 0)을 무엇으로 바꾸고, 왜 그럴까요?

# %% tags=["exercise"]
red = np.array([255, 0, 0], "float32").reshape(1, 1, 1, 3)
# solution
changed = labs.backbone.preprocessing("VGG16")(red)
# end solution
print(np.array(changed).ravel().round(1))  # blue, green, red, each minus the mean of ImageNet's photos

# %% [markdown] lang="en"
# **3.** Which test photo is the network most wrong about? Find its number and the probability it gave to the wrong class.

# %% [markdown] lang="ko"
# **3.** 신경망이 가장 크게 틀린 시험 사진은 무엇일까요? 그 번호와, 틀린 부류에 준 확률을 구하세요.

# %% tags=["exercise", "unpublished"]
# solution
wrong_side = probabilities[np.arange(len(probabilities)), 1 - dataset.y_test]
worst = wrong_side.argmax()
# end solution
print(worst, f"{wrong_side[worst]:.1%}")
labs.show.predictions(
    dataset.x_test[[worst]], probabilities[[worst]], dataset.labels, dataset.y_test[[worst]]
)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `DataUnavailable` for the weights | A network once, or `LABS_DATA` with a folder `models`, or `LABS_PROFILE=quick` |
# | Confident nonsense | The preprocessing of another backbone, or blue and red swapped: section 4 |
# | Fine-tuning makes it worse | A learning rate ten times smaller, fewer layers, the head trained first |
# | Every epoch is slow | Compute the features once (section 5) and train the head alone |
# | OpenCV says something else than Keras | Give OpenCV raw pixels in RGB; the scaling is inside the network |
#
# ## What to remember
#
# - With few pictures, take a network that others have trained; the weights matter, not the architecture.
# - Frozen features are computed once; a head on them is trained in seconds.
# - Wrong preprocessing gives wrong answers without an error. Put it into the network before you save it.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 가중치에서 `DataUnavailable` | 인터넷을 한 번 연결하거나, `models` 폴더가 있는 `LABS_DATA`를 쓰거나, `LABS_PROFILE=quick`으로 합니다 |
# | 자신 있게 엉뚱한 답을 한다 | 다른 신경망의 전처리를 썼거나 파랑과 빨강이 바뀌었습니다(4절) |
# | 미세 조정을 하니 나빠진다 | 학습률을 10분의 1로 줄이고, 층을 덜 풀고, 머리부터 학습합니다 |
# | 에포크마다 오래 걸린다 | 특징을 한 번만 계산해 두고(5절) 머리만 학습합니다 |
# | OpenCV와 Keras의 답이 다르다 | OpenCV에 RGB 순서의 원래 화소를 줍니다. 크기 조정은 신경망이 합니다 |
#
# ## 정리
#
# - 사진이 적을 때는 다른 사람이 학습한 신경망을 씁니다. 중요한 것은 구조가 아니라 가중치입니다.
# - 얼린 신경망의 특징은 한 번만 계산하면 되고, 그 위의 머리는 몇 초면 학습됩니다.
# - 전처리가 틀리면 오류 없이 답만 틀립니다. 저장하기 전에 신경망 안에 넣으세요.
