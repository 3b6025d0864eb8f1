"""The parts of a notebook, recognised by their text: exercises, checks, written answers and the rest.

A cell that holds two markers, because cells were merged, gives two parts. The markers are `# exercise: ID`, `# check: ID` and,
for a written answer, `<!-- answer: ID -->`. They are recognised with any indentation, spacing and case, in cells of any type.
"""

import functools
import re
from dataclasses import dataclass

from autograder.repair.syntax import defined

GAP = r"[ \t]{0,20}"  # bounded, so that matching a line never takes long
MARKER = re.compile(
    rf"^[ \t]*#+{GAP}(exercise|check){GAP}[:=\-]?{GAP}(\w{{1,100}}){GAP}:?{GAP}$"
    rf"|^[ \t]*(?:#{GAP})?<!--{GAP}(answer){GAP}:?{GAP}(\w{{1,100}}){GAP}-->",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Part:
    """A piece of a notebook. `role` is "exercise", "check", "written" or "", and `key` is the id in the marker."""

    role: str
    key: str
    text: str  # without the marker; code as plain Python
    at: tuple = ()  # (index of the cell, index of the part in it), the position in the notebook; part 0 is a whole cell
    cell: object = None  # the SubmittedCell from which the part comes
    marked: bool = True  # whether the part was found by its marker
    place: int | None = None  # index of the corresponding cell of the release
    above: str = ""  # code above the marker in the same cell

    @functools.cached_property
    def names(self):
        return defined(self.text)
