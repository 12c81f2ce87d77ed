# ---
# title:
#   en: Face to emoji, from Keras to a web page
#   ko: 표정을 이모지로, Keras에서 웹 페이지까지
# minutes: 1
# data:
#   en: the weights of an npm package (330 kB) and one photograph in the public domain
#   ko: npm 패키지에 든 가중치(330 kB)와 퍼블릭 도메인 사진 한 장
# accuracy:
#   en: none is claimed, since no labelled faces may be published; every runtime answers as Keras does, to 0.4 % of the spread
#   ko: 공개할 수 있는 얼굴 데이터가 없어 정확도는 주장하지 않음. 모든 실행 환경의 답이 Keras와 출력 범위의 0.4 % 안에서 같음
# seed: 6
# ---

# %% [markdown] lang="en"
# In this notebook we
#
# - build a network that reads seven expressions in plain Keras, and give it weights that someone else has trained;
# - see how 8 bits a weight make a network small enough for a phone;
# - ask it **why**, with a class activation map, and how easily it is fooled;
# - save it with two outputs for the browser, and prove that every runtime gives Keras' answer;
# - build a web site around it that needs no server, look at what a phone downloads, and put it on GitHub Pages.
#
# You need Node.js 18 or later, whose `npm` brings TensorFlow.js and the weights.

# %% [markdown] lang="ko"
# 이 노트북에서는
#
# - 일곱 가지 표정을 읽는 신경망을 Keras로 직접 쌓고, 다른 사람이 학습한 가중치를 넣어 봅니다.
# - 가중치 하나를 8비트로 줄이면 신경망이 휴대 전화에 들어갈 만큼 작아지는 것을 봅니다.
# - 클래스 활성화 맵으로 **왜** 그렇게 답했는지 묻고, 얼마나 쉽게 속는지도 알아봅니다.
# - 출력이 두 개인 모델로 저장하고, 모든 실행 환경이 Keras와 같은 답을 내는지 확인합니다.
# - 서버가 필요 없는 웹 사이트를 만들어 휴대 전화가 무엇을 내려받는지 보고, GitHub Pages에 올립니다.
#
# Node.js 18 이상이 필요합니다. 함께 오는 `npm`이 TensorFlow.js와 가중치를 내려받습니다.

# %%
import gzip
import json

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

import labs
import labs.site
from labs.site import vendor

keras.utils.set_random_seed(6)

# %% [markdown] lang="en"
# ## 1. Where the network comes from
#
# To read expressions a network needs thousands of labelled faces. Sets of them exist, but most may not be published, and many were
# gathered without asking anyone. So we do not train one. We take the expression network of *face-api.js* (Vincent Mühler; npm package
# `@vladmandic/face-api`, MIT licence), which ships its weights. Its author says it was trained on public data sets and pictures of
# the web, and names none. **Remember that when you trust it.**

# %% [markdown] lang="ko"
# ## 1. 신경망은 어디에서 왔나
#
# 표정을 읽으려면 이름표 붙은 얼굴 수천 장이 있어야 합니다. 그런 데이터셋은 있지만 대부분 공개할 수 없고, 허락 없이 모은 것도 많습니다.
# 그래서 직접 학습하지 않습니다. *face-api.js*(Vincent Mühler, npm 패키지 `@vladmandic/face-api`, MIT 라이선스)에 가중치까지 들어 있는
# 표정 신경망을 가져옵니다. 만든 사람은 공개 데이터셋과 웹의 사진으로 학습했다고만 하고 어떤 사진인지는 밝히지 않았습니다.
# **이 신경망을 어디까지 믿을지 생각할 때 꼭 기억하세요.**

# %%
faces = vendor.bundles() / "faces"
for path in sorted(faces.glob("face_expression*")):
    print(f"{path.stat().st_size:8,} bytes  {path.name}")

# %% [markdown] lang="en"
# One file holds numbers and nothing else, the other says what they are. This is TensorFlow.js's own format; `labs.export` writes the same.

# %% [markdown] lang="ko"
# 한 파일에는 수만 들어 있고, 다른 파일은 그 수가 무엇인지 알려 줍니다. TensorFlow.js의 형식이며 `labs.export`도 똑같이 저장합니다.

# %%
manifest = json.loads((faces / "face_expression_model-weights_manifest.json").read_text(encoding="utf-8"))
entries = manifest[0]["weights"]
print(len(entries), "arrays")
for entry in entries[:3]:
    print(entry["name"], entry["shape"], entry.get("quantization", "float32"))

