"""Measures the total memory of all processes of a run. The system's own limit (rlimit) applies to each process separately.

The memory is read from Linux's /proc. On a system without /proc (macOS), memory is not limited.
"""

import os
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
LOOK = 0.1  # seconds between two measurements of the total memory of a run's processes


def read(path):
    """Return the text of a file in /proc, or "" if the process has ended."""
    try:
        with open(path) as f:
            return f.read()
    except OSError:
        return ""


def family(pid):
    """Return the ids of the process `pid` and of all its descendants, as a list of str. The first is that of `pid` itself."""
    found = [str(pid)]
    for p in found:  # the list grows during the loop
        try:
            tasks = os.listdir(f"/proc/{p}/task")
        except OSError:
            continue
        for task in tasks:
            found += read(f"/proc/{p}/task/{task}/children").split()
    return found


def number_of(pidfd):
    """Return the id, as text, that the process with the file descriptor `pidfd` has in this /proc, not in its own pid namespace."""
    return read(f"/proc/self/fdinfo/{pidfd}").partition("Pid:")[2].split("\n")[0].strip()


def more_than(limit, pids):
    """Return whether the processes with the ids `pids` together use more than `limit` bytes of memory.

    A memory page that several of these processes share counts once.
    """
    resident = (read(f"/proc/{p}/statm").split() for p in pids)
    if sum(int(fields[1]) for fields in resident if fields) * PAGE <= limit:
        return False  # this sum counts shared pages once per process; to count them only once takes milliseconds per process
    total = 0
    for p in pids:
        share = read(f"/proc/{p}/smaps_rollup").partition("\nPss:")[2].split()
        total += int(share[0]) * 1024 if share else 0
        if total > limit:
            return True
    return False


def too_large(most, pid, without=0):
    """Return whether the process `pid` and its descendants together use more than `most` bytes of memory.

    The first `without` of these processes do not count. If only one is left, return False: its own limit (rlimit) is enough.
    """
    pids = family(pid)[without:]
    return len(pids) > 1 and more_than(most, pids)


def next_look(began):
    """Return the time for the next measurement. The last measurement began at `began` and has just ended.

    The longer the last measurement took, the later is the next.
    """
    return began + max(LOOK, 4 * (time.monotonic() - began))
