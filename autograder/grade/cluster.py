"""Runs the students' exercises on a Dask cluster (`grade --dask ADDRESS`): LocalCluster, Slurm, HTCondor or Kubernetes.

A worker needs a copy of this checkout and an environment with the same versions of the libraries. Each worker has its own pool of
sandboxed processes, so a student's code never runs in a process of Dask. If a worker is lost, its runs are made again on another
worker. The outcome of a run does not depend on the worker.
"""

import asyncio
import dataclasses
import threading
from collections import deque

from autograder.grade.exercise_run import Run
from autograder.grade.hashes import environment
from autograder.sandbox.pool import Pool, PoolError

ATTEMPTS = 20  # maximum number of attempts at one run while workers are lost
AHEAD = 2000  # maximum number of runs that the scheduler holds; the others wait in this process
_lock, _pool = threading.Lock(), None


def run_here(fields, wanted_environment):
    """Make one run in this worker's pool and return its outcome, a dict (see `Pool.run`). Dask calls this function on the worker.

    fields              the fields of the Run, as a dict
    wanted_environment  the hash that `environment()` returns on the grader's machine; PoolError is raised if the worker's differs
    """
    if environment() != wanted_environment:
        raise PoolError("this worker has other versions of the course or its libraries than the grader: install the same versions")
    global _pool
    with _lock:
        if _pool is None:
            _pool = Pool()
    return Run(**fields).outcome(_pool)


def sent_as_code():
    """Return a function that calls `run_here`, for Dask to send to workers. Dask sends a nested function as code, not by name.

    Dask's scheduler unpacks the functions that it passes on to workers. If a function is sent by name, unpacking imports its
    module. The scheduler would then have to import the course and torch, which need not be installed on its machine.
    """

    def run_there(fields, wanted_environment):
        from autograder.grade.cluster import run_here

        return run_here(fields, wanted_environment)

    return run_there


def load_dask():
    """Return the module `distributed`. Raises PoolError if it is not installed; the message says how to install it."""
    try:
        import distributed
    except ImportError:
        raise PoolError('--dask needs Dask: pip install "dpr-course[cluster]"') from None
    return distributed


def outcomes_on_dask(runs, address):
    """Make `runs`, {key: Run}, on a cluster. Yield (key, outcome) as runs end. An outcome is a dict, see `Pool.run`.

    Raises PoolError if Dask is missing, if no scheduler answers at `address`, or if a run cannot be made.
    """
    dask = load_dask()
    try:
        client = dask.Client(address)
    except (OSError, ValueError) as e:
        raise PoolError(
            f"no Dask scheduler answers at {address} ({e}): start `dask scheduler`, and workers as the guide says"
        ) from None
    with client:
        left, under_way, finished = deque((run, 1) for run in runs.values()), {}, dask.as_completed(loop=client.loop)
        run_there = sent_as_code()

        def submit_next():
            if left:
                run, attempt = left.popleft()
                # Dask takes the part of a key before the first "-" as the kind of work. All runs have the same kind, "run", so
                # Dask keeps them at the scheduler until a worker is free. If every run had a kind of its own, Dask would assign
                # all runs to workers immediately, would never learn how long a run takes, and would blame the death of a worker
                # on hundreds of runs that the worker had not begun.
                future = client.submit(
                    run_there, dataclasses.asdict(run), environment(), key=f"run-{run.key}-{attempt}", pure=False
                )
                under_way[future] = run, attempt
                finished.add(future)

        for _ in range(AHEAD):
            submit_next()
        for future in finished:
            run, attempt = under_way.pop(future)
            outcome, error = answer_of(future)
            # A run that this worker could not make is tried again, since another worker may be able to make it. Many attempts
            # are needed, because a broken worker fails quickly and then takes the next run too.
            if outcome is not None and (outcome["status"] != "not graded" or attempt >= ATTEMPTS):
                yield run.key, outcome
            elif isinstance(error, PoolError) or attempt >= ATTEMPTS:
                raise PoolError(
                    f"exercise {run.exercise} could not be run on the cluster: {error}\n"
                    "Workers must be started in a copy of the course's folder, `PYTHONPATH=. dask worker ...`."
                )
            else:
                left.append((run, attempt + 1))
            submit_next()


def answer_of(future):
    """Return (outcome, None) for `future`, a Dask future that is done, or (None, error) if it failed.

    The error comes from the run itself or from Dask: too many workers died during the run (KilledWorker), the run was
    cancelled, or the worker that held the outcome was lost before the outcome could be fetched.
    """
    try:
        return future.result(), None
    except (Exception, asyncio.CancelledError) as e:
        return None, e
