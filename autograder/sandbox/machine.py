"""How busy this machine is: the processes of this user, and the load."""

import os
from pathlib import Path


def processes_of_this_user():
    """RLIMIT_NPROC counts every process of a user, so a limit for a student's code comes on top of these."""
    count = 0
    for task in Path("/proc").glob("[0-9]*/status"):
        try:
            text = task.read_text()
            if f"Uid:\t{os.getuid()}\t" in text:
                count += int(text.split("Threads:\t")[1].split()[0])
        except (OSError, IndexError):
            continue
    return count


def busy():
    """Whether more wants to run on this machine than its cores and the grader's own runs account for."""
    try:
        return os.getloadavg()[0] > 1.5 * os.cpu_count()
    except (AttributeError, OSError):  # the system does not say
        return True
