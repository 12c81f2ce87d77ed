# ---
# title:
#   en: Cats vs dogs, a small data set and data augmentation
#   ko: 고양이와 개, 적은 데이터와 데이터 증대
# minutes: 10
# data:
#   en: cats vs dogs, 2,000 photos to learn from and 200 to test on
#   ko: 고양이와 개 사진, 학습용 2,000장과 시험용 200장
# accuracy:
#   en: about 70 % with the textbook's network, 79 % with a small one (200 test photos, so 3 % more or less)
#   ko: 교재의 신경망 약 70 %, 작은 신경망 79 % (시험 사진이 200장이므로 ±3 % 안팎)
# seed: 2
# ---

# %% [markdown] lang="en"
# In this notebook we
#
# - look at photos as they come from the world: of all sizes, and some of the files broken;
# - train a textbook's network of 29,511,617 parameters, ask where they sit, and see it **overfit**;
# - make new training pictures out of old ones, see what each **augmentation** does, and when it lies;
# - train with and without it, same seed, curves side by side;
# - build a network of a seventy-fifth of the size that does better, save it in every format, and look at its mistakes.

# %% [markdown] lang="ko"
# 이 노트북에서는
#
# - 크기가 제각각이고 일부는 깨져 있는, 현실의 사진 파일을 살펴보고,
# - 매개변수가 29,511,617개인 교재의 신경망을 학습하면서 그 매개변수가 어디에 있는지 따져 보고 **과잉 적합**을 확인하고,
# - 있는 영상으로 새 학습 영상을 만드는 **데이터 증대**가 각각 무슨 일을 하는지, 언제 거짓이 되는지 보고,
# - 같은 시드로 증대 없이, 또 증대하여 학습한 곡선을 나란히 비교하고,
# - 크기가 75분의 1이면서 성능은 더 좋은 신경망을 만들어 모든 형식으로 저장하고, 틀린 예측을 살펴봅니다.

# %%
import tempfile
import time
from pathlib import Path

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import labs
from labs.augment import Affine
from labs.data import cats_vs_dogs, photos

tf.get_logger().setLevel("ERROR")  # only what went wrong

# %% [markdown] lang="en"
# ## 1. The photos
#
# The full set has 25,000 photos. Like the textbook we take **2,000 to learn from and 200 to test on**: so little is what you have when
# you collect pictures yourself, and only with little data does one see what augmentation is good for.
# In the quick profile drawn emoji stand in for the photos.

# %% [markdown] lang="ko"
# ## 1. 데이터
#
# 전체 데이터는 사진 25,000장입니다. 교재처럼 **학습용 2,000장, 시험용 200장**만 씁니다. 직접 사진을 모으면 대개 이 정도이고,
# 데이터가 적어야 데이터 증대의 효과가 보이기 때문입니다.
# quick 프로파일에서는 사진 대신 이모지 그림을 씁니다.

# %% tags=["unpublished"]
dataset = labs.load("cats_vs_dogs", labs.profile.size, side=128)
print(dataset)
titles = [dataset.labels[label] for label in dataset.y_train[:16]]
labs.show.grid(dataset.x_train[:16], titles=titles, columns=8, source=dataset.source)

# %% [markdown] lang="en"
# A network takes pictures of one size, so all were squeezed to 128×128. What were they before?

# %% [markdown] lang="ko"
# 신경망은 크기가 같은 영상만 받으므로 모두 128×128로 맞추었습니다. 원래 크기는 어땠을까요?

# %%
report = cats_vs_dogs.report(labs.profile.size)
sizes = np.array([(facts["width"], facts["height"]) for facts in report["photos"].values()])
plt.scatter(*sizes.T, s=4, alpha=0.3)
plt.gca().set(xlabel="width", ylabel="height", title="사진의 크기 · sizes in pixels", aspect="equal")
plt.show()

# %%
print(f"{len(sizes):,} good photos; files left out: {report['dropped'] or 'none'}")

# %% [markdown] lang="en"
# ## 2. Files that are no photos
#
# Microsoft's archive holds broken files, and folders of your own will too. `labs` decodes each file **once**; what does not decode is
# listed with the reason, the rest goes into a clean folder. We make a bad folder and try it.

