"""The profile: how much data and how many epochs a notebook takes."""

import os
from dataclasses import dataclass

from labs.errors import LabsError


@dataclass(frozen=True)
class Profile:
    """`full` is what a student gets, `quick` (bundled samples, a minute) is what tests run.

    Example: `epochs = labs.profile.choose(full=12, quick=2)`.
    """

    name: str

    @property
    def size(self):
        """The size to ask `labs.load` for: "full" or "sample"."""
        return self.choose(full="full", quick="sample")

    def choose(self, full, quick):
        """Return `full` or `quick`, whichever profile is on."""
        return full if self.name == "full" else quick


def current():
    """The profile that `LABS_PROFILE` names; full when it names none."""
    name = os.environ.get("LABS_PROFILE") or "full"
    if name not in ("full", "quick"):
        raise LabsError(f"LABS_PROFILE is {name!r}: set it to full or quick.")
    return Profile(name)
