"""The released notebook of a stage: the role of each of its cells, and the names that each exercise must define."""

import functools

import nbformat

from autograder.places import NOTEBOOKS, ROOT
from autograder.repair.parts import MARKER, Part
from autograder.repair.plain_python import tidy
from autograder.repair.syntax import docstrings
from autograder.stages.source import stage_names
from autograder.stages.tiers import TIERS, prose
from dpr_course.checks import CHECKS


class Release:
    """The released notebook of a stage, with the role of each of its cells.

    `stage` is the stage's name. The constructor raises ValueError if there is no notebook of this name.
    """

    def __init__(self, stage):
        path = NOTEBOOKS / stage / f"{stage}.ipynb"
        if not path.exists():
            raise ValueError(f"there is no stage {stage!r}: {path.relative_to(ROOT)} does not exist")
        self.stage = stage
        self.notebook = nbformat.read(path, as_version=4)
        self.parts = []
        for i, cell in enumerate(self.notebook.cells):
            found = MARKER.search(cell.source)
            role, key = (found[1] or found[3], found[2] or found[4]) if found else ("", "")
            role = {"answer": "written"}.get(role, role)
            text = tidy(cell.source[found.end() :] if found else cell.source)
            self.parts.append(Part(role, key, text, (i, 0), cell, place=i))
        self.exercises = {p.key: p for p in self.parts if p.role == "exercise"}
        self.checks = {p.key: p for p in self.parts if p.role == "check"}
        self.written = {p.key: p for p in self.parts if p.role == "written"}
        # The names that an exercise must define: those that its check uses and its own cell in the release defines.
        self.names = {k: (p.names & set(CHECKS[k].names)) or p.names or set(CHECKS[k].names) for k, p in self.exercises.items()}
        self.all_names = frozenset().union(*self.names.values())
        self.docstrings = {k: docstrings(p.text) for k, p in self.exercises.items()}
        self._by_name = {
            (role, key.casefold()): key
            for role, parts in (("exercise", self.exercises), ("check", self.checks), ("answer", self.written))
            for key in parts
        }
        # by_text is {text of a cell: its Part}. The guided and challenge tiers of the release have the same cells with other
        # hints, so the texts of all tiers are keys. The text of the standard tier is added last and wins.
        self.by_text = {}
        for p in reversed(self.parts):
            tiers = TIERS if p.cell.cell_type == "markdown" and not p.role else ("standard",)
            self.by_text |= {tidy(prose(p.text, tier)): p for tier in tiers} | {p.text: p}
        blocks = [text for text, p in self.by_text.items() if p.cell.cell_type == "markdown" and p.role == ""]
        blocks += [p.text for p in self.parts if p.cell.cell_type == "code" and p.role == "" and telling(p.text)]
        self.blocks = sorted(blocks + [p.text for p in self.checks.values()], key=len, reverse=True)

    def find(self, match):
        """Return (role, id) for a marker in a submission. `match` is a match of MARKER. Return None if this stage has no such id."""
        role, key = (match[1] or match[3]).lower(), match[2] or match[4]
        key = self._by_name.get((role, key.casefold()))
        return ({"answer": "written"}.get(role, role), key) if key else None

    def stripped(self, text):
        """Return the student's own text in `text`: all of it except the text of cells of the release.

        The text of a student's cell can contain whole cells of the release, because students merge cells.
        """
        text = f"\n{tidy(text)}\n"
        for block in self.blocks:
            if f"\n{block}\n" in text:
                text = text.replace(f"\n{block}\n", "\n")
        return tidy(text)


def telling(code):
    """Return whether `code`, a code cell of the release, can be recognised by its text when it is part of a student's cell.

    A single line is not enough, nor are imports alone: a student may have written the same.
    """
    lines = [line for line in code.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return len(lines) > 1 and not all(line.startswith(("import ", "from ", " ", ")")) for line in lines)


def released_stages():
    """Return the names of the stages whose notebooks have been built."""
    return [name for name in stage_names() if (NOTEBOOKS / name / f"{name}.ipynb").exists()]


@functools.cache
def read_release(stage):
    return Release(stage)
