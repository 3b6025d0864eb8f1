"""Writes the results of the bench of injected faults: tables in dpr_course/diagnose/README.md, and the file faults.json."""

import json
import os
from collections import Counter
from statistics import median

import torch

from autograder.bench.clock import processor
from autograder.bench.faults import runs, verdict
from autograder.bench.sections import replace_section
from autograder.bench.sick_runs import FAULTS
from autograder.places import HOUSE, ROOT
from autograder.wilson import share

README = ROOT / "dpr_course" / "diagnose" / "README.md"
RESULTS = HOUSE / "bench" / "faults.json"
SECTION = "bench-faults"
PARTS = ("seed 0, calibration", "seed 1, seen", "seed 2, seen", "seed 3, held out")


def publish(rows):
    """Write faults.json, and put the tables into their section of dpr_course/diagnose/README.md. Returns the tables as text.

    `rows` is the list that `faults.run_bench` returns. Raises ValueError if the comments that mark the section are missing.
    """
    text = tables(rows)
    content = {"generator": "python -m autograder bench-faults", "processor": processor(), "runs": rows}
    RESULTS.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")
    replace_section(README, SECTION, text)
    return text


def tables(rows):
    """Return the section of the README in Markdown: results by seed, results by fault, false alarms, and how runs were made."""
    lines = [
        "| part | runs with a fault | fault named first | named at all | healthy runs | false alarms |",
        "|---|---|---|---|---|---|",
    ]
    for i, told in enumerate(PARTS):
        sick = [verdict(r) for r in rows if r["fault"] and r["part"] == i]
        well = [verdict(r) for r in rows if not r["fault"] and r["part"] == i]
        cells = [share(sum(v in some for v in sick), len(sick)) for some in (("first",), ("first", "named"))]
        alarm = share(well.count("alarm"), len(well)) if well else "-"
        lines.append(f"| {told} | {len(sick)} | {' | '.join(cells)} | {len(well)} | {alarm} |")
    lines += [
        "",
        without_first_step([r for r in rows if r["part"] == len(PARTS) - 1]),
        "",
        "By fault, all seeds:",
        "",
        "| fault | runs | first | at all | named first instead |",
        "|---|---|---|---|---|",
    ]
    lines += [by_fault(fault, [r for r in rows if r["fault"] == fault]) for fault in FAULTS]
    return "\n".join([*lines, "", alarms(rows), "", about(rows)])


def without_first_step(rows):
    """Return a sentence that gives the results of a diagnosis without the measure "first step".

    A run that was trained by another training loop than the course's lacks this measure: its first step cannot be repeated.
    """
    found = [verdict(r | r["elsewhere"]) for r in rows]
    first, missed, sick = found.count("first"), found.count("MISSED"), sum(1 for r in rows if r["fault"])
    return (
        f"The same for runs of another training loop, whose first step cannot be repeated, on {PARTS[-1]}: named first "
        f"{share(first, sick)}, at all {share(sick - missed, sick)}; false alarms {share(found.count('alarm'), len(rows) - sick)}."
    )


def by_fault(fault, rows):
    """Return the table row of one fault: number of runs, how often it was named first and at all, what was named first instead.

    `rows` are the rows of the runs with this fault, as `faults.run_bench` returns them.
    """
    verdicts = [verdict(r) for r in rows]
    others = Counter((r["named"] or ["nothing"])[0] for r, v in zip(rows, verdicts) if v != "first")
    told = ", ".join(f"{name} ({n})" for name, n in others.most_common()) or "-"
    return f"| {fault} | {len(rows)} | {verdicts.count('first')} | {len(rows) - verdicts.count('MISSED')} | {told} |"


def alarms(rows):
    """Return a sentence that gives the false alarms: the healthy runs in which a fault was named."""
    well = [r for r in rows if not r["fault"]]
    some = [f"{r['run']} ({', '.join(r['named'])})" for r in well if r["named"]]
    return f"False alarms on all healthy runs: {share(len(some), len(well))}{': ' + ', '.join(some) if some else ''}."


def about(rows):
    """Return sentences that say how many runs were made, on which machine, and how long one diagnosis took."""
    total, seconds = sum(1 for _ in runs()), median(r["seconds"] for r in rows)
    told = "" if len(rows) == total else f" The bench has {total} runs; the others have not been made yet."
    return (
        f"{len(rows)} runs.{told} Intervals are 95 % (Wilson). One thread of {processor()} ({os.cpu_count()} cores, in use by other work "
        f"too), torch {torch.__version__.split('+')[0]}; a diagnosis took {seconds:.0f} s in the median."
    )
