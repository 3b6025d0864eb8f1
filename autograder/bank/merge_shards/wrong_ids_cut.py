# mistake: ids are cut to the length of those in the first shard, by an array that was made for those. Let NumPy choose a type that fits all ids.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.empty(scores.shape, dtype=results[0][1].dtype)
    start = 0
    for _, part in results:
        ids[:, start : start + part.shape[1]] = part
        start += part.shape[1]
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
