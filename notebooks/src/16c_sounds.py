# ---
# title:
#   en: "Sounds: a spectrogram is a picture"
#   ko: "소리: 스펙트로그램도 영상이다"
# minutes: 4
# data:
#   en: Free Spoken Digit Dataset, 2,880 recordings of six speakers (quick, 240 of them, bundled)
#   ko: Free Spoken Digit Dataset, 여섯 사람의 녹음 2,880개 (quick은 함께 들어 있는 240개)
# accuracy:
#   en: known speakers 100 %; a speaker never heard 95 %, in noise 89 % (without augmentation 96 and 73 %)
#   ko: 아는 사람 100 %, 처음 듣는 사람 95 %, 잡음 속에서 89 % (증대 없이 96 %와 73 %)
# seed: 16
# ---

# %% [markdown] lang="en"
# A microphone counts air pressure, 8,000 times a second. What has that to do with vision? A sound can be turned into a picture, and then everything that this course has taught holds. In this notebook we
#
# - write out the **Fourier transform**, the **spectrogram**, the **mel** scale and **MFCC**, each in a few lines, and get TensorFlow's numbers;
# - train a convolutional network on spectrograms of spoken digits, and ask the question that counts: does it understand a person it has **never heard**?
# - see what **augmentation** buys, and what it does not;
# - put the spectrogram *inside* the network, as a convolution, so that every runtime takes the waveform.
#
# <!-- live: listen spoken -->

# %% [markdown] lang="ko"
# 마이크는 공기의 압력을 1초에 8,000번 잽니다. 이것이 컴퓨터 비전과 무슨 상관일까요? 소리를 영상으로 바꾸면 이 과정에서 배운 것이 모두 통합니다. 이 노트북에서는
#
# - **푸리에 변환**, **스펙트로그램**, **멜** 척도, **MFCC**를 각각 몇 줄로 써서 TensorFlow와 같은 값을 얻습니다.
# - 숫자를 말한 소리의 스펙트로그램으로 합성곱 신경망을 학습하고, **한 번도 들어 보지 못한** 사람의 말도 알아듣는지 묻습니다.
# - **데이터 증대**가 무엇을 낫게 하고 무엇은 그렇지 않은지 봅니다.
# - 스펙트로그램을 합성곱으로 바꾸어 신경망 *안에* 넣습니다. 그러면 어느 실행 환경에서나 파형을 그대로 받습니다.
#
# <!-- live: listen spoken -->

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Audio
from keras import layers, ops

import labs

tf.get_logger().setLevel("ERROR")
labs.show.use_korean_font()
keras.utils.set_random_seed(16)

# %% [markdown] lang="en"
# ## 1. Recordings
#
# Six people said "zero" to "nine" up to fifty times each: the [Free Spoken Digit Dataset](https://github.com/Jakobovski/free-spoken-digit-dataset) (Zohar Jackson and others, CC BY-SA 4.0).
# A recording is a row of 8,000 whole numbers, one second; where nobody speaks there are zeros.

# %% [markdown] lang="ko"
# ## 1. 녹음
#
# 여섯 사람이 "zero"부터 "nine"까지를 최대 쉰 번씩 말한 [Free Spoken Digit Dataset](https://github.com/Jakobovski/free-spoken-digit-dataset)(Zohar Jackson 외, CC BY-SA 4.0)을 씁니다.
# 녹음 하나는 정수 8,000개로 이루어진 1초 길이의 줄이고, 말이 없는 곳은 0입니다.

# %%
data = labs.load("spoken_digits", labs.profile.size)
rate = 8000
data

# %%
figure, axes = plt.subplots(1, 3, figsize=(11, 2.2), sharey=True, layout="constrained")
for axis, speaker in zip(axes, (0, 2, 4), strict=True):
    seven = data.x_test[(data.y_test == 7) & (data.speakers_test == speaker)][0]
    axis.plot(np.arange(8000) / rate, seven, linewidth=0.5)
    axis.set(title=f'"seven", {data.speakers[speaker]}', xlabel="seconds · 초")

# %%
sound = data.x_test[(data.y_test == 7) & (data.speakers_test == 0)][0]
Audio(np.trim_zeros(sound), rate=rate)

