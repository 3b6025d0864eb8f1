# mistake: the hits are divided by all passages in either list. Recall divides by those of the exact search.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / len(a | b))
    return 100 * sum(shares) / len(shares)
