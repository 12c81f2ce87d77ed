# ---
# title:
#   en: A million vectors, and OpenCV's DNN module
#   ko: 벡터 백만 개, 그리고 OpenCV DNN 모듈
# minutes: 3
# data:
#   en: SIFT descriptors of cats and dogs, open photographs
#   ko: 고양이와 개 사진의 SIFT 기술자, 공개 사진
# accuracy:
#   en: recall@10 of 0.99 in a 13th of the exact search's time, at 100,000 vectors
#   ko: 벡터 100,000개에서 정확한 검색의 13분의 1 시간에 recall@10 0.99
# seed: 7
# ---

# %% [markdown] lang="en"
# Lab 07 searched 50,000 pictures by reading all of them for each question. In this notebook we
#
# - ask an **index** that reads only a part: what does it miss, how fast is it, how much memory does it take?
# - write it to the disk so that a power cut cannot harm it, add vectors, and divide it among machines;
# - go through the rest of OpenCV's **DNN module**: several outputs, batches, the time of each layer, and what it refuses to do.

# %% [markdown] lang="ko"
# 실습 07에서는 질문 하나마다 영상 50,000장을 모두 읽었습니다. 이 노트북에서는
#
# - 일부만 읽는 **색인**(index)에 물어봅니다. 무엇을 놓치고, 얼마나 빠르며, 메모리는 얼마나 쓸까요?
# - 정전이 나도 망가지지 않게 디스크에 쓰고, 벡터를 더하고, 여러 컴퓨터에 나누어 봅니다.
# - OpenCV **DNN 모듈**의 나머지를 둘러봅니다. 여러 출력, 배치, 층마다 걸리는 시간, 그리고 할 수 없는 일들입니다.

# %%
import os
import subprocess
import sys
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import labs
from labs.data import open_photos
from labs.data.download import download

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(7)

# %% [markdown] lang="en"
# ## 1. A hundred thousand vectors, a million
#
# One product with 10,000 rows is nothing. With a million rows of 128 numbers it is 512 megabytes to read for each question. An **index** reads less:
#
# - **HNSW** (Malkov and Yashunin, 2016): each vector knows its neighbours; the search walks from neighbour to neighbour. Fast, but *more* memory.
# - **IVF, PQ** (Jégou et al., 2011): cells, of which only the nearest are read, and in them vectors written in 16 bytes instead of 512. The best are then
#   weighed again by better copies (*re-ranked*).
#
# Both may miss a neighbour. **recall@10** is the share of the true ten that they find. Our vectors are real: SIFT describes each corner of a photo by 128 numbers.

# %% [markdown] lang="ko"
# ## 1. 벡터 십만 개, 백만 개
#
# 행이 10,000개면 곱셈 한 번은 아무것도 아닙니다. 128개의 수로 된 행이 백만 개면 질문 하나에 512메가바이트를 읽어야 합니다. **색인**은 덜 읽습니다.
#
# - **HNSW**(Malkov와 Yashunin, 2016): 벡터마다 이웃을 알고 있어서 이웃에서 이웃으로 건너갑니다. 빠르지만 메모리는 *더* 씁니다.
# - **IVF, PQ**(Jégou 등, 2011): 공간을 칸으로 나누어 가까운 칸만 읽고, 그 안의 벡터는 512바이트 대신 16바이트로 적습니다. 좋은 후보는
#   더 정확한 사본으로 다시 잽니다(*재순위화*).
#
# 둘 다 이웃을 놓칠 수 있습니다. **recall@10**은 진짜 열 개 가운데 찾아낸 비율입니다. 벡터는 실제 데이터입니다. SIFT는 사진의 모서리마다 128개의 수로 설명합니다.

