"""How a student's process ended, in the words in which the grader is told."""

import contextlib
import json
import os
import signal


def tell(status, pid, seconds, why):
    """Tell the grader how the student's process ended, or why it was ended ("timeout", "memory"); the grader may be gone.

    seconds: of processor time that it may take; the system itself ends what goes on beyond them.
    """
    _, how, used = os.wait4(pid, 0)
    cpu = used.ru_utime + used.ru_stime
    ended = {"signal": os.WTERMSIG(how)} if os.WIFSIGNALED(how) else {"exit": os.WEXITSTATUS(how)}
    if not why and ended.get("signal") == signal.SIGKILL and cpu > seconds:
        why = "timeout"
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(({why: True} if why else ended) | {"cpu": cpu}).encode())


def lost(status, error):
    """Tell the grader that a run could not be made or watched, through no fault of the student's code."""
    with contextlib.suppress(OSError):
        os.write(status, json.dumps({"lost": f"{error.strerror or error}"}).encode())
