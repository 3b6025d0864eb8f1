"""Makes the copy of a submission that formgrader (nbgrader's page for marking by hand) shows.

In the copy, the outputs of the check cells are the grader's verdicts, and the student's HTML and links can do no harm.
"""

import copy

import nbformat

from autograder.marks.assignments import grade_id, released
from autograder.marks.sanitize import harmless_markdown, make_harmless
from autograder.plain import number, plain


def verdict_text(exercise):
    """Return the grader's verdict on one exercise as text. `exercise` is the exercise's entry in a result."""
    e = exercise
    lines = [f"Exercise {e['number']} {e['title']}: {number(e['points'])} of {number(e['max_points'])} points"]
    if e["status"] != "graded":
        lines.append(f"  {e['status']}: {e['reason']}")
    for t in e["tests"]:
        lines.append(f"  {'✓' if t['passed'] else '✗'} {t['name']}")
        if t["hidden_only"] and "published inputs" not in t["message"]:
            lines.append("      It passes on the published inputs but fails on others.")
        if t["message"] and not t["passed"]:
            lines.append(f"      {t['message']}")
    return plain("\n".join(lines) + "\n")


def shown_notebook(result, notebook):
    """Return the copy of a student's notebook that formgrader shows.

    notebook: the student's notebook, or None, in which case the released notebook is copied. The output of each check cell is
    replaced by the grader's verdict, and the student's HTML and links are made harmless. If the submission could not be graded,
    the copy is the released notebook with the reason at the top.
    """
    release = released(result["stage"])
    if result["status"] != "graded" or notebook is None:
        notebook = release
    shown = copy.deepcopy(notebook)
    ours = {c.source for c in release.cells}
    make_harmless([c for c in shown.cells if c.cell_type == "code" or c.source not in ours])
    for cell in shown.cells:
        exercise = result["exercises"].get((grade_id(cell) or "").removeprefix("check_")) if result["status"] == "graded" else None
        if exercise and cell.cell_type == "code" and grade_id(cell).startswith("check_"):
            points = nbformat.v4.new_output("execute_result", {"text/plain": repr(float(exercise["points"]))}, execution_count=None)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=verdict_text(exercise)), points]
    if result["status"] != "graded":
        text = harmless_markdown(plain(result["reason"]))
        head = (
            f"**This submission could not be graded:** {text}\n\nBelow is the notebook as it was released. No marks were recorded."
        )
        shown.cells.insert(0, nbformat.v4.new_markdown_cell(head, id="not-gradable"))
    return shown
