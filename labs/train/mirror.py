"""A trained network that looks at each picture more than once."""

import keras


def look_twice(model):
    """Return a network whose answer is the mean of `model`'s to a picture and to its mirror image.

    Costs no training, and twice the time for an answer. Worth a percent or two where left and right
    mean the same and training saw pictures mirrored; never for text. model: one picture input
    (height, width, channels), one output. The mirror image is inside the network, so that all that
    is exported looks twice as well.

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification", 2012, section 4.1.

    Example: `look_twice(plain(model)).evaluate(x_test, y_test)`.
    """
    picture = keras.Input(model.input_shape[1:], name="input")
    mirrored = keras.ops.flip(picture, axis=2)
    mean = keras.layers.Average(name="output")([model(picture), model(mirrored)])
    return keras.Model(picture, mean, name=f"{model.name}_twice")


def look_around(model):
    """Return a network that looks at a picture, and at the same a pixel further up and left, and down and right.

    Its answer is the mean of `model`'s three answers, those to the moved pictures counting half. Costs
    no training, and three times the time for an answer. model: one picture input (height, width,
    channels), one output. What a move uncovers is reflected, as in labs.train.batches: with a black
    border nothing is gained.

    Source: Jordan, "94% on CIFAR-10 in 3.29 seconds", arXiv 2404.00498, section 3.6 (multi-crop evaluation).

    Example: `look_around(look_twice(plain(model)))` looks six times.
    """
    picture = keras.Input(model.input_shape[1:], name="input")
    up_left, down_right = (_moved(_moved(picture, 1, back), 2, back) for back in (True, False))
    moved = keras.layers.Average()([model(up_left), model(down_right)])
    mean = keras.layers.Average(name="output")([model(picture), moved])
    return keras.Model(picture, mean, name=f"{model.name}_around")


def _moved(picture, axis, back):
    """The picture moved by a pixel along axis 1 or 2, out of layers that OpenCV reads (it reads no reflecting padding)."""

    def crop(first, last):
        cut = (first, last), (0, 0)
        return keras.layers.Cropping2D(cut if axis == 1 else cut[::-1])(picture)

    size = picture.shape[axis]
    parts = [crop(1, 0), crop(size - 2, 1)] if back else [crop(1, size - 2), crop(0, 1)]
    return keras.layers.Concatenate(axis=axis)(parts)
