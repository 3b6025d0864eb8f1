"""Canaries: if the defence against a family of attacks is off, one of these attacks succeeds. So the tests of attacks can fail."""

import contextlib
import json
import os
import signal
import socket
from unittest import mock

import attacks
import numpy as np
import pytest
from attacks import replay, sockets
from canaries import EXERCISE, in_a_process, judged_in_the_students_process, lives, weakened

from autograder.grade.judge import judge
from autograder.grade.secret import hidden_seeds
from autograder.proof.bank import define
from autograder.sandbox import conversation, isolation, limited_runs, namespace_runs
from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool, PoolError
from autograder.stages.source import load_reference
from dpr_course.checks import CHECKS, compare, observe, own_work
from dpr_course.checks.batches import plain_batch

CHECK = CHECKS[EXERCISE]
FULL = f"{CHECK.points:g} points."
SEEDS = hidden_seeds(EXERCISE, "a secret for the tests, long enough")
QUICK = Limits(seconds=4.0, memory=1 << 30)


@pytest.fixture(scope="module")
def pool():
    """The grader with all its defences. The tests that use it are skipped where the system allows no namespaces."""
    with Pool(limits=QUICK) as pool:
        try:
            pool.run(EXERCISE, attacks.RIGHT)
        except PoolError as e:
            pytest.skip(str(e))
        if pool.level != "namespaces":
            pytest.skip("this system allows no namespaces")
        yield pool


@pytest.fixture(scope="module")
def limits_only():
    """The grader as it runs on a system that allows no namespaces: with limits on time, memory and processes only."""
    with weakened(lambda: None, level="limits", limits=QUICK) as pool:
        yield pool


def points(pool, code, seeds=SEEDS):
    return judge(EXERCISE, pool.run(EXERCISE, code, (), seeds), seeds)["points"]


def test_replaced_comparisons_succeed_in_the_students_process(canary):
    canary("replaced comparisons")
    assert judged_in_the_students_process(attacks.MARKS["difference replaced where it is defined"]).startswith(FULL)


def test_replaced_inputs_succeed_where_the_student_s_process_makes_the_expected_values(canary):
    canary("replaced inputs")
    code = attacks.MARKS["the functions of the reference replaced"]
    reference = load_reference()

    def expected():
        return observe(CHECK, {n: reference[n] for n in CHECK.names}, trusted=True)

    assert judged_in_the_students_process(code, expected).startswith(FULL)


def test_lying_objects_succeed_where_what_was_returned_is_compared_itself(canary):
    """An object equal to everything passes if it is compared as it is. Real checks make it an array and call no method of its own."""
    canary("lying objects")

    def equal(code):
        rng, reference = np.random.default_rng(0), load_reference()[EXERCISE]
        model, batch = plain_batch(rng).case(rng)
        mine = define(EXERCISE, code, CHECK.names)[EXERCISE]
        return all(bool(have == want) for have, want in zip(mine(model, batch), reference(model, batch)))

    assert in_a_process(lambda: equal(attacks.MARKS["an object equal to everything"])) == "True"
    assert in_a_process(lambda: equal(attacks.WRONG)) == "False"


def test_wildcards_succeed_where_no_value_has_to_be_finite(pool, canary):
    """With a comparison that accepts NaN, the tests of loss and count give points. The test of the gradients still fails."""
    canary("wildcard values")
    code = attacks.MARKS["not a number everywhere"]

    def careless(observation, expected, key, tolerance=compare.TOLERANCE):
        if key not in observation:
            return "missing", ""
        have, want = np.asarray(observation[key], float), np.asarray(expected[key], float)
        return ("value", "") if have.shape != want.shape or (np.abs(have - want) > tolerance).any() else None

    assert points(pool, code) == 0
    with mock.patch.object(compare, "difference", careless):
        assert points(pool, code) > 0


def test_frames_hold_the_expected_values_in_the_students_process(pool, canary):
    canary("frames and memory")
    code = attacks.MARKS["expected values in a caller's frame"]
    assert attacks.LOOT in judged_in_the_students_process(code)


def test_hidden_seeds_get_out_where_the_output_of_hidden_runs_is_kept(pool, canary):
    canary("frames and memory")
    code = attacks.SECRETS["hidden seeds printed"]
    told = [str(seed) for seed in SEEDS]
    assert not any(s in json.dumps(pool.run(EXERCISE, code, (), SEEDS)) for s in told)

    class Listening(conversation.Conversation):
        listening = property(lambda self: True, lambda self, value: None)

        def _hidden(self, seeds):
            found = super()._hidden(seeds)
            self._drain()
            return found | {"output": self.printed.decode("utf-8", "replace")}

    with mock.patch("autograder.sandbox.pool.Conversation", Listening):
        assert any(s in json.dumps(pool.run(EXERCISE, code, (), SEEDS)) for s in told)