# %% tags=["cover"]
chelsea = open_photos.read("chelsea")
keypoints = cv2.SIFT_create(120).detect(cv2.cvtColor(chelsea, cv2.COLOR_RGB2GRAY))
drawn = cv2.drawKeypoints(chelsea, keypoints, None, flags=cv2.DRAW_MATCHES_FLAGS_DRAW_RICH_KEYPOINTS)
labs.show.grid([chelsea, drawn], titles=["Chelsea", "her 120 clearest corners"], source=open_photos.SOURCE)

# %%
photos = labs.load("cats_vs_dogs", labs.profile.size, side=256, train=labs.profile.choose(450, 100)).x_train

# %%
sift = cv2.SIFT_create()
described = [sift.detectAndCompute(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), None)[1] for p in photos]
vectors = np.concatenate([rows for rows in described if rows is not None])
vectors = np.random.default_rng(7).permutation(vectors)
print(f"{len(photos)} photos, {len(vectors):,} vectors")

# %%
try:
    import faiss

    faiss.omp_set_num_threads(1)
    recipes = {"exact": "Flat", "HNSW": "HNSW32", "IVF, PQ": "IVF{cells},PQ32x4fs"}
    recipes["re-ranked"] = "IVF{cells},PQ32x4fs,Refine(SQ8)"
except ImportError:
    recipes = {}
    print(
        "FAISS is not installed: `pip install faiss-cpu`, then run this section again. The others do without."
    )


# %%
def make_index(recipe, base):
    index = faiss.index_factory(128, recipe.format(cells=int(4 * len(base) ** 0.5)))
    index.train(base)
    index.add(base)
    if "IVF" in recipe:
        faiss.extract_index_ivf(index).nprobe = 32  # cells that are read
    if "Refine" in recipe:
        index.k_factor = 8  # 80 candidates are weighed again
    if "HNSW" in recipe:
        index.hnsw.efSearch = 64  # candidates kept on the walk
    return index


# %%
measured, exact = [], None
for count in labs.profile.choose(full=(10_000, 100_000), quick=(1_000, 3_000)):
    for name, recipe in recipes.items():
        vector_index = make_index(recipe, vectors[200 : 200 + count])
        start = time.process_time()
        answers = np.concatenate([vector_index.search(vectors[i : i + 1], 10)[1] for i in range(200)])
        spent = (time.process_time() - start) / 200 * 1e3
        exact = answers if name == "exact" else exact
        recall = np.mean([len({*a} & {*b}) / 10 for a, b in zip(answers, exact, strict=True)])
        megabytes = len(faiss.serialize_index(vector_index)) / 1e6
        measured.append((count, name, recall, spent, megabytes))
        print(f"{count:7,} {name:10} recall@10 {recall:.3f}  {spent:6.3f} ms  {megabytes:5.1f} MB")

# %%
for color, name in enumerate(recipes):
    mine = [row for row in measured if row[1] == name]
    recalls, times, sizes = ([row[n] for row in mine] for n in (2, 3, 4))
    plt.plot(times, recalls, f"C{color}", alpha=0.5, label=f"{name}, {sizes[-1]:.0f} MB")
    plt.scatter(times, recalls, 3 * np.array(sizes), f"C{color}")
title = "10배 · from the smaller to ten times as many vectors; area: memory"
plt.gca().set(xscale="log", xlabel="milliseconds a question", ylabel="recall@10", title=title)
_ = plt.legend() if measured else None

# %% [markdown] lang="en"
# Ten times as many vectors cost the exact search ten times the time or more, HNSW only two or three times. `python benchmarks/search.py` goes on to a million
# and draws the plot of the README; one thread, one question at a time: exact 41 ms, HNSW 0.42 ms at a
# recall of 0.98 (784 MB), IVF-PQ re-ranked 0.25 ms at 0.90 (155 MB). SIFT's numbers are whole, so that plain bytes are exact as well: 11 ms, 128 MB in place of 512.
#
# An index is worth hours of work: **write it whole or not at all**, so that a kill leaves the old one. FAISS can open it *memory-mapped* (pages are
# read when they are needed), and vectors can be added later.

