# ---
# title:
#   en: Train on MNIST, save in every format, recognise in OpenCV
#   ko: MNIST 학습에서 OpenCV 인식까지, 모든 형식으로 저장하기
# minutes: 4
# data:
#   en: MNIST, 70,000 handwritten digits of 28×28 (11 MB)
#   ko: MNIST, 28×28 손글씨 숫자 70,000장 (11 MB)
# accuracy:
#   en: 98.8 to 99.3 % on the test pictures
#   ko: 시험 데이터 정확도 98.8~99.3 %
# seed: 5
# ---

# %% [markdown] lang="en"
# In this notebook we
#
# - train a small convolutional network on handwritten digits, to about 99 %;
# - see what a *frozen graph* is, why the textbook's way of making one no longer works, and which way does;
# - recognise digits with `cv2.dnn`, and learn what each argument of `blobFromImage` does;
# - save one network in every format and **prove** that all of them give the same answer;
# - bring a photo of a digit into the form the network knows, step by step.

# %% [markdown] lang="ko"
# 이 노트북에서는
#
# - 작은 합성곱 신경망을 손글씨 숫자로 학습하여 약 99 %의 정확도를 얻고,
# - *고정 그래프*(frozen graph)가 무엇인지, 교재의 방법이 왜 더는 통하지 않으며 어떤 방법이 통하는지 살펴보고,
# - `cv2.dnn`으로 숫자를 인식하면서 `blobFromImage`의 인수가 각각 무슨 일을 하는지 배우고,
# - 신경망 하나를 모든 형식으로 저장한 뒤, 모두 같은 답을 낸다는 것을 **증명**하고,
# - 숫자를 찍은 사진을 신경망이 아는 모습으로 한 단계씩 바꿉니다.

# %%
import subprocess
import sys
import time
from pathlib import Path

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
import tensorflow as tf
from keras import layers

import labs

tf.get_logger().setLevel("ERROR")  # only what went wrong

# %% [markdown] lang="en"
# ## 1. The pictures
#
# MNIST holds 60,000 digits to learn from and 10,000 to be tested on.
# A picture is an array of 28×28 bytes: **0 is black paper, 255 is white ink**. Remember this; section 10 depends on it.

# %% [markdown] lang="ko"
# ## 1. 데이터
#
# MNIST에는 학습용 숫자 60,000장과 시험용 숫자 10,000장이 있습니다.
# 영상 한 장은 28×28 바이트 배열이며, **0은 검은 종이, 255는 흰 잉크**입니다. 10절에서 꼭 필요하니 기억해 둡시다.

# %%
dataset = labs.load("mnist", labs.profile.size)
print(dataset)
labs.show.grid(dataset.x_train[:20], titles=dataset.y_train[:20], title="손글씨 숫자 · handwritten digits")

# %% [markdown] lang="en"
# ## 2. The network
#
# Two convolutions look for strokes and for combinations of strokes, each followed by batch normalization and pooling;
# two dense layers decide. The first layer, `Rescaling`, divides by 255: **the scaling is part of the network**,
# so whoever uses the saved file cannot forget it.

# %% [markdown] lang="ko"
# ## 2. 신경망
#
# 합성곱층 두 개가 획과 획의 조합을 찾고, 각 합성곱 뒤에는 배치 정규화와 풀링이 옵니다. 마지막에 완전연결층 두 개가 판단합니다.
# 첫 층인 `Rescaling`은 255로 나눕니다. **크기 조정이 신경망 안에 들어 있으므로**
# 저장된 파일을 쓰는 사람이 이를 잊을 수 없습니다.

# %%
# NBVAL_CHECK_OUTPUT
keras.utils.set_random_seed(5)
model = keras.Sequential(
    [
        keras.Input((28, 28, 1), name="input"),
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 3, activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax", name="output"),
    ]
)
print(f"{model.count_params():,} parameters")

# %% [markdown] lang="en"
# We train with Adam. The learning rate falls from 0.002 to zero along a cosine,
# so that the last steps settle into the valley instead of jumping across it.

# %% [markdown] lang="ko"
# 최적화는 Adam으로 합니다. 학습률은 0.002에서 0까지 코사인 곡선을 따라 줄어듭니다.
# 마지막 단계에서 골짜기를 건너뛰지 않고 바닥에 안착하게 하려는 것입니다.

# %%
epochs = labs.profile.choose(full=4, quick=5)
batch_size = labs.profile.choose(full=128, quick=64)
steps = epochs * len(dataset.x_train) // batch_size
learning_rate = keras.optimizers.schedules.CosineDecay(0.002, steps)
model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])

# %%
test = (dataset.x_test, dataset.y_test)
history = model.fit(dataset.x_train, dataset.y_train, batch_size, epochs, validation_data=test, verbose=2)
labs.show.history(history, source=dataset.source)

# %% [markdown] lang="en"
# At first the training accuracy lies below the validation accuracy, because dropout makes training harder than testing.
# If validation fell while training rose, that would be overfitting.
#
# Which pictures does the network get wrong? Have a look before you blame it.

