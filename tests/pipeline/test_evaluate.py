"""Top-k accuracy by passage id, title, answer and regular expression equals that of an independent evaluator."""

import numpy as np
import pytest

from dpr_course.data import DataError
from dpr_course.pipeline.evaluate import accuracy, broken_patterns, criteria, differing, first_right
from dpr_course.pipeline.search import search_vectors
from dpr_course.pipeline.trec import read_run, write_qrels, write_run
from dpr_course.pipeline.vectors import Vectors

PASSAGES = [
    {"id": "a", "title": "Rome", "text": "A city on the Tiber, founded in 753 BC."},
    {"id": "b", "title": "Rome", "text": "The capital of Italy."},
    {"id": "c", "title": "Italy", "text": "Its capital is Rome, on the Tiber."},
]


def sample(key, gold, *answers):
    return {"id": key, "question": key, "answers": list(answers), "gold_context": PASSAGES[gold]}


SAMPLES = [sample("q0", 1, "Rome"), sample("q1", 0, "Tiber"), sample("q2", 2, r"7\d\d BC", "("), sample("q3", 0, "")]
RUN = {q: [("a", 3.0), ("b", 2.0), ("c", 1.0)] for q in ("q0", "q1", "q2")}


def test_the_first_right_passage_by_each_criterion():
    ranks = {by: first_right(RUN, SAMPLES, PASSAGES, by) for by in ("id", "title", "answer", "regex")}
    assert ranks == {
        "id": [2, 1, 3, None],
        "title": [1, 1, 3, None],
        "answer": [3, 1, None, None],
        "regex": [3, 1, 1, None],
    }
    assert accuracy(ranks["id"], (1, 2, 3, 100)) == {1: 25.0, 2: 50.0, 3: 75.0, 100: 75.0}, (
        "over all questions, not those in the run"
    )
    assert differing({by: ranks[by] for by in ("id", "title", "answer")}, 1) == [0]
    assert differing({by: ranks[by] for by in ("id", "title", "answer")}, 3) == [2]
    assert broken_patterns(SAMPLES) == [(q, a, "is not a regular expression") for q, a in (("q2", "("), ("q3", ""))]


def test_what_can_be_counted_depends_on_the_questions():
    bare = [{k: v for k, v in s.items() if k != "gold_context"} for s in SAMPLES]
    assert criteria(SAMPLES) == ["id", "title", "answer"] and criteria(bare, regex=True) == ["answer", "regex"]


def test_strangers_are_named():
    with pytest.raises(DataError, match="question 'q9'"):
        first_right(RUN | {"q9": []}, SAMPLES, PASSAGES, "id")
    with pytest.raises(DataError, match="question 'q0'.*passage 'z'"):
        first_right({"q0": [("z", 1.0)]}, SAMPLES, PASSAGES, "id")
    with pytest.raises(DataError, match="no questions"):
        accuracy([])


@pytest.mark.parametrize("ties", [False, True])
def test_an_independent_evaluator_finds_the_same_numbers(tmp_path, ties):
    ir_measures = pytest.importorskip("ir_measures")
    rng = np.random.default_rng(3)

    def draw(n):
        values = rng.integers(-1, 2, (n, 4)) if ties else rng.standard_normal((n, 4))
        return values.astype(np.float32)

    passages = [{"id": f"p{i}", "title": str(i), "text": str(i)} for i in rng.permutation(300)]
    samples = [sample(f"q{i}", 0) | {"gold_context": passages[rng.integers(300)]} for i in range(80)]
    questions = Vectors([s["id"] for s in samples], draw(80), "e")
    hits = search_vectors(questions, Vectors([p["id"] for p in passages], draw(300), "e"), 100)
    write_run(tmp_path / "run.trec", hits)
    write_qrels(tmp_path / "qrels", samples)
    ours = accuracy(first_right(read_run(tmp_path / "run.trec"), samples, passages, "id"), (1, 5, 20, 100))
    measures = {ir_measures.Success @ k: k for k in (1, 5, 20, 100)}
    theirs = ir_measures.calc_aggregate(
        measures, ir_measures.read_trec_qrels(str(tmp_path / "qrels")), ir_measures.read_trec_run(str(tmp_path / "run.trec"))
    )
    assert {k: pytest.approx(100 * theirs[m]) for m, k in measures.items()} == ours
    place = {q: row.tolist() for q, row in zip(hits.query_ids, hits.ids)}
    direct = [s["gold_context"]["id"] in place[s["id"]][:20] for s in samples]
    assert ours[20] == pytest.approx(100 * np.mean(direct)), "and those of the search itself"
