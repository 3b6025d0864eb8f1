"""Finds, merges, saves and loads hits: the results of a search in a corpus or in one of its shards."""

from dataclasses import dataclass

import numpy as np

from dpr_course.data import DataError
from dpr_course.pipeline.arrays import load_arrays, save_arrays
from dpr_course.pipeline.exact_search import search
from dpr_course.pipeline.vectors import check_ids, check_shard

FIELDS = {"query_ids": ("U", 1), "ids": ("U", 2), "scores": ("f", 2), "encoder": ("U", 0), "shard": ("i", 1), "depth": ("i", 0),
          "source": ("U", 0)}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hits:
    """The results of a search for Q questions. A file of hits is a `.npz` file whose arrays are the fields of this class.

    Passages with equal scores are in the order of the corpus.
    """

    query_ids: list  # ids of the Q questions, each a str
    ids: np.ndarray  # (Q, K) ids of the passages, best first
    scores: np.ndarray  # (Q, K) float32
    encoder: str = ""  # fingerprint of the encoder
    shard: tuple = (0, 1)  # (i, n): shard i of n was searched
    depth: int = 0  # number of hits asked for per question; K is smaller if the shard has fewer passages
    source: str = ""  # digest of everything that the hits depend on


def search_vectors(questions, passages, k, source=""):
    """Return the Hits of a search: the k best of `passages` for each of `questions`, both given as Vectors.

    Raises DataError if the Vectors were made by different encoders or have different numbers of dimensions. `source`, a digest
    of everything that the Hits depend on, is stored in the Hits.
    """
    if questions.encoder != passages.encoder:
        raise DataError(
            f"the questions were encoded by {questions.encoder or 'an unknown encoder'}, the passages by "
            f"{passages.encoder or 'an unknown encoder'}: encode both with the same model"
        )
    try:
        scores, positions = search(questions.embeddings, passages.embeddings, k)
    except ValueError as e:
        raise DataError(str(e)) from None
    ids = np.array(passages.ids, dtype=str)[positions]
    return Hits(questions.ids, ids, scores, passages.encoder, passages.shard, k, source)


def reduce(shards, k=None):
    """Return the merged Hits of all shards of a corpus. They equal the Hits of a search in the whole corpus, even for ties.

    shards  list of Hits, one per shard, in any order
    k       number of hits to keep per question; by default the smallest `depth` (number of hits asked for) of the shards

    Raises DataError if a shard is missing or given twice, if the questions or the encoders of the shards differ, if k is larger
    than the depth of a shard, or if a passage is in two shards.
    """
    if not shards:
        raise DataError("there is nothing to reduce: give the hits of every shard")
    shards = sorted(shards, key=lambda hits: hits.shard)
    first, n, k = shards[0], shards[0].shard[1], min(h.depth for h in shards) if k is None else k
    have = [hits.shard for hits in shards]
    if len(shards) != n or have != [(i, n) for i in range(n)]:  # the length first, because a damaged file may hold a huge n
        raise DataError(f"the shards are {', '.join(f'{i}/{m}' for i, m in have)}: each of 0/{n} to {n - 1}/{n} must be given once")
    for hits in shards[1:]:
        at = f"shard {hits.shard[0]}/{n}"
        if hits.query_ids != first.query_ids:
            raise DataError(f"{at}: field 'query_ids' differs from that of shard 0/{n}: search every shard with the same questions")
        if hits.encoder != first.encoder:
            raise DataError(f"{at}: field 'encoder' differs from that of shard 0/{n}: encode every shard with the same model")
    if not 1 <= k <= min(h.depth for h in shards):
        raise DataError(
            f"k is {k}, but the shards were searched for {min(h.depth for h in shards)} hits: k must be between 1 and that"
        )
    ids, scores = (np.concatenate([getattr(h, name) for h in shards], axis=1) for name in ("ids", "scores"))  # (Q, sum of K)
    for query, row in zip(first.query_ids, np.sort(ids, axis=1)):
        if (twice := row[1:][row[1:] == row[:-1]]).size:
            raise DataError(f"passage {twice[0]} is in two shards (query {query}): the shards do not come from the same corpus")
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]  # stable: of equal scores the earlier shard's comes first
    ids, scores = (np.take_along_axis(a, order, axis=1) for a in (ids, scores))
    return Hits(first.query_ids, ids, scores, first.encoder, (0, 1), k)


def save_hits(path, hits):
    """Write Hits to `path`, completely or not at all."""
    save_arrays(
        path, query_ids=np.array(hits.query_ids, dtype=str), ids=hits.ids, scores=hits.scores, encoder=np.array(hits.encoder),
        shard=np.array(hits.shard), depth=np.array(hits.depth), source=np.array(hits.source),
    )  # fmt: skip


def load_hits(path):
    """Load Hits from a file that `save_hits` wrote. Raises DataError, which names the file and the wrong field."""
    a = load_arrays(path, FIELDS)
    check_ids(a["query_ids"].tolist(), path, "query_ids")
    check_shard(shard := tuple(a["shard"].tolist()), path)
    if not len(a["query_ids"]) == len(a["ids"]) == len(a["scores"]) or a["ids"].shape != a["scores"].shape:
        raise DataError(
            f"{path}: fields 'query_ids' {a['query_ids'].shape}, 'ids' {a['ids'].shape}, 'scores' {a['scores'].shape} do not fit"
        )
    for row, column in np.argwhere(a["ids"] == "")[:1]:
        raise DataError(f"{path}: field 'ids[{row}, {column}]' is empty")
    if not np.isfinite(a["scores"]).all() or (np.diff(a["scores"], axis=1) > 0).any():
        raise DataError(f"{path}: field 'scores' must be finite and fall from left to right")
    if a["depth"] < a["ids"].shape[1]:
        raise DataError(f"{path}: field 'depth' is {a['depth']}, less than the {a['ids'].shape[1]} hits of each query")
    return Hits(a["query_ids"].tolist(), a["ids"], a["scores"], a["encoder"].item(), shard, a["depth"].item(), a["source"].item())
