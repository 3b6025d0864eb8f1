"""The release holds everything that students need and nothing else. If it would hold an answer or a secret, it is not written."""

import ast
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder.authoring import release
from autograder.authoring.release import ReleaseError, answer_lines, answered, answers_in, leaks, make_release, wrong_marks
from autograder.bench.classroom import reference_answers
from autograder.places import ROOT
from autograder.stages.contexts import context, exercises_of
from autograder.stages.source import (
    exercise_source,
    imported_from_previous,
    previous_source,
    read_stage,
    stage_names,
    without_markers,
)
from dpr_course.carry import carry


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
        "notebooks/glossary.ipynb", "notebooks/01_dual_encoder/01_dual_encoder.ipynb", "notebooks/02_collate/02_collate.ipynb",
        "notebooks/02_collate/previous.py", "notebooks/03_recall_at_k/03_recall_at_k.ipynb", "notebooks/03_recall_at_k/previous.py",
    }  # fmt: skip
    package = {n for n in found if n.startswith("dpr_course/")}
    tracked = {str(p.relative_to(ROOT)) for p in (ROOT / "dpr_course").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert package == tracked
    assert found - notebooks - package == {"AGENTS.md", "LICENSE", "README.md", "pyproject.toml", "start.py", "constraints.txt"}
    for name in {n for n in notebooks if n.endswith(".ipynb")} | package:
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
    make_release(tmp_path / "a.zip", "02")  # an existing zip may be replaced
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
    ("dpr_course/b.py", "x = 1\nfrom autograder.stages.source import ROOT", "line 2: for instructors only"),
    ("dpr_course/c.py", "KEY = '-----BEGIN {} PRIVATE KEY-----'".format("RSA"), "secret"),
    ("dpr_course/d.py", "api_key = 'abcdefgh12345678'", "secret"),
    ("dpr_course/e.py", "t = 'hf_" + "a" * 34 + "'", "secret"),
    ("dpr_course/f.py", "p = '/home/ada/dpr'", "private path"),
    ("dpr_course/g.py", "seed = {seed}", "hidden seed"),
    ("autograder/bank/x.py", "1", "for instructors only"),
]


def test_what_must_not_leave_stops_the_release(tmp_path, monkeypatch):
    (tmp_path / "secret_seed").write_text("5ec2e7" * 10)
    monkeypatch.setattr(release, "SECRET", tmp_path / "secret_seed")
    answers = {stage: "\n".join(lines) for (stage, _), lines in answer_lines(["02_collate"]).items()}
    assemble = release.assemble

    def careless(stages, folder, with_previous, tier):
        assemble(stages, folder, with_previous, tier)
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


