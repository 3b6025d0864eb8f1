"""Measures how often rounding alone costs a right answer points: `python -m autograder rounding`.

A run is one right answer on the inputs of one seed, under one of the numeric settings in `VARIANTS`. Its values are compared
with those of the reference solution under the settings of this computer. A run that loses points is a false fail. The right
answers are the reference solutions, those in the bank, and those that were written blind.

With --expected, the values of the reference solution come from a file that another environment wrote, so the answers are also
compared across versions of the libraries. Each environment has its row in audit/rounding.md, which this command writes.
"""

import importlib.metadata
import json
import platform
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from autograder.audit.blind import rounds
from autograder.grade.hashes import check_hash
from autograder.grade.judge import expected_for
from autograder.places import HOUSE
from autograder.proof.bank import define, entries
from autograder.proof.prove import SEEDS
from autograder.proof.variants import VARIANTS, one_thread, variant
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.sandbox.wire import pack, unpack
from autograder.stages.source import exercise_source
from autograder.wilson import share
from dpr_course.checks import CHECKS, PUBLISHED_SEED, load_expected, observe
from dpr_course.files import replacing

RECORD = HOUSE / "audit" / "rounding.json"
TARGET = HOUSE / "audit" / "rounding.md"
LIBRARIES = ("torch", "transformers", "numpy")
LIMIT = 20.0  # seconds of processor time for one run
HEAD = """# Rounding alone

Written by `python -m autograder rounding` and `python -m autograder ranges`, never by hand.

A right answer may compute the same numbers in another order, and so may another processor, another number of threads, another
implementation of attention or another version of a library. The results then differ in their last digits. Every right answer (the
references, those in the bank, and those that were written blind) ran on the published inputs and on those of three other seeds, under
each of these settings:

{variants}

The table counts the runs in which a right answer lost points, with the 95 % interval (Wilson's score interval). The expected values
are those of the newest environment in the table, also where the answers ran with older libraries.

| libraries | Python, processor | right answers | runs | false fails |
| --- | --- | --: | --: | --: |
{rows}
"""


def right_answers():
    """Return all right answers as (exercise, name, code)."""
    found = []
    for exercise in CHECKS:
        found.append((exercise, "the reference", exercise_source(exercise)))
        found += [(exercise, f"right_{e.name}", e.code) for e in entries(exercise) if e.right]
    for name, answers in rounds().items():
        found += [
            (a.exercise, f"{name}, author {a.author}: {a.mistake}", a.code) for a in answers if a.right and a.verdict != "disputed"
        ]
    return found


def write_expected(path):
    """Compute the values that the checks observe in the reference solutions, and write them to the JSON file `path`.

    Values are written for all seeds except the published one. They are computed in this environment.
    """
    content = {e: {str(seed): pack(expected_for(e, seed)) for seed in SEEDS if seed != PUBLISHED_SEED} for e in CHECKS}
    content["checks"] = {e: check_hash(e) for e in CHECKS}
    with replacing(Path(path)) as part:
        part.write_text(json.dumps(content), encoding="utf-8")


def read_expected(path):
    """Return the expected values that `write_expected` wrote, as {exercise: {seed: observation}}.

    Raises ValueError if the file lacks an exercise or a seed, or if a check has changed since.
    """
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    written_by = content.pop("checks", {})
    for exercise in CHECKS:
        if written_by.get(exercise) != check_hash(exercise):
            raise ValueError(f"{path}: the check of {exercise} has changed since the file was written: delete the file")
        for seed in SEEDS:
            if seed != PUBLISHED_SEED and str(seed) not in content.get(exercise, {}):
                raise ValueError(f"{path}: the values of {exercise} for seed {seed} are missing: write the file again")
    return {e: {int(seed): unpack(packed) for seed, packed in of.items()} for e, of in content.items()}


def failed_runs(exercise, code, expected=None):
    """Run a right answer under all settings and seeds. Return (settings, seed, messages) for each run that loses points.

    expected: {seed: observation of the reference} for all seeds except the published one; by default, these observations are
    computed here. Those for the published seed are in dpr_course/checks/expected.json.
    """
    check, found = CHECKS[exercise], []
    pinned, mistakes = load_expected(exercise)
    objects = define(exercise, code, check.names)
    for seed in SEEDS:
        published = seed == PUBLISHED_SEED
        values = pinned if published else expected[seed] if expected else expected_for(exercise, seed)
        for settings in VARIANTS:
            try:
                with variant(*settings), cpu_seconds(LIMIT):
                    seen = unpack(pack(observe(check, objects, seed)))
            except OutOfCpuTime:
                found.append((settings, seed, f"took more than {LIMIT:g} seconds of processor time"))
                continue
            verdict = check.judge(seen, values, mistakes if published else ())
            if not verdict.passed:
                found.append((settings, seed, "; ".join(f"{t.name}: {t.message}" for t in verdict.tests if not t.passed)))
    return found


def _failed(job):
    exercise, code, expected = job
    return failed_runs(exercise, code, expected)


def run_rounding(expected=None):
    """Run all right answers, print the false fails, and record this environment's row. Return 1 if there are any, else 0.

    expected: path of a file for `read_expected`; if it does not exist, it is written first.
    """
    values = {}
    if expected:
        if not Path(expected).exists():
            write_expected(expected)
        values = read_expected(expected)
    answers = right_answers()
    jobs = [(exercise, code, values.get(exercise)) for exercise, _, code in answers]
    with ProcessPoolExecutor(initializer=one_thread) as workers:
        found = list(tqdm(workers.map(_failed, jobs, chunksize=4), total=len(jobs), desc="rounding", unit="answer"))
    for (exercise, name, _), failures in zip(answers, found):
        for settings, seed, message in failures:
            print(f"{CHECKS[exercise].number}, {name}, {settings}, seed {seed}: {message}")
    fails = Counter(settings for failures in found for settings, _, _ in failures)
    runs = len(answers) * len(VARIANTS) * len(SEEDS)
    print(f"{len(answers)} right answers; false fails: {share(fails.total(), runs)}; by settings: {dict(fails) or 'none'}")
    record(len(answers), runs, fails.total())
    return 1 if fails else 0


def record(answers, runs, fails):
    """Put this environment's counts into rounding.json, and write rounding.md from the counts of all environments in this file."""
    kept = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    libraries = ", ".join(f"{name} {importlib.metadata.version(name).partition('+')[0]}" for name in LIBRARIES)
    machine = f"{platform.python_version()}, {platform.machine()}"
    kept[libraries] = {"machine": machine, "answers": answers, "runs": runs, "fails": fails}
    RECORD.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    TARGET.write_text(readme(kept), encoding="utf-8")


def readme(kept):
    """Return the text of rounding.md, made from `kept`, the content of rounding.json."""
    rows = [
        f"| {libraries} | {r['machine']} | {r['answers']} | {r['runs']:,} | {share(r['fails'], r['runs'])} |"
        for libraries, r in kept.items()
    ]
    return HEAD.format(variants="\n".join(map(_described, VARIANTS)), rows="\n".join(rows))


def _described(settings):
    threads, onednn, dtype, attention = settings
    return f"- {threads} thread{'s' * (threads > 1)}, {'with' if onednn else 'without'} oneDNN, {str(dtype)[6:]}, {attention} attention"
