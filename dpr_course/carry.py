"""Go on with your own code: `dpr-course carry 04` rewrites a stage's previous.py from your earlier notebooks.

Only definitions are read (imports, functions, classes), never run cell by cell, and each is taken only if it
passes its check. What does not pass, or was not solved, stays the reference version.
"""

import ast
import json
import re
from pathlib import Path

from dpr_course.checks import CHECKS, load_expected, observe

MARKER = re.compile(r"^# exercise: (\w+)\s*$", re.MULTILINE)
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


class CarryError(ValueError):
    """Nothing was written; the message says why and what to do."""


def exercise_cells(path):
    """The student's exercise cells of one notebook: `{exercise: source}`. Cells are found by their first line."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError) as e:
        raise CarryError(f"{path} is not a notebook ({type(e).__name__}): save it again in Jupyter") from None
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return {m[1]: source for source in sources if (m := MARKER.search(source))}


def source_of(node, source):
    """The lines of one top-level node of `source`, with its decorators and the comment on its last line."""
    start = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
    return "\n".join(source.splitlines()[start - 1 : node.end_lineno])


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


def carry(stage, folder):
    """Rewrite previous.py of `stage` (a number such as "04") in `folder`, the students' notebooks folder.

    Returns `{exercise: True if it is the student's now}`. Raises CarryError and writes nothing if the stage or its
    previous.py is not there, or a notebook cannot be read.
    """
    folder = Path(folder)
    stages = sorted(p for p in folder.glob("[0-9][0-9]_*") if p.is_dir())
    target = next((p for p in stages if p.name.startswith(stage)), None)
    if target is None or not (target / "previous.py").exists():
        raise CarryError(f"no previous.py for stage {stage} in {folder.resolve()}: give the folder that holds the stages")
    path = target / "previous.py"
    reference = target / "previous.reference.py"
    previous = (reference if reference.exists() else path).read_text(encoding="utf-8")
    text, outcome = previous, {}
    for earlier in stages[: stages.index(target)]:
        notebook = earlier / f"{earlier.name}.ipynb"
        cells = exercise_cells(notebook) if notebook.exists() else {}
        for exercise, source in cells.items():
            outcome[exercise] = False
            # On top of the reference; where that is still open, on top of what is the student's so far.
            if exercise in CHECKS and any(passes(CHECKS[exercise], base, source) for base in dict.fromkeys((previous, text))):
                text = replaced(text, definitions(source), f"# yours, from {earlier.name}")
                outcome[exercise] = True
    reference.write_text(previous, encoding="utf-8")  # the way back, and the base of the next carry
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return outcome
