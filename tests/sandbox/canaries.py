"""Versions of the grader in which one defence is switched off. Canaries use them to test that an attack then succeeds."""

import contextlib
import os
import signal
import socket
import time
from pathlib import Path
from unittest import mock

import torch

from autograder.proof.bank import define
from autograder.sandbox import pool as pools
from autograder.sandbox import zygote
from dpr_course.checks import CHECKS, load_expected, observe
from dpr_course.checks.core import PUBLISHED_SEED

EXERCISE = "get_in_batch_contrastive_loss"
CHECK = CHECKS[EXERCISE]


class Forked:
    """A stand-in for the base process, from which the grader forks all runs. The function `switch_off` removes one defence in it.

    The stand-in is forked from the tests' own process, in which torch is already imported.
    """

    def __init__(self, fd, switch_off):
        self.pid = os.fork()
        if self.pid == 0:
            with contextlib.suppress(BaseException):
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                switch_off()
                zygote.base(socket.socket(fileno=os.dup(fd)))
            os._exit(0)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def poll(self):
        return None


@contextlib.contextmanager
def weakened(switch_off, **options):
    """Open a Pool whose processes lack one defence.

    The function `switch_off` removes it in the base process, from which all other processes are forked.
    """
    with mock.patch.object(pools.subprocess, "Popen", lambda *a, pass_fds, **k: Forked(pass_fds[0], switch_off)):
        pool = pools.Pool(**options)
    with pool:
        yield pool


def in_a_process(work):
    """Run `work()` in a forked process and return its result as text, or "" if the process ends before it has a result."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        torch.set_num_threads(1)  # the parent's other threads are not in this process, and torch would wait for them for ever
        text = ""
        with contextlib.suppress(BaseException):
            text = str(work())
        os.write(theirs, text.encode("utf-8", "replace")[:60_000])
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        text = pipe.read().decode()
    os.waitpid(pid, 0)
    return text


def judged_in_the_students_process(code, expected=None):
    """Grade an answer in one process that also holds the expected values and the judge. Returns points and messages as text.

    expected: a function that makes the expected values after the student's code has run. By default the published ones are
    loaded.
    """

    def work():
        objects = define(EXERCISE, code, CHECK.names)
        values = expected() if expected else load_expected(EXERCISE)[0]
        return points(values, objects)

    def points(expected, objects):
        verdict = CHECK.judge(observe(CHECK, objects, PUBLISHED_SEED), expected)
        return f"{verdict.points:g} points. " + " ".join(t.message for t in verdict.tests)

    return in_a_process(work)


def lives(pid, patience):
    """Return whether a process is still running after `patience` seconds. Returns False as soon as the process has ended."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.05)
    return True
