"""Grading as an instructor does it: a class, damaged files, a changed test, shards, a cluster that loses workers, receipts."""

import inspect
import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from damages import DAMAGES, clean

from autograder.bench import classroom
from autograder.grade import cache, hashes
from autograder.grade import grade as grading
from autograder.grade.grade import grade, shard_of
from autograder.grade.judge import judge
from autograder.grade.replay import replay
from autograder.grade.results import load_results, summary
from autograder.proof.bank import entries
from autograder.sandbox.pool import Limits, Pool, PoolError
from autograder.sandbox.wire import WireError, unpack
from autograder.stages.contexts import exercises_of
from dpr_course.checks import CHECKS, verdict

SECRET = "a secret for the tests, as long as it must be"
STAGE = "04_in_batch_loss"
LOSS, MASKED = exercises_of(STAGE)


@pytest.fixture(scope="module", autouse=True)
def one_pool():
    """The warm processes are started once for all tests of this file."""
    try:
        shared = Pool(limits=Limits())
        shared.run(LOSS, "x = 1")
    except PoolError as e:
        pytest.skip(str(e))

    class Shared:
        def __enter__(self):
            return shared

        def __exit__(self, *_):
            pass

    before, grading.Pool = grading.Pool, Shared
    yield
    grading.Pool = before
    shared.close()


@pytest.fixture
def folders(tmp_path):
    """Options of `grade` that keep everything in a temporary folder."""
    return {"results": tmp_path / "results", "cache": tmp_path / "cache", "secret": SECRET, "progress": False}


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    classroom.make_class(folder, [STAGE, "01_dual_encoder"], 5, seed=3)
    return folder


def submit(folder, student, raw, stage=STAGE):
    path = folder / student / stage / f"{stage}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.json"))}


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
        assert list(result["exercises"]) == exercises_of(result["stage"])  # the file has them by name
    assert summary(graded.results).count("\n") == 9


def test_the_bank_gets_the_same_verdicts_in_isolation_as_in_a_notebook():
    """Nothing in the bank leans on a name that a student of that stage does not have."""
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
    source = hashes._source_without(CHECKS[LOSS], hashes.JUDGED_ONLY)
    assert "Test(" not in source and "class MaskedLoss" not in source and "def observe" in source
    assert "Test(" in hashes._source_without(CHECKS[LOSS], set())


def test_shards_and_jobs_give_the_same_bytes(a_class, folders, tmp_path):
    grade(a_class, **folders)
    other = folders | {"results": tmp_path / "other", "cache": tmp_path / "other_cache"}
    for i in (2, 0, 1):
        grade(a_class, shard=f"{i}/3", jobs=1, **other)
    assert files(other["results"]) == files(folders["results"])


@pytest.mark.parametrize("shard", ["3/3", "-1/3", "x", "1"])
def test_a_wrong_shard_is_told(shard):
    with pytest.raises(ValueError, match="i/n"):
        shard_of([], shard)


def test_every_shard_is_somebodys():
    everyone = list(range(10))
    for n in (1, 3, 10, 17):
        assert sorted(x for i in range(n) for x in shard_of(everyone, f"{i}/{n}")) == everyone


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


