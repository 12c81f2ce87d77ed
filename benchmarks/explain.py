"""Grad-CAM, pictures a second: labs.explain beside keras.io's example and tf-keras-vis, on the same network.

    python benchmarks/explain.py
    pip install --target /tmp/tkv --no-deps tf-keras-vis deprecated wrapt imageio      # for its rows
    PYTHONPATH=/tmp/tkv python benchmarks/explain.py

MobileNet (alpha 0.75, 224x224, linear scores, weights of ImageNet or random ones: the time is the same), its
last layer with positions. One picture at a time and 32 at once; all sides in one run, in turns, the median of
several rounds, wall and processor seconds. The maps are compared before they are enlarged.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RESULTS = ROOT / "benchmarks" / "results" / "explain.json"
LAYER, LABEL, ROUNDS, GOAL = "conv_pw_13_relu", 281, 5, 5


def keras_example(model, pictures):
    """The recipe of keras.io's "Grad-CAM class activation visualization": a model and a tape for each picture."""
    import keras
    import tensorflow as tf

    maps = []
    for picture in pictures:
        both = keras.Model(model.inputs, [model.get_layer(LAYER).output, model.output])
        with tf.GradientTape() as tape:
            features, scores = both(picture[None])
            score = scores[:, LABEL]
        weights = tf.reduce_mean(tape.gradient(score, features), axis=(0, 1, 2))
        maps.append(tf.maximum(tf.squeeze(features[0] @ weights[:, None]), 0).numpy())
    return maps


def sides(model):
    """{name: pictures -> coarse maps}."""
    from labs import explain

    def ours(pictures):
        return explain.grad_cam(model, pictures, LABEL, layer=LAYER, enlarge=False)

    found = {"keras.io's example": lambda pictures: keras_example(model, pictures), "labs.explain": ours}
    try:
        from tf_keras_vis.gradcam import Gradcam
    except ImportError as error:
        print(f"tf-keras-vis is left out ({error}): see the first lines of this file.")
        return found
    theirs = Gradcam(model, clone=False)
    options = {"penultimate_layer": LAYER, "seek_penultimate_conv_layer": False, "expand_cam": False}

    def vis(pictures):
        return theirs(lambda scores: scores[:, LABEL], pictures, normalize_cam=False, **options)

    return {"tf-keras-vis": vis, **found}


def main():
    import keras
    import numpy as np
    from cifar10 import machine

    import labs
    from labs.errors import DataUnavailable

    options = {"alpha": 0.75, "input_shape": (224, 224, 3), "classifier_activation": None}
    try:
        model, weights = labs.backbone.load("MobileNet", **options), "imagenet"
    except DataUnavailable:
        keras.utils.set_random_seed(8)
        model, weights = labs.backbone.load("MobileNet", weights=None, **options), "random"
    pictures = np.random.default_rng(8).uniform(-1, 1, (32, 224, 224, 3)).astype("float32")
    tasks = {"one at a time": [pictures[i : i + 1] for i in range(8)], "32 at once": [pictures]}
    table, maps, known = {}, {}, sides(model)
    for task, batches in tasks.items():
        times = {}
        for _ in range(ROUNDS + 1):  # the first traces and warms up
            for name, explain in known.items():
                wall, processor = time.perf_counter(), time.process_time()
                done = [np.asarray(explain(batch)) for batch in batches]
                seconds = time.perf_counter() - wall, time.process_time() - processor
                times.setdefault(name, []).append([1000 * s / sum(map(len, batches)) for s in seconds])
                maps[task, name] = np.concatenate(done)
        for name, rounds in times.items():
            wall, processor = (statistics.median(column) for column in zip(*rounds[1:], strict=True))
            table.setdefault(task, {})[name] = {"ms": round(wall, 2), "cpu_ms": round(processor, 2)}
    for task, rows in table.items():
        own = rows["labs.explain"]
        for name, row in rows.items():
            row |= {
                "ratio": round(row["ms"] / own["ms"], 2),
                "cpu_ratio": round(row["cpu_ms"] / own["cpu_ms"], 2),
            }
            apart = (
                np.abs(maps[task, name] - maps[task, "labs.explain"]).max() / maps[task, "labs.explain"].max()
            )
            row["difference"] = float(f"{apart:.1e}")
            print(
                f"{task:14} {name:19} {row['ms']:7.1f} ms {row['ratio']:5.1f}x   {row['cpu_ms']:7.1f} cpu ms "
                f"{row['cpu_ratio']:5.1f}x   maps differ by {row['difference']:.0e} of the largest"
            )
    best = min(row["ratio"] for row in table["one at a time"].values() if row["ratio"] != 1)
    print(f"goal {GOAL}x: {'met' if best >= GOAL else 'NOT met'} ({best:.1f}x)")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    facts = {"machine": machine(), "weights": weights, "table": table}
    RESULTS.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