# %% [markdown] lang="ko"
# 벡터가 열 배가 되면 정확한 검색은 시간이 열 배 이상 들지만 HNSW는 두세 배면 됩니다. `python benchmarks/search.py`는 백만 개까지 재고
# README의 그림을 그립니다. 스레드 하나로 한 번에 하나씩 물으면, 정확한 검색은 41 ms, HNSW는
# 재현율 0.98에서 0.42 ms(784 MB), 재순위화한 IVF-PQ는 0.90에서 0.25 ms(155 MB)입니다. SIFT의 수는 정수여서 한 바이트에 그대로 담아도 정확하고, 11 ms에 512 MB 대신 128 MB면 됩니다.
#
# 색인은 몇 시간어치의 일입니다. 중간에 꺼져도 옛 파일이 남도록 **통째로 쓰거나 아예 쓰지 않아야** 합니다. FAISS는 색인을 *메모리 매핑*으로 열 수 있고(필요한
# 부분만 읽습니다), 나중에 벡터를 더할 수도 있습니다.

# %%
if recipes:
    with labs.files.whole_file("executed/vectors.faiss") as partial:
        faiss.write_index(vector_index, str(partial))
    opened = faiss.read_index("executed/vectors.faiss", faiss.IO_FLAG_MMAP)
    print("the same:", np.array_equal(*[one.search(vectors[:50], 10)[1] for one in (opened, vector_index)]))

# %%
if recipes:
    vector_index.add(vectors[:50])
    first = vector_index.search(vectors[:50], 1)[1][:, 0]
    print(f"{np.mean(first >= count):.0%} of the new vectors find themselves")

# %% [markdown] lang="en"
# And beyond one machine? **Shards**: each machine holds a part and gives its own ten best; the ten best of those are the ten best of all.
# That is exact, because nobody can be among the best of all without being among the best of his part. `labs.search.shards` does it on a Dask cluster.

# %% [markdown] lang="ko"
# 컴퓨터 한 대로 모자라면 **샤드**로 나눕니다. 컴퓨터마다 한 부분을 맡아 자기 상위 열 개를 내면, 그 가운데 상위 열 개가 전체의 상위 열 개입니다.
# 전체에서 상위에 들려면 자기 부분에서도 상위여야 하므로 이 답은 정확합니다. `labs.search.shards`는 Dask 클러스터에서 이렇게 합니다.

# %%
rows = labs.search.describe(photos)
whole, parts = labs.search.HistogramIndex(rows), np.array_split(np.arange(len(rows)), 4)
answers = [labs.search.HistogramIndex(rows[part]).search(rows[7], 10, "CHISQR") for part in parts]
numbered = [[(part[i], score) for i, score in answer] for part, answer in zip(parts, answers, strict=True)]
print("the same:", labs.search.shards.merge(numbered, 10) == whole.search(rows[7], 10, "CHISQR"))

# %% [markdown] lang="en"
# ## 2. The DNN module's whole tour
#
# Lab 05 used `readNet`, `blobFromImage`, `forward`. The notes go on with GoogLeNet in Caffe's format, which **OpenCV 5 no longer reads**; the ONNX
# model zoo has the same network with a published hash. When there is a network we take that (28 MB), else our MobileNet, and say which.
# Both are classifiers, so the same cells run on either. What the module does with a network of ours, the browser does too:
#
# <!-- live: draw mnist -->

# %% [markdown] lang="ko"
# ## 2. DNN 모듈 둘러보기
#
# 실습 05에서는 `readNet`, `blobFromImage`, `forward`를 썼습니다. 교재는 Caffe 형식의 GoogLeNet으로 이어지는데, **OpenCV 5는 Caffe를 더 이상 읽지 못합니다**.
# ONNX 모델 모음(model zoo)에 같은 신경망이 해시와 함께 올라와 있습니다. 인터넷이 있으면 그것(28 MB)을 쓰고, 없으면 우리의 MobileNet을 쓰며, 무엇을 썼는지 알려 줍니다.
# 둘 다 분류기이므로 같은 셀이 돌아갑니다. 우리가 만든 신경망은 이 모듈에서도, 브라우저에서도 똑같이 돌아갑니다.
#
# <!-- live: draw mnist -->

