"""Linux namespaces through libc: a file system, a network and a process table of one's own.

The calls are those of bubblewrap (https://github.com/containers/bubblewrap) and of namespaces(7).
"""

import contextlib
import ctypes
import functools
import os
import tempfile
from pathlib import Path

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_DETACH = 2
_MOUNT_SETATTR, _AT_RECURSIVE, _ATTR_RDONLY, _ATTR_NOSUID = 442, 0x8000, 1, 2
DEVICES = ("null", "zero", "full", "random", "urandom")


@functools.cache
def libc():
    """The C library; its calls set ctypes.get_errno()."""
    return ctypes.CDLL(None, use_errno=True)


def unshare(own_user):
    """Leave the machine's namespaces; `own_user` when we are not root and need a user namespace for it."""
    user, group = os.geteuid(), os.getegid()
    flags = _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET | (_NEWUSER if own_user else 0)
    _call("unshare", flags)
    if own_user:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


def new_root(paths, hidden, home, megabytes):
    """Make a file system of `paths` (read-only) and an empty `home` and /tmp in memory the only one there is.

    `hidden` are folders below the paths that appear empty.
    """
    _mount(None, "/", None, _REC | _PRIVATE)
    root = tempfile.gettempdir()  # any folder: what lies below is covered, for us only
    hidden = [path for path in hidden if os.path.isdir(path)]
    links = {path: os.readlink(path) for path in paths if os.path.islink(path)}
    wanted = [path for path in [*paths, *(f"/dev/{name}" for name in DEVICES)] if path not in links]
    handles = {path: os.open(path, os.O_PATH) for path in wanted}
    _mount("tmpfs", root, "tmpfs", _NOSUID | _NODEV, "mode=755,size=16m")
    for folder in (home, "/tmp", "/dev/shm"):
        os.makedirs(root + folder)
        _mount("tmpfs", root + folder, "tmpfs", _NOSUID | _NODEV, f"mode=1777,size={megabytes}m")
    for path, target in links.items():
        os.makedirs(os.path.dirname(root + path), exist_ok=True)
        os.symlink(target, root + path)
    for path in sorted(handles):
        _bind(handles[path], root + path)
    for path in hidden:
        _mount("tmpfs", root + path, "tmpfs", _RDONLY | _NOSUID | _NODEV, "size=4k")
    for handle in handles.values():
        os.close(handle)
    os.makedirs(root + "/proc")
    with contextlib.suppress(OSError):  # some containers refuse; Python and TensorFlow do without
        _mount("proc", root + "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    os.symlink("/proc/self/fd", root + "/dev/fd")
    os.chdir(root)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", _DETACH)
    _mount(None, "/", None, _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)


def _bind(handle, target):
    """Show what `handle` is open on at `target`, read-only with all that is mounted below it."""
    source = f"/proc/self/fd/{handle}"
    if os.path.exists(target):
        return  # a folder above it is visible already
    if os.path.isdir(source):
        os.makedirs(target)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    _mount(source, target, None, _BIND | _REC)
    attributes = (ctypes.c_uint64 * 4)(_ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    path = ctypes.c_char_p(os.fsencode(target))
    _call("syscall", _MOUNT_SETATTR, -100, path, _AT_RECURSIVE, attributes, ctypes.c_size_t(32))


def _mount(source, target, kind, flags, options=None):
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _call("mount", *texts, ctypes.c_ulong(flags), options and options.encode())


def _call(name, *arguments):
    if getattr(libc(), name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