# %% [markdown] lang="ko"
# ## 2. 사진이 아닌 파일
#
# Microsoft의 원본 압축 파일에는 깨진 파일이 섞여 있고, 여러분이 모은 폴더도 그럴 것입니다. `labs`는 파일마다 **한 번씩** 열어 봅니다. 열리지 않는 파일은
# 이유와 함께 목록에 적고, 나머지는 깨끗한 폴더에 옮깁니다. 일부러 나쁜 폴더를 만들어 시험해 봅시다.

# %%
drawn = labs.load("cats_vs_dogs", "sample", side=128)
jpeg = cv2.imencode(".jpg", drawn.x_train[0][..., ::-1])[1].tobytes()
inbox = Path(tempfile.mkdtemp())
contents = {
    "한글.jpg": jpeg,
    "empty.jpg": b"",
    "half.jpg": jpeg[:1500],
    "page.jpg": b"<html>404 not found</html>",
}
for name, content in contents.items():
    (inbox / name).write_bytes(content)

# %%
clean = Path(tempfile.mkdtemp(), "clean")
found = photos.clean(photos.folder_files(inbox), clean, lambda name: "all")
print("good:", [facts["from"] for facts in found["photos"].values()])
print("left out:", found["dropped"])

# %% [markdown] lang="en"
# ## 3. The textbook's network
#
# Two convolutions with pooling, then a dense layer of 512, then **one** number between 0 and 1: the probability of a dog.

# %% [markdown] lang="ko"
# ## 3. 교재의 신경망
#
# 합성곱과 풀링이 두 번, 뉴런 512개의 완전연결층, 마지막은 0과 1 사이의 수 **하나**, 곧 개일 확률입니다.

# %%
# NBVAL_CHECK_OUTPUT
keras.utils.set_random_seed(2)
model = keras.Sequential(
    [
        keras.Input((128, 128, 3), name="input"),
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(1, activation="sigmoid", name="output"),
    ]
)
for layer in model.layers:
    print(f"{type(layer).__name__:13} {layer.output.shape[1:]!s:15} {layer.count_params():10,}")
print(f"{model.count_params():,} in all")

# %% [markdown] lang="en"
# 29,491,712 of the 29,511,617 parameters, 99.9 %, are the weights between the 30×30×64 = 57,600 flattened numbers and the 512 neurons.
# For 2,000 photos that is 14,756 parameters a photo. What will such a network do with them?
#
# ## 4. Training, and overfitting
#
# `batches` gives batches of 32, shuffled already (so `fit` has `shuffle=False`); with nothing else said it changes nothing.

# %% [markdown] lang="ko"
# 매개변수 29,511,617개 가운데 29,491,712개, 곧 99.9 %가 30×30×64 = 57,600개의 수와 뉴런 512개를 잇는 가중치입니다.
# 사진이 2,000장이니 사진 한 장에 매개변수가 14,756개꼴입니다. 이런 신경망은 사진을 어떻게 배울까요?
#
# ## 4. 학습과 과잉 적합
#
# `batches`는 순서를 섞어 32장씩 배치를 만들어 줍니다(그래서 `fit`에는 `shuffle=False`를 줍니다). 다른 말이 없으면 영상을 바꾸지 않습니다.

# %%
test = (dataset.x_test.astype("float32"), dataset.y_test)
labs.train.keep_memory()  # saves time where a step needs much memory; lab 01 tells why
epochs = labs.profile.choose(full=4, quick=1)
model.compile(keras.optimizers.Adam(0.0005), "binary_crossentropy", metrics=["accuracy"])
data = labs.augment.batches(dataset.x_train, dataset.y_train, seed=2)
plain = model.fit(data, epochs=epochs, validation_data=test, verbose=2, shuffle=False)

# %%
labs.show.history(plain, title="증대 없이 · without augmentation", source=dataset.source)

# %% [markdown] lang="en"
# The dashed line (training) climbs on, the solid one (photos it has not seen) falls again after the third epoch, and its loss turns upward.
# That is **overfitting**: the network learns the 2,000 photos by heart instead of cats and dogs.
#
# ## 5. New pictures from old ones
#
# A cat seen in a mirror is a cat. Each change below makes a picture that could have been taken, **with the same label**.
# We show them on a drawing; Keras has a layer for each.

