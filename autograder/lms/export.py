"""Exports the marks in nbgrader's gradebook as CSV files, for nbgrader's users and for learning platforms.

    nbgrader     a CSV file with the columns of `nbgrader export`
    canvas       Canvas's gradebook import, made from the gradebook that Canvas exports (--roster)
    moodle       Moodle's offline grading worksheet of one assignment, or Moodle's gradebook import, made from the file that
                 Moodle exports (--roster); without a roster, a gradebook import with the students of nbgrader's gradebook
    blackboard   Blackboard's gradebook import, made from the gradebook that Blackboard exports (--roster)
    brightspace  Brightspace's gradebook import, made from the gradebook that Brightspace exports (--roster)

A student without a gradable submission gets no score: the cell in the file stays as it is. A cell that is already filled in
also stays as it is, unless --overwrite is given. Messages list the students who are in the roster but not in nbgrader's gradebook,
or the reverse. They also list each column whose points were scaled: this is done if the maximum for a stage in the LMS (learning
platform) differs from the maximum in the course.
"""

from pathlib import Path

from autograder.authoring.html_templates import write_file
from autograder.lms.canvas_grades import fill_canvas, is_canvas
from autograder.lms.fill_cells import Filling
from autograder.lms.moodle_grades import fill_moodle, is_moodle
from autograder.lms.other_grades import fill_platform, is_blackboard, is_brightspace
from autograder.marks.gradebook import course_directory, gradebook
from autograder.marks.recorded import read_marks
from autograder.places import TERM_OF_COURSE
from autograder.plain import plain
from autograder.stages.source import stage_names
from autograder.submissions.csv_table import RosterError, Table, read_table, safe, safe_id, to_bytes, to_text
from autograder.submissions.headings import EMAIL, ID, IDENTIFIER, LOGIN, read_columns, roles
from autograder.submissions.headings import plain as plain_heading

__all__ = ["NBGRADER", "RosterError", "export", "nbgrader_rows", "safe", "to_csv", "write_export"]

NBGRADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip
# Canvas's headings; the columns of other platforms are found by `roles`
IDS = {"ID", "SIS User ID", "Integration ID", "Root Account"}


def ids_of(table):
    """Return the set of indices of the columns by which the LMS identifies people."""
    at = roles(table.header)
    return {i for role, i in at.items() if role in (IDENTIFIER, EMAIL, ID, LOGIN)} | {
        i for i, h in enumerate(table.header) if h in IDS or roles([h]).keys() & {EMAIL, ID, LOGIN}
    }


def to_csv(rows, delimiter=","):
    """Return CSV text that is safe to open in a spreadsheet. `rows` are lists of cells; the first row holds the headings."""
    header, *rows = rows
    table = Table(list(header), rows, delimiter)
    return to_text(table, ids_of(table))


def nbgrader_rows(marks):
    """Yield first the headings and then the rows of nbgrader's CSV. Missing and ungradable submissions get empty scores."""
    yield NBGRADER
    for m in marks:
        scores = (m.raw, m.penalty, m.score) if m.gradable else ("", "", "")
        yield [m.stage, m.duedate or "", m.timestamp or "", m.student, m.last_name, m.first_name, m.email, *scores, m.max_score]


def kind_of(table, columns=()):
    """Return the name of the platform from which a Table comes, such as "canvas", or "" if its columns do not show this.

    columns: {role: heading}, given by the instructor, see `headings.roles`.
    """
    tests = {
        "brightspace": is_brightspace,
        "blackboard": is_blackboard,
        "canvas": is_canvas,
        "moodle": lambda t: is_moodle(t, columns),
    }
    return next((kind for kind, test in tests.items() if test(table)), "")


# Platforms that list people in files but cannot import grades from a file: (platform, function that tests the set of headings).
ELSEWHERE = (
    ("Gradescope", lambda names: "submissionid" in names or any(n.endswith("maxpoints") for n in names)),
    ("GitHub Classroom", lambda names: {"githubusername"} <= names),
    ("Teams", lambda names: {"points", "feedback"} <= names and not {"identifier", "maximumgrade"} & names),
    ("nbgrader", lambda names: {"rawscore", "latesubmissionpenalty"} <= names),
)


