# ---
# title:
#   en: "Networks that draw 4: two heaps and no pairs"
#   ko: "그리는 신경망 4: 짝 없는 두 더미"
# minutes: 5
# data:
#   en: MNIST (quick, the bundled 3,000 digits), half of it rewritten in ink
#   ko: MNIST(quick은 함께 들어 있는 숫자 3,000장), 절반은 잉크로 고쳐 씀
# accuracy:
#   en: "read as what they were, to the slate and to paper: examiners alone 33 and 17 %, there and back 97 and 93 %"
#   ko: "원래 숫자로 읽히는 비율(칠판으로, 종이로): 감정사만 33 %와 17 %, 갔다가 돌아오면 97 %와 93 %"
# seed: 15
# ---

# %% [markdown] lang="en"
# Lab 15b had each syllable twice. Who wants photographs as paintings, or summer as winter, has no pairs: nobody painted *that* photograph. There are only two heaps. In this notebook we
#
# - turn chalk on a slate into ink on paper and back, from two heaps of **different** digits (**CycleGAN**, Zhu et al., 2017);
# - see what two examiners alone lead to: **one scrawl for all**;
# - mend it with **there and back**, and ask what that proves and what it does not;
# - let the forgers leave their **own** kind alone (identity loss);
# - find where the chalk **hides** the colour of the ink (Chu et al., 2017).
#
# Pairs we do own, because we have made the second heap. No network sees one: they are the judge's.

# %% [markdown] lang="ko"
# 실습 15b에는 글자마다 두 장의 영상이 있었습니다. 사진을 그림으로, 여름을 겨울로 바꾸려는 사람에게는 짝이 없습니다. *바로 그* 사진을 그린 화가가 없기 때문입니다. 더미 둘이 있을 뿐입니다. 이 노트북에서는
#
# - 칠판의 분필 글씨를 종이의 잉크 글씨로, 다시 거꾸로 바꿉니다. 두 더미에는 **서로 다른** 숫자가 들어 있습니다(**CycleGAN**, Zhu et al., 2017).
# - 감정사 둘만 있으면 어떻게 되는지 봅니다. 무엇을 넣어도 **같은 낙서**가 나옵니다.
# - **갔다가 돌아오기**로 고치고, 그것이 무엇을 보장하고 무엇을 보장하지 못하는지 묻습니다.
# - 위조꾼이 **자기 쪽** 영상은 그대로 두게 합니다(항등 손실).
# - 분필 글씨가 잉크의 색을 **어디에 숨기는지** 찾습니다(Chu et al., 2017).
#
# 둘째 더미는 우리가 만들었으므로 사실 짝을 가지고 있습니다. 하지만 어느 신경망에도 보여 주지 않고 심사에만 씁니다.

# %%
import itertools
import time

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs

# %%
tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(15)
random = np.random.default_rng(15)
digits = labs.load("mnist", labs.profile.size)

# %% [markdown] lang="en"
# ## 1. Two heaps
#
# The digits of MNIST are the chalk. `in_ink` writes a digit in one of three inks, a little thicker, on ruled paper. The slate's heap gets the even pictures of the training set, the paper's the odd ones: **no digit is in both**.

# %% [markdown] lang="ko"
# ## 1. 두 더미
#
# MNIST 숫자가 분필 글씨입니다. `in_ink`는 숫자를 줄 친 종이에 세 가지 잉크 가운데 하나로 조금 더 굵게 씁니다. 칠판 더미에는 학습 데이터의 짝수 번째, 종이 더미에는 홀수 번째 영상을 넣습니다. **두 더미에 함께 들어 있는 숫자는 없습니다.**

# %%
INKS = np.float32([[200, 30, 40], [20, 70, 200], [20, 130, 60]])
PAPER = np.full((28, 28, 3), (250, 242, 220), "float32")
PAPER[6::7] = (205, 215, 225)


def on_slate(some):
    return np.float32(np.repeat(some, 3, axis=-1))


