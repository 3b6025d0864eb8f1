"""A whole class gets the marks that its notebooks showed, damaged files included, and no run is repeated without need."""

import inspect
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from damages import DAMAGES, clean
from handed_in import LOSS, MASKED, STAGE, files, submit

from autograder.grade import cache, hashes
from autograder.grade import grade as grading
from autograder.grade.grade import grade
from autograder.grade.judge import judge
from autograder.grade.results import load_results, summary
from autograder.proof.bank import entries
from autograder.sandbox.wire import WireError, unpack
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS, verdict

pytestmark = pytest.mark.usefixtures("one_pool")


def test_a_class_gets_the_marks_that_the_notebook_showed(a_class, folders, reference):
    graded = grade(a_class, **folders)
    assert len(graded.results) == 10 and not graded.unread
    for work, result in zip(graded.works, graded.results):
        for exercise, run in work.runs.items():
            names = CHECKS[exercise].names
            space = dict(reference)
            exec(run.code, space)
            told = verdict(exercise, *[space[n] for n in names])
            assert result["exercises"][exercise]["points"] == told.points, (result["student"], exercise)
            for mine, theirs in zip(result["exercises"][exercise]["tests"], told.tests):
                assert mine["hidden_only"] or mine["mistake"] == theirs.mistake
    assert load_results(folders["results"]) == sorted(graded.results, key=lambda r: (r["stage"], r["student"]))
    for result in load_results(folders["results"]):
        assert list(result["exercises"]) == exercises_of(result["stage"])  # the file holds the exercises sorted by name
    assert summary(graded.results).count("\n") == 9


def test_the_bank_gets_the_same_verdicts_in_isolation_as_in_a_notebook():
    """Every answer in the bank of known answers gets the same verdict in the sandbox as in a notebook.

    So none of them uses a name that the notebook of its stage does not define.
    """
    for exercise, check in CHECKS.items():
        bank = entries(exercise)
        with grading.Pool() as pool, ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(lambda e: pool.run(e.exercise, e.code), bank))
        for entry, outcome in zip(bank, outcomes):
            isolated, told = judge(exercise, outcome, ()), verdict(exercise, *entry.objects(check.names).values())
            assert isolated["points"] == told.points, (exercise, entry.name, isolated)
            assert [t["mistake"] for t in isolated["tests"]] == [t.mistake for t in told.tests], (exercise, entry.name)


def test_unchanged_work_is_not_run_again_and_gives_the_same_bytes(a_class, folders):
    first = grade(a_class, **folders)
    before = files(folders["results"])
    second = grade(a_class, **folders)
    assert first.ran > 0 and second.ran == 0
    assert files(folders["results"]) == before


def test_a_changed_mark_scheme_runs_nothing_again_and_a_changed_check_only_its_own(a_class, folders, monkeypatch):
    grade(a_class, **folders)
    check = CHECKS[LOSS]
    changed = tuple(type(t)(t.name, t.points * 2, t.keys, "another hint") for t in check.tests)
    monkeypatch.setattr(type(check), "tests", changed)
    again = grade(a_class, **folders)
    assert again.ran == 0
    assert {r["exercises"][LOSS]["max_points"] for r in again.results if r["stage"] == STAGE} == {2 * 5.0}

    source = inspect.getsource
    edited = source(inspect.getmodule(check)).replace("generator(seed), Observation()", "generator(seed + 1), Observation()", 1)
    monkeypatch.setattr(hashes.inspect, "getsource", lambda m: edited if m is inspect.getmodule(check) else source(m))
    hashes.observing.cache_clear()
    try:
        third = grade(a_class, **folders)
    finally:
        hashes.observing.cache_clear()
    codes = {(tuple(w.runs[LOSS].extras), w.runs[LOSS].code) for w in third.works if LOSS in w.runs}
    assert third.ran == len(codes) > 0


def test_points_and_hints_are_no_part_of_what_is_observed():
    source = "\n".join(hashes._sources(CHECKS[LOSS], judging=False)["dpr_course.checks.loss"])
    assert "Test(" not in source and "class MaskedLoss" not in source and "def observe" in source
    assert "Test(" in "\n".join(hashes._sources(CHECKS[LOSS], judging=True)["dpr_course.checks.loss"])


