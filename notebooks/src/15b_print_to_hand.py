# ---
# title:
#   en: From print to a hand
#   ko: 인쇄체에서 손글씨로
# minutes: 7
# data:
#   en: pairs drawn from the bundled fonts, nothing to download
#   ko: 함께 든 글꼴로 그린 쌍, 내려받을 것 없음
# accuracy:
#   en: of held-out syllables a judge that did not teach reads 10 % after two epochs of L1 and GAN, 83 % with a teacher
#   ko: 떼어 둔 글자를 가르치지 않은 인식기가 읽는 비율은 L1과 GAN 두 에포크로 10 %, 교사가 있으면 83 %
# seed: 15
# ---

# %% [markdown] lang="en"
# Type a syllable, and a network writes it in a hand. In this notebook we
#
# - get **pairs for free**: the same syllable in a printed face and in a written one;
# - train **pix2pix** (Isola et al., 2017): a U-Net that forges, an examiner that looks at patches; L1 alone, the GAN alone, both;
# - judge it four ways, because each judge alone can be fooled: is it read? is it that hand? how far is it? are the features alike?
# - let a **frozen reader** teach the forger, and see what that buys;
# - choose among **four hands** with a second input, and mix them.

# %% [markdown] lang="ko"
# 글자를 입력하면 신경망이 손글씨로 씁니다. 이 노트북에서는
#
# - **짝을 공짜로** 얻습니다. 같은 글자를 인쇄체와 손글씨 글꼴로 그리면 됩니다.
# - **pix2pix**(Isola 등, 2017)를 학습합니다. 위조꾼 U-Net과 조각을 살피는 감정사입니다. L1만, GAN만, 둘 다 써 봅니다.
# - 네 가지로 평가합니다. 어느 하나만으로는 속을 수 있기 때문입니다. 읽히는가? 그 글씨체인가? 얼마나 떨어졌는가? 특징이 닮았는가?
# - **고정한 인식기**가 위조꾼을 가르치게 하고, 무엇이 좋아지는지 봅니다.
# - 두 번째 입력으로 **글씨체 넷** 가운데 고르고, 섞어 봅니다.

# %%
import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers

import labs
from labs.hangul import CLEAN, Renderer, bundled_faces, common

# %%
tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(15)
syllables = common(labs.profile.choose(2350, 256))
secret = np.arange(len(syllables)) % 5 == 2  # every fifth is never learnt

# %% [markdown] lang="en"
# ## 1. Pairs for free
#
# Pix2pix needs each picture twice. A font file draws the same syllable as often as we ask: **print** is what goes in, **pen** what shall come out; the other faces are for the judges.

# %% [markdown] lang="ko"
# ## 1. 공짜로 얻는 짝
#
# pix2pix에는 같은 것을 그린 영상이 두 장씩 필요합니다. 글꼴은 같은 글자를 얼마든지 그려 줍니다. **print**는 입력이고 **pen**은 나와야 할 출력입니다. 나머지 글꼴은 심사에 씁니다.

# %%
FACES = ("print", "pen", "brush", "story", "serif")
families = ("Gothic", "Hand Pen", "Hand East", "Hand Story", "Serif Hall")
found = {face.family: face for face in bundled_faces("train")}
faces = [found[f"Labs {family}"] for family in families]
drawn = {name: Renderer([face], syllables, CLEAN).every()[0] for name, face in zip(FACES, faces, strict=True)}

