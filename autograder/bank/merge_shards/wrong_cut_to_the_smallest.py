# mistake: all shards are cut to the size of the smallest. An empty shard then empties the result.
# caught by: shards that hold less
def merge_shards(results, k):
    n = min(s.shape[1] for s, _ in results)
    results = [(s[:, :n], i[:, :n]) for s, i in results]
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
