"""The vector index: it agrees with a matrix product, handles edge cases, and belongs to one encoder."""

import json
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dpr_course.pipeline.index import PassageIndex, VectorIndexError, load_faiss

pytest.importorskip("faiss")


def vectors(n, d=8, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def names(n):
    return [f"p{i}" for i in range(n)]


@given(
    n=st.integers(1, 60),
    k=st.integers(1, 80),
    kind=st.sampled_from(["flat", "hnsw"]),
    ef=st.integers(1, 99),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_k_real_passages_come_back_best_first(n, k, kind, ef, seed):
    """For every k, a search among n vectors returns min(k, n) different rows, best first.

    This also holds if k is larger than n, or larger than the number of rows that a walk through the index's graph finds.
    """
    Y, X = vectors(n, seed=seed), vectors(5, seed=seed + 1)
    scores, rows = PassageIndex.build(Y, names(n), kind, ef_search=ef).search(X, k)
    assert scores.shape == rows.shape == (5, min(k, n))
    assert rows.min() >= 0 and all(len(set(r)) == len(r) for r in rows.tolist())
    assert (np.diff(scores) <= 0).all()
    assert np.allclose(scores, np.take_along_axis(X @ Y.T, rows, 1), atol=1e-4)
    if kind == "flat":
        assert np.allclose(scores, -np.sort(-(X @ Y.T))[:, : min(k, n)], atol=1e-4)


def test_a_longer_walk_finds_more():
    Y, X = vectors(2000, 32), vectors(50, 32, seed=1)
    exact = PassageIndex.build(Y, names(2000)).search(X, 10)[1]
    index = PassageIndex.build(Y, names(2000), "hnsw")
    recalls = []
    for index.ef_search in (1, 50, 2000):
        recalls.append(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(index.search(X, 10)[1], exact)]))
    assert recalls[0] < recalls[1] <= recalls[2] > 0.99
    assert index.ef_search == 2000 and PassageIndex.build(Y, names(2000)).ef_search == 0


def test_a_walk_that_ends_early_is_made_good():
    """If a walk through the index's graph finds fewer than k vectors, as with many equal ones, the index compares all vectors."""
    Y = np.concatenate([np.ones((400, 4), np.float32), -np.eye(4, dtype=np.float32)])
    index = PassageIndex.build(Y, names(404), "hnsw", ef_search=1)
    raw = index.faiss.search(np.ones((1, 4), np.float32), 404)[1]
    scores, rows = index.search(np.ones((1, 4)), 404)
    assert (raw == -1).any(), "this is a case that needs it"
    assert sorted(rows[0].tolist()) == list(range(404)) and np.allclose(scores[0, :400], 4) and np.allclose(scores[0, 400:], -1)


def test_torch_tensors_in_bfloat16_are_taken():
    Y = torch.eye(3, dtype=torch.bfloat16).requires_grad_()
    scores, rows = PassageIndex.build(Y, names(3)).search(2 * Y, 1)
    assert rows[:, 0].tolist() == [0, 1, 2] and scores[:, 0].tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((vectors(0), []), "at least one passage"),
        ((vectors(3)[0], names(3)), "one vector per row"),
        ((vectors(3), names(2)), "there are 2 ids"),
        ((vectors(3), ["a", "b", "a"]), "2 of them different"),
        ((vectors(3), names(3), "ivf"), "flat, hnsw"),
        ((np.where(np.arange(24).reshape(3, 8) == 9, np.nan, 1.0), names(3)), "row 1"),
    ],
)
def test_what_makes_no_index_is_told(arguments, words):
    with pytest.raises(VectorIndexError, match=words):
        PassageIndex.build(*arguments)


def test_questions_that_do_not_fit_are_told():
    index = PassageIndex.build(vectors(3), names(3))
    for X, k, words in (
        (vectors(2, 5), 1, "5 components, the index has 8"),
        (vectors(2), 0, "at least 1"),
        (vectors(2)[0], 1, "one vector per row"),
    ):
        with pytest.raises(VectorIndexError, match=words):
            index.search(X, k)
    assert index.search(vectors(0), 2)[1].shape == (0, 2), "no question, no answer"


@pytest.mark.parametrize("kind", ["flat", "hnsw"])
def test_what_was_saved_comes_back(kind, tmp_path):
    index = PassageIndex.build(vectors(300), names(300), kind, "abc", ef_search=3)
    index.save(tmp_path / "index.npz")
    back = PassageIndex.load(tmp_path / "index.npz", "abc")
    assert back.ids == names(300) and back.fingerprint == "abc" and len(back) == 300 and back.ef_search == index.ef_search
    X = vectors(9, seed=3)
    assert all(np.array_equal(a, b) for a, b in zip(index.search(X, 7), back.search(X, 7)))
    assert [p.name for p in tmp_path.iterdir()] == ["index.npz"]


def test_another_encoders_index_is_refused(tmp_path):
    PassageIndex.build(vectors(3), names(3), fingerprint="abc").save(tmp_path / "index.npz")
    with pytest.raises(VectorIndexError, match="another encoder .fingerprint abc, yours is xyz"):
        PassageIndex.load(tmp_path / "index.npz", "xyz")


def test_a_damaged_file_is_refused_by_field(tmp_path):
    path = tmp_path / "index.npz"
    index = PassageIndex.build(vectors(3), names(3))
    about = json.dumps({"format": "dpr-course index 1", "fingerprint": ""})
    good = {"about": np.array(about), "ids": np.array(names(3)), "index": index.to_bytes()}
    cases = [({k: v for k, v in good.items() if k != key}, repr(key)) for key in good]
    cases += [
        ({**good, "about": np.array("{")}, "not a complete index"),
        ({**good, "about": np.array(json.dumps({"format": "x", "fingerprint": ""}))}, "'x'"),
        ({**good, "about": np.array(json.dumps({"format": "dpr-course index 1"}))}, "'fingerprint'"),
        ({**good, "about": np.array("[]")}, "not a complete index"),
        ({**good, "ids": np.array(names(2))}, "'ids' holds 2 ids for 3 vectors"),
        ({**good, "index": good["index"][:30]}, "not a complete index"),
        ({**good, "index": np.zeros(50, np.uint8)}, "not a complete index"),
        ({**good, "index": np.zeros(5)}, "field 'index' holds float64"),
        ({**good, "index": np.zeros(5, np.uint16)}, "must be uint8"),
    ]
    for content, words in cases:
        np.savez(path, **content)
        with pytest.raises(VectorIndexError, match=words) as e:
            PassageIndex.load(path, "")
        assert "index.npz" in str(e.value)
    path.write_text("hello")
    with pytest.raises(VectorIndexError, match="not a .npz file"):
        PassageIndex.load(path, "")
    with pytest.raises(VectorIndexError, match="no such file"):
        PassageIndex.load(tmp_path / "none.npz", "")


def test_without_faiss_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ImportError, match="pip install faiss-cpu"):
        load_faiss()
