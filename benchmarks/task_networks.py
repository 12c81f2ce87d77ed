"""Networks of tasks beyond one label a picture: detectors, segmenters, generators, readers, words, sound.

Each stands for a part that a real one is made of. `benchmarks/networks.py` gives them weights and inputs.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

VOCABULARY = 10  # of every input of whole numbers


def _pixels(size=32, channels=3):
    inputs = keras.Input((size, size, channels))
    return inputs, layers.Rescaling(1 / 127.5, offset=-1)(inputs)


def _convolved(x, filters, strides=1, **options):
    return layers.Conv2D(filters, 3, strides, padding="same", activation="relu", **options)(x)


def grouped_convolution():
    """ResNeXt's block: convolution in four groups."""
    inputs, x = _pixels()
    x = _convolved(x, 16, 2)
    x = layers.Add()([x, layers.Conv2D(16, 3, padding="same", groups=4)(x)])
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def atrous_separable():
    """Xception's and DeepLab's convolutions: depthwise with holes, and two filters a channel."""
    inputs, x = _pixels()
    x = _convolved(x, 8, 2)
    x = layers.SeparableConv2D(12, 3, padding="same", dilation_rate=2, activation="relu")(x)
    x = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x)
    x = layers.SeparableConv2D(12, 3, padding="valid", dilation_rate=3, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def aspp():
    """DeepLab v3's head: holes of three sizes beside the picture's mean, upsampled to the mask."""
    inputs, x = _pixels()
    x = _convolved(_convolved(x, 8, 2), 16, 2)
    branches = [layers.Conv2D(8, 1, activation="relu")(x)]
    branches += [_convolved(x, 8, dilation_rate=rate) for rate in (2, 3)]
    pooled = layers.Conv2D(8, 1, activation="relu")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    branches.append(layers.UpSampling2D(8, interpolation="bilinear")(pooled))
    x = layers.Conv2D(5, 1)(layers.Concatenate()(branches))
    return keras.Model(inputs, layers.Softmax()(layers.UpSampling2D(4, interpolation="bilinear")(x)))


def argmax_mask():
    """A segmenter that answers with class numbers."""
    inputs, x = _pixels()
    x = layers.UpSampling2D(2)(_convolved(_convolved(x, 8, 2), 8))
    return keras.Model(inputs, ops.argmax(layers.Conv2D(5, 3, padding="same")(x), axis=-1))


def top_k():
    """The three best classes and their probabilities."""
    inputs, x = _pixels()
    x = layers.GlobalAveragePooling2D()(_convolved(_convolved(x, 8, 2), 16, 2))
    values, indices = ops.top_k(layers.Dense(10, activation="softmax")(x), 3)
    return keras.Model(inputs, {"probabilities": values, "classes": indices})


def heatmap_peaks():
    """CenterNet's suppression: a heat map where it equals its own 3 x 3 maximum."""
    inputs, x = _pixels()
    heat = layers.Conv2D(2, 1, activation="sigmoid")(_convolved(_convolved(x, 8, 2), 8))
    highest = layers.MaxPooling2D(3, 1, padding="same")(heat)
    return keras.Model(inputs, heat * ops.cast(ops.equal(heat, highest), "float32"))


def center_boxes():
    """CenterNet to the end: peaks, the best five, and their boxes picked from the maps of size and offset."""
    inputs, x = _pixels()
    x = _convolved(_convolved(x, 8, 2), 16, 2)
    heat = layers.Conv2D(2, 1, activation="sigmoid")(x)
    sizes = layers.Reshape((64, 2))(layers.Conv2D(2, 1)(x))
    offsets = layers.Reshape((64, 2))(layers.Conv2D(2, 1, activation="sigmoid")(x))
    peaks = heat * ops.cast(ops.equal(heat, layers.MaxPooling2D(3, 1, padding="same")(heat)), "float32")
    scores, places = ops.top_k(layers.Reshape((128,))(peaks), 5)
    cells = places // 2
    picked = ops.expand_dims(cells, -1)
    centres = ops.cast(ops.stack([cells % 8, cells // 8], axis=-1), "float32")
    centres = 4 * (centres + ops.take_along_axis(offsets, picked, axis=1))
    halves = 2 * ops.exp(ops.take_along_axis(sizes, picked, axis=1))
    boxes = ops.concatenate([centres - halves, centres + halves], axis=-1)
    return keras.Model(inputs, {"boxes": boxes, "scores": scores, "classes": places % 2})


def grid_boxes():
    """YOLO's decoding in the graph: sigmoid and grid for the centre, exp and anchor for the size."""
    inputs, x = _pixels()
    x = _convolved(_convolved(x, 8, 2), 16, 2)
    raw = layers.Reshape((64, 3, 7))(layers.Conv2D(21, 1)(x))
    grid = np.stack(np.meshgrid(np.arange(8), np.arange(8)), -1).reshape(1, 64, 1, 2).astype("float32")
    anchors = np.array([[4, 6], [8, 8], [12, 20]], "float32").reshape(1, 1, 3, 2)
    centres = 4 * (ops.sigmoid(raw[..., :2]) + grid)
    sizes = ops.exp(raw[..., 2:4]) * anchors
    scores = ops.sigmoid(raw[..., 4:5]) * ops.softmax(raw[..., 5:], axis=-1)
    boxes = ops.concatenate([centres - sizes / 2, centres + sizes / 2], axis=-1)
    return keras.Model(
        inputs, {"boxes": ops.reshape(boxes, (-1, 192, 4)), "scores": ops.reshape(scores, (-1, 192, 2))}
    )


def soft_argmax():
    """Key points as the mean place under a heat map's softmax."""
    inputs, x = _pixels()
    heat = layers.Conv2D(4, 1)(_convolved(_convolved(x, 8, 2), 8))
    share = ops.softmax(layers.Reshape((4, 256))(layers.Permute((3, 1, 2))(heat)), axis=-1)
    y, x = np.divmod(np.arange(256), 16)
    places = ops.matmul(share, np.stack([x, y], -1).astype("float32"))
    return keras.Model(inputs, 2 * places + 1)


def resizing():
    """Resize layers: smaller by bilinear, larger by nearest, uneven factors."""
    inputs, x = _pixels()
    x = _convolved(layers.Resizing(20, 24)(x), 8, 2)
    x = _convolved(layers.Resizing(15, 18, interpolation="nearest")(x), 8)
    x = _convolved(layers.UpSampling2D((2, 3))(x), 8)
    return keras.Model(inputs, layers.Conv2D(3, 1)(layers.UpSampling2D((3, 2), interpolation="bilinear")(x)))


@keras.saving.register_keras_serializable("labs_benchmarks")
class AlignedCorners(layers.Layer):
    """Bilinear upsampling whose corner pixels stay where they are, as in PyTorch's align_corners."""

    def call(self, x):
        return tf.compat.v1.image.resize_bilinear(x, (32, 32), align_corners=True)


def align_corners():
    inputs, x = _pixels()
    x = AlignedCorners()(_convolved(_convolved(x, 8, 2), 8))
    return keras.Model(inputs, layers.Conv2D(3, 1)(x))


def group_normalization():
    inputs, x = _pixels()
    x = layers.GroupNormalization(4)(layers.Conv2D(16, 3, 2, padding="same")(x))
    x = layers.GroupNormalization(2)(_convolved(layers.ReLU()(x), 8))
    return keras.Model(inputs, layers.Conv2D(3, 1, activation="tanh")(x))


def reflect_instance():
    """Style transfer's block: reflect padding, convolution, instance normalisation, a residual."""
    inputs, x = _pixels()
    x = _convolved(x, 8, 2)
    y = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
    y = layers.GroupNormalization(-1)(layers.Conv2D(8, 3)(y))
    x = layers.UpSampling2D()(x + layers.ReLU()(y))
    x = ops.pad(x, ((0, 0), (4, 4), (4, 4), (0, 0)), mode="reflect")
    return keras.Model(inputs, 127.5 * layers.Conv2D(3, 9, activation="tanh")(x) + 127.5)


def pixel_shuffle():
    """Super-resolution: channels become pixels, by reshape and transpose."""
    inputs, x = _pixels(16)
    x = layers.Conv2D(12, 3, padding="same")(_convolved(x, 16))
    x = layers.Permute((1, 3, 2, 4, 5))(layers.Reshape((16, 16, 2, 2, 3))(x))
    return keras.Model(inputs, layers.Reshape((32, 32, 3))(x))


@keras.saving.register_keras_serializable("labs_benchmarks")
class DepthToSpace(layers.Layer):
    def call(self, x):
        return tf.nn.depth_to_space(x, 2)


def depth_to_space():
    """The same by TensorFlow's own operation."""
    inputs, x = _pixels(16)
    return keras.Model(inputs, DepthToSpace()(layers.Conv2D(12, 3, padding="same")(_convolved(x, 16))))


def squeeze_excite():
    inputs, x = _pixels()
    x = _convolved(x, 16, 2)
    weight = layers.Dense(4, activation="relu")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    x = x * layers.Dense(16, activation="sigmoid")(weight)
    x = layers.Activation("hard_swish")(_convolved(x, 16, 2))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def channel_attention():
    """CBAM: one small network over mean and maximum, then a map from the channels' mean and maximum."""
    inputs, x = _pixels()
    x = _convolved(x, 16, 2)
    small, large = layers.Dense(4, activation="relu"), layers.Dense(16)
    pooled = [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]
    weight = ops.sigmoid(large(small(pooled[0])) + large(small(pooled[1])))
    x = x * layers.Reshape((1, 1, 16))(weight)
    maps = ops.concatenate([ops.mean(x, -1, keepdims=True), ops.max(x, -1, keepdims=True)], axis=-1)
    x = x * layers.Conv2D(1, 7, padding="same", activation="sigmoid")(maps)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def generator():
    """DCGAN: a picture from 16 numbers."""
    inputs = keras.Input((16,))
    x = layers.Reshape((4, 4, 16))(layers.Dense(256)(inputs))
    x = layers.LeakyReLU(0.2)(layers.BatchNormalization()(x))
    x = layers.Conv2DTranspose(8, 4, 2, padding="same")(x)
    x = layers.LeakyReLU(0.2)(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Conv2DTranspose(3, 5, 2, padding="same", activation="tanh")(x))


def conditional_generator():
    """A picture from 16 numbers and the wanted class, in a dictionary."""
    latent, digit = keras.Input((16,), name="latent"), keras.Input((), name="digit", dtype="int32")
    x = layers.Concatenate()([latent, layers.Embedding(VOCABULARY, 8)(digit)])
    x = layers.Reshape((4, 4, 16))(layers.Dense(256, activation="relu")(x))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.UpSampling2D()(x))
    x = layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid")(x)
    return keras.Model({"latent": latent, "digit": digit}, x)


def pix2pix():
    """Picture to picture: strides down, transposed convolutions up, skips, Dropout, tanh."""
    inputs, x = _pixels()
    first = layers.LeakyReLU(0.2)(layers.Conv2D(8, 4, 2, padding="same")(x))
    second = layers.BatchNormalization()(layers.Conv2D(16, 4, 2, padding="same")(first))
    x = layers.Conv2DTranspose(8, 4, 2, padding="same", use_bias=False)(layers.LeakyReLU(0.2)(second))
    x = layers.Concatenate()([layers.ReLU()(layers.Dropout(0.5)(layers.BatchNormalization()(x))), first])
    return keras.Model(inputs, layers.Conv2DTranspose(3, 4, 2, padding="same", activation="tanh")(x))


def _columns(x, filters=16):
    """A line of text as a sequence: columns of features from left to right."""
    x = layers.MaxPooling2D(2)(_convolved(x, 8))
    x = layers.MaxPooling2D((2, 1))(_convolved(x, filters))
    return ops.mean(x, axis=1)


def ctc_fixed_width():
    """A reader of lines: BiGRU, log-probabilities a column, and the greedy path."""
    inputs = keras.Input((16, 48, 1))
    x = layers.Bidirectional(layers.GRU(8, return_sequences=True))(
        _columns(layers.Rescaling(1 / 255)(inputs))
    )
    scores = layers.Dense(11)(x)
    return keras.Model(
        inputs, {"log_probabilities": ops.log_softmax(scores), "path": ops.argmax(scores, axis=-1)}
    )


def ctc_any_width():
    """The same without recurrence, for lines of any length."""
    inputs = keras.Input((16, None, 1))
    x = _columns(layers.Rescaling(1 / 255)(inputs))
    x = layers.Conv1D(16, 5, padding="same", activation="relu")(x)
    return keras.Model(inputs, layers.Dense(11, activation="softmax")(x))


def gru_step():
    """One step of a writer with attention: letter and state in, scores and state out."""
    letter = keras.Input((), name="letter", dtype="int32")
    state = keras.Input((16,), name="state")
    memory = keras.Input((12, 16), name="memory")
    weight = layers.Dense(1)(ops.tanh(layers.Dense(16)(memory) + ops.expand_dims(layers.Dense(16)(state), 1)))
    context = ops.sum(ops.softmax(weight, axis=1) * memory, axis=1)
    x = layers.Concatenate()([layers.Embedding(VOCABULARY, 8)(letter), context])
    output, _ = layers.GRUCell(16)(x, [state])
    return keras.Model([letter, state, memory], {"scores": layers.Dense(11)(output), "next_state": output})


def lstm_step():
    """One step of a language model: letter and both states in, probabilities and both states out."""
    letter = keras.Input((1,), name="letter", dtype="int32")
    h, c = keras.Input((16,), name="h"), keras.Input((16,), name="c")
    x = layers.Embedding(VOCABULARY, 8)(letter)
    output, next_h, next_c = layers.LSTM(16, return_state=True)(x, initial_state=[h, c])
    probabilities = layers.Dense(11, activation="softmax")(output)
    return keras.Model([letter, h, c], {"probabilities": probabilities, "next_h": next_h, "next_c": next_c})


def word_convolution():
    """Words as numbers: embedding, Conv1D, the largest of each filter."""
    inputs = keras.Input((12,), dtype="int32")
    x = layers.Conv1D(16, 3, activation="relu")(layers.Embedding(VOCABULARY, 8)(inputs))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.GlobalMaxPooling1D()(x)))


def causal_transformer():
    """A small GPT: embeddings of words and places, masked self-attention."""
    inputs = keras.Input((12,), dtype="int32")
    places = layers.Embedding(12, 16)(ops.arange(12, dtype="int32"))
    x = layers.Embedding(VOCABULARY, 16)(inputs) + places
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(2, 8)(y, y, use_causal_mask=True)
        x = x + layers.Dense(16)(layers.Dense(32, activation="gelu")(layers.LayerNormalization()(x)))
    return keras.Model(inputs, layers.Dense(VOCABULARY)(layers.LayerNormalization()(x)))


def picture_and_words():
    """CLIP: two towers, unit vectors, and how much they agree; three outputs."""
    picture, words = keras.Input((32, 32, 3), name="picture"), keras.Input((6,), name="words", dtype="int32")
    x = layers.Rescaling(1 / 127.5, offset=-1)(picture)
    x = layers.Dense(8)(layers.GlobalAveragePooling2D()(_convolved(_convolved(x, 8, 2), 16, 2)))
    one = layers.UnitNormalization()(x)
    other = layers.UnitNormalization()(
        layers.Dense(8)(layers.GlobalAveragePooling1D()(layers.Embedding(VOCABULARY, 8)(words)))
    )
    agreement = layers.Dot(1)([one, other])
    return keras.Model(
        [picture, words], {"picture_vector": one, "word_vector": other, "agreement": agreement}
    )


def sound():
    """A wave of 1,600 samples through one-dimensional convolutions."""
    inputs = keras.Input((1600, 1))
    x = layers.Conv1D(8, 64, 16, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling1D(2)(layers.BatchNormalization()(x))
    x = layers.SeparableConv1D(16, 5, activation="relu")(x)
    x = layers.Conv1D(16, 3, padding="causal", dilation_rate=2, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling1D()(x)))


def video():
    """Three-dimensional convolutions over a film of eight pictures."""
    inputs = keras.Input((8, 16, 16, 1))
    x = layers.Conv3D(8, 3, padding="same", activation="relu")(inputs)
    x = layers.Conv3D(8, 3, strides=(1, 2, 2), activation="relu")(layers.MaxPooling3D(2)(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling3D()(x)))


def deformable():
    """A convolution says where to look; the feature map is read there, between the pixels."""
    inputs, x = _pixels()
    x = _convolved(_convolved(x, 8, 2), 8, 2)
    shift = layers.Conv2D(2, 3, padding="same", activation="tanh")(x)
    y, x_ = np.meshgrid(np.arange(8), np.arange(8), indexing="ij")
    grid = np.stack([y, x_], -1)[None].astype("float32")
    place = ops.reshape(ops.clip(2 * shift + grid, 0.0, 6.99), (-1, 64, 2))
    corner = ops.floor(place)
    share = place - corner
    flat, first = layers.Reshape((64, 8))(x), ops.cast(corner, "int32")
    total = 0
    for down in (0, 1):
        for right in (0, 1):
            index = 8 * (first[..., :1] + down) + first[..., 1:] + right
            weight = (share[..., :1] if down else 1 - share[..., :1]) * (
                share[..., 1:] if right else 1 - share[..., 1:]
            )
            total = total + weight * ops.take_along_axis(flat, index, axis=1)
    return keras.Model(inputs, layers.Conv2D(3, 1)(layers.Reshape((8, 8, 8))(total)))


def any_size():
    """A segmenter for pictures of any height and width."""
    inputs = keras.Input((None, None, 3))
    first = _convolved(layers.Rescaling(1 / 255)(inputs), 8)
    x = _convolved(layers.MaxPooling2D(2)(first), 12)
    x = layers.Concatenate()([layers.UpSampling2D(2)(x), first])
    return keras.Model(inputs, layers.Conv2D(4, 1, activation="softmax")(x))


def half_precision():
    """Trained in mixed_float16."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        inputs, x = _pixels()
        x = layers.BatchNormalization()(_convolved(x, 16, 2))
        x = layers.GlobalAveragePooling2D()(_convolved(x, 16, 2))
        return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))
    finally:
        keras.config.set_dtype_policy(before)


TASKS = {
    function.__name__: function
    for function in (
        grouped_convolution,
        atrous_separable,
        aspp,
        argmax_mask,
        top_k,
        heatmap_peaks,
        center_boxes,
        grid_boxes,
        soft_argmax,
        resizing,
        align_corners,
        group_normalization,
        reflect_instance,
        pixel_shuffle,
        depth_to_space,
        squeeze_excite,
        channel_attention,
        generator,
        conditional_generator,
        pix2pix,
        ctc_fixed_width,
        ctc_any_width,
        gru_step,
        lstm_step,
        word_convolution,
        causal_transformer,
        picture_and_words,
        sound,
        video,
        deformable,
        any_size,
        half_precision,
    )
}