# %%
some = np.flatnonzero(secret)[3 :: secret.sum() // 7][:7]
shown = [drawn[name][number] for name in FACES for number in some]
labs.show.grid(shown, titles=[name for name in FACES for _ in some], columns=7)

# %% [markdown] lang="en"
# ## 2. Four judges
#
# **Does it read?** Lab 04's kept network of 2,350 syllables. **Is it that hand?** A small classifier of faces, trained here on learnt syllables. **How far?** L1, the mean difference of
# pixels. **Are they alike as a crowd?** The Fréchet distance (Heusel et al., 2017): the reader's last features of many pictures are taken for a normal distribution, and
# $d^2 = |\mu_1 - \mu_2|^2 + \mathrm{tr}(C_1 + C_2 - 2 (C_1 C_2)^{1/2})$ compares two of them.

# %% [markdown] lang="ko"
# ## 2. 심사위원 넷
#
# **읽히는가?** 실습 04에서 저장해 둔 2,350자 인식기가 답합니다. **그 글씨체인가?** 학습용 글자로 여기서 학습하는 작은 글꼴 분류기가 답합니다. **얼마나 먼가?** 픽셀 차이의 평균, L1입니다.
# **무리로 보아 닮았는가?** 프레셰 거리(Heusel 등, 2017)입니다. 여러 영상에서 얻은 인식기의 마지막 특징을 정규 분포로 보고,
# $d^2 = |\mu_1 - \mu_2|^2 + \mathrm{tr}(C_1 + C_2 - 2 (C_1 C_2)^{1/2})$ 로 두 분포를 비교합니다.

# %%
reader = keras.models.load_model("saved_models/hangul_2350/model.keras", compile=False)
features_of = keras.Model(reader.input, reader.layers[-2].output)
numbers = np.array([common(2350).index(syllable) for syllable in syllables])

# %%
stack = [layers.Rescaling(1 / 255)]
for filters in (16, 32, 48):
    stack += [layers.Conv2D(filters, 5, 2, "same"), layers.BatchNormalization(momentum=0.9), layers.ReLU()]
which_face = keras.Sequential([*stack, layers.Flatten(), layers.Dense(len(FACES), "softmax")])
which_face.compile("adam", "sparse_categorical_crossentropy")
learnt = np.concatenate([drawn[name][~secret] for name in FACES])
truth = np.repeat(np.arange(len(FACES)), (~secret).sum())
history = which_face.fit(learnt, truth, batch_size=64, epochs=2, verbose=0)


# %%
def frechet(one, other):
    (first, second), (a, b) = (np.mean(x, 0) for x in (one, other)), (np.cov(x.T) for x in (one, other))
    root = np.sqrt(np.linalg.eigvals(a @ b).astype(complex)).real.sum()
    return ((first - second) ** 2).sum() + np.trace(a) + np.trace(b) - 2 * root


def judge(written, face="pen"):
    """Read, taken for that hand, L1, Fréchet distance: of pictures of the held-out syllables."""
    truth = drawn[face][secret]
    read = reader.predict(written, verbose=0).argmax(1) == numbers[secret]
    hand = which_face.predict(written, verbose=0).argmax(1) == FACES.index(face)
    crowds = [features_of.predict(x, verbose=0) for x in (written, truth)]
    return read.mean(), hand.mean(), np.abs(written / 255 - truth / 255).mean(), frechet(*crowds)


# %%
def table():
    print(f"{'':22}{'read':>7}{'hand':>7}{'L1':>7}{'Fréchet':>9}")
    for name, (read, hand, l1, distance) in scores.items():
        print(f"{name:22}{read:7.1%}{hand:7.1%}{l1:7.3f}{distance:9.1f}")


# %%
scores = {"copy of the print": judge(drawn["print"][secret]), "the true hand": judge(drawn["pen"][secret])}
table()

# %% [markdown] lang="en"
# The copy is read best of all and is no hand at all: a forger who is only paid for being read prints. No figure below means anything without its neighbours.
#
# ## 3. The forger and the examiner
#
# The forger is a **U-Net**: down to 4x4, where it sees the whole syllable, and up again with the fine maps beside. The examiner (**PatchGAN**) gets print *and* writing and says of each of
# 8x8 patches whether they belong together; it looks at strokes, not at the whole.

# %% [markdown] lang="ko"
# 복사본은 누구보다 잘 읽히지만 손글씨가 전혀 아닙니다. 읽히는 것만으로 상을 주면 위조꾼은 인쇄를 합니다. 아래의 수는 옆의 수와 함께 보아야 뜻이 있습니다.
#
# ## 3. 위조꾼과 감정사
#
# 위조꾼은 **U-Net**입니다. 글자 전체가 보이는 4x4까지 내려갔다가, 세밀한 맵을 곁에 두고 다시 올라옵니다. 감정사(**PatchGAN**)는 인쇄체*와* 손글씨를 함께 받아 8x8 조각마다 서로 맞는
# 짝인지 답합니다. 전체가 아니라 획을 봅니다.


# %% tags=["network"]
def unit(x, filters, size=3, strides=1):
    x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def forger(width=24):
    printed = x = keras.Input((64, 64, 1), name="input")
    x, skips = layers.Rescaling(1 / 255)(x), []
    for filters in (width, 2 * width, 4 * width, 5 * width):  # 32, 16, 8, 4 pixels
        skips.append(x := unit(x, filters, 5 if filters == width else 3, 2))
    x = unit(x, 5 * width)
    for skip in skips[-2::-1]:
        x = layers.Conv2DTranspose(2 * width, 2, 2)(x)
        x = unit(layers.Concatenate()([x, skip]), skip.shape[-1])
    dark = keras.initializers.Constant(-2)  # most pixels are black
    x = layers.Conv2DTranspose(1, 4, 2, "same", activation="sigmoid", bias_initializer=dark)(x)
    return keras.Model(printed, {"picture": layers.Rescaling(255, name="picture")(x)})


# %% tags=["network"]
def examiner():
    printed, written = keras.Input((64, 64, 1)), keras.Input((64, 64, 1))
    x = layers.Rescaling(1 / 255)(layers.Concatenate()([printed, written]))
    for filters in (32, 64, 96):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 4, 2, "same")(x))
    return keras.Model([printed, written], layers.Conv2D(1, 3, padding="same")(x))


