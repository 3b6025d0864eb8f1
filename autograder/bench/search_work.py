"""Encodes, or searches made-up vectors, by one contender in a separate process, so that its peak memory can be measured.

    python -m autograder.bench.search_work encode
    python -m autograder.bench.search_work flat | hnsw N WIDTH FOLDER

prints one line of JSON. `flat` leaves the questions and the exact scores in FOLDER, from which `hnsw` computes its recall.

The vectors are made up, and resemble those of the toy after training. They come in topics of about 20, as the toy's passages do. A
topic is a random point; a passage lies near a topic, and a question near a passage. The variance of the components falls by half
every 18, so that the vectors have about 49 effective dimensions whatever their width (the toy's: 47), a passage and its nearest
one a cosine of 0.5 (0.5), and the best, the 10th and the 100th score of a question lie 4.1, 2.5 and 1.5 standard deviations above its
mean score (3.9, 2.5, 1.5). Independent components of equal variance would make all distances alike, which no encoder does and no
graph can search. All vectors have length 1.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from dpr_course.pipeline.exact_search import inner_products
from dpr_course.pipeline.peak import peak_memory

QUESTIONS, TOP = 200, 100  # questions in a batch, passages per question
EF_SEARCH = (128, 512)  # candidates that a search of the graph keeps; 128 is what DPR uses
TOPIC = 20  # passages per topic
NEAR, ASKED = 1.5, 2.6  # distance of a passage from its topic, and of a question from its passage; a topic's from the middle is 1
FALL = 26  # components after which the variance has fallen to 1 / e
BLOCK = 2**14  # vectors that are made at a time; a topic lies within one block
ROUNDS = 3


def near(points, distance, rng):
    """Return points (n, d) at about this distance from the given ones, before the components are scaled."""
    return points + np.float32(distance) * rng.standard_normal(points.shape, dtype=np.float32)


def scaled(V):
    """Return V (n, d) with components whose variance falls, and with length 1."""
    V = V * np.exp(np.arange(V.shape[1], dtype=np.float32) / (-2 * FALL))
    return V / np.linalg.norm(V, axis=1, keepdims=True)


def made_up(n, d, seed=0):
    """Yield (first row, passages (m, d), questions (q, d)) block by block: n passages and min(n, QUESTIONS) questions in all."""
    asked = np.linspace(0, n, min(n, QUESTIONS), endpoint=False).astype(int)  # the rows of the passages that questions lie near
    for first in range(0, n, BLOCK):
        rng = np.random.default_rng([seed, d, first])
        m = min(BLOCK, n - first)
        topics = rng.standard_normal((-(-m // TOPIC), d), dtype=np.float32)
        Y = near(topics[rng.integers(len(topics), size=m)], NEAR, rng)
        rows = asked[(asked >= first) & (asked < first + m)] - first
        yield first, scaled(Y), scaled(near(Y[rows], ASKED, rng))


def seconds(work):
    """Call the function `work`. Returns the processor time of all threads and the wall-clock time, in seconds, and its result."""
    clocks = time.process_time, time.perf_counter
    begun = [clock() for clock in clocks]
    found = work()
    return *(clock() - t for clock, t in zip(clocks, begun)), found


def timed(work):
    """Return {"cpu_s", "wall_s"}, the seconds of ROUNDS calls of `work` each, and its last result. One more call before does not count."""
    *_, found = seconds(work)
    rounds = [seconds(work) for _ in range(ROUNDS)]
    return {"cpu_s": [r[0] for r in rounds], "wall_s": [r[1] for r in rounds]}, found


def flat(n, d, folder):
    """Search n vectors of width d exactly, with the course's search. Returns a dict, see `hnsw`; nothing is built."""
    from dpr_course.pipeline.exact_search import search

    before = peak_memory()
    Y, X = np.empty((n, d), np.float32), []
    for first, passages, questions in made_up(n, d):
        Y[first : first + len(passages)] = passages
        X.append(questions)
    X = np.concatenate(X)
    times, (scores, _) = timed(lambda: search(X, Y, TOP))
    np.savez(folder / f"exact-{n}-{d}.npz", X=X, scores=scores)
    about = {"built_cpu_s": None, "built_wall_s": None, "bytes": Y.nbytes, "before_mb": before}
    return [{**about, "system": "flat", **times, "questions": len(X), "recall": 100.0, "peak_mb": peak_memory()}]


