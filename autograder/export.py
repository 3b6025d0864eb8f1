"""Marks from the gradebook as CSV files that nbgrader users, Canvas and Moodle take.

    nbgrader   the columns of `nbgrader export`
    canvas     Canvas's gradebook import, made from the gradebook that Canvas exports (--roster)
    moodle     Moodle's offline grading worksheet of one assignment, or its gradebook import, from the file that Moodle
               exports (--roster); without a roster a gradebook import with the gradebook's own students

A student without a gradable submission gets no score: the cell stays as the roster has it. Whom the roster or the gradebook
does not know is told, and so is every column that was scaled because the LMS gives the stage other points than the course.
"""

import codecs
import csv
import io
import re
from pathlib import Path

from autograder.gradebook import course_directory, gradebook
from autograder.marks import read_marks
from autograder.page import write_file
from autograder.plain import number, plain
from autograder.stages import read_stage, stage_names

NBGRADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")  # who a row is about
IDS = {"ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Username", "ID number", "Email address", "Identifier",
       "student_id", "email"}  # fmt: skip
MOODLE = ("First name", "Last name", "Surname", "Username", "ID number", "Email address")


class RosterError(ValueError):
    """The file from the LMS is not what its format needs. The message says what is missing."""


def squeeze(text):
    """Letters and digits only, lower case: "O'Neill, Ada" -> "oneillada"."""
    return re.sub(r"[\W_]+", "", str(text).casefold())


def safe(value):
    """A cell that no spreadsheet takes for a formula, nor, where it splits cells at another sign, a part of it."""
    text = plain(value)
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?|-", text):
        return text
    text = re.sub(r"([;,\t\n]\s*)(?=[=@|]|[+-][^\s\d])", r"\1'", text)
    return "'" + text if text.strip() and (text[0] in "\t\n" or text.lstrip()[0] in "=+-@|＝＋－＠") else text


def safe_id(value):
    """A cell by which an LMS knows a person: as it is, but for one by which a spreadsheet could run or open anything."""
    text = str(value)
    return safe(text) if re.search(r"[=+\-@|].*[(|!]", text, re.DOTALL) else text