# %% [markdown] lang="ko"
# 점선(학습)은 계속 오르지만 실선(처음 보는 사진)은 셋째 에포크 뒤에 다시 떨어지고, 손실은 커집니다.
# 이것이 **과잉 적합**입니다. 고양이와 개가 아니라 사진 2,000장을 외우는 것입니다.
#
# ## 5. 있는 영상으로 새 영상 만들기
#
# 거울에 비친 고양이도 고양이입니다. 아래의 변화는 모두 실제로 찍힐 수도 있었던 영상을 만들고, **레이블은 그대로입니다.**
# 그림 한 장으로 살펴봅시다. Keras에는 변화마다 층이 하나씩 있습니다.

# %%
changes = {
    "flip": layers.RandomFlip("horizontal"),
    "brightness": layers.RandomBrightness(0.4),
    "shift": layers.RandomTranslation(0.2, 0.2),
    "rotation": layers.RandomRotation(0.1),
    "zoom": layers.RandomZoom(0.3),
    "crop": layers.RandomCrop(90, 90),
    "RandAugment": layers.RandAugment((0, 255), num_ops=2, factor=0.6),
}
picture = drawn.x_train[:1].astype("float32")

# %%
keras.utils.set_random_seed(2)
rows = [np.array(change(picture, training=True))[0] for change in changes.values() for _ in range(5)]
titles = [name if number == 0 else "" for name in changes for number in range(5)]
labs.show.grid(rows, titles=titles, columns=5)

# %% [markdown] lang="en"
# **What is behind rotation, zoom, shift and shear?** One 2×3 matrix: it says where each point goes. OpenCV does all four in one go.

# %% [markdown] lang="ko"
# **회전, 확대, 이동, 기울이기의 정체는 무엇일까요?** 2×3 행렬 하나입니다. 각 점이 어디로 가는지 알려 줍니다. OpenCV는 네 가지를 한 번에 합니다.

# %%
angle, zoom, shear, right, down = np.radians(15), 1.1, 0.2, 8, -4
linear = (
    zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ [[1, shear], [0, 1]]
)
middle = np.array([63.5, 63.5])  # it shall turn about its middle, not about its corner
matrix = np.column_stack([linear, middle - linear @ middle + (right, down)])
warped = cv2.warpAffine(drawn.x_train[0], matrix, (128, 128), borderMode=cv2.BORDER_REPLICATE)
print(matrix.round(2))

# %% tags=["cover"]
labs.show.grid([drawn.x_train[0], warped], titles=["before", "after"])

# %% [markdown] lang="en"
# **CutMix** pastes a piece of one picture into another. Now the label has to change too: a picture of 70 % cat and 30 % dog
# gets the label (0.7, 0.3). The network learns not to be too sure.

# %% [markdown] lang="ko"
# **CutMix**는 한 영상의 조각을 다른 영상에 붙입니다. 이때는 레이블도 바뀌어야 합니다. 고양이 70 %, 개 30 %인 영상의
# 레이블은 (0.7, 0.3)입니다. 신경망은 지나치게 확신하지 않는 법을 배웁니다.

# %%
one_hot = np.eye(2, dtype="float32")[drawn.y_train[:6]]
mixed = layers.CutMix(seed=6)(
    {"images": drawn.x_train[:6].astype("float32"), "labels": one_hot}, training=True
)
titles = [f"cat {cat:.0%}, dog {dog:.0%}" for cat, dog in np.array(mixed["labels"])]
labs.show.grid(np.array(mixed["images"]), titles=titles, columns=6)

# %% [markdown] lang="en"
# **When it lies.** A change is allowed only if the label stays true. Turn a 6 by half a turn and it is a 9; mirror a word and nobody can read it;
# a left hand becomes a right one. Look at your augmented pictures before you train on them.

# %% [markdown] lang="ko"
# **언제 거짓이 될까요?** 레이블이 그대로 참일 때만 바꿔도 됩니다. 6을 반 바퀴 돌리면 9가 되고, 글자를 거울에 비추면 읽을 수 없으며,
# 왼손은 오른손이 됩니다. 학습하기 전에 증대한 영상을 눈으로 확인하세요.

