"""Measures how busy this machine is: the number of this user's threads, and the load."""

import os
from pathlib import Path


def processes_of_this_user():
    """Return the number of threads of all processes of this user (0 on a system without /proc).

    RLIMIT_NPROC limits the sum of these threads and those of the student's code, so it must be set to this number plus the
    number that the student's code may have.
    """
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
    """Return True if the load of this machine is more than 1.5 times its number of cores, or if the load is not known."""
    try:
        return os.getloadavg()[0] > 1.5 * os.cpu_count()
    except (AttributeError, OSError):  # the system does not say
        return True
