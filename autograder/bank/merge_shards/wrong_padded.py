# mistake: places without a passage are filled with made-up results. There are fewer passages than k then, and the result is shorter.
# caught by: shards that hold less
def merge_shards(results, k):
    scores = np.concatenate([s for s, _ in results], axis=1)
    ids = np.concatenate([i for _, i in results], axis=1)
    missing = max(0, k - scores.shape[1])
    scores = np.pad(scores, ((0, 0), (0, missing)), constant_values=-1e9)
    ids = np.pad(ids, ((0, 0), (0, missing)), constant_values="")
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