# %%
digits = labs.load("mnist", "sample")
six = digits.x_train[digits.y_train == 6][0]
sign = cv2.putText(np.full((28, 84, 1), 30, np.uint8), "STOP", (5, 22), cv2.FONT_HERSHEY_DUPLEX, 0.9, 255, 2)
wide = [np.pad(one, ((0, 0), (28, 28), (0, 0))) for one in (six, six[::-1, ::-1])]
titles = ["a 6", "a 6, turned: a 9?", "text", "text, mirrored"]
labs.show.grid([*wide, sign, sign[:, ::-1]], titles=titles, columns=4)

# %% [markdown] lang="en"
# ## 6. The old way and today's
#
# Older books use `ImageDataGenerator`. Line by line:
#
# | `ImageDataGenerator(...)` | `labs.augment.Affine(...)` | Keras layer |
# |---|---|---|
# | `rotation_range=15` | `rotation=15` | `RandomRotation(15 / 360)` |
# | `width_shift_range=0.1` and `height_shift_range=0.1` | `shift=0.1` | `RandomTranslation(0.1, 0.1)` |
# | `zoom_range=0.15` | `zoom=0.15` | `RandomZoom(0.15, 0.15)` |
# | `shear_range=10` | `shear=10` | `RandomShear(0.18)` |
# | `brightness_range=(0.7, 1.3)` | `brightness=0.3` | `RandomBrightness(0.3)` |
# | `horizontal_flip=True` | `flip=True` | `RandomFlip("horizontal")` |
# | `flow(x, y, batch_size=32)` | `labs.augment.batches(x, y, change)` | `dataset.map(layer)` |
#
# The generator warps each channel of each picture in SciPy, and Keras keeps it only for old programs. `Affine` is the matrix from above, once a picture, in OpenCV.

# %% [markdown] lang="ko"
# ## 6. 옛 방법과 요즘 방법
#
# 예전 책은 `ImageDataGenerator`를 씁니다. 한 줄씩 맞추어 보면 다음과 같습니다.
#
# | `ImageDataGenerator(...)` | `labs.augment.Affine(...)` | Keras 층 |
# |---|---|---|
# | `rotation_range=15` | `rotation=15` | `RandomRotation(15 / 360)` |
# | `width_shift_range=0.1`, `height_shift_range=0.1` | `shift=0.1` | `RandomTranslation(0.1, 0.1)` |
# | `zoom_range=0.15` | `zoom=0.15` | `RandomZoom(0.15, 0.15)` |
# | `shear_range=10` | `shear=10` | `RandomShear(0.18)` |
# | `brightness_range=(0.7, 1.3)` | `brightness=0.3` | `RandomBrightness(0.3)` |
# | `horizontal_flip=True` | `flip=True` | `RandomFlip("horizontal")` |
# | `flow(x, y, batch_size=32)` | `labs.augment.batches(x, y, change)` | `dataset.map(layer)` |
#
# 옛 생성기는 영상의 채널마다 SciPy로 변환하며, Keras에는 옛 프로그램을 위해서만 남아 있습니다. `Affine`은 앞에서 본 행렬을 OpenCV로 영상마다 한 번 적용합니다.

# %%
old = tf.keras.preprocessing.image.ImageDataGenerator(
    rotation_range=15,
    width_shift_range=0.1,
    height_shift_range=0.1,
    zoom_range=0.15,
    shear_range=10,
    brightness_range=(0.7, 1.3),
    horizontal_flip=True,
)
change = Affine(rotation=15, shift=0.1, zoom=0.15, shear=10, brightness=0.3, flip=True)

# %%
for name, stream in (
    ("ImageDataGenerator", old.flow(dataset.x_train, dataset.y_train, batch_size=32)),
    ("Affine in batches", iter(labs.augment.batches(dataset.x_train, dataset.y_train, change).repeat())),
):
    next(stream)
    start = time.perf_counter()
    pictures = [next(stream)[0] for _ in range(12)]
    print(f"{name:19} {12 * 32 / (time.perf_counter() - start):6,.0f} pictures a second")

# %%
x, _ = next(iter(labs.augment.batches(drawn.x_train, drawn.y_train, change, seed=2)))
labs.show.grid(x.numpy()[:16], columns=8, title="학습에 쓰는 영상 · what the network will see")

