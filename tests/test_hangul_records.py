"""TFRecords: what is in them, resuming, and damage."""

import numpy as np
import pytest

from labs.errors import LabsError
from labs.hangul import bundled_faces, records

tf = pytest.importorskip("tensorflow")


@pytest.fixture
def recipe(monkeypatch):
    monkeypatch.setattr(records, "SHARD", 40)
    return records.Recipe(tuple("가나다라"), 100, tuple(bundled_faces("train")[:2]), seed=3)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.tfrecord"))}


def test_standard_feature_names(tmp_path, recipe):
    records.write(tmp_path, recipe)
    shards = sorted(tmp_path.glob("*.tfrecord"))
    assert [shard.name for shard in shards] == [f"hangul-{n:05d}-of-00003.tfrecord" for n in range(3)]
    example = tf.train.Example.FromString(next(iter(tf.data.TFRecordDataset(str(shards[0])))).numpy())
    features = example.features.feature
    label = features["image/class/label"].int64_list.value[0]
    assert features["image/class/text"].bytes_list.value[0].decode() == "가나다라"[label]
    assert tf.io.decode_jpeg(features["image/encoded"].bytes_list.value[0]).shape == (64, 64, 1)


def test_read_gives_back_what_was_written(tmp_path, recipe):
    from labs.hangul import Renderer

    records.write(tmp_path, recipe)
    dataset, syllables = records.read(tmp_path)
    images, labels = next(iter(dataset.batch(1000)))
    assert syllables == recipe.syllables and images.shape == (100, 64, 64, 1)
    renderer = Renderer(recipe.faces, recipe.syllables)
    renderer.seed((3, 0))
    drawn, truth = renderer.batch(40)
    assert labels.numpy()[:40].tolist() == truth.tolist()
    assert np.abs(images.numpy()[:40].astype(int) - drawn).mean() < 3, "JPEG changes little"


def test_resumes_and_makes_the_same(tmp_path, recipe):
    records.write(tmp_path, recipe)
    whole = files(tmp_path)
    (tmp_path / recipe.file_name(1)).unlink()
    told = []
    records.write(tmp_path, recipe, on_shard=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]
    assert files(tmp_path) == whole


def test_another_recipe_is_refused(tmp_path, recipe):
    records.write(tmp_path, recipe)
    other = records.Recipe(recipe.syllables, 100, recipe.faces, seed=4)
    with pytest.raises(LabsError, match="another recipe"):
        records.write(tmp_path, other)


@pytest.mark.parametrize("keep", [-1, -100, 5])
def test_a_truncated_shard_is_named(tmp_path, recipe, keep):
    records.write(tmp_path, recipe)
    shard = tmp_path / recipe.file_name(1)
    shard.write_bytes(shard.read_bytes()[:keep])
    with pytest.raises(LabsError, match="hangul-00001-of-00003"):
        records.read(tmp_path)


def test_a_missing_shard_is_named(tmp_path, recipe):
    records.write(tmp_path, recipe)
    (tmp_path / recipe.file_name(2)).unlink()
    with pytest.raises(LabsError, match="hangul-00002-of-00003"):
        records.read(tmp_path)


def test_two_workers_make_the_same_files(tmp_path):
    recipe = records.Recipe(tuple("가나"), records.SHARD + 50, tuple(bundled_faces("train")[:1]))
    records.write(tmp_path / "one", recipe)
    records.write(tmp_path / "two", recipe, workers=2)
    assert files(tmp_path / "one") == files(tmp_path / "two")
