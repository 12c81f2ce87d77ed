"""Landlock, for Linux machines and containers that allow no namespaces: only named folders, no TCP, no signals.

https://docs.kernel.org/userspace-api/landlock.html; no privilege is needed. UDP is not covered.
"""

import ctypes
import os

from labs.classroom.mounts import libc

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _READ_FOLDER, _TRUNCATE, _DEVICE = 1, 2, 4, 8, 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _DEVICE
_LOOK = _EXECUTE | _READ | _READ_FOLDER
_TCP, _SCOPES = 3, 3  # bind and connect; abstract sockets and signals
NEEDED = 6  # with an older one a program could still kill every process of its user


def version():
    """Which Landlock the kernel has; 0 for none. Files from 1 on, TCP from 4, signals from 6 (Linux 6.12)."""
    return max(0, libc().syscall(_CREATE, None, ctypes.c_size_t(0), 1))


def restrict(readable, writable):
    """Let this process, for good, read below the paths `readable` only, and change only what is below `writable`.

    Call it after PR_SET_NO_NEW_PRIVS. Raises OSError where the kernel has none that is NEEDED.
    """
    if version() < NEEDED:
        raise OSError("this kernel's Landlock does not cover signals")
    everything = (1 << 16) - 1
    parts = (ctypes.c_uint64 * 3)(everything, _TCP, _SCOPES)
    rules = _call(_CREATE, parts, ctypes.c_size_t(ctypes.sizeof(parts)), 0)
    for paths, allowed in ((readable, _LOOK), (writable, everything)):
        for path in paths:
            if os.path.exists(path):
                _allow(rules, path, allowed)
    _call(_RESTRICT, rules, 0)
    os.close(rules)


def _allow(rules, path, access):
    handle = os.open(path, os.O_PATH)
    if not os.path.isdir(path):
        access &= _OF_FILES
    rule = access.to_bytes(8, "little") + handle.to_bytes(4, "little")
    _call(_ADD_RULE, rules, 1, rule, 0)
    os.close(handle)


def _call(number, *arguments):
    answer = libc().syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return answer
