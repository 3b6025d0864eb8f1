"""Reports to the grader how a student's process ended. A report is a JSON object, written to the socket `status`."""

import contextlib
import json
import os
import signal


def tell(status, pid, seconds, why):
    """Wait for the student's process `pid` and report on the socket `status` how it ended, if the grader still listens.

    seconds  limit on processor time; the operating system kills a process that exceeds it
    why      the reason if this program has killed the process, "timeout" or "memory"; else ""
    """
    _, how, used = os.wait4(pid, 0)
    cpu = used.ru_utime + used.ru_stime
    ended = {"signal": os.WTERMSIG(how)} if os.WIFSIGNALED(how) else {"exit": os.WEXITSTATUS(how)}
    if not why and ended.get("signal") == signal.SIGKILL and cpu > seconds:
        why = "timeout"
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(({why: True} if why else ended) | {"cpu": cpu}).encode())


def lost(status, error):
    """Report on the socket `status` that a run could not be made or watched, which is not the fault of the student's code."""
    with contextlib.suppress(OSError):
        os.write(status, json.dumps({"lost": f"{error.strerror or error}"}).encode())
