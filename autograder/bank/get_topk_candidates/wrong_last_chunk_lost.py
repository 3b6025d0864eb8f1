# mistake: the questions are searched in chunks, and the last chunk is left out if it is not full: its questions get no candidates.
# caught by: the right passages, best first
def get_topk_candidates(X, Y, samples, passages, k):
    size = min(100, len(X))
    found = []
    for n in range(len(X) // size):
        rows = slice(n * size, (n + 1) * size)
        values, indices = (X[rows] @ Y.T).topk(min(k, len(passages)))
        found += make_candidates(samples[rows], passages, indices, values)
    return found
