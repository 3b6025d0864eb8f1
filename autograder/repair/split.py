"""Cuts the cells of a submission into parts at the markers in their text."""

from autograder.repair.parts import MARKER, Part
from autograder.repair.plain_python import tidy
from autograder.repair.syntax import only_comments


def split_cells(cells, release):
    """Return the parts of a submission as a list of Part, in order. `cells` is a list of SubmittedCell."""
    return [p for i, cell in enumerate(cells) for p in split(cell, i, release)]


def split(cell, i, release):
    """Return the parts of one SubmittedCell as a list of Part. `i` is the index of the cell in the notebook."""
    source, parts = cell.source, []
    found = [(m, known) for m in MARKER.finditer(source) if (known := release.find(m))]
    if not found:
        return [Part("", "", source, (i, 0), cell, marked=False)]
    before = release.stripped(source[: found[0][0].start()])
    if not before or only_comments(before):
        before = ""
    for n, (m, (role, key)) in enumerate(found):
        end = found[n + 1][0].start() if n + 1 < len(found) else len(source)
        text = tidy(source[m.end() : end])
        if role != "check":
            text = release.stripped(text)
        parts.append(Part(role, key, text, (i, n + 2), cell))
        if role == "exercise":
            parts[-1].above, before = before, ""
    if before:
        parts.insert(0, Part("", "", before, (i, 1), cell, marked=False))
    return parts
