"""Where the bundled Korean faces come from: packages with their SHA-256, and the face table."""

from dataclasses import dataclass

# short name: (package manager, package, version, SHA-256 of the archive)
PACKAGES = {
    "fonts-nanum": (
        "debian",
        "fonts-nanum",
        "20200506-1",
        "5e86c346e6485b694e1f0ebd27132892fcf014d1b975de4fd21d1654ddf37043",
    ),
}


@dataclass(frozen=True)
class Face:
    """One bundled face: our short name and family, its package, and the file(s) in it."""

    name: str
    family: str
    kind: str  # "print" or "handwriting"
    package: str
    files: str
    file: str
    lacks_some: bool = False


FACES = [
    Face("gothic", "Labs Gothic", "print", "fonts-nanum", "**/NanumGothic.ttf", "LabsGothic.ttf"),
]
