"""A trained network that looks at each picture twice."""

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
