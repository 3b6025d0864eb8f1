"""The clinic, an ungraded notebook that students and teachers share: `notebooks/clinic.ipynb`, made from `solutions/clinic.py`."""

import nbformat

from autograder.places import SOURCES
from autograder.stages.source import source_cells

CLINIC = "clinic.ipynb"


def read_clinic(setup):
    """Return the clinic as a notebook. setup: the text of its first code cell. Cells have the ids clinic-1, clinic-2, ..."""
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [new[c.cell_type](c.source, id=f"clinic-{i}") for i, c in enumerate(source_cells(SOURCES / "clinic.py"), 1)]
    return nbformat.v4.new_notebook(cells=[cells[0], nbformat.v4.new_code_cell(setup, id="clinic-setup"), *cells[1:]])