# %% [markdown] lang="en"
# The same word, three shapes: who compares samples one by one compares chance. What stays the same is *which tones* follow each other.
#
# ## 2. Fourier: which tones are in it?
#
# Take 25 ms, 200 samples. The **discrete Fourier transform** multiplies them with a cosine and a sine of each frequency and adds up: a tone that is there adds up, one that is not cancels out.
# Two matrix products:

# %% [markdown] lang="ko"
# 같은 낱말인데 모양이 세 가지입니다. 표본을 하나씩 비교해서는 알 수 없습니다. 변하지 않는 것은 *어떤 음이* 어떤 순서로 나오는가입니다.
#
# ## 2. 푸리에: 어떤 음이 들어 있을까?
#
# 25 ms, 곧 표본 200개를 떼어 냅니다. **이산 푸리에 변환**은 여기에 각 주파수의 코사인과 사인을 곱해 더합니다. 들어 있는 음은 쌓이고, 없는 음은 서로 지워집니다.
# 행렬 곱 두 번이면 됩니다.

# %%
frame = np.trim_zeros(sound)[1000:1200] / 32768
angle = 2 * np.pi * np.outer(np.arange(129), np.arange(200)) / 256  # frequency 8000 k / 256, time
spectrum = np.cos(angle) @ frame - 1j * (np.sin(angle) @ frame)
assert np.allclose(spectrum, np.fft.rfft(frame, 256))

# %% [markdown] lang="en"
# Cut out like this, a frame begins and ends with a jump, and a jump holds every frequency. So it is faded in and out: the **Hamming window**.

# %% [markdown] lang="ko"
# 이렇게 잘라 내면 양 끝이 뚝 끊기는데, 끊긴 자리에는 모든 주파수가 들어 있습니다. 그래서 양 끝을 서서히 줄입니다. 이것이 **해밍 창**입니다.

# %%
hamming = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(200) / 199)
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 2.6), layout="constrained")
left.plot(frame, label="frame · 프레임")
left.plot(frame * hamming, label="× Hamming")
frequency = np.arange(129) * rate / 256
for values, name in ((frame, "frame · 프레임"), (frame * hamming, "× Hamming")):
    right.semilogy(frequency, np.abs(np.fft.rfft(values, 256)), label=name)
left.set(xlabel="samples · 표본")
right.set(xlabel="Hz")
_ = left.legend(), right.legend()

# %% [markdown] lang="en"
# The ripple of small peaks is the voice: their distance is the pitch. The hills, near 250 and 1,700 Hz, are the mouth, and they tell the vowel. With the window the valleys become deeper: the jump had filled them.
#
# ## 3. A spectrogram: the short-time Fourier transform
#
# Now a frame every 10 ms, 98 in a second: the **STFT**. Its strength over time and frequency is the **spectrogram**, a picture.

# %% [markdown] lang="ko"
# 잔물결처럼 늘어선 작은 봉우리가 목소리이고, 그 간격이 음높이입니다. 250 Hz와 1,700 Hz 근처의 언덕은 입 모양이며 모음을 알려 줍니다. 창을 곱하면 골이 깊어집니다. 끊긴 자리가 골을 메우고 있었던 것입니다.
#
# ## 3. 스펙트로그램: 단시간 푸리에 변환
#
# 이제 10 ms마다 프레임을 하나씩, 1초에 98개를 떼어 냅니다. 이것이 **STFT**입니다. 시간과 주파수에 따른 그 세기가 **스펙트로그램**이고, 곧 영상입니다.

# %%
starts = np.arange(0, 8000 - 200 + 1, 80)
frames = (sound / 32768)[starts[:, None] + np.arange(200)] * hamming
stft = np.fft.rfft(frames, 256)
theirs = tf.signal.stft(
    tf.constant(sound / 32768), 200, 80, 256, window_fn=lambda n, dtype: tf.constant(hamming, dtype)
)
assert np.allclose(stft, theirs)
stft.shape

# %% [markdown] lang="en"
# The ear tells 200 Hz from 300, not 3,200 from 3,300. The **mel** scale is linear at first, then logarithmic: $m = 1127 \ln(1 + f / 700)$. Forty triangles, evenly spaced in mel, gather the 129 frequencies into 40 bands.
# And the ear hears ratios: hence the **logarithm**.

