"""The one writer into nbgrader's gradebook: automatic points in, manual marks and comments left as they are.

`changes` says what results would change in the marks that are there; `record` writes them. All results of one call are
recorded or, if anything fails, none. Formgrader, late penalties, nbgrader's feedback and its export then work on them.
"""

import contextlib
import copy
import functools
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import nbformat

from autograder.authoring.build import generate
from autograder.marks.harmless import harmless_markdown, make_harmless
from autograder.marks.recorded import read_marks
from autograder.nbgrader_settings import nbgrader_settings
from autograder.places import NOTEBOOKS, SOURCES, TERM_OF_COURSE
from autograder.plain import number, plain


class GradebookError(ValueError):
    """The gradebook cannot take these results. The message says what to do."""


class Change(NamedTuple):
    """A mark in the gradebook that differs from a result. Points are None where a submission is not gradable."""

    student: str
    stage: str
    exercise: str
    old: float | None
    new: float | None

    def __str__(self):
        points = ["not gradable" if p is None else number(p) for p in (self.old, self.new)]
        return f"{self.student}  {self.stage}  {self.exercise}: {points[0]} -> {points[1]}"


class Rescaled(NamedTuple):
    """A cell that has other points in the release than in the gradebook, which holds marks of it."""

    stage: str
    cell: str
    old: float
    new: float

    def __str__(self):
        return f"everybody  {self.stage}  {self.cell.removeprefix('check_')}: of {number(self.old)} points -> of {number(self.new)}"


def course_directory(root=None):
    """nbgrader's CourseDirectory of this course, or of a course whose folder is `root` (its term's data in `root`/autograder/term)."""
    config = nbgrader_settings()
    if root is not None:
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.db_url = f"sqlite:///{Path(root) / TERM_OF_COURSE / 'gradebook.db'}"
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)


def place(course, step, student, stage):
    """Folder of one student's stage in `step`: "submitted", "autograded" or "feedback"."""
    return Path(course.format_path(getattr(course, f"{step}_directory"), student, stage))


@contextlib.contextmanager
def gradebook(course):
    """The open nbgrader Gradebook, as one transaction: what is written in the block is kept if the block ends without an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's remarks on how nbgrader declares its tables
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import DatabaseError
        from sqlalchemy.orm import configure_mappers

        configure_mappers()
    if course.db_url.startswith("sqlite:///"):
        Path(course.db_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    try:
        with Gradebook(course.db_url, course.course_id) as book, book.engine.begin() as connection:
            # nbgrader commits after each row. Inside an outer transaction its commits only flush.
            book.db.remove()
            book.db.configure(bind=connection, join_transaction_mode="rollback_only")
            yield book
            book.db.commit()
            book.db.remove()
    except DatabaseError as e:
        advice = "Another program is writing to it: try again when that is done." if "locked" in str(e.orig) else (
            "If the file is damaged, put your copy of it in its place; without one, move it away and grade again, which brings back "
            "all but what people marked by hand."
        )  # fmt: skip
        raise GradebookError(f"the gradebook {course.db_url} cannot be used: {e.orig}. {advice} Nothing was recorded.") from None


@functools.cache
def released(stage):
    """The student notebook of a stage, as it is released. It is shared: copy it before changing it."""
    return nbformat.read(NOTEBOOKS / stage / f"{stage}.ipynb", as_version=4)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def released_points(stage):
    """Points of each graded cell of a stage, by grade id."""
    return {c.metadata.nbgrader.grade_id: float(c.metadata.nbgrader.points) for c in released(stage).cells
            if grade_id(c) and c.metadata.nbgrader.grade}  # fmt: skip


def rescaled(stages, root=None):
    """What got other points since marks of it were recorded: a list of Rescaled."""
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
    """Have nbgrader record the stages that its gradebook lacks, or knows with other cells, points or sources."""
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


def recorded(stage, root=None):
    """The automatic points in the gradebook: {student: {exercise: points}}, None for what could not be graded."""
    with gradebook(course_directory(root)) as book:
        return {
            m.student: {name.removeprefix("check_"): p for name, p in m.auto.items() if name in m.code}
            for m in read_marks(book)
            if m.stage == stage and m.submitted
        }


def changes(results, root=None):
    """Where these results differ from marks that are already recorded: a list of Change. New submissions are no change."""
    known = {stage: recorded(stage, root) for stage in sorted({r["stage"] for r in results})}
    found = []
    for r in results:
        for exercise, old in known[r["stage"]].get(r["student"], {}).items():
            new = r["exercises"][exercise]["points"] if r["status"] == "graded" and exercise in r["exercises"] else None
            if new != old:
                found.append(Change(r["student"], r["stage"], exercise, old, new))
    return found


def verdict_text(exercise):
    """The verdict of one exercise as the text of its check cell."""
    e = exercise
    lines = [f"Exercise {e['number']} {e['title']}: {number(e['points'])} of {number(e['max_points'])} points"]
    if e["status"] != "graded":
        lines.append(f"  {e['status']}: {e['reason']}")
    for t in e["tests"]:
        lines.append(f"  {'✓' if t['passed'] else '✗'} {t['name']}")
        if t["hidden_only"] and "published inputs" not in t["message"]:
            lines.append("      It passes on the published inputs and fails on others.")
        if t["message"] and not t["passed"]:
            lines.append(f"      {t['message']}")
    return plain("\n".join(lines) + "\n")


def shown_notebook(result, notebook):
    """The copy that formgrader shows: each check cell with its verdict, and no live HTML or links of the student's in it."""
    release = released(result["stage"])
    if result["status"] != "graded" or notebook is None:
        notebook = release
    shown = copy.deepcopy(notebook)
    ours = {c.source for c in release.cells}
    make_harmless([c for c in shown.cells if c.cell_type == "code" or c.source not in ours])
    for cell in shown.cells:
        exercise = result["exercises"].get((grade_id(cell) or "").removeprefix("check_")) if result["status"] == "graded" else None
        if exercise and cell.cell_type == "code" and grade_id(cell).startswith("check_"):
            points = nbformat.v4.new_output("execute_result", {"text/plain": repr(float(exercise["points"]))}, execution_count=None)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=verdict_text(exercise)), points]
    if result["status"] != "graded":
        text = harmless_markdown(plain(result["reason"]))
        head = f"**This submission could not be graded:** {text}\n\nBelow is the untouched release. No marks were recorded."
        shown.cells.insert(0, nbformat.v4.new_markdown_cell(head, id="not-gradable"))
    return shown


