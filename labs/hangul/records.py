"""Training pictures on disk: sharded TFRecords that any machine makes alike, one shard at a time.

Every shard has a random series of its own, so shards can be made in any order, by any number of
workers, again after a crash, or by Apache Beam (beam.py): the records are the same.
"""

import dataclasses
import json
import math
import struct
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from labs.errors import LabsError
from labs.files import whole_file

SHARD = 10_000  # pictures: about 20 MB, what one worker makes in a few seconds


@dataclasses.dataclass(frozen=True)
class Recipe:
    """All that decides the records: syllables, number of pictures, shards, faces and seed."""

    syllables: tuple
    images: int
    faces: tuple
    seed: int = 0

    @property
    def shards(self):
        """How many files it makes."""
        return math.ceil(self.images / SHARD)

    def count(self, shard):
        """How many pictures the shard of this number (from 0) holds."""
        return min(SHARD, self.images - shard * SHARD)

    def file_name(self, shard):
        """Its name, as TensorFlow's tools write it."""
        return f"hangul-{shard:05d}-of-{self.shards:05d}.tfrecord"

    def describe(self):
        """What recipe.json keeps, to know the recipe again."""
        faces = [f"{face.family} ({face.path.name})" for face in self.faces]
        return {
            "syllables": "".join(self.syllables),
            "images": self.images,
            "faces": faces,
            "seed": self.seed,
        }


def examples(renderer, recipe, shard):
    """The serialised tf.train.Examples of one shard, one after another.

    Features: image/encoded (JPEG), image/format, image/height, image/width, image/class/label
    (int64) and image/class/text (UTF-8), as TensorFlow's image data sets name them.
    """
    import cv2

    renderer.seed((recipe.seed, shard))
    texts = [syllable.encode() for syllable in recipe.syllables]
    quality = [cv2.IMWRITE_JPEG_QUALITY, 95]
    fill = _filler()
    for made in range(0, recipe.count(shard), 100):
        images, labels = renderer.batch(min(100, recipe.count(shard) - made))
        for image, label in zip(images, labels.tolist(), strict=True):
            yield fill(cv2.imencode(".jpg", image, quality)[1].tobytes(), label, texts[label])


def _filler():
    """A function (jpeg, label, text) -> bytes; one tf.train.Example is filled again and again."""
    from tensorflow.train import BytesList, Example, Feature, Features, Int64List

    size = Feature(int64_list=Int64List(value=[64]))
    features = {
        "image/encoded": Feature(bytes_list=BytesList(value=[b""])),
        "image/format": Feature(bytes_list=BytesList(value=[b"jpeg"])),
        "image/height": size,
        "image/width": size,
        "image/class/label": Feature(int64_list=Int64List(value=[0])),
        "image/class/text": Feature(bytes_list=BytesList(value=[b""])),
    }
    example = Example(features=Features(feature=features))
    names = ("image/encoded", "image/class/label", "image/class/text")
    encoded, number, spelled = (example.features.feature[name] for name in names)

    def fill(jpeg, label, text):
        encoded.bytes_list.value[0] = jpeg
        number.int64_list.value[0] = label
        spelled.bytes_list.value[0] = text
        return example.SerializeToString(deterministic=True)

    return fill


def write(folder, recipe, workers=1, on_shard=lambda done, total: None):
    """Write every shard that is not there yet; `on_shard(done, total)` is told of each.

    A folder begun with another recipe is refused (LabsError), so that two sets never mix.
    """
    folder = Path(folder)
    missing = prepare(folder, recipe)
    done = recipe.shards - len(missing)
    on_shard(done, recipe.shards)
    if workers == 1 or len(missing) < 2:
        write_shards(folder, recipe, missing, lambda number: on_shard(done + number, recipe.shards))
        return
    parts = [missing[start::workers] for start in range(min(workers, len(missing)))]
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        for job in as_completed([pool.submit(write_shards, folder, recipe, part) for part in parts]):
            done += job.result()
            on_shard(done, recipe.shards)


def prepare(folder, recipe):
    """The numbers of the shards still to be made; keeps the recipe beside them, or refuses another one's."""
    if recipe.images < 1:
        raise LabsError("images must be at least 1.")
    _same_recipe(Path(folder), recipe)
    return [shard for shard in range(recipe.shards) if not (Path(folder) / recipe.file_name(shard)).exists()]


def write_shards(folder, recipe, shards, on_shard=lambda number: None):
    """Write these shards one after another; returns how many."""
    import cv2
    from tensorflow.io import TFRecordWriter

    from labs.hangul.render import Renderer

    cv2.setNumThreads(1)  # a process a core; OpenCV's own threads would only wait for each other
    renderer = Renderer(recipe.faces, recipe.syllables) if shards else None
    for number, shard in enumerate(shards, start=1):
        with whole_file(folder / recipe.file_name(shard)) as partial, TFRecordWriter(str(partial)) as writer:
            for example in examples(renderer, recipe, shard):
                writer.write(example)
        on_shard(number)
    return len(shards)


def _same_recipe(folder, recipe):
    path = folder / "recipe.json"
    wanted = recipe.describe()
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != wanted:
            raise LabsError(f"{folder} holds records of another recipe: choose another folder, or delete it.")
        return
    with whole_file(path) as partial:
        partial.write_text(json.dumps(wanted, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder):
    """A tf.data.Dataset of (image uint8 (64, 64, 1), label int64) over all shards, and the syllables.

    Raises LabsError that names a missing or truncated shard.
    Example: `dataset, syllables = read("records"); dataset.shuffle(10_000).batch(128)`.
    """
    import tensorflow as tf

    files, syllables = check(folder)
    features = {
        "image/encoded": tf.io.FixedLenFeature([], tf.string),
        "image/class/label": tf.io.FixedLenFeature([], tf.int64),
    }

    def parse(record):
        example = tf.io.parse_single_example(record, features)
        image = tf.io.decode_jpeg(example["image/encoded"], channels=1)
        return tf.ensure_shape(image, (64, 64, 1)), example["image/class/label"]

    return tf.data.TFRecordDataset(files).map(parse, num_parallel_calls=2), syllables


def check(folder):
    """The shards' paths and the syllables; LabsError when one is missing, cut short or miscounted."""
    path = Path(folder) / "recipe.json"
    if not path.exists():
        raise LabsError(
            f"{folder} has no recipe.json: make the records with `labs hangul make --to {folder}`."
        )
    kept = json.loads(path.read_text(encoding="utf-8"))
    recipe = Recipe(tuple(kept["syllables"]), kept["images"], ())
    files = [Path(folder) / recipe.file_name(shard) for shard in range(recipe.shards)]
    for shard, file in enumerate(files):
        if not file.exists():
            raise LabsError(
                f"{file} is missing: run the same `labs hangul make` again, it makes what is not there."
            )
        if (count := _records_in(file)) != recipe.count(shard):
            raise LabsError(
                f"{file} is damaged or cut short ({count} whole records of {recipe.count(shard)}): "
                "delete it and run the same `labs hangul make` again."
            )
    return [str(file) for file in files], recipe.syllables


def _records_in(file):
    """How many whole records a TFRecord file holds; -1 when it ends in the middle of one."""
    size, count = file.stat().st_size, 0
    with open(file, "rb") as stream:
        while (place := stream.tell()) < size:
            head = stream.read(12)  # length (8 bytes), its checksum (4); then data, its checksum (4)
            if len(head) < 12:
                return -1
            place += 16 + struct.unpack("<Q", head[:8])[0]
            if place > size:
                return -1
            stream.seek(place)
            count += 1
    return count