# %% [markdown] lang="en"
# ## 2. Eight bits a weight
#
# A weight needs 32 bits while it learns, since its steps are tiny. Afterwards 8 are enough here: each array keeps its smallest value
# (`min`), a step (`scale`), and for every weight a whole number from 0 to 255. This is **quantisation**: a quarter of the download.
#
# **Exercise 1.** Turn the stored bytes back into weights.

# %% [markdown] lang="ko"
# ## 2. 가중치 하나에 8비트
#
# 학습하는 동안에는 아주 조금씩 바뀌므로 가중치 하나에 32비트가 필요합니다. 학습이 끝나면 여기서는 8비트로 충분합니다. 배열마다
# 가장 작은 값(`min`)과 한 칸의 크기(`scale`)를 두고, 가중치마다 0~255의 정수만 저장합니다. 이것을 **양자화**라고 하며, 내려받는 양이 4분의 1이 됩니다.
#
# **연습 1.** 저장된 바이트를 가중치로 되돌리세요.


# %% tags=["exercise"]
def dequantise(stored, scale, smallest):
    # solution
    return stored.astype("float32") * scale + smallest
    # end solution


# %%
print(dequantise(np.uint8([0, 128, 255]), scale=0.01, smallest=-1.0))

# %%
data = (faces / "face_expression_model.bin").read_bytes()
weights, offset = {}, 0
for entry in entries:
    count, stored = int(np.prod(entry["shape"])), entry.get("quantization")
    array = np.frombuffer(data, "uint8" if stored else "float32", count, offset)
    offset += array.nbytes
    array = dequantise(array, stored["scale"], stored["min"]) if stored else array
    weights[entry["name"]] = array.reshape(entry["shape"])

# %%
print(f"{offset:,} of {len(data):,} bytes read; {4 * sum(a.size for a in weights.values()):,} as float32")

# %% [markdown] lang="en"
# ## 3. The network in Keras
#
# Four blocks. Each halves the picture, then adds three **separable convolutions**: first 3×3 within each channel, then 1×1 across
# channels. That takes a fraction of the multiplications of a full convolution. What each layer finds is added to what was found
# before, so that no layer has to repeat it.

# %% [markdown] lang="ko"
# ## 3. Keras로 쌓은 신경망
#
# 블록이 네 개입니다. 블록마다 영상을 반으로 줄인 뒤 **분리 합성곱**(separable convolution)을 세 번 더합니다. 먼저 채널마다 따로 3×3,
# 다음에 채널을 섞는 1×1 합성곱을 하므로 보통 합성곱보다 곱셈이 훨씬 적습니다. 각 층이 찾은 것을 앞에서 찾은 것에 더해 나가므로,
# 어느 층도 앞의 일을 되풀이할 필요가 없습니다.


# %%
def block(x, filters, name, first=False):
    start = layers.Conv2D if first else layers.SeparableConv2D
    x = total = layers.ReLU()(start(filters, 3, strides=2, padding="same", name=f"{name}_conv0")(x))
    for i in (1, 2, 3):
        found = layers.SeparableConv2D(filters, 3, padding="same", name=f"{name}_conv{i}")(x)
        total = layers.Add()([total, found])
        x = layers.ReLU()(total)
    return x


# %%
mean = np.array([122.782, 117.001, 104.298])  # of the training pictures' red, green and blue
picture = keras.Input((112, 112, 3), name="input")
x = layers.Rescaling(1 / 255, offset=(-mean / 255).tolist())(picture)

# %%
for i, filters in enumerate((32, 64, 128, 256)):
    x = block(x, filters, f"dense{i}", first=i == 0)
features = layers.Activation("linear", name="features")(x)
output = layers.Dense(7, activation="softmax", name="output")(layers.GlobalAveragePooling2D()(features))

# %%
# NBVAL_CHECK_OUTPUT
model = keras.Model(picture, {"output": output, "features": features}, name="face_expression")
print(f"{model.count_params():,} parameters, last feature maps {features.shape[1:]}")

# %% [markdown] lang="en"
# The names of the layers were chosen so that they point to the arrays: `dense1_conv0` takes `dense1/conv0/...`.

# %% [markdown] lang="ko"
# 층의 이름은 배열의 이름과 이어지도록 지었습니다. `dense1_conv0` 층에는 `dense1/conv0/...`의 값이 들어갑니다.

# %%
for layer in model.layers:
    name = {"output": "fc"}.get(layer.name, layer.name.replace("_", "/"))
    if layer.weights:
        layer.set_weights([array for key, array in weights.items() if key.startswith(f"{name}/")])
