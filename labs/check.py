"""The same pictures through every runtime, side by side: `labs.check("saved_models/mnist")`."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labs import kinds
from labs import runtimes as registry
from labs.differences import differences, shape_trouble
from labs.errors import BadModelFolder, LabsError
from labs.export.card import read_card, read_golden, read_labels, verify_files
from labs.report import Report, Row
from labs.runtimes.children import Children, RuntimeFailure

HALF_TOLERANCE = 1e-2  # weights rounded to float16 (relative 5e-4) cannot agree to 1e-5
HALF_FILES = {"model.onnx", "tfjs/"}  # what `precision="float16"` rounds
# Each runtime adds in an order of its own. A network that makes much of the last bit of its weights (many
# layers of random weights) makes as much of that; more than this may not be put down to it.
ROUNDINGS, MOST_ROUNDING = 4, 1e-3


def check(folder, runtimes=None, children=None, seconds=60, tolerance=1e-5, images=None):
    """Run a saved model in every runtime and compare the answers with Keras'; returns a Report.

    folder: a saved model (labs.export). Its hashes are verified before anything reads it.
    runtimes: names of labs.runtimes.RUNTIMES, all by default.
    children: a labs.runtimes.children.Children to share between checks, so that libraries are
        imported once; by default new ones, ended afterwards.
    seconds: time limit of one step (open, answer, time) of one runtime.
    tolerance: largest difference, as a share of the spread (max - min) of Keras' outputs; never less
        than eight steps of float32 at the outputs' size.
    images: pictures (N, H, W, C) or a dict of input name -> array to compare on. By default the
        folder's golden pictures, with the answers that Keras gave when it was saved; with pictures
        of your own the reference is what Keras says now.

    A card that says what its numbers mean (labs.export(kind=...)) is judged by that as well: the same
    class for nearly every pixel, the same boxes, the same text (labs.kinds).

    Every runtime answers the whole batch twice, in a child process, then is timed alone on one
    picture. Raises BadModelFolder, LabsError; what goes wrong inside a runtime is a row.

    Example: `assert labs.check("saved_models/mnist").ok`
    """
    folder = Path(folder)
    chosen = [registry.get(name) for name in runtimes] if runtimes else list(registry.RUNTIMES.values())
    card = read_card(folder)
    verify_files(folder, card)
    subject = Subject(folder, card, read_labels(folder), *read_golden(folder, card), seconds, tolerance)
    with ExitStack() as stack:
        kept = children is not None
        children = children if kept else stack.enter_context(Children())
        if images is not None:
            subject.compare_on(images, children["keras"])
        subject.check_labels()
        subjects = [runtime for runtime in chosen if not (runtime.optional and not _files(runtime, card))]
        with ThreadPoolExecutor(max_workers=len(subjects) or 1) as pool:  # most of the time is imports
            try:
                rows = list(pool.map(lambda runtime: subject.compare(runtime, children), subjects))
            except BaseException:
                children.close()  # or an interrupt would wait for all of them
                raise
        subject.weigh_rounding(rows, children["keras"])
        for row in rows:  # one after the other: nothing else of ours runs
            subject.measure(row, children)
        for runtime in subjects if kept else ():
            children[runtime.name].close_model()
    return Report(str(card.get("name", folder.name)), rows, tolerance)


@dataclass
class Subject:
    """A verified folder with the pictures and answers it is compared on."""

    folder: Path
    card: dict
    labels: list
    inputs: dict
    expected: dict
    seconds: float
    tolerance: float

    def __post_init__(self):
        if not all(array.size for array in (*self.inputs.values(), *self.expected.values())):
            raise BadModelFolder(f"{self.folder}/golden.npz holds empty pictures: export the network again.")
        self.inputs = self._typed(self.inputs)
        self.kind = kinds.get(self.card, self.labels)

    def compare_on(self, images, keras):
        """Replace the golden pictures by `images` and the answers by what Keras says of them."""
        first = self.card["inputs"][0]["name"]
        self.inputs = self._typed(images if isinstance(images, dict) else {first: images})
        try:
            keras.open(self.folder, self.card, self.seconds)
            self.expected = keras.predict(self.inputs, self.seconds)
        except RuntimeFailure as failure:
            raise LabsError(
                f"Keras gives no answer to compare with ({failure}): leave `images` out."
            ) from failure

    def check_labels(self):
        """A label for every output, or none at all."""
        shape = self._first(self.expected).shape
        outputs = {1, 2} if shape[1:] == (1,) else {shape[-1]}
        if self.labels and len(shape) == 2 and len(self.labels) not in outputs:
            raise BadModelFolder(
                f"{self.folder}/labels.txt has {len(self.labels)} labels, the network {shape[-1]} outputs: "
                "export it again with the right labels."
            )

    def compare(self, runtime, children):
        """The row of one runtime, all but its speed."""
        note = self._announced(runtime)
        row = Row(runtime.name, runtime.title, note=note, expected=bool(note), pictures=self._count())
        sizes = _files(runtime, self.card)
        if not sizes:
            row.status = f"cannot: {note}" if note else "not exported"
            row.note = ""
            return row
        row.disk_mb = sum(sizes) / 1e6
        child = children[runtime.name]
        try:
            about = child.open(self.folder, self.card, self.seconds)
            first = child.predict(self.inputs, self.seconds)
            second = child.predict(self.inputs, self.seconds)
            child.predict(self._one(), self.seconds)  # WebGL compiles for it now, not when nothing else works
        except RuntimeFailure as failure:
            row.status = failure.status
            row.note = _sentences(note, failure.note)
            return row
        row.note = _sentences(about, self._rounded(runtime))
        self._judge(row, first, second, self._tolerance(runtime), self._half(runtime))
        if row.status != "ok":  # what was announced explains a trouble, and is no news beside an answer
            row.note = _sentences(note, row.note)
        return row

    def weigh_rounding(self, rows, keras):
        """Accept differences no larger than those that Keras has to itself when its weights are rounded anew."""
        apart = [row for row in rows if row.status == "differs" and not row.expected and row.relative]
        apart = [row for row in apart if row.relative <= MOST_ROUNDING and row.agree in (None, row.pictures)]
        if not apart:
            return
        try:
            keras.open(self.folder, self.card, self.seconds)
            rounding = keras.rounding(self.inputs, self.seconds)
        except RuntimeFailure:
            return  # without Keras nothing is known of it, and the difference stands
        said = f"float32 allows no better: the last bit of the weights makes {rounding:.0e} in Keras itself"
        for row in apart:
            if row.relative <= ROUNDINGS * rounding:
                row.status, row.note = "ok", _sentences(row.note, said)

    def measure(self, row, children):
        """Add speed and memory to the row of a runtime that answers."""
        if row.status.startswith(("ok", "differs", "random")):
            child = children[row.runtime]
            try:
                row.milliseconds = child.milliseconds(self._one(), self.seconds)
                row.memory_mb = child.megabytes
            except RuntimeFailure as failure:
                row.status = failure.status
                row.note = _sentences(row.note, failure.note)

    def _judge(self, row, first, second, tolerance, half):
        wrong = shape_trouble(self.expected, first) or shape_trouble(self.expected, second)
        if wrong:
            row.status, row.note = "differs", _sentences(row.note, wrong)
            return
        if len(self._first(self.expected)) > 1 and not np.ptp(self._first(self.expected), axis=0).any():
            row.note = _sentences(row.note, "Keras gives every picture the same answer, which proves little")
        row.difference, row.relative = differences(self.expected, first, self._by_size(), self.tolerance)
        if row.difference == np.inf:
            row.status, row.note = "differs", _sentences(row.note, "some of its values are no numbers (NaN)")
            return
        row.same_twice = differences(first, second, self.expected, self.tolerance)[1] <= tolerance
        row.label, row.agree = self._labelled(first)
        meant = self._meant(row, first, half)
        if not row.same_twice:
            row.status = "random"
            row.note = _sentences(row.note, "gives another answer each time: is augmentation left on?")
        elif not (row.relative <= tolerance and meant):
            row.status = "differs"

    def _by_size(self):
        """The outputs that are judged by the size of their differences alone."""
        judged = getattr(self.kind, "JUDGED", ())
        return {name: array for name, array in self.expected.items() if name not in judged}

    def _meant(self, row, answer, half):
        """Whether what the numbers mean is the same for every picture."""
        if not hasattr(self.kind, "compare"):
            return True
        found = self.kind.compare(self.expected, answer, self.card, self.labels, half)
        row.agree, row.note = found.agree, _sentences(row.note, found.note)
        row.difference = max(row.difference, found.difference or 0)
        return found.agree == self._count()

    def _labelled(self, answer):
        """The label of the first picture, and how many pictures get Keras' label."""
        ours, keras = self._first(answer), self._first(self.expected)
        if ours.ndim != 2 or not np.isfinite(ours).all():
            return None, None
        if ours.shape[1] == 1:  # a sigmoid: the second of two labels from 0.5 on
            ours, keras = (np.hstack([1 - outputs, outputs]) for outputs in (ours, keras))
        best, agree = ours.argmax(1), ours.argmax(1) == keras.argmax(1)
        label = self.labels[best[0]] if len(self.labels) == ours.shape[1] else str(best[0])
        return label, int(agree.sum())

    def _typed(self, arrays):
        """The arrays by input name, in the types of the card (float32 for pictures)."""
        names = {entry["name"]: entry["dtype"] for entry in self.card["inputs"]}
        if set(arrays) != set(names):
            raise LabsError(f"The network takes {', '.join(names)}: give an array for each of them.")
        return {name: np.asarray(arrays[name]).astype(dtype) for name, dtype in names.items()}

    def _one(self):
        """The first picture alone."""
        return {name: array[:1] for name, array in self.inputs.items()}

    def _first(self, outputs):
        return outputs[self.card["outputs"][0]["name"]]

    def _count(self):
        return len(self._first(self.expected))

    def _announced(self, runtime):
        """What the card says beforehand of a runtime, or of the file that it reads."""
        notes = self.card.get("notes", {})
        keys = [runtime.name, *(name.rstrip("/") for name in runtime.files)]
        return next((notes[key] for key in keys if key in notes), "")

    def _half(self, runtime):
        return self.card.get("precision") == "float16" and bool(HALF_FILES & set(runtime.files))

    def _tolerance(self, runtime):
        return max(self.tolerance, HALF_TOLERANCE) if self._half(runtime) else self.tolerance

    def _rounded(self, runtime):
        return (
            f"weights rounded to float16, so {HALF_TOLERANCE:g} is tolerated" if self._half(runtime) else ""
        )


def _files(runtime, card):
    """Sizes of the files of the folder that a runtime reads."""
    return [entry["bytes"] for name, entry in card["files"].items() if name.startswith(runtime.files)]


def _sentences(*parts):
    return "; ".join(part for part in parts if part)
