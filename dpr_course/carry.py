"""The command `dpr-course carry 04`, which rewrites previous.py of stage 04 with the student's own code of earlier stages.

previous.py lies beside a stage's notebook and holds reference versions of the exercises of earlier stages. The command replaces
a reference version by the student's version if the student's version passes its check. The command uses only the imports,
functions and classes in the student's notebooks, and does not run the notebooks.
"""

import ast
from pathlib import Path

from dpr_course.checks import CHECKS
from dpr_course.errors import CourseError
from dpr_course.files import replacing
from dpr_course.own_code import NotebookError, code_cells, definitions, exercise_cells, first_line, judged, lines_of
from dpr_course.stages import UNSOLVED, find_notebooks, stage_folders


class CarryError(CourseError):
    """Raised if previous.py cannot be rewritten, before any file is changed. The message says why and what to do."""


def replaced(previous, found, comment):
    """Return the source text `previous` with its functions and classes replaced by those of the same name in `found`.

    previous  text of a previous.py
    found     {name: source} of the student's definitions; a definition whose name is not in `previous`, such as an import, is
              inserted before the first replaced definition
    comment   line that is put before each replaced definition

    Raises CarryError if no name in `found` is a function or class of `previous`.
    """
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
    """Return whether the student's code of one exercise passes every test of `check`; False if it cannot be parsed.

    previous  text of a previous.py, which is run first
    source    source of the exercise's cell; only its imports, functions and classes are run
    """
    try:
        code = "\n\n".join(definitions(source).values())
    except (SyntaxError, ValueError):
        return False
    return judged(check, previous, code).passed


def carry(stage, folder=None):
    """Rewrite previous.py of `stage` with the student's solutions of earlier exercises, except those that fail their check.

    stage   the stage's number, such as "04"
    folder  the folder that holds the stages' folders, or its parent; if None, it is searched for, see `notebooks_folder`

    Returns {id of an exercise: outcome}. The outcome is True if previous.py now holds the student's version, False if the
    student's version does not pass its check, and None if the exercise is not solved yet. The reference versions are kept in
    previous.reference.py. Raises CarryError and writes nothing if the stage or its previous.py does not exist, or if a notebook
    cannot be read.
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
            # The exercise is checked with the reference versions of earlier exercises. If it fails, it is checked again with
            # previous.py as rewritten so far, since it may need the student's own versions.
            if exercise in CHECKS and any(passes(CHECKS[exercise], base, source) for base in dict.fromkeys((previous, text))):
                text = replaced(text, definitions(source), f"# yours, from {earlier.name}")
                outcome[exercise] = True
    for where, what in ((reference, previous), (path, text)):  # the reference first, since the next carry starts from that file
        with replacing(where) as part:
            part.write_text(what, encoding="utf-8")
    return outcome


def notebooks_folder(folder):
    """Return the folder that holds the stages' folders (00_start_here, ...): `folder` itself, or its subfolder `notebooks`.

    If `folder` is None, the search goes from the working folder upwards, and CarryError is raised if it finds nothing. A given
    `folder` is returned unchanged if no stage is found in it or in its subfolder.
    """
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
