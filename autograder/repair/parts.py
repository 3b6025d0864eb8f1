"""Parts of a notebook that can be told by their text: exercises, checks, written answers, the rest.

A cell with two markers (cells were merged) is two parts. `# exercise: ID` and `# check: ID` are read with any
indentation, spacing and case, in cells of any type; `<!-- answer: ID -->` marks a written answer.
"""

import functools
import re
from dataclasses import dataclass

from autograder.repair.syntax import defined

GAP = r"[ \t]{0,20}"  # bounded, so that no line can take long to match
MARKER = re.compile(
    rf"^[ \t]*#+{GAP}(exercise|check){GAP}[:=\-]?{GAP}(\w{{1,100}}){GAP}:?{GAP}$"
    rf"|^[ \t]*(?:#{GAP})?<!--{GAP}(answer){GAP}:?{GAP}(\w{{1,100}}){GAP}-->",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Part:
    """A piece of a notebook. `role` is "exercise", "check", "written" or "" and `key` its id."""

    role: str
    key: str
    text: str  # without the marker; code as plain Python
    at: tuple = ()  # (cell, part of the cell), the order in the notebook; part 0 is a whole cell
    cell: object = None  # the SubmittedCell it comes from
    marked: bool = True
    place: int | None = None  # index of the release's cell that it corresponds to
    above: str = ""  # code that stands above the marker in the same cell

    @functools.cached_property
    def names(self):
        return defined(self.text)
