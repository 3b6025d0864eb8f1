"""Attacks on our own grader, by family: attempts on marks, on secrets, on the grader and on the machine.

Attacks on the sandbox are answers to exercise 4.1, as the text of its cell: `MARKS` must get no points, `SECRETS` must find
nothing, `MACHINE` says how the run must end, and `TELLING` must print nothing. The other families bring files and texts. Each family
has canaries, in tests/sandbox/test_canaries.py or beside its tests: with its one defence switched off, its attack succeeds. A test
of attacks notes them with the fixture `attacked`, a canary its families with `canary`, so that `python -m autograder prove` can
run them by family.
"""

from attacks import (
    comparison,
    endings,
    files,
    frames,
    inherited,
    injection,
    inputs,
    late,
    messages,
    objects,
    resources,
    rights,
    shipped,
    sockets,
    wildcards,
)
from attacks.answers import LOOT, PINNED, RIGHT, WRONG, inside

INSIDE = {
    "replaced comparisons": comparison,
    "lying objects": objects,
    "forged messages": messages,
    "wildcard values": wildcards,
    "frames and memory": frames,
    "shipped answers": shipped,
    "replaced inputs": inputs,
    "late actors": late,
    "inherited things": inherited,
    "files": files,
    "ended processes": endings,
    "used-up resources": resources,
    "rights": rights,
    "colluding runs": sockets,
    "injected text": injection,
}


def families(kind):
    """The families that have attacks of this kind, in order."""
    return [name for name, module in INSIDE.items() if getattr(module, kind, {})]


def gathered(kind):
    """The attacks of this kind of all families, {name: attack}."""
    return {name: attack for module in INSIDE.values() for name, attack in getattr(module, kind, {}).items()}


MARKS, SECRETS, MACHINE = gathered("MARKS"), gathered("SECRETS"), gathered("MACHINE")

__all__ = ["INSIDE", "LOOT", "MACHINE", "MARKS", "PINNED", "RIGHT", "SECRETS", "WRONG", "families", "gathered", "inside"]
