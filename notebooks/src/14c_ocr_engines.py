# ---
# title:
#   en: "Reading text 3: five engines, and a page from the table"
#   ko: "글 읽기 3: 다섯 엔진, 그리고 책상 위의 한 장"
# minutes: 8
# data:
#   en: words in faces that no kept model has seen, composed pages, photographs of a leaflet and of a page
#   ko: 보관된 신경망이 보지 못한 글꼴의 낱말, 합성한 쪽, 전단과 책장 사진
# accuracy:
#   en: wrong letters of random syllables in print and handwriting, ours 0 and 7 %, Tesseract 72 and 85 %; of English ones ours 3 and 4 %, RapidOCR none
#   ko: 무작위 음절의 글자 오류율(인쇄체, 손글씨체) 우리 것 0, 7 %, Tesseract 72, 85 %. 영어 낱말은 우리 것 3, 4 %, RapidOCR 0 %
# seed: 14
# ---

# %% [markdown] lang="en"
# You are the engineer who must choose how a company reads its forms, signs and pages. In this notebook we
#
# - take the reader that comes with the course (all 2,350 syllables of KS X 1001 and a keyboard's characters) and see what disturbs it;
# - feed it to OpenCV's own text classes, and compare their answers with ours;
# - set **five engines** before the same pictures: wrong letters, wrong words, boxes, seconds, megabytes, price;
# - read a photographed page: find, cut out, lay straight, read, put in order.

# %% [markdown] lang="ko"
# 여러분은 회사의 서류와 간판과 책을 무엇으로 읽을지 골라야 하는 엔지니어입니다. 이 노트북에서는
#
# - 함께 들어 있는 신경망(KS X 1001의 2,350음절과 자판의 글자를 모두 읽음)이 무엇에 약한지 봅니다.
# - 그 신경망을 OpenCV의 글자 클래스에 넣고 답을 비교합니다.
# - **다섯 엔진**에 같은 영상을 읽힙니다. 틀린 글자, 틀린 낱말, 상자, 시간, 크기, 값을 비교합니다.
# - 사진으로 찍은 한 쪽을 읽습니다. 찾고, 자르고, 펴고, 읽고, 순서를 맞춥니다.

# %%
import itertools
import json
import time
from pathlib import Path

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnx
from onnx import TensorProto, helper

import labs
from labs import ocr
from labs.data import open_photos
from labs.hangul import bundled_faces, common, jamo, lines, pages

keras.utils.set_random_seed(14)
random = np.random.default_rng(14)

# %% [markdown] lang="en"
# ## 1. The kept reader
#
# `saved_models/reader` is the jamo reader of lab 14b, larger (1.3 million parameters), trained for minutes on a GPU by `tools/train_reader.py`, and a little longer for
# handwriting. Its folder holds what it reads and how sure it was of itself:

# %% [markdown] lang="ko"
# ## 1. 함께 들어 있는 신경망
#
# `saved_models/reader`는 실습 14b의 자모 신경망을 키운 것(매개변수 130만 개)으로, `tools/train_reader.py`가 GPU로 몇 분, 손글씨를 위해 조금 더 학습했습니다.
# 폴더의 카드에 성적이 적혀 있습니다.

# %%
card = json.loads(Path("saved_models/reader/card.json").read_text(encoding="utf-8"))
print(f"{card['parameters']:,} parameters, {card['labels']:,} characters, input {card['inputs'][0]['shape']}")
for name, value in card["metrics"].items():
    print(f"{name:46} {value:6.1%}")

# %%
syllables = common(2350)
letters = [*syllables, *map(chr, range(0x20, 0x7F))]
english = "camera network window Monday Seoul reading filter number garden school"
korean = "도서관 음식물 시간표 안내문 그리기 데이터는 프로그램에서 이상이나 오히려 카드와"
# %%
draws = {
    "syllables": lambda random: "".join(random.choice(syllables, random.integers(2, 5))),
    "Korean": lambda random: str(random.choice(korean.split())),
    "English": lambda random: str(random.choice(english.split())),
}


