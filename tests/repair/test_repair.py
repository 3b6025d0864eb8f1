"""Repair finds the same answers in a damaged notebook as in the clean one, or gives a reason why it cannot."""

import ast
import base64
import json
import time

import nbformat
import pytest
from damages import CONCLUSION, DAMAGES, LOSS, MASKED, PLAN, STAGE, WRITTEN_STAGE, clean, code, exercise, find, png

from autograder.places import ROOT
from autograder.repair.notebook_file import NotGradable
from autograder.repair.outputs import MAX_OUTPUTS
from autograder.repair.release import read_release, released_stages
from autograder.repair.repair import repair
from autograder.repair.syntax import parse
from dpr_course.checks import CHECKS, load_expected, observe

CLEAN = {stage: repair(clean(stage), stage) for stage in (STAGE, WRITTEN_STAGE)}


def score(key, repaired, reference):
    """Return the points of the answer to exercise `key` in a repaired notebook, computed as a grader would.

    The answer and the student's own definitions run on top of the reference's names.
    """
    namespace = dict(reference)
    for text in repaired.extras.get(key, []):
        kept = [n for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))]
        exec(compile(ast.Module([n for n in kept if "previous" not in ast.unparse(n)], []), "extra", "exec"), namespace)
    exec(compile(repaired.exercises[key], "answer", "exec"), namespace)
    check = CHECKS[key]
    return check.judge(observe(check, {n: namespace[n] for n in check.names}), *load_expected(key)).points


def comparable(text):
    return ast.dump(parse(text)) if parse(text) else text


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.name)
def test_damage(damage, reference):
    raw = damage.make(clean(damage.stage))
    if damage.outcome == "refused":
        with pytest.raises(NotGradable) as e:
            repair(raw, damage.stage)
        assert damage.reason in str(e.value) and len(str(e.value)) < 200
        return
    whole = CLEAN[damage.stage]
    repaired = repair(raw, damage.stage)
    nbformat.validate(repaired.notebook)
    if damage.outcome == "same":
        assert repaired.exercises == whole.exercises
        assert repaired.written == whole.written
    else:
        for key in whole.exercises:
            if key in damage.lost:
                assert comparable(repaired.exercises.get(key, "")) != comparable(whole.exercises[key])
            else:
                assert score(key, repaired, reference) == CHECKS[key].points
    assert damage.note in " ".join(repaired.notes)
    assert repaired.notes == list(dict.fromkeys(repaired.notes))
    ids = [c.id for c in repaired.notebook.cells]
    assert len(set(ids)) == len(ids)
    release = read_release(damage.stage).notebook
    assert [i for i in ids if not i.startswith("added")] == [c.id for c in release.cells]
    kept = {c.id: c.metadata for c in repaired.notebook.cells}
    assert all(kept[c.id] == c.metadata for c in release.cells) and repaired.notebook.metadata == release.metadata
    again = repair(nbformat.writes(repaired.notebook).encode(), damage.stage)
    assert again.exercises.items() >= repaired.exercises.items()  # a deleted exercise is put back as its unsolved stub


def test_there_are_enough_damages():
    assert len(DAMAGES) >= 40 and len({d.name for d in DAMAGES}) == len(DAMAGES)


@pytest.mark.parametrize("stage", released_stages())
def test_a_clean_file_stays_as_it_is(stage):
    release = ROOT / "notebooks" / stage / f"{stage}.ipynb"
    repaired = repair(release.read_bytes(), stage)
    assert repaired.notes == [] and not any(repaired.extras.values()) and not any(repaired.written.values())
    assert json.loads(nbformat.writes(repaired.notebook)) == json.loads(release.read_text(encoding="utf-8"))


def test_a_clean_submission_has_no_notes_and_keeps_its_outputs():
    repaired = CLEAN[STAGE]
    assert repaired.notes == [] and repaired.extras == {LOSS: [], MASKED: []}
    assert json.loads(nbformat.writes(repaired.notebook))["cells"][1]["outputs"][0]["text"] == ["cell 1\n"]
    assert repaired.pictures == {LOSS: [png()], MASKED: [png()]}
    assert CLEAN[WRITTEN_STAGE].written == {"plan": PLAN, "conclusion": CONCLUSION}


