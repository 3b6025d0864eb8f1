"""What a damage is, and how one is entered in its list."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from damages.submission import STAGE


@dataclass(frozen=True)
class Damage:
    name: str
    make: Callable  # bytes of a clean submission -> bytes of the damaged one
    outcome: str = "same"
    stage: str = STAGE
    reason: str = ""
    lost: tuple = ()  # exercises that are rightly lost
    note: str = ""  # words that a note must contain


ENTERED = {}  # module of a kind of damage -> its damages


def damage(outcome="same", **options):
    """Register a function from a notebook (dict) to a notebook or to bytes; its name is the damage's."""

    def register(function):
        def make(raw):
            made = function(json.loads(raw))
            return made if isinstance(made, bytes) else json.dumps(made, indent=1, ensure_ascii=False).encode()

        entry = Damage(function.__name__.replace("_", " "), make, outcome, **options)
        ENTERED.setdefault(function.__module__, []).append(entry)
        return function

    return register
