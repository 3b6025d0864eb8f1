"""Makes the runs on a Dask cluster (`grade --dask ADDRESS`): a laptop's LocalCluster, Slurm, HTCondor or Kubernetes.

A worker needs a copy of this checkout and its environment. Each worker has its own pool of sandboxed processes, so a student's
code never runs in a process of Dask. The runs of a lost worker are made again on another. The outcome of a run does not depend
on the worker.
"""

import dataclasses
import threading

from autograder.grade.exercise_run import Run
from autograder.grade.hashes import environment
from autograder.sandbox.pool import Pool, PoolError

ATTEMPTS = 20  # maximum number of attempts at one run while workers are lost
_lock, _pool = threading.Lock(), None


def run_here(fields, wanted_environment):
    """Return the outcome of one run in this worker's pool. Dask calls this function on the worker.

    fields              the fields of the Run, by name
    wanted_environment  the grader's `environment()`; PoolError is raised if the worker's differs
    """
    if environment() != wanted_environment:
        raise PoolError("this worker has other versions of the course or its libraries than the grader: install the same versions")
    global _pool
    with _lock:
        if _pool is None:
            _pool = Pool()
    return Run(**fields).outcome(_pool)


def outcomes_on_dask(runs, address):
    """Yield (key, outcome) for each of `runs`, {key: Run}, as workers finish them.

    Raises PoolError if Dask is missing, if no scheduler answers at `address`, or if a run cannot be made.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise PoolError('--dask needs Dask: pip install "dpr-course[cluster]"') from None
    try:
        client = Client(address)
    except (OSError, ValueError) as e:
        raise PoolError(
            f"no Dask scheduler answers at {address} ({e}): start `dask scheduler`, and workers as the guide says"
        ) from None
    with client:

        def submit(run):
            return client.submit(run_here, dataclasses.asdict(run), environment(), key=f"{run.key}-{tries[run.key]}", pure=False)

        tries = dict.fromkeys(runs, 0)
        futures = {submit(run): run for run in runs.values()}
        waiting = as_completed(futures)
        for future in waiting:
            run = futures.pop(future)
            error = future.exception() if future.status == "error" else None
            tries[run.key] += 1
            if error is None and future.status == "finished":
                outcome = future.result()
                # Another worker may be able to make a run that this one could not, so it is tried again. Many attempts are needed,
                # because a broken worker fails quickly and then takes the next run too.
                if outcome["status"] != "not graded" or tries[run.key] >= ATTEMPTS:
                    yield run.key, outcome
                    continue
            if isinstance(error, PoolError) or tries[run.key] >= ATTEMPTS:
                raise PoolError(
                    f"exercise {run.exercise} could not be run on the cluster: {error}\n"
                    "Workers must be started in a copy of the course's folder, `PYTHONPATH=. dask worker ...`."
                )
            again = submit(run)
            futures[again] = run
            waiting.add(again)
