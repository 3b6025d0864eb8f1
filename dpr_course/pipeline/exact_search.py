"""Exact search by inner product. The result is the same on every processor, with any sharding and any number of threads.

A matrix product sums each score in an order that depends on the library, the processor and the position in the matrix, so
equal passages may get different scores. Here the matrix product only *proposes* slightly more passages than were asked for.
The proposed passages are scored again by `inner_products`, whose result depends on the two vectors alone.

A passage that was not proposed has a lower score in the matrix product, but rounding errors may be the cause. If no such passage
could be among the best even with the largest possible rounding error, the result is final. Otherwise (for example, if thousands
of passages are equal), every passage of the corpus that could be among the best is scored again.
"""

import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import torch

from dpr_course.runtime import progress

PASSAGES, QUERIES = 2**18, 1024  # largest number of passages, and of queries, that are searched at a time
ROOM = 2**17  # how many numbers an intermediate result may hold at most: it must fit into the processor's cache


@np.errstate(over="ignore", invalid="ignore")  # scores that are not finite are detected and refused later
def inner_products(x, P):
    """Return the inner products (..., n) of x (..., 1, d) with each row of P (..., n, d), both float32. P is overwritten.

    The d products are added by halves: each step adds the second half to the first, until one number is left. All operations
    are elementwise, and IEEE 754 defines the result of every operation, so all machines get the same bits.
    """
    S = np.multiply(P, x, out=P)
    while (d := S.shape[-1]) > 1:
        if d % 2:
            S[..., 0] += S[..., -1]
        S = S[..., : d // 2] + S[..., d // 2 : d // 2 * 2]
    return S[..., 0]


def score(X, Y, rows):
    """Return scores (B, n): each query is scored with n passages of its own, the query X[i] with the passages Y[rows[i]].

    X is (B, d), Y is (N, d), and `rows` (B, n) holds row numbers of Y. `inner_products` computes the scores, in pieces that fit
    into the processor's cache.
    """
    (B, n), d = rows.shape, Y.shape[1]
    if n > 1 and n * d > ROOM:
        return np.concatenate([score(X, Y, part) for part in np.array_split(rows, min(n, n * d // ROOM + 1), axis=1)], axis=1)
    at_once = max(1, ROOM // (n * d))
    S, P = np.empty((B, n), np.float32), np.empty((min(B, at_once), n, d), np.float32)
    for q in range(0, B, at_once):
        few = rows[q : q + at_once]
        S[q : q + at_once] = inner_products(X[q : q + at_once, None], np.take(Y, few, axis=0, out=P[: len(few)], mode="clip"))
    return S


def norms(V):
    """Return upper bounds (n,) on the norms of the rows of V (n, d), in float64.

    The bound is inf or NaN for a row with a number that is not finite, and for one whose squared norm overflows.
    """
    squares = np.einsum("nd,nd->n", V, V).astype(np.float64)
    return np.sqrt(squares * (1 + V.shape[1] * 2.0**-22) + V.shape[1] * 2.0**-126)


@np.errstate(over="ignore", invalid="ignore")
def rounding(d, x, y):
    """Return an upper bound on the difference between the score by matrix product and the score by `inner_products`.

    Both are float32 scores of the same query vector (norm x) and passage vector (norm y), each of d numbers. The rounding error of
    a sum of d products, added in any order, is at most d u / (1 - d u) times the sum of their absolute values, where u = 2**-24
    (Higham 2002, section 3.1). The sum of the absolute values is at most x y. The bound is twice this error, because each score
    has one, plus a term for numbers so small that a processor may round them to zero. It is inf if a sum may overflow float32.
    """
    return np.where(x * y < 2.0**127, 2 * d / (2.0**24 - d) * x * y + d * 2.0**-124 * (1 + x + y), np.inf)


def best(S, rows, k):
    """Return the k highest scores of S (..., n), best first, and the entries of `rows` (..., n) at the same positions.

    Equal scores keep their order in S.
    """
    order = np.argsort(-S, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(S, order, -1), np.take_along_axis(rows, order, -1)


def among_proposed(X, Y, lengths, k, propose):
    """Return the scores of the k best passages for each query and their row numbers in Y, (B, k) each. k must be at most N.

    X        (B, d) queries
    Y        (N, d) passages
    lengths  (N,) upper bounds on the norms of the rows of Y, see `norms`
    propose  function (X, Y, m) -> (scores, row numbers in Y) of the m best passages by a matrix product, see `engine`
    """
    wanted = k + 8 + k // 32
    if wanted >= len(Y):
        return among_all(X, Y, lengths, k)
    proposed, rows = propose(X, Y, wanted)  # (B, wanted) each
    reach = proposed.min(axis=1) + rounding(X.shape[1], norms(X), lengths.max())  # (B,) no other passage scores above it
    rows.sort(axis=1)
    scores, rows = best(score(X, Y, rows), rows, k)
    if len(unsure := np.flatnonzero(~(reach < scores[:, -1]))):  # written as a negation, so that NaN counts as unsure
        scores[unsure], rows[unsure] = among_all(X[unsure], Y, lengths, k)
    return scores, rows


@np.errstate(over="ignore", invalid="ignore")
def among_all(X, Y, lengths, k):
    """Return what `among_proposed` returns. Here `inner_products` scores all passages that may be among the k best."""
    found = []
    for x, length in zip(X, norms(X)):
        error, S = rounding(len(x), length, lengths), (Y @ x).astype(np.float64)  # (N,) each
        certain = np.where(np.isfinite(error), S - error, -np.inf)
        rows = np.flatnonzero(~(S + error < np.partition(certain, -k)[-k]))
        S = score(x[None], Y, rows[None])[0]
        if not np.isfinite(S).all():
            raise ValueError("a score is not a finite number: the vectors are too large for float32")
        found.append(best(S, rows, k))
    return tuple(np.stack(part) for part in zip(*found))


def by_faiss(X, Y, m):
    """Return the scores of the m best passages for each query of X (B, d), and the passages' row numbers in Y, (B, m) each.

    FAISS computes them in one thread.
    """
    import faiss

    faiss.omp_set_num_threads(1)  # for the calling thread, since several threads call this function
    # In one thread, a matrix product is faster once X holds about 800 numbers. FAISS 1.15 uses a matrix product only from 128,000
    # numbers on, which suits many threads (FAISS pull request 5109); 200 queries of 256 numbers would take 5 times as long.
    faiss.cvar.distance_compute_blas_threshold = min(800, faiss.cvar.distance_compute_blas_threshold)
    return faiss.knn(X, Y, m, metric=faiss.METRIC_INNER_PRODUCT)


def by_torch(X, Y, m):
    """Return what `by_faiss` returns, computed by torch in its own threads, at half the speed of FAISS."""
    passages, few = torch.from_numpy(Y), max(1, 2**25 // len(Y))
    found = [(x @ passages.T).topk(m) for x in torch.from_numpy(X).split(few)]
    return tuple(torch.cat(part).numpy() for part in zip(*found))


def engine():
    """Return the function that proposes passages, and the number of threads in which to call the function.

    The function is `by_faiss` on Linux if FAISS is installed, else `by_torch`. On macOS and Windows, FAISS and torch each bring
    an OpenMP library, and loading both may crash the process.
    """
    usable = sys.platform == "linux" and importlib.util.find_spec("faiss")
    return (by_faiss, torch.get_num_threads()) if usable else (by_torch, 1)


def checked(V, what, first=0):
    """Return V (n, d) as a contiguous float32 array, and upper bounds (n,) on the norms of its rows.

    Raises ValueError if a number in V is not finite. If it is in row i, the message begins with `what` and the number `first` + i.
    """
    V = np.require(V, np.float32, "CW")
    lengths = norms(V)
    if not np.isfinite(lengths).all() and len(bad := np.flatnonzero(~np.isfinite(V).all(axis=1))):
        raise ValueError(f"{what} {first + bad[0]} holds NaN or infinity, so its scores would not be finite")
    return V, lengths


def search(X, Y, k):
    """Return the scores of the k best passages of each query by inner product, and the passages' positions in Y.

    X  (Q, d) query vectors, float32 or float16
    Y  (N, d) passage vectors, float32 or float16

    Scores (float32) and positions (int64) have shape (Q, K) with K = min(k, N), best first; of equal scores the earlier passage
    comes first. Raises ValueError if X and Y differ in d, if k < 1, or if a vector or a score is not finite.
    """
    if X.ndim != 2 or Y.ndim != 2 or X.shape[1] != Y.shape[1] or not X.shape[1]:
        raise ValueError(f"queries {X.shape} and passages {Y.shape} do not fit: the rows of both must have the same length")
    if k < 1:
        raise ValueError(f"k is {k}: it must be at least 1")
    if not len(X):
        return np.zeros((0, min(k, len(Y))), np.float32), np.zeros((0, min(k, len(Y))), np.int64)
    (X, _), (propose, threads) = checked(X, "the query vector in row"), engine()
    at_once = max(32, min(QUERIES, -(-len(X) // threads), 2**22 // k))
    queries = [X[q : q + at_once] for q in range(0, len(X), at_once)]
    scores, positions = np.zeros((len(X), 0), np.float32), np.zeros((len(X), 0), np.int64)
    bar = progress(total=len(Y), desc="searching", unit="passage", leave=False, delay=2)
    with bar, ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(Y), PASSAGES):
            block = checked(Y[start : start + PASSAGES], "the passage vector in row", start)
            answer = partial(among_proposed, Y=block[0], lengths=block[1], k=min(k, len(block[0])), propose=propose)
            found = pool.map(answer, queries)
            more, rows = (np.concatenate(part) for part in zip(*found))
            scores, positions = best(np.hstack([scores, more]), np.hstack([positions, rows + start]), k)
            bar.update(len(block[0]))
    return scores, positions
