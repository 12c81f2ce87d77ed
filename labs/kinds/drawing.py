"""Masks, boxes and points over their picture."""

import numpy as np


def draw_mask(picture, mask, labels, colors=None, opacity=0.55):
    """The picture under its mask's colours with a legend of the classes that occur; uint8 (height, width, 3) and more below.

    picture: uint8 (height, width, 3). mask: uint8 (height, width). labels: one text a class. colors: RGB, 0..255, one a
    class (default: hues spread evenly).
    """
    colors = palette(len(labels)) if colors is None else np.asarray(colors, np.uint8)
    blended = (1 - opacity) * picture + opacity * colors[mask]
    share = np.bincount(mask.ravel(), minlength=len(labels)) / mask.size
    entries = [(f"{labels[n]} {share[n]:.0%}", tuple(map(int, colors[n]))) for n in np.flatnonzero(share)]
    return np.concatenate([np.rint(blended).astype(np.uint8), _legend(entries, picture.shape[1])])


def palette(count):
    """`count` RGB colours that differ, uint8 (count, 3)."""
    import cv2

    hues = (np.arange(count) * 180 // max(count, 1)).astype(np.uint8)
    brightness = np.where(np.arange(count) % 2, 170, 235).astype(np.uint8)
    hsv = np.stack([hues, np.full(count, 190, np.uint8), brightness], axis=1)[None]
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0]


def _legend(entries, width):
    """A white strip with a coloured square and a text for each entry, as wide as the picture."""
    from PIL import Image, ImageDraw

    font = _font(14)
    places, x, y = [], 8, 6
    for text, color in entries:
        needed = 18 + int(font.getlength(text)) + 14
        if x > 8 and x + needed > width:
            x, y = 8, y + 22
        places.append((x, y, text, color))
        x += needed
    strip = Image.new("RGB", (width, y + 26), "white")
    pen = ImageDraw.Draw(strip)
    for x, y, text, color in places:
        pen.rectangle((x, y + 2, x + 12, y + 14), fill=color, outline="black")
        pen.text((x + 18, y), text, fill="black", font=font)
    return np.asarray(strip)


def draw_boxes(picture, boxes, labels):
    """The picture with its Boxes: uint8 (height, width, 3)."""
    from PIL import Image, ImageDraw

    colors = dict(zip(labels, palette(len(labels)).tolist(), strict=True))
    canvas = Image.fromarray(np.ascontiguousarray(picture, np.uint8))
    pen, font = ImageDraw.Draw(canvas), _font(max(12, picture.shape[0] // 40))
    for box in boxes:
        color = tuple(colors[box.label])
        pen.rectangle((box.x0, box.y0, box.x1, box.y1), outline=color, width=max(1, picture.shape[0] // 240))
        corner = (box.x0 + 2, box.y0 + 1)
        text = f"{box.label} {box.score:.2f}"
        pen.rectangle(pen.textbbox(corner, text, font=font), fill="white")
        pen.text(corner, text, fill="black", font=font)
    return np.asarray(canvas)


def draw_points(picture, points):
    """The picture with its named points: uint8 (height, width, 3)."""
    from PIL import Image, ImageDraw

    canvas = Image.fromarray(np.ascontiguousarray(picture, np.uint8))
    pen, radius = ImageDraw.Draw(canvas), max(2, picture.shape[0] // 120)
    font = _font(max(12, picture.shape[0] // 40))
    for name, x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill="red", outline="white")
        pen.text((x + radius + 2, y), name, fill="red", font=font, stroke_width=2, stroke_fill="white")
    return np.asarray(canvas)


def _font(size):
    from PIL import ImageFont

    from labs.files import bundled

    return ImageFont.truetype(str(bundled("fonts/LabsGothic.ttf")), size)  # labels may be Korean
