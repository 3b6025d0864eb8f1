"""The class Check, which tests a student's code for one exercise in two steps: observe, then judge.

`Check.observe(objects, seed)` runs the student's code on inputs made from `seed`. It returns an Observation, which holds plain
arrays, numbers and strings. `Check.judge(observation, expected)` compares it with the observation of the reference solution on
the same inputs. Judging needs none of the student's objects, so it can run in another process.

Expected values are never written by hand. For the published seed, `python -m autograder pin` stores the observation of the
reference solution in `expected.json`. For any other seed, it is computed anew.
"""

import contextlib
import io
import logging
import random
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np
import torch

from dpr_course.checks.compare import NOT_SOLVED, explain, first_problem, noted, recognise
from dpr_course.checks.own_work import ShippedAnswer, guarded
from dpr_course.stages import OPEN

PUBLISHED_SEED = 20_200_410  # for the inputs of visible checks; for hidden checks, the instructor has a secret seed


@dataclass(frozen=True)
class Test:
    """One test of an exercise: the entries of the Observation that it compares, its points, and a hint if it fails.

    `hint` must name the likely mistake in one or two sentences and never give the answer.
    """

    __test__ = False  # not a test class of pytest

    name: str
    points: float
    keys: tuple  # keys of the observation that must agree with the expected ones
    hint: str


@dataclass
class TestResult:
    """The outcome of one Test.

    message  advice to the student if the test failed
    mistake  name of the known mistake that explains the failure, or ""
    stopped  text of the exception that stopped the student's code, or ""
    """

    __test__ = False

    name: str
    passed: bool
    points: float
    max_points: float
    message: str = ""
    mistake: str = ""
    stopped: str = ""


@dataclass
class Verdict:
    """The outcome of an exercise's check: one TestResult per test."""

    exercise: str
    tests: list = field(default_factory=list)

    @property
    def points(self):
        return float(sum(t.points for t in self.tests))

    @property
    def max_points(self):
        return float(sum(t.max_points for t in self.tests))

    @property
    def passed(self):
        return all(t.passed for t in self.tests)


class Observation(dict):
    """What a check records about the student's code: {key: array, number or string}. Keys have the form `<probe>.<name>`.

    A probe is the part of a check that runs the code on one kind of input. An exception in a probe is recorded under
    `<probe>.error` and does not stop the other probes. A note is a sentence, kept under `<key>.note`, on what is wrong with one
    result. The student reads it if that result fails its test and no known mistake explains the failure.
    """

    def note(self, key, sentence):
        """Keep a true sentence about the result `key`. Only the first sentence for a key is kept; an empty one is ignored."""
        if sentence:
            self.setdefault(f"{key}.note", sentence)

    @contextlib.contextmanager
    def probe(self, name):
        try:
            yield
        except NotImplementedError:
            self[f"{name}.error"] = NOT_SOLVED
        except ShippedAnswer as e:
            self[f"{name}.error"] = str(e)
        except Exception as e:
            self[f"{name}.error"] = describe_error(e)


class Check:
    """The check of one exercise. A subclass sets the fields below and defines `observe`.

    The `observe` of a subclass runs under a Gate (see own_work), so finished solutions of the package raise an error if called.
    """

    exercise = ""  # id, also the id of the notebook cell
    number = ""  # the exercise's number in the notebooks, such as "4.1"
    title = ""
    names = ()  # names of the functions and classes to check, in the order of `check`'s arguments
    tests = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "observe" in vars(cls):
            cls.observe = guarded(cls.observe)

    @property
    def points(self):
        return sum(t.points for t in self.tests)

    def observe(self, objects, seed):
        """Run the student's `objects`, {name: function or class}, on inputs made from `seed`. Returns an Observation."""
        raise NotImplementedError

    def finding(self, test, observation, expected):
        """Return sentences on what is wrong with the results that `test` compares; "" if there is nothing to say.

        The sentences must be true of the student's code. `judge` calls this method for a failed test that no known mistake
        explains. The student reads the sentences in place of the test's hint.
        """
        return ""

    def _finding(self, test, observation, expected):
        """Return what `finding` returns, or "" if it raises an error: an observation of graded work may hold unexpected values."""
        try:
            return self.finding(test, observation, expected)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
            return ""

    def judge(self, observation, expected, mistakes=()):
        """Compare `observation`, of the student's code, with `expected`, of the reference solution. Returns a Verdict.

        mistakes: known wrong solutions, as dicts with "name", "message" and their "observation" on the same inputs.
        """
        verdict = Verdict(self.exercise)
        for test in self.tests:
            problem = first_problem(observation, expected, test.keys)
            result = TestResult(test.name, problem is None, test.points if problem is None else 0.0, test.points)
            if problem:
                known = recognise(observation, expected, mistakes, test.keys)
                result.mistake = known["name"] if known else ""
                finding = "" if known else self._finding(test, observation, expected)
                result.message = explain(problem, test.hint, known, noted(observation, expected, test.keys), finding)
                result.stopped = problem[1] if problem[0] == "error" else ""
            verdict.tests.append(result)
        return verdict


def describe_error(error):
    """Return an exception as text: its type, its message, and the line of the student's code, not of the check, that raised it."""
    first = str(error).strip().splitlines()
    if isinstance(error, NameError) and error.name == OPEN:  # a placeholder of a guided exercise was not replaced
        first = [f"{OPEN} is still there in place of your code"]
    text = f"{type(error).__name__}: {first[0][:160]}" if first else type(error).__name__
    foreign = ("dpr_course", "site-packages", "lib/python")
    own = [f for f in traceback.extract_tb(error.__traceback__) if not any(name in f.filename for name in foreign)]
    if not own:
        return f"{text} (raised when its result was used: does it return what the docstring says?)"
    return f"{text} (at `{own[-1].line.strip()[:80]}`)" if own[-1].line else text


@contextlib.contextmanager
def hushed():
    """Return a context manager that hides what code in its block prints, logs or warns about.

    nbgrader would give 0 points to a graded cell that writes to stderr.
    """
    before = logging.root.manager.disable
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


@contextlib.contextmanager
def preserved_state():
    """Return a context manager that turns gradients on in its block, and restores random states and gradient mode after it."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    grad = torch.is_grad_enabled()
    try:
        torch.set_grad_enabled(True)
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        torch.set_grad_enabled(grad)


def array(value):
    """Return a tensor, number or (nested) list of numbers as a NumPy array. Tensors of floats become float32.

    Raises TypeError if `value` does not hold numbers.
    """
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.is_floating_point() else value).numpy()
    elif isinstance(value, (list, tuple)):
        value = [array(v) for v in value] if any(isinstance(v, torch.Tensor) for v in value) else value
    value = np.asarray(value)
    if value.dtype.kind not in "biuf":
        raise TypeError(f"expected numbers, got {type(value.flat[0]).__name__ if value.size else value.dtype}")
    return value
