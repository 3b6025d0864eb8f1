# mistake: the hits are divided by k, though there are fewer passages than k to find: even a perfect index stays below 100 %.
# caught by: fewer passages than k
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / exact.shape[1])
    return 100 * sum(shares) / len(shares)
