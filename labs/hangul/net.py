"""The small network that reads syllables, and the stream of fresh pictures it learns from."""


def recogniser(classes, width=1.0):
    """An uncompiled Keras model: float32 (64, 64, 1) raw pixels to `classes` probabilities.

    Two early halvings keep it at 24 million multiplications a picture; the last feature map stays
    4x4, since where a stroke lies is what tells ㅏ from ㅓ. About 380,000 parameters for 256
    classes. Example: `model = recogniser(256)`.
    """
    from keras import Input, Model, layers

    def block(x, filters, size=3, strides=1):
        x = layers.Conv2D(round(filters * width), size, strides, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    image = Input((64, 64, 1), name="input")
    x = layers.Rescaling(1 / 255)(image)
    x = block(x, 24, size=5, strides=2)  # 32x32
    x = layers.MaxPooling2D()(x)  # 16x16
    x = block(x, 48)
    x = block(x, 64)
    x = block(x, 96, strides=2)  # 8x8
    x = block(x, 128)
    x = layers.MaxPooling2D()(x)  # 4x4
    x = block(x, 64, size=1)
    x = layers.Flatten()(x)
    x = layers.Dense(round(128 * width))(x)
    return Model(image, layers.Dense(classes, activation="softmax", name="output")(x), name="hangul")


def stream(renderers, batch_size):
    """An endless tf.data.Dataset of fresh (pictures, labels), each renderer giving an equal part."""
    import numpy as np
    import tensorflow as tf

    def batches():
        while True:
            parts = [renderer.batch(batch_size // len(renderers)) for renderer in renderers]
            yield tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))

    shapes = (tf.TensorSpec((None, 64, 64, 1), tf.uint8), tf.TensorSpec((None,), tf.int64))
    dataset = tf.data.Dataset.from_generator(batches, output_signature=shapes)
    options = tf.data.Options()
    options.autotune.enabled = False  # it would idle on a single core
    return dataset.with_options(options).prefetch(2)


def one_cycle(peak, steps):
    """The learning rate: a tenth of the steps up to `peak`, then a cosine down to nothing."""
    from keras import optimizers

    warmup = max(1, steps // 10)
    return optimizers.schedules.CosineDecay(
        peak / 100, max(1, steps - warmup), alpha=1e-4, warmup_target=peak, warmup_steps=warmup
    )
