"""Writes scores into the cells of a platform's grade file. A grade that somebody has entered is kept, unless overwriting is on."""

import re
from dataclasses import dataclass, field

from autograder.plain import number

OPEN = re.compile(r"-?|needs grading.*|in progress.*", re.IGNORECASE)  # a cell in which nobody has entered a grade


@dataclass
class Filling:
    """The options for filling in a grade file, and the messages for the instructor."""

    columns: dict = field(default_factory=dict)  # the option --columns, {role or stage number: heading}
    overwrite: bool = False
    told: list = field(default_factory=list)  # the messages, each of one line

    def put(self, old, new, whom, what):
        """Return the new content of a cell: `new`, or `old` if somebody has entered a grade and `overwrite` is false.

        If an entered grade differs from `new`, a message is added. It names the person `whom` and the column `what`.
        """
        if not new or same(old, new):
            return old
        if OPEN.fullmatch(old.strip()):
            return new
        shown = old.strip() if len(old.strip()) <= 40 else old.strip()[:40] + "…"
        if self.overwrite:
            self.told.append(f"{whom}: {what} was {shown}, replaced by {new}")
            return new
        self.told.append(f"{whom}: {what} is already {shown} and stays; the gradebook has {new} (--overwrite writes it)")
        return old


def same(one, other):
    """Return whether two cells are equal, as text or as numbers, for example "2,50" and "2.5"."""
    try:
        return one.strip() == other or float(one.replace(",", ".")) == float(other.replace(",", "."))
    except ValueError:
        return False


def fill_column(table, at, marks, rows_of, points, filling, whom, name=""):
    """Write the scores of one stage into column `at` of the table, in place. Return the ids of students whose cell was kept.

    marks    list of Mark, all for the same stage
    rows_of  {student id: row index}
    points   maximum to which the scores are scaled, or None to leave them unscaled
    filling  Filling with the options; messages are added to it
    whom     function that takes a row index and returns the person's name
    name     name of the stage in the message about scaling, by default the column's heading

    A cell is kept if it holds another grade and `filling.overwrite` is false.
    """
    kept = set()
    for m in marks:
        if m.gradable and m.student in rows_of:
            row = rows_of[m.student]
            score = table.show(m.score if points is None else m.score * points / m.max_score)
            table.rows[row][at] = filling.put(table.rows[row][at], score, whom(row), table.header[at])
            kept |= set() if same(table.rows[row][at], score) else {m.student}
    if points is not None and points != marks[0].max_score:
        filling.told.append(f"{name or table.header[at]}: scaled from {number(marks[0].max_score)} to {number(points)} points")
    return kept
