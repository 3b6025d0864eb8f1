"""The poison test: in each exercise in turn, the answer is made to raise an error. Every route must then give it 0 points.

A route is a way from a student's notebook to its points, such as the command `grade`. A route would still give points if it ran
the reference's code instead of the student's, or used the result of an earlier run.
"""

from autograder.audit.routes import ROUTES
from autograder.audit.students import POISONED, poisoned
from autograder.stages.contexts import stage_of
from dpr_course.checks import CHECKS


def poison_table(found):
    """Return the headings and the rows of a table: the points that each route gave to each exercise when it was poisoned.

    An exercise is poisoned if its answer begins with a line that raises an error. `found` is {name of a route: the points that
    it gave, as {(student, stage): {exercise: points}}}.
    """
    routes, rows = [r for r in ROUTES if r.name in found], []
    for exercise, check in CHECKS.items():
        stage = stage_of(exercise)
        student = next(name for name, states in poisoned(stage).items() if states[exercise] == POISONED)
        points = [found[r.name].get((student, stage), {}).get(exercise) for r in routes]
        rows.append([f"{check.number} `{exercise}`", check.points, *("no mark" if p is None else f"{p:g}" for p in points)])
    return ["exercise", "points", *(r.name for r in routes)], rows
