"""Grading writes the same files, byte for byte, in shards, in parallel, after an interruption, and if workers are lost."""

import os
import signal
import threading
import time

import pytest
from handed_in import files

from autograder.grade import grade as grading
from autograder.grade.grade import grade, shard_of

pytestmark = pytest.mark.usefixtures("one_pool")


def test_shards_and_jobs_give_the_same_bytes(a_class, folders, tmp_path):
    grade(a_class, **folders)
    other = folders | {"results": tmp_path / "other", "cache": tmp_path / "other_cache"}
    for i in (2, 0, 1):
        grade(a_class, shard=f"{i}/3", jobs=1, **other)
    assert files(other["results"]) == files(folders["results"])


@pytest.mark.parametrize("shard", ["3/3", "-1/3", "x", "1"])
def test_a_wrong_shard_is_told(shard):
    with pytest.raises(ValueError, match="i/n"):
        shard_of([], shard)


def test_every_shard_is_somebodys():
    everyone = list(range(10))
    for n in (1, 3, 10, 17):
        assert sorted(x for i in range(n) for x in shard_of(everyone, f"{i}/{n}")) == everyone


def test_an_interrupt_keeps_what_was_finished(a_class, folders, monkeypatch):
    outcome, calls = grading.Run.outcome, []

    def interrupted(self, pool):
        calls.append(self)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return outcome(self, pool)

    monkeypatch.setattr(grading.Run, "outcome", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(a_class, jobs=1, **folders)
    monkeypatch.undo()
    kept = len(files(folders["cache"]))
    assert kept >= 3 and not list(folders["cache"].rglob("*.part"))
    rest = grade(a_class, **folders)
    fresh = grade(a_class, **(folders | {"cache": folders["cache"].with_name("fresh")}))
    assert rest.ran == fresh.ran - kept


def test_a_cluster_that_loses_workers_gives_the_same_bytes(a_class, folders, tmp_path):
    distributed = pytest.importorskip("distributed")
    grade(a_class, **folders)
    other = folders | {"results": tmp_path / "other", "cache": tmp_path / "other_cache"}
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
    done = threading.Event()

    def killer():
        for _ in range(2):
            if done.wait(4):
                return
            nannies = list(cluster.workers.values())
            if nannies and nannies[0].process and nannies[0].process.pid:
                os.kill(nannies[0].process.pid, signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        graded = grade(a_class, dask=cluster.scheduler_address, **other)
    finally:
        done.set()
        thread.join()
        cluster.close()
    assert graded.ran > 0 and files(other["results"]) == files(folders["results"])
    time.sleep(0.1)