# %%
def crops(faces, draw, style, count, seed=5):
    """Words as a detector cuts them out: a list of pictures RGB, and the true texts."""
    glyphs = [lines.Glyphs(face, letters) for face in faces]
    images, words, places = lines.Lines(glyphs, letters, draw, style, seed).batch(count)
    ends = [min(lines.WIDTH, int(spans[-1][1]) + 3) for spans in places]
    return [np.repeat(image[:, :end], 3, axis=2) for image, end in zip(images, ends, strict=True)], words


# %%
count = labs.profile.choose(full=60, quick=4)
tests = {
    f"{name}, {kind}": crops(bundled_faces("test", kind)[:3], draw, lines.MILD, count)
    for name, draw in draws.items()
    for kind in ("print", "handwriting")
}
tests["Korean, bent and noisy"] = crops(
    bundled_faces("test", "print")[:3], draws["Korean"], lines.WILD, count
)

# %%
shown = [(name, picture) for name, (pictures, _) in tests.items() for picture in pictures[:2]]
labs.show.grid([picture for _, picture in shown], titles=[name for name, _ in shown], columns=4)

# %% [markdown] lang="en"
# An engine has two questions: `texts(crops)` reads cut-out words, `words(picture)` finds and reads. Ours runs in ONNX Runtime, in a process of its own.

# %% [markdown] lang="ko"
# 엔진에는 두 가지를 물을 수 있습니다. `texts(crops)`는 잘라 낸 낱말을 읽고, `words(picture)`는 찾아서 읽습니다. 우리 엔진은 별도 프로세스의 ONNX Runtime에서 돕니다.

# %%
engine = ocr.open_engine("ours")


def error_rate(engine, pictures, words):
    guesses = ["".join(guess.split()) for guess in engine.texts(pictures)]
    return ocr.character_errors(guesses, words)


print({name: f"{error_rate(engine, *test):.1%}" for name, test in tests.items()})

# %% [markdown] lang="en"
# Print is read, bent and noisy too. The ten Korean words were chosen because they are hard in handwriting: `이`, `리`, `히` with their parts far apart look like `01`, `21`, `ol`,
# and a reader without a dictionary has little else to go by. Over many words the rate is half of that (the card above).
#
# ## 2. What disturbs it
#
# The same words, made worse step by step.

# %% [markdown] lang="ko"
# 인쇄체는 휘고 잡음이 있어도 읽습니다. 한국어 낱말 열 개는 손글씨에서 어려운 것으로 골랐습니다. 자모를 멀리 떼어 쓴 `이`, `리`, `히`는 `01`, `21`, `ol`처럼 보이는데,
# 사전이 없는 신경망에는 달리 근거가 거의 없습니다. 여러 낱말로 재면 오류율은 그 절반입니다(위의 카드).
#
# ## 2. 무엇이 방해가 되는가
#
# 같은 낱말을 조금씩 망가뜨려 봅니다.


# %%
def jpeg(image, quality):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def turned(image, degrees):
    size = image.shape[1::-1]
    matrix = cv2.getRotationMatrix2D((size[0] / 2, 20), degrees, 1)
    return cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)


def noisy(image, strength):
    return np.uint8(np.clip(image + strength * random.standard_normal(image.shape[:2])[..., None], 0, 255))


# %%
disturbances = {
    "noise": (noisy, (0, 20, 40, 60, 80)),
    "blur": (lambda image, s: cv2.GaussianBlur(image, (0, 0), s), (0.1, 1, 1.5, 2, 2.5)),
    "JPEG quality": (jpeg, (90, 30, 15, 8, 4)),
    "degrees": (turned, (0, 3, 6, 9, 12)),
    "contrast": (lambda image, s: np.uint8(20 + s * image), (0.9, 0.4, 0.2, 0.1, 0.05)),
}

# %%
curves = {}
for title, (name, (disturb, strengths)) in itertools.product(list(tests)[:2], disturbances.items()):
    pictures, words = tests[title]
    worse = [[disturb(picture, strength) for picture in pictures] for strength in strengths]
    curves[title, name] = [error_rate(engine, each, words) for each in worse]

# %%
figure, panels = plt.subplots(1, 5, figsize=(12, 2.4), sharey=True, layout="constrained")
for axes, (name, (_, strengths)) in zip(panels, disturbances.items(), strict=True):
    for title in list(tests)[:2]:
        axes.plot([str(s) for s in strengths], curves[title, name], "o-", label=title)
    axes.set(xlabel=name, ylim=(0, 1.05), ylabel="letters wrong" if axes is panels[0] else "")