def filled(kind, marks, roster, filling):
    """Return the Table of a platform's grade file with the marks filled in.

    kind     name of the platform, such as "canvas"
    marks    list of Mark, from the gradebook
    roster   path of the file that the platform exported, or None
    filling  Filling with the options; messages are added to it

    Raises RosterError if the roster is missing or does not fit the platform.
    """
    if kind in ("canvas", "blackboard", "brightspace") and not roster:
        where = {"canvas": "Grades > Export > Export Entire Gradebook", "blackboard": "Grade Center > Work Offline > Download"}
        raise RosterError(f"{kind.capitalize()} needs --roster: the file from {where.get(kind, 'Grades > Enter Grades > Export')}")
    table = read_table(roster) if roster else None
    found = kind_of(table, filling.columns) if table else kind
    names = {plain_heading(h) for h in table.header} if table and found in ("moodle", "") and not filling.columns else set()
    for place, test in ELSEWHERE:
        if test(names):
            raise RosterError(
                f"{roster} is a file from {place}, which does not import marks from a file: give the file that your LMS exports"
            )
    if found and found != kind and not (found == "moodle" and filling.columns):
        raise RosterError(f"{roster} is a file from {found.capitalize()}: give --format {found}")
    if kind == "canvas":
        return fill_canvas(marks, table, filling)
    if kind == "moodle":
        return fill_moodle(marks, table, filling)
    return fill_platform(kind, marks, table, filling)


def make_table(kind, roster, stages, root, columns, overwrite):
    """Return (Table, CSV text, messages for the instructor). The arguments and errors are those of `export`."""
    with gradebook(course_directory(root)) as book:
        marks = [m for m in read_marks(book) if stages is None or m.stage in stages]
    if not any(m.submitted for m in marks):
        where = f" of {', '.join(stages)}" if stages and stages != stage_names() else ""
        raise LookupError(f"the gradebook holds no marks{where}: run `python -m autograder grade SUBMISSIONS` first")
    filling = Filling(read_columns(columns), overwrite)
    if kind == "nbgrader":
        header, *rows = nbgrader_rows(marks)
        table = Table(list(header), rows)
    else:
        table = filled(kind, marks, roster, filling)
    told, ids = filling.told, ids_of(table)
    told += [f"{m.student}: {m.stage} is not gradable, no score written" for m in marks if m.submitted and not m.gradable]
    told += [f"{m.student}: {m.stage} has written answers that wait for a mark" for m in marks if m.gradable and m.pending]
    quoted = [str(row[i]) for row in [table.header, *table.rows] for i in sorted(ids) if safe_id(row[i]) != str(row[i])]
    told += [
        f"{plain(c)}: a spreadsheet would run this as a formula, so it was quoted; the LMS may not recognise it" for c in quoted
    ]
    return table, to_text(table, ids), told


def export(kind, roster=None, stages=None, root=None, columns="", overwrite=False):
    """Return (CSV text in the format `kind`, list of messages for the instructor).

    kind       "nbgrader", "canvas", "moodle", "blackboard" or "brightspace"
    roster     path of the file that the LMS (learning platform) exported, or None
    stages     names of stages, by default all
    root       folder of the course, by default this one
    columns    text of the option --columns, see `headings.read_columns`
    overwrite  whether to replace grades that are already in the file

    Raises RosterError for a roster that the format cannot use. Raises LookupError if the gradebook holds no marks.
    """
    return make_table(kind, roster, stages, root, columns, overwrite)[1:]


def write_export(kind, roster=None, stages=None, out=None, root=None, columns="", overwrite=False):
    """Write the CSV file to `out`, in the roster's encoding. Return (path, list of messages for the instructor).

    The default path is autograder/term/grades_<kind>.csv. The other arguments and the errors are those of `export`.
    """
    table, text, told = make_table(kind, roster, stages, root, columns, overwrite)
    default = Path(course_directory(root).root) / TERM_OF_COURSE / f"grades_{kind}.csv"
    return write_file(out or default, to_bytes(text, table)), told