# %% [markdown] lang="ko"
# 처음에 학습 정확도가 검증 정확도보다 낮은 것은 드롭아웃 때문에 학습이 시험보다 어렵기 때문입니다.
# 학습 정확도는 오르는데 검증 정확도가 떨어진다면 과잉 적합입니다.
#
# 신경망은 어떤 영상에서 틀릴까요? 탓하기 전에 먼저 눈으로 봅시다.

# %%
probabilities = model.predict(dataset.x_test, verbose=0)
wrong = np.flatnonzero(probabilities.argmax(axis=1) != dataset.y_test)
accuracy = 1 - len(wrong) / len(dataset.y_test)
print(f"test accuracy {accuracy:.1%}: {len(wrong)} of {len(dataset.y_test)} are wrong")

# %% tags=["cover"]
shown = [*wrong[:5], *range(5)]  # five wrong ones, then the first five of all
x, y = dataset.x_test[shown], dataset.y_test[shown]
labs.show.predictions(x, probabilities[shown], dataset.labels, truth=y, columns=5)

# %% [markdown] lang="en"
# ## 3. Save and load, the Keras way
#
# A `.keras` file holds layers, weights and the optimizer's state. It is the file to keep: training can go on from it.
# But only Keras reads it. The rest of this notebook is about everybody else.

# %% [markdown] lang="ko"
# ## 3. Keras 방식으로 저장하고 불러오기
#
# `.keras` 파일에는 층, 가중치, 최적화기의 상태가 모두 들어 있습니다. 여기서부터 학습을 이어 갈 수 있으므로 꼭 보관할 파일입니다.
# 그러나 이 파일은 Keras만 읽을 수 있습니다. 이 노트북의 나머지는 Keras가 없는 곳을 위한 이야기입니다.

# %%
Path("saved_models").mkdir(exist_ok=True)
model.save("saved_models/digits.keras")
reloaded = keras.models.load_model("saved_models/digits.keras")
same = reloaded.predict(dataset.x_test, verbose=0) == probabilities
print("the loaded network gives the same numbers:", same.all())

# %% [markdown] lang="en"
# ## 4. The frozen graph, as textbooks make it
#
# TensorFlow can write down what a network does as a **graph**: a list of operations (`Conv2D`, `Relu`, ...),
# each naming its inputs. The weights are *variables*, kept outside of the graph.
# **Freezing** puts them into it as *constants*: one `.pb` file, nothing beside it, nothing left to train.
#
# Most books on OpenCV's DNN module do it like this:

# %% [markdown] lang="ko"
# ## 4. 고정 그래프: 교재의 방법
#
# TensorFlow는 신경망이 하는 일을 **그래프**로 적을 수 있습니다. 그래프는 연산(`Conv2D`, `Relu` 등)의 목록이며, 각 연산은 자기 입력의 이름을 알고 있습니다.
# 가중치는 그래프 바깥에 있는 *변수*입니다.
# **고정**(freezing)은 이 변수를 그래프 안의 *상수*로 바꾸는 일입니다. `.pb` 파일 하나면 충분하고, 더는 학습할 것이 없습니다.
#
# OpenCV DNN 모듈을 다룬 책은 대부분 다음과 같이 합니다.

# %%
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

function = tf.function(lambda pixels: model(pixels))
traced = function.get_concrete_function(tf.TensorSpec([None, 28, 28, 1], tf.float32, name="input"))
textbook = convert_variables_to_constants_v2(traced).graph.as_graph_def()
tf.io.write_graph(textbook, "saved_models", "textbook.pb", as_text=False)

# %% [markdown] lang="en"
# It writes a file without complaint. Can OpenCV read it? We ask in a **child process**, a second Python,
# because what comes now would take this notebook's kernel with it.

# %% [markdown] lang="ko"
# 아무 불평 없이 파일이 만들어집니다. OpenCV가 이 파일을 읽을 수 있을까요? **자식 프로세스**, 곧 또 하나의 파이썬에게 물어봅시다.
# 지금부터 일어날 일이 이 노트북의 커널까지 함께 죽일 수 있기 때문입니다.

# %%
program = "import cv2; cv2.dnn.readNet('saved_models/textbook.pb')"
child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
print("OpenCV", cv2.__version__, "ended with return code", child.returncode)
print(child.stderr[-300:])

# %% [markdown] lang="en"
# Zero would mean success. A negative code is the number of the signal that killed the process (Windows gives a huge positive one):
# −11 is a *segmentation fault*, so OpenCV 5 does not even get to say what it dislikes.
# OpenCV 4 says it: `Input layer not found`. Why?
#
# Keras 3 adds the bias of a convolution in an unusual way: it reshapes it (`Reshape`, `Squeeze`), and the frozen weights
# still pass through the operations that used to read the variables (`ReadVariableOp`, now `Identity`).
# All of these could be worked out once and for all while saving. OpenCV expects that somebody has done so.

