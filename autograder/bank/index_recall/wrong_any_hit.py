# mistake: a question counts in full as soon as one of its passages is found. That is R@k with one gold passage; here all k passages count.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(float(bool(a & b)))
    return 100 * sum(shares) / len(shares)
