"""Lab 09's architectures, as their cells define them: read by every runtime, counted right, scaled as the table says."""

import json

import jupytext
import keras
import numpy as np
import pytest
import tensorflow as tf
from models import assert_right_or_announced

from benchmarks import architectures
from benchmarks.networks import measure_statistics, randomise
from labs.files import bundled
from labs.runtimes.children import Children

SPACE = architectures.definitions()
NAMES = [*(function for function, _ in architectures.NETWORKS.values()), "csp_and_hr"]


@pytest.fixture(scope="module")
def children():
    with Children() as session:
        yield session


def small(name):
    """The network at half its width with random weights, biases too, and eight pictures of patches."""
    keras.utils.set_random_seed(9)
    model = SPACE[name](width=0.5)
    random = np.random.default_rng(9)
    for variable in model.trainable_variables:
        if not variable.path.endswith("kernel"):
            randomise(variable, random)
    pictures = random.integers(0, 256, (8, 4, 4, 3)).repeat(8, axis=1).repeat(8, axis=2).astype("uint8")
    measure_statistics(model, pictures.astype("float32"))
    return model, pictures


@pytest.mark.parametrize("name", NAMES)
def test_every_architecture_in_every_runtime(name, tmp_path, children):
    model, pictures = small(name)
    assert_right_or_announced(model, tmp_path / name, pictures, children)


def test_the_auxiliary_head_stays_behind(tmp_path):
    """What is exported of a GoogLeNet that was trained with its second head is the first one alone."""
    trained = SPACE["googlenet"](0.5, auxiliary=True)
    kept = keras.Model(trained.inputs, trained.output["output"])
    assert {layer.name for layer in trained.layers} - {layer.name for layer in kept.layers} >= {"auxiliary"}
    assert kept.count_params() == SPACE["googlenet"](0.5).count_params()


def test_operations_are_counted_by_tensorflow_too():
    """Half of what TensorFlow's own profiler calls floating-point operations of matrix products."""
    options = tf.compat.v1.profiler.ProfileOptionBuilder(
        tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    )
    for name in ("vgg", "efficientnet"):
        model = SPACE[name](width=0.5)
        function = tf.function(lambda x: model(x, training=False))  # noqa: B023
        graph = function.get_concrete_function(tf.TensorSpec((1, 32, 32, 3))).graph
        chosen = options.with_empty_output().with_node_names(
            show_name_regexes=[".*(convolution|depthwise|MatMul)$"]
        )
        counted = tf.compat.v1.profiler.profile(graph, options=chosen.build()).total_float_ops
        assert counted == 2 * SPACE["operations"](model)


def test_the_notebooks_share_their_helpers():
    tagged = [
        [cell.source for cell in jupytext.read(path).cells if "network" in cell.metadata.get("tags", [])]
        for path in sorted((architectures.ROOT / "notebooks" / "src").glob("09*.py"))
    ]
    assert len({cells[0] for cells in tagged}) == 1
    assert len({cell for cells in tagged for cell in cells if "def operations" in cell}) == 1


def test_the_stored_table_is_of_these_networks():
    """Widths, parameters and operations of the bundled table, computed anew."""
    stored = json.loads(bundled("architectures.json").read_text(encoding="utf-8"))
    for row in stored["rows"]:
        function, _ = architectures.NETWORKS[row["name"]]
        model = SPACE[function](row["width"])
        found = model.count_params(), SPACE["operations"](model)
        assert found == (row["parameters"], row["operations"]), row["name"]
