"""A run that the grader's machine loses never decides a mark. The run is repeated; if that fails too, the work gets no mark."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attacks
import pytest

from autograder.grade import grade as grading
from autograder.grade.cache import Cache
from autograder.grade.grade import grade
from autograder.marks import publish
from autograder.sandbox import conversation
from autograder.sandbox import pool as pools
from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool, PoolError

EXERCISE = "get_in_batch_contrastive_loss"
SLOW = attacks.RIGHT.replace("    S =", "    import time\n    time.sleep(0.06)\n    S =")


@pytest.fixture(scope="module")
def pool():
    with Pool(limits=Limits(seconds=30.0)) as pool:
        try:
            pool.run(EXERCISE, attacks.RIGHT)
        except PoolError as e:
            pytest.skip(str(e))
        yield pool


def children(pid):
    return [int(p) for task in Path(f"/proc/{pid}/task").iterdir() for p in (task / "children").read_text().split()]


def kill_soon(pids):
    time.sleep(0.5)
    for pid in pids():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("which", ["the exercise's warm process", "the one behind all"])
def test_a_warm_process_that_is_killed_costs_nobody_a_mark(pool, which):
    base = pool._process.pid
    victims = (lambda: [base]) if which == "the one behind all" else (lambda: children(base))
    with ThreadPoolExecutor(3) as threads:
        runs = [threads.submit(pool.run, EXERCISE, SLOW, (), (1, 2)) for _ in range(2)]
        threads.submit(kill_soon, victims).result()
    assert [run.result()["status"] for run in runs] == ["ran", "ran"]
    assert pool.run(EXERCISE, attacks.RIGHT)["status"] == "ran"


def test_a_warm_process_that_is_gone_between_two_runs(pool):
    for pid in children(pool._process.pid):
        os.kill(pid, signal.SIGKILL)
    assert pool.run(EXERCISE, attacks.RIGHT)["status"] == "ran"


def test_a_process_that_the_system_kills_for_memory_is_run_again(pool, monkeypatch):
    """A run whose process the system kills, as it does when memory runs out, is repeated.

    The student's process is at the fourth level: base, the exercise's warm process, the first process of the run, the student's
    process.
    """
    if pool.level != "namespaces":
        pytest.skip("the tree of processes is another one without namespaces")

    def students():
        return [p for zygote in children(pool._process.pid) for first in children(zygote) for p in children(first)]

    with ThreadPoolExecutor(2) as threads:
        run = threads.submit(pool.run, EXERCISE, SLOW, (), (1, 2))
        threads.submit(kill_soon, students).result()
    assert run.result()["status"] == "ran"


@pytest.fixture
def no_space(monkeypatch):
    """Make every run report that it was lost because the disk is full."""
    told = json.dumps({"lost": "no space left on the device"}).encode()
    honest = conversation.Conversation._read_status

    def read_status(self):
        honest(self)
        self.ended = json.loads(told)

    monkeypatch.setattr(conversation.Conversation, "_failure", lambda self, message: self._raise_if_lost())
    monkeypatch.setattr(conversation.Conversation, "_read_status", read_status)
    monkeypatch.setattr(pools.time, "sleep", lambda s: None)


BROKEN = "import os\nos._exit(3)\n"


def test_what_cannot_be_run_again_is_not_graded(pool, no_space):
    outcome = pool.run(EXERCISE, BROKEN)
    assert outcome["status"] == "not graded" and "no space left" in outcome["reason"] and outcome["visible"] is None


def test_only_what_a_run_decided_is_kept(tmp_path):
    cache = Cache(tmp_path)
    for status in ("ran", "crashed", "not graded", "timeout", "memory"):
        cache.put(status, {"status": status})
    assert [s for s in ("ran", "crashed", "not graded", "timeout", "memory") if cache.get(s)] == ["ran", "crashed"]


def test_a_submission_that_could_not_be_run_has_no_mark_and_changes_none(tmp_path, notebook_folder, monkeypatch):
    lost = {
        "status": "not graded",
        "reason": "memory had run out",
        "output": "",
        "visible": None,
        "hidden": [],
        "isolation": "namespaces",
    }

    class Machine:
        """A Pool that loses every run of one exercise, as if memory had run out, until `mended` is set to True."""

        mended = False

        def __init__(self):
            self.pool = Pool()

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.pool.close()

        def run(self, exercise, *args, **kwargs):
            return lost if exercise == EXERCISE and not self.mended else self.pool.run(exercise, *args, **kwargs)

    monkeypatch.setattr(grading, "Pool", Machine)
    options = dict(results=tmp_path / "results", cache=tmp_path / "cache", secret="0" * 64, progress=False)
    graded = grade(notebook_folder, **options)
    (result,) = graded.results
    assert result["status"] == "not graded" and result["points"] is None and result["exercises"] == {}
    assert "4.1 could not be run on this machine (memory had run out)" in result["reason"]
    assert publish.made(graded.results) == []
    told = publish.report(graded, [], 0)
    assert "1 submissions were not graded" in told and "not gradable" not in told
    Machine.mended = True
    (result,) = grade(notebook_folder, **options).results
    assert result["status"] == "graded" and result["points"] == result["max_points"]


@pytest.fixture
def notebook_folder(tmp_path):
    """Return a folder with the submission of one student: the reference notebook of stage 04."""
    from autograder.stages.source import SOURCES

    folder = tmp_path / "in" / "ada" / "04_in_batch_loss"
    folder.mkdir(parents=True)
    source = SOURCES / "04_in_batch_loss" / "04_in_batch_loss.ipynb"
    (folder / source.name).write_bytes(source.read_bytes())
    return tmp_path / "in"


def test_a_run_starved_by_other_work_gets_more_time(pool, monkeypatch):
    """A run that exceeds its time limit while the machine is busy gets more time.

    Here the answer sleeps for longer than its limit. To the grader this looks like a process that waits for a processor.
    """
    late = attacks.RIGHT.replace("    S =", "    import time\n    time.sleep(0.05)\n    S =")
    limits = Limits(seconds=1.0)
    monkeypatch.setattr(pools, "busy", lambda: False)
    assert pool.run(EXERCISE, late, limits=limits)["status"] == "timeout"
    monkeypatch.setattr(pools, "busy", lambda: True)
    assert pool.run(EXERCISE, late, limits=limits)["status"] == "ran"
    assert pool.run(EXERCISE, "while True:\n    pass", limits=limits)["status"] == "timeout"


def test_ctrl_c_reaches_the_grader_alone(pool):
    """The pool's processes are in a session of their own, so Ctrl-C does not reach them, and they print no tracebacks."""
    assert os.getsid(pool._process.pid) != os.getsid(0)
