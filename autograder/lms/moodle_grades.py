"""Fills in Moodle's two grade files: the offline grading worksheet of one assignment, and the gradebook.

The headings are in the language of the person who exports the file. If they are not known, the columns of a worksheet are
recognised by their content. The first column holds the same word with a different number in each row (Moodle's identifiers). The
column of the maximum grade holds the same number in all rows, and the column directly to its left holds the grades.
"""

import re
from dataclasses import replace

from autograder.lms.fill_cells import fill_column
from autograder.lms.matching import by_stage, find_column, match
from autograder.plain import number
from autograder.submissions.csv_table import RosterError, Table, amount
from autograder.submissions.headings import (
    EMAIL,
    FEEDBACK,
    FIRST,
    GRADE,
    ID,
    IDENTIFIER,
    LAST,
    LOCKED,
    LOGIN,
    MAXIMUM,
    NAME,
    NO,
    PERSON,
    SCALE,
    plain,
    roles,
)  # fmt: skip
from autograder.submissions.roster import split_name

ENGLISH = {
    plain(h)
    for h in (
        "First name",
        "Last name",
        "Surname",
        "Full name",
        "Email address",
        "ID number",
        "Identifier",
        "Grade",
        "Maximum grade",
    )
}


def with_decimals(table):
    """Return the Table with `comma` set, the field that says whether decimal numbers have a comma.

    If no cell holds a decimal number, `comma` is guessed from the delimiter and from the language of the headings.
    """
    if table.comma is not None:
        return table
    headings = "".join(table.header)
    english = sum(plain(h) in ENGLISH for h in table.header) > 1
    return replace(table, comma=table.delimiter == ";" or not (english or re.search(r"[\u3040-\u9fff\uac00-\ud7af]", headings)))


def cells(table, i):
    return [r[i].strip() for r in table.rows]


def is_maximum(table, i):
    """Return whether column `i` holds the maximum grade.

    The column must hold the same positive number in all rows, and the column to its left only grades up to this number.
    """
    points = {amount(c) for c in cells(table, i)}
    most = next(iter(points)) if len(points) == 1 else None
    return (
        most is not None
        and i > 0
        and all(re.fullmatch(r"-?|\d+([.,]\d+)?", c) and (amount(c) or 0) <= most for c in cells(table, i - 1))
    )


def worksheet_columns(table, columns):
    """Return {role: index of the column} of a grading worksheet, or None if the table is not a worksheet.

    `columns` is {role: heading}, given by the instructor, see `headings.roles`.
    """
    at = roles(table.header, columns, table.rows)
    asked = {role for role in columns if role in at}
    if IDENTIFIER not in at:
        return None
    if not {NAME, FIRST, LAST} & at.keys() and at[IDENTIFIER] + 1 not in at.values():
        at[NAME] = at[IDENTIFIER] + 1
    if not {MAXIMUM, SCALE} & at.keys():
        after = range(at[IDENTIFIER] + 2, len(table.header) - 1)
        at |= next(({MAXIMUM: i} for i in after if is_maximum(table, i) and i not in at.values()), {})
    limit = at.get(MAXIMUM, at.get(SCALE))
    if limit is not None and GRADE not in asked:
        at[GRADE] = limit - 1  # a column called Grade in another place does not hold the grade
    if GRADE not in at:
        return None
    if LOCKED not in at and limit is not None and limit + 1 < len(table.header):
        said = set(cells(table, limit + 1)) - {""}
        if 0 < len(said) <= 2 and not any(amount(s) for s in said):
            at[LOCKED] = limit + 1
    last = len(table.header) - 1
    if (
        FEEDBACK not in at
        and last > at[GRADE] + 2
        and all(not c or c.startswith("<") for c in cells(table, last))
        and last not in at.values()
    ):
        at[FEEDBACK] = last
    return at


def is_moodle(table, columns=()):
    """Return whether a Table is from Moodle: a grading worksheet, or a gradebook with a column that identifies people."""
    at = roles(table.header, columns or {})
    return worksheet_columns(table, columns or {}) is not None or bool({EMAIL, ID, LOGIN} & at.keys())


def fill_moodle(marks, table, filling):
    """Fill in the Table of a file from Moodle: a grading worksheet, or an export of Moodle's gradebook. Return the Table to import.

    If `table` is None, return a Table for Moodle's gradebook import with the students of nbgrader's gradebook. marks: list of Mark;
    filling: Filling with the options; messages are added to it. Raises RosterError if the table is not from Moodle.
    """
    if table is None:
        students = {m.student: m for m in marks}
        rows = [[m.first_name, m.last_name, s, m.email] for s, m in students.items()]
        return fill_gradebook(
            marks, Table(["First name", "Last name", "ID number", "Email address"], rows, comma=False), filling, list(students)
        )
    table = with_decimals(table)
    at = worksheet_columns(table, filling.columns)
    if at is not None:
        return fill_worksheet(marks, table, at, filling)
    if not {EMAIL, ID, LOGIN} & roles(table.header, filling.columns).keys():
        raise RosterError(
            "this is not a file from Moodle: it needs Identifier and Grade, or Email address, ID number or Username. If it is one "
            f"in another language, say which column is which: --columns 'email=…'. The file has: {', '.join(table.header)}"
        )
    return fill_gradebook(marks, table, filling)


