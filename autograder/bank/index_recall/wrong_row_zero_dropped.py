# mistake: row 0 is left out together with -1. Rows are counted from 0, so row 0 is a passage like any other.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        wanted = {i for i in b.tolist() if i > 0}
        shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 * sum(shares) / len(shares)
