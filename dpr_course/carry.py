"""The command `dpr-course carry 04`: it rewrites a stage's previous.py from your earlier notebooks, to go on with your own code.

Only definitions are read (imports, functions, classes); cells are not run. An exercise is taken only if it passes its
check. An exercise that does not pass, or is not solved, keeps the reference version.
"""

import ast
import json
import re
from pathlib import Path

from dpr_course.checks import CHECKS, load_expected, observe
from dpr_course.errors import CourseError
from dpr_course.files import replacing
from dpr_course.stages import UNSOLVED, find_notebooks, mark_of, stage_folders

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class CarryError(CourseError):
    """A previous.py cannot be rewritten, and nothing was written. The message says why and what to do."""


def exercise_cells(path):
    """The student's exercise cells of one notebook: `{exercise: source}`. Cells are found by their mark."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError) as e:
        raise CarryError(f"{path} is not a notebook ({type(e).__name__}): save it again in Jupyter") from None
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    marks = [(*mark_of(line), source) for source in sources for line in source.split("\n")]
    return {key: source for kind, key, source in marks if kind == "exercise"}


def lines_of(source):
    """Return the lines of `source` as Python counts them; splitlines() knows more line ends and would count more lines."""
    return re.split(r"\r\n|\r|\n", source)


def first_line(node):
    """Return the number of a statement's first line, counted from 1; a decorator belongs to the statement."""
    return min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])


def segments(source, tree=None):
    """Yield the top-level statements of `source` as (node, text). The text is its lines, with decorators and a comment on the last.

    tree: the parsed source, if there is one already. `source` is split into lines once, since it may have thousands of statements.
    """
    lines = lines_of(source)
    for node in (tree or ast.parse(source)).body:
        yield node, "\n".join(lines[first_line(node) - 1 : node.end_lineno])


def definitions(source):
    """Return the imports, functions and classes at the top level of `source` as {name: text}; the name of an import is its text."""
    found = {}
    for node, text in segments(source):
        if isinstance(node, DEFINITIONS):
            found[getattr(node, "name", text)] = text
    return found


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
    """True if the exercise, defined on top of previous.py, passes every test of its check."""
    namespace = {"__name__": "previous"}
    try:
        exec(compile(previous, "previous.py", "exec"), namespace)
        exec(compile("\n\n".join(definitions(source).values()), f"{check.exercise}", "exec"), namespace)
        objects = {name: namespace[name] for name in check.names}
        return check.judge(observe(check, objects), *load_expected(check.exercise)).passed
    except Exception:  # a student's code may raise anything; then it is not carried
        return False


def carry(stage, folder=None):
    """Rewrite previous.py of `stage` (a number such as "04") with the student's exercises that pass their checks.

    folder: the student's notebooks folder, or the folder that contains it; by default the course that contains the working
    folder. Returns `{exercise: True if it is now the student's, False if the student's is wrong, None if it is not solved}`.
    Raises CarryError and writes nothing if the stage or its previous.py does not exist, or if a notebook cannot be read.
    """
    folder = _notebooks(folder)
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
        cells = exercise_cells(notebook) if notebook.exists() else {}
        for exercise, source in cells.items():
            outcome[exercise] = None if UNSOLVED in source else False
            # Checked on top of the reference; if it fails there, on top of the student's definitions carried so far.
            if exercise in CHECKS and any(passes(CHECKS[exercise], base, source) for base in dict.fromkeys((previous, text))):
                text = replaced(text, definitions(source), f"# yours, from {earlier.name}")
                outcome[exercise] = True
    for where, what in ((reference, previous), (path, text)):  # the reference first: the next carry starts from it
        with replacing(where) as part:
            part.write_text(what, encoding="utf-8")
    return outcome


def _notebooks(folder):
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
