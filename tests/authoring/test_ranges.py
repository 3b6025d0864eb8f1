"""Versions of libraries: all bounds are in pyproject.toml alone, and saved files load in the oldest and newest versions.

`make ranges` installs the oldest and the newest versions and shows that both work.
"""

import email.message
import json
import re
import subprocess
import sys

import pytest
from transformers import PreTrainedTokenizerFast

from autograder.authoring.ranges import least_versions
from autograder.places import ROOT
from dpr_course import doctor
from dpr_course.encoders import TOY_ENCODER, load_encoder, load_tokenizer, save_tokenizer

NAMES = "torch|transformers|numpy|matplotlib|tqdm|threadpoolctl|bm25s|regex|PyYAML|pydantic|nbgrader|jupytext|nbclient|nbconvert|faiss-cpu"


def test_bounds_stand_in_one_place():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    bound = re.compile(rf"\b(?:{NAMES})\b[\"' ]*(?:[><~]=|:\s*[\"'])\s*\d+(?:\.\d+)+")
    found = [
        (path, m[0])
        for path in tracked
        if path.endswith((".py", ".md", ".ipynb", ".toml", ".txt"))
        and path not in ("pyproject.toml", "tests/authoring/test_ranges.py")
        for m in bound.finditer((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert [f for f in found if not f[0].startswith("tests/")] == []


def test_the_doctor_knows_the_bounds_of_pyproject(monkeypatch, tmp_path):
    assert set(doctor.MINIMUM.items()) <= {tuple(line.split("==")) for line in least_versions()}
    assert {"torch", "transformers", "numpy", "bm25s", "regex", "PyYAML"} <= set(doctor.MINIMUM)
    assert doctor.PYTHON == "3.11"
    # Without pyproject.toml, the doctor reads the installed package's metadata. Without metadata too, it demands nothing.
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "site-packages" / "dpr_course" / "doctor.py"))
    about = email.message.Message()
    about["Requires-Python"] = ">=3.12"
    for line in ["torch>=2.9", "psutil>=5; sys_platform == 'win32'", 'nbgrader<0.10,>=0.9.6; extra == "grading"']:
        about["Requires-Dist"] = line
    monkeypatch.setattr(doctor.importlib.metadata, "metadata", lambda name: about)
    assert doctor.requirements() == ("3.12", {"torch": "2.9"})
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "pyproject.toml").write_text('[project]\nname = "other"\ndependencies = ["torch>=99"]\n')
    assert doctor.requirements() == ("3.12", {"torch": "2.9"})

    def unknown(name):
        raise doctor.importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(doctor.importlib.metadata, "metadata", unknown)
    assert doctor.requirements() == ("", {})


def test_the_doctor_names_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 4))
    assert "the course needs 3.11 or later" in doctor.problem()


def test_a_range_without_a_lower_end_is_refused(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "x"\ndependencies = ["torch"]\n[project.optional-dependencies]\n')
    with pytest.raises(ValueError, match="'torch' has no minimum version"):
        least_versions(path)
    path.write_text('[project]\nname = "x"\ndependencies = ["a>=1"]\n[project.optional-dependencies]\nb = ["a>=2", "x[c]"]\n')
    with pytest.raises(ValueError, match="two minimum versions, 1 and 2"):
        least_versions(path)
    path.write_text(
        '[project]\nname = "x"\ndependencies = ["a>=1,<2"]\n[project.optional-dependencies]\nb = ["x[c]"]\nbench = ["p>=5"]\n'
    )
    assert least_versions(path) == ["a==1"]


def test_a_saved_tokenizer_has_a_class_that_every_version_knows(tmp_path):
    config = json.loads((TOY_ENCODER / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert config["tokenizer_class"] == "PreTrainedTokenizerFast"
    tokenizer = load_tokenizer()
    save_tokenizer(tokenizer, tmp_path)
    assert (
        json.loads((tmp_path / "tokenizer_config.json").read_text(encoding="utf-8"))["tokenizer_class"] == "PreTrainedTokenizerFast"
    )
    again = load_tokenizer(tmp_path)
    text = [["Ramesses II", "naïve façade 1969 [MASK]"]]
    assert isinstance(again, PreTrainedTokenizerFast) and dict(again(text)) == dict(tokenizer(text))


def test_every_place_that_saves_a_tokenizer_saves_it_so():
    for path in [*(ROOT / "dpr_course").rglob("*.py"), *(ROOT / "data_scripts").glob("*.py"), *(ROOT / "solutions").glob("*.py")]:
        if path.name != "encoders.py":
            assert "tokenizer.save_pretrained" not in path.read_text(encoding="utf-8"), path


def test_an_encoder_is_in_float32_whatever_it_was_saved_in(tmp_path):
    import torch

    encoder = load_encoder()
    for kind in (torch.float16, torch.bfloat16, torch.float32):
        encoder.to(kind).save_pretrained(tmp_path / str(kind))
        loaded = load_encoder(tmp_path / str(kind))
        assert {p.dtype for p in loaded.parameters()} == {torch.float32} and not loaded.training


def test_the_command_is_no_part_of_the_quick_suite():
    done = subprocess.run([sys.executable, "-m", "autograder", "ranges", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert "oldest" in done.stdout and "--stages" in done.stdout
    assert "$(BIN)/python -m autograder ranges" in (ROOT / "Makefile").read_text(encoding="utf-8")
