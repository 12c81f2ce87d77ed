"""A signature of a SavedModel (TensorFlow's own, of TF-Hub, of KerasHub, of Keras 2): a network without layers."""

import numpy as np
import tensorflow as tf

from labs.errors import ExportError
from labs.export.graph import frozen_graph, plain_name
from labs.export.saved_model import write_saved_model

# What reads or writes files, or runs Python: nothing that a network needs.
UNSAFE = {
    "EagerPyFunc",
    "MatchingFiles",
    "PyFunc",
    "PyFuncStateless",
    "ReadFile",
    "WholeFileReaderV2",
    "WriteFile",
}


class SavedSignature:
    """One signature as a network, which takes whole batches of float32 (or whole numbers).

    folder: of the SavedModel. name: of the signature; by default "serving_default", or the only one.
    prepare: function of the list of inputs, applied before the network. trust: also take one that
    reads or writes files. Raises ExportError.
    """

    def __init__(self, folder, name=None, prepare=None, trust=False):
        if not trust:
            _refuse_unsafe(folder)
        try:
            self._loaded = tf.saved_model.load(str(folder))  # owns the variables: keep it
        except Exception as error:  # TensorFlow raises all kinds
            reason = (str(error).splitlines() or [type(error).__name__])[0][:160]
            raise ExportError(
                f"{folder} does not load as a SavedModel ({reason}): save it again, with TensorFlow's own operations."
            ) from error
        self._function = _chosen(self._loaded.signatures, name, folder)
        self._prepare = prepare or list
        taken = self._function.structured_input_signature[1]
        self._names = sorted(taken)
        self._dtypes = [taken[name].dtype for name in self._names]
        names = ["input"] if len(taken) == 1 else [plain_name(name) for name in self._names]
        self.specs = [
            tf.TensorSpec(taken[key].shape, _taken_as(taken[key].dtype, key), name)
            for key, name in zip(self._names, names, strict=True)
        ]
        self.parameters = sum(int(np.prod(v.shape)) for v in self._function.graph.variables)

    @property
    def inputs(self):
        """[(name, shape, type)] as `x` gives them."""
        return [(n, tuple(s.shape), s.dtype.name) for n, s in zip(self._names, self.specs, strict=True)]

    def as_list(self, x):
        if not isinstance(x, dict):
            return list(x) if isinstance(x, (list, tuple)) else [x]
        if set(x) != set(self._names):
            raise ExportError(f"x has {', '.join(sorted(x))}; the network takes {', '.join(self._names)}.")
        return [x[name] for name in self._names]

    def trace(self, batches):
        return frozen_graph(self._call, self.specs)

    def answers(self, graph, batches):
        value = graph.call([tf.constant(batch) for batch in batches], [])
        return {tensor.name: np.asarray(value[tensor.name], "float32") for tensor in graph.outputs}

    def layers(self):
        return []

    def write_keras(self, path):
        raise ExportError("A SavedModel has no Keras layers: it is the other formats that are equal.")

    def write_saved_model(self, graph, path):
        write_saved_model(graph, [], path, owner=self._loaded)

    def _call(self, inputs):
        prepared = self._prepare(list(inputs))
        taken = zip(self._names, prepared, self._dtypes, strict=True)
        value = self._function(**{name: tf.cast(tensor, dtype) for name, tensor, dtype in taken})
        named = {"output": next(iter(value.values()))} if len(value) == 1 else value
        return {plain_name(name): tf.identity(tensor) for name, tensor in named.items()}


def _chosen(signatures, name, folder):
    if not signatures:
        raise ExportError(f"{folder} has no signature: save it again with signatures=..., or from Keras.")
    if name is None:
        name = "serving_default" if len(signatures) > 1 else next(iter(signatures))
    if name not in signatures:
        raise ExportError(f"{folder} has the signatures {', '.join(sorted(signatures))}: name one of them.")
    return signatures[name]


def _refuse_unsafe(folder):
    from tensorflow.core.protobuf import saved_model_pb2

    saved = saved_model_pb2.SavedModel()
    try:
        saved.ParseFromString((folder / "saved_model.pb").read_bytes())
    except Exception as error:
        raise ExportError(f"{folder}/saved_model.pb is damaged: get the folder again.") from error
    for graph in (meta.graph_def for meta in saved.meta_graphs):
        nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
        for node in nodes:
            if node.op in UNSAFE:
                raise ExportError(
                    f"{folder} has an operation that reads or writes files, or runs Python ({node.op}): "
                    "only if you know who made it, use --trust."
                )


def _taken_as(dtype, name):
    if dtype in (tf.int32, tf.int64):
        return dtype
    if dtype.is_floating or dtype in (tf.uint8, tf.int8, tf.uint16, tf.int16):
        return tf.float32
    raise ExportError(f"The input {name!r} takes {dtype.name}: export a signature that takes numbers.")
