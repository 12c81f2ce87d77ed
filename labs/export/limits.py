"""What a runtime is known not to read, told from the operations in the graph."""

# Operations that OpenCV's importers refuse or get wrong, each with what was seen (OpenCV 4.14, 5.0).
OPENCV_PB = {}
OPENCV_ONNX = {}


def notes(graph):
    """Sentences for the card: {runtime name: why it cannot run this network, and what to do}."""
    operations = {node.op for node in graph.definition.node}
    found = {}
    for runtime, known in (("opencv_pb", OPENCV_PB), ("opencv_onnx", OPENCV_ONNX)):
        reasons = [reason for operation, reason in known.items() if operation in operations]
        if reasons:
            found[runtime] = reasons[0]
    return found