def to_csv(rows, delimiter=","):
    """CSV text that is safe to open. rows: the first names the columns."""
    rows = list(rows)
    guards = [safe_id if name in IDS else safe for name in rows[0]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([[g(c) for g, c in zip(guards, row)] for row in rows])
    return out.getvalue()


def decoded(raw):
    """Text as an LMS writes it, or as a spreadsheet saved it."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read_roster(path):
    """Header, rows and delimiter of a CSV file from an LMS; short rows are filled up."""
    if not Path(path).is_file():
        raise RosterError(f"there is no file {path}: give the CSV file that the LMS exports")
    text = decoded(Path(path).read_bytes())
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [r for r in csv.reader(io.StringIO(text), delimiter=delimiter) if any(c.strip() for c in r)]
    except csv.Error as e:
        raise RosterError(f"{path} is no CSV file ({e}): export it from the LMS again") from None
    if not rows:
        raise RosterError(f"{path} is empty: export it from the LMS again")
    header = [h.strip() for h in rows[0]]
    return header, [r + [""] * (len(header) - len(r)) for r in rows[1:]], delimiter


def match(marks, people, told, number_of=None):
    """Which row of the LMS each student of the gradebook is: {student id: row number}. Whoever fits none, or several, is told.

    people: for each row the ways to name the person, none for a row that is about nobody; number_of: the number that a
    student's id holds, if the LMS's files are named by it.
    """
    rows = {}
    for i, ways in enumerate(people):
        for name in filter(None, map(squeeze, ways)):
            rows.setdefault(name, set()).add(i)
    found = {}
    for m in {m.student: m for m in marks}.values():
        own = [
            m.student,
            number_of(m.student) if number_of else "",
            m.email,
            f"{m.first_name} {m.last_name}",
            f"{m.last_name} {m.first_name}",
        ]
        hits = [rows[name] for name in filter(None, map(squeeze, own)) if name in rows]
        sure = next((next(iter(h)) for h in hits if len(h) == 1 and not h & set(found.values())), None)
        if sure is None:
            told.append(f"{m.student}: " + ("fits several people of the roster" if hits else "in the gradebook, not in the roster"))
        else:
            found[m.student] = sure
    missing = [ways[0] for i, ways in enumerate(people) if ways and i not in found.values()]
    if missing:
        told.append(f"in the roster, not in the gradebook: {'; '.join(missing)}")
    return found


def split_name(name):
    """Both orders of a name as an LMS gives it, "Lovelace, Ada" or "Ada Lovelace"."""
    parts = re.split(r",\s*", name, maxsplit=1)
    return [name, " ".join(reversed(parts))]


def find_column(header, stage):
    """The assignment column of a stage: named as the folder, as the notebook's title, or by the stage's number, with or without "(id)"."""
    title = read_stage(stage).title
    names = {squeeze(stage), squeeze(title), squeeze(title.partition("·")[2])}
    bare = [re.sub(r"\s*\((\d+|Real|Points)\)$", "", h).removeprefix("Assignment:") for h in header]
    hits = [i for i, h in enumerate(bare) if squeeze(h) in names] or [
        i for i, h in enumerate(bare) if re.match(rf"\s*{stage[:2]}\b", h)
    ]
    if len(hits) > 1:
        raise RosterError(f"stage {stage} fits several columns: {', '.join(header[i] for i in hits)}; rename one in the LMS")
    return hits[0] if hits else None


def amount(text):
    """A positive number of points, or None for anything else."""
    try:
        value = float(str(text).replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None


def scaled(mark, points):
    return number(mark.score if points is None else mark.score * points / mark.max_score)


def nbgrader_rows(marks):
    """Rows with nbgrader's columns; the scores of what is not gradable, or not there, are empty."""
    yield NBGRADER
    for m in marks:
        scores = (m.raw, m.penalty, m.score) if m.gradable else ("", "", "")
        yield [m.stage, m.duedate or "", m.timestamp or "", m.student, m.last_name, m.first_name, m.email, *scores, m.max_score]


def fill_column(rows, column, marks, rows_of, points, told, name):
    """Write the scores of one stage into `column` of the LMS's rows, scaled to its `points`."""
    for m in marks:
        if m.gradable and m.student in rows_of:
            rows[rows_of[m.student]][column] = scaled(m, points)
    if points is not None and points != marks[0].max_score:
        told.append(f"{name}: scaled from {number(marks[0].max_score)} to {number(points)} points")


def by_stage(marks):
    stages = {}
    for m in marks:
        stages.setdefault(m.stage, []).append(m)
    return {s: ms for s, ms in stages.items() if any(m.submitted for m in ms)}


def canvas_number(student):
    """Canvas's number of the user in an id made from the name of a file that it gave out: "lovelaceada_9001" -> "9001"."""
    return student.rpartition("_")[2] if re.fullmatch(r".+_\d+", student) else ""


def canvas_rows(marks, header, rows, told):
    """Canvas's identity columns, its rows before the students (Points Possible among them), and one column per stage."""
    if not {"Student", "ID", "Section"} <= set(header):
        raise RosterError(
            "this is no gradebook from Canvas: it needs the columns Student, ID, SIS User ID, SIS Login ID and Section"
        )
    possible = next((r for r in rows if r[header.index("Student")].strip() == "Points Possible"), None)
    keep = [header.index(c) for c in CANVAS if c in header]

    def ways(row):
        cell = dict(zip(header, row))
        login = cell.get("SIS Login ID", "")
        if not cell["ID"].strip():
            return []  # Points Possible, Manual Posting
        return [*split_name(cell["Student"]), login, login.partition("@")[0], cell.get("SIS User ID", ""), cell["ID"]]

    rows_of = match(marks, [ways(r) for r in rows], told, canvas_number)
    columns = []
    for stage, ms in by_stage(marks).items():
        column = find_column(header, stage)
        if column is None:
            column = len(header)
            header = [*header, read_stage(stage).title]
            rows = [[*r, number(ms[0].max_score) if r is possible else ""] for r in rows]
            told.append(f"{header[column]}: not in the roster; Canvas will offer to create it")
            fill_column(rows, column, ms, rows_of, None, told, header[column])
        else:
            fill_column(rows, column, ms, rows_of, amount(possible[column]) if possible else None, told, header[column])
        columns.append(column)
    return [[r[i] for i in keep + columns] for r in [header, *rows]]


def worksheet_rows(marks, header, rows, told):
    """Moodle's offline grading worksheet, with Grade and Feedback comments filled in. It is about one stage."""
    lower = [h.lower() for h in header]  # "Maximum Grade" became "Maximum grade"
    identity, grade = lower.index("identifier"), lower.index("grade")
    stages = by_stage(marks)
    if len(stages) != 1:
        raise RosterError(f"a grading worksheet is for one assignment: name it with --stage, one of {', '.join(stages)}")
    (stage, ms), comments = next(iter(stages.items())), lower.index("feedback comments") if "feedback comments" in lower else None

    def ways(row):
        cell = dict(zip(lower, row))
        participant, name, email = cell["identifier"], cell.get("full name", ""), cell.get("email address", "")
        code = re.sub(r"\D", "", participant)
        return [participant, code, email, email.partition("@")[0], cell.get("id number", ""), *split_name(name), name + code]

    rows_of = match([m for m in ms if m.submitted], [ways(r) for r in rows], told)
    locked = {i for i, r in enumerate(rows) if dict(zip(lower, r)).get("grade can be changed", "yes").strip().lower() == "no"}
    told += [f"{rows[i][identity]}: Moodle does not let this grade be changed" for i in sorted(locked)]
    rows_of = {s: i for s, i in rows_of.items() if i not in locked}
    maxima = {amount(r[lower.index("maximum grade")]) for r in rows} - {None} if "maximum grade" in lower else set()
    fill_column(rows, grade, ms, rows_of, min(maxima) if maxima else None, told, stage)
    for m in ms:
        if comments is not None and m.student in rows_of and m.submitted:
            rows[rows_of[m.student]][comments] = summary(m)
    return [header, *rows]


def summary(mark):
    """One line for a comment field: what the points are made of, and a person's comments."""
    if not mark.gradable:
        return "This file could not be graded; no points were recorded. Please hand it in again."
    parts = [f"{number(mark.raw)} of {number(mark.max_score)} points"]
    parts += [f"{number(mark.penalty)} taken off for lateness"] if mark.penalty else []
    parts += ["written answers not marked yet"] if mark.pending else []
    return "; ".join(parts) + "." + "".join(f" {name}: {comment}" for name, comment in mark.comments.items())


def moodle_gradebook_rows(marks, header, rows, told):
    """Moodle's gradebook import: who, by name, ID number and e-mail address, and one column per stage."""
    stages = by_stage(marks)
    if header is None:
        header, students = ["First name", "Last name", "ID number", "Email address"], {m.student: m for m in marks}
        rows, rows_of = (
            [[m.first_name, m.last_name, s, m.email] for s, m in students.items()],
            {s: i for i, s in enumerate(students)},
        )
    else:
        if not {"Email address", "ID number", "Username"} & set(header):
            raise RosterError("this is no file from Moodle: it needs Identifier and Grade, or Email address, ID number or Username")

        def ways(row):
            cell = dict(zip(header, row))
            email, last = cell.get("Email address", ""), cell.get("Last name", cell.get("Surname", ""))
            name = f"{cell.get('First name', '')} {last}"
            return [name, cell.get("Username", ""), cell.get("ID number", ""), email, email.partition("@")[0]]

        rows_of = match(marks, [ways(r) for r in rows], told)
    keep = [i for i, h in enumerate(header) if h in MOODLE]
    columns = [find_column(header, s) for s in stages]
    out = [[header[i] for i in keep] + [s if c is None else header[c] for s, c in zip(stages, columns)]]
    out += [[r[i] for i in keep] + ["" if c is None else r[c] for c in columns] for r in rows]
    for column, (stage, ms) in enumerate(stages.items(), len(keep)):
        fill_column(out, column, ms, {s: i + 1 for s, i in rows_of.items()}, None, told, stage)
    return out


def export(kind, roster=None, stages=None, root=None):
    """The CSV text of a format, and what the instructor should be told, as lines.

    kind: "nbgrader", "canvas" or "moodle"; roster: the file from the LMS; stages: names, by default all.
    Raises RosterError for a roster that the format cannot use, LookupError if the gradebook holds no marks.
    """
    with gradebook(course_directory(root)) as book:
        marks = [m for m in read_marks(book) if stages is None or m.stage in stages]
    if not any(m.submitted for m in marks):
        where = f" of {', '.join(stages)}" if stages and stages != stage_names() else ""
        raise LookupError(f"the gradebook holds no marks{where}: run `python -m autograder grade SUBMISSIONS` first")
    told, delimiter = [], ","
    header, rows = None, []
    if kind == "canvas" and not roster:
        raise RosterError("Canvas needs --roster: the file from Grades > Export > Export Entire Gradebook")
    if roster:
        header, rows, delimiter = read_roster(roster)
    if kind == "nbgrader":
        table = list(nbgrader_rows(marks))
    elif kind == "canvas":
        table = canvas_rows(marks, header, rows, told)
    elif header and {"identifier", "grade"} <= {h.lower() for h in header}:
        table = worksheet_rows(marks, header, rows, told)
    else:
        table = moodle_gradebook_rows(marks, header, rows, told)
    told += [f"{m.student}: {m.stage} is not gradable, no score written" for m in marks if m.submitted and not m.gradable]
    told += [f"{m.student}: {m.stage} has written answers that wait for a mark" for m in marks if m.gradable and m.pending]
    quoted = [str(c) for row in table for name, c in zip(table[0], row) if name in IDS and safe_id(c) != str(c)]
    told += [f"{plain(c)}: a spreadsheet would run this, so it was quoted; the LMS may not know it again" for c in quoted]
    return to_csv(table, delimiter), told


def write_export(kind, roster=None, stages=None, out=None, root=None):
    """Write the CSV file (default autograder/grades_<kind>.csv) and return its path and what to tell."""
    text, told = export(kind, roster, stages, root)
    default = Path(course_directory(root).root) / "autograder" / f"grades_{kind}.csv"
    return write_file(out or default, text), told