panels[0].legend()
plt.show()

# %% [markdown] lang="en"
# Compression and six degrees hardly matter, and a tenth of the contrast is enough. Noise of 60 grey levels costs a quarter of the printed letters and two fifths of the handwritten ones, a blur of 2 pixels a sixth
# and nearly half: thin strokes go first, and these letters are 40 pixels high.
#
# ## 3. OpenCV's text classes
#
# `cv2.dnn.TextRecognitionModel` reads crops without a line of Python decoding. It wants pictures as (1, channels, height, width), answers as (time, 1, classes), and the **blank as class 0**.
# Our file has NHWC and (1, time, classes), so two transposes are put around it, in the file itself:

# %% [markdown] lang="ko"
# 압축과 6도의 기울기는 거의 문제가 되지 않고, 대비는 10분의 1만 남아도 됩니다. 밝기 60단계의 잡음에서는 인쇄체의 4분의 1, 손글씨체의 5분의 2가, 2화소의 흐림에서는 인쇄체의 6분의 1, 손글씨체의 절반 가까이가
# 틀립니다. 높이 40화소인 글자의 가는 획이 먼저 사라집니다.
#
# ## 3. OpenCV의 글자 클래스
#
# `cv2.dnn.TextRecognitionModel`을 쓰면 파이썬으로 해독하지 않아도 됩니다. 입력은 (1, 채널, 높이, 너비), 출력은 (시간, 1, 클래스), **빈칸은 클래스 0**이어야 합니다.
# 우리 파일은 NHWC이고 출력은 (1, 시간, 클래스)이므로, 파일 안에서 앞뒤로 축을 바꾸는 연산을 하나씩 붙입니다.


# %%
def for_opencv(folder, shape, answer, width=192):
    """The network's ONNX file with a transpose before it and one after it."""
    network = onnx.load(f"{folder}/model.onnx")
    graph = network.graph
    before = helper.make_node("Transpose", ["picture"], [graph.input[0].name], perm=[0, 2, 3, 1])
    after = helper.make_node("Transpose", [graph.output[0].name], ["answer"], perm=[1, 0, 2])
    graph.node.insert(0, before)
    graph.node.append(after)
    graph.input[0].CopyFrom(helper.make_tensor_value_info("picture", TensorProto.FLOAT, shape))
    graph.output[0].CopyFrom(helper.make_tensor_value_info("answer", TensorProto.FLOAT, answer))
    return cv2.dnn.readNetFromONNX(np.frombuffer(network.SerializeToString(), np.uint8))


# %%
recogniser = cv2.dnn.TextRecognitionModel(for_opencv("saved_models/reader", [1, 1, 40, 192], [48, 1, 2446]))
recogniser.setDecodeType("CTC-greedy")
recogniser.setVocabulary(
    Path("saved_models/reader/labels.txt").read_text(encoding="utf-8").split("\n")[:2445]
)
recogniser.setInputParams(1.0, (192, 40), (0,))

# %%
pictures, words = tests["Korean, handwriting"]
straight = [ocr.line_picture(picture, width=192)[0, ..., 0] for picture in pictures]
theirs = [recogniser.recognize(picture) for picture in straight]
ours = ["".join(guess.split()) for guess in engine.texts(pictures)]

# %%
different = [pair for pair in zip(words, theirs, ours, strict=True) if pair[1] != pair[2]]
print(
    f"letters wrong: OpenCV {ocr.character_errors(theirs, words):.1%}, ours {ocr.character_errors(ours, words):.1%}"
)
print("(true, OpenCV, ours):", different[:4])

