# ---
# title:
#   en: "Words as vectors"
#   ko: "단어를 벡터로"
# minutes: 3
# data:
#   en: WordNet's explanations of 25,230 things, 15,385 sentences of LibreOffice's Korean help, 2,400 GloVe vectors (all bundled)
#   ko: WordNet의 사물 설명 25,230개, LibreOffice 한국어 도움말 문장 15,385개, GloVe 벡터 2,400개(모두 함께 들어 있음)
# accuracy:
#   en: "analogies: GloVe 83 to 100 % right, 24 to 87 % when the words of the question are allowed; our own 43 % of plurals, nothing else"
#   ko: "유추: GloVe 83~100 %, 질문의 단어를 빼지 않으면 24~87 %. 직접 배운 벡터는 복수형만 43 %"
# seed: 16
# ---

# %% [markdown] lang="en"
# A network that names pictures knows a fixed list of names. Before it can name what nobody has shown it, it must learn what words mean. In this notebook we
#
# - learn **word vectors** from a small text alone, by skip-gram with negative sampling, written out;
# - ask for neighbours and analogies, and see **what they are worth**;
# - do the same in **Korean**, by whole words, by syllables and by jamo;
# - export the vectors, as a network, to every runtime.
#
# Lab 16b brings pictures into the same space, 16c sounds.

# %% [markdown] lang="ko"
# 영상에 이름을 붙이는 신경망은 정해진 이름만 압니다. 아무도 보여 준 적 없는 것의 이름을 말하려면 먼저 단어의 뜻을 배워야 합니다. 이 노트북에서는
#
# - 작은 글만 보고 **단어 벡터**를 배웁니다. 네거티브 샘플링을 쓰는 skip-gram을 직접 적습니다.
# - 이웃과 유추를 물어보고 **그 값어치**를 따져 봅니다.
# - **한국어**도 단어로, 음절로, 자모로 나누어 배웁니다.
# - 벡터를 신경망으로 만들어 모든 실행 환경으로 내보냅니다.
#
# 실습 16b에서는 영상을, 16c에서는 소리를 같은 공간에 넣습니다.

# %%
import itertools
import time
from collections import Counter

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import labs
from labs.data import texts

tf.get_logger().setLevel("ERROR")
keras.utils.set_random_seed(16)

# %% [markdown] lang="en"
# ## 1. A word and its company
#
# "You shall know a word by the company it keeps" (J. R. Firth, 1957). Our English text is a dictionary's: for every animal, tool, food and part of the body in Princeton's WordNet its names, then what it is (`data/README.md`
# tells origin and licence). With 360,000 words it is small, but each line *says* what a thing is.

# %% [markdown] lang="ko"
# ## 1. 단어와 그 친구들
#
# "단어는 함께 다니는 친구를 보면 안다"(J. R. Firth, 1957). 우리의 영어 글은 사전에서 왔습니다. 프린스턴 WordNet에 있는 동물, 도구, 음식, 몸의 부분마다 이름을 적고 그것이 무엇인지 설명합니다(출처와 라이선스는 `data/README.md`).
# 36만 단어로 작지만, 줄마다 사물이 무엇인지를 *말해* 줍니다.

# %%
english = texts.read("english")
for line in (line for line in english if line[0] in ("frog", "truck")):
    print(" ".join(line))

# %% [markdown] lang="en"
# **Skip-gram** (Mikolov et al., 2013) makes a task of it: given a word, guess those up to five places away. Rare words teach nothing yet, so we take what occurs at least eight times. Words that are
# everywhere (*the*, *of*) teach little: of a word with the share $s$ of the text only $\sqrt{0.001/s}$ are kept, at random.