# %%
names = ["astronaut", "chelsea", "coffee", "rocket"]
side = labs.profile.choose(full=224, quick=64)
bgr = [cv2.resize(cv2.imread(str(open_photos.path(name))), (side, side)) for name in names]
few = np.array(bgr)[..., ::-1]  # RGB

# %%
pretrained = labs.profile.choose({"weights": "imagenet", "alpha": 0.75}, {"weights": "stand-in"})
top = labs.backbone.load("MobileNet", **pretrained)
known = labs.backbone.labels(pretrained["weights"])
inputs = keras.Input(top.input_shape[1:], name="input")
pooled = next(layer.output for layer in top.layers if isinstance(layer, layers.GlobalAveragePooling2D))
inside = keras.Model(top.input, [top.output, pooled])
said, seen = inside(labs.backbone.preprocessing("MobileNet")(inputs))

# %%
two_outputs = {"probabilities": said, "features": layers.Flatten(name="features")(seen)}
formats = ("frozen.pb", "model.onnx")
labs.export(keras.Model(inputs, said), "saved_models/imagenet", known, few, formats=formats)
labs.export(keras.Model(inputs, two_outputs), "saved_models/two_outputs", known, few, formats=formats)

# %%
ZOO = "https://github.com/onnx/models/raw/main/validated/vision/classification/inception_and_googlenet/googlenet/model/"
GOOGLENET = "c99c507058eaf41de8723408fdda7db8325cb57f0a89f2ee07a716d6e963e14e"
try:
    if labs.profile.name == "quick":
        raise labs.DataUnavailable("The quick profile downloads nothing.")
    place = labs.files.cache_folder("models") / "googlenet-12.onnx"
    path = download(ZOO + place.name, place, GOOGLENET, "GoogLeNet")
    classifier, arguments = str(path), {"mean": (104, 117, 123), "swapRB": False}
except labs.DataUnavailable as error:
    print(str(error).partition(":")[0])
    classifier, arguments = "saved_models/imagenet/frozen.pb", {"swapRB": True}
arguments |= {"scale": 1.0, "size": (side, side)}
print("classifier:", os.path.basename(os.path.dirname(classifier)), arguments)

# %% [markdown] lang="en"
# `ClassificationModel` bundles the arguments of `blobFromImage` with the network: set once, then `classify` a BGR picture. (Its siblings are `DetectionModel`,
# `SegmentationModel`, `KeypointsModel`, `TextDetectionModel_DB`, `TextRecognitionModel`.)

# %% [markdown] lang="ko"
# `ClassificationModel`은 `blobFromImage`의 인수를 신경망과 묶어 둡니다. 한 번 정해 두고 BGR 영상을 `classify`하면 됩니다. (형제로는 `DetectionModel`,
# `SegmentationModel`, `KeypointsModel`, `TextDetectionModel_DB`, `TextRecognitionModel`이 있습니다.)

# %%
model = cv2.dnn.ClassificationModel(classifier)
model.setInputParams(**arguments)
answers = [model.classify(picture) for picture in bgr]
titles = [f"{known[number]}\n{probability:.0%}" for number, probability in answers]
labs.show.grid(few, titles=titles, title="classify", source=open_photos.SOURCE)

# %% [markdown] lang="en"
# **Several outputs.** `getUnconnectedOutLayersNames` lists them, `forward` with names gives them in the order of the names. `blobFromImages` makes one blob of many
# pictures. The `.pb` needs OpenCV 5's *classic* engine for this; ONNX works in the new one as well.

