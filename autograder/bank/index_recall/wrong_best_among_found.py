# mistake: only the best exact passage is looked for. Look for all of them.
# caught by: share of the exact passages
def index_recall(found, exact):
    return 100 * float((found == exact[:, :1]).any(axis=1).mean())
