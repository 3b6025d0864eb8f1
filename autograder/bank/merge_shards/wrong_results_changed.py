# mistake: the results that are given are changed. They belong to the caller: work on copies.
# caught by: the best of all shards
def merge_shards(results, k):
    for s, _ in results:
        s *= -1
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(-scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
