# mistake: found or exact is changed in place. They belong to the caller, who goes on with them: work on a copy.
# caught by: nothing found is -1
def index_recall(found, exact):
    found[found == -1] = -2
    real = exact != -1
    shares = [np.isin(b[r], a).mean() for a, b, r in zip(found, exact, real)]
    return 100 * float(np.mean(shares))
