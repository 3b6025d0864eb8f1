"""The table of attack families reports attacks that succeed, attacks that were not run, and dead canaries.

A canary is a test that switches off the defence against a family. It is dead if the attack fails even then.
"""

import re
import sys

import pytest

from autograder.audit import families
from autograder.audit.families import Family, begin, defences, family_problems, family_table, finish, read
from autograder.audit.publish import TARGET

CASE = '<testcase classname="t" name="{name}">{state}<properties>{notes}</properties></testcase>'


def report(folder, *cases):
    """Write a JUnit XML report in pytest's form to `folder`, and return its path.

    Each case is (name of a test, its state, its notes). The state is "" for a test that passed, or an XML element such
    as "<failure/>". The notes are pairs such as ("attack", "links: a").
    """
    lines = [
        CASE.format(name=name, state=state, notes="".join(f'<property name="{k}" value="{v}"/>' for k, v in notes))
        for name, state, notes in cases
    ]
    path = folder / "report.xml"
    path.write_text(f'<testsuites><testsuite time="2.5">{"".join(lines)}</testsuite></testsuites>')
    return path


SIZES = ("sizes", "", [("family", "links: 2"), ("family", "files: 1")])
LINKS = [("one", "", [("attack", "links: a")]), ("two", "", [("attack", "links: b")]), ("three", "", [("canary", "links")])]


@pytest.fixture(autouse=True)
def guide(monkeypatch):
    monkeypatch.setattr(families, "defences", lambda: {"links": "a list of schemes", "files": "namespaces"})


def test_what_was_stopped_is_counted_and_what_holds_is_no_problem(tmp_path):
    files = [("four", "", [("attack", "files: c"), ("canary", "files")])]
    found, seconds, skipped = read(report(tmp_path, SIZES, *LINKS, *files))
    assert family_problems(found, skipped) == [] and seconds == 2.5
    assert family_table(found)[1] == [
        ["links", 2, 2, "1 of 1", "a list of schemes"],
        ["files", 1, 1, "1 of 1", "namespaces"],
        ["all", 3, 3, "2 of 2", ""],
    ]


def test_an_attack_that_succeeds_in_one_of_several_ways_and_a_dead_canary_are_told(tmp_path):
    files = [("four", "<failure/>", [("attack", "files: c")]), ("five", "", [("attack", "files: c")])]
    dead = [("six", "<failure/>", [("canary", "files")])]
    found, _, skipped = read(report(tmp_path, SIZES, *LINKS, *files, *dead))
    assert found["files"] == Family(1, set(), {"c"}, set(), {"six"})
    told = family_problems(found, skipped)
    assert len(told) == 2 and "the test of an attack fails, c" in told[0] and "a canary is dead, six" in told[1]


def test_what_is_not_run_is_told_unless_the_system_cannot(tmp_path):
    found, _, skipped = read(report(tmp_path, SIZES, *LINKS[:1]))
    told = " ".join(family_problems(found, skipped))
    assert "links: 1 attacks were run, but there are 2" in told and "files: it has no canary" in told
    skip = ("other", '<skipped message="no namespaces"/>', [])
    found, _, skipped = read(report(tmp_path, SIZES, *LINKS[:1], skip))
    assert family_problems(found, skipped) == [] and skipped == {"no namespaces"}
    found, _, skipped = read(report(tmp_path, *LINKS))
    told = " ".join(family_problems(found, skipped))
    assert "files: the guide lists it" in told and "links: 2 attacks were run, but there are 0" in told


def test_a_run_without_a_report_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(RuntimeError, match="could not be run"):
        finish(begin(tmp_path / "report.xml"), tmp_path / "report.xml")


def test_the_published_table_has_every_family_of_the_guide_with_all_attacks_stopped_and_canaries_alive():
    rows = TARGET.read_text(encoding="utf-8").partition("## Attacks on the grader")[2]
    found = re.findall(r"^\| ([a-z][a-z -]+) \| (\d+) \| (\d+) \| (\d+) of (\d+) \|", rows, re.MULTILINE)
    assert sorted(name for name, *_ in found) == sorted([*defences(), "all"]), "run python -m autograder prove"
    assert all(size == stopped and int(alive) > 0 and alive == canaries for _, size, stopped, alive, canaries in found)
