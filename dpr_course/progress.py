"""The command `dpr-course progress`: which exercises are solved, how many points they earn, and what comes next.

The check of each exercise is run anew, with the published inputs, on the code in the student's notebooks; the outputs and
metadata in the notebooks are ignored. Hidden tests and written answers are not looked at: they count when the work is graded.
"""

import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from dpr_course.carry import notebooks_folder, passes
from dpr_course.checks import CHECKS
from dpr_course.errors import CourseError
from dpr_course.own_code import NotebookError, code_cells, exercise_cells, judged, needed
from dpr_course.stages import UNSOLVED, find_notebooks, stage_folders

SIGNS = {"solved": "✓", "partly": "◐", "wrong": "✗", "open": "○", "unread": "?"}
COLOURS = {
    "solved": ("#00694a", "#fff"),
    "partly": ("#f2d58a", "#222"),
    "wrong": ("#f4c7b5", "#222"),
    "open": ("#e4e8ee", "#222"),
    "unread": ("#e4e8ee", "#222"),
}
KEY = "✓ solved, ◐ some tests pass, ✗ begun, ○ not begun"


@dataclass
class StageFiles:
    """What was read from the files of one stage.

    cells     sources of the code cells in the stage's notebook
    previous  text of previous.py, which holds reference versions of the exercises of earlier stages
    problem   sentence on what is wrong with the files, or ""
    """

    name: str
    cells: list = field(default_factory=list)
    previous: str = ""
    problem: str = ""


@dataclass
class Outcome:
    """The state and the points of one exercise. `advice` is the first failed test with its message, or another problem, or ""."""

    check: object
    stage: str  # name of the stage's folder, "" if the student does not have that stage
    state: str = "open"  # a key of SIGNS
    points: float = 0.0
    advice: str = ""


@dataclass
class Progress:
    """A student's progress: one Outcome per exercise of the course, in order, and sentences about problems with the files."""

    outcomes: list
    problems: list

    @property
    def points(self):
        return sum(o.points for o in self.outcomes)

    @property
    def max_points(self):
        return sum(o.check.points for o in self.outcomes)

    @property
    def solved(self):
        return [o.check.exercise for o in self.outcomes if o.state == "solved"]

    @property
    def total(self):
        return f"{len(self.solved)} of {len(self.outcomes)} exercises solved, {self.points:g} of {self.max_points:g} points"

    def stages(self):
        """Return [(stage, its Outcomes), ...] in order. `stage` is the name of its folder, or its number if there is no folder."""
        numbers = dict.fromkeys(_number(o.check) for o in self.outcomes)
        groups = [(n, [o for o in self.outcomes if _number(o.check) == n]) for n in numbers]
        return [(group[0].stage or n, group) for n, group in groups]

    def next(self):
        """Return a sentence that tells the student what to do next."""
        o = next((o for o in self.outcomes if o.stage and o.state != "solved"), None)
        if o:
            return f"Next: exercise {o.check.number} {o.check.title}, in {o.stage}.{' ' if o.advice else ''}{o.advice}"
        if later := next((number for number, group in self.stages() if not group[0].stage), None):
            return f"Next: stage {later}, which you do not have yet."
        return "Next: `dpr-course milestone` shows the field's results that your code can reach."

    def __repr__(self):
        lines = []
        for name, group in self.stages():
            each = "  ".join(f"{SIGNS[o.state]} {o.check.number}" for o in group)
            told = (
                f"{sum(o.points for o in group):g} of {sum(o.check.points for o in group):g} points"
                if group[0].stage
                else "not here"
            )
            lines.append(f"{name:<20} {told:>16}   {each}")
        return "\n".join([*lines, "", f"{self.total} ({KEY})", *self.problems, self.next()])

    def _repr_html_(self):
        """Return the progress as HTML: a bar with one box per exercise, and text below it.

        The more points an exercise has, the wider its box. Each box shows the state by its colour and by a sign, so that it can
        be read without colour.
        """
        boxes = []
        for name, group in self.stages():
            inner = []
            for o in group:
                back, ink = COLOURS[o.state]
                inner.append(
                    f'<span style="flex:{o.check.points:g} 0 2.6em;background:{back};color:{ink};padding:.2em 0;text-align:center" '
                    f'title="{escape(o.check.title)}: {o.points:g} of {o.check.points:g} points">{SIGNS[o.state]} {o.check.number}</span>'
                )
            width = sum(o.check.points for o in group)
            boxes.append(
                f'<div style="flex:{width:g} 1 auto"><div style="font-size:.8em">{escape(name)}</div>'
                f'<div style="display:flex;gap:2px">{"".join(inner)}</div></div>'
            )
        told = "".join(f"<br>{escape(line)}" for line in [*self.problems, self.next()])
        return (
            f'<div role="group" aria-label="{escape(self.total)}" style="font:14px/1.4 system-ui,sans-serif;overflow-wrap:anywhere">'
            f'<div style="display:flex;flex-wrap:wrap;gap:8px">{"".join(boxes)}</div>'
            f'<p style="margin:.6em 0 0"><b>{escape(self.total)}</b> ({KEY}){told}</p></div>'
        )


