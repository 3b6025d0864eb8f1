"""Finds the changes that new results would make to the marks in the gradebook."""

from typing import NamedTuple

from autograder.marks.gradebook import GradebookError, course_directory, gradebook
from autograder.marks.recorded import read_marks
from autograder.plain import number


class Change(NamedTuple):
    """A difference in one exercise's points between the gradebook (`old`) and a new result (`new`).

    `old` or `new` is None if the submission could not be graded.
    """

    student: str
    stage: str
    exercise: str
    old: float | None
    new: float | None

    def __str__(self):
        points = ["not gradable" if p is None else number(p) for p in (self.old, self.new)]
        return f"{self.student}  {self.stage}  {self.exercise}: {points[0]} -> {points[1]}"


def recorded(stage, root=None):
    """Return the automatic points of a stage in the gradebook: {student: {exercise: points}}.

    The points are None if the submission could not be graded.
    """
    with gradebook(course_directory(root)) as book:
        return {
            m.student: {name.removeprefix("check_"): p for name, p in m.auto.items() if name in m.code}
            for m in read_marks(book)
            if m.stage == stage and m.submitted
        }


def changes(results, root=None):
    """Return a list of Change, one for each exercise whose recorded points differ from those in `results`.

    Submissions that are not recorded yet are left out.
    """
    known = {stage: recorded(stage, root) for stage in sorted({r["stage"] for r in results})}
    found = []
    for r in results:
        for exercise, old in known[r["stage"]].get(r["student"], {}).items():
            new = r["exercises"][exercise]["points"] if r["status"] == "graded" and exercise in r["exercises"] else None
            if new != old:
                found.append(Change(r["student"], r["stage"], exercise, old, new))
    return found


def refuse_old_marks(results, moved, root):
    """Raise GradebookError if the maximum points of a stage have changed and `results` lacks a recorded submission of the stage.

    moved: list of Rescaled, the cells whose maximum points have changed.
    """
    for stage in sorted({m.stage for m in moved}):
        if left := sorted(recorded(stage, root).keys() - {r["student"] for r in results if r["stage"] == stage}):
            raise GradebookError(
                f"the points of {stage} changed, and recorded submissions are not among those graded now ({', '.join(left)}): grade all "
                "of them together, so that no mark is shown out of a maximum that it was not earned against. Nothing was recorded."
            )
