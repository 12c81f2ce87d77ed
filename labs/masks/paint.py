"""Class numbers as colours, over their picture."""

import numpy as np


def paint(picture, mask, colours, opacity=0.6):
    """The picture under the colours of its mask: uint8 (height, width, 3).

    picture: uint8 (height, width, 3), or None for the colours alone; mask: (height, width), rows of `colours`
    (uint8 RGB, as `data.colours`). ValueError for two sizes, and for a class without a colour.

    Example: `labs.show.grid([labs.masks.paint(x, y, data.colours)])`.
    """
    mask, colours = np.asarray(mask), np.asarray(colours, "uint8")
    if mask.size and not 0 <= mask.min() <= mask.max() < len(colours):
        raise ValueError(
            f"The mask has classes {mask.min()}..{mask.max()}, and there are {len(colours)} colours."
        )
    if picture is None:
        return colours[mask]
    if picture.shape[:2] != mask.shape:
        raise ValueError(
            f"The picture has {picture.shape[:2]} pixels and the mask {mask.shape}: bring them to one size."
        )
    return np.rint((1 - opacity) * picture + opacity * colours[mask]).astype("uint8")
