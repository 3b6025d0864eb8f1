#!/bin/sh
# Tool: testbook 0.4.2 with nbclient 0.11.0 and ipykernel 7.4.0.
# Expected: a value that a test compares with one of the notebook, or gives to a function there, arrives as it is, or is refused.
# Seen: whole-number keys of a dict become strings, on both ways and without a message, so that a right solution fails
# `tb.ref("ranks") == {1: "p7"}` and its function cannot find key 1 in the dict that a test gives it. A tuple comes back as a list, though
# it reaches a function as a tuple.
# Output:
#   in the notebook: {1: 'p7'}, (1, 2)
#   tb.get in the test: {'1': 'p7'}, [1, 2]
#   tb.ref equal to {1: "p7"} and to (1, 2): False, False
#   what a function gets for {1: "p7"} and for (1, 2): {'1': 'p7'}, (1, 2)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check testbook==0.4.2 nbclient==0.11.0 nbformat==5.11.1 ipykernel==7.4.0
venv/bin/python - 2>stderr <<'PYTHON' || { cat stderr; exit 1; }
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from testbook import testbook

cell = new_code_cell('ranks = {1: "p7"}\npair = (1, 2)\n\n\ndef show(x):\n    return repr(x)')
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), "solution.ipynb")
with testbook("solution.ipynb", execute=True) as tb:
    there = tb.inject("print(ranks, pair, sep=', ')").output_text.strip()
    here = f"{tb.get('ranks')}, {tb.get('pair')}"
    equal = f"{tb.ref('ranks') == {1: 'p7'}}, {tb.ref('pair') == (1, 2)}"
    given = f"{tb.ref('show')({1: 'p7'})}, {tb.ref('show')((1, 2))}"
print(f"in the notebook: {there}\ntb.get in the test: {here}")
print(f'tb.ref equal to {{1: "p7"}} and to (1, 2): {equal}\nwhat a function gets for {{1: "p7"}} and for (1, 2): {given}')
assert there == "{1: 'p7'}, (1, 2)" and here == "{'1': 'p7'}, [1, 2]"
assert equal == "False, False" and given == "{'1': 'p7'}, (1, 2)"
PYTHON
