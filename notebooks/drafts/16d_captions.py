# ---
# title:
#   en: "Sentences about pictures"
#   ko: "영상을 설명하는 문장"
# minutes: 8
# data:
#   en: scenes of a drawn shape and a real MNIST digit, composed on the spot, 6,000 to learn from
#   ko: 그린 도형과 실제 MNIST 숫자를 그 자리에서 합성한 장면, 학습용 6,000장
# accuracy:
#   en: "MEASURED"
#   ko: "MEASURED"
# seed: 16
# ---

# %% [markdown] lang="en"
# A label is one word. A sentence says what there is, how it looks and where it lies, and a network that writes one has to decide at each word where to look. In this notebook we
#
# - let an LSTM tell what it remembers of a picture (**show and tell**), in English and in Korean;
# - let it look again at every word (**show, attend and tell**) and draw where it looked;
# - search for the best sentence, count BLEU and, what matters more, **facts**;
# - set a small **transformer** beside it;
# - export eyes and one step of telling to every runtime.

# %% [markdown] lang="ko"
# 레이블은 한 단어입니다. 문장은 무엇이 어떤 모습으로 어디에 있는지 말하고, 문장을 쓰는 신경망은 단어마다 어디를 볼지 정해야 합니다. 이 노트북에서는
#
# - LSTM이 영상에서 기억하는 것을 말하게 합니다(**show and tell**). 영어로도, 한국어로도 합니다.
# - 단어마다 영상을 다시 보게 하고(**show, attend and tell**) 어디를 보았는지 그립니다.
# - 가장 좋은 문장을 찾고 BLEU를 세며, 더 중요한 **사실**을 셉니다.
# - 작은 **트랜스포머**를 나란히 놓습니다.
# - 눈과 말하기의 한 단계를 모든 실행 환경으로 내보냅니다.

# %%
import textwrap
import time
from collections import Counter

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import labs
from labs.data import scenes

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(16)

# %% [markdown] lang="en"
# ## 1. Scenes and sentences
#
# Captions of photographs are many and vague, and nobody can count what is right in them. Ours are of scenes with five **facts**: size, colour, form, place, digit. The digits are MNIST's, those in the test scenes by other writers. The Korean sentence begins with the digit, so its words come in another order, and its particle (이 or 가) depends on how the digit is *read*: 6이, 9가.

# %% [markdown] lang="ko"
# ## 1. 장면과 문장
#
# 사진의 설명은 여러 가지이고 모호하여 무엇이 맞았는지 세기 어렵습니다. 우리의 장면에는 **사실** 다섯 가지가 있습니다. 크기, 색, 모양, 자리, 숫자입니다. 숫자는 MNIST이고 시험 장면의 숫자는 다른 사람이 썼습니다. 한국어 문장은 숫자로 시작하여 어순이 다르고, 조사(이/가)는 숫자를 *읽는* 소리에 달렸습니다. 6이, 9가.

# %%
digits, count = labs.load("mnist", labs.profile.size), labs.profile.choose(full=6000, quick=640)
pictures, facts = scenes.compose(digits.x_train, digits.y_train, count, seed=1)
unseen, true = scenes.compose(digits.x_test, digits.y_test, labs.profile.choose(full=300, quick=60), seed=2)
spoken = np.random.default_rng(16).choice(scenes.LANGUAGES, count)
sentences = scenes.encode(facts, spoken)

# %%
titles = [textwrap.fill(scenes.text(scenes.words_of(row)), 23) for row in sentences[:8]]
labs.show.grid(pictures[:8], titles=titles, columns=4, source=digits.source)
print(len(scenes.WORDS), "words;", *sentences[0])

# %% [markdown] lang="en"
# The first word of a row is the language, the last is the end (0): a sentence's beginning tells the network which language to speak.
#
# ## 2. Show and tell
#
# A convolutional network makes of the picture a **grid** of 12x12 places and one **state** of 128 numbers, from two things: eight channels with their places (*where*) and the maximum of each channel anywhere (*what*). In *show and tell* (Vinyals et al., 2015) the state is all that the LSTM gets; then it guesses each word from those before it.

