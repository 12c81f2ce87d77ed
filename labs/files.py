"""Files and folders that appear whole or not at all, and where `labs` keeps its own."""

import contextlib
import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from labs.errors import DataUnavailable, LabsError


def bundled(name):
    """Path of a file shipped with `labs` (`data/` in a checkout, `labs/data/` in a wheel).

    Example: `bundled("fonts/README.md")`. Raises DataUnavailable when it is not there.
    """
    package = Path(__file__).resolve().parent
    for root in (package.parent / "data", package / "_data"):
        if (root / name).exists():
            return root / name
    raise DataUnavailable(f"The bundled file data/{name} is missing: install labs again.")


def cache_folder(name=""):
    """The folder for downloads, made if need be (`LABS_CACHE` overrides the system's place)."""
    import pooch

    root = os.environ.get("LABS_CACHE") or pooch.os_cache("vision-labs")
    folder = Path(root).expanduser() / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return folder


def sha256(path):
    """The SHA-256 of a file as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return (
            hashlib.file_digest(file, "sha256").hexdigest()
            if sys.version_info >= (3, 11)
            else _sha256_310(file)
        )


def _sha256_310(file):
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


@contextlib.contextmanager
def whole_file(path):
    """Give a temporary path beside `path`; on success it becomes `path`, on failure it vanishes.

    Example:
        with whole_file("a.txt") as partial:
            partial.write_text("all of it", encoding="utf-8")
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # not there, or its folder is a file
            partial.unlink()


@contextlib.contextmanager
def whole_folder(path):
    """Give an empty temporary folder beside `path`; on success it takes the place of `path`.

    A kill at any moment leaves the old folder or the new one; what a killed run left behind is
    removed by the next. Two writers do not mix: the last to finish wins.
    """
    path = Path(path)
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        partial = Path(
            tempfile.mkdtemp(prefix=f".{path.name}.{os.getpid()}.", suffix=".partial", dir=path.parent)
        )
        partial.chmod(0o755)
        yield partial
        _put_in_place(partial, path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)


def _cannot_write(path, error):
    return LabsError(
        f"Cannot write {path}: {error.strerror or error}; choose a folder you may write to, with free space."
    )


def _put_in_place(partial, path):
    """Move `partial` to `path`, swapping atomically with what is there where the system can."""
    if not path.exists():
        with contextlib.suppress(OSError):  # another writer may have come first
            os.rename(partial, path)
            return
    if path.is_file():
        raise LabsError(f"{path} is a file, not a folder: choose another name.")
    if _swap(partial, path):
        return  # `partial` now holds the old folder, and the caller removes it
    old = partial.with_name(partial.name.replace(".partial", ".old.partial"))
    os.rename(path, old)
    os.rename(partial, path)
    shutil.rmtree(old, ignore_errors=True)


def _swap(first, second):
    """Exchange two folders in one system call; False where the system has none."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        a, b = os.fsencode(first), os.fsencode(second)
        if sys.platform == "linux":
            at_cwd, exchange = -100, 2
            return libc.renameat2(at_cwd, a, at_cwd, b, exchange) == 0
        if sys.platform == "darwin":
            return libc.renamex_np(a, b, 2) == 0
    except (AttributeError, OSError, TypeError):
        pass
    return False


def _sweep(path):
    """Remove what killed runs left beside `path`; bring back an old folder they had set aside."""
    for leftover in path.parent.glob(f".{path.name}.*.partial"):
        process = leftover.name[len(path.name) + 2 :].split(".")[0]
        if process.isdigit() and not _alive(int(process)):
            if leftover.name.endswith(".old.partial") and not path.exists():
                os.rename(leftover, path)
            else:
                shutil.rmtree(leftover, ignore_errors=True)


def _alive(process):
    import psutil

    return psutil.pid_exists(process)
