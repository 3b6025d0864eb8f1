"""Release and submission, cut into parts that can be told by their text: exercises, checks, written answers, the rest.

A cell with two markers (cells were merged) is two parts. `# exercise: ID` and `# check: ID` are read with any
indentation, spacing and case, in cells of any type; `<!-- answer: ID -->` marks a written answer.
"""

import functools
import re
from dataclasses import dataclass

import nbformat

from autograder.places import NOTEBOOKS, ROOT
from autograder.repair.plain_python import defined, docstrings, only_comments, parse, plain
from autograder.stages.source import stage_names
from dpr_course.checks import CHECKS

GAP = r"[ \t]{0,20}"  # bounded, so that no line can take long to match
MARKER = re.compile(
    rf"^[ \t]*#+{GAP}(exercise|check){GAP}[:=\-]?{GAP}(\w{{1,100}}){GAP}:?{GAP}$"
    rf"|^[ \t]*(?:#{GAP})?<!--{GAP}(answer){GAP}:?{GAP}(\w{{1,100}}){GAP}-->",
    re.IGNORECASE | re.MULTILINE,
)


def tidy(text):
    """Text without blank lines at both ends and without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


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

    @functools.cached_property
    def names(self):
        return defined(self.text)


class Release:
    """The release's notebook of a stage and what each of its cells is."""

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
        # What an exercise must define: the names of its check, as far as its own cell is where they are made.
        self.names = {k: (p.names & set(CHECKS[k].names)) or p.names or set(CHECKS[k].names) for k, p in self.exercises.items()}
        self.all_names = frozenset().union(*self.names.values())
        self.docstrings = {k: docstrings(p.text) for k, p in self.exercises.items()}
        self._by_name = {
            (role, key.casefold()): key
            for role, parts in (("exercise", self.exercises), ("check", self.checks), ("answer", self.written))
            for key in parts
        }
        blocks = [p.text for p in self.parts if p.cell.cell_type == "markdown" and p.role == ""]
        blocks += [p.text for p in self.parts if p.cell.cell_type == "code" and p.role == "" and telling(p.text)]
        self.blocks = sorted(blocks + [p.text for p in self.checks.values()], key=len, reverse=True)

    def find(self, match):
        """(role, id) of a marker in a submission, or None if this stage has no such id."""
        role, key = (match[1] or match[3]).lower(), match[2] or match[4]
        key = self._by_name.get((role, key.casefold()))
        return ({"answer": "written"}.get(role, role), key) if key else None

    def stripped(self, text):
        """Text without the release's own cells in it: what remains of merged cells is the student's."""
        text = f"\n{tidy(text)}\n"
        for block in self.blocks:
            if f"\n{block}\n" in text:
                text = text.replace(f"\n{block}\n", "\n")
        return tidy(text)


def telling(code):
    """Whether a code cell is more than imports: a student may well need the same import in a cell of their own."""
    lines = [line for line in code.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return len(lines) > 1 and not all(line.startswith(("import ", "from ", " ", ")")) for line in lines)


def released_stages():
    """The stages whose notebooks are built."""
    return [name for name in stage_names() if (NOTEBOOKS / name / f"{name}.ipynb").exists()]


@functools.cache
def read_release(stage):
    return Release(stage)


def split(cell, i, release):
    """The parts of one submitted cell."""
    source, parts = cell.source, []
    found = [(m, known) for m in MARKER.finditer(source) if (known := release.find(m))]
    if not found:
        return [Part("", "", as_code(source) if cell.kind == "code" else tidy(source), (i, 0), cell, marked=False)]
    before = release.stripped(source[: found[0][0].start()])
    if not before or only_comments(before):
        before = ""
    for n, (m, (role, key)) in enumerate(found):
        end = found[n + 1][0].start() if n + 1 < len(found) else len(source)
        text = tidy(source[m.end() : end])
        if role == "written":
            text = release.stripped(text)
        if role == "exercise":
            text = with_prefix(before, as_code(unfenced(release.stripped(text))))
            before = ""
        parts.append(Part(role, key, text, (i, n + 2), cell))
    if before:
        parts.insert(0, Part("", "", as_code(before), (i, 1), cell, marked=False))
    return parts


def as_code(text):
    return tidy(plain(text))


def with_prefix(before, text):
    """An answer with what stood above its marker in the same cell, if that is code."""
    if not before:
        return text
    together = as_code(f"{before}\n{text}")
    return together if parse(together) is not None or parse(text) is None and parse(as_code(before)) is not None else text


def unfenced(text):
    """Code that was turned into Markdown may have been put into a fence."""
    return "\n".join(line for line in text.split("\n") if not line.strip().startswith("```"))


def match_release(parts, release):
    """Set `place` of every part: the index of the release's cell it corresponds to, None for the student's own."""
    by_text = {p.text: p for p in reversed(release.parts)}
    by_role = {"exercise": release.exercises, "check": release.checks, "written": release.written}
    for p in parts:
        same = by_text.get(tidy(p.cell.source)) if p.at[1] == 0 else None
        check = p.cell.grade_id.removeprefix("check_")
        if p.marked:
            p.place = by_role[p.role][p.key].place
        elif same and same.role != "written":  # the placeholder is the same in every written cell
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
    """How much of the release's cell is in the student's: the share of its lines; the same id counts for something."""
    if original.cell.cell_type != part.cell.kind:
        return 0.0
    return len(lines & original_lines) / len(original_lines) + 0.3 * (original.cell.id == part.cell.cell_id)
