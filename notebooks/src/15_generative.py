# ---
# title:
#   en: "Networks that draw 1: the forger and the examiner"
#   ko: "그리는 신경망 1: 위조꾼과 감정사"
# minutes: 8
# data:
#   en: MNIST (quick, the bundled 3,000 digits), seven open photographs
#   ko: MNIST(quick은 함께 들어 있는 숫자 3,000장), 공개 사진 일곱 장
# accuracy:
#   en: "conditional digits: 99.1 % read as ordered, a reader that learnt from forgeries alone reads 96.7 % of real digits"
#   ko: "주문한 숫자: 99.1 %가 주문대로 읽히고, 위조품만 보고 배운 신경망이 진짜 숫자를 96.7 % 읽음"
# seed: 15
# ---

# %% [markdown] lang="en"
# Until now a network was given a picture and said something about it. Now it is given something and makes the picture. In this notebook we
#
# - let two networks play against each other, a **forger** and an **examiner** (a generative adversarial network, **GAN**), once in a plain loop, once in `fit`;
# - break the game on purpose, so that the forger draws **one thing only** (mode collapse), and mend it;
# - order digits by number (a **conditional** GAN), and **measure** what they are worth: does a reader agree, and can one learn to read from forgeries alone?
# - see why regression answers **grey** where black and white are both right, and what the examiner makes of it, on digits and on colouring a photograph;
# - try what has taken the GAN's place, a **diffusion model**, with the same measures and an honest clock;
# - save the forger for every runtime, and catch its forgeries (exercise 3).

# %% [markdown] lang="ko"
# 지금까지 신경망은 영상을 받아 무엇인가를 말했습니다. 이제는 무엇인가를 받아 영상을 만듭니다. 이 노트북에서는
#
# - 두 신경망 **위조꾼**(생성기)과 **감정사**(판별기)를 맞붙입니다. 이것이 생성적 적대 신경망(**GAN**)입니다. 한 번은 반복문으로, 한 번은 `fit`으로 학습합니다.
# - 일부러 게임을 망가뜨려 위조꾼이 **한 가지만** 그리게 하고(모드 붕괴), 고칩니다.
# - 숫자를 주문해서 그리게 하고(**조건부** GAN) 그 값어치를 **잽니다**. 판독기도 그렇게 읽는지, 위조품만 보고 글자 읽기를 배울 수 있는지 봅니다.
# - 검정도 흰색도 정답일 때 회귀가 왜 **회색**으로 답하는지, 감정사가 있으면 어떻게 되는지를 숫자와 사진 채색으로 봅니다.
# - GAN의 자리를 이어받은 **확산 모델**을 같은 잣대로, 걸린 시간을 숨기지 않고 시험합니다.
# - 위조꾼을 모든 실행 환경용으로 저장하고, 위조품을 가려냅니다(연습 문제 3).

# %%
import itertools
import time

import cv2
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import open_photos

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(15)
random = np.random.default_rng(15)

# %% [markdown] lang="en"
# The digits, as numbers from -1 (black) to 1 (white). `read` is the judge of this notebook: the kept network of lab 05, which reads 99 % of real digits and has never seen a forgery.

# %% [markdown] lang="ko"
# 숫자 영상의 값을 -1(검정)에서 1(흰색)로 바꿉니다. `read`는 이 노트북의 심판입니다. 실습 05의 보관된 신경망으로, 진짜 숫자를 99 % 읽고 위조품은 본 적이 없습니다.

# %%
digits = labs.load("mnist", labs.profile.size)
real, orders = digits.x_train / np.float32(127.5) - 1, np.eye(10, dtype="float32")[digits.y_train]
judge = keras.models.load_model("saved_models/mnist/model.keras")
read = lambda pictures: judge.predict((pictures + 1) * 127.5, 256, verbose=0).argmax(axis=1)  # noqa: E731
labs.show.grid(digits.x_train[:20], columns=10, source=digits.source)

# %% [markdown] lang="en"
# ## 1. The forger and the examiner
#
# The forger turns 32 random numbers, the **latent** vector, into a picture. It cannot be told which picture: there is no right answer to compare with. So a second network looks at pictures and says whether they are real, and the forger learns from **its** gradient what would have looked more real (Goodfellow et al., 2014).
# The game has one function, $V = E[\log D(x)] + E[\log(1 - D(G(z)))]$: the examiner $D$ makes it large, the forger $G$ small.
#
# One change from theory to practice: while forgeries are bad, $\log(1 - D)$ is flat and the forger learns nothing, so it maximises $\log D(G(z))$ instead. With scores before the sigmoid, $-\log D = \mathrm{softplus}(-s)$.

# %% [markdown] lang="ko"
# ## 1. 위조꾼과 감정사
#
# 위조꾼은 난수 32개, 곧 **잠재** 벡터를 영상으로 바꿉니다. 어떤 영상을 그리라고 가르칠 수는 없습니다. 비교할 정답이 없기 때문입니다. 그래서 둘째 신경망이 영상을 보고 진짜인지 말하고, 위조꾼은 **그 신경망의** 그레이디언트에서 어떻게 하면 더 진짜 같았을지를 배웁니다(Goodfellow et al., 2014).
# 게임의 함수는 하나, $V = E[\log D(x)] + E[\log(1 - D(G(z)))]$입니다. 감정사 $D$는 이 값을 키우고 위조꾼 $G$는 줄입니다.
#
# 이론과 실제가 다른 점이 하나 있습니다. 위조가 서툰 동안 $\log(1 - D)$는 평평해서 위조꾼이 배우지 못합니다. 그래서 대신 $\log D(G(z))$를 키웁니다. 시그모이드 앞의 점수로 쓰면 $-\log D = \mathrm{softplus}(-s)$입니다.