def in_ink(some, ink):
    """Digits (n, 28, 28, 1) and the number of each one's ink -> pixels (n, 28, 28, 3)."""
    thick = np.float32([cv2.dilate(one, np.ones((2, 2))) for one in some])[..., None] / 255
    return PAPER * (1 - thick) + INKS[ink][:, None, None] * thick


# %%
even, odd = digits.x_train[:24_000:2], digits.x_train[1:24_000:2]
slate, paper = on_slate(even), in_ink(odd, random.integers(3, size=len(odd)))
shown = np.concatenate([slate[:12], paper[:12]])
labs.show.grid(shown, columns=12, source=digits.source)

# %% [markdown] lang="en"
# **The judge's pairs**: test digits, each on both. Whether a digit is read, lab 05's kept network says; it knows white on black, so paper is first turned to `darkness`. Which ink it is, the nearest of the three colours says.

# %% [markdown] lang="ko"
# **심사용 짝**: 시험 데이터의 숫자를 양쪽에 하나씩 씁니다. 숫자가 읽히는지는 실습 05에 저장된 신경망이 답합니다. 이 신경망은 검은 바탕의 흰 글씨만 알기 때문에 종이는 먼저 `darkness`로 바꿉니다. 어느 잉크인지는 세 색 가운데 가장 가까운 것으로 정합니다.

# %%
secret, truth = digits.x_test[:1000], digits.y_test[:1000]
inks = random.integers(3, size=len(secret))
OTHER = {"slate": "paper", "paper": "slate"}
pairs = {"slate": on_slate(secret), "paper": in_ink(secret, inks)}
reader = keras.models.load_model("saved_models/mnist/model.keras")


# %%
def darkness(on_paper):
    """Ink as a picture (n, 28, 28, 1): 0 where the paper is, 255 where the ink is."""
    return 255 * np.clip((240 - on_paper.min(axis=-1, keepdims=True)) / 200, 0, 1)


def read(pictures, heap):
    grey = darkness(pictures) if heap == "paper" else pictures.mean(axis=-1, keepdims=True)
    return reader.predict(grey, 256, verbose=0).argmax(axis=1)


def ink_of(on_paper):
    weight = np.where(darkness(on_paper) > 150, 1, 1e-9)
    mean = (on_paper * weight).sum(axis=(1, 2)) / weight.sum(axis=(1, 2))
    return ((mean[:, None] - INKS) ** 2).sum(axis=-1).argmin(axis=1)


# %%
for heap, some in pairs.items():
    print(f"true {heap}: {(read(some, heap) == truth).mean():.1%} read")
print(f"true paper: {(ink_of(pairs['paper']) == inks).mean():.1%} of the inks recognised")

# %% [markdown] lang="en"
# ## 2. Two forgers, two examiners
#
# One forger goes from slate to paper, one from paper to slate; each end has an examiner, who sees one picture at a time and asks only: *does this belong to my heap?* The forger's narrow middle sees the whole digit, so it **could** draw another one.

# %% [markdown] lang="ko"
# ## 2. 위조꾼 둘, 감정사 둘
#
# 한 위조꾼은 칠판에서 종이로, 다른 위조꾼은 종이에서 칠판으로 갑니다. 양쪽에 감정사가 하나씩 있어서 한 번에 영상 한 장을 보고 *우리 더미에 있을 만한 것인가?*만 따집니다. 위조꾼의 가운데 좁은 곳에서는 숫자 전체가 보이므로 **다른 숫자를 그릴 수도 있습니다.**


# %%
def unit(x, convolution):
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(convolution(x)))


def forger():
    """Pixels 0..255 -> pixels 0..255: 28, 14, 7, 7, 7, 14, 28."""
    given = keras.Input((28, 28, 3), name="input")
    x = layers.Rescaling(1 / 127.5, -1)(given)
    for filters in (24, 48):
        x = unit(x, layers.Conv2D(filters, 4, 2, "same", use_bias=False))
    for _ in range(2):
        x = x + unit(x, layers.Conv2D(48, 3, padding="same", use_bias=False))
    x = unit(x, layers.Conv2DTranspose(24, 4, 2, "same", use_bias=False))
    x = layers.Conv2DTranspose(3, 4, 2, "same", activation="tanh")(x)
    return keras.Model(given, layers.Rescaling(127.5, 127.5, name="picture")(x))