print(f"forger {forger().count_params():,} parameters, examiner {examiner().count_params():,}")

# %% [markdown] lang="en"
# Two losses pull at the forger: **L1** to the true picture, and `fooled`, the cross-entropy with which the examiner takes the forgery for true. The examiner learns beside it. `train_step`
# is all that `fit` needs to know.

# %% [markdown] lang="ko"
# 손실 두 가지가 위조꾼을 당깁니다. 정답 영상과의 **L1**, 그리고 감정사가 위조를 진짜로 여길 때 작아지는 교차 엔트로피 `fooled`입니다. 감정사는 곁에서 함께 배웁니다. `fit`에는
# `train_step`만 알려 주면 됩니다.


# %% tags=["network"]
def says(scores, truth):
    losses = tf.nn.sigmoid_cross_entropy_with_logits(truth * tf.ones_like(scores), scores)
    return tf.reduce_mean(losses)


# %% tags=["network"]
class Pix2Pix(keras.Model):
    def __init__(self, l1=0.0, gan=0.0, teach=None):
        super().__init__()
        self.forger, self.examiner, self.l1, self.gan, self.teach = forger(), examiner(), l1, gan, teach

    def compile(self, peak):
        super().compile()
        self.forge = keras.optimizers.Adam(peak, 0.5, clipnorm=5.0)
        self.examine = keras.optimizers.Adam(2e-4, 0.5)


# %% tags=["network"]
def train_step(self, pair):
    printed, truth = pair
    with tf.GradientTape() as forging, tf.GradientTape() as examining:
        written = self.forger(printed, training=True)["picture"]
        l1 = tf.reduce_mean(tf.abs(written - truth)) / 255
        loss, examined = self.l1 * l1, 0.0
        if self.teach:
            loss += self.teach(written, truth)
        if self.gan:
            true, false = self.examiner([printed, truth]), self.examiner([printed, written])
            loss += self.gan * says(false, 1.0)  # fooled
            examined = says(true, 1.0) + says(false, 0.0)
    self.forge.apply(forging.gradient(loss, self.forger.trainable_weights), self.forger.trainable_weights)
    if self.gan:
        weights = self.examiner.trainable_weights
        self.examine.apply(examining.gradient(examined, weights), weights)
    return {"l1": l1, "examiner": examined}


Pix2Pix.train_step = train_step

# %%
inputs, targets = (drawn[name][~secret].astype("float32") for name in ("print", "pen"))
options = tf.data.Options()
options.autotune.enabled = False  # on two cores it waits more than it helps
pairs = tf.data.Dataset.from_tensor_slices((inputs, targets)).shuffle(len(inputs), seed=1)
pairs = pairs.batch(16, drop_remainder=True).with_options(options)


# %%
def forged(model):
    return np.rint(model.forger.predict(drawn["print"][secret], verbose=0)["picture"]).astype("uint8")


def learn(name, **losses):
    keras.utils.set_random_seed(15)
    model, epochs = Pix2Pix(**losses), labs.profile.choose(EPOCHS, 1)
    model.compile(keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(pairs)))
    model.fit(pairs, epochs=epochs, shuffle=False, verbose=0)
    written[name] = forged(model)
    scores[name] = judge(written[name])
    return model


# %%
EPOCHS, written = 2, {}
learn("L1 alone", l1=100.0)
learn("GAN alone", gan=1.0)
both = learn("L1 and GAN", l1=100.0, gan=1.0)


