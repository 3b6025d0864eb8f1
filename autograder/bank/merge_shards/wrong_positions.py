# mistake: the places in the merged list are returned instead of the ids.
# caught by: the best of all shards
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), order
