# mistake: row -1 is taken for the last passage, as in Python's lists. In a result of FAISS it means that there was none.
# caught by: nothing found is -1
def index_recall(found, exact):
    n = exact.max() + 1
    hit = (found[:, :, None] % n == exact[:, None, :]).any(axis=1) & (exact >= 0)
    return 100 * float((hit.sum(axis=1) / (exact >= 0).sum(axis=1)).mean())
