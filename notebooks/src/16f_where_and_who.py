# ---
# title:
#   en: "Seeing sounds 2: where it comes from, who speaks"
#   ko: "보이는 소리 2: 어디서 나는지, 누가 말하는지"
# minutes: 4
# data:
#   en: Free Spoken Digit Dataset and MNIST (quick, the bundled samples)
#   ko: Free Spoken Digit Dataset과 MNIST (quick은 함께 들어 있는 표본)
# accuracy:
#   en: the place of a sound among three 91 % (200 scenes with labels), 72 % (no label), 97 % (both); separation +7.0 dB SI-SDR
#   ko: 셋 가운데 소리 나는 곳 91 %(레이블 있는 장면 200개), 72 %(레이블 없음), 97 %(둘 다). 분리 SI-SDR +7.0 dB
# seed: 18
# ---

# %% [markdown] lang="en"
# Lab 16e found the picture that belongs to a sound. In this notebook we
#
# - **see where a sound comes from** in a scene: with labels, without any, and with both;
# - **separate two people** who speak at the same time, by a mask over the spectrogram;
# - let a picture be **read out**, by joining recordings.

# %% [markdown] lang="ko"
# 실습 16e에서는 소리에 맞는 영상을 찾았습니다. 이 노트북에서는
#
# - 장면에서 **소리가 나는 곳을 찾습니다**. 레이블로, 레이블 없이, 둘을 함께 써서 해 봅니다.
# - 동시에 말하는 **두 사람의 소리를** 스펙트로그램의 마스크로 **나눕니다**.
# - 녹음을 이어 붙여 영상을 **소리 내어 읽습니다**.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
import tensorflow as tf
from IPython.display import Audio
from keras import layers, ops

import labs

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(18)
random = np.random.default_rng(18)

# %%
pictures = labs.load("mnist", labs.profile.size)
sounds = labs.load("spoken_digits", labs.profile.size)
pictures, sounds

# %% [markdown] lang="en"
# ## 1. Eyes and ears
#
# The eyes: a small network that learns to read digits. It is **fully convolutional**: its 64 features see a window of 28 pixels, and of a larger picture they come as a map, a place every 4 pixels.

# %% [markdown] lang="ko"
# ## 1. 눈과 귀
#
# 눈은 숫자를 읽도록 학습하는 작은 신경망입니다. **완전 합성곱** 신경망이어서, 특징 64개가 28픽셀 창을 봅니다. 더 큰 영상을 주면 특징이 4픽셀마다 하나씩, 맵으로 나옵니다.

# %%
stack = [layers.Rescaling(1 / 255), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()]
stack += [layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D()]
eyes = keras.Sequential([keras.Input((None, None, 1)), *stack, layers.Conv2D(64, 5, activation="relu")])
digit = keras.Input((28, 28, 1))
reader = keras.Model(digit, layers.Dense(10, "softmax")(layers.Dropout(0.3)(layers.Flatten()(eyes(digit)))))

# %%
reader.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
reader.fit(pictures.x_train[:20_000], pictures.y_train[:20_000], batch_size=64, epochs=2, verbose=0)
reader.evaluate(pictures.x_test, pictures.y_test, verbose=0)[1]

# %% [markdown] lang="en"
# The ears: the kept network of lab 16c, straight from its ONNX file. Its ten logarithms of probabilities are the sound's description.

# %% [markdown] lang="ko"
# 귀는 함께 들어 있는 실습 16c의 신경망을 ONNX 파일에서 바로 씁니다. 확률 열 개의 로그가 소리를 나타냅니다.

# %%
ears = onnxruntime.InferenceSession("saved_models/spoken/model.onnx")


def listen(waves):
    heard = ears.run(None, {"input": waves[:, None, :, None].astype("float32")})[0]
    return np.log(heard + 1e-4).astype("float32")


heard_train, heard_test = listen(sounds.x_train), listen(sounds.x_test)

# %% [markdown] lang="en"
# ## 2. Scenes
#
# Three digits in 96×96 pixels, and a recording of one of them, the first.

# %% [markdown] lang="ko"
# ## 2. 장면
#
# 96×96픽셀에 숫자 셋이 있고, 그 가운데 하나(첫째 숫자)를 말한 녹음이 있습니다.


