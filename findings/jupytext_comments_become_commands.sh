#!/bin/sh
# Tool: jupytext 1.19.6, percent format.
# Expected: a comment in a script is a comment in the notebook, and a line of valid Python is the same in both.
# Seen: a comment whose first word is that of a shell command (copy, cat, cp, mv, rm, ls, echo, cd ...) loses its "# ": the notebook
# has a syntax error. The other way round, a line that begins with a variable called cp becomes a comment in the script.
# Output:
#   "# copy the weights" of the script: "copy the weights" in the notebook
#   "cp -= 1" of the notebook: "# cp -= 1" in the script
#   comment_magics off: "# copy the weights", "cp -= 1"
# What to do: set comment_magics to false, or begin such comments with another word.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check jupytext==1.19.6
venv/bin/python - <<'PYTHON'
import jupytext
from nbformat.v4 import new_code_cell, new_notebook

OFF = {"extension": ".py", "format_name": "percent", "comment_magics": False}


def in_notebook(line, form="py:percent"):
    return jupytext.reads(f"# %%\nx = 1\n{line}\n", form).cells[0].source.splitlines()[1]


def in_script(line, form="py:percent"):
    return jupytext.writes(new_notebook(cells=[new_code_cell(line)]), form).splitlines()[-1]


comment, code = "# copy the weights", "cp -= 1"
seen = in_notebook(comment), in_script(code)
print(f'"{comment}" of the script: "{seen[0]}" in the notebook')
print(f'"{code}" of the notebook: "{seen[1]}" in the script')
off = in_notebook(comment, OFF), in_script(code, OFF)
print('comment_magics off: "{}", "{}"'.format(*off))
assert seen == ("copy the weights", "# cp -= 1") and off == (comment, code)
PYTHON
