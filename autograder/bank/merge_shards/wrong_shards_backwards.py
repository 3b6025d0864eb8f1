# mistake: the shards are taken from the last to the first, so that of equal scores the later shard's comes first.
# caught by: ties as in one search
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results[::-1]], axis=1)
    ids = np.concatenate([i for _, i in results[::-1]], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
