"""The class Damage, and the decorator that registers a function as a damage."""

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
    lost: tuple = ()  # exercises that may lose their points through the damage
    note: str = ""  # words that repair's notes to the student must contain


ENTERED = {}  # {name of a module of this package: its damages}


def damage(outcome="same", **options):
    """Return a decorator that registers a function as a damage, under the function's name with spaces for underscores.

    The function gets a clean notebook (dict), and returns the damaged notebook (dict) or its bytes. The options are fields of
    Damage.
    """

    def register(function):
        def make(raw):
            made = function(json.loads(raw))
            return made if isinstance(made, bytes) else json.dumps(made, indent=1, ensure_ascii=False).encode()

        entry = Damage(function.__name__.replace("_", " "), make, outcome, **options)
        ENTERED.setdefault(function.__module__, []).append(entry)
        return function

    return register