# %%
def paint(x):
    """A vector -> a picture (28, 28, 1) of -1..1: 7x7, 14x14, 28x28."""
    x = layers.Reshape((7, 7, 32))(layers.Dense(7 * 7 * 32, use_bias=False)(x))
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Conv2DTranspose(16, 4, 2, "same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    return layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x)


def inspect(x):
    """A picture -> 128 numbers that speak for or against it."""
    for filters in (16, 32):
        x = layers.LeakyReLU(negative_slope=0.2)(layers.Conv2D(filters, 4, 2, "same")(x))
    return layers.LeakyReLU(negative_slope=0.2)(layers.Dense(128)(layers.Dropout(0.3)(layers.Flatten()(x))))


# %% [markdown] lang="en"
# The plain loop. The examiner's step sees a batch of each kind; the forger's step goes **through** the examiner, whose weights stay as they are.

# %% [markdown] lang="ko"
# 반복문으로 쓴 학습입니다. 감정사는 한 번에 진짜와 위조품을 한 묶음씩 보고, 위조꾼의 그레이디언트는 감정사를 **지나서** 옵니다. 이때 감정사의 가중치는 그대로 둡니다.


# %%
def duel(forger, examiner, steps, turns=1):
    """Train both; the examiner learns in every `turns`-th step only. Returns their losses (steps, 2)."""
    forge, examine = keras.optimizers.Adam(1e-3, beta_1=0.5), keras.optimizers.Adam(1e-3, beta_1=0.5)

    @tf.function
    def step(pictures, examining):
        with tf.GradientTape() as one, tf.GradientTape() as two:
            forged = forger(tf.random.normal((64, 32)), training=True)
            fake, true = examiner(forged, training=True), examiner(pictures, training=True)
            fooled = ops.mean(ops.softplus(-fake))
            caught = ops.mean(ops.softplus(-true)) + ops.mean(ops.softplus(fake))
        theirs, its = forger.trainable_weights, examiner.trainable_weights
        forge.apply(one.gradient(fooled, theirs), theirs)
        if examining:
            examine.apply(two.gradient(caught, its), its)
        return fooled, caught

    return np.array([step(real[random.integers(len(real), size=64)], n % turns == 0) for n in range(steps)])


# %%
latent_input, picture = keras.Input((32,)), keras.Input((28, 28, 1))
forger = keras.Model(latent_input, paint(latent_input))
examiner = keras.Model(picture, layers.Dense(1)(inspect(picture)))
losses = duel(forger, examiner, labs.profile.choose(full=600, quick=5))

# %%
plt.plot(losses, label=["위조꾼 · forger", "감정사 · examiner"], linewidth=0.8)
plt.axhline(2 * np.log(2), color="0.5", linestyle=":", label="2 log 2")
legend = plt.gcf().legend(loc="outside upper center", ncols=3)
# %% [markdown] lang="en"
# **These curves do not fall, and need not.** Each is measured against an opponent that gets better too. The examiner's would be $2 \log 2 = 1.39$ if it could only guess. Watch for an examiner's loss at 0 (it has won; the forger hears nothing useful any more) or a forger's loss that runs away. Whether the pictures get better, the losses do not say: one has to look, or measure (section 4).
#
# ## 2. Mode collapse, on purpose
#
# The examiner judges one picture at a time. Nothing in that forbids a forger who draws the **same** good picture each time; only that the examiner soon learns to distrust that picture. So let the examiner nearly stand still, 50 steps of the forger for one of its own, and the forger runs to whatever is believed at this moment. Then give the examiner its time back.

# %% [markdown] lang="ko"
# **두 곡선은 내려가지 않고, 내려갈 필요도 없습니다.** 저마다 함께 강해지는 상대에게 견준 값이기 때문입니다. 감정사가 찍기만 한다면 그 손실은 $2 \log 2 = 1.39$입니다. 조심할 것은 감정사의 손실이 0으로 가는 것(감정사가 이겨서 위조꾼이 쓸모 있는 말을 듣지 못합니다)과 위조꾼의 손실이 달아나는 것입니다. 그림이 나아지는지는 손실이 말해 주지 않습니다. 눈으로 보거나 재야 합니다(4절).
#
# ## 2. 일부러 만드는 모드 붕괴
#
# 감정사는 한 번에 그림 한 장을 판정합니다. 그러니 위조꾼이 매번 **똑같은** 잘된 그림을 내놓아도 막을 것이 없습니다. 다만 감정사가 곧 그 그림을 의심하게 될 뿐입니다. 그래서 위조꾼이 50번 배우는 동안 감정사는 한 번만 배우게 해 거의 멈춰 세웁니다. 위조꾼은 지금 이 순간 통하는 그림으로 몰려갑니다. 그다음 감정사에게 시간을 돌려줍니다.


# %%
latent = np.float32(random.normal(size=(1000, 32)))
pictures = {"fair": forger.predict(latent, batch_size=250, verbose=0)}
for name, turns in (("50 to 1", 50), ("fair again", 1)):
    duel(forger, examiner, labs.profile.choose(full=200, quick=3), turns)
    pictures[name] = forger.predict(latent, batch_size=250, verbose=0)

# %%
for name, some in [*pictures.items(), ("real digits", real[:1000])]:
    most = np.bincount(read(some)).max() / len(some)
    print(f"{name:11} most frequent digit {most:4.0%}, pixels differ by {some.std(axis=0).mean():.2f}")
labs.show.grid(np.concatenate([some[:10] for some in pictures.values()]), columns=10)

# %% [markdown] lang="en"
# In the second row the forger has found one picture that the examiner of that moment believes, and draws it whatever the latent vector says; 100 % of them are read as the same digit. Nobody would take it for one. Nothing was wrong with the forger's loss, it was excellent. As soon as the examiner keeps up, the variety comes back: **the mend is an examiner that is never left behind.** Other mends are a number for how alike the pictures of a batch are among what the examiner sees (Karras et al., 2018), or a penalty on its gradient.
#
# ## 3. To order: the conditional GAN
#
# Now both networks are told a digit, as a vector of ten (Mirza & Osindero, 2014): the forger is to draw *that* one, and the examiner gets the picture **with** its order, so that a fine 3 is a bad 5. Our examiner is also **asked** which digit it sees (AC-GAN, Odena et al., 2017): it learns to answer on real pictures, the forger earns by being read as ordered.
#
# This time as a `keras.Model` with a `train_step` of its own, so that `fit` brings batches, progress and callbacks. Nothing in it says *digit*: `given` may be a picture as well. We shall use it three times.

# %% [markdown] lang="ko"
# 둘째 줄에서 위조꾼은 그 순간의 감정사에게 통하는 그림 하나를 찾아내, 잠재 벡터가 무엇이든 그것만 그립니다. 100 %가 같은 숫자로 읽힙니다. 사람이 보면 숫자도 아닙니다. 위조꾼의 손실은 아무 이상이 없었고 오히려 훌륭했습니다. 감정사가 따라잡자마자 다양함이 돌아옵니다. **고치는 방법은 감정사가 뒤처지지 않게 하는 것입니다.** 그 밖에 한 묶음의 그림이 얼마나 닮았는지를 감정사에게 수로 보여 주거나(Karras et al., 2018) 감정사의 그레이디언트에 벌점을 주는 방법이 있습니다.
#
# ## 3. 주문 받아 그리기: 조건부 GAN
#
# 이제 두 신경망 모두에게 숫자를 길이 10의 벡터로 알려 줍니다(Mirza & Osindero, 2014). 위조꾼은 *그* 숫자를 그려야 하고, 감정사는 그림을 주문과 **함께** 받습니다. 그래서 잘 그린 3도 5를 주문했다면 나쁜 그림입니다. 여기서는 감정사에게 무슨 숫자로 보이는지도 **묻습니다**(AC-GAN, Odena et al., 2017). 감정사는 진짜 그림으로 답을 배우고, 위조꾼은 주문대로 읽히면 점수를 얻습니다.
#
# 이번에는 `train_step`을 직접 쓴 `keras.Model`입니다. 그러면 묶음 나누기, 진행 표시, 콜백은 `fit`이 맡습니다. 코드 어디에도 *숫자*라는 말은 없습니다. `given`은 영상이어도 됩니다. 앞으로 세 번 씁니다.


# %%
class Adversary(keras.Model):
    """`fit(given, truth)`: a forger of [latent, given] against an examiner of [picture, given]."""

    def __init__(self, forger, examiner, near=0.0, rates=(7e-4, 7e-4)):
        super().__init__()
        self.forger, self.examiner, self.near = forger, examiner, near
        self.forge, self.examine = (keras.optimizers.Adam(one, beta_1=0.5) for one in rates)

    def train_step(self, data):
        given, truth = data
        with tf.GradientTape() as one, tf.GradientTape() as two:
            forged = self.forger([tf.random.normal((tf.shape(given)[0], 32)), given], training=True)
            fake, *guess = tf.nest.flatten(self.examiner([forged, given], training=True))
            true, *known = tf.nest.flatten(self.examiner([truth, given], training=True))
            fooled = ops.mean(ops.softplus(-fake)) + asked(given, guess)
            fooled += self.near * ops.mean(ops.abs(truth - forged))
            caught = ops.mean(ops.softplus(-true)) + ops.mean(ops.softplus(fake)) + asked(given, known)
        theirs, its = self.forger.trainable_weights, self.examiner.trainable_weights
        self.forge.apply(one.gradient(fooled, theirs), theirs)
        self.examine.apply(two.gradient(caught, its), its)
        return {"forger": fooled, "examiner": caught}


# %%
def asked(given, guess):
    """Cross-entropy of the examiner's guesses of what was given; 0 where it is not asked to guess."""
    entropy = keras.losses.categorical_crossentropy
    return sum(0.3 * ops.mean(entropy(given, one, from_logits=True)) for one in guess)


def batches(given, truth, size=64):
    options = tf.data.Options()
    options.autotune.enabled = False  # docs/notebooks.md says why
    pairs = tf.data.Dataset.from_tensor_slices((given, truth)).shuffle(10_000)
    return pairs.batch(size, drop_remainder=True).with_options(options)


latent_input, order, picture = keras.Input((32,)), keras.Input((10,)), keras.Input((28, 28, 1))
to_order = keras.Model([latent_input, order], paint(layers.Concatenate()([latent_input, order])))
seen = inspect(picture)
fits = ops.sum(seen * layers.Dense(128, use_bias=False)(order), axis=-1, keepdims=True)
examiner = keras.Model([picture, order], [layers.Dense(1)(seen) + fits, layers.Dense(10)(seen)])

# %%
game, began = Adversary(to_order, examiner), time.process_time()
game.compile()
game.fit(batches(orders, real), epochs=labs.profile.choose(full=4, quick=1), shuffle=False, verbose=0)
print(f"{to_order.count_params():,} parameters forge, {time.process_time() - began:.0f} processor seconds")

# %% tags=["cover"]
rows = np.repeat(np.float32(random.normal(size=(4, 32))), 10, axis=0)
labs.show.grid(to_order.predict([rows, np.eye(10)[np.arange(40) % 10]], verbose=0), list(range(10)) * 4)

# %% [markdown] lang="en"
# Each row has one latent vector, each column one order: what the rows share, slant and thickness of the pen, nobody has taught. Between two latent vectors, or two orders, lies a **way** on which all is drawn that lies between (a network that had learnt the digits by heart would jump).

# %% [markdown] lang="ko"
# 행마다 잠재 벡터가 같고 열마다 주문이 같습니다. 한 행이 공유하는 기울기와 굵기는 아무도 가르치지 않았습니다. 두 잠재 벡터 사이, 두 주문 사이에는 그 중간을 모두 그리는 **길**이 있습니다(숫자를 외운 신경망이라면 갑자기 뛰어넘을 것입니다).

# %%
way, (first, last) = np.linspace(0, 1, 10)[:, None], np.float32(random.normal(size=(2, 1, 32)))
eight, three = np.eye(10)[[8]], np.eye(10)[[3]]
ways = [((1 - way) * first + way * last, eight + 0 * way), (first + 0 * way, (1 - way) * eight + way * three)]
labs.show.grid(np.concatenate([to_order.predict(one, verbose=0) for one in ways]), columns=10)

# %% [markdown] lang="en"
# ## 4. What are they worth?
#
# Two measures that need no taste. **Agreement**: how many are read as ordered, by a network that learnt from real digits? It punishes bad drawing, not monotony: the same perfect 3 a thousand times has 100 %. **Worth to a student**: a fresh network learns from generated digits **alone** and reads real ones (Ravuri & Vinyals, 2019). It punishes both. Beside it the same number of real digits.

# %% [markdown] lang="ko"
# ## 4. 얼마나 쓸모 있을까?
#
# 취향이 끼어들지 않는 두 가지 잣대입니다. **일치율**: 진짜 숫자로 배운 신경망이 주문대로 읽는 비율입니다. 못 그리면 깎이지만 단조로움은 깎이지 않습니다. 똑같이 완벽한 3을 천 번 그려도 100 %입니다. **학생에게 주는 값어치**: 새 신경망이 생성된 숫자**만** 보고 배운 뒤 진짜 숫자를 읽습니다(Ravuri & Vinyals, 2019). 둘 다 깎입니다. 같은 수의 진짜 숫자와 견줍니다.


# %%
def worth(name, pictures, ordered):
    """Print the share read as ordered, and of real digits what a student of these pictures alone can read."""
    agree = (read(pictures) == ordered).mean()
    shown = labs.train.batches(np.uint8((pictures.clip(-1, 1) + 1) * 127.5), ordered, 64, flip=False, shift=1)
    epochs = max(2, labs.profile.choose(full=500, quick=6) // len(shown))
    rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(shown))
    student = labs.nets.mnist()
    student.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    student.fit(shown, epochs=epochs, shuffle=False, verbose=0)
    right = (student.predict(digits.x_test, verbose=0).argmax(axis=1) == digits.y_test).mean()
    print(
        f"{name:10} read as ordered {agree:.1%}, a student of {len(pictures):,} reads {right:.1%} of real digits"
    )


count = labs.profile.choose(full=24_000, quick=200)
forged_as = random.permutation(np.arange(count) % 10)
latents = np.float32(random.normal(size=(count, 32)))
forged = to_order.predict([latents, np.eye(10)[forged_as]], batch_size=250, verbose=0)
worth("forged", forged, forged_as)
worth("real", real[:count], digits.y_train[:count])

# %% [markdown] lang="en"
# 99.1 % are read as ordered, and who has seen nothing but forgeries reads 96.7 % of real digits: most of what makes a 3 a 3 is in the forger's 74,497 numbers. Who has seen as many real ones reads 98.6 %: the rest, the odd ways of writing, the forger has left out.
#
# ## 5. Why not simply regress? Black and white
#
# If there is an answer to compare with, why an examiner at all? Because there may be **two** right answers. A task made for it: given a digit, draw it white on black **or** black on white; a coin decides which of them the data show. Regression minimises its error on average. For the squared error the best single answer to *-1 or 1* is the mean, 0; for the absolute error everything between is equally good.

# %% [markdown] lang="ko"
# 99.1 %가 주문대로 읽히고, 위조품만 본 신경망이 진짜 숫자를 96.7 % 읽습니다. 3을 3으로 만드는 것이 위조꾼의 수 74,497개에 거의 다 들어 있다는 뜻입니다. 진짜를 같은 수만큼 본 신경망은 98.6 % 읽습니다. 그 차이가 위조꾼이 빠뜨린 것, 곧 별난 글씨들입니다.
#
# ## 5. 그냥 회귀하면 안 될까? 검정과 흰색
#
# 비교할 정답이 있다면 감정사가 왜 필요할까요? 정답이 **둘**일 수 있기 때문입니다. 이를 보여 줄 문제를 만듭니다. 숫자를 받아 검은 바탕에 희게 **또는** 흰 바탕에 검게 그립니다. 데이터에 어느 쪽이 나올지는 동전이 정합니다. 회귀는 평균 오차를 줄입니다. *-1 아니면 1*에 대한 하나뿐인 답으로 제곱 오차가 가장 작은 것은 평균인 0이고, 절대 오차로는 그 사이가 모두 똑같이 좋습니다.


# %%
def redraw(given, latent, channels=1):
    """A picture -> one of the same size; the latent vector has a say at every place."""
    told = lambda x: layers.ReLU()(  # noqa: E731
        layers.BatchNormalization(momentum=0.9)(x) + layers.Dense(x.shape[-1])(latent)[:, None, None]
    )
    fine = told(layers.Conv2D(24, 4, 2, "same")(given))
    x = told(layers.Conv2D(48, 4, 2, "same")(fine))
    x = told(layers.Conv2D(48, 3, padding="same")(x))
    x = layers.Concatenate()([told(layers.Conv2DTranspose(24, 4, 2, "same")(x)), fine])
    return layers.Conv2DTranspose(channels, 4, 2, "same", activation="tanh")(x)


def players(given, truth):
    """A forger from pictures like `given` to ones like `truth`, and an examiner of such pairs."""
    latent, free, picture = keras.Input((32,)), keras.Input((None, None, 1)), keras.Input(truth.shape[1:])
    forger = keras.Model([latent, free], redraw(free, latent, truth.shape[-1]))
    fixed = keras.Input(given.shape[1:])
    veiled = layers.GaussianNoise(0.5)(layers.Concatenate()([picture, fixed]))  # or it would always win
    score = layers.Dense(1)(inspect(veiled))
    return forger, keras.Model([picture, fixed], score)


# %%
def three_ways(given, truth, near, epochs, size=64):
    """The same network trained by squared error, by absolute error and against an examiner."""
    trained = {}
    for name in ("mse", "mae", "GAN"):
        trained[name], examiner = players(given, truth)
        pairs, model = batches(given, truth, size), trained[name]
        if name == "GAN":
            model = Adversary(model, examiner, near, (1e-3, 2e-4))
            model.compile()
        else:
            model.compile(keras.optimizers.Adam(1e-3), name)
            pairs = pairs.map(lambda one, other: ((tf.zeros((size, 32)), one), other))
        model.fit(pairs, epochs=epochs, shuffle=False, verbose=0)
    return trained


# %%
count, epochs = labs.profile.choose(full=(6400, 3), quick=(128, 1))
coin = random.choice([-1, 1], size=(count, 1, 1, 1)).astype("float32")
trained = three_ways(real[:count], coin * real[:count], 0.0, epochs)
given, noise = real[-500:], np.float32(random.normal(size=(500, 32)))
answers = {name: one.predict([noise * (name == "GAN"), given], verbose=0) for name, one in trained.items()}

# %%
for name, answer in answers.items():
    grey, errors = (np.abs(answer) < 0.5).mean(), [(answer - right) ** 2 for right in (given, -given)]
    nearer = np.min([error.mean(axis=(1, 2, 3)) for error in errors], axis=0).mean()
    print(f"{name} grey {grey:4.0%}, error to the coin {np.mean(errors):.2f}, to the nearer {nearer:.2f}")
labs.show.grid(np.concatenate([given[:8], *(answer[:8] for answer in answers.values())]), columns=8)

# %% [markdown] lang="en"
# The squared error answers grey, and it is *right* to: no other answer has a smaller error to what the coin says (0.93); a clean picture on the wrong paper counts double. The absolute error has no reason to prefer anything between; here it has drifted to white paper, for every digit. Against an examiner the error is larger (1.76), and the picture is the only one of the three that **decides**: white paper for some digits, black for others. (Here the examiner sees everything through noise and learns at a fifth of the forger's rate, and the forger has batch normalisation. Without these the examiner always won, and the forger drew black boxes.)
#
# ## 6. Colouring a photograph
#
# The same with a question that photographs ask: from grey, which colour? Brightness is given; the network adds the two numbers for colour (Cr and Cb). It learns from patches of the left halves of six open photographs; of a seventh, the cat, it sees nothing at all.

# %% [markdown] lang="ko"
# 제곱 오차는 회색으로 답하고, 그것이 *맞습니다*. 동전이 말하는 것과의 오차가 이보다 작은 답은 없습니다(0.93). 깨끗하지만 바탕이 틀린 그림은 두 배로 셈해집니다. 절대 오차로는 그 사이의 무엇이든 똑같이 좋습니다. 여기서는 어떤 숫자든 흰 바탕 쪽으로 흘러갔습니다. 감정사를 상대하면 오차는 더 크지만(1.76) 셋 가운데 혼자 **결정**합니다. 어떤 숫자는 흰 바탕에, 어떤 숫자는 검은 바탕에 그립니다. (여기서는 감정사가 모든 것을 잡음 너머로 보고 위조꾼의 5분의 1 빠르기로 배우며, 위조꾼에는 배치 정규화가 있습니다. 이렇게 하지 않으면 늘 감정사가 이겨서 위조꾼은 검은 상자만 그렸습니다.)
#
# ## 6. 사진에 색 입히기
#
# 사진에서도 같은 질문이 나옵니다. 회색에서 어떤 색을 골라야 할까요? 밝기는 주어지고, 신경망은 색을 나타내는 두 수(Cr, Cb)를 더합니다. 공개 사진 여섯 장의 왼쪽 절반에서 잘라 낸 조각으로 배웁니다. 고양이 사진은 조금도 보지 못합니다.

# %%
names = ("astronaut", "coffee", "hubble", "retina", "rocket", "tissue")
photos = {name: open_photos.read(name) for name in (*names, "chelsea")}


def split(photo):
    """Brightness (height, width, 1) and colour (height, width, 2) of a photograph, -1..1."""
    height, width = (side // 4 * 4 for side in photo.shape[:2])
    parts = np.float32(cv2.cvtColor(photo[:height, :width], cv2.COLOR_RGB2YCrCb))
    return parts[..., :1] / 127.5 - 1, (parts[..., 1:] / 64 - 2).clip(-1, 1)


def patches(part):
    """Pieces of 32x32 of the left half."""
    rows, columns = range(0, part.shape[0] - 31, 24), range(0, part.shape[1] // 2 - 31, 24)
    return [part[row : row + 32, column : column + 32] for row in rows for column in columns]


grey, colour = (np.concatenate([patches(split(photos[name])[one]) for name in names]) for one in (0, 1))
every, epochs = labs.profile.choose(full=(1, 6), quick=(20, 1))
painters = three_ways(grey[::every], colour[::every], 10.0, epochs, 32)


# %%
def painted(photo, painter, random_numbers):
    """The photograph with a painter's colours, as RGB, and these colours."""
    colour = painter([random_numbers, split(photo)[0][None]]).numpy()[0]
    whole = np.concatenate([(split(photo)[0] + 1) * 127.5, (colour + 2) * 64], axis=-1)
    return cv2.cvtColor(np.uint8(whole.clip(0, 255).round()), cv2.COLOR_YCrCb2RGB), colour


shown = []
for name in ("coffee", "chelsea"):
    truth, half = split(photos[name])[1], slice(0 if name == "chelsea" else photos[name].shape[1] // 2, None)
    shown.append(photos[name])
    for way, painter in painters.items():
        whole, colour = painted(photos[name], painter, latent[:1] * (way == "GAN"))
        shown.append(whole)
        colours = [64 * np.abs(one[:, half]).mean() for one in (truth, colour, colour - truth)]
        print("{:8} {}: colours {:.1f}, its own {:.1f}, {:.1f} off".format(name, way, *colours))
labs.show.grid(shown, ["photograph", *painters] * 2, columns=4, source=open_photos.SOURCE)

# %% [markdown] lang="en"
# The right half of the coffee has the left half's wood and cup, and regression colours it well (11.5 off; left grey it would be 35.6). The cat it has never seen gets the warm orange of what it knows, and is no nearer to the truth than a grey cat (19.2 and 19.4). Against the examiner this run ended in a greenish grey; a trial with two epochs more had ended in orange. **What a short duel ends in is luck**, and a colour that is believed is still not the colour that was there. Larger colourers learn from a million photographs, what a cat is included.
#
# ## 7. What came after: diffusion
#
# A GAN is a duel, and duels go wrong. Since 2020 (Ho et al.) most pictures are drawn by regression after all, by a trick: **never ask for the whole answer**. Noise is added to a picture in many small steps until nothing is left. A network learns to guess the clean picture from the noisy one, by plain squared error. From pure noise that guess is the grey average of section 5. But one takes only a small step towards it, and asks again: the next guess is an average of fewer possibilities, and at the end one digit is left.
#
# With noise level $t$ from 0 to 1: $x_t = \cos(rac{\pi}{2}t)\,x + \sin(rac{\pi}{2}t)\,\epsilon$. Backwards without new noise (DDIM, Song et al., 2021).

# %% [markdown] lang="ko"
# 커피 사진의 오른쪽 절반에는 왼쪽과 같은 나무와 잔이 있어서 회귀로도 잘 칠합니다(오차 11.5. 회색으로 두면 35.6). 본 적 없는 고양이는 아는 것의 따뜻한 주황으로 칠하는데, 회색 고양이보다 참값에 더 가깝지도 않습니다(19.2와 19.4). 감정사를 상대한 신경망은 이번에는 푸르스름한 회색으로 끝났고, 두 에포크 더 학습한 다른 시도는 주황으로 끝났습니다. **짧은 결투가 어디서 끝나는지는 운입니다.** 그럴듯한 색이라고 해서 거기 있던 색은 아닙니다. 큰 채색 신경망은 사진 백만 장에서 고양이가 무엇인지까지 배웁니다.
#
# ## 7. 그다음에 온 것: 확산
#
# GAN은 결투이고, 결투는 어긋나기도 합니다. 2020년(Ho et al.)부터는 그림을 대부분 다시 회귀로 그립니다. 요령은 **답을 한꺼번에 묻지 않는 것**입니다. 영상에 잡음을 조금씩 더해 아무것도 남지 않게 합니다. 신경망은 잡음 섞인 영상에서 깨끗한 영상을 맞히도록 보통의 제곱 오차로 배웁니다. 순수한 잡음에서 맞힌 답은 5절의 회색 평균입니다. 그런데 그쪽으로 조금만 다가간 뒤 다시 묻습니다. 다음 답은 더 적은 가능성의 평균이고, 끝에는 숫자 하나만 남습니다.
#
# 잡음의 정도 $t$는 0에서 1까지입니다. $x_t = \cos(rac{\pi}{2}t)\,x + \sin(rac{\pi}{2}t)\,\epsilon$. 거꾸로 갈 때는 새 잡음을 더하지 않습니다(DDIM, Song et al., 2021).


# %%
def told(x, about):
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x + layers.Dense(x.shape[-1])(about)[:, None, None])


noisy, level, order = keras.Input((28, 28, 1)), keras.Input((1,)), keras.Input((10,))
about = layers.Concatenate()([level, ops.sin(2 * np.pi * level), ops.cos(2 * np.pi * level), order])
about = layers.Dense(128, activation="relu")(about)
fine = told(layers.Conv2D(32, 4, 2, "same", use_bias=False)(noisy), about)
x = told(layers.Conv2D(64, 3, 2, "same", use_bias=False)(fine), about)
x = x + layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64)(about))  # where the ordered digit has its ink
for _ in range(2):
    x = x + told(layers.Conv2D(64, 3, padding="same", use_bias=False)(x), about)
x = layers.Concatenate()([layers.Conv2DTranspose(32, 4, 2, "same")(x), fine])
x = told(layers.Conv2D(32, 3, padding="same", use_bias=False)(x), about)
cleaner = keras.Model([noisy, level, order], layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x))


