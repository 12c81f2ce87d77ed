"""labs.augment: what each change does, one seed one series, and nothing of it in an exported model."""

import keras
import numpy as np
import pytest

import labs
from labs.augment import OPERATIONS, Affine, RandAugment, batches

RANDOM = np.random.default_rng(0)
PICTURES = RANDOM.integers(0, 256, (12, 20, 30, 3), dtype="uint8")
CLASSES = np.arange(12)


def random(seed=0):
    return np.random.default_rng(seed)


def test_nothing_asked_nothing_changed():
    assert np.array_equal(Affine()(PICTURES, random()), PICTURES)


def test_a_flip_mirrors_about_half_of_the_pictures_exactly():
    changed = Affine(flip=True)(np.repeat(PICTURES, 10, axis=0), random())
    mirrored = [
        np.array_equal(a, b[:, ::-1]) for a, b in zip(changed, np.repeat(PICTURES, 10, axis=0), strict=True)
    ]
    assert 40 < sum(mirrored) < 80
    same = [np.array_equal(a, b) for a, b in zip(changed, np.repeat(PICTURES, 10, axis=0), strict=True)]
    assert sum(same) + sum(mirrored) == 120


@pytest.mark.parametrize("change", [{"rotation": 30}, {"zoom": 0.3}, {"shear": 20}, {"flip": True}])
def test_the_middle_stays_where_it_is(change):
    affine = Affine(**change)
    for seed in range(20):
        matrix = affine.matrix(21, 31, random(seed))
        assert matrix @ [15, 10, 1] == pytest.approx([15, 10])


def test_rotation_and_zoom_stay_within_what_was_asked():
    for seed in range(50):
        matrix = Affine(rotation=25).matrix(20, 20, random(seed))[:, :2]
        assert np.linalg.det(matrix) == pytest.approx(1)
        assert abs(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))) <= 25
        zoomed = np.diag(Affine(zoom=0.2).matrix(20, 20, random(seed))[:, :2])
        assert (zoomed >= 0.8).all() and (zoomed <= 1.2).all()
        shifted = Affine(shift=0.1).matrix(20, 30, random(seed))[:, 2]
        assert abs(shifted[0]) <= 3 and abs(shifted[1]) <= 2


def test_brightness_multiplies_and_does_not_wrap_around():
    bright = np.full((50, 4, 4, 3), 250, "uint8")
    levels = Affine(brightness=0.5)(bright, random())[:, 0, 0, 0]
    assert levels.min() < 150 and levels.max() == 255 and (levels >= 125).all()


def test_grey_pictures_keep_their_channel():
    assert Affine(rotation=10)(PICTURES[..., :1], random()).shape == (12, 20, 30, 1)


def test_batches_give_every_picture_once_an_epoch_with_its_class():
    seen = [(x.numpy(), y.numpy()) for x, y in batches(PICTURES, CLASSES, batch_size=5)]
    assert [len(x) for x, _ in seen] == [5, 5, 2]
    x, y = (np.concatenate(part) for part in zip(*seen, strict=True))
    assert sorted(y) == list(range(12)) and x.dtype == np.float32
    assert np.array_equal(x, PICTURES[y])


def test_no_tuner_sleeps_between_epochs():
    x, y = np.zeros((4, 8, 8, 3), "uint8"), np.zeros(4, "int64")
    assert batches(x, y).options().autotune.enabled is False


def test_one_seed_one_series_and_each_epoch_another():
    def epochs(seed):
        data = batches(PICTURES, CLASSES, Affine(rotation=20), 4, seed)
        return [np.concatenate([x.numpy() for x, _ in data]) for _ in range(2)]

    one, again, other = epochs(1), epochs(1), epochs(2)
    assert np.array_equal(one, again)
    assert not np.array_equal(one[0], one[1]) and not np.array_equal(one, other)


def test_keras_layers_are_switched_on():
    layers = [keras.layers.RandomFlip("horizontal", seed=1), keras.layers.RandomBrightness(0.5, seed=1)]
    changed = np.concatenate([x.numpy() for x, _ in batches(PICTURES, CLASSES, layers, 4)])
    assert changed.shape == PICTURES.shape and changed.std() > 0
    assert not any(np.array_equal(a, b) for a in changed for b in PICTURES)


def test_a_network_learns_from_the_batches_and_its_export_augments_nothing(tmp_path):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((20, 30, 3), name="input"),
            keras.layers.RandomFlip(),
            keras.layers.RandomRotation(0.2),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(4, 3),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(1, activation="sigmoid", name="output"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(batches(PICTURES, CLASSES % 2, Affine(rotation=20, flip=True)), epochs=1, verbose=0)
    folder = labs.export(
        model, tmp_path / "pets", labels=["cat", "dog"], x=PICTURES, formats=("frozen.pb", "model.onnx")
    )
    plain = keras.Sequential([keras.Input((20, 30, 3)), *model.layers[2:]])
    golden = np.load(folder / "golden.npz", allow_pickle=False)
    assert golden["y"] == pytest.approx(plain(golden["x"].astype("float32")).numpy(), abs=1e-6)
    assert labs.check(folder, runtimes=["opencv_pb", "onnxruntime"]).ok


def test_rand_augment_changes_copies_and_follows_its_seed():
    pictures = np.random.default_rng(0).integers(0, 256, (4, 24, 32, 3)).astype("uint8")
    before = pictures.copy()
    one, same, other = (RandAugment(2, 0.8)(pictures, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.dtype == np.uint8 and one.shape == pictures.shape
    assert (one == same).all() and (one != other).any() and (pictures == before).all()


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_does_nothing_at_strength_nought_and_something_at_one(name):
    picture = np.random.default_rng(0).integers(0, 200, (24, 32, 3)).astype("uint8")
    assert (OPERATIONS[name](picture, 1.0) != picture).any()
    if name not in ("equalise", "contrast"):  # contrast: the mean is no whole number
        assert (OPERATIONS[name](picture, 0.0) == picture).all()
