"""Makes the student notebook of a stage in a tier: "guided", "standard" or "challenge", from most help to least.

A guided or challenge notebook is the standard notebook with other texts in the exercise cells, with all hints open or none, and
without links to Colab. The ids, metadata, first lines and points of the cells stay the same; only nbgrader's checksum of a
changed exercise is computed anew.
"""

import nbformat

from autograder.places import NOTEBOOKS
from autograder.stages.tiers import blank_cell, known, prose
from dpr_course.stages import mark_of, marked


def tier_notebook(stage, tier):
    """Return the text of the .ipynb file of a stage's student notebook in a tier. Raises TierError if there is no such tier."""
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
