# mistake: questions of whose passages none was found are left out of the mean. They count as 0 %.
# caught by: nothing found is -1
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        if wanted & set(a.tolist()):
            shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 * sum(shares) / len(shares)
