#!/bin/sh
# Tool: nbdiff of nbdime 4.0.4.
# Expected: like diff and cmp, it ends with 1 where the two notebooks differ, so that a script can ask.
# Seen: it ends with 0 in either case.
# Output: equal 0, different 0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbdime==4.0.4
venv/bin/python - <<'PYTHON'
import subprocess

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

for name, source in (("a", "x = 1"), ("b", "x = 2")):
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="one")]), f"{name}.ipynb")
run = lambda *names: subprocess.run(["venv/bin/nbdiff", *names], capture_output=True, text=True)  # noqa: E731
equal, different = run("a.ipynb", "a.ipynb"), run("a.ipynb", "b.ipynb")
print(f"equal {equal.returncode}, different {different.returncode}")
assert (equal.returncode, different.returncode) == (0, 0) and "x = 2" in different.stdout and not equal.stdout
PYTHON