# %% [markdown] lang="ko"
# 귀는 200 Hz와 300 Hz는 구별해도 3,200 Hz와 3,300 Hz는 잘 구별하지 못합니다. **멜** 척도는 처음에는 선형이다가 점점 로그에 가까워집니다. $m = 1127 \ln(1 + f / 700)$. 멜 축에 고르게 놓은 삼각형 40개로 주파수 129개를 40개 대역으로 모읍니다.
# 귀는 비율을 듣기 때문에 **로그**를 씌웁니다.

# %%
mel = 1127 * np.log1p(frequency / 700)
edges = np.linspace(*1127 * np.log1p(np.array([60, 3900]) / 700), 42)
rising = (mel[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
falling = (edges[2:] - mel[:, None]) / (edges[2:] - edges[1:-1])
bands = np.maximum(0, np.minimum(rising, falling))
assert np.allclose(bands, tf.signal.linear_to_mel_weight_matrix(40, 129, rate, 60, 3900), atol=1e-4)
log_mel = np.log(np.abs(stft) ** 2 @ bands + 1e-6)

# %% [markdown] lang="en"
# **MFCC** go one step further: a cosine transform along the frequencies. Its first 13 numbers say how the hills lie and leave out the comb, that is, who speaks. For decades speech recognition began with them;
# a convolutional network prefers the picture, where neighbours are neighbours.

# %% [markdown] lang="ko"
# **MFCC**는 한 걸음 더 나아가 주파수 방향으로 코사인 변환을 합니다. 앞의 13개 수는 언덕이 어떻게 놓였는지를 말하고, 빗살, 곧 누가 말하는지는 버립니다. 음성 인식은 수십 년 동안 여기서 시작했습니다.
# 합성곱 신경망에는 이웃이 이웃으로 남아 있는 영상이 더 좋습니다.

# %%
cosine = np.cos(np.pi / 40 * np.outer(np.arange(40) + 0.5, np.arange(40)))
mfcc = (log_mel @ cosine) * np.sqrt(2 / 40)
assert np.allclose(mfcc, tf.signal.mfccs_from_log_mel_spectrograms(log_mel), atol=1e-4)

# %%
figure, axes = plt.subplots(1, 3, figsize=(11, 2.8), layout="constrained")
pictures = {"STFT, log": np.log(np.abs(stft) + 1e-3), "log-mel": log_mel, "MFCC": mfcc[:, 1:13]}
for axis, (name, values) in zip(axes, pictures.items(), strict=True):
    axis.imshow(values.T, origin="lower", aspect="auto", cmap="magma")
    axis.set(title=name, xlabel="frames of 10 ms · 프레임")

# %% [markdown] lang="en"
# ## 4. The spectrogram as a convolution
#
# Sliding a window, multiplying, adding up: that is a **convolution**, with 129 cosines and 129 sines as kernels and a stride of 80. The mel bands are a 1×1 convolution. So the whole way from the waveform
# is two convolutions that never learn. We write them as `Conv2D` of height 1, which every runtime knows.

# %% [markdown] lang="ko"
# ## 4. 합성곱으로 만드는 스펙트로그램
#
# 창을 밀면서 곱하고 더하는 것은 곧 **합성곱**입니다. 커널은 코사인 129개와 사인 129개이고, 보폭은 80입니다. 멜 대역은 1×1 합성곱입니다. 그래서 파형에서 시작하는 길 전체가
# 학습하지 않는 합성곱 두 개가 됩니다. 모든 실행 환경이 아는 높이 1의 `Conv2D`로 씁니다.

# %%
waveform = keras.Input((1, 8000, 1), name="input")
x = layers.Rescaling(1 / 32768)(waveform)
x = layers.Conv2D(258, (1, 200), strides=(1, 80), use_bias=False, trainable=False, name="stft")(x)
x = layers.Conv2D(40, 1, use_bias=False, trainable=False, name="mel")(ops.square(x))
listen = keras.Model(waveform, layers.Reshape((98, 40, 1))(ops.log(x + 1e-6)))

# %%
waves = hamming[:, None] * np.hstack([np.cos(angle.T), np.sin(angle.T)])
listen.get_layer("stft").set_weights([waves[None, :, None]])
listen.get_layer("mel").set_weights([np.vstack([bands, bands])[None, None]])
assert np.allclose(listen(sound[None, None, :, None].astype("float32"))[0, ..., 0], log_mel, atol=0.02)

# %% [markdown] lang="en"
# ## 5. A network that looks at spectrograms
#
# The network is one of lab 01's kind. First the mean is taken away: louder means only a larger constant after the logarithm. At the end the mean and the maximum over time: *when* the digit is said does not matter.

# %% [markdown] lang="ko"
# ## 5. 스펙트로그램을 보는 신경망
#
# 신경망은 실습 01과 같은 종류입니다. 먼저 평균을 뺍니다. 로그를 씌우고 나면 소리가 크다는 것은 상수가 크다는 뜻일 뿐이기 때문입니다. 마지막에는 시간에 대한 평균과 최댓값을 구합니다. *언제* 말했는지는 중요하지 않습니다.


# %%
def convolved(x, filters, size=3, strides=1, padding="same"):
    x = layers.Conv2D(filters, size, strides, padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def network():
    inputs = keras.Input((98, 40, 1))
    x = (inputs - ops.mean(inputs, axis=(1, 2), keepdims=True)) / 4
    x = layers.MaxPooling2D(2)(convolved(convolved(x, 16, strides=2), 32))
    x = convolved(layers.MaxPooling2D(2)(convolved(x, 64)), 64)
    x = convolved(x, 96, size=(1, 5), padding="valid")  # all frequencies of a moment
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(inputs, layers.Dense(10)(layers.Dropout(0.2)(x)))


# %% [markdown] lang="en"
# ## 6. A speaker it has never heard
#
# Split the recordings at random and every voice is in both parts: nearly any network is then nearly always right. The honest question: **leave one person out**. Here it is lucas.

# %% [markdown] lang="ko"
# ## 6. 들어 보지 못한 사람
#
# 녹음을 무작위로 나누면 모든 목소리가 양쪽에 다 들어 있어서, 어떤 신경망이든 거의 다 맞힙니다. 정직하게 물으려면 **한 사람을 통째로 빼 두어야** 합니다. 여기서는 lucas를 뺍니다.

# %%
lucas = data.speakers.index("lucas")
met, met_test = data.speakers_train != lucas, data.speakers_test != lucas
x_train, y_train = data.x_train[met], data.y_train[met]
stranger = labs.load("spoken_digits", labs.profile.size, unseen="lucas")


def spectrograms(sounds):
    parts = np.split(sounds, range(128, len(sounds), 128))
    return np.concatenate([listen(part[:, None, :, None].astype("float32")).numpy() for part in parts])


epochs = labs.profile.choose(full=12, quick=2)


def train(model, maps_of_epoch, batch=64):
    steps = len(x_train) // batch
    optimizer = labs.train.Turn(labs.train.UpThenDown(0.1, epochs * steps))  # lab 01
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(epochs):
        order = np.random.permutation(len(x_train))[: steps * batch]
        model.fit(maps_of_epoch(order), y_train[order], batch_size=batch, shuffle=False, verbose=0)
    return model


# %%
known = spectrograms(x_train)
plain = train(network(), lambda order: known[order])

# %% [markdown] lang="en"
# Not only who speaks changes, also the room. So lucas is heard three times: as he was recorded, in **noise** that is a third as strong as his voice (10 dB), and through **another microphone**, one that swallows the low tones.

# %% [markdown] lang="ko"
# 말하는 사람뿐 아니라 방도 바뀝니다. 그래서 lucas의 말을 세 가지로 듣습니다. 녹음된 그대로, 목소리의 3분의 1 세기인 **잡음** 속에서(10 dB), 그리고 낮은 음을 삼키는 **다른 마이크**로 듣습니다.

# %%
clean = stranger.x_test.astype("float32")
hiss = np.random.default_rng(1).standard_normal(clean.shape).astype("float32")
strength = np.sqrt((clean**2).sum(1) / (clean != 0).sum(1))[:, None]
thin = np.diff(clean, axis=1, prepend=0)
trials = {"known speakers": data.x_test[met_test], "lucas": clean}
trials |= {"in noise": clean + hiss * strength * 10**-0.5, "other microphone": thin}
truth = [data.y_test[met_test], *[stranger.y_test] * 3]


# %%
def judge(model):
    answers = [model.predict(spectrograms(x), verbose=0).argmax(axis=1) for x in trials.values()]
    return [np.mean(answer == digits) for answer, digits in zip(answers, truth, strict=True)]


# %%
figures = {"as recorded": judge(plain)}
print(*(f"{name}: {share:.1%}" for name, share in zip(trials, figures["as recorded"], strict=True)), sep="\n")

# %% [markdown] lang="en"
# A stranger in a quiet room is no trouble: 96 %. Noise is: every fourth digit is wrong. The network has never heard any.
#
# ## 7. Augmentation: the same word, said otherwise
#
# What differs between people? How fast they speak, how large their heads are (which stretches the frequencies), their microphone (which colours them), their room (which is noisy), when they begin.
# Each is a line of code. First the waveform:

# %% [markdown] lang="ko"
# 조용한 방의 낯선 사람은 어렵지 않습니다. 96 %입니다. 어려운 것은 잡음입니다. 숫자 넷 가운데 하나를 틀립니다. 신경망이 잡음을 들어 본 적이 없기 때문입니다.
#
# ## 7. 데이터 증대: 같은 낱말을 다르게 말하기
#
# 사람마다 무엇이 다를까요? 말하는 빠르기, 머리의 크기(주파수가 늘어나거나 줄어듭니다), 마이크(음색이 달라집니다), 방(잡음이 있습니다), 말을 시작하는 때가 다릅니다.
# 하나하나가 코드 한 줄입니다. 먼저 파형입니다.

# %%
random = np.random.default_rng(16)


def said_otherwise(sounds):
    out = np.zeros((len(sounds), 8000), np.float32)
    for sound, row in zip(sounds, out, strict=True):
        said = sound[slice(*np.flatnonzero(sound)[[0, -1]])]
        speed = np.exp(random.uniform(*np.log([0.8, 1.25])))
        said = np.interp(np.arange(0, len(said) - 1, speed), np.arange(len(said)), said)[:8000]
        start = random.integers(0, 8000 - len(said) + 1)
        row[start : start + len(said)] = said
    loud = 1600 * np.exp(random.uniform(-2.5, 1, (len(out), 1))).astype("float32")
    out *= loud / out.std(axis=1, keepdims=True)
    noise = loud * 10 ** (-random.uniform(10, 40, loud.shape) / 20)
    return np.clip(out + noise * random.standard_normal(out.shape, "float32"), -32768, 32767)


# %% [markdown] lang="en"
# Then the spectrogram: stretched and coloured along the frequencies, and, as **SpecAugment** (Park et al., 2019) has it, two strips of time and two of frequency blanked, so that the network does not hang on a single clue.

# %% [markdown] lang="ko"
# 다음은 스펙트로그램입니다. 주파수 방향으로 늘이고 음색을 바꿉니다. 그리고 **SpecAugment**(Park et al., 2019)처럼 시간 띠 두 개와 주파수 띠 두 개를 지워, 신경망이 한 가지 단서에만 매달리지 않게 합니다.


# %%
def masked(maps):
    for picture in maps[..., 0]:
        place = np.minimum(np.arange(40) * np.exp(random.uniform(-0.15, 0.15)), 39)
        low, part = place.astype(int), place % 1
        picture[:] = picture[:, low] * (1 - part) + picture[:, np.minimum(low + 1, 39)] * part
        picture += np.interp(np.arange(40), np.linspace(0, 39, 5), random.normal(0, 1, 5))
        for _ in range(2):
            width, high = random.integers(0, 7), random.integers(0, 10)
            start, first = random.integers(0, 40 - width), random.integers(0, 98 - high)
            picture[:, start : start + width] = picture[first : first + high] = picture.mean()
    return maps


many = masked(spectrograms(said_otherwise(np.stack([sound] * 8))))
labs.show.grid(np.flip(many, 2).swapaxes(1, 2), columns=4, title='"seven" · george', source=data.source)

# %% [markdown] lang="en"
# Every other recording of a batch is said otherwise, the rest stays as it is.

# %% [markdown] lang="ko"
# 배치에서 하나 걸러 하나씩 다르게 말하게 하고, 나머지는 그대로 둡니다.


# %%
def half_otherwise(order):
    maps = known[order]
    maps[::2] = masked(spectrograms(said_otherwise(x_train[order[::2]])))
    return maps


model = train(network(), half_otherwise)
figures["half said otherwise"] = judge(model)

# %%
figure, axis = plt.subplots(figsize=(8, 2.8), layout="constrained")
for shift, (name, shares) in zip((-0.2, 0.2), figures.items(), strict=True):
    axis.bar_label(axis.bar(np.arange(4) + shift, shares, 0.4, label=name), fmt="{:.1%}")
axis.set(xticks=range(4), xticklabels=list(trials), ylim=(0, 1.15))
axis.legend(loc="lower left")
answers = model.predict(spectrograms(stranger.x_test), verbose=0)
labs.show.confusion(stranger.y_test, answers.argmax(axis=1), data.labels, source=data.source)

# %% [markdown] lang="en"
# Noise now costs 5 points in place of 23, the other microphone 5 in place of 8; in quiet lucas loses one. So augmentation is no charm for everything: **it helps against what it imitates**. What is left is mostly one word, lucas's "zero", heard as "two".
#
# **One run and one speaker prove little.** `tools/train_spoken.py folds` leaves out each of the six in turn, *every* recording said otherwise, 14 epochs:
#
# | left out | george | jackson | lucas | nicolas | theo | yweweler | mean |
# |---|---|---|---|---|---|---|---|
# | right | 92 % | 94 % | 93 % | 78 % | 98 % | 93 % | **91 %** |
#
# Nicolas, who speaks English with a French accent, is understood worst: an accent is nothing that we imitated.

# %% [markdown] lang="ko"
# 잡음에 잃는 것은 23 %p에서 5 %p로, 다른 마이크에 잃는 것은 8 %p에서 5 %p로 줄었습니다. 조용한 방에서는 오히려 1 %p 나빠졌습니다. 데이터 증대는 만병통치약이 아니라 **흉내 낸 것에만 듣는 약**입니다. 남은 실수는 거의 한 낱말입니다. lucas의 "zero"를 "two"로 듣습니다.
#
# **한 번의 실행과 한 사람으로는 알 수 없습니다.** `tools/train_spoken.py folds`는 여섯 사람을 차례로 빼 둡니다. 녹음을 *모두* 다르게 말하게 하고 14 에포크 학습합니다.
#
# | 뺀 사람 | george | jackson | lucas | nicolas | theo | yweweler | 평균 |
# |---|---|---|---|---|---|---|---|
# | 맞힘 | 92 % | 94 % | 93 % | 78 % | 98 % | 93 % | **91 %** |
#
# 프랑스 억양으로 영어를 하는 nicolas의 말을 가장 못 알아듣습니다. 억양은 우리가 흉내 낸 적이 없기 때문입니다.

# %% [markdown] lang="en"
# ## 8. From the waveform, everywhere
#
# Front and network in one: what goes in is a recording, raw. `rate=8000` tells the card that this network *hears*.

# %% [markdown] lang="ko"
# ## 8. 파형에서 바로, 어디서나
#
# 앞단과 신경망을 하나로 잇습니다. 녹음을 그대로 넣습니다. `rate=8000`은 이 신경망이 *듣는다*는 것을 카드에 적습니다.

# %%
whole = keras.Model(waveform, layers.Softmax(name="output")(model(listen.output)))
golden = data.x_test[::18][:10, None, :, None]
measured = dict(zip(("known_speakers", "unseen_speaker"), figures["half said otherwise"], strict=False))
labs.export(whole, "saved_models/my_spoken", data.labels, golden, measured, data.source, rate=rate)
labs.check("saved_models/my_spoken")

# %%
labs.predict("saved_models/my_spoken", stranger.x_test[3], top=3), stranger.y_test[3]

# %% [markdown] lang="en"
# `labs.predict` takes a `.wav` file as well: any rate, one channel or two, 8 to 32 bits. `labs predict saved_models/spoken seven.wav` says what the kept network hears, which has learnt from all six. What cannot be one word is refused in a sentence:

# %% [markdown] lang="ko"
# `labs.predict`에는 `.wav` 파일을 주어도 됩니다. 표본화율은 얼마든 상관없고, 모노든 스테레오든, 8비트에서 32비트까지 모두 됩니다. `labs predict saved_models/spoken seven.wav`는 여섯 사람 모두에게서 배운, 함께 들어 있는 신경망이 들은 것을 말해 줍니다. 한 낱말일 수 없는 소리는 한 문장으로 거절합니다.

# %%
hum = np.sin(np.arange(8000)) / 2
for recording in (hum / 500, np.clip(6 * hum, -1, 1), np.tile(hum, 3)):
    try:
        labs.predict("saved_models/my_spoken", recording)
    except labs.LabsError as error:
        print(error)

# %% [markdown] lang="en"
# ## Exercise
#
# How many multiplications does the STFT convolution need for a second of sound? (98 places, 258 kernels, 200 samples each.) The fast Fourier transform needs about $98 \cdot 256 \cdot 8$. How many times fewer is that?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# STFT 합성곱은 소리 1초에 곱셈을 몇 번 할까요? (자리 98곳, 커널 258개, 표본 200개씩입니다.) 고속 푸리에 변환은 약 $98 \cdot 256 \cdot 8$번이면 됩니다. 몇 배나 적을까요?

# %% tags=["exercise"]
# solution
ratio = (98 * 258 * 200) / (98 * 256 * 8)
# end solution
print(f"{ratio:.0f} times")

# %% [markdown] lang="en"
# ## Recap
#
# - Cosines, a window, a stride: a spectrogram is a convolution of the waveform. Mel and logarithm fit it to the ear.
# - On spectrograms everything from vision works: convolutions, pooling, augmentation, confusion matrices.
# - An accuracy on known speakers says little about the next one. Split by **speaker**; augment by what will differ: voice, room, microphone.
#
# **When it goes wrong**
#
# | You see | Try |
# | --- | --- |
# | Your own recording is misheard | Say one digit, in English; cut silence and clicks; is the microphone clipped? |
# | Known speakers 99 %, the stranger 60 % | Is `masked` applied to a copy? Is the augmentation on in every epoch? |
# | `It takes sound, but not one input` | The network takes spectrograms; export it with the front, as in section 8 |
#
# **Further**: train without one of the five augmentations at a time. Which one matters most? Record yourself: are you a stranger?

# %% [markdown] lang="ko"
# ## 정리
#
# - 코사인과 창과 보폭, 곧 스펙트로그램은 파형의 합성곱입니다. 멜과 로그는 그것을 귀에 맞춥니다.
# - 스펙트로그램에는 비전에서 배운 것이 모두 통합니다. 합성곱, 풀링, 데이터 증대, 혼동 행렬이 그렇습니다.
# - 아는 사람에 대한 정확도는 다음 사람에 대해 거의 말해 주지 않습니다. **사람**에 따라 나누고, 목소리, 방, 마이크처럼 앞으로 달라질 것을 증대하십시오.
#
# **잘 안 될 때**
#
# | 증상 | 해 볼 것 |
# | --- | --- |
# | 내 녹음을 잘못 알아듣는다 | 영어로 숫자 하나만 말합니다. 앞뒤의 침묵과 잡음을 자릅니다. 소리가 너무 커서 깎이지 않았는지 봅니다 |
# | 아는 사람은 99 %인데 모르는 사람은 60 % | `masked`가 복사본에 적용되지 않았는지, 에포크마다 증대하는지 봅니다 |
# | `It takes sound, but not one input` | 스펙트로그램을 받는 신경망입니다. 8절처럼 앞단과 함께 내보냅니다 |
#
# **더 해 보기**: 다섯 가지 증대를 하나씩 빼고 학습해 보십시오. 무엇이 가장 중요합니까? 자신의 목소리를 녹음해 보십시오. 신경망에게 여러분은 낯선 사람입니까?
