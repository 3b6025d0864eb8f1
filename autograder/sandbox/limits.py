"""The limits of one run of a student's code: time, memory, and the number of processes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one run."""

    seconds: float = 20.0  # of wall-clock time, and of processor time
    memory: int = 2 << 30  # bytes that all processes together may use, beyond the memory of the libraries
    processes: int = 48
