"""The tiers of a release (guided, standard, challenge): one source gives three notebooks, and all earn the same marks."""

import ast
import json

import nbformat
import pytest

from autograder.audit.routes import ROUTES
from autograder.audit.students import BEGUN, BLANK, SOLVED, answer, few, notebook
from autograder.audit.tiers import needless_places, same_cells, tier_points
from autograder.authoring.release import ANSWER, ReleaseError, answer_lines, earned, leaks, make_release, wrong_marks
from autograder.authoring.tier_notebooks import tier_notebook
from autograder.places import ROOT
from autograder.proof.bank import define
from autograder.repair.repair import repair
from autograder.repair.syntax import gaps
from autograder.stages.contexts import exercises_of
from autograder.stages.scaffolds import MARK, filled, open_parts
from autograder.stages.source import exercise_source, marked_up_source, read_stage, stage_names
from autograder.stages.tiers import ABOUT, HINTS, TIERS, TierError, blank_cell, prose, solved_cell
from dpr_course.carry import carry
from dpr_course.checks import CHECKS, report, verdict
from dpr_course.progress import progress
from dpr_course.stages import OPEN, UNSOLVED

COLLATE, LOSS = "02_collate", "04_in_batch_loss"
OTHERS = [t for t in TIERS if t != "standard"]


@pytest.mark.parametrize("exercise", CHECKS)
def test_every_exercise_in_every_tier(exercise):
    """Each exercise has a guided form that differs from the standard one. Every form, once solved, equals the reference.

    No notebook holds the marks from the source that say what each tier shows.
    """
    reference, marks = exercise_source(exercise), marked_up_source(exercise)
    parts = open_parts(marks)
    assert len(parts) >= 2 and len({*map(str, (blank_cell(exercise, t) for t in TIERS))}) >= 2
    for tier in TIERS:
        cell = blank_cell(exercise, tier)
        assert not any(map(MARK.match, cell.split("\n"))) and "SOLUTION" not in cell and UNSOLVED in cell
        assert gaps(cell, set(CHECKS[exercise].names)), "repair must see that it is not solved"
        assert ast.dump(ast.parse(solved_cell(exercise, tier))) == ast.dump(ast.parse(reference))
    assert blank_cell(exercise, "guided") != blank_cell(exercise, "standard")
    text = blank_cell(exercise, "guided")
    assert text.count(OPEN) == 2 * len(parts) + 2, "each open place has a comment, and two lines say what to do"
    assert max(map(len, text.split("\n"))) <= 132
    # Code that one guided cell leaves open is shown in no other guided cell, unless the standard notebook shows it too.
    stage = next(s for s in stage_names() if exercise in exercises_of(s))
    public = "\n".join(ANSWER.sub("", c.source) for c in read_stage(stage).cells)
    given = "\n".join(blank_cell(e, "guided") for e in exercises_of(stage))
    assert [p for p in parts if len(p) > 12 and p in given and p not in public] == []


def test_the_tiers_differ_in_what_they_should_and_each_open_place_is_needed():
    assert same_cells() == []
    for exercise in [*exercises_of(COLLATE), "merge_shards"]:  # `prove` tests all exercises in this way
        assert needless_places(exercise, define) == []


