# mistake: shards with fewer than k results are left out. Their passages are as good as any.
# caught by: shards that hold less
def merge_shards(results, k):
    results = [(s, i) for s, i in results if s.shape[1] >= k] or results[:1]
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
