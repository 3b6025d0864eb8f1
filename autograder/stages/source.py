"""Reads the stages' source files, `solutions/NN_name.py`, which are in jupytext's percent format.

The header of a cell says what the cell is:

    # %% [markdown]                         prose
    # %%                                    code
    # %% exercise="ID"                      the student's cell, with the answer between BEGIN SOLUTION and END SOLUTION
    # %% check="ID"                         the check of this exercise, graded; the points come from dpr_course.checks
    # %% [markdown] written="ID" points=5   a written answer, graded by hand
    # %% carry=true                         definitions that later stages need (exercise cells always count as such)
    # %% slide="code"                       slides show this code; "skip": slides omit this cell; "notes": only speaker's notes show it
    # %% slow=true                          takes more than 2 s (training) or uses a slow cell's result; no exercise needs it

In an exercise's cell, lines that begin with `#:`, `#?` or `#!` are marks. They say how much of the answer is given in two of the
three tiers of the student notebooks, guided and challenge; see scaffolds.py.
"""

import ast
import functools
import json
import re
from dataclasses import dataclass

import jupytext

from autograder.places import SOURCES
from autograder.stages.scaffolds import MARK, why_wrong, without_marks, without_solution
from dpr_course.checks import CHECKS
from dpr_course.own_code import segments


class SourceError(ValueError):
    """Raised if a stage's source file breaks a rule. The message names the file and the cell."""


@dataclass
class Cell:
    """One cell of a stage's source."""

    kind: str  # "markdown" or "code"
    source: str
    metadata: dict
    marked_up: str = ""  # only for an exercise: the source with the marks for the tiers, see scaffolds.py


@dataclass
class Stage:
    """A stage as its source file describes it."""

    name: str  # "04_in_batch_loss"
    cells: list

    @property
    def number(self):
        return self.name[:2]

    @property
    def title(self):
        """The heading of the notebook, such as "04 · In-batch negatives"."""
        return self.cells[0].source.splitlines()[0].removeprefix("# ")

    def carried(self):
        """Return the cells that later stages need: those marked with carry=true, and the exercises."""
        return [c for c in self.cells if c.metadata.get("carry") or "exercise" in c.metadata]

    def definitions(self):
        """Return the code of the cells that later stages need, one text per cell, with answers and without solution markers."""
        return [without_markers(c.source) for c in self.carried()]


