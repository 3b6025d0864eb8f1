# mistake: the -1 that both lists hold counts as a passage that was found.
# caught by: fewer passages than k
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        shares.append(len(set(a.tolist()) & set(b.tolist())) / len(set(b.tolist())))
    return 100 * sum(shares) / len(shares)
