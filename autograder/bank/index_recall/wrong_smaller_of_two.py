# mistake: the hits are divided by the smaller of the two numbers of passages. What the index did not give still counts as missed.
# caught by: nothing found is -1
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / max(1, min(len(a), len(b))))
    return 100 * sum(shares) / len(shares)
