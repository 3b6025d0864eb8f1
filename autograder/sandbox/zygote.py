"""Warm processes: torch and transformers are imported once, then every run of an exercise is a fork.

    base       imports everything; knows no answer, no seed and no submission
      └ exercise zygote    one an exercise: holds what that exercise may see, has entered the sandbox, watches the clock
          └ student        one a run: process 1 of its own pid namespace, runs the code (autograder.sandbox.runner)

The code and the seeds reach the student's process over its own socket, so that no other process ever held them.
Started by autograder.sandbox.pool as `python -m autograder.sandbox.zygote FD`.
"""

import ast
import contextlib
import errno
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import types
from typing import NamedTuple

from autograder.sandbox import kernel as sandbox
from autograder.sandbox import memory
from autograder.sandbox.runner import run_definitions, serve
from autograder.sandbox.wire import receive, send

LOOK = 0.1  # seconds between two looks at the memory that a run's processes hold together


def base(control):
    """Import everything, then open an exercise zygote for each request: a socket, over which it gets what it may see.

    That never passes through this process: freed memory keeps its text, and every later exercise would inherit it.
    """
    import torch

    torch.set_num_threads(1)
    from dpr_course.checks import CHECKS  # noqa: F401
    from dpr_course.runtime import quiet
    from dpr_course.track import get_track

    quiet()
    get_track().load_tokenizer()  # warm: transformers imports lazily
    get_track().load_encoder()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    send(control, {"ready": True})
    while True:
        message, fds = receive_with_fds(control, 1)
        if message is None:
            return
        if os.fork() == 0:
            control.close()
            sandbox.die_with_parent()
            own = socket.socket(fileno=fds[0])
            exercise(own, receive(own))
            os._exit(0)
        os.close(fds[0])


def receive_with_fds(sock, n):
    """A message and its file descriptors: one byte carries them, then the message follows."""
    try:
        byte, fds, _, _ = socket.recv_fds(sock, 1, n)
    except ConnectionResetError:
        return None, []
    if not byte:
        return None, []
    return receive(sock), fds


def namespace_of(message):
    """Names that the exercise's cell finds: previous.py as a module, then imports, definitions and assignments before it."""
    namespace = {"__name__": "__main__", "display": lambda *a, **k: None, "get_ipython": lambda: None}
    if message["previous"]:
        module = types.ModuleType("previous")
        sys.modules["previous"] = module
        exec(compile(message["previous"], "previous.py", "exec"), module.__dict__)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
    for i, source in enumerate(message["sources"], 1):
        run_definitions(source, f"cell {i}", namespace, lambda node: isinstance(node, kinds))
    return namespace


def exercise(control, message):
    """Serve runs of one exercise: {slot, seconds, ...} and three descriptors: data, status, output.

    message: {exercise, sources, previous, level}.
    """
    from dpr_course.checks import CHECKS

    check, level = CHECKS[message["exercise"]], message["level"]
    namespace = namespace_of(message)
    if level == "namespaces":
        try:
            users = sandbox.enter()
        except OSError as e:
            send(control, {"error": str(e)})
            return
        # From here on as process 1 of a pid namespace: if this one ends, so does whatever it started.
        sandbox.new_pid_namespace()
        if pid := os.fork():
            control.close()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            return
        sandbox.die_with_parent()
    gc.collect()
    gc.freeze()  # what is here now is never looked at again, so its pages stay shared
    signal.signal(signal.SIGCHLD, signal.SIG_DFL if level == "namespaces" else signal.SIG_IGN)
    send(control, {"ready": True})
    if level == "namespaces":
        NamespaceRuns(check, namespace, control, users).serve()
    else:
        serve_with_limits(check, namespace, control)


class Running(NamedTuple):
    """One run: the student's process, a descriptor that tells its end, the grader's socket, and when its time is over, what it may hold."""

    pid: int
    handle: int
    status: int
    deadline: float
    memory: int  # bytes that its processes may hold together: as much as one alone
    cpu: float  # seconds of processor time that it may take