# %%
def noisy_step(clean, order):
    level = tf.random.uniform((64, 1))
    share, noise = tf.cos(level * np.pi / 2)[:, None, None], tf.sin(level * np.pi / 2)[:, None, None]
    with tf.GradientTape() as tape:
        guess = cleaner([share * clean + noise * tf.random.normal(clean.shape), level, order], training=True)
        loss = tf.reduce_mean((guess - clean) ** 2)
    optimizer.apply(tape.gradient(loss, cleaner.trainable_weights), cleaner.trainable_weights)


def diffuse(ordered, steps=20):
    """Digits as ordered (n,) out of noise, and the guesses on the way."""
    x, guesses = np.float32(random.normal(size=(len(ordered), 28, 28, 1))), []
    for now, then in itertools.pairwise(np.linspace(0.995, 0, steps + 1)):
        level = np.full((len(ordered), 1), now, "float32")
        guesses.append(ask([x, level, np.eye(10, dtype="float32")[ordered]]).numpy())
        a, b, c, d = np.float32([f(t * np.pi / 2) for t in (now, then) for f in (np.cos, np.sin)])
        x = c * guesses[-1] + d * (x - a * guesses[-1]) / b
    return x, guesses


# %%
steps, began = labs.profile.choose(full=1100, quick=5), time.process_time()
optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps))
step, ask = tf.function(noisy_step), tf.function(cleaner)
for chosen in random.integers(len(real), size=(steps, 64)):
    step(real[chosen], orders[chosen])

