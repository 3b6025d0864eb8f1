"""The class Milestone: a published result, the exercises that lead to it, and numbers for comparison with the student's result."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The result of running a milestone: the measured number `value`, and `told`, a line of text about it (may be "")."""

    value: float
    told: str = ""


@dataclass(frozen=True)
class Milestone:
    """A published result of retrieval research that a student reaches with their own code.

    `run(own, seed)` trains what is needed, measures, and returns a Result. `own` is the student's code as {name: function or
    class}. A larger `value` of the Result is better.
    """

    name: str  # name on the command line
    title: str
    year: int  # year in which the result was first reached
    source: str  # authors and publication
    exercises: tuple  # ids of the exercises whose code is used
    measure: str  # what the number measures
    run: Callable
    to_beat: float
    beaten: str  # the system that reaches `to_beat`
    recorded: Callable  # () -> (lowest, highest), measured with the reference solutions
    seconds: int  # duration of a run on two cores
    needs: str = ""  # pip's name of a package that the milestone needs and the course does not require; "" for none

    def reached(self, value):
        return value > self.to_beat