def ways_of(cell):
    """Return a list of the names and ids that the person of a row may have. `cell` is {role of a column: text} for the row."""
    participant, email = cell.get(IDENTIFIER, ""), cell.get(EMAIL, "")
    code = re.sub(r"\D", "", participant)
    first, last = cell.get(FIRST, ""), cell.get(LAST, "")
    names = [f"{first} {last}".strip(), f"{last} {first}".strip(), *split_name(cell.get(NAME, ""))]
    numbered = [n + code for n in names if n and code]
    return [participant, *names, code, email, email.partition("@")[0], cell.get(ID, ""), cell.get(LOGIN, ""), *numbered]


def fill_worksheet(marks, table, at, filling):
    """Write the grades of one stage into `table`, Moodle's grading worksheet, with a line of feedback per student. Return the Table.

    at: {role: index of the column}. Raises RosterError unless the marks are those of exactly one stage.
    """
    stages = by_stage(marks)
    if len(stages) != 1:
        raise RosterError(f"a grading worksheet is for one assignment: name it with --stage, one of {', '.join(stages)}")
    stage, ms = next(iter(stages.items()))
    cells_of = [{role: r[i].strip() for role, i in at.items()} for r in table.rows]
    rows_of = match([m for m in ms if m.submitted], [ways_of(c) for c in cells_of], filling.told)
    no = {plain(word) for word in NO}
    locked = {i for i, c in enumerate(cells_of) if plain(c.get(LOCKED, "")) in no}
    filling.told += [f"{cells_of[i][IDENTIFIER]}: Moodle does not let this grade be changed" for i in sorted(locked)]
    rows_of = {s: i for s, i in rows_of.items() if i not in locked}

    def whom(row):
        return cells_of[row][IDENTIFIER]

    kept = set()
    if SCALE in at:
        filling.told.append(
            f"{table.header[at[GRADE]]}: graded on a scale ({cells_of[0].get(SCALE, '')[:60]}), so no points were written"
        )
    else:
        maxima = {amount(c.get(MAXIMUM, "")) for c in cells_of} - {None}
        kept = fill_column(table, at[GRADE], ms, rows_of, min(maxima) if maxima else None, filling, whom, stage)
    if FEEDBACK not in at:
        filling.told.append("no column for feedback was recognised; name it with --columns 'feedback=…'")
    for m in ms:
        if FEEDBACK in at and m.student in rows_of and m.submitted:
            row, i = table.rows[rows_of[m.student]], at[FEEDBACK]
            if m.student in kept and not row[i].strip():
                continue  # a teacher's grade was kept, which feedback on the gradebook's points would contradict
            row[i] = filling.put(row[i], summary(m), whom(rows_of[m.student]), table.header[i])
    return table


def summary(mark):
    """Return a line of feedback for a student: the points, the late penalty if any, and the comments written by hand."""
    if not mark.gradable:
        return "This file could not be graded; no points were recorded. Please hand it in again."
    parts = [f"{number(mark.raw)} of {number(mark.max_score)} points"]
    parts += [f"{number(mark.penalty)} deducted for lateness"] if mark.penalty else []
    parts += ["written answers are not marked yet"] if mark.pending else []
    return "; ".join(parts) + "." + "".join(f" {name}: {comment}" for name, comment in mark.comments.items())


def fill_gradebook(marks, table, filling, students=None):
    """Return the Table for Moodle's gradebook import: the columns that identify people, and one column per stage.

    students: if the table was made from nbgrader's gradebook, the student ids in the order of the rows; else None.
    """
    stages, at = by_stage(marks), roles(table.header, filling.columns, table.rows)
    people = [[w for w in ways_of({role: r[i].strip() for role, i in at.items()}) if w] for r in table.rows]
    rows_of = {s: i for i, s in enumerate(students)} if students else match(marks, people, filling.told)
    keep = sorted(at[role] for role in PERSON if role in at)
    columns = [find_column(table, s, filling.columns) for s in stages]
    if not students:
        filling.told += [f"{s}: no column has this name; a new one was added" for s, c in zip(stages, columns) if c is None]
    out = table.with_rows(
        [table.header[i] for i in keep] + [s if c is None else table.header[c] for s, c in zip(stages, columns)],
        [[r[i] for i in keep] + ["" if c is None else r[c] for c in columns] for r in table.rows],
    )
    for i, ms in enumerate(stages.values(), len(keep)):
        fill_column(out, i, ms, rows_of, None, filling, lambda row: (people[row] or ["?"])[0])
    return out
