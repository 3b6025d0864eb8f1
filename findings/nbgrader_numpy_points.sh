#!/bin/sh
# Tool: nbgrader 0.9.6 with numpy 2.4.6.
# Expected: a test cell of 2 points that ends in a number earns this number of points, also if NumPy computed it.
# Seen: NumPy 2 shows its numbers as "np.float64(0.5)", which nbgrader cannot read as a number: every submission gets all points, whatever
# the number. A warning in the log is all. With NumPy 1 the same cell works.
# Output: 0.5 -> 0.5 of 2; np.mean([1, 0]) -> 2 of 2; np.float64(0) -> 2 of 2; float(np.mean([1, 0])) -> 0.5 of 2
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbgrader==0.9.6 ipykernel==7.4.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

last_lines = ["0.5", "np.mean([1, 0])", "np.float64(0)", "float(np.mean([1, 0]))"]
test = {"grade": True, "solution": False, "locked": True, "task": False, "points": 2, "schema_version": 3}
cells = [new_code_cell(f"import numpy as np\n{line}", metadata={"nbgrader": {**test, "grade_id": f"t{i}"}}) for i, line in enumerate(last_lines)]
notebook = new_notebook(cells=cells)
NotebookClient(notebook, kernel_name="python3").execute()
nbformat.validate(notebook)
points = [determine_grade(cell) for cell in notebook.cells]
print("; ".join(f"{line} -> {got:g} of {most:g}" for line, (got, most) in zip(last_lines, points)))
assert points == [(0.5, 2), (2, 2), (2, 2), (0.5, 2)]
PYTHON
