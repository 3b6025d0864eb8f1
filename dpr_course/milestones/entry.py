"""What a milestone is: a result of the field, the exercises it takes, and the numbers to compare one's own with."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What a run has measured. told: one more line about it, or ""."""

    value: float
    told: str = ""


@dataclass(frozen=True)
class Milestone:
    """One result of the field. `run(own, seed)` measures it with a student's own functions (`own`, by name); more is better."""

    name: str  # as it is typed
    title: str
    year: int  # in which it was first reached
    source: str  # who did it, and where it is written
    exercises: tuple  # ids of the exercises whose code runs
    measure: str  # what the number is
    run: Callable
    to_beat: float
    beaten: str  # whose number that is
    recorded: Callable  # () -> (lowest, highest), measured with the reference solutions
    seconds: int  # that a run takes on two cores
    needs: str = ""  # a package that not everybody has, as pip names it

    def reached(self, value):
        return value > self.to_beat
