"""The command `dpr-course carry 04`: it rewrites a stage's previous.py from your earlier notebooks, to go on with your own code.

Only definitions are read (imports, functions, classes); cells are not run. An exercise is taken only if it passes its
check. An exercise that does not pass, or is not solved, keeps the reference version.
"""

import ast
from pathlib import Path

from dpr_course.checks import CHECKS
from dpr_course.errors import CourseError
from dpr_course.files import replacing
from dpr_course.own_code import NotebookError, code_cells, definitions, exercise_cells, first_line, judged, lines_of
from dpr_course.stages import UNSOLVED, find_notebooks, stage_folders


class CarryError(CourseError):
    """A previous.py cannot be rewritten, and nothing was written. The message says why and what to do."""


def replaced(previous, found, comment):
    """Return the text of previous.py in which the definitions in `found` replace those of the same name."""
    lines = lines_of(previous.removesuffix("\n"))
    known = {n.name: n for n in ast.parse(previous).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    names = [name for name in found if name in known]
    if not names:
        raise CarryError("nothing to replace")
    extra = [text for name, text in found.items() if name not in known]
    for i, name in enumerate(sorted(names, key=lambda n: -known[n].lineno)):
        node = known[name]
        text = [comment, *(extra if i == len(names) - 1 else []), found[name]]
        lines[first_line(node) - 1 : node.end_lineno] = text
    return "\n".join(lines) + "\n"


def passes(check, previous, source):
    """True if the definitions in an exercise's cell pass every test of its check on top of previous.py."""
    try:
        code = "\n\n".join(definitions(source).values())
    except (SyntaxError, ValueError):
        return False
    return judged(check, previous, code).passed


def carry(stage, folder=None):
    """Rewrite previous.py of `stage` (a number such as "04") with the student's exercises that pass their checks.

    folder: the student's notebooks folder, or the folder that contains it; by default the course that contains the working
    folder. Returns `{exercise: True if it is now the student's, False if the student's is wrong, None if it is not solved}`.
    Raises CarryError and writes nothing if the stage or its previous.py does not exist, or if a notebook cannot be read.
    """
    folder = notebooks_folder(folder)
    stages = stage_folders(folder)
    target = next((p for p in stages if p.name.startswith(stage)), None)
    if target is None or not (target / "previous.py").exists():
        raise CarryError(f"there is no previous.py for stage {stage} in {folder.resolve()}, which has {_listed(stages)}")
    path = target / "previous.py"
    reference = target / "previous.reference.py"
    previous = (reference if reference.exists() else path).read_text(encoding="utf-8")
    text, outcome = previous, {}
    for earlier in stages[: stages.index(target)]:
        notebook = earlier / f"{earlier.name}.ipynb"
        try:
            cells = code_cells(notebook) if notebook.exists() else []
        except NotebookError as e:
            raise CarryError(str(e)) from None
        for exercise, place in exercise_cells(cells).items():
            source = cells[place]
            outcome[exercise] = None if UNSOLVED in source else False
            # Checked on top of the reference; if it fails there, on top of the student's definitions carried so far.
            if exercise in CHECKS and any(passes(CHECKS[exercise], base, source) for base in dict.fromkeys((previous, text))):
                text = replaced(text, definitions(source), f"# yours, from {earlier.name}")
                outcome[exercise] = True
    for where, what in ((reference, previous), (path, text)):  # the reference first: the next carry starts from it
        with replacing(where) as part:
            part.write_text(what, encoding="utf-8")
    return outcome


def notebooks_folder(folder):
    """Return the folder with the stages: `folder`, or `notebooks` in it; for None, the one that contains the working folder."""
    if folder is None:
        if found := find_notebooks():
            return found
        raise CarryError(
            f"the stages' folders (00_start_here and so on) are neither in {Path.cwd()} nor above it: change to the course's "
            "folder, or give it with --notebooks"
        )
    folder = Path(folder)
    return folder / "notebooks" if not stage_folders(folder) and stage_folders(folder / "notebooks") else folder


def _listed(stages):
    return ", ".join(p.name for p in stages if (p / "previous.py").exists()) or "none"
