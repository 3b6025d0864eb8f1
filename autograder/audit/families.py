"""Runs the attacks on the grader in a separate process, and counts for each family (kind of attack) how many were stopped.

The attacks and their tests are in tests/attacks and other folders of tests. A canary is a test that switches off the defence
against a family. An attack of the family must then succeed: this shows that the tests would notice it. Each test notes which
attacks of which family it runs, and each canary notes its families (tests/conftest.py). pytest writes these notes into its report.
This module therefore imports nothing from the tests, and every number in its table counts tests that were run.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from autograder.places import HOUSE, ROOT

NOTES = ("attacked", "canary", "suite")  # the fixtures by which a test reports what it runs


@dataclass
class Family:
    """The results of one family of attacks: the names of the attacks and canaries, by outcome."""

    size: int = 0  # number of attacks that the family has, whether they were run or not
    stopped: set = field(default_factory=set)
    succeeded: set = field(default_factory=set)  # attacks whose test failed
    alive: set = field(default_factory=set)  # canaries in which the attack succeeds without the defence
    dead: set = field(default_factory=set)  # canaries that fail: even without the defence, the attack does not succeed


def begin(report):
    """Start pytest with the tests of all attacks, and return the process. pytest will write its report to the file `report`."""
    tests = ROOT / "tests"
    files = [p for p in sorted(tests.rglob("test_*.py")) if re.search(rf"\b({'|'.join(NOTES)})\(", p.read_text(encoding="utf-8"))]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-p",
        "no:cacheprovider",
        "--families",
        f"--junit-xml={report}",
        *map(str, files),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process, report):
    """Wait for the process that `begin` started. Return ({name: Family}, seconds that the tests took, reasons for skipped tests).

    Raises RuntimeError if pytest wrote no report.
    """
    output = process.communicate()[0]
    if not report.exists():
        raise RuntimeError(f"the attacks could not be run: {output[-2000:]}")
    return read(report)


def read(report):
    """Read pytest's report, a file. Returns the three values that `finish` returns."""
    found, skipped, seconds = {}, set(), 0.0
    root = ET.parse(report).getroot()
    for suite in root.iter("testsuite"):
        seconds += float(suite.get("time", 0))
    for case in root.iter("testcase"):
        failed = any(case.find(kind) is not None for kind in ("failure", "error"))
        if (skip := case.find("skipped")) is not None:
            skipped.add(skip.get("message", ""))
            continue
        for note in case.iter("property"):
            name, _, rest = note.get("value").partition(": ")
            family = found.setdefault(name, Family())
            if note.get("name") == "family":
                family.size = int(rest)
            elif note.get("name") == "attack":
                (family.succeeded if failed else family.stopped).add(rest)
            elif note.get("name") == "canary":
                (family.dead if failed else family.alive).add(case.get("name"))
    for family in found.values():
        family.stopped -= family.succeeded  # an attack that several tests try counts as stopped only if all of these pass
    return found, seconds, skipped


def defences():
    """Return {name of a family: the defence that stops it}, as the instructor's guide (autograder/README.md) says."""
    guide = (HOUSE / "README.md").read_text(encoding="utf-8").partition("### Threats")[2]
    rows = re.findall(r"^\| ([a-z][a-z -]+) \| ([^|]+) \| [^|]+ \| [^|]+ \|$", guide, re.MULTILINE)
    return {family: stops for family, stops in rows if family != "family"}


def family_problems(found, skipped):
    """Return a list of sentences, one for each attack that succeeded, each failed canary, and each gap in the tests.

    A gap is a family without a canary, with attacks that were not run, or missing in the guide. skipped: reasons why tests were
    skipped, for example that the system allows no namespaces. If there are any, attacks and canaries not run are not reported.
    """
    problems = [f"family {name}: the guide lists it, but no attack of it was found" for name in defences().keys() - found.keys()]
    for name, family in found.items():
        if name not in defences():
            problems.append(f"family {name}: the guide does not say what stops it")
        problems += [f"family {name}: the test of an attack fails, {attack}" for attack in sorted(family.succeeded)]
        problems += [f"family {name}: a canary is dead, {test}" for test in sorted(family.dead)]
        run = len(family.stopped) + len(family.succeeded)
        if run > family.size or (run < family.size and not skipped):
            problems.append(f"family {name}: {run} attacks were run, but there are {family.size}")
        if not family.alive and not family.dead and not skipped:
            problems.append(f"family {name}: it has no canary")
    return problems


def family_table(found):
    """Return (headings, rows) of the table of attack families.

    A row has the numbers of a family's attacks, stopped attacks and passed canaries, and the defence against the family.
    """
    rows = [
        [
            name,
            family.size,
            len(family.stopped),
            f"{len(family.alive)} of {len(family.alive | family.dead)}",
            defences().get(name, ""),
        ]
        for name, family in found.items()
    ]
    total = [sum(row[i] for row in rows) for i in (1, 2)]
    canaries = [sum(len(getattr(f, kind)) for f in found.values()) for kind in ("alive", "dead")]
    return ["family", "attacks", "stopped", "canaries alive", "what stops it"], [
        *rows,
        ["all", *total, f"{canaries[0]} of {sum(canaries)}", ""],
    ]
