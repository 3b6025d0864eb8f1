"""The grader against hostile answers: no mark rises, no secret gets out, nothing is left running, no other run suffers."""

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attacks
import pytest
from attacks import replay

from autograder.grade.judge import judge
from autograder.grade.secret import hidden_seeds
from autograder.sandbox import pool as pools
from autograder.sandbox.conversation import Conversation, Lost
from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool, PoolError
from autograder.sandbox.wire import send
from dpr_course.checks import CHECKS

EXERCISE = "get_in_batch_contrastive_loss"
SEEDS = hidden_seeds(EXERCISE, "a secret for the tests, long enough")
QUICK = Limits(seconds=2.0, memory=1 << 30)
FULL = CHECKS[EXERCISE].points


MARK = f"POOL={uuid.uuid4()}"  # in the environment of this file's warm processes, and of all processes forked from them


@contextlib.contextmanager
def marked(mark):
    """A context in which the processes of new Pools have `mark`, a text "NAME=value", in their environment."""
    environment = pools.zygote_environment
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pools, "zygote_environment", lambda: environment() | dict([mark.split("=")]))
        yield


@pytest.fixture(scope="module")
def pool():
    if os.uname().sysname != "Linux":
        pytest.skip("isolation is tested on Linux")
    os.environ["COURSE_SECRET_TOKEN"] = "loot: an environment variable"
    with marked(MARK), Pool(limits=QUICK) as pool:
        try:
            pool.run("get_masked_contrastive_loss", "x = 1")  # first, so that text of this exercise could be left in memory
            pool.run(EXERCISE, attacks.RIGHT)
        except PoolError as e:
            pytest.skip(str(e))
        yield pool


@pytest.fixture(scope="module")
def isolated(pool):
    if pool.level != "namespaces":
        pytest.skip("this system allows no namespaces")
    return pool


def graded(pool, code, extras=(), exercise=EXERCISE):
    seeds = SEEDS if exercise == EXERCISE else hidden_seeds(exercise, "x")
    outcome = pool.run(exercise, code, extras, seeds)
    result = judge(exercise, outcome, seeds)
    json.dumps(result)
    return result


def all_graded(pool, codes):
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(lambda code: graded(pool, code), codes))


def students_processes():
    """Return the ids of the processes of this file's pool that run under a user id made for students' code."""
    found = []
    for pid in processes_with(MARK):
        try:
            uid = int(Path("/proc", pid, "status").read_text().split("Uid:\t")[1].split()[0])
        except OSError:
            continue
        if 60_100 <= uid < 61_100:
            found.append(pid)
    return found


def test_a_right_answer_and_a_wrong_one(pool):
    right, wrong = graded(pool, attacks.RIGHT), graded(pool, attacks.WRONG)
    assert right["points"] == FULL and right["status"] == "graded"
    assert wrong["points"] == 0 and all(t["message"] for t in wrong["tests"])


@pytest.mark.parametrize("family", attacks.families("MARKS"))
def test_no_attack_raises_a_mark(isolated, attacked, family):
    tried = attacks.INSIDE[family].MARKS
    attacked(family, *tried)
    for name, result in zip(tried, all_graded(isolated, tried.values())):
        assert result["points"] == 0, (name, result)
        assert attacks.LOOT not in json.dumps(result), name


@pytest.mark.parametrize("family", attacks.families("SECRETS"))
def test_no_secret_gets_out(isolated, attacked, family):
    tried = attacks.INSIDE[family].SECRETS
    attacked(family, *tried)
    for name, result in zip(tried, all_graded(isolated, tried.values())):
        text = json.dumps(result)
        for seed in SEEDS:
            assert str(seed) not in text, name
        assert str(0xFFFFFFFE) not in text, name  # a number that the answer sent as a message's size
        assert attacks.LOOT not in text or "hidden seeds" in name, (name, text)  # attacks with this name find only the public seed


@pytest.mark.parametrize("family", attacks.families("MACHINE"))
def test_no_attack_harms_the_machine(isolated, attacked, family):
    tried = attacks.INSIDE[family].MACHINE
    attacked(family, *tried)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = str(server.getsockname()[1])
        codes = [code.replace("PORT", port) for code, _ in tried.values()]
        results = all_graded(isolated, codes)
        with pytest.raises(TimeoutError):
            server.accept()
    for (name, (code, ends)), result in zip(tried.items(), results):
        assert result["status"] in ends, (name, result)
        assert attacks.LOOT not in json.dumps(result), (name, result)
        right = result["status"] == "graded" and "F.cross_entropy(S, labels)" in code
        assert result["points"] == (FULL if right else 0), (name, result)
        if result["status"] != "graded":
            assert result["reason"], name
    time.sleep(0.3)
    assert students_processes() == []
    assert not Path("/loot").exists()
    assert graded(isolated, attacks.RIGHT)["points"] == FULL  # the grader still works after the attacks