# %%
print(f"{cleaner.count_params():,} parameters, {time.process_time() - began:.0f} processor seconds")
x, guesses = diffuse(np.arange(10))
labs.show.grid(np.concatenate([guesses[0], guesses[6], guesses[12], x]), columns=10)

# %%
count, began = labs.profile.choose(full=2000, quick=200), time.process_time()
diffused = np.concatenate([diffuse(part)[0] for part in np.split(forged_as[:count], 4)])
print(f"{count:,} digits in {time.process_time() - began:.1f} processor seconds")
for name, pictures in (("diffused", diffused), ("forged", forged[:count])):
    worth(name, pictures, forged_as[:count])

# %% [markdown] lang="en"
# First row: the guess from noise alone, the **mean** of all pictures of that digit, as section 5 promises. Step by step it decides. After 116 processor seconds of training, 88.7 % are read as ordered and a student of 2,000 reads 93.3 % of real digits; the forger, which had 141 seconds, has 99.2 % and 95.9 %. 2,000 digits took 14 processor seconds, twenty passes through a larger network each. So at this size and on this clock the GAN wins. Diffusion won the world by what is not in these numbers: its loss goes down and says so, nothing collapses, and more data and larger networks keep helping.
#
# ## 8. The forger, everywhere
#
# Two inputs, `latent` and `order`, and a picture: `labs.export` takes any number of inputs, the card says what they are. Pixels are 0..255, so the scale from -1..1 is put inside the graph.

