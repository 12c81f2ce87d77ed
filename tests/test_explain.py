"""labs.explain: every map equals its definition, on every kind of network; bad questions get one sentence."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from models import QUICK

import labs
from labs import explain
from labs.errors import LabsError
from labs.export.card import read_card, read_golden

PICTURES = np.random.default_rng(0).integers(0, 256, (5, 24, 24, 3), dtype="uint8")
LABELS = np.array([2, 0, 1, 2, 1])


def body(x, relu=True):
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(6, 3, activation="relu", bias_initializer="normal", name="first")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.5)(x)
    return layers.Conv2D(8, 3, padding="same", activation="relu" if relu else None, name="last")(x)


def network(kind):
    """A small classifier of each kind that may be explained, and the tape's way to its maps and logits."""
    keras.utils.set_random_seed(7)
    inputs = keras.Input((24, 24, 3))
    if kind == "nested":
        inner = keras.Input((24, 24, 3))
        maps = keras.Model(inner, body(inner), name="backbone")(inputs)
    elif kind == "sequential inside":
        maps = keras.Sequential([layers.Conv2D(5, 3, strides=2), layers.ReLU(name="last")])(inputs)
    else:
        maps = body(inputs)
    if kind == "dense":
        x = layers.Dense(12, activation="relu", bias_initializer="normal")(layers.Flatten()(maps))
    else:
        x = layers.GlobalAveragePooling2D()(maps)
    x = layers.Dropout(0.3)(x)
    if kind == "sigmoid":
        logits = layers.Dense(1)(x)
        answer = layers.Activation("sigmoid")(logits)
    else:
        logits = layers.Dense(3, bias_initializer="normal")(x)
        answer = layers.Softmax()(logits)
    outputs = {"features": maps, "output": answer} if kind == "two outputs" else answer
    return keras.Model(inputs, outputs), keras.Model(inputs, [maps, logits])


KINDS = ["softmax", "sigmoid", "nested", "sequential inside", "dense", "two outputs"]


def tape(inside, pictures, labels, against=None):
    """Grad-CAM as the paper's section 3 tells it, one picture at a time."""
    heats = []
    for picture, label, other in zip(
        pictures, labels, against if against is not None else labels, strict=True
    ):
        with tf.GradientTape() as tape:
            maps, logits = inside(picture[None].astype("float32"), training=False)
            if logits.shape[1] == 1:
                logits = tf.concat([-logits, logits], axis=1)
            score = logits[0, label] - (logits[0, other] if against is not None else 0)
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heats.append(tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1)))
    return np.array(heats)


@pytest.mark.parametrize("kind", KINDS)
def test_grad_cam_is_the_paper_s_on_every_kind_of_network(kind):
    model, inside = network(kind)
    labels = LABELS % 2 if kind == "sigmoid" else LABELS
    heat = explain.grad_cam(model, PICTURES, labels, enlarge=False, batch=2)
    expected = tape(inside, PICTURES, labels)
    assert expected.max() > 0 and heat.dtype == np.float32
    np.testing.assert_allclose(heat, expected, rtol=1e-5, atol=1e-7)
    large = explain.grad_cam(model, PICTURES, labels)
    assert large.shape == (5, 24, 24) and large.dtype == np.float32 and large.min() >= 0


def test_a_layer_of_choice_and_a_question_against_another_label():
    model, inside = network("nested")
    chosen = explain.grad_cam(model, PICTURES, LABELS, layer="first", enlarge=False)
    assert chosen.shape == (5, 22, 22)
    path = explain.grad_cam(model, PICTURES, LABELS, layer="backbone/first", enlarge=False)
    np.testing.assert_array_equal(chosen, path)
    against = (LABELS + 1) % 3
    heat = explain.grad_cam(model, PICTURES, LABELS, against=against, enlarge=False)
    np.testing.assert_allclose(heat, tape(inside, PICTURES, LABELS, against), rtol=1e-4, atol=1e-6)
    assert explain.grad_cam(model, PICTURES, 1, against=1).max() == 0