# %% tags=["cover"]
def compare(*names):
    kept = np.flatnonzero(np.isin(np.flatnonzero(secret), some))
    rows = {"print": drawn["print"][secret]} | {name: written[name] for name in names}
    rows["the true hand"] = drawn["pen"][secret]
    pictures = [row[number] for row in rows.values() for number in kept]
    labs.show.grid(pictures, [name for name in rows for _ in kept], columns=len(kept))


compare(*written)
table()

# %% [markdown] lang="en"
# **L1 alone** gives mist: where a stroke may lie here or there, the grey with the least error is the median. **The GAN alone** writes as black and white as a hand, but other strokes: it is
# read as little. **Both** stand in between, as in the paper's figure. Two epochs are few: the paper's networks learn for hours on a GPU. And look at the second judge: it takes two of three mists for the pen.
#
# ## 4. A reader that teaches
#
# Pixels do not know what matters: half a stroke of ㅌ moved by a pixel costs L1 more than the stroke left out costs the reader. So a **frozen reader** looks on, and its feature maps of the
# writing shall be those of the true hand: a *perceptual loss* (Johnson et al., 2016). The teacher is lab 04's *other* network (256 syllables); the judge must be one that was never asked in training.

# %% [markdown] lang="ko"
# **L1만** 쓰면 안개가 됩니다. 획이 여기 있을 수도 저기 있을 수도 있으면 오차가 가장 작은 밝기는 중앙값입니다. **GAN만** 쓰면 손글씨처럼 흑백이 뚜렷하지만 다른 획을 씁니다. 그래서 마찬가지로
# 읽히지 않습니다. **둘 다** 쓰면 논문의 그림처럼 그 사이에 놓입니다. 두 에포크는 적습니다. 논문의 신경망은 GPU로 몇 시간을 배웁니다. 둘째 심사위원도 보세요. 안개 셋 가운데 둘을 펜 글씨로 여깁니다.
#
# ## 4. 인식기가 가르친다면
#
# 픽셀은 무엇이 중요한지 모릅니다. ㅌ의 획을 한 픽셀 옮기는 것이 그 획을 빼먹는 것보다 L1에서는 더 큰 잘못입니다. 그래서 **고정한 인식기**에게 보여 주고, 쓴 글씨의 특징 맵이 진짜 손글씨의
# 것과 같아지게 합니다. *지각 손실*(Johnson 등, 2016)입니다. 교사는 실습 04의 *다른* 신경망(256자)입니다. 심사위원은 학습에 쓰지 않은 것이어야 합니다.

# %% tags=["network"]
teacher = keras.models.load_model("saved_models/hangul/model.keras", compile=False)
teacher.trainable = False
maps = [layer.output for layer in teacher.layers if isinstance(layer, layers.ReLU)]
looks = keras.Model(teacher.input, [maps[1], maps[3], maps[5]])


def perceptual(written, truth):
    pairs = zip(looks(written), looks(truth), strict=True)
    return sum(tf.reduce_mean(tf.abs(mine - true)) / tf.reduce_mean(true) for mine, true in pairs)


# %%
taught = learn("and a teacher", l1=10.0, gan=0.1, teach=perceptual)
compare("L1 and GAN", "and a teacher")
table()

# %% [markdown] lang="en"
# In the same two epochs more than four of five syllables are read that the forger has never seen, in place of one of ten, and the Fréchet distance falls to a sixth. L1 rises: it had liked the mist. It is not
# beautiful yet, but legible.
#
# ## 5. Four hands in one network
#
# `saved_models/writer` is this network with more to see: eleven print faces, moved and turned, and four hands. The hand is a **second input**, four numbers, from which every layer makes
# its gains and shifts. So a mixture of two hands is a vector between two vectors. OpenCV writes here; no Keras is needed.
#
# <!-- live: write writer -->