# %% [markdown] lang="ko"
# 첫 줄은 잡음만 보고 맞힌 답으로, 5절의 말대로 그 숫자를 쓴 모든 그림의 **평균**입니다. 단계마다 조금씩 결정합니다. 프로세서 시간 116초를 학습한 뒤 88.7 %가 주문대로 읽히고, 2,000장을 본 학생이 진짜 숫자를 93.3 % 읽습니다. 141초를 학습한 위조꾼은 99.2 %와 95.9 %입니다. 숫자 2,000장을 그리는 데 프로세서 시간 14초가 걸렸습니다. 한 장마다 더 큰 신경망을 스무 번 지나야 합니다. 그러니 이 크기, 이 시간에서는 GAN이 이깁니다. 확산이 세상을 차지한 까닭은 이 수에 없습니다. 손실이 내려가면 정말 나아지는 것이고, 아무것도 붕괴하지 않으며, 데이터와 신경망을 키우는 만큼 계속 좋아집니다.
#
# ## 8. 위조꾼을 어디서나
#
# 입력은 `latent`와 `order` 둘이고 출력은 영상입니다. `labs.export`는 입력이 몇 개든 받으며, 무엇인지는 카드에 적힙니다. 화소는 0..255이므로 -1..1에서 바꾸는 일도 그래프 안에 넣습니다.

