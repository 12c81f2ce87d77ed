# ---
# title:
#   en: "Seeing sounds: pictures teach voices"
#   ko: "보이는 소리: 영상이 목소리를 가르친다"
# minutes: 3
# data:
#   en: Free Spoken Digit Dataset and MNIST (quick, the bundled samples)
#   ko: Free Spoken Digit Dataset과 MNIST (quick은 함께 들어 있는 표본)
# accuracy:
#   en: spoken digits 100 % right without a label; sound to picture recall@1 97 %, picture to sound 97 %; imagined pictures 100 % readable
#   ko: 레이블 없이 배운 말소리 100 %, 소리에서 영상으로 recall@1 97 %, 영상에서 소리로 97 %, 떠올린 영상 100 % 판독
# seed: 17
# ---

# %% [markdown] lang="en"
# A video shows and sounds at the same moment, and nobody has to write down what. In this notebook handwritten digits and spoken ones stand for such a video. We
#
# - let **pictures teach sounds**, without a label (SoundNet);
# - hear a digit and **find its picture**, and back;
# - turn a voice into a **picture** (the pattern of Speech2Face).

# %% [markdown] lang="ko"
# 동영상에서는 장면과 소리가 함께 나옵니다. 그것이 무엇인지 아무도 적어 줄 필요가 없습니다. 이 노트북에서는 손글씨 숫자와 말로 한 숫자로 그런 동영상을 흉내 냅니다.
#
# - 레이블 없이 **영상이 소리를 가르칩니다**(SoundNet).
# - 숫자를 듣고 **그 영상을 찾고**, 거꾸로도 찾습니다.
# - 목소리를 **영상**으로 바꿉니다(Speech2Face의 방식).

# %%
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(17)
random = np.random.default_rng(17)

# %%
pictures = labs.load("mnist", labs.profile.size)
sounds = labs.load("spoken_digits", labs.profile.size)
x_pictures, y_pictures = pictures.x_train[:20_000], pictures.y_train[:20_000]
pictures, sounds

# %% [markdown] lang="en"
# ## 1. A network of pictures
#
# First one that knows digits by sight; for photographs one would take a finished one. Its 64 features are what a picture *looks like*, its ten probabilities what it *is*.

# %% [markdown] lang="ko"
# ## 1. 영상 신경망
#
# 먼저 숫자를 볼 줄 아는 신경망을 만듭니다. 사진이라면 이미 학습된 것을 가져다 쓸 것입니다. 특징 64개는 영상이 *어떻게 보이는지*를, 확률 열 개는 *무엇인지*를 말합니다.

# %%
stack = [layers.Rescaling(1 / 255), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D()]
stack += [layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D()]
stack += [layers.Conv2D(64, 5, activation="relu"), layers.Flatten()]
see = keras.Sequential([keras.Input((28, 28, 1)), *stack])
teacher = keras.Sequential([see, layers.Dropout(0.3), layers.Dense(10, activation="softmax")])

# %%
teacher.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
teacher.fit(x_pictures, y_pictures, batch_size=64, epochs=2, verbose=0)
teacher.evaluate(pictures.x_test, pictures.y_test, verbose=0)[1]

# %% [markdown] lang="en"
# ## 2. SoundNet: pictures teach sounds
#
# **SoundNet** (Aytar, Vondrick and Torralba, 2016) heard two million videos without labels. A network of pictures looked at the frames; the network of sounds had to say the same of the sound, the **Kullback-Leibler divergence**
# being the loss. We do so: a recording plays while a picture of the same digit is shown, another one each time. The student never gets a label, only the teacher's probabilities.

# %% [markdown] lang="ko"
# ## 2. SoundNet: 영상이 소리를 가르친다
#
# **SoundNet**(Aytar, Vondrick and Torralba, 2016)은 레이블 없는 동영상 2백만 개를 들었습니다. 영상 신경망이 장면을 보고, 소리 신경망은 소리만 듣고 같은 답을 해야 했습니다. 손실은 **쿨백-라이블러 발산**입니다.
# 여기서도 그렇게 합니다. 녹음이 나오는 동안 같은 숫자의 영상을 보여 주되 매번 다른 영상을 씁니다. 학생은 레이블이 아니라 선생의 확률만 받습니다.


