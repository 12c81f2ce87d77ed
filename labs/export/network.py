"""A Keras network as labs.export sees it; signature.py has the other kind, a signature of a SavedModel."""

import numpy as np

from labs.errors import ExportError
from labs.export.graph import as_list, as_the_model_takes, input_names, name_outputs, trace, variables_of
from labs.export.inference import inference_form
from labs.export.keras_file import write_keras
from labs.export.saved_model import write_saved_model


class KerasNetwork:
    """What an export asks of a network: its inputs, its graph, its answers, its own formats."""

    def __init__(self, model):
        self.model = model

    @property
    def parameters(self):
        return self.model.count_params()

    @property
    def inputs(self):
        """[(name, shape, type)] as `x` gives them."""
        names = input_names(self.model) or [tensor.name for tensor in self.model.inputs]
        tensors = zip(names, self.model.inputs, strict=True)
        return [(name, tuple(tensor.shape), tensor.dtype) for name, tensor in tensors]

    def as_list(self, x):
        return as_list(self.model, x)

    def trace(self, batches):
        return trace(self.model, batches)

    def answers(self, graph, batches):
        """What Keras says of a batch an input: {output name: float32 array}."""
        with inference_form(self.model):
            value = self.model(as_the_model_takes(self.model, batches), training=False)
        return {name: np.asarray(v, "float32") for name, v in name_outputs(self.model, value).items()}

    def layers(self):
        return list(self.model._flatten_layers())

    def write_keras(self, path):
        write_keras(self.model, path)

    def write_saved_model(self, graph, path):
        write_saved_model(graph, [variable.value for variable in variables_of(self.model)], path)


def first_line(error):
    """What an error of TensorFlow's or Keras' says, without the layers it came through."""
    text = str(error).rpartition("Exception encountered: ")[2].strip()
    return (text.splitlines() or [type(error).__name__])[0][:200]


def run(what, function, *arguments):
    """The result of `function`; whatever goes wrong inside somebody's network is one sentence."""
    try:
        return function(*arguments)
    except ExportError:
        raise
    except Exception as error:  # Keras, TensorFlow and the network's own layers raise what they like
        raise ExportError(
            f"The network cannot be {what} here ({first_line(error)}): see that it runs."
        ) from error