def set_points(grade, points, rewritten=False):
    """Automatic points into a Grade. A person looks at it if there are none, or if what they marked is no longer the same."""
    rewritten |= grade.auto_score != points
    grade.auto_score = points
    if grade.manual_score is None:
        grade.needs_manual_grade = points is None
    elif rewritten:
        grade.needs_manual_grade = True


def set_grades(submitted, result, rewritten):
    """The grades and automatic comments of one SubmittedNotebook. rewritten: cells whose text or points are not as before."""
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
            raise GradebookError(f"{where}: {name} has {points[name]:g} points, of at most {grades[name].max_score:g}")
    written = {w: x["answered"] for w, x in result["written"].items()} if graded else {}
    for name, grade in grades.items():
        empty = name in written and not written[name]
        set_points(grade, 0.0 if empty else points.get(name), name in rewritten)
    for comment in submitted.comments:
        exercise = result["exercises"].get(comment.name, {}) if graded else {}
        unsolved = exercise.get("status") in ("unsolved", "missing") or written.get(comment.name) is False
        comment.auto_comment = "Could not be graded." if not graded else "No response." if unsolved else None


def set_penalty(course, book, submission, submitted):
    """The late penalty, by the plugin that nbgrader's configuration names."""
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


def refuse_old_marks(results, moved, root):
    """Raises GradebookError where a stage has other points now and a recorded submission of it is not among the results."""
    for stage in sorted({m.stage for m in moved}):
        if left := sorted(recorded(stage, root).keys() - {r["student"] for r in results if r["stage"] == stage}):
            raise GradebookError(
                f"the points of {stage} changed, and recorded submissions are not among those graded now ({', '.join(left)}): grade all "
                "of them together, so that no old mark stands beside the new points. Nothing was recorded."
            )


def read_autograded(course, student, stage):
    """The notebook recorded before, or None."""
    path = place(course, "autograded", student, stage) / f"{stage}.ipynb"
    return nbformat.read(path, as_version=4) if path.exists() else None


def submitted_at(course, result):
    """The time of submission as nbgrader keeps it, to the microsecond: it takes work for ungraded whose file says another time."""
    from nbgrader.utils import parse_utc

    when = parse_utc(result["timestamp"]) if result["timestamp"] else None
    collected = place(course, "submitted", result["student"], result["stage"]) / "timestamp.txt"
    try:
        collected = parse_utc(collected.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):  # none, or one that holds no date
        return when
    return collected if when is None or abs((collected - when).total_seconds()) < 1 else when


def record(results, notebooks=None, root=None):
    """Write results (see `python -m autograder grade`) into the gradebook, all or none; a second time changes nothing.

    notebooks: {(student, stage): realigned NotebookNode}; where there is none, the one recorded before stays.
    root: folder of the course, by default this one.
    Raises GradebookError if the gradebook's assignments do not fit, and leaves everything as it was.
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
                # The exchange needs its two small files to return feedback; previous.py lets a person run the notebook.
                sources = [place(course, "submitted", student, stage) / n for n in ("timestamp.txt", "submission_secret.txt")]
                for source in [*sources, NOTEBOOKS / stage / "previous.py"]:
                    if source.exists():
                        shutil.copyfile(source, folder / source.name)
                ready.append((folder, place(course, "autograded", student, stage)))
        for folder, target in ready:
            target.mkdir(parents=True, exist_ok=True)
            for file in folder.iterdir():
                os.replace(file, target / file.name)