def test_other_exercises_do_not_pay(pool):
    """Bad code elsewhere in the notebook costs an exercise no points if the exercise does not need that code."""
    bad = ["import os\ndef helper(x=os._exit(1)):\n    pass", "def broken(:", "while True:\n    pass", "value = 1 / 0"]
    assert graded(pool, attacks.RIGHT, extras=bad[1:])["points"] == FULL
    assert graded(pool, attacks.RIGHT, extras=bad[:1])["status"] == "crashed"  # grade then runs it alone


def test_own_helpers_are_there(pool):
    helper = "import math as m\nSCALE = 1.0\n\ndef scores(X, Y):\n    return m.sqrt(SCALE) * X @ Y.T"
    code = attacks.RIGHT.replace("X @ Y.T", "scores(X, Y)")
    assert graded(pool, code, extras=[helper])["points"] == FULL
    assert graded(pool, code)["points"] == 0


@pytest.mark.parametrize("code, status, words", [
    ("def f(:\n    pass", "syntax error", "line 1"),
    ("x = 1", "missing", "does not define get_in_batch_contrastive_loss"),
    ("raise RuntimeError('no')", "crashed", "RuntimeError"),
    ('def get_in_batch_contrastive_loss(model, batch):\n    raise NotImplementedError("x")', "unsolved", "not solved"),
])  # fmt: skip
def test_what_cannot_be_run_says_why(pool, code, status, words):
    result = graded(pool, code)
    assert result["status"] == status and words in result["reason"] and result["points"] == 0
    assert len(result["tests"]) == len(CHECKS[EXERCISE].tests)


def test_what_the_student_printed_is_kept_and_what_hidden_runs_print_is_not(pool):
    code = attacks.RIGHT.replace("    S =", "    global n\n    n = globals().get('n', 0) + 1\n    print(f'call {n}.')\n    S =")
    output = graded(pool, code)["output"]
    assert "call 1." in output
    visible = output.count("call")
    assert f"call {visible + 1}." not in output and visible > 0


def test_passing_the_published_inputs_alone_is_not_enough(pool, attacked):
    attacked("replayed inputs", *replay.PUBLISHED)
    for name, result in zip(replay.PUBLISHED, all_graded(pool, replay.PUBLISHED.values())):
        assert result["points"] < FULL, (name, result)
    result = graded(pool, replay.BY_VALUE)
    assert any(t["hidden_only"] for t in result["tests"]) and any("fails on others" in t["message"] for t in result["tests"])


def test_the_memory_of_all_processes_of_a_run_counts_together(isolated):
    hungry_family_is_stopped(isolated)


def hungry_family_is_stopped(pool):
    """Assert that a run is ended if its ten processes together hold too much memory, and is not ended if they hold little."""
    limits = Limits(seconds=8.0, memory=1 << 28)
    hungry = (
        "import os, time\nfor _ in range(10):\n    if os.fork() == 0:\n        hog = b'x' * (200 << 20)\n        time.sleep(60)\n"
    )
    outcome = pool.run(EXERCISE, attacks.inside(hungry + "time.sleep(60)"), limits=limits)
    assert outcome["status"] == "memory" and "too much memory" in outcome["reason"]
    modest = "import os, time\nfor _ in range(10):\n    if os.fork() == 0:\n        time.sleep(0.5)\n        os._exit(0)\ntime.sleep(0.6)\n"
    assert pool.run(EXERCISE, modest + attacks.RIGHT, limits=limits)["status"] == "ran"


def test_without_namespaces_the_limits_hold():
    mark = f"POOL={uuid.uuid4()}"
    with marked(mark), Pool(level="limits", limits=QUICK) as pool:
        assert graded(pool, attacks.RIGHT)["points"] == FULL
        for name in ("a loop without end", "os._exit", "one giant tensor", "segmentation fault", "a daemon left behind"):
            code, ends = attacks.MACHINE[name]
            result = graded(pool, code)
            assert result["status"] in ends, (name, result)
        hungry_family_is_stopped(pool)
        outcome = pool.run(EXERCISE, attacks.RIGHT)
        assert outcome["isolation"] == "limits" and processes_with(mark)
    time.sleep(0.5)
    assert processes_with(mark) == []


def test_a_supervisor_that_is_killed_does_not_hold_up_the_grader():
    """The grader does not wait for a run whose supervising process has been killed, even if the run's socket stays open."""
    (data, kept), (status, lost), (output, printed) = socket.socketpair(), socket.socketpair(), os.pipe()
    talk = Conversation(data, status, output, seconds=-8.0)
    send(kept, {"entered": True})
    threading.Timer(0.2, lost.close).start()
    begun = time.monotonic()
    with pytest.raises(Lost, match="watches over"):
        talk.hold({"code": ""}, [])
    assert time.monotonic() - begun < 2
    kept.close()
    os.close(printed)


def processes_with(mark):
    """Return the ids of the processes whose environment contains `mark`, a text "NAME=value"."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found