# %%
def pictures_of(digits):
    """A picture of each digit, drawn from all of that digit: what the video shows."""
    shown = np.zeros((len(digits), 28, 28, 1), np.uint8)
    for digit in range(10):
        shown[digits == digit] = random.choice(x_pictures[y_pictures == digit], (digits == digit).sum())
    return shown


# %% [markdown] lang="en"
# The student looks at log-mel spectrograms; lab 16c explains each line of the next two cells. `labs.sound` has its augmentations, speed, place, noise and SpecAugment.

# %% [markdown] lang="ko"
# 학생은 로그 멜 스펙트로그램을 봅니다. 다음 두 셀의 줄 하나하나는 실습 16c에서 설명합니다. 거기서 쓴 증대(빠르기, 위치, 잡음, SpecAugment)는 `labs.sound`에 있습니다.

# %%
bands = tf.signal.linear_to_mel_weight_matrix(40, 129, 8000, 60, 3900)


def spectrograms(waves):
    maps = []
    for part in np.split(waves, range(256, len(waves), 256)):
        frames = tf.signal.stft(tf.cast(part, "float32") / 32768, 200, 80, 256, tf.signal.hamming_window)
        maps.append(tf.math.log(tf.abs(frames) ** 2 @ bands + 1e-6)[..., None])
    return np.concatenate(maps)


test_maps = spectrograms(sounds.x_test)