# %% [markdown] lang="ko"
# **여러 출력.** `getUnconnectedOutLayersNames`가 출력의 이름을 알려 주고, `forward`에 이름들을 주면 그 순서대로 돌려줍니다. `blobFromImages`는 여러
# 영상을 블롭 하나로 만듭니다. `.pb`로 하려면 OpenCV 5의 *classic* 엔진이 필요하고, ONNX는 새 엔진에서도 됩니다.

# %%
blob = cv2.dnn.blobFromImages(bgr, swapRB=True)
print(blob.shape, blob.dtype)

# %%
engine = {"engine": cv2.dnn.ENGINE_CLASSIC} if hasattr(cv2.dnn, "ENGINE_CLASSIC") else {}
net = cv2.dnn.readNet("saved_models/two_outputs/frozen.pb", **engine)
net.setInput(blob)
probabilities, features_of_four = net.forward(["probabilities", "features"])
print(sorted(net.getUnconnectedOutLayersNames()), probabilities.shape, features_of_four.shape)

# %% [markdown] lang="en"
# **Where the time goes.** `getPerfProfile` gives the ticks of each layer of the last `forward`. *Fusion* merges a convolution with what follows it
# (scaling, ReLU); such layers take 0 ticks, their work is done next door. `labs.export` has folded the batch normalizations already, so little is left to fuse here.
# We compare single pictures, a batch, and fusion off.

# %% [markdown] lang="ko"
# **시간은 어디에 쓰일까요?** `getPerfProfile`은 마지막 `forward`에서 층마다 쓴 시간을 줍니다. *융합*(fusion)은 합성곱을 뒤따르는 층(크기 조정, ReLU)과
# 합칩니다. 합쳐진 층의 시간은 0이고, 일은 옆 층이 합니다. 배치 정규화는 `labs.export`가 이미 합쳐 두었으므로 여기서는 융합할 것이 별로 없습니다.
# 한 장씩, 배치로, 융합을 끄고 각각 재어 봅시다.


# %%
def per_picture(net, batch):
    def forward():
        for first in range(0, len(blob), batch):
            net.setInput(blob[first : first + batch])
            net.forward("probabilities")

    forward()
    start = time.process_time()
    for _ in range(5):
        forward()
    return (time.process_time() - start) / 5 / len(blob) * 1e3


# %%
plain = cv2.dnn.readNet("saved_models/two_outputs/frozen.pb", **engine)
plain.enableFusion(False)
print(f"one by one {per_picture(net, 1):.1f} ms, a batch of 4 {per_picture(net, 4):.1f} ms a picture")
print(f"one by one without fusion {per_picture(plain, 1):.1f} ms (processor time)")

# %%
for threads in (1, 2):
    cv2.setNumThreads(threads)
    start = time.perf_counter()
    per_picture(net, 1)  # six times four pictures
    print(f"{threads} thread(s): {(time.perf_counter() - start) / 24 * 1e3:.1f} ms a picture by the clock")

# %%
_, ticks = net.getPerfProfile()
milliseconds = np.ravel(ticks) / cv2.getTickFrequency() * 1e3
kinds = [net.getLayer(name).type for name in net.getLayerNames()]

# %%
for kind in sorted(set(kinds), key=lambda kind: -milliseconds[np.array(kinds) == kind].sum())[:5]:
    chosen = milliseconds[np.array(kinds) == kind]
    print(f"{kind:20} {len(chosen):3} layers, {np.sum(chosen == 0):3} of them fused, {chosen.sum():6.2f} ms")

# %% [markdown] lang="en"
# Nearly all of it is convolution (the times are those of the last `forward`, four pictures). A batch buys nothing on a CPU here.
#
# **What it refuses.** *Backends* (who computes) and *targets* (on what) can be chosen; the wheels from PyPI compute on the CPU only. Each line below runs in a process of its own,
# since some versions crash.

