#!/bin/sh
# Library: nbformat 5.11.1 with jsonschema 4.26.0 and rfc3987-syntax 1.1.0, as JupyterLab and nbgrader install them (by jupyter-events).
# Expected: `import nbformat` is quick, as reading a notebook needs little more than JSON.
# Seen: more than nine tenths of its processor time go into a grammar of IRIs. jsonschema imports rfc3987-syntax for a format that no
# notebook has, and that builds a parser while it is imported. nbformat reads notebooks, and validates them, without it just as well.
# So every start of nbgrader, nbconvert or a script that reads a notebook takes about a second longer.
# Output: import nbformat takes more than 5 times as long as without rfc3987-syntax: True; the notebook is valid in both: True
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbformat==5.11.1 jsonschema==4.26.0 jupyter-events==0.12.1 rfc3987-syntax==1.1.0
cat > read.py <<'PYTHON'
import sys
import time

if sys.argv[1] == "without":
    sys.modules["rfc3987_syntax"] = None  # an import of it now raises ImportError, as if it were not installed
begun = time.process_time()
import nbformat

seconds = time.process_time() - begun
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
nbformat.validate(notebook)
print(seconds)
PYTHON
venv/bin/python - <<'PYTHON'
import subprocess
import sys


def seconds(how):
    """Return the least processor time of three imports, the first of which may compile modules."""
    runs = [subprocess.run([sys.executable, "read.py", how], capture_output=True, text=True, check=True) for _ in range(3)]
    return min(float(run.stdout) for run in runs)


slow = seconds("with") > 5 * seconds("without")
print(f"import nbformat takes more than 5 times as long as without rfc3987-syntax: {slow}; the notebook is valid in both: True")
assert slow
PYTHON
