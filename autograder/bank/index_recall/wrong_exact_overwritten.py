# mistake: found or exact is changed in place. They belong to the caller, who goes on with them: work on a copy.
# caught by: nothing found is -1
def index_recall(found, exact):
    nothing = exact == -1
    exact[nothing] = -2
    hits = np.array([np.isin(b, a).sum() for a, b in zip(found, exact)])
    return float(np.mean(100 * hits / (~nothing).sum(axis=1)))
