"""The student's notebook of a stage in each tier: the standard one, with other texts in its exercises and other hints.

Ids, metadata, marks and points of the cells stay as they are; only nbgrader's checksum of a changed exercise is computed anew.
"""

import nbformat

from autograder.places import NOTEBOOKS
from autograder.stages.tiers import blank_cell, known, prose
from dpr_course.stages import mark_of, marked


def tier_notebook(stage, tier):
    """Return the text of a stage's notebook in this tier, as it is written to a file. Raises TierError."""
    text = (NOTEBOOKS / stage / f"{stage}.ipynb").read_text(encoding="utf-8")
    if known(tier) == "standard":
        return text
    from nbgrader.utils import compute_checksum

    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        kind, exercise = mark_of(cell.source)
        if kind == "exercise":
            cell.source = marked(kind, exercise, blank_cell(exercise, tier))
            cell.metadata.nbgrader.checksum = compute_checksum(cell)
        elif cell.cell_type == "markdown" and not kind:
            cell.source = prose(cell.source, tier)
    return nbformat.writes(notebook) + "\n"
