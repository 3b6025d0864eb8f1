"""Grades a large class on a Dask cluster that loses workers: `python -m autograder bench-cluster` (`make bench-scale`).

Ten thousand made-up submissions of stage 04, 5 % of them damaged, are graded by `grade --dask` on four workers of this machine.
Two of the workers are killed during the grading and do not come back. Every submission must get a result, with the mark that
the student deserves. The deserved marks are known, because the class was made up (see autograder.bench.large_class).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.bench.clock import processor
from autograder.bench.cluster_here import ClusterHere
from autograder.bench.grading import STAGE
from autograder.bench.large_class import drawn, write_class, wrong_marks
from autograder.bench.sections import replace_section
from autograder.grade.cache import write_json
from autograder.places import HOUSE, ROOT
from autograder.wilson import share
from dpr_course.pipeline.peak import peak_memory

README = HOUSE / "bench" / "README.md"
SUBMISSIONS, WORKERS, KILLED, DAMAGED = 10_000, 4, 2, 0.05
SECRET = "the seed of the bench, which no course has"
PAUSE = 0.1  # minimum seconds between two counts of the finished runs


def graded(submissions, out, address):
    """Grade the folder `submissions` by calling `grade` in this process, on the cluster at `address`. Returns a dict:

    "reading_s"   seconds in which the files were found and repaired
    "running_s"   seconds in which the exercises were run on the cluster
    "judging_s"   seconds in which the runs were judged and the results written
    "total_s"     sum of these seconds
    "runs"        number of runs that were made
    "parent_mb"   peak memory of this process in MB

    Results and cache are written to subfolders of the folder `out`.
    """
    from autograder.grade.grade import grade

    made = grade(submissions, results=out / "results", cache=out / "cache", secret=SECRET, dask=address, progress=False)
    spans = {f"{what}_s": seconds for what, seconds in made.seconds.items()}
    return {**spans, "total_s": sum(spans.values()), "runs": made.ran, "parent_mb": peak_memory()}


def runs_expected(students):
    """Return roughly how many runs are needed for the answers of `students`, {id: Student}: one for each solved exercise.

    Unsolved exercises are not counted: their cells are all equal, so they need only one run per exercise.
    """
    return sum(answer is not None for student in students.values() for answer in student.answers.values())


def watched(process, cluster, cache, moments):
    """Wait until `process` ends. Meanwhile, kill a worker of the cluster each time one of `moments` is reached.

    process  the grading process, a Popen
    cluster  a ClusterHere
    cache    folder in which the process stores one file per finished run
    moments  the numbers of finished runs at which to kill a worker, in rising order

    Returns a list with the number of finished runs at each kill, which can be a little higher than the planned number.
    """
    moments, killed, pause = list(moments), [], PAUSE
    while process.poll() is None:
        time.sleep(pause)
        cluster.measure()
        if not moments:
            continue
        begun = time.perf_counter()
        done = sum(1 for _ in cache.glob("*/*.json"))
        # counting files must not take more than a twentieth of a core's time
        pause = max(PAUSE, 20 * (time.perf_counter() - begun))
        if done >= moments[0] and process.poll() is None:
            cluster.kill()
            killed.append(done)
            moments.pop(0)
    return killed


def measure(submissions, workers, kill, damaged, folder):
    """Make up a class of `submissions` students, grade it and compare the marks with those that the students deserve.

    Returns a dict of numbers, and a list of sentences, one for each wrong mark or missing result.

    workers  number of workers
    kill     number of workers to kill, at equal distances during the grading
    damaged  share of damaged files, from 0 to 1
    folder   empty folder for the files

    Raises OSError if the grading process fails.
    """
    students = drawn(STAGE, submissions, damaged)
    write_class(folder / "class", STAGE, students)
    runs = runs_expected(students)
    with ClusterHere(workers) as cluster:
        code = (
            "import json, sys, pathlib; from autograder.bench.grading_scale import graded as f; "
            "r = f(*map(pathlib.Path, sys.argv[1:3]), sys.argv[3]); print('RESULT' + json.dumps(r))"
        )
        command = [sys.executable, "-c", code, str(folder / "class"), str(folder), cluster.address]
        told, errors = folder / "told.txt", folder / "errors.txt"
        with (
            open(told, "wb") as out,
            open(errors, "wb") as err,
            subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err) as process,
        ):
            killed = watched(process, cluster, folder / "cache", [runs * (i + 1) // (kill + 1) for i in range(kill)])
        if process.returncode:
            text = errors.read_text(encoding="utf-8", errors="replace")
            raise OSError(f"grading stopped with status {process.returncode}\n{text[-2000:]}")
        found = {**json.loads(told.read_text(encoding="utf-8").rsplit("RESULT", 1)[1]), "killed_at": killed, "peaks": cluster.peaks}
    results = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (folder / "results" / STAGE).glob("*.json")}
    wrong = wrong_marks(students, results, SECRET)
    found |= {"submissions": submissions, "workers": workers, "damaged": sum(bool(s.damage) for s in students.values())}
    found |= {
        "results": len(results),
        "wrong": len(wrong),
        "not_gradable": sum(r["status"] == "not gradable" for r in results.values()),
    }
    return found, wrong


def report(found):
    """Return the section of bench/README.md in Markdown. `found` is the dict that `measure` returns."""

    def mb(value):
        return "not known here" if value is None else f"{value:,.0f} MB"

    n, total = found["submissions"], found["total_s"]
    kills = " and ".join(f"{k:,}" for k in found["killed_at"])
    lost = f"{len(found['killed_at'])} killed (SIGKILL, no nanny) after {kills} runs" if kills else "none killed"
    rows = {
        "marks as deserved": share(found["results"] - found["wrong"], n),
        "submissions without a result": n - found["results"],
        "not gradable, rightly": found["not_gradable"],
        "runs of an exercise": f"{found['runs']:,}",
        "time in all": f"{total:,.0f} s",
        "of it reading and repair, runs, judging": ", ".join(
            f"{found[f'{w}_s']:,.0f} s" for w in ("reading", "running", "judging")
        ),
        "throughput, submissions per second": f"{n / total:.1f}",
        "throughput while runs were made, runs per second": f"{found['runs'] / found['running_s']:.1f}",
        "peak memory, scheduler": mb(found["peaks"]["scheduler"]),
        "peak memory, largest worker, without its sandbox": mb(found["peaks"]["worker"]),
        "peak memory, `grade`": mb(found["parent_mb"]),
    }
    table = "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows.items())])
    return f"""By `python -m autograder bench-cluster`: {n:,} made-up submissions of stage 04, {found["damaged"]:,} of them damaged, graded by