# %% [markdown] lang="en"
# ## 7. With and without, same seed
#
# The same network from the same first weights, the same order of photos; only the pictures change from epoch to epoch.

# %% [markdown] lang="ko"
# ## 7. 증대 없이, 증대하여: 같은 시드
#
# 같은 신경망을 같은 초기 가중치와 같은 사진 순서로 학습합니다. 달라지는 것은 에포크마다 영상이 바뀐다는 점뿐입니다.

# %%
keras.utils.set_random_seed(2)
model = keras.models.clone_model(model)
model.compile(keras.optimizers.Adam(0.0005), "binary_crossentropy", metrics=["accuracy"])
data = labs.augment.batches(dataset.x_train, dataset.y_train, change, seed=2)
augmented = model.fit(data, epochs=epochs, validation_data=test, verbose=2, shuffle=False)

# %%
labs.show.history({"plain": plain, "augmented": augmented}, source=dataset.source)

# %% [markdown] lang="en"
# Look at the gap, not only at the height. Without augmentation training ran 18 points ahead of validation (87 % and 69 %), and the validation loss had
# turned upward; with it both stay together, since no picture comes twice. The validation accuracy is no better **yet**: harder pictures need more epochs
# than the four we can afford here with 29 million parameters. (200 test photos are few: one photo is half a percent.)
#
# ## 8. A smaller network that does better
#
# The dense layer on 57,600 numbers knows *where* everything was, and that is just what it learns by heart. **Global average pooling**
# keeps of each feature map only its mean: how much of a feature there is, wherever the animal sits. So the last layer has 257 parameters instead of 29 million.
# Batch normalization and a steady halving of the size let four convolutions learn quickly.

# %% [markdown] lang="ko"
# 높이만 보지 말고 간격을 보세요. 증대가 없을 때는 학습이 검증보다 18포인트 앞섰고(87 %와 69 %) 검증 손실이
# 다시 커졌습니다. 증대하면 같은 영상이 두 번 나오지 않으므로 둘이 나란히 갑니다. 다만 검증 정확도는 **아직** 더 좋아지지 않았습니다. 어려운 영상에는
# 더 많은 에포크가 필요한데, 매개변수 2,900만 개로는 여기서 네 에포크가 고작입니다. (시험 사진 200장은 적습니다. 한 장이 0.5 %입니다.)
#
# ## 8. 더 작고 더 나은 신경망
#
# 57,600개의 수에 붙은 완전연결층은 모든 것이 *어디에* 있었는지 알고, 바로 그것을 외웁니다. **전역 평균 풀링**은
# 특징 맵마다 평균값만 남깁니다. 동물이 어디에 앉아 있든 특징이 얼마나 있는지만 보는 것입니다. 그래서 마지막 층의 매개변수는 2,900만 개가 아니라 257개입니다.
# 배치 정규화와 꾸준히 절반으로 줄이는 크기 덕분에 합성곱층 네 개가 빠르게 학습합니다.


# %%
def block(filters, strides=1):
    convolution = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)
    return [convolution, layers.BatchNormalization(momentum=0.9), layers.ReLU(), layers.MaxPooling2D(2)]


# %%
keras.utils.set_random_seed(2)
stem = [keras.Input((128, 128, 3), name="input"), layers.Rescaling(1 / 255)]
body = [*block(32, strides=2), *block(64), *block(128), *block(256)]
answer = layers.Dense(1, activation="sigmoid", name="output")
small = keras.Sequential([*stem, *body, layers.GlobalAveragePooling2D(), answer])
print(f"{small.count_params():,} parameters, {model.count_params() / small.count_params():.0f} times fewer")

# %%
epochs = labs.profile.choose(full=10, quick=2)
rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * len(data))
small.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
smaller = small.fit(data, epochs=epochs, validation_data=test, verbose=2, shuffle=False)
labs.show.history({"textbook": augmented, "small": smaller}, source=dataset.source)

# %% [markdown] lang="en"
# An epoch of the small network costs about half of one of the large network, so we can afford ten. It ends at 79 %, with training (76 %) and validation still side by side:
# more epochs would help it further. Lab 03 shows the other way out of too little data: a network that others have trained.
#
# ## 9. Save, reload, prove
#
# The augmentation is not in the file: it belongs to the training data, not to the network. (`labs.export` would switch it off even if it were inside;
# plain `model.export` would not, and your app would turn photos at random.)

