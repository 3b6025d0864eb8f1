#!/bin/sh
# Tool: jupytext 1.19.6, percent format.
# Expected: a notebook written as a script and read again has the same cells; what looks like a cell marker is escaped.
# Seen: a code cell that holds the comment "# %% [markdown]" comes back as two cells, the second of them text: its code is lost as
# code. In a string in triple quotes the same line is kept.
# Output:
#   comment: code "a = 1", markdown "b = 2"
#   string: 1 cell
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check jupytext==1.19.6
venv/bin/python - <<'PYTHON'
import jupytext
from nbformat.v4 import new_code_cell, new_notebook


def back(source):
    written = jupytext.writes(new_notebook(cells=[new_code_cell(source)]), "py:percent")
    return [(cell.cell_type, cell.source) for cell in jupytext.reads(written, "py:percent").cells]


comment, string = back("a = 1\n# %% [markdown]\n# b = 2"), back('text = """\n# %% [markdown]\n"""')
print("comment:", ", ".join(f'{kind} "{source}"' for kind, source in comment))
print(f"string: {len(string)} cell")
assert comment == [("code", "a = 1"), ("markdown", "b = 2")] and len(string) == 1
PYTHON
