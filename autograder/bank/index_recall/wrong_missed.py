# mistake: the share that was missed is returned. Recall is the share that was found.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 - 100 * sum(shares) / len(shares)