# %% [markdown] lang="ko"
# 0이면 성공입니다. 음수는 프로세스를 죽인 신호의 번호입니다(Windows에서는 아주 큰 양수가 나옵니다).
# −11은 *세그멘테이션 오류*이니, OpenCV 5는 무엇이 마음에 들지 않는지 말도 못 하고 죽은 것입니다.
# OpenCV 4는 `Input layer not found`라고 알려 줍니다. 왜 그럴까요?
#
# Keras 3은 합성곱의 편향을 독특한 방식으로 더합니다. 편향의 모양을 바꾸고(`Reshape`, `Squeeze`), 고정된 가중치는
# 변수를 읽던 연산(`ReadVariableOp`, 지금은 `Identity`)을 여전히 거쳐 갑니다.
# 이런 것은 저장할 때 한 번 계산해 두면 되는 일입니다. OpenCV는 누군가 그렇게 해 두었기를 기대합니다.

# %% [markdown] lang="en"
# ## 5. The freeze that works
#
# `labs.export` traces the network once with `training=False` (dropout and augmentation are off), lets TensorFlow's graph optimizer
# *Grappler* work out everything constant, drops what is idle, and writes each constant in full, because OpenCV
# cannot read TensorFlow's shorthand for them. From the same trace it writes all the other formats.
# The code is in `labs/export/`, short enough to read in one sitting.
#
# `x` gives it a few real pictures: they stay with the model as proof of what it said on the day it was saved.

# %% [markdown] lang="ko"
# ## 5. OpenCV가 읽는 고정 그래프
#
# `labs.export`는 `training=False`로 신경망을 한 번 추적하고(드롭아웃과 데이터 증대는 꺼집니다), TensorFlow의 그래프 최적화기
# *Grappler*에게 상수로 정해지는 것을 모두 계산하게 한 다음, 쓸모없는 연산을 없애고, 상수를 생략 없이 적습니다.
# TensorFlow의 줄여 쓴 상수를 OpenCV가 읽지 못하기 때문입니다. 같은 추적 결과로 다른 형식도 모두 만듭니다.
# 코드는 `labs/export/`에 있으며, 앉은자리에서 읽을 수 있을 만큼 짧습니다.
#
# `x`로는 실제 영상 몇 장을 건넵니다. 이 영상은 저장하던 날 모델이 무엇이라고 답했는지 보여 주는 증거로 함께 남습니다.

# %%
facts = {"metrics": {"test_accuracy": accuracy}, "source": dataset.source}
folder = labs.export(model, "saved_models/mnist", labels=dataset.labels, x=dataset.x_test, **facts)

# %%
frozen = tf.compat.v1.GraphDef.FromString((folder / "frozen.pb").read_bytes())
for title, graph in (("textbook", textbook), ("labs.export", frozen)):
    operations = [node.op for node in graph.node if node.op not in ("Const", "NoOp")]
    print(f"{title}: {len(graph.node)} nodes, {len(operations)} of them compute")
    print(" > ".join(operations), end="\n\n")

# %% [markdown] lang="en"
# The second list reads like the network in section 2: divide by 255 (`Mul`, `AddV2`), then twice convolve, add the bias, activate,
# normalise (another `Mul` and `AddV2`) and pool; flatten and decide. Dropout has vanished, and of batch normalization
# only one factor and one summand a channel are left. This is what *optimised for inference* means.
#
# Now look at the folder.

# %% [markdown] lang="ko"
# 두 번째 목록은 2절의 신경망처럼 읽힙니다. 255로 나누고(`Mul`, `AddV2`), 합성곱, 편향, 활성 함수,
# 정규화(또 한 번의 `Mul`과 `AddV2`), 풀링을 두 번 되풀이한 뒤 펼쳐서 판단합니다. 드롭아웃은 사라졌고, 배치 정규화는
# 채널마다 곱하는 수 하나와 더하는 수 하나로 줄었습니다. *추론에 최적화되었다*는 말이 바로 이런 뜻입니다.
#
# 이제 폴더를 봅시다.

# %%
for path in sorted(folder.rglob("*")):
    if path.is_file():
        print(f"{path.stat().st_size:10,} bytes  {path.relative_to(folder).as_posix()}")

# %% [markdown] lang="en"
# | File | Read by |
# |---|---|
# | `model.keras` | Keras: train on |
# | `saved_model/` | TensorFlow, TensorFlow Serving |
# | `frozen.pb` | OpenCV's TensorFlow importer |
# | `model.onnx` | ONNX Runtime, OpenCV, nearly everything else |
# | `tfjs/` | TensorFlow.js: a web page |
# | `labels.txt`, `card.json`, `golden.npz` | people, and `labs.check` |

