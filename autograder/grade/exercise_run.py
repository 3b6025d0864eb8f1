"""Defines a Run: one exercise of one submission, ready to be run on this machine or on a worker of a cluster."""

import dataclasses

from autograder.grade.hashes import run_key
from autograder.grade.secret import hidden_seeds
from autograder.sandbox.limits import Limits


@dataclasses.dataclass(frozen=True)
class Run:
    """One exercise of one submission. It holds only text and numbers, so that it can be sent to another machine."""

    exercise: str  # id
    code: str  # the student's answer
    extras: tuple  # sources of the student's other cells that are run before the answer
    seeds: tuple  # hidden seeds
    limits: dict  # fields of Limits
    key: str  # key of the run in the cache

    @classmethod
    def of(cls, exercise, code, extras, secret, limits):
        seeds, limits = tuple(hidden_seeds(exercise, secret)), dataclasses.asdict(limits)
        return cls(exercise, code, tuple(extras), seeds, limits, run_key(exercise, code, extras, seeds, limits))

    def outcome(self, pool):
        limits = Limits(**self.limits)
        outcome = pool.run(self.exercise, self.code, self.extras, self.seeds, limits)
        if self.extras and outcome["status"] in ("crashed", "timeout", "memory", "output"):
            # The student's other cells may be the cause. If the exercise runs without them, the run without them counts.
            alone = pool.run(self.exercise, self.code, (), self.seeds, limits)
            outcome = alone if alone["status"] == "ran" else outcome
        return outcome
