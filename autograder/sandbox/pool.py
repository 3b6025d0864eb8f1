"""Runs exercises in isolation: `Pool.run(exercise, code, extras, seeds)` returns what was observed of a student's code.

The pool is part of the grader's process, which knows the seeds and judges the answers. The pool starts the warm processes
(autograder.sandbox.zygote), which have imported all that a run needs. It talks to each student's process over a separate
socket (autograder.sandbox.conversation).
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from autograder.places import ROOT
from autograder.sandbox.conversation import Conversation, Lost
from autograder.sandbox.limits import Limits
from autograder.sandbox.machine import busy, processes_of_this_user
from autograder.sandbox.wire import receive, send, send_with_fds
from autograder.stages.contexts import context
from dpr_course.checks import PUBLISHED_SEED

ATTEMPTS = 3  # a run that fails because of the machine is tried this many times in all
PATIENCE = 3  # a run that got too little processor time on a busy machine is repeated with this many times the time limit


class PoolError(OSError):
    """Raised if the grader itself cannot work on this machine. The message says what to do."""


def zygote_environment():
    """Return the environment variables of the warm processes: those that Python and its libraries need, and fixed settings."""
    kept = {k: os.environ[k] for k in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "HOME") if k in os.environ}
    fixed = {
        "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "DPR_DEVICE": "cpu", "DPR_NO_PROGRESS": "1", "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1",
    }  # fmt: skip
    return {**{k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")}, **kept, **fixed}


@dataclass
class Zygote:
    """The warm process of one exercise. `control` is the socket to the process, or None as long as it has not been started."""

    control: socket.socket | None = None
    opening: threading.Lock = field(default_factory=threading.Lock)  # held while this one process is started
    sending: threading.Lock = field(default_factory=threading.Lock)  # held while something is sent on `control`


class Pool:
    """Warm processes for parallel runs. Use it as a context manager. Several threads may call `run` at the same time.

    level   "namespaces" or "limits"; by default the value of the environment variable DPR_ISOLATION, or else "namespaces" if possible
    limits  the Limits of each run, by default `Limits()`; a call of `run` may give others

    A warm process that ends unexpectedly is started again, and its unfinished runs are made again.
    """

    def __init__(self, level=None, limits=None):
        if not hasattr(os, "fork"):
            raise PoolError(
                "this system cannot run each student's code in an isolated process: it has no fork, no namespaces and no "
                "limits. Nothing was graded. Grade on Linux or macOS; on Windows, in WSL (https://learn.microsoft.com/windows/wsl)"
            )
        self.wanted = level or os.environ.get("DPR_ISOLATION", "")
        if self.wanted not in ("", "namespaces", "limits"):
            raise PoolError(f"DPR_ISOLATION must be namespaces or limits, but is {self.wanted!r}")
        self.limits, self.level = limits or Limits(), self.wanted or "namespaces"
        self._lock, self._slots, self._worked = threading.Lock(), set(), False
        self._start()

    def _start(self):
        """Start the base process, from which the warm process of each exercise is forked."""
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.zygote", str(theirs.fileno())],
            cwd=ROOT, env=zygote_environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C reaches only the grader, which then ends all processes
        )  # fmt: skip
        theirs.close()
        self._ready, self._zygotes = False, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End all processes. A supervisor that still runs kills its student's process when the grader's socket closes."""
        self._close_zygotes()
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _close_zygotes(self):
        for zygote in self._zygotes.values():
            if zygote.control is not None:
                zygote.control.close()

    def _zygote(self, exercise):
        """Return the Zygote of the exercise, and start its process if necessary. Several threads can start processes in parallel."""
        with self._lock:
            if not self._ready:
                if receive(self._control) is None:
                    raise PoolError(
                        "the warm process did not start: does `python -m autograder.sandbox.zygote` import torch and transformers?"
                    )
                self._ready = True
            zygote = self._zygotes.setdefault(exercise, Zygote())
        with zygote.opening:
            if zygote.control is None:
                zygote.control = self._open(exercise)
        return zygote

    def _open(self, exercise):
        level = self.level  # another thread may lower the pool's level meanwhile
        ours, theirs = socket.socketpair()
        with self._lock:
            send_with_fds(self._control, {"open": exercise}, [theirs.fileno()])
        theirs.close()
        send(ours, {"exercise": exercise, "level": level, **context(exercise)})
        answer = receive(ours)
        if answer is None:
            raise Lost("the warm process ended")
        if "error" in answer:
            if self.wanted == "namespaces" or level == "limits":
                raise PoolError(f"isolation {level!r} is not available here: {answer['error']}")
            self.level = "limits"
            return self._open(exercise)
        return ours

    def _renew(self, exercise, zygote):
        """Forget the exercise's warm process after it was lost. If the base process has ended too, start a new base process.

        `zygote` is the lost Zygote, or None if its process could not be started.
        """
        with self._lock:
            if zygote is not None and self._zygotes.get(exercise) is zygote:
                del self._zygotes[exercise]
                zygote.control.close()
            if self._process.poll() is not None:
                self._close_zygotes()
                self._control.close()
                self._start()

    def run(self, exercise, code, extras=(), hidden_seeds=(), limits=None):
        """Run a student's code for an exercise (an id). `extras` is the code of the student's other cells. Return a dict:

        status     "ran", "missing", "syntax error", "crashed", "timeout", "memory", "output" or "not graded"
        reason     an explanation of the status for the student
        output     what the code printed before it was run on hidden inputs
        visible    the observation for the published seed, as `wire.pack` returns it, or None
        hidden     list with one such observation for each of `hidden_seeds`, or []
        isolation  "namespaces" or "limits"

        A run that fails because of the machine is made again. If all attempts fail, the status is "not graded", which is not a
        mark. Raises PoolError if this pool has not been able to make a single run.
        """
        limits, patience = limits or self.limits, 1
        for attempt in range(ATTEMPTS):
            zygote = None
            try:
                zygote = self._zygote(exercise)
                result, cpu = self._run_once(zygote, (code, extras, hidden_seeds), limits, patience)
            except PoolError:
                raise
            except (Lost, OSError) as e:
                reason = str(e)
                self._renew(exercise, zygote)
                time.sleep(attempt / 2)  # in this time, a machine without free memory may get some back
                continue
            self._worked = True
            if result["status"] == "timeout" and cpu < limits.seconds / 4 and patience == 1 and busy():
                patience = PATIENCE  # other processes may have taken the processor
                continue
            return {**result, "isolation": self.level}
        if not self._worked:
            raise PoolError(f"nothing can be run here ({reason}); set DPR_ISOLATION=limits to grade with less isolation")
        return {"status": "not graded", "reason": reason, "output": "", "visible": None, "hidden": [], "isolation": self.level}

    def _run_once(self, zygote, work, limits, patience):
        """Make one attempt at a run. Returns (the dict of `run` without the key "isolation", the seconds of processor time).

        zygote    the exercise's Zygote, whose process has been started
        work      (code, extras, hidden seeds)
        patience  number by which the time limit is multiplied

        Raises Lost if the run fails because of the machine.
        """
        code, extras, hidden_seeds = work
        seconds = limits.seconds * patience
        with self._slot() as slot, contextlib.ExitStack() as kept:
            data, their_data = socket.socketpair()
            status, their_status = socket.socketpair()
            output, their_output = os.pipe()
            for end in (their_data.close, their_status.close, lambda: os.close(their_output)):
                kept.callback(end)
            talk = Conversation(data, status, output, seconds)
            request = {"slot": slot, "seconds": seconds, "cpu": limits.seconds, "memory": limits.memory}
            request["processes"] = limits.processes + (0 if os.geteuid() == 0 else processes_of_this_user())
            try:
                with zygote.sending:
                    send_with_fds(zygote.control, request, [their_data.fileno(), their_status.fileno(), their_output])
            except OSError:
                talk.close()
                raise
            kept.close()  # closes this process's copies of the other side's ends: the streams then end when that side closes its own
            given = {"extras": list(extras), "code": code, "seed": PUBLISHED_SEED, "seconds": seconds}
            return talk.hold(given, list(hidden_seeds)), talk.cpu

    @contextlib.contextmanager
    def _slot(self):
        """Context manager that gives a number which no other run has at the same time; see `slot` in `isolation.enter_child`."""
        with self._lock:
            slot = next(i for i in range(1000) if i not in self._slots)
            self._slots.add(slot)
        try:
            yield slot
        finally:
            with self._lock:
                self._slots.discard(slot)
