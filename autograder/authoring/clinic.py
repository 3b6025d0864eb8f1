"""Makes the clinic, an ungraded notebook with training runs to diagnose: `notebooks/clinic.ipynb`, from `solutions/clinic.py`.

Students and teachers use the same version of this notebook.
"""

import nbformat

from autograder.places import SOURCES
from autograder.stages.source import source_cells

CLINIC = "clinic.ipynb"


def read_clinic(setup):
    """Return the clinic as an nbformat notebook. Its cells have the ids clinic-1, clinic-2, ...

    `setup` is the source of a code cell that is inserted after the first cell, with the id clinic-setup.
    """
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = [new[c.cell_type](c.source, id=f"clinic-{i}") for i, c in enumerate(source_cells(SOURCES / "clinic.py"), 1)]
    return nbformat.v4.new_notebook(cells=[cells[0], nbformat.v4.new_code_cell(setup, id="clinic-setup"), *cells[1:]])