# %% [markdown] lang="ko"
# 줄의 첫 단어는 언어이고 마지막은 끝(0)입니다. 문장의 시작이 어느 언어로 말할지 알려 줍니다.
#
# ## 2. Show and tell
#
# 합성곱 신경망은 영상으로 12x12 자리의 **격자**와 수 128개의 **상태** 하나를 만듭니다. 상태는 자리를 간직한 채널 8개(*where*)와 채널마다 어디든 가장 큰 값(*what*)에서 나옵니다. *Show and tell*(Vinyals et al., 2015)에서 LSTM은 상태만 받고, 앞의 단어들을 보고 다음 단어를 알아맞힙니다.


# %%
def looking():
    inputs = keras.Input((48, 48, 3), name="input")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for filters, strides in ((24, 2), (48, 1), (64, 2), (64, 1)):
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
    few = layers.BatchNormalization(momentum=0.95)(layers.Conv2D(8, 1, use_bias=False)(x))
    where, what = layers.Flatten()(layers.ReLU()(few)), layers.Flatten()(layers.MaxPooling2D(12)(x))
    state = layers.Dense(128, activation="tanh")(layers.Concatenate()([where, what]))
    return keras.Model(inputs, {"grid": x, "state": state})


# %%
words, length = len(scenes.WORDS), scenes.LONGEST


def inputs_of_a_teller():
    return keras.Input((12, 12, 64)), keras.Input((128,)), keras.Input((length,), dtype="int32")


# %%
grid, state, given = inputs_of_a_teller()
x = layers.Embedding(words, 32)(given)
x = layers.LSTM(128, return_sequences=True)(x, initial_state=[state, state])
remembering = keras.Model([grid, state, given], layers.Dense(words, activation="softmax")(x))


# %%
def together(eyes, teller):
    picture, given = keras.Input((48, 48, 3)), keras.Input((length,), dtype="int32")
    looked = eyes(picture)
    return keras.Model([picture, given], teller([looked["grid"], looked["state"], given]))


# %%
def taught(eyes, teller, epochs):
    began, both, steps = time.process_time(), together(eyes, teller), epochs * (count // 32)
    rate = keras.optimizers.schedules.CosineDecay(1e-4, steps, warmup_target=2e-3, warmup_steps=steps // 10)
    both.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), "sparse_categorical_crossentropy")
    x, y = [pictures.astype("float32"), sentences[:, :-1]], sentences[:, 1:]
    both.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    print(f"{both.count_params():,} parameters, {time.process_time() - began:.0f} processor seconds")


# %% [markdown] lang="en"
# In training every word before the next is the true one. Alone, the network has to go on from **its own** words: here always with the likeliest, *greedily*, until it says the end.

# %% [markdown] lang="ko"
# 학습할 때는 다음 단어의 앞 단어가 모두 정답입니다. 혼자 말할 때는 **제 입으로 한** 말에서 이어 가야 합니다. 여기서는 끝을 말할 때까지 언제나 가장 그럴듯한 단어를 고릅니다(*탐욕* 탐색).


# %%
def tell(looked, teller, language):
    said = np.zeros((len(looked["state"]), length + 1), "int32")
    said[:, 0] = scenes.WORDS.index(f"<{language}>")
    for number in range(length):
        answer = teller.predict([looked["grid"], looked["state"], said[:, :-1]], batch_size=250, verbose=0)
        said[:, number + 1] = answer[:, number].argmax(axis=1)
    return said


# %%
def judge(name, eyes, teller):
    looked = eyes.predict(unseen, batch_size=250, verbose=0)
    for language in scenes.LANGUAGES:
        right = scenes.right(tell(looked, teller, language), true)
        print(
            f"{name} {language}: all facts right {right.all(axis=1).mean():.1%}; each",
            right.mean(axis=0).round(2),
        )


# %%
epochs, short_sighted = labs.profile.choose(full=5, quick=1), looking()
taught(short_sighted, remembering, epochs)
judge("remembering", short_sighted, remembering)

# %% [markdown] lang="en"
# MEASURED-REMEMBERING
#
# ## 3. Show, attend and tell
#
# Squeezing a picture into 128 numbers before the first word is known throws away what a later word will need. In *show, attend and tell* (Xu et al., 2015) the grid stays, and at every word the state asks it a question: a score for each of the 144 places, a softmax, and the mean of the grid **weighed by these**. The rest is a GRU, written out of dense layers: the *update* gate keeps, the *reset* gate forgets. So written, one step goes into every
# runtime, which recurrent layers do not.

