"""What a student's process may touch: almost nothing.

`enter` turns the calling process into a prisoner, for good. Three levels:

namespaces   Linux, where they are allowed. As bubblewrap does, by the same system calls, but in a process
             that has TensorFlow loaded already: a file system of its own with Python read-only and an empty
             home in memory, no network, no sight of other processes, no privileges, and the limits below.
landlock     Linux without namespaces (many containers): only Python, the libraries and an empty folder can be read,
             only that folder be written, no TCP, no signals to others, and the limits.
limits       elsewhere: limits of time, memory, processes and file size only, and another user where we are
             root. The files of the machine and the network are NOT protected: it has to be asked for.
"""

import ctypes
import os
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labs.classroom import landlock, mounts

FIRST_USER, USERS = 61_000, 3_000  # where we are root, a student's process becomes one of these users
HOME = "/home/student"

_DUMPABLE, _PARENT_DEATH, _SUBREAPER, _NO_NEW_PRIVILEGES, _DROP_BOUNDING = 4, 1, 36, 38, 24
_LAST_CAPABILITY = 63


@dataclass(frozen=True)
class Limits:
    """What one submission may use; megabytes of memory are counted on top of the loaded libraries."""

    seconds: float = 60  # one cell, or one answer to a test
    total_seconds: float = 300
    megabytes: int = 3000
    file_megabytes: int = 100
    output_megabytes: int = 20
    processes: int = 200  # threads count
    unprotected: bool = False  # whether the level `limits` will do


def become_warden():
    """Prepare a process that will start prisoners: its memory is closed to them, their orphans are its own."""
    _prctl(_DUMPABLE, 0)
    _prctl(_SUBREAPER, 1)


def strongest():
    """The strongest level that works on this machine; each is tried in a process of its own."""
    for level in ("namespaces", "landlock") if sys.platform == "linux" else ():
        child = os.fork()
        if child == 0:
            try:
                with open(os.devnull, "w", encoding="utf-8") as nothing:
                    os.dup2(nothing.fileno(), 2)
                enter(level, Limits(), tempfile.mkdtemp())
                os._exit(0)
            except BaseException:
                os._exit(1)
        if os.waitpid(child, 0)[1] == 0:
            return level
    return "limits"


def enter(level, limits, work):
    """Lock up this process, a fresh fork; `work` is the folder it may write to outside of `namespaces`.

    With namespaces it returns in a child of the calling process, whose first process it is: the caller only
    waits and hands on how it ended. Raises OSError where the system refuses.
    """
    os.setsid()
    _prctl(_DUMPABLE, 1)
    user = _another_user(level)
    if level == "namespaces":
        mounts.unshare(own_user=user is None)
        child = os.fork()
        if child:
            os._exit(_hand_on(os.waitpid(child, 0)[1]))
        mounts.new_root(visible_paths(), hidden_paths(), HOME, limits.file_megabytes * 3)
        work = HOME
    elif user is not None:
        os.chown(work, user, user)
    os.chdir(work)
    _environment(str(work))
    _limit(limits)
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    if sys.platform == "linux":
        _drop_privileges()
        _prctl(_DUMPABLE, 1)  # or it could not read its own /proc entries
        _prctl(_PARENT_DEATH, 9)
    if level == "landlock":
        devices = [f"/dev/{name}" for name in mounts.DEVICES]
        landlock.restrict([*visible_paths(), "/proc"], [str(work), *devices])


def _another_user(level):
    """Where we are root, the number of a user that owns nothing; None where we are not, or it could not run Python."""
    if os.geteuid() != 0:
        return None
    if level != "namespaces" and not all(map(_open_to_all, (sys.prefix, sys.base_prefix, __file__))):
        if level == "landlock":  # it stays root without privileges, and can write nowhere
            return None
        raise PermissionError(
            "Python lies in a folder that only root may read: install it elsewhere to grade here"
        )
    return FIRST_USER + os.getpid() % USERS


def _open_to_all(path):
    return all(os.stat(folder).st_mode & 0o001 for folder in Path(path).resolve().parents)


def visible_paths():
    """The folders a prisoner may read: Python, the libraries, `labs` and its samples; no assignments."""
    package = Path(__file__).resolve().parent.parent
    system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/sys/devices/system/cpu"]
    system += [
        f"/etc/{name}" for name in ("alternatives", "fonts", "ld.so.cache", "localtime", "passwd", "group")
    ]
    python = [sys.prefix, sys.base_prefix, *(sysconfig.get_paths()[name] for name in ("purelib", "platlib"))]
    own = [package, package.parent / "data" if (package.parent / "notebooks").is_dir() else package / "_data"]
    data = [os.environ[name] for name in ("LABS_DATA", "KERAS_HOME", "LABS_CACHE") if os.environ.get(name)]
    real = [
        os.path.realpath(path) for path in [*python, *own, *data]
    ]  # a link is of no use without its target
    return [str(Path(path)) for path in [*system, *python, *own, *data, *real] if os.path.lexists(path)]


def hidden_paths():
    """Folders below the visible ones that no prisoner may see: the assignments in an installed package."""
    return [str(Path(__file__).resolve().parent.parent / "_notebooks")]


def _environment(home):
    for name in ("HOME", "USERPROFILE", "IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME"):
        os.environ[name] = home
    os.environ["TMPDIR"] = "/tmp" if home == HOME else home


def _limit(limits):
    import resource

    mega = 1_000_000
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(limits.total_seconds) * 2,  # of each process; wall time is watched from outside
        "RLIMIT_FSIZE": limits.file_megabytes * mega,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_NOFILE": 512,
        "RLIMIT_AS": _mapped() + limits.megabytes * mega,
    }
    for name, most in wanted.items():
        if name == "RLIMIT_AS" and sys.platform != "linux":
            continue  # macOS refuses
        hard = resource.getrlimit(getattr(resource, name))[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(getattr(resource, name), (most, most))


def _mapped():
    """Bytes of address space in use: TensorFlow maps gigabytes that it never touches."""
    import psutil

    return psutil.Process().memory_info().vms


def _drop_privileges():
    for capability in range(_LAST_CAPABILITY + 1):
        _prctl(_DROP_BOUNDING, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if mounts.libc().capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(_NO_NEW_PRIVILEGES, 1)


def _prctl(option, value):
    if sys.platform == "linux":
        mounts.libc().prctl(option, value, 0, 0, 0)


def _hand_on(status):
    """The exit code that tells how the inner process ended: 128 + the signal, as shells say it."""
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
