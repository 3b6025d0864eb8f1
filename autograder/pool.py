"""Runs exercises in isolation: `Pool.run(exercise, code, extras, seeds)` returns what came out of the student's process.

The pool lives in the grader's process, which holds the seeds and judges; it starts the warm processes of
autograder.zygote and talks to each student's process over a socket of its own.
"""

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.contexts import context
from autograder.stages import ROOT
from autograder.wire import WireError, clean, receive, send
from dpr_course.checks import PUBLISHED_SEED

ON_HIDDEN = "The code ran on the published inputs, and failed on others of the same kind ({})."
OUTPUT_KEPT, OUTPUT_MOST = 4_000, 4 << 20  # bytes of print that are kept, and at which a run is stopped


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
    """Warm processes for a number of parallel runs. Use as a context manager; threads may call `run` at the same time."""

    def __init__(self, level=None, limits=Limits()):
        if not hasattr(os, "fork"):
            raise PoolError(
                "this system cannot start a process for each student's code and keep it in: it has no fork, no namespaces and no "
                "limits. Nothing was graded. Grade on Linux or macOS; on Windows, in WSL (https://learn.microsoft.com/windows/wsl)"
            )
        self.wanted = level or os.environ.get("DPR_ISOLATION", "")
        if self.wanted not in ("", "namespaces", "limits"):
            raise PoolError(f"DPR_ISOLATION must be namespaces or limits, is {self.wanted!r}")
        self.limits, self.level = limits, self.wanted or "namespaces"
        self._lock, self._zygotes, self._slots = threading.Lock(), {}, set()
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.zygote", str(theirs.fileno())],
            cwd=ROOT, env=zygote_environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        self._ready = False

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
                        "the warm process did not start: does `python -m autograder.zygote` import torch and transformers?"
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
        answer = receive(ours) or {"error": "the warm process ended"}
        if "error" in answer:
            if self.wanted == "namespaces" or self.level == "limits":
                raise PoolError(f"isolation {self.level!r} is not to be had here: {answer['error']}")
            self.level = "limits"
            return self._open(exercise)
        return ours

    def run(self, exercise, code, extras=(), hidden_seeds=(), limits=None):
        """Run a student's exercise. Returns a dict:

        status   "ran", "missing", "syntax error", "crashed", "timeout", "memory" or "output"; reason: for the student
        output   what the code printed in the visible run
        visible  packed observation for the published seed, or None; hidden: one for each of `hidden_seeds`, or []
        isolation  "namespaces" or "limits"
        """
        limits = limits or self.limits
        control, lock = self._zygote(exercise)
        with self._lock:
            slot = next(i for i in range(1000) if i not in self._slots)
            self._slots.add(slot)
        try:
            data, their_data = socket.socketpair()
            status, their_status = socket.socketpair()
            output, their_output = os.pipe()
            request = {"slot": slot, "seconds": limits.seconds, "cpu": limits.seconds, "memory": limits.memory}
            request["processes"] = limits.processes + (0 if os.geteuid() == 0 else processes_of_this_user())
            with lock:
                send_with_fds(control, request, [their_data.fileno(), their_status.fileno(), their_output])
            their_data.close()
            their_status.close()
            os.close(their_output)
            talk = Conversation(data, status, output, limits.seconds)
            result = talk.hold(
                {"extras": list(extras), "code": code, "seed": PUBLISHED_SEED, "seconds": limits.seconds}, list(hidden_seeds)
            )
            return {**result, "isolation": self.level}
        finally:
            with self._lock:
                self._slots.discard(slot)


def processes_of_this_user():
    """RLIMIT_NPROC counts every process of a user, so a limit for a student's code comes on top of these."""
    count = 0
    for task in Path("/proc").glob("[0-9]*/status"):
        try:
            text = task.read_text()
            if f"Uid:\t{os.getuid()}\t" in text:
                count += int(text.split("Threads:\t")[1].split()[0])
        except (OSError, IndexError):
            continue
    return count


def send_with_fds(sock, message, fds):
    socket.send_fds(sock, [b"+"], fds)
    send(sock, message)


