"""Defines a Part, a piece of a notebook: an exercise, a check, a written answer, or anything else.

Parts are recognised by a marker in the text of a cell: `# exercise: ID`, `# check: ID` or, for a written answer,
`<!-- answer: ID -->`. A marker may have any indentation, spacing and case, and may be in a cell of any type. A cell with two
markers (a student has merged two cells) gives two parts.
"""

import functools
import re
from dataclasses import dataclass

from autograder.repair.syntax import defined

GAP = r"[ \t]{0,20}"  # at most 20, so that matching a line never takes long
MARKER = re.compile(
    rf"^[ \t]*#+{GAP}(exercise|check){GAP}[:=\-]?{GAP}(\w{{1,100}}){GAP}:?{GAP}$"
    rf"|^[ \t]*(?:#{GAP})?<!--{GAP}(answer){GAP}:?{GAP}(\w{{1,100}}){GAP}-->",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Part:
    """A piece of a notebook.

    `role` is "exercise", "check", "written" or "" (anything else), and `key` is the id in the marker.
    """

    role: str
    key: str
    text: str  # without the marker; code as plain Python
    at: tuple = ()  # (index of the cell, index in the cell): 0 is the whole cell, 1 the text above the markers, 2 the first marker's part
    cell: object = None  # the SubmittedCell from which the part comes
    marked: bool = True  # whether the part has a marker
    place: int | None = None  # index of the corresponding cell of the release
    above: str = ""  # code above the marker in the same cell

    @functools.cached_property
    def names(self):
        return defined(self.text)
