"""Compares time and peak memory of today's build with those of an earlier commit: `python -m autograder clock` (`make clock`).

The two builds run in turn, so that other work on the machine affects both. The table shows each number as its median over the
rounds, with its range. A ratio is today's number divided by the earlier build's number in the same round; the table shows the
median of the ratios. The exit status is 1 if training does not meet its target, which ROWS and LEAST_RECALL set.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from autograder.bench.earlier import COMMIT, earlier_build, run
from autograder.places import HOUSE, ROOT
from dpr_course.files import replacing
from dpr_course.runtime import progress

WORK = HOUSE / "bench" / "clock_work.py"
LEAST_RECALL = 58.0  # mean R@1 over the rounds, in percent, that training must reach
# {row: (description, unit, largest ratio to the earlier build that meets the target, name of the work, key in what `measure` returns)}
ROWS = {
    "training": (
        f"CPU to R@1 of {LEAST_RECALL:.0f} on the toy, loaded weights to evaluated model, by the fastest recipe",
        "s",
        0.5,
        "training",
        "seconds",
    ),
    "stage 04": ("the same, by stage 04's recipe as students run it", "s", 0.5, "stage_04", "seconds"),
    "first cell": ("first cells of a notebook: package, doctor, data", "s", 0.4, "first_cell", "without_tokenizer"),
    "tokenizer": ("the same with the tokenizer, which imports torch", "s", 0.4, "first_cell", "seconds"),
    "kernel": ("peak memory of stage 05's kernel", "MB", 0.7, "kernel_memory", "mb"),
    "grading": ("grading 200 submissions of stage 04 from nothing", "s", 0.6, "grading", "seconds"),
    "grading memory": ("peak memory of the grader's parent, 200 submissions", "MB", 0.7, "grading", "mb"),
    "course": ("the reference course, stages 00 to 08", "s", 0.5, "course", "seconds"),
    "test": ("the test suite", "s", 0.6, "test", "seconds"),
}
USUAL = (
    "training",
    "stage 04",
    "first cell",
    "tokenizer",
    "kernel",
    "grading",
    "grading memory",
)  # the rows measured by default: without course and test, which take a quarter of an hour per round


def measure(folder, work, seed):
    """Do one piece of work with the build in `folder` and return what was measured, for example {"seconds": 12.3}.

    `work` is the name of the work, such as "training" or "course" (see ROWS). `seed` is the random seed that the work uses.
    """
    with tempfile.TemporaryDirectory() as scratch:
        if work in ("course", "test"):
            begun = time.perf_counter()
            words = ("autograder", "course", "--out", f"{scratch}/report", "--stages", "00-08") if work == "course" else ("pytest",)
            run(folder, "-m", *words, scratch=f"{scratch}/kept", statuses=(0, 1))  # status 1: a failed test does not matter here
            return {"seconds": time.perf_counter() - begun}
        return json.loads(run(folder, WORK, work, seed, scratch=scratch).splitlines()[-1])


def rounds_of(works, number):
    """Measure each of `works`, a list of names, with both builds, in `number` rounds.

    Return {work: [(today's numbers, the earlier build's numbers), ...]}. The list holds one pair of dicts per round. The two
    builds take turns in running first.
    """
    folders = [ROOT, earlier_build()]
    plan = [(seed, work) for seed in range(number) for work in works]
    found = {work: [] for work in works}
    for seed, work in progress(plan, desc="clock", unit="pair"):
        pair = {folder: measure(folder, work, seed) for folder in (folders if seed % 2 == 0 else folders[::-1])}
        found[work].append(tuple(pair[folder] for folder in folders))
    return found


def summary(row, pairs):
    """Return one row of the table as a dict.

    row    key of ROWS, which names the work that this row is about
    pairs  list of (today's numbers, the earlier build's numbers) for this work, one pair of dicts per round, see `rounds_of`
    """
    what, unit, target, _, key = ROWS[row]
    now, then = ([pair[i][key] for pair in pairs] for i in (0, 1))
    found = {"row": row, "what": what, "unit": unit, "target": target}
    for name, values in (("today", now), ("earlier", then)):
        found[name] = {"median": statistics.median(values), "low": min(values), "high": max(values)}
    found["ratio"] = statistics.median(a / b for a, b in zip(now, then))
    found["met"] = found["ratio"] <= target
    if "recall" in pairs[0][0]:
        found["recall"] = statistics.mean(pair[0]["recall"] for pair in pairs)
        found["earlier_recall"] = statistics.mean(pair[1]["recall"] for pair in pairs)
        found["met"] &= found["recall"] >= LEAST_RECALL
    return found


def table(rows):
    """Return the table in Markdown. `rows` is a list of dicts as `summary` returns them."""

    def cell(numbers, unit):
        return f"{numbers['median']:.3g} {unit} ({numbers['low']:.3g} to {numbers['high']:.3g})"

    lines = [f"| what | today | {COMMIT} | ratio | target | met |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {r['what']} | {cell(r['today'], r['unit'])} | {cell(r['earlier'], r['unit'])} | {r['ratio']:.2f} | {r['target']} "
        f"| {'yes' if r['met'] else 'no'} |"
        for r in rows
    ]
    return "\n".join(lines)


def processor():
    """Return the name of this machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def run_clock(rows=USUAL, rounds=5, out="report/bench"):
    """Measure `rows`, a sequence of keys of ROWS, in `rounds` rounds. Print the table and write clock.json to the folder `out`.

    Returns the exit status: 1 if training was measured and does not meet its target, else 0.
    """
    works = list(dict.fromkeys(ROWS[row][3] for row in rows))
    pairs = rounds_of(works, rounds)
    found = [summary(row, pairs[ROWS[row][3]]) for row in rows]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    about = {
        "date": date.today().isoformat(),
        "commit": commit,
        "processor": processor(),
        "cores": os.cpu_count(),
        "rounds": rounds,
    }
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with replacing(out / "clock.json") as part:
        part.write_text(json.dumps({"about": about, "rows": found, "pairs": pairs}, indent=1) + "\n", encoding="utf-8")
    print(
        f"{table(found)}\n\n{rounds} rounds in turn, {about['cores']} cores ({about['processor']}); written to {out / 'clock.json'}"
    )
    training = next((r for r in found if r["row"] == "training"), None)
    if training:
        print(
            f"\n| {about['date']} | {commit} | {about['processor']} | {training['today']['median']:.1f} | {training['recall']:.1f} |"
        )
        if not training["met"]:
            print("the training is not yet at its target", file=sys.stderr)
            return 1
    return 0
