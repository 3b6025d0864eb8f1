"""Helpers that repair and grade one notebook."""

import json

from autograder.grade.exercise_run import Run
from autograder.grade.judge import judge
from autograder.repair.repair import repair
from autograder.sandbox.limits import Limits
from dpr_course.checks import CHECKS

STAGE = "04_in_batch_loss"
SECRET = "a secret for the tests, as long as it must be"


def graded(pool, nb, stage=STAGE, seconds=20.0):
    """Repair a notebook (dict) and run its answers. Returns {exercise: its result}."""
    repaired = repair(json.dumps(nb).encode(), stage)
    results = {}
    for key, source in repaired.exercises.items():
        run = Run.of(key, source, repaired.extras[key], SECRET, Limits(seconds=seconds))
        results[key] = judge(key, run.outcome(pool), run.seeds)
    return results


def full(results):
    return {k: r["points"] == CHECKS[k].points for k, r in results.items()}
