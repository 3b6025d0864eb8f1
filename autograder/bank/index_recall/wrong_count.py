# mistake: hits are counted, and not divided by how many there were to find.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b))
    return 100 * sum(shares) / len(shares)