def _number(check):
    return f"{int(check.number.split('.')[0]):02d}"


def read_folder(folder):
    """Read all stages in a folder. Return {number of the stage, such as "04": StageFiles}."""
    files = {}
    for path in stage_folders(folder):
        notebook, stage = path / f"{path.name}.ipynb", StageFiles(path.name)
        try:
            if notebook.exists():
                stage.cells = code_cells(notebook)
            else:
                stage.problem = f"{path.name}: {notebook.name} is not in {path}."
        except NotebookError as e:
            stage.problem = f"{e}."
        for name in ("previous.reference.py", "previous.py"):  # the first exists only after `dpr-course carry`
            if not stage.previous and (path / name).exists():
                stage.previous = (path / name).read_text(encoding="utf-8", errors="replace")
        copies = [p.name for p in sorted(path.glob("*.ipynb")) if p != notebook and _holds_exercises(p)]
        if copies:
            stage.problem = f"{stage.problem} {path.name}: only {notebook.name} is read, not {', '.join(copies)} beside it.".strip()
        files[path.name[:2]] = stage
    return files


def _holds_exercises(path):
    try:
        return bool(exercise_cells(code_cells(path)))
    except NotebookError:
        return False


def outcome(check, files):
    """Run the check of one exercise on the student's code and return the Outcome. `files` is what `read_folder` returns."""
    stage = files.get(_number(check))
    if stage is None:
        return Outcome(check, "")
    place = exercise_cells(stage.cells).get(check.exercise)
    if place is None:
        if not stage.cells:
            return Outcome(check, stage.name, "unread" if stage.problem else "open")
        return Outcome(check, stage.name, advice=f"Its cell, which begins with `# exercise: {check.exercise}`, is missing.")
    source = stage.cells[place]
    verdict = judged(check, stage.previous, needed(stage.cells[: place + 1], check.names))
    later = [files[n].previous for n in sorted(files) if n > _number(check) and files[n].previous]
    # If the exercise fails with the student's own earlier code, it is checked again with the previous.py of the next stage, which
    # holds reference versions (`carry` does so too), because a mistake in one exercise must cost no points in another.
    if verdict.passed or (UNSOLVED not in source and any(passes(check, previous, source) for previous in later[:1])):
        return Outcome(check, stage.name, "solved", check.points)
    failed = [t for t in verdict.tests if not t.passed]
    if all("Not solved yet" in t.message for t in failed):
        return Outcome(check, stage.name)
    return Outcome(
        check, stage.name, "partly" if verdict.points else "wrong", verdict.points, f"{failed[0].name}: {failed[0].message}"
    )


def progress(folder=None, files=None):
    """Check all exercises in a student's notebooks and return the Progress.

    folder  the folder that holds the stages' folders, or its parent; if None, it is searched for, see `notebooks_folder`
    files   what `read_folder` returned, if the folder was read already; `folder` is then not read

    Raises CourseError if no stage is found.
    """
    if files is None:
        files = read_folder(notebooks_folder(folder))
    if not files:
        raise CourseError(
            f"{Path(folder or '.').resolve()} holds no stage (00_start_here and so on): name the folder with --notebooks"
        )
    return Progress([outcome(check, files) for check in CHECKS.values()], [s.problem for s in files.values() if s.problem])


def show(stage):
    """Return the Progress, for a notebook's last cell to display. `stage` is the notebook's stage, such as "04_in_batch_loss".

    All notebooks are read as they were saved. In the notebook that calls `show`, a cell that was run counts even if it is not
    saved. In Colab, which has no folder of notebooks, only the exercises of this stage are known. While nbgrader executes the
    notebook, nothing is checked, and the function returns None.
    """
    if os.environ.get("NBGRADER_EXECUTION"):
        return None
    beside = Path.cwd().parent if Path.cwd().name == stage and stage_folders(Path.cwd().parent) else find_notebooks()
    files = read_folder(beside) if beside else {}
    own = files.setdefault(stage[:2], StageFiles(stage))
    if not own.previous and Path("previous.py").exists():
        own.previous = Path("previous.py").read_text(encoding="utf-8", errors="replace")
    try:
        from IPython import get_ipython

        ran = get_ipython().user_ns.get("In", [])
    except (ImportError, AttributeError):  # no notebook
        ran = []
    own.cells = [*own.cells, *ran]
    return progress(files=files)
