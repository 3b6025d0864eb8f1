"""Runs of answers on a Dask cluster are submitted a few at a time, and repeated if a worker or Dask itself fails."""

import asyncio
import dataclasses
import os
import subprocess
import sys
import time

import pytest

from autograder.grade import cluster
from autograder.sandbox.pool import PoolError

distributed = pytest.importorskip("distributed")
pickle = pytest.importorskip("distributed.protocol.pickle")


@dataclasses.dataclass(frozen=True)
class Stub:
    """A stand-in for one run of an answer; it uses no sandbox. Its `key` is as long as a real key, 64 characters."""

    key: str
    exercise: str = "an exercise"


DOES = {}  # DOES["now"] is a function from the fields of a run to its outcome. Each test sets it; workers call it.


def run_on_worker(fields, environment):
    return DOES["now"](fields)


def runs(number):
    return {run.key: run for run in (Stub(f"{i:064x}") for i in range(number))}


@pytest.fixture
def dask(monkeypatch):
    """A Dask cluster with two workers, all in this process."""
    made = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=50, protocol="inproc://"
    )
    monkeypatch.setattr(cluster, "environment", lambda: "here")
    monkeypatch.setattr(cluster, "run_here", run_on_worker)
    yield made
    made.close()


def test_few_runs_are_submitted_at_a_time_and_all_are_of_one_kind(dask, monkeypatch):
    held, prefixes = [], set()

    def run(fields):
        held.append(len(dask.scheduler.tasks))
        prefixes.update(dask.scheduler.task_prefixes)
        return {"status": "ran", "key": fields["key"]}

    DOES["now"] = run
    monkeypatch.setattr(cluster, "AHEAD", 7)
    wanted = runs(60)
    found = dict(cluster.outcomes_on_dask(wanted, dask.scheduler_address))
    assert found.keys() == wanted.keys() and all(outcome["key"] == key for key, outcome in found.items())
    assert len(held) == 60 and max(held) <= 2 * 7, "besides those under way, the scheduler may not have forgotten the last ones"
    assert {"run"} == prefixes, "Dask keeps what it knows of a kind of work for ever"


def test_the_scheduler_needs_nothing_of_the_course(tmp_path):
    """Dask's scheduler unpickles the function that it sends to workers. It can do so without importing the course."""
    sent = tmp_path / "function"
    sent.write_bytes(pickle.dumps(cluster.sent_as_code()))
    code = (
        "import sys; from distributed.protocol import pickle; pickle.loads(open(sys.argv[1], 'rb').read()); "
        "print({'torch', 'dpr_course', 'autograder'} & set(sys.modules))"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(sent)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "set()\n", done.stderr


def test_runs_wait_at_the_scheduler_and_not_at_the_workers(dask):
    """Runs wait at Dask's scheduler. If they waited at a worker that dies, runs that never began would count as failures."""
    waiting = []

    def run(fields):
        waiting.append(max(len(w.processing) for w in dask.scheduler.workers.values()))
        time.sleep(0.005)
        return {"status": "ran"}

    DOES["now"] = run
    assert len(dict(cluster.outcomes_on_dask(runs(100), dask.scheduler_address))) == 100
    assert sorted(waiting)[50] <= 2, waiting


def test_a_run_whose_workers_die_too_often_for_dask_is_submitted_again(dask):
    """If Dask gives up a run with the error KilledWorker, the run is submitted again. Here one dead worker is enough for that."""
    dask.scheduler.allowed_failures, deaths = 0, []

    def run(fields):
        if len(deaths) < 3 and fields["key"].endswith("5"):
            worker = distributed.get_worker()
            deaths.append(worker.address)
            asyncio.run_coroutine_threadsafe(
                dask.scheduler.remove_worker(worker.address, stimulus_id="a test", close=False), dask.loop.asyncio_loop
            ).result()
        return {"status": "ran"}

    DOES["now"] = run
    dask.scale(6)
    wanted = runs(40)
    assert dict(cluster.outcomes_on_dask(wanted, dask.scheduler_address)).keys() == wanted.keys()
    assert len(deaths) == 3


def test_a_lost_run_is_made_again_and_a_hopeless_one_ends_the_batch(dask, monkeypatch):
    asked = []

    def run(fields):
        asked.append(fields["key"])
        if asked.count(fields["key"]) < 3:
            raise RuntimeError("this worker is broken")
        return {"status": "not graded" if asked.count(fields["key"]) < 5 else "ran"}

    DOES["now"] = run
    found = dict(cluster.outcomes_on_dask(runs(3), dask.scheduler_address))
    assert [o["status"] for o in found.values()] == ["ran"] * 3 and len(asked) == 15
    monkeypatch.setattr(cluster, "ATTEMPTS", 4)
    asked.clear()
    assert [o["status"] for _, o in cluster.outcomes_on_dask(runs(2), dask.scheduler_address)] == ["not graded"] * 2
    monkeypatch.setattr(cluster, "ATTEMPTS", 2)
    asked.clear()
    with pytest.raises(PoolError, match="this worker is broken"):
        list(cluster.outcomes_on_dask(runs(2), dask.scheduler_address))


@pytest.mark.parametrize("error", [distributed.KilledWorker("run", None, 3), OSError("lost"), asyncio.CancelledError()])
def test_what_fails_when_an_outcome_is_fetched_is_an_error_of_the_run(error):
    class Future:
        def result(self):
            raise error

    assert cluster.answer_of(Future()) == (None, error)


def test_without_a_scheduler_there_is_a_sentence():
    with pytest.raises(PoolError, match="no Dask scheduler answers"):
        list(cluster.outcomes_on_dask(runs(1), "nowhere://127.0.0.1:1"))
