"""The benchmark of search at scale: made-up vectors, recall where scores are equal, projections to larger sizes, and a small run."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.bench import search_scale, search_work
from autograder.bench.projection import linear, logarithmic, power, projected, sorting
from dpr_course.pipeline.exact_search import search

faiss = pytest.importorskip("faiss")
pytest.importorskip("resource")


def vectors(n, d=32):
    blocks = list(search_work.made_up(n, d))
    assert [first for first, *_ in blocks] == list(range(0, n, search_work.BLOCK))
    return tuple(np.concatenate([block[i] for block in blocks]) for i in (1, 2))


def graph_of(Y):
    index = faiss.IndexHNSWFlat(Y.shape[1], 8, faiss.METRIC_INNER_PRODUCT)
    index.add(Y)
    return index


def test_made_up_vectors_come_in_topics(monkeypatch):
    Y, X = vectors(3000, 64)
    assert Y.shape == (3000, 64) and X.shape == (search_work.QUESTIONS, 64) and Y.dtype == X.dtype == np.float32
    assert np.array_equal(Y, vectors(3000, 64)[0]), "the same every time"
    monkeypatch.setattr(search_work, "BLOCK", 1024)
    assert vectors(3000, 64)[0].shape == Y.shape and len(vectors(3000, 64)[1]) == len(X), "in whatever blocks"
    assert vectors(7)[1].shape == (7, 32), "never more questions than passages"
    assert np.allclose(np.linalg.norm(Y, axis=1), 1)
    assert np.allclose(Y[:, 0].var() / Y[:, 18].var(), 2, rtol=0.3), "the variance of the components falls by half every 18"
    scores, rows = search(X, Y, 100)
    own = np.linspace(0, 3000, len(X), endpoint=False).astype(int)
    assert (rows == own[:, None]).any(axis=1).mean() > 0.95, "a question lies near its passage"
    neighbours = search(Y[::10], Y, 2)[0][:, 1]
    assert 0.45 < neighbours.mean() < 0.8, "and a passage near others"


def test_recall_is_that_of_stage_07_and_any_of_equal_passages_counts(reference):
    Y, X = vectors(1500)
    scores, exact = search(X, Y, 10)
    index = graph_of(Y)
    index.hnsw.efSearch = 10
    found = index.search(X, 10)[1]
    mine = search_work.recall(index, X, found, scores[:, -1])
    assert mine == pytest.approx(reference["index_recall"](found, exact)) and 50 < mine < 100
    found[:, 5:] = -1
    assert search_work.recall(index, X, found, scores[:, -1]) == pytest.approx(reference["index_recall"](found, exact))
    twice = np.concatenate([Y, Y])  # row 1500 + i is a copy of row i
    scores, exact = search(X, twice, 5)
    others = (exact + 1500) % 3000
    assert reference["index_recall"](others, exact) < 100
    assert search_work.recall(graph_of(twice), X, others, scores[:, -1]) == 100


def test_laws_of_growth():
    assert linear({10: 2.0, 100: 30.0}, 1000) == 300
    assert logarithmic({10: 1.0, 100: 2.0, 1000: 3.0}, 10**7) == pytest.approx(7)
    assert sorting({10: 5.0}, 100) == pytest.approx(100)
    assert power({1: 9.0, 10: 1.0, 1000: 10.0}, 100_000) == pytest.approx(100)
    found = projected(linear, {1: 1.0, 10: 10.0, 100: 200.0}, 1000)
    assert (found["tried_at"], found["tried"], found["measured"], found["cost"]) == (100, 100, 200, 2000)
    few = projected(logarithmic, {10: 1.0, 100: 2.0})
    assert few["tried"] is None and few["cost"] > 2, "two sizes give a law, and nothing to try it on"
    one = projected(logarithmic, {10: 1.0})
    assert one["cost"] is None and projected(linear, {10: 1.0}, 20)["cost"] == 2


def test_the_whole_bench_on_small_sizes(monkeypatch, tmp_path, capsys):
    def measure(*arguments):
        if arguments == ("encode",):
            return [{"passages": n, "cpu_s": [n / 500] * 3, "peak_mb": 1.0} for n in (500, 1000)]
        system, n, d, folder = arguments
        return {"flat": search_work.flat, "hnsw": search_work.hnsw}[system](n, d, Path(folder))

    page = tmp_path / "README.md"
    page.write_text("<!-- bench-search: begin -->\n<!-- bench-search: end -->\n", encoding="utf-8")
    monkeypatch.setattr(search_scale, "measure", measure)
    monkeypatch.setattr(search_scale, "README", page)
    monkeypatch.setattr(search_scale, "fits", lambda n, d: n < 10_000)
    search_scale.run_bench((500, 2000, 10_000), (16,), tmp_path)
    found, printed = json.loads((tmp_path / "search_scale.json").read_text()), capsys.readouterr().out
    assert [(r["n"], r["system"]) for r in found["rows"]] == [
        (n, system) for n in (500, 2000) for system in ("flat", "HNSW, efSearch 128", "HNSW, efSearch 512")
    ]
    assert all(len(r["cpu_s"]) == len(r["wall_s"]) == search_work.ROUNDS and r["recall"] > 90 for r in found["rows"])
    assert all(r["peak_mb"] > r["before_mb"] - 1 > 50 and r["bytes"] >= 64 * r["n"] for r in found["rows"])
    assert "does not fit into half of the memory: 10,000 x 16." in printed and "500 passages per second" in printed
    by = {p["what"]: p for p in found["projection"]}
    assert by["encoding"]["cost"] == pytest.approx(21_015_324 / 500 / 3600)
    assert by["flat, d = 16: index"]["tried"] == by["flat, d = 16: index"]["measured"] == 2000 * 64 / 1e9
    assert "tried" in by["flat, d = 16: search per question"] and "21,015,324 passages" in printed
    assert "| flat" not in page.read_text(), "only the sizes that the page is about are published there"
    monkeypatch.setattr(search_scale, "SIZES", (500,))
    monkeypatch.setattr(search_scale, "WIDTHS", (16,))
    monkeypatch.setattr(search_scale, "measure_all", lambda *_: (found["encoding"], found["rows"], []))
    search_scale.run_bench(search_scale.SIZES, search_scale.WIDTHS, tmp_path)
    assert "| flat" in page.read_text() and page.read_text().endswith("<!-- bench-search: end -->\n")


def test_encoding_is_measured_at_several_sizes():
    rows = search_work.encode((8, 16))
    assert [r["passages"] for r in rows] == [8, 16] and all(s > 0 for r in rows for s in r["cpu_s"] + r["wall_s"])


def test_a_contender_runs_in_a_process_of_its_own_and_its_failure_is_told(tmp_path):
    (row,) = search_scale.measure("flat", 300, 16, tmp_path)
    assert (row["system"], row["questions"], row["recall"]) == ("flat", 200, 100) and (tmp_path / "exact-300-16.npz").exists()
    with pytest.raises(OSError, match="nothing 300 16 .* failed with status 1"):
        search_scale.measure("nothing", 300, 16, tmp_path)
