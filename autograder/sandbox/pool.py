"""Runs exercises in isolation: `Pool.run(exercise, code, extras, seeds)` returns what came out of the student's process.

The pool lives in the grader's process, which holds the seeds and judges; it starts the warm processes of
autograder.sandbox.zygote and talks to each student's process over a socket of its own (autograder.sandbox.conversation).
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from autograder.places import ROOT
from autograder.sandbox.conversation import Conversation, Lost
from autograder.sandbox.machine import busy, processes_of_this_user
from autograder.sandbox.wire import receive, send, send_with_fds
from autograder.stages.contexts import context
from dpr_course.checks import PUBLISHED_SEED

ATTEMPTS = 3  # of a run that was lost to the machine
PATIENCE = 3  # times the wall clock, for a run that had too little of the processor on a busy machine


@dataclass(frozen=True)
class Limits:
    """Of one run. seconds: wall clock and processor time; memory: bytes beyond what the libraries take, of all processes together."""

    seconds: float = 20.0
    memory: int = 2 << 30
    processes: int = 48


class PoolError(OSError):
    """The grader itself cannot work here. The message says what to do."""


def zygote_environment():
    """Nothing of the grader's own environment but what Python needs to start."""
    kept = {k: os.environ[k] for k in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "HOME") if k in os.environ}
    fixed = {
        "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "DPR_DEVICE": "cpu", "DPR_NO_PROGRESS": "1", "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1",
    }  # fmt: skip
    return {**{k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")}, **kept, **fixed}


class Pool:
    """Warm processes for a number of parallel runs. Use as a context manager; threads may call `run` at the same time.

    A warm process that is lost is started again, and the runs that were lost with it are made again.
    """

    def __init__(self, level=None, limits=Limits()):
        if not hasattr(os, "fork"):
            raise PoolError(
                "this system cannot run each student's code in an isolated process: it has no fork, no namespaces and no "
                "limits. Nothing was graded. Grade on Linux or macOS; on Windows, in WSL (https://learn.microsoft.com/windows/wsl)"
            )
        self.wanted = level or os.environ.get("DPR_ISOLATION", "")
        if self.wanted not in ("", "namespaces", "limits"):
            raise PoolError(f"DPR_ISOLATION must be namespaces or limits, but is {self.wanted!r}")
        self.limits, self.level = limits, self.wanted or "namespaces"
        self._lock, self._slots, self._worked = threading.Lock(), set(), False
        self._start()

    def _start(self):
        """Start the warm process from which those of the exercises are forked."""
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.zygote", str(theirs.fileno())],
            cwd=ROOT, env=zygote_environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the grader, which ends all of them
        )  # fmt: skip
        theirs.close()
        self._ready, self._zygotes = False, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End all processes; supervisors that still run kill theirs when this side of the socket is gone."""
        for control, _ in self._zygotes.values():
            control.close()
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _zygote(self, exercise):
        """Control socket of the exercise's warm process, and the lock under which to speak to it."""
        with self._lock:
            if not self._ready:
                if receive(self._control) is None:
                    raise PoolError(
                        "the warm process did not start: does `python -m autograder.sandbox.zygote` import torch and transformers?"
                    )
                self._ready = True
            if exercise not in self._zygotes:
                self._zygotes[exercise] = (self._open(exercise), threading.Lock())
            return self._zygotes[exercise]

    def _open(self, exercise):
        ours, theirs = socket.socketpair()
        send_with_fds(self._control, {"open": exercise}, [theirs.fileno()])
        theirs.close()
        send(ours, {"exercise": exercise, "level": self.level, **context(exercise)})
        answer = receive(ours)
        if answer is None:
            raise Lost("the warm process ended")
        if "error" in answer:
            if self.wanted == "namespaces" or self.level == "limits":
                raise PoolError(f"isolation {self.level!r} is not available here: {answer['error']}")
            self.level = "limits"
            return self._open(exercise)
        return ours

    def _renew(self, exercise, control):
        """After a loss: let go of the exercise's warm process, and of the one behind it where that has ended too."""
        with self._lock:
            if control is not None and self._zygotes.get(exercise, (None,))[0] is control:
                del self._zygotes[exercise]
                control.close()
            if self._process.poll() is not None:
                for other, _ in self._zygotes.values():
                    other.close()
                self._control.close()
                self._start()

    def run(self, exercise, code, extras=(), hidden_seeds=(), limits=None):
        """Run a student's exercise. Returns a dict:

        status   "ran", "missing", "syntax error", "crashed", "timeout", "memory" or "output"; reason: for the student
        output   what the code printed in the visible run
        visible  packed observation for the published seed, or None; hidden: one for each of `hidden_seeds`, or []
        isolation  "namespaces" or "limits"

        What is lost to the machine is run again; if that does not help, the status is "not graded", which is no mark.
        Raises PoolError where no run at all can be made.
        """
        limits, patience = limits or self.limits, 1
        for attempt in range(ATTEMPTS):
            control = None
            try:
                control, lock = self._zygote(exercise)
                result, cpu = self._run_once(control, lock, exercise, (code, extras, hidden_seeds), limits, patience)
            except PoolError:
                raise
            except (Lost, OSError) as e:
                reason = str(e)
                self._renew(exercise, control)
                time.sleep(attempt / 2)  # a machine that is out of memory gets some back
                continue
            self._worked = True
            if result["status"] == "timeout" and cpu < limits.seconds / 4 and patience == 1 and busy():
                patience = PATIENCE  # its time may have gone to others
                continue
            return {**result, "isolation": self.level}
        if not self._worked:
            raise PoolError(f"nothing can be run here ({reason}); set DPR_ISOLATION=limits to grade with less isolation")
        return {"status": "not graded", "reason": reason, "output": "", "visible": None, "hidden": [], "isolation": self.level}

    def _run_once(self, control, lock, exercise, work, limits, patience):
        """One attempt: the fields of `run`, and the processor time that it took in seconds. Raises Lost."""
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
                with lock:
                    send_with_fds(control, request, [their_data.fileno(), their_status.fileno(), their_output])
            except OSError:
                talk.close()
                raise
            kept.close()  # the ends of the other side: what is read here must end when that does
            given = {"extras": list(extras), "code": code, "seed": PUBLISHED_SEED, "seconds": seconds}
            return talk.hold(given, list(hidden_seeds)), talk.cpu

    @contextlib.contextmanager
    def _slot(self):
        """A number that no other run has at the same time: it makes the user that a run belongs to."""
        with self._lock:
            slot = next(i for i in range(1000) if i not in self._slots)
            self._slots.add(slot)
        try:
            yield slot
        finally:
            with self._lock:
                self._slots.discard(slot)
