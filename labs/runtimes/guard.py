"""Runs a program in a temporary folder, and ends it when the process that asked for it is gone.

    python guard.py FOLDER PROGRAM ARGUMENTS...

Standard input is the lifeline: it closes when the parent closes it, exits or is killed. Then the
program with all its children is killed and FOLDER is removed: no browser is left behind.
"""

import contextlib
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil


def main(folder, command):
    """Run `command`, its output in FOLDER/log.txt; returns its exit code."""
    with open(Path(folder) / "log.txt", "wb") as log:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        threading.Thread(target=_end_with_parent, args=(program.pid,), daemon=True).start()
        code = program.wait()
    _kill(psutil.Process().children(recursive=True))
    _remove(folder)
    return code


def _end_with_parent(pid):
    sys.stdin.buffer.read()  # returns when the parent's end of the pipe is closed
    with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended by itself
        program = psutil.Process(pid)
        _kill([program, *program.children(recursive=True)])


def _kill(processes):
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _remove(folder):
    for _ in range(20):  # Windows lets a file go a moment after its process
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