# %% [markdown] lang="en"
# The network is the same, and so are its numbers; what differs is the decoding: 26 % wrong letters against 18 %.
#
# OpenCV decodes greedily, and so does our engine, with two prices (`labs/kinds/text.py`, the same in the browser): a letter of another **script** within a word must be three nats more probable (after `종`, `이` rather than `o7`;
# in the middle of a word `s` rather than `S`), and so must a letter that follows another one without a blank between. Both were chosen on words in training faces.
# For boxes there is `TextDetectionModel_DB`. With our finder it answers alike, not equally: it leaves middles out that are less than 3 pixels high, and grows the others by area over perimeter, not by their height (tested).
#
# ## 4. Five engines, the same pictures
#
# Ours; **Tesseract** 5 (the classic, with a language model for Korean; `--oem 1` is its LSTM, `--psm 7` means "one line"); **RapidOCR** (PaddleOCR's networks for Chinese and English); **Google Vision** (in the
# cloud, paid by the picture; the pictures leave the house). An engine that is not installed, or that dies, gets a row that says so. The fifth, **keras-ocr**, cannot be imported beside Keras 3: its
# helper imgaug asks NumPy for what NumPy 2 has dropped, and its networks lie on GitHub.

# %% [markdown] lang="ko"
# 신경망도 같고 숫자도 같은데 해독이 다릅니다. 글자 오류율이 26 %와 18 %입니다.
#
# OpenCV는 탐욕 해독을 합니다. 우리 엔진도 그렇지만 두 가지 값을 매깁니다(`labs/kinds/text.py`, 브라우저에서도 같음). 한 낱말 안에서 **문자 종류**가 바뀌려면 3내트만큼 더 확실해야 합니다(`종` 다음에는
# `o7`보다 `이`, 낱말 가운데에서는 `S`보다 `s`). 사이에 빈칸 없이 이어지는 글자도 그렇습니다. 이 값은 학습용 글꼴의 낱말로 정했습니다.
# 상자를 찾는 `TextDetectionModel_DB`도 있습니다. 우리 finder를 넣으면 답이 비슷하지만 같지는 않습니다. 높이가 3화소 미만인 가운데를 버리고, 높이가 아니라 넓이 ÷ 둘레만큼 넓히기 때문입니다(테스트로 확인).
#
# ## 4. 다섯 엔진, 같은 영상
#
# 우리 것, **Tesseract** 5(오래된 대표, 한국어 언어 모델이 있음. `--oem 1`은 LSTM, `--psm 7`은 "한 줄"이라는 뜻), **RapidOCR**(PaddleOCR의 중국어·영어 신경망), **Google Vision**(클라우드,
# 장당 요금, 영상이 밖으로 나감)입니다. 설치되지 않았거나 도중에 죽은 엔진은 그렇다고 적습니다. 다섯째인 **keras-ocr**은 Keras 3와 함께 쓸 수 없습니다. 함께 쓰는 imgaug가 NumPy 2에서 사라진 것을 찾고,
# 신경망은 GitHub에 있습니다.


# %%
def open_or_none(name):
    try:
        return engine if name == "ours" else ocr.open_engine(name)
    except labs.LabsError as reason:
        print(f"{name:10} {reason}")
        return None


# %%
engines = {name: open_or_none(name) for name in ocr.ENGINES}
engines = {name: one for name, one in engines.items() if one is not None}


# %%
def row(name, one, title, pictures, words):
    if name == "tesseract":  # told the language: with both, it takes most random syllables for English
        one.languages = "eng" if "English" in title else "kor"
    start = time.perf_counter()
    guesses = ["".join(guess.split()) for guess in one.texts(pictures)]
    spent = 1000 * (time.perf_counter() - start) / len(words)
    wrong = np.mean([guess != word for guess, word in zip(guesses, words, strict=True)])
    return f"{ocr.character_errors(guesses, words):6.1%} {wrong:5.0%} {spent:5.0f}"


# %%
print(f"{'letters, words wrong, ms':26}", *(f"{name:>18}" for name in engines))
for title, test in tests.items():
    print(f"{title:26}", *(f"{row(name, one, title, *test):>18}" for name, one in engines.items()))

# %% [markdown] lang="en"
# Random syllables show what an engine sees: Tesseract, which leans on its language model, gets three of four wrong; real words help it. RapidOCR answers Korean with Chinese characters, all of them wrong, and reads every
# English word, handwritten ones too: for English alone it is the one to take. The milliseconds come from a busy machine; only their ratios count.
#
# Reading is half of it. On whole pages we count boxes: which of the true words are found, which answers are words (IoU 0.5)? RapidOCR answers with lines, so it looks worse here than it is.

