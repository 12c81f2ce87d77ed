"""What a runtime is known not to read, told from the network: one sentence each for the card."""

import keras

from labs.export.rewrite import nodes_of

# Operations that OpenCV 4.11-5.0's TensorFlow importer reads (those that for_opencv.py leaves are meant).
READ_IN_PB = {
    "Abs",
    "Add",
    "AddN",
    "AddV2",
    "AvgPool",
    "BatchToSpaceND",
    "BiasAdd",
    "ClipByValue",
    "ConcatV2",
    "Const",
    "Conv2D",
    "Conv2DBackpropInput",
    "DepthwiseConv2dNative",
    "Elu",
    "Erf",
    "Exp",
    "ExpandDims",
    "Floor",
    "FusedBatchNorm",
    "FusedBatchNormV3",
    "Identity",
    "LRN",
    "LeakyRelu",
    "Log",
    "MatMul",
    "Max",
    "MaxPool",
    "Mean",
    "MirrorPad",
    "Mul",
    "Pad",
    "Placeholder",
    "RealDiv",
    "Relu",
    "Relu6",
    "Reshape",
    "ResizeBilinear",
    "ResizeNearestNeighbor",
    "Selu",
    "Sigmoid",
    "Slice",
    "Softmax",
    "Softplus",
    "Softsign",
    "SpaceToBatchND",
    "Sqrt",
    "Square",
    "Squeeze",
    "Sub",
    "Sum",
    "Tanh",
    "Transpose",
}
# What the others come from, in the words of the layers.
WORDS = {
    "BatchMatMulV2": "attention",
    "Conv3D": "3-D convolutions",
    "Cast": "whole numbers",
    "Einsum": "sums over named axes",
    "Equal": "comparisons",
    "GatherNd": "picking by number (embeddings, gather)",
    "GatherV2": "picking by number (embeddings, gather)",
    "Greater": "comparisons",
    "Less": "comparisons",
    "MaxPool3D": "3-D pooling",
    "Pow": "powers",
    "Range": "sizes computed on the way",
    "Rsqrt": "layer normalisation",
    "SelectV2": "choices (where)",
    "Shape": "sizes computed on the way",
    "StatelessWhile": "loops",
    "StridedSlice": "cutting with steps or from an open size",
    "Tile": "repetition",
    "TopKV2": "the k largest",
    "Unpack": "recurrent layers",
    "While": "loops",
}
# What OpenCV 4.14 does not read in ONNX, and 5.0 does.
UNREAD_BY_OPENCV_4 = {
    "Conv2DBackpropInput": "uneven transposed convolutions",
    "GatherV2": "some picking by number (embeddings, gather)",
    "SelectV2": "masks",
    "Shape": "sizes computed on the way",
}
LONG_SUM = 16_384  # products; TF.js' wasm kernels add them in float32 with one running sum


def notes(layers, graph, frozen):
    """{runtime: why it cannot run this network, or may not, and what to do}; `frozen` as for_opencv gives it."""
    operations = {node.op for node in graph.definition.node}
    found = {}
    unread = sorted({word for node in nodes_of(*frozen) if (word := _unread(node))})
    if unread:
        found["opencv_pb"] = (
            f"OpenCV's TensorFlow importer does not read {' and '.join(unread)}: use model.onnx in OpenCV"
        )
    if any(len(node.shape()) == 5 for node in nodes_of(graph.definition, graph.weights)):
        found["opencv_onnx"] = "OpenCV does not read every 3-D layer in ONNX: use ONNX Runtime"
    elif refused := sorted({UNREAD_BY_OPENCV_4[op] for op in operations & UNREAD_BY_OPENCV_4.keys()}):
        found["opencv_onnx"] = f"OpenCV 4 refuses {' and '.join(refused)} in ONNX: use OpenCV 5"
    longest = max((w.shape[0] for w in graph.weights.values() if w.ndim == 2), default=0)
    if longest >= LONG_SUM:
        found["tfjs_wasm"] = (
            f"sums {longest:,} products one after the other, so that rounding shows in the fifth digit: "
            "shrink the feature maps before Flatten, or pool them"
        )
    own = sorted({type(layer).__name__ for layer in layers if not _is_keras(layer)})
    if own:
        found["keras"] = f"model.keras loads only where the class {own[0]} is defined: import it there first"
    elif any(isinstance(layer, keras.layers.Lambda) for layer in layers):
        found["keras"] = (
            "a Lambda layer holds Python code, which is not loaded from a file: write a layer class instead"
        )
    return found


def _unread(node):
    """What a node of frozen.pb is that OpenCV does not read, in a few words; None when it reads it."""
    if node.op not in READ_IN_PB:
        return WORDS.get(node.op, node.op)
    if len(node.shape()) > 4:
        return "tensors of five dimensions"
    if node.op in ("AddV2", "Mul", "Sub", "Mean") and node.attribute("T").is_integer:
        return "whole numbers"
    if node.op in ("Max", "Mean", "Sum") and len(node.shape(0)) == 2:
        return "sums and maxima of vectors"
    if node.op in ("Reshape", "ExpandDims") and len(node.shape()) == 4 != len(node.shape(0)):
        return None if node.shape()[1:3] == (1, 1) else "pictures made from vectors or sequences"
    if node.op in ("AddV2", "Mul") and any(_is_grid(node, i) for i in (0, 1)):
        return "constants of many numbers (grids)"
    return None


def _is_grid(node, index):
    value = node.value(index)
    return value is not None and value.size not in (1, node.shape()[-1])


def _is_keras(layer):
    return type(layer).__module__.partition(".")[0] == "keras"
