"""Exact search in blocks: the result equals that of sorting all scores, ties included, bit for bit, on every processor."""

import importlib.util
import os
import platform
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from exact_scores import whole_numbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from dpr_course.data import DataError
from dpr_course.pipeline import exact_search
from dpr_course.pipeline.exact_search import inner_products, norms, rounding, search
from dpr_course.pipeline.search import search_vectors
from dpr_course.pipeline.vectors import Vectors


@pytest.fixture(params=["faiss", "torch"])
def engine(request, monkeypatch):
    """Run a test twice: once the search finds its candidates with FAISS, and once with torch."""
    if request.param == "faiss":
        pytest.importorskip("faiss")
    chosen = {"faiss": (exact_search.by_faiss, 2), "torch": (exact_search.by_torch, 1)}[request.param]
    monkeypatch.setattr(exact_search, "engine", lambda: chosen)


def exact(X, Y, k):
    """Return (scores, positions) of each query's k best passages, by sorting all scores. A search must return the same bits."""
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    S = np.stack([inner_products(x, Y.copy()) for x in X])
    order = np.argsort(-S, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(S, order, axis=1), order


def same(found, expected):
    return all(np.array_equal(a.view(np.int32 if a.itemsize == 4 else a.dtype), b.view(np.int32 if b.itemsize == 4 else b.dtype))
               for a, b in zip(found, expected))  # fmt: skip


@given(
    N=st.integers(0, 400),
    Q=st.integers(0, 40),
    k=st.integers(1, 120),
    d=st.integers(1, 40),
    seed=st.integers(0, 99),
    kind=st.sampled_from(["whole", "real", "few", "zeros", "half", "negative"]),
    block=st.sampled_from([50, 2**18]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_is_sorting_all_scores(engine, N, Q, k, d, seed, kind, block):
    rng = np.random.default_rng(seed)
    X, Y = (rng.standard_normal((n, d)).astype(np.float32) for n in (Q, N))
    if kind == "whole":
        X, Y = whole_numbers(rng, Q, d), whole_numbers(rng, N, d)
    elif kind == "few":  # each passage occurs many times
        Y = Y[rng.integers(0, max(1, N // 30), N)] if N else Y
    elif kind == "zeros":
        X[::2], Y[::3] = 0, 0
    elif kind == "half":
        Y = Y.astype(np.float16)
    elif kind == "negative":
        X, Y = np.abs(X), -np.abs(Y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "PASSAGES", block)
        patch.setattr(exact_search, "ROOM", 1000)
        found = search(X, Y, k)
    if Q:
        assert same(found, exact(X, Y, k))
    assert found[0].shape == found[1].shape == (Q, min(k, N)) and [a.dtype for a in found] == [np.float32, np.int64]


@pytest.mark.parametrize("Q, d", [(7, 96), (1, 257), (64, 5), (1030, 33)])
def test_equal_passages_get_equal_scores(engine, Q, d):
    """Copies of a passage get the same score, to the last bit, in a shard of any size and at any place in it."""
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((Q, d)).astype(np.float32), rng.standard_normal((9001, d)).astype(np.float32)
    Y[5000:8000] = Y[:3000]
    flat, cuts = search(X, Y, 50), (0, 1, 700, 5003, 9001)
    parts = [search(X, Y[a:b], 50) for a, b in zip(cuts, cuts[1:])]
    scores = np.concatenate([s for s, _ in parts], axis=1)
    places = np.concatenate([p + a for (_, p), a in zip(parts, cuts)], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :50]
    assert same([np.take_along_axis(scores, order, 1), np.take_along_axis(places, order, 1)], flat)
    if Q < 100:
        assert same(flat, exact(X, Y, 50))


IN_A_PROCESS = """
import hashlib, sys
import numpy as np
from dpr_course.pipeline import exact_search
from dpr_course.pipeline.exact_search import search
if sys.argv[1] == "torch":
    exact_search.engine = lambda: (exact_search.by_torch, 1)
rng, total = np.random.default_rng(7), hashlib.sha256()
for Q, N, d, k in ((1030, 9001, 33, 50), (7, 5000, 96, 100), (1, 3000, 257, 10), (40, 2000, 768, 20)):
    X, Y = (rng.standard_normal((n, d)).astype(np.float32) for n in (Q, N))
    Y[N // 2 : N // 2 + N // 4] = Y[: N // 4]
    flat, cut = search(X, Y, k), N // 3 + 1
    a, b = search(X, Y[:cut], k), search(X, Y[cut:], k)
    S, P = np.hstack([a[0], b[0]]), np.hstack([a[1], b[1] + cut])
    order = np.argsort(-S, axis=1, kind="stable")[:, :k]
    assert np.array_equal(np.take_along_axis(S, order, 1), flat[0]) and np.array_equal(np.take_along_axis(P, order, 1), flat[1])
    total.update(flat[0].tobytes() + flat[1].tobytes())
print(total.hexdigest())
"""


def test_every_blas_finds_the_same_bits():
    """FAISS and torch, OpenBLAS's code for several processors, and one or two threads all give the same bits."""
    engines = ["torch", *(["faiss"] if importlib.util.find_spec("faiss") else [])]
    kernels = ("Haswell", "Zen", "Sandybridge", "Prescott") if platform.machine() in ("x86_64", "AMD64") else ("",)
    runs = {}
    for i, kernel in enumerate(kernels):
        for engine in engines if i == 0 else engines[-1:]:
            environment = {**os.environ, "OPENBLAS_CORETYPE": kernel, "OMP_NUM_THREADS": str(1 + i % 2)}
            command = [sys.executable, "-c", IN_A_PROCESS, engine]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            assert done.returncode == 0, f"{engine}, {kernel}: {done.stderr}"
            runs[engine, kernel] = done.stdout
    assert len(set(runs.values())) == 1, runs


def test_thousands_of_equal_passages_around_the_cut(engine):
    rng = np.random.default_rng(3)
    X, Y = (rng.standard_normal((n, 64)).astype(np.float32) for n in (5, 9000))
    best = Y[exact(X[:1], Y, 1)[1][0, 0]].copy()
    Y[1000:6000] = best
    found = search(X, Y, 20)
    assert same(found, exact(X, Y, 20)) and (np.diff(found[1][0]) > 0).sum() >= 18, "of equal passages the earliest"


@pytest.mark.parametrize("scale", [1e-38, 1e-22, 1e-3, 1.0, 1e15, 1e18])
def test_small_and_large_vectors(engine, scale):
    rng = np.random.default_rng(4)
    X, Y = (rng.standard_normal((n, 48)).astype(np.float32) for n in (4, 3000))
    Y[5::7] = Y[::7][: len(Y[5::7])]
    assert same(search(X, Y * np.float32(scale), 30), exact(X, Y * np.float32(scale), 30))
    Y[17] *= 1e8  # one huge passage, whose rounding error says nothing about the others
    assert same(search(X, Y, 30), exact(X, Y, 30))


def test_any_layout(engine):
    rng = np.random.default_rng(5)
    X, Y = (rng.standard_normal((n, 16)).astype(np.float32) for n in (6, 500))
    expected = search(X, Y, 9)
    big = np.repeat(np.repeat(Y, 2, axis=0), 3, axis=1)
    readonly = Y.copy()
    readonly.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for other in (np.asfortranarray(Y), big[::2, ::3], Y.astype(">f4"), Y.astype(np.float64), readonly):
            assert same(search(X, other, 9), expected) and same(search(np.asfortranarray(X), other, 9), expected)


@given(st.integers(1, 300), st.integers(0, 99))
def test_the_rounding_of_any_product_is_within_the_bound(d, seed):
    rng = np.random.default_rng(seed)
    x, P = (rng.standard_normal((n, d)).astype(np.float32) for n in (1, 20))
    truth = (P.astype(np.float64) @ x[0].astype(np.float64)).astype(np.float64)
    bound = rounding(d, norms(x), norms(P))
    assert (np.abs(inner_products(x[0], P.copy()) - truth) <= bound / 2).all() and (np.abs(P @ x[0] - truth) <= bound).all()
    assert (norms(P) >= np.linalg.norm(P.astype(np.float64), axis=1)).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rows", [5, slice(64, 4096, 64), slice(5, 4096)])
def test_what_is_not_a_number_is_refused_and_named(value, rows):
    rng = np.random.default_rng(4)
    X, Y = whole_numbers(rng, 80, 8), whole_numbers(rng, 5000, 8)
    Y[rows, 3] = value
    with pytest.raises(ValueError, match=r"the passage vector in row (5|64) holds NaN"):
        search(X, Y, 10)
    with pytest.raises(ValueError, match=r"the query vector in row (5|64) holds NaN"):
        search(Y, X, 10)


def test_scores_that_are_too_large(engine):
    X, Y = np.full((2, 3), 1e30, np.float32), np.full((90, 3), 1e30, np.float32)
    with pytest.raises(ValueError, match="too large"):
        search(X, Y, 2)
    Y[:], X[:] = [1e30, 0, 0], [0, 1e30, 0]  # now no score is too large
    assert same(search(X, Y, 2), [np.zeros((2, 2), np.float32), np.array([[0, 1]] * 2)])


def test_many_passages_best_last_and_best_first():
    """For the first query, each passage scores higher than all before it, so the search cannot skip any block of passages."""
    Y = np.arange(10_000, dtype=np.float32)[:, None]
    X = np.array([[1.0], [-1.0], [0.0]], dtype=np.float32)
    _, positions = search(X, Y, 100)
    assert positions[0].tolist() == list(range(9999, 9899, -1))
    assert positions[1].tolist() == positions[2].tolist() == list(range(100))
    assert search(X, Y, 5000)[1][0, -1] == 5000


def test_what_does_not_fit_is_refused():
    X, Y = np.zeros((2, 3), np.float32), np.zeros((4, 5), np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        search(X, Y, 1)
    with pytest.raises(ValueError, match="at least 1"):
        search(X, X, 0)
    with pytest.raises(DataError, match="encoded by one, the passages by two"):
        search_vectors(Vectors(["q"], X[:1], "one"), Vectors(["p"], X[:1], "two"), 1)


def test_a_search_leaves_the_threads_as_they_were():
    rng = np.random.default_rng(6)
    X, Y = whole_numbers(rng, 50, 32), whole_numbers(rng, 30_000, 32)
    search(X, Y, 20)  # loads all libraries
    before, expected = (torch.get_num_threads(), [i["num_threads"] for i in threadpool_info()]), search(X, Y, 20)[1]
    with ThreadPoolExecutor(4) as pool:
        for _, positions in pool.map(lambda _: search(X, Y, 20), range(8)):
            assert np.array_equal(positions, expected)
    assert (torch.get_num_threads(), [i["num_threads"] for i in threadpool_info()]) == before


def test_a_few_queries_are_not_searched_without_a_matrix_product():
    """`by_faiss` lets FAISS use a matrix product once the queries hold 800 numbers. By itself, FAISS 1.15 waits for 128,000."""
    faiss = pytest.importorskip("faiss")
    X = np.ones((2, 8), np.float32)
    exact_search.by_faiss(X, X, 1)
    assert faiss.cvar.distance_compute_blas_threshold <= 800


def test_a_search_that_is_stopped_stops_soon(monkeypatch):
    calls = []

    def slow(X, Y, m):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        time.sleep(0.01)
        return exact_search.by_torch(X, Y, m)

    monkeypatch.setattr(exact_search, "engine", lambda: (slow, 2))
    with pytest.raises(KeyboardInterrupt):
        search(np.ones((400 * 32, 2), np.float32), np.random.default_rng(0).random((200, 2), np.float32), 50)
    assert len(calls) < 20
