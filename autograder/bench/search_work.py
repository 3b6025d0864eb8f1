"""Encodes the toy NQ's passages, or searches made-up vectors, in a separate process whose peak memory can be measured.

    python -m autograder.bench.search_work encode
    python -m autograder.bench.search_work flat | hnsw N WIDTH FOLDER

Each command prints one line of JSON. `flat` is exact search. It writes the questions and their exact scores to FOLDER. `hnsw`, the
approximate search, reads them there to compute its recall, so `flat` must run first.

The vectors are made up so that they resemble the vectors of the toy NQ after training. They form topics of about 20, as the
toy's passages do. A topic is a random point; a passage lies near a topic, and a question near a passage. The variance of the
components falls by half every 18 components. In these numbers, the made-up vectors agree with the toy's (in brackets):

    effective dimensions, for any width of the vectors           49             (47)
    cosine of a passage and its nearest passage                  0.5            (0.5)
    a question's best, 10th and 100th score above its mean,      4.1, 2.5, 1.5  (3.9, 2.5, 1.5)
    in standard deviations

Independent components of equal variance would make all distances nearly equal. No encoder gives such vectors, and no graph can
search them well. All vectors have length 1.
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
EF_SEARCH = (128, 512)  # how many candidates a search of the graph keeps; DPR uses 128
TOPIC = 20  # passages per topic
# Distance of a passage from its topic, and of a question from its passage. The unit is the distance of a topic from the origin.
NEAR, ASKED = 1.5, 2.6
FALL = 26  # number of components over which the variance falls to 1 / e
BLOCK = 2**14  # number of vectors that are made at a time; all passages of a topic are in one block
ROUNDS = 3


def near(points, distance, rng):
    """Return an array (n, d) with a random point near each of `points` (n, d).

    `distance` is the standard deviation of each component of the difference.
    """
    return points + np.float32(distance) * rng.standard_normal(points.shape, dtype=np.float32)


def scaled(V):
    """Return V (n, d) with scaled components and rows of length 1.

    The scaling makes the variance fall from the first component to the last.
    """
    V = V * np.exp(np.arange(V.shape[1], dtype=np.float32) / (-2 * FALL))
    return V / np.linalg.norm(V, axis=1, keepdims=True)


def made_up(n, d, seed=0):
    """Yield the vectors of n made-up passages and min(n, QUESTIONS) questions in blocks (first, passages (m, d), questions (q, d)).

    `first` is the number of the block's first passage, from 0.
    """
    # the numbers of the passages near which the questions lie
    asked = np.linspace(0, n, min(n, QUESTIONS), endpoint=False).astype(int)
    for first in range(0, n, BLOCK):
        rng = np.random.default_rng([seed, d, first])
        m = min(BLOCK, n - first)
        topics = rng.standard_normal((-(-m // TOPIC), d), dtype=np.float32)
        Y = near(topics[rng.integers(len(topics), size=m)], NEAR, rng)
        rows = asked[(asked >= first) & (asked < first + m)] - first
        yield first, scaled(Y), scaled(near(Y[rows], ASKED, rng))


def seconds(work):
    """Call the function `work`. Returns (processor seconds of all threads, wall-clock seconds, result of `work`)."""
    clocks = time.process_time, time.perf_counter
    begun = [clock() for clock in clocks]
    found = work()
    return *(clock() - t for clock, t in zip(clocks, begun)), found


def timed(work):
    """Call the function `work` once without timing, then ROUNDS times. Returns the times and the result of the last call.

    The times are {"cpu_s": [processor seconds of each call], "wall_s": [wall-clock seconds of each call]}.
    """
    *_, found = seconds(work)
    rounds = [seconds(work) for _ in range(ROUNDS)]
    return {"cpu_s": [r[0] for r in rounds], "wall_s": [r[1] for r in rounds]}, found


def flat(n, d, folder):
    """Search n vectors of width d exactly, with the course's search. Writes the questions and their scores to `folder`.

    Returns a list with one dict, whose keys `hnsw` describes. "built_cpu_s" and "built_wall_s" are None, because exact search
    builds no graph.
    """
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
    """Build FAISS's HNSW graph of the vectors that `flat` searched, on all cores, and search the graph on one core.

    The graph has the parameters of stage 07. Returns a list with one dict per value of efSearch:

    system                     name with the value of efSearch
    cpu_s, wall_s              times of one batch, see `timed`
    questions                  number of questions in a batch
    recall                     recall in percent, see `recall`
    built_cpu_s, built_wall_s  seconds to build the graph
    bytes                      size of the index
    before_mb, peak_mb         peak memory before the first vector was made, and at the end
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
    """Return the recall of stage 07: the percentage of the k best passages that were found, as a mean over the questions.

    index  FAISS index that holds the passages
    X      (B, d) vectors of the questions
    found  (B, k) numbers of the passages that were found; -1 where nothing was found
    least  (B,) score of each question's k-th best passage in exact search

    A passage counts as one of the k best if its score, computed as in exact search, is at least the k-th best score. This treats
    passages with equal scores alike.
    """
    shares = []
    for x, rows, score in zip(X, found, least):
        own = rows[rows >= 0]
        scores = inner_products(x[None], index.reconstruct_batch(own)) if len(own) else np.empty(0)
        shares.append((scores >= score).sum() / len(rows))
    return 100 * float(np.mean(shares))


def encode(sizes=(500, 1000, 1500)):
    """Encode the first n passages of the toy NQ with the toy encoder, for each n in `sizes`.

    Returns a list with one dict per n: "passages" (n), "cpu_s" and "wall_s" (see `timed`), and "peak_mb".
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
