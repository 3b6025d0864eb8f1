"""Compares this course with other systems on the same weights, data, batch and machine: `python -m autograder bench`.

Each contender (this course or another system) runs in a separate process, so that its peak memory can be measured. The contenders
take turns, so that other work on the machine affects all of them. Numbers are medians over the rounds. A ratio is this course's
rate divided by another contender's rate in the same round; the table shows the median of the ratios.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from autograder.bench.contenders import CONTENDERS, TASKS
from dpr_course.files import replacing
from dpr_course.pipeline.plots import bench_bars
from dpr_course.runtime import progress

TOLERANCE = 1e-3  # maximum relative difference of the contenders' "proof" numbers, which show that they did the same work


def measure(task, name):
    """Have the contender `name` do one task in a separate process. Return what was measured, a dict:

    rate     units of work per second
    peak_mb  peak memory in MB
    proof    a number, such as a loss, that must be the same for all contenders
    """
    environment = {**os.environ, "DPR_NO_PROGRESS": "1", "DPR_DEVICE": "cpu", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "autograder.bench.contenders", task, name]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{task}, {name}: failed\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(task, rounds):
    """Return the rows of the table for one task, a list of dicts, one per contender. This course comes first.

    `rounds` is a list of {name of a contender: dict of `measure`}. Raises SystemExit if the contenders did different work.
    """
    ours, proof, rows = next(iter(CONTENDERS[task])), next(iter(rounds[0].values()))["proof"], []
    for name in CONTENDERS[task]:
        results = [r[name] for r in rounds]
        if any(abs(r["proof"] - proof) > TOLERANCE * abs(proof) for r in results):
            raise SystemExit(f"{task}: {name} did different work from {ours} ({results[0]['proof']:.6g}, not {proof:.6g})")
        rows.append(
            {
                "task": TASKS[task],
                "contender": name,
                "rate": statistics.median(r["rate"] for r in results),
                "ratio": statistics.median(r[ours]["rate"] / r[name]["rate"] for r in rounds),
                "peak_mb": statistics.median(r["peak_mb"] for r in results),
            }
        )
    return rows


def table(rows):
    """Return `rows`, a list of dicts as `compare` returns them, as a table in Markdown."""
    lines = ["| task | contender | rate | ours ÷ theirs | peak memory, MB |", "|---|---|---|---|---|"]
    for r in rows:
        ratio = "" if r["contender"] == "dpr-course" else f"{r['ratio']:.2f}"
        lines.append(f"| {r['task']} | {r['contender']} | {r['rate']:.3g} | {ratio} | {r['peak_mb']:.0f} |")
    return "\n".join(lines)


def run_bench(out, rounds, tasks=None):
    """Run the benchmark `rounds` times and write bench.md, bench.json and bench.png to the folder `out`.

    tasks: list of the names of tasks, see contenders.py; by default all.
    """
    tasks = tasks or list(TASKS)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    plan = [(task, number, name) for task in tasks for number in range(rounds) for name in CONTENDERS[task]]
    found = {task: [{} for _ in range(rounds)] for task in tasks}
    for task, number, name in progress(plan, desc="benchmark", unit="run"):
        found[task][number][name] = measure(task, name)
    rows = [row for task in tasks for row in compare(task, found[task])]
    about = f"{rounds} rounds, {os.cpu_count()} cores ({platform.processor() or platform.machine()}), load before {load:.1f}"
    out = Path(out)
    for name, text in (
        ("bench.md", f"{table(rows)}\n\n{about}. Medians; a ratio above 1 is in our favour.\n"),
        ("bench.json", json.dumps({"about": about, "rows": rows, "rounds": found}, indent=1) + "\n"),
    ):
        with replacing(out / name) as part:
            part.write_text(text, encoding="utf-8")
    bench_bars(rows).savefig(out / "bench.png", dpi=120, bbox_inches="tight")
    print(f"{table(rows)}\n\n{about}; written to {out}")
