"""The poison test: an error is put into each exercise in turn, and every route must notice it.

A route is a way from a student's notebook to its points, such as `grade`. A route that used the reference's code, or an earlier
run, instead of the student's code would still give points.
"""

from autograder.audit.routes import ROUTES
from autograder.audit.students import POISONED, poisoned
from autograder.stages.contexts import stage_of
from dpr_course.checks import CHECKS


def poison_table(found):
    """Return the headings and the rows of a table: the points that each route gave to each exercise when it was poisoned.

    An exercise is poisoned if its answer begins with a line that raises an error. `found` is {name of a route: the points that
    it gave}, and these points are {(student, stage): {exercise: points}}.
    """
    routes, rows = [r for r in ROUTES if r.name in found], []
    for exercise, check in CHECKS.items():
        stage = stage_of(exercise)
        student = next(name for name, states in poisoned(stage).items() if states[exercise] == POISONED)
        points = [found[r.name].get((student, stage), {}).get(exercise) for r in routes]
        rows.append([f"{check.number} `{exercise}`", check.points, *("no mark" if p is None else f"{p:g}" for p in points)])
    return ["exercise", "points", *(r.name for r in routes)], rows
