def merge_shards(results, k):
    (scores, ids), *others = results
    for s, i in others:
        s, i = np.concatenate([scores, s], axis=1), np.concatenate([ids, i], axis=1)
        order = (-s).argsort(axis=1, kind="mergesort")[:, :k]
        scores, ids = np.take_along_axis(s, order, 1), np.take_along_axis(i, order, 1)
    return scores[:, :k], ids[:, :k]
