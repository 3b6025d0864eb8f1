"""Exact search by inner product: every score is computed, and no more of them are kept than can still be among the best.

Each thread takes the passages span by span. A score is compared with its query's *bound*, a score that k passages are known
to reach, and few are above it: of N passages in random order about k (1 + ln(N / span)). What is above is a hit, and now and
then the hits are merged into the k best, which raises the bound.

Every hit is one whole number, the *key*: the score's bits above, the complement of the passage's position below. Of two
keys the larger is the better hit, and of equal scores the earlier passage. So the k largest keys are the k best hits,
and ties are broken the same way whatever the spans, the threads and the shards.
"""

import platform
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from threadpoolctl import ThreadpoolController

from dpr_course.runtime import progress

ROWS, FIRST = 1024, 4  # passages in a product; products in the first span of each thread, which gives the first bound
QUERIES = 1024  # in a product, at most
WAITING = 60  # hits of a query, on average, that wait to be merged
LOWEST = np.iinfo(np.int64).min
BLAS, ONE = ThreadpoolController(), Lock()  # how many threads BLAS takes is set for the whole process: one search at a time


def to_keys(scores, positions):
    """Keys (int64) of float32 scores and int64 positions below 2**32."""
    bits = (scores + np.float32(0)).view(np.int32)  # + 0 makes -0.0 equal to 0.0
    bits ^= (bits >> 31) & 0x7FFFFFFF  # floats in their order, as integers
    return (bits.astype(np.int64) << 32) | (0xFFFFFFFF - positions)


def from_keys(keys):
    """Scores (float32) and positions (int64) of keys."""
    bits = (keys >> 32).astype(np.int32)
    bits ^= (bits >> 31) & 0x7FFFFFFF
    return bits.view(np.float32), 0xFFFFFFFF - (keys & 0xFFFFFFFF)


def first_bound(S, k):
    """A bound (B,) of the scores S (n, B): the k-th largest maximum of groups of passages, -inf if there are fewer than k."""
    groups = len(S)
    while groups % 2 == 0 and groups >= 4 * k:
        groups //= 2
    if groups < k:
        return np.full(S.shape[1], -np.inf, np.float32)
    return np.partition(S.reshape(groups, -1, S.shape[1]).max(axis=1).T, -k, axis=1)[:, -k]


class Best:
    """The k best hits of B queries so far."""

    def __init__(self, B, k):
        self.keys = np.full((B, k), LOWEST)  # in any order, but the worst first
        self.bound = None  # (B,), once there are k hits of each query
        self.waiting, self.lock = [], Lock()

    def add(self, query, keys):
        """Take in hits: the query (n,) of each, and its key (n,)."""
        with self.lock:
            self.waiting.append((query, keys))
            if sum(len(keys) for _, keys in self.waiting) >= WAITING * len(self.keys):
                self.merge()

    def merge(self):
        query, new = (np.concatenate(parts) for parts in zip(*self.waiting))
        (B, k), self.waiting = self.keys.shape, []
        counts = np.bincount(query, minlength=B)
        table = np.full((B, k + counts.max()), LOWEST)  # (B, k + most new hits of a query)
        table[:, :k] = self.keys
        before = np.arange(B) * table.shape[1] + k - (counts.cumsum() - counts)  # (B,) place in the table less place in `new`
        table.reshape(-1)[np.repeat(before, counts) + np.arange(len(new))] = new[np.argsort(query, kind="stable")]
        self.keys = np.partition(table, -k, axis=1)[:, -k:]
        if self.keys[:, 0].min() > LOWEST:
            self.bound = from_keys(self.keys[:, 0])[0]


def _is_intel():
    info = Path("/proc/cpuinfo")
    return "GenuineIntel" in (info.read_text(encoding="utf-8") if info.exists() else platform.processor())


# The product of one tile of passages with the queries, in one thread. Of the two libraries here MKL, which torch brings, is the
# faster on Intel's processors by a tenth, and OpenBLAS, which NumPy brings, on AMD's by a third.
if torch.backends.mkl.is_available() and _is_intel():

    def product(P, X, out):
        torch.mm(torch.from_numpy(P), torch.from_numpy(X), out=torch.from_numpy(out))
