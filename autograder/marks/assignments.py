"""Compares the released notebook of each stage with the stage's assignment in nbgrader's gradebook, and updates the gradebook.

An assignment is nbgrader's record of a stage: the stage's graded cells and their maximum points.
"""

import functools
import tempfile
from typing import NamedTuple

import nbformat

from autograder.authoring.build import generate
from autograder.marks.gradebook import GradebookError, course_directory, gradebook
from autograder.places import NOTEBOOKS, SOURCES
from autograder.plain import number


class Rescaled(NamedTuple):
    """A graded cell with recorded marks whose maximum points differ: `old` in the gradebook, `new` in the released notebook."""

    stage: str
    cell: str
    old: float
    new: float

    def __str__(self):
        return f"everybody  {self.stage}  {self.cell.removeprefix('check_')}: of {number(self.old)} points -> of {number(self.new)}"


@functools.cache
def released(stage):
    """Return the released student notebook of a stage, an nbformat notebook. The object is cached: callers must not change it."""
    return nbformat.read(NOTEBOOKS / stage / f"{stage}.ipynb", as_version=4)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def released_points(stage):
    """Return the maximum points of each graded cell in a stage's released notebook: {nbgrader's id of the cell: points}."""
    return {c.metadata.nbgrader.grade_id: float(c.metadata.nbgrader.points) for c in released(stage).cells
            if grade_id(c) and c.metadata.nbgrader.grade}  # fmt: skip


def rescaled(stages, root=None):
    """Return a list of Rescaled: the cells of `stages` whose maximum points have changed since submissions were recorded.

    root: folder of the course, by default this one.
    """
    with gradebook(course_directory(root)) as book:
        notebooks = {a.name: a.notebooks[0] for a in book.assignments if a.notebooks and a.notebooks[0].submissions}
        known = {s: {c.name: c.max_score for c in notebooks[s].grade_cells} for s in stages if s in notebooks}
    return [
        Rescaled(s, cell, old, released_points(s)[cell])
        for s, points in known.items()
        for cell, old in points.items()
        if released_points(s).get(cell, old) != old
    ]


def ensure_assignments(course, stages):
    """Make nbgrader record each of `stages` that is missing or outdated in its gradebook.

    A stage is outdated if its released notebook has other graded cells, points or cell texts than the gradebook. course:
    nbgrader's CourseDirectory. Raises GradebookError if a stage gained or lost graded cells after submissions were recorded.
    """
    outdated = []
    with gradebook(course) as book:
        known = {a.name: a for a in book.assignments}
        for stage in stages:
            cells = [c.metadata.nbgrader for c in released(stage).cells if grade_id(c)]
            sources = {m.grade_id: m.get("checksum") for m in cells}
            notebook = known[stage].notebooks[0] if stage in known and known[stage].notebooks else None
            if (
                notebook is None
                or {c.name: c.max_score for c in notebook.grade_cells} != released_points(stage)
                or {c.name: c.checksum for c in notebook.source_cells} != sources
            ):
                outdated.append(stage)
                if notebook is not None and notebook.submissions and {c.name for c in notebook.source_cells} != sources.keys():
                    raise GradebookError(
                        f"{stage} gained or lost graded cells after submissions were recorded, which nbgrader does not allow. Export "
                        f"the marks, remove the stage with `nbgrader db assignment remove {stage} --force`, and grade it again."
                    )
    if outdated:
        with tempfile.TemporaryDirectory() as scratch:
            generate(outdated, SOURCES, scratch, course.db_url)
