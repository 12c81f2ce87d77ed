"""Keras' own file, without the optimizer: it triples the size, and only training needs it."""

import contextlib

import keras


def write_keras(model, path):
    """Write `model` to `path` (.keras); keep your own `model.save` if you want to train on."""
    with contextlib.ExitStack() as stack:
        for part in model._flatten_layers():  # a network inside the network may have an optimizer, too
            if isinstance(part, keras.Model) and getattr(part, "compiled", False):
                stack.enter_context(_without_optimizer(part))
        model.save(path)


@contextlib.contextmanager
def _without_optimizer(model):
    optimizer = getattr(model, "optimizer", None)
    try:
        model.compiled, model.optimizer = False, None
        yield
    finally:
        model.compiled, model.optimizer = True, optimizer