# %%
def scenes(count, x, y):
    """Scenes, the three digits of each, and their top left corners (row, column) in pixels."""
    canvas, named = np.zeros((count, 96, 96, 1), np.uint8), np.zeros((count, 3), int)
    corners = random.integers(0, 5, (count, 3, 2))
    of_digit = [x[y == digit] for digit in range(10)]
    for n in range(count):
        named[n] = random.choice(10, 3, replace=False)
        corners[n] += 32 * np.stack(np.divmod(random.choice(9, 3, replace=False), 3), axis=1)
        for digit, (row, column) in zip(named[n], corners[n], strict=True):
            canvas[n, row : row + 28, column : column + 28] = random.choice(of_digit[digit])
    return canvas, named, corners


# %%
count = labs.profile.choose(full=3000, quick=200)
train_scenes, train_named, train_corners = scenes(count, pictures.x_train, pictures.y_train)
test_scenes, test_named, test_corners = scenes(500, pictures.x_test, pictures.y_test)
labs.show.grid(test_scenes[:6], [f'hears "{d}"' for d in test_named[:6, 0]], columns=6, source="MNIST")


# %%
def said(named, heard, y):
    return heard[[random.choice(np.flatnonzero(y == digit)) for digit in named[:, 0]]]


said_train = said(train_named, heard_train, sounds.y_train)
said_test = said(test_named, heard_test, sounds.y_test)

# %%
train_maps = eyes.predict(train_scenes, batch_size=64, verbose=0).reshape(count, 18 * 18, 64)
test_maps = eyes.predict(test_scenes, batch_size=64, verbose=0).reshape(500, 18 * 18, 64)
places = np.rint(train_corners[:, 0] / 4).astype(int) @ [18, 1]  # where in the map the spoken digit is

# %% [markdown] lang="en"
# ## 3. Where does the sound come from?
#
# The attention of **Senocak et al.** (2018): each place of the map has a vector $v_i$, the sound a vector $h$, all of length 1. $\alpha = \mathrm{softmax}(10\, v_i \cdot h)$ says where to look, and $z = \sum_i \alpha_i v_i$ is what is seen there, the **attended features**. How well they fit the sound is $z \cdot h$.

# %% [markdown] lang="ko"
# ## 3. 소리는 어디서 날까?
#
# **Senocak et al.**(2018)의 어텐션을 씁니다. 맵의 자리마다 벡터 $v_i$가 있고 소리에는 벡터 $h$가 있으며, 길이는 모두 1입니다. $\alpha = \mathrm{softmax}(10\, v_i \cdot h)$는 어디를 볼지 말하고, $z = \sum_i \alpha_i v_i$는 거기서 보이는 것, 곧 **어텐션이 모은 특징**입니다. 그것이 소리에 얼마나 맞는지는 $z \cdot h$입니다.


# %%
def localiser():
    look, hear = keras.Input((324, 64)), keras.Input((10,))
    v = layers.Dense(64, activation="relu")(layers.BatchNormalization()(look))
    v = layers.UnitNormalization()(layers.Dense(32)(v))
    h = layers.UnitNormalization()(layers.Dense(32)(layers.BatchNormalization()(hear)))
    return keras.Model([look, hear], [v, h])


# %% [markdown] lang="en"
# Three ways to learn it:
#
# - **supervised**: we say where it is, the cross-entropy of $\alpha$; but only for 200 scenes;
# - **unsupervised**: $z$ must fit this scene's sound better than the 63 other sounds of the batch, and the sound this scene better than the other scenes (lab 16e's contrastive loss); nobody says where anything is, only that the two go together;
# - **both**: the sum.

# %% [markdown] lang="ko"
# 배우는 방법은 셋입니다.
#
# - **지도 학습**: 어디 있는지 알려 줍니다. 손실은 $\alpha$의 교차 엔트로피입니다. 다만 장면 200개뿐입니다.
# - **비지도 학습**: $z$가 배치의 다른 소리 63개보다 이 장면의 소리에 더 맞아야 하고, 소리도 다른 장면보다 이 장면에 더 맞아야 합니다(실습 16e의 대조 손실). 무엇이 어디 있는지는 아무도 알려 주지 않고, 둘이 짝이라는 것만 압니다.
# - **둘 다**: 두 손실을 더합니다.


# %%
cross_entropy = keras.losses.sparse_categorical_crossentropy


def paired(v, h):
    every = 10 * tf.einsum("spd,td->stp", v, h)  # each place of each scene with each sound
    fit = ops.sum(ops.softmax(every) * every, axis=2)  # 10 z·h
    own = ops.arange(len(fit))
    return ops.mean(cross_entropy(own, fit, True) + cross_entropy(own, ops.transpose(fit), True))


