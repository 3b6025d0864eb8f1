#!/bin/sh
# Tool: nbconvert 7.17.2, export to Markdown.
# Expected: a code cell becomes one block of code, whatever stands in it: Markdown allows a longer fence around text that has ``` in it.
# Seen: the fence is always three backticks, so that a line of three in a string (a prompt that shows the form of an answer) ends it. The
# rest of the cell is set as text and as another block, and the line `# a comment` of it becomes a heading.
# Output: one code cell becomes block_code, heading, block_code
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbconvert==7.17.2 nbformat==5.11.1 mistune==3.4.0
venv/bin/python - <<'PYTHON'
import mistune
from nbconvert import MarkdownExporter
from nbformat.v4 import new_code_cell, new_notebook

fence = "`" * 3
code = f'prompt = """Answer in this form:\n{fence}\n# a comment\n{fence}\n"""\n'
compile(code, "cell", "exec")
text = MarkdownExporter().from_notebook_node(new_notebook(cells=[new_code_cell(code)]))[0]
kinds = [block["type"] for block in mistune.create_markdown(renderer="ast")(text) if block["type"] != "blank_line"]
print("one code cell becomes", ", ".join(kinds))
longer = mistune.create_markdown(renderer="ast")(f"{fence}`\n{code}\n{fence}`\n")
assert kinds == ["block_code", "heading", "block_code"] and [block["type"] for block in longer] == ["block_code"]
PYTHON
