#!/bin/sh
# Tool: nbconvert 7.17.2, export to HTML.
# Expected: a picture attached to a Markdown cell is shown, whatever its name: a name with a blank is written
# <attachment:my picture.png> or attachment:my%20picture.png.
# Seen: both stop the export of the whole notebook, since the name is looked up in its percent-encoded form. So does any name with a
# letter outside ASCII, even where the text has the very name.
# Output:
#   plot.png: shown
#   my picture.png: InvalidNotebook, missing attachment: my%20picture.png
#   Übung.png: InvalidNotebook, missing attachment: %C3%9Cbung.png
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbconvert==7.17.2 nbformat==5.11.1
venv/bin/python - <<'PYTHON'
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook


def export(name, reference):
    cell = new_markdown_cell(f"![a plot]({reference})", attachments={name: {"image/png": "aGk="}})
    try:
        body = HTMLExporter(template_name="basic").from_notebook_node(new_notebook(cells=[cell]))[0]
        return "shown" if "data:image/png" in body else "not shown"
    except Exception as e:
        return f"{type(e).__name__}, {e}"


seen = {name: export(name, f"<attachment:{name}>") for name in ("plot.png", "my picture.png", "Übung.png")}
for name, what in seen.items():
    print(f"{name}: {what}")
assert export("my picture.png", "attachment:my%20picture.png") == seen["my picture.png"]
missing = "InvalidNotebook, missing attachment: "
assert list(seen.values()) == ["shown", f"{missing}my%20picture.png", f"{missing}%C3%9Cbung.png"]
PYTHON
