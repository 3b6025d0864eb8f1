# mistake: the result is not longer than the first shard's. Its length is k, or the number of passages of all shards together.
# caught by: shards that hold less
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    k = min(k, results[0][0].shape[1])
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
