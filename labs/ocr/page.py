"""`labs.read`: the words of a picture, and the picture with them."""

import numpy as np

from labs.errors import LabsError
from labs.ocr.engines import Engine, open_engine
from labs.ocr.quads import reading_order, rows_of
from labs.preprocess import as_pixels


def read(picture, engine="ours", **options):
    """The words of a picture in reading order: a list of Word(text, score, corners).

    picture: a path, or an array (H, W) or (H, W, 3) in RGB, 0..255. engine: "ours", "tesseract", "rapidocr", "vision" or
    an Engine that is open; options go to it (labs/ocr/engines.py). No text gives an empty list.
    Raises BadImage, and LabsError when the engine is not installed or gives no answer.

    Example: `[word.text for word in labs.read("sign.jpg")]` -> ["안녕하세요", "2026"]
    """
    pixels = np.asarray(as_pixels(picture)).astype(np.uint8)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    pixels = np.repeat(pixels, 3 // pixels.shape[2], axis=2)
    opened = engine if isinstance(engine, Engine) else open_engine(engine, **options)
    try:
        words = [word for word in opened.words(pixels) if len(word.corners) == 4]
    finally:
        if opened is not engine:
            opened.close()
    return [words[number] for number in reading_order([word.corners for word in words])]


def as_text(words):
    """The words as text to copy: a line of the picture a line."""
    rows = rows_of([word.corners for word in words])
    return "\n".join(" ".join(words[number].text for number in row) for row in rows)


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
        {"text": text, "score": round(score, 4), "corners": np.array(corners, float).tolist()}
        for text, score, corners in words
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