# %%
def learn(labelled, unlabelled):
    steps, model = labs.profile.choose(full=800, quick=20), localiser()
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps))

    @tf.function
    def step(look, hear, place):
        with tf.GradientTape() as tape:
            v, h = model([look, hear], training=True)
            loss = unlabelled * paired(v, h) if unlabelled else 0.0
            if labelled:
                loss += ops.mean(cross_entropy(place[:16], 10 * tf.einsum("spd,sd->sp", v, h)[:16], True))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    for _ in range(steps):
        rows = random.integers(0, count if unlabelled else labelled, 64)
        rows[:16] %= labelled or count  # the first sixteen are of the labelled scenes
        step(train_maps[rows], said_train[rows], places[rows])
    return model


# %%
models = {"supervised, 200 scenes": learn(200, 0), "unsupervised": learn(0, 1), "both": learn(200, 1)}

# %% [markdown] lang="en"
# The peak of the attention counts as right when it lies within half a digit of the one that is spoken, and no other is nearer.

# %% [markdown] lang="ko"
# 어텐션의 봉우리가 말한 숫자에서 반 글자 안에 있고 다른 숫자보다 가까우면 맞힌 것으로 셉니다.

# %%
attention = {}
for name, model in models.items():
    v, h = model.predict([test_maps, said_test], batch_size=128, verbose=0)
    attention[name] = 10 * np.einsum("spd,sd->sp", v, h)
    peak = 4 * np.stack(np.divmod(attention[name].argmax(axis=1), 18), axis=1)
    apart = np.linalg.norm(test_corners - peak[:, None], axis=2)
    right = (apart.argmin(axis=1) == 0) & (apart[:, 0] < 14)
    print(f"{name}: on the right digit in {right.mean():.1%}")

# %% tags=["cover"]
figure, axes = plt.subplots(3, 6, figsize=(11, 5.8), layout="constrained")
for row, (name, likeness) in zip(axes, attention.items(), strict=True):
    row[0].set_ylabel(name)
    for n, axis in enumerate(row):
        weight = np.exp(likeness[n] - likeness[n].max()).reshape(18, 18)
        red = np.pad(255 * np.kron(weight, np.ones((4, 4))), 12)  # a place of the map is 4 pixels wide
        scene = test_scenes[n, ..., 0]
        axis.imshow(np.stack([np.maximum(scene, red), scene, scene], axis=2).astype("uint8"))
        axis.set(xticks=[], yticks=[], title=f'hears "{test_named[n, 0]}"')

# %% [markdown] lang="en"
# With no label at all 72 %, where chance is a third; 200 labelled scenes 91 %; both together 97 %. That is the order which Senocak et al. found as well: the pairs cost nothing, and a few labels tell them what is meant. What goes wrong without labels? A window beside a digit, or one that holds its edge, goes together with the sound as well as its middle does.
#
# ## 4. Two people at once
#
# Jackson and Nicolas speak at the same time. Where a spectrogram is loud because of one, the other is mostly quiet. So a network gets the mixture and answers with a **mask**, from 0 to 1, for Jackson's share; the masked spectrogram, with the mixture's phase, becomes a waveform again.
# Mixtures are made by adding, so the truth is known: *mix and separate*.

# %% [markdown] lang="ko"
# 레이블이 전혀 없어도 72 %입니다(우연은 3분의 1). 레이블 있는 장면 200개로는 91 %, 둘을 함께 쓰면 97 %입니다. Senocak et al.이 얻은 순서와 같습니다. 짝은 공짜이고, 레이블 몇 개가 무엇을 찾아야 하는지 알려 줍니다. 레이블이 없으면 무엇이 잘못될까요? 숫자의 옆이나 가장자리를 담은 창도 한가운데 못지않게 그 소리와 함께 나오기 때문입니다.
#
# ## 4. 동시에 말하는 두 사람
#
# Jackson과 Nicolas가 동시에 말합니다. 스펙트로그램에서 한 사람의 소리가 큰 곳은 대개 다른 사람의 소리가 작습니다. 그래서 신경망은 섞인 소리를 받아 Jackson의 몫을 0에서 1 사이의 **마스크**로 답합니다. 마스크를 곱한 스펙트로그램은 섞인 소리의 위상과 함께 다시 파형이 됩니다.
# 섞인 소리는 더해서 만든 것이므로 정답을 압니다. *섞고 나누기*입니다.


