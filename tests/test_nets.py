"""labs.nets: the shapes the lessons name, and that they learn from the bundled digits."""

import keras
import numpy as np
import pytest

import labs


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(0)
    return labs.nets.mnist()


def test_mnist_has_the_shapes_and_names_of_the_lesson(network):
    assert network.input_shape == (None, 28, 28, 1) and network.output_shape == (None, 10)
    assert network.inputs[0].name == "input" and network.layers[-1].name == "output"
    assert network.count_params() == 56_906
    assert not network.compiled


def test_mnist_takes_raw_pixels(network):
    pixels = labs.load("mnist", "sample").x_test[:8].astype("float32")
    first = network.layers[0]
    assert isinstance(first, keras.layers.Rescaling)
    assert float(np.max(first(pixels))) == pytest.approx(1)
    answer = network(pixels, training=False).numpy()
    assert answer.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-5)


def test_mnist_learns_the_sample(network):
    """Three passes over 2,500 digits; five give about 96 %."""
    sample = labs.load("mnist", "sample")
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    network.fit(sample.x_train, sample.y_train, batch_size=32, epochs=3, verbose=0)
    _, accuracy = network.evaluate(sample.x_test, sample.y_test, verbose=0)
    assert accuracy > 0.92


def test_the_networks_of_lab_02_have_the_parameters_it_names():
    assert labs.nets.cats_vs_dogs_textbook().count_params() == 29_511_617
    small = labs.nets.cats_vs_dogs_small()
    assert small.count_params() == 390_113 and small.output_shape == (None, 1)
