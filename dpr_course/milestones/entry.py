"""The class Milestone: a published result, the exercises that lead to it, and the numbers for comparison with a student's."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What a run has measured: the number `value`, and `told`, a line of text about it, or ""."""

    value: float
    told: str = ""


@dataclass(frozen=True)
class Milestone:
    """A published result of retrieval research that a student reaches with their own code.

    `run(own, seed)` trains what is needed, measures, and returns a Result. `own` is {name: function or class} of the student's
    code. A larger value is better.
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
