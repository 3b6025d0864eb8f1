"""Makes the student notebook of a stage in a tier: "guided", "standard" or "challenge", from most help to least.

A guided or challenge notebook differs from the standard notebook in the code of its exercise cells, shows all hints (guided) or has
none (challenge), and has no links to Colab. The ids, metadata, first lines and points of the cells are the same, except nbgrader's
checksum of each exercise cell.
"""

import nbformat

from autograder.places import NOTEBOOKS
from autograder.stages.tiers import blank_cell, known, prose
from dpr_course.stages import mark_of, marked


def tier_notebook(stage, tier):
    """Return a stage's student notebook in a tier, as the text of an .ipynb file. Raises TierError if there is no such tier."""
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
