"""Executed notebooks: the reference runs to its end, and the student's runs up to its first unsolved exercise."""

import functools
import json
import os
from pathlib import Path

import nbformat
import pytest
from claims import broken, lists_of
from nbclient.exceptions import CellExecutionError

from autograder.kernels import notebook_client
from autograder.places import ROOT
from autograder.stages.source import read_stage, stage_names


def run(path):
    """Execute a notebook in its folder. Returns (executed notebook, the error that stopped it or None)."""
    notebook = nbformat.read(path, as_version=4)
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    try:
        notebook_client(notebook, 300, path.parent).execute()
    except CellExecutionError as e:
        return notebook, e
    return notebook, None


def outputs(notebook, kind):
    return [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs if o.output_type == kind]


QUICK = ["00_start_here", "01_dual_encoder", "02_collate", "03_recall_at_k"]


@functools.cache
def executed(stage, folder):
    """Return the reference notebook of a stage with its outputs, and the error that stopped it or None.

    folder: where `make course` left the executed notebooks. If None, the notebook is executed now, once for all tests.
    """
    path = ROOT / "solutions" / stage / f"{stage}.ipynb"
    if folder is None:
        return run(path)
    notebook = nbformat.read(Path(folder) / f"{stage}.ipynb", as_version=4)
    source = [c.source for c in nbformat.read(path, as_version=4).cells]
    assert [c.source for c in notebook.cells] == source, f"{folder} was made from another {stage}: run `make course` again"
    return notebook, None


@pytest.mark.parametrize("stage", QUICK)
def test_reference_runs_to_its_end_without_noise(stage):
    """The reference of a quick stage runs without errors or warnings. `make course` runs the later stages, which train for longer."""
    notebook, error = executed(stage, None)
    assert error is None, error
    assert not [o for o in outputs(notebook, "stream") if o.name == "stderr"]
    pictures = outputs(notebook, "display_data")
    assert pictures and all(o.metadata["image/png"]["alt"] for o in pictures)
    assert all(o.data["text/html"].startswith('<img alt="') and 'alt=""' not in o.data["text/html"] for o in pictures)
    for c in notebook.cells:
        if c.cell_type == "code" and c.source.startswith("# check:"):
            value = [o for o in c.outputs if o.output_type == "execute_result"][0].data["text/plain"]
            assert float(value) == c.metadata["nbgrader"]["points"]


@pytest.mark.parametrize("stage", stage_names())
def test_what_the_prose_claims_is_what_the_cells_show(stage, request, record_property):
    """Every listed claim of the prose is true of the outputs. Without --executed, only the quick stages are tested.

    For all stages, run `make course`, then: pytest tests/notebooks/test_notebooks.py -k claims --executed report
    """
    folder = request.config.getoption("--executed")
    if folder is None and stage not in QUICK:
        pytest.skip("trains: run `make course`, then `pytest tests/notebooks/test_notebooks.py -k claims --executed report`")
    notebook, error = executed(stage, folder)
    assert error is None, error
    claims, _ = lists_of(stage)
    told = broken(notebook, claims)
    record_property("claims", len(claims) - len(told))
    assert not told, "\n\n".join(told)


@pytest.mark.parametrize("stage", stage_names())
def test_student_version_stops_at_the_first_gap_and_says_what_to_do(stage):
    notebook, error = run(ROOT / "notebooks" / stage / f"{stage}.ipynb")
    if not any("exercise" in c.metadata for c in read_stage(stage).cells):
        assert error is None
        return
    assert error is not None and error.ename == "NotImplementedError" and "not solved yet" in error.evalue
    told = "".join(o.text for o in outputs(notebook, "stream"))
    assert "Not solved yet: write your code in the exercise cell" in told
    assert "Traceback" not in told
    [stop] = outputs(notebook, "error")
    assert len(stop.traceback) == 1 and stop.traceback[0].startswith("Stopped here: ")


def test_executed_notebooks_are_not_committed():
    for stage in stage_names():
        assert not (ROOT / "solutions" / stage / "results.json").exists()
        notebook = json.loads((ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text())
        assert all(not c.get("outputs") for c in notebook["cells"])
