# mistake: the hits are divided by the larger of the two numbers of passages. Recall divides by those of the exact search.
# caught by: fewer passages than k
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / max(len(a), len(b)))
    return 100 * sum(shares) / len(shares)
