"""The peak memory of a process."""

import sys
from pathlib import Path


def peak_mb(pid=None):
    """Return the most memory (resident, in MB of 2**20 bytes) that a process has held so far, by default this one.

    Linux says it for every process of this user, in `VmHWM`. Other systems have only `ru_maxrss`, for this process. It is used
    there alone, because on Linux it begins at the peak of the process that started this one. Returns None for a process that has
    ended, and for another process than this one where the system does not say.
    """
    try:
        lines = Path("/proc", str(pid or "self"), "status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        if pid is not None or sys.platform == "linux":
            return None
    import resource  # Windows has none

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 1024)  # bytes on macOS, KiB elsewhere
