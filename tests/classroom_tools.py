"""What the classroom's tests share: the course builder, and a course built once."""

import importlib.util
import os
import sys

import pytest

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
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        spec = importlib.util.spec_from_file_location("build_course", ROOT / "tools" / "build_course.py")
        builder = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(builder)
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return builder


def saved_model():
    """The files of a good saved model: {path: bytes}."""
    folder = ROOT / "saved_models" / "mnist"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
