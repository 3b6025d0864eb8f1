#!/bin/sh
# Tool: the cell magic %%capture of IPython 9.18.1, with nbclient 0.11.0, nbconvert 7.17.2 and papermill 2.7.0.
# Expected: `nbconvert --execute` stops at a cell that raises an error and ends with a status other than 0.
# Seen: if the cell begins with %%capture, as cells that install packages often do, the kernel reports that it went well. The
# traceback stands below the cell, the cells after it run, and the status is 0. The rest of the cell is skipped: a variable that
# it sets keeps its old value. papermill looks at the outputs and fails.
# Output:
#   the cell as it is:   nbconvert 1, papermill 1
#   the cell, %%capture: nbconvert 0, papermill 1; the next cell prints batch = 8, not 128
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ipython==9.18.1 ipykernel==7.4.0 nbformat==5.11.1 nbclient==0.11.0 \
    nbconvert==7.17.2 papermill==2.7.0
venv/bin/python - <<'PYTHON'
import subprocess

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
source = "import no_such_package\nbatch = 128"
for name, cell in ("plain", source), ("capture", f"%%capture\n{source}"):
    cells = [new_code_cell("batch = 8"), new_code_cell(cell), new_code_cell("print(f'batch = {batch}')")]
    nbformat.write(new_notebook(cells=cells, metadata=kernel), f"{name}.ipynb")
status = lambda *command: subprocess.run(["venv/bin/python", "-m", *command], capture_output=True).returncode  # noqa: E731
execute = ["nbconvert", "--execute", "--to", "notebook", "--output", "done.ipynb"]
both = lambda name: (status(*execute, f"{name}.ipynb"), status("papermill", f"{name}.ipynb", "out.ipynb"))  # noqa: E731
plain, capture = both("plain"), both("capture")
last = nbformat.read("done.ipynb", 4).cells[-1].outputs[0].text.strip()
print(f"the cell as it is:   nbconvert {plain[0]}, papermill {plain[1]}")
print(f"the cell, %%capture: nbconvert {capture[0]}, papermill {capture[1]}; the next cell prints {last}, not 128")
assert (plain, capture, last) == ((1, 1), (0, 1), "batch = 8")
PYTHON
