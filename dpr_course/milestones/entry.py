"""The class Milestone: a result of the field, the exercises that lead to it, and the numbers to compare the student's with."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The number that a run has measured, and `told`, one more line about it, which may be empty."""

    value: float
    told: str = ""


@dataclass(frozen=True)
class Milestone:
    """One result of the field.

    `run(own, seed)` measures it and returns a Result. `own` holds the student's own functions by name. A larger value is better.
    """

    name: str  # name on the command line
    title: str
    year: int  # year in which the result was first reached
    source: str  # authors and publication
    exercises: tuple  # ids of the exercises whose code runs
    measure: str  # what the number measures
    run: Callable
    to_beat: float
    beaten: str  # the system that reaches `to_beat`
    recorded: Callable  # () -> (lowest, highest), measured with the reference solutions
    seconds: int  # duration of a run on two cores
    needs: str = ""  # a package outside the course's requirements, by its name for pip

    def reached(self, value):
        return value > self.to_beat
