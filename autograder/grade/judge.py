"""Judges a run: turns what was observed in a student's process into points and messages. No student's code is run here."""

import functools

import torch

from autograder.grade.observed import observed
from autograder.sandbox.wire import WireError, unpack
from autograder.stages.source import load_reference
from dpr_course.checks import CHECKS, observe
from dpr_course.checks.expected import load_expected

MOST_WORDS = 800  # maximum number of characters of a message, which may contain text from the student's code
HIDDEN_ONLY = (
    "This passes on the published inputs but fails on others of the same kind: does the code rely on sizes, values or an "
    "order that happen to hold there?"
)


@functools.cache
def _reference():
    return load_reference()


@functools.cache
def expected_for(exercise, seed):
    """Return what the check observes of the reference solution, a dict. The inputs are drawn from `seed`, a hidden seed.

    The observation is computed in this process and kept only in memory. It uses one thread, as students' runs do: the tensors are
    small, and on a busy machine two threads that wait for each other take four times as long.
    """
    check, threads = CHECKS[exercise], torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return observe(check, {n: _reference()[n] for n in check.names}, seed, trusted=True)
    finally:
        torch.set_num_threads(threads)


def judge(exercise, outcome, seeds):
    """Return the result of one exercise (an id), a dict with "points", "status", "reason", "tests" and other keys.

    outcome  the dict that `Pool.run` returned, with the status and the observations of the run
    seeds    the hidden seeds of the run
    """
    check = CHECKS[exercise]
    result = {"number": check.number, "title": check.title, "points": 0.0, "max_points": float(check.points)}
    result |= {"status": "graded", "reason": "", "output": outcome.get("output") or ""}
    try:
        verdicts = _verdicts(check, outcome, seeds) if outcome["status"] == "ran" else None
    except Exception as e:  # whatever the student's code returned, the other exercises are still judged
        outcome = {"status": "crashed", "reason": f"What the code returned could not be compared ({type(e).__name__})."}
        verdicts = None
    if verdicts is None:
        result |= {"status": outcome["status"], "reason": outcome["reason"]}
        result["tests"] = [_test(t.name, 0.0, t.points, outcome["reason"]) for t in check.tests]
        return result
    visible, hidden, wrong = verdicts
    result["tests"] = []
    for i, seen in enumerate(visible.tests):
        passed_hidden = all(v.tests[i].passed for v in hidden)
        points = seen.max_points if seen.passed and passed_hidden else 0.0
        hidden_only = seen.passed and not passed_hidden
        message = f"{HIDDEN_ONLY} {check.tests[i].hint}" if hidden_only else seen.message[:MOST_WORDS]
        result["tests"].append(_test(seen.name, points, seen.max_points, message, seen.mistake, hidden_only))
    result["points"] = float(sum(t["points"] for t in result["tests"]))
    if all("Not solved yet" in t.message for t in visible.tests):
        result |= {"status": "unsolved", "reason": "The exercise was not solved: its cell still raises NotImplementedError."}
    elif any("MemoryError" in t.message or "allocate memory" in t.message for t in visible.tests):
        result |= {"status": "memory", "reason": "The code asked for more memory than a run may have."}
    elif wrong:
        result["observed"] = wrong
    return result


def _verdicts(check, outcome, seeds):
    """Return (Verdict on the published inputs, list with a Verdict for each hidden seed, value of "observed" for the result).

    Raises WireError if an observation is missing or malformed.
    """
    seen, (expected, mistakes) = unpack(outcome["visible"]), load_expected(check.exercise)
    visible = check.judge(seen, expected, mistakes)
    if len(outcome["hidden"]) != len(seeds):
        raise WireError("observations are missing")
    hidden = [check.judge(unpack(o), expected_for(check.exercise, s)) for o, s in zip(outcome["hidden"], seeds)]
    return visible, hidden, observed(check, seen, expected)


def _test(name, points, max_points, message="", mistake="", hidden_only=False):
    return {
        "name": name, "passed": points == max_points, "points": float(points), "max_points": float(max_points),
        "message": message, "mistake": mistake, "hidden_only": hidden_only,
    }  # fmt: skip