# %% [markdown] lang="ko"
# 무작위 음절은 엔진이 무엇을 보는지 보여 줍니다. 언어 모델에 기대는 Tesseract는 넷 가운데 셋을 틀리고, 실제 낱말에서는 훨씬 낫습니다. RapidOCR는 한국어에 한자로 답해 모두 틀리지만, 영어는 손글씨까지 다
# 읽습니다. 영어만이라면 RapidOCR입니다. 시간은 붐비는 컴퓨터에서 잰 것이라 비율만 의미가 있습니다.
#
# 읽기는 절반입니다. 쪽 전체에서는 상자를 셉니다. 참 낱말 가운데 몇 개를 찾았고, 답 가운데 몇 개가 낱말일까요(IoU 0.5)? RapidOCR는 줄 단위로 답하므로 여기서는 실제보다 나빠 보입니다.

# %%
glyphs = [lines.Glyphs(face, letters) for face in bundled_faces("test", "print")[:3]]
photographs = [
    cv2.cvtColor(open_photos.read(name), cv2.COLOR_RGB2GRAY) for name in ("coffee", "brick", "grass")
]


def either(random):
    return draws[("Korean", "English")[random.integers(2)]](random)


# %%
composed = pages.Pages(glyphs, either, photographs, seed=12, size=512)
sheets, corners, _ = composed.batch(labs.profile.choose(full=12, quick=1))
labs.show.grid(sheets[:4], columns=4, source=open_photos.SOURCE)


# %%
def boxes(one):
    one.languages = "kor+eng"
    found, right = [], []
    for sheet, quads in zip(sheets, corners, strict=True):
        answers = one.words(np.repeat(sheet, 3, axis=2))
        table = np.array([[ocr.overlap(quad, word.corners) for word in answers] for quad in quads])
        table = table.reshape(len(quads), len(answers))
        found += list(table.max(axis=1, initial=0) >= 0.5)
        right += list(table.max(axis=0, initial=0) >= 0.5)
    return f"{np.mean(found):4.0%} of the words found, {np.mean([*right, 0]):4.0%} of the answers are words"


# %%
for name, one in engines.items():
    print(f"{name:10} {boxes(one)}")

# %% [markdown] lang="en"
# Half of the words are found: many are small, faint or cut off, as the pictures above show. Four of five answers are words. Tesseract looks for the layout of a page and finds little over a photograph.
#
# | engine | megabytes | price | pictures | Korean |
# |---|---|---|---|---|
# | ours | 3.8 (ONNX) | free | stay here | 2,350 syllables, no language model |
# | Tesseract 5 | 5.8 (kor, eng) | free | stay here | language model: words yes, random syllables no |
# | RapidOCR | 16 | free | stay here | no |
# | Google Vision | - | 1.50 USD for 1,000, the first 1,000 of a month free | leave the house | yes |
# | keras-ocr | - | free | stay here | no; does not install here |
#
# `python benchmarks/ocr.py` makes the large table of docs/measured with more pictures and faces.
#
# ## 5. A page from the table
#
# Everything together: the kept `finder` paints the middles of the words, their quadrangles are cut out and laid straight, the `reader` reads them, and rows are
# followed along their own slope. `labs.read` does it in one line, as `labs read PICTURE` does in a terminal.

# %% [markdown] lang="ko"
# 낱말의 절반을 찾습니다. 위의 영상처럼 작거나 흐리거나 잘린 낱말이 많습니다. 답의 다섯 가운데 넷은 낱말입니다. Tesseract는 쪽의 배치를 찾으므로 사진 위에서는 거의 찾지 못합니다.
#
# | 엔진 | 메가바이트 | 값 | 영상 | 한국어 |
# |---|---|---|---|---|
# | 우리 것 | 3.8 (ONNX) | 무료 | 밖으로 나가지 않음 | 2,350음절, 언어 모델 없음 |
# | Tesseract 5 | 5.8 (kor, eng) | 무료 | 밖으로 나가지 않음 | 언어 모델: 낱말은 읽고, 임의의 음절은 못 읽음 |
# | RapidOCR | 16 | 무료 | 밖으로 나가지 않음 | 못 읽음 |
# | Google Vision | - | 1,000장에 1.50달러, 매달 처음 1,000장은 무료 | 밖으로 나감 | 읽음 |
# | keras-ocr | - | 무료 | 밖으로 나가지 않음 | 못 읽음. 여기에는 설치되지 않음 |
#
# `python benchmarks/ocr.py`는 더 많은 영상과 글꼴로 docs/measured의 큰 표를 만듭니다.
#
# ## 5. 책상 위의 한 장
#
# 이제 모두 이어 봅시다. 보관된 `finder`가 낱말의 가운데를 칠하고, 사각형을 잘라 똑바로 펴고, `reader`가 읽고, 기울기를 따라 줄을 맞춥니다.
# `labs.read`는 이 일을 한 줄로 합니다. 터미널에서는 `labs read PICTURE`입니다.