# %% [markdown] lang="ko"
# 같은 두 에포크인데 한 번도 본 적 없는 글자를 열에 하나 대신 다섯에 넷 넘게 읽을 수 있고, 프레셰 거리는 6분의 1이 됩니다. L1은 오히려 커집니다. L1은 안개를 좋아했던 것입니다. 아직 아름답지는
# 않지만 읽을 수 있습니다.
#
# ## 5. 신경망 하나에 글씨체 넷
#
# `saved_models/writer`는 이 신경망에게 더 많이 보여 준 것입니다. 인쇄체 열하나를 돌리고 옮겨 가며 보여 주었고, 글씨체는 넷입니다. 글씨체는 **두 번째 입력**인 수 네 개이고, 층마다 이 수로
# 배율과 이동값을 만듭니다. 그래서 두 벡터 사이의 벡터를 주면 섞인 글씨가 나옵니다. 여기서는 Keras 없이 OpenCV가 씁니다.
#
# <!-- live: write writer -->

# %%
network = cv2.dnn.readNetFromONNX("saved_models/writer/model.onnx")


def write(glyph, hand):
    network.setInput(glyph[None].astype("float32"), "input")
    network.setInput(np.float32(hand).reshape(1, 1, 1, -1), "hand")
    return np.rint(network.forward("picture")[0]).astype("uint8")


# %%
vectors = dict(zip(("pen", "brush", "style", "story"), np.eye(4), strict=True))
shown = [write(drawn["serif"][number], vectors[hand]) for hand in vectors for number in some]
labs.show.grid(shown, [hand for hand in vectors for _ in some], columns=7)

# %%
parts = np.linspace(0, 1, 7)
mixed = [(1 - part) * vectors["pen"] + part * vectors["brush"] for part in parts]
shown = [write(drawn["print"][number], hand) for number in some[:2] for hand in mixed]
labs.show.grid(shown, [f"{part:.0%} brush" for part in parts] * 2, columns=7)

# %%
for hand in ("pen", "brush", "story"):
    by_hand = np.stack([write(glyph, vectors[hand]) for glyph in drawn["print"][secret]])
    scores[f"kept writer, {hand}"] = judge(by_hand, hand)
table()

# %% [markdown] lang="en"
# A reader that had no part in the training reads 98 % and more. Brush and story are taken for what they are; of the pen's syllables only two in three: the strokes are the pen's, the slant is often still the print's.
# It has learnt for five processor minutes only; `tools/train_writer.py` goes on from there. At its end that tool makes the last layer three times steeper about the level that gives each hand its ink, which turns mist to strokes.
#
# ## 6. The forger everywhere
#
# A generator is saved like any network: raw pixels in, a picture out. `labs.check` asks whether every runtime draws the same picture, to a level of 255.

# %% [markdown] lang="ko"
# 학습에 쓰지 않은 인식기가 98 % 넘게 읽습니다. 붓(brush)과 이야기책(story)은 그 글씨체로 인정받습니다. 펜(pen)은 셋 가운데 둘만 인정받습니다. 획은 펜의 획이지만 기울기가 아직 인쇄체에 가까울 때가 많습니다.
# 프로세서로 5분만 배웠기 때문입니다. `tools/train_writer.py`로 더 학습할 수 있습니다. 이 도구는 마지막에 글씨체마다 잉크의 양이 맞는 밝기를 찾아 마지막 층의 기울기를 세 배로 키웁니다. 그러면 안개가 획이 됩니다.
#
# ## 6. 어디서나 같은 위조꾼
#
# 생성기도 다른 신경망과 똑같이 저장합니다. 픽셀 그대로 들어가고 영상이 나옵니다. `labs.check`는 모든 실행 환경이 255단계에서 한 단계까지 같은 영상을 그리는지 확인합니다.

# %%
glyphs = drawn["print"][secret]
labs.export(taught.forger, "saved_models/print_to_pen", x=glyphs, kind="picture", source="lab 15b")
runtimes = ["keras", "saved_model", "opencv_pb", "opencv_onnx", "onnxruntime", "tfjs_wasm"]
print(labs.check("saved_models/print_to_pen", runtimes))

# %% [markdown] lang="en"
# ## Exercises
#
# **1. How large is a patch?** The examiner has three convolutions of 4x4 with stride 2 and one of 3x3 with stride 1. How many pixels of the picture does one of its scores see, in each direction? Go from the last layer to the first.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 조각의 크기.** 감정사에는 스트라이드 2인 4x4 합성곱이 셋, 스트라이드 1인 3x3 합성곱이 하나 있습니다. 점수 하나는 가로세로로 영상의 픽셀을 몇 개씩 볼까요? 마지막 층에서 첫 층으로 거슬러 올라가세요.

