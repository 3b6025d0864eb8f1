"""Runs pieces of the audit's work in parallel. Each piece uses about one core, in its own process or in a process it waits for."""

import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from unittest import mock

from autograder.proof.variants import one_thread


def clocked(work, *arguments):
    """Call the function `work` with `arguments`. Return (its result, the seconds that the call took)."""
    begun = time.monotonic()
    return work(*arguments), time.monotonic() - begun


def side_by_side(jobs):
    """Run jobs in as many processes as there are cores. The jobs are started in the order of the dictionary.

    jobs: {name: (function, *arguments)}, where a name is a tuple of texts. Prints how long each job took. Returns {name: result of
    the function}. If a function raises an error, this error is raised.
    """
    done = {}
    with mock.patch.dict(os.environ, {"OMP_NUM_THREADS": "1"}), ProcessPoolExecutor(initializer=one_thread) as workers:
        futures = {workers.submit(clocked, *job): name for name, job in jobs.items()}
        for future in as_completed(futures):
            name = futures[future]
            done[name], seconds = future.result()
            print(f"audit: {', '.join(filter(None, name))}: {seconds:.0f} s", flush=True)
    return done
