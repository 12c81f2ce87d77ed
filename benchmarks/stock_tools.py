"""The exporters that the reporters used, as they used them: a network in, its answers out.

Each function takes (network, inputs, folder): it exports `network` into `folder` with one stock tool, runs the
result, and returns the outputs as a list of arrays, in the order of Keras' own. What goes wrong, raises.
"""

import json
import subprocess
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks.tracker_networks import picture_and_label

HERE = Path(__file__).resolve().parent


def keras_export(network, inputs, folder):
    """network.export(folder), the way Keras 3 writes a SavedModel."""
    network.export(str(folder), verbose=False)
    loaded = tf.saved_model.load(str(folder))  # it owns the variables: keep it
    return keras.tree.flatten(loaded.serve(inputs))


def save_model(network, inputs, folder):
    """tf.saved_model.save(network, folder)."""
    tf.saved_model.save(network, str(folder))
    loaded = tf.saved_model.load(str(folder))
    function = loaded.signatures["serving_default"]
    (name,) = function.structured_input_signature[1]
    return list(function(**{name: tf.constant(inputs)}).values())


def keras_onnx(network, inputs, folder):
    """network.export("model.onnx", format="onnx"), then onnxruntime."""
    network.export(str(folder / "model.onnx"), format="onnx", verbose=False)
    return onnxruntime(folder / "model.onnx", inputs)


def from_keras(network, inputs, folder):
    """tf2onnx.convert.from_keras(network), then onnxruntime."""
    _from_keras(network, folder)
    return onnxruntime(folder / "model.onnx", inputs)


def from_keras_opencv(network, inputs, folder):
    """tf2onnx.convert.from_keras(network), then OpenCV."""
    import cv2

    _from_keras(network, folder)
    return _opencv(cv2.dnn.readNetFromONNX(str(folder / "model.onnx")), inputs, [""])


def from_keras_loaded(network, inputs, folder):
    """The same with a network that was saved and loaded."""
    network.save(folder / "model.keras")
    return from_keras(keras.saving.load_model(folder / "model.keras"), inputs, folder)


def keras_onnx_opencv(network, inputs, folder):
    """network.export("model.onnx", format="onnx"), then OpenCV."""
    network.export(str(folder / "model.onnx"), format="onnx", verbose=False)
    import cv2

    return _opencv(cv2.dnn.readNetFromONNX(str(folder / "model.onnx")), inputs, [""])


def frozen_opencv(network, inputs, folder):
    """The textbook's freeze script, then OpenCV."""
    import cv2
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    spec = tf.TensorSpec(network.inputs[0].shape, network.inputs[0].dtype)
    frozen = convert_variables_to_constants_v2(tf.function(lambda x: network(x)).get_concrete_function(spec))
    tf.io.write_graph(frozen.graph, str(folder), "frozen.pb", as_text=False)
    names = [tensor.op.name for tensor in frozen.outputs]
    net = cv2.dnn.readNetFromTensorflow(str(folder / "frozen.pb"))
    return _opencv(net, inputs, names, channels_first=True)


def tflite(network, inputs, folder):
    """tf.lite.TFLiteConverter.from_keras_model(network)."""
    content = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    (entry,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
    answers = []
    for one in inputs:
        interpreter.set_tensor(entry["index"], one[None])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(result["index"]))
    return [np.concatenate(answers)]


def tfjs_layers(network, inputs, folder):
    """tensorflowjs.converters.save_keras_model(network, folder), loaded by tf.loadLayersModel."""
    import tensorflowjs

    tensorflowjs.converters.save_keras_model(network, str(folder))
    return _javascript("layers", "cpu", folder, inputs)


def tfjs_graph(network, inputs, folder, backend="cpu"):
    """network.export, tensorflowjs_converter to a graph model, run by tf.loadGraphModel."""
    from tensorflowjs.converters import converter

    network.export(str(folder / "saved_model"), verbose=False)
    formats = ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model"]
    converter.convert([*formats, str(folder / "saved_model"), str(folder / "tfjs")])
    return _javascript("graph", backend, folder / "tfjs", inputs)


def tfjs_graph_wasm(network, inputs, folder):
    """The same in TensorFlow.js' wasm backend."""
    return tfjs_graph(network, inputs, folder, "wasm")


def saved_by_keras_2(network, inputs, folder):
    """A SavedModel that Keras 2 wrote, read with keras.layers.TFSMLayer."""
    keras_2_folder(network, folder)
    return keras.tree.flatten(keras.layers.TFSMLayer(folder, call_endpoint="serving_default")(inputs))


def keras_2_folder(network, folder):
    """Write picture_and_label's network, with the same weights, as Keras 2 did; needs tf_keras."""
    import tf_keras

    old = picture_and_label(tf_keras)
    old.set_weights(network.get_weights())
    old.save(folder, save_format="tf")


def onnxruntime(path, inputs):
    """Run an ONNX file as ONNX Runtime does by default, one sample at a time."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    samples = [keras.tree.flatten(one) for one in _one_by_one(inputs)]
    answers = [session.run(None, dict(zip(names, sample, strict=True))) for sample in samples]
    return [np.concatenate(arrays) for arrays in zip(*answers, strict=True)]


def _from_keras(network, folder):
    import tf2onnx

    tf2onnx.convert.from_keras(network, output_path=str(folder / "model.onnx"))


def _one_by_one(inputs):
    for i in range(len(keras.tree.flatten(inputs)[0])):
        yield keras.tree.map_structure(lambda array, i=i: array[i : i + 1], inputs)


def _opencv(net, inputs, names, channels_first=False):
    answers = []
    for one in _one_by_one(inputs):
        turned = channels_first and one.ndim == 4
        net.setInput(np.ascontiguousarray(one.transpose(0, 3, 1, 2) if turned else one))
        answers.append(
            [np.array(array) for array in net.forward(names)] if names[0] else [np.array(net.forward())]
        )
    outputs = [np.concatenate(arrays) for arrays in zip(*answers, strict=True)]
    return [a.transpose(0, 2, 3, 1) if channels_first and a.ndim == 4 else a for a in outputs]


def _javascript(kind, backend, folder, inputs):
    dtype = "int32" if inputs.dtype.kind == "i" else "float32"
    job = json.dumps({"shape": inputs.shape, "dtype": dtype, "values": inputs.ravel().tolist()})
    command = ["node", str(HERE / "trackers.mjs"), kind, backend, str(folder)]
    done = subprocess.run(command, input=job, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "Error: " in line] or done.stderr.splitlines()
        raise RuntimeError(lines[0].split("Error: ")[-1])
    answer = json.loads(done.stdout.splitlines()[-1])
    return [np.array(answer["values"], "float32").reshape(answer["shape"])]
