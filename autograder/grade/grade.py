"""Grades submissions: repairs the notebooks, runs the exercises in the sandbox, judges them and writes the results.

The command is `python -m autograder grade SUBMISSIONS`. The result of a submission is one JSON file,
results/<stage>/<student>.json. The file depends only on the submission, the checks, the environment and the secret seed; it does
not say when, for how long or where the code ran. If the submission is graded again, alone, in parallel, in shards (parts of a
class) or on a cluster, the file is identical byte for byte.
"""

import dataclasses
import hashlib
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from autograder.grade.cache import Cache, write_json
from autograder.grade.exercise_run import Run
from autograder.grade.hashes import check_hash, digest, environment
from autograder.grade.judge import judge
from autograder.grade.secret import fingerprint, load_secret
from autograder.places import CACHE, RESULTS, SECRET
from autograder.repair.notebook_file import read_bytes
from autograder.repair.repair import NotGradable, repair
from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool
from autograder.stages.contexts import exercises_of, written_of
from autograder.submissions.find import find_submissions
from dpr_course.checks import CHECKS


class Work:
    """A submission that is being graded: its repaired notebook, and the runs that it needs.

    If the file cannot be graded, `reason` says why, and there are no runs.
    """

    def __init__(self, submission, secret, limits):
        self.submission, self.secret, self.reason = submission, secret, ""
        self.repaired, self.runs, self.sha256 = None, {}, ""
        try:
            raw = read_bytes(submission.path)
            self.sha256 = hashlib.sha256(raw).hexdigest()
            self.repaired = repair(raw, submission.stage)
        except (NotGradable, OSError) as e:
            self.reason = str(e)
            return
        except Exception as e:  # whatever goes wrong with one file, the others are still graded
            self.reason = f"the file could not be read ({type(e).__name__}): save the notebook again and submit it"
            return
        for exercise, code in self.repaired.exercises.items():
            extras = self.repaired.extras.get(exercise, [])
            self.runs[exercise] = Run.of(exercise, code, extras, secret, limits)

    def result(self, outcomes):
        """Return the submission's result, which will be written to its JSON file. `outcomes` is {key of a run: its outcome}."""
        s = self.submission
        head = {"student": s.student, "stage": s.stage, "timestamp": s.timestamp, "submission": self.sha256, "reason": self.reason,
                "notes": []}  # fmt: skip
        nothing = {"points": None, "max_points": _max_points(s.stage), "isolation": "", "exercises": {}, "written": {}}
        if self.repaired is None:
            return {**head, "status": "not gradable", **nothing}
        if reason := self.lost(outcomes):
            return {**head, "status": "not graded", **nothing, "reason": reason}
        exercises, levels = {}, set()
        for exercise in exercises_of(s.stage):
            run = self.runs.get(exercise)
            if run is None:
                missing = {"status": "missing", "reason": "The exercise's cell is not in the notebook."}
                exercises[exercise] = judge(exercise, missing, ())
                continue
            outcome = outcomes[run.key]
            levels.add(outcome["isolation"])
            exercises[exercise] = judge(exercise, outcome, run.seeds)
            exercises[exercise]["receipt"] = {
                "submission": self.sha256, "code": digest(run.code, run.extras), "check": check_hash(exercise),
                "environment": environment(), "seed": fingerprint(self.secret), "isolation": outcome["isolation"],
                "seconds": run.limits["seconds"],
            }  # fmt: skip
        written = {
            name: {"max_points": float(points), "answered": bool(self.repaired.written.get(name, "").strip())}
            for name, points in written_of(s.stage).items()
        }
        return {
            **head, "status": "graded", "notes": list(self.repaired.notes), "isolation": min(levels, default=""),
            "points": float(sum(e["points"] for e in exercises.values())), "max_points": _max_points(s.stage),
            "exercises": exercises, "written": written,
        }  # fmt: skip

    def lost(self, outcomes):
        """Return a sentence that names the exercises which this machine could not run, or "" if all runs were made.

        `outcomes` is {key of a run: its outcome}.
        """
        reasons = {CHECKS[e].number: outcomes[r.key]["reason"] for e, r in self.runs.items()
                   if outcomes[r.key]["status"] == "not graded"}  # fmt: skip
        if not reasons:
            return ""
        what = "; ".join(sorted(set(reasons.values())))
        return (
            f"{', '.join(reasons)} could not be run on this machine ({what}): nothing is wrong with the submission, grade it again"
        )


