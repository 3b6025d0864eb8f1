# mistake: each -1 of the exact search counts as a passage that was found.
# caught by: fewer passages than k
def index_recall(found, exact):
    hit = (exact[:, :, None] == found[:, None, :]).any(axis=2)
    return 100 * float(hit.mean())