# %% [markdown] lang="ko"
# **Skip-gram**(Mikolov et al., 2013)은 이것을 문제로 만듭니다. 단어 하나를 보고 다섯 자리 안에 있는 단어를 알아맞힙니다. 드문 단어는 배울 거리가 모자라므로 여덟 번 이상 나온 단어만 씁니다. 어디에나 있는
# 단어(*the*, *of*)는 가르쳐 주는 것이 적습니다. 글에서 차지하는 비율이 $s$인 단어는 $\sqrt{0.001/s}$만큼만 임의로 남깁니다.


# %%
def vocabulary(lines, least):
    counts = Counter(word for line in lines for word in line)
    words = [word for word, count in counts.most_common() if count >= least]
    return words, np.array([counts[word] for word in words]) / sum(counts[word] for word in words)


# %%
def pairs(lines, words, share, window=5):
    number, draw = {word: place for place, word in enumerate(words)}, np.random.default_rng(16)
    kept, found = np.minimum(1, np.sqrt(0.001 / share)), []
    for line in lines:
        ids = np.array([number[word] for word in line if word in number], int)
        ids = ids[draw.random(len(ids)) < kept[ids]]
        for apart in range(1, min(window, len(ids) - 1) + 1):
            both = np.stack([ids[:-apart], ids[apart:]], axis=1)
            found += [both, both[:, ::-1]]
    return np.concatenate(found)


# %%
words, share = vocabulary(english, least=8)
together = pairs(english, words, share)
print(f"{len(words):,} words, {len(together):,} pairs:", *(f"{words[a]}-{words[b]}" for a, b in together[:6]))

# %% [markdown] lang="en"
# ## 2. Negative sampling
#
# A softmax over 5,000 words for each pair would be dear. **Negative sampling** asks a smaller question: is this a true pair, or one with a word drawn at random (from the frequencies to the power ¾)? Each word has two vectors, $v$ as the word asked about and $u$ as a neighbour; with $k = 5$ false neighbours the loss is
#
# $$-\log\sigma(u_+ \cdot v) - \sum_{i=1}^{k} \log\sigma(-u_i \cdot v)$$
#
# and $-\log\sigma(x)$ is `softplus(-x)`. A batch shares 64 false words and weighs them as five. `rows` says of which **pieces** a word is made, its vector is their mean: in English a word is its only piece; in section 4 that changes.

# %% [markdown] lang="ko"
# ## 2. 네거티브 샘플링
#
# 쌍마다 단어 5,000개에 소프트맥스를 하기에는 너무 비쌉니다. **네거티브 샘플링**은 더 작은 질문을 합니다. 진짜 쌍인가, 아니면 (빈도의 ¾제곱에 비례하여) 아무렇게나 뽑은 단어와의 쌍인가? 단어마다 벡터가 둘 있습니다. 물어보는 단어일 때의 $v$와 이웃일 때의 $u$입니다. 가짜 이웃을 $k = 5$개 쓰면 손실은
#
# $$-\log\sigma(u_+ \cdot v) - \sum_{i=1}^{k} \log\sigma(-u_i \cdot v)$$
#
# 이고, $-\log\sigma(x)$는 `softplus(-x)`입니다. 가짜 단어 64개를 배치가 함께 쓰고 다섯 개의 무게로 셉니다. `rows`는 단어가 어떤 **조각**으로 이루어지는지 말하고, 단어의 벡터는 조각의 평균입니다. 영어에서는 단어가 곧 조각 하나이지만 4절에서 달라집니다.


# %%
def vectors_of(rows, pieces):
    """The mean of each word's pieces; piece 0 is an empty place."""
    there = tf.cast(rows > 0, "float32")[..., None]
    return tf.reduce_sum(tf.gather(pieces, rows) * there, axis=1) / tf.reduce_sum(there, axis=1)


def skip_gram(pieces, neighbours, optimizer):
    @tf.function
    def step(rows, near, false):
        with tf.GradientTape() as tape:
            word = vectors_of(rows, pieces)
            right = tf.reduce_sum(word * tf.gather(neighbours, near), axis=1)
            wrong = tf.matmul(word, tf.gather(neighbours, false), transpose_b=True)
            loss = tf.reduce_mean(tf.nn.softplus(-right)) + 5 * tf.reduce_mean(tf.nn.softplus(wrong))
        optimizer.apply(tape.gradient(loss, [pieces, neighbours]), [pieces, neighbours])

    return step


