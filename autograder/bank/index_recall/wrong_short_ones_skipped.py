# mistake: questions for which the index found fewer than k passages are left out. Those are the ones that it served badly.
# caught by: nothing found is -1
def index_recall(found, exact):
    whole = [(a, b) for a, b in zip(found, exact) if (a >= 0).all()]
    shares = [len(set(a.tolist()) & set(b.tolist())) / len(set(b.tolist())) for a, b in whole]
    return 100 * sum(shares) / max(1, len(shares))
