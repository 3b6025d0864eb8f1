# mistake: k results of each shard are returned. Return k in all.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, : k * len(results)]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