# %%
def learn(rows, together, share, epochs, batch=2048):
    pieces = tf.Variable(tf.random.uniform((rows.max() + 1, 64), -0.01, 0.01))
    neighbours = tf.Variable(tf.zeros((len(rows), 64)))
    optimizer = keras.optimizers.Adam(3e-3)
    optimizer.build([pieces, neighbours])
    step, draw = skip_gram(pieces, neighbours, optimizer), np.random.default_rng(16)
    noise = share**0.75 / np.sum(share**0.75)
    for _ in range(epochs):
        shuffled = draw.permutation(together)
        for start in range(0, len(shuffled) - batch + 1, batch):
            word, near = shuffled[start : start + batch].T
            step(rows[word], near, draw.choice(len(rows), 64, p=noise))
    return pieces.numpy()


# %%
began = time.process_time()
single = np.arange(1, len(words) + 1, dtype="int32")[:, None]
ours = learn(single, together, share, labs.profile.choose(full=5, quick=1))[1:]
print(f"{ours.shape} in {time.process_time() - began:.0f} processor seconds")


# %%
def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


def nearest(vector, words, table, count=7, without=()):
    order = np.argsort(-(unit(table) @ unit(vector)))
    return [words[place] for place in order[: count + len(without)] if words[place] not in without][:count]


# %%
for word in ("dog", "wheel", "milk", "frog", "ship"):
    print(f"{word:6}", *nearest(ours[words.index(word)], words, ours, without=[word]))

# %% [markdown] lang="en"
# Nobody told it what an animal is. On a map (the two directions in which these words vary most) the kinds lie apart:

# %% [markdown] lang="ko"
# 동물이 무엇인지 아무도 알려 주지 않았습니다. 지도(이 단어들이 가장 많이 달라지는 두 방향)를 그려 보면 종류끼리 모여 있습니다.

# %%
kinds = {
    "animals": "dog cat horse deer frog bird snake goat duck wolf",
    "vehicles": "car truck ship airplane train boat bicycle bus",
    "food": "milk bread meat sugar cheese",
}

# %% tags=["cover"]
shown = {word: f"C{number}" for number, text in enumerate(kinds.values()) for word in text.split()}
some = unit(np.array([ours[words.index(word)] for word in shown]))
places = (some - some.mean(axis=0)) @ np.linalg.svd(some - some.mean(axis=0))[2][:2].T
figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
axes.scatter(*places.T, s=12, c=list(shown.values()))
for (word, colour), (x, y) in zip(shown.items(), places, strict=True):
    axes.annotate(word, (x, y), (3, 3), textcoords="offset points", color=colour)
axes.margins(0.1)
axes.set(xticks=[], yticks=[], title=" · ".join(kinds))
plt.show()

# %% [markdown] lang="en"
# ## 3. Analogies, and what they are worth
#
# *man is to woman as king is to ...*: the nearest word to *king - man + woman*, **the three words of the question left out**. Beside ours we take **GloVe** (Pennington et al., 2014), learnt from six
# billion words; 2,400 of its 400,000 vectors, rounded to 8 bits, are bundled, so its questions are easier than in the paper. We ask both, and count as well what would be right if the three words were allowed.

# %% [markdown] lang="ko"
# ## 3. 유추, 그리고 그 값어치
#
# *man과 woman의 관계는 king과 무엇의 관계인가*: *king - man + woman*에 가장 가까운 단어를, **질문의 세 단어를 빼고** 찾습니다. 우리 것 옆에 60억 단어로 배운 **GloVe**(Pennington et al., 2014)를 놓습니다. 벡터 40만 개 가운데
# 2,400개를 8비트로 줄여 담았으므로 논문보다 쉬운 문제입니다. 둘에게 묻고, 세 단어를 빼지 않으면 몇 개가 맞는지도 셉니다.

