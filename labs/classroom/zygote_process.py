"""A process with TensorFlow loaded that forks students' processes: `python -m labs.classroom.zygote_process FD`.

It has never seen a test or an answer, so neither has a fork of it. Requests come as a line of JSON with two
descriptors (the student's channel and its output) over the Unix socket FD; when that closes, it ends.
"""

import contextlib
import json
import os
import socket
import sys
import time
import warnings

import psutil

from labs.classroom import sandbox, student

_LONGEST = 4096


def main(descriptor):
    """Say which level of sandbox there is, then import what assignments need, and fork on demand."""
    control = socket.socket(fileno=descriptor)
    sandbox.become_warden()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    _say(control, level=sandbox.strongest())
    running = None
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _LONGEST, 2)
        if not message:
            _end(running)
            os._exit(0)
        request = json.loads(message)
        if request["do"] == "import":
            student.prepare(request["modules"])
            _say(control, ready=True)
        elif request["do"] == "start":
            running = _start(request, descriptors, control)
            _say(control, pid=running)
        elif request["patience"]:
            _say(control, status=_end(running, request["patience"]))
        else:
            _say(control, status=None)  # nobody waits for the tidying up
            _end(running)
        for one in descriptors:
            os.close(one)


def _say(control, **words):
    control.sendall(json.dumps(words).encode())


def _start(request, descriptors, control):
    child = os.fork()
    if child:
        return child
    try:
        control.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(descriptors[1], 1)
        os.dup2(descriptors[1], 2)
        channel = os.dup2(descriptors[0], 3)
        os.closerange(4, 1024)
        sandbox.enter(request["level"], sandbox.Limits(**request["limits"]), request["work"])
        student.serve(socket.socket(fileno=channel))
    except BaseException as error:
        with contextlib.suppress(BaseException):
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(97)
    os._exit(0)


def _end(child, patience=0.0):
    """Kill the student's process and whatever it started; returns its wait status, None without one.

    patience: seconds to wait first for an end that is under way, so as to learn how it ended.
    """
    here, status, start = psutil.Process(), None, time.monotonic()
    while family := here.children(recursive=True):
        if status is not None or time.monotonic() - start >= patience:
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                status = ended[1] if ended[0] == child else status
        time.sleep(0.005)
    return status


if __name__ == "__main__":
    main(int(sys.argv[1]))