# %% [markdown] lang="ko"
# 거의 모두 합성곱입니다(마지막 `forward`, 곧 영상 네 장의 시간입니다). CPU에서는 배치로 묶어도 이득이 없습니다.
#
# **할 수 없는 일.** *백엔드*(누가 계산하나)와 *타깃*(어디에서 계산하나)을 고를 수 있지만, PyPI의 패키지는 CPU에서만 계산합니다. 어떤 버전은 죽기도 하므로
# 아래의 한 줄 한 줄을 따로 프로세스를 띄워 실행합니다.

# %%
begin = f"""
import cv2, numpy as np
net = cv2.dnn.readNet("saved_models/two_outputs/model.onnx")
net.setInput(np.zeros({few[:1].shape}, np.float32))

def forward_pb(**engine):
    net = cv2.dnn.readNet("saved_models/two_outputs/frozen.pb", **engine)
    net.setInput(np.zeros({blob.shape}, np.float32))
    print(*[answer.shape for answer in net.forward(["probabilities", "features"])])

"""
trials = {
    "targets": "print(cv2.dnn.getAvailableTargets(cv2.dnn.DNN_BACKEND_OPENCV), '(0 is the CPU)')",
    "half precision": "net.setPreferableTarget(cv2.dnn.DNN_TARGET_CPU_FP16); net.forward()",
    "forwardAsync": "net.forwardAsync()",
    "getFLOPS": f"print(net.getFLOPS({few[:1].shape}) / 1e9, 'GFLOP')",
    ".pb as it comes": "forward_pb()",
    ".pb, classic": f"forward_pb(**{engine})",
    "Caffe": "cv2.dnn.readNet('bvlc_googlenet.caffemodel', 'deploy.prototxt')",
    "fusion off late": "net.forward(); net.enableFusion(False); net.forward()",
}

# %%
print("OpenCV", cv2.__version__)
for name, line in trials.items():
    command = [sys.executable, "-c", begin + line]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    reasons = [part for part in done.stderr.splitlines() if "error: " in part or "Error: " in part]
    answer = done.stdout.strip() or "works"
    if done.returncode:
        answer = "refused: " + (reasons or ["it crashed"])[-1].rpartition("rror: ")[2][:100]
    print(f"{name:16} {answer}")

# %% [markdown] lang="en"
# An option that is accepted need not do anything: half precision *works* here because OpenCV falls back to float32 with a warning on x86. Asynchronous answers came
# with a backend (OpenVINO) that these wheels do not contain. OpenCV 5 has two engines (and a third that hands
# the work to ONNX Runtime where that was built in); it tries the new one first, and for our `.pb` only the classic one gives both outputs. OpenCV 4 still has `getFLOPS` for a tuple and a Caffe reader, and lets you switch fusion off later.
#
# ## Exercise
#
# Which pictures of a collection are the same, made smaller, squeezed as JPEG, or mirrored? A **perceptual hash** answers without a network: shrink the grey picture to 9 × 8 pixels
# and ask of each pixel whether it is brighter than its right neighbour, 64 bits. Write `difference_hash`. How many bits differ for each change, and how near are the features?

# %% [markdown] lang="ko"
# 받아 준다고 해서 정말 하는 것은 아닙니다. 반정밀도가 *된다*고 나오는 것은 OpenCV가 x86에서 경고와 함께 float32로 되돌아가기 때문입니다. 비동기 실행은
# 이 패키지에 들어 있지 않은 백엔드(OpenVINO)의 기능입니다. OpenCV 5에는 엔진이 두 가지 있고(빌드에 따라 ONNX Runtime에 맡기는 셋째 엔진도 있습니다) 새 엔진을 먼저
# 씁니다. 우리 `.pb`에서 두 출력을 모두 주는 것은 classic 엔진뿐입니다. OpenCV 4에는 튜플을 받는 `getFLOPS`와 Caffe 읽기가 아직 있고, 융합도 나중에 끌 수 있습니다.
#
# ## 연습 문제
#
# 모아 둔 영상 가운데 크기를 줄이거나, JPEG으로 압축하거나, 좌우를 뒤집었을 뿐 같은 영상은 어느 것일까요? **지각 해시**(perceptual hash)는 신경망 없이 답합니다. 회색조 영상을
# 9 × 8 화소로 줄이고, 화소마다 오른쪽 이웃보다 밝은지 물으면 64비트가 됩니다. `difference_hash`를 작성하세요. 바꿀 때마다 몇 비트가 달라지고, 특징은 얼마나 가까울까요?


