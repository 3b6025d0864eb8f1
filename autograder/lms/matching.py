"""Matches a platform's grade file with the gradebook: rows with students, columns with stages."""

import re

from autograder.stages.source import read_stage
from autograder.submissions.csv_table import RosterError
from autograder.submissions.headings import column

TAGGED = re.compile(r"\s*(?:\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]\s*\|\s*\d+)$")  # what platforms append to the name of a grade item


def squeeze(text):
    """Return only the letters and digits of a text, in lower case: "O'Neill, Ada" -> "oneillada"."""
    return re.sub(r"[\W_]+", "", str(text).casefold())


def match(marks, people, told, number_of=None):
    """Match the gradebook's students with the rows of a platform's file. Return {student id: row index}.

    marks      list of Mark; it determines which students are matched
    people     list with one entry per row: the list of names and ids of its person, empty if the row is not about a person
    told       list to which messages about students without a unique row and about rows without a student are appended
    number_of  function that takes a student id and returns the platform's number in it, or None
    """
    rows = {}
    for i, ways in enumerate(people):
        for name in filter(None, map(squeeze, ways)):
            rows.setdefault(name, set()).add(i)
    found, told_of = {}, {}
    for m in {m.student: m for m in marks}.values():
        own = [
            m.student,
            number_of(m.student) if number_of else "",
            m.email,
            f"{m.first_name} {m.last_name}",
            f"{m.last_name} {m.first_name}",
        ]
        hits = [rows[name] for name in filter(None, map(squeeze, own)) if name in rows]
        sure = next((next(iter(h)) for h in hits if len(h) == 1), None)
        if sure is None:
            told.append(
                f"{m.student}: " + ("matches several people in the roster" if hits else "in the gradebook, not in the roster")
            )
        elif sure in told_of:
            told.append(f"{m.student}: matches the same person in the roster as {told_of[sure]}; nothing is written for either")
            found.pop(told_of[sure], None)
        else:
            found[m.student], told_of[sure] = sure, m.student
    missing = [next((w for w in ways if w), "?") for i, ways in enumerate(people) if ways and i not in told_of]
    if missing:
        told.append(f"in the roster, not in the gradebook: {'; '.join(missing)}")
    return found


def bare(heading):
    """Return the name of the graded item in a platform's heading: "Aufgabe:04 Loss (Punkte)" -> "04 Loss"."""
    while TAGGED.search(heading):
        heading = TAGGED.sub("", heading)
    heading = re.sub(r"\s+(Points|Text|Pass/Fail) Grade$", "", heading)
    return re.sub(r"^[^\W\d_]+(?: [^\W\d_]+)?\s?:\s*(?=\S)", "", heading)


def find_column(table, stage, columns=()):
    """Return the index of the column that holds a stage's points in `table`, or None if there is none.

    The heading of this column is the name of the stage's folder, the notebook's title or the stage's number. A heading in
    `columns`, the instructor's {stage or stage number: heading}, takes precedence. Raises RosterError if several columns fit, or
    if the column holds percentages.
    """
    for given in (stage, stage[:2]):
        if given in columns:
            return column(table.header, columns[given])
    title = read_stage(stage).title
    names = {squeeze(stage), squeeze(title), squeeze(title.partition("·")[2])}
    header = table.header
    hits = [i for i, h in enumerate(header) if {squeeze(h), squeeze(bare(h))} & names]
    hits = hits or [i for i, h in enumerate(header) if re.match(rf"\s*{stage[:2]}(?![.,\d])\b", bare(h))]
    if len(hits) > 1:  # a stage may have a column for points, one for percentages and one for letters
        hits = [i for i in hits if not any(re.search(r"%|[^\W\d]", r[i]) for r in table.rows)] or hits
    if len(hits) > 1:
        raise RosterError(
            f"stage {stage} matches several columns: {', '.join(header[i] for i in hits)}; rename one in the LMS, or say which: --columns '{stage[:2]}=…'"
        )
    if hits and any(re.search(r"\d\s*%", r[hits[0]]) for r in table.rows):
        raise RosterError(f"the column {header[hits[0]]} holds percentages: export points")
    return hits[0] if hits else None


def by_stage(marks):
    """Return {stage: list of Mark}, without the stages for which nobody has handed anything in."""
    stages = {}
    for m in marks:
        stages.setdefault(m.stage, []).append(m)
    return {s: ms for s, ms in stages.items() if any(m.submitted for m in ms)}