# %% [markdown] lang="ko"
# MEASURED-REMEMBERING
#
# ## 3. Show, attend and tell
#
# 첫 단어도 모르면서 영상을 수 128개로 줄이면 나중 단어에 필요한 것까지 버립니다. *Show, attend and tell*(Xu et al., 2015)에서는 격자를 그대로 두고, 단어마다 상태가 격자에 묻습니다. 144자리의 점수, 소프트맥스, 그리고 **그 무게로 낸** 격자의 평균입니다. 나머지는 밀집층으로 적은 GRU입니다. *업데이트* 게이트는 지키고 *리셋* 게이트는 잊습니다. 이렇게 적으면 순환층과 달리
# 한 단계가 모든 실행 환경으로 갑니다.


# %%
def telling():
    grid, state = keras.Input((12, 12, 64), name="grid"), keras.Input((128,), name="state")
    word = keras.Input((words,), name="word")
    asked = layers.Reshape((1, 1, 64))(layers.Dense(64)(state))
    scores = layers.Conv2D(1, 1, use_bias=False)(layers.Multiply()([grid, asked]))
    where = layers.Softmax()(layers.Flatten()(scores))
    there = layers.Multiply()([grid, layers.Reshape((12, 12, 1))(where)])
    seen = layers.Rescaling(144)(layers.GlobalAveragePooling2D()(there))
    told = [layers.Dense(32, use_bias=False)(word), seen]
    x = layers.Concatenate()([*told, state])
    keep, reset = layers.Dense(128, activation="sigmoid")(x), layers.Dense(128, activation="sigmoid")(x)
    new = layers.Concatenate()([*told, layers.Multiply()([reset, state])])
    new = layers.Dense(128, activation="tanh")(new)
    after = layers.Add()([new, layers.Multiply()([keep, layers.Subtract()([state, new])])])
    said = layers.Dense(words, activation="softmax")(layers.Concatenate()([after, seen]))
    return keras.Model([grid, state, word], {"said": said, "after": after, "where": where})


# %%
eyes, step = looking(), telling()
grid, state, given = inputs_of_a_teller()
answers = [{"after": state}]
for number in range(length):
    answers.append(step([grid, answers[-1]["after"], ops.one_hot(given[:, number], words)]))

# %%
attending = keras.Model([grid, state, given], ops.stack([answer["said"] for answer in answers[1:]], axis=1))
taught(eyes, attending, epochs)
judge("attending", eyes, attending)

# %% [markdown] lang="en"
# MEASURED-ATTENDING
#
# **Where did it look?** One weight for each of the 144 places and each word, drawn over the picture:

# %% [markdown] lang="ko"
# MEASURED-ATTENDING
#
# **어디를 보았을까요?** 144자리와 단어마다 무게가 하나씩 있습니다. 영상 위에 그려 봅니다.

# %%
watched = keras.Model([grid, state, given], ops.stack([answer["where"] for answer in answers[1:]], axis=1))


def overlay(picture, weights):
    mask = cv2.resize(weights.reshape(12, 12), (48, 48), interpolation=cv2.INTER_CUBIC)[..., None]
    return (picture * (0.25 + 0.75 * np.clip(mask / mask.max(), 0, 1))).astype("uint8")


# %% tags=["cover"]
one, shown, titles = unseen[7], [], []
looked = eyes.predict(one[None], verbose=0)
for language in scenes.LANGUAGES:
    said = tell(looked, attending, language)
    maps = watched.predict([looked["grid"], looked["state"], said[:, :-1]], verbose=0)[0]
    titles += ["", *scenes.words_of(said[0])]
    shown += [one, *(overlay(one, weights) for weights in maps[: len(scenes.words_of(said[0]))])]
labs.show.grid(shown, titles=titles, columns=6, source=digits.source)

# %% [markdown] lang="en"
# MEASURED-MAPS
#
# ## 4. Greedy, beam, BLEU
#
# Greedy takes the likeliest word each time; a better sentence may begin with the second likeliest. A **beam** keeps the `width` likeliest beginnings. It needs only one step and its state, so it is written with `step` itself.

# %% [markdown] lang="ko"
# MEASURED-MAPS
#
# ## 4. 탐욕, 빔, BLEU
#
# 탐욕 탐색은 매번 가장 그럴듯한 단어를 고릅니다. 하지만 더 좋은 문장이 두 번째 단어로 시작할 수도 있습니다. **빔** 탐색은 가장 그럴듯한 앞부분 `width`개를 지닙니다. 한 단계와 그 상태만 있으면 되므로 `step`으로 적습니다.


