"""A made-up class with a random seed. Its students hand in answers from the bank, chosen by a simple model of ability.

The model is the one-parameter logistic one (Rasch 1960, *Probabilistic Models for Some Intelligence and Attainment Tests*): a
student of ability a solves an exercise of difficulty b with probability 1 / (1 + exp(b - a)). Abilities are drawn from a
standard normal distribution, and difficulties are evenly spaced over the exercises. A student who does not solve an exercise
leaves it blank with probability 1/7, and otherwise hands in one of the first four wrong answers that the bank has for it in
alphabetical order, earlier ones more often.
"""

import copy
import functools
import math
import random

from sample_results import judged, result

from autograder.bench.classroom import make_notebook
from autograder.grade.observed import observed
from autograder.proof.bank import entries
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS, load_expected, observe

STAGES = ("02_collate", "03_recall_at_k", "04_in_batch_loss", "05_hard_negatives", "06_experiments")
SIZE, WRONG, BLANK = 30, 4, 1 / 7


@functools.cache
def drawn(size=SIZE, stages=STAGES, seed=0):
    """Return {student: {exercise: answer}}.

    An answer is None if it is right, "" if it is left blank, and otherwise the name of a wrong answer in the bank.
    """
    rng = random.Random(seed)
    exercises = [e for stage in stages for e in exercises_of(stage)]
    levels = {e: -1.5 + 3 * i / max(1, len(exercises) - 1) for i, e in enumerate(rng.sample(exercises, len(exercises)))}
    found = {}
    for number in range(1, size + 1):
        ability = rng.gauss(0, 1)
        found[f"student{number:02}"] = {e: _answer(rng, e, ability - levels[e]) for e in exercises}
    return found


def _answer(rng, exercise, lead):
    if rng.random() < 1 / (1 + math.exp(-lead)):
        return None
    if rng.random() < BLANK:
        return ""
    names = _wrong(exercise)
    return rng.choices(names, [1 / (i + 1) for i in range(len(names))])[0]


@functools.cache
def _wrong(exercise):
    return sorted(e.name for e in entries(exercise) if not e.right)[:WRONG]


@functools.cache
def entry(exercise, name):
    """Return the part of a result for one exercise.

    name: an answer as `drawn` returns it: None, "" or the name of a wrong answer.
    """
    made = copy.deepcopy(judged(exercise))
    if name == "":
        made["tests"] = [{**t, "passed": False, "points": 0.0, "message": "Not solved yet"} for t in made["tests"]]
        made |= {"points": 0.0, "status": "unsolved", "reason": "Not solved yet"}
    elif name:
        check, wrong = CHECKS[exercise], next(e for e in entries(exercise) if not e.right and e.name == name)
        expected, mistakes = load_expected(exercise)
        seen = observe(check, wrong.objects(check.names))
        verdict = check.judge(seen, expected, mistakes)
        made["tests"] = [{**vars(t), "hidden_only": False} for t in verdict.tests]
        made |= {"points": verdict.points, "observed": observed(check, seen, expected)}
    return made


def made_results(size=SIZE, stages=STAGES, seed=0):
    """Return the graded results of the class. Submissions are dated one to ten days after 13 November 2026."""
    rng, found = random.Random(seed), []
    for student, answers in drawn(size, stages, seed).items():
        for stage in stages:
            date = f"2026-11-{14 + rng.randrange(10)}T10:00:00+00:00"
            own = {e: entry(e, answers[e]) for e in exercises_of(stage)}
            found.append(result(student, stage, exercises=own, timestamp=date, submission=f"{student}/{stage}"))
    return found


def write_class(folder, size=SIZE, stages=STAGES, seed=0, tiers=("standard",)):
    """Write the class's notebooks to folder/<student>/<stage>/<stage>.ipynb.

    tiers: the tiers of the notebooks, given to the students in turn.
    """
    for i, (student, answers) in enumerate(drawn(size, stages, seed).items()):
        for stage in stages:
            codes = {}
            for e in exercises_of(stage):
                if answers[e] != "":
                    known = [x for x in entries(e) if (x.right if answers[e] is None else x.name == answers[e] and not x.right)]
                    codes[e] = f"# {student} wrote this\n{known[i % len(known)].code}"
            path = folder / student / stage / f"{stage}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(make_notebook(stage, codes, tier=tiers[i % len(tiers)]))


if __name__ == "__main__":  # python tests/made_class.py FOLDER writes a class of 30, a third of it in each tier
    import sys
    from pathlib import Path

    write_class(Path(sys.argv[1]), tiers=("guided", "standard", "challenge"))