# %% [markdown] lang="ko"
# 작은 신경망은 한 에포크에 드는 시간이 큰 신경망의 절반쯤이어서 열 에포크를 학습할 수 있고, 정확도는 79 %에 이릅니다. 학습(76 %)과 검증이 아직 나란하므로
# 더 학습하면 더 좋아집니다. 데이터가 적을 때의 또 다른 길, 곧 다른 사람이 학습해 둔 신경망은 실습 03에서 씁니다.
#
# ## 9. 저장하고, 다시 불러오고, 증명하기
#
# 데이터 증대는 파일에 들어 있지 않습니다. 신경망이 아니라 학습 데이터의 일이기 때문입니다. (안에 들어 있더라도 `labs.export`는 끄고 저장합니다.
# 그냥 `model.export`로 저장하면 켜진 채로 남아, 여러분의 앱이 사진을 제멋대로 돌리게 됩니다.)

# %%
dog = small.predict(test[0], verbose=0)[:, 0]
accuracy = np.mean((dog > 0.5) == dataset.y_test)
facts = {"metrics": {"test_accuracy": accuracy}, "source": dataset.source}
folder = labs.export(small, "saved_models/cats_vs_dogs", labels=dataset.labels, x=dataset.x_test, **facts)
reloaded = keras.models.load_model(folder / "model.keras")
print(
    f"{accuracy:.1%}; reloaded gives the same:",
    np.array_equal(reloaded.predict(test[0], verbose=0)[:, 0], dog),
)

# %%
labs.check(folder)

# %% [markdown] lang="en"
# ## 10. What it gets wrong
#
# Numbers say how often, pictures say why. Here are the photos of which the network was most certain, and wrong.

# %% [markdown] lang="ko"
# ## 10. 무엇을 틀리나
#
# 숫자는 얼마나 틀리는지, 영상은 왜 틀리는지 알려 줍니다. 신경망이 가장 확신하면서 틀린 사진들입니다.

# %%
labs.show.confusion(dataset.y_test, (dog > 0.5).astype(int), dataset.labels, source=dataset.source)

# %% tags=["unpublished"]
probabilities = np.column_stack([1 - dog, dog])
wrong_side = probabilities[np.arange(len(dog)), 1 - dataset.y_test]
worst = wrong_side.argsort()[::-1][:10]
x, y = dataset.x_test[worst], dataset.y_test[worst]
labs.show.predictions(x, probabilities[worst], dataset.labels, truth=y, columns=5)

# %% [markdown] lang="en"
# Ask of each: is the animal small, cut off, dark, behind bars, beside a person? What is frequent among the mistakes is what to collect, or to augment.
#
# The network that lab 03 will make of the same photos is here already. Give it one that yours gets wrong:
#
# <!-- live: photo cats_vs_dogs -->
#
# ## Exercises
#
# **1.** A third pair of convolution (64 filters) and pooling before `Flatten` would make the textbook's network smaller. How many parameters would it have?

# %% [markdown] lang="ko"
# 하나씩 살펴보세요. 동물이 작거나, 잘렸거나, 어둡거나, 창살 뒤에 있거나, 사람과 함께 있지 않나요? 자주 틀리는 것을 더 모으거나 증대하면 됩니다.
#
# 같은 사진으로 실습 03에서 만들 신경망이 여기에 먼저 와 있습니다. 여러분의 신경망이 틀리는 사진을 주어 보세요.
#
# <!-- live: photo cats_vs_dogs -->
#
# ## 연습 문제
#
# **1.** 교재의 신경망에서 `Flatten` 앞에 합성곱(필터 64개)과 풀링을 한 쌍 더 넣으면 오히려 작아집니다. 매개변수는 몇 개가 될까요?

