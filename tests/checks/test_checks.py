"""The checks of exercises: results recorded on other inputs earn nothing, and messages show no expected value.

tests/proof/test_prove.py tests that the checks tell right answers from wrong ones.
"""

import itertools

import nbformat
import numpy as np
import pytest
import torch

from autograder.kernels import notebook_client
from dpr_course.checks import CHECKS, PUBLISHED_SEED, check, find, observe, report, verdict
from dpr_course.checks.compare import difference
from dpr_course.checks.core import Check, Observation, Test, array, hushed
from dpr_course.checks.expected import decode, encode, load_expected


@pytest.mark.parametrize("exercise", CHECKS)
def test_what_was_observed_on_other_inputs_is_worth_nothing(exercise, reference):
    """A right answer's results for another seed fail every test. So the published values earn nothing on hidden inputs."""
    c = CHECKS[exercise]
    seeds = (PUBLISHED_SEED, *range(1, 7), 2**31)
    seen = [observe(c, {n: reference[n] for n in c.names}, seed) for seed in seeds]
    for test in c.tests:
        assert any(len({str(np.asarray(o[k]).tolist()) for o in seen}) == len(seeds) for k in test.keys), test.name
    for replayed, expected in itertools.permutations(seen, 2):
        assert c.judge(replayed, expected).points == 0


@pytest.mark.parametrize("exercise", CHECKS)
def test_an_unsolved_exercise_gets_nothing_and_is_told_what_to_do(exercise, capfd):
    def unsolved(*args, **kwargs):
        raise NotImplementedError("not solved")

    points = check(exercise, *[unsolved] * len(CHECKS[exercise].names))
    out, err = capfd.readouterr()
    assert points == 0.0 and isinstance(points, float) and err == ""
    assert "Not solved yet" in out and "Traceback" not in out


def test_a_check_is_quiet_even_if_the_answer_is_not(reference, capfd):
    def loud(model, batch):
        import logging
        import sys
        import warnings

        print("debug")
        print("debug", file=sys.stderr)
        warnings.warn("careful", stacklevel=2)
        logging.warning("careful")
        return reference["get_in_batch_contrastive_loss"](model, batch)

    assert check("4.1", loud) == find("4.1").points
    out, err = capfd.readouterr()
    assert err == "" and "debug" not in out


def test_an_exception_is_told_without_the_checker(capfd):
    def broken(model, batch):
        return batch["Q"]

    assert check("4.1", broken) == 0.0
    out = capfd.readouterr().out
    assert "TypeError" in out and "dpr_course" not in out and "Traceback" not in out


def test_returning_nothing_is_told(capfd):
    assert check("3.1", lambda *args: None) == 0.0
    assert check("4.1", lambda *args: None) == 0.0


def test_a_check_leaves_seeds_and_settings_alone(reference):
    torch.manual_seed(5)
    np.random.seed(5)
    expected = torch.rand(3), np.random.rand(3)
    torch.manual_seed(5)
    np.random.seed(5)

    def meddling(model, batch):
        torch.manual_seed(0)
        np.random.seed(0)
        torch.set_grad_enabled(False)
        return reference["get_in_batch_contrastive_loss"](model, batch)

    verdict("4.1", meddling)
    assert torch.is_grad_enabled()
    assert torch.equal(torch.rand(3), expected[0]) and np.array_equal(np.random.rand(3), expected[1])


def test_messages_hold_no_expected_value(reference):
    """The message of a failing test may describe the student's result, but never gives the expected value."""

    def wrong(model, batch):
        loss, n = reference["get_in_batch_contrastive_loss"](model, batch)
        return loss * 3.7, n + 1

    expected, _ = load_expected("get_in_batch_contrastive_loss")
    text = report(find("4.1"), verdict("4.1", wrong))
    for key in ("plain.loss", "hard.loss"):
        assert not [value for value in expected[key] if f"{value:.2f}" in text]


def test_what_was_said_once_is_not_repeated():
    def broken(model, batch):
        return model(batch)

    text = report(find("4.1"), verdict("4.1", broken))
    assert text.count("Your code stopped with") == 1 and text.count("✗") == 4 and text.count("Same as above.") == 3


def test_numbers_are_compared_relative_to_their_scale():
    base = {"a.x": np.array([1000.0, 1e-6])}
    assert difference({"a.x": np.array([1000.05, 0.0])}, base, "a.x") is None
    assert difference({"a.x": np.array([1001.0, 0.0])}, base, "a.x")
    assert difference({"a.x": np.array([np.nan, 0.0])}, base, "a.x")
    assert difference({"a.x": np.array([1000.0])}, base, "a.x")[0] == "shape"
    assert difference({}, base, "a.x")[0] == "missing"
    assert difference({"a.error": "NotImplementedError"}, base, "a.x")[0] == "unsolved"