# %%
def convolved(x, filters, size=3, strides=1, padding="same"):
    x = layers.Conv2D(filters, size, strides, padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


heard = keras.Input((98, 40, 1))
x = (heard - ops.mean(heard, axis=(1, 2), keepdims=True)) / 4
x = layers.MaxPooling2D(2)(convolved(convolved(x, 16, strides=2), 32))
x = convolved(layers.MaxPooling2D(2)(convolved(x, 64)), 64)
x = convolved(x, 96, size=(1, 5), padding="valid")
x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
hear = keras.Model(heard, x)
student = keras.Sequential([hear, layers.Dropout(0.2), layers.Dense(10, activation="softmax")])

# %%
epochs, steps = labs.profile.choose(full=10, quick=2), len(sounds.x_train) // 64
optimizer = labs.train.Turn(labs.train.UpThenDown(0.1, epochs * steps))
student.compile(optimizer, keras.losses.KLDivergence())

# %%
for _ in range(epochs):
    order = random.permutation(len(sounds.x_train))[: steps * 64]
    said = labs.sound.said_otherwise(sounds.x_train[order], random)
    maps = labs.sound.masked(spectrograms(said), random)
    taught = teacher.predict(pictures_of(sounds.y_train[order]), batch_size=256, verbose=0)
    student.fit(maps, taught, batch_size=64, shuffle=False, verbose=0)

# %%
answers = student.predict(test_maps, verbose=0).argmax(axis=1)
print(f"taught by pictures alone, {np.mean(answers == sounds.y_test):.1%} of the test recordings are right")

# %% [markdown] lang="en"
# Every one of 180 recordings, and no label was given: the pictures said it all, with a teacher that itself misreads 2.5 % of the test pictures. Its mistakes differ from picture to picture and average out. (The six voices are known; lab 16c asks about strangers.)
#
# ## 3. Hear a digit, find its picture
#
# Now both into **one space**: 32 numbers from the picture's features, 32 from the sound's, both vectors of length 1. CLIP's **contrastive loss** (Radford et al., 2021) asks in a batch of pairs: which picture belongs to this sound, which sound to this picture?
# Both networks stay as they are; only the last layers learn.

# %% [markdown] lang="ko"
# 레이블 하나 없이 녹음 180개를 모두 맞혔습니다. 영상이 모두 알려 준 것입니다. 선생 자신은 시험 영상의 2.5 %를 잘못 읽지만, 실수는 영상마다 달라서 평균을 내면 사라집니다. (여섯 사람의 목소리는 학습에 나온 것입니다. 낯선 사람에 대해서는 실습 16c에서 묻습니다.)
#
# ## 3. 숫자를 듣고 그 영상 찾기
#
# 이제 둘을 **한 공간**에 놓습니다. 영상의 특징에서 수 32개, 소리의 특징에서 32개를 얻고, 두 벡터의 길이를 1로 맞춥니다. CLIP의 **대조 손실**(Radford et al., 2021)은 짝들의 묶음에서 이 소리의 짝은 어느 영상인지, 이 영상의 짝은 어느 소리인지를 묻습니다.
# 두 신경망은 그대로 두고 마지막 층만 학습합니다.

# %%
rounds = labs.profile.choose(full=3, quick=1)
waves = [sounds.x_train, *(labs.sound.said_otherwise(sounds.x_train, random) for _ in range(rounds - 1))]
voices = np.concatenate([hear.predict(spectrograms(w), batch_size=256, verbose=0) for w in waves])
shown = see.predict(pictures_of(np.tile(sounds.y_train, rounds)), batch_size=256, verbose=0)


# %%
def tower():
    return keras.Sequential([layers.BatchNormalization(), layers.Dense(32), layers.UnitNormalization()])


picture_tower, sound_tower = tower(), tower()
pair = [keras.Input((64,)), keras.Input((192,))]
space = keras.Model(pair, layers.Concatenate()([picture_tower(pair[0]), sound_tower(pair[1])]))


# %%
def contrastive(pair_number, both):
    likeness = 10 * both[:, :32] @ ops.transpose(both[:, 32:])
    own = ops.arange(ops.shape(likeness)[0])
    loss = keras.losses.sparse_categorical_crossentropy
    return loss(own, likeness, True) + loss(own, ops.transpose(likeness), True)


space.compile(keras.optimizers.Adam(3e-3), contrastive)
epochs = labs.profile.choose(full=8, quick=3)
_ = space.fit([shown, voices], np.arange(len(shown)), batch_size=64, epochs=epochs, verbose=0)

# %% [markdown] lang="en"
# **Recall@k**: is a right one among the first k? Each test recording looks for pictures of its digit among 1,000 test pictures, and each of these for recordings.

# %% [markdown] lang="ko"
# **recall@k**: 앞의 k개 가운데 맞는 것이 있습니까? 시험 녹음마다 시험 영상 1,000장 가운데에서 그 숫자의 영상을 찾고, 영상마다 녹음을 찾습니다.

# %%
gallery, gallery_digits = pictures.x_test[:1000], pictures.y_test[:1000]
seen_at = picture_tower(see.predict(gallery, verbose=0)).numpy()
heard_at = sound_tower(hear.predict(test_maps, verbose=0)).numpy()
likeness = heard_at @ seen_at.T


# %%
def recall(likeness, asked, answers, k):
    return (answers[np.argsort(-likeness, axis=1)[:, :k]] == asked[:, None]).any(axis=1).mean()


found = [recall(likeness, sounds.y_test, gallery_digits, k) for k in (1, 5)]
back = [recall(likeness.T, gallery_digits, sounds.y_test, k) for k in (1, 5)]
print("sound -> picture, recall@1 {:.1%}, recall@5 {:.1%}".format(*found))
print("picture -> sound, recall@1 {:.1%}, recall@5 {:.1%}".format(*back))

# %% tags=["cover"]
first = np.array([np.flatnonzero(sounds.y_test == digit)[0] for digit in range(10)])
best = np.argsort(-likeness[first[[3, 7, 9]]], axis=1)[:, :8]
titles = [f'hears "{digit}"' if n == 0 else "" for digit in (3, 7, 9) for n in range(8)]
labs.show.grid(gallery[best.ravel()], titles, columns=8, source="MNIST; Free Spoken Digit Dataset")

# %% [markdown] lang="en"
# ## 4. A picture from a voice
#
# **Speech2Face** (Oh et al., 2019) imagines a face from a voice. Not pixel by pixel: a **decoder** learns from pictures alone to draw a picture from the *features* of a picture network; then the voice learns to give these features. The same here.

# %% [markdown] lang="ko"
# ## 4. 목소리에서 영상으로
#
# **Speech2Face**(Oh et al., 2019)는 목소리를 듣고 얼굴을 그립니다. 픽셀을 바로 그리지는 않습니다. 먼저 **디코더**가 영상만 가지고, 영상 신경망의 *특징*에서 영상을 되살리는 법을 배웁니다. 그런 다음 목소리가 그 특징을 내는 법을 배웁니다. 여기서도 같습니다.

# %%
decoder = keras.Sequential([keras.Input((64,)), layers.Dense(1568, "relu"), layers.Reshape((7, 7, 32))])
decoder.add(layers.Conv2DTranspose(32, 4, 2, padding="same", activation="relu"))
decoder.add(layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid"))

# %%
decoder.compile(keras.optimizers.Adam(2e-3), "binary_crossentropy")
epochs = labs.profile.choose(full=3, quick=2)
_ = decoder.fit(see.predict(x_pictures, verbose=0), x_pictures / 255, 64, epochs, verbose=0)

# %%
voice = [
    keras.Input((192,)),
    layers.BatchNormalization(),
    layers.Dense(128, "relu"),
    layers.Dense(64, "relu"),
]
voice = keras.Sequential(voice)
voice.compile("adam", "mse")
_ = voice.fit(voices, shown, batch_size=64, epochs=labs.profile.choose(full=10, quick=3), verbose=0)

# %%
imagined = decoder.predict(voice(hear.predict(test_maps, verbose=0)), verbose=0) * 255
right = teacher.predict(imagined, verbose=0).argmax(axis=1) == sounds.y_test
print(f"in {right.mean():.1%} the teacher reads the imagined picture as the digit that was said")

# %%
titles = [f'"{digit}"' for digit in range(10)]
labs.show.grid(imagined[first].astype("uint8"), titles, columns=10, source="Free Spoken Digit Dataset")

# %% [markdown] lang="en"
# Smooth, average digits: squared error asks for the mean of all pictures that go with the voice. Speech2Face's faces look average for the same reason.
#
# ## Exercise
#
# What recall@5 has a listener who picks five pictures at random, when the ten digits are equally frequent?

# %% [markdown] lang="ko"
# 매끈하고 평균적인 숫자입니다. 제곱 오차는 그 목소리와 함께 나올 수 있는 모든 영상의 평균을 요구하기 때문입니다. Speech2Face의 얼굴이 평균처럼 보이는 것도 같은 까닭입니다.
#
# ## 연습 문제
#
# 열 가지 숫자가 고르게 섞여 있을 때 다섯 장을 아무렇게나 고르면 recall@5는 얼마일까요?

# %% tags=["exercise"]
# solution
by_chance = 1 - 0.9**5
# end solution
print(f"{by_chance:.0%}")

# %% [markdown] lang="en"
# ## Recap
#
# - What happens at once explains itself: a network of pictures is a teacher for sounds, no label needed.
# - One space for both senses: a dot product finds pictures by sound, and sounds by picture.
# - The picture that a voice calls up is an average; the loss decides that.
#
# **When it goes wrong**
#
# | You see | Try |
# | --- | --- |
# | Recall near 10 % | Are the pairs still pairs after shuffling? Are both vectors of length 1? |
# | The student repeats the teacher's mistakes | It cannot know better: a better teacher |
# | All imagined pictures look the same | More epochs for the voice; is the decoder good on real features? |
#
# **Further**: leave the digit 3 out of section 2. Does the student still find its picture after section 3? Lab 16f finds the place in a scene.

# %% [markdown] lang="ko"
# ## 정리
#
# - 함께 일어나는 일은 서로를 설명합니다. 레이블이 없어도 영상 신경망이 소리의 선생이 됩니다.
# - 두 감각을 한 공간에 놓으면, 내적 하나로 소리에 맞는 영상을, 영상에 맞는 소리를 찾습니다.
# - 목소리가 불러낸 영상은 평균입니다. 손실 함수가 그렇게 정합니다.
#
# **잘 안 될 때**
#
# | 증상 | 해 볼 것 |
# | --- | --- |
# | 재현율이 10 % 근처 | 섞은 뒤에도 짝이 맞는지, 두 벡터의 길이가 1인지 봅니다 |
# | 학생이 선생의 실수를 되풀이한다 | 학생은 더 알 길이 없습니다. 더 나은 선생이 필요합니다 |
# | 떠올린 영상이 모두 똑같다 | 목소리를 더 학습합니다. 디코더가 진짜 특징은 잘 되살리는지 봅니다 |
#
# **더 해 보기**: 2절에서 숫자 3을 빼고 학습해 보십시오. 3절을 마친 학생은 그래도 3의 영상을 찾을까요? 장면 속의 자리는 실습 16f에서 찾습니다.
