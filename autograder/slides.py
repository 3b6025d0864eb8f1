"""Makes the slides of a stage from its source and its executed notebook: `python -m autograder slides [--stages 04]`.

The slides of a stage are one HTML file that needs no network. Each Markdown cell is a slide, with the picture or the short text
that the next code cell outputs. A heading of the first or second level begins a new column of slides. An exercise is a slide of
the kind "pause". Hints, answers and code are put into the speaker's notes (key S). A cell of the source file can ask for
something else with the key `slide` in its header, see autograder/stages/source.py.
"""

import re
import tempfile
from dataclasses import dataclass, field
from html import escape
from importlib.util import find_spec
from pathlib import Path

import nbformat
from markupsafe import Markup

from autograder.authoring.html_export import markdown
from autograder.authoring.html_templates import render
from autograder.course import execute
from autograder.places import SOURCES
from autograder.stages.source import chosen_stages, read_stage, without_markers

LINES = 16  # maximum number of lines that are shown of a text output; a last line then says how many were left out
FOLDED = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
READ_ON = re.compile(r"\n\*\*Read on:\*\*.*", re.DOTALL)


@dataclass
class Slide:
    """One slide."""

    html: str
    kind: str = "text"  # "text" or "pause"
    above: str = ""  # the heading above the slide, "" if the slide has a heading of its own
    notes: list = field(default_factory=list)  # the speaker's notes, as HTML


def reveal():
    """Return the files of reveal.js as {name: text}: its script, the plugin for speaker's notes, its style and a theme.

    They are read from the package sphinx-revealjs, of which nothing else is used. Raises LookupError if it is not installed.
    """
    spec = find_spec("sphinx_revealjs")
    if spec is None:
        raise LookupError("reveal.js is not here: run `pip install sphinx-revealjs`, which brings it along")
    root = Path(spec.submodule_search_locations[0]) / "_static" / "revealjs"
    names = {
        "reveal_js": "dist/reveal.js",
        "notes_js": "plugin/notes/notes.js",
        "reveal_css": "dist/reveal.css",
        "theme_css": "dist/theme/white.css",
    }
    texts = {key: (root / name).read_text(encoding="utf-8") for key, name in names.items()}
    texts["theme_css"] = re.sub(r"@import[^;]+;", "", texts["theme_css"])  # the theme would import fonts from files
    return {key: text.replace("</script", "<\\/script") if key.endswith("js") else text for key, text in texts.items()}


def shown(outputs):
    """Return a cell's outputs as HTML: pictures, and text of at most LINES lines. HTML outputs and errors are left out."""
    parts = []
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data:
            alt = escape(output.get("metadata", {}).get("image/png", {}).get("alt", ""), quote=True)
            parts.append(f'<img alt="{alt}" src="data:image/png;base64,{"".join(data["image/png"]).strip()}">')
        elif output.output_type == "stream" and output.name == "stdout":
            parts.append(_text(output.text))
        elif output.output_type == "execute_result" and "text/html" not in data:
            parts.append(_text(data.get("text/plain", "")))
    return "".join(parts)


def _text(text):
    lines = [line[:150] for line in text.strip("\n").split("\n")]
    more = f"\n… and {len(lines) - LINES} more lines" if len(lines) > LINES else ""
    shortened = escape("\n".join(lines[:LINES]) + more)
    return f"<pre>{shortened}</pre>" if text.strip() else ""


def deck(stage, outputs):
    """Return the slides of `stage`, a Stage, as a list of columns. A column is a list of Slide.

    `outputs` is {source of a code cell: the list of its outputs}.
    """
    columns, above = [], ""
    for cell in stage.cells:
        tag, source = cell.metadata.get("slide", ""), without_markers(cell.source)
        if tag == "skip" or "written" in cell.metadata or "check" in cell.metadata:
            continue
        if cell.kind == "markdown" and tag != "notes":
            text = READ_ON.sub("", FOLDED.sub("", source)).strip()
            notes = [f"<p><b>{m[1]}.</b> {markdown(m[2].strip())}</p>" for m in FOLDED.finditer(source)]
            kind = "pause" if text.startswith("### ✏️") else "text"
            heading = re.match(r"#+ (.+)", text)
            if heading and text.startswith(("# ", "## ")) or not columns:
                columns.append([])
            columns[-1].append(Slide(markdown(text), kind, "" if heading else above, notes))
            above = heading[1] if heading else above
        elif cell.kind == "markdown":
            columns[-1][-1].notes.append(markdown(source))
        else:
            code = f"<pre>{escape(source)}</pre>"
            if "exercise" in cell.metadata:
                columns[-1][-1].notes.append(f"<p><b>The reference's answer.</b></p>{code}")
                continue
            columns[-1][-1].notes.append(code)
            html = (code if tag == "code" else "") + shown(outputs.get(cell.source, []))
            if html and _full(columns[-1][-1]):
                columns[-1].append(Slide(html, above=above))
            else:
                columns[-1][-1].html += html
    return columns


def _full(slide):
    """Return whether a slide already has a picture, an output or an exercise. The next output then gets a separate slide."""
    return slide.kind == "pause" or "<img" in slide.html or "<pre" in slide.html or "<table" in slide.html


def write_deck(stage, notebook, path):
    """Write the slides of `stage`, a Stage, to `path`. `notebook` is its executed reference notebook, with the answers."""
    outputs = {c.source: c.outputs for c in notebook.cells if c.cell_type == "code"}
    scripts = {key: Markup(text) for key, text in reveal().items()}
    path.write_text(render("slides.html", title=stage.title, columns=deck(stage, outputs), **scripts), encoding="utf-8")


def executed(name, report):
    """Return the executed reference notebook of the stage `name`.

    If the folder `report` holds an executed notebook with the same cells, that notebook is read. Otherwise the reference
    notebook is executed now. Raises ValueError if a cell fails.
    """
    path, source = Path(report) / f"{name}.ipynb", SOURCES / name / f"{name}.ipynb"
    if path.exists():
        notebook = nbformat.read(path, as_version=4)
        if [c.source for c in notebook.cells] == [c.source for c in nbformat.read(source, as_version=4).cells]:
            return notebook
    with tempfile.TemporaryDirectory() as scratch:
        if error := execute(source, Path(scratch)):
            raise ValueError(f"{name} does not run to its end, so it has no slides: {error[-500:]}")
        return nbformat.read(Path(scratch) / source.name, as_version=4)


def write_slides(out, wanted=None, report="report"):
    """Write the slides of each stage to the folder `out`, one HTML file per stage, and return the paths.

    wanted  the stages, such as "04" or "01-03" (see `chosen_stages`); by default all
    report  folder that may hold executed notebooks, see `executed`
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in chosen_stages(wanted):
        paths.append(out / f"{name}.slides.html")
        write_deck(read_stage(name), executed(name, report), paths[-1])
    return paths
