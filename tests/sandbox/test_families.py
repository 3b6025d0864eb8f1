"""There are enough attacks, no two have the same name, and each family has its row in the guide."""

import re

import attacks
import pytest
from attacks import archives, identity, injection, links, metadata, notebook_files, replay, sockets

from autograder.places import HOUSE

OUTSIDE = {
    "replayed inputs": replay.PUBLISHED,
    "forged notebooks": metadata.FORGED,
    "notebook files": {**notebook_files.REFUSED, **notebook_files.READ},
    "archives": archives.ZIPS,
    "identity and dates": identity.CLAIMS,
    "links": links.DEAD,
}
MORE = {
    "colluding runs": sockets.TELLING,
    "injected text": [*injection.FORMULAS, *injection.SPLIT, *injection.PAGES, *injection.TERMINAL],
}
KINDS = ("MARKS", "SECRETS", "MACHINE")


def sizes():
    """Return {family: number of its attacks}."""
    inside = {name: sum(len(getattr(m, kind, {})) for kind in KINDS) for name, m in attacks.INSIDE.items()}
    more = {name: len(found) for name, found in MORE.items()}
    return {name: n + more.get(name, 0) for name, n in inside.items()} | {name: len(found) for name, found in OUTSIDE.items()}


@pytest.fixture
def suite(record_property):
    """Return {family: number of its attacks}, and record these numbers in pytest's report, where `prove` reads them."""
    for name, n in sizes().items():
        record_property("family", f"{name}: {n}")
    return sizes()


def test_there_are_enough_of_them(suite):
    found = suite
    assert len(found) >= 15 and sum(found.values()) >= 120 and min(found.values()) >= 4, found


def test_no_attack_stands_in_two_families():
    every = [name for m in attacks.INSIDE.values() for kind in KINDS for name in getattr(m, kind, {})]
    assert len(set(every)) == len(every) == len(attacks.MARKS) + len(attacks.SECRETS) + len(attacks.MACHINE)


def test_the_guide_has_a_row_for_each_family():
    guide = (HOUSE / "README.md").read_text(encoding="utf-8").partition("### Threats")[2]
    rows = re.findall(r"^\| ([a-z][a-z -]+) \| [^|]+ \| [^|]+ \| [^|]+ \|$", guide, re.MULTILINE)
    assert sorted(rows) == sorted([*sizes(), "family"])