class Conversation:
    """One run as the grader sees it: three streams, read at once, none of them trusted for its manners."""

    def __init__(self, data, status, output, seconds):
        self.data, self.status, self.output = data, status, output
        self.deadline = time.monotonic() + seconds + 10  # the supervisor keeps the time; this is for a lost supervisor
        self.printed, self.count, self.listening = b"", 0, True
        self.ended = None

    def hold(self, request, hidden_seeds):
        result = {"status": "ran", "reason": "", "visible": None, "hidden": []}
        try:
            if self._message() is None:  # the sandbox was entered, and nothing of the student's has run
                raise PoolError("the sandbox could not be entered; set DPR_ISOLATION=limits to grade without it")
            self._send(request)
            first = self._message()
            self._drain()
            self.listening = False  # from here on the process may know hidden inputs: nothing it prints is kept
            result["output"] = self.printed.decode("utf-8", "replace")
            if first and "observation" in first:
                result["visible"] = first["observation"]
                if hidden_seeds:
                    result |= self._hidden(hidden_seeds)
            else:
                result |= self._failure(first)
        except WireError as e:
            result |= {"status": "crashed", "reason": f"The answer could not be read: {e}."}
        finally:
            self.data.close()
            self.status.close()
            os.close(self.output)
        return result

    def _hidden(self, seeds):
        """From here on the process may know hidden inputs: how it ended is told, its own words, or numbers, are not."""
        self._send({"seeds": seeds})
        try:
            second = self._message()
        except WireError:
            status = "crashed"
        else:
            observations = second.get("observations") if second else None
            if isinstance(observations, list) and len(observations) == len(seeds):
                return {"hidden": observations}
            status = self._failure(second)["status"]
        return {"status": status, "reason": ON_HIDDEN.format(status)}

    def _send(self, message):
        try:
            self.data.settimeout(5)
            send(self.data, message)
        except OSError:
            pass  # it has ended; the next read tells how
        finally:
            self.data.settimeout(None)

    def _message(self):
        """The next message from the student's process, or None when it has ended."""
        data = bytearray()
        poll = select.poll()
        for fd in (self.data, self.output, self.status):
            poll.register(fd, select.POLLIN | select.POLLHUP)
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                self.ended = self.ended or {"timeout": True}
                return None
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            if self.output in ready and not self._read_output():
                poll.unregister(self.output)
            if self.count > OUTPUT_MOST:
                self.ended = {"output": True}
                return None
            if self.data.fileno() in ready:
                part = self._receive_some(data)
                if part is None:
                    poll.unregister(self.data)
                    if self.ended is not None:
                        return None
                elif part:
                    return part
            if self.status.fileno() in ready:
                self._read_status()
                poll.unregister(self.status)
                # What was sent before the end is still in the socket.
                while (part := self._receive_some(data)) == {}:
                    pass
                return part

    def _receive_some(self, data):
        """{} while a message is incomplete, the message when it is whole, None at the end of the stream."""
        try:
            return receive(self.data, socket.MSG_DONTWAIT, data)
        except BlockingIOError:
            return None if self.ended is not None else {}
        except OSError:
            return None

    def _read_output(self):
        data = os.read(self.output, 1 << 16)
        self.count += len(data)
        if self.listening and len(self.printed) < OUTPUT_KEPT:
            self.printed = (self.printed + data)[:OUTPUT_KEPT]
        return bool(data)

    def _drain(self):
        poll = select.poll()
        poll.register(self.output, select.POLLIN)
        while self.count <= OUTPUT_MOST and poll.poll(0) and self._read_output():
            pass

    def _read_status(self):
        try:
            self.ended = json.loads(self.status.recv(4096, socket.MSG_DONTWAIT) or b"{}")
        except (OSError, ValueError):
            self.ended = {}

    def _failure(self, message):
        """Status and reason of a run that did not give its observation."""
        if message and isinstance(message.get("failed"), str):
            status = message["failed"] if message["failed"] in ("missing", "syntax error", "crashed", "timeout") else "crashed"
            return {"status": status, "reason": clean(message.get("reason", ""))[:500]}
        if message:
            return {"status": "crashed", "reason": "The process sent something else than its results."}
        if self.ended is None:
            self._wait_for_status()
        ended = self.ended or {}
        if ended.get("output"):
            return {"status": "output", "reason": f"The code printed more than {OUTPUT_MOST >> 20} MB and was stopped."}
        if ended.get("timeout") or ended.get("signal") == 24:  # SIGXCPU
            return {"status": "timeout", "reason": "The code did not finish in time: is there a loop without an end?"}
        if ended.get("memory") or ended.get("signal") == 9 or ended.get("exit") == 72:
            return {
                "status": "memory",
                "reason": "The process was stopped by the system, most likely because it asked for too much memory.",
            }
        if "signal" in ended:
            return {"status": "crashed", "reason": f"Python crashed with signal {ended['signal']}."}
        return {"status": "crashed", "reason": "The code ended the Python process (os._exit, or a crash of the interpreter)."}

    def _wait_for_status(self):
        poll = select.poll()
        poll.register(self.status, select.POLLIN | select.POLLHUP)
        if poll.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
            self._read_status()
        else:
            self.ended = {"timeout": True}