# %%
glove = texts.glove()
both = {"ours": (words, ours), "GloVe": (list(glove), np.array(list(glove.values())))}
questions = {
    "people": "man woman king queen boy girl brother sister father mother son daughter uncle aunt",
    "degree": "big bigger small smaller fast faster slow slower high higher low lower young younger",
    "capital": "korea seoul japan tokyo france paris germany berlin italy rome china beijing",
    "one, many": "dog dogs cat cats horse horses bird birds car cars ship ships truck trucks",
    "past": "go went come came take took see saw give gave run ran",
}


# %%
def analogies(text, words, table):
    """How many questions a : b = c : ? there are, and the shares answered without and with the three words."""
    listed, found = text.split(), []
    couples = [pair for pair in zip(listed[::2], listed[1::2], strict=True) if {*pair} <= {*words}]
    row = {word: unit(table[words.index(word)]) for pair in couples for word in pair}
    for (a, b), (c, d) in itertools.permutations(couples, 2):
        asked = row[c] - row[a] + row[b]
        found.append([nearest(asked, words, table, 1, left_out) == [d] for left_out in ([a, b, c], [])])
    return len(found), *np.mean(found or [[0, 0]], axis=0)


# %%
for name, text in questions.items():
    for whose, (listed, table) in both.items():
        asked, right, strict = analogies(text, listed, table)
        print(
            f"{name:9} {whose:5} {asked:3} questions, right {right:4.0%}, with nothing left out {strict:4.0%}"
        )

# %% [markdown] lang="en"
# GloVe answers most of them; but allow the words of the question, and of the degrees only a quarter is left, because *king - man + woman* stays nearest to *king*. Ours has learnt from a 16,000th of the text and answers plurals at best:
# its dictionary has few kings and no capital. Neighbours come cheap, analogies need a library.
#
# ## 4. Korean: one word, many faces
#
# Cut at the spaces, *셀을*, *셀의* and *셀에서* are three words for *cell*, and each learns by itself. Our Korean text is LibreOffice's help, so a *셀* is a table's: the open Korean texts that packages carry are manuals, and a text teaches its own world.

# %% [markdown] lang="ko"
# GloVe는 대부분 맞힙니다. 하지만 질문의 단어를 빼지 않으면 비교급은 4분의 1만 남습니다. *king - man + woman*에 가장 가까운 것은 여전히 *king*이기 때문입니다. 우리 벡터는 그 16,000분의 1만 읽었고 복수형이나 겨우 맞힙니다.
# 사전에는 왕이 드물고 수도는 없습니다. 이웃은 값싸게 배우지만 유추에는 도서관이 필요합니다.
#
# ## 4. 한국어: 한 낱말의 여러 얼굴
#
# 띄어쓰기로만 자르면 *셀을*, *셀의*, *셀에서*가 서로 다른 단어가 되어 따로따로 배웁니다. 한국어 글은 LibreOffice 도움말이라 *셀*은 표의 칸입니다. 패키지에 실린 공개 한국어 글은 대개 설명서이고, 글은 자기 세상만 가르칩니다.

# %%
korean = texts.read("korean")
counts = Counter(word for line in korean for word in line)
forms = [f"{word} {count}" for word, count in counts.most_common() if word.startswith("셀")]
print(f"{len(counts):,} words, {sum(count < 5 for count in counts.values()):,} of them fewer than five times")
print(f"셀: {len(forms)} forms,", ", ".join(forms[:12]))

# %% [markdown] lang="en"
# **fastText** (Bojanowski et al., 2017) makes a word's vector the mean of its *pieces'*. For Hangul two kinds offer themselves: **syllables**, alone and in twos, and **jamo** in threes to fives, which see
# that 저장됩니다 and 저장된 share more than two syllables. `labs.hangul.jamo.split` takes a syllable apart (lab 04); `<` and `>` are the word's ends.

