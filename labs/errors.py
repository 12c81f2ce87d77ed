"""The errors a student can meet: each is one sentence that says what to do next."""


class LabsError(Exception):
    """Something `labs` cannot do; the message says what to do about it."""


class DataUnavailable(LabsError):
    """A data set, sample or weight file that could be had from nowhere."""


class BadModelFolder(LabsError):
    """A saved-model folder with a missing, truncated, swapped or hostile file."""


class BadImage(LabsError):
    """A picture that does not decode or does not fit the network's input."""


class BadSound(LabsError):
    """A recording that cannot be read, or in which the network cannot hear one word."""


class ExportError(LabsError):
    """A network that cannot be written in the format asked for."""
