"""The release: what students get, all of it, nothing else, and proved before it leaves."""

import importlib.metadata
import json
import subprocess
import sys
import zipfile

import pytest

from autograder import release
from autograder.release import ReleaseError, answer_lines, answers_in, leaks, make_release, wrong_marks
from autograder.stages import ROOT, read_stage, stage_names, without_markers


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release") / "class"
    assert make_release(folder, "01-03") == ["01_dual_encoder", "02_collate", "03_recall_at_k"]
    return folder


def names(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_it_holds_the_stages_the_package_and_nothing_else(made):
    found = names(made)
    notebooks = {n for n in found if n.startswith("notebooks/")}
    assert notebooks == {
        "notebooks/01_dual_encoder/01_dual_encoder.ipynb", "notebooks/02_collate/02_collate.ipynb",
        "notebooks/02_collate/previous.py", "notebooks/03_recall_at_k/03_recall_at_k.ipynb", "notebooks/03_recall_at_k/previous.py",
    }  # fmt: skip
    package = {n for n in found if n.startswith("dpr_course/")}
    tracked = {str(p.relative_to(ROOT)) for p in (ROOT / "dpr_course").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert package == tracked
    assert found - notebooks - package == {"LICENSE", "README.md", "pyproject.toml", "start.py", "constraints.txt"}
    for name in notebooks | package:
        assert (made / name).read_bytes() == (ROOT / name).read_bytes()
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert readme.count("colab.research.google.com") == 3 and "04_in_batch_loss" not in readme and "{" not in readme


def test_it_installs(made, tmp_path):
    if int(importlib.metadata.version("setuptools").split(".")[0]) < 77:
        pytest.skip("needs setuptools 77")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."]
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(made), str(copy)], check=True)
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    inside = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert {n for n in names(made) if n.startswith("dpr_course/")} <= inside


def test_a_zip_is_the_same_to_the_byte(tmp_path):
    make_release(tmp_path / "a.zip", "02")
    first = (tmp_path / "a.zip").read_bytes()
    make_release(tmp_path / "a.zip", "02")  # a zip may be made again
    assert (tmp_path / "a.zip").read_bytes() == first
    members = zipfile.ZipFile(tmp_path / "a.zip").infolist()
    assert [m.filename for m in members] == sorted(m.filename for m in members)
    assert {m.date_time for m in members} == {(1980, 1, 1, 0, 0, 0)} and {m.filename.split("/")[0] for m in members} == {
        "dpr-course"
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="already"):
        make_release(tmp_path, "02")
    assert (tmp_path / "mine.txt").read_text() == "mine"


LEAKS = [
    ("notebooks/02_collate/notes.md", "labels: {answer}", "of 02_collate"),
    ("dpr_course/later.py", "{later}", "of 04_in_batch_loss"),
    ("dpr_course/a.py", "### BEGIN SOLUTION", "BEGIN SOLUTION"),
    ("dpr_course/b.py", "x = 1\nfrom autograder.stages import ROOT", "line 2: the instructor's"),
    ("dpr_course/c.py", "KEY = '-----BEGIN {} PRIVATE KEY-----'".format("RSA"), "secret"),
    ("dpr_course/d.py", "api_key = 'abcdefgh12345678'", "secret"),
    ("dpr_course/e.py", "t = 'hf_" + "a" * 34 + "'", "secret"),
    ("dpr_course/f.py", "p = '/home/ada/dpr'", "private path"),
    ("dpr_course/g.py", "seed = {seed}", "hidden seed"),
    ("autograder/bank/x.py", "1", "instructor's side"),
]


def test_what_must_not_leave_stops_the_release(tmp_path, monkeypatch):
    (tmp_path / "secret_seed").write_text("5ec2e7" * 10)
    monkeypatch.setattr(release, "SECRET", tmp_path / "secret_seed")
    answers = {stage: "\n".join(lines) for (stage, _), lines in answer_lines(["02_collate"]).items()}
    assemble = release.assemble

    def careless(stages, folder):
        assemble(stages, folder)
        for name, text, _ in LEAKS:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            seed = release.hidden_secrets()[3]
            (folder / name).write_text(text.format(answer=answers["02_collate"], later=answers["04_in_batch_loss"], seed=seed))

    monkeypatch.setattr(release, "assemble", careless)
    with pytest.raises(ReleaseError) as e:
        make_release(tmp_path / "out", "02")
    lines = str(e.value).splitlines()[1:]
    for name, _, words in LEAKS:
        assert any(name in line and words in line for line in lines), name
    assert len(lines) == len(LEAKS), "and nothing that is in order is called a leak"
    assert [p.name for p in tmp_path.iterdir()] == ["secret_seed"]


def test_an_answer_in_a_notebook_is_found(made, tmp_path):
    stage = "03_recall_at_k"
    source = next(c.source for c in read_stage(stage).cells if "exercise" in c.metadata)
    subprocess.run(["cp", "-r", str(made), str(tmp_path / "x")], check=True)
    path = tmp_path / "x" / "notebooks" / stage / f"{stage}.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in nb["cells"] if "".join(c["source"]).startswith("# exercise:"))
    cell["source"] = [cell["source"][0], without_markers(source)]
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert any("of 03_recall_at_k" in line for line in leaks(tmp_path / "x", [stage]))
    assert wrong_marks(tmp_path / "x", [stage]) == ["3.1 get_topk_candidates: the stub earns 3 points, not 0"]


def test_previous_py_may_hold_what_it_gives_and_only_there(made):
    assert leaks(made, ["01_dual_encoder", "02_collate", "03_recall_at_k"]) == []
    assert {stage for stage, _ in answer_lines(stage_names())} == set(stage_names()[1:])


def test_one_line_is_too_much_in_a_notebook_and_half_an_answer_in_the_library():
    answers = {("09", "f"): {"a line of some length", "another line of length", "and a third line of some length"}}
    one, two = "a line of some length", "a line of some length\nanother line of length"
    assert not list(answers_in(one, "", answers, library=True)) and list(answers_in(two, "", answers, library=True))
    assert list(answers_in(one, "", answers, library=False)) and not list(answers_in(one, one, answers, library=False))
