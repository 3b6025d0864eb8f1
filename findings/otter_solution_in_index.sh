#!/bin/sh
# Tool: otter assign of otter-grader 7.0.0.
# Expected: of a line that ends in "# SOLUTION" students see what is left of the first = and three dots.
# Seen: if the left side has an index, and the right side has one too and then a keyword argument, all up to the last such =
# stays. The students' notebook shows the solution, and its cell cannot be parsed.
# Output:
#   top[0] = np.argsort(-S[0])  # SOLUTION             gives  top[0] = ...
#   top[1] = np.argsort(-S[1], axis=0)  # SOLUTION     gives  top[1] = np.argsort(-S[1], axis= ...
#   order = np.argsort(-S[1], axis=0)  # SOLUTION      gives  order = ...
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check otter-grader==7.0.0 ipykernel==7.4.0 nbformat==5.11.1
venv/bin/python - <<'PYTHON'
import subprocess

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

lines = {"top[0] = np.argsort(-S[0])  # SOLUTION": "top[0] = ...",
         "top[1] = np.argsort(-S[1], axis=0)  # SOLUTION": "top[1] = np.argsort(-S[1], axis= ...",
         "order = np.argsort(-S[1], axis=0)  # SOLUTION": "order = ..."}
setting = "# ASSIGNMENT CONFIG\nexport_cell: false\ncheck_all_cell: false\ninit_cell: false\nrun_tests: false\nsolutions_pdf: false"
raw = [new_raw_cell(f"# {text}") for text in ("BEGIN SOLUTION", "END SOLUTION", "BEGIN TESTS", "END TESTS", "END QUESTION")]
cells = [new_raw_cell(setting), new_raw_cell("# BEGIN QUESTION\nname: q1\npoints: 1"), new_markdown_cell("Order the passages."),
         raw[0], new_code_cell("\n".join(lines)), raw[1], raw[2], new_code_cell("len(top)"), raw[3], raw[4]]
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(new_notebook(cells=cells, metadata=kernel), "master.ipynb")
subprocess.run(["venv/bin/otter", "assign", "master.ipynb", "made"], check=True, capture_output=True)
student = next(c.source for c in nbformat.read("made/student/master.ipynb", 4).cells if c.source.startswith("top"))
for (line, wanted), seen in zip(lines.items(), student.splitlines(), strict=True):
    print(f"{line:50} gives  {seen}")
    assert seen == wanted
PYTHON
