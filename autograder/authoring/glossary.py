"""The glossary and reading list, `notebooks/glossary.ipynb`, made from `solutions/glossary.py`, and the links to it.

A term is a heading of the third level; "Also called a, b." in its text gives further words for it. The first bold word of the
course that is a term links to it, once.
"""

import functools
import re

import nbformat

from autograder.places import SOURCES
from autograder.stages.source import read_stage, source_cells, stage_names

PAGE = "glossary.ipynb"


@functools.cache
def read_glossary():
    """Return the glossary as a notebook of Markdown cells. Cells have the ids glossary-1, glossary-2, ..."""
    cells = [
        nbformat.v4.new_markdown_cell(c.source, id=f"glossary-{i}") for i, c in enumerate(source_cells(SOURCES / "glossary.py"), 1)
    ]
    return nbformat.v4.new_notebook(cells=cells)


def terms():
    """Return `{term: [words for it]}`, with the term itself first."""
    found = {}
    for cell in read_glossary().cells:
        for term, text in re.findall(r"^### (.+)\n(.+)$", cell.source, re.MULTILINE):
            also = re.search(r"Also called ([^.]+)\.", text)
            found[term] = [term, *(also[1].split(", ") if also else [])]
    return found


def anchor(term):
    """Return the fragment of a term's heading, as Jupyter and nbconvert make it."""
    return term.replace(" ", "-")


@functools.cache
def first_uses():
    """Return `{stage: {number of the cell: [(the bold text, term)]}}`: the cell in which each term is bold for the first time."""
    uses = {}
    for term, words in terms().items():
        either = "|".join(r"\s+".join(map(re.escape, w.split())) for w in words)  # a line may end within a term
        pattern = re.compile(rf"\*\*(?:{either})s?\*\*", re.IGNORECASE)
        cells = ((name, i, c) for name in stage_names() for i, c in enumerate(read_stage(name).cells) if c.kind == "markdown")
        found = next(((name, i, m[0]) for name, i, c in cells if (m := pattern.search(c.source))), None)
        if found:
            uses.setdefault(found[0], {}).setdefault(found[1], []).append((found[2], term))
    return uses


def linked(stage, place, source):
    """Return the source of a Markdown cell, number `place` of its stage, with links to the glossary."""
    for bold, term in first_uses().get(stage, {}).get(place, []):
        source = source.replace(bold, f"[{bold}](../{PAGE}#{anchor(term)})", 1)
    return source