# %% tags=["exercise"]
seen = 1
for size, strides in ((3, 1), (4, 2), (4, 2), (4, 2)):  # the last layer first
    # solution
    seen = (seen - 1) * strides + size
    # end solution
print(f"{seen} pixels of 64")

# %% [markdown] lang="en"
# **2. Another print.** The forger of section 4 has seen one printed face. Judge what it writes from the serif face, and what the kept writer makes of the same print.

# %% [markdown] lang="ko"
# **2. 다른 인쇄체.** 4절의 위조꾼은 인쇄체를 하나만 보았습니다. 명조체(serif)를 넣었을 때 쓰는 글씨를 심사하고, 같은 인쇄체로 저장된 writer가 쓴 글씨와 비교하세요.

# %% tags=["exercise"]
# solution
from_serif = np.rint(taught.forger.predict(drawn["serif"][secret], verbose=0)["picture"])
by_writer = np.stack([write(glyph, vectors["pen"]) for glyph in drawn["serif"][secret]])
# end solution
for name, pictures in {"section 4": from_serif, "kept writer": by_writer}.items():
    print(f"{name:12} read {judge(pictures)[0]:.1%}, taken for the pen {judge(pictures)[1]:.1%}")

# %% [markdown] lang="en"
# **3. What L1 and MSE want.** A pixel is ink (255) in 40 % of the true answers to the same print and paper (0) in the rest. Which grey has the smallest mean absolute error, which the smallest mean squared error?

# %% [markdown] lang="ko"
# **3. L1과 MSE가 바라는 값.** 같은 인쇄체의 정답 가운데 40 %에서는 어떤 픽셀이 잉크(255)이고 나머지에서는 종이(0)입니다. 절대 오차의 평균이 가장 작은 밝기와 제곱 오차의 평균이 가장 작은 밝기는 얼마일까요?

# %% tags=["exercise"]
answers = np.array([255] * 4 + [0] * 6)
greys = np.arange(256)
# solution
absolute = greys[np.abs(greys[:, None] - answers).mean(1).argmin()]
squared = greys[((greys[:, None] - answers) ** 2).mean(1).argmin()]
# end solution
print(f"L1: {absolute}, MSE: {squared}")

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | A grey or black picture that stays so | A lower learning rate; is the last layer's bias far below 0? |
# | Read well, but it is print | More weight for L1 to the true hand; look at the second judge |
# | Strokes with a pattern of dots | Less weight for the examiner, or a transposed kernel that its stride divides |
# | The examiner's loss goes to 0 | It has won: a lower rate for it, or begin with L1 alone |
# | Good on learnt syllables only | More print faces, pictures moved and turned; hold out and judge |
#
# ## What to remember
#
# - Pix2pix is regression with a critic: L1 says *where*, the examiner says *like this*.
# - A judge that trained the forger is no judge; and one judge alone is easily fooled: a copy is read best.
# - A frozen network's features are a loss that knows what matters.
# - A condition is just an input: four numbers choose the hand, and what lies between them is a hand too.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 회색이나 검은 영상에서 나아지지 않는다 | 학습률을 낮춥니다. 마지막 층의 편향이 0보다 충분히 작은지 봅니다 |
# | 잘 읽히지만 인쇄체 그대로다 | 진짜 손글씨와의 L1에 무게를 더 둡니다. 둘째 심사위원을 보세요 |
# | 획에 점무늬가 생긴다 | 감정사의 무게를 줄이거나, 전치 합성곱의 커널을 스트라이드로 나누어떨어지게 합니다 |
# | 감정사의 손실이 0으로 간다 | 감정사가 이긴 것입니다. 감정사의 학습률을 낮추거나 L1만으로 시작합니다 |
# | 배운 글자만 잘 쓴다 | 인쇄체를 늘리고 영상을 돌리고 옮깁니다. 떼어 둔 글자로 심사하세요 |
#
# ## 정리
#
# - pix2pix는 비평가가 있는 회귀입니다. L1은 *어디에*를, 감정사는 *이렇게*를 말합니다.
# - 위조꾼을 가르친 신경망은 심사위원이 될 수 없습니다. 심사위원 하나만으로는 쉽게 속습니다. 복사본이 가장 잘 읽힙니다.
# - 고정한 신경망의 특징은 무엇이 중요한지 아는 손실입니다.
# - 조건은 입력일 뿐입니다. 수 네 개가 글씨체를 고르고, 그 사이에 있는 것도 글씨체입니다.
