"""The check of an exercise, in two steps: observe, then judge.

`Check.observe(objects, seed)` runs the student's code on inputs made from `seed` and returns plain arrays,
numbers and strings. `Check.judge(observation, expected)` compares them with what the reference solution
gives on the same inputs and needs none of the student's objects, so it can run in another process.

Expected values are never written by hand: they are the reference's own observation, pinned by
`python -m autograder pin` for the published seed (see `expected.json`) and computed anew for any other.
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

PUBLISHED_SEED = 20_200_410  # visible checks draw their inputs from it; hidden ones from a seed of the instructor


@dataclass(frozen=True)
class Test:
    """One test of an exercise: the keys that it compares, its points, and a hint for the student if it fails.

    hint must name the likely mistake in one or two sentences and never give the answer.
    """

    __test__ = False  # not a test class of pytest

    name: str
    points: float
    keys: tuple  # keys of the observation that must agree with the expected ones
    hint: str


@dataclass
class TestResult:
    """The outcome of one Test. `mistake` names the known mistake that gives the same observation, if any; `stopped`
    is the exception, if the student's code stopped with one."""

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
    """The outcome of one exercise."""

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
    """The results of the student's code: name -> array, number or string.

    An exception in one `probe` is recorded under `<probe>.error` and does not stop the other probes. A `note` says what is wrong
    with one result, as the check saw it; it is shown if that result fails its test and no known mistake explains it.
    """

    def note(self, key, sentence):
        """Keep a sentence about the result `key`, which must be true. Only the first one is kept, and an empty one is ignored."""
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
    """One exercise. A subclass gives the fields below and `observe`, which then runs under a `Gate`: see own_work."""

    exercise = ""  # id, also the id of the notebook cell
    number = ""  # as students know it: "4.1"
    title = ""
    names = ()  # the student's objects, in the order in which `check` takes them
    tests = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "observe" in vars(cls):
            cls.observe = guarded(cls.observe)

    @property
    def points(self):
        return sum(t.points for t in self.tests)

    def observe(self, objects, seed):
        """Run the student's `objects` (dict by name) on inputs made from `seed`. Returns an Observation."""
        raise NotImplementedError

    def finding(self, test, observation, expected):
        """Return whole sentences on what is wrong with the values of the keys of `test`, or "". They must be true of the answer.

        `judge` asks for it where no known mistake explains a failing test. The student reads it in place of the test's hint.
        """
        return ""

    def _finding(self, test, observation, expected):
        """Return the finding, or "" if `finding` fails, since the observation of graded work may hold anything."""
        try:
            return self.finding(test, observation, expected)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
            return ""

    def judge(self, observation, expected, mistakes=()):
        """Compare with the reference's observation `expected`. Returns a Verdict.

        mistakes: dicts with name, message and observation of known wrong solutions on the same inputs.
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
    """Return type, message and the student's own line of an exception, and no line of the checker."""
    first = str(error).strip().splitlines()
    if isinstance(error, NameError) and error.name == OPEN:  # of a guided exercise
        first = [f"{OPEN} is still there in place of your code"]
    text = f"{type(error).__name__}: {first[0][:160]}" if first else type(error).__name__
    foreign = ("dpr_course", "site-packages", "lib/python")
    own = [f for f in traceback.extract_tb(error.__traceback__) if not any(name in f.filename for name in foreign)]
    if not own:
        return f"{text} (raised when its result was used: does it return what the docstring says?)"
    return f"{text} (at `{own[-1].line.strip()[:80]}`)" if own[-1].line else text


@contextlib.contextmanager
def hushed():
    """Hide what the student's code prints, logs or warns about from the notebook and the grader.

    A graded cell that writes to stderr would get 0 points from nbgrader.
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
    """Restore seeds and gradient mode after a check."""
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
    """Return a tensor, array, number or (nested) list as a plain NumPy array; bfloat16 and half become float32."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.is_floating_point() else value).numpy()
    elif isinstance(value, (list, tuple)):
        value = [array(v) for v in value] if any(isinstance(v, torch.Tensor) for v in value) else value
    value = np.asarray(value)
    if value.dtype.kind not in "biuf":
        raise TypeError(f"expected numbers, got {type(value.flat[0]).__name__ if value.size else value.dtype}")
    return value
