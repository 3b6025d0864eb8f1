"""Go on with your own code: `dpr-course carry 04` rewrites a stage's previous.py from your earlier notebooks.

Only definitions are read (imports, functions, classes), never run cell by cell, and each is taken only if it
passes its check. What does not pass, or was not solved, stays the reference version.
"""

import ast
import json
import re
from pathlib import Path

from dpr_course.checks import CHECKS, load_expected, observe
from dpr_course.files import replacing
from dpr_course.stages import UNSOLVED, find_notebooks, mark_of, stage_folders

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class CarryError(ValueError):
    """Nothing was written; the message says why and what to do."""


def exercise_cells(path):
    """The student's exercise cells of one notebook: `{exercise: source}`. Cells are found by their mark."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError) as e:
        raise CarryError(f"{path} is not a notebook ({type(e).__name__}): save it again in Jupyter") from None
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    marks = [(*mark_of(line), source) for source in sources for line in source.split("\n")]
    return {key: source for kind, key, source in marks if kind == "exercise"}


def source_of(node, source):
    """The lines of one top-level node of `source`, with its decorators and the comment on its last line."""
    start = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
    lines = re.split(r"\r\n|\r|\n", source)  # Python's line ends; splitlines() knows more of them, and would count on
    return "\n".join(lines[start - 1 : node.end_lineno])


def definitions(source):
    """The imports, functions and classes at the top level of `source`, as {name: text}; imports under their text."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, DEFINITIONS):
            text = source_of(node, source)
            found[getattr(node, "name", text)] = text
    return found


def replaced(previous, found, comment):
    """The text of previous.py with the definitions in `found` in place of those of the same name."""
    lines = previous.splitlines()
    known = {n.name: n for n in ast.parse(previous).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    names = [name for name in found if name in known]
    if not names:
        raise CarryError("nothing to replace")
    extra = [text for name, text in found.items() if name not in known]
    for i, name in enumerate(sorted(names, key=lambda n: -known[n].lineno)):
        node = known[name]
        text = [comment, *(extra if i == len(names) - 1 else []), found[name]]
        lines[node.lineno - 1 : node.end_lineno] = text
    return "\n".join(lines) + "\n"


def passes(check, previous, source):
    """True if the exercise, defined on top of previous.py, passes every test of its check."""
    namespace = {"__name__": "previous"}
    try:
        exec(compile(previous, "previous.py", "exec"), namespace)
        exec(compile("\n\n".join(definitions(source).values()), f"{check.exercise}", "exec"), namespace)
        objects = {name: namespace[name] for name in check.names}
        return check.judge(observe(check, objects), *load_expected(check.exercise)).passed
    except Exception:  # whatever a student's code raises: it is not carried
        return False


def carry(stage, folder=None):
    """Rewrite previous.py of `stage` (a number such as "04") in `folder`, by default the course that holds the working folder.

    folder: the students' notebooks folder, or the one that holds it. Returns `{exercise: True if it is the student's now, False if theirs is wrong, None if it is not solved}`.
    Raises CarryError and writes nothing if the stage or its previous.py is not there, or a notebook cannot be read.
    """
    folder = _notebooks(folder)
    stages = stage_folders(folder)
    target = next((p for p in stages if p.name.startswith(stage)), None)
    if target is None or not (target / "previous.py").exists():
        raise CarryError(f"no previous.py for stage {stage} in {folder.resolve()}: it has {_listed(stages)}")
    path = target / "previous.py"
    reference = target / "previous.reference.py"
    previous = (reference if reference.exists() else path).read_text(encoding="utf-8")
    text, outcome = previous, {}
    for earlier in stages[: stages.index(target)]:
        notebook = earlier / f"{earlier.name}.ipynb"
        cells = exercise_cells(notebook) if notebook.exists() else {}
        for exercise, source in cells.items():
            outcome[exercise] = None if UNSOLVED in source else False
            # On top of the reference; where that is still open, on top of what is the student's so far.
            if exercise in CHECKS and any(passes(CHECKS[exercise], base, source) for base in dict.fromkeys((previous, text))):
                text = replaced(text, definitions(source), f"# yours, from {earlier.name}")
                outcome[exercise] = True
    for where, what in ((reference, previous), (path, text)):  # the reference first: the way back, and the base of the next carry
        with replacing(where) as part:
            part.write_text(what, encoding="utf-8")
    return outcome


def _notebooks(folder):
    """The folder with the stages: the one given or `notebooks` in it; None given, the one that holds the working folder."""
    if folder is None:
        if found := find_notebooks():
            return found
        raise CarryError(
            f"the stages' folders (00_start_here and so on) are neither in {Path.cwd()} nor above it: go into the course's "
            "folder, or name it with --notebooks"
        )
    folder = Path(folder)
    return folder / "notebooks" if not stage_folders(folder) and stage_folders(folder / "notebooks") else folder


def _listed(stages):
    return ", ".join(p.name for p in stages if (p / "previous.py").exists()) or "none"
