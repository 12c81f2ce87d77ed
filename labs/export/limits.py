"""What a runtime is known not to read, told from the network: one sentence each for the card."""

import keras

# Operations that OpenCV 4.11-5.0's TensorFlow importer refuses, and what they come from.
UNREAD_IN_PB = {
    "Unpack": "recurrent layers",
    "BatchMatMulV2": "attention",
    "Rsqrt": "layer normalisation",
    "Einsum": "sums over named axes",
    "While": "loops",
    "StatelessWhile": "loops",
}
LONG_SUM = 16_384  # products; TF.js' wasm kernels add them in float32 with one running sum


def notes(model, graph):
    """{runtime: why it cannot run this network, or may not, and what to do}."""
    operations = {node.op for node in graph.definition.node}
    found = {}
    unread = sorted({what for operation, what in UNREAD_IN_PB.items() if operation in operations})
    if unread:
        found["opencv_pb"] = (
            f"OpenCV's TensorFlow importer does not read {' and '.join(unread)}: use model.onnx in OpenCV"
        )
    if "Conv2DBackpropInput" in operations:
        found["opencv_onnx"] = (
            "OpenCV 4 refuses uneven transposed convolutions in ONNX: use OpenCV 5, or frozen.pb"
        )
    longest = max((w.shape[0] for w in graph.weights.values() if w.ndim == 2), default=0)
    if longest >= LONG_SUM:
        found["tfjs_wasm"] = (
            f"sums {longest:,} products one after the other, so that rounding shows in the fifth digit: "
            "shrink the feature maps before Flatten, or pool them"
        )
    own = sorted({type(layer).__name__ for layer in model._flatten_layers() if not _is_keras(layer)})
    if own:
        found["keras"] = f"model.keras loads only where the class {own[0]} is defined: import it there first"
    elif any(isinstance(layer, keras.layers.Lambda) for layer in model._flatten_layers()):
        found["keras"] = (
            "a Lambda layer holds Python code, which is not loaded from a file: write a layer class instead"
        )
    return found


def _is_keras(layer):
    return type(layer).__module__.partition(".")[0] == "keras"