# %% [markdown] lang="ko"
# | 파일 | 읽는 곳 |
# |---|---|
# | `model.keras` | Keras: 이어서 학습하기 |
# | `saved_model/` | TensorFlow, TensorFlow Serving |
# | `frozen.pb` | OpenCV의 TensorFlow 가져오기 모듈 |
# | `model.onnx` | ONNX Runtime, OpenCV, 그 밖의 거의 모든 곳 |
# | `tfjs/` | TensorFlow.js: 웹 페이지 |
# | `labels.txt`, `card.json`, `golden.npz` | 사람, 그리고 `labs.check` |

# %% [markdown] lang="en"
# ## 6. Recognise in OpenCV
#
# Four calls: `readNet` once, then for each picture `blobFromImage`, `setInput`, `forward`.

# %% [markdown] lang="ko"
# ## 6. OpenCV로 인식하기
#
# 호출은 네 가지입니다. `readNet`은 한 번만, 그다음은 영상마다 `blobFromImage`, `setInput`, `forward`를 부릅니다.

# %%
net = cv2.dnn.readNet("saved_models/mnist/frozen.pb")
picture = dataset.x_test[0, :, :, 0]
blob = cv2.dnn.blobFromImage(picture, scalefactor=1.0, size=(28, 28))
print("a picture", picture.shape, picture.dtype, "becomes a blob", blob.shape, blob.dtype)

# %%
net.setInput(blob)
answer = net.forward()
difference = np.abs(answer - probabilities[0]).max()
print(f"OpenCV says {dataset.labels[answer.argmax()]}, at most {difference:.0e} off Keras")
labs.show.bars(answer[0], dataset.labels, title="cv2.dnn, frozen.pb")

# %% [markdown] lang="en"
# A **blob** is a batch of pictures as floats, `(pictures, channels, height, width)`: NCHW, while Keras has NHWC.
# `blobFromImage` makes it, and computes in this order:
#
# 1. `size`: resize the picture to this (width, height);
# 2. `crop`: if `True`, keep the proportions and cut off what sticks out, instead of squeezing the picture;
# 3. `swapRB`: exchange the first and the last channel. OpenCV loads BGR, most networks learnt RGB;
# 4. `mean`: subtract it from each channel (in the order *after* the swap);
# 5. `scalefactor`: multiply by it. **The mean goes first**, so it is given in 0..255.
#
# A digit on coloured paper shows what each one does.

# %% [markdown] lang="ko"
# **블롭**(blob)은 여러 장의 영상을 실수로 담은 `(pictures, channels, height, width)` 배열입니다. Keras는 NHWC 순서이지만 블롭은 NCHW 순서입니다.
# `blobFromImage`가 블롭을 만들며, 다음 순서로 계산합니다.
#
# 1. `size`: 영상을 이 (너비, 높이)로 바꿉니다.
# 2. `crop`: `True`이면 비율을 지키고 넘치는 부분을 잘라 냅니다. 아니면 영상을 찌그러뜨려 맞춥니다.
# 3. `swapRB`: 첫 채널과 마지막 채널을 맞바꿉니다. OpenCV는 BGR로 읽지만 대부분의 신경망은 RGB로 배웠습니다.
# 4. `mean`: 채널마다 이 값을 뺍니다(맞바꾼 *다음*의 순서로).
# 5. `scalefactor`: 이 값을 곱합니다. **평균을 먼저 빼므로** 평균은 0..255 범위로 줍니다.
#
# 색종이에 쓴 숫자로 각 인수가 하는 일을 봅시다.

# %%
paper = np.full((90, 160, 3), (200, 120, 30), np.uint8)  # blue, in OpenCV's BGR
cv2.putText(paper, "5", (58, 72), cv2.FONT_HERSHEY_DUPLEX, 2.5, (60, 220, 255), 6)
variants = {
    "size=(64, 64)": {},
    "crop=True": {"crop": True},
    "swapRB=True": {"swapRB": True},
    "mean=(100, 0, 0),\nswapRB=True": {"mean": (100, 0, 0), "swapRB": True},
    "scalefactor=0.5": {"scalefactor": 0.5},
}
blobs = [cv2.dnn.blobFromImage(paper, size=(64, 64), **arguments)[0] for arguments in variants.values()]
pictures = [paper, *(blob.transpose(1, 2, 0).clip(0, 255) for blob in blobs)]
labs.show.grid(pictures, titles=["the picture, 160 × 90", *variants], columns=3)

# %% [markdown] lang="en"
# Matplotlib takes the first channel for red, so the blue paper looks orange until `swapRB` puts it right.
# `size` alone squeezes the digit; with `crop` it keeps its proportions.
#
# Our network wants nothing of this: one grey channel, 0..255, scaled inside.
# So `scalefactor=1.0` and no `mean`. Scaling twice is the most frequent mistake of all; exercise 2 shows its cousin.
#
# A network has names inside, too. `forward` with the names of layers gives what these layers computed.
# In OpenCV 5 this needs the *classic* engine: the new one gives the last output whatever layer you name, without a word.
# So look at the shape before you believe a feature map.

