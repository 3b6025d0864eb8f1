"""Starts and watches the runs of one exercise on systems without namespaces.

Each run has a supervisor, a process that watches the student's process and, at the end, kills all processes of the run.
"""

import contextlib
import errno
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path

from autograder.sandbox import isolation
from autograder.sandbox.exit_report import lost, tell
from autograder.sandbox.file_system import SCRATCH_BYTES
from autograder.sandbox.memory import LOOK, next_look, too_large
from autograder.sandbox.runner import student
from autograder.sandbox.wire import receive_with_fds


def serve_with_limits(check, namespace, control):
    """Fork a supervisor for each request on the socket `control`, until the grader closes the socket."""
    while True:
        run, fds = receive_with_fds(control, 3)
        if run is None:
            return
        try:
            pid = os.fork()
        except OSError as e:
            lost(fds[1], e)
        else:
            if pid == 0:
                control.close()
                supervise(check, namespace, run, *fds)
                os._exit(0)
        for fd in fds:
            os.close(fd)


def supervise(check, namespace, run, data, status, output):
    """Fork the student's process, watch it until it ends or must be killed, and report to the grader how it ended.

    `data`, `status` and `output` are the file descriptors that came with the request `run`.
    """
    isolation.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        scratch = tempfile.mkdtemp(prefix="exercise-")
        if shutil.disk_usage(scratch).free < SCRATCH_BYTES:
            raise OSError(errno.ENOSPC, f"there is no space left for a run's files in {tempfile.gettempdir()}")
        pid = os.fork()
    except OSError as e:
        lost(status, e)
        return
    if pid == 0:
        student(check, namespace, "limits", run, data, status, output, scratch)
    os.close(data)
    os.close(output)
    why = watch(pid, status, run["seconds"], isolation.memory_in_use() + run["memory"])
    os.kill(pid, signal.SIGKILL)  # has no effect if the process has ended
    kill_descendants()
    shutil.rmtree(scratch, ignore_errors=True)
    tell(status, pid, run["cpu"], why)


def watch(pid, status, seconds, most):
    """Watch the student's process `pid`. Return why it must be killed, "timeout" or "memory", or "" if it has ended by itself.

    seconds  time limit
    most     bytes of memory that the process and its descendants may use together

    Also return "" if the grader closes the socket `status`. The process is polled every 5 ms, which works on any system.
    """
    begun = time.monotonic()
    look = begun + LOOK
    while (now := time.monotonic()) < begun + seconds:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return ""
        if select.select([status], [], [], 0.005)[0]:
            return ""
        if look <= now:
            if too_large(most, os.getpid(), without=1):  # 1: this process, the supervisor, does not count
                return "memory"
            look = next_look(now)
    return "timeout"


def kill_descendants():
    """On Linux, kill all descendants of this process, including those that it has adopted, until none is left."""
    for _ in range(50):
        me, parents = os.getpid(), {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if fields[0] != "Z":
                    parents[int(stat.parent.name)] = int(fields[1])
            except (OSError, IndexError, ValueError):
                continue
        family, grew = {me}, True
        while grew:
            found = {p for p, parent in parents.items() if parent in family} - family
            family |= found
            grew = bool(found)
        family.discard(me)
        if not family:
            return
        for p in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(p, signal.SIGKILL)
