"""`labs.read`: the words of a picture, and the picture with them."""

import numpy as np

from labs.errors import LabsError
from labs.ocr.engines import Engine, open_engine
from labs.ocr.quads import reading_order
from labs.preprocess import as_pixels


def read(picture, engine="ours", **options):
    """The words of a picture in reading order: a list of Word(text, score, corners).

    picture: a path, or an array (H, W) or (H, W, 3) in RGB, 0..255. engine: "ours", "tesseract", "rapidocr", "vision" or
    an Engine that is open; options go to it (labs/ocr/engines.py). No text gives an empty list.
    Raises BadImage, and LabsError when the engine is not installed or gives no answer.

    Example: `[word.text for word in labs.read("sign.jpg")]` -> ["안녕하세요", "2026"]
    """
    pixels = np.asarray(as_pixels(picture)).astype(np.uint8)
    pixels = np.ascontiguousarray(
        np.broadcast_to(pixels.reshape(*pixels.shape[:2], -1), (*pixels.shape[:2], 3))
    )
    opened = engine if isinstance(engine, Engine) else open_engine(engine, **options)
    try:
        words = [word for word in opened.words(pixels) if len(word.corners) == 4]
    finally:
        if opened is not engine:
            opened.close()
    return [words[number] for number in reading_order([word.corners for word in words])]


def as_text(words):
    """The words as text to copy: a line of the picture a line."""
    lines, last = [], None
    for word in words:
        corners = np.array(word.corners, float)
        beside = last is not None and corners[:, 0].mean() > last[:, 0].mean()
        if beside and abs(_level(corners, last)) < 0.6 * (last[3, 1] - last[0, 1]):
            lines[-1] += f" {word.text}"
        else:
            lines.append(word.text)
        last = corners
    return "\n".join(lines)


def _level(corners, last):
    """How far a word's middle lies below the line of the word before it."""
    across = last[1] - last[0]
    step = corners.mean(axis=0) - last.mean(axis=0)
    return step[1] - step[0] * across[1] / max(1e-6, across[0])


def draw(picture, words):
    """The picture with the words' outlines and texts: uint8 (H, W, 3) in RGB."""
    from PIL import Image, ImageDraw, ImageFont

    from labs.files import bundled

    pixels = as_pixels(picture)
    canvas = Image.fromarray(np.asarray(pixels, np.uint8)).convert("RGB")
    pen = ImageDraw.Draw(canvas)
    for word in words:
        corners = [tuple(map(float, corner)) for corner in word.corners]
        pen.polygon(corners, outline=(220, 30, 30))
        tall = max(10, min(28, round(0.6 * abs(corners[3][1] - corners[0][1]))))
        font = ImageFont.truetype(str(bundled("fonts/LabsGothic.ttf")), tall)
        left, top = corners[0][0], corners[0][1] - 1.2 * tall
        pen.rectangle(pen.textbbox((left, top), word.text, font=font), fill=(255, 255, 255))
        pen.text((left, top), word.text, fill=(20, 60, 200), font=font)
    return np.asarray(canvas)


def plain(words):
    """The words for JSON."""
    return [
        {
            "text": word.text,
            "score": round(word.score, 4),
            "corners": [[float(x), float(y)] for x, y in word.corners],
        }
        for word in words
    ]


def write_overlay(picture, words, path):
    """Write the picture with its words as a PNG."""
    import cv2

    from labs.files import whole_file

    if path.suffix.lower() != ".png":
        raise LabsError(f"{path} is no .png: give --overlay a name that ends in .png.")
    drawn = draw(picture, words)
    with whole_file(path) as partial:
        partial.write_bytes(cv2.imencode(".png", np.ascontiguousarray(drawn[..., ::-1]))[1].tobytes())