# %%
def voices_of(name, x, speakers, count):
    """Recordings of a speaker, 0.6 seconds, a little earlier or later, all of one loudness."""
    own = x[speakers == sounds.speakers.index(name)][:, 1600:6400].astype("float32")
    waves = np.stack([np.roll(wave, random.integers(-400, 400)) for wave in random.choice(own, count)])
    return waves / np.sqrt((waves**2).mean(axis=1, keepdims=True) + 1) / 20


def stft(waves):
    return tf.signal.stft(waves, 256, 64, 256).numpy()


# %%
def together(x, speakers, count):
    jackson, nicolas = (voices_of(name, x, speakers, count) for name in ("jackson", "nicolas"))
    return jackson, jackson + nicolas


jackson, mixture = together(sounds.x_test, sounds.speakers_test, 200)
Audio(mixture[0], rate=8000)

# %% [markdown] lang="en"
# The network is convolutional over time, all frequencies of a moment as channels. **Dilation** lets it look further each time. What it should not do is copy: the loss is the distance from that part of Jackson's spectrogram that is in phase with the mixture.

# %% [markdown] lang="ko"
# 신경망은 시간 방향으로 합성곱을 하며, 한 순간의 모든 주파수가 채널입니다. **팽창**(dilation) 덕분에 층마다 더 멀리 봅니다. 손실은 Jackson의 스펙트로그램 가운데 섞인 소리와 위상이 같은 부분과의 거리입니다.

# %%
spectrum = keras.Input((72, 129))
x = layers.Dense(128)(spectrum)
for rate in (1, 1, 2, 4):
    y = layers.Conv1D(128, 3, padding="same", dilation_rate=rate, use_bias=False)(x)
    x = layers.Add()([x, layers.ReLU()(layers.BatchNormalization(momentum=0.9)(y))])
splitter = keras.Model(spectrum, layers.Dense(129, activation="sigmoid")(x))


# %%
def distance(loud_and_share, mask):
    return ops.mean(ops.abs(loud_and_share[..., :129] * mask - loud_and_share[..., 129:]))


epochs, many = labs.profile.choose(full=(14, 1536), quick=(1, 64))
falling = keras.optimizers.schedules.CosineDecay(3e-3, epochs * many // 32)
splitter.compile(keras.optimizers.Adam(falling), distance)

# %%
for _ in range(epochs):
    target, mixed = (stft(w) for w in together(sounds.x_train, sounds.speakers_train, many))
    loud = np.abs(mixed)
    share = np.clip((target * mixed.conj()).real / (loud + 1e-6), 0, loud)
    splitter.fit(np.log(loud + 1e-2), np.concatenate([loud, share], axis=2), batch_size=32, verbose=0)

# %% [markdown] lang="en"
# The measure is **SI-SDR** in decibels (Le Roux et al., 2019): how much stronger is the part of the answer that is the true voice, at whatever loudness, than the rest?

# %% [markdown] lang="ko"
# 척도는 데시벨로 나타낸 **SI-SDR**(Le Roux et al., 2019)입니다. 답에서 진짜 목소리인 부분이(크기는 상관없이) 나머지보다 얼마나 더 강한가를 잽니다.


# %%
def si_sdr(answer, truth):
    scale = (answer * truth).sum(axis=1, keepdims=True) / (truth**2).sum(axis=1, keepdims=True)
    rest = answer - scale * truth
    return 10 * np.log10(((scale * truth) ** 2).sum(axis=1) / (rest**2).sum(axis=1))


def separated(mask, mixed):
    return tf.signal.inverse_stft(mixed * mask, 256, 64, 256, tf.signal.inverse_stft_window_fn(64)).numpy()


# %%
target, mixed = stft(jackson), stft(mixture)
best = np.clip((target * mixed.conj()).real / (np.abs(mixed) ** 2 + 1e-9), 0, 1)
masks = {"network": splitter.predict(np.log(np.abs(mixed) + 1e-2), verbose=0), "best mask there is": best}
before = si_sdr(mixture, jackson)
for name, mask in masks.items():
    answer = separated(mask, mixed)
    gain = si_sdr(answer, jackson[:, : answer.shape[1]]) - before
    print(f"{name}: SI-SDR {gain.mean():+.1f} dB, median {np.median(gain):+.1f}")

# %%
Audio(separated(masks["network"], mixed)[0], rate=8000)

# %%
names = ["mixture · 섞인 소리", "mask · 마스크", "answer · 답", "Jackson · 정답"]
shown = [np.log(np.abs(s[0]) + 1e-2) for s in (mixed, mixed * masks["network"], target)]
shown.insert(1, masks["network"][0])
figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), layout="constrained")
for axis, name, picture in zip(axes, names, shown, strict=True):
    axis.imshow(picture.T, origin="lower", aspect="auto", cmap="magma")
    axis.set_title(name)