class NamespaceRuns:
    """Runs in namespaces: a single fork each, all watched from here."""

    def __init__(self, check, namespace, control, users):
        self.check, self.namespace, self.control, self.users = check, namespace, control, users
        self.poll, self.runs = select.poll(), {}  # both descriptors of a Running -> the Running
        self.home, self.used = os.open("/proc/self/ns/pid", os.O_RDONLY), sandbox.memory_in_use()

    def serve(self):
        self.poll.register(self.control, select.POLLIN)
        look = 0.0
        while True:
            times = [look, *(run.deadline for run in self.runs.values())]
            wait = max(0.0, min(times) - time.monotonic()) * 1000 + 1 if self.runs else None
            for fd, _ in self.poll.poll(wait):
                if fd == self.control.fileno():
                    request, fds = receive_with_fds(self.control, 3)
                    if request is None:
                        return  # and all runs end with this process
                    self.start(request, *fds)
                elif fd in self.runs:  # it has ended, or the grader has hung up
                    self.finish(self.runs[fd])
            now = time.monotonic()
            for run in {r for r in self.runs.values() if r.deadline <= now}:
                self.finish(run, "timeout")
            if look <= now:
                for run in set(self.runs.values()):
                    if too_large(run.memory, memory.number_of(run.handle)):
                        self.finish(run, "memory")
                look = next_look(now)

    def start(self, request, data, status, output):
        try:
            sandbox.new_pid_namespace()
            pid = os.fork()
        except OSError as e:  # no memory, or too many processes: that says nothing about the student's code
            sandbox.return_to(self.home)
            lost(status, e)
            for fd in (data, status, output):
                os.close(fd)
            return
        if pid == 0:
            student(self.check, self.namespace, "namespaces", {**request, "users": self.users}, data, status, output, None)
        sandbox.return_to(self.home)
        os.close(data)
        os.close(output)
        most = self.used + request["memory"]
        run = Running(pid, os.pidfd_open(pid), status, time.monotonic() + request["seconds"], most, request["cpu"])
        for fd in (run.handle, run.status):
            self.runs[fd] = run
            self.poll.register(fd, select.POLLIN | select.POLLHUP)

    def finish(self, run, why=""):
        for fd in (run.handle, run.status):
            self.poll.unregister(fd)
            del self.runs[fd]
        os.kill(run.pid, signal.SIGKILL)  # already ended: nothing happens
        tell(run.status, run.pid, run.cpu, why)
        os.close(run.handle)
        os.close(run.status)


def serve_with_limits(check, namespace, control):
    """Runs without namespaces: each has a supervisor, which adopts and kills what the student's process leaves behind."""
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


def too_large(most, pid, without=0):
    """Whether a process and its descendants, the first `without` of them left out, hold too much. One alone has its own limit."""
    pids = memory.family(pid)[without:]
    return len(pids) > 1 and memory.more_than(most, pids)


def next_look(began):
    """When to look at the memory again: where looking takes long, seldom."""
    return began + max(LOOK, 4 * (time.monotonic() - began))


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


def supervise(check, namespace, run, data, status, output):
    """Fork the student's process, wait for its end, the clock, or the grader's word, and tell how it ended."""
    sandbox.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        scratch = tempfile.mkdtemp(prefix="exercise-")
        if shutil.disk_usage(scratch).free < sandbox.SCRATCH_BYTES:
            raise OSError(errno.ENOSPC, f"there is no space left for a run's files in {tempfile.gettempdir()}")
        pid = os.fork()
    except OSError as e:
        lost(status, e)
        return
    if pid == 0:
        student(check, namespace, "limits", run, data, status, output, scratch)
    os.close(data)
    os.close(output)
    why = watch(pid, status, run["seconds"], sandbox.memory_in_use() + run["memory"])
    os.kill(pid, signal.SIGKILL)  # already ended: nothing happens
    kill_descendants()
    shutil.rmtree(scratch, ignore_errors=True)
    tell(status, pid, run["cpu"], why)


def watch(pid, status, seconds, most):
    """Look every 5 ms, as any system can, until the process ends or the grader hangs up (""), or must be ended (why)."""
    begun = time.monotonic()
    look = begun + LOOK
    while (now := time.monotonic()) < begun + seconds:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return ""
        if select.select([status], [], [], 0.005)[0]:
            return ""
        if look <= now:
            if too_large(most, os.getpid(), without=1):  # this process is none of the student's
                return "memory"
            look = next_look(now)
    return "timeout"


def kill_descendants():
    """Without a pid namespace: kill whatever this process has adopted, until nothing is left (Linux)."""
    from pathlib import Path

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


def student(check, namespace, level, run, data, status, output, scratch):
    """The process that runs the student's code. Never returns."""
    code = 70  # the sandbox could not be entered
    try:
        os.close(status)
        os.setsid()
        limits = {k: run[k] for k in ("memory", "cpu", "processes")}
        if level == "namespaces":
            sandbox.enter_child(run["slot"], run["users"], **limits)
        else:
            sandbox.enter_child_limits_only(scratch, **limits)
        here = os.getcwd()
        os.environ.update(HOME=here, TMPDIR=here, MPLCONFIGDIR=here)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(data, 3)
        os.closerange(4, 1024)
        code = 71  # the student's code ended the process, or the check itself failed
        serve(check, namespace, socket.socket(fileno=3))
        code = 0
    except MemoryError:
        code = 72
    except OSError as e:
        if code == 70:  # nothing of the student's has run, and 2 is still the grader's own
            os.write(2, f"the sandbox could not be entered: {e}\n".encode())
    finally:
        os._exit(code)


if __name__ == "__main__":
    sandbox.die_with_parent()
    base(socket.socket(fileno=int(sys.argv[1])))