# %%
latent_input, order = keras.Input((32,), name="latent"), keras.Input((10,), name="order")
pixels = layers.Rescaling(127.5, offset=127.5)(to_order([latent_input, order]))
whole = keras.Model([latent_input, order], {"picture": pixels})

# %%
few = [latents[:16], np.eye(10, dtype="float32")[forged_as[:16]]]
labs.export(whole, "saved_models/my_forger", x=few, kind="picture", source=digits.source)
labs.check("saved_models/my_forger", seconds=300)

# %% [markdown] lang="en"
# ## Exercises
#
# **1. The best examiner.** At one place real pictures have the density `p` and forgeries `q`. Which answer $D$ makes $p \log D + q \log(1 - D)$ largest? What does it say when the forger is perfect?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 가장 좋은 감정사.** 어떤 곳에서 진짜 영상의 밀도가 `p`, 위조품의 밀도가 `q`입니다. $p \log D + q \log(1 - D)$를 가장 크게 하는 답 $D$는 무엇일까요? 위조꾼이 완벽하면 무엇이라고 할까요?


# %% tags=["exercise"]
def best(p, q):
    # solution
    return p / (p + q)
    # end solution


print(best(0.3, 0.1), best(0.2, 0.2))

# %% [markdown] lang="en"
# **2. Who answers what?** An answer is 0 with probability 0.3, 1 with 0.3 and 10 with 0.4. What does regression by squared error answer, what by absolute error, and what would a good forger?