# %% tags=["exercise"]
def difference_hash(picture):
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    # solution
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(int)
    return small[:, 1:] < small[:, :-1]
    # end solution


def features_of(picture):
    net.setInput(cv2.dnn.blobFromImage(picture, swapRB=True))
    numbers = net.forward("features")[0].copy()
    return numbers / np.linalg.norm(numbers)


cat = bgr[1]
squeezed = cv2.imdecode(cv2.imencode(".jpg", cat, [cv2.IMWRITE_JPEG_QUALITY, 20])[1], cv2.IMREAD_COLOR)
blurred = cv2.resize(cv2.resize(cat, None, fx=0.5, fy=0.5), (side, side))
changes = {"JPEG 20": squeezed, "half size": blurred, "mirrored": cat[:, ::-1].copy(), "coffee": bgr[2]}
for name, picture in changes.items():
    bits = np.sum(difference_hash(cat) != difference_hash(picture))
    print(f"{name:10} {bits:2} of 64 bits differ, cosine {features_of(cat) @ features_of(picture):.3f}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Low recall | More cells (`nprobe`), a wider walk (`efSearch`), re-ranking |
# | FAISS warns of too few training points | Fewer cells: about four times the square root of the number of vectors |
# | `forward` with names asserts | `engine=cv2.dnn.ENGINE_CLASSIC`, or ONNX in place of `.pb` |
# | The answers change after a batch of another size | Copy what `forward` gave: the next one writes into the same memory |
# | Python ends without a word | Run the line in a process of its own, as in the last section |
#
# ## What to remember
#
# - An index trades a little recall for much time. Always give recall, time and memory together.
# - Write an index whole or not at all; divide it, and merge the answers: that stays exact.
# - A perceptual hash finds copies, but not a mirrored one; features find likeness, but are shaken by blur and compression.
# - OpenCV's DNN module is a CPU runtime for ONNX; ask it what it can do on *this* machine, and believe no option untried.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 재현율이 낮다 | 칸을 더 읽거나(`nprobe`), 더 넓게 걷거나(`efSearch`), 재순위화를 합니다 |
# | FAISS가 학습할 벡터가 모자라다고 한다 | 칸의 수를 줄입니다. 벡터 수의 제곱근의 네 배쯤이 알맞습니다 |
# | 이름을 준 `forward`에서 오류가 난다 | `engine=cv2.dnn.ENGINE_CLASSIC`을 쓰거나 `.pb` 대신 ONNX를 씁니다 |
# | 다른 크기의 배치를 넣은 뒤 답이 바뀐다 | `forward`의 결과를 복사해 두세요. 다음 호출이 같은 메모리에 씁니다 |
# | 파이썬이 아무 말 없이 끝난다 | 마지막 절처럼 그 줄을 다른 프로세스에서 실행해 봅니다 |
#
# ## 정리
#
# - 색인은 재현율을 조금 내주고 시간을 크게 아낍니다. 재현율, 시간, 메모리를 늘 함께 밝히세요.
# - 색인은 통째로 쓰거나 아예 쓰지 않습니다. 나누어 맡기고 답을 합치면 여전히 정확합니다.
# - 지각 해시는 사본을 찾지만 뒤집힌 것은 모릅니다. 특징은 닮은 것을 찾지만 흐려지거나 압축되면 흔들립니다.
# - OpenCV의 DNN 모듈은 ONNX를 CPU에서 실행하는 도구입니다. *이* 컴퓨터에서 무엇이 되는지 물어보고, 해 보지 않은 기능은 믿지 마세요.
