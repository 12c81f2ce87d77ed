"""The networks of 30 reports in public issue trackers, rebuilt small from their descriptions.

Each function is the network of the report above it: `@report(tracker#number, title, the stock tool that the
reporter used, the format that he wanted)`. `benchmarks/trackers.py` exports them with both.
"""

from dataclasses import dataclass

import keras
from keras import layers, ops

from benchmarks.task_networks import VOCABULARY

WORDS = 12
TRACKERS = {
    "keras": "keras-team/keras",
    "tf2onnx": "onnx/tensorflow-onnx",
    "tfjs": "tensorflow/tfjs",
    "opencv": "opencv/opencv",
    "onnxruntime": "microsoft/onnxruntime",
}
REPORTS = {}


@dataclass(frozen=True)
class Report:
    key: str  # tracker#number
    title: str
    tool: str  # a function of stock_tools
    wanted: str  # a key of trackers.WANTED
    make: object  # the function that builds the network

    @property
    def link(self):
        tracker, number = self.key.split("#")
        return f"https://github.com/{TRACKERS[tracker]}/issues/{number}"


def report(key, title, tool, wanted):
    def keep(make):
        REPORTS[key] = Report(key, title, tool, wanted, make)
        return make

    return keep


@report("keras#21346", "Data-Augmentation layers can't be exported to ONNX", "keras_onnx", "ONNX")
def augmented_classifier():
    """A segmenter's trunk behind five augmentation layers, in a Sequential in a Sequential."""
    augmentation = keras.Sequential(
        [
            layers.RandomBrightness(0.2),
            layers.RandomContrast(0.2),
            layers.RandomFlip("horizontal_and_vertical"),
            layers.RandomRotation(0.2),
            layers.RandomZoom(0.2),
        ]
    )
    trunk = keras.Sequential(
        [layers.Conv2D(8, 3, activation="relu"), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    )
    scale = layers.Rescaling(1 / 255)
    return keras.Sequential([keras.Input((32, 32, 3)), augmentation, scale, trunk, layers.Softmax()])


@report(
    "keras#21799", "ERROR:tf2onnx.tfonnx:Tensorflow op [...CudnnRNNV3] is not supported", "keras_onnx", "ONNX"
)
def bidirectional_signal():
    """Signals through Conv1D and MaxPooling1D twice, then two bidirectional LSTMs."""
    network = keras.Sequential([keras.Input((64, 6))])
    for _ in range(2):
        network.add(layers.Conv1D(12, 3, activation="relu", padding="same"))
        network.add(layers.MaxPooling1D(2))
    network.add(layers.Bidirectional(layers.LSTM(10, return_sequences=True)))
    network.add(layers.Dropout(0.3))
    network.add(layers.Bidirectional(layers.LSTM(10)))
    network.add(layers.Dropout(0.3))
    network.add(layers.Dense(3, activation="softmax"))
    return network


@report(
    "keras#19100",
    "AssertionError when Saving Model as SavedModel Format with image augmentation layers",
    "save_model",
    "SavedModel",
)
def augmented_fashion():
    """Flips and rotations before a small classifier of 28 x 28 pictures."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomFlip("horizontal_and_vertical"),
            layers.RandomRotation(0.1),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


@report(
    "keras#20835",
    "ValueErrors when calling Model.export() for TF SavedModel format on Keras Models with dict inputs",
    "keras_export",
    "SavedModel",
)
def token_dictionary():
    """A language model's inputs in a dictionary, as Gemma takes them: tokens and which of them count."""
    tokens = keras.Input((WORDS,), dtype="int32", name="token_ids")
    mask = keras.Input((WORDS,), dtype="int32", name="padding_mask")
    x = layers.Embedding(VOCABULARY, 16)(tokens) * ops.expand_dims(
        ops.cast(ops.greater(mask, 4), "float32"), -1
    )
    x = layers.Dense(16, activation="gelu")(layers.LayerNormalization()(x))
    return keras.Model({"token_ids": tokens, "padding_mask": mask}, layers.Dense(VOCABULARY)(x))


@report(
    "keras#18430", "AttributeError: 'Functional' object has no attribute '_get_save_spec'", "tflite", "TFLite"
)
def functional_classifier():
    """Any functional network: a convolution, pooling, two dense layers."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, activation="relu")(layers.Rescaling(1 / 255)(inputs))
    x = layers.MaxPooling2D()(x)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@report(
    "keras#20676", "Untracked embedding layer inside Sequential keras 3 model", "save_model", "SavedModel"
)
def embedding_first():
    """A Sequential that begins with an Embedding, of a known shape."""
    return keras.Sequential(
        [
            keras.Input((WORDS,), dtype="int32"),
            layers.Embedding(VOCABULARY, 5),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


@report(
    "keras#20813",
    "Cannot call legacy (saved with Keras 2) SavedModel models that have multiple inputs on Keras 3",
    "saved_by_keras_2",
    "SavedModel",
)
def picture_and_label(library=keras):
    """Two inputs, a vector and a label, concatenated."""
    vector, label = library.Input((10,), name="vector"), library.Input((2,), name="label")
    x = library.layers.Concatenate()([vector, label])
    return library.Model([vector, label], library.layers.Dense(4)(library.layers.Dense(8, "relu")(x)))


@report(
    "tf2onnx#2348",
    "tf2onnx.convert.from_keras does not work anymore with tensorflow >= 2.16",
    "from_keras",
    "ONNX",
)
def pointwise_convolution():
    return keras.Sequential([keras.Input((20, 20, 3)), layers.Conv2D(8, 1, 1)])


@report("tf2onnx#2329", "Tensorflow 2.16 / Keras 3 support", "from_keras", "ONNX")
def two_sequences():
    """Two sequences of different lengths, one convolution each."""
    first, second = keras.Input((128, 2), name="input_1"), keras.Input((64, 4), name="input_2")
    pooled = [
        layers.GlobalAveragePooling1D()(layers.Conv1D(8, 5, activation="relu")(x)) for x in (first, second)
    ]
    return keras.Model([first, second], layers.Dense(3)(layers.Concatenate()(pooled)))


@report(
    "tf2onnx#2448", "KeyError: 'keras_tensor_65' on tf2onnx.convert.from_keras()", "from_keras_loaded", "ONNX"
)
def loaded_classifier():
    """A Sequential of convolutions, saved and loaded again."""
    return keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )


@report(
    "tf2onnx#2099", "TF Conv2D Grouped Unsupported ops: Counter({'PartitionedCall': 1})", "from_keras", "ONNX"
)
def grouped():
    inputs = keras.Input((24, 24, 8))
    x = layers.Conv2D(12, 3, groups=4, padding="same", activation="relu")(inputs)
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x))


@report("tf2onnx#1434", "convert group conv2d op to onnx failed.", "from_keras", "ONNX")
def grouped_dilated():
    inputs = keras.Input((24, 24, 4))
    return keras.Model(inputs, layers.Conv2D(6, 3, groups=2, dilation_rate=2)(inputs))


@report(
    "tf2onnx#1684",
    "tf2onnx.convert.from_keras not mapping simple GRU correctly",
    "from_keras_opencv",
    "ONNX in OpenCV",
)
def dense_gru():
    """Dense, GRU over the whole sequence, Dense; the batch size is fixed."""
    inputs = keras.Input((20, 6), batch_size=1)
    x = layers.Dropout(0.5)(layers.Dense(24, activation="relu")(inputs))
    x = layers.Dropout(0.5)(layers.GRU(8, return_sequences=True)(x))
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


@report(
    "tf2onnx#1871",
    "Keras LSTM not converted correctly when precedent Embedding layer specifies mask_zero=True",
    "from_keras",
    "ONNX",
)
def masked_lstm():
    """Words padded with zeros, which the LSTM is to skip."""
    inputs = keras.Input((WORDS,), dtype="int32")
    x = layers.LSTM(8)(layers.Embedding(VOCABULARY, 6, mask_zero=True)(inputs))
    return keras.Model(inputs, layers.Dense(2)(x))


@report("tf2onnx#2211", "Bidirectional LSTM, activation functions are not converted", "from_keras", "ONNX")
def relu_lstm():
    """A bidirectional LSTM whose activations are not the usual ones."""
    inputs = keras.Input((8, 4))
    recurrent = layers.LSTM(6, return_sequences=True, activation="relu", recurrent_activation="relu")
    return keras.Model(inputs, layers.Bidirectional(recurrent)(inputs))


@report(
    "tfjs#8328",
    "tfjs.converters.save_keras_model producing model.json file that does not parse properly",
    "tfjs_layers",
    "TF.js",
)
@report("onnxruntime#19956", "[Documentation Request]", "from_keras", "ONNX")
def plain_sequential():
    return keras.Sequential(
        [keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
    )


@report("tfjs#8489", "converter breaks on basic lstm", "tfjs_layers", "TF.js")
def text_lstm():
    """Embedding, Conv1D with normalisation and pooling, two LSTMs, a sigmoid."""
    inputs = keras.Input((24,), dtype="int32")
    x = layers.Embedding(VOCABULARY, 12)(inputs)
    for filters in (12, 16):
        x = layers.Conv1D(filters, 3, activation="relu", padding="same")(x)
        x = layers.MaxPooling1D(2)(layers.BatchNormalization()(x))
    x = layers.LSTM(8, return_sequences=True, dropout=0.3, recurrent_dropout=0.3)(x)
    x = layers.LSTM(6, dropout=0.3, recurrent_dropout=0.3)(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layers.Dense(6, activation="relu")(x)))


@report("tfjs#8574", "Add support for MultiHeadAttention layers in tensorflow.js", "tfjs_layers", "TF.js")
def attention():
    """A network with one MultiHeadAttention."""
    inputs = keras.Input((10, 8))
    x = layers.LayerNormalization()(inputs + layers.MultiHeadAttention(2, 4)(inputs, inputs))
    return keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling1D()(x)))


@report(
    "tfjs#7422",
    "Error while running inference in the Graph model with Bidirectional LSTM",
    "tfjs_graph_wasm",
    "TF.js, wasm",
)
def genome():
    """Long sequences: Conv1D, bidirectional LSTM, normalisation, two kinds of pooling."""
    inputs = keras.Input((60, 4))
    x = layers.AveragePooling1D(2)(layers.Conv1D(10, 5, activation="relu")(inputs))
    x = layers.BatchNormalization()(layers.Bidirectional(layers.LSTM(6, return_sequences=True))(x))
    return keras.Model(inputs, layers.Dense(4, activation="softmax")(layers.GlobalMaxPooling1D()(x)))


@report(
    "tfjs#6736",
    "Kernel 'Erf' not registered for backend 'wasm' running a Transformer model",
    "tfjs_graph_wasm",
    "TF.js, wasm",
)
def word_transformer():
    """A tagger of words: two layers of a transformer with exact GELU."""
    inputs = keras.Input((WORDS,), dtype="int32")
    x = layers.Embedding(VOCABULARY, 16)(inputs)
    for _ in range(2):
        x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 8)(x, x))
        x = layers.LayerNormalization()(x + layers.Dense(16)(layers.Dense(32, activation="gelu")(x)))
    return keras.Model(inputs, layers.Dense(5)(x))


@report("tfjs#4390", "Uncaught (in promise) Error: Unknown layer", "tfjs_layers", "TF.js")
def flipped_classifier():
    """The tutorial's flowers: flips, rotations and zooms, then a small network."""
    network = keras.Sequential([keras.Input((32, 32, 3)), layers.RandomFlip("horizontal")])
    for layer in (layers.RandomRotation(0.1), layers.RandomZoom(0.1), layers.Rescaling(1 / 255)):
        network.add(layer)
    for filters in (8, 12):
        network.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        network.add(layers.MaxPooling2D())
    for layer in (
        layers.Dropout(0.2),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.Dense(5),
    ):
        network.add(layer)
    return network


@report("tfjs#8358", "Converted Model Using TensorFlow.JS Converter Not Working", "tfjs_layers", "TF.js")
def mobilenet():
    """MobileNetV3, the small one, for ten classes of 64 x 64 pictures."""
    return keras.applications.MobileNetV3Small(
        input_shape=(64, 64, 3), weights=None, classes=10, include_preprocessing=True
    )


@report("opencv#24911", "Error in cv2.dnn.readNetFromTensorflow", "frozen_opencv", ".pb in OpenCV")
def yolo():
    """YOLOv8's head: boxes as sides drawn from a softmax over 16 bins, sliced off the raw map and decoded."""
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(12, 3, 2, padding="same", activation="swish")(inputs / 255)
    x = layers.Conv2D(16, 3, 2, padding="same", activation="swish")(x)
    raw = layers.Reshape((64, 67))(layers.Conv2D(67, 1)(x))
    sides = ops.softmax(layers.Reshape((64, 4, 16))(raw[..., :64]), axis=-1)
    sides = ops.sum(sides * ops.arange(16, dtype="float32"), axis=-1)
    cells = ops.arange(64)
    anchors = ops.cast(ops.stack([cells % 8, cells // 8], axis=-1), "float32") + 0.5
    boxes = ops.concatenate([anchors - sides[..., :2], anchors + sides[..., 2:]], axis=-1) * 4
    return keras.Model(inputs, {"boxes": boxes, "classes": ops.sigmoid(raw[..., 64:])})


@report(
    "opencv#18722", "Load EfficientNet Keras implementation with OpenCV dnn", "frozen_opencv", ".pb in OpenCV"
)
def efficientnet():
    """EfficientNet's parts: scaling and normalisation inside, depthwise, swish, squeeze and excite."""
    inputs = keras.Input((32, 32, 3))
    x = layers.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.05, 0.05, 0.05])(inputs / 255)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.BatchNormalization()(layers.Conv2D(8, 3, 2, use_bias=False)(x))
    x = skip = layers.Activation("swish")(x)
    x = layers.Activation("swish")(layers.BatchNormalization()(layers.Conv2D(16, 1, use_bias=False)(x)))
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.Activation("swish")(layers.BatchNormalization()(x))
    weight = layers.Reshape((1, 1, 16))(layers.GlobalAveragePooling2D()(x))
    weight = layers.Conv2D(16, 1, activation="sigmoid")(layers.Conv2D(4, 1, activation="swish")(weight))
    x = layers.Multiply()([x, weight])
    x = layers.Add()([layers.BatchNormalization()(layers.Conv2D(8, 1, use_bias=False)(x)), skip])
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


@report(
    "opencv#15823",
    "Transposed Convolutions - Input layer not found: conv2d_transpose/Shape in function 'connect'",
    "frozen_opencv",
    ".pb in OpenCV",
)
def transposed():
    """A convolution of stride two and a transposed one back."""
    inputs = keras.Input((32, 32, 2))
    x = layers.Conv2D(8, 3, 2, padding="same")(inputs)
    return keras.Model(inputs, layers.Conv2DTranspose(8, 3, 2, padding="same")(x))


@report(
    "opencv#19489",
    "Reshape layer of keras (tensorflow) is interpreted incorrectly by readNetFromTensorflow() in dnn",
    "frozen_opencv",
    ".pb in OpenCV",
)
def reshaped_map():
    """A feature map reshaped into a list of its places, then dense layers."""
    inputs = keras.Input((16, 16, 3))
    x = layers.MaxPooling2D()(layers.Conv2D(6, 3, padding="same", activation="relu")(inputs))
    x = layers.Reshape((64, 6))(x)
    return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(x)))


