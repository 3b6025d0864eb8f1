"""Total memory of all processes of a run. The system's own limit (rlimit) bounds each process only.

Read from Linux's /proc. Where there is none (macOS), only the limit of each process holds.
"""

import os
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
LOOK = 0.1  # seconds between two measurements of the total memory of a run's processes


def read(path):
    """The text of a file in /proc, "" if the process has ended."""
    try:
        with open(path) as f:
            return f.read()
    except OSError:
        return ""


def family(pid):
    """The process and all its descendants, as /proc numbers them."""
    found = [str(pid)]
    for p in found:  # it grows on the way
        try:
            tasks = os.listdir(f"/proc/{p}/task")
        except OSError:
            continue
        for task in tasks:
            found += read(f"/proc/{p}/task/{task}/children").split()
    return found


def number_of(pidfd):
    """The number in /proc of the process behind a descriptor, whatever it is called in its own namespace."""
    return read(f"/proc/self/fdinfo/{pidfd}").partition("Pid:")[2].split("\n")[0].strip()


def more_than(limit, pids):
    """Whether these processes hold more than `limit` bytes together. A page that several hold counts once."""
    resident = (read(f"/proc/{p}/statm").split() for p in pids)
    if sum(int(fields[1]) for fields in resident if fields) * PAGE <= limit:
        return False  # with shared pages counted for each; to tell them apart takes milliseconds a process
    total = 0
    for p in pids:
        share = read(f"/proc/{p}/smaps_rollup").partition("\nPss:")[2].split()
        total += int(share[0]) * 1024 if share else 0
        if total > limit:
            return True
    return False


def too_large(most, pid, without=0):
    """Whether a process and its descendants, the first `without` of them left out, hold too much. One alone has its own limit."""
    pids = family(pid)[without:]
    return len(pids) > 1 and more_than(most, pids)


def next_look(began):
    """When to look at the memory again: where looking takes long, seldom."""
    return began + max(LOOK, 4 * (time.monotonic() - began))