# %% [markdown] lang="ko"
# Matplotlib은 첫 채널을 빨강으로 여기므로, 파란 종이가 주황색으로 보이다가 `swapRB`로 바로잡힙니다.
# `size`만 주면 숫자가 홀쭉해지고, `crop`을 주면 비율이 그대로입니다.
#
# 우리 신경망에는 이런 것이 필요 없습니다. 회색조 채널 하나, 0..255, 크기 조정은 신경망 안에 있습니다.
# 그래서 `scalefactor=1.0`이고 `mean`은 없습니다. 크기 조정을 두 번 하는 것이 가장 흔한 실수입니다. 연습 2에서 비슷한 실수를 봅니다.
#
# 신경망 안의 층에도 이름이 있습니다. `forward`에 층의 이름들을 주면 그 층들이 계산한 값을 얻습니다.
# OpenCV 5에서는 *classic* 엔진을 써야 합니다. 새 엔진은 어느 층을 말하든 아무 말 없이 마지막 출력을 줍니다.
# 특징 맵을 믿기 전에 먼저 모양을 확인합시다.

# %%
engine = {"engine": cv2.dnn.ENGINE_CLASSIC} if hasattr(cv2.dnn, "ENGINE_CLASSIC") else {}
classic = cv2.dnn.readNet("saved_models/mnist/frozen.pb", **engine)
first = next(node.name for node in frozen.node if node.op == "Relu")
classic.setInput(blob)
features, named = classic.forward([first, "output"])
print(f"{first} {features.shape}, output {named.shape}")
print("by default:", net.getUnconnectedOutLayersNames())
labs.show.grid(features[0, :10], title="특징 맵 · what ten kernels of the first convolution see")

# %% [markdown] lang="en"
# ## 7. ONNX: the same in the common language
#
# OpenCV may soon drop its TensorFlow importer; a change that removes it has been proposed.
# **ONNX** is the format every tool writes and reads, so prefer it from now on.
# One difference: our ONNX file keeps Keras's NHWC, so the channel goes last.

# %% [markdown] lang="ko"
# ## 7. ONNX: 공통어로 저장하기
#
# OpenCV에서 TensorFlow 가져오기 모듈이 곧 사라질 수 있습니다. 이를 제거하는 변경이 이미 제안되었습니다.
# **ONNX**는 모든 도구가 읽고 쓰는 형식이니 앞으로는 이쪽을 먼저 씁시다.
# 다른 점은 하나입니다. 우리 ONNX 파일은 Keras의 NHWC를 그대로 지키므로 채널이 맨 뒤에 옵니다.

# %%
onnx_net = cv2.dnn.readNet("saved_models/mnist/model.onnx")
onnx_net.setInput(blob.transpose(0, 2, 3, 1))
difference = np.abs(onnx_net.forward() - answer).max()
print(f"ONNX and .pb in OpenCV differ by {difference:.0e}")

# %% [markdown] lang="en"
# Without OpenCV, **ONNX Runtime** does it in three lines. Names stand for inputs and outputs, and a batch may have any size.

# %% [markdown] lang="ko"
# OpenCV가 없어도 **ONNX Runtime**이면 세 줄로 끝납니다. 입력과 출력은 이름으로 가리키며, 한 번에 몇 장이든 넣을 수 있습니다.

# %%
session = onnxruntime.InferenceSession("saved_models/mnist/model.onnx", providers=["CPUExecutionProvider"])
(batch_answer,) = session.run(["output"], {"input": dataset.x_test[:8].astype("float32")})
print("digits:", batch_answer.argmax(axis=1))

# %% [markdown] lang="en"
# ## 8. TensorFlow.js, and the stock tools
#
# In `tfjs/`, `model.json` describes the graph and names the weight files (*shards*) beside it. A web page needs four lines:
#
# ```html
# <script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs"></script>
# <script type="module">
#   const model = await tf.loadGraphModel("tfjs/model.json");
#   const pixels = tf.browser.fromPixels(canvas, 1).toFloat().expandDims(0);  // 28 × 28, one channel
#   const probabilities = await model.predict(pixels).data();
# </script>
# ```
#
# <!-- live: draw mnist -->
#
# TensorFlow brings tools of its own: `model.export` writes a SavedModel, and `tensorflowjs` converts that for the browser.
# We keep them as **oracles**: made by other hands, they must agree with ours.

# %% [markdown] lang="ko"
# ## 8. TensorFlow.js, 그리고 기본 도구
#
# `tfjs/`의 `model.json`은 그래프를 설명하고, 곁에 있는 가중치 파일(*샤드*)의 이름을 알려 줍니다. 웹 페이지에서는 네 줄이면 됩니다.
#
# ```html
# <script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs"></script>
# <script type="module">
#   const model = await tf.loadGraphModel("tfjs/model.json");
#   const pixels = tf.browser.fromPixels(canvas, 1).toFloat().expandDims(0);  // 28 × 28, 한 채널
#   const probabilities = await model.predict(pixels).data();
# </script>
# ```
#
# <!-- live: draw mnist -->
#
# TensorFlow에도 자체 도구가 있습니다. `model.export`는 SavedModel을 쓰고, `tensorflowjs`는 그것을 브라우저용으로 바꿉니다.
# 우리는 이 도구들을 **기준**으로 삼습니다. 다른 사람이 만든 도구이니, 결과가 우리와 같아야 합니다.