EXPRESSIONS = ["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"]

# %% [markdown] lang="en"
# ## 4. A face
#
# The photograph shows the astronaut Eileen Collins (NASA, public domain). On the page another small network finds the face;
# here we say by hand where it is.

# %% [markdown] lang="ko"
# ## 4. 얼굴 한 장
#
# 우주 비행사 아일린 콜린스의 사진입니다(NASA, 퍼블릭 도메인). 웹 페이지에서는 또 다른 작은 신경망이 얼굴을 찾아 주지만,
# 여기서는 얼굴의 위치를 손으로 알려 줍니다.

# %%
path = vendor.web_folder() / "public" / "samples" / "face.jpg"
photo = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


# %%
def crop(top=60, left=80, size=110):
    return cv2.resize(photo[top : top + size, left : left + size], (112, 112), interpolation=cv2.INTER_AREA)


face = crop()
labs.show.grid([photo, face], titles=["photograph", "112×112"], source="NASA, public domain")

# %%
answer = model(face[None].astype("float32"), training=False)
probabilities = answer["output"].numpy()[0]
labs.show.bars(probabilities, EXPRESSIONS, source="face-api.js, weights of 8 bits")

# %% [markdown] lang="en"
# A smile, and the network is quite sure. But **one picture is not an accuracy**, and a percentage is not a proof. What if the face is
# a little beside the box, darker, blurred, upside down?

# %% [markdown] lang="ko"
# 웃는 얼굴이고, 신경망도 확신합니다. 그러나 **사진 한 장은 정확도가 아니며**, 확률이 높다고 옳은 것도 아닙니다.
# 얼굴이 상자에서 조금 벗어나거나, 어둡거나, 흐리거나, 거꾸로 되어 있으면 어떨까요?

# %%
changed = {
    "as it is": face,
    "mirrored": face[:, ::-1],
    "a quarter beside": crop(left=108),
    "far away": crop(top=0, left=30, size=210),
    "dark": (face * 0.25).astype("uint8"),
    "blurred": cv2.GaussianBlur(face, (0, 0), 5),
    "noisy": np.uint8(np.clip(face + np.random.default_rng(6).normal(0, 60, face.shape), 0, 255)),
    "upside down": face[::-1],
}

# %%
answers = model(np.stack([*changed.values()]).astype("float32"), training=False)["output"].numpy()
titles = [
    f"{name}\n{EXPRESSIONS[p.argmax()]} {p.max():.0%}" for name, p in zip(changed, answers, strict=True)
]
labs.show.grid([*changed.values()], titles=titles, columns=4, source="NASA, public domain")

# %% [markdown] lang="en"
# It withstands more than one would think: the mirror, the dark, the noise. But a face that does not fill the picture, or stands on its
# head, smiles and is called *angry*. The network has only seven answers and must give one. It cannot say "I do not know", nor
# "this is no upright face"; a low percentage is the only hint. That is why the page finds the face first.

# %% [markdown] lang="ko"
# 생각보다 잘 버팁니다. 좌우를 뒤집어도, 어두워도, 잡음이 섞여도 맞힙니다. 그러나 얼굴이 영상을 채우지 않거나 거꾸로 되면, 웃는 얼굴을
# *angry*라고 합니다. 이 신경망의 답은 일곱 가지뿐이고 반드시 하나를 골라야 합니다. "모르겠다"고도, "똑바로 선 얼굴이 아니다"라고도
# 말할 수 없으며, 낮은 확률만이 단서입니다. 그래서 웹 페이지에서는 먼저 얼굴을 찾습니다.

# %% [markdown] lang="en"
# ## 5. Why? A class activation map
#
# After the last feature maps come an average and one layer of weights. Both are straight lines, so we may swap them: weigh the maps
# first, average later. What stands there before averaging says **which place spoke for an answer** (Zhou et al., CVPR 2016).

# %% [markdown] lang="ko"
# ## 5. 왜? 클래스 활성화 맵
#
# 마지막 특징 맵 뒤에는 평균과 가중치 한 층뿐입니다. 둘 다 선형이므로 순서를 바꾸어, 먼저 특징 맵에 가중치를 곱해 더하고 나중에 평균을
# 내도 됩니다. 평균을 내기 전의 값이 **어느 곳이 그 답을 뒷받침했는지** 알려 줍니다(Zhou et al., CVPR 2016).

