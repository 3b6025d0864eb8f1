#!/bin/sh
# Tool: papermill 2.7.0, `papermill -p NAME VALUE` (its command line reads values with papermill.cli._resolve_type).
# Expected: a value that is not plainly a number stays text, such as the short hash of a commit.
# Seen: whatever float() or int() of Python takes becomes a number. Of "12e5678" nothing is left.
# Output: 12e5678 -> inf, nan -> nan, 1_000 -> 1000, 007 -> 7
# What to do: -r NAME VALUE passes text as it is.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check papermill==2.7.0
venv/bin/python - <<'PYTHON'
import math
import subprocess

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

nbformat.write(new_notebook(cells=[new_code_cell("", metadata={"tags": ["parameters"]})]), "in.ipynb")
values = ["12e5678", "nan", "1_000", "007"]
command = ["venv/bin/papermill", "in.ipynb", "out.ipynb", "--prepare-only", "--kernel", "python3", "--language", "python"]
for i, value in enumerate(values):
    command += ["-p", f"p{i}", value]
subprocess.run(command, check=True, capture_output=True)
got = nbformat.read("out.ipynb", 4).metadata.papermill.parameters
seen = [got[f"p{i}"] for i in range(len(values))]
print(", ".join(f"{value} -> {s}" for value, s in zip(values, seen)))
assert seen[0] == math.inf and math.isnan(seen[1]) and seen[2:] == [1000, 7]
PYTHON
