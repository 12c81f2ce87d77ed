"""Keras' own file, without the optimizer: it triples the size, and only training needs it."""

import contextlib


def write_keras(model, path):
    """Write `model` to `path` (.keras); keep your own `model.save` if you want to train on."""
    with _without_optimizer(model):
        model.save(path)


@contextlib.contextmanager
def _without_optimizer(model):
    compiled, optimizer = getattr(model, "compiled", False), getattr(model, "optimizer", None)
    try:
        if compiled:
            model.compiled, model.optimizer = False, None
        yield
    finally:
        if compiled:
            model.compiled, model.optimizer = compiled, optimizer
