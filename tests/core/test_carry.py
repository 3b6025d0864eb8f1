"""`dpr-course doctor` and `dpr-course carry`, which copies a student's own right answers into later stages, do their work."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.places import ROOT
from dpr_course import doctor
from dpr_course.carry import CarryError, carry
from dpr_course.cli import main
from dpr_course.stages import find_notebooks

MINE = '''# exercise: get_topk_candidates
import torch


def helper(S, k):
    return S.sort(dim=1, descending=True)


def get_topk_candidates(X, Y, samples, passages, k):
    """My own version."""
    values, indices = helper(X @ Y.T, k)
    k = min(k, len(passages))
    return make_candidates(samples, passages, indices[:, :k], values[:, :k])


raise SystemExit("never run")
'''
WRONG = (
    "# exercise: topk_retrieval_accuracy\ndef topk_retrieval_accuracy(candidates, k_values=(1,), by='id'):\n    return {1: 0.0}\n"
)


@pytest.fixture
def notebooks(tmp_path):
    """A student's folder with stages 03 and 04. Stage 03 has one right and one wrong answer."""
    for stage in ("03_recall_at_k", "04_in_batch_loss"):
        shutil.copytree(ROOT / "notebooks" / stage, tmp_path / stage, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "03_recall_at_k" / "03_recall_at_k.ipynb"
    notebook = json.loads(path.read_text())
    for c in notebook["cells"]:
        for source in (MINE, WRONG):
            if "".join(c["source"]).startswith(source.splitlines()[0] + "\n"):
                c["source"] = source
    path.write_text(json.dumps(notebook))
    return tmp_path


def test_what_passes_is_carried_and_the_rest_stays(notebooks):
    path = notebooks / "04_in_batch_loss" / "previous.py"
    before = path.read_text()
    assert carry("04", notebooks) == {"get_topk_candidates": True, "topk_retrieval_accuracy": False}
    text = path.read_text()
    assert "My own version" in text and "def helper" in text and "# yours, from 03_recall_at_k" in text
    assert "never run" not in text and "100 * hits / len(candidates)" in text
    exec(compile(text, "previous.py", "exec"), {"__name__": "previous"})
    # After the answer is lost, carry puts the reference version back.
    shutil.copytree(ROOT / "notebooks" / "03_recall_at_k", notebooks / "03_recall_at_k", dirs_exist_ok=True)
    assert carry("04", notebooks) == {"get_topk_candidates": None, "topk_retrieval_accuracy": None}
    assert path.read_text() == before


def test_an_untouched_exercise_is_not_called_wrong(notebooks, capsys):
    shutil.copytree(ROOT / "notebooks" / "03_recall_at_k", notebooks / "03_recall_at_k", dirs_exist_ok=True)
    main(["carry", "04", "--notebooks", str(notebooks)])
    told = capsys.readouterr().out
    assert told.count("not solved yet") == 2 and "does not pass" not in told


def test_nothing_is_written_where_something_is_wrong(notebooks):
    with pytest.raises(CarryError, match="stage 09"):
        carry("09", notebooks)
    (notebooks / "03_recall_at_k" / "03_recall_at_k.ipynb").write_text("{oops")
    before = (notebooks / "04_in_batch_loss" / "previous.py").read_text()
    with pytest.raises(CarryError, match="is not a notebook"):
        carry("04", notebooks)
    assert (notebooks / "04_in_batch_loss" / "previous.py").read_text() == before


def test_the_command_line(notebooks, capsys):
    main(["carry", "04", "--notebooks", str(notebooks)])
    assert "yours" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="stage 09"):
        main(["carry", "09", "--notebooks", str(notebooks)])
    with pytest.raises(SystemExit) as e:
        main(["doctor"])
    assert e.value.code == 0 and capsys.readouterr().out.startswith("✓ dpr-course")