# %% tags=["cover"]
photo = Path(labs.__file__).parents[1] / "web" / "public" / "samples" / "leaflet.jpg"
found = labs.read(photo, engine)
plt.figure(figsize=(7, 5))
plt.imshow(ocr.draw(photo, found))
plt.axis("off")
plt.show()

# %%
print(ocr.as_text(found))
grey = cv2.imread(str(photo), cv2.IMREAD_GRAYSCALE)
straight = [ocr.line_picture(ocr.cut(grey, word.corners))[0, ..., 0] for word in found]
labs.show.grid(straight, titles=[f"{word.text} {word.score:.2f}" for word in found], columns=4)

# %% [markdown] lang="en"
# The card lies askew on grass, and no blade of it was taken for a letter. One word is wrong (`welcoime`); its score is among the lowest three.
#
# Was the page bent or in perspective, lab 13 lays it flat first. A photograph of any size is searched on a copy of at most 2,400 pixels, tile by tile, so that
# 50 megapixels fit into memory; no text gives an empty list. And text that runs downwards, or lies on its side?

# %% [markdown] lang="ko"
# 카드가 잔디 위에 비스듬히 놓여 있는데 풀잎을 글자로 읽지는 않았습니다. 한 낱말이 틀렸고(`welcoime`), 그 점수는 낮은 쪽 셋에 듭니다.
#
# 종이가 굽었거나 비스듬히 찍혔다면 먼저 실습 13으로 폅니다. 사진은 크기에 상관없이 많아야 2,400화소인 사본을 조각조각 나누어 찾으므로 5천만 화소도 메모리에 들어가고, 글이 없으면 빈 목록이
# 나옵니다. 세로로 쓴 글이나 옆으로 누운 글은 어떨까요?

# %%
column = np.full((420, 120, 3), 255, np.uint8)
glyph = lines.Glyphs(bundled_faces("test", "print")[0], letters).pictures
for place, syllable in enumerate("음악회장입구"):
    ink = glyph[syllable][0]
    column[20 + 62 * place :][: len(ink), 40 : 40 + ink.shape[1]] -= ink[..., None]

# %%
upright, lying = labs.read(column, engine), labs.read(np.rot90(column), engine)
print([word.text for word in upright], [word.text for word in lying])

# %% [markdown] lang="en"
# Upright, the letters are found one below the other and read in their order, five of six right. The line that lies on its side is rubbish: turn the picture first.
#
# Try it with your own photograph:
#
# <!-- live: read reader -->
#
# ## Exercises
#
# **1. A word list.** A reader that knows which words exist mends its slips. Replace each reading by the word of the list that is nearest (`ocr.character_errors([reading], [word])`).

# %% [markdown] lang="ko"
# 세로로 쓴 글자는 하나씩 위에서부터 차례로 찾아 여섯 가운데 다섯을 맞게 읽습니다. 옆으로 누운 줄은 엉터리로 읽습니다. 먼저 영상을 돌려야 합니다.
#
# 직접 찍은 사진으로 해 보세요.
#
# <!-- live: read reader -->
#
# ## 연습 문제
#
# **1. 낱말 목록.** 어떤 낱말이 있는지 알면 실수를 고칠 수 있습니다. 읽은 결과를 목록에서 가장 가까운 낱말로 바꾸세요(`ocr.character_errors([reading], [word])`).

# %% tags=["exercise"]
known, readings = ["도서관", "음식물", "시간표", "안내문"], ["도시관", "음석물", "시간료", "안내무"]
# solution
mended = [min(known, key=lambda word: ocr.character_errors([reading], [word])) for reading in readings]
# end solution
print(mended)