# %% [markdown] lang="ko"
# **fastText**(Bojanowski et al., 2017)는 단어의 벡터를 *조각*의 평균으로 합니다. 한글에는 두 가지 조각이 어울립니다. **음절** 하나와 둘, 그리고 **자모** 셋에서 다섯입니다. 자모는
# 저장됩니다와 저장된이 두 음절보다 더 많은 것을 나눈다는 사실을 봅니다. `labs.hangul.jamo.split`이 음절을 나눕니다(실습 04). `<`와 `>`는 단어의 양 끝입니다.


# %%
def pieces(word, by):
    if by == "word":
        return [word]
    letters = word if by == "syllable" else "".join(part for s in word for part in labs.hangul.jamo.split(s))
    letters, lengths = f"<{letters}>", (1, 2) if by == "syllable" else (3, 4, 5)
    return [letters[i : i + n] for n in lengths for i in range(len(letters) - n + 1)]


# %%
print(*pieces("셀을", "syllable"))
print(*pieces("셀을", "jamo"))


# %%
def numbered(words, by, longest=24):
    cut = [pieces(word, by)[:longest] for word in words]
    number = {piece: place + 1 for place, piece in enumerate(sorted({p for row in cut for p in row}))}
    rows = np.zeros((len(cut), max(map(len, cut))), "int32")
    for row, listed in zip(rows, cut, strict=True):
        row[: len(listed)] = [number[piece] for piece in listed]
    return number, rows


# %%
ko_words, ko_share = vocabulary(korean, least=5)
ko_together, ko_vectors = pairs(korean, ko_words, ko_share), {}
for by in ("word", "syllable", "jamo"):
    number, rows = numbered(ko_words, by)
    table = learn(rows, ko_together, ko_share, labs.profile.choose(full=3, quick=1))
    ko_vectors[by] = number, table, vectors_of(rows, table).numpy()


# %%
def vector_of(word, by):
    number, table, _ = ko_vectors[by]
    known = [number[piece] for piece in pieces(word, by) if piece in number]
    return table[known].mean(axis=0) if known else None


# %%
for word, by in itertools.product(("왼쪽", "열을", "저장합니다", "저장되기"), ko_vectors):
    vector = vector_of(word, by)
    found = ["-"] if vector is None else nearest(vector, ko_words, ko_vectors[by][2], 5, [word])
    print(f"{word}, {counts[word]} times, by {by:8}:", *found)

# %% [markdown] lang="en"
# By whole words the neighbours belong to one *topic* (저장합니다 beside other words of files), and three words of four, 저장되기 among them, are too rare for a vector. By pieces every word has one, and the neighbours share its stem (왼쪽의, 저장된)
# or only its *ending*: 열을 (column) lies beside 행을 (row), but also beside 연결을 and 계열을, and 저장합니다 beside 할당합니다. Words know topics, pieces know grammar; fastText takes both (exercise 1).
#
# ## 5. Words in every runtime
#
# A table of vectors is a dense layer without bias: it takes how often each word occurs in a query and gives the query's direction. So the vectors go wherever networks go. It is no classifier, so it has no labels, and `labs.check` compares the numbers.

# %% [markdown] lang="ko"
# 단어로 배우면 이웃은 같은 *주제*의 말입니다(저장합니다 곁에 파일에 관한 말). 그리고 저장되기를 비롯하여 네 단어 가운데 셋은 너무 드물어 벡터가 없습니다. 조각으로 배우면 모든 단어에 벡터가 있고, 이웃은 줄기가 같거나(왼쪽의, 저장된)
# *어미*만 같습니다. 열을 곁에는 행을도 있지만 연결을, 계열을도 있고, 저장합니다 곁에는 할당합니다가 있습니다. 단어는 주제를, 조각은 문법을 압니다. fastText는 둘 다 씁니다(연습 문제 1).
#
# ## 5. 모든 실행 환경의 단어
#
# 벡터의 표는 편향이 없는 밀집층입니다. 질의에 단어가 각각 몇 번 나오는지를 받아 질의의 방향을 냅니다. 그래서 벡터는 신경망이 가는 곳이면 어디든 갑니다. 분류기가 아니므로 레이블이 없고, `labs.check`는 수를 견줍니다.