def _max_points(stage):
    return float(sum(CHECKS[e].points for e in exercises_of(stage)))


def run_all(runs, *, jobs=None, dask=None, cache=None, progress=True):
    """Make those of `runs` that are not in the cache. Return {key: outcome} for all runs, and the number of runs that were made.
    jobs   number of parallel runs on this machine, by default the number of cores
    dask   address of a Dask scheduler if the runs are to be made on a cluster, or None
    cache  a Cache, by default that of the course

    Each outcome is put into the cache when its run ends, so an interrupted call loses only the unfinished runs.
    """
    cache, outcomes, left = cache or Cache(), {}, {}
    for run in runs:
        known = cache.get(run.key)
        if known is not None:
            outcomes[run.key] = known
        else:
            left[run.key] = run
    bar = tqdm(total=len(left), desc="exercises", unit="run", disable=not progress or not left)
    with bar:
        for key, outcome in _on_dask(left, dask) if dask else _here(left, jobs):
            cache.put(key, outcome)
            outcomes[key] = outcome
            bar.update()
    return outcomes, len(left)


def _here(runs, jobs):
    if not runs:
        return
    with Pool() as pool, ThreadPoolExecutor(jobs or os.cpu_count()) as threads:
        futures = {threads.submit(run.outcome, pool): key for key, run in runs.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            for future in futures:
                future.cancel()


def _on_dask(runs, address):
    from autograder.grade.cluster import outcomes_on_dask

    yield from outcomes_on_dask(runs, address)


def shard_of(submissions, shard):
    """Split the list `submissions` into n parts and return part i. `shard` is the text "i/n", where i is between 0 and n - 1.

    Raises ValueError if `shard` has another form.
    """
    try:
        i, n = (int(x) for x in shard.split("/"))
    except ValueError:
        i, n = 0, 0
    if not 0 <= i < n:
        raise ValueError(f"--shard must be i/n with 0 <= i < n, for example 0/8 to 7/8; but it is {shard!r}")
    return submissions[i::n]


@dataclasses.dataclass
class Graded:
    """What a call of `grade` returns."""

    results: list  # of dicts, one per submission
    works: list  # of Work, one per submission
    unread: list  # (path, reason) of each file that was not graded
    ran: int  # number of exercises that were run; the outcomes of the others were in the cache
    # wall-clock seconds of "reading" (with repairing), "running" and "judging"
    seconds: dict = dataclasses.field(default_factory=dict)


def grade(
    source, *, results=RESULTS, limits=None, jobs=None, shard=None, dask=None, secret=None, cache=CACHE, progress=True, people=None
):
    """Grade all submissions in `source`, write their results and return a Graded. The gradebook is not changed.

    source   folder or file with submissions, see `find_submissions`
    results  folder for the results
    limits   the Limits of each run, by default `Limits()`
    jobs     number of parallel runs, by default the number of cores
    shard    text "i/n": only part i of n parts of the submissions is graded, where i counts from 0; by default all are graded
    dask     address of a Dask scheduler; by default all runs are made on this machine
    secret   the secret seed, by default that of the course
    cache    folder in which the outcomes of runs are kept
    people   keyword arguments of `find_submissions` that say who the students are, as a dictionary
    """
    times, secret, limits = [time.perf_counter()], secret or load_secret(SECRET), limits or Limits()
    with tempfile.TemporaryDirectory(prefix="submissions-") as scratch:
        submissions, unread = find_submissions(Path(source), Path(scratch), **(people or {}))
        unread += [(s.path, f"nothing in {s.stage} is graded") for s in submissions if not exercises_of(s.stage)]
        submissions = [s for s in submissions if exercises_of(s.stage)]
        submissions.sort(key=lambda s: (s.stage, s.student))
        if shard:
            submissions = shard_of(submissions, shard)
        works = [Work(s, secret, limits) for s in tqdm(submissions, desc="reading", unit="file", disable=not progress)]
    times.append(time.perf_counter())
    outcomes, ran = run_all(
        (r for w in works for r in w.runs.values()), jobs=jobs, dask=dask, cache=Cache(cache), progress=progress
    )
    times.append(time.perf_counter())
    done = []
    for work in works:
        result = work.result(outcomes)
        write_json(Path(results) / result["stage"] / f"{result['student']}.json", result)
        done.append(result)
    times.append(time.perf_counter())
    seconds = {what: end - begin for what, begin, end in zip(("reading", "running", "judging"), times, times[1:])}
    return Graded(done, works, unread, ran, seconds)