def test_100_megabytes_are_quick_and_do_not_stay():
    raw = next(d for d in DAMAGES if d.name == "outputs of 100 megabytes").make(clean())
    assert len(raw) > 1e8
    start = time.perf_counter()
    repaired = repair(raw, STAGE)
    assert time.perf_counter() - start < 15
    assert len(nbformat.writes(repaired.notebook)) < 200_000


def test_outputs_stay_within_the_limit_of_a_notebook():
    nb = json.loads(clean())
    for i in range(300):
        cell = code(f"x = {i}")
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "y" * 25_000}] * 2
        nb["cells"].append(cell)
    made = repair(json.dumps(nb).encode(), STAGE).notebook
    assert len(nbformat.writes(made)) < MAX_OUTPUTS + 200_000
    assert sum(len(o.text) for c in made.cells for o in c.get("outputs", []) if c.source == "x = 7") <= 40_000


def test_extras_are_the_students_own_code_in_order():
    nb = json.loads(clean())
    i = exercise(nb, MASKED)
    nb["cells"][i:i] = [code("A = 1"), code("def late(:"), code("def b():\n    return A")]
    nb["cells"].append(code("after = 1"))
    first = find(nb, "import torch\n")
    nb["cells"][first]["source"] += ["\nimport math"]
    repaired = repair(json.dumps(nb).encode(), STAGE)
    assert [t.split("\n")[-1] for t in repaired.extras[MASKED]] == ["import math", "A = 1", "    return A"]
    assert [t.split("\n")[-1] for t in repaired.extras[LOSS]] == ["import math"]
    assert [c.source for c in repaired.notebook.cells if c.id.startswith("added")][-1] == "after = 1"


@pytest.mark.parametrize("body", ["pass", "...", "raise NotImplementedError", "'todo'; raise NotImplementedError('later')"])
def test_a_copy_that_says_nothing_does_not_hide_the_answer(body):
    nb = json.loads(clean())
    nb["cells"].append(code(f"def {LOSS}(model, batch):\n    {body}"))
    assert repair(json.dumps(nb).encode(), STAGE).exercises == CLEAN[STAGE].exercises


def test_pictures_pasted_into_a_written_answer_stay():
    nb = json.loads(clean(WRITTEN_STAGE))
    encoded = base64.b64encode(png()).decode()
    cell = nb["cells"][find(nb, "<!-- answer: plan")]
    cell["attachments"] = {"a.png": {"image/png": encoded}, "b.svg": {"image/svg+xml": "<svg/>"}}
    made = repair(json.dumps(nb).encode(), WRITTEN_STAGE).notebook
    nbformat.validate(made)
    assert next(c for c in made.cells if c.id == "plan").attachments == {"a.png": {"image/png": encoded}}


def test_answers_to_other_exercises_are_no_extras():
    nb = json.loads(clean())
    nb["cells"][exercise(nb)]["source"] += ["\n\n\ndef helper():\n    return 1"]
    repaired = repair(json.dumps(nb).encode(), STAGE)
    assert repaired.extras[MASKED] == ["def helper():\n    return 1"] and "helper" in repaired.exercises[LOSS]


def test_an_unsolved_answer_is_there_and_a_deleted_one_is_not():
    nb = json.loads((ROOT / "notebooks" / STAGE / f"{STAGE}.ipynb").read_text(encoding="utf-8"))
    del nb["cells"][exercise(nb)]
    repaired = repair(json.dumps(nb).encode(), STAGE)
    assert list(repaired.exercises) == [MASKED] and "NotImplementedError" in repaired.exercises[MASKED]


def test_nothing_of_the_students_is_run(tmp_path):
    nb = json.loads(clean())
    bomb = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    for cell in nb["cells"]:
        cell["source"] = bomb + "".join(cell["source"]) + "\n" + bomb
    repair(json.dumps(nb).encode(), STAGE)
    assert not list(tmp_path.iterdir())