# %% tags=["exercise"]
# solution
convolutions = (3 * 3 * 3 + 1) * 32 + (3 * 3 * 32 + 1) * 64 + (3 * 3 * 64 + 1) * 64
dense = (14 * 14 * 64 + 1) * 512 + (512 + 1)  # 30 - 2 = 28, halved
expected = convolutions + dense
# end solution
deeper = keras.Sequential([*model.layers[:5], layers.Conv2D(64, 3), layers.MaxPooling2D(2), layers.Flatten()])
deeper = keras.Sequential([keras.Input((128, 128, 3)), deeper, layers.Dense(512), layers.Dense(1)])
print(f"you say {expected:,}, the network has {deeper.count_params():,}")

# %% [markdown] lang="en"
# **2.** *Cutout* paints a random grey square over each picture, so that the network cannot rely on one part alone. Write it as a function
# of `(pictures, random)`; `batches` takes it like an `Affine`.

# %% [markdown] lang="ko"
# **2.** *Cutout*은 영상마다 임의의 자리에 회색 사각형을 덮어, 신경망이 한 부분만 믿지 못하게 합니다. `(pictures, random)`을 받는
# 함수로 만드세요. `batches`는 이 함수를 `Affine`처럼 받습니다.


# %% tags=["exercise"]
# solution
def cutout(pictures, random):
    pictures = pictures.copy()
    for picture in pictures:
        top, left = random.integers(0, 128 - 48, 2)
        picture[top : top + 48, left : left + 48] = 128
    return pictures


# end solution
x, _ = next(iter(labs.augment.batches(drawn.x_train, drawn.y_train, cutout, seed=1)))
labs.show.grid(x.numpy()[:8], columns=8)

# %% [markdown] lang="en"
# **3.** A shelter wants to miss at most 5 % of the dogs. Which threshold on `dog` does that on the test photos, and how many cats are then called dogs?

# %% [markdown] lang="ko"
# **3.** 어느 보호소는 개를 놓치는 비율을 5 % 이하로 하려고 합니다. 시험 사진에서 `dog`의 문턱값을 얼마로 해야 하고, 그때 개로 불리는 고양이는 몇 마리일까요?

# %% tags=["exercise"]
# solution
threshold = np.quantile(dog[dataset.y_test == 1], 0.05)
cats = int(np.sum(dog[dataset.y_test == 0] >= threshold))
# end solution
print(f"threshold {threshold:.2f}: {cats} of {np.sum(dataset.y_test == 0)} cats are called dogs")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | `DataUnavailable` | Set `LABS_DATA` to the classroom's folder, or `LABS_PROFILE=quick` |
# | Accuracy stays at 50 % | A smaller learning rate; look whether pictures and labels still belong together |
# | Memory runs out, the kernel dies | A smaller batch, smaller photos, the small network of section 8 |
# | Training rises, validation falls | Augmentation, fewer epochs, fewer parameters |
# | Good here, bad on your own photos | Look at what they have that the training photos lack: light, angle, background |
#
# ## What to remember
#
# - Many parameters and few pictures: the network learns by heart. Compare training with validation, always.
# - Augmentation makes new pictures whose label stays true. Look at them first, and leave them out of the saved file.
# - Global average pooling instead of a giant dense layer: smaller, faster, better.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `DataUnavailable` | `LABS_DATA`를 강의실 폴더로 정하거나 `LABS_PROFILE=quick`을 씁니다 |
# | 정확도가 50 %에 머문다 | 학습률을 줄입니다. 영상과 레이블의 짝이 맞는지도 봅니다 |
# | 메모리가 모자라 커널이 멈춘다 | 배치나 사진을 줄이거나 8절의 작은 신경망을 씁니다 |
# | 학습은 오르는데 검증이 떨어진다 | 데이터를 증대하고, 에포크나 매개변수를 줄입니다 |
# | 여기서는 맞히는데 내 사진에서는 틀린다 | 빛, 각도, 배경처럼 학습 사진에 없던 것이 무엇인지 찾아봅니다 |
#
# ## 정리
#
# - 매개변수는 많고 영상은 적으면 신경망은 외웁니다. 언제나 학습과 검증을 비교하세요.
# - 데이터 증대는 레이블이 그대로 참인 새 영상을 만듭니다. 먼저 눈으로 보고, 저장하는 파일에는 넣지 않습니다.
# - 거대한 완전연결층 대신 전역 평균 풀링을 쓰면 더 작고, 더 빠르고, 더 정확합니다.
