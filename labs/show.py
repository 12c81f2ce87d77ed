"""Pictures for the lessons: grids, training curves, confusion, predictions; Korean works everywhere.

Each function draws a new matplotlib figure and returns nothing: a notebook shows it, a script calls
`plt.savefig` or `plt.show`. `source` (a data set's own sentence) stands small under the figure.
"""

import functools
import math
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.ticker import MaxNLocator, PercentFormatter

from labs.errors import DataUnavailable, LabsError
from labs.files import bundled

RIGHT, WRONG = "#1f5fa8", "#c0392b"  # blue and red: told apart by colour-blind eyes too


@functools.cache
def use_korean_font():
    """Let every matplotlib text contain Hangul; done once, when this module is loaded.

    DejaVu Sans stays the first face (it has the minus sign and the symbols), the bundled Labs Gothic
    gives what it lacks. Needs no font of the system's, no download and no restart.
    """
    try:
        font_manager.fontManager.addfont(bundled("fonts/LabsGothic.ttf"))
    except DataUnavailable as error:
        warnings.warn(f"Korean letters will show as boxes. {error}", stacklevel=2)
        return
    matplotlib.rcParams["font.family"] = ["DejaVu Sans", "Labs Gothic"]


use_korean_font()


def grid(images, titles=None, columns=None, title=None, source=""):
    """Show pictures in rows and columns, each with its title.

    images: (n, height, width), (n, height, width, 1 or 3), or a list of pictures of different sizes.
    Pixels are 0..255; floats of at most 1 are 0..1, of at most 32 (feature maps) 0..their largest, and with
    negative ones (filters) the smallest value is black and the largest white. titles: n texts; columns: ten at most when None.

    Example: `labs.show.grid(dataset.x_train[:20], titles=dataset.y_train[:20])`.
    """
    _same_length("titles", titles, "images", images)
    for axes, number in _picture_axes(images, columns, title, source):
        if titles is not None:
            axes.set_title(str(titles[number]), fontsize=10)


def predictions(images, probabilities, labels, truth=None, columns=None, title=None, source=""):
    """Show pictures with the most probable label and its percent; blue is right, red is wrong.

    images: as in `grid`; probabilities: (n, classes), 0..1; labels: the names of the classes;
    truth: (n,) class numbers, when they are known.

    Example: `labs.show.predictions(x[:10], model.predict(x[:10]), dataset.labels, dataset.y_test[:10])`.
    """
    probabilities = np.asarray(probabilities)
    _probabilities_fit(probabilities, labels, dimensions=2)
    _same_length("probabilities", probabilities, "images", images)
    _same_length("truth", truth, "images", images)
    for axes, number in _picture_axes(images, columns, title, source, room=0.5):
        best = int(probabilities[number].argmax())
        text, color = f"{labels[best]}  {probabilities[number, best]:.0%}", "black"
        if truth is not None:
            right = best == truth[number]
            text += "" if right else f"\ntrue: {labels[int(truth[number])]}"
            color = RIGHT if right else WRONG
        axes.set_title(text, fontsize=10, color=color)


def bars(probabilities, labels, title=None, source="", top=10):
    """Show one picture's probabilities as bars, in percent; of many labels only the `top` ones.

    probabilities: (classes,), 0..1; labels: the names of the classes.

    Example: `labs.show.bars(model.predict(x[:1])[0], dataset.labels)`.
    """
    probabilities = np.asarray(probabilities)
    _probabilities_fit(probabilities, labels, dimensions=1)
    shown = np.arange(len(labels))
    if len(labels) > top:
        shown = np.argsort(-probabilities)[:top]
    figure, axes = plt.subplots(figsize=(6, 0.8 + 0.32 * len(shown)), layout="constrained")
    colors = [RIGHT if number == probabilities.argmax() else "#9db4cc" for number in shown]
    drawn = axes.barh(range(len(shown)), probabilities[shown], color=colors)
    axes.set_yticks(range(len(shown)), [str(labels[number]) for number in shown])
    axes.bar_label(drawn, [f"{value:.1%}" for value in probabilities[shown]], padding=3)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="probability")
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.spines[["top", "right"]].set_visible(False)
    _finish(figure, title, source)