# %%
model.export("saved_models/stock", verbose=False)
stock = tf.saved_model.load("saved_models/stock")
stock_answer = stock.serve(dataset.x_test[:8].astype("float32"))
print(f"model.export and labs.export differ by {np.abs(stock_answer - batch_answer).max():.0e}")

# %%
program = """
from tensorflowjs.converters import convert_tf_saved_model
convert_tf_saved_model("saved_models/stock", "saved_models/stock_tfjs")
"""
child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
for made in (folder / "tfjs", Path("saved_models/stock_tfjs")):  # the second stays away without tensorflowjs
    print(made.as_posix(), {path.name: path.stat().st_size for path in sorted(made.glob("*"))})

# %% [markdown] lang="en"
# ## 9. Prove it
#
# `labs.check` gives the golden pictures to every runtime, each in a process of its own, and compares the answers with Keras's.
# *Difference* is the largest one, */ spread* is the same as a share of the outputs' range: about 1e-7 is what 32-bit numbers can do.

# %% [markdown] lang="ko"
# ## 9. 증명하기
#
# `labs.check`는 함께 저장된 영상을 모든 실행 환경에 넣어 보고(환경마다 별도의 프로세스에서), 그 답을 Keras의 답과 비교합니다.
# *Difference*는 가장 큰 차이, */ spread*는 그 차이를 출력 범위로 나눈 값입니다. 32비트 실수로는 1e-7 정도가 한계입니다.

# %%
report = labs.check("saved_models/mnist")
report

# %%
timed = [row for row in report.rows if row.milliseconds]
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
bars = axes.barh([row.title for row in timed], [row.milliseconds for row in timed])
axes.bar_label(bars, fmt="%.2f ms", padding=3)
axes.set(xscale="log", xlabel="milliseconds for one picture (logarithmic)", title="추론 시간 · latency")
axes.margins(x=0.2)
axes.invert_yaxis()

# %% [markdown] lang="en"
# The same numbers from every runtime, but not at the same speed: for one small picture, the time goes into the calls
# around the arithmetic, and the small runtimes have less of it. That is why products rarely ship Keras.

# %% [markdown] lang="ko"
# 어느 실행 환경에서나 값은 같지만 속도는 다릅니다. 작은 영상 한 장에서는 계산 자체보다 그 주변의 호출에 시간이 들고,
# 작은 실행 환경은 그 부담이 적습니다. 그래서 제품에는 Keras를 그대로 싣는 일이 드뭅니다.

# %% [markdown] lang="en"
# ## 10. A digit of one's own
#
# The network knows white digits of about 20×20 on black, centred in 28×28. A photo is nothing like it:
# dark ink on light paper, unevenly lit, large, anywhere. We draw such a photo, so that everybody has the same;
# for yours, take `cv2.imread("my_digit.jpg")`.

# %% [markdown] lang="ko"
# ## 10. 나만의 숫자
#
# 신경망이 아는 것은 검은 바탕에 20×20쯤 되는 흰 숫자가 28×28의 가운데에 놓인 모습입니다. 사진은 전혀 다릅니다.
# 밝은 종이에 어두운 잉크, 고르지 않은 조명, 큰 크기, 제멋대로인 위치. 모두가 같은 사진을 쓰도록 그런 사진을 그려 봅시다.
# 직접 찍은 사진은 `cv2.imread("my_digit.jpg")`로 읽으면 됩니다.

# %%
light = np.linspace(235, 170, 320, dtype="float32")  # the lamp stands on the left
photo = np.repeat(np.repeat(light[None, :, None], 240, axis=0), 3, axis=2)
photo[..., 0] -= 15  # less blue: warm light
cv2.ellipse(photo, (205, 85), (32, 30), 0, -150, 90, (90, 50, 40), 11)
cv2.ellipse(photo, (202, 150), (40, 35), 0, -90, 140, (90, 50, 40), 11)
photo += np.random.default_rng(5).normal(0, 6, photo.shape)
photo = photo.clip(0, 255).astype("uint8")

# %% [markdown] lang="en"
# 1. **Grey**: colour carries nothing here.
# 2. **Threshold and invert**: ink becomes 255, paper 0. Otsu's method finds the threshold from the histogram.
# 3. **Bounding box**: where is the ink?

# %% [markdown] lang="ko"
# 1. **회색조**: 여기서 색은 아무 정보도 아닙니다.
# 2. **이진화와 반전**: 잉크는 255, 종이는 0이 됩니다. 오츄(Otsu) 방법이 히스토그램에서 임곗값을 찾아 줍니다.
# 3. **경계 상자**: 잉크가 어디에 있을까요?

