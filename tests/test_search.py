"""Exact search in blocks, and the reduction of shards: equal to sorting all scores, ties included."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from dpr_course import exact_search
from dpr_course.data import DataError
from dpr_course.exact_search import first_bound, from_keys, search, to_keys
from dpr_course.search import Hits, load_hits, reduce, save_hits, search_vectors
from dpr_course.shards import shard_bounds
from dpr_course.vectors import Vectors


def sorted_scores(X, Y, k):
    S = X.astype(np.float32) @ Y.astype(np.float32).T
    order = np.argsort(-S, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(S, order, axis=1), order


def whole_numbers(rng, *shape):
    return rng.integers(-2, 3, shape).astype(np.float32)  # few different scores, exact in any order of summation


def corpus(Y):
    return Vectors([f"p{i}" for i in range(len(Y))], Y, "e")


def shard(vectors, i, n):
    a, b = shard_bounds(len(vectors.ids), i, n)
    return Vectors(vectors.ids[a:b], vectors.embeddings[a:b], vectors.encoder, (i, n))


@given(
    N=st.integers(0, 700),
    Q=st.integers(1, 9),
    k=st.integers(1, 120),
    d=st.integers(1, 5),
    seed=st.integers(0, 99),
    half=st.booleans(),
    waiting=st.sampled_from([1, 30]),
)
@settings(max_examples=60, deadline=None)
def test_spans_are_a_flat_search(N, Q, k, d, seed, half, waiting):
    rng = np.random.default_rng(seed)
    X, Y = whole_numbers(rng, Q, d), whole_numbers(rng, N, d)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "ROWS", 32)
        patch.setattr(exact_search, "FIRST", 1)
        patch.setattr(exact_search, "WAITING", waiting)
        patch.setattr(exact_search, "QUERIES", 4)
        scores, positions = search(X, Y.astype(np.float16) if half else Y, k)
    expected = sorted_scores(X, Y, k)
    assert np.array_equal(positions, expected[1]) and np.array_equal(scores, expected[0])
    assert scores.shape == (Q, min(k, N)) and scores.dtype == np.float32


@given(N=st.integers(0, 60), n=st.integers(1, 70), k=st.integers(1, 70), seed=st.integers(0, 99), whole=st.booleans())
@settings(max_examples=60, deadline=None)
def test_reduced_shards_are_the_flat_search(N, n, k, seed, whole):
    rng = np.random.default_rng(seed)
    X, Y = whole_numbers(rng, 5, 3), whole_numbers(rng, N, 3)
    if not whole:  # equal passages in different shards get equal scores, to the last bit
        Y = rng.standard_normal((N, 3)).astype(np.float32)[rng.integers(0, N // 3 + 1, N) % max(N, 1)]
        X = rng.standard_normal((5, 3)).astype(np.float32)
    questions, passages = Vectors([f"q{i}" for i in range(5)], X, "e"), corpus(Y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "ROWS", 64)
        patch.setattr(exact_search, "FIRST", 1)
        flat = search_vectors(questions, passages, k)
        found = [search_vectors(questions, shard(passages, i, n), k) for i in rng.permutation(n)]
    merged = reduce(found)
    assert np.array_equal(merged.ids, flat.ids) and np.array_equal(merged.scores, flat.scores)
    assert merged.shard == (0, 1) and merged.query_ids == flat.query_ids
    less = reduce(found, max(1, k // 2))
    assert np.array_equal(less.ids, flat.ids[:, : max(1, k // 2)])


@pytest.mark.parametrize("Q, d", [(7, 96), (1, 257), (64, 5), (1030, 33)])
def test_equal_passages_get_equal_scores(Q, d):
    """To the last bit, wherever a passage stands: at the start of a shard, at its end, in a small or a large one."""
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((Q, d)).astype(np.float32), rng.standard_normal((9001, d)).astype(np.float32)
    Y[5000:8000] = Y[:3000]
    flat, cuts = search(X, Y, 50), (0, 1, 700, 5003, 9001)
    parts = [search(X, Y[a:b], 50) for a, b in zip(cuts, cuts[1:])]
    scores, places = (
        np.concatenate([s for s, _ in parts], axis=1),
        np.concatenate([p + a for (_, p), a in zip(parts, cuts)], axis=1),
    )
    order = np.argsort(-scores, axis=1, kind="stable")[:, :50]
    assert np.array_equal(np.take_along_axis(places, order, 1), flat[1])
    assert np.array_equal(np.take_along_axis(scores, order, 1), flat[0])


@pytest.mark.parametrize("product", ["as on Intel", "as elsewhere"])
def test_both_products_find_the_same(product, monkeypatch):
    if product == "as elsewhere":
        monkeypatch.setattr(exact_search, "product", np.matmul)
    rng = np.random.default_rng(2)
    X, Y = whole_numbers(rng, 20, 48), whole_numbers(rng, 30_000, 48)
    scores, positions = search(X, Y, 100)
    expected = sorted_scores(X, Y, 100)
    assert np.array_equal(positions, expected[1]) and np.array_equal(scores, expected[0])


@given(rows=st.integers(1, 64), k=st.integers(1, 70), seed=st.integers(0, 99))
def test_the_first_bound_is_reached_k_times(rows, k, seed):
    S = np.random.default_rng(seed).standard_normal((rows, 3)).astype(np.float32)
    bound = first_bound(S, k)
    assert ((bound <= S).sum(axis=0) >= min(rows, k)).all()
    assert np.isfinite(bound).all() == (rows >= k)


def test_a_search_leaves_the_threads_as_they_were(monkeypatch):
    X, threads = np.ones((2, 3), np.float32), torch.get_num_threads()
    search(X, X, 1)
    assert torch.get_num_threads() == threads

    def broken(P, x, out):
        raise MemoryError("no more")

    monkeypatch.setattr(exact_search, "product", broken)
    with pytest.raises(MemoryError):
        search(X, X, 1)
    assert torch.get_num_threads() == threads


def test_scores_that_are_no_numbers():
    X, Y = np.ones((1, 2), np.float32), np.array([[1, -1], [np.nan, 0]], np.float32)
    with pytest.raises(ValueError, match="not a number"):
        search(X, Y, 2)


def test_many_passages_best_last_and_best_first():
    """Every passage is better than all before: the case in which nothing can be left out."""
    Y = np.arange(10_000, dtype=np.float32)[:, None]
    X = np.array([[1.0], [-1.0], [0.0]], dtype=np.float32)
    _, positions = search(X, Y, 100)
    assert positions[0].tolist() == list(range(9999, 9899, -1))
    assert positions[1].tolist() == positions[2].tolist() == list(range(100))
    assert search(X, Y, 5000)[1][0, -1] == 5000


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=20))
def test_keys_are_in_the_order_of_scores_then_positions(values):
    scores = np.array(values, dtype=np.float32)
    keys = to_keys(scores, np.arange(len(scores)))
    assert np.argsort(-keys, kind="stable").tolist() == np.argsort(-scores, kind="stable").tolist()
    back = from_keys(keys)
    assert np.array_equal(back[0], scores) and back[1].tolist() == list(range(len(scores)))


def test_what_does_not_fit_is_refused():
    X, Y = np.zeros((2, 3), np.float32), np.zeros((4, 5), np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        search(X, Y, 1)
    with pytest.raises(ValueError, match="at least 1"):
        search(X, X, 0)
    with pytest.raises(DataError, match="encoded by one, the passages by two"):
        search_vectors(Vectors(["q"], X[:1], "one"), Vectors(["p"], X[:1], "two"), 1)


def hits(i, n, ids=None, **changes):
    ids = ids or [[f"p{i}a", f"p{i}b"]] * 2
    given = dict(
        query_ids=["q0", "q1"], ids=np.array(ids), scores=np.array([[2, 1]] * 2, np.float32), encoder="e", shard=(i, n), depth=2
    )
    return Hits(**(given | changes))


@pytest.mark.parametrize(
    "shards, k, words",
    [
        ([], None, "nothing to reduce"),
        ([hits(0, 2)], None, "0/2 to 1/2"),
        ([hits(0, 2), hits(0, 2)], None, "needed once"),
        ([hits(0, 2), hits(1, 3)], None, "0/2, 1/3"),
        ([hits(5, 2**62)], None, "needed once"),
        ([hits(0, 2), hits(1, 2, query_ids=["q0", "q9"])], None, "shard 1/2: field 'query_ids'"),
        ([hits(0, 2), hits(1, 2, encoder="x")], None, "shard 1/2: field 'encoder'"),
        ([hits(0, 2), hits(1, 2, [["p1a", "p0a"]] * 2)], None, "passage p0a is in two shards"),
        ([hits(0, 2), hits(1, 2)], 3, "k is 3"),
    ],
)
def test_shards_that_do_not_belong_together(shards, k, words):
    with pytest.raises(DataError) as e:
        reduce(shards, k)
    assert words in str(e.value)


def test_hits_come_back_and_broken_ones_are_named(tmp_path):
    path = tmp_path / "h.npz"
    save_hits(path, hits(1, 3, source="s"))
    back = load_hits(path)
    assert np.array_equal(back.ids, hits(1, 3).ids) and (back.shard, back.depth, back.source) == ((1, 3), 2, "s")
    fields = dict(np.load(path))
    for name, value, words in [
        ("scores", np.array([[1, 2]] * 2, np.float32), "'scores'"),
        ("scores", np.array([[1, np.nan]] * 2, np.float32), "'scores'"),
        ("scores", np.zeros((2, 3), np.float32), "do not fit"),
        ("query_ids", np.array(["q", "q"]), "'query_ids[1]'"),
        ("query_ids", np.array(["q"]), "do not fit"),
        ("ids", np.array([[1, 2]] * 2), "'ids'"),
        ("ids", np.array([["a", "b"], ["a", ""]]), "'ids[1, 1]'"),
        ("depth", np.array(1), "'depth'"),
        ("shard", np.array([2, 1]), "'shard'"),
        ("encoder", None, "'encoder'"),
    ]:
        np.savez(path, **{k: v for k, v in (fields | {name: value}).items() if v is not None})
        with pytest.raises(DataError) as e:
            load_hits(path)
        assert "h.npz" in str(e.value) and words in str(e.value), name


@pytest.mark.parametrize("rows", [5, slice(0, 4096, 64), slice(0, 4096)])
def test_a_score_that_is_not_a_number_is_refused_and_loses_nothing_in_silence(rows):
    rng = np.random.default_rng(4)
    X, Y = whole_numbers(rng, 3, 8), whole_numbers(rng, 20_000, 8)
    Y[rows] = np.nan
    with pytest.raises(ValueError, match="not a number"):
        search(X, Y, 10)


def test_many_hits_of_many_questions(monkeypatch):
    """More hits than a product of all questions at once has room for."""
    rng = np.random.default_rng(5)
    X, Y = whole_numbers(rng, 40, 4), whole_numbers(rng, 5000, 4)
    shapes, product = set(), exact_search.product
    monkeypatch.setattr(exact_search, "product", lambda P, x, out: (shapes.add(out.shape), product(P, x, out)))
    scores, positions = search(X, Y, 200_000)
    assert {rows for rows, _ in shapes} == {exact_search.ROWS} and max(B for _, B in shapes) == 20
    expected = sorted_scores(X, Y, 5000)
    assert np.array_equal(positions, expected[1]) and np.array_equal(scores, expected[0])


def test_searches_at_once_leave_the_threads_as_they_were():
    rng = np.random.default_rng(6)
    X, Y = whole_numbers(rng, 50, 32), whole_numbers(rng, 30_000, 32)
    before, expected = (torch.get_num_threads(), [i["num_threads"] for i in threadpool_info()]), search(X, Y, 20)[1]
    with ThreadPoolExecutor(4) as pool:
        for _, positions in pool.map(lambda _: search(X, Y, 20), range(8)):
            assert np.array_equal(positions, expected)
    assert (torch.get_num_threads(), [i["num_threads"] for i in threadpool_info()]) == before


def test_a_search_that_is_stopped_stops_soon(monkeypatch):
    calls, product = [], exact_search.product

    def slow(P, x, out):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        time.sleep(0.01)
        product(P, x, out)

    monkeypatch.setattr(exact_search, "product", slow)
    with pytest.raises(KeyboardInterrupt):
        search(np.ones((1, 2), np.float32), np.ones((2048 * 400, 2), np.float32), 5)
    assert len(calls) < 200