# %%
def beam(looked, language, width=3):
    first = scenes.WORDS.index(f"<{language}>")
    grid, kept = (
        ops.convert_to_tensor(looked["grid"]),
        [(0.0, [first], ops.convert_to_tensor(looked["state"]))],
    )
    for _ in range(length):
        grown = [one for one in kept if one[1][-1] == 0]
        for score, row, state in [one for one in kept if one[1][-1] != 0]:
            answer = step([grid, state, ops.one_hot([row[-1]], words)])
            logs = np.log(np.maximum(answer["said"].numpy()[0], 1e-9))
            grown += [(score + logs[n], [*row, int(n)], answer["after"]) for n in np.argsort(-logs)[:width]]
        kept = sorted(grown, key=lambda one: -one[0])[:width]
    return kept


# %%
for score, row, _ in beam(looked, "ko"):
    print(f"{np.exp(score):.4f}", scenes.text(scenes.words_of(row)))

# %% [markdown] lang="en"
# **BLEU** (Papineni et al., 2002) is the usual figure for captions and translations: the share of the words, pairs, threes and fours of the sentence that are in the true one, as a geometric mean. It counts words, not facts:

# %% [markdown] lang="ko"
# **BLEU**(Papineni et al., 2002)는 설명문과 번역을 평가하는 흔한 수치입니다. 문장에 나오는 단어, 둘, 셋, 넷의 묶음이 정답에도 있는 비율의 기하평균입니다. 단어를 셀 뿐 사실을 세지 않습니다.


# %%
def bleu(said, truth):
    shares = []
    for n in range(1, 5):
        ours, theirs = (Counter(zip(*(row[i:] for i in range(n)), strict=False)) for row in (said, truth))
        shares.append((ours & theirs).total() / max(ours.total(), 1))
    return float(
        np.exp(np.mean(np.log(np.maximum(shares, 1e-9))) + min(0, 1 - len(truth) / max(len(said), 1)))
    )


# %%
truth = scenes.sentence([1, 0, 2, 0, 7], "en")
for wrong in ("a large red triangle is left of the digit 1", "a large red triangle is right of the digit 7"):
    print(f"BLEU {bleu(wrong.split(), truth):.2f}, facts {scenes.said(wrong.split())}: {wrong}")

# %%
looked = eyes.predict(unseen[: labs.profile.choose(50, 10)], verbose=0)
each = [{name: value[i : i + 1] for name, value in looked.items()} for i in range(len(looked["state"]))]
ways = {"greedy": tell(looked, attending, "en"), "beam of 3": [beam(one, "en")[0][1] for one in each]}
for name, rows in ways.items():
    scores = [
        bleu(scenes.words_of(row), scenes.sentence(one, "en")) for row, one in zip(rows, true, strict=False)
    ]
    right = scenes.right(rows, true[: len(rows)]).all(axis=1)
    print(f"{name:10} BLEU {np.mean(scores):.3f}, all facts right {right.mean():.1%} of {len(rows)}")

# %% [markdown] lang="en"
# MEASURED-BEAM
#
# ## 5. A transformer that tells
#
# The modern teller has no state that is handed on. Each word attends to **all words before it** (a causal mask) and to all places of the grid, and all words of a sentence learn at once. To be quick we leave the eyes as they are and teach only the teller.

# %% [markdown] lang="ko"
# MEASURED-BEAM
#
# ## 5. 말하는 트랜스포머
#
# 요즘의 모델에는 이어받는 상태가 없습니다. 단어마다 **앞의 모든 단어**(인과 마스크)와 격자의 모든 자리에 주의를 기울이고, 문장의 모든 단어가 한꺼번에 배웁니다. 빨리 하려고 눈은 그대로 두고 말하는 쪽만 가르칩니다.

# %%
grid, state, given = inputs_of_a_teller()
position = layers.Embedding(length, 64)(ops.arange(length))
x = layers.Embedding(words, 64)(given) + position
memory = layers.Concatenate(axis=1)([layers.Reshape((144, 64))(grid), layers.Reshape((2, 64))(state)])
for _ in range(2):
    among = layers.LayerNormalization()(x)
    x = x + layers.MultiHeadAttention(4, 16)(among, among, use_causal_mask=True)
    x = x + layers.MultiHeadAttention(4, 16)(layers.LayerNormalization()(x), memory)
    x = x + layers.Dense(64)(layers.Dense(128, activation="gelu")(layers.LayerNormalization()(x)))
