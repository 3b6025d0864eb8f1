"""Writes marks to nbgrader's gradebook: automatic points are recorded, manual marks and comments stay as they are.

No other module writes marks to the gradebook. Either all results of one call are recorded or, if anything fails, none. nbgrader's
own tools (formgrader, late penalties, feedback, export) then work with the recorded marks. The function `changes` in
autograder.marks.changes says beforehand which recorded marks the results would change.
"""

import os
import shutil
import tempfile
from pathlib import Path

import nbformat

from autograder.marks.assignments import ensure_assignments, grade_id, rescaled
from autograder.marks.changes import refuse_old_marks
from autograder.marks.formgrader_copy import shown_notebook
from autograder.marks.gradebook import GradebookError, course_directory, gradebook, place, read_autograded
from autograder.marks.item_analysis import NOT_TRIED
from autograder.places import NOTEBOOKS


def set_points(grade, points, rewritten=False):
    """Set the automatic points of `grade`, nbgrader's Grade of one cell. points: None if the cell has to be marked by hand.

    The grade is flagged for marking by hand if it has neither automatic nor manual points. A grade with manual points is flagged
    again if its automatic points change or `rewritten` is true. rewritten: whether the cell's text or maximum points have changed.
    """
    rewritten |= grade.auto_score != points
    grade.auto_score = points
    if grade.manual_score is None:
        grade.needs_manual_grade = points is None
    elif rewritten:
        grade.needs_manual_grade = True


def set_grades(submitted, result, rewritten):
    """Copy the points from `result`, the grader's result, to `submitted`, nbgrader's SubmittedNotebook, and set automatic comments.

    rewritten: names of the cells whose text or maximum points have changed. Raises GradebookError if the points in the result
    do not fit the cells in the gradebook.
    """
    graded = result["status"] == "graded"
    points = {f"check_{e}": float(x["points"]) for e, x in result["exercises"].items()} if graded else {}
    grades = {g.name: g for g in submitted.grades}
    where = f"{result['stage']} of {result['student']}"
    for name in points:
        if name not in grades:
            raise GradebookError(
                f"{where}: the gradebook has no cell {name}; build the notebooks (`make notebooks`), then grade again"
            )
        most = float(result["exercises"][name.removeprefix("check_")]["max_points"])
        if most != grades[name].max_score:
            raise GradebookError(
                f"{where}: {name} has {most:g} points in the check and {grades[name].max_score:g} in the released notebook; build the "
                "notebooks (`make notebooks`), then grade again"
            )
        if not 0 <= points[name] <= grades[name].max_score:
            raise GradebookError(
                f"{where}: {name} has {points[name]:g} points, but at most {grades[name].max_score:g} are possible"
            )
    written = {w: x["answered"] for w, x in result["written"].items()} if graded else {}
    for name, grade in grades.items():
        empty = name in written and not written[name]
        set_points(grade, 0.0 if empty else points.get(name), name in rewritten)
    for comment in submitted.comments:
        exercise = result["exercises"].get(comment.name, {}) if graded else {}
        unsolved = exercise.get("status") in NOT_TRIED or written.get(comment.name) is False
        comment.auto_comment = "Could not be graded." if not graded else "No response." if unsolved else None


def set_penalty(course, book, submission, submitted):
    """Set the late penalty of a submission: None if it is not late, else the one that the plugin in nbgrader's settings computes.

    course: nbgrader's CourseDirectory; book: the open Gradebook; submission, submitted: nbgrader's records of the submission and
    of its notebook.
    """
    from nbgrader.preprocessors import AssignLatePenalties

    book.db.flush()
    book.db.expire(submitted)
    submitted.late_submission_penalty = None
    if submission.assignment.duedate is not None and submission.total_seconds_late > 0:
        late = AssignLatePenalties(config=course.config)
        late.init_plugin()
        student, seconds = submission.student_id, submission.total_seconds_late
        penalty = late.plugin_inst.late_submission_penalty(student, submitted.score, seconds)
        if penalty is not None:
            submitted.late_submission_penalty = late._check_late_penalty(submitted, penalty)


def submitted_at(course, result):
    """Return the time of submission as a datetime, or None if it is not known.

    The result has this time in whole seconds; nbgrader's timestamp.txt has it in microseconds. With a rounded time, nbgrader would
    regard the submission as not graded yet. Therefore the time in timestamp.txt is taken if the result has no time, or if the two
    times differ by less than a second. Otherwise the result's time is taken.
    """
    from nbgrader.utils import parse_utc

    when = parse_utc(result["timestamp"]) if result["timestamp"] else None
    collected = place(course, "submitted", result["student"], result["stage"]) / "timestamp.txt"
    try:
        collected = parse_utc(collected.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):  # there is no file, or no date in it
        return when
    return collected if when is None or abs((collected - when).total_seconds()) < 1 else when


def record(results, notebooks=None, root=None):
    """Write `results`, a list of the grader's results, to the gradebook: either all or none. Writing them again changes nothing.

    notebooks: {(student, stage): the student's notebook after repair}; if an entry is missing, the notebook that is already
    recorded is kept. root: folder of the course, by default this one. Raises GradebookError if the results do not fit the
    assignments in the gradebook; the marks then stay as they were.
    """
    notebooks = notebooks or {}
    course, stages = course_directory(root), sorted({r["stage"] for r in results})
    moved = rescaled(stages, root)
    refuse_old_marks(results, moved, root)
    ensure_assignments(course, stages)
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".recording-") as scratch:
        ready = []
        with gradebook(course) as book:
            for i, r in enumerate(results):
                student, stage = r["student"], r["stage"]
                before = read_autograded(course, student, stage)
                shown = shown_notebook(r, notebooks.get((student, stage), before))
                book.update_or_create_student(student)
                when = submitted_at(course, r)
                with book.db.no_autoflush:
                    submission = book.update_or_create_submission(stage, student, **({"timestamp": when} if when else {}))
                submitted = submission.notebooks[0]
                texts = [{grade_id(c): c.source for c in n.cells if grade_id(c)} if n else {} for n in (before, shown)]
                rewritten = {name for name in r["written"] if texts[0].get(name) != texts[1].get(name)}
                set_grades(submitted, r, rewritten | {m.cell for m in moved if m.stage == stage})
                set_penalty(course, book, submission, submitted)
                folder = Path(scratch) / str(i)
                folder.mkdir()
                (folder / f"{stage}.ipynb").write_bytes(nbformat.writes(shown).encode("utf-8", "replace"))
                # nbgrader's exchange needs the first two files to return feedback. The notebook needs previous.py to run.
                sources = [place(course, "submitted", student, stage) / n for n in ("timestamp.txt", "submission_secret.txt")]
                for source in [*sources, NOTEBOOKS / stage / "previous.py"]:
                    if source.exists():
                        shutil.copyfile(source, folder / source.name)
                ready.append((folder, place(course, "autograded", student, stage)))
        for folder, target in ready:
            target.mkdir(parents=True, exist_ok=True)
            for file in folder.iterdir():
                os.replace(file, target / file.name)