# %%
kernel, bias = model.get_layer("output").get_weights()
maps = answer["features"].numpy()[0]  # 7 x 7 places, 256 features
evidence = maps @ kernel  # 7 x 7 places, 7 expressions
scores = evidence.mean(axis=(0, 1)) + bias
print(np.allclose(keras.ops.softmax(scores[None])[0], probabilities, atol=1e-5))


# %%
def overlay(expression):
    map = np.maximum(evidence[..., EXPRESSIONS.index(expression)], 0)
    large = cv2.resize(map / max(map.max(), 1e-9), (112, 112), interpolation=cv2.INTER_CUBIC)
    colours = plt.get_cmap("plasma")(np.clip(large, 0, 1))[..., :3] * 255
    return np.uint8(0.5 * face + 0.5 * colours)


# %% tags=["cover"]
labs.show.grid([face, overlay("happy")], titles=["face", "for happy"], source="NASA, public domain")

# %% [markdown] lang="en"
# Not the mouth, as one might expect, but the raised cheek and the corner of the eye. (Take the place with a grain of salt: the map has
# 7×7 places, and each has seen a large part of the face.)
#
# **Exercise 2.** Which places speak for *surprised* and for *sad*? Show both beside each other.

# %% [markdown] lang="ko"
# 예상과 달리 입이 아니라, 올라간 볼과 눈꼬리입니다. (위치를 너무 믿지는 마세요. 맵은 7×7칸뿐이고, 칸마다 얼굴의 넓은 부분을 보고 있습니다.)
#
# **연습 2.** *surprised*와 *sad*를 뒷받침하는 곳은 어디일까요? 두 맵을 나란히 보이세요.

# %% tags=["exercise"]
# solution
shown = [overlay("surprised"), overlay("sad")]
# end solution
labs.show.grid(shown, titles=["for surprised", "for sad"], source="NASA, public domain")

# %% [markdown] lang="en"
# ## 6. Save it, and prove it
#
# Our model has two outputs, the answer and the feature maps, and so has every file that `labs.export` writes. The page can
# then draw the map on its own. The golden pictures that go with it are the faces of section 4; weights are kept in 16 bits.

# %% [markdown] lang="ko"
# ## 6. 저장하고 증명하기
#
# 이 모델의 출력은 답과 특징 맵, 두 개입니다. `labs.export`가 저장하는 모든 파일도 그렇습니다. 그래서 웹 페이지가 스스로 맵을 그릴 수
# 있습니다. 함께 저장되는 확인용 영상은 4절의 얼굴들이고, 가중치는 16비트로 저장합니다.

# %%
folder = labs.export(
    model,
    "saved_models/face_expression",
    labels=EXPRESSIONS,
    x=np.stack([*changed.values()]),
    source="weights of @vladmandic/face-api 1.7.15 (MIT)",
    precision="float16",
)

# %%
labs.check(folder)

# %% [markdown] lang="en"
# The same label everywhere. The `.pb` keeps 32 bits and agrees to six digits; where weights were rounded to 16 bits the feature maps
# differ by 0.4 % of their spread. That is the price of half the download.

# %% [markdown] lang="ko"
# 어디에서나 같은 답입니다. 32비트 가중치를 그대로 둔 `.pb`는 여섯 자리까지 같고, 16비트로 줄인 것은 특징 맵이 출력 범위의 0.4 %만큼
# 다릅니다. 내려받는 양을 절반으로 줄인 값입니다.

# %% [markdown] lang="en"
# ## 7. A web site without a server
#
# `labs site` (here called from Python) takes the pages of `web/`, TensorFlow.js from npm, and of each saved model only what a browser
# needs. Everything is a plain file. Nothing is computed anywhere but in the browser, and no picture is sent.

# %% [markdown] lang="ko"
# ## 7. 서버 없는 웹 사이트
#
# `labs site`(여기서는 파이썬에서 부릅니다)는 `web/`의 페이지와 npm의 TensorFlow.js, 그리고 저장한 모델에서 브라우저에 필요한 것만 모읍니다.
# 모두 평범한 파일입니다. 계산은 오직 브라우저에서만 이루어지고, 영상은 어디로도 보내지 않습니다.

# %%
site = labs.site.build(["saved_models/mnist", "saved_models/hangul", folder], "executed/site")
for path in sorted((site / "models" / folder.name).rglob("*.*")):
    print(f"{path.stat().st_size:8,} bytes  {path.relative_to(site).as_posix()}")

