"""Runs pieces of the audit's work in parallel. Each uses about one core, itself or in processes that it waits for."""

import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from unittest import mock

from autograder.proof.variants import one_thread


def clocked(work, *arguments):
    """Return what `work` returns, and the seconds that it took."""
    begun = time.monotonic()
    return work(*arguments), time.monotonic() - begun


def side_by_side(jobs):
    """Run jobs, in their order, in as many processes as there are cores.

    jobs: {name: (function, *arguments)}, where a name is a tuple of texts. Prints how long each job took. Returns {name: what the
    function returned}. Raises what a function raises.
    """
    done = {}
    with mock.patch.dict(os.environ, {"OMP_NUM_THREADS": "1"}), ProcessPoolExecutor(initializer=one_thread) as workers:
        futures = {workers.submit(clocked, *job): name for name, job in jobs.items()}
        for future in as_completed(futures):
            name = futures[future]
            done[name], seconds = future.result()
            print(f"audit: {', '.join(filter(None, name))}: {seconds:.0f} s", flush=True)
    return done