# %% [markdown] lang="ko"
# **2. 누가 무엇이라고 답할까?** 답이 확률 0.3으로 0, 0.3으로 1, 0.4로 10입니다. 제곱 오차로 회귀하면 무엇이라고 답할까요? 절대 오차로는요? 훌륭한 위조꾼이라면요?

# %% tags=["exercise"]
values, chances = np.array([0, 1, 10]), np.array([0.3, 0.3, 0.4])
# solution
mean = (values * chances).sum()
median = values[np.searchsorted(chances.cumsum(), 0.5)]
forger_says = random.choice(values, size=8, p=chances)
# end solution
print(mean, median, forger_says)

# %% [markdown] lang="en"
# **3. Catch forgeries.** Train a small network to tell real digits from those of our forger, then ask it about digits of the same forger that it has not seen, and about those of the diffusion model. Does one detector do for all forgers?

# %% [markdown] lang="ko"
# **3. 위조품 가려내기.** 진짜 숫자와 우리 위조꾼의 숫자를 가려내는 작은 신경망을 학습하세요. 그다음 같은 위조꾼의 본 적 없는 숫자와 확산 모델의 숫자를 물어보세요. 탐지기 하나로 모든 위조꾼을 잡을 수 있을까요?

# %% tags=["exercise"]
half = min(4000, len(forged) // 2)
x, y = np.concatenate([real[-half:], forged[:half]]), np.float32(np.arange(2 * half) >= half)
# solution
picture = keras.Input((28, 28, 1))
catcher = keras.Model(picture, layers.Dense(1)(inspect(picture)))
catcher.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(from_logits=True))
catcher.fit(batches(x, y), epochs=3, shuffle=False, verbose=0)
# end solution
for name, some in (("real", real[:half]), ("this forger", forged[-half:]), ("diffusion", diffused)):
    print(f"{name:11} called forged: {(catcher.predict(some, verbose=0) > 0).mean():.1%}")