transformer = keras.Model([grid, state, given], layers.Dense(words, activation="softmax")(x))

# %%
eyes.trainable = False
taught(eyes, transformer, epochs)
judge("transformer", eyes, transformer)

# %% [markdown] lang="en"
# MEASURED-TRANSFORMER
#
# ## 6. Eyes and tongue, everywhere
#
# Two networks with fixed shapes: the eyes, and one **step** that takes grid, state and the last word and gives the next word, the next state and where it looked. The loop around it is four lines in any language.

# %% [markdown] lang="ko"
# MEASURED-TRANSFORMER
#
# ## 6. 눈과 혀를 어디에나
#
# 모양이 고정된 신경망 둘입니다. 눈, 그리고 격자와 상태와 마지막 단어를 받아 다음 단어와 다음 상태, 어디를 보았는지를 내는 **한 단계**입니다. 둘러싼 반복문은 어느 언어로든 네 줄입니다.

# %%
looked, first = eyes.predict(unseen[:8], verbose=0), np.eye(words, dtype="float32")[[1, 2] * 4]
labs.export(eyes, "saved_models/my_eyes", (), unseen[:8], source=digits.source)
labs.export(step, "saved_models/my_step", scenes.WORDS, [looked["grid"], looked["state"], first])
[labs.check(f"saved_models/my_{name}", seconds=300) for name in ("eyes", "step")]

# %% [markdown] lang="en"
# LIVE
#
# ## Exercises
#
# **1.** How sure is it? Give the probability of a whole sentence, greedy, for each of the first 100 unseen scenes in English: the product of its words' probabilities. Are the wrong ones less sure?

# %% [markdown] lang="ko"
# LIVE
#
# ## 연습 문제
#
# **1.** 얼마나 확신할까요? 처음 보는 장면 100개에 대해 탐욕 탐색으로 얻은 영어 문장의 확률, 곧 단어 확률의 곱을 구하세요. 틀린 문장은 확신이 덜할까요?

# %% tags=["exercise"]
looked = eyes.predict(unseen[:100], verbose=0)
said = tell(looked, attending, "en")
# solution
answer = attending.predict([looked["grid"], looked["state"], said[:, :-1]], verbose=0)
sure = np.take_along_axis(answer, said[:, 1:, None], axis=2)[..., 0].prod(axis=1)
# end solution
right = scenes.right(said, true[:100]).all(axis=1)
print(
    f"right ones {sure[right].mean():.2f}; of the ten least sure {np.mean(right[np.argsort(sure)[:10]]):.0%} are right"
)

# %% [markdown] lang="en"
# ## What to remember
#
# - A teller learns the next word from the true ones before it, and speaks from its own.
# - Attention keeps the picture in sight; its maps tell where the network looked, not why.
# - BLEU counts words. Count facts where you can.
# - Export **one step**; the loop belongs to whoever runs it.
#
# **When it goes wrong.** *Always the same sentence*: the picture does not reach the teller; look at the state's spread. *Right words, wrong place*: pooled features know no places; keep the grid, or flatten. *Perfect in training, poor alone*: it goes on from its own mistakes; a beam, or more data. *Attention everywhere*: the state already knew.

# %% [markdown] lang="ko"
# ## 기억할 것
#
# - 말하는 신경망은 정답인 앞 단어에서 다음 단어를 배우고, 말할 때는 제 말에서 이어 갑니다.
# - 주의는 영상을 눈앞에 둡니다. 주의 지도는 어디를 보았는지 말할 뿐 왜 보았는지는 말하지 않습니다.
# - BLEU는 단어를 셉니다. 셀 수 있다면 사실을 세세요.
# - **한 단계**를 내보내세요. 반복문은 실행하는 쪽의 몫입니다.
#
# **잘 안 될 때.** *언제나 같은 문장이다*: 영상이 전해지지 않습니다. 상태가 얼마나 달라지는지 보세요. *단어는 맞는데 자리가 틀린다*: 평균을 낸 특징은 자리를 모릅니다. 격자를 지키거나 펼치세요. *학습 때는 완벽한데 혼자서는 못한다*: 제 실수에서 이어 가기 때문입니다. 빔을 쓰거나 데이터를 늘리세요. *아무 데나 본다*: 상태가 이미 알고 있었습니다.