else:
    product = np.matmul


def search(X, Y, k):
    """The k best passages of each query by inner product. Exact.

    X (Q, d): query vectors. Y (N, d): passage vectors; arrays, float32 or float16. Returns scores (Q, K) float32 and positions
    in Y (Q, K) int64, best first, K = min(k, N); of equal scores the earlier passage comes first. Beside X, Y and
    the result it needs about 30 MB a thread for k = 100, 100 MB for 1,000 and 300 MB for 10,000. Raises ValueError if the
    widths differ, if k < 1, or if a score is not a finite number.
    """
    if X.ndim != 2 or Y.ndim != 2 or X.shape[1] != Y.shape[1]:
        raise ValueError(f"queries {X.shape} and passages {Y.shape} do not fit: both must be rows of the same width")
    if k < 1:
        raise ValueError(f"k is {k}: it must be at least 1")
    at_once = max(1, min(QUERIES, QUERIES * FIRST * ROWS // k))  # the same for every shard: by the k that is asked for
    k = min(k, len(Y))
    if not len(X) or not k:
        return np.zeros((len(X), k), np.float32), np.zeros((len(X), k), np.int64)
    with ONE:
        return _search(X, Y, k, at_once)


def _search(X, Y, k, at_once):
    """`search` with k <= N, in products of `at_once` queries."""
    (N, d), threads, first = Y.shape, torch.get_num_threads(), FIRST * ROWS
    while first < k:  # a bound needs k passages
        first *= 2
    queries = [np.require(X[q : q + at_once].T, np.float32, "CW") for q in range(0, len(X), at_once)]  # each (d, B)
    best = [Best(x.shape[1], k) for x in queries]
    starts = [*range(0, min(N, threads * first), first), *range(threads * first, N, ROWS)]
    spans = iter(zip(starts, [*starts[1:], N]))  # the threads take from it in turn

    def work(bar):
        size = first * queries[0].shape[1]
        scores, above = np.empty(size, np.float32), np.empty(size, bool)
        for start, stop in spans:
            n, rows = stop - start, -(-(stop - start) // ROWS) * ROWS
            P = Y[start:stop]
            if n < rows:  # each product has the same shape, so that equal passages get equal scores wherever they stand
                P = np.concatenate([P, np.zeros((rows - n, d), P.dtype)])
            P = np.require(P, np.float32, "CW")
            for x, hits in zip(queries, best):
                B = x.shape[1]
                S, A, bound = scores[: rows * B].reshape(rows, B), above[: rows * B].reshape(rows, B), hits.bound
                for r in range(0, rows, ROWS):
                    product(P[r : r + ROWS], x, out=S[r : r + ROWS])
                S[n:] = -np.inf
                if not (np.isfinite(S[:n, 0]).all() and np.isfinite(S[0]).all()):  # a NaN or an infinity spoils all its scores
                    raise ValueError("a score is not a number: the vectors hold a NaN or an infinity, or are too large")
                np.greater_equal(S, first_bound(S, k) if bound is None else bound, out=A)
                places = np.flatnonzero(A[:n])
                row, query = np.divmod(places, B)
                hits.add(query.astype(np.uint16), to_keys(scores[places], start + row))
            bar.update(n)

    try:
        pool = ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))
        bar = progress(total=N, desc="searching", unit="passage", leave=False, delay=2)
        with bar, BLAS.limit(limits=1, user_api="blas"), pool:  # a product in a thread, in place of threads in a product
            try:
                for done in as_completed([pool.submit(work, bar) for _ in range(threads)]):
                    done.result()
            except BaseException:  # stopped by Ctrl-C, say: no thread begins another span
                list(spans)
                raise
    finally:
        torch.set_num_threads(threads)
    for hits in best:
        if hits.waiting:
            hits.merge()
    scores, positions = zip(*(from_keys(-np.sort(-hits.keys, axis=1)) for hits in best))
    return np.concatenate(scores), np.concatenate(positions)
