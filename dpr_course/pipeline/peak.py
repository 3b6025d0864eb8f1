"""Measures the peak memory of a process."""

import sys
from pathlib import Path


def peak_memory(pid=None):
    """Return the largest amount of memory, in MB, that the process `pid` has held so far. Without `pid`, measure this process.

    On Linux the number is read from /proc, because `ru_maxrss` of a new process begins at its parent's peak. Return None if the
    process has ended, or if `pid` is given on a system without /proc.
    """
    status = Path("/proc", str(pid or "self"), "status")
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**10
    except (OSError, StopIteration):
        if pid is not None:
            return None
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
