"""Fills in the grade file that Canvas imports: recognises an export from Canvas and finds the students in its rows.

Canvas's headings are English, whatever the user's language. A student's name is in the column Student, or, if the export splits
names, in LastName and FirstName.
"""

import re

from autograder.lms.fill_cells import fill_column
from autograder.lms.matching import by_stage, find_column, match
from autograder.plain import number
from autograder.stages.source import read_stage
from autograder.submissions.csv_table import RosterError, amount
from autograder.submissions.headings import plain
from autograder.submissions.roster import split_name

PERSON = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
NAMES = {"studentlastname": "LastName", "lastname": "LastName", "studentfirstname": "FirstName", "firstname": "FirstName"}


def columns_of(table):
    """Return {Canvas's heading: index of the column} for the columns that identify the person of a row."""
    at = {}
    for i, h in enumerate(table.header):
        name = h if h in PERSON else NAMES.get(plain(h))
        if name:
            at.setdefault(name, i)
    return at


def is_canvas(table):
    """Return whether the headings of a Table are those of a gradebook from Canvas."""
    at = columns_of(table)
    return {"ID", "Section"} <= at.keys() and ("Student" in at or {"LastName", "FirstName"} <= at.keys())


def canvas_number(student):
    """Return the user number of Canvas at the end of a student id, or "" if the id has none.

    An id ends with this number if it was made from the name of a downloaded file: "lovelaceada_9001" -> "9001".
    """
    return student.rpartition("_")[2] if re.fullmatch(r".+_\d+", student) else ""


def fill_canvas(marks, table, filling):
    """Return the Table that Canvas can import: the columns that identify people, and one column per stage.

    marks    list of Mark
    table    Table of the gradebook that Canvas exported; all of its rows are kept, including the row Points Possible
    filling  Filling with the options; messages are added to it

    Raises RosterError if the table is not from Canvas, or if a stage's column is read-only.
    """
    if not is_canvas(table):
        raise RosterError(
            "this is not a gradebook from Canvas: it needs the columns Student (or LastName and FirstName), ID, SIS User ID, SIS Login ID and Section"
        )
    at = columns_of(table)
    first = [at[n] for n in ("Student", "LastName") if n in at][0]
    possible = next((i for i, r in enumerate(table.rows) if "Points Possible" in r[first]), None)

    def ways(row):
        cell = {name: row[i].strip() for name, i in at.items()}
        login = cell.get("SIS Login ID", "")
        if not cell["ID"]:
            return []  # the row is not about a person: Points Possible, Manual Posting
        split = (
            [f"{cell['LastName']}, {cell['FirstName']}", f"{cell['FirstName']} {cell['LastName']}"] if "LastName" in cell else []
        )
        names = [*split, *(split_name(cell["Student"]) if "Student" in cell else [])]
        return [*names, login, login.partition("@")[0], cell.get("SIS User ID", ""), cell["ID"]]

    people = [ways(r) for r in table.rows]
    rows_of = match(marks, people, filling.told, canvas_number)
    keep = sorted(at.values())
    columns = []
    for stage, ms in by_stage(marks).items():
        column, points = find_column(table, stage, filling.columns), None
        if column is None:
            column = len(table.header)
            rows = [[*r, table.show(ms[0].max_score) if i == possible else ""] for i, r in enumerate(table.rows)]
            table = table.with_rows([*table.header, read_stage(stage).title], rows)
            filling.told.append(f"{table.header[column]}: not in the roster; Canvas will offer to create it")
        elif possible is not None:
            if "read only" in table.rows[possible][column]:
                raise RosterError(f"{table.header[column]}: Canvas does not let this column be changed")
            points = amount(table.rows[possible][column])
        fill_column(table, column, ms, rows_of, points, filling, lambda row: people[row][0])
        columns.append(column)
    wanted = [i for i in keep if i not in columns] + columns
    return table.with_rows([table.header[i] for i in wanted], [[r[i] for i in wanted] for r in table.rows])


__all__ = ["fill_canvas", "is_canvas", "number"]