@report(
    "opencv#17147",
    "Loading onnx model permute_layer.cpp:134: error: (-215:Assertion failed)",
    "keras_onnx_opencv",
    "ONNX in OpenCV",
)
def dense_on_picture():
    """Dense layers along the channels of a picture, before and after a convolution."""
    network = keras.Sequential([keras.Input((20, 20, 1)), layers.Dense(16, activation="relu")])
    network.add(layers.Conv2D(8, 4))
    for _ in range(3):
        network.add(layers.Dense(16, activation="relu"))
    for layer in (layers.Dropout(0.1), layers.Flatten(), layers.Dense(36)):
        network.add(layer)
    return network


@report(
    "opencv#9459",
    "Unknown layer type in tf_importer.cpp while running import->populateNet(Net)",
    "frozen_opencv",
    ".pb in OpenCV",
)
def plain_lstm():
    inputs = keras.Input((12, 3), name="main_input")
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layers.LSTM(20)(inputs)))


@report(
    "onnxruntime#22177",
    "Inconsistent Tensor Output with Optimizations Enabled/Disabled (Pad Fusion Issue)",
    "keras_onnx",
    "ONNX",
)
def padded_average():
    """Zeros around a picture, then its moving average."""
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, activation="relu")(inputs)
    x = layers.AveragePooling2D(3, 2, padding="same")(layers.ZeroPadding2D(1)(x))
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))
