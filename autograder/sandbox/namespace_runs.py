"""Starts and watches the runs of one exercise in namespaces. Each run is one forked process, and a single process watches them all."""

import os
import select
import signal
import time
from typing import NamedTuple

from autograder.sandbox import isolation, memory
from autograder.sandbox.exit_report import lost, tell
from autograder.sandbox.memory import next_look, too_large
from autograder.sandbox.runner import student
from autograder.sandbox.wire import receive_with_fds


class Running(NamedTuple):
    """One run in progress."""

    pid: int  # the student's process
    handle: int  # the pidfd of `pid`, which becomes readable when the process ends
    status: int  # the socket on which the end of the run is reported to the grader
    deadline: float
    memory: int  # bytes that all processes of the run may use together; one process alone may use as many
    cpu: float  # limit on processor time in seconds


class NamespaceRuns:
    """The runs of one exercise. `serve` starts a run for each request on the socket `control` and watches all of them."""

    def __init__(self, check, namespace, control, users):
        self.check, self.namespace, self.control, self.users = check, namespace, control, users
        # runs: {file descriptor: Running}, with `handle` and `status` of each Running as keys
        self.poll, self.runs = select.poll(), {}
        self.home, self.used = os.open("/proc/self/ns/pid", os.O_RDONLY), isolation.memory_in_use()

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
                        return  # all runs end with this process
                    self.start(request, *fds)
                elif fd in self.runs:  # the run has ended, or the grader has closed its socket
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
            isolation.new_pid_namespace()
            pid = os.fork()
        except OSError as e:  # too little memory or too many processes, which is not the student's fault
            isolation.return_to(self.home)
            lost(status, e)
            for fd in (data, status, output):
                os.close(fd)
            return
        if pid == 0:
            student(self.check, self.namespace, "namespaces", {**request, "users": self.users}, data, status, output, None)
        isolation.return_to(self.home)
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
        os.kill(run.pid, signal.SIGKILL)  # has no effect if the process has ended
        tell(run.status, run.pid, run.cpu, why)
        os.close(run.handle)
        os.close(run.status)
