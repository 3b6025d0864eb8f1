"""The limits of one run of a student's code: time, memory, and the number of processes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one run."""

    seconds: float = 20.0  # limit on wall-clock time, and also on processor time
    memory: int = 2 << 30  # bytes that all processes of the run together may use, beyond those of the imported libraries
    processes: int = 48