@pytest.mark.parametrize("stage", stage_names())
def test_the_notebooks_have_the_same_cells(stage):
    standard = json.loads(tier_notebook(stage, "standard"))["cells"]
    assert tier_notebook(stage, "standard") == (ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text(encoding="utf-8")
    for tier in OTHERS:
        made = nbformat.reads(tier_notebook(stage, tier), as_version=4)
        nbformat.validate(made)
        text = "\n".join(c.source for c in made.cells)
        assert "Hint" not in text if tier == "challenge" else "<details><summary>Hint" not in text
        assert (stage == "00_start_here") == (ABOUT[tier] in text) and HINTS not in text
        assert "colab.research" not in text and text.count("An answer</summary>") == json.dumps(standard).count(
            "An answer</summary>"
        )
        for a, b in zip(standard, made.cells, strict=True):
            grading = [dict(m.get("nbgrader", {})) for m in (a["metadata"], b.metadata)]
            assert a["id"] == b.id and a["cell_type"] == b.cell_type
            assert [{k: v for k, v in g.items() if k != "checksum"} for g in grading][0] == {
                k: v for k, v in grading[1].items() if k != "checksum"
            }
            if b.source.startswith("# check: ") or grading[0].get("locked"):
                assert "".join(a["source"]) == b.source and grading[0] == grading[1]


@pytest.mark.parametrize("tier", OTHERS)
def test_repair_takes_every_tier_without_being_told(tier):
    """The grader's repair finds the answers in a notebook of any tier, untouched or solved, even without metadata and ids.

    It never mistakes one of the notebook's own cells for a cell that the student has added.
    """
    exercises = exercises_of(LOSS)
    for raw in (tier_notebook(LOSS, tier).encode(), notebook(LOSS, dict.fromkeys(exercises, SOLVED), tier)):
        whole = json.loads(raw)
        bare = {**whole, "metadata": {}, "cells": [{**c, "metadata": {}} for c in whole["cells"]]}
        for cell in bare["cells"]:
            cell.pop("id", None)
        for document in (whole, bare):
            repaired = repair(json.dumps(document).encode(), LOSS)
            assert set(repaired.exercises) == set(exercises)
            assert not [c for c in repaired.notebook.cells if c.id.startswith("added-")]
            assert not any(note.startswith("Exercise") for note in repaired.notes)


def test_an_answer_elsewhere_counts_before_an_untouched_guided_cell():
    document = json.loads(tier_notebook(COLLATE, "guided"))
    (exercise,) = exercises_of(COLLATE)
    own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
    document["cells"].insert(-2, {**own, "source": solved_cell(exercise, "standard")})
    repaired = repair(json.dumps(document).encode(), COLLATE)
    assert repaired.exercises[exercise] == solved_cell(exercise, "standard")
    assert "The untouched copy of exercise 2.1 was left out; your answer in another cell was graded." in repaired.notes


@pytest.mark.parametrize("tier", OTHERS)
def test_carry_and_progress_take_every_tier(tier, tmp_path):
    (exercise,) = exercises_of(COLLATE)
    path = tmp_path / COLLATE / f"{COLLATE}.ipynb"
    path.parent.mkdir()
    (tmp_path / "03_recall_at_k").mkdir()
    for stage in (COLLATE, "03_recall_at_k"):
        (tmp_path / stage / "previous.py").write_bytes((ROOT / "notebooks" / stage / "previous.py").read_bytes())
    for state, taken, shown in ((BLANK, None, "open"), (BEGUN, False, "wrong"), (SOLVED, True, "solved")):
        path.write_bytes(notebook(COLLATE, {exercise: state}, tier))
        assert carry("03", tmp_path)[exercise] is taken
        assert next(o for o in progress(tmp_path).outcomes if o.check.exercise == exercise).state == shown


@pytest.mark.parametrize("tier", OTHERS)
def test_the_audit_of_a_tier(tier):
    """The audit, which looks for points that no work has earned, finds none in one stage of a tier.

    It makes notebooks whose exercises are blank, poisoned (made to raise an error), begun or solved. Here the checks in the
    notebook grade them. `prove` audits all stages, with all ways of grading.
    """
    assert tier_points(tier, ROUTES[0], [COLLATE]) == (6, [])


def test_what_a_student_reads_of_a_guided_exercise():
    exercise = "topk_retrieval_accuracy"
    check = CHECKS[exercise]
    untouched = verdict(exercise, *define(exercise, blank_cell(exercise, "guided"), check.names).values())
    assert untouched.points == 0 and "Not solved yet: write your code in the exercise cell" in report(check, untouched)
    code = filled(marked_up_source(exercise), but=1)
    left = verdict(exercise, *define(exercise, code, check.names, "answer").values())
    assert left.points < check.points
    assert f"NameError: {OPEN} is still there in place of your code" in next(t.message for t in left.tests if not t.passed)
    assert earned(check, answer(exercise, BEGUN, "guided"), "x") == 0


def test_a_release_of_a_tier_is_proved(tmp_path):
    make_release(tmp_path / "guided", COLLATE, tier="guided")
    readme = (tmp_path / "guided" / "README.md").read_text(encoding="utf-8")
    assert "Upload notebook" in readme and "blob/" not in readme
    path = tmp_path / "guided" / "notebooks" / COLLATE / f"{COLLATE}.ipynb"
    assert path.read_text(encoding="utf-8") == tier_notebook(COLLATE, "guided")


@pytest.mark.parametrize("tier", OTHERS)
def test_what_a_tier_must_not_hold_stops_its_release(tier, tmp_path):
    path = tmp_path / "notebooks" / COLLATE / f"{COLLATE}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(tier_notebook(COLLATE, tier), encoding="utf-8")
    assert leaks(tmp_path, [COLLATE], tier=tier) == wrong_marks(tmp_path, [COLLATE], tier) == []
    # Code that the guided tier leaves open counts as an answer in its release too.
    lines = answer_lines([COLLATE], tier)[COLLATE, "tensorize_contrastive"]
    assert any("len(passages)" in line for line in lines)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cells"][3]["source"] = [max(lines, key=len)]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert any("of the answer tensorize_contrastive" in line for line in leaks(tmp_path, [COLLATE], tier=tier))
    path.write_text(tier_notebook(COLLATE, "standard"), encoding="utf-8")
    assert wrong_marks(tmp_path, [COLLATE], tier) == (
        ["2.1 tensorize_contrastive: the cell is not the one of the tier guided"] if tier == "guided" else []
    )


def test_a_tier_that_is_not_there(tmp_path):
    with pytest.raises(TierError, match="there is no tier 'hard': choose one of guided, standard, challenge"):
        make_release(tmp_path / "x", "02", tier="hard")
    assert not list(tmp_path.iterdir()) and issubclass(ReleaseError, ValueError)


def test_prose_of_the_tiers():
    text = "Do it.\n\n<details><summary>Hint 1</summary>One\nline.</details>\n<details><summary>An answer</summary>Yes.</details>"
    assert prose(text, "standard") == text
    assert prose(text, "guided") == text.replace("<details><summary>Hint", "<details open><summary>Hint")
    assert prose(text, "challenge") == "Do it.\n<details><summary>An answer</summary>Yes.</details>"
    assert few(COLLATE).keys() >= {BLANK, SOLVED}
