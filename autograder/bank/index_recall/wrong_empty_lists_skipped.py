# mistake: questions of whose passages none was found are left out of the mean. They count as 0 %.
# caught by: nothing found is -1
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        got, wanted = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        if got and wanted:
            shares.append(len(got & wanted) / len(wanted))
    return 100 * sum(shares) / len(shares) if shares else 0.0
