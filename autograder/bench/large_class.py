"""Makes up a large class in which some files are damaged, and computes the points that each student deserves.

All answers come from the bank of known answers (autograder/bank). To find the deserved points, each answer is judged in this
process, without repair, sandbox or cluster. autograder.bench.damaged lists which points a damage costs.
"""

import functools
import json
import random
from dataclasses import dataclass

from autograder.bench.classroom import make_notebook
from autograder.bench.damaged import ALL, DAMAGES, ONE
from autograder.bench.grading import spared
from autograder.grade.judge import expected_for
from autograder.grade.secret import hidden_seeds
from autograder.proof.bank import entries
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS, PUBLISHED_SEED, observe
from dpr_course.checks.expected import load_expected

BLANK = 0.1  # share of the exercises that are handed in unsolved; about half of the other answers are right


@dataclass(frozen=True)
class Student:
    """What one student handed in."""

    answers: dict  # {exercise id: an Entry of the bank, or None if the exercise is unsolved}
    damage: str = ""  # name of the damage that was done to the file, "" if there is none

    def deserves(self, secret):
        """Return the points that the student deserves, {exercise id: {name of a test: points}}.

        Return None if the file cannot be graded. `secret` is the secret seed from which the hidden inputs are drawn.
        """
        cost = DAMAGES[self.damage][1] if self.damage else ""
        if cost == ALL:
            return None
        lost = next(iter(self.answers)) if cost == ONE else None
        return {e: deserved(e, None if e == lost else answer, secret) for e, answer in self.answers.items()}


@functools.cache
def deserved(exercise, entry, secret):
    """Return the points that an answer deserves, {name of a test: points}.

    A test gives its points if it passes on the published inputs and on all hidden inputs. `entry` is an Entry of the bank, or
    None for an unsolved exercise. `secret` is the secret seed from which the hidden inputs are drawn.
    """
    check = CHECKS[exercise]
    if entry is None:
        return {test.name: 0.0 for test in check.tests}
    objects, (expected, mistakes) = entry.objects(check.names), load_expected(exercise)
    verdicts = [check.judge(observe(check, objects, PUBLISHED_SEED), expected, mistakes)]
    verdicts += [
        check.judge(observe(check, objects, seed), expected_for(exercise, seed)) for seed in hidden_seeds(exercise, secret)
    ]
    return {
        test.name: float(test.points) if all(v.tests[i].passed for v in verdicts) else 0.0 for i, test in enumerate(check.tests)
    }


def drawn(stage, size, damaged=0.05, seed=0):
    """Return {student id: Student} for a class of `size` students in `stage`, with answers drawn at random from the bank.

    `damaged` is the share of damaged files, from 0 to 1.
    """
    rng = random.Random(seed)
    banks = {e: [[entry for entry in entries(e) if entry.right is right] for right in (True, False)] for e in exercises_of(stage)}
    broken, found = set(rng.sample(range(size), round(damaged * size))), {}
    for i in range(size):
        answers = {e: None if rng.random() < BLANK else rng.choice(rng.choice(bank)) for e, bank in banks.items()}
        found[f"student{i + 1:05}"] = Student(answers, rng.choice(sorted(DAMAGES)) if i in broken else "")
    return found


def write_class(folder, stage, students):
    """Write the submissions of `students`, {student id: Student}, to `folder`/<student>/<stage>/<stage>.ipynb.

    Cells that train are left out. Each answer gets a comment with the student's name, because equal answers would be run only
    once.
    """
    keep = spared(stage)
    for name, student in students.items():
        answers = {e: f"{entry.code}\n# {name}" for e, entry in student.answers.items() if entry}
        raw = make_notebook(stage, answers, keep=keep)
        if student.damage:
            raw = DAMAGES[student.damage][0](json.loads(raw))
        path = folder / name / stage / f"{stage}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def wrong_marks(students, results, secret):
    """Return a list of sentences, one for each missing result and each exercise whose points are not the deserved ones.

    students  {student id: Student}
    results   {student id: result}, where a result is a dict as autograder.grade.grade writes it
    secret    the secret seed with which the class was graded
    """
    told = []
    for name, student in students.items():
        result, points = results.get(name), student.deserves(secret)
        if result is None:
            told.append(f"{name} has no result")
            continue
        if result["status"] != ("graded" if points is not None else "not gradable"):
            told.append(f"{name} ({student.damage or 'undamaged'}) is {result['status']}: {result['reason']}")
            continue
        for exercise, tests in (points or {}).items():
            given = {t["name"]: t["points"] for t in result["exercises"][exercise]["tests"]}
            entry = student.answers[exercise]
            if given != tests:
                what = f"{exercise}, {entry.name if entry else 'blank'}, {student.damage or 'undamaged'}"
                told.append(f"{name} ({what}) deserves {tests} and got {given}")
    return told