def test_an_interrupt_keeps_what_was_finished(a_class, folders, monkeypatch):
    outcome, calls = grading.Run.outcome, []

    def interrupted(self, pool):
        calls.append(self)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return outcome(self, pool)

    monkeypatch.setattr(grading.Run, "outcome", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(a_class, jobs=1, **folders)
    monkeypatch.undo()
    kept = len(files(folders["cache"]))
    assert kept >= 3 and not list(folders["cache"].rglob("*.part"))
    rest = grade(a_class, **folders)
    fresh = grade(a_class, **(folders | {"cache": folders["cache"].with_name("fresh")}))
    assert rest.ran == fresh.ran - kept


def test_a_run_out_of_time_is_tried_again(tmp_path):
    store = cache.Cache(tmp_path)
    store.put("ab" * 32, {"status": "timeout"})
    store.put("cd" * 32, {"status": "ran"})
    assert store.get("ab" * 32) is None and store.get("cd" * 32) == {"status": "ran"}
    next(tmp_path.rglob("*.json")).write_text("{half")
    assert store.get("cd" * 32) is None  # a damaged entry is no entry


def test_a_receipt_can_be_replayed(tmp_path, folders):
    wrong = "def get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros((), requires_grad=True), 0\n"
    path = submit(tmp_path / "in", "ada", clean(STAGE, {LOSS: wrong}))
    grade(tmp_path / "in", **folders)
    result = folders["results"] / STAGE / "ada.json"
    assert replay(result, path, secret=SECRET) == []
    assert replay(result, path, "4.1", secret=SECRET) == []
    assert any("secret seed" in line for line in replay(result, path, secret=SECRET + "!"))
    path.write_bytes(clean(STAGE))
    told = replay(result, path, LOSS, secret=SECRET)
    assert any("submitted file" in line for line in told) and any("points were recorded" in line for line in told)
    with pytest.raises(ValueError, match="no exercise"):
        replay(result, path, "9.9", secret=SECRET)
    with pytest.raises(ValueError, match="not the result"):
        replay(path, path, secret=SECRET)
    with pytest.raises(FileNotFoundError, match="handed in"):
        replay(result, tmp_path / "other.ipynb", secret=SECRET)
    path.write_bytes(b"")
    assert len(replay(result, path, secret=SECRET)) == 1
    grade(tmp_path / "in", **folders)
    assert replay(result, path, secret=SECRET) == []  # not gradable it was, not gradable it is


def test_a_receipt_of_every_kind_can_be_replayed(tmp_path, folders):
    """Stopped, absent and unreadable work has a receipt too, and its limit of time is part of it."""
    stop = "def get_in_batch_contrastive_loss(model, batch):\n    "
    kinds = {
        "syntax error": clean(STAGE, {LOSS: "def f(:"}), "crashed": clean(STAGE, {LOSS: stop + "quit()"}),
        "timeout": clean(STAGE, {LOSS: stop + "while True: pass"}), "memory": clean(STAGE, {LOSS: stop + "torch.zeros(1 << 40)"}),
    }  # fmt: skip
    raw = json.loads(clean(STAGE))
    raw["cells"] = [c for c in raw["cells"] if LOSS not in "".join(c["source"])]
    kinds |= {"missing": json.dumps(raw).encode(), "not gradable": b"{"}
    paths = {kind: submit(tmp_path / "in", kind, raw) for kind, raw in kinds.items()}
    results = {r["student"].replace("_", " "): r for r in grade(tmp_path / "in", limits=Limits(seconds=2.0), **folders).results}
    for kind, path in paths.items():
        assert kind in (results[kind]["status"], results[kind]["exercises"].get(LOSS, {}).get("status")), kind
        only = None if kind == "not gradable" else LOSS
        assert replay(folders["results"] / STAGE / f"{results[kind]['student']}.json", path, only, secret=SECRET) == [], kind

    paths["not gradable"].write_bytes(b"{\n")
    told = replay(folders["results"] / STAGE / "not_gradable.json", paths["not gradable"], secret=SECRET)
    assert told == ["the submitted file is not the one of the result"]
    late = folders["results"] / STAGE / "timeout.json"
    told = replay(late, paths["timeout"], LOSS, secret=SECRET, limits=Limits(seconds=1.5))
    assert told == ["4.1: the time limit is not the one of the receipt"]
    result = json.loads(late.read_text())
    late.write_text(json.dumps(result | {"exercises": {"renamed": result["exercises"][LOSS]}}))
    assert replay(late, paths["timeout"], secret=SECRET) == ["4.1: the course has no exercise renamed any more"]


def test_a_cluster_that_loses_workers_gives_the_same_bytes(a_class, folders, tmp_path):
    distributed = pytest.importorskip("distributed")
    grade(a_class, **folders)
    other = folders | {"results": tmp_path / "other", "cache": tmp_path / "other_cache"}
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
    done = threading.Event()

    def killer():
        for _ in range(2):
            if done.wait(4):
                return
            nannies = list(cluster.workers.values())
            if nannies and nannies[0].process and nannies[0].process.pid:
                os.kill(nannies[0].process.pid, signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        graded = grade(a_class, dask=cluster.scheduler_address, **other)
    finally:
        done.set()
        thread.join()
        cluster.close()
    assert graded.ran > 0 and files(other["results"]) == files(folders["results"])
    time.sleep(0.1)


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
