"""The audit runs its jobs in parallel, and a slow way of grading is not repeated on notebooks whose code it has already graded."""

import pytest

from autograder.audit.jobs import side_by_side
from autograder.audit.routes import ROUTES, Route
from autograder.audit.students import few, handed_in, whole
from autograder.audit.tiers import code_of, tier_points
from dpr_course.checks import CHECKS

COLLATE = "02_collate"


def test_jobs_come_back_by_name_with_their_times(capsys):
    assert side_by_side({("a", "b"): (pow, 2, 3), ("c", ""): (len, "four")}) == {("a", "b"): 8, ("c", ""): 4}
    told = capsys.readouterr().out
    assert "audit: a, b: 0 s" in told and "audit: c: 0 s" in told


def test_what_a_job_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side({("a", ""): (divmod, 1, 0)})


def nothing(notebooks):
    """A stand-in for a route, a function that grades notebooks. This one gives all answers 0 points.

    notebooks: {(student, stage): bytes}. Returns {(student, stage): {exercise: points}}.
    """
    return {key: {"tensorize_contrastive": 0.0} for key in notebooks}


def test_a_slow_route_is_spared_code_that_it_has_graded_and_nothing_else():
    slow = Route("slow", nothing, alone=True)
    graded = {code_of(raw) for raw in handed_in(few, [COLLATE]).values()}
    same = [student for (student, _), raw in handed_in(whole, [COLLATE], "challenge").items() if code_of(raw) in graded]
    assert same == ["blank", "solved"]  # a notebook with unfinished answers has other code in each tier
    assert tier_points("challenge", slow, [COLLATE]) == (1, [])
    count, problems = tier_points("guided", slow, [COLLATE])
    assert count == 3 and len(problems) == 1 and CHECKS["tensorize_contrastive"].number in problems[0]


def test_a_quick_route_is_spared_nothing():
    assert tier_points("challenge", ROUTES[0], [COLLATE])[0] == 6
