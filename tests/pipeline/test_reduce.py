"""`reduce` merges the hits from the shards of a corpus. The result is the same as that of a search of the whole corpus."""

import numpy as np
import pytest
from exact_scores import whole_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from dpr_course.data import DataError
from dpr_course.pipeline.search import Hits, load_hits, reduce, save_hits, search_vectors
from dpr_course.pipeline.shards import shard_bounds
from dpr_course.pipeline.vectors import Vectors


def corpus(Y):
    return Vectors([f"p{i}" for i in range(len(Y))], Y, "e")


def shard(vectors, i, n):
    a, b = shard_bounds(len(vectors.ids), i, n)
    return Vectors(vectors.ids[a:b], vectors.embeddings[a:b], vectors.encoder, (i, n))


@given(N=st.integers(0, 60), n=st.integers(1, 70), k=st.integers(1, 70), seed=st.integers(0, 99), whole=st.booleans())
@settings(max_examples=60, deadline=None)
def test_reduced_shards_are_the_flat_search(N, n, k, seed, whole):
    rng = np.random.default_rng(seed)
    X, Y = whole_numbers(rng, 5, 3), whole_numbers(rng, N, 3)
    if not whole:  # equal passages in different shards get equal scores, to the last bit
        Y = rng.standard_normal((N, 3)).astype(np.float32)[rng.integers(0, N // 3 + 1, N) % max(N, 1)]
        X = rng.standard_normal((5, 3)).astype(np.float32)
    questions, passages = Vectors([f"q{i}" for i in range(5)], X, "e"), corpus(Y)
    flat = search_vectors(questions, passages, k)
    found = [search_vectors(questions, shard(passages, i, n), k) for i in rng.permutation(n)]
    merged = reduce(found)
    assert np.array_equal(merged.ids, flat.ids) and np.array_equal(merged.scores, flat.scores)
    assert merged.shard == (0, 1) and merged.query_ids == flat.query_ids
    less = reduce(found, max(1, k // 2))
    assert np.array_equal(less.ids, flat.ids[:, : max(1, k // 2)])


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
        ([hits(0, 2), hits(0, 2)], None, "must be given once"),
        ([hits(0, 2), hits(1, 3)], None, "0/2, 1/3"),
        ([hits(5, 2**62)], None, "must be given once"),
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
