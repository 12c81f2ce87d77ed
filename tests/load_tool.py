"""A script of tools/ as a module, for the tests of several of them."""

import importlib.util
import sys

from labs.files import bundled

TOOLS = bundled("README.md").parent.parent / "tools"


def load_tool(name):
    """tools/NAME.py as a new module; while it is read, it finds its neighbours as it does when it is started."""
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(TOOLS))
    return module