# %% [markdown] lang="en"
# It catches 85 % of its own forger's new digits and calls 33 % of the honest ones forged; of the diffusion model's it calls 36 % forged. **A detector knows the forgers that it has seen.** And a forger who has the detector can train against it: that is what the examiner was.
#
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | The examiner's loss goes to 0, the pictures stay noise | A slower or smaller examiner, dropout in it, fewer of its steps |
# | The same picture for every latent vector | The spread over the batch; equal steps; a lower rate for the forger |
# | A chessboard in the pictures | Kernel divisible by the stride (4 and 2), or lab 15c's pixel shuffle |
# | The order is ignored | Tell the examiner too, or ask it; train longer |
# | Diffusion draws half a digit | More training; more steps cannot mend a bad guess |
#
# ## What to remember
#
# - A GAN's loss is measured against a moving opponent: it proves nothing. Measure what is drawn.
# - Agreement punishes bad drawing, a student of forgeries also monotony: ask both.
# - Regression answers with the mean or the median of all right answers, which may be no answer at all. An examiner forces a choice; being chosen does not make it true.
# - Diffusion regresses in many small steps. It is calmer to train and slower to draw.

# %% [markdown] lang="ko"
# 자기 위조꾼의 새 숫자는 85 % 잡아내고, 정직한 숫자의 33 %를 위조라고 합니다. 확산 모델의 숫자는 36 %를 위조라고 합니다. **탐지기는 본 적 있는 위조꾼만 압니다.** 게다가 탐지기를 손에 넣은 위조꾼은 그것을 상대로 학습할 수 있습니다. 감정사가 바로 그것이었습니다.
#
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 감정사의 손실이 0으로 가고 그림은 잡음 그대로다 | 감정사를 느리거나 작게, 드롭아웃을 넣고, 학습 횟수를 줄입니다 |
# | 잠재 벡터가 달라도 같은 그림이 나온다 | 묶음의 퍼짐을 보여 주거나, 횟수를 같게 하거나, 위조꾼의 학습률을 낮춥니다 |
# | 그림에 바둑판무늬가 있다 | 커널을 보폭으로 나누어지게(4와 2) 하거나 실습 15c의 픽셀 셔플을 씁니다 |
# | 주문을 무시한다 | 감정사에게도 알려 주거나 물어보고, 더 오래 학습합니다 |
# | 확산이 숫자를 반만 그린다 | 더 학습합니다. 단계를 늘려도 나쁜 추측은 고쳐지지 않습니다 |
#
# ## 정리
#
# - GAN의 손실은 움직이는 상대에게 견준 값이라 아무것도 증명하지 않습니다. 그려진 것을 재세요.
# - 일치율은 서툰 그림을, 위조품만 본 학생은 단조로움까지 깎습니다. 둘 다 재세요.
# - 회귀는 모든 정답의 평균이나 중앙값으로 답하는데, 그것은 정답이 아닐 수도 있습니다. 감정사는 하나를 고르게 합니다. 골랐다고 참이 되는 것은 아닙니다.
# - 확산은 작은 단계로 나누어 회귀합니다. 학습은 차분하고 그리기는 느립니다.