`grade --dask` on {found["workers"]} workers of one machine with {os.cpu_count()} cores ({processor()}); {lost}. The answers
are the bank's, right and wrong; what each deserves was judged separately, test by test, without repair, sandbox or cluster.

{table}"""


def run_bench(submissions=SUBMISSIONS, workers=WORKERS, kill=KILLED, damaged=DAMAGED, out="report/bench"):
    """Grade a large class, see `measure`. Print a table and write grading_scale.json to the folder `out`. Returns the exit status.

    The status is 1 if a mark is not the deserved one, if a result is missing, or if fewer than `kill` workers were killed
    before the grading ended. The section of bench/README.md is written only if the status is 0 and the class has at least
    SUBMISSIONS students. Raises ValueError if `kill` is so large that no worker would be left.
    """
    if not 0 <= kill < workers:
        raise ValueError(f"{kill} of {workers} workers cannot be killed: at least one must be left")
    with tempfile.TemporaryDirectory(prefix="class-", ignore_cleanup_errors=True) as folder:
        found, wrong = measure(submissions, workers, kill, damaged, Path(folder))
    text, path = report(found), Path(out) / "grading_scale.json"
    write_json(path, {"about": {"cores": os.cpu_count(), "processor": processor()}, **found, "wrong_marks": wrong[:100]})
    print(f"{text}\n\nwritten to {path}")
    if len(found["killed_at"]) < kill:
        wrong = [
            *wrong,
            f"only {len(found['killed_at'])} of {kill} workers were killed before the grading was done: take a larger class",
        ]
    if wrong:
        print("\n".join(["", *wrong[:20]]), file=sys.stderr)
        return 1
    if submissions >= SUBMISSIONS:
        replace_section(README, "bench-cluster", text)
    return 0
