"""How much memory this process has needed at most."""

import sys

import psutil


def peak_megabytes():
    """Peak resident memory of this process since reset_peak(), and what its own children hold now.

    Not ru_maxrss: on Linux that starts with the peak of the process that started this one.
    """
    here = psutil.Process()
    total = _own_peak(here)
    for child in here.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.Error:
            continue  # it ended in between
    return total / 1e6


def reset_peak():
    """Start counting anew, where the system can (Linux)."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


def _own_peak(process):
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    return getattr(process.memory_info(), "peak_wset", process.memory_info().rss)
