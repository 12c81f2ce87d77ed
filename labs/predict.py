"""What a saved model says of one picture, or one sound: `labs predict`."""

from labs import kinds, sound
from labs import runtimes as registry
from labs.errors import LabsError
from labs.export.card import read_card, read_labels, verify_files
from labs.preprocess import as_pixels, prepare
from labs.runtimes.children import Children, RuntimeFailure


def predict(folder, image, runtime=None, top=5):
    """What a saved model says of a picture, in the picture's own pixels, or of a sound.

    folder: a saved model (labs.export). image: a path or an array (see labs.preprocess.prepare: the
    picture is resized to the network's input); of a network that hears, a .wav file or an array of samples (see
    labs.sound.prepare). runtime: a name of labs.runtimes.RUNTIMES, by default
    OpenCV's .pb or, where the folder has none, the first that it has a file for; it runs in a child
    process. The card's kind decides what is returned:

        probabilities  list of the `top` best (label, probability), best first; also without a kind
        mask           uint8 (height, width), the class of each pixel
        boxes          list of Box(label, score, x0, y0, x1, y1), best first
        points         list of (name, x, y); a page's corners are refined where the card says so
        text           str
        picture        uint8 (height, width, 1 or 3)

    Raises BadModelFolder, BadImage, BadSound, LabsError.

    Example: `labs.predict("saved_models/mnist", "my_seven.png")[0]` -> ("7", 0.998)
    """
    card = read_card(folder)
    wanted = chosen(runtime, card, folder)
    verify_files(folder, card)
    labels = read_labels(folder)
    kind = kinds.get(card, labels) or kinds.named("probabilities")
    hears = "rate" in (card.get("preprocessing") or {})
    pixels = None if hears else as_pixels(image)
    batch = sound.prepare(image, card) if hears else getattr(kind, "prepare", prepare)(pixels, card)
    with Children() as children:
        child = children[wanted.name]
        try:
            child.open(folder, card)
            answer = child.predict({card["inputs"][0]["name"]: batch})
        except RuntimeFailure as failure:
            advice = f"choose another of the runtimes that `labs check {folder}` shows as ok"
            raise LabsError(f"{child.runtime.title}: {failure}; {advice}.") from failure
    said = kind.answers(answer, card, labels)
    said = kind.whole(said, pixels.shape, card) if hasattr(kind, "whole") else said[0]
    if not hears:
        said = kind.in_picture(said, batch.shape[1:3], pixels.shape[:2])
    if hasattr(kind, "refined"):
        said = kind.refined(said, pixels, card)
    return said[:top] if kind.__name__.endswith("probabilities") else said


def chosen(name, card, folder):
    """The Runtime called `name`, or the first that has its file; a sentence where there is none."""
    if name is None:
        readable = [r for r in registry.RUNTIMES.values() if _exported(r, card)]
        preferred = sorted(readable, key=lambda r: PREFERRED.index(r.name) if r.name in PREFERRED else 9)
        if preferred:
            return preferred[0]
        raise LabsError(f"{folder} has nothing that a runtime reads: export the network again.")
    wanted = registry.get(name)
    if _exported(wanted, card):
        return wanted
    others = ", ".join(name for name, other in registry.RUNTIMES.items() if _exported(other, card))
    raise LabsError(f"{folder} has nothing that {wanted.title} reads: choose another runtime ({others}).")


PREFERRED = ("opencv_pb", "onnxruntime", "opencv_onnx", "saved_model", "keras", "tfjs_wasm")


def _exported(runtime, card):
    return all(any(file.startswith(name) for file in card["files"]) for name in runtime.files)
