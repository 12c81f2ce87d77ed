"""A picture: output `picture` (N, height, width, 1 or 3), values 0..255.

A network for photographs of any size says so in the card, decode {"scale": 2, "margin": 10}: they go through it
in tiles, of whose edges `margin` pixels are thrown away, since there the network does not see all it looks at. scale: how
many times as large as the photograph its answer is, 1 for one that paints.
"""

import numpy as np

from labs import preprocess
from labs.errors import BadImage
from labs.kinds import Comparison, count_agreeing, output

JUDGED = ()
LEVELS = 1  # of 256: what rounding a pixel may decide
LARGEST = 1_000_000  # pixels of a photograph that is cut into tiles


def trouble(card, labels):
    entry = output(card, "picture")
    if entry is None or len(entry["shape"]) != 4 or entry["shape"][3] not in (1, 3):
        return "it has no output `picture` (N, height, width, 1 or 3)"
    return None


def answers(outputs, card, labels):
    """Each picture as uint8."""
    return list(_levels(outputs["picture"]))


def prepare(pixels, card):
    """The whole picture resized to the network's input or, where the card has a scale, cut into tiles."""
    if "scale" not in card["decode"]:
        return preprocess.prepare(pixels, card)
    if pixels.shape[0] * pixels.shape[1] > LARGEST:
        raise BadImage(
            f"The picture has {pixels.shape[0] * pixels.shape[1]:,} pixels: give this network at most {LARGEST:,}, a part of the picture or a smaller one."
        )
    _, height, _, channels = card["inputs"][0]["shape"]
    whole = preprocess.fit(pixels, None, None, channels)
    return cut(whole, height, card["decode"]["margin"]).astype(np.float32)


def cut(pixels, tile, margin):
    """Tiles (n, tile, tile, channels), row by row, that overlap by twice the margin; beyond its edge the picture's last pixels go on."""
    step = tile - 2 * margin
    rows, columns = (-(-size // step) for size in pixels.shape[:2])
    after = [
        (margin, count * step - size + margin)
        for count, size in zip((rows, columns), pixels.shape, strict=False)
    ]
    wide = np.pad(pixels, (*after, (0, 0)), "edge")
    places = [(row * step, column * step) for row in range(rows) for column in range(columns)]
    return np.stack([wide[y : y + tile, x : x + tile] for y, x in places])


def joined(tiles, shape, scale, margin):
    """The picture (scale times height, scale times width, channels) of the answers for the tiles of a picture of `shape`."""
    edge = scale * margin
    inner = np.stack([tile[edge:-edge, edge:-edge] for tile in tiles])
    step = inner.shape[1]
    height, width = (scale * size for size in shape[:2])
    columns = -(-width // step)
    rows = inner.reshape(-1, columns, *inner.shape[1:]).swapaxes(1, 2)
    return rows.reshape(-1, columns * step, inner.shape[-1])[:height, :width]


def whole(answers, shape, card):
    """One picture of what the network said of one picture's tiles."""
    decode = card["decode"]
    return joined(answers, shape, decode["scale"], decode["margin"]) if "scale" in decode else answers[0]


def in_picture(answer, network_size, picture_size):
    return answer  # as large as the network makes it: a super-resolution network's is larger than what it was given


def plain(answer):
    return answer.tolist()


def compare(expected, answer, card, labels, half):
    """No pixel more than one level of 256 away (five with weights in float16)."""
    apart = np.abs(_levels(expected["picture"]).astype(int) - _levels(answer["picture"]))
    largest = apart.reshape(len(apart), -1).max(axis=1)
    agree, first = count_agreeing(largest <= (5 * LEVELS if half else LEVELS))
    note = f"pixels differ by at most {largest.max()} of 255, by {apart.mean():.1e} on average"
    return Comparison(agree, note=note if largest.any() or first is not None else "")


def _levels(picture):
    return np.rint(np.clip(np.nan_to_num(picture), 0, 255)).astype(np.uint8)
