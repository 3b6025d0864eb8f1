"""Milestones, published results that a student's own code can reach.

A milestone runs the student's code, or refuses if an exercise that it needs is not solved. Run on the reference solutions, it
gives the recorded number.
"""

import json
import shutil

import pytest

from autograder.places import ROOT, SOURCES
from autograder.stages.source import load_reference
from dpr_course.checks import CHECKS
from dpr_course.cli import main
from dpr_course.errors import CourseError
from dpr_course.milestones import runs
from dpr_course.milestones.command import listed, span
from dpr_course.milestones.entries import MILESTONES
from dpr_course.milestones.entry import Milestone, Result
from dpr_course.milestones.student_code import own_code, unsolved
from dpr_course.progress import read_folder

BY_NAME = {m.name: m for m in MILESTONES}
FEW = ("get_topk_candidates", "topk_retrieval_accuracy")


@pytest.fixture(scope="module")
def solved():
    """The reference notebooks, read by read_folder, in place of the notebooks of a student who has solved everything."""
    return read_folder(SOURCES)


@pytest.fixture(scope="module")
def untrained_vectors(reference):
    return runs.vectors(reference)


@pytest.fixture
def folder(tmp_path):
    """A student's notebooks, in which only stage 03 is solved."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(SOURCES / "03_recall_at_k/03_recall_at_k.ipynb", tmp_path / "notebooks/03_recall_at_k/03_recall_at_k.ipynb")
    return tmp_path / "notebooks"


def test_every_milestone_is_complete():
    assert len(BY_NAME) == len(MILESTONES) >= 6
    for m in MILESTONES:
        low, high = m.recorded()
        assert set(m.exercises) <= CHECKS.keys() and 1990 < m.year < 2030 and m.source and m.measure and m.beaten and m.seconds > 0
        assert low <= high and m.reached(low), f"{m.name}: the weakest recorded run does not beat the number to beat"


def test_the_numbers_of_others_are_those_of_the_recorded_bands():
    assert span(*BY_NAME["dual-encoder"].recorded()) == "56.8 to 58.9" and BY_NAME["hard-negatives"].to_beat == 56.8


@pytest.mark.parametrize("name", ["bm25", "index", "large-batch", "shards"])
def test_the_reference_gives_the_recorded_number(name, solved, untrained_vectors, monkeypatch):
    """On the reference solutions, milestones that train nothing give the recorded number. `make bands` measures the others."""
    m = BY_NAME[name]
    monkeypatch.setattr(runs, "vectors", lambda own: untrained_vectors)
    if name == "index":
        pytest.importorskip("faiss")
    own = own_code(m.exercises, solved)
    assert all(thing.__module__ == "own" for e in m.exercises for thing in [own[n] for n in CHECKS[e].names])
    result, (low, high) = m.run(own, 0), m.recorded()
    assert low - 0.2 <= result.value <= high + 0.2 and m.reached(result.value)


def test_the_untrained_encoder_has_the_number_to_beat(reference, untrained_vectors):
    *_, samples, passages = runs.world()
    found = reference["get_topk_candidates"](*untrained_vectors, samples, passages, 1)
    assert runs.recall(reference, found) == pytest.approx(BY_NAME["dual-encoder"].to_beat, abs=0.3)


def test_a_wrong_gradient_reaches_nothing(solved, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 8)
    own = own_code(BY_NAME["large-batch"].exercises, solved)
    own["gradient_cache_step"] = lambda model, batch, loss_fn, chunk: loss_fn(model, batch)[0].mul(2).backward()
    result = runs.large_batch(own, 0)
    assert result.value == 0 and not BY_NAME["large-batch"].reached(result.value)


def test_the_training_runs_use_the_students_parts(monkeypatch, toy_nq):
    """Milestones that train a model do so with the student's code. This test uses few samples and one epoch."""
    own, (train_samples, samples, passages) = load_reference(), toy_nq
    from dataclasses import replace

    from dpr_course.track import get_track

    track = replace(get_track("toy"), epochs=1, batch_size=16)
    monkeypatch.setattr(runs, "world", lambda: (track, track.load_tokenizer(), train_samples[:76], samples[:9], passages[:20]))
    result = runs.hard_negatives(own, 0)
    assert 0 <= result.value <= 100 and "without hard negatives" in result.told
    assert 0 <= runs.dual_encoder(own, 0).value <= 100


def test_own_code_is_nobody_elses(folder):
    path = folder / "03_recall_at_k" / "03_recall_at_k.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("# exercise: topk_retrieval_accuracy"):
            cell["source"] = "".join(cell["source"]).replace('"""', '"""Mine. ', 1)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    own = own_code(FEW, read_folder(folder))
    assert own["topk_retrieval_accuracy"].__doc__.startswith("Mine.") and "make_dual_encoder" not in own


def test_the_list_says_what_is_ready_and_what_is_missing(folder, capsys):
    main(["milestone", "--notebooks", str(folder)])
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "ready: `dpr-course milestone bm25`" in lines["bm25"] and "needs 1.1, 1.2, 1.3, 2.1, 4.2" in lines["dual-encoder"]
    assert lines.keys() == {"name", *BY_NAME}


def test_a_run_is_refused_with_the_missing_exercises(folder):
    with pytest.raises(
        SystemExit, match="dual-encoder runs your own code, and these exercises do not pass yet: 1.1, 1.2, 1.3, 2.1, 4.2"
    ):
        main(["milestone", "dual-encoder", "--notebooks", str(folder)])
    with pytest.raises(SystemExit, match="no milestone is called 'bert': there are bm25, "):
        main(["milestone", "bert", "--notebooks", str(folder)])


def test_a_run_prints_yours_beside_the_recorded_number(folder, capsys):
    main(["milestone", "bm25", "--notebooks", str(folder)])
    told = capsys.readouterr().out
    assert told.index("is running now: about") < told.index("yours      79.8   reached, in")
    assert "recorded   79.8" in told and "(1994)" in told


def test_the_recorded_numbers_are_for_the_toy_alone(folder, monkeypatch):
    monkeypatch.setenv("DPR_TRACK", "distilbert")
    with pytest.raises(SystemExit, match="DPR_TRACK is set, and the recorded numbers are those of the toy"):
        main(["milestone", "bm25", "--notebooks", str(folder)])


def test_parts_that_do_not_run_together_are_told(folder):
    path = folder / "03_recall_at_k" / "03_recall_at_k.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("# exercise: topk_retrieval_accuracy"):
            cell["source"] = "".join(cell["source"]).replace("def topk", "@only_in_previous\ndef topk")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(CourseError, match="does not run together: NameError"):
        own_code(FEW, read_folder(folder))


def test_a_new_milestone_is_one_entry(solved):
    new = Milestone(
        "distillation", "a retriever taught by a reader", 2020, "Izacard and Grave 2020", FEW, "R@1", lambda own, seed: Result(1.0),
        0.0, "nobody", lambda: (1.0, 1.0), 1,
    )  # fmt: skip
    assert "ready: `dpr-course milestone distillation`" in listed((*MILESTONES, new), solved)
    assert unsolved(new.exercises, solved) == []
