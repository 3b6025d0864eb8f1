"""Fills in gradebooks that Blackboard and Brightspace export, so that these platforms can import them. Examples of headings:

Blackboard   Last Name, First Name, Username, Student ID, …, 04 Loss [Total Pts: 9 Score] |123456; often UTF-16 with tabs
Brightspace  OrgDefinedId, Username, …, 04 Loss Points Grade <Numeric MaxPoints:9 …>, …, End-of-Line Indicator
"""

import re

from autograder.lms.fill_cells import fill_column
from autograder.lms.matching import by_stage, find_column, match
from autograder.stages.source import read_stage
from autograder.submissions.csv_table import RosterError, amount
from autograder.submissions.headings import EMAIL, FIRST, ID, LAST, LOGIN, NAME, plain, roles
from autograder.submissions.roster import split_name

BLACKBOARD = re.compile(r"\[[^\[\]]*\]\s*\|\s*\d+$")
POINTS = {"blackboard": re.compile(r"\[[^\[\]:]*:\s*([\d.,]+)"), "brightspace": re.compile(r"MaxPoints:\s*([\d.,]+)")}
COMPUTED = re.compile(r"up to|Calculated|Subtotal", re.IGNORECASE)


def is_blackboard(table):
    return any(BLACKBOARD.search(h) for h in table.header) or {"lastaccess", "availability"} <= {plain(h) for h in table.header}


def is_brightspace(table):
    names = {plain(h) for h in table.header}
    ended = bool(table.rows) and len(table.header) > 2 and all(r[len(table.header) - 1].strip() == "#" for r in table.rows)
    return ended or bool({"orgdefinedid", "endoflineindicator"} & names) or any("<Numeric" in h for h in table.header)


def people_of(table, columns):
    """Return two lists: one with the names and ids of each row's person, one with the indices of the columns that identify people.

    columns: {role: heading}, given by the instructor, see `headings.roles`. Raises RosterError if no column holds a username or
    an id.
    """
    at = roles(table.header, columns)
    if not {LOGIN, ID} & at.keys():
        raise RosterError(
            f"no column was recognised by which the platform identifies people (Username, Student ID): name it with --columns 'login=…'. The file has: {', '.join(table.header)}"
        )
    ways = []
    for row in table.rows:
        cell = {role: row[i].strip().removeprefix("#") for role, i in at.items()}
        email, first, last = cell.get(EMAIL, ""), cell.get(FIRST, ""), cell.get(LAST, "")
        names = [f"{first} {last}".strip(), f"{last} {first}", *split_name(cell.get(NAME, ""))]
        ways.append(
            [*names, cell.get(LOGIN, ""), cell.get(LOGIN, "").partition("@")[0], cell.get(ID, ""), email, email.partition("@")[0]]
        )
    return ways, sorted(i for role, i in at.items() if role in (FIRST, LAST, NAME, LOGIN, ID, EMAIL)) + [
        i for i, h in enumerate(table.header) if plain(h) in ("studentid", "orgdefinedid")
    ]


def fill_platform(kind, marks, table, filling):
    """Return the Table to import: the columns that identify people, one column per stage, and for Brightspace its last column.

    kind: "blackboard" or "brightspace"; marks: list of Mark; filling: Filling with the options; messages are added to it. Raises
    RosterError if the table is not from this platform, or if the platform computes a stage's column itself.
    """
    known = {"blackboard": is_blackboard, "brightspace": is_brightspace}[kind]
    if not known(table):
        raise RosterError(f"this is not a gradebook from {kind.capitalize()}: export it there, with points, as a CSV file")
    people, keep = people_of(table, filling.columns)
    rows_of = match(marks, people, filling.told)
    ending = [i for i, h in enumerate(table.header) if plain(h) == "endoflineindicator"]
    if kind == "brightspace" and not ending:
        ending = [len(table.header) - 1] if all(r[len(table.header) - 1].strip() == "#" for r in table.rows) else []
    columns = []
    for stage, ms in by_stage(marks).items():
        column, points = find_column(table, stage, filling.columns), None
        if column is None and kind == "blackboard":
            filling.told.append(
                f"{stage}: no column has this name, and Blackboard only imports into columns that exist; make one there and export again"
            )
            continue
        if column is None:
            column, heading = len(table.header), f"{read_stage(stage).title} Points Grade"
            table = table.with_rows([*table.header, heading], [[*r, ""] for r in table.rows])
            filling.told.append(f"{heading}: not in the roster; Brightspace will offer to create it")
        elif COMPUTED.search(table.header[column]):
            raise RosterError(
                f"{table.header[column]}: {kind.capitalize()} computes this column itself and imports no marks into it"
            )
        elif m := POINTS[kind].search(table.header[column]):
            points = amount(m[1])
        fill_column(table, column, ms, rows_of, points, filling, lambda row: next(w for w in people[row] if w.strip()))
        columns.append(column)
    order = sorted(set(keep)) + columns + ending
    header, rows = [table.header[i] for i in order], [[r[i] for i in order] for r in table.rows]
    if kind == "brightspace" and not ending:
        header, rows = [*header, "End-of-Line Indicator"], [[*r, "#"] for r in rows]
    return table.with_rows(header, rows)
