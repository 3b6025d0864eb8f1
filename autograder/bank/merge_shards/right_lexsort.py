def merge_shards(results, k):
    """The place decides among equal scores, as the second key of a lexical sort."""
    scores, ids = np.hstack([s for s, _ in results]), np.hstack([i for _, i in results])
    place = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    order = np.lexsort((place, -scores), axis=1)[:, :k]
    rows = np.arange(len(scores))[:, None]
    return scores[rows, order], ids[rows, order]