# %% [markdown] lang="en"
# **2. Which jamo?** Count which parts of the syllables (초성, 중성, 종성) the engine gets wrong in handwriting, with `jamo.differences`, where the lengths are equal.

# %% [markdown] lang="ko"
# **2. 어느 자모일까?** 손글씨에서 음절의 어느 부분(초성, 중성, 종성)을 틀리는지 `jamo.differences`로 세어 보세요. 길이가 같은 낱말만 셉니다.

# %% tags=["exercise"]
pictures, words = tests["syllables, handwriting"]
guesses = engine.texts(pictures)
# solution
pairs = [
    (a, b) for w, g in zip(words, guesses, strict=True) if len(w) == len(g) for a, b in zip(w, g, strict=True)
]
hangul = [(a, b) for a, b in pairs if a != b and "가" <= b <= "힣"]
wrong = [part for a, b in hangul for part in jamo.differences(a, b)]
# end solution
print({part: wrong.count(part) for part in ("초성", "중성", "종성")})

# %% [markdown] lang="en"
# **3. Choose.** A library scans 40,000 Korean book pages; a parking company reads 200,000 plates a month; a museum reads letters by hand, in which names must not leave the house.
# Choose an engine for each, with figures from this notebook, and say what you would measure before you sign.

# %% [markdown] lang="ko"
# **3. 고르기.** 도서관은 한국어 책 40,000쪽을 스캔하고, 주차 회사는 번호판을 한 달에 200,000장 읽고, 박물관은 이름이 밖으로 나가면 안 되는 손 편지를 읽습니다.
# 이 노트북의 수치를 근거로 각각 엔진을 고르고, 계약하기 전에 무엇을 재어 보아야 할지 말해 보세요.

# %% tags=["exercise"]
# solution
pages_of_library, plates = 40_000, 200_000
print(f"Vision: {pages_of_library * 1.5 / 1000:.0f} USD once, {(plates - 1000) * 1.5 / 1000:.0f} USD a month")
# end solution
engine.close()

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | Tesseract reads rubbish from a crop | `--psm 7`, one language, 30 pixels or more a letter |
# | Right letters in a strange order | Sort by rows along the page's slope (`ocr.reading_order`) |
# | Small words are missing | A larger copy of the picture, or cut it in pieces |
# | Texture is read as text | Ask for a higher score |
# | Vision refuses | `GOOGLE_VISION_KEY`, and whether the service is switched on for it |
#
# ## What to remember
#
# - An engine is chosen by a table over one's own pictures: errors, boxes, seconds, price, and where the pictures go.
# - Random syllables show what an engine *sees*; real words show what its language model *knows*. Measure both.
# - The same network gives other texts with other decoding: say which one you used.
# - A page is read by five small steps; each can be looked at, and each can be at fault.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | Tesseract가 잘라 낸 낱말을 엉뚱하게 읽는다 | `--psm 7`, 언어 하나만, 글자 높이 30화소 이상 |
# | 글자는 맞는데 순서가 이상하다 | 쪽의 기울기를 따라 줄을 맞춥니다(`ocr.reading_order`) |
# | 작은 낱말을 놓친다 | 영상을 키우거나 조각으로 나눕니다 |
# | 무늬를 글자로 읽는다 | 더 높은 점수를 요구합니다 |
# | Vision이 거절한다 | `GOOGLE_VISION_KEY`, 그리고 서비스가 켜져 있는지 확인합니다 |
#
# ## 정리
#
# - 엔진은 자기 영상으로 만든 표를 보고 고릅니다. 오류, 상자, 시간, 값, 그리고 영상이 어디로 가는지를 봅니다.
# - 임의의 음절은 엔진이 무엇을 *보는지*, 실제 낱말은 언어 모델이 무엇을 *아는지* 보여 줍니다. 둘 다 재세요.
# - 같은 신경망도 해독 방법에 따라 다른 글을 내놓습니다. 어느 방법인지 밝히세요.
# - 쪽 하나를 읽는 일은 작은 단계 다섯 개입니다. 단계마다 들여다볼 수 있고, 단계마다 잘못될 수 있습니다.
