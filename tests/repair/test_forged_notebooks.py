"""Notebooks that claim points for themselves get only the points of their answers. Files that cost too much are refused."""

import json
from unittest import mock

import pytest
from attacks import metadata, notebook_files
from attacks.answers import WRONG

from autograder.bench.classroom import make_notebook
from autograder.proof.bank import define
from autograder.repair import notebook_file
from autograder.repair.repair import NotGradable, repair
from dpr_course.checks import CHECKS, verdict

STAGE, EXERCISE = "04_in_batch_loss", "get_in_batch_contrastive_loss"


def deserved(repaired):
    """Return the points that the check gives to the answer to exercise 4.1 that repair found in a notebook."""
    objects = define(EXERCISE, repaired.exercises[EXERCISE], CHECKS[EXERCISE].names)
    return verdict(EXERCISE, *objects.values()).points


def forged(attack):
    notebook = json.loads(make_notebook(STAGE, {EXERCISE: WRONG}))
    metadata.FORGED[attack](notebook)
    return notebook


@pytest.mark.parametrize("attack", metadata.FORGED)
def test_what_a_notebook_claims_earns_nothing(attacked, attack):
    attacked("forged notebooks", attack)
    repaired = repair(json.dumps(forged(attack)).encode(), STAGE)
    assert deserved(repaired) == 0
    assert not any("100.0" in extra for extra in repaired.extras[EXERCISE] if "# check" in extra)


@pytest.mark.parametrize("attack", ["points raised in the metadata", "a check that prints points"])
def test_the_recorded_notebook_has_the_releases_checks_and_points(attack):
    repaired = repair(json.dumps(forged(attack)).encode(), STAGE)
    cells = {c.metadata["nbgrader"]["grade_id"]: c for c in repaired.notebook.cells if "nbgrader" in c.metadata}
    check = cells[f"check_{EXERCISE}"]
    assert check.metadata["nbgrader"]["points"] == CHECKS[EXERCISE].points and 'check("4.1"' in check.source


def test_canary_a_check_that_prints_points_succeeds_where_the_submitted_checks_are_run(canary):
    canary("forged notebooks")
    checks = ["".join(c["source"]) for c in forged("a check that prints points")["cells"]]
    assert 100.0 in [eval(source) for source in checks if source.startswith("# check:")]


@pytest.mark.parametrize("attack", notebook_files.REFUSED)
def test_a_file_that_is_too_much_is_refused_with_a_reason(attacked, attack):
    attacked("notebook files", attack)
    with pytest.raises(NotGradable) as told:
        repair(notebook_files.REFUSED[attack](), STAGE)
    assert str(told.value)


@pytest.mark.parametrize("attack", notebook_files.READ)
def test_an_odd_file_is_read_and_its_answer_graded(attacked, attack):
    attacked("notebook files", attack)
    assert deserved(repair(notebook_files.READ[attack](), STAGE)) == 0


def test_canary_too_many_cells_are_read_where_nobody_counts_them(canary):
    canary("notebook files")
    raw = notebook_files.REFUSED["too many cells"]()
    with mock.patch.object(notebook_file, "MAX_CELLS", 10**9):
        assert len(notebook_file.read_cells(raw, [])) == 10_001