def hnsw(n, d, folder):
    """Build FAISS's HNSW graph of the same vectors, on all cores, and search it on one. The graph has stage 07's parameters.

    Returns a list with one dict per value of efSearch: "system", "cpu_s" and "wall_s" per batch, see `timed`, "questions" in a
    batch, "recall" in percent, "built_cpu_s", "built_wall_s", "bytes" of the index, "before_mb" and "peak_mb", the peak memory
    before the first vector was made and at the end.
    """
    import faiss

    from dpr_course.pipeline.index import EF_CONSTRUCTION, LINKS

    before, built = peak_memory(), np.zeros(2)
    index = faiss.IndexHNSWFlat(d, LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = EF_CONSTRUCTION
    faiss.omp_set_num_threads(os.cpu_count())
    for _, passages, _ in made_up(n, d):
        built += seconds(lambda V=passages: index.add(V))[:2]
    faiss.omp_set_num_threads(1)
    with np.load(folder / f"exact-{n}-{d}.npz") as exact:
        X, least = exact["X"], exact["scores"][:, -1]
    rows = []
    for ef in EF_SEARCH:
        index.hnsw.efSearch = ef
        times, (_, found) = timed(lambda: index.search(X, min(TOP, n)))
        rows.append({"system": f"HNSW, efSearch {ef}", **times, "questions": len(X), "recall": recall(index, X, found, least)})
    graph = 4 * index.hnsw.neighbors.size() + 8 * index.hnsw.offsets.size() + 4 * index.hnsw.levels.size()
    about = {
        "built_cpu_s": built[0],
        "built_wall_s": built[1],
        "bytes": 4 * n * d + graph,
        "before_mb": before,
        "peak_mb": peak_memory(),
    }
    return [{**row, **about} for row in rows]


def recall(index, X, found, least):
    """Return stage 07's recall in percent: how many of the k best passages were found, as a mean over the questions.

    index  FAISS index that holds the passages
    X      (B, d) questions
    found  (B, k) rows that were found, -1 for nothing
    least  (B,) score of each question's k-th best passage in exact search

    Among passages with equal scores any counts: a passage is one of the k best if its score, computed as in exact search, is at
    least the k-th best one.
    """
    shares = []
    for x, rows, score in zip(X, found, least):
        own = rows[rows >= 0]
        scores = inner_products(x[None], index.reconstruct_batch(own)) if len(own) else np.empty(0)
        shares.append((scores >= score).sum() / len(rows))
    return 100 * float(np.mean(shares))


def encode(sizes=(500, 1000, 1500)):
    """Encode the toy's first passages with its encoder, as many as each of `sizes`. Returns a list of dicts: "passages", the times of
    `timed`, "peak_mb".
    """
    from dpr_course.data import load_toy_nq
    from dpr_course.pipeline.retriever import Retriever

    model, passages = Retriever.from_pretrained("toy", tied=True, max_length=100), load_toy_nq()[2]
    rows = [{"passages": n, **timed(lambda n=n: model.encode_passages(passages[:n]))[0]} for n in sizes]
    return [{**row, "peak_mb": peak_memory()} for row in rows]


def main():
    import torch

    from dpr_course.quiet import quiet

    quiet()
    torch.set_num_threads(1)
    if sys.argv[1] == "encode":
        rows = encode()
    else:
        n, d, folder = sys.argv[2:]
        rows = {"flat": flat, "hnsw": hnsw}[sys.argv[1]](int(n), int(d), Path(folder))
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
