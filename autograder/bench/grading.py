"""Measures the speed of grading: `python -m autograder bench-grading` (`make bench-grading`).

Classes of 1, 30 and 200 submissions of stage 04 with realistic mistakes are graded with an empty cache. For comparison,
`nbgrader autograde` also grades the class of 30. nbgrader runs whole notebooks. The cells that train, which would take a minute per
submission, are therefore removed from the submissions. The course's grader runs only the exercises, in isolation, on published
and hidden inputs.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

from autograder.bench.classroom import make_class
from autograder.grade.cache import write_json
from autograder.nbgrader_settings import nbgrader_settings
from autograder.places import NOTEBOOKS, ROOT, SOURCES
from autograder.stages.source import read_stage, without_markers
from dpr_course.pipeline.peak import peak_memory
from dpr_course.stages import mark_of

STAGE = "04_in_batch_loss"


def spared(stage):
    """Return a function that takes the source of a code cell and returns whether to keep the cell.

    All cells above the first cell that trains are kept. Below that cell, only the exercises, the checks and the set-up are kept.
    """
    cells, keep = [c for c in read_stage(stage).cells if c.kind == "code"], set()
    for cell in cells:
        if cell.metadata.get("slow"):
            break
        keep.add(without_markers(cell.source).strip())
    return lambda source: mark_of(source)[0] or source.startswith("# Set-up") or source.strip() in keep


def ours(submissions):
    """Grade the submissions with the course's grader and an empty cache, in this process.

    Returns a dict:

    each       list with the seconds that each submission took
    total      seconds for all submissions
    speed      runs of an exercise per second; None if there are at most ten runs
    parent_mb  peak memory of this process in MB
    """
    from autograder.grade import grade as g

    spans = {}  # when each run began and ended

    class TimedPool(g.Pool):
        def run(self, exercise, code, *args, **options):
            start = time.perf_counter()
            try:
                return super().run(exercise, code, *args, **options)
            finally:
                spans.setdefault((exercise, code), (start, time.perf_counter()))

    g.Pool = TimedPool
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        graded = g.grade(submissions, results=Path(out) / "results", cache=Path(out) / "cache", secret="0" * 64, progress=False)
        total = time.perf_counter() - start
    own = [[spans[e, r.code] for e, r in w.runs.items()] for w in graded.works]
    each = [max(end for _, end in runs) - min(begin for begin, _ in runs) for runs in own]
    ends = sorted(end for _, end in spans.values())
    speed = (len(ends) - 1) / (ends[-1] - ends[0]) if len(ends) > 10 else None  # counted from the end of the first run, the warm-up
    return {"each": each, "total": total, "speed": speed, "parent_mb": peak_memory()}


def nbgraders(submissions):
    """Grade the submissions with `nbgrader autograde`, one student after another.

    Returns a dict with "each", "total" and "parent_mb" as in `ours`. nbgrader is called in this process, so the time that
    nbgrader takes to start is not counted.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    with tempfile.TemporaryDirectory() as scratch:
        config = nbgrader_settings()
        config.CourseDirectory.root, config.CourseDirectory.db_url = scratch, f"sqlite:///{scratch}/gradebook.db"
        config.Application.log_level = "ERROR"
        shutil.copytree(SOURCES / STAGE, Path(scratch) / "solutions" / STAGE)
        shutil.copytree(submissions, Path(scratch) / config.CourseDirectory.submitted_directory)
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        made = api.generate_assignment(STAGE, force=True, create=True)
        if not made["success"]:
            raise SystemExit(f"nbgrader could not make the assignment: {made.get('error') or made.get('log')}")
        for folder in (Path(scratch) / config.CourseDirectory.submitted_directory).glob(f"*/{STAGE}"):
            shutil.copy(NOTEBOOKS / STAGE / "previous.py", folder)
        each = []
        for student in tqdm(sorted(p.name for p in submissions.iterdir()), desc="nbgrader autograde", unit="submission"):
            start = time.perf_counter()
            result = api.autograde(STAGE, student, create=True)
            each.append(time.perf_counter() - start)
            if not result["success"]:
                raise SystemExit(f"nbgrader could not grade {student}: {result.get('error') or result.get('log')}")
    return {"each": each, "total": sum(each), "parent_mb": peak_memory()}


def measured(what, submissions):
    """Run the function named `what` ("ours" or "nbgraders") in a separate process, and return its result.

    In a separate process, the peak memory is that of this function alone.
    """
    code = f"import json, sys, pathlib; from autograder.bench.grading import {what} as f; r = f(pathlib.Path(sys.argv[1])); print('RESULT' + json.dumps(r))"
    done = subprocess.run([sys.executable, "-c", code, str(submissions)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.rsplit("RESULT", 1)[1])


def row(name, size, r):
    p50, p95 = np.percentile(r["each"], [50, 95])
    line = {"what": name, "submissions": size, "p50": p50, "p95": p95, "total": r["total"], "each": r["total"] / size}
    line |= {"runs_per_second": r.get("speed"), "parent_mb": r["parent_mb"]}
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in line.items()}


def run_bench(sizes=(1, 30, 200), peer=30, out="report/bench"):
    """Measure the grading of a class for each of `sizes`, print the results, and write them to `out`/grading.json.

    A size is a number of submissions. nbgrader grades only the class of the size `peer`.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            submissions = Path(folder) / f"class{size}"
            make_class(submissions, [STAGE], size, keep=spared(STAGE))
            rows.append(row("dpr-course grade", size, measured("ours", submissions)))
            print_row(rows[-1])
            if size == peer:
                rows.append(row("nbgrader autograde", size, measured("nbgraders", submissions)))
                print_row(rows[-1])
    by = {(r["what"], r["submissions"]): r for r in rows}
    ratio = None
    if peer in sizes:
        ratio = by["nbgrader autograde", peer]["p50"] / by["dpr-course grade", peer]["p50"]
        print(f"\nmedian submission of {peer}: {ratio:.0f} times faster than nbgrader autograde")
    content = {"stage": STAGE, "cores": os.cpu_count(), "machine": platform.machine(), "rows": rows, "ratio": ratio}
    write_json(Path(out) / "grading.json", content)


def print_row(r):
    speed = f"{r['runs_per_second']:.0f} runs/s" if r["runs_per_second"] else ""
    print(
        f"{r['what']:<20} {r['submissions']:>4} submissions   p50 {r['p50']:7.3f} s   p95 {r['p95']:7.3f} s   "
        f"total {r['total']:7.1f} s   parent {r['parent_mb']:.0f} MB   {speed}"
    )
