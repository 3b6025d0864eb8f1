"""Only autograder.places knows where the project's files lie. Data of a term (seed, marks) is moved from where version 0.1 kept it."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from autograder import places
from autograder.places import ROOT, PlaceError, left_behind, move_in

SEED = "an old seed that must stay what it is, whatever moves"


@pytest.fixture
def old_house(tmp_path):
    """A folder autograder/ in which the data of a term lies where version 0.1 kept it."""
    house = tmp_path / "autograder"
    (house / "results" / "04_in_batch_loss").mkdir(parents=True)
    (house / "results" / "04_in_batch_loss" / "ada.json").write_text("{}")
    (house / "submitted" / "ada").mkdir(parents=True)
    for name, text in {
        "secret_seed": SEED,
        "gradebook.db": "marks",
        "gradebook.db-journal": "",
        "grades_canvas.csv": "a,b",
    }.items():
        (house / name).write_text(text)
    (house / "grade.py").write_text("code stays")
    return house


def test_everything_gathered_moves_and_is_said(old_house):
    said = move_in(old_house)
    assert {p.name for p in (old_house / "term").iterdir()} == {
        "results", "submitted", "secret_seed", "gradebook.db", "gradebook.db-journal", "grades_canvas.csv"
    }  # fmt: skip
    assert (old_house / "term" / "secret_seed").read_text() == SEED and "secret_seed" in said and "gradebook.db" in said
    assert {p.name for p in old_house.iterdir()} == {"term", "grade.py"}
    assert move_in(old_house) == "" and left_behind(old_house) == []


def test_an_interrupted_move_goes_on(old_house):
    (old_house / "term").mkdir()
    (old_house / "secret_seed").rename(old_house / "term" / "secret_seed")
    assert "gradebook.db" in move_in(old_house)
    assert (old_house / "term" / "secret_seed").read_text() == SEED


@pytest.mark.parametrize("name", ["secret_seed", "gradebook.db", "results"])
def test_two_of_a_kind_are_never_merged(old_house, name):
    (old_house / "term").mkdir()
    (old_house / "term" / name).write_text("another")
    with pytest.raises(PlaceError, match=f"{name} is in .* and in .*term"):
        move_in(old_house)
    assert (old_house / "secret_seed").read_text() == SEED and (old_house / "term" / name).read_text() == "another"


@pytest.fixture(scope="module")
def old_course(tmp_path_factory):
    """A copy of the course whose secret seed lies where version 0.1 kept it."""
    root = tmp_path_factory.mktemp("course") / "dpr-course"
    ignored = shutil.ignore_patterns("term", "__pycache__", "bank", *places.GATHERED)
    for name in ("autograder", "dpr_course", "solutions", "notebooks"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "autograder" / "secret_seed").write_text(SEED)
    return root


def in_course(root, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True)


def test_a_command_finds_the_old_seed_and_makes_no_new_one(old_course):
    done = in_course(old_course, "-m", "autograder", "report")
    assert "moved to" in done.stdout and "secret_seed" in done.stdout, done.stdout + done.stderr
    code = "from autograder.places import SECRET; print(SECRET.read_text())"
    assert in_course(old_course, "-c", code).stdout.strip() == SEED


def test_the_seed_is_found_by_whoever_asks_for_it(old_course):
    """Any code that loads the secret seed gets the old seed of the course: not only a command, but also a notebook's cell."""
    shutil.rmtree(old_course / "autograder" / "term", ignore_errors=True)
    (old_course / "autograder" / "secret_seed").write_text(SEED)
    where = re.search(r"from (autograder[\w.]*secret)", (ROOT / "autograder" / "commands.py").read_text())[1]
    assert in_course(old_course, "-c", f"from {where} import load_secret; print(load_secret())").stdout.splitlines()[-1] == SEED


def test_no_other_module_hangs_on_its_own_file():
    """Only two modules of autograder use `__file__`, so the others find data, templates and the bank even after they are moved."""
    allowed = {
        ROOT / "autograder" / "places.py",
        ROOT / "autograder" / "nbgrader_config.py",
    }  # nbgrader runs nbgrader_config.py before autograder is on the import path
    found = [p for p in (ROOT / "autograder").rglob("*.py") if re.search(r"(?<![\w.])__file__", p.read_text()) and p not in allowed]
    assert found == []