# %% [markdown] lang="en"
# 7 dB: what is left of Nicolas has a fifth of its energy. The best mask with the mixture's phase would reach 10.7 dB. These are voices that the network knows, saying what it has not heard.
#
# ## 5. A picture, read out
#
# And back, from pictures to speech: read each digit, take a recording of it, all of one voice, and put them one after another. That is **concatenative synthesis**, the way announcements in stations were made.
# **Tacotron 2** (Shen et al., 2018) learns all of it: from letters to mel spectrograms by attention, from these to the waveform by a second network.

# %% [markdown] lang="ko"
# 7 dB입니다. 남은 Nicolas의 소리는 에너지가 5분의 1입니다. 섞인 소리의 위상을 쓰는 한 가장 좋은 마스크로도 10.7 dB입니다. 목소리는 신경망이 아는 것이지만 녹음은 들어 본 적이 없는 것입니다.
#
# ## 5. 소리 내어 읽는 영상
#
# 거꾸로 영상에서 말로도 갑니다. 숫자를 하나씩 읽고, 한 사람의 녹음에서 그 숫자를 골라 이어 붙입니다. 역의 안내 방송을 만들던 **연결 합성**입니다.
# **Tacotron 2**(Shen et al., 2018)는 이 모두를 학습합니다. 어텐션으로 글자에서 멜 스펙트로그램을, 또 다른 신경망으로 거기서 파형을 만듭니다.

# %%
number = pictures.x_test[:4]
read = reader.predict(number, verbose=0).argmax(axis=1)
labs.show.grid(number, [str(digit) for digit in read], columns=4, source="MNIST")

# %%
voice = sounds.speakers_test == sounds.speakers.index("jackson")
units = [sounds.x_test[voice & (sounds.y_test == digit)][0] for digit in read]
speech = np.concatenate([np.pad(np.trim_zeros(unit), (0, 800)) for unit in units])
Audio(speech, rate=8000)

# %% [markdown] lang="en"
# ## Exercise
#
# One who points at one of the three digits without listening: how often is that right?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# 듣지 않고 숫자 셋 가운데 하나를 가리키는 사람은 얼마나 맞힐까요?

# %% tags=["exercise"]
# solution
by_chance = 1 / 3
# end solution
print(f"{by_chance:.0%}")

# %% [markdown] lang="en"
# ## Recap
#
# - Attention is a dot product of a sound with each place of a map. That the two go together is enough of a lesson.
# - Voices that are mixed hardly overlap in the spectrogram: a mask takes them apart. Mixing makes the truth for free.
# - The simplest way from picture to speech joins recordings.
#
# **When it goes wrong**
#
# | You see | Try |
# | --- | --- |
# | Attention on empty places | More steps; is the other sound really another scene's? |
# | Attention on the wrong digit | Look at what the ears say of that recording |
# | The separated voice sounds hollow | The phase is the mixture's: that limits every mask |
#
# **Further**: two other speakers; which pair is hardest? Three speakers? Give the splitter a *picture* of the digit whose voice it should keep (Zhao et al., "The Sound of Pixels", 2018).

# %% [markdown] lang="ko"
# ## 정리
#
# - 어텐션은 소리와 맵의 자리마다의 내적입니다. 둘이 짝이라는 사실만으로도 배울 수 있습니다.
# - 섞인 목소리는 스펙트로그램에서 거의 겹치지 않습니다. 그래서 마스크로 나눌 수 있습니다. 섞어서 만들면 정답은 저절로 생깁니다.
# - 영상에서 말로 가는 가장 쉬운 길은 녹음을 이어 붙이는 것입니다.
#
# **잘 안 될 때**
#
# | 증상 | 해 볼 것 |
# | --- | --- |
# | 어텐션이 빈 곳에 있다 | 더 오래 학습합니다. 다른 소리가 정말 다른 장면의 것인지 봅니다 |
# | 어텐션이 다른 숫자에 있다 | 귀가 그 녹음을 무엇이라고 들었는지 봅니다 |
# | 나눈 목소리가 울린다 | 위상은 섞인 소리의 것입니다. 어떤 마스크든 그 한계가 있습니다 |
#
# **더 해 보기**: 다른 두 사람으로 해 보십시오. 어느 짝이 가장 어렵습니까? 세 사람이라면? 남길 숫자의 *영상*을 신경망에 함께 주어 보십시오(Zhao et al., "The Sound of Pixels", 2018).
