"""TREC run files are written and read back. Retrieval results are also written in DPR's own format."""

import json

import numpy as np
import pytest

from dpr_course.data import DataError
from dpr_course.pipeline.search import Hits
from dpr_course.pipeline.trec import read_run, write_dpr, write_qrels, write_run


def hits(ids=(("a", "b", "c"), ("c", "a", "b")), scores=((3.5, 3.5, -1.25), (0.0, 0.0, 0.0)), queries=("q1", "q2")):
    return Hits(list(queries), np.array(ids), np.array(scores, dtype=np.float32))


def test_a_run_comes_back_in_the_order_it_was_found(tmp_path):
    path = tmp_path / "run.trec"
    write_run(path, hits())
    lines = [line.split() for line in path.read_text().splitlines()]
    assert [line[3] for line in lines] == ["1", "2", "3"] * 2 and {line[1] for line in lines} == {"Q0"} and len(lines[0]) == 6
    run = read_run(path)
    assert [[doc for doc, _ in run[q]] for q in ("q1", "q2")] == [["a", "b", "c"], ["c", "a", "b"]], "ties keep their order"
    assert run["q1"][0][1] == 3.5 and run["q1"][2][1] == -1.25 and abs(run["q1"][1][1] - 3.5) < 1e-6


def test_random_scores_come_back_to_the_last_bit(tmp_path):
    scores = -np.sort(-np.random.default_rng(0).standard_normal((5, 40)).astype(np.float32) * 1e3)
    ids = [[f"d{i}" for i in range(40)]] * 5
    write_run(tmp_path / "run.trec", hits(ids, scores, [f"q{i}" for i in range(5)]))
    run = read_run(tmp_path / "run.trec")
    for q in range(5):
        assert np.array_equal(np.array([s for _, s in run[f"q{q}"]], np.float32), scores[q])


def test_an_unsorted_run_is_sorted_by_score_and_ties_as_in_trec_eval(tmp_path):
    path = tmp_path / "run.trec"
    path.write_text("q1 Q0 a 1 1.0 t\nq2 Q0 a 1 5 t\nq1 Q0 b 9 3e0 t\n\nq1 Q0 c 2 1.0 t\n")
    path.write_text("\ufeff" + path.read_text(), encoding="utf-8")
    assert read_run(path) == {"q1": [("b", 3.0), ("c", 1.0), ("a", 1.0)], "q2": [("a", 5.0)]}


@pytest.mark.parametrize(
    "line, words",
    [
        ("q1 Q0 b 2 1.0", ["line 2", "5 columns"]),
        ("q1 Q0 b 2 1.0 tag more", ["line 2", "7 columns"]),
        ("q1 Q0 b 2 high tag", ["line 2", "column 5", "'high'"]),
        ("q1 Q0 b 2 nan tag", ["line 2", "column 5", "'nan'"]),
        ("q1 Q0 b 2 -inf tag", ["line 2", "column 5"]),
        ("q1 Q0 b 2 1_0 tag", ["line 2", "column 5"]),
        ("q1 Q0 b two 1.0 tag", ["line 2", "column 4", "'two'"]),
        ("q1 Q0 a 2 1.0 tag", ["line 2", "column 3", "'a'", "'q1'"]),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, words):
    path = tmp_path / "broken.trec"
    path.write_text(f"q1 Q0 a 1 2.0 tag\n{line}\n")
    with pytest.raises(DataError) as e:
        read_run(path)
    for word in ["broken.trec", *words]:
        assert word in str(e.value)


def test_files_that_are_no_run(tmp_path):
    path = tmp_path / "x.trec"
    with pytest.raises(DataError, match="no such file"):
        read_run(path)
    path.write_text("\n")
    with pytest.raises(DataError, match="no run"):
        read_run(path)
    path.write_bytes(b"q1 Q0 a 1 2.0 tag\n\xff\xfe")
    with pytest.raises(DataError, match="UTF-8"):
        read_run(path)


def test_a_score_of_hundreds_of_digits_is_no_finite_number(tmp_path):
    (tmp_path / "run.json").write_text('{"q": {"d": 1' + "0" * 400 + "}}")
    with pytest.raises(DataError, match="must be a finite number"):
        read_run(tmp_path / "run.json")


def test_blanks_in_ids_are_refused_and_nothing_is_left(tmp_path):
    for bad in (hits(queries=("q 1", "q2")), hits(ids=(("a b", "b", "c"), ("c", "a", "b"))), hits(queries=("q\ud800", "q"))):
        with pytest.raises(DataError, match=r"run.trec: .*blank"):
            write_run(tmp_path / "run.trec", bad)
    assert not list(tmp_path.iterdir())


SAMPLES = [
    {"id": "q1", "question": "who", "answers": ["Io", ""], "gold_context": {"id": "b", "title": "B", "text": "Io is a moon"}},
    {"id": "q2", "question": "what", "answers": ["Mars"], "gold_context": {"id": "c", "title": "C", "text": "Mars"}},
]
PASSAGES = [{"id": i, "title": i.upper(), "text": t} for i, t in (("a", "Iota"), ("b", "Io is a moon"), ("c", "Mars"))]


def test_dpr_output(tmp_path):
    write_run(tmp_path / "run.trec", hits(queries=("q1", "other")))
    write_dpr(tmp_path / "dpr.json", read_run(tmp_path / "run.trec"), SAMPLES, PASSAGES)
    first, second = json.loads((tmp_path / "dpr.json").read_text())
    assert first["question"] == "who" and first["answers"] == ["Io", ""]
    assert [(c["id"], c["has_answer"]) for c in first["ctxs"]] == [("a", False), ("b", True), ("c", False)]
    assert set(first["ctxs"][0]) == {"id", "title", "text", "score", "has_answer"} and first["ctxs"][0]["score"] == "3.5"
    assert second["ctxs"] == []
    with pytest.raises(DataError, match="'c', which is not in the corpus"):
        write_dpr(tmp_path / "x.json", read_run(tmp_path / "run.trec"), SAMPLES, PASSAGES[:2])
    assert not (tmp_path / "x.json").exists()


def test_qrels(tmp_path):
    write_qrels(tmp_path / "qrels", SAMPLES)
    assert (tmp_path / "qrels").read_text() == "q1 0 b 1\nq2 0 c 1\n"
