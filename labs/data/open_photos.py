"""Photographs that anybody may show and publish (CC0, public domain): they are bundled, data/README.md tells of each."""

from labs.data.photos import decode
from labs.errors import LabsError
from labs.files import bundled

SOURCE = "open photographs (CC0, public domain; data/README.md)"


def names():
    """The names of all of them, in order: `["astronaut", "brick", ...]`."""
    return sorted(path.stem for path in bundled("photos_open").glob("*.jpg"))


def read(name):
    """The photograph `name`: uint8 (height, width, 3), RGB, at most 512 pixels a side.

    Example: `open_photos.read("chelsea").shape` is `(300, 451, 3)`.
    """
    return decode(path(name).read_bytes())


def path(name):
    """The JPEG file of the photograph `name`, for programs that want a file."""
    if name not in names():
        raise LabsError(f"There is no open photograph {name!r}: ask for {', '.join(names())}.")
    return bundled(f"photos_open/{name}.jpg")
