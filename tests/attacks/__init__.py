"""Attacks on our own grader, grouped by method into families. They aim at marks, secrets, the grader and the machine.

An attack on the sandbox is the text of an answer to exercise 4.1, the in-batch loss. There are four kinds: those in `MARKS` must
get no points, those in `SECRETS` must find nothing, those in `MACHINE` must end with one of the statuses that are given with
them, and those in `TELLING` must print nothing. The attacks of the other families are files and texts.

Each family has canaries, in tests/sandbox/test_canaries.py or beside its tests. A canary is a test that switches off the
defence against a family and asserts that an attack then succeeds. Tests report the names of the attacks that they run through
the fixture `attacked`, and canaries report their families through the fixture `canary`, so that `python -m autograder prove`
can count attacks and canaries by family.
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
    """Return the names of the families of attacks on the sandbox that have attacks of this kind ("MARKS", "SECRETS", ...)."""
    return [name for name, module in INSIDE.items() if getattr(module, kind, {})]


def gathered(kind):
    """Return {name: attack} with all attacks on the sandbox of this kind ("MARKS", "SECRETS", ...)."""
    return {name: attack for module in INSIDE.values() for name, attack in getattr(module, kind, {}).items()}


MARKS, SECRETS, MACHINE = gathered("MARKS"), gathered("SECRETS"), gathered("MACHINE")

__all__ = ["INSIDE", "LOOT", "MACHINE", "MARKS", "PINNED", "RIGHT", "SECRETS", "WRONG", "families", "gathered", "inside"]
