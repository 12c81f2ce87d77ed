"""What the classroom's tests share: the course builder, and a course built once."""

import os

import pytest
from load_tool import load_tool

from labs.classroom import sandbox
from labs.files import bundled

ROOT = bundled("README.md").parent.parent
PROTECTED = os.name != "nt" and sandbox.strongest() != "limits"
needs_sandbox = pytest.mark.skipif(
    not PROTECTED,
    reason="neither namespaces nor Landlock 6 here: labs grade refuses to run strangers' programs",
)


def load_builder():
    """tools/build_course.py as a module."""
    return load_tool("build_course")


def saved_model():
    """The files of a good saved model: {path: bytes}."""
    folder = ROOT / "saved_models" / "mnist"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
