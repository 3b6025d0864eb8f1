"""The test of rounding: the reference keeps its points under all numeric settings, such as other numbers of threads.

An answer whose rounding errors cost it points is counted.
"""

import json

import pytest

from autograder.audit import rounding
from autograder.stages.source import exercise_source
from dpr_course.checks import CHECKS


def test_the_reference_loses_nothing_under_any_setting():
    assert rounding.failed_runs("get_in_batch_contrastive_loss", exercise_source("get_in_batch_contrastive_loss")) == []


def test_an_answer_in_half_precision_is_counted_with_what_its_student_reads():
    coarse = exercise_source("get_in_batch_contrastive_loss").replace("X @ Y.T", "(X.bfloat16() @ Y.bfloat16().T).to(X.dtype)")
    assert "bfloat16" in coarse
    found = rounding.failed_runs("get_in_batch_contrastive_loss", coarse)
    assert {settings for settings, _, _ in found} == set(rounding.VARIANTS) and all(message for _, _, message in found)


def test_expected_values_of_another_environment_are_used(tmp_path):
    source = exercise_source("exact_match")
    rounding.write_expected(tmp_path / "expected.json")
    values = rounding.read_expected(tmp_path / "expected.json")
    assert rounding.failed_runs("exact_match", source, values["exact_match"]) == []
    other = {seed: dict.fromkeys(seen, "something else") for seed, seen in values["exact_match"].items()}
    assert len(rounding.failed_runs("exact_match", source, other)) == len(other) * len(rounding.VARIANTS)
    content = json.loads((tmp_path / "expected.json").read_text())
    del content["exact_match"]
    (tmp_path / "expected.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="the values of exact_match for seed .* are missing"):
        rounding.read_expected(tmp_path / "expected.json")
    content["checks"]["exact_match"] = "of an earlier check"
    (tmp_path / "expected.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="exact_match has changed"):
        rounding.read_expected(tmp_path / "expected.json")


def test_every_exercise_has_right_answers_of_all_kinds_and_none_that_is_disputed():
    answers = rounding.right_answers()
    for exercise in CHECKS:
        names = [name for e, name, _ in answers if e == exercise]
        assert "the reference" in names and any(n.startswith("right_") for n in names) and any("author" in n for n in names)


def test_each_environment_has_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(rounding, "RECORD", tmp_path / "rounding.json")
    monkeypatch.setattr(rounding, "TARGET", tmp_path / "rounding.md")
    rounding.record(500, 10_000, 0)
    monkeypatch.setattr(rounding, "LIBRARIES", ("torch",))
    rounding.record(500, 10_000, 1)
    rounding.record(500, 10_000, 2)  # the same environment again replaces its row
    text = (tmp_path / "rounding.md").read_text()
    assert "0 of 10000: 0.0 %" in text and "2 of 10000" in text and "1 of 10000" not in text
