"""labs.backbone: weights from the classroom's folder, clear errors, preprocessing, features computed once."""

import keras
import numpy as np
import pytest
from keras import layers

import labs
from labs import backbone
from labs.errors import DataUnavailable, LabsError

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 64, 64, 3), dtype="uint8")


@pytest.fixture(autouse=True)
def empty_machine(tmp_path, monkeypatch):
    """Nothing in LABS_DATA and in Keras' cache, and a network that ends at this machine."""
    monkeypatch.delenv("LABS_DATA", raising=False)
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path / "keras"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras").mkdir()
    monkeypatch.setattr("keras.src.applications.mobilenet.BASE_WEIGHT_PATH", "http://127.0.0.1:9/")


@pytest.mark.parametrize("name", ["MobileNet", "ResNet50", "EfficientNetV2B0", "DenseNet121"])
def test_preprocessing_does_what_the_library_does(name):
    pixels = PIXELS[:2].astype("float32")
    expected = backbone._preprocess_input(name)(pixels.copy())
    assert np.array(backbone.preprocessing(name)(pixels)) == pytest.approx(np.array(expected), abs=1e-4)


def test_weights_that_cannot_be_had_name_the_ways_out():
    with pytest.raises(
        DataUnavailable, match=r"put mobilenet_7_5_224_tf\.h5 .*models/ of LABS_DATA .*another"
    ) as e:
        backbone.load("MobileNet", alpha=0.75)
    assert "\n" not in str(e.value)


def test_an_unknown_backbone_is_told():
    with pytest.raises(LabsError, match="no backbone 'ResNet51'"):
        backbone.load("ResNet51")
    with pytest.raises(LabsError, match="no backbone 'ResNet51'"):
        backbone.preprocessing("ResNet51")
    with pytest.raises(LabsError, match="The only stand-in"):
        backbone.load("ResNet50", weights="stand-in")


def test_the_classroom_s_weights_are_used(tmp_path, monkeypatch):
    made = keras.applications.MobileNet(
        alpha=0.25, include_top=False, weights=None, input_shape=(128, 128, 3)
    )
    (tmp_path / "stick" / "models").mkdir(parents=True)
    made.save_weights(tmp_path / "stick" / "models" / "a.weights.h5")
    (tmp_path / "stick" / "models" / "a.weights.h5").rename(
        tmp_path / "stick" / "models" / "mobilenet_2_5_128_tf_no_top.h5"
    )
    monkeypatch.setenv("LABS_DATA", str(tmp_path / "stick"))
    monkeypatch.setattr(keras.Model, "load_weights", lambda self, path: setattr(self, "loaded", path))
    network = backbone.load("MobileNet", alpha=0.25, include_top=False, input_shape=(128, 128, 3))
    assert str(network.loaded) == str(tmp_path / "keras" / "models" / "mobilenet_2_5_128_tf_no_top.h5")


def test_a_damaged_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "keras" / "models").mkdir()
    (tmp_path / "keras" / "models" / "mobilenet_2_5_128_tf_no_top.h5").write_bytes(b"half a file")
    with pytest.raises(LabsError, match=r"MobileNet are damaged .*: remove their file"):
        backbone.load("MobileNet", alpha=0.25, include_top=False, input_shape=(128, 128, 3))


def test_the_stand_in_knows_drawings_and_takes_any_size():
    network = backbone.load(weights="stand-in")
    assert network.output_shape == (None, len(backbone.labels("stand-in")))
    body = backbone.load(weights="stand-in", include_top=False)
    assert body(PIXELS[:1].repeat(2, axis=1).astype("float32")).shape == (1, 4, 2, 256)
    deep = keras.Model(network.inputs, network.get_layer("conv_pw_13_relu").output)
    pixels = PIXELS.astype("float32") / 127.5 - 1
    assert np.array(body(pixels)) == pytest.approx(np.array(deep(pixels)), abs=1e-5)


def test_the_stand_in_tells_cats_from_dogs_better_than_chance():
    from sklearn.linear_model import LogisticRegression

    sample = labs.load("cats_vs_dogs", "sample", side=96)
    extractor = _extractor(backbone.load(weights="stand-in", include_top=False), 96)
    x, x_test = (backbone.features(extractor, part) for part in (sample.x_train, sample.x_test))
    scale = x.mean(0), x.std(0) + 1e-3
    head = LogisticRegression(C=0.1, max_iter=2000).fit((x - scale[0]) / scale[1], sample.y_train)
    assert head.score((x_test - scale[0]) / scale[1], sample.y_test) > 0.6, (
        "a maker never seen; guessing is 0.5"
    )


def _extractor(body, side):
    inputs = keras.Input((side, side, 3))
    return keras.Model(
        inputs, layers.GlobalAveragePooling2D()(body(backbone.preprocessing("MobileNet")(inputs)))
    )


def test_features_are_computed_once_and_never_mixed_up(monkeypatch, tmp_path):
    extractor = _extractor(backbone.load(weights="stand-in", include_top=False), 64)
    first = backbone.features(extractor, PIXELS)
    assert first.shape == (6, 256) and first.dtype == np.float32
    other = backbone.features(extractor, PIXELS[::-1])
    assert np.array_equal(other[::-1], first) or np.allclose(other[::-1], first, atol=1e-5)
    assert len(list((tmp_path / "cache" / "features").glob("*.npy"))) == 2
    monkeypatch.setattr(keras.Model, "predict", None)
    assert np.array_equal(backbone.features(extractor, PIXELS), first)


def test_a_damaged_feature_file_is_computed_again(tmp_path):
    extractor = _extractor(backbone.load(weights="stand-in", include_top=False), 64)
    first = backbone.features(extractor, PIXELS)
    (path,) = (tmp_path / "cache" / "features").glob("*.npy")
    path.write_bytes(path.read_bytes()[:100])
    assert np.allclose(backbone.features(extractor, PIXELS), first)
