"""Reports to the grader how a student's process ended. The reports are JSON objects on the socket `status`."""

import contextlib
import json
import os
import signal


def tell(status, pid, seconds, why):
    """Wait for the student's process `pid` and report to the grader how it ended. The grader may have closed the socket.

    seconds  limit on processor time; the system itself kills a process that exceeds it
    why      "timeout" or "memory" if the process was ended for this reason, else ""
    """
    _, how, used = os.wait4(pid, 0)
    cpu = used.ru_utime + used.ru_stime
    ended = {"signal": os.WTERMSIG(how)} if os.WIFSIGNALED(how) else {"exit": os.WEXITSTATUS(how)}
    if not why and ended.get("signal") == signal.SIGKILL and cpu > seconds:
        why = "timeout"
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(({why: True} if why else ended) | {"cpu": cpu}).encode())


def lost(status, error):
    """Report to the grader that a run could not be made or watched, through no fault of the student's code."""
    with contextlib.suppress(OSError):
        os.write(status, json.dumps({"lost": f"{error.strerror or error}"}).encode())
