# mistake: the sort is not stable, so that equal scores come in any order. The earlier passage comes first among them.
# caught by: ties as in one search
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    order = np.argsort(-scores, axis=1)[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
