# mistake: -1 is left out of the number by which you divide, but a -1 in both rows still counts as a passage that was found.
# caught by: fewer passages than k
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        both = set(a.tolist()) & set(b.tolist())
        shares.append(len(both) / (b != -1).sum())
    return 100 * float(np.mean(shares))
