"""Makes the glossary and reading list, `notebooks/glossary.ipynb`, from `solutions/glossary.py`, and the links to it.

Each heading of the third level is a term. A sentence "Also called a, b." in the text below the heading gives synonyms. The first
place in the course where the term or a synonym is in bold becomes a link to the term. Later places get no link.
"""

import functools
import re

import nbformat

from autograder.places import SOURCES
from autograder.stages.source import read_stage, source_cells, stage_names

PAGE = "glossary.ipynb"


@functools.cache
def read_glossary():
    """Return the glossary as an nbformat notebook of Markdown cells with the ids glossary-1, glossary-2, ..."""
    cells = [
        nbformat.v4.new_markdown_cell(c.source, id=f"glossary-{i}") for i, c in enumerate(source_cells(SOURCES / "glossary.py"), 1)
    ]
    return nbformat.v4.new_notebook(cells=cells)


def terms():
    """Return the terms of the glossary with their synonyms: `{term: [term, synonym, ...]}`."""
    found = {}
    for cell in read_glossary().cells:
        for term, text in re.findall(r"^### (.+)\n(.+)$", cell.source, re.MULTILINE):
            also = re.search(r"Also called ([^.]+)\.", text)
            found[term] = [term, *(also[1].split(", ") if also else [])]
    return found


def anchor(term):
    """Return the URL fragment that Jupyter and nbconvert give to a term's heading: "gold passage" -> "gold-passage"."""
    return term.replace(" ", "-")


@functools.cache
def first_uses():
    """Return the places where a term is in bold for the first time: `{stage: {index of the cell: [(bold text, term), ...]}}`.

    The bold text includes its asterisks, as in "**gold**".
    """
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
    """Return `source`, the text of a Markdown cell, with links to the glossary. `place` is the cell's index in its stage, from 0."""
    for bold, term in first_uses().get(stage, {}).get(place, []):
        source = source.replace(bold, f"[{bold}](../{PAGE}#{anchor(term)})", 1)
    return source
