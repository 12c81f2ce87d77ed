"""Our engine: one network finds the words of a picture, another reads them, each in a child process."""

from pathlib import Path

import numpy as np

from labs.errors import LabsError
from labs.export.card import read_card, read_labels, verify_files
from labs.kinds import text as kind
from labs.ocr.crop import as_grey, line_picture
from labs.ocr.engines import Engine, Word
from labs.ocr.quads import cut, quads_of, reading_order
from labs.predict import chosen
from labs.runtimes.children import Children, RuntimeFailure

LONGEST, SHORTEST = (
    2400,
    640,
)  # pixels: larger pictures are searched on a smaller copy, smaller ones on a larger
TILE, OVERLAP = 1024, 128  # pixels, multiples of 32: so much of the copy goes through the network at once
STRIDE = 2  # pixels of the copy for each of the finder's map
BATCH = 8  # words
LEAST = 0.5  # what finder and reader together trust less was a texture


class Ours(Engine):
    """The kept networks `finder` and `reader`, or those of two other folders."""

    title = "ours"

    def __init__(self, finder=None, reader=None, runtime=None):
        self._finder = Network(finder or kept("finder"), runtime)
        self._reader = Network(reader or kept("reader"), runtime)

    def words(self, picture):
        quads, found = self.find(picture)
        answers = self.read([cut(picture, quad) for quad in quads])
        words = [
            Word(text, score * trust, tuple(map(tuple, quad.tolist())))
            for quad, trust, (text, score) in zip(quads, found, answers, strict=True)
        ]
        return [word for word in words if word.text.strip() and word.score >= LEAST]

    def texts(self, crops):
        return [text for text, _ in self.read(crops)]

    def find(self, picture):
        """The corners of the picture's words in reading order, float32 (count, 4, 2), and the finder's trust in each."""
        import cv2

        side = max(picture.shape[:2])
        scale = min(1.0, LONGEST / side) if side > SHORTEST else min(2.0, SHORTEST / side)
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        copy = cv2.resize(as_grey(picture, highest=None), None, fx=scale, fy=scale, interpolation=how)
        quads, scores = quads_of(self._map(copy) / 255)
        quads *= STRIDE / np.float32([copy.shape[1] / picture.shape[1], copy.shape[0] / picture.shape[0]])
        order = reading_order(quads)
        return quads[order], [scores[number] for number in order]

    def _map(self, copy):
        """The finder's probabilities for all of the copy, tile by tile; where tiles overlap, the larger."""
        import cv2

        height, width = (-(-length // 32) * 32 for length in copy.shape)
        padded = cv2.copyMakeBorder(
            copy, 0, height - copy.shape[0], 0, width - copy.shape[1], cv2.BORDER_REPLICATE
        )
        whole = np.zeros((height // STRIDE, width // STRIDE), np.float32)
        for y in range(0, max(1, height - OVERLAP), TILE - OVERLAP):
            for x in range(0, max(1, width - OVERLAP), TILE - OVERLAP):
                tile = padded[y : y + TILE, x : x + TILE]
                there = whole[y // STRIDE : (y + TILE) // STRIDE, x // STRIDE : (x + TILE) // STRIDE]
                np.maximum(there, self._finder(tile[None, :, :, None])[0, :, :, 0], out=there)
        return whole

    def read(self, crops):
        """(text, score) of each cut-out word; the score is the mean probability of its letters."""
        width = self._reader.card["inputs"][0]["shape"][2]
        pictures = [line_picture(crop, width=width) for crop in crops]
        order = sorted(range(len(pictures)), key=lambda n: pictures[n].shape[2])
        answers = [None] * len(pictures)
        for i in range(0, len(order), BATCH):
            numbers = order[i : i + BATCH]
            widest = pictures[numbers[-1]].shape[2]
            batch = np.concatenate([_widened(pictures[n], widest) for n in numbers])
            for n, steps in zip(numbers, self._reader(batch), strict=True):
                answers[n] = kind.scored(steps, self._reader.labels)
        return answers

    def close(self):
        self._finder.close()
        self._reader.close()


def _widened(picture, width):
    return np.pad(picture, [(0, 0), (0, 0), (0, width - picture.shape[2]), (0, 0)], mode="edge")


class Network:
    """A saved model in a child process of its own, which starts with the first question."""

    def __init__(self, folder, runtime=None):
        self.folder, self.card = Path(folder), read_card(folder)
        self.labels = read_labels(folder)
        verify_files(self.folder, self.card)
        self._runtime = chosen(runtime, self.card, folder)
        self._children, self._child = Children(), None

    def __call__(self, batch):
        """The first output for a batch of pictures NHWC, 0..255."""
        try:
            if self._child is None:
                self._child = self._children[self._runtime.name]
                self._child.open(self.folder, self.card)
            answer = self._child.predict({self.card["inputs"][0]["name"]: batch.astype(np.float32)})
        except RuntimeFailure as failure:
            self._child = None
            raise LabsError(f"{self._runtime.title}: {failure}; try another runtime.") from failure
        return answer[self.card["outputs"][0]["name"]]

    def close(self):
        self._children.close()


def kept(name):
    """The folder of a kept model, in saved_models here or beside the package."""
    for root in (Path(), Path(__file__).resolve().parents[2]):
        if (root / "saved_models" / name / "card.json").exists():
            return root / "saved_models" / name
    raise LabsError(f"There is no saved_models/{name}: work in a checkout of the course, or pass its folder.")