# %% [markdown] lang="en"
# What does a phone download before the first answer? TensorFlow.js was cut into parts when it was bundled: the graph runner, and each
# backend for itself. Only the first backend that works is fetched: WebAssembly, then WebGL, then plain JavaScript.

# %% [markdown] lang="ko"
# 첫 답이 나올 때까지 휴대 전화는 무엇을 내려받을까요? TensorFlow.js는 묶을 때 여러 조각으로 나누었습니다. 그래프를 실행하는 부분과
# 실행 장치(backend)들이 따로 있어서, WebAssembly, WebGL, 자바스크립트 순서로 처음 동작하는 것 하나만 내려받습니다.

# %%
[scripts] = (site / "v").iterdir()  # named by their hash, so that a browser may keep them for ever
later = ("webgl", "webgpu", "cpu", "face", "gradients")
runner = [p for p in (scripts / "vendor").glob("*.js") if p.stem not in later]
parts = {
    "pages' own JavaScript": list((scripts / "js").glob("*.js")),
    "TensorFlow.js": runner,
    "WebAssembly": [scripts / "vendor" / "tfjs-backend-wasm-simd.wasm"],
    "expression network": list((site / "models" / folder.name / "tfjs").iterdir()),
}
sizes = {name: sum(len(gzip.compress(p.read_bytes())) for p in paths) / 1000 for name, paths in parts.items()}

# %%
figure, axes = plt.subplots(figsize=(7, 2.2), layout="constrained")
axes.barh(list(sizes), list(sizes.values()))
axes.set(xlabel="kB, compressed with gzip", title="What a phone downloads · 내려받는 양")
axes.invert_yaxis()
plt.show()

# %% [markdown] lang="en"
# ## 8. The page, in ten lines
#
# The whole recipe of `web/public/js/models.js`, without its checks: fetch, hand the weights over, run.
#
# ```javascript
# import { loadGraphModel, setBackend, tensor } from "./vendor/tf.js";
# import { setWasmPaths } from "./vendor/wasm.js";
#
# setWasmPaths("vendor/");
# await setBackend("wasm");
# const graph = await loadGraphModel("models/face_expression/tfjs/model.json");
# const input = tensor(pixels, [1, 112, 112, 3]); // raw pixels, 0 to 255: scaling is in the graph
# const [probabilities, maps] = graph.execute({ input }, ["output", "features"]);
# console.log(await probabilities.data());
# ```
#
# The checks are what makes it fit for a classroom: each file's SHA-256 is compared with the model's card, a stopped download
# can be tried again, and a missing backend is said and replaced.

# %% [markdown] lang="ko"
# ## 8. 열 줄로 쓴 웹 페이지
#
# `web/public/js/models.js`에서 검사를 빼면 이것이 전부입니다. 내려받고, 가중치를 넘기고, 실행합니다.
#
# ```javascript
# import { loadGraphModel, setBackend, tensor } from "./vendor/tf.js";
# import { setWasmPaths } from "./vendor/wasm.js";
#
# setWasmPaths("vendor/");
# await setBackend("wasm");
# const graph = await loadGraphModel("models/face_expression/tfjs/model.json");
# const input = tensor(pixels, [1, 112, 112, 3]); // 0~255의 화소 그대로: 배율은 그래프 안에 있습니다
# const [probabilities, maps] = graph.execute({ input }, ["output", "features"]);
# console.log(await probabilities.data());
# ```
#
# 교실에서 쓸 수 있게 해 주는 것은 검사입니다. 파일마다 SHA-256을 모델 카드와 비교하고, 내려받기가 멈추면 다시 시도할 수 있게 하고,
# 쓸 수 없는 실행 장치는 알려 준 뒤 다른 것으로 바꿉니다.

# %% [markdown] lang="en"
# ## 9. Live, and steady
#
# A camera gives thirty pictures a second, and the answer jumps: one blurred frame, and the smile is gone. A **running mean** keeps a part of
# the last answer in each new one. Here a hand shakes: the crop moves from frame to frame, and every fifth frame is blurred.
#
# **Exercise 3.** Write the running mean that keeps 60 % of the last value.

# %% [markdown] lang="ko"
# ## 9. 실시간, 그리고 흔들림 없이
#
# 카메라는 1초에 서른 장을 찍고, 답은 이리저리 튑니다. 한 장만 흐려도 웃음이 사라집니다. **이동 평균**은 새 답에 지난 답의 일부를 남겨 둡니다.
# 여기서는 손이 떨려서 얼굴의 위치가 매번 달라지고, 다섯 장에 한 장은 흐립니다.
#
# **연습 3.** 지난 값의 60 %를 남기는 이동 평균을 쓰세요.

