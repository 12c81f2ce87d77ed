"""The optimizer, the quick layers and the fast network of labs.train and labs.nets."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from models import QUICK

import labs
from labs import train
from labs.train.optimizer import orthogonalise


@pytest.fixture(scope="module")
def sample():
    return labs.load("cifar10", "sample")


@pytest.fixture(scope="module")
def trained(sample):
    """The fast network after ten epochs on the stand-in."""
    keras.utils.set_random_seed(0)
    model = labs.nets.cifar10_fast(sample.x_train)
    batches = train.batches(sample.x_train, sample.y_train, batch_size=50)
    model.compile(
        train.Turn(train.UpThenDown(0.08, 10 * len(batches))), train.smoothed_loss(), metrics=["accuracy"]
    )
    model.fit(batches, epochs=10, verbose=0)
    return model


def test_quick_and_plain_are_each_others_reverse():
    model = labs.hangul.recogniser(20)
    quick = train.quick(model)
    kinds = [type(layer).__name__ for layer in quick.layers]
    # The first convolution is 5x5 and halves, one halves, and one is 1x1: those stay Keras's.
    assert (kinds.count("Convolution"), kinds.count("Normalization"), kinds.count("Pooling")) == (3, 6, 2)
    x = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 1)).astype("float32")
    assert np.abs(quick(x, training=False) - model(x, training=False)).max() < 1e-5
    back = train.plain(quick)
    assert [type(layer) for layer in back.layers] == [type(layer) for layer in model.layers]
    assert np.abs(back(x, training=False) - model(x, training=False)).max() < 1e-5


def test_training_on_smaller_pictures_trains_the_network_itself(sample):
    keras.utils.set_random_seed(3)
    model = labs.nets.cifar10_fast(sample.x_train)
    optimizer = train.Turn(0.05)
    for side in (16, 24, 32):
        network = model if side == 32 else train.smaller(model, side)
        assert network.count_params() == model.count_params()
        before = model.get_weights()[-2:]
        pictures = train.shrink(sample.x_train[:100], side)
        assert pictures.shape == (100, side, side, 3) and pictures.dtype == "uint8"
        network.compile(optimizer, "sparse_categorical_crossentropy")
        network.fit(pictures, sample.y_train[:100], batch_size=50, verbose=0)
        assert all((old != new).any() for old, new in zip(before, model.get_weights()[-2:], strict=True))
    assert int(optimizer.iterations) == 6  # one optimizer for all sizes
    single, x = train.plain(model), sample.x_test[:10].astype("float32")
    assert np.abs(single(x, training=False) - model(x, training=False)).max() < 1e-5


def test_smaller_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="Flatten"):
        train.smaller(labs.nets.cats_vs_dogs_small(), 64)


def test_looking_twice_is_the_mean_and_exports(trained, sample, tmp_path):
    single = train.plain(trained)
    twice = train.look_twice(single)
    x = sample.x_test[:20].astype("float32")
    mean = (single(x, training=False) + single(x[:, :, ::-1], training=False)) / 2
    assert np.abs(twice(x, training=False) - mean).max() < 1e-6
    folder = labs.export(twice, tmp_path / "twice", labels=sample.labels, x=sample.x_test[:8])
    report = labs.check(folder, QUICK)
    assert report.ok, report


def test_looking_around_is_the_weighted_mean_and_exports(trained, sample, tmp_path):
    single = train.plain(trained)
    around = train.look_around(single)
    x = sample.x_test[:20].astype("float32")
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "reflect")
    moved = [single(padded[:, first : first + 32, first : first + 32], training=False) for first in (0, 2)]
    mean = single(x, training=False) / 2 + (moved[0] + moved[1]) / 4
    assert np.abs(around(x, training=False) - mean).max() < 1e-6
    folder = labs.export(around, tmp_path / "around", labels=sample.labels, x=sample.x_test[:8])
    report = labs.check(folder, QUICK)
    assert report.ok, report


def accuracy(model, sample):
    return (model.predict(sample.x_test, verbose=0).argmax(1) == sample.y_test).mean()


@pytest.mark.parametrize("shape", [(27, 8), (8, 27), (576, 64)])
def test_orthogonalise_evens_out_the_singular_values(shape):
    matrix = tf.random.stateless_normal(shape, seed=(1, 2)) * np.geomspace(1, 0.05, shape[1], dtype="float32")
    values = np.linalg.svd(orthogonalise(matrix).numpy(), compute_uv=False)
    assert values.min() > 0.3 and values.max() < 1.4


def test_turn_turns_kernels_by_the_angle_and_keeps_their_length():
    kernel = keras.Variable(np.random.default_rng(0).normal(size=(3, 3, 4, 8)), dtype="float32")
    bias = keras.Variable(np.zeros(8), dtype="float32")
    optimizer = train.Turn(0.1, adam=0.5)
    optimizer.build([kernel, bias])
    before = kernel.numpy()
    gradient = tf.random.stateless_normal((3, 3, 4, 8), seed=(3, 4))
    optimizer.apply([gradient, tf.ones(8)], [kernel, bias])
    after = kernel.numpy()
    assert np.linalg.norm(after) == pytest.approx(np.linalg.norm(before), rel=1e-5)
    cosine = (before * after).sum() / np.linalg.norm(before) / np.linalg.norm(after)
    assert np.degrees(np.arccos(cosine)) == pytest.approx(np.degrees(0.1), rel=0.1)
    assert bias.numpy() == pytest.approx(-0.05 * np.ones(8), rel=1e-3)  # Adam's first step is the whole rate


def test_training_goes_on_after_saving_and_loading(tmp_path, sample):
    """Saved and loaded in between, two epochs give the same weights as two at a stretch."""

    def start():
        keras.utils.set_random_seed(1)
        model = labs.nets.cifar10_fast(sample.x_train)
        model.compile(train.Turn(train.UpThenDown(0.08, 16)), train.smoothed_loss())
        return model

    x, y = sample.x_train[:400], np.eye(10, dtype="float32")[sample.y_train[:400]]
    straight, stopped = start(), start()
    for model in (straight, stopped):
        model.fit(x, y, batch_size=50, shuffle=False, verbose=0)
    stopped.save(tmp_path / "model.keras")
    resumed = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(resumed.optimizer, train.Turn) and int(resumed.optimizer.iterations) == 8
    for model in (straight, resumed):
        model.fit(x, y, batch_size=50, shuffle=False, verbose=0)
    for first, second in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        assert second == pytest.approx(first, abs=1e-4)


def gradients(layer, x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
        loss = tf.reduce_sum(y * tf.reshape(tf.sin(tf.range(tf.size(y), dtype=y.dtype)), y.shape))
    return [y, *tape.gradient(loss, [x, *(v.value for v in layer.trainable_variables)])]


@pytest.mark.parametrize(
    ("quick", "plain"),
    [
        (train.Convolution(5), keras.layers.Conv2D(5, 3, padding="same", use_bias=False)),
        (train.Normalization(), keras.layers.BatchNormalization(momentum=0.8, scale=False, epsilon=1e-4)),
        (train.Pooling(), keras.layers.MaxPooling2D(2)),
    ],
)
def test_the_quick_layers_compute_what_keras_does(quick, plain):
    x = np.random.default_rng(0).normal(size=(8, 6, 6, 4)).astype("float32")
    quick.build(x.shape)
    plain.build(x.shape)
    plain.set_weights(quick.get_weights())
    for mine, theirs in zip(gradients(quick, x), gradients(plain, x), strict=True):
        assert mine.numpy() == pytest.approx(theirs.numpy(), abs=2e-5)
    for mine, theirs in zip(quick.get_weights(), plain.get_weights(), strict=True):
        assert mine == pytest.approx(theirs, rel=0.01, abs=1e-5)  # variance over n or n - 1


@pytest.mark.parametrize("wrong", [{"strides": 2}, {"activation": "relu"}, {"padding": "valid"}])
def test_convolution_refuses_what_its_gradient_does_not_know(wrong):
    with pytest.raises(ValueError, match="take Conv2D"):
        train.Convolution(4, **wrong)


def test_textbook_has_the_parameters_of_the_lesson():
    model = labs.nets.cifar10_textbook()
    counts = [layer.count_params() for layer in model.layers if layer.count_params()]
    assert counts == [1_792, 18_464, 432_720, 810] and model.count_params() == 453_786


def test_the_fast_network_learns_and_leaves_its_whitening_alone(trained, sample):
    whitening = trained.get_layer("whitening").get_weights()[0]
    half = whitening.shape[-1] // 2
    filters = train.whitening_filters(sample.x_train, size=4, filters=half)
    assert np.array_equal(whitening, np.concatenate([filters, -filters], axis=-1))
    assert accuracy(trained, sample) > 0.5  # unseen artists; guessing gives 0.1


def test_plain_is_keras_alone_and_computes_the_same(trained, sample, tmp_path):
    plain = train.plain(trained)
    assert all(type(layer).__module__.startswith("keras.") for layer in plain.layers)
    assert plain.predict(sample.x_test, verbose=0) == pytest.approx(
        trained.predict(sample.x_test, verbose=0), abs=1e-5
    )
    plain.save(tmp_path / "plain.keras")
    assert accuracy(keras.models.load_model(tmp_path / "plain.keras"), sample) == accuracy(trained, sample)


def test_the_fast_network_is_read_by_opencv(trained, sample, tmp_path):
    folder = labs.export(train.plain(trained), tmp_path / "fast", labels=sample.labels, x=sample.x_test)
    report = labs.check(folder, runtimes=["opencv_pb", "opencv_onnx", "onnxruntime"])
    assert report.ok, report