def confusion(truth, predicted, labels, title=None, source=""):
    """Show how often each class (a row) was taken for which (a column); the diagonal is right.

    truth, predicted: (n,) class numbers; labels: the names of the classes. The colour is the share
    of the row, the number in a cell counts pictures (left out from 26 classes on).

    Example: `labs.show.confusion(dataset.y_test, model.predict(x).argmax(axis=1), dataset.labels)`.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    _same_length("predicted", predicted, "truth", truth)
    if predicted.ndim != 1 or max(truth.max(), predicted.max()) >= len(labels):
        raise LabsError(
            f"confusion needs class numbers 0..{len(labels) - 1}: take probabilities.argmax(axis=1) first."
        )
    counts = np.zeros((len(labels), len(labels)), int)
    np.add.at(counts, (truth, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)

    side = min(9, 2 + 0.45 * len(labels))
    figure, axes = plt.subplots(figsize=(side + 1, side), layout="constrained")
    drawn = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(drawn, ax=axes, format=PercentFormatter(1), shrink=0.8, label="share of the true class")
    ticks = np.arange(0, len(labels), math.ceil(len(labels) / 40))
    names = [str(labels[number]) for number in ticks]
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if max(map(len, names)) > 2 else {}
    axes.set_xticks(ticks, names, **turned)
    axes.set_yticks(ticks, names)
    axes.set(xlabel="predicted", ylabel="true")
    if len(labels) <= 25:
        for row, column in np.argwhere(counts):
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, counts[row, column], ha="center", va="center", color=color, fontsize=9)
    accuracy = f"{np.mean(truth == predicted):.1%} of {len(truth):,} right"
    _finish(figure, f"{title}: {accuracy}" if title else accuracy, source)


def history(history, title=None, source=""):
    """Show loss and accuracy over the epochs; solid lines are validation, dashed ones training.

    history: what `model.fit` returns, its `.history` dict, or a dict {name: history} of several runs.

    Example: `labs.show.history({"plain": first, "augmented": second})`.
    """
    runs = _runs(history)
    measures = [
        "loss",
        *sorted(
            {key for run in runs.values() for key in run if key.endswith("accuracy") and key[:4] != "val_"}
        ),
    ]
    figure, panels = plt.subplots(
        1, len(measures), figsize=(5 * len(measures), 3.8), squeeze=False, layout="constrained"
    )
    for axes, measure in zip(panels[0], measures, strict=True):
        for number, (name, run) in enumerate(runs.items()):
            _curves(axes, measure, run, name, color=f"C{number}")
        axes.set(xlabel="epoch", ylabel=measure.replace("_", " "))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if measure != "loss":
            axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=9)
    _finish(figure, title, source)


def _curves(axes, measure, run, name, color):
    """One run's dashed training curve and its solid validation curve, with the best epoch named."""
    prefix = f"{name}, " if name else ""
    if measure in run:
        epochs = np.arange(1, len(run[measure]) + 1)
        axes.plot(
            epochs,
            run[measure],
            color=color,
            linestyle="--",
            alpha=0.7,
            marker=".",
            label=f"{prefix}training",
        )
    if f"val_{measure}" in run:
        values = np.asarray(run[f"val_{measure}"])
        best = int(values.argmin() if measure == "loss" else values.argmax())
        text = f"{values[best]:.3f}" if measure == "loss" else f"{values[best]:.1%}"
        label = f"{prefix}validation (best {text}, epoch {best + 1})"
        axes.plot(np.arange(1, len(values) + 1), values, color=color, marker=".", label=label)


def _runs(history):
    """{name: {measure: values}} of whatever `history` was given; one run has the name ""."""
    history = getattr(history, "history", history)
    if not isinstance(history, dict) or not history:
        raise LabsError("history needs what model.fit returned, or a dict of such.")
    first = next(iter(history.values()))
    if isinstance(first, dict) or hasattr(first, "history"):
        return {name: getattr(run, "history", run) for name, run in history.items()}
    return {"": history}


def _picture_axes(images, columns, title, source, room=0.3):
    """Draw the pictures and give (axes, number) of each; `room`: inches for the text above one."""
    if not len(images):
        raise LabsError("There are no pictures to show.")
    columns = min(columns or 10, len(images))
    rows = math.ceil(len(images) / columns)
    side = max(1.0, min(2.4, 10 / columns))
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(side * columns, (side + room) * rows + 0.4),
        squeeze=False,
        layout="constrained",
    )
    ranges = _ranges(images)
    for number, one in enumerate(axes.flat):
        one.set_axis_off()
        if number < len(images):
            picture = np.asarray(images[number])
            low, high = ranges[picture.dtype == np.uint8]
            picture = (picture.astype("float32") - low) / (high - low)
            if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (1, 3)):
                raise LabsError(
                    f"A picture must be (height, width) or (height, width, 1 or 3), not {picture.shape}."
                )
            one.imshow(picture.clip(0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            yield one, number
    _finish(figure, title, source)


def _ranges(images):
    """The values shown as black and as white: of pictures in bytes (True) and of all others (False)."""
    others = [image for image in images if np.asarray(image).dtype != np.uint8]
    low = min((np.min(image) for image in others), default=0)
    high = max((np.max(image) for image in others), default=1)
    if low >= 0:  # pixels 0..255, or 0..1, or feature maps somewhat above
        low, high = 0, 255 if high > 32 else max(1, high)
    return {True: (0, 255), False: (low, high)}


def _finish(figure, title, source):
    if title:
        figure.suptitle(str(title))
    if source:
        figure.supxlabel(str(source), fontsize=8, color="0.45")


def _probabilities_fit(probabilities, labels, dimensions):
    if probabilities.ndim != dimensions or probabilities.shape[-1] != len(labels):
        shape = "(pictures, classes)" if dimensions == 2 else "(classes,)"
        raise LabsError(
            f"probabilities are {probabilities.shape}, but must be {shape} for {len(labels)} labels."
        )


def _same_length(name, values, other_name, others):
    if values is not None and len(values) != len(others):
        raise LabsError(f"There are {len(values)} {name} for {len(others)} {other_name}: give one each.")
