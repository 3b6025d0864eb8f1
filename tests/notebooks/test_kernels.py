"""Jupyter kernels can start at the same moment: no other program can take the address that a kernel was given."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from autograder.kernels import notebook_client
from autograder.nbgrader_settings import nbgrader_settings

CELL = """\
import json
from ipykernel.connect import get_connection_file
print(get_connection_file())
print(json.load(open(get_connection_file()))["transport"])"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no Unix sockets for Jupyter")


def started(_=None):
    """Execute CELL in a new kernel. Returns [path of the kernel's connection file, its transport ("ipc" or "tcp")]."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook_client(notebook, 60).execute()
    return notebook.cells[0].outputs[0].text.split()


def test_each_kernel_has_sockets_in_a_folder_of_its_own_and_leaves_nothing():
    with ThreadPoolExecutor(3) as threads:
        kernels = list(threads.map(started, range(3)))
    assert {transport for _, transport in kernels} == {"ipc"}
    folders = {Path(path).parent for path, _ in kernels}
    assert len(folders) == 3 and not any(folder.exists() for folder in folders)


def test_plain_nbgrader_starts_its_kernels_in_the_same_way():
    assert nbgrader_settings().ExecutePreprocessor.kernel_manager_class == "autograder.kernels.OwnSocketsKernelManager"


def test_no_other_client_is_used_in_the_project():
    """Only autograder.kernels makes a notebook client: nbclient's own kernel manager can give two kernels one TCP port."""
    root = Path(__file__).parents[2]
    files = [p for folder in ("autograder", "tests", "dpr_course", "data_scripts") for p in (root / folder).rglob("*.py")]
    assert [p.name for p in files if "NotebookClient(" in p.read_text(encoding="utf-8") and p != Path(__file__)] == ["kernels.py"]