# %%
grey = cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY)
smooth = cv2.GaussianBlur(grey, (5, 5), 0)  # or single noisy pixels count as ink
threshold, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
x, y, width, height = cv2.boundingRect(ink)
boxed = cv2.rectangle(photo.copy(), (x, y), (x + width, y + height), (0, 0, 255), 3)
labs.show.grid(
    [photo[..., ::-1], grey, ink, boxed[..., ::-1]],
    titles=["photo", "grey", f"ink: darker than {threshold:.0f}", "bounding box"],
)

# %% [markdown] lang="en"
# 4. **Resize**: the longer side becomes 20. `INTER_AREA` averages the pixels it merges, so thin strokes survive.
# 5. **Centre**: MNIST has the *centre of mass* of the ink in the middle. `cv2.moments` finds it, `warpAffine` moves it.

# %% [markdown] lang="ko"
# 4. **크기 조절**: 긴 변을 20으로 만듭니다. `INTER_AREA`는 합쳐지는 화소를 평균하므로 가는 획이 살아남습니다.
# 5. **가운데 놓기**: MNIST에서는 잉크의 *무게 중심*이 가운데에 있습니다. `cv2.moments`로 찾아 `warpAffine`으로 옮깁니다.

# %%
scale = 20 / max(width, height)
small = cv2.resize(ink[y : y + height, x : x + width], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
mass = cv2.moments(small)
shift = [[1, 0, 13.5 - mass["m10"] / mass["m00"]], [0, 1, 13.5 - mass["m01"] / mass["m00"]]]
digit = cv2.warpAffine(small, np.array(shift), (28, 28))
labs.show.grid([small, digit, dataset.x_test[0]], titles=["resized", "centred", "MNIST, for comparison"])

# %%
net.setInput(cv2.dnn.blobFromImage(digit))
labs.show.bars(net.forward()[0], dataset.labels, title="나의 숫자 · my digit")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | The kernel dies in `readNet` | Read the file in a child process, as in section 4; make it with `labs.export` |
# | `Input layer not found`, `getTensorContentRef` | The `.pb` was frozen the textbook's way: use `labs.export`, or ONNX |
# | Every picture gets the same label | Scaled twice? `scalefactor` must be 1.0 when `Rescaling` is in the network |
# | Good on MNIST, bad on your photo | Look at the picture in front of `setInput`: ink white? centred? strokes 2 to 3 pixels wide? |
# | Colours confuse the network | `swapRB=True`: OpenCV has BGR |
# | A shape error from the ONNX file | It wants NHWC: `blob.transpose(0, 2, 3, 1)` |
# | `cv2.imread` gives `None` | Wrong path, or Korean letters in it on Windows: `cv2.imdecode(np.fromfile(path, "uint8"), 1)` |
# | `labs.check` has a row that says *differs* | That runtime computes something else: do not ship it; read the row's note |

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | `readNet`에서 커널이 죽는다 | 4절처럼 자식 프로세스에서 읽어 보고, 파일은 `labs.export`로 만듭니다 |
# | `Input layer not found`, `getTensorContentRef` | `.pb`를 교재 방식으로 고정한 것입니다. `labs.export`나 ONNX를 씁니다 |
# | 어떤 영상이든 같은 답이 나온다 | 두 번 나눈 것은 아닐까요? 신경망에 `Rescaling`이 있으면 `scalefactor`는 1.0이어야 합니다 |
# | MNIST에서는 잘되는데 내 사진은 틀린다 | `setInput` 직전의 영상을 눈으로 봅니다. 잉크가 흰색인가요? 가운데 있나요? 획이 2~3화소인가요? |
# | 색 때문에 틀린다 | `swapRB=True`: OpenCV는 BGR입니다 |
# | ONNX 파일에서 모양 오류가 난다 | NHWC로 넣습니다: `blob.transpose(0, 2, 3, 1)` |
# | `cv2.imread`가 `None`을 준다 | 경로가 틀렸거나, Windows에서 경로에 한글이 있습니다: `cv2.imdecode(np.fromfile(path, "uint8"), 1)` |
# | `labs.check`의 한 줄에 *differs*가 나온다 | 그 실행 환경은 다른 값을 계산합니다. 배포하지 말고 그 줄의 설명을 읽습니다 |

# %% [markdown] lang="en"
# ## Recap
#
# - A frozen graph is the network's operations with its weights as constants, in one file.
# - OpenCV reads it only when everything constant has been worked out beforehand; `labs.export` does so.
# - A blob is NCHW float32; with the scaling inside the network, `blobFromImage` has nothing to scale.
# - One trace, every format; `labs.check` proves that they agree. From now on, prefer ONNX.
# - A photo must be brought into the form of the training pictures. Look at each step.
#
# ## Exercises
#
# Think first, then compute, then open the folded solution below each exercise.
#
# **Exercise 1.** How many numbers does the second convolution learn? Work it out from the kernel's size (3×3), its input channels (16)
# and its output channels (32).

# %% [markdown] lang="ko"
# ## 정리
#
# - 고정 그래프는 신경망의 연산과, 상수가 된 가중치를 파일 하나에 담은 것입니다.
# - OpenCV는 상수로 정해지는 것을 미리 모두 계산해 두었을 때만 이를 읽습니다. `labs.export`가 그 일을 합니다.
# - 블롭은 NCHW 순서의 float32 배열입니다. 크기 조정이 신경망 안에 있으면 `blobFromImage`가 할 조정은 없습니다.
# - 추적은 한 번, 형식은 전부. 모두 같다는 것은 `labs.check`가 증명합니다. 앞으로는 ONNX를 먼저 씁시다.
# - 사진은 학습 영상과 같은 모습으로 바꾸어야 합니다. 단계마다 눈으로 확인합니다.
#
# ## 연습 문제
#
# 먼저 생각하고, 계산해 본 다음, 문제 아래에 접혀 있는 풀이를 펼쳐 봅시다.
#
# **연습 1.** 두 번째 합성곱층이 배우는 수는 모두 몇 개일까요? 커널의 크기(3×3), 입력 채널 수(16),
# 출력 채널 수(32)로 구해 봅시다.

# %% tags=["exercise"]
# solution
expected = 3 * 3 * 16 * 32 + 32  # a kernel for each pair of channels, and a bias for each output channel
# end solution
found = model.layers[4].count_params()
print(f"you say {expected:,}, the layer has {found:,}")

# %% [markdown] lang="en"
# **Exercise 2.** Somebody forgets to invert: dark ink on white paper. Guess the accuracy, then measure it.
# Guessing blindly would give 10 %.

# %% [markdown] lang="ko"
# **연습 2.** 누군가 반전을 잊었습니다. 흰 종이에 어두운 잉크입니다. 정확도를 짐작해 보고, 재어 봅시다.
# 아무렇게나 찍으면 10 %입니다.

# %% tags=["exercise"]
# solution
inverted = 255 - dataset.x_test
answers = model.predict(inverted, verbose=0).argmax(axis=1)
# end solution
print(f"not inverted: {np.mean(answers == dataset.y_test):.0%} instead of {accuracy:.0%}")

# %% [markdown] lang="en"
# **Exercise 3.** Write `blobFromImage` with NumPy alone, for a colour picture of the right size: swap, subtract the mean, scale, NCHW.

# %% [markdown] lang="ko"
# **연습 3.** NumPy만으로 `blobFromImage`를 써 봅시다. 크기가 맞는 컬러 영상에서 채널을 맞바꾸고, 평균을 빼고, 배율을 곱하고, NCHW로 바꿉니다.

# %% tags=["exercise"]
mean, factor = (100, 110, 120), 1 / 127.5
theirs = cv2.dnn.blobFromImage(paper, factor, mean=mean, swapRB=True)
# solution
rgb = paper[..., ::-1].astype("float32")
mine = ((rgb - np.array(mean, "float32")) * np.float32(factor)).transpose(2, 0, 1)[None]
# end solution
print(f"shapes {mine.shape} and {theirs.shape}, largest difference {np.abs(mine - theirs).max():.0e}")

# %% [markdown] lang="en"
# **Exercise 4.** What does `swapRB=True` do to a grey picture, which has one channel? And to grey pixels stored in three channels?

# %% [markdown] lang="ko"
# **연습 4.** 채널이 하나인 회색조 영상에 `swapRB=True`를 주면 어떻게 될까요? 회색 화소를 채널 세 개에 담은 영상이라면?

# %% tags=["exercise"]
# solution
three = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
unchanged = []
for grey_picture in (picture, three):
    swapped = cv2.dnn.blobFromImage(grey_picture, swapRB=True)
    unchanged.append(np.array_equal(swapped, cv2.dnn.blobFromImage(grey_picture)))
# end solution
print("one channel unchanged:", unchanged[0], "| three equal channels unchanged:", unchanged[1])

# %% [markdown] lang="en"
# **Exercise 5.** Run many test pictures through ONNX Runtime, once one by one and once as a single batch.
# Is the accuracy the same? Is the time? Why?

# %% [markdown] lang="ko"
# **연습 5.** 시험 영상 여러 장을 ONNX Runtime에 넣어 봅시다. 한 번은 한 장씩, 한 번은 한꺼번에 넣습니다.
# 정확도가 같을까요? 시간은? 왜 그럴까요?

# %% tags=["exercise"]
pixels = dataset.x_test[:2000].astype("float32")
# solution
start = time.perf_counter()
single = np.concatenate([session.run(None, {"input": pixels[i : i + 1]})[0] for i in range(len(pixels))])
middle = time.perf_counter()
batch = session.run(None, {"input": pixels})[0]
end = time.perf_counter()
# end solution
print(f"same digits: {(single.argmax(1) == batch.argmax(1)).all()}")
print(f"one by one {middle - start:.2f} s, as a batch {end - middle:.2f} s")
