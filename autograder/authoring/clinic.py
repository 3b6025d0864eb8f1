"""The clinic: one source, `solutions/clinic.py`, one ungraded notebook, `notebooks/clinic.ipynb`, the same for students and teachers."""

import jupytext
import nbformat

from autograder.places import SOURCES

CLINIC = "clinic.ipynb"


def read_clinic(setup):
    """Return the clinic as a notebook. setup: the text of its first code cell. Cells have the ids clinic-1, clinic-2, ..."""
    notebook = jupytext.reads((SOURCES / "clinic.py").read_text(encoding="utf-8"), fmt="py:percent")
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [new[c.cell_type](c.source, id=f"clinic-{i}") for i, c in enumerate(notebook.cells, 1)]
    return nbformat.v4.new_notebook(cells=[cells[0], nbformat.v4.new_code_cell(setup, id="clinic-setup"), *cells[1:]])
