"""Starts a Dask cluster on this machine: a scheduler, and workers without nannies. The processes can be measured and killed.

A nanny is a Dask process that restarts its worker when the worker dies. Without a nanny, a killed worker does not come back,
like a machine that is lost.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.grade.cluster import load_dask
from autograder.places import ROOT
from dpr_course.pipeline.peak import peak_memory

PATIENCE = 120  # maximum seconds to wait until all workers are connected


class ClusterHere:
    """A Dask scheduler and `workers` workers of one thread each. Use it as a context manager.

    address  address of the scheduler
    peaks    peak memory until the last call of `measure`: {"scheduler": MB, "worker": MB of the largest worker}; a value is None
             if the system does not report it

    If a process ends, or PATIENCE seconds pass, before all workers are connected, OSError is raised with the end of a log.
    """

    def __init__(self, workers):
        client = load_dask().Client
        self.peaks, self._stack = {"scheduler": None, "worker": None}, contextlib.ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="cluster-", ignore_cleanup_errors=True)))
        self._stack.callback(self._end)
        self.scheduler, self.workers = None, []
        known = self.folder / "scheduler.json"
        try:
            words = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0", "--no-dashboard")
            self.scheduler = self._start("scheduler", *words, "--scheduler-file", known)
            self._wait(lambda: known.exists() and known.read_text(encoding="utf-8"))
            self.address = json.loads(known.read_text(encoding="utf-8"))["address"]
            for i in range(workers):
                words = ("--no-nanny", "--nthreads", 1, "--no-dashboard", "--local-directory", self.folder / f"worker{i}")
                self.workers.append(self._start("worker", self.address, *words))
            with client(self.address) as known_workers:
                self._wait(lambda: len(known_workers.nthreads()) == workers)
        except BaseException:
            self._stack.close()
            raise

    def _start(self, program, *words):
        """Start the process `dask scheduler` or `dask worker` with the options `words`. Its output is written to a log file.

        A worker runs in the course's folder and can import the course, which the scheduler does not need.
        """
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        place = self.folder
        if program == "worker":
            place, environment["PYTHONPATH"] = ROOT, str(ROOT)
        with open(self.folder / f"{program}.log", "ab") as log:
            command = [sys.executable, "-P", "-m", f"distributed.cli.dask_{program}", *map(str, words)]
            return subprocess.Popen(command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait(self, ready):
        end = time.monotonic() + PATIENCE
        while not ready():
            for name, process in (("scheduler", self.scheduler), *(("worker", w) for w in self.workers)):
                if process.poll() is not None or time.monotonic() > end:
                    log = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
                    raise OSError(f"the {name} of the cluster did not start\n{log[-1500:]}")
            time.sleep(0.05)

    def kill(self):
        """Kill the first worker that is still alive with SIGKILL, so that it cannot inform the scheduler.

        Raises LookupError if no worker is left.
        """
        process = next((w for w in self.workers if w.poll() is None), None)
        if process is None:
            raise LookupError("no worker is left to be killed")
        process.send_signal(signal.SIGKILL)
        process.wait()

    def measure(self):
        """Update `peaks`, the peak memory of the scheduler and of the largest worker."""
        seen = {
            "scheduler": [peak_memory(self.scheduler.pid)],
            "worker": [peak_memory(w.pid) for w in self.workers if w.poll() is None],
        }
        for name, found in seen.items():
            self.peaks[name] = max((mb for mb in (*found, self.peaks[name]) if mb is not None), default=None)

    def _end(self):
        """End the scheduler and all workers."""
        running = [p for p in (*self.workers, self.scheduler) if p is not None and p.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()