# %%
inputs = keras.Input((len(glove),), name="input")
table = layers.Dense(100, use_bias=False)
tower = keras.Model(inputs, layers.UnitNormalization()(table(inputs)))
table.set_weights([np.array(list(glove.values()))])

# %%
queries = np.eye(len(glove), dtype="float32")[:8]
labs.export(tower, "saved_models/my_words", (), queries, source="GloVe 6B, 100 numbers (PDDL)")
labs.check("saved_models/my_words", seconds=300)

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** fastText counts **the word itself as one more piece**. Write `mixed`, which gives the jamo pieces and the word.

# %% [markdown] lang="ko"
# ## 연습 문제
#
# **1.** fastText는 **단어 자체도 조각 하나로** 넣습니다. 자모 조각과 단어를 함께 주는 `mixed`를 쓰세요.


# %% tags=["exercise"]
def mixed(word):
    # solution
    return [word, *pieces(word, "jamo")]
    # end solution


print(len(mixed("저장합니다")), "pieces, the first:", *mixed("저장합니다")[:3])

# %% [markdown] lang="en"
# **2.** *Which of these does not belong?* Give the word whose vector lies farthest from the mean of all (unit length, cosine).

# %% [markdown] lang="ko"
# **2.** *어느 것이 어울리지 않을까요?* 벡터가 전체의 평균에서 가장 먼 단어를 답하세요(길이 1, 코사인).


# %% tags=["exercise"]
def odd_one_out(text):
    # solution
    listed = text.split()
    rows = np.array([glove[word] for word in listed])
    return listed[int(np.argmin(unit(rows) @ unit(unit(rows).mean(axis=0))))]
    # end solution


print(odd_one_out("dog cat horse truck"), odd_one_out("car ship truck bird"))

# %% [markdown] lang="en"
# ## What to remember
#
# - A word's vector is learnt from its neighbours; **true pair or false?** takes the place of a softmax over all words.
# - A text teaches its own world: a dictionary knows animals, a manual knows cells of tables.
# - Analogies shine because the words of the question are left out. Count without leaving them out, too.
# - Korean needs pieces: of words in many forms each form is rare. Pieces bring grammar along with meaning.
#
# **When it goes wrong.** *All neighbours are frequent words*: drop more of them (0.001 smaller), or train longer. *The loss falls and the neighbours are chance*: look whether pairs are words of one line. *A word has no vector*: it is
# rarer than `least`; take pieces, or say so, as a program must.

# %% [markdown] lang="ko"
# ## 기억할 것
#
# - 단어의 벡터는 이웃에서 배웁니다. 모든 단어의 소프트맥스 대신 **진짜 쌍인가, 가짜 쌍인가**를 묻습니다.
# - 글은 자기 세상만 가르칩니다. 사전은 동물을 알고, 설명서는 표의 셀을 압니다.
# - 유추가 잘되어 보이는 것은 질문의 단어를 빼기 때문입니다. 빼지 않고도 세어 보세요.
# - 한국어에는 조각이 필요합니다. 한 낱말의 꼴이 많아 저마다 드물기 때문입니다. 조각은 뜻과 함께 문법도 데려옵니다.
#
# **잘 안 될 때.** *이웃이 모두 흔한 단어다*: 더 많이 빼거나(0.001을 작게) 더 오래 학습하세요. *손실은 줄어드는데 이웃이 엉뚱하다*: 쌍이 같은 줄의 단어인지 보세요. *단어에 벡터가 없다*: `least`보다 드문 단어입니다. 조각을 쓰거나,
# 프로그램이라면 없다고 말해야 합니다.