def test_values_survive_the_file():
    for value in ("text", 3, 2.5, np.float32([[1, 2]]), np.array([], dtype=int), [1.0, float("inf")]):
        back = decode(encode(value))
        assert back == value if isinstance(value, str) else np.array_equal(back, np.asarray(value))


def test_array_takes_what_students_return():
    assert array(torch.ones(2, dtype=torch.bfloat16, requires_grad=True)).dtype == np.float32
    assert array([torch.tensor(1), torch.tensor(2)]).tolist() == [1, 2]
    with pytest.raises(TypeError):
        array(["a"])


def test_partial_credit_is_the_sum_of_the_tests_that_pass():
    class Two(Check):
        exercise, names = "two", ("f",)
        tests = (Test("first", 2, ("p.a",), "look at a"), Test("second", 3, ("p.b",), "look at b"))

    o = Observation({"p.a": np.array(1.0), "p.b": np.array(2.0)})
    v = Two().judge(o, {"p.a": np.array(1.0), "p.b": np.array(5.0)})
    assert v.points == 2.0 and v.max_points == 5.0 and not v.passed
    assert v.tests[1].message == "look at b"


def test_pinned_values_have_room_between_noise_and_mistakes():
    """For each exercise, the noise of the expected values is at most a tenth of the tolerance, and at least 8 mistakes are known.

    The shipped file of expected values records the noise and the mistakes. The program that writes it enforces the same rule.
    """
    from dpr_course.checks.expected import _file

    content = _file()
    assert set(content["exercises"]) == set(CHECKS) and content["seed"] == PUBLISHED_SEED
    for entry in content["exercises"].values():
        for value in entry["reference"].values():
            assert isinstance(value, str) or value["noise"] * 10 <= content["tolerance"]
        assert len(entry["mistakes"]) >= 8


def test_hushed_catches_writes(capfd):
    with hushed():
        print("x")
    assert capfd.readouterr().out == ""


def test_unknown_checks_and_wrong_arguments_are_told():
    with pytest.raises(ValueError, match="4.1"):
        find("9.9")
    with pytest.raises(TypeError, match="get_in_batch_contrastive_loss"):
        verdict("4.1")


def test_the_points_are_a_number_to_nbgrader_and_no_stray_one_on_the_page(reference):
    """The output of a check's cell gives nbgrader the points as text/plain. Its text/html, which pages show, has no number."""
    from nbgrader.utils import determine_grade

    points = check("4.1", lambda model, batch: (reference["get_in_batch_contrastive_loss"](model, batch)[0], 0))
    assert 0 < points < find("4.1").points and f"{points}" == repr(points) == str(float(points))
    grade = {"nbgrader": {"grade": True, "solution": False, "points": 5, "grade_id": "check"}}
    cell = nbformat.v4.new_code_cell(f"from dpr_course.checks import Points\nPoints({points!r})", metadata=grade)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook_client(notebook, 60).execute()
    [shown] = notebook.cells[0].outputs
    assert shown.output_type == "execute_result" and float(shown.data["text/plain"]) == points
    assert determine_grade(notebook.cells[0]) == (points, 5)
    assert not any(c.isdigit() for c in shown.data["text/html"])


def interrupted(function, n):
    """Return (answer, calls). `answer` calls `function`, but its n-th call raises ValueError. next(calls) - 1 is its calls so far."""
    calls = itertools.count(1)

    def answer(*args, **kwargs):
        if next(calls) == n:
            raise ValueError("stopped")
        return function(*args, **kwargs)

    return answer, calls


@pytest.mark.parametrize("exercise", [e for e, c in CHECKS.items() if c.names[0] == e])
def test_an_answer_that_stops_changes_the_inputs_of_no_other_test(exercise, reference):
    c = CHECKS[exercise]
    whole = observe(c, {exercise: reference[exercise]})
    answer, calls = interrupted(reference[exercise], 0)
    observe(c, {exercise: answer})
    made = next(calls) - 1
    for n in range(1, made + 1, -(-made // 12)):
        seen = observe(c, {exercise: interrupted(reference[exercise], n)[0]})
        stopped = {k.split(".")[0] for k in seen if k.endswith(".error")}
        assert stopped
        for key in {k for t in c.tests for k in t.keys}:
            assert key.split(".")[0] in stopped or difference(seen, whole, key) is None, (n, key)
