def index_recall(found, exact):
    hit = (found[:, :, None] == exact[:, None, :]).any(axis=1) & (exact >= 0)
    return 100 * (hit.sum(axis=1) / (exact >= 0).sum(axis=1)).mean()