# %%
random = np.random.default_rng(6)
frames = [crop(60 + top, 80 + left) for top, left in random.integers(-22, 23, (40, 2))]
frames = [cv2.GaussianBlur(frame, (0, 0), 6) if i % 5 == 4 else frame for i, frame in enumerate(frames)]
happy = model(np.stack(frames).astype("float32"), training=False)["output"].numpy()[:, 1]


# %% tags=["exercise"]
def steady(values, keep=0.6):
    means = [values[0]]
    for value in values[1:]:
        # solution
        means.append(keep * means[-1] + (1 - keep) * value)
        # end solution
    return np.array(means)


# %%
figure, axes = plt.subplots(figsize=(7, 2.5), layout="constrained")
axes.plot(happy, ".-", label="each frame", alpha=0.5)
axes.plot(steady(happy), label="running mean")
axes.set(xlabel="frame", ylabel="happy", ylim=(0, 1.05))
axes.legend()
plt.show()

# %% [markdown] lang="en"
# ## 10. Put it on the net
#
# 1. Try it here: `labs site --serve`, then open http://localhost:8000/. The camera works, since this is your own machine.
# 2. Put the project on GitHub, and choose *Settings → Pages → Source: GitHub Actions*. `.github/workflows/pages.yml` then builds the
#    site after each push to `main` and publishes it. Browsers give the camera only to pages that came by **https**; GitHub Pages does that.
# 3. Open the address on a phone. Your own models in `saved_models/` appear by themselves: digits and syllables on the drawing page,
#    pictures on the photo page, all of them on *Inside*.
#
# <!-- live: emoji -->

# %% [markdown] lang="ko"
# ## 10. 인터넷에 올리기
#
# 1. 먼저 이 컴퓨터에서 `labs site --serve`를 실행하고 http://localhost:8000/ 을 열어 보세요. 자기 컴퓨터이므로 카메라도 쓸 수 있습니다.
# 2. 프로젝트를 GitHub에 올리고 *Settings → Pages → Source: GitHub Actions*를 고릅니다. 그러면 `main`에 올릴 때마다
#    `.github/workflows/pages.yml`이 사이트를 만들어 공개합니다. 브라우저는 **https**로 연 페이지에만 카메라를 내어 주는데, GitHub Pages가 그렇습니다.
# 3. 휴대 전화로 주소를 열어 보세요. `saved_models/`에 있는 모델은 저절로 나타납니다. 숫자와 글자는 그리기에, 사진을 받는 모델은 사진에,
#    모든 모델이 들여다보기에 보입니다.
#
# <!-- live: emoji -->

# %% [markdown] lang="en"
# ## 11. What it must not be used for
#
# The network names the shape of a face, not a feeling. People smile out of politeness, and frown while they think; cultures differ. It errs
# more often for faces that its training pictures lacked, and since those are not named, nobody can say for whom. As a toy that turns
# one's own smile into an emoji it is fine. To judge pupils, applicants or customers it is not; the European Union forbids reading
# emotions at school and at work (AI Act, article 5).
#
# In this notebook we gave a Keras network weights from a web package, saw what speaks for its answers and what fools it, saved it
# with two outputs, proved it in every runtime, and built a site that runs it on a phone with no server.

# %% [markdown] lang="ko"
# ## 11. 이렇게 쓰면 안 됩니다
#
# 이 신경망이 읽는 것은 얼굴의 모양이지 마음이 아닙니다. 사람은 예의로 웃기도 하고, 생각하며 찡그리기도 하며, 문화마다 다릅니다. 학습 데이터에 없던
# 얼굴에서 더 자주 틀리는데, 어떤 사진으로 학습했는지 모르니 누구에게 더 틀리는지도 알 수 없습니다. 내 웃음을 이모지로 바꾸는
# 장난감으로는 좋습니다. 학생이나 지원자나 손님을 판단하는 데 써서는 안 됩니다. 유럽 연합은 학교와 직장에서 감정을 읽는 것을 법으로
# 금지했습니다(AI Act 5조).
#
# 이 노트북에서는 웹 패키지의 가중치를 Keras 신경망에 넣고, 답의 근거와 약점을 살펴보고, 출력이 두 개인 모델로 저장하여 모든 실행
# 환경에서 증명한 뒤, 서버 없이 휴대 전화에서 움직이는 사이트를 만들었습니다.