def test_published_inputs_are_enough_where_there_are_no_hidden_ones(pool, canary):
    canary("replayed inputs")
    assert points(pool, replay.BY_VALUE) < CHECK.points
    assert points(pool, replay.BY_VALUE, ()) == CHECK.points


def test_forged_messages_succeed_where_no_hidden_inputs_are_asked(pool, canary):
    canary("forged messages")
    code = attacks.MARKS["messages written to the socket"]
    assert points(pool, code) == 0
    assert points(pool, code, ()) == CHECK.points


def test_shipped_answers_succeed_without_the_gate(canary):
    canary("shipped answers")

    def no_gate():
        own_work.Gate.__enter__ = own_work.Gate.__exit__ = lambda self, *a: None

    with weakened(no_gate, limits=QUICK) as weak:
        assert points(weak, attacks.MARKS["the package's own loss"]) == CHECK.points


def test_an_orphan_lives_on_where_nothing_ends_it(canary):
    canary("late actors")

    def no_end():
        limited_runs.kill_descendants = lambda: None

    code = (
        attacks.RIGHT
        + "\nimport os, time\nif os.fork() == 0:\n    os.setsid()\n    print('orphan', os.getpid())\n    time.sleep(60)\n    os._exit(0)\ntime.sleep(0.2)\n"
    )
    alive = {}
    for switch_off in (no_end, lambda: None):
        with weakened(switch_off, level="limits", limits=QUICK) as weak:
            pid = int(weak.run(EXERCISE, code)["output"].split()[1])
            alive[switch_off] = lives(pid, 0.5 if switch_off is no_end else 10)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert list(alive.values()) == [True, False]


def test_descriptors_are_inherited_where_they_are_not_closed(canary):
    canary("inherited things")

    def no_closing():
        os.closerange = lambda *a: None

    with weakened(no_closing, limits=QUICK) as weak:
        assert attacks.LOOT in weak.run(EXERCISE, attacks.SECRETS["descriptors left open"])["output"]


def test_files_are_seen_without_namespaces(pool, limits_only, canary):
    canary("files")
    code = attacks.SECRETS["the folder beside the package"]
    assert attacks.LOOT not in pool.run(EXERCISE, code)["output"]
    assert attacks.LOOT in limits_only.run(EXERCISE, code)["output"]


def test_runs_reach_each_other_without_namespaces_and_without_the_filter(pool, limits_only, canary):
    """Without namespaces, runs reach the machine's network. Without the filter, they can use sockets, locks and watches."""
    canary("colluding runs")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(2)
        code = attacks.MACHINE["the network"][0].replace("PORT", str(server.getsockname()[1]))
        pool.run(EXERCISE, code)
        limits_only.run(EXERCISE, code)
        connection, _ = server.accept()
        connection.close()
        server.settimeout(0.1)
        with contextlib.suppress(TimeoutError):  # the answer is called several times in the second run, and connects each time
            while True:
                server.accept()[0].close()

    def no_filter():
        isolation.forbid_system_calls = lambda: None

    with weakened(no_filter, limits=QUICK) as weak:
        for name in ("a socket of AF_UNIX", "flock on a file that all runs see", "a watch on a file"):
            assert weak.run(EXERCISE, sockets.TELLING[name] + attacks.RIGHT)["output"], name


def test_ended_processes_take_the_grader_along_where_it_is_the_same_process(canary):
    canary("ended processes")
    assert judged_in_the_students_process(attacks.MACHINE["os._exit"][0]) == ""
    assert judged_in_the_students_process(attacks.WRONG).startswith("0 points")


def test_memory_is_used_up_without_limits(pool, canary):
    canary("used-up resources")

    def no_limits():
        isolation.limit = lambda *a, **k: None
        namespace_runs.too_large = lambda *a, **k: False

    small = Limits(seconds=20.0, memory=1 << 28)
    code = attacks.RIGHT.replace("    S =", "    hog = torch.empty(1 << 28)\n    S =")  # a GB, of which no page is touched
    assert judge(EXERCISE, pool.run(EXERCISE, code, limits=small), ())["status"] == "memory"
    with weakened(no_limits, limits=small) as weak:
        assert judge(EXERCISE, weak.run(EXERCISE, code), ())["status"] == "graded"


def test_time_is_used_up_where_nobody_keeps_it(pool, canary):
    canary("used-up resources")
    code = attacks.RIGHT.replace("    S =", "    import time\n    time.sleep(0.3)\n    S =")
    assert pool.run(EXERCISE, code, limits=Limits(seconds=1.0))["status"] == "timeout"
    assert pool.run(EXERCISE, code, limits=Limits(seconds=60.0))["status"] == "ran"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stay root")
def test_root_is_regained_where_the_user_is_not_changed(canary):
    canary("rights")

    def no_user():
        os.setresuid = os.setresgid = lambda *a: None

    with weakened(no_user, limits=QUICK) as weak:
        assert "loot: root" in weak.run(EXERCISE, attacks.MACHINE["root again"][0])["output"]
