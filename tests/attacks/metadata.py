"""Notebooks that claim points or bring their own checks, in metadata, check cells, outputs or the ids of cells.

Each attack is a function that changes a notebook (a dict) whose answer is wrong. The grader must take nothing but this answer
from the changed notebook.
"""

import copy


def _cells(notebook, mark):
    return [c for c in notebook["cells"] if "".join(c["source"]).startswith(mark)]


def _points_raised(notebook):
    for cell in notebook["cells"]:
        if "points" in cell["metadata"].get("nbgrader", {}):
            cell["metadata"]["nbgrader"]["points"] = 1000


def _checks_print_points(notebook):
    for cell in _cells(notebook, "# check:"):
        cell["source"] = ["# check: get_in_batch_contrastive_loss\n", "100.0"]


def _outputs_written(notebook):
    for cell in _cells(notebook, "# check:"):
        data = {"text/plain": ["5.0"]}
        cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}]


def _checks_deleted(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if not "".join(c["source"]).startswith("# check:")]


def _check_function_replaced(notebook):
    fake = {"cell_type": "code", "id": "fake", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(0, {**fake, "source": "import dpr_course.checks\ndpr_course.checks.check = lambda *a: 100.0"})


def _cells_unlocked(notebook):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"locked": False, "solution": True, "grade": False}


def _ids_exchanged(notebook):
    graded = [c["metadata"]["nbgrader"] for c in notebook["cells"] if "nbgrader" in c["metadata"]]
    for data, other in zip(graded, reversed([g["grade_id"] for g in graded])):
        data["grade_id"] = other


def _kernel_named(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "always-right; touch /loot", "display_name": "x", "language": "x"}


def _checks_as_text(notebook):
    for cell in _cells(notebook, "# check:"):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _checks_twice(notebook):
    for cell in _cells(notebook, "# check:"):
        notebook["cells"].append(copy.deepcopy(cell) | {"id": "again", "source": ["99.0"]})


FORGED = {
    "points raised in the metadata": _points_raised,
    "a check that prints points": _checks_print_points,
    "outputs written by hand": _outputs_written,
    "checks deleted": _checks_deleted,
    "the check function replaced": _check_function_replaced,
    "graded cells declared to be solutions": _cells_unlocked,
    "ids of cells exchanged": _ids_exchanged,
    "a kernel of its own": _kernel_named,
    "checks turned into text": _checks_as_text,
    "checks a second time": _checks_twice,
}
