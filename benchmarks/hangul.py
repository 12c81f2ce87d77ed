"""Pictures of Hangul a second, to TFRecords: labs.hangul against the classic generator.

The classic recipe (as published for TensorFlow 1: Pillow draws a glyph, SciPy's map_coordinates
distorts it elastically, each picture becomes a JPEG file, a second pass packs the files into
TFRecords) is written here anew from its description. Both run in this process, on one thread, with
the same faces, syllables and number of pictures; processor seconds are compared, starting up apart.

    python benchmarks/hangul.py [--images 4000]
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import numpy as np
import tensorflow as tf
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter, map_coordinates

from labs.hangul import Renderer, bundled_faces, common
from labs.hangul.records import Recipe, _filler, examples


def elastic(image, random, alpha=34.0, sigma=5.0):
    """Simard et al. (ICDAR 2003): each pixel displaced by smoothed noise; sigma 5-6, alpha 30-36."""
    down, across = (gaussian_filter(random.uniform(-1, 1, image.shape), sigma) * alpha for _ in range(2))
    rows, columns = np.meshgrid(np.arange(image.shape[0]), np.arange(image.shape[1]), indexing="ij")
    places = np.stack([rows + down, columns + across])
    return map_coordinates(image, places, order=1).reshape(image.shape)


def classic(folder, faces, syllables, images, seed=0):
    """One plain and three distorted pictures of each glyph as JPEG files, then one TFRecord file."""
    random, made, number = np.random.default_rng(seed), [], 0
    for face in faces:
        letter = ImageFont.truetype(str(face.path), 48)
        for label, syllable in enumerate(syllables):
            plain = Image.new("L", (64, 64), 0)
            ImageDraw.Draw(plain).text((32, 32), syllable, fill=255, font=letter, anchor="mm")
            for distorted in (False, True, True, True):
                if number == images:
                    break
                pixels = np.asarray(plain)
                picture = Image.fromarray(elastic(pixels, random)) if distorted else plain
                path = folder / f"{number:06d}.jpg"
                picture.save(path, "JPEG")
                made.append((path, label))
                number += 1
    fill = _filler()
    with tf.io.TFRecordWriter(str(folder / "classic.tfrecord")) as writer:
        for path, label in made:
            writer.write(fill(path.read_bytes(), label, syllables[label].encode()))
    return number


def ours(folder, renderer, recipe):
    """The same number of pictures, each with a distortion of its own, straight to TFRecords."""
    number = 0
    for shard in range(recipe.shards):
        with tf.io.TFRecordWriter(str(folder / recipe.file_name(shard))) as writer:
            for example in examples(renderer, recipe, shard):
                writer.write(example)
                number += 1
    return number


def seconds(work, *arguments):
    """Processor seconds of this process for one call."""
    start = time.process_time()
    count = work(*arguments)
    return (time.process_time() - start) / count


def main():
    """Measure both three times in turn and print the ratio of the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=4000)
    images = parser.parse_args().images
    cv2.setNumThreads(1)
    faces, syllables = bundled_faces("train")[:4], common(256)
    start = time.process_time()
    renderer = Renderer(faces, syllables)
    print(
        f"distance fields of {len(faces)} faces x {len(syllables)} syllables: {time.process_time() - start:.1f} cpu s, once"
    )
    recipe = Recipe(syllables, images, tuple(faces))
    times = {"classic": [], "labs.hangul": []}
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            times["classic"].append(seconds(classic, Path(folder), faces, syllables, images))
            times["labs.hangul"].append(seconds(ours, Path(folder), renderer, recipe))
    for name, measured in times.items():
        print(f"{name:12} {1 / np.median(measured):8.0f} pictures a processor second, TFRecords included")
    print(f"ratio        {np.median(times['classic']) / np.median(times['labs.hangul']):8.1f}")


if __name__ == "__main__":
    main()