# %%
def examiner():
    stack = [keras.Input((28, 28, 3)), layers.Rescaling(1 / 127.5, -1)]
    for filters in (24, 48):
        stack += [layers.Conv2D(filters, 4, 2, "same"), layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([*stack, layers.Flatten(), layers.Dropout(0.3), layers.Dense(1)])


# %% [markdown] lang="en"
# What a forger **owes**: to be believed, always; and two demands with a weight each, which the next sections explain. The rest is lab 15's loop, twice.

# %% [markdown] lang="ko"
# 위조꾼에게 **요구하는 것**: 진짜로 보이기는 언제나 요구합니다. 나머지 두 요구에는 가중치가 하나씩 있고 다음 절들에서 설명합니다. 그 밖에는 실습 15의 반복문이 두 벌 있을 뿐입니다.


# %%
def far(one, other):
    return ops.mean(ops.abs(one - other)) / 255


# %%
def demands(forgers, heaps, forged, cycle, own):
    """Mean differences there and back, and of what a forger makes of its own kind, weighed."""
    loss = 0.0
    for back, ours, theirs in zip(forgers[::-1], heaps, forged, strict=True):
        if cycle:
            loss += cycle * far(back(theirs, training=True), ours)
        if own:
            loss += own * far(back(ours), ours)  # not training: the averages of the other heap, as in use
    return loss


# %%
def stepper(forgers, examiners, cycle, own):
    """A function (slate, paper) -> losses of forgers and examiners; each call is one step of the game."""
    forge, examine = (keras.optimizers.Adam(rate, beta_1=0.5) for rate in (1e-3, 4e-4))
    theirs, its = (a.trainable_weights + b.trainable_weights for a, b in (forgers, examiners))
    to_paper, to_slate = forgers
    is_paper, is_slate = examiners

    @tf.function
    def step(slate, paper):
        with tf.GradientTape() as one, tf.GradientTape() as two:
            forged = to_paper(slate, training=True), to_slate(paper, training=True)
            fake = [is_paper(forged[0], training=True), is_slate(forged[1], training=True)]
            true = [is_paper(paper, training=True), is_slate(slate, training=True)]
            fooled = sum(ops.mean(ops.softplus(-score)) for score in fake)
            caught = sum(ops.mean(ops.softplus(score)) for score in [*fake, *(-score for score in true)])
            owed = fooled + demands(forgers, (slate, paper), forged, cycle, own)
        forge.apply(one.gradient(owed, theirs), theirs)
        examine.apply(two.gradient(caught, its), its)

    return step


# %%
def learn(name, cycle=0.0, own=0.0, heaps=(slate, paper)):
    """Train a pair of forgers, kept as (to_paper, to_slate) in `trained`."""
    keras.utils.set_random_seed(15)
    trained[name] = to_paper, to_slate = forger(), forger()
    step = stepper(trained[name], (examiner(), examiner()), cycle, own)
    chosen, began = np.random.default_rng(15), time.process_time()
    for _ in range(labs.profile.choose(full=400, quick=4)):
        step(*(heap[chosen.integers(len(heap), size=32)] for heap in heaps))
    seconds = time.process_time() - began
    own = [
        far(turn(one, heap[:500]), heap[:500]) for one, heap in zip((to_slate, to_paper), heaps, strict=True)
    ]
    print(
        f"{name}: {seconds:.0f} processor seconds; own slate changed by {own[0]:.3f}, own paper by {own[1]:.3f}"
    )


def turn(network, pictures):
    return np.asarray(network(np.float32(pictures)))


# %% [markdown] lang="en"
# ## 3. The examiners alone
#
# No demand but to be believed. The judge has the pairs and asks: how many digits are **read** as what they were? How far is the true counterpart (**L1**; on paper only its darkness, for the ink is free)? Are the results **distinct**: how frequent is the most frequent digit, and what share of the true heap's spread have the pixels? The last column is L1 once more, after the way back.

# %% [markdown] lang="ko"
# ## 3. 감정사만 있다면
#
# 진짜로 보이기만 하면 됩니다. 짝을 가진 심사위원은 이렇게 묻습니다. 원래의 숫자로 **읽히는** 것은 얼마나 될까요? 진짜 짝과는 얼마나 먼가요(**L1**. 잉크는 어느 것이든 되므로 종이는 어두운 정도만 견줍니다)? 결과는 **서로 다른가요**? 가장 잦은 숫자의 비율과, 화소의 퍼짐이 진짜 더미의 몇 배인지를 봅니다. 마지막 열은 되돌아온 뒤의 L1입니다.

# %%
trained, scores = {}, {}
learn("examiners alone")


# %%
def judge(made, back, heap):
    """Read as what it was, L1 to the true counterpart, most frequent digit, spread; L1 after the way back."""
    plain = darkness if heap == "paper" else np.asarray
    said, true = read(made, heap), pairs[heap]
    l1 = np.abs(plain(made) - plain(true)).mean() / 255
    spread = plain(made).std(axis=0).mean() / plain(true).std(axis=0).mean()
    return (
        (said == truth).mean(),
        l1,
        np.bincount(said).max() / len(said),
        spread,
        far(back, pairs[OTHER[heap]]),
    )


# %%
def table(name):
    """Judge these forgers, and show all that have been judged."""
    for heap, there, back in zip(pairs, trained[name][::-1], trained[name], strict=True):
        made = turn(there, pairs[OTHER[heap]])
        scores[name, heap] = judge(made, turn(back, made), heap)
    print(f"{'':28}{'read':>7}{'L1':>7}{'most frequent':>15}{'spread':>8}{'there and back':>16}")
    for (name, heap), figures in scores.items():
        print(f"{name:17} to {heap:8}{{:7.1%}}{{:7.3f}}{{:15.0%}}{{:8.2f}}{{:16.3f}}".format(*figures))


# %%
def look(*names):
    """Rows: the slate and what became of it, the paper and what became of it."""
    rows = []
    for number, heap in enumerate(("slate", "paper")):
        rows += [pairs[heap][:12], *(turn(trained[name][number], pairs[heap][:12]) for name in names)]
    labs.show.grid(np.concatenate(rows), columns=12, source=digits.source)


look("examiners alone")
table("examiners alone")

# %% [markdown] lang="en"
# On paper it is **one scrawl for all**: 79 % are read as the same digit, whatever the slate says. On the slate the shapes vary a little more, and a third are read. Neither examiner can object: each sees one picture at a time and never what it was made from. A forger who ignores what he is given is not caught. More variety would not help: a forger who makes each 3 a fine 8 and each 8 a fine 3 is beyond reproach.
#
# ## 4. There and back
#
# So ask one thing more: from slate to paper **and back** must give the picture one began with, and so from the other side:
#
# $$L_{cycle} = |\text{to slate}(\text{to paper}(x)) - x| + |\text{to paper}(\text{to slate}(y)) - y|$$
#
# Who draws the same for all cannot come back. This needs no pairs: each picture is its own answer. The weight, 10, is that of Zhu et al.

# %% [markdown] lang="ko"
# 종이에는 **모두 같은 낙서**를 합니다. 칠판에 무엇이 적혀 있든 79 %가 같은 숫자로 읽힙니다. 칠판 쪽은 모양이 조금 더 다양하지만 셋에 하나만 읽힙니다. 어느 감정사도 트집을 잡을 수 없습니다. 한 번에 영상 한 장을 볼 뿐, 무엇으로 만들었는지는 보지 못합니다. 받은 것을 무시해도 들키지 않습니다. 더 다양해진다고 해결되지도 않습니다. 3을 모두 훌륭한 8로, 8을 모두 훌륭한 3으로 그려도 흠잡을 데가 없습니다.
#
# ## 4. 갔다가 돌아오기
#
# 그래서 한 가지를 더 요구합니다. 칠판에서 종이로 갔다가 **돌아오면** 처음 영상이 되어야 하고, 반대쪽에서 떠나도 마찬가지입니다.
#
# $$L_{cycle} = |\text{to slate}(\text{to paper}(x)) - x| + |\text{to paper}(\text{to slate}(y)) - y|$$
#
# 모두 같은 그림을 그려서는 돌아올 수 없습니다. 짝은 필요 없습니다. 영상마다 자기 자신이 정답입니다. 가중치 10은 논문의 값입니다.

# %% tags=["cover"]
learn("there and back", cycle=10.0)
look("there and back")
table("there and back")

# %% [markdown] lang="en"
# 97 % are read on the slate and 93 % on paper, nearly as many as of the true counterparts (98 and 96 %), and the differences in L1 have shrunk to a half and a third. The same networks, steps and seed; nobody has shown them a pair.
#
# **What it proves: that nothing is lost.** Not that it is right. Each mapping that can be undone passes, the exchange of 3 and 8 included (exercise 1). That a 7 stays a 7 is not in the loss: it is in the network, to which a stroke that stays where it is comes easiest. The next section shows how thin that ice is.
#
# ## 5. One's own left alone
#
# Zhu et al. have a third demand: paper that is given to the forger of paper shall stay as it is (**identity loss**). It kept the tint of paintings when they became photographs. Here?

# %% [markdown] lang="ko"
# 칠판에서 97 %, 종이에서 93 %가 읽힙니다. 진짜 짝(98 %와 96 %)에 가깝고, L1은 절반과 3분의 1로 줄었습니다. 신경망도 스텝 수도 시드도 같고, 짝은 아무도 보여 주지 않았습니다.
#
# **보장되는 것은 아무것도 잃지 않는다는 것**뿐입니다. 옳다는 뜻이 아닙니다. 되돌릴 수 있는 변환이면 무엇이든 통과합니다. 3과 8을 맞바꾸는 것도 통과합니다(연습 문제 1). 7이 7로 남는다는 것은 손실 어디에도 없습니다. 획을 제자리에 두는 것이 신경망에게 가장 쉬울 뿐입니다. 그것이 얼마나 얇은 얼음인지 다음 절에서 봅니다.
#
# ## 5. 자기 쪽은 그대로
#
# 논문의 셋째 요구입니다. 종이를 그리는 위조꾼에게 종이를 주면 그대로 두어야 합니다(**항등 손실**). 그림을 사진으로 바꿀 때 색조를 지켜 준 손실입니다. 여기서는 어떨까요?

# %%
learn("own left alone", cycle=10.0, own=5.0)
look("own left alone")
table("own left alone")

# %% [markdown] lang="en"
# One's own stays as it is (0.02 and 0.04), the way back finds home (0.09 and 0.04): the two demands are met. And 15 % and 8 % are read, as by chance. **It has settled on the negative**: what was bright stays bright, the paper *between* the strokes is painted, a 0 filled in. The demand says, without words, *what looks the same belongs together*. For paintings and photographs that is true. For chalk and ink it is false: white is the stroke in one heap and the ground in the other.
#
# Test it: give the same demand a **white board**, black strokes on white, where it is true.

# %% [markdown] lang="ko"
# 자기 쪽은 그대로 두고(0.02와 0.04) 돌아오는 길도 찾습니다(0.09와 0.04). 두 요구는 모두 지킨 것입니다. 그런데 읽히는 것은 15 %와 8 %, 찍은 것과 같습니다. **음화로 굳어졌습니다.** 밝은 곳은 밝은 채로 두고 획 *사이*의 종이를 칠합니다. 0은 속이 칠해졌습니다. 이 손실은 *겉모습이 같은 것끼리 짝*이라고 말없이 가정합니다. 그림과 사진이라면 맞습니다. 분필과 잉크라면 틀립니다. 흰색이 한쪽에서는 획이고 다른 쪽에서는 바탕입니다.
#
# 확인해 봅시다. 이 가정이 맞는 **화이트보드**, 곧 흰 바탕의 검은 획으로 바꾸어 같은 손실을 씁니다.

# %%
learn("a white board", cycle=10.0, own=5.0, heaps=(255 - slate, paper))
negative, (to_paper, to_board) = layers.Rescaling(-1, 255), trained["a white board"]
trained["a white board"] = keras.Sequential([negative, to_paper]), keras.Sequential([to_board, negative])
look("a white board")
table("a white board")

# %% [markdown] lang="en"
# (The board is shown and judged as its negative.) 97 % and 84 % are read: the same demand, the same steps, and it no longer leads astray. That it helps is not shown: this run ended with pale ink (spread 0.57), a trial in which the demand was asked with the batch's own averages with full ink and 96 %. **A loss is an assumption.** Before adding one, say what it takes for granted.
#
# ## 6. What the chalk hides
#
# One thing cannot be: from red ink one gets white chalk, and from white chalk red ink. White does not say which ink. And yet:

# %% [markdown] lang="ko"
# (화이트보드는 뒤집어서 보여 주고 심사했습니다.) 97 %와 84 %가 읽힙니다. 같은 손실, 같은 스텝 수인데 이제는 엉뚱한 길로 끌고 가지 않습니다. 그렇다고 없을 때보다 낫다는 뜻은 아닙니다. 이번에는 잉크가 흐리게 끝났고(퍼짐 0.57), 이 요구를 배치 자신의 평균으로 물은 시험에서는 진한 잉크로 96 %가 읽혔습니다. **손실은 가정입니다.** 더하기 전에 무엇을 당연하게 여기는 손실인지 말해 보세요.
#
# ## 6. 분필이 숨기는 것
#
# 있을 수 없는 일이 하나 있습니다. 빨간 잉크에서 흰 분필이 되고, 흰 분필에서 빨간 잉크가 됩니다. 흰색은 어느 잉크였는지 말해 주지 않습니다. 그런데도:

# %%
to_paper, to_slate = trained["there and back"]
chalk = turn(to_slate, pairs["paper"])
again = turn(to_paper, chalk)
print(f"{(ink_of(again) == inks).mean():.1%} of the inks come back")
tint = np.clip(128 + 4 * (chalk - chalk.mean(axis=-1, keepdims=True)), 0, 255)
shown = np.concatenate([some[:12] for some in (pairs["paper"], chalk, tint, again)])
labs.show.grid(shown, columns=12, source=digits.source)

# %%
changed = {
    "as it is": chalk,
    "whole levels": np.rint(chalk),
    "noise of 20 levels": np.clip(chalk + random.normal(0, 20, chalk.shape), 0, 255),
    "grey": np.repeat(chalk.mean(axis=-1, keepdims=True), 3, axis=-1),
    "black and white": np.repeat(255 * (chalk.mean(axis=-1, keepdims=True) > 128), 3, axis=-1),
    "the true chalk": pairs["slate"],
}
for name, some in changed.items():
    print(f"{name:20}{(ink_of(turn(to_paper, some)) == inks).mean():6.1%} of the inks come back")

# %% [markdown] lang="en"
# 96 % of the inks come back out of white chalk; from the true chalk, which keeps no secret, 31 %, as by chance. So it is written somewhere. The third row shows the tint of the chalk four times as strong: single coloured pixels on the strokes. Taking the tint away costs some of the message (79 %), leaving only black and white a little more (74 %): the rest is in the **shape** of the strokes. Noise hardly harms it.
#
# This is **steganography** (Chu et al., 2017, found it in maps made from aerial photographs, out of which details of roofs came back that no map shows). Nobody has taught it. There-and-back asks that nothing be lost, the examiner asks for white chalk; a hidden message satisfies both.
#
# It matters: a small *there and back* loss does not prove that the picture in between *shows* what it was made from. And who hands such a picture on, hands on more than is seen.
#
# ## 7. Both forgers, everywhere
#
# Raw pixels in, a picture out, like every network of this course.

# %% [markdown] lang="ko"
# 흰 분필에서 잉크의 96 %가 되살아납니다. 비밀이 없는 진짜 분필에서는 31 %, 찍은 것과 같습니다. 그러니 어딘가에 적혀 있습니다. 셋째 줄은 분필의 색조를 네 배로 키운 것입니다. 획 위에 색이 있는 화소가 점점이 있습니다. 색조를 없애면 메시지의 일부가 사라지고(79 %), 흑백만 남기면 조금 더 사라집니다(74 %). 나머지는 획의 **모양**에 들어 있습니다. 잡음에는 끄떡없습니다.
#
# 이것이 **스테가노그래피**(메시지를 숨기는 기술)입니다. Chu et al.(2017)은 항공 사진으로 만든 지도에서 이를 찾아냈습니다. 지도에는 없는 지붕의 세부가 되살아났습니다. 아무도 가르치지 않았습니다. 갔다가 돌아오기는 아무것도 잃지 말라 하고 감정사는 흰 분필을 내놓으라 합니다. 숨은 메시지는 둘을 다 만족시킵니다.
#
# 이것은 중요합니다. *갔다가 돌아온* 오차가 작다고 해서 가운데 영상에 원래의 것이 *보인다*는 뜻은 아닙니다. 또 이런 영상을 남에게 건네면 보이는 것보다 많은 것을 건네게 됩니다.
#
# ## 7. 두 위조꾼을 어디서나
#
# 이 강좌의 다른 신경망처럼 화소가 그대로 들어가고 영상이 나옵니다.

# %%
for name, network, some in (("my_ink", to_paper, pairs["slate"]), ("my_chalk", to_slate, pairs["paper"])):
    whole = keras.Model(network.input, {"picture": network.output})
    labs.export(whole, f"saved_models/{name}", x=some[:100], kind="picture", source=digits.source)

# %%
labs.check("saved_models/my_ink", seconds=300)

# %%
labs.check("saved_models/my_chalk", ["keras", "opencv_onnx", "onnxruntime", "tfjs_wasm"])

# %% [markdown] lang="en"
# ## Exercises
#
# **1. What there-and-back cannot see.** Three kinds of digits on each side. `there[i]` says what becomes of kind `i`, `back[j]` what becomes of `j` on the way back. Of all 27 x 27 pairs of mappings, how many return each kind to itself? And how many of these are the right one, which leaves each kind what it is?

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1. 갔다가 돌아오기가 보지 못하는 것.** 양쪽에 숫자가 세 종류씩 있습니다. `there[i]`는 종류 `i`가 무엇이 되는지, `back[j]`는 돌아오는 길에 `j`가 무엇이 되는지입니다. 사상의 쌍 27 x 27가지 가운데 모든 종류가 제자리로 돌아오는 것은 몇 가지일까요? 그 가운데 모든 종류를 그대로 두는 옳은 것은 몇 가지일까요?

# %% tags=["exercise"]
mappings = list(itertools.product(range(3), repeat=3))
# solution
couples = itertools.product(mappings, repeat=2)
both = [there for there, back in couples if all(back[there[i]] == i for i in range(3))]
right = [there for there in both if there == (0, 1, 2)]
# end solution
print(f"{len(both)} of {len(mappings) ** 2} come back, {len(right)} of them is right")

# %% [markdown] lang="en"
# **2. How much does the secret bear?** Round the chalk to ever fewer levels (256, 32, 8, 4, 2 of them from 0 to 255) and see how many inks come back.

# %% [markdown] lang="ko"
# **2. 비밀은 얼마나 버틸까?** 분필 영상의 단계를 점점 줄이면서(0에서 255까지 256, 32, 8, 4, 2단계) 잉크가 얼마나 되살아나는지 보세요.

# %% tags=["exercise"]
for levels in (256, 32, 8, 4, 2):
    # solution
    size = 255 / (levels - 1)
    coarse = np.rint(chalk / size) * size
    # end solution
    print(f"{levels:4} levels: {(ink_of(turn(to_paper, coarse)) == inks).mean():.1%}")

# %% [markdown] lang="en"
# **3. Old forgeries.** Zhu et al. show their examiners not the newest forgery but, every second time, one of the last 50 (Shrivastava et al., 2017), so that they do not forget a trick. Write it: the pool fills up first; then half of the new ones are handed on as they are, the others take an old one's place and send *it*.

# %% [markdown] lang="ko"
# **3. 묵은 위조품.** 논문에서는 감정사에게 새 위조품만 보여 주지 않고 두 번에 한 번은 지난 50장 가운데 하나를 보여 줍니다(Shrivastava et al., 2017). 지난 수법을 잊지 않게 하려는 것입니다. 이것을 쓰세요. 먼저 저장소를 채웁니다. 그다음 새것의 절반은 그대로 내보내고, 나머지는 묵은 것의 자리에 넣고 *묵은 것*을 내보냅니다.


# %% tags=["exercise"]
def from_pool(pool, picture, size, coin, place):
    """What the examiner gets to see; coin: heads (True) hands an old one on; place: which."""
    # solution
    if len(pool) < size:
        pool.append(picture)
        return picture
    if coin:
        pool[place], picture = picture, pool[place]
    return picture
    # end solution


pool = []
print([from_pool(pool, number, 3, number % 2 == 0, number % 3) for number in range(9)], pool)

# %% [markdown] lang="en"
# ## What to try when it goes wrong
#
# | You see | Try |
# |---|---|
# | The same picture for all | Is the cycle's weight in the loss? 10, with losses of examiners near 1 |
# | The negative, or ground and stroke exchanged | Another seed; leave the identity loss out; bring the heaps closer beforehand (turn one over) |
# | There and back is perfect, the middle is wrong | A weaker forger, which can only change a neighbourhood; a few dozen true pairs with L1 |
# | The middle looks untouched | The examiner is too weak, or the cycle too heavy: 10, 5, 2 |
# | Coloured specks in what should be white | The secret of section 6: noise between there and back, or a grey channel |
#
# ## What to remember
#
# - An examiner judges by the heap, not by the pair: alone it permits the same picture for all.
# - There and back forbids losing anything. It does not say what belongs to what; the network and the heaps do.
# - Identity loss assumes that what looks alike belongs together.
# - A small loss there and back may be a hidden message. Judge the picture in between, with pairs, if only a few.

# %% [markdown] lang="ko"
# ## 잘 안 될 때
#
# | 증상 | 해 볼 일 |
# |---|---|
# | 모두 같은 그림이 된다 | 손실에 갔다가 돌아오기가 들어 있나요? 감정사의 손실이 1쯤일 때 가중치는 10입니다 |
# | 음화가 되거나 바탕과 획이 뒤바뀐다 | 시드를 바꾸거나 항등 손실을 뺍니다. 두 더미를 미리 가깝게 합니다(한쪽을 뒤집습니다) |
# | 돌아오면 완벽한데 가운데가 틀리다 | 가까운 화소만 바꿀 수 있는 약한 위조꾼을 쓰거나, 진짜 짝 몇십 장에 L1을 씁니다 |
# | 가운데가 원래와 똑같다 | 감정사가 너무 약하거나 순환 손실이 너무 무겁습니다. 10, 5, 2로 줄여 봅니다 |
# | 희어야 할 곳에 색 점이 있다 | 6절의 비밀입니다. 가는 길과 오는 길 사이에 잡음을 넣거나 회색 채널 하나만 씁니다 |
#
# ## 정리
#
# - 감정사는 짝이 아니라 더미를 심사합니다. 감정사만 있으면 모두 같은 그림 하나여도 됩니다.
# - 갔다가 돌아오기는 아무것도 잃지 못하게 합니다. 무엇이 무엇의 짝인지는 말하지 않습니다. 그것은 신경망과 더미가 정합니다.
# - 항등 손실은 겉모습이 같은 것끼리 짝이라고 가정합니다.
# - 갔다가 돌아온 오차가 작은 것은 숨은 메시지 때문일 수도 있습니다. 몇 장이라도 짝을 구해 가운데 영상을 심사하세요.