@pytest.mark.parametrize("kind", ["softmax", "sigmoid", "nested", "two outputs"])
def test_the_mean_of_a_cam_and_the_bias_are_the_score(kind):
    model, _ = network(kind)
    labels = LABELS % 2 if kind == "sigmoid" else LABELS
    heat = explain.cam(model, PICTURES, labels, enlarge=False)
    dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)][-1]
    bias = dense.bias.numpy()
    bias = np.append(-bias, bias)[labels] if kind == "sigmoid" else bias[labels]
    score = explain.score(model, PICTURES, labels)
    np.testing.assert_allclose(heat.mean(axis=(1, 2)) + bias, score, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(  # the identity of the Grad-CAM paper's section 3.1
        np.maximum(heat, 0) / heat[0].size,
        explain.grad_cam(model, PICTURES, labels, enlarge=False),
        atol=1e-6,
    )


def test_the_score_is_what_stands_before_the_softmax():
    for kind in KINDS:
        model, inside = network(kind)
        logits = np.array(inside(PICTURES.astype("float32"), training=False)[1])
        score = np.array([explain.score(model, PICTURES, label) for label in range(logits.shape[1] or 1)])
        np.testing.assert_allclose(score.T if kind != "sigmoid" else -score.T, logits, rtol=1e-4, atol=1e-5)
    dense = keras.Sequential(
        [keras.Input((24, 24, 3)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(4, "softmax")]
    )
    score = np.array([explain.score(dense, PICTURES, label) for label in range(4)]).T
    np.testing.assert_allclose(tf.nn.softmax(score), dense.predict(PICTURES, verbose=0), atol=1e-5)
    assert dense.layers[-1].activation is keras.activations.softmax


@pytest.mark.parametrize("relu", ["activation", "layer", "relu6", "operation"])
@pytest.mark.parametrize("rule", ["backprop", "deconvnet", "guided"])
def test_the_three_rules_for_relu(rule, relu):
    """One 1x1 layer x -> relu(w x) -> v: the way back can be written by hand."""
    inputs = keras.Input((2, 2, 1))
    activation = {"activation": "relu", "relu6": "relu6"}.get(relu)
    x = layers.Conv2D(4, 1, use_bias=False, activation=activation, name="conv")(inputs)
    x = layers.ReLU()(x) if relu == "layer" else keras.ops.relu(x) if relu == "operation" else x
    model = keras.Model(inputs, layers.Dense(2, use_bias=False, name="dense")(layers.Flatten()(x)))
    w, v = np.array([1.0, -1.0, 2.0, -0.5]), np.random.default_rng(1).normal(size=(16, 2))
    model.get_layer("conv").set_weights([w.reshape(1, 1, 1, 4)])
    model.get_layer("dense").set_weights([v])
    picture = np.array([[1.0, -2.0], [5.0, 0.5]], "float32").reshape(1, 2, 2, 1)
    before = picture.reshape(4, 1) * w
    above = v[:, 1].reshape(4, 4)
    open_ = (before > 0) & (before < (6 if relu == "relu6" else np.inf))
    back = {
        "backprop": above * open_,
        "deconvnet": np.maximum(above, 0),
        "guided": np.maximum(above, 0) * open_,
    }[rule]
    ours = explain.backprop(model, picture, 1, rule)
    np.testing.assert_allclose(ours.ravel(), (back * w).sum(axis=1), rtol=1e-5)


def test_backprop_and_saliency_are_the_tape_s():
    model, _ = network("nested")
    gradient = explain.backprop(model, PICTURES, LABELS)
    x = tf.constant(PICTURES, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = explain.score(model, x, LABELS)
    np.testing.assert_allclose(gradient, tape.gradient(y, x), rtol=1e-4, atol=1e-7)
    saliency = explain.saliency(model, PICTURES, LABELS)
    np.testing.assert_allclose(saliency, np.abs(gradient).max(axis=-1), rtol=1e-6)


class Corner:
    """A network whose one opinion is the brightness of the upper left 8x8 pixels."""

    def __new__(cls):
        model = keras.Sequential(
            [keras.Input((24, 24, 1)), layers.Conv2D(1, 8, 8), layers.Flatten(), layers.Dense(1, "sigmoid")]
        )
        model.layers[0].set_weights([np.full((8, 8, 1, 1), 1 / 64 / 255), np.zeros(1)])
        model.layers[-1].set_weights([np.eye(9, 1) * 8, np.array([-4.0])])
        return model


def test_occlusion_finds_what_a_network_looks_at_and_covers_every_pixel():
    picture = np.full((2, 24, 24, 1), 255, "uint8")
    heat = explain.occlusion(Corner(), picture, 1, size=8, stride=8, fill=0)
    assert (
        heat[0, :8, :8].min() > 0.9
        and np.abs(heat[0, 8:]).max() < 1e-6
        and np.abs(heat[0, :, 8:]).max() < 1e-6
    )
    np.testing.assert_allclose(
        explain.occlusion(Corner(), picture, 0, size=8, stride=8, fill=0), -heat, atol=1e-6
    )
    assert np.isfinite(explain.occlusion(Corner(), picture, 1, size=7, stride=5)).all()
    assert np.isfinite(explain.occlusion(Corner(), picture, 1, size=30)).all()


def test_a_layer_s_maps_are_keras_s():
    model, inside = network("nested")
    maps = inside(PICTURES.astype("float32"), training=False)[0]
    np.testing.assert_allclose(explain.activations(model, PICTURES, batch=2), maps, rtol=1e-5, atol=1e-6)


def test_a_picture_under_its_map():
    mixed = explain.overlay(PICTURES[:1], np.ones((1, 24, 24)), strength=0)
    np.testing.assert_array_equal(mixed, PICTURES[:1])
    assert explain.overlay(PICTURES[:1, ..., :1], np.zeros((1, 24, 24))).shape == (1, 24, 24, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_grad_cam_as_a_network_equals_the_tape_s(kind):
    model, _ = network(kind)
    answers = explain.grad_cam_network(model).predict(PICTURES, verbose=0)
    own = model.predict(PICTURES, verbose=0)
    np.testing.assert_allclose(answers["output"], own["output"] if isinstance(own, dict) else own, atol=1e-6)
    for label in range(answers["maps"].shape[-1]):
        expected = explain.grad_cam(model, PICTURES, label, enlarge=False)
        np.testing.assert_allclose(answers["maps"][..., label], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "make", [labs.nets.mnist, lambda: network("dense")[0], lambda: network("softmax")[0]]
)
def test_grad_cam_leaves_python(make, tmp_path):
    """The same maps in every runtime, though none of them but TensorFlow knows a gradient."""
    keras.utils.set_random_seed(4)
    model = make()
    shape = model.inputs[0].shape[1:]
    pictures = np.random.default_rng(0).integers(0, 256, (6, *shape), dtype="uint8")
    folder = labs.export(explain.grad_cam_network(model), tmp_path / "why", x=pictures)
    report = labs.check(folder, runtimes=QUICK, tolerance=1e-4)
    assert all(row.status == "ok" for row in report.rows), report
    golden = read_golden(folder, read_card(folder))[1]["maps"]
    expected = explain.grad_cam(model, pictures, 1, enlarge=False)
    np.testing.assert_allclose(golden[..., 1], expected, rtol=1e-4, atol=1e-6)


def questions():
    model, _ = network("softmax")
    dense = keras.Sequential([keras.Input((24, 24, 3)), layers.Flatten(), layers.Dense(3, "softmax")])
    bent = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            layers.Conv2D(2, 3),
            layers.Flatten(),
            layers.Dense(4, "tanh"),
            layers.Dense(3),
        ]
    )

    class Own(keras.Model):
        def call(self, x):
            return x

    yield "no label 3: this network's labels are 0 to 2", lambda: explain.grad_cam(model, PICTURES, 3)
    yield "no label -1", lambda: explain.saliency(model, PICTURES, -1)
    yield "one whole number", lambda: explain.grad_cam(model, PICTURES, [0, 1])
    yield "one whole number", lambda: explain.grad_cam(model, PICTURES, "cat")
    yield "no layer 'lost': take one of .*last", lambda: explain.grad_cam(model, PICTURES, 0, "lost")
    yield (
        "'global_average_pooling2d.*' has no positions",
        lambda: explain.grad_cam(
            model, PICTURES, 0, next(layer.name for layer in model.layers if "global" in layer.name)
        ),
    )
    yield "no convolution", lambda: explain.grad_cam(dense, PICTURES, 0)
    yield "no rule 'magic'", lambda: explain.backprop(model, PICTURES, 0, "magic")
    yield "the network takes", lambda: explain.grad_cam(model, PICTURES[:, :20], 0)
    yield "the network takes", lambda: explain.occlusion(model, PICTURES[:0], 0)
    yield "CAM needs global average pooling", lambda: explain.cam(network("dense")[0], PICTURES, 0)
    yield "stands 'dense.*', a Dense", lambda: explain.grad_cam_network(bent)
    yield "functional and the Sequential", lambda: explain.score(Own(), PICTURES, 0)


@pytest.mark.parametrize("number", range(13))
def test_a_bad_question_gets_one_sentence(number):
    says, ask = list(questions())[number]
    with pytest.raises(LabsError, match=says) as error:
        ask()
    assert "\n" not in str(error.value)


def test_dense_networks_still_have_saliency_and_occlusion():
    dense = keras.Sequential([keras.Input((24, 24, 3)), layers.Flatten(), layers.Dense(3, "softmax")])
    assert explain.saliency(dense, PICTURES, 0).shape == (5, 24, 24)
    assert explain.occlusion(dense, PICTURES[:1], 0).shape == (1, 24, 24)