def without_markers(source):
    """Return the source of a cell without the lines `### BEGIN SOLUTION` and `### END SOLUTION`."""
    return re.sub(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", "", source, flags=re.MULTILINE).strip()


def stage_names():
    """Return the names of all stages, in order."""
    return sorted(p.stem for p in SOURCES.glob("[0-9][0-9]_*.py"))


def chosen_stages(wanted):
    """Return the names of the stages that `wanted` selects.

    `wanted` is a range such as "00-04", a number such as "03", a name such as "03_recall_at_k", or None for all stages. Raises
    SystemExit if there is no such stage.
    """
    names = stage_names()
    if not wanted:
        return names
    first, _, last = (wanted[:2] if wanted in names else wanted).partition("-")
    chosen = [n for n in names if first <= n[:2] <= (last or first)]
    if not chosen:
        raise SystemExit(
            f"no stage in {wanted!r}: give a number or a range of {', '.join(n[:2] for n in names)}, for example 01-03"
        )
    return chosen


def source_cells(path):
    """Return the cells of a source file in the percent format, as jupytext reads them."""
    # With comment_magics on, jupytext takes a comment that begins with "copy", "cat" or "echo" for a command and uncomments it.
    fmt = {"extension": ".py", "format_name": "percent", "comment_magics": False}
    return jupytext.reads(path.read_text(encoding="utf-8"), fmt=fmt).cells


@functools.cache
def read_stage(name):
    """Parse one stage's source file into a Stage. Raises SourceError if the file breaks a rule."""
    path = SOURCES / f"{name}.py"
    stage = Stage(name, [_cell(c) for c in source_cells(path)])
    for i, c in enumerate(stage.cells, 1):
        where = f"{path.name}, cell {i}"
        unknown = set(c.metadata) - {"exercise", "check", "written", "points", "carry", "slow", "slide", "lines_to_next_cell"}
        if unknown:
            raise SourceError(f"{where}: unknown key {', '.join(sorted(unknown))} in the cell's header")
        if c.metadata.get("slide", "code") not in ("code", "skip", "notes"):
            raise SourceError(f"{where}: slide is {c.metadata['slide']!r}: it must be code, skip or notes")
        begin, end = c.source.count("### BEGIN SOLUTION"), c.source.count("### END SOLUTION")
        if begin != end or (begin > 0) != ("exercise" in c.metadata or "written" in c.metadata):
            raise SourceError(f"{where}: BEGIN and END SOLUTION must come in pairs, in exercise cells and only there")
        if wrong := why_wrong(c.marked_up):
            raise SourceError(f"{where}: {wrong}")
        if c.kind == "code" and any(map(MARK.match, c.source.split("\n"))):
            raise SourceError(f"{where}: the marks #:, #? and #! belong in exercise cells only")
        if c.kind == "code" and "exercise" not in c.metadata and len(c.source.splitlines()) > 25:
            raise SourceError(f"{where}: a code cell outside the exercises has more than 25 lines")
    exercises = [c.metadata["exercise"] for c in stage.cells if "exercise" in c.metadata]
    checks = [c.metadata["check"] for c in stage.cells if "check" in c.metadata]
    if exercises != checks:
        raise SourceError(f"{path.name}: exercises {exercises} must be followed by their checks, but the checks are {checks}")
    return stage


def _cell(c):
    """Return a Cell made from jupytext's cell `c`."""
    if "exercise" in c.metadata:
        return Cell(c.cell_type, without_marks(c.source), dict(c.metadata), c.source)
    return Cell(c.cell_type, c.source, dict(c.metadata))


def load_reference(upto=None):
    """Execute those definitions of each stage that later stages need, with the reference answers.

    Return {name: object}, the namespace in which they were executed. upto: name of the first stage to leave out, or None.
    """
    namespace = {"__name__": "reference"}
    for name in stage_names():
        if upto is None or name < upto:
            for code in read_stage(name).definitions():
                exec(compile(code, f"solutions/{name}.py", "exec"), namespace)
    return namespace


def _exercise_cell(exercise):
    cells = [c for name in stage_names() for c in read_stage(name).cells]
    return next(c for c in cells if c.metadata.get("exercise") == exercise)


def exercise_source(exercise):
    """Return the source of an exercise's cell in the reference, with the solution markers."""
    return _exercise_cell(exercise).source


def marked_up_source(exercise):
    """Return the source of an exercise's cell with the solution markers and the marks for the tiers; see scaffolds.py."""
    return _exercise_cell(exercise).marked_up


# What is added to a previous.py in which exercises are left unsolved: OPEN near its beginning, TELL at its end.
OPEN = '''
TODO = """Solve it in its own notebook, run `dpr-course carry {number}` (in a cell: `!dpr-course carry {number}`), and restart
this notebook's kernel. It is released together with this stage, so no answer is given here."""


def yours(exercise):
    """Stands in the exercises that are still to be done."""
    raise RuntimeError(f"{{exercise}} is your own work. {{TODO}}")


'''
TELL = """

if globals().get("__spec__"):  # imported by the notebook, not merely read
    _made = {{name: globals()[name] for name in {names}}}
    _parts = {{name: [thing, *vars(thing).values()] for name, thing in _made.items()}}
    _open = [name for name, parts in _parts.items() if any("yours" in p.__code__.co_names for p in parts if hasattr(p, "__code__"))]
    if _open:
        print(f"Not in previous.py yet: {{', '.join(_open)}}. {{TODO}}")
"""


def imported_from_previous(name):
    """Return the names that a stage's notebook imports from previous.py."""
    nodes = [
        n for c in read_stage(name).cells if c.kind == "code" and "from previous" in c.source for n in ast.walk(ast.parse(c.source))
    ]
    return {a.name for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "previous" for a in n.names}


def previous_source(name, since=None):
    """Return the text of `previous.py` for stage `name`: the reference definitions of the earlier stages.

    Return None if there are no definitions. since: name of the first of the stages that are released together with stage `name`,
    or None. From stage `since` on, the answers are left out: an exercise's function then raises an error when it is called, and
    if stage `name` imports this function, importing previous.py prints what to do (`dpr-course carry`).
    """
    parts, imports, still_open = [], [], []
    for earlier in stage_names():
        if earlier >= name:
            break
        code = []
        for cell in read_stage(earlier).carried():
            definition = without_markers(cell.source)
            if since and earlier >= since and "exercise" in cell.metadata:
                number = CHECKS[cell.metadata["exercise"]].number
                definition = without_solution(cell.source, f'yours("exercise {number}")')
                still_open += [n.name for n in ast.parse(definition).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
            body = []
            for node, text in segments(definition):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    imports.append(ast.get_source_segment(definition, node))
                else:
                    body.append(text)
            code += body
        if code:
            parts.append(f"# From stage {earlier}\n\n\n" + "\n\n\n".join(code))
    if not parts:
        return None
    plain = sorted({i for i in imports if i.startswith("import")})
    names = {}
    for i in imports:
        if i.startswith("from"):
            module, what = re.fullmatch(r"from (\S+) import (.+)", i).groups()
            names.setdefault(module, set()).update(w.strip() for w in what.split(","))
    lines = plain + [f"from {m} import {', '.join(sorted(w))}" for m, w in sorted(names.items())]
    head = "Your own work takes the place of what is still open." if still_open else "Reference versions: read them, use them."
    begin = OPEN.format(number=name[:2]) if still_open else "\n\n"
    open_here = still_open and imported_from_previous(name) & set(still_open)
    end = TELL.format(names=json.dumps(still_open)) if open_here else ""
    text = "\n".join([f'"""What the earlier stages built, as this stage needs it. {head}"""\n', *lines]) + "\n"
    return text + begin + "\n\n\n".join(parts) + "\n" + end
