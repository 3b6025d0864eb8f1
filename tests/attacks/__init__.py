"""Attacks on our own grader, grouped by method into families. They aim at marks, secrets, the grader and the machine.

An attack on the sandbox is the text of an answer to exercise 4.1, the in-batch loss. Its module has it in one of these dicts:
`MARKS`      it must get no points
`SECRETS`    it must find no secret
`MACHINE`    it must end with one of the statuses that the dict gives
`TELLING`    (in `sockets` only) code to put above a right answer; it must print nothing
`PUBLISHED`  (in `replay` only) it must not get full marks
All other attacks are files and texts, such as zips, notebooks and links.

Each family has canaries, in tests/sandbox/test_canaries.py or beside its tests. A canary is a test that switches off the
defence against a family and asserts that an attack then succeeds. Tests record the names of their attacks with the fixture
`attacked`, and canaries record their families with the fixture `canary`. `python -m autograder prove` counts these records.
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
