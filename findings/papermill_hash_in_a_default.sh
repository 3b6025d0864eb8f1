#!/bin/sh
# Tool: papermill 2.7.0, inspect_notebook (`papermill --help-notebook`).
# Expected: the default of a parameter is its value as it stands in the cell.
# Seen: the first # ends the value, also inside a string: half of a colour or of a link becomes its description.
# Output: default ", help 1f77b4"
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check papermill==2.7.0
venv/bin/python - <<'PYTHON'
import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

cell = new_code_cell('colour = "#1f77b4"', metadata={"tags": ["parameters"]})
kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}, "language_info": {"name": "python"}}
nbformat.write(new_notebook(cells=[cell], metadata=kernel), "in.ipynb")
seen = papermill.inspect_notebook("in.ipynb")["colour"]
print(f"default {seen['default']}, help {seen['help']}")
assert (seen["default"], seen["help"]) == ('"', '1f77b4"')
PYTHON
