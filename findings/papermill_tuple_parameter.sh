#!/bin/sh
# Tool: papermill 2.7.0.
# Expected: execute_notebook(parameters=...) hands a notebook a tuple as a tuple, or as a list as JSON does.
# Seen: the notebook gets the string "(1, 5, 20)", also where the tuple is a value in a dictionary. The record that papermill
# keeps in the metadata of the notebook is the list [1, 5, 20], so that nothing there shows it. A loop over the string runs over
# its letters.
# Output:
#   [1, 5, 20] arrives as [1, 5, 20], recorded as [1, 5, 20]
#   (1, 5, 20) arrives as '(1, 5, 20)', recorded as [1, 5, 20]
#   {'cuts': (1, 5)} arrives as {'cuts': '(1, 5)'}, recorded as {'cuts': [1, 5]}
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0 nbformat==5.11.1
venv/bin/python - <<'PYTHON'
import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

parameters = new_code_cell("value = None", metadata={"tags": ["parameters"]})
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(new_notebook(cells=[parameters, new_code_cell("print(repr(value), end='')")], metadata=kernel), "show.ipynb")
cases = [([1, 5, 20], "[1, 5, 20]", [1, 5, 20]), ((1, 5, 20), "'(1, 5, 20)'", [1, 5, 20]),
         ({"cuts": (1, 5)}, "{'cuts': '(1, 5)'}", {"cuts": [1, 5]})]
for value, wanted, record in cases:
    papermill.execute_notebook("show.ipynb", "done.ipynb", parameters={"value": value}, progress_bar=False)
    done = nbformat.read("done.ipynb", as_version=4)
    seen, recorded = done.cells[-1].outputs[0].text, done.metadata.papermill.parameters.value
    print(f"{value!r} arrives as {seen}, recorded as {recorded}")
    assert seen == wanted and recorded == record
PYTHON