@pytest.mark.parametrize("exercise", CHECKS)
def test_a_change_in_any_module_that_a_check_uses_changes_its_hashes(exercise, monkeypatch):
    """A change in a module that a check imports changes the check's two hashes: of its observations, and of the whole check.

    There is one exception: a change in `compare`, which is only used for judging, keeps the hash of the observations.
    """
    source, before = inspect.getsource, (hashes.observing(exercise), hashes.check_hash(exercise))
    reached = set(hashes._sources(CHECKS[exercise], judging=True))
    if exercise == "get_masked_contrastive_loss":
        assert {"dpr_course.checks.loss", "dpr_course.checks.copies", "dpr_course.checks.loss_findings"} <= reached
    for name in reached:
        monkeypatch.setattr(hashes.inspect, "getsource", lambda m, name=name: source(m) + "\nchanged = 1\n" * (m.__name__ == name))
        after = (hashes.observing.__wrapped__(exercise), hashes.check_hash.__wrapped__(exercise))
        assert [a != b for a, b in zip(after, before)] == [name != hashes.COMPARE, True], name


def test_damaged_files_get_the_marks_of_the_clean_one(tmp_path, folders):
    right = {e: CHECKS[e].points for e in CHECKS}
    for i, d in enumerate(DAMAGES):
        submit(tmp_path / "in", f"s{i:03}", d.make(clean(d.stage)), d.stage)
    graded = grade(tmp_path / "in", **folders)
    results = {r["student"]: r for r in graded.results}
    assert len(DAMAGES) >= 30 and len(results) + len(graded.unread) == len(DAMAGES)
    for i, d in enumerate(DAMAGES):
        result = results.get(f"s{i:03}")
        if d.outcome == "refused":
            assert result is None or (result["status"] == "not gradable" and result["points"] is None and result["reason"]), d.name
            continue
        assert result["status"] == "graded", (d.name, result)
        for exercise, e in result["exercises"].items():
            wanted = 0.0 if exercise in d.lost else right[exercise]
            assert e["points"] == wanted or (exercise in d.lost and e["points"] < right[exercise]), (d.name, exercise, e)


def test_wrong_answers_in_damaged_files_stay_wrong(tmp_path, folders):
    wrong = "def get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros((), requires_grad=True), 0\n"
    kept = [d for d in DAMAGES if d.outcome == "same" and d.stage == STAGE]
    for i, d in enumerate(kept):
        submit(tmp_path / "in", f"s{i:03}", d.make(clean(STAGE, {LOSS: wrong})))
    for d, r in zip(kept, grade(tmp_path / "in", **folders).results):
        assert r["exercises"][LOSS]["points"] == 0 and r["exercises"][MASKED]["points"] == CHECKS[MASKED].points, d.name


def test_the_rest_of_the_notebook_costs_nothing(tmp_path, folders):
    raw = json.loads(clean(STAGE))
    bad = "import os\ndef helper(x=os._exit(1)):\n    pass"
    raw["cells"].insert(2, {"cell_type": "code", "source": bad, "metadata": {}, "outputs": [], "execution_count": None})
    submit(tmp_path / "in", "ada", json.dumps(raw).encode())
    result = grade(tmp_path / "in", **folders).results[0]
    assert result["points"] == result["max_points"]


def test_a_run_out_of_time_is_tried_again(tmp_path):
    store = cache.Cache(tmp_path)
    store.put("ab" * 32, {"status": "timeout"})
    store.put("cd" * 32, {"status": "ran"})
    assert store.get("ab" * 32) is None and store.get("cd" * 32) == {"status": "ran"}
    next(tmp_path.rglob("*.json")).write_text("{half")
    assert store.get("cd" * 32) is None  # a damaged entry is treated as missing


def test_a_file_that_breaks_the_grader_costs_no_other_its_mark(tmp_path, folders, monkeypatch):
    for student in ("ada", "bob"):
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "04_in_batch_loss.ipynb").write_bytes(b"{}" if student == "ada" else b"[]")

    def broken(raw, stage):
        raise RuntimeError("a fault of the grader's own") if raw == b"{}" else grading.NotGradable("empty")

    monkeypatch.setattr(grading, "repair", broken)
    reasons = {r["student"]: r["reason"] for r in grade(tmp_path / "in", **folders).results}
    assert "RuntimeError" in reasons["ada"] and reasons["bob"] == "empty"


@pytest.mark.parametrize("dtype", ["(1,,)f4", "(", "f4,f4", "()f4", "<f16", "O", "U8", "f4" * 1000, 4, None])
def test_only_plain_types_are_read(dtype):
    with pytest.raises(WireError):
        unpack({"a": {"dtype": dtype, "shape": [1], "data": "AAAAAA=="}})
