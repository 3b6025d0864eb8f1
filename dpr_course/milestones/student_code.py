"""Puts together a student's own code from all of the student's notebooks, without `previous.py` and without reference code."""

from dpr_course.checks import CHECKS
from dpr_course.checks.closed_books import closed_books
from dpr_course.checks.core import describe_error, hushed
from dpr_course.errors import CourseError
from dpr_course.own_code import exercise_cells, needed
from dpr_course.progress import outcome


def unsolved(exercises, files):
    """Return the numbers, such as ["4.1", "4.2"], of the exercises that do not pass their check in a student's notebooks.

    `exercises` are the ids of the exercises to check. `files` holds the notebooks, as `progress.read_folder` returns them.
    """
    return [CHECKS[e].number for e in exercises if outcome(CHECKS[e], files).state != "solved"]


def own_code(exercises, files):
    """Run the student's code of these exercises, and return its namespace, {name: function, class or other value}.

    Other code in the notebooks that this code needs is run too. `exercises` are ids; all of them must be solved. `files` holds
    the notebooks, as `progress.read_folder` returns them. Raises CourseError if the code raises an error.
    """
    cells, names = [], []
    for number in sorted(files):
        places = {e: place for e, place in exercise_cells(files[number].cells).items() if e in exercises}
        if places:
            cells += files[number].cells[: max(places.values()) + 1]
            names += [name for e in places for name in CHECKS[e].names]
    namespace = {"__name__": "own"}
    try:
        with closed_books(), hushed():
            exec(compile(needed(cells, names), "<your notebooks>", "exec"), namespace)
    except Exception as e:  # a student's code may raise anything
        raise CourseError(
            f"the code of your notebooks does not run together: {describe_error(e)}. Each exercise passes alone; does one use "
            "a name that only previous.py has?"
        ) from None
    return namespace
