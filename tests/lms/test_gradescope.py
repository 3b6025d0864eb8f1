"""Gradescope: every upload gets a valid results.json, and the autograder's zip runs in the folders that Gradescope uses."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from sample_results import LOSS, MASKED, failed, judged, not_gradable, result

from autograder.lms.gradescope import build_zip, not_taken, requirements, results_json

STAGE, ESSAY = "04_in_batch_loss", "06_experiments"


def test_tests_and_totals():
    bob = result(
        "bob",
        exercises={LOSS: judged(LOSS, "arange") | {"output": "tensor(3.2)\x1b[0m"}, MASKED: failed(MASKED, "timeout", "Too long.")},
    )
    made = results_json([bob])
    assert (
        made["score"] == bob["points"] == sum(t["score"] for t in made["tests"]) and sum(t["max_score"] for t in made["tests"]) == 9
    )
    for t in made["tests"]:
        assert t["status"] == ("passed" if t["score"] else "failed") and t["visibility"] == "visible"
        assert t["output_format"] == t["name_format"] == "text", "nothing of a student's becomes HTML"
    assert [t["number"] for t in made["tests"]][:2] == ["4.1.1", "4.1.2"]
    assert any("This is what you get if" in t["output"] for t in made["tests"])
    assert "Your code printed:\ntensor(3.2)" in made["tests"][3]["output"] and "Too long." in made["tests"][4]["output"]
    assert made["stdout_visibility"] == "hidden" and not made["extra_data"]["not_gradable"]
    assert made["extra_data"]["receipts"][f"{STAGE}/{LOSS}"]["code"]
    json.dumps(made)


def test_not_gradable_says_that_its_number_is_no_mark():
    made = results_json([not_gradable("bob", reason="The file is <b>empty</b>.")])
    assert made["tests"] == [] and made["extra_data"]["not_gradable"]
    assert (
        "This 0 is not a mark" in made["output"]
        and "The file is <b>empty</b>." in made["output"]
        and made["output_format"] == "text"
    )


def test_nothing_and_another_stage_are_named():
    assert "there was no notebook of this course" in results_json([])["output"]
    made = results_json([result("bob")], [ESSAY])
    assert f"no notebook of {ESSAY} in the upload, only of {STAGE}" in made["output"] and made["score"] == 0 and not made["tests"]


def test_written_answers_are_left_to_people():
    made = results_json([result("ada", ESSAY)])
    assert "2 written answers are marked by hand." in made["output"] and sum(t["max_score"] for t in made["tests"]) == 5


def test_requirements_are_pinned():
    lines = requirements().split()
    assert all("==" in line and line.split("==")[1] for line in lines)
    assert {"torch", "transformers", "nbgrader", "jupytext"} <= {line.split("==")[0] for line in lines}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gradescope")
    path = build_zip(folder / "autograder.zip", [STAGE])
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            target = z.extract(info, folder / "source")
            os.chmod(target, info.external_attr >> 16)
    return folder


def test_the_zip_holds_what_it_needs_and_nothing_of_students(unpacked):
    source = unpacked / "source"
    names = {str(p.relative_to(source)) for p in source.rglob("*") if p.is_file()}
    assert {"setup.sh", "run_autograder", "requirements.txt", "constraints.txt", f"solutions/{STAGE}.py", f"notebooks/{STAGE}/{STAGE}.ipynb",
            "dpr_course/checks/expected.json", "dpr_course/assets/toy_nq/val.jsonl", "autograder/templates/feedback.html"} <= names  # fmt: skip
    assert not any(ESSAY in n or "gradebook" in n and n.endswith(".db") or "secret_seed" in n or "__pycache__" in n for n in names)
    assert os.access(source / "run_autograder", os.X_OK) and os.access(source / "setup.sh", os.X_OK)
    for script in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", source / script]).returncode == 0
    again = build_zip(unpacked / "again.zip", [STAGE])
    assert again.read_bytes() == (unpacked / "autograder.zip").read_bytes()
    with zipfile.ZipFile(build_zip(unpacked / "secret.zip", [STAGE], "s" * 40)) as z:
        assert z.read("autograder/term/secret_seed") == b"s" * 40 + b"\n"


def test_what_could_not_be_taken_is_named(tmp_path):
    (tmp_path / "hw").mkdir()
    for name, raw in {"hw/my work.ipynb": b'{"cells": [', "a.zip": b"PK broken", "<b>.txt": b"x"}.items():
        (tmp_path / name).write_bytes(raw)
    made = results_json([], [STAGE], not_taken(tmp_path))
    assert "only what could not be taken" in made["output"] and made["extra_data"]["not_gradable"]
    assert "hw/my work.ipynb: the file is cut off" in made["output"] and "a.zip: the zip is damaged" in made["output"]
    assert "<b>.txt: it is neither a notebook" in made["output"] and str(tmp_path) not in made["output"]
    many = results_json([result("bob")], [STAGE], [f"{i}.txt: no" for i in range(13)])
    assert "9.txt: no\nand 3 more" in many["output"] and not many["extra_data"]["not_gradable"]


@pytest.mark.parametrize(
    "stub, told",
    [
        ("cp result.json $5/04.json", "6 of 9 points"),
        ("exit 3", "homework.ipynb: the file is empty"),
        ("echo '{' > $5/04.json", "failed"),
    ],
)
def test_the_run_script_always_leaves_a_results_json(unpacked, tmp_path, stub, told):
    """Whatever `grade` does, the run script writes results.json. A stub stands in for `grade` here."""
    (tmp_path / "result.json").write_text(json.dumps(result("bob", exercises={LOSS: judged(LOSS, "arange")})))
    python = tmp_path / "python"
    grade = stub.replace("result.json", str(tmp_path / "result.json"))
    python.write_text(f'#!/bin/bash\nif [ "$3" = grade ]; then {grade.replace("$5", "$6")}; else exec {sys.executable} "$@"; fi\n')
    python.chmod(0o755)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "homework.ipynb").touch()
    env = os.environ | {"AUTOGRADER": str(tmp_path), "PYTHON": str(python)}
    env.pop("PYTHONPATH", None)
    run = subprocess.run([unpacked / "source" / "run_autograder"], env=env, cwd=tmp_path, capture_output=True, text=True)
    made = json.loads((tmp_path / "results" / "results.json").read_text())
    assert told in made["output"], run.stdout + run.stderr
