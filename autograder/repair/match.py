"""Matches the parts of a submission with the cells of the release."""

from autograder.repair.plain_python import tidy


def match_release(parts, release):
    """Set `place` of every part to the index of the corresponding cell of the release. New cells by the student keep None.

    A part without a marker also gets the role and the key of a cell of the release if both have the same text, or if the part's
    nbgrader id is that of a check.
    """
    by_role = {"exercise": release.exercises, "check": release.checks, "written": release.written}
    for p in parts:
        same = release.by_text.get(tidy(p.cell.source)) if p.at[1] == 0 else None
        check = p.cell.grade_id.removeprefix("check_")
        if p.marked:
            p.place = by_role[p.role][p.key].place
        elif same and same.role != "written":  # all written cells have the same placeholder
            p.role, p.key, p.place = same.role, same.key, same.place
        elif p.cell.kind == "code" and p.cell.grade_id.startswith("check_") and check in release.checks and not p.names:
            p.role, p.key, p.place = "check", check, release.checks[check].place
    taken = {p.place for p in parts}
    free = {p.place: (p, set(p.text.split("\n"))) for p in release.parts if p.place not in taken and not p.role and p.text}
    for p in parts:
        if p.place is None and p.at[1] == 0 and free and len(p.cell.source) < 20_000 and not p.names & release.all_names:
            lines = set(tidy(p.cell.source).split("\n"))
            share, place = max((overlap(p, lines, *original), place) for place, original in free.items())
            if share > 0.5:
                p.place = place
                del free[place]


def overlap(part, lines, original, original_lines):
    """Return how similar a student's cell is to a cell of the release, from 0 to 1.3.

    part, lines               the Part of the student's cell, and the set of its lines
    original, original_lines  the Part of the release's cell, and the set of its lines

    The similarity is the share (0 to 1) of the lines of the release's cell that are also in the student's cell, plus 0.3 if both
    cells have the same id. For cells of different types it is 0.
    """
    if original.cell.cell_type != part.cell.kind:
        return 0.0
    return len(lines & original_lines) / len(original_lines) + 0.3 * (original.cell.id == part.cell.cell_id)
