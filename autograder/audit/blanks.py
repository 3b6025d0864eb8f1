"""Tests that a blank (unsolved) notebook gets no points by any route, and that the points of the solved exercises add up.

A route is a way from a student's notebook to its points, such as the command `grade`. For a stage with n exercises, 2^n notebooks
are made, one for each choice of which exercises are blank and which are solved.
"""

from autograder.audit.routes import QUICK, ROUTES
from autograder.audit.students import BLANK, SOLVED, allowed, graded_stages, leans_on, patterns
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS


def wrong_points(route, found, students, stages, handed=None):
    """Return a list of sentences, one for each exercise to which a route gave fewer or more points than it may get.

    route     the Route
    found     the points that the route gave, {(student, stage): {exercise: points}}
    students  function that takes a stage and returns {student: {exercise: state}}, see students.py for the states
    stages    names of the stages
    handed    the (student, stage) pairs of the notebooks that were graded; None if all were graded
    """
    problems = []
    for stage in stages:
        for student, states in students(stage).items():
            if handed is not None and (student, stage) not in handed:
                continue
            for exercise in states:
                low, high = allowed(exercise, states, route.alone)
                points = found.get((student, stage), {}).get(exercise)
                if points is None or not low <= points <= high:
                    got = "no mark" if points is None else f"{points:g} points"
                    wanted = f"{high:g}" if low == high else f"{low:g} to {high:g}"
                    told = ", ".join(f"{CHECKS[e].number} {state}" for e, state in states.items())
                    problems.append(f"{route.name}: {CHECKS[exercise].number} gets {got}, not {wanted}, with {told}")
    return problems


def free_tests():
    """Return a list with a sentence for each test of a check that is worth no points: the points would not show that it failed."""
    return [f"{c.number}: the test {t.name!r} gives no points" for c in CHECKS.values() for t in c.tests if t.points <= 0]


def blank_table(found, stages=None):
    """Return the headings and the rows of a table: the points that each route gave to the blank notebook of each stage.

    `found` is {name of a route: the points that it gave, as {(student, stage): {exercise: points}}}.
    """
    rows = []
    for stage in stages or graded_stages():
        most = sum(CHECKS[e].points for e in exercises_of(stage))
        points = [sum(found[r.name][BLANK, stage].values()) for r in ROUTES if r.name in found]
        rows.append([f"`{stage}`", most, *(f"{p:g}" for p in points)])
    return ["stage", "points", *(r.name for r in ROUTES if r.name in found)], rows


def pattern_table(found, stages=None):
    """Return the headings and the rows of a table: how many notebooks got exactly the points of their solved exercises.

    The table has one row per stage. `found` has the same form as in `blank_table`.
    """
    rows = []
    for stage in stages or graded_stages():
        students, cells = patterns(stage), []
        for route in QUICK:
            sums = {s: sum(CHECKS[e].points for e in states if states[e] == SOLVED) for s, states in students.items()}
            exact = sum(sum(found[route.name][s, stage].values()) == total for s, total in sums.items())
            cells.append(f"{exact} of {len(students)}")
        uses = [f"{CHECKS[e].number} uses {', '.join(CHECKS[o].number for o in sorted(leans_on(e)))}" for e in exercises_of(stage)
                if leans_on(e)]  # fmt: skip
        rows.append([f"`{stage}`", len(exercises_of(stage)), *cells, "; ".join(uses)])
    return ["stage", "exercises", *(r.name for r in QUICK), "answers that use another one"], rows