@pytest.mark.parametrize(
    "place", [".", "notebooks", "notebooks/04_in_batch_loss", "notebooks/04_in_batch_loss/pictures/large", "mine"]
)
@pytest.mark.parametrize("named", ["notebooks", "", "week 4"])
def test_carry_and_doctor_work_from_anywhere_in_the_course(place, named, notebooks, tmp_path_factory, monkeypatch, capsys):
    """The commands work from every folder of the repository and of a release.

    They also work in a folder that holds only stages, as an LMS or nbgrader's exchange gives it.
    """
    root = tmp_path_factory.mktemp("a course")
    stages = shutil.copytree(notebooks, root / named, dirs_exist_ok=True)
    folder = root / (place.replace("notebooks", named) if named else place.replace("notebooks/", "").replace("notebooks", "."))
    folder.mkdir(parents=True, exist_ok=True)
    if named == "week 4" and place in (".", "mine"):
        folder = stages  # from outside, only a folder named notebooks is found
    monkeypatch.chdir(folder)
    main(["carry", "04"])
    assert "get_topk_candidates              yours" in capsys.readouterr().out
    assert "My own version" in (stages / "04_in_batch_loss" / "previous.py").read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as e:
        main(["doctor"])
    assert e.value.code == 0


def test_the_nearest_course_is_meant_and_never_the_reference(notebooks, tmp_path, monkeypatch):
    outer = tmp_path / "outer"
    for name in ("notebooks", "solutions"):
        shutil.copytree(notebooks, outer / name, ignore=shutil.ignore_patterns("outer"))
    inner = shutil.copytree(outer / "notebooks", outer / "mine")
    assert find_notebooks(inner / "04_in_batch_loss") == inner
    assert find_notebooks(outer / "solutions" / "04_in_batch_loss") == outer / "notebooks"
    alone = shutil.copytree(outer / "notebooks", tmp_path / "elsewhere" / "solutions")
    assert find_notebooks(alone) == alone, "a student may call a folder so"
    before = (outer / "solutions" / "04_in_batch_loss" / "previous.py").read_bytes()
    monkeypatch.chdir(outer / "solutions" / "04_in_batch_loss")
    main(["carry", "04"])
    assert (outer / "solutions" / "04_in_batch_loss" / "previous.py").read_bytes() == before


def test_outside_of_a_course_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="neither in .* nor above it: change to the course's folder, or give it with --notebooks"):
        main(["carry", "04"])
    with pytest.raises(SystemExit, match="which has none"):
        main(["carry", "04", "--notebooks", str(tmp_path)])
    assert list(tmp_path.iterdir()) == []


def test_the_module_is_the_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "dpr_course", "carry", "--help"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0 and "usage: dpr-course carry" in done.stdout


def test_the_doctor_names_the_cause(monkeypatch, tmp_path):
    assert doctor.problem() is None
    with monkeypatch.context() as m:
        m.setitem(doctor.MINIMUM, "torch", "99.0")
        assert "torch is" in doctor.problem() and "99.0" in doctor.problem()
    with monkeypatch.context() as m:
        m.setitem(doctor.MINIMUM, "no-such-package", "1.0")
        assert "no-such-package is not installed" in doctor.problem()
    with monkeypatch.context() as m:
        m.setenv("DPR_TRACK", "bert")
        assert "unknown track" in doctor.problem()
    with monkeypatch.context() as m:
        m.setenv("DPR_TRACK", "distilbert")
        m.setenv("DPR_DATA", str(tmp_path))
        assert "fetch_nq" in doctor.problem()
    with monkeypatch.context() as m:
        m.setattr("dpr_course.data.TOY_NQ", tmp_path)
        assert "is missing" in doctor.problem()
    with monkeypatch.context() as m:
        m.setenv("DPR_DEVICE", "cuda:7")
        assert "DPR_DEVICE=cpu" in doctor.problem()
        m.setenv("DPR_DEVICE", "gpu")
        assert "DPR_DEVICE is 'gpu'" in doctor.problem()
