"""TensorFlow's own format, for TensorFlow Serving, LiteRT and the converters of others."""

import tensorflow as tf


def write_saved_model(graph, weights, folder, owner=None):
    """Write a SavedModel whose signature "serving_default" is the traced `graph`.

    `model.export` would trace the network anew, with augmentation left on; Keras' ExportArchive
    stores each variable twice. A tf.Module with the one trace does neither.
    """
    specs = [tf.TensorSpec(t.shape, t.dtype, t.name) for t in graph.inputs]
    module = tf.Module()
    module.weights, module.owner = weights, owner  # `owner` keeps the variables of a loaded SavedModel

    @tf.function(autograph=False, input_signature=specs)
    def serve(*inputs):
        return graph.call(list(inputs), module.weights)

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("WARNING")  # "Assets written to:" and the name of a passing folder are no news
    try:
        tf.saved_model.save(module, str(folder), signatures=serve.get_concrete_function())
    finally:
        logger.setLevel(level)