def definitions(path):
    """Return {name: source text} of the functions and classes at the top level of a file."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    return {n.name: ast.unparse(n) for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}


def solve(folder, answers):
    """Write the answers, {exercise: code}, into the notebooks of the release in `folder`."""
    for stage in sorted(p.name for p in (folder / "notebooks").iterdir() if p.is_dir()):
        path = folder / "notebooks" / stage / f"{stage}.ipynb"
        nb = json.loads(path.read_text(encoding="utf-8"))
        for key in exercises_of(stage):
            cell = next(c for c in nb["cells"] if "".join(c["source"]).startswith(f"# exercise: {key}\n"))
            cell["source"] = f"# exercise: {key}\n" + answers.get(key, cell["source"][-1])
        path.write_text(json.dumps(nb), encoding="utf-8")


def imports(folder, stage):
    """Import from previous.py, in a new process, what the notebook of a stage imports. Returns the output or the error."""
    names = ", ".join(sorted(imported_from_previous(stage)))
    code = (
        f"from previous import {names}\nprint('dual', make_dual_encoder() is not None)"
        if "make_dual" in names
        else f"from previous import {names}"
    )
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder / "notebooks" / stage, capture_output=True, text=True, env=env)
    return done.stdout + done.stderr


def test_stages_released_together_do_not_answer_each_other(made):
    """No line of an answer is in the notebooks of the release or the files beside them, and no previous.py solves a released exercise."""
    for path in (made / "notebooks").rglob("previous.py"):
        stage, held = path.parent.name, definitions(path)
        for earlier in ("01_dual_encoder", "02_collate"):
            for key in exercises_of(earlier) if earlier < stage else ():
                for node in ast.parse(exercise_source(key)).body:
                    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                        assert node.name in held and "yours('exercise" in held[node.name]
                        assert held[node.name] != ast.unparse(node)
        assert definitions(path).keys() - {"yours"} == definitions(ROOT / path.relative_to(made)).keys()
    telling = {line for lines in answer_lines(["01_dual_encoder", "02_collate", "03_recall_at_k"]).values() for line in lines}
    text = "".join(p.read_text(encoding="utf-8") for p in (made / "notebooks").rglob("*") if p.is_file())
    assert len(telling) > 50 and not [line for line in telling if line in text]
    assert answered(made, ["01_dual_encoder", "02_collate", "03_recall_at_k"]) == []


def test_what_lies_before_a_release_is_given(tmp_path):
    make_release(tmp_path / "week2", "04-05")
    four, five = (tmp_path / "week2" / "notebooks" / s / "previous.py" for s in ("04_in_batch_loss", "05_hard_negatives"))
    assert four.read_text(encoding="utf-8") == previous_source("04_in_batch_loss")
    (tmp_path / "whole.py").write_text(previous_source("05_hard_negatives"), encoding="utf-8")
    whole, held = definitions(tmp_path / "whole.py"), definitions(five)
    open_now = {name for name in whole if held[name] != whole[name]}
    assert open_now == {"get_in_batch_contrastive_loss", "get_masked_contrastive_loss"}


def test_with_previous_it_is_the_reference_and_nothing_more(tmp_path):
    make_release(tmp_path / "all", "01-03", with_previous=True)
    for path in (tmp_path / "all" / "notebooks").rglob("previous.py"):
        assert path.read_text(encoding="utf-8") == previous_source(path.parent.name)
    assert "reference versions" in (tmp_path / "all" / "README.md").read_text(encoding="utf-8")


def test_an_answer_in_previous_py_stops_the_release(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "given", lambda name, stages, with_previous: previous_source(name) or "")
    monkeypatch.setattr(release, "leaks", lambda *_: [])
    with pytest.raises(ReleaseError, match=r"03_recall_at_k/previous.py: 2.1 tensorize_contrastive in it earns"):
        make_release(tmp_path / "x", "01-03")
    assert not list(tmp_path.iterdir())


def test_the_first_cell_says_what_to_do_and_carry_does_it(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "mine")
    assert "carry" not in imports(folder, "02_collate"), "nothing of stage 01 is used there"
    told = imports(folder, "03_recall_at_k")
    assert "Not in previous.py yet: Encoder, DualEncoder, make_dual_encoder" in told and "`dpr-course carry 03`" in told
    assert told.rstrip().splitlines()[-2].startswith("RuntimeError: exercise 1.3 is your own work. Solve it in its own notebook")
    answers = reference_answers("01_dual_encoder") | reference_answers("02_collate")
    keys = list(answers)
    solve(folder, {keys[0]: answers[keys[0]]})
    assert carry("03", folder / "notebooks")[keys[0]] is True
    assert "Not in previous.py yet: DualEncoder, make_dual_encoder" in imports(folder, "03_recall_at_k")
    solve(folder, answers)
    assert set(carry("03", folder / "notebooks").values()) == {True}
    assert imports(folder, "03_recall_at_k").startswith("dual True\n")


def test_the_grader_does_not_depend_on_what_was_released():
    for key in exercises_of("03_recall_at_k"):
        assert context(key)["previous"] == previous_source("03_recall_at_k") and "yours(" not in context(key)["previous"]


def test_previous_py_may_hold_what_it_gives_and_only_there(made):
    assert leaks(made, ["01_dual_encoder", "02_collate", "03_recall_at_k"]) == []
    assert {stage for stage, _ in answer_lines(stage_names())} == set(stage_names()[1:])


def test_one_line_is_too_much_in_a_notebook_and_half_an_answer_in_the_library():
    answers = {("09", "f"): {"a line of some length", "another line of length", "and a third line of some length"}}
    one, two = "a line of some length", "a line of some length\nanother line of length"
    assert not list(answers_in(one, "", answers, library=True)) and list(answers_in(two, "", answers, library=True))
    assert list(answers_in(one, "", answers, library=False)) and not list(answers_in(one, one, answers, library=False))
