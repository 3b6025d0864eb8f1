"""The audit looks for points that a student gets without work. It reports all such points, and its tables cover every exercise."""

import ast
import json

import pytest

from autograder.audit.blanks import free_tests, wrong_points
from autograder.audit.lazy import KINDS, lazy_answers, lazy_problems, lazy_table
from autograder.audit.plain_route import plain_nbgrader
from autograder.audit.publish import TARGET
from autograder.audit.routes import QUICK, ROUTES, carried, notebook_checks
from autograder.audit.students import (
    BLANK,
    POISON,
    POISONED,
    SOLVED,
    allowed,
    answer,
    few,
    graded_stages,
    handed_in,
    notebook,
    patterns,
)
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS, verdict

NOTEBOOK = ROUTES[0]
FIRST, SMALL = "01_dual_encoder", "02_collate"


@pytest.mark.parametrize("stage", [FIRST, SMALL])
def test_points_add_up_in_the_notebook(stage):
    assert wrong_points(NOTEBOOK, notebook_checks(handed_in(patterns, [stage])), patterns, [stage]) == []


def test_poison_is_noticed_by_the_notebook_and_by_carry():
    for route in (r for r in ROUTES if r.points in (notebook_checks, carried)):
        assert wrong_points(route, route.points(handed_in(few, [SMALL])), few, [SMALL]) == []


def test_poison_is_noticed_by_plain_nbgrader():
    route = next(r for r in ROUTES if r.points is plain_nbgrader)
    assert wrong_points(route, plain_nbgrader(handed_in(few, [SMALL])), few, [SMALL]) == []


def test_wrong_points_are_told():
    (exercise,) = exercises_of(SMALL)
    free = {(student, SMALL): {exercise: 7.0} for student in few(SMALL)}  # as from a grader that gives every student full marks
    told = wrong_points(NOTEBOOK, free, few, [SMALL])
    assert len(told) == 2 and "2.1 gets 7 points, not 0, with 2.1 blank" in told[0] and "2.1 poisoned" in told[1]
    assert "no mark" in wrong_points(NOTEBOOK, {}, few, [SMALL])[0]


@pytest.mark.parametrize("stage", graded_stages())
def test_notebooks_are_composed_as_they_are_described(stage):
    exercises = exercises_of(stage)
    assert len(patterns(stage)) == 2 ** len(exercises) and len({notebook(stage, s) for s in patterns(stage).values()}) == len(
        patterns(stage)
    )
    assert {e for states in few(stage).values() for e, state in states.items() if state == POISONED} == set(exercises)
    for e in exercises:
        assert answer(e, BLANK) is None and POISON not in answer(e, SOLVED)
        lines = [n for n in ast.walk(ast.parse(answer(e, POISONED))) if isinstance(n, ast.Raise)]
        assert any(ast.unparse(n) == ast.unparse(ast.parse(POISON)) for n in lines)
    sources = ["".join(c["source"]) for c in json.loads(notebook(stage, dict.fromkeys(exercises, SOLVED)))["cells"]]
    assert sum(s.startswith("# check: ") for s in sources) == len(exercises)


def test_only_answers_that_use_a_blank_one_may_lose_points():
    first, second, third = exercises_of(FIRST)
    states = {first: BLANK, second: SOLVED, third: SOLVED}
    assert allowed(second, states, alone=False) == (3, 3) and allowed(third, states, alone=False) == (0, 3)
    assert allowed(third, states, alone=True) == (3, 3) and allowed(first, states, alone=False) == (0, 0)


@pytest.mark.parametrize("exercise", CHECKS)
def test_lazy_answers_are_written_for_every_exercise(exercise):
    answers = lazy_answers(exercise)
    assert tuple(answers) == KINDS and all(answers[kind] for kind in KINDS if kind != "earlier")
    for codes in answers.values():
        for code in codes:
            compile(code, exercise, "exec")


def test_lazy_answers_that_pay_or_do_not_run_are_told():
    found = {"index_recall": {kind: [("ran", 0.0)] for kind in KINDS} | {"zeros": [("ran", 2.0)], "input": [("crashed", 0.0)]}}
    assert len(lazy_problems(found)) == 2 and lazy_table(found)[1][0][3] == "2 (1)"


def test_mined_samples_handed_back_as_they_came_earn_nothing():
    """Exercise 5.1 mines hard negatives. An answer that returns its input samples unchanged earns no points.

    The inputs hold samples without a hard negative, and samples with the hard negative of an earlier round.
    """
    assert verdict("5.1", lambda samples, candidates, passages: samples).points == 0
    assert verdict("5.1", lambda samples, candidates, passages: [dict(s) for s in samples]).points == 0


def test_every_test_gives_points():
    assert free_tests() == []


def test_the_published_tables_cover_every_stage_and_exercise():
    text, again = TARGET.read_text(encoding="utf-8"), "run python -m autograder prove"
    for exercise, check in CHECKS.items():
        assert text.count(f"| {check.number} `{exercise}` | ") == 2, again
    for stage in graded_stages():
        assert (
            text.count(f"| `{stage}` | ") == 2 and f"{2 ** len(exercises_of(stage))} of {2 ** len(exercises_of(stage))}" in text
        ), again
    assert all(f" {route.name} |" in text for route in ROUTES) and set(QUICK) < set(ROUTES), again
